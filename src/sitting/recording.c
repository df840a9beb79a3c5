/* sitting/recording.c - pieces kept, flags shown, decisions of people. */
#include "sitting/recording.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/conduct.h"
#include "sitting/fold.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

enum { PIECE_MS_MAX = 60000, AROUND_MS = 12 * 3600000, REASON_MAX = 600 };

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

/* --- pieces ------------------------------------------------------------------------------------- */
static bool digits(const char **at, int64_t *out)
{
    size_t n = 0;
    *out = 0;
    for (; **at >= '0' && **at <= '9' && n < 15; n++)
        *out = *out * 10 + (*(*at)++ - '0');
    return n > 0;
}

bool piece_name_read(const char *word, struct piece_name *out, struct err *e)
{
    const char *at = word + strcspn(word, ".");
    size_t n = (size_t)(at - word);
    bool known = (n == 6 && strncmp(word, "camera", n) == 0) ||
                 (n == 6 && strncmp(word, "screen", n) == 0);
    if (known && *at++ == '.' && digits(&at, &out->started_ms) && *at++ == '.' &&
        digits(&at, &out->length_ms) && *at == '\0' && out->length_ms > 0 &&
        out->length_ms <= PIECE_MS_MAX) {
        memcpy(out->source, word, n);
        out->source[n] = '\0';
        return true;
    }
    return FAIL(e, INVALID, "path", "录像片段的名称应为 camera.开始毫秒.长度毫秒。");
}

struct keeping {
    const struct piece_upload *in;
    const struct blob *blob;
    struct arena *arena;
};

static bool is_same(struct db *db, const struct keeping *k, bool *same, struct err *e)
{
    struct query *q = db_query(db, SQL_recording_piece_get);
    query_id(q, k->in->attempt->id);
    query_text(q, k->in->name.source);
    query_int(q, k->in->name.started_ms);
    if (!query_one(q, "path", e))
        return false;
    struct bytes digest = query_get_bytes(q, 2, k->arena);
    *same = digest.len == sizeof k->blob->digest &&
            memcmp(digest.at, k->blob->digest, digest.len) == 0;
    query_done(q);
    return true;
}

static bool keep_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct keeping *k = act->ctx;
    const struct piece_upload *in = k->in;
    int64_t rows;
    bool same;
    struct query *q = db_query(db, SQL_recording_piece_put);
    query_id(q, in->attempt->id);
    query_text(q, in->name.source);
    query_int(q, in->name.started_ms);
    query_id(q, in->attempt->session->id);
    query_int(q, in->name.length_ms);
    query_id(q, k->blob->id);
    query_bytes(q, (struct bytes){k->blob->digest, sizeof k->blob->digest});
    query_int(q, k->blob->size);
    query_int(q, in->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 1)
        return blob_put_row(db, k->blob, in->now_ms, e);
    return is_same(db, k, &same, e) &&
           (same || FAIL(e, CONFLICT, "path", "这一时刻已经收过另一段录像。"));
}

bool piece_keep(struct journal_writer *w, const struct blob_place *place, struct arena *a,
                const struct piece_upload *in, struct err *e)
{
    struct blob blob;
    const struct live_session *s = in->attempt->session;
    int64_t from = s->starts_ms - AROUND_MS;
    int64_t to = s->starts_ms + s->minutes * 60000 + AROUND_MS;
    if (in->name.started_ms < from || in->name.started_ms > to)
        return FAIL(e, RULE, "path", "录像的时间不在本场考试前后。");
    if (in->content.len == 0 || in->content.len > PIECE_BYTES_MAX)
        return FAIL(e, INVALID, "body", "录像片段应为 1 字节至 4 MiB。");
    if (!blob_write(place, a, "recording", in->media_type, in->content, &blob, e))
        return false;
    struct keeping k = {.in = in, .blob = &blob, .arena = a};
    struct sitting_act act = {.work = keep_work, .ctx = &k};
    return journal_act(w, &act, e);
}

bool piece_list(struct db *db, struct arena *a, struct id attempt, struct piece_list *out,
                struct err *e)
{
    struct query *q = db_query(db, SQL_recording_piece_list);
    *out = (struct piece_list){0};
    query_id(q, attempt);
    while (query_next(q, e)) {
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        struct piece *p = &out->at[out->count++];
        *p = (struct piece){
            .name = {.started_ms = query_get_int(q, 1), .length_ms = query_get_int(q, 2)},
            .blob = query_get_id(q, 3),
            .size = query_get_int(q, 5),
            .received_ms = query_get_int(q, 6)};
        snprintf(p->name.source, sizeof p->name.source, "%s", query_get_text(q, 0, a));
        struct bytes digest = query_get_bytes(q, 4, a);
        if (digest.len == sizeof p->digest)
            memcpy(p->digest, digest.at, digest.len);
    }
    return e->code == ERR_NONE;
}

/* --- flags -------------------------------------------------------------------------------------- */
static const struct piece *piece_at(const struct piece_list *pieces, int64_t at_ms)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->at[i];
        if (at_ms >= p->name.started_ms && at_ms < p->name.started_ms + p->name.length_ms)
            return p;
    }
    return NULL;
}

static const char *word_of(struct arena *a, const struct journal_entry *entry)
{
    struct err e = {0};
    if (entry->kind != ENTRY_EVENT)
        return NULL;
    const json_t *v = json_read(a, entry->payload.at, entry->payload.len, &e);
    const char *what = v ? json_member_text(v, "what") : NULL;
    return flag_label(what) ? what : NULL;
}

static bool read_decisions(struct db *db, struct arena *a, struct id attempt,
                           struct flag_list *flags, struct err *e)
{
    struct query *q = db_query(db, SQL_notice_review_list);
    query_id(q, attempt);
    while (query_next(q, e))
        for (size_t i = 0; i < flags->count; i++) {
            struct flag *f = &flags->at[i];
            if (f->epoch != query_get_int(q, 0) || f->seq != query_get_int(q, 1))
                continue;
            f->verdict = query_get_text(q, 2, a);
            f->reason = query_get_text(q, 3, a);
            f->actor = query_get_id(q, 4);
            f->decided_ms = query_get_int(q, 5);
        }
    return e->code == ERR_NONE;
}

bool flag_list(struct db *db, struct arena *a, struct live_attempt *attempt,
               struct flag_list *out, struct err *e)
{
    struct attempt_record r;
    struct piece_list *pieces = arena_new(a, struct piece_list);
    live_lock(attempt);
    int64_t last_row = attempt->committed_row;
    live_unlock(attempt);
    *out = (struct flag_list){0};
    if (!attempt_record_load(db, a, attempt->id, last_row, &r, e) ||
        !piece_list(db, a, attempt->id, pieces, e))
        return false;
    for (size_t i = 0; i < r.row_count; i++) {
        const struct journal_row *row = &r.rows[i];
        const char *what = word_of(a, &row->entry);
        if (!what)
            continue;
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        struct flag *f = &out->at[out->count++];
        int64_t at = (int64_t)row->entry.client_ms;
        if (at > row->received_ms || at < row->received_ms - AROUND_MS)
            at = row->received_ms; /* the PC's clock is not believed against ours */
        *f = (struct flag){.epoch = row->entry.epoch,
                           .seq = row->entry.seq,
                           .what = what,
                           .at_ms = at,
                           .piece = piece_at(pieces, at)};
    }
    return read_decisions(db, a, attempt->id, out, e);
}

/* --- decisions ---------------------------------------------------------------------------------- */
struct deciding {
    const struct actor *who;
    const struct flag_decision *in;
    struct arena *arena;
};

static bool decide(struct db *db, void *ctx, struct err *e)
{
    const struct deciding *d = ctx;
    const struct flag_decision *in = d->in;
    struct query *q = db_query(db, SQL_notice_review_put);
    query_id(q, in->attempt->id);
    query_int(q, in->epoch);
    query_int(q, in->seq);
    query_text(q, in->verdict);
    query_text(q, in->reason);
    query_id(q, d->who->account);
    query_int(q, d->who->now_ms);
    json_t *change = json_keep(
        d->arena, json_pack("{s:I, s:I, s:s, s:s}", "epoch", (json_int_t)in->epoch, "seq",
                            (json_int_t)in->seq, "verdict", in->verdict, "reason", in->reason));
    return query_change_one(q, "/seq", "这条提示已经有人复核过。", e) &&
           audit_write(db, d->who,
                       &(struct audit_row){.act = ACT_flag_review,
                                           .object_type = "at",
                                           .object = in->attempt->id,
                                           .chain_owner = in->attempt->session->id,
                                           .change = change},
                       e);
}

bool flag_decide(struct db *db, struct arena *a, const struct actor *who,
                 const struct flag_decision *in, struct err *e)
{
    struct flag_list flags;
    struct deciding d = {who, in, a};
    bool found = false;
    if (strcmp(in->verdict, "harmless") != 0 && strcmp(in->verdict, "violation") != 0)
        return FAIL(e, INVALID, "/verdict", "请选择“无碍”或“疑似违纪”。");
    if (strlen(in->reason) < 2 || strlen(in->reason) > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请写明理由（2 至 200 字）。");
    if (!flag_list(db, a, in->attempt, &flags, e))
        return false;
    for (size_t i = 0; i < flags.count; i++)
        found = found || (flags.at[i].epoch == in->epoch && flags.at[i].seq == in->seq);
    if (!found)
        return FAIL(e, NOT_FOUND, "/seq", "没有这条提示。");
    return db_transact(db, decide, &d, e);
}
