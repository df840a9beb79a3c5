/* paper/compose.c - forms out of the live bank: assembled together, stored with their certificate, or
 * refused with the reason. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/form_store.h"
#include "programme/programme.h"
#include "store/db.h"

struct composing {
    const struct bank *bank;
    const struct form_order *order;
    struct blueprint blueprint;
    struct parallel_forms made;
    struct form_record *records;
};

static size_t forms_of(const struct form_order *o)
{
    return o->forms > 1 ? o->forms : 1;
}

/* A 卷, B 卷 … of a set; past Z by number. */
const char *form_set_name(struct arena *a, const char *name, size_t i, size_t of)
{
    if (of < 2)
        return name;
    return of > 26 ? arena_printf(a, "%s %zu", name, i + 1)
                   : arena_printf(a, "%s %c", name, (char)('A' + i));
}

static bool put_one(struct db *db, const struct composing *c, size_t i, struct err *e)
{
    const struct bank *b = c->bank;
    const struct form_record *r = &c->records[i];
    /* The certificate as text: what is signed has whole numbers only. */
    json_t *change = json_keep(b->arena, json_pack("{s:s, s:s, s:I, s:I, s:s}", "name", r->name,
                                                   "programme", c->blueprint.programme->id,
                                                   "level", (json_int_t)c->blueprint.level,
                                                   "items", (json_int_t)r->solution->count,
                                                   "certificate", r->certificate));
    return form_put(db, b->arena, b->actor, r, e) &&
           audit_write(db, b->actor,
                       &(struct audit_row){.act = ACT_form_compose,
                                           .object_type = "fm",
                                           .object = r->id,
                                           .change = change},
                       e);
}

static bool put(struct db *db, void *ctx, struct err *e)
{
    struct composing *c = ctx;
    for (size_t i = 0; i < c->made.count; i++)
        if (!put_one(db, c, i, e))
            return false;
    return true;
}

/* The codes of the items asked for by id. */
static bool codes_of(const struct bank *b, const char *field, const struct id *ids,
                     size_t count, const struct item_row *pool, size_t pool_count,
                     const char ***out, struct err *e)
{
    *out = arena_array(b->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < pool_count && !(*out)[i]; k++)
            if (id_equal(pool[k].id, ids[i]))
                (*out)[i] = pool[k].code;
        if (!(*out)[i]) {
            char at[40];
            snprintf(at, sizeof at, "/%s/%zu", field, i);
            return FAIL(e, INVALID, at, "没有这道试题，或者它还不能用于组卷。");
        }
    }
    return true;
}

/* What the order says, with what the bank and past sittings hold. */
static bool take_order(const struct bank *b, const struct form_order *order,
                       const struct blueprint *blueprint, struct parallel_order *out,
                       struct err *e)
{
    struct item_row *pool;
    const char **avoid = NULL, **must, **may_not;
    size_t avoid_count = 0;
    *out = (struct parallel_order){.blueprint = blueprint,
                                   .forms = forms_of(order),
                                   .aim = order->aim,
                                   .exposure = order->exposure,
                                   .overlap_given = order->overlap != NULL,
                                   .overlap = order->overlap ? *order->overlap : 0,
                                   .must_count = order->must_count,
                                   .may_not_count = order->may_not_count};
    memcpy(out->seed, order->seed, SEED_BYTES);
    for (size_t i = 0; i < order->avoid_count; i++)
        if (!form_codes(b->db, b->arena, b->actor->body, order->avoid_forms[i], &avoid,
                        &avoid_count, e))
            return false;
    if (!bank_pool(b, blueprint->programme->id, &pool, &out->pool_count, e) ||
        !codes_of(b, "must", order->must, order->must_count, pool, out->pool_count, &must, e) ||
        !codes_of(b, "may_not", order->may_not, order->may_not_count, pool, out->pool_count,
                  &may_not, e))
        return false;
    int64_t *uses = arena_array(b->arena, int64_t, out->pool_count + 1);
    if (order->exposure > 0 &&
        !form_item_uses(b, blueprint->programme->id, pool, out->pool_count, uses, e))
        return false;
    out->pool = pool;
    out->uses = uses;
    out->avoid = avoid;
    out->avoid_count = avoid_count;
    out->must = must;
    out->may_not = may_not;
    return true;
}

bool form_try(const struct bank *b, const struct form_order *order,
              const struct blueprint *blueprint, struct parallel_forms *out, struct err *e)
{
    struct parallel_order parallel;
    if (!take_order(b, order, blueprint, &parallel, e))
        return false;
    (void)forms_assemble(b->arena, &parallel, out); /* why not is in the answer */
    return true;
}

bool form_life(const struct bank *b, const struct form_order *order,
               const struct blueprint *blueprint, struct parallel_life *out, struct err *e)
{
    struct parallel_order parallel;
    if (!take_order(b, order, blueprint, &parallel, e))
        return false;
    forms_life(b->arena, &parallel, out);
    return true;
}

bool form_compose(const struct bank *b, const struct form_order *order, struct id *forms,
                  struct err *e)
{
    struct composing c = {.bank = b, .order = order};
    if (!order->name || !*order->name)
        return FAIL(e, INVALID, "/name", "请给试卷起一个名称。");
    if (!blueprint_make(b->arena, &order->blueprint, &c.blueprint, e) ||
        !form_try(b, order, &c.blueprint, &c.made, e))
        return false;
    if (c.made.sentence)
        return FAIL(e, RULE, "/layout", "%s", c.made.sentence);
    c.records = arena_array(b->arena, struct form_record, c.made.count + 1);
    for (size_t i = 0; i < c.made.count; i++) {
        forms[i] = id_random();
        c.records[i] = (struct form_record){
            .id = forms[i],
            .name = form_set_name(b->arena, order->name, i, c.made.count),
            .blueprint = &c.blueprint,
            .solution = &c.made.forms[i],
            .seed = order->seed,
            .certificate = c.made.certificates[i]};
    }
    return db_transact(b->db, put, &c, e);
}
