/* sitting/flag.c - what is to be looked at in a candidate's journal: flags with their recording, the
 * two people who look, the decision of one. */
#include "sitting/recording.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/fold.h"
#include "sitting/live.h"
#include "store/audit.h"
#include "store/db.h"

enum {
    AROUND_MS = 12 * 3600000,
    REASON_MAX = 600,
    /* A snapshot is taken in the moment of the flag: the page's clock and ours may differ a little. */
    SNAPSHOT_BEFORE_MS = 2000,
    SNAPSHOT_AFTER_MS = 5000,
    CLIENT_AHEAD_MS = 2000
};

static const struct {
    const char *word, *label;
} words[] = {
#define FLAG(word, label) {#word, label},
#include "sitting/flags.def"
#undef FLAG
};

const char *flag_label(const char *what)
{
    for (size_t i = 0; what && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, what) == 0)
            return words[i].label;
    return NULL;
}

/* --- flags -------------------------------------------------------------------------------------- */
static const struct piece *piece_at(const struct piece_list *pieces, int64_t at_ms)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->at[i];
        if (strcmp(p->name.source, "snapshot") != 0 && at_ms >= p->name.started_ms &&
            at_ms < p->name.started_ms + p->name.length_ms)
            return p;
    }
    return NULL;
}

static const struct piece *snapshot_at(const struct piece_list *pieces, int64_t at_ms)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->at[i];
        if (strcmp(p->name.source, "snapshot") == 0 &&
            p->name.started_ms >= at_ms - SNAPSHOT_BEFORE_MS &&
            p->name.started_ms <= at_ms + SNAPSHOT_AFTER_MS)
            return p;
    }
    return NULL;
}

/* "at" is the server's time as the page knew it; an older page says nothing, then the PC's clock is
 * taken. Neither is believed against the time of arrival. */
static struct flag flag_of(const struct journal_row *row, const json_t *v, const char *what)
{
    const struct journal_entry *entry = &row->entry;
    int64_t at = json_member_int(v, "at", entry->client_ms);
    if (at > row->received_ms + CLIENT_AHEAD_MS || at < row->received_ms - AROUND_MS)
        at = row->received_ms;
    return (struct flag){.epoch = entry->epoch, .seq = entry->seq, .what = what, .at_ms = at};
}

/* What of a journal is looked at. Limits are read only where something was played. */
struct noticing {
    const struct flag_reader *reader;
    const struct live_attempt *attempt;
    struct play_list begun, allowed;
    bool limits_known;
};

static bool is_over(struct noticing *n, const struct play *one, bool *over, struct err *e)
{
    const struct flag_reader *r = n->reader;
    if (!n->limits_known && !plays_allowed(r->db, r->arena, r->master, n->attempt->session->id,
                                           n->attempt->paper, &n->allowed, e))
        return false;
    n->limits_known = true;
    int64_t limit = play_limit(&n->allowed, one);
    *over = play_add(r->arena, &n->begun, one) > limit && limit > 0;
    return true;
}

/* *is: the row is one to be looked at. */
static bool notice(struct noticing *n, const struct journal_row *row, bool *is, struct flag *f,
                   struct err *e)
{
    struct arena *a = n->reader->arena;
    struct play one;
    struct err unreadable = {0};
    *is = false;
    if (row->entry.kind != ENTRY_EVENT)
        return true;
    const json_t *v = json_read(a, row->entry.payload.at, row->entry.payload.len, &unreadable);
    const char *what = v ? json_member_text(v, "what") : NULL;
    if (play_read(a, &row->entry, &one)) {
        what = "plays_over";
        if (!is_over(n, &one, is, e))
            return false;
    } else {
        *is = flag_label(what) != NULL;
    }
    if (*is)
        *f = flag_of(row, v, what);
    return true;
}

static struct flag *flag_find(const struct flag_list *flags, int64_t epoch, int64_t seq)
{
    for (size_t i = 0; i < flags->count; i++)
        if (flags->at[i].epoch == epoch && flags->at[i].seq == seq)
            return &flags->at[i];
    return NULL;
}

static bool read_looks(struct db *db, const struct actor *who,
                       const struct live_attempt *attempt, const struct flag_list *flags,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_notice_look_list);
    query_id(q, attempt->session->id);
    query_id(q, attempt->id);
    while (query_next(q, e)) {
        struct flag *f = flag_find(flags, query_get_int(q, 0), query_get_int(q, 1));
        if (!f || f->looker_count == 2)
            continue;
        f->lookers[f->looker_count] = query_get_id(q, 2);
        f->mine = f->mine || id_equal(f->lookers[f->looker_count], who->account);
        f->looker_count++;
    }
    return e->code == ERR_NONE;
}

bool flag_is_shown(const struct flag *f)
{
    return f->looker_count == 2 && f->mine;
}

static bool read_decisions(struct db *db, struct arena *a, const struct live_attempt *attempt,
                           const struct flag_list *flags, struct err *e)
{
    struct query *q = db_query(db, SQL_notice_review_list);
    query_id(q, attempt->session->id);
    query_id(q, attempt->id);
    while (query_next(q, e)) {
        struct flag *f = flag_find(flags, query_get_int(q, 0), query_get_int(q, 1));
        if (!f)
            continue;
        f->verdict = query_get_text(q, 2, a);
        f->reason = query_get_text(q, 3, a);
        f->actor = query_get_id(q, 4);
        f->decided_ms = query_get_int(q, 5);
    }
    return e->code == ERR_NONE;
}

bool flag_list(const struct flag_reader *reader, struct live_attempt *attempt,
               struct flag_list *out, struct err *e)
{
    struct attempt_record r;
    struct arena *a = reader->arena;
    struct piece_list *pieces = arena_new(a, struct piece_list);
    struct noticing n = {.reader = reader, .attempt = attempt};
    live_lock(attempt);
    int64_t last_row = attempt->committed_row;
    live_unlock(attempt);
    *out = (struct flag_list){0};
    if (!attempt_record_load(reader->db, a, attempt->id, last_row, &r, e) ||
        !piece_list(reader->db, a, attempt, pieces, e))
        return false;
    for (size_t i = 0; i < r.row_count; i++) {
        struct flag f;
        bool is;
        if (!notice(&n, &r.rows[i], &is, &f, e))
            return false;
        if (!is)
            continue;
        f.piece = piece_at(pieces, f.at_ms);
        f.snapshot = snapshot_at(pieces, f.at_ms);
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        out->at[out->count++] = f;
    }
    return read_looks(reader->db, reader->who, attempt, out, e) &&
           read_decisions(reader->db, a, attempt, out, e);
}

/* --- looks -------------------------------------------------------------------------------------- */
struct looking {
    const struct flag_reader *reader;
    const struct flag_place *at;
};

static bool look(struct db *db, void *ctx, struct err *e)
{
    const struct looking *l = ctx;
    int64_t rows;
    struct query *q = db_query(db, SQL_notice_look_put);
    query_id(q, l->at->attempt->session->id);
    query_id(q, l->at->attempt->id);
    query_int(q, l->at->epoch);
    query_int(q, l->at->seq);
    query_id(q, l->reader->who->account);
    query_int(q, l->reader->who->now_ms);
    json_t *change = json_keep(l->reader->arena,
                               json_pack("{s:I, s:I}", "epoch", (json_int_t)l->at->epoch, "seq",
                                         (json_int_t)l->at->seq));
    if (!query_change(q, &rows, e))
        return false;
    return rows == 0 ||
           audit_write(db, l->reader->who,
                       &(struct audit_row){.act = ACT_flag_look,
                                           .object_type = "at",
                                           .object = l->at->attempt->id,
                                           .chain_owner = l->at->attempt->session->id,
                                           .change = change},
                       e);
}

bool flag_look(const struct flag_reader *r, const struct flag_place *at, struct err *e)
{
    struct flag_list flags;
    struct looking l = {r, at};
    if (!flag_list(r, at->attempt, &flags, e))
        return false;
    const struct flag *f = flag_find(&flags, at->epoch, at->seq);
    if (!f || (!f->piece && !f->snapshot))
        return FAIL(e, NOT_FOUND, "/seq", "没有这条提示，或没有那一刻的录像。");
    if (f->looker_count == 2 && !f->mine)
        return FAIL(e, CONFLICT, "/seq", "这段录像已由另外两人查看。");
    return db_transact(r->db, look, &l, e);
}

/* --- decisions ---------------------------------------------------------------------------------- */
struct deciding {
    const struct flag_reader *reader;
    const struct flag_decision *in;
};

static bool decide(struct db *db, void *ctx, struct err *e)
{
    const struct deciding *d = ctx;
    const struct flag_decision *in = d->in;
    struct query *q = db_query(db, SQL_notice_review_put);
    query_id(q, in->attempt->session->id);
    query_id(q, in->attempt->id);
    query_int(q, in->epoch);
    query_int(q, in->seq);
    query_text(q, in->verdict);
    query_text(q, in->reason);
    query_id(q, d->reader->who->account);
    query_int(q, d->reader->who->now_ms);
    json_t *change = json_keep(d->reader->arena,
                               json_pack("{s:I, s:I, s:s, s:s}", "epoch", (json_int_t)in->epoch,
                                         "seq", (json_int_t)in->seq, "verdict", in->verdict,
                                         "reason", in->reason));
    return query_change_one(q, "/seq", "这条提示已经有人复核过。", e) &&
           audit_write(db, d->reader->who,
                       &(struct audit_row){.act = ACT_flag_review,
                                           .object_type = "at",
                                           .object = in->attempt->id,
                                           .chain_owner = in->attempt->session->id,
                                           .change = change},
                       e);
}

bool flag_decide(const struct flag_reader *r, const struct flag_decision *in, struct err *e)
{
    struct flag_list flags;
    struct deciding d = {r, in};
    if (strcmp(in->verdict, "harmless") != 0 && strcmp(in->verdict, "violation") != 0)
        return FAIL(e, INVALID, "/verdict", "请选择“无碍”或“疑似违纪”。");
    if (strlen(in->reason) < 2 || strlen(in->reason) > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请写明理由（2 至 200 字）。");
    if (!flag_list(r, in->attempt, &flags, e))
        return false;
    if (!flag_find(&flags, in->epoch, in->seq))
        return FAIL(e, NOT_FOUND, "/seq", "没有这条提示。");
    return db_transact(r->db, decide, &d, e);
}
