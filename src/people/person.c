/* people/person.c - saving a person, and showing what is masked only to who gives a reason. */
#include "people/person.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "people/mask.h"
#include "people/people.h"
#include "people/person_row.h"
#include "store/audit.h"
#include "store/db.h"

enum { REASON_MIN = 4, REASON_MAX = 200 };

static void name_change(json_t *list, bool changed, const char *name)
{
    if (changed)
        json_array_append_new(list, json_string(name));
}

/* Which fields changed, and of name and document no more than their masks. */
static json_t *change_json(const struct people *p, const struct person_row *r,
                           const struct person_secrets *s, const struct person_changes *c)
{
    json_t *names = json_array();
    name_change(names, c->name, "name");
    name_change(names, c->document, "document");
    name_change(names, c->sex, "sex");
    name_change(names, c->birth, "birth");
    name_change(names, c->phone, "phone");
    name_change(names, c->email, "email");
    name_change(names, c->photo, "photo");
    return json_keep(p->arena,
                     json_pack("{s:b,s:o,s:{s:s,s:s}}", "changed", true, "fields", names,
                               "after", "name", mask_name(p->arena, r->is.name), "document",
                               mask_document(p->arena, s->document_number)));
}

static bool load(const struct people *p, const struct person_input *in, struct person_row *r,
                 struct err *e)
{
    if (id_is_zero(in->id)) {
        *r = (struct person_row){.is = {.id = id_random(), .account = in->account}};
        return true;
    }
    if (!person_row_get(p, in->id, r, e))
        return false;
    if (in->by_oneself && !id_equal(r->is.account, p->who->account))
        return FAIL(e, NOT_FOUND, "person", "没有找到。");
    return !in->version || in->version == r->is.version ||
           FAIL(e, CONFLICT, "/version", "资料已被更改，请刷新后再试。");
}

bool person_put(const struct people *p, const struct person_input *in, struct id *id,
                struct err *e)
{
    struct person_row r;
    struct person_changes changed;
    struct person_secrets s;
    if (!load(p, in, &r, e) || !person_row_fill(p, in, &r, &changed, e) ||
        !person_row_put(p, &r, id_is_zero(in->id), e) || !person_row_secrets(p, &r, &s, e))
        return false;
    *id = r.is.id;
    struct audit_row audit = {.act = ACT_person_save,
                              .object_type = "pe",
                              .object = r.is.id,
                              .change = change_json(p, &r, &s, &changed)};
    return audit_write(p->db, p->who, &audit, e);
}

struct saving {
    const struct people *p;
    const struct person_input *in;
    struct id *id;
};

static bool save(struct db *db, void *ctx, struct err *e)
{
    const struct saving *s = ctx;
    (void)db;
    return person_put(s->p, s->in, s->id, e);
}

bool person_save(const struct people *p, const struct person_input *in, struct id *id,
                 struct err *e)
{
    struct saving s = {p, in, id};
    return db_transact(p->db, save, &s, e);
}

bool person_secrets(const struct people *p, struct id id, struct person_secrets *out,
                    struct err *e)
{
    struct person_row r;
    return person_row_get(p, id, &r, e) && person_row_secrets(p, &r, out, e);
}

struct unmasking {
    const struct people *p;
    struct id id;
    const char *reason;
    struct person_secrets *out;
};

static bool unmask(struct db *db, void *ctx, struct err *e)
{
    const struct unmasking *u = ctx;
    struct audit_row audit = {
        .act = ACT_person_unmask,
        .object_type = "pe",
        .object = u->id,
        .change = json_keep(u->p->arena, json_pack("{s:s}", "reason", u->reason))};
    return person_secrets(u->p, u->id, u->out, e) && audit_write(db, u->p->who, &audit, e);
}

bool person_unmask(const struct people *p, struct id id, const char *reason,
                   struct person_secrets *out, struct err *e)
{
    size_t n = 0;
    struct unmasking u = {p, id, reason, out};
    for (const char *c = reason; *c; c++)
        n += ((unsigned char)*c & 0xC0) != 0x80;
    if (n < REASON_MIN || n > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请用 %d 至 %d 个字说明查看完整号码的理由。",
                    REASON_MIN, REASON_MAX);
    if (db_transact(p->db, unmask, &u, e))
        return true;
    *out = (struct person_secrets){"", "", ""};
    return false;
}

static const char *reason_of(struct arena *a, const char *change)
{
    struct err ignored = {0};
    const json_t *v = json_read(a, change, strlen(change), &ignored);
    const char *reason = v ? json_member_text(v, "reason") : NULL;
    return reason ? reason : "";
}

bool person_views(const struct people *p, struct id id, struct person_view **out, size_t *count,
                  struct err *e)
{
    struct query *q = db_query(p->db, SQL_person_views);
    query_id(q, id);
    query_int(q, ACT_person_unmask);
    query_id(q, p->who->body);
    *out = NULL;
    for (*count = 0; query_next(q, e); (*count)++) {
        const char *by = query_get_text(q, 2, p->arena);
        *out = arena_grow(p->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[*count] = (struct person_view){
            .at_ms = query_get_int(q, 0),
            .role = (enum role)query_get_int(q, 1),
            .by = by ? by : "",
            .reason = reason_of(p->arena, query_get_text(q, 3, p->arena))};
    }
    return e->code == ERR_NONE;
}

bool person_mark_checked(const struct people *p, struct id id, struct err *e)
{
    int64_t rows;
    struct query *q = db_query(p->db, SQL_person_mark_checked);
    query_id(q, id);
    query_id(q, p->who->body);
    query_int(q, p->who->now_ms);
    struct audit_row audit = {.act = ACT_person_check, .object_type = "pe", .object = id};
    return query_change(q, &rows, e) && (rows == 0 || audit_write(p->db, p->who, &audit, e));
}
