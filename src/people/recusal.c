/* people/recusal.c - employer, examiner's card and ties of staff. */
#include "people/recusal.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "people/person.h"
#include "store/audit.h"
#include "store/db.h"

static const char *const words[CONFLICT_KIND_COUNT] = {
#define CONFLICT_ROW(name, word) [CONFLICT_##name] = word,
    CONFLICT_KINDS(CONFLICT_ROW)
#undef CONFLICT_ROW
};

const char *conflict_word(enum conflict_kind k)
{
    return words[k];
}

bool conflict_kind_read(const char *word, enum conflict_kind *out)
{
    for (int i = 0; i < CONFLICT_KIND_COUNT; i++)
        if (word && strcmp(words[i], word) == 0) {
            *out = (enum conflict_kind)i;
            return true;
        }
    return false;
}

/* Rows of ties carry no body: whose they are is the account's. */
static bool is_ours(const struct people *p, struct id account, struct err *e)
{
    struct account found;
    return account_get(p, account, &found, e);
}

static bool occupations_get(const struct people *p, struct staff_profile *out, struct err *e)
{
    struct query *q = db_query(p->db, SQL_staff_occupation_list);
    query_id(q, out->account);
    while (query_next(q, e)) {
        size_t n = out->occupation_count++;
        out->occupations = arena_grow(p->arena, out->occupations, n, n + 1,
                                      sizeof *out->occupations);
        out->occupations[n] = (struct staff_occupation){.code = query_get_text(q, 0, p->arena),
                                                        .level_cap = query_get_int(q, 1)};
    }
    return e->code == ERR_NONE;
}

bool staff_profile_get(const struct people *p, struct id account, struct staff_profile *out,
                       struct err *e)
{
    bool found;
    *out = (struct staff_profile){.account = account};
    if (!is_ours(p, account, e))
        return false;
    struct query *q = db_query(p->db, SQL_staff_profile_get);
    query_id(q, account);
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        out->employer = query_get_text(q, 0, p->arena);
        out->card_no = query_get_text(q, 1, p->arena);
        query_done(q);
    }
    return occupations_get(p, out, e);
}

struct profiling {
    const struct people *p;
    const struct staff_profile *profile;
};

static bool occupations_put(struct db *db, const struct staff_profile *s, struct err *e)
{
    struct query *q = db_query(db, SQL_staff_occupations_remove);
    query_id(q, s->account);
    if (!query_run(q, e))
        return false;
    for (size_t i = 0; i < s->occupation_count; i++) {
        q = db_query(db, SQL_staff_occupation_put);
        query_id(q, s->account);
        query_text(q, s->occupations[i].code);
        query_int(q, s->occupations[i].level_cap);
        if (!query_run(q, e))
            return false;
    }
    return true;
}

static bool profile_put(struct db *db, void *ctx, struct err *e)
{
    const struct profiling *x = ctx;
    const struct staff_profile *s = x->profile;
    if (!is_ours(x->p, s->account, e))
        return false;
    struct query *q = db_query(db, SQL_staff_profile_set);
    query_id(q, s->account);
    query_text(q, s->employer);
    query_text(q, s->card_no);
    struct audit_row audit = {
        .act = ACT_staff_profile_save,
        .object_type = "ac",
        .object = s->account,
        .change = json_keep(x->p->arena, json_pack("{s:{s:I}}", "after", "occupations",
                                                   (json_int_t)s->occupation_count))};
    return query_run(q, e) && occupations_put(db, s, e) &&
           audit_write(db, x->p->who, &audit, e);
}

bool staff_profile_put(const struct people *p, const struct staff_profile *profile,
                       struct err *e)
{
    struct profiling x = {p, profile};
    if (profile->occupation_count > STAFF_OCCUPATIONS_MAX)
        return FAIL(e, INVALID, "/occupations", "职业最多 %d 个。", STAFF_OCCUPATIONS_MAX);
    for (size_t i = 0; i < profile->occupation_count; i++) {
        const struct staff_occupation *o = &profile->occupations[i];
        if (!o->code || !*o->code || o->level_cap < 1 || o->level_cap > 5)
            return FAIL(e, INVALID, "/occupations", "每个职业须有代码和 1 至 5 的等级上限。");
        for (size_t k = 0; k < i; k++)
            if (strcmp(profile->occupations[k].code, o->code) == 0)
                return FAIL(e, INVALID, "/occupations", "职业 %.40s 重复。", o->code);
    }
    return db_transact(p->db, profile_put, &x, e);
}

struct tying {
    const struct people *p;
    const struct conflict *c;
};

static bool note(const struct tying *t, enum act act, struct err *e)
{
    char person[ID_TEXT_BYTES];
    id_write(t->c->person, person);
    struct audit_row audit = {
        .act = act,
        .object_type = "ac",
        .object = t->c->account,
        .change = json_keep(
            t->p->arena, json_pack("{s:s,s:s}", "kind", words[t->c->kind], "person", person))};
    return audit_write(t->p->db, t->p->who, &audit, e);
}

static struct query *tie_query(struct db *db, enum sql which, const struct conflict *c)
{
    struct query *q = db_query(db, which);
    query_id(q, c->account);
    query_id(q, c->person);
    query_text(q, words[c->kind]);
    return q;
}

static bool put(struct db *db, void *ctx, struct err *e)
{
    const struct tying *t = ctx;
    int64_t rows;
    struct person person;
    if (!is_ours(t->p, t->c->account, e) || !person_get(t->p, t->c->person, &person, e) ||
        !query_change(tie_query(db, SQL_conflict_put, t->c), &rows, e))
        return false;
    return rows == 0 || note(t, ACT_conflict_save, e);
}

bool conflict_put(const struct people *p, const struct conflict *c, struct err *e)
{
    struct tying t = {p, c};
    return db_transact(p->db, put, &t, e);
}

static bool untie(struct db *db, void *ctx, struct err *e)
{
    const struct tying *t = ctx;
    int64_t rows;
    if (!is_ours(t->p, t->c->account, e) ||
        !query_change(tie_query(db, SQL_conflict_remove, t->c), &rows, e))
        return false;
    if (rows == 0)
        return FAIL(e, NOT_FOUND, "conflict", "没有登记过这一回避关系。");
    return note(t, ACT_conflict_remove, e);
}

bool conflict_remove(const struct people *p, const struct conflict *c, struct err *e)
{
    struct tying t = {p, c};
    return db_transact(p->db, untie, &t, e);
}

bool conflict_list(const struct people *p, struct id account, struct conflict **out,
                   size_t *count, struct err *e)
{
    *out = NULL;
    *count = 0;
    if (!is_ours(p, account, e))
        return false;
    struct query *q = db_query(p->db, SQL_conflict_list);
    query_id(q, account);
    while (query_next(q, e)) {
        enum conflict_kind kind = CONFLICT_OTHER;
        conflict_kind_read(query_get_text(q, 1, p->arena), &kind);
        *out = arena_grow(p->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct conflict){account, query_get_id(q, 0), kind};
    }
    return e->code == ERR_NONE;
}
