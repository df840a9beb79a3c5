/* sitting/hand_up_out.c - a session's journal, ledger, attempts, violations and audit rows, in parts. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "sitting/batch.h"
#include "sitting/carry.h"
#include "sitting/hand_up.h"
#include "sitting/ledger.h"
#include "store/audit_row.h"
#include "store/db.h"

enum { PART_BYTES = 2 << 20 };

/* Where a chain of audit rows stands. */
struct audit_place {
    int64_t chain, seq;
    struct id owner;
    unsigned char hash[HASH_BYTES];
};

/* --- values ---------------------------------------------------------------------------------------- */
static json_t *id_json(struct id id)
{
    char text[ID_TEXT_BYTES];
    if (id_is_zero(id))
        return json_null();
    id_write(id, text);
    return json_string(text);
}

static json_t *bytes_json(struct arena *a, struct bytes b)
{
    return b.at ? json_string(base64url_write(a, b.at, b.len)) : json_null();
}

static json_t *text_json(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *column_int(struct query *q, int column)
{
    return query_is_null(q, column) ? json_null() : json_integer(query_get_int(q, column));
}

static json_t *column_id(struct query *q, int column)
{
    return id_json(query_get_id(q, column));
}

static json_t *column_text(struct query *q, struct arena *a, int column)
{
    return text_json(query_get_text(q, column, a));
}

static json_t *column_bytes(struct query *q, struct arena *a, int column)
{
    return query_is_null(q, column) ? json_null()
                                    : bytes_json(a, query_get_bytes(q, column, a));
}

/* --- journal and batches ------------------------------------------------------------------------------ */
/* A row: its numbers, then its bytes; the first number is where to go on. A part ends before it grows too
 * large for a request, but holds one row at least. */
static bool read_stored(struct db *db, struct arena *a, const struct hand_up_part *p,
                        json_t *rows, int64_t *last, struct err *e)
{
    bool journal = strcmp(p->kind, "journal") == 0;
    int numbers = journal ? 7 : 1;
    size_t bytes = 0;
    struct query *q = db_query(db, journal ? SQL_node_entry_scan : SQL_journal_batch_scan);
    if (journal)
        query_id(q, p->session);
    else
        query_int(q, p->chain);
    query_int(q, p->after);
    query_int(q, HAND_UP_PART_ROWS);
    while (query_next(q, e)) {
        struct bytes b = query_get_bytes(q, numbers, a);
        bytes += b.len;
        if (bytes > PART_BYTES && json_array_size(rows) > 0) {
            query_done(q);
            break;
        }
        json_t *row = json_array();
        for (int column = 0; column < numbers; column++)
            json_array_append_new(row, json_integer(query_get_int(q, column)));
        json_array_append_new(row, bytes_json(a, b));
        json_array_append_new(rows, row);
        *last = query_get_int(q, 0);
    }
    return e->code == ERR_NONE;
}

/* --- ledger and violations ------------------------------------------------------------------------------ */
static bool read_ledger(struct db *db, struct arena *a, const struct hand_up_part *p,
                        json_t *rows, int64_t *last, struct err *e)
{
    struct ledger_row *list;
    size_t count;
    if (!ledger_of_session(db, a, p->session, &list, &count, e))
        return false;
    for (size_t i = 0; i < count && json_array_size(rows) < HAND_UP_PART_ROWS; i++) {
        const struct ledger_row *r = &list[i];
        if (r->no <= p->after)
            continue;
        json_array_append_new(rows, ledger_row_json(r));
        *last = r->no;
    }
    return true;
}

static bool read_violations(struct db *db, struct arena *a, const struct hand_up_part *p,
                            json_t *rows, int64_t *last, struct err *e)
{
    static const char columns[] = "###t1t1##1tttt##1"; /* # id, t text, 1 number */
    int64_t place = 0;
    struct query *q = db_query(db, SQL_node_violation_list);
    query_id(q, p->session);
    while (query_next(q, e)) {
        if (++place <= p->after || json_array_size(rows) == HAND_UP_PART_ROWS)
            continue;
        json_t *row = json_array();
        for (int c = 0; c < 17; c++)
            json_array_append_new(row, columns[c] == '#'   ? column_id(q, c)
                                       : columns[c] == 't' ? column_text(q, a, c)
                                                           : column_int(q, c));
        json_array_append_new(rows, row);
        *last = place;
    }
    return e->code == ERR_NONE;
}

/* --- attempts --------------------------------------------------------------------------------------------- */
struct attempt_ids {
    struct id *at;
    size_t count;
};

static json_t *attempt_head_json(struct query *q, struct arena *a)
{
    json_t *o = json_object();
    json_object_set_new(o, "id", column_id(q, 0));
    json_object_set_new(o, "state", column_text(q, a, 1));
    json_object_set_new(o, "epoch", column_int(q, 2));
    json_object_set_new(o, "presence", column_text(q, a, 3));
    json_object_set_new(o, "admitted_ms", column_int(q, 4));
    json_object_set_new(o, "opened_ms", column_int(q, 5));
    json_object_set_new(o, "ended_ms", column_int(q, 6));
    json_object_set_new(o, "end_reason", column_text(q, a, 7));
    json_object_set_new(o, "last_row", column_int(q, 8));
    json_object_set_new(o, "seal_code", column_text(q, a, 9));
    json_object_set_new(o, "paper", column_id(q, 10));
    json_object_set_new(o, "paper_no", column_int(q, 11));
    json_object_set_new(o, "paper_digest", column_bytes(q, a, 12));
    json_object_set_new(o, "paper_bytes", column_int(q, 13));
    return o;
}

static bool put_epochs(struct db *db, struct arena *a, struct id session, struct id attempt,
                       json_t *o, struct err *e)
{
    json_t *list = json_array();
    json_object_set_new(o, "epochs", list);
    struct query *q = db_query(db, SQL_node_epoch_list);
    query_id(q, session);
    query_id(q, attempt);
    while (query_next(q, e))
        json_array_append_new(list, json_pack("[o, o, o, o, o, o, o]", column_int(q, 0),
                                              column_bytes(q, a, 1), column_int(q, 2),
                                              column_id(q, 3), column_bytes(q, a, 4),
                                              column_int(q, 5), column_int(q, 6)));
    return e->code == ERR_NONE;
}

static bool put_decisions(struct db *db, struct arena *a, struct id session, struct id attempt,
                          json_t *o, struct err *e)
{
    json_t *list = json_array();
    json_object_set_new(o, "decisions", list);
    struct query *q = db_query(db, SQL_node_decision_list);
    query_id(q, session);
    query_id(q, attempt);
    while (query_next(q, e))
        json_array_append_new(list,
                              json_pack("[o, o, o, o, o, o]", column_int(q, 0),
                                        column_int(q, 1), column_text(q, a, 2), column_id(q, 3),
                                        column_id(q, 4), column_int(q, 5)));
    return e->code == ERR_NONE;
}

static bool put_receipt(struct db *db, struct arena *a, struct id session, struct id attempt,
                        json_t *o, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_attempt_receipt_get);
    query_id(q, session);
    query_id(q, attempt);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return json_object_set_new(o, "receipt", json_null()) == 0;
    json_object_set_new(o, "receipt",
                        json_pack("[o, o]", column_bytes(q, a, 0), column_text(q, a, 1)));
    query_done(q);
    return true;
}

static bool read_attempts(struct db *db, struct arena *a, const struct hand_up_part *p,
                          json_t *rows, int64_t *last, struct err *e)
{
    int64_t place = 0;
    struct query *q = db_query(db, SQL_node_attempt_list);
    query_id(q, p->session);
    while (query_next(q, e)) {
        if (++place <= p->after || json_array_size(rows) == HAND_UP_PART_ROWS)
            continue;
        json_array_append_new(rows, attempt_head_json(q, a));
        *last = place;
    }
    for (size_t i = 0; e->code == ERR_NONE && i < json_array_size(rows); i++) {
        json_t *o = json_array_get(rows, i);
        struct id id;
        if (!id_read(json_member_text(o, "id"), &id) ||
            !put_epochs(db, a, p->session, id, o, e) ||
            !put_decisions(db, a, p->session, id, o, e) ||
            !put_receipt(db, a, p->session, id, o, e))
            return false;
    }
    return e->code == ERR_NONE;
}

/* --- audit ------------------------------------------------------------------------------------------------- */
static json_t *audit_json(struct query *q, struct arena *a, int64_t chain, struct id owner)
{
    struct audit_copy c = {.owner = owner,
                           .row = {.chain = chain,
                                   .seq = query_get_int(q, 0),
                                   .at_ms = query_get_int(q, 1),
                                   .actor = query_get_id(q, 2),
                                   .second = query_get_id(q, 3),
                                   .role = query_get_int(q, 4),
                                   .act = query_get_int(q, 5),
                                   .object_type = query_get_text(q, 6, a),
                                   .object = query_get_id(q, 7),
                                   .request = query_get_id(q, 8)}};
    struct bytes address = query_get_bytes(q, 9, a), hash = query_get_bytes(q, 11, a);
    const char *change = query_get_text(q, 10, a);
    if (address.len == ADDRESS_HASH_BYTES)
        memcpy(c.row.address, address.at, ADDRESS_HASH_BYTES);
    if (hash.len == HASH_BYTES)
        memcpy(c.row.hash, hash.at, HASH_BYTES);
    c.row.change.at = (const unsigned char *)(change ? change : "");
    if (!c.row.object_type)
        c.row.object_type = "";
    return audit_copy_json(a, &c);
}

static void take_place(struct query *q, struct arena *a, struct audit_place *at)
{
    struct bytes hash = query_get_bytes(q, 11, a);
    at->seq = query_get_int(q, 0);
    if (hash.len == HASH_BYTES)
        memcpy(at->hash, hash.at, HASH_BYTES);
}

/* Rows of a chain behind AT, until there are LIMIT in all; AT is the last of them then. *all: none was left. */
static bool read_chain(struct db *db, struct arena *a, struct audit_place *at, size_t limit,
                       json_t *rows, bool *all, struct err *e)
{
    int64_t before;
    *all = true;
    do {
        before = at->seq;
        struct query *q = db_query(db, SQL_audit_row_list);
        query_int(q, at->chain);
        query_int(q, at->seq);
        query_int(q, HAND_UP_PART_ROWS);
        while (query_next(q, e)) {
            *all = json_array_size(rows) < limit;
            if (!*all)
                continue;
            take_place(q, a, at);
            json_array_append_new(rows, audit_json(q, a, at->chain, at->owner));
        }
    } while (e->code == ERR_NONE && at->seq > before && *all);
    return e->code == ERR_NONE;
}

static bool chains_of(struct db *db, struct arena *a, struct audit_place **out, size_t *count,
                      struct err *e)
{
    struct query *q = db_query(db, SQL_audit_chain_list);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        struct audit_place *p = &(*out)[(*count)++];
        *p = (struct audit_place){.chain = query_get_int(q, 0),
                                  .seq = query_get_int(q, 1),
                                  .owner = query_get_id(q, 3)};
        struct bytes head = query_get_bytes(q, 2, a);
        if (head.len == HASH_BYTES)
            memcpy(p->hash, head.at, HASH_BYTES);
    }
    return e->code == ERR_NONE;
}

/* All chains of the node, in order: a few rows for each act of a person, so they fit in memory. */
static bool audit_rows(struct db *db, struct arena *a, json_t *rows, struct err *e)
{
    struct audit_place *chains;
    size_t count;
    if (!chains_of(db, a, &chains, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool all;
        chains[i].seq = 0;
        if (!read_chain(db, a, &chains[i], SIZE_MAX, rows, &all, e))
            return false;
    }
    return true;
}

static bool read_audit(struct db *db, struct arena *a, const struct hand_up_part *p,
                       json_t *rows, int64_t *last, struct err *e)
{
    json_t *all = json_keep(a, json_array());
    if (!audit_rows(db, a, all, e))
        return false;
    for (size_t i = (size_t)p->after;
         i < json_array_size(all) && json_array_size(rows) < HAND_UP_PART_ROWS; i++) {
        json_array_append(rows, json_array_get(all, i));
        *last = (int64_t)i + 1;
    }
    return true;
}

/* What the centre has of a chain. */
static int64_t top_of(const json_t *tops, const struct audit_place *p, bool *same)
{
    size_t i;
    json_t *one;
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, p->hash, HASH_BYTES);
    json_array_foreach(tops, i, one)
    {
        const char *hash = json_member_text(one, "hash");
        if (json_member_int(one, "chain", 0) != p->chain)
            continue;
        int64_t seq = json_member_int(one, "seq", 0);
        *same = seq == p->seq && hash && strcmp(hash, hex) == 0;
        return seq;
    }
    *same = false;
    return 0;
}

static json_t *place_json(const struct audit_place *p)
{
    char hex[2 * HASH_BYTES + 1];
    hex_write(hex, p->hash, HASH_BYTES);
    return json_pack("{s:I, s:I, s:s}", "chain", (json_int_t)p->chain, "seq",
                     (json_int_t)p->seq, "hash", hex);
}

static bool hash_at(struct db *db, struct arena *a, struct audit_place *at, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_audit_row_hash);
    query_int(q, at->chain);
    query_int(q, at->seq);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    struct bytes hash = query_get_bytes(q, 0, a);
    if (hash.len == HASH_BYTES)
        memcpy(at->hash, hash.at, HASH_BYTES);
    query_done(q);
    return true;
}

/* A head names no row that the centre has not by then: where rows are left for the next time, the last that
 * goes now. */
static bool add_chain(struct db *db, struct arena *a, const struct audit_place *chain,
                      int64_t top, json_t *rows, json_t *heads, struct err *e)
{
    struct audit_place at = *chain;
    bool all;
    at.seq = top;
    if (!read_chain(db, a, &at, HAND_UP_PART_ROWS, rows, &all, e) ||
        (!all && at.seq == top && !hash_at(db, a, &at, e)))
        return false;
    json_array_append_new(heads, place_json(all ? chain : &at));
    return true;
}

bool hand_up_audit(struct db *db, struct arena *a, const json_t *tops, json_t **rows,
                   json_t **heads, struct err *e)
{
    struct audit_place *chains;
    size_t count;
    bool moved = false;
    *rows = json_keep(a, json_array());
    *heads = json_keep(a, json_array());
    if (!chains_of(db, a, &chains, &count, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool same;
        int64_t top = top_of(tops, &chains[i], &same);
        moved = moved || !same;
        if (!add_chain(db, a, &chains[i], top, *rows, *heads, e))
            return false;
    }
    if (!moved)
        json_array_clear(*heads);
    return true;
}

/* --- what waits (carry.h) ------------------------------------------------------------------------------------ */
static bool read_carried(struct db *db, struct arena *a, const struct hand_up_part *p,
                         json_t *rows, int64_t *last, struct err *e)
{
    struct query *q = db_query(db, SQL_carried_list);
    query_id(q, p->session);
    query_int(q, p->after);
    query_int(q, HAND_UP_PART_ROWS);
    while (query_next(q, e)) {
        static const char columns[] = "1##t1bb111t1t"; /* 1 number, # id, t text, b bytes */
        json_t *row = json_array();
        for (int c = 0; columns[c]; c++)
            json_array_append_new(row, columns[c] == '#'   ? column_id(q, c)
                                       : columns[c] == 't' ? column_text(q, a, c)
                                       : columns[c] == 'b' ? column_bytes(q, a, c)
                                                           : column_int(q, c));
        json_array_append_new(rows, row);
        *last = query_get_int(q, 0);
    }
    return e->code == ERR_NONE;
}

static const struct {
    const char *kind;
    bool (*read)(struct db *db, struct arena *a, const struct hand_up_part *p, json_t *rows,
                 int64_t *last, struct err *e);
} kinds[] = {
    {"journal", read_stored},   {"batch", read_stored},         {"ledger", read_ledger},
    {"attempt", read_attempts}, {"violation", read_violations}, {"audit", read_audit},
    {"blob", read_carried},
};

bool hand_up_read(struct db *db, struct arena *a, const struct hand_up_part *p, json_t **rows,
                  int64_t *last, struct err *e)
{
    *rows = json_keep(a, json_array());
    *last = p->after;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, p->kind) == 0)
            return kinds[i].read(db, a, p, *rows, last, e);
    return FAIL(e, INTERNAL, "kind", "没有 %s 这一类。", p->kind);
}

/* --- totals ------------------------------------------------------------------------------------------------ */
static bool count_of(struct db *db, struct arena *a, const char *kind, struct id session,
                     int64_t *out, struct err *e)
{
    struct hand_up_part p = {.kind = kind, .session = session};
    json_t *rows;
    int64_t last = 0;
    do {
        p.after = last;
        if (!hand_up_read(db, a, &p, &rows, &last, e))
            return false;
    } while (last > p.after);
    *out = last;
    return true;
}

bool hand_up_totals(struct db *db, struct arena *a, struct id session,
                    struct hand_up_totals *out, struct err *e)
{
    struct batch_head head;
    *out = (struct hand_up_totals){0};
    struct query *q = db_query(db, SQL_node_self_get);
    if (!query_one(q, "node", e))
        return false;
    int64_t chain = query_get_int(q, 3);
    query_done(q);
    q = db_query(db, SQL_node_entry_count);
    query_id(q, session);
    if (!query_one(q, "journal", e))
        return false;
    out->last_row = query_get_int(q, 0);
    out->rows = query_get_int(q, 1);
    query_done(q);
    if (!batch_head_load(db, chain, &head, e))
        return false;
    out->batches = head.batch;
    memcpy(out->head, head.hash, HASH_BYTES);
    return count_of(db, a, "ledger", session, &out->ledger, e) &&
           count_of(db, a, "attempt", session, &out->attempts, e) &&
           count_of(db, a, "violation", session, &out->violations, e) &&
           count_of(db, a, "audit", session, &out->audit, e) &&
           carried_count(db, session, &out->blobs, e);
}

bool hand_up_waits_for(struct db *db, struct id session, int64_t *writing, int64_t *outstanding,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_node_open_attempts);
    query_id(q, session);
    if (!query_one(q, "attempt", e))
        return false;
    *writing = query_get_int(q, 0);
    *outstanding = query_get_int(q, 1);
    query_done(q);
    return true;
}

bool hand_up_quiet_since(struct db *db, struct id session, int64_t *ms, struct err *e)
{
    struct query *q = db_query(db, SQL_node_quiet_since);
    query_id(q, session);
    if (!query_one(q, "attempt", e))
        return false;
    int64_t ended = query_get_int(q, 1), came = query_get_int(q, 2);
    *ms = query_get_int(q, 0) == 0 ? 0 : ended > came ? ended : came;
    query_done(q);
    return true;
}

json_t *hand_up_statement(struct arena *a, struct id session, const struct hand_up_totals *t)
{
    char head[2 * HASH_BYTES + 1];
    hex_write(head, t->head, HASH_BYTES);
    return json_keep(a,
                     json_pack("{s:o, s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:I}", "session",
                               id_json(session), "rows", (json_int_t)t->rows, "last_row",
                               (json_int_t)t->last_row, "batches", (json_int_t)t->batches,
                               "head", head, "ledger", (json_int_t)t->ledger, "attempts",
                               (json_int_t)t->attempts, "violations", (json_int_t)t->violations,
                               "audit", (json_int_t)t->audit, "blobs", (json_int_t)t->blobs));
}

/* Audit rows and batches go on (this very hand-up leaves some): the receipt may be for fewer. */
bool hand_up_receipt_fits(const json_t *receipt, struct id session,
                          const struct hand_up_totals *t)
{
    struct id said;
    const char *text = json_member_text(receipt, "session");
    return text && id_read(text, &said) && id_equal(said, session) &&
           json_member_int(receipt, "rows", -1) == t->rows &&
           json_member_int(receipt, "last_row", -1) == t->last_row &&
           json_member_int(receipt, "ledger", -1) == t->ledger &&
           json_member_int(receipt, "attempts", -1) == t->attempts &&
           json_member_int(receipt, "violations", -1) == t->violations &&
           json_member_int(receipt, "blobs", 0) == t->blobs &&
           json_member_int(receipt, "batches", -1) <= t->batches;
}
