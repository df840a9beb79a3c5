/* people/person_store.c - people in and out of the database. */
#include <string.h>

#include "base/arena.h"
#include "people/mask.h"
#include "people/people.h"
#include "people/person_row.h"
#include "store/audit.h"
#include "store/db.h"

static bool read(struct query *q, struct arena *a, struct person_row *r, struct err *e)
{
    const char *letter;
    *r = (struct person_row){0};
    r->is.id = query_get_id(q, 0);
    r->is.body = query_get_id(q, 1);
    r->is.account = query_get_id(q, 2);
    r->is.name = query_get_text(q, 3, a);
    r->is.sex = (enum sex)query_get_int(q, 4);
    r->is.birth_known = !query_is_null(q, 5);
    r->is.birth = (date_days)query_get_int(q, 5);
    letter = query_get_text(q, 6, a);
    r->is.country = query_get_text(q, 7, a);
    r->document_sealed = query_get_bytes(q, 8, a);
    r->document_index = query_get_bytes(q, 9, a);
    r->phone_sealed = query_get_bytes(q, 10, a);
    r->phone_index = query_get_bytes(q, 11, a);
    r->email_sealed = query_get_bytes(q, 12, a);
    r->is.photo = query_get_id(q, 13);
    r->is.identity_checked = !query_is_null(q, 14);
    r->is.created_ms = query_get_int(q, 15);
    r->is.version = query_get_int(q, 16);
    r->is.has_document = letter != NULL;
    query_done(q);
    return !letter || document_kind_of_letter(*letter, &r->is.kind) ||
           FAIL(e, STORE, "document_kind", "证件类型的记录无法识别。");
}

bool person_row_get(const struct people *p, struct id id, struct person_row *out, struct err *e)
{
    struct query *q = db_query(p->db, SQL_person_get);
    query_id(q, id);
    query_id(q, p->who->body);
    return query_one(q, "person", e) && read(q, p->arena, out, e);
}

/* The columns that a form may change, in the order of both statements. */
static void bind_form(struct query *q, const struct person_row *r)
{
    const char letter[2] = {r->is.has_document ? document_letter(r->is.kind) : '\0', '\0'};
    query_text(q, r->is.name);
    query_int(q, r->is.sex);
    if (r->is.birth_known)
        query_int(q, r->is.birth);
    else
        query_null(q);
    query_text(q, *letter ? letter : NULL);
    query_text(q, r->is.has_document ? r->is.country : NULL);
    query_bytes(q, r->document_sealed);
    query_bytes(q, r->document_index);
    query_bytes(q, r->phone_sealed);
    query_bytes(q, r->phone_index);
    query_bytes(q, r->email_sealed);
    query_id(q, r->is.photo);
}

static bool document_is_free(const struct people *p, const struct person_row *r, struct err *e)
{
    bool found;
    if (!r->document_index.at)
        return true;
    struct query *q = db_query(p->db, SQL_person_by_document);
    query_id(q, p->who->body);
    query_bytes(q, r->document_index);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return true;
    struct id holder = query_get_id(q, 0);
    query_done(q);
    return id_equal(holder, r->is.id) ||
           FAIL(e, CONFLICT, "/document_number", "本机构已有使用这个证件号码的人员。");
}

bool person_row_put(const struct people *p, const struct person_row *r, bool is_new,
                    struct err *e)
{
    if (!document_is_free(p, r, e))
        return false;
    struct query *q = db_query(p->db, is_new ? SQL_person_put : SQL_person_change);
    query_id(q, r->is.id);
    if (is_new) {
        query_id(q, p->who->body);
        query_id(q, r->is.account);
        bind_form(q, r);
        query_int(q, p->who->now_ms);
        return query_run(q, e);
    }
    query_int(q, r->is.version);
    bind_form(q, r);
    return query_change_one(q, "/version", "资料已被更改，请刷新后再试。", e);
}

static bool open_one(const struct people *p, const char *column, struct id row,
                     struct bytes sealed, const char **out, struct err *e)
{
    struct bytes plain;
    *out = "";
    if (!sealed.at)
        return true;
    if (!field_open(p->arena, p->master, "person", column, row, sealed, &plain, e))
        return false;
    *out = arena_copy(p->arena, plain.at, plain.len);
    return true;
}

bool person_row_secrets(const struct people *p, const struct person_row *r,
                        struct person_secrets *out, struct err *e)
{
    return open_one(p, "document", r->is.id, r->document_sealed, &out->document_number, e) &&
           open_one(p, "phone", r->is.id, r->phone_sealed, &out->phone, e) &&
           open_one(p, "email", r->is.id, r->email_sealed, &out->email, e);
}

static char *mask_or_null(struct arena *a, const char *text,
                          char *(*mask)(struct arena *, const char *))
{
    return *text ? mask(a, text) : NULL;
}

bool person_get(const struct people *p, struct id id, struct person *out, struct err *e)
{
    struct person_row r;
    struct person_secrets s;
    if (!person_row_get(p, id, &r, e) || !person_row_secrets(p, &r, &s, e))
        return false;
    *out = r.is;
    out->document_mask = mask_or_null(p->arena, s.document_number, mask_document);
    out->phone_mask = mask_or_null(p->arena, s.phone, mask_phone);
    out->email_mask = mask_or_null(p->arena, s.email, mask_mail);
    return true;
}

bool person_find_by_document(const struct people *p, const struct identity *document,
                             const char *country, struct id *id, struct err *e)
{
    bool found;
    *id = (struct id){{0}};
    if (document->kind == DOCUMENT_PASSPORT && (!country || strlen(country) != 2))
        return FAIL(e, INVALID, "/document_country", "护照须注明签发国家或地区。");
    struct query *q = db_query(p->db, SQL_person_by_document);
    query_id(q, p->who->body);
    query_bytes(q, person_document_index(p, document, country));
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        *id = query_get_id(q, 0);
        query_done(q);
    }
    return true;
}

bool person_phone_is(const struct people *p, struct id person, const char *phone, bool *is,
                     struct err *e)
{
    char number[PHONE_BYTES];
    struct err ignored = {0};
    bool could_be = phone_check(phone, number, &ignored);
    struct query *q = db_query(p->db, SQL_person_phone_index);
    query_id(q, person);
    query_id(q, p->who->body);
    if (!query_one(q, "person", e))
        return false;
    struct bytes stored = query_get_bytes(q, 0, p->arena);
    query_done(q);
    struct bytes asked = person_phone_index(p, could_be ? number : "");
    *is = could_be && stored.at && secret_equal(stored.at, asked.at, BLIND_INDEX_BYTES);
    return true;
}
