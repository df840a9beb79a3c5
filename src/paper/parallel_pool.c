/* paper/parallel_pool.c - a blueprint and a pool as the assembly wants them. */
#include <stdio.h>
#include <string.h>

#include "bank/bank.h"
#include "bank/kind.h"
#include "base/arena.h"
#include "paper/parallel_make.h"
#include "programme/programme.h"

enum { SPREAD_ROWS_MAX = 250 };
const double parallel_theta[PARALLEL_THETAS] = {-1, 0, 1};

static bool names(const char *const *list, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], code) == 0)
            return true;
    return false;
}

static size_t cell_of(const struct blueprint *b, const struct item_row *r)
{
    struct item_meta m = {.levels = r->levels,
                          .level_count = r->level_count,
                          .directions = (const char *const *)r->directions,
                          .direction_count = r->direction_count};
    if (!item_serves(&m, b->level, b->direction))
        return b->cell_count;
    for (size_t i = 0; i < b->cell_count; i++)
        if (strcmp(b->cells[i].area, r->area) == 0 &&
            strcmp(b->parts[b->cells[i].part].kind, r->kind) == 0)
            return i;
    return b->cell_count;
}

static void add_item(struct making *m, const struct item_row *r, size_t cell, int64_t uses)
{
    struct assembly_item *it = &m->bank.items[m->bank.count];
    const char **tags = arena_array(m->arena, const char *, 1);
    char class[24];
    tags[0] = r->point;
    snprintf(class, sizeof class, "%lld", (long long)r->difficulty);
    *it = (struct assembly_item){.id = r->code,
                                 .area = r->area,
                                 .type = r->kind,
                                 .cognitive = r->cognitive,
                                 .difficulty = arena_text(m->arena, class),
                                 .points = 1,
                                 .uses = uses,
                                 .tags = tags,
                                 .tag_count = 1,
                                 .enemies = (const char *const *)r->enemies,
                                 .enemy_count = r->enemy_count};
    assembly_fallback(it->difficulty, it);
    if (r->calibrated) {
        it->a = r->a;
        it->b = r->b;
        it->c = r->c;
        it->calibrated = true;
    }
    m->bank.uncalibrated += !r->calibrated;
    m->rows[m->bank.count] = r;
    m->cell[m->bank.count] = cell;
    m->avoided[m->bank.count++] = names(m->order->avoid, m->order->avoid_count, r->code);
}

/* Whoever ties in the relaxation is taken by its place in the list: so the list is in the seed's
 * order, or every set of forms would begin with the same items. */
void parallel_pool(struct making *m)
{
    const struct parallel_order *o = m->order;
    uint32_t *turn = arena_array(m->arena, uint32_t, o->pool_count + 1);
    unsigned char seed[SEED_BYTES];
    struct shuffle shuffle;
    shuffle_part(seed, o->seed, "pool", 0);
    shuffle_begin(&shuffle, seed);
    shuffle_order(&shuffle, turn, (uint32_t)o->pool_count);
    m->rows = arena_array(m->arena, const struct item_row *, o->pool_count + 1);
    m->cell = arena_array(m->arena, size_t, o->pool_count + 1);
    m->avoided = arena_array(m->arena, bool, o->pool_count + 1);
    m->bank.items = arena_array(m->arena, struct assembly_item, o->pool_count + 1);
    m->bank.has_points = true;
    m->stock = arena_array(m->arena, struct cell_stock, o->blueprint->cell_count + 1);
    for (size_t i = 0; i < o->pool_count; i++) {
        const struct item_row *r = &o->pool[turn[i]];
        int64_t uses = o->uses ? o->uses[turn[i]] : 0;
        size_t cell = cell_of(o->blueprint, r);
        bool must = names(o->must, o->must_count, r->code);
        if (cell == o->blueprint->cell_count || names(o->may_not, o->may_not_count, r->code) ||
            (!must && o->exposure > 0 && uses >= o->exposure))
            continue;
        add_item(m, r, cell, uses);
        struct cell_stock *s = &m->stock[cell];
        s->have++;
        s->fresh += !m->avoided[m->bank.count - 1];
        for (size_t k = 0; k < PARALLEL_THETAS; k++)
            s->information[k] += assembly_information(&m->bank.items[m->bank.count - 1], 1,
                                                      parallel_theta[k]);
    }
}

bool parallel_starving(struct making *m)
{
    const struct blueprint *b = m->order->blueprint;
    struct blueprint_solution *s = &m->out->short_of;
    s->starving = arena_array(m->arena, struct starving_cell, b->cell_count + 1);
    for (size_t i = 0; i < b->cell_count; i++)
        if (m->stock[i].have < b->cells[i].count)
            s->starving[s->starving_count++] = (struct starving_cell){
                b->cells[i].area, b->parts[b->cells[i].part].kind, b->cells[i].count,
                m->stock[i].have};
    if (s->starving_count > 0)
        m->out->sentence = starving_sentence(m->arena, b, s);
    return s->starving_count > 0;
}

/* --- the blueprint as the assembly has it ------------------------------------------------------- */
static struct assembly_limit *limit_new(struct making *m, struct assembly_type *t)
{
    t->limits = arena_grow(m->arena, t->limits, t->limit_count, t->limit_count + 1,
                           sizeof *t->limits);
    t->limits[t->limit_count] = (struct assembly_limit){0};
    return &t->limits[t->limit_count++];
}

static void add_cells(struct making *m, struct assembly_type *t)
{
    const struct blueprint *b = m->order->blueprint;
    for (size_t i = 0; i < b->cell_count; i++) {
        struct assembly_limit *l = limit_new(m, t);
        const char **kind = arena_array(m->arena, const char *, 1);
        kind[0] = b->parts[b->cells[i].part].kind;
        l->label = arena_printf(m->arena, "%s × %s",
                                programme_area_name(b->programme, b->cells[i].area),
                                item_kind_find(kind[0])->label);
        l->area = b->cells[i].area;
        l->types = kind;
        l->type_count = 1;
        l->lo = l->hi = (double)b->cells[i].count;
    }
}

struct spread_point {
    const char *area, *name;
};

/* No point of an area more often than an even spread needs. */
static void add_spread(struct making *m, struct assembly_type *t)
{
    const struct blueprint *b = m->order->blueprint;
    struct spread_point *points = arena_array(m->arena, struct spread_point, m->bank.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < m->bank.count; i++) {
        size_t k = 0;
        while (k < count && (strcmp(points[k].area, m->rows[i]->area) != 0 ||
                             strcmp(points[k].name, m->rows[i]->point) != 0))
            k++;
        if (k == count)
            points[count++] = (struct spread_point){m->rows[i]->area, m->rows[i]->point};
    }
    for (size_t i = 0; i < count && t->limit_count < SPREAD_ROWS_MAX; i++) {
        int64_t asked = 0, of_area = 0;
        for (size_t k = 0; k < count; k++)
            of_area += strcmp(points[k].area, points[i].area) == 0;
        for (size_t k = 0; k < b->cell_count; k++)
            asked += strcmp(b->cells[k].area, points[i].area) == 0 ? b->cells[k].count : 0;
        struct assembly_limit *l = limit_new(m, t);
        l->label = arena_printf(m->arena, "知识点 %s", points[i].name);
        l->area = points[i].area;
        l->tag = points[i].name;
        int64_t share = (asked + of_area - 1) / of_area; /* rounded up */
        l->hi = (double)share;
    }
}

static void set_aim(struct making *m, struct assembly_type *t)
{
    const struct blueprint *b = m->order->blueprint;
    m->blueprint.objective = m->order->aim == AIM_INFORMATION ? OBJECTIVE_MAXIMIN
                                                              : OBJECTIVE_TARGET;
    m->blueprint.metric = 1;
    m->blueprint.upper = 1.05;
    m->blueprint.theta_count = PARALLEL_THETAS;
    for (size_t k = 0; k < PARALLEL_THETAS; k++) {
        m->blueprint.theta[k] = parallel_theta[k];
        for (size_t i = 0; i < b->cell_count; i++)
            t->r[k] += (double)b->cells[i].count * m->stock[i].information[k] /
                       (double)m->stock[i].have;
    }
}

/* How many of the forms an item must serve where no overlap was asked for. */
int64_t parallel_uses(const struct making *m)
{
    const struct blueprint *b = m->order->blueprint;
    int64_t forms = (int64_t)m->order->forms, uses = 1;
    for (size_t i = 0; i < b->cell_count; i++) {
        int64_t need = (b->cells[i].count * forms + m->stock[i].have - 1) / m->stock[i].have;
        uses = need > uses ? need : uses;
    }
    return uses;
}

static void list_avoided(struct making *m)
{
    const struct blueprint *b = m->order->blueprint;
    const char **out = arena_array(m->arena, const char *, m->bank.count + 1);
    for (size_t i = 0; i < m->bank.count; i++) {
        size_t c = m->cell[i];
        if (m->avoided[i] &&
            m->stock[c].fresh >= b->cells[c].count * (int64_t)m->order->forms &&
            !names(m->order->must, m->order->must_count, m->rows[i]->code))
            out[m->blueprint.may_not_count++] = m->rows[i]->code;
    }
    m->blueprint.may_not = out;
}

void parallel_blueprint(struct making *m, bool spread, bool apart, int64_t uses)
{
    const struct parallel_order *o = m->order;
    struct assembly_type *t = &m->blueprint.types[0];
    m->blueprint = (struct assembly_blueprint){.type_count = 1,
                                               .forms = o->forms,
                                               .must = o->must,
                                               .must_count = o->must_count,
                                               .exposure = o->exposure > 0 ? o->exposure : -1,
                                               .uses = uses,
                                               .pair = -1};
    t->name = "";
    t->forms = o->forms;
    t->size_lo = t->size_hi = (size_t)blueprint_items(o->blueprint);
    if (o->overlap_given) {
        m->blueprint.uses = o->overlap > 0 ? (int64_t)o->forms : 1;
        m->blueprint.pair = o->overlap;
    }
    add_cells(m, t);
    if (spread)
        add_spread(m, t);
    if (apart)
        list_avoided(m);
    set_aim(m, t);
    m->spread = spread;
    m->kept_apart = apart;
}
