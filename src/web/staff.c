/* web/staff.c - whom one can arrange, and what keeps them from examining somebody. */
#include "base/arena.h"
#include "people/account.h"
#include "people/recusal.h"
#include "web/handlers.h"
#include "web/people_of.h"

static void put_profile(struct json_out *o, const struct staff_profile *s)
{
    put_text(o, "employer", s->employer);
    put_text(o, "card_no", s->card_no);
    put_array(o, "occupations");
    for (size_t i = 0; i < s->occupation_count; i++) {
        out_object(o);
        put_text(o, "code", s->occupations[i].code);
        put_int(o, "level_cap", s->occupations[i].level_cap);
        out_object_end(o);
    }
    out_array_end(o);
}

bool staff_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct page page = request_page(rq);
    const char *role = request_query(rq, "role");
    struct account_filter f = {
        .role = role ? role_find(role) : ROLE_NONE, .limit = page.limit, .offset = page.offset};
    struct account *list;
    struct staff_profile profile;
    size_t count;
    if (!role_is_staff(f.role))
        return FAIL(e, INVALID, "role", "请注明工作人员的角色。");
    if (!account_list(&p, &f, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "staff");
    for (size_t i = 0; i < count; i++) {
        if (list[i].state != ACCOUNT_ACTIVE)
            continue;
        if (!staff_profile_get(&p, list[i].id, &profile, e))
            return false;
        out_object(o);
        put_id(o, "id", list[i].id);
        put_text(o, "display_name", list[i].display_name);
        put_profile(o, &profile);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool staff_profile_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct staff_profile profile;
    if (!staff_profile_get(&p, rq->id[0], &profile, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "profile");
    put_profile(o, &profile);
    out_object_end(o);
    return true;
}

struct profile_body {
    const char *employer, *card_no;
    struct staff_occupation *occupations;
    size_t occupation_count;
};
static const struct field occupation_rows[] = {
    {FIELD(struct staff_occupation, code, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct staff_occupation, level_cap, INT), .required = true, .min = 1, .max = 5},
};
static const struct fields occupation_fields = FIELDS("staff_occupation",
                                                      struct staff_occupation, occupation_rows);
static const struct field profile_rows[] = {
    {FIELD(struct profile_body, employer, TEXT), .max = 100},
    {FIELD(struct profile_body, card_no, TEXT), .max = 40},
    {FIELD(struct profile_body, occupations, OBJECTS),
     FIELD_COUNT(struct profile_body, occupation_count), .max = STAFF_OCCUPATIONS_MAX,
     .sub = &occupation_fields},
};
const struct fields staff_profile_fields = FIELDS("staff_profile", struct profile_body,
                                                  profile_rows);

bool staff_profile_one_put(struct request *rq, struct reply *rp, struct err *e)
{
    const struct profile_body *b = rq->input;
    struct people p = people_of(rq);
    struct staff_profile profile = {rq->id[0], b->employer, b->card_no, b->occupations,
                                    b->occupation_count};
    return staff_profile_put(&p, &profile, e) && staff_profile_one_get(rq, rp, e);
}

bool staff_conflicts_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct conflict *list;
    size_t count;
    if (!conflict_list(&p, rq->id[0], &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "conflicts");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "person", list[i].person);
        put_text(o, "kind", conflict_word(list[i].kind));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct conflict_body {
    struct id person;
    const char *kind;
};
static const char *const conflict_words[] = {
#define CONFLICT_ROW(name, word) word,
    CONFLICT_KINDS(CONFLICT_ROW)
#undef CONFLICT_ROW
        NULL};
static const struct field conflict_rows[] = {
    {FIELD(struct conflict_body, person, ID), .required = true},
    {FIELD(struct conflict_body, kind, TEXT), .required = true, .allowed = conflict_words},
};
const struct fields conflict_fields = FIELDS("conflict", struct conflict_body, conflict_rows);

bool staff_conflicts_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct conflict_body *b = rq->input;
    struct people p = people_of(rq);
    struct conflict c = {rq->id[0], b->person, CONFLICT_OTHER};
    (void)rp;
    return (conflict_kind_read(b->kind, &c.kind) ||
            FAIL(e, INVALID, "/kind", "没有这种回避关系。")) &&
           conflict_put(&p, &c, e);
}

bool staff_conflict_delete(struct request *rq, struct reply *rp, struct err *e)
{
    struct people p = people_of(rq);
    struct conflict c = {rq->id[0], rq->id[1], CONFLICT_OTHER};
    (void)rp;
    return (conflict_kind_read(rq->word[0], &c.kind) ||
            FAIL(e, NOT_FOUND, "kind", "没有这种回避关系。")) &&
           conflict_remove(&p, &c, e);
}
