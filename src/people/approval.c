/* people/approval.c - proposing, confirming and refusing what one person may not do alone. */
#include "people/approval.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "people/people.h"
#include "people/totp.h"
#include "store/db.h"

enum { REASON_MIN = 2, REASON_MAX = 200 };

const struct approval_kind *approval_kind_find(const struct approval_kinds *kinds, enum act act)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (kinds->rows[i].act == act)
            return &kinds->rows[i];
    return NULL;
}

/* A row as read, with the hash that was stored beside the payload. */
static bool read(struct query *q, struct arena *a, struct approval *out, struct err *e)
{
    unsigned char hash[HASH_BYTES];
    *out = (struct approval){.id = query_get_id(q, 0),
                             .body = query_get_id(q, 1),
                             .act = (enum act)query_get_int(q, 2),
                             .object = query_get_id(q, 3),
                             .payload = query_get_bytes(q, 4, a),
                             .summary = query_get_text(q, 6, a),
                             .proposer = query_get_id(q, 7),
                             .proposer_sign_in = query_get_id(q, 8),
                             .proposer_role = (int16_t)query_get_int(q, 9),
                             .proposer_name = query_get_text(q, 10, a),
                             .at_ms = query_get_int(q, 11),
                             .expires_ms = query_get_int(q, 12),
                             .confirmed_by = query_get_id(q, 13),
                             .confirmed_by_name = query_get_text(q, 14, a),
                             .refused_by = query_get_id(q, 15),
                             .refuse_reason = query_get_text(q, 16, a),
                             .decided_ms = query_get_int(q, 17)};
    struct bytes digest = query_get_bytes(q, 5, a);
    hash_of(hash, out->payload.at, out->payload.len);
    return (digest.len == HASH_BYTES && memcmp(hash, digest.at, HASH_BYTES) == 0) ||
           FAIL(e, CONFLICT, "approval", "提请的内容与登记的摘要不符，已被改动。");
}

bool approval_get(const struct people *p, struct id id, struct approval *out, struct err *e)
{
    struct query *q = db_query(p->db, SQL_approval_get);
    query_id(q, id);
    query_id(q, p->who->body);
    if (!query_one(q, "approval", e))
        return false;
    bool whole = read(q, p->arena, out, e);
    query_done(q);
    return whole;
}

bool approval_list(const struct people *p, const struct approval_filter *f,
                   struct approval **out, size_t *count, struct err *e)
{
    struct query *q = db_query(p->db, SQL_approval_list);
    query_id(q, p->who->body);
    query_int(q, f->open_only);
    query_int(q, p->who->now_ms);
    query_int(q, f->limit);
    query_int(q, f->offset);
    *out = NULL;
    for (*count = 0; query_next(q, e); (*count)++) {
        *out = arena_grow(p->arena, *out, *count, *count + 1, sizeof **out);
        if (!read(q, p->arena, &(*out)[*count], e)) {
            query_done(q);
            return false;
        }
    }
    return e->code == ERR_NONE;
}

static bool is_open_already(const struct people *p, const struct approval_proposal *what,
                            bool *is, struct err *e)
{
    struct query *q = db_query(p->db, SQL_approval_open_for);
    query_id(q, p->who->body);
    query_int(q, what->kind->act);
    query_id(q, what->object);
    query_int(q, p->who->now_ms);
    if (!query_maybe(q, is, e))
        return false;
    if (*is)
        query_done(q);
    return true;
}

static json_t *act_json(struct arena *a, enum act act, struct id object, const char *reason)
{
    char text[ID_TEXT_BYTES];
    id_write(object, text);
    return json_keep(
        a, json_pack("{s:s,s:s,s:s*}", "act", act_name(act), "object", text, "reason", reason));
}

static bool insert(const struct people *p, const struct viewer *v,
                   const struct approval_proposal *what, const struct approval_put *put,
                   struct err *e)
{
    unsigned char digest[HASH_BYTES];
    const struct bytes payload = {
        what->payload.at ? what->payload.at : (const unsigned char *)"", what->payload.len};
    hash_of(digest, payload.at, payload.len);
    struct query *q = db_query(p->db, SQL_approval_put);
    query_id(q, put->id);
    query_id(q, p->who->body);
    query_int(q, what->kind->act);
    query_id(q, what->object);
    query_bytes(q, payload);
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_text(q, what->summary);
    query_id(q, v->account);
    query_id(q, v->sign_in);
    query_int(q, viewer_role_for(v, what->kind->may_propose));
    query_int(q, p->who->now_ms);
    query_int(q, put->expires_ms);
    return query_run(q, e);
}

bool approval_propose_in(const struct people *p, const struct viewer *v,
                         const struct approval_proposal *what, struct approval_put *out,
                         struct err *e)
{
    bool open;
    if (!viewer_may(v, what->kind->may_propose, e) || !is_open_already(p, what, &open, e))
        return false;
    if (open)
        return FAIL(e, CONFLICT, "approval", "同一事项已经提请，正等待另一人复核。");
    *out = (struct approval_put){id_random(), p->who->now_ms + what->kind->ttl_ms};
    struct audit_row audit = {
        .act = ACT_approval_propose,
        .object_type = "ap",
        .object = out->id,
        .change = act_json(p->arena, what->kind->act, what->object, NULL)};
    return insert(p, v, what, out, e) && audit_write(p->db, p->who, &audit, e);
}

struct proposing {
    const struct people *p;
    const struct viewer *v;
    const struct approval_proposal *what;
    struct approval_put *out;
};

static bool propose(struct db *db, void *ctx, struct err *e)
{
    const struct proposing *x = ctx;
    (void)db;
    return approval_propose_in(x->p, x->v, x->what, x->out, e);
}

bool approval_propose(const struct people *p, const struct viewer *v,
                      const struct approval_proposal *what, struct approval_put *out,
                      struct err *e)
{
    struct proposing x = {p, v, what, out};
    return db_transact(p->db, propose, &x, e);
}

struct deciding {
    const struct people *p;
    const struct viewer *v;
    const struct approval_answer *answer;
    bool right; /* the code */
};

static bool still_open(const struct approval *a, int64_t now_ms, struct err *e)
{
    if (a->decided_ms)
        return FAIL(e, CONFLICT, "approval", "该事项已经处理。");
    return now_ms < a->expires_ms || FAIL(e, CONFLICT, "approval", "该事项已过复核期限。");
}

static const struct approval_kind *kind_of(const struct deciding *x, const struct approval *a,
                                           struct err *e)
{
    const struct approval_kind *kind = approval_kind_find(x->answer->kinds, a->act);
    if (!kind)
        FAIL(e, CONFLICT, "approval", "程序不再办理这类事项。");
    return kind;
}

static bool is_second_person(const struct deciding *x, const struct approval *a, struct err *e)
{
    if (id_equal(x->v->account, a->proposer) || id_equal(x->v->sign_in, a->proposer_sign_in))
        return FAIL(e, FORBIDDEN, "approval", "提请人不能复核自己提请的事项，须由另一人办理。");
    return true;
}

static bool execute(const struct deciding *x, const struct approval *a,
                    const struct approval_kind *kind, struct err *e)
{
    struct actor both = *x->p->who;
    both.account = a->proposer;
    both.role = a->proposer_role;
    both.second = x->v->account;
    struct query *q = db_query(x->p->db, SQL_approval_use);
    query_id(q, a->id);
    query_id(q, x->v->account);
    query_int(q, x->p->who->now_ms);
    struct audit_row audit = {.act = ACT_approval_confirm,
                              .object_type = "ap",
                              .object = a->id,
                              .change = act_json(x->p->arena, a->act, a->object, NULL)};
    return query_change_one(q, "approval", "该事项已经处理。", e) &&
           audit_write(x->p->db, &both, &audit, e) &&
           kind->execute(x->p->db, x->p->arena, a, &both, x->answer->app, e);
}

static bool confirm(struct db *db, void *ctx, struct err *e)
{
    struct deciding *x = ctx;
    struct approval a;
    const struct approval_kind *kind;
    (void)db;
    x->right = false;
    if (!approval_get(x->p, x->answer->id, &a, e) || !still_open(&a, x->p->who->now_ms, e) ||
        !(kind = kind_of(x, &a, e)) || !viewer_may(x->v, kind->may_confirm, e) ||
        !is_second_person(x, &a, e) ||
        !totp_take(x->p, x->v->account, x->answer->code, &x->right, e))
        return false;
    return !x->right || execute(x, &a, kind, e);
}

bool approval_confirm(const struct people *p, const struct viewer *v,
                      const struct approval_answer *answer, struct err *e)
{
    struct deciding x = {.p = p, .v = v, .answer = answer};
    if (!db_transact(p->db, confirm, &x, e))
        return false;
    return x.right || FAIL(e, UNAUTHENTICATED, "/code", "动态口令不对，或已经用过。");
}

static bool refuse(struct db *db, void *ctx, struct err *e)
{
    const struct deciding *x = ctx;
    struct approval a;
    const struct approval_kind *kind;
    if (!approval_get(x->p, x->answer->id, &a, e) || !still_open(&a, x->p->who->now_ms, e) ||
        !(kind = kind_of(x, &a, e)))
        return false;
    if (!id_equal(x->v->account, a.proposer) && !viewer_may(x->v, kind->may_confirm, e))
        return false;
    struct query *q = db_query(db, SQL_approval_refuse);
    query_id(q, a.id);
    query_id(q, x->v->account);
    query_int(q, x->p->who->now_ms);
    query_text(q, x->answer->reason);
    struct audit_row audit = {
        .act = ACT_approval_refuse,
        .object_type = "ap",
        .object = a.id,
        .change = act_json(x->p->arena, a.act, a.object, x->answer->reason)};
    return query_change_one(q, "approval", "该事项已经处理。", e) &&
           audit_write(db, x->p->who, &audit, e);
}

bool approval_refuse(const struct people *p, const struct viewer *v,
                     const struct approval_answer *answer, struct err *e)
{
    struct deciding x = {.p = p, .v = v, .answer = answer};
    size_t n = 0;
    for (const char *c = answer->reason ? answer->reason : ""; *c; c++)
        n += ((unsigned char)*c & 0xC0) != 0x80;
    if (n < REASON_MIN || n > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请用 %d 至 %d 个字说明理由。", REASON_MIN,
                    REASON_MAX);
    return db_transact(p->db, refuse, &x, e);
}
