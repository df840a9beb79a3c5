/* web/person.c - one's own data and consents, and the few who may see a number in full. */
#include "people/person.h"

#include <string.h>

#include "base/arena.h"
#include "people/account.h"
#include "people/consent.h"
#include "web/handlers.h"
#include "web/people_of.h"

static void put_person(struct json_out *o, const struct person *p)
{
    char birth[DATE_TEXT_BYTES] = "";
    if (p->birth_known)
        date_write(p->birth, birth);
    put_object(o, "person");
    put_id(o, "id", p->id);
    put_text(o, "name", p->name);
    put_text(o, "sex", sex_word(p->sex));
    put_text(o, "birth", *birth ? birth : NULL);
    put_text(o, "document_kind", p->has_document ? document_word(p->kind) : NULL);
    put_text(o, "document_country", p->country);
    put_text(o, "document_number", p->document_mask);
    put_text(o, "phone", p->phone_mask);
    put_text(o, "email", p->email_mask);
    put_bool(o, "has_photo", !id_is_zero(p->photo));
    put_bool(o, "identity_checked", p->identity_checked);
    put_int(o, "version", p->version);
    out_object_end(o);
}

static bool reply_person(struct request *rq, struct reply *rp, struct id id, struct err *e)
{
    struct people p = people_of(rq);
    struct person person;
    if (!person_get(&p, id, &person, e))
        return false;
    put_person(reply_json(rp), &person);
    return true;
}

bool my_person_get(struct request *rq, struct reply *rp, struct err *e)
{
    return reply_person(rq, rp, rq->viewer.person, e);
}

bool person_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    return reply_person(rq, rp, rq->id[0], e);
}

static const char *const sexes[] = {"male", "female", NULL};
static const char *const document_words[] = {
#define DOCUMENT(name, letter, word, title, country) word,
#include "people/documents.def"
#undef DOCUMENT
    NULL};
static const struct field person_rows[] = {
    {FIELD(struct person_input, name, TEXT), .max = 64},
    {FIELD(struct person_input, sex, TEXT), .allowed = sexes},
    {FIELD(struct person_input, birth, TEXT), .max = 10},
    {FIELD(struct person_input, document_kind, TEXT), .allowed = document_words},
    {FIELD(struct person_input, document_number, TEXT), .max = 64},
    {FIELD(struct person_input, document_country, TEXT), .max = 2},
    {FIELD(struct person_input, phone, TEXT), .max = 32},
    {FIELD(struct person_input, email, TEXT), .max = 254},
    {FIELD(struct person_input, version, INT), .min = 1, .max = INT64_MAX},
};
const struct fields person_fields = FIELDS("person", struct person_input, person_rows);

/* The form shows masks; one that comes back unchanged is not a new value. */
static const char *unless_masked(const char *text)
{
    return text && strchr(text, '*') ? NULL : text;
}

bool my_person_put(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct person_input in = *(const struct person_input *)rq->input;
    struct id id;
    in.id = rq->viewer.person;
    in.by_oneself = true;
    in.document_number = unless_masked(in.document_number);
    in.phone = unless_masked(in.phone);
    in.email = unless_masked(in.email);
    return person_save(&p, &in, &id, e) && reply_person(rq, rp, id, e);
}

struct reason_body {
    const char *reason;
};
static const struct field reason_rows[] = {
    {FIELD(struct reason_body, reason, TEXT), .required = true, .min = 1, .max = 200},
};
const struct fields reason_fields = FIELDS("reason", struct reason_body, reason_rows);

bool person_unmask_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct reason_body *b = rq->input;
    struct people p = people_of(rq);
    struct person_secrets told;
    if (!person_unmask(&p, rq->id[0], b->reason, &told, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_text(o, "document_number", told.document_number);
    put_text(o, "phone", told.phone);
    put_text(o, "email", told.email);
    return true;
}

bool person_account_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct account account;
    char first[FIRST_PASSWORD_BYTES];
    if (!account_open(&p, rq->id[0], &account, first, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_text(o, "login", account.login);
    put_text(o, "first_password", first);
    return true;
}

bool my_views_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct person_view *views;
    size_t count;
    if (!person_views(&p, rq->viewer.person, &views, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "views");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "at_ms", views[i].at_ms);
        put_text(o, "role", role_name(views[i].role));
        put_text(o, "by", views[i].by);
        put_text(o, "reason", views[i].reason);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool consent_texts_get(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rq;
    (void)e;
    struct json_out *o = reply_json(rp);
    put_array(o, "texts");
    for (int i = 0; i < CONSENT_KINDS; i++) {
        enum consent_kind k = (enum consent_kind)i;
        out_object(o);
        put_text(o, "kind", consent_word(k));
        put_text(o, "title", consent_title(k));
        put_text(o, "version", consent_version(k));
        put_bool(o, "needed", consent_needed(k));
        put_text(o, "text", consent_text(k));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool my_consents_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct consent *list;
    size_t count;
    if (!consent_list(&p, rq->viewer.person, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "consents");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_text(o, "kind", consent_word(list[i].kind));
        put_text(o, "title", consent_title(list[i].kind));
        put_text(o, "version", list[i].version);
        put_int(o, "at_ms", list[i].at_ms);
        if (list[i].withdrawn_ms)
            put_int(o, "withdrawn_ms", list[i].withdrawn_ms);
        put_bool(o, "in_force",
                 !list[i].withdrawn_ms &&
                     strcmp(list[i].version, consent_version(list[i].kind)) == 0);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct consent_body {
    const char *kind, *version;
};
static const char *const consent_words[] = {
#define CONSENT(name, word, version, needed, title) word,
#include "people/consents.def"
#undef CONSENT
    NULL};
static const struct field consent_rows[] = {
    {FIELD(struct consent_body, kind, TEXT), .required = true, .allowed = consent_words},
    {FIELD(struct consent_body, version, TEXT), .required = true, .min = 1, .max = 40},
};
const struct fields consent_fields = FIELDS("consent", struct consent_body, consent_rows);

bool my_consents_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct consent_body *b = rq->input;
    struct people p = people_of(rq);
    enum consent_kind kind;
    if (!consent_kind_read(b->kind, &kind))
        return FAIL(e, INVALID, "/kind", "没有这种同意。");
    return consent_give(&p, rq->viewer.person, kind, b->version, e) &&
           my_consents_get(rq, rp, e);
}

bool my_consent_delete(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    enum consent_kind kind;
    if (!consent_kind_read(rq->word[0], &kind))
        return FAIL(e, NOT_FOUND, "kind", "没有这种同意。");
    return consent_withdraw(&p, rq->viewer.person, kind, e) && my_consents_get(rq, rp, e);
}
