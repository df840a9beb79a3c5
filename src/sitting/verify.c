/* sitting/verify.c - compares what the batch records say with what is stored. */
#include "sitting/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sitting/batch.h"
#include "sitting/ledger.h"
#include "sitting/live.h"
#include "store/db.h"

enum { PAGE_ROWS = 1000 };
#define PAGE_ARENA_BYTES ((size_t)1 << 30)

static const struct {
    const char *what, *label;
} labels[] = {
    {"batch_missing", "批次缺失"}, {"batch_changed", "批次被改动"},
    {"row_missing", "条目缺失"},   {"row_added", "条目多出"},
    {"row_changed", "条目被改动"}, {"row_moved", "条目次序被改动"},
};

const char *journal_break_label(const char *what)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i].what, what) == 0)
            return labels[i].label;
    return what;
}

/* A line of a batch record, or what a stored row should be as one. */
struct said {
    int64_t batch;
    struct batch_line line;
    struct id session; /* of a row */
    int64_t place; /* of a line: how many came before it in its chain; of a row: its number */
};
struct said_list {
    struct said *at;
    size_t count, room;
};

static void add(struct arena *a, struct said_list *l, int64_t batch,
                const struct batch_line *line)
{
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : 1024;
        l->at = arena_grow(a, l->at, l->count, l->room, sizeof *l->at);
    }
    struct said *s = &l->at[l->count];
    *s = (struct said){.batch = batch, .line = *line, .place = (int64_t)l->count++};
}

static void add_row(struct arena *a, struct said_list *l, const struct said *row)
{
    add(a, l, row->batch, &row->line);
    l->at[l->count - 1] = *row;
}

static void note(struct arena *a, struct journal_report *r, const char *what,
                 const struct said *s)
{
    r->breaks = arena_grow(a, r->breaks, r->break_count, r->break_count + 1, sizeof *r->breaks);
    r->breaks[r->break_count++] = (struct journal_break){what, s->batch, s->line.subject,
                                                         s->line.epoch, s->line.seq};
}

static void note_batch(struct arena *a, struct journal_report *r, const char *what,
                       int64_t batch)
{
    struct said s = {.batch = batch};
    note(a, r, what, &s);
}

/* --- batch records ------------------------------------------------------------------------------ */
struct chain_walk {
    struct arena *arena;
    int64_t chain;
    bool (*wanted)(void *ctx, const struct batch_line *line); /* NULL: every line */
    void *ctx;
    struct journal_report *report;
    struct said_list lines;
    int64_t last;
    unsigned char before[HASH_BYTES];
};

static void take_batch(struct chain_walk *w, int64_t number, struct bytes bytes,
                       struct bytes hash)
{
    struct batch_record r;
    unsigned char is[HASH_BYTES];
    for (int64_t n = w->last + 1; n < number; n++)
        note_batch(w->arena, w->report, "batch_missing", n);
    hash_of(is, bytes.at, bytes.len);
    bool whole = batch_record_read(bytes, &r) && hash.len == HASH_BYTES && r.batch == number &&
                 r.chain == w->chain && memcmp(is, hash.at, HASH_BYTES) == 0;
    bool follows = whole && memcmp(r.before, w->before, HASH_BYTES) == 0;
    if (!whole || (!follows && number == w->last + 1))
        note_batch(w->arena, w->report, "batch_changed", number);
    for (size_t i = 0; whole && i < r.count; i++) {
        struct batch_line line = batch_line_at(&r, i);
        if (!w->wanted || w->wanted(w->ctx, &line))
            add(w->arena, &w->lines, number, &line);
    }
    if (hash.len == HASH_BYTES)
        memcpy(w->before, hash.at, HASH_BYTES);
    w->last = number;
    w->report->batches++;
}

static bool walk_chain(struct db *db, struct chain_walk *w, struct err *e)
{
    int64_t at;
    do {
        struct arena *page = arena_create(PAGE_ARENA_BYTES);
        struct query *q = db_query(db, SQL_journal_batch_scan);
        at = w->last;
        query_int(q, w->chain);
        query_int(q, w->last);
        query_int(q, PAGE_ROWS);
        while (query_next(q, e))
            take_batch(w, query_get_int(q, 0), query_get_bytes(q, 1, page),
                       query_get_bytes(q, 2, page));
        arena_destroy(page);
    } while (e->code == ERR_NONE && w->last > at);
    return e->code == ERR_NONE;
}

/* --- rows ------------------------------------------------------------------------------------------ */
struct row_walk {
    struct arena *arena;
    int64_t chain; /* 0: of all */
    struct journal_report *report;
    struct said_list rows;
    struct id session;
};

static void take_row(struct row_walk *w, struct query *q, struct arena *page)
{
    struct journal_entry entry;
    struct err e = {0};
    size_t used;
    struct said s = {.batch = query_get_int(q, 5),
                     .session = w->session,
                     .place = query_get_int(q, 0),
                     .line = {.branch = (uint8_t)query_get_int(q, 2),
                              .source = (uint8_t)query_get_int(q, 3)}};
    struct bytes bytes = query_get_bytes(q, 6, page), hash = query_get_bytes(q, 7, page);
    w->report->rows++;
    if (!journal_entry_read(bytes, &entry, &used, &e) || hash.len != HASH_BYTES) {
        note(w->arena, w->report, "row_changed", &s);
        return;
    }
    s.line.subject = entry.attempt;
    s.line.epoch = entry.epoch;
    s.line.seq = entry.seq;
    hash_of(s.line.hash, bytes.at, bytes.len);
    if (memcmp(s.line.hash, hash.at, HASH_BYTES) != 0) {
        note(w->arena, w->report, "row_changed", &s);
        memcpy(s.line.hash, hash.at, HASH_BYTES);
    }
    add_row(w->arena, &w->rows, &s);
}

static bool walk_session(struct db *db, struct row_walk *w, struct id session, struct err *e)
{
    int64_t last = w->chain ? first_row_of_chain(w->chain) - 1 : 0, at;
    w->session = session;
    do {
        struct arena *page = arena_create(PAGE_ARENA_BYTES);
        struct query *q = db_query(db, SQL_journal_entry_scan);
        at = last;
        query_id(q, session);
        query_int(q, last);
        query_int(q, PAGE_ROWS);
        while (query_next(q, e)) {
            int64_t row = query_get_int(q, 0);
            if (w->chain && chain_of_row(row) != w->chain) {
                query_done(q);
                break;
            }
            last = row;
            take_row(w, q, page);
        }
        arena_destroy(page);
    } while (e->code == ERR_NONE && last > at);
    return e->code == ERR_NONE;
}

/* A ledger row says in which batch it is only by its time; it is matched by hash alone. */
static bool walk_ledger(struct db *db, struct row_walk *w, struct id session, struct err *e)
{
    struct ledger_row *rows;
    size_t count;
    if (!ledger_of_session(db, w->arena, session, &rows, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (w->chain && chain_of_row(rows[i].no) != w->chain)
            continue;
        rows[i].no %= ROW_SPACE; /* as it was numbered where it was written */
        struct batch_line line = {
            .subject = rows[i].scope_id, .seq = (uint32_t)rows[i].no, .source = SOURCE_LEDGER};
        ledger_row_hash(line.hash, session, &rows[i]);
        add(w->arena, &w->rows, 0, &line);
        w->report->ledger_rows++;
    }
    return true;
}

static bool walk_sessions(struct db *db, struct row_walk *w, struct err *e)
{
    struct id *ids = NULL;
    size_t count = 0;
    struct query *q = db_query(db, SQL_delivery_session_all);
    while (query_next(q, e)) {
        ids = arena_grow(w->arena, ids, count, count + 1, sizeof *ids);
        ids[count++] = query_get_id(q, 0);
    }
    bool ok = e->code == ERR_NONE;
    for (size_t i = 0; ok && i < count; i++)
        ok = walk_session(db, w, ids[i], e) && walk_ledger(db, w, ids[i], e);
    return ok;
}

/* --- compare ----------------------------------------------------------------------------------------- */
static int by_content(const void *x, const void *y)
{
    const struct said *p = x, *q = y;
    int c = memcmp(p->line.hash, q->line.hash, HASH_BYTES);
    if (c == 0)
        c = memcmp(p->line.subject.bytes, q->line.subject.bytes, ID_BYTES);
    if (c == 0 && p->line.source != q->line.source)
        c = p->line.source < q->line.source ? -1 : 1;
    if (c == 0 && p->line.source != SOURCE_LEDGER)
        c = p->line.branch != q->line.branch ? (p->line.branch < q->line.branch ? -1 : 1)
            : p->batch != q->batch           ? (p->batch < q->batch ? -1 : 1)
                                             : 0;
    return c;
}

static int by_content_and_place(const void *a, const void *b)
{
    const struct said *p = a, *q = b;
    int c = by_content(p, q);
    return c != 0 ? c : p->place < q->place ? -1 : p->place > q->place;
}

/* A row that is there, and where its line stands. */
struct in_order {
    struct id session;
    int64_t line;
    const struct said *row;
};

static int by_line(const void *a, const void *b)
{
    const struct in_order *p = a, *q = b;
    int c = memcmp(p->session.bytes, q->session.bytes, ID_BYTES);
    return c != 0 ? c : p->line < q->line ? -1 : p->line > q->line;
}

/* The rows of a session are numbered as their lines were written, in each chain for itself. */
static void compare_order(struct arena *a, struct in_order *list, size_t count,
                          struct journal_report *out)
{
    if (count)
        qsort(list, count, sizeof *list, by_line);
    for (size_t i = 1; i < count; i++) {
        const struct said *before = list[i - 1].row, *row = list[i].row;
        if (id_equal(before->session, row->session) &&
            chain_of_row(before->place) == chain_of_row(row->place) &&
            row->place < before->place)
            note(a, out, "row_moved", row);
    }
}

static void compare(struct arena *a, struct said_list *lines, struct said_list *rows,
                    struct journal_report *out)
{
    if (lines->count)
        qsort(lines->at, lines->count, sizeof *lines->at, by_content_and_place);
    if (rows->count)
        qsort(rows->at, rows->count, sizeof *rows->at, by_content_and_place);
    struct in_order *both = arena_array(a, struct in_order, rows->count + 1);
    size_t i = 0, k = 0, count = 0;
    while (i < lines->count || k < rows->count) {
        int c = i == lines->count  ? 1
                : k == rows->count ? -1
                                   : by_content(&lines->at[i], &rows->at[k]);
        if (c < 0)
            note(a, out, "row_missing", &lines->at[i++]);
        else if (c > 0)
            note(a, out, "row_added", &rows->at[k++]);
        else {
            if (rows->at[k].line.source != SOURCE_LEDGER)
                both[count++] = (struct in_order){rows->at[k].session, lines->at[i].place,
                                                  &rows->at[k]};
            i++, k++;
        }
    }
    compare_order(a, both, count, out);
}

static bool chains_read(struct db *db, struct arena *a, int64_t **chains, size_t *count,
                        struct err *e)
{
    struct query *q = db_query(db, SQL_journal_chain_list);
    *chains = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *chains = arena_grow(a, *chains, *count, *count + 1, sizeof **chains);
        (*chains)[(*count)++] = query_get_int(q, 0);
    }
    return e->code == ERR_NONE;
}

bool journal_verify(struct db *db, struct arena *a, struct journal_report *out, struct err *e)
{
    int64_t *chains;
    size_t count;
    struct said_list lines = {0};
    struct row_walk rows = {.arena = a, .report = out};
    *out = (struct journal_report){0};
    if (!chains_read(db, a, &chains, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct chain_walk chain = {
            .arena = a, .report = out, .chain = chains[i], .lines = lines};
        if (!walk_chain(db, &chain, e))
            return false;
        lines = chain.lines;
    }
    if (!walk_sessions(db, &rows, e))
        return false;
    compare(a, &lines, &rows.rows, out);
    return true;
}

bool journal_verify_part(struct db *db, struct arena *a, const struct journal_part *part,
                         struct journal_report *out, struct err *e)
{
    struct chain_walk chain = {.arena = a,
                               .report = out,
                               .chain = part->chain,
                               .wanted = part->wanted,
                               .ctx = part->ctx};
    struct row_walk rows = {.arena = a, .report = out, .chain = part->chain};
    *out = (struct journal_report){0};
    if (!walk_chain(db, &chain, e) || !walk_session(db, &rows, part->session, e) ||
        !walk_ledger(db, &rows, part->session, e))
        return false;
    memcpy(out->head, chain.before, HASH_BYTES);
    compare(a, &chain.lines, &rows.rows, out);
    return true;
}
