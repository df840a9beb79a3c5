/* paper/parallel_test.c - parallel forms out of a pool: what was asked for is kept, or refused. */
#include "paper/parallel.h"

#include <math.h>
#include <string.h>

#include "bank/bank.h"
#include "bank/parameter.h"
#include "base/arena.h"
#include "programme/programme.h"
#include "test/check.h"

struct parallel_test {
    struct arena *arena;
    struct programme_set programmes;
    struct blueprint blueprint;
    struct item_row *pool;
    int64_t *uses;
    size_t count;
};

/* EACH times what one form needs, of every cell. */
static struct parallel_test *start(size_t each)
{
    static const struct layout_part parts[] = {{"single", 20, 1000, NULL},
                                               {"true_false", 10, 1000, NULL}};
    struct arena *a = arena_create(256 << 20);
    struct parallel_test *p = arena_new(a, struct parallel_test);
    struct err e = {0};
    p->arena = a;
    CHECK_OK("programmes", programmes_load_embedded(a, &p->programmes, &e), &e);
    struct blueprint_order order = {
        programme_find(&p->programmes, "national-2023"), "theory", 4, "A", parts, 2};
    CHECK_OK("blueprint", blueprint_make(a, &order, &p->blueprint, &e), &e);
    p->pool = arena_array(a, struct item_row, 30 * each + 1);
    p->uses = arena_array(a, int64_t, 30 * each + 1);
    for (size_t c = 0; c < p->blueprint.cell_count; c++)
        for (size_t i = 0; i < (size_t)p->blueprint.cells[c].count * each; i++) {
            struct item_row *r = &p->pool[p->count];
            *r = (struct item_row){
                .code = arena_printf(a, "i%03zu", p->count),
                .kind = parts[p->blueprint.cells[c].part].kind,
                .area = p->blueprint.cells[c].area,
                .point = arena_printf(a, "p%zu", i % 3),
                .levels = arena_array(a, int64_t, 1),
                .level_count = 1,
                .difficulty = 1 + (int64_t)(p->count * 7 % 5),
            };
            r->levels[0] = 4;
            p->count++;
        }
    return p;
}

static struct parallel_order order_of(const struct parallel_test *p, size_t forms)
{
    return (struct parallel_order){.blueprint = &p->blueprint,
                                   .pool = p->pool,
                                   .pool_count = p->count,
                                   .seed = {3},
                                   .forms = forms};
}

static size_t shared(const struct blueprint_solution *x, const struct blueprint_solution *y)
{
    size_t n = 0;
    for (size_t i = 0; i < x->count; i++)
        for (size_t k = 0; k < y->count; k++)
            n += x->items[i] == y->items[k];
    return n;
}

/* Counted here again: cells exact, nothing twice, none that may not, all that must. */
static void check_form(const struct parallel_order *o, const struct blueprint_solution *s)
{
    for (size_t c = 0; c < o->blueprint->cell_count; c++) {
        int64_t n = 0;
        for (size_t i = 0; i < s->count; i++)
            n += strcmp(s->items[i]->area, o->blueprint->cells[c].area) == 0 &&
                 s->part[i] == o->blueprint->cells[c].part;
        CHECK_INT("cell", n, o->blueprint->cells[c].count);
    }
    CHECK_INT("nothing twice", shared(s, s), s->count);
    for (size_t k = 0; k < o->must_count; k++) {
        bool in = false;
        for (size_t i = 0; i < s->count; i++)
            in |= strcmp(s->items[i]->code, o->must[k]) == 0;
        CHECK("must", in);
    }
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < o->may_not_count; k++)
            CHECK("may not", strcmp(s->items[i]->code, o->may_not[k]) != 0);
}

void parallel_keeps_what_was_asked_test(void)
{
    static const char *const must[] = {"i005"}, *const may_not[] = {"i000", "i001"};
    struct parallel_test *p = start(5);
    struct parallel_forms made;
    struct parallel_order o = order_of(p, 3);
    o.must = must;
    o.must_count = 1;
    o.may_not = may_not;
    o.may_not_count = 2;
    CHECK("done", forms_assemble(p->arena, &o, &made));
    for (size_t f = 0; f < 3; f++) {
        check_form(&o, &made.forms[f]);
        CHECK("a certificate", strstr(made.certificates[f], "\"bound\":") != NULL);
        for (size_t h = 0; h < f; h++)
            CHECK_INT("only what must be", shared(&made.forms[f], &made.forms[h]), 1);
    }
    arena_destroy(p->arena);
}

void parallel_overlap_and_exposure_test(void)
{
    struct parallel_test *p = start(2);
    struct parallel_forms made;
    struct parallel_order o = order_of(p, 3);
    CHECK("shares where the bank is small", forms_assemble(p->arena, &o, &made));
    for (size_t f = 0; f < 3; f++)
        check_form(&o, &made.forms[f]);
    o.overlap_given = true;
    CHECK("not where none may be shared", !forms_assemble(p->arena, &o, &made));
    CHECK("says why", made.sentence && strstr(made.sentence, "题库不足"));
    o = order_of(p, 1);
    o.uses = p->uses;
    o.exposure = 1;
    for (size_t i = 0; i < p->count; i += 2)
        p->uses[i] = 1;
    bool done = forms_assemble(p->arena, &o, &made);
    for (size_t i = 0; done && i < made.forms[0].count; i++)
        CHECK_INT("unused ones", p->uses[made.forms[0].items[i] - p->pool], 0);
    for (size_t i = 0; i < p->count; i++)
        p->uses[i] = 1;
    CHECK("all used up", !forms_assemble(p->arena, &o, &made));
    CHECK("the cells", made.short_of.starving_count > 0);
    arena_destroy(p->arena);
}

void parallel_seeds_and_life_test(void)
{
    struct parallel_test *p = start(6);
    struct parallel_forms x, y, z;
    struct parallel_life life;
    struct parallel_order o = order_of(p, 2);
    CHECK("one", forms_assemble(p->arena, &o, &x) && forms_assemble(p->arena, &o, &y));
    CHECK_INT("same seed, same form", shared(&x.forms[0], &y.forms[0]), x.forms[0].count);
    o.seed[0] = 77;
    CHECK("two", forms_assemble(p->arena, &o, &z));
    CHECK("another seed, another form",
          shared(&x.forms[0], &z.forms[0]) < x.forms[0].count / 2);
    o.forms = 8;
    forms_life(p->arena, &o, &life);
    CHECK_INT("six times", life.forms, 6);
    CHECK("which cell ends it", life.starves != NULL);
    for (size_t i = 0; i < life.cell_count; i++)
        CHECK_INT("to be written", life.cells[i].write, 2 * life.cells[i].needed);
    arena_destroy(p->arena);
}

/* Measured items count with what was measured, the others by their class. */
void parallel_takes_what_was_measured_test(void)
{
    struct parallel_test *p = start(3);
    struct parallel_forms before, after;
    struct parallel_order o = order_of(p, 1);
    o.aim = AIM_INFORMATION;
    size_t measured = 0, chosen = 0, had = 0;
    CHECK("by classes", forms_assemble(p->arena, &o, &before));
    CHECK("all by class",
          strstr(before.certificates[0],
                 arena_printf(p->arena, "\"uncalibrated\":%zu", p->count)) != NULL);
    for (size_t i = 0; i < p->count; i += 3) {
        p->pool[i].calibrated = true; /* tells much, where it matters */
        p->pool[i].a = 2.5;
        p->pool[i].b = (double)(i / 3 % 3) - 1;
        measured++;
    }
    CHECK("with measures", forms_assemble(p->arena, &o, &after));
    CHECK("the rest by class",
          strstr(after.certificates[0],
                 arena_printf(p->arena, "\"uncalibrated\":%zu", p->count - measured)) != NULL);
    for (size_t i = 0; i < after.forms[0].count; i++) {
        chosen += after.forms[0].items[i]->calibrated;
        had += before.forms[0].items[i]->calibrated;
    }
    CHECK("it takes those that tell most", chosen > had);
    arena_destroy(p->arena);
}

/* A measured item's curve is its own; the others stand for their class. */
void form_information_basis_test(void)
{
    const struct item_parameter sharp = {.a = 2, .b = 1},
                                guessed = {.a = 1.5, .b = -0.5, .c = 0.2};
    const struct item_curve by_class[] = {{.difficulty = 3}, {.difficulty = 3}},
                            one_measured[] = {{.difficulty = 3},
                                              {.difficulty = 3, .measured = &sharp}};
    const struct item_curve with_guessing = {.difficulty = 5, .measured = &guessed};
    double class[INFORMATION_POINTS], mixed[INFORMATION_POINTS], lower[INFORMATION_POINTS];
    form_information(by_class, 2, class);
    form_information(one_measured, 2, mixed);
    for (int k = 0; k < INFORMATION_POINTS; k++) {
        double p = 1 / (1 + exp(-2 * (-3 + 0.5 * k - 1)));
        CHECK_NEAR("half by class, the other as measured", mixed[k],
                   class[k] / 2 + 4 * p * (1 - p), 1e-12);
    }
    form_information(&with_guessing, 1, lower);
    for (int k = 0; k < INFORMATION_POINTS; k++) {
        double p = 0.2 + 0.8 / (1 + exp(-1.5 * (-3 + 0.5 * k + 0.5))), above = (p - 0.2) / 0.8;
        CHECK_NEAR("guessing tells less", lower[k], 2.25 * above * above * (1 - p) / p, 1e-12);
    }
}
