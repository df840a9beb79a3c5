/* people/body.c - the assessment body, made once by `heng init` or the demonstration. */
#include "people/body.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "store/audit.h"
#include "store/db.h"

enum { BODY_ARENA_BYTES = 1 << 20 };

static const char *text_or_empty(const char *s)
{
    return s ? s : "";
}

static bool digits(const char *s, size_t count)
{
    return strlen(s) == count && strspn(s, "0123456789") == count;
}

/* Empty parts are those of a body that was not filed. */
static bool number_parts_check(const struct body *b, struct err *e)
{
    const char *type = text_or_empty(b->type_letter);
    if (!b->name || !*b->name)
        return FAIL(e, INVALID, "/name", "请填写评价机构名称。");
    if (!b->is_filed)
        return true;
    if (strcmp(type, "Y") != 0 && strcmp(type, "S") != 0)
        return FAIL(e, INVALID, "/type_letter",
                    "机构类别应为 Y（用人单位）或 S（社会评价组织）。");
    if (!digits(text_or_empty(b->filed_code), 4))
        return FAIL(e, INVALID, "/filed_code", "备案机构代码应为 4 位数字。");
    if (!digits(text_or_empty(b->province), 2))
        return FAIL(e, INVALID, "/province", "省级代码应为 2 位数字。");
    return digits(text_or_empty(b->site_serial), 6) ||
           FAIL(e, INVALID, "/site_serial", "机构（站点）序列码应为 6 位数字。");
}

struct creation {
    const struct actor *who;
    const struct body *body;
    struct arena *arena;
};

static bool create(struct db *db, void *ctx, struct err *e)
{
    const struct creation *c = ctx;
    const struct body *b = c->body;
    struct query *q = db_query(db, SQL_body_put);
    query_id(q, b->id);
    query_text(q, b->name);
    query_int(q, b->is_filed);
    query_int(q, b->registered_issuer);
    query_int(q, b->is_demo);
    query_text(q, text_or_empty(b->type_letter));
    query_text(q, text_or_empty(b->filed_code));
    query_text(q, text_or_empty(b->province));
    query_text(q, text_or_empty(b->site_serial));
    query_text(q, password_profile_word(b->profile));
    query_int(q, b->created_ms);
    struct audit_row row = {
        .act = ACT_body_create,
        .object_type = "bo",
        .object = b->id,
        .chain_owner = b->id,
        .change = json_keep(c->arena, json_pack("{s:{s:s,s:b,s:b}}", "after", "name", b->name,
                                                "filed", b->is_filed, "demo", b->is_demo))};
    return query_run(q, e) && audit_write(db, c->who, &row, e);
}

bool body_create(struct db *db, const struct actor *who, struct body *body, struct err *e)
{
    if (!number_parts_check(body, e))
        return false;
    if (id_is_zero(body->id))
        body->id = id_random();
    body->created_ms = who->now_ms;
    struct arena *a = arena_create(BODY_ARENA_BYTES);
    struct creation c = {who, body, a};
    bool ok = db_transact(db, create, &c, e);
    arena_destroy(a);
    return ok;
}

static bool read(struct query *q, struct arena *a, struct body *out, struct err *e)
{
    *out = (struct body){.id = query_get_id(q, 0),
                         .name = query_get_text(q, 1, a),
                         .is_filed = query_get_int(q, 2) != 0,
                         .registered_issuer = query_get_int(q, 3) != 0,
                         .is_demo = query_get_int(q, 4) != 0,
                         .type_letter = query_get_text(q, 5, a),
                         .filed_code = query_get_text(q, 6, a),
                         .province = query_get_text(q, 7, a),
                         .site_serial = query_get_text(q, 8, a),
                         .created_ms = query_get_int(q, 10)};
    bool known = password_profile_read(query_get_text(q, 9, a), &out->profile);
    query_done(q);
    return known || FAIL(e, STORE, "profile", "机构的密码策略无法识别。");
}

bool body_get(struct db *db, struct arena *a, struct id id, struct body *out, struct err *e)
{
    struct query *q = db_query(db, SQL_body_get);
    query_id(q, id);
    return query_one(q, "body", e) && read(q, a, out, e);
}

bool body_first(struct db *db, struct arena *a, struct body *out, struct err *e)
{
    struct query *q = db_query(db, SQL_body_first);
    return query_one(q, "body", e) && read(q, a, out, e);
}
