/* paper/solve.c - chooses the items of a form: exact cells, no enemies, points spread. */
#include <stdlib.h>
#include <string.h>

#include "bank/bank.h"
#include "base/arena.h"
#include "paper/blueprint.h"

enum { SOLVE_TRIES = 200 };

struct solving {
    struct arena *arena;
    const struct solve_order *order;
    const struct item_row **chosen;
    size_t *part;
    size_t count;
};

static bool serves(const struct item_row *r, const struct blueprint *b)
{
    bool level = false, direction = r->direction_count == 0;
    for (size_t i = 0; i < r->level_count; i++)
        level |= r->levels[i] == b->level;
    for (size_t i = 0; i < r->direction_count; i++)
        direction |= b->direction && strcmp(r->directions[i], b->direction) == 0;
    return level && direction;
}

/* What may stand in the cell, as indices into the pool. */
static size_t candidates(const struct solving *s, const struct blueprint_cell *c,
                         uint32_t **out)
{
    const struct solve_order *o = s->order;
    const char *kind = o->blueprint->parts[c->part].kind;
    size_t n = 0;
    *out = arena_array(s->arena, uint32_t, o->pool_count + 1);
    for (size_t i = 0; i < o->pool_count; i++)
        if (strcmp(o->pool[i].kind, kind) == 0 && strcmp(o->pool[i].area, c->area) == 0 &&
            serves(&o->pool[i], o->blueprint))
            (*out)[n++] = (uint32_t)i;
    return n;
}

static bool names(const char *const *list, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], code) == 0)
            return true;
    return false;
}

static bool may_join(const struct solving *s, const struct item_row *r)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct item_row *c = s->chosen[i];
        if (c == r || names((const char *const *)r->enemies, r->enemy_count, c->code) ||
            names((const char *const *)c->enemies, c->enemy_count, r->code))
            return false;
    }
    return true;
}

/* Less is better: not in another form, its point used least, difficulty towards the mean. */
struct merit {
    int64_t avoided, point_uses, off_mean;
};

static int merit_order(const struct merit *x, const struct merit *y)
{
    if (x->avoided != y->avoided)
        return x->avoided < y->avoided ? -1 : 1;
    if (x->point_uses != y->point_uses)
        return x->point_uses < y->point_uses ? -1 : 1;
    return (x->off_mean > y->off_mean) - (x->off_mean < y->off_mean);
}

struct cell_state {
    const uint32_t *index; /* candidates in shuffled order */
    size_t count;
    int64_t all_difficulty; /* of all candidates */
    int64_t sum, taken;     /* of those taken */
};

static struct merit merit_of(const struct solving *s, const struct cell_state *c,
                             const struct item_row *r)
{
    struct merit m = {.avoided = names(s->order->avoid, s->order->avoid_count, r->code)};
    for (size_t i = 0; i < s->count; i++)
        m.point_uses += strcmp(s->chosen[i]->point, r->point) == 0;
    m.off_mean = llabs((c->sum + r->difficulty) * (int64_t)c->count -
                       c->all_difficulty * (c->taken + 1));
    return m;
}

static bool take_best(struct solving *s, struct cell_state *c, size_t part)
{
    const struct item_row *best = NULL;
    struct merit best_merit = {0};
    for (size_t i = 0; i < c->count; i++) {
        const struct item_row *r = &s->order->pool[c->index[i]];
        if (!may_join(s, r))
            continue;
        struct merit m = merit_of(s, c, r);
        if (!best || merit_order(&m, &best_merit) < 0) {
            best = r;
            best_merit = m;
        }
    }
    if (!best)
        return false;
    s->chosen[s->count] = best;
    s->part[s->count++] = part;
    c->sum += best->difficulty;
    c->taken++;
    return true;
}

static bool fill_cell(struct solving *s, size_t cell, uint64_t attempt)
{
    const struct blueprint_cell *b = &s->order->blueprint->cells[cell];
    unsigned char seed[SEED_BYTES];
    struct shuffle shuffle;
    uint32_t *pool;
    struct cell_state c = {.count = candidates(s, b, &pool)};
    uint32_t *order = arena_array(s->arena, uint32_t, c.count + 1);
    shuffle_part(seed, s->order->seed, "cell", attempt * 1000 + cell);
    shuffle_begin(&shuffle, seed);
    shuffle_order(&shuffle, order, (uint32_t)c.count);
    for (size_t i = 0; i < c.count; i++) {
        order[i] = pool[order[i]];
        c.all_difficulty += s->order->pool[order[i]].difficulty;
    }
    c.index = order;
    for (int64_t n = 0; n < b->count; n++)
        if (!take_best(s, &c, b->part))
            return false;
    return true;
}

static void find_starving(struct solving *s, struct blueprint_solution *out)
{
    const struct blueprint *b = s->order->blueprint;
    uint32_t *pool;
    out->starving = arena_array(s->arena, struct starving_cell, b->cell_count + 1);
    for (size_t i = 0; i < b->cell_count; i++) {
        const struct blueprint_cell *c = &b->cells[i];
        int64_t have = (int64_t)candidates(s, c, &pool);
        if (have < c->count)
            out->starving[out->starving_count++] = (struct starving_cell){
                c->area, b->parts[c->part].kind, c->count, have};
    }
}

bool blueprint_solve(struct arena *a, const struct solve_order *order,
                     struct blueprint_solution *out)
{
    size_t n = (size_t)blueprint_items(order->blueprint);
    struct solving s = {.arena = a,
                        .order = order,
                        .chosen = arena_array(a, const struct item_row *, n + 1),
                        .part = arena_array(a, size_t, n + 1)};
    *out = (struct blueprint_solution){.items = s.chosen, .part = s.part};
    find_starving(&s, out);
    if (out->starving_count > 0)
        return false;
    for (uint64_t attempt = 0; attempt < SOLVE_TRIES; attempt++) {
        bool ok = true;
        struct arena *scratch = arena_create(64 << 20);
        s.arena = scratch;
        s.count = 0;
        for (size_t i = 0; i < order->blueprint->cell_count && ok; i++)
            ok = fill_cell(&s, i, attempt);
        arena_destroy(scratch);
        out->count = s.count;
        if (ok)
            return true;
    }
    out->enemies_block = true;
    return false;
}
