/* paper/compose.c - a form out of the live bank: solved, stored, or refused with the cells. */
#include <jansson.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/form_store.h"
#include "programme/programme.h"
#include "store/db.h"

struct composing {
    const struct bank *bank;
    const struct form_order *order;
    struct blueprint blueprint;
    struct blueprint_solution solution;
    struct form_record record;
};

static bool put(struct db *db, void *ctx, struct err *e)
{
    struct composing *c = ctx;
    const struct bank *b = c->bank;
    json_t *change = json_keep(
        b->arena, json_pack("{s:s, s:s, s:I, s:I}", "name", c->order->name, "programme",
                            c->blueprint.programme->id, "level", (json_int_t)c->blueprint.level,
                            "items", (json_int_t)c->solution.count));
    return form_put(db, b->arena, b->actor, &c->record, e) &&
           audit_write(db, b->actor,
                       &(struct audit_row){.act = ACT_form_compose,
                                           .object_type = "fm",
                                           .object = c->record.id,
                                           .change = change},
                       e);
}

static bool solve(struct composing *c, struct err *e)
{
    const struct bank *b = c->bank;
    struct item_row *pool;
    const char **avoid = NULL;
    size_t pool_count, avoid_count = 0;
    for (size_t i = 0; i < c->order->avoid_count; i++)
        if (!form_codes(b->db, b->arena, b->actor->body, c->order->avoid_forms[i], &avoid,
                        &avoid_count, e))
            return false;
    if (!bank_pool(b, c->blueprint.programme->id, &pool, &pool_count, e))
        return false;
    struct solve_order order = {
        .blueprint = &c->blueprint,
        .pool = pool,
        .pool_count = pool_count,
        .avoid = avoid,
        .avoid_count = avoid_count,
    };
    for (size_t i = 0; i < SEED_BYTES; i++)
        order.seed[i] = c->order->seed[i];
    return blueprint_solve(b->arena, &order, &c->solution) ||
           FAIL(e, RULE, "/layout", "%s",
                starving_sentence(b->arena, &c->blueprint, &c->solution));
}

bool form_compose(const struct bank *b, const struct form_order *order, struct id *form,
                  struct err *e)
{
    struct composing c = {.bank = b, .order = order};
    if (!order->name || !*order->name)
        return FAIL(e, INVALID, "/name", "请给试卷起一个名称。");
    if (!blueprint_make(b->arena, &order->blueprint, &c.blueprint, e) || !solve(&c, e))
        return false;
    c.record = (struct form_record){id_random(), order->name, &c.blueprint, &c.solution,
                                    order->seed};
    *form = c.record.id;
    return db_transact(b->db, put, &c, e);
}
