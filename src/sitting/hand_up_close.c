/* sitting/hand_up_close.c - the end of a hand-up: all is there and proves itself, or what is missing
 * is named; then states and answers are the centre's and the node gets its receipt. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/batch.h"
#include "sitting/hand_up_in.h"
#include "sitting/live.h"
#include "sitting/verify.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

/* --- how far ---------------------------------------------------------------------------------------- */
static bool numbers_here(struct db *db, int64_t chain, struct id session, int64_t *last_row,
                         int64_t *rows, int64_t *batches, struct err *e)
{
    struct query *q = db_query(db, SQL_hand_up_entry_top);
    query_id(q, session);
    query_int(q, first_row_of_chain(chain) - 1);
    query_int(q, first_row_of_chain(chain + 1) - 1);
    if (!query_one(q, "journal_entry", e))
        return false;
    *last_row = query_get_int(q, 0);
    *rows = query_get_int(q, 1);
    query_done(q);
    q = db_query(db, SQL_hand_up_batch_top);
    query_int(q, chain);
    if (!query_one(q, "journal_batch", e))
        return false;
    *batches = query_get_int(q, 0);
    query_done(q);
    return true;
}

struct beginning {
    const struct node_desk *desk;
    const struct node *node;
    struct id session;
    const struct hand_up_there *there;
};

static bool put_begin(struct db *db, void *ctx, struct err *e)
{
    const struct beginning *b = ctx;
    struct query *q = db_query(db, SQL_room_hand_up_begin);
    query_id(q, b->session);
    query_id(q, b->node->id);
    query_int(q, b->desk->who->now_ms);
    query_int(q, b->there->rows);
    query_int(q, b->there->batches);
    return query_run(q, e);
}

static bool state_of(const struct node_desk *d, const struct node *n, struct id session,
                     json_t **out, struct err *e)
{
    int64_t last_row, rows, batches;
    if (!numbers_here(d->db, n->chain, session, &last_row, &rows, &batches, e))
        return false;
    struct query *q = db_query(d->db, SQL_room_hand_up_get);
    query_id(q, session);
    query_id(q, n->id);
    if (!query_one(q, "hand_up", e))
        return false;
    const char *missing = query_get_text(q, 3, d->arena),
               *receipt = query_get_text(q, 4, d->arena);
    bool done = !query_is_null(q, 5);
    query_done(q);
    struct hand_up_blobs blobs;
    if (!hand_up_blobs_of(d->db, session, n->id, &blobs, e))
        return false;
    json_t *r = receipt ? json_read(d->arena, receipt, strlen(receipt), e) : NULL;
    if (receipt && !r)
        return false;
    *out = json_keep(d->arena,
                     json_pack("{s:I, s:I, s:I, s:I, s:b}", "last_row", (json_int_t)last_row,
                               "rows", (json_int_t)rows, "batches", (json_int_t)batches,
                               "blobs", (json_int_t)blobs.last, "done", (int)done));
    json_object_set_new(*out, "missing", missing ? json_string(missing) : json_null());
    if (r)
        json_object_set(*out, "receipt", r);
    return true;
}

bool hand_up_begin(const struct node_desk *d, const struct node *n, struct id session,
                   const struct hand_up_there *there, json_t **state, struct err *e)
{
    struct beginning b = {d, n, session, there};
    struct own_attempts own;
    return own_attempts_load(d->db, d->arena, session, n->id, &own, e) &&
           (own.count > 0 || FAIL(e, NOT_FOUND, "session", "本节点不负责这个场次的考场。")) &&
           db_transact(d->db, put_begin, &b, e) && state_of(d, n, session, state, e);
}

bool hand_up_standings(struct db *db, struct arena *a, struct id session,
                       struct hand_up_standing **out, size_t *count, struct err *e)
{
    int64_t chains[256], ignored;
    struct query *q = db_query(db, SQL_room_hand_up_list);
    query_id(q, session);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == sizeof chains / sizeof *chains)
            continue;
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        chains[*count] = query_get_int(q, 5);
        (*out)[(*count)++] = (struct hand_up_standing){.node = query_get_id(q, 0),
                                                       .rows_there = query_get_int(q, 1),
                                                       .batches_there = query_get_int(q, 2),
                                                       .missing = query_get_text(q, 3, a),
                                                       .done_ms = query_get_int(q, 4),
                                                       .name = query_get_text(q, 6, a)};
    }
    for (size_t i = 0; e->code == ERR_NONE && i < *count; i++)
        if (!numbers_here(db, chains[i], session, &ignored, &(*out)[i].rows_here,
                          &(*out)[i].batches_here, e) ||
            !hand_up_blobs_of(db, session, (*out)[i].node, &(*out)[i].blobs, e))
            return false;
    return e->code == ERR_NONE;
}

/* --- closing ------------------------------------------------------------------------------------------ */
struct closing {
    const struct node_desk *desk;
    const struct node *node;
    struct journal_writer *writer;
    struct id session;
    const json_t *statement, *attempts;
    struct own_attempts own;
    json_t *receipt;
    struct bytes statement_text, receipt_text;
    char missing[256];
};

static bool is_wanted(void *ctx, const struct batch_line *line)
{
    const struct closing *c = ctx;
    return own_attempt_find(&c->own, line->subject) || own_room(&c->own, line->subject) ||
           id_equal(line->subject, c->session);
}

/* The first thing that is missing is what the desk shows. */
static bool lacks(struct closing *c, const char *sentence)
{
    if (!*c->missing)
        snprintf(c->missing, sizeof c->missing, "%s", sentence);
    return true;
}

static bool audit_rows_here(struct closing *c, int64_t *out, struct err *e)
{
    struct query *q = db_query(c->desk->db, SQL_room_audit_count);
    query_id(q, c->node->id);
    if (!query_one(q, "room_audit", e))
        return false;
    *out = query_get_int(q, 0);
    query_done(q);
    return true;
}

/* One that the node lost, or that came and is not what was said, is a finding; it holds nobody's answers up. */
static bool look_at_blobs(struct closing *c, struct err *e)
{
    struct hand_up_blobs b;
    int64_t want = json_member_int(c->statement, "blobs", 0);
    if (!hand_up_blobs_of(c->desk->db, c->session, c->node->id, &b, e))
        return false;
    if (b.announced != want)
        lacks(c, arena_printf(c->desk->arena, "文件和录像登记 %lld 个，应有 %lld 个。",
                              (long long)b.announced, (long long)want));
    if (b.awaited > 0)
        lacks(c, arena_printf(c->desk->arena, "文件和录像还差 %lld 个（%lld 字节）。",
                              (long long)b.awaited, (long long)b.awaited_bytes));
    return true;
}

static bool look_at_counts(struct closing *c, struct err *e)
{
    int64_t last_row, rows, batches, audit;
    struct arena *a = c->desk->arena;
    const json_t *s = c->statement;
    if (!numbers_here(c->desk->db, c->node->chain, c->session, &last_row, &rows, &batches, e))
        return false;
    if (rows != json_member_int(s, "rows", -1) ||
        last_row != json_member_int(s, "last_row", -1))
        lacks(c, arena_printf(a, "日志 %lld 行，应有 %lld 行。", (long long)rows,
                              (long long)json_member_int(s, "rows", -1)));
    if (batches < json_member_int(s, "batches", -1))
        lacks(c, arena_printf(a, "批次记录 %lld 个，应有 %lld 个。", (long long)batches,
                              (long long)json_member_int(s, "batches", -1)));
    if (!audit_rows_here(c, &audit, e))
        return false;
    if (audit < json_member_int(s, "audit", 0))
        lacks(c, arena_printf(a, "审计行 %lld 行，应有 %lld 行。", (long long)audit,
                              (long long)json_member_int(s, "audit", 0)));
    if (!look_at_blobs(c, e))
        return false;
    if (json_member_int(s, "attempts", -1) != (int64_t)json_array_size(c->attempts) ||
        json_array_size(c->attempts) != c->own.count)
        lacks(c, arena_printf(a, "作答 %zu 份，应有 %zu 份。", json_array_size(c->attempts),
                              c->own.count));
    return true;
}

static bool batch_hash_is(struct closing *c, int64_t batch, struct bytes want, bool *same,
                          struct err *e)
{
    bool found;
    struct query *q = db_query(c->desk->db, SQL_journal_batch_get);
    query_int(q, c->node->chain);
    query_int(q, batch);
    *same = false;
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    struct bytes is = query_get_bytes(q, 1, c->desk->arena);
    query_done(q);
    *same = bytes_equal(is, want);
    return true;
}

/* The anchors that came while it ran cannot be undone by who rewrites the chain later. */
static bool look_at_anchors(struct closing *c, struct err *e)
{
    struct {
        int64_t batch;
        struct bytes hash;
    } *anchors = NULL;
    size_t count = 0;
    struct query *q = db_query(c->desk->db, SQL_room_anchor_list);
    query_int(q, c->node->chain);
    while (query_next(q, e)) {
        anchors = arena_grow(c->desk->arena, anchors, count, count + 1, sizeof *anchors);
        anchors[count].batch = query_get_int(q, 0);
        anchors[count++].hash = query_get_bytes(q, 1, c->desk->arena);
    }
    int64_t until = json_member_int(c->statement, "batches", 0);
    for (size_t i = 0; e->code == ERR_NONE && i < count; i++) {
        bool same;
        if (anchors[i].batch > until)
            continue;
        if (!batch_hash_is(c, anchors[i].batch, anchors[i].hash, &same, e))
            return false;
        if (!same)
            lacks(c, arena_printf(c->desk->arena, "第 %lld 批与考试中送来的锚点不符。",
                                  (long long)anchors[i].batch));
    }
    return e->code == ERR_NONE;
}

static bool look_at_chain(struct closing *c, struct err *e)
{
    struct journal_report r;
    struct journal_part part = {c->node->chain, c->session, is_wanted, c};
    unsigned char head[HASH_BYTES];
    bool same;
    const char *hex = json_member_text(c->statement, "head");
    int64_t batches = json_member_int(c->statement, "batches", 0);
    if (!journal_verify_part(c->desk->db, c->desk->arena, &part, &r, e))
        return false;
    if (r.break_count > 0)
        snprintf(c->missing, sizeof c->missing, "第 %lld 批：%s（共 %zu 处）。",
                 (long long)r.breaks[0].batch, journal_break_label(r.breaks[0].what),
                 r.break_count);
    if (!hex || !hex_read(head, sizeof head, hex))
        return FAIL(e, INVALID, "/head", "回传声明读不出来。");
    if (batches == 0)
        return true;
    if (!batch_hash_is(c, batches, (struct bytes){head, sizeof head}, &same, e))
        return false;
    return same || lacks(c, arena_printf(c->desk->arena, "最后一批（第 %lld 批）与声明不符。",
                                         (long long)batches));
}

/* --- what the attempts become ---------------------------------------------------------------------------- */
static bool bad_attempt(size_t i, struct err *e)
{
    char field[32];
    snprintf(field, sizeof field, "/attempts/%zu", i);
    return FAIL(e, INVALID, field, "作答记录读不出来，或不属于本节点。");
}

static enum attempt_state state_named(const char *name)
{
    for (int s = 0; s < ATTEMPT_STATES; s++)
        if (name && strcmp(attempt_state_name((enum attempt_state)s), name) == 0)
            return (enum attempt_state)s;
    return ATTEMPT_STATES;
}

static bool attempt_is_good(const struct closing *c, const json_t *o)
{
    struct id id, paper;
    struct bytes digest;
    const char *text = json_member_text(o, "id");
    enum attempt_state state = state_named(json_member_text(o, "state"));
    int64_t epoch = json_member_int(o, "epoch", -1), row = json_member_int(o, "last_row", -1);
    return text && id_read(text, &id) && own_attempt_find(&c->own, id) &&
           state != ATTEMPT_STATES && state != ATTEMPT_OPEN &&
           !(state == ATTEMPT_ADMITTED && epoch > 0) && epoch >= 0 &&
           json_array_size(json_object_get(o, "epochs")) == (size_t)epoch && row >= 0 &&
           (row == 0 || chain_of_row(row) == c->node->chain) &&
           value_id(json_object_get(o, "paper"), &paper) &&
           value_bytes(c->desk->arena, json_object_get(o, "paper_digest"), &digest);
}

static void bind_text(struct query *q, const json_t *o, const char *name)
{
    query_text(q, json_member_text(o, name));
}

static bool put_head(struct db *db, const struct closing *c, struct id id, const json_t *o,
                     struct err *e)
{
    struct id paper;
    struct bytes digest;
    value_id(json_object_get(o, "paper"), &paper);
    value_bytes(c->desk->arena, json_object_get(o, "paper_digest"), &digest);
    struct query *q = db_query(db, SQL_hand_up_attempt_set);
    query_id(q, id);
    query_id(q, c->session);
    query_id(q, c->node->id);
    bind_text(q, o, "state");
    query_int(q, json_member_int(o, "epoch", 0));
    bind_text(q, o, "presence");
    bind_value_int(q, json_object_get(o, "admitted_ms"));
    bind_value_int(q, json_object_get(o, "opened_ms"));
    bind_value_int(q, json_object_get(o, "ended_ms"));
    bind_text(q, o, "end_reason");
    query_int(q, json_member_int(o, "last_row", 0));
    bind_text(q, o, "seal_code");
    query_id(q, paper);
    bind_value_int(q, json_object_get(o, "paper_no"));
    query_bytes(q, digest);
    bind_value_int(q, json_object_get(o, "paper_bytes"));
    return query_change_one(q, "/attempts", "作答不属于本节点。", e);
}

static bool put_epoch(struct db *db, const struct closing *c, struct id id, const json_t *row,
                      struct err *e)
{
    struct bytes pub, head;
    struct id claim;
    int64_t epoch, weak, takeover, at_ms;
    if (!value_int(json_array_get(row, 0), &epoch) ||
        !value_bytes(c->desk->arena, json_array_get(row, 1), &pub) ||
        !value_int(json_array_get(row, 2), &weak) ||
        !value_id(json_array_get(row, 3), &claim) ||
        !value_bytes(c->desk->arena, json_array_get(row, 4), &head) ||
        !value_int(json_array_get(row, 5), &takeover) ||
        !value_int(json_array_get(row, 6), &at_ms) || pub.len != DEVICE_PUBLIC_BYTES ||
        head.len != HASH_BYTES)
        return FAIL(e, INVALID, "/attempts", "设备记录读不出来。");
    struct query *q = db_query(db, SQL_hand_up_epoch_put);
    query_id(q, c->session);
    query_id(q, id);
    query_int(q, epoch);
    query_bytes(q, pub);
    query_int(q, weak);
    query_id(q, claim);
    query_bytes(q, head);
    query_int(q, takeover);
    query_int(q, at_ms);
    return query_run(q, e);
}

static bool put_decision(struct db *db, const struct closing *c, struct id id,
                         const json_t *row, struct err *e)
{
    int64_t epoch, seq, at_ms;
    struct id actor, second;
    const json_t *reason = json_array_get(row, 2);
    if (!value_int(json_array_get(row, 0), &epoch) ||
        !value_int(json_array_get(row, 1), &seq) || !json_is_string(reason) ||
        !value_id(json_array_get(row, 3), &actor) ||
        !value_id(json_array_get(row, 4), &second) ||
        !value_int(json_array_get(row, 5), &at_ms))
        return FAIL(e, INVALID, "/attempts", "采纳决定读不出来。");
    struct query *q = db_query(db, SQL_aside_decision_put);
    query_id(q, c->session);
    query_id(q, id);
    query_int(q, epoch);
    query_int(q, seq);
    query_text(q, json_string_value(reason));
    query_id(q, actor);
    query_id(q, second);
    query_int(q, at_ms);
    return query_run(q, e);
}

static bool put_receipt(struct db *db, const struct closing *c, struct id id, const json_t *row,
                        struct err *e)
{
    struct bytes head;
    if (json_is_null(row))
        return true;
    const json_t *text = json_array_get(row, 1);
    if (!value_bytes(c->desk->arena, json_array_get(row, 0), &head) || !json_is_string(text))
        return FAIL(e, INVALID, "/attempts", "作答回执读不出来。");
    struct query *q = db_query(db, SQL_attempt_receipt_put);
    query_id(q, c->session);
    query_id(q, id);
    query_bytes(q, head);
    query_text(q, json_string_value(text));
    query_int(q, c->desk->who->now_ms);
    return query_run(q, e);
}

static bool put_attempt(struct db *db, const struct closing *c, const json_t *o, struct err *e)
{
    struct id id;
    size_t i;
    const json_t *epochs = json_object_get(o, "epochs"),
                 *decisions = json_object_get(o, "decisions");
    if (!id_read(json_member_text(o, "id"), &id) || !put_head(db, c, id, o, e))
        return false;
    for (i = 0; i < json_array_size(epochs); i++)
        if (!put_epoch(db, c, id, json_array_get(epochs, i), e))
            return false;
    for (i = 0; i < json_array_size(decisions); i++)
        if (!put_decision(db, c, id, json_array_get(decisions, i), e))
            return false;
    return put_receipt(db, c, id, json_object_get(o, "receipt"), e);
}

static bool close_work(struct db *db, struct sitting_act *act, struct err *e)
{
    const struct closing *c = act->ctx;
    for (size_t i = 0; i < json_array_size(c->attempts); i++)
        if (!put_attempt(db, c, json_array_get(c->attempts, i), e))
            return false;
    struct query *q = db_query(db, SQL_room_hand_up_done);
    query_id(q, c->session);
    query_id(q, c->node->id);
    query_text(q, (const char *)c->statement_text.at);
    query_text(q, (const char *)c->receipt_text.at);
    query_int(q, c->desk->who->now_ms);
    json_t *change = json_keep(c->desk->arena,
                               json_pack("{s:s, s:O, s:I}", "node", c->node->kid, "rows",
                                         json_object_get(c->statement, "rows"), "attempts",
                                         (json_int_t)json_array_size(c->attempts)));
    struct actor who = *c->desk->who;
    who.body = c->node->body;
    return query_change_one(q, "/state", "这个场次已经收过。", e) &&
           audit_write(db, &who,
                       &(struct audit_row){.act = ACT_hand_up_receive,
                                           .object_type = "se",
                                           .object = c->session,
                                           .change = change},
                       e);
}

/* Pages of this room show what came; devices and answers are read from the disk by who needs them. */
static void close_done(struct sitting_act *act)
{
    const struct closing *c = act->ctx;
    for (size_t i = 0; i < json_array_size(c->attempts); i++) {
        const json_t *o = json_array_get(c->attempts, i);
        struct id id;
        const char *reason = json_member_text(o, "end_reason"),
                   *presence = json_member_text(o, "presence");
        if (!id_read(json_member_text(o, "id"), &id))
            continue;
        struct live_attempt *a = live_find(journal_live(act->writer), id);
        if (!a)
            continue;
        live_lock(a);
        a->head.state = state_named(json_member_text(o, "state"));
        a->state = a->head.state;
        a->opened_ms = json_member_int(o, "opened_ms", 0);
        a->ended_ms = json_member_int(o, "ended_ms", 0);
        a->last_row = json_member_int(o, "last_row", 0);
        a->committed_row = a->last_row; /* who looks at the flags reads from here */
        snprintf(a->end_reason, sizeof a->end_reason, "%s", reason ? reason : "");
        a->presence = presence && strcmp(presence, "present") == 0  ? PRESENCE_PRESENT
                      : presence && strcmp(presence, "absent") == 0 ? PRESENCE_ABSENT
                                                                    : PRESENCE_UNKNOWN;
        a->tile_changed = true;
        live_unlock(a);
    }
}

static bool make_receipt(struct closing *c, struct err *e)
{
    static const char *const copied[] = {"session", "rows",   "last_row", "batches",
                                         "head",    "ledger", "attempts", "violations",
                                         "audit",   "blobs"};
    struct sign_order order = {
        .use = KEY_USE_anchor, .type = "hand-up-receipt", .now_ms = c->desk->who->now_ms};
    struct bytes text;
    c->receipt = json_keep(c->desk->arena, json_pack("{s:s}", "node", c->node->kid));
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        json_object_set(c->receipt, copied[i], json_object_get(c->statement, copied[i]));
    if (!signer_sign_json(c->desk->signer, c->desk->db, c->desk->arena, &order, c->receipt,
                          e) ||
        !jcs_write(c->desk->arena, c->receipt, &text, e))
        return false;
    c->receipt_text.at = arena_copy(c->desk->arena, text.at, text.len);
    if (!jcs_write(c->desk->arena, c->statement, &text, e))
        return false;
    c->statement_text.at = arena_copy(c->desk->arena, text.at, text.len);
    return true;
}

static bool note_missing(struct db *db, void *ctx, struct err *e)
{
    const struct closing *c = ctx;
    struct query *q = db_query(db, SQL_room_hand_up_missing);
    query_id(q, c->session);
    query_id(q, c->node->id);
    query_text(q, c->missing);
    return query_run(q, e);
}

static bool statement_is_signed(struct closing *c, struct err *e)
{
    struct key_table keys;
    const char *kid = json_member_text(c->statement, "kid"),
               *session = json_member_text(c->statement, "session");
    if (!signer_key_table(c->desk->db, c->desk->arena, &keys, e) ||
        !signed_json_verify(c->desk->arena, &keys, KEY_USE_room, "hand-up", c->statement, e))
        return false;
    return (kid && strcmp(kid, c->node->kid) == 0 && session &&
            id_read(session, &c->session)) ||
           FAIL(e, INVALID, "/statement", "回传声明不是这个节点的。");
}

bool hand_up_close(const struct node_desk *d, struct journal_writer *w, const struct node *n,
                   const json_t *body, json_t **receipt, struct err *e)
{
    struct closing c = {.desk = d,
                        .node = n,
                        .writer = w,
                        .statement = json_object_get(body, "statement"),
                        .attempts = json_object_get(body, "attempts")};
    json_t *state;
    if (!json_is_object(c.statement) || !json_is_array(c.attempts))
        return FAIL(e, INVALID, "/statement", "回传声明读不出来。");
    if (!statement_is_signed(&c, e) || !state_of(d, n, c.session, &state, e))
        return false;
    if ((*receipt = json_object_get(state, "receipt")))
        return true;
    if (!own_attempts_load(d->db, d->arena, c.session, n->id, &c.own, e))
        return false;
    for (size_t i = 0; i < json_array_size(c.attempts); i++)
        if (!attempt_is_good(&c, json_array_get(c.attempts, i)))
            return bad_attempt(i, e);
    if (!look_at_counts(&c, e) ||
        (!*c.missing && (!look_at_chain(&c, e) || !look_at_anchors(&c, e))))
        return false;
    if (*c.missing)
        return db_transact(d->db, note_missing, &c, e) &&
               FAIL(e, CONFLICT, "/missing", "%s", c.missing);
    struct sitting_act act = {.work = close_work, .done = close_done, .ctx = &c};
    if (!make_receipt(&c, e) || !journal_act(w, &act, e))
        return false;
    *receipt = c.receipt;
    return true;
}
