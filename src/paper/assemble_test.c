/* paper/assemble_test.c - small banks against exhaustive search; what the proof and the re-check are
 * worth; what is refused, in words. */
#include "paper/assemble.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "test/check.h"

enum { ARENA = 1 << 30, TEXT = 1 << 16 };

struct chance {
    uint64_t state;
};

static double uniform(struct chance *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

struct small {
    struct arena *arena;
    struct assembly_bank bank;
    struct assembly_blueprint blueprint;
    struct assembly_order order;
};

static struct bytes text_of(const char *s)
{
    return (struct bytes){(const unsigned char *)s, strlen(s)};
}

/* A bank of n items over two areas and two types, with an enemy pair or two. */
static const char *random_bank(struct arena *a, struct chance *c, int n)
{
    const char *text = "id,area,type,a,b,minutes,enemy\n";
    for (int i = 0; i < n; i++) {
        /* One after the other: the order of arguments is the compiler's. */
        int area = (int)(2 * uniform(c)), type = (int)(2 * uniform(c));
        double slope = 0.5 + uniform(c), place = 4 * uniform(c);
        double minutes = 1 + 2 * uniform(c);
        int enemy = uniform(c) < 0.4 ? (int)(2 * uniform(c)) : -1;
        text = arena_printf(a, "%si%d,%d,%d,%.4f,%.4f,%.2f,%d\n", text, i, area, type, slope,
                            place - 2, minutes, enemy);
    }
    return text;
}

static void open_small(struct small *s, const char *bank, const char *blueprint, size_t forms)
{
    struct err e = {0};
    CHECK("bank", assembly_bank_read(s->arena, text_of(bank), &s->bank, &e));
    bool ok = assembly_blueprint_read(s->arena, text_of(blueprint), forms, &s->bank,
                                      &s->blueprint, &e);
    CHECK(e.text, ok);
    s->order = (struct assembly_order){
        .bank = &s->bank, .blueprint = &s->blueprint, .seed = 7, .gap = 1e-6, .steps = 60000};
}

/* --- exhaustive ---------------------------------------------------------------------------------- */
struct trying {
    struct small *s;
    struct assembly_result result;
    uint32_t form[2][8];
    size_t size, forms, feasible;
    double best;
};

static void try_all(struct trying *t, size_t form, size_t place, uint32_t from)
{
    if (place == t->size && form + 1 < t->forms) {
        try_all(t, form + 1, 0, 0);
        return;
    }
    if (place == t->size) {
        double y;
        struct arena *a = arena_create(1 << 20);
        if (assembly_recheck(a, &t->s->order, &t->result, &y, NULL) == 0) {
            t->feasible++;
            t->best = fmax(t->best, y);
        }
        arena_destroy(a);
        return;
    }
    for (uint32_t i = from; i < t->s->bank.count; i++) {
        t->form[form][place] = i;
        try_all(t, form, place + 1, i + 1);
    }
}

static double best_of_all(struct small *s, size_t size, size_t *feasible)
{
    struct trying t = {.s = s, .size = size, .forms = s->blueprint.forms, .best = -INFINITY};
    const uint32_t *forms[] = {t.form[0], t.form[1]};
    size_t sizes[] = {size, size}, types[] = {0, 0};
    t.result = (struct assembly_result){
        .forms = forms, .form_size = sizes, .form_type = types, .feasible = true};
    try_all(&t, 0, 0, 0);
    *feasible = t.feasible;
    return t.best;
}

static const struct {
    const char *blueprint;
    int items;
    size_t size, forms;
} kinds[] = {
    {"{\"theta\":[-1,0,1],\"r\":[0.8,1,0.8],\"upper\":1.6,\"items_per_form\":4,"
     "\"area_counts\":[2,2],\"type_max\":[3,3],\"minutes\":[6,9]}",
     14, 4, 1},
    {"{\"theta\":[0],\"upper\":1.2,\"items_per_form\":2,\"area_counts\":[1,1]}", 9, 2, 2},
    {"{\"objective\":\"maximum\",\"D\":1.7,\"theta\":[0],\"items_per_form\":5,"
     "\"minutes\":[9,11]}",
     13, 5, 1},
    {"{\"objective\":\"target\",\"theta\":[-0.5,0.5],\"target\":[0.6,0.6],"
     "\"items_per_form\":4,\"type_counts\":{\"0\":[1,3]}}",
     13, 4, 1},
    {"{\"theta\":[0],\"upper\":1.5,\"items_per_form\":2,\"overlap\":{\"uses\":2,\"pair\":1}}",
     8, 2, 2},
};

static void check_against_all(const char *blueprint, int items, size_t size, size_t forms,
                              uint64_t seed, int *found)
{
    struct small s = {.arena = arena_create(ARENA)};
    struct chance c = {seed};
    size_t feasible;
    struct assembly_result r;
    open_small(&s, random_bank(s.arena, &c, items), blueprint, forms);
    double best = best_of_all(&s, size, &feasible);
    assemble(s.arena, &s.order, &r);
    if (feasible == 0)
        CHECK("nothing is found where nothing is", !r.feasible);
    if (feasible > 0) {
        CHECK("what exists is not proved away", !r.proved_infeasible);
        CHECK("the bound is never below the optimum", r.bound >= best - 1e-9 || !r.feasible);
    }
    if (r.feasible) {
        CHECK_INT("found forms hold", r.violations, 0);
        CHECK("not better than the best", r.objective <= best + 1e-9);
        ++*found;
    }
    s.order.cbc = "/usr/bin/cbc";
    assemble(s.arena, &s.order, &r);
    CHECK_INT("exact: feasible as it is", r.feasible, feasible > 0);
    if (r.feasible && r.bound_by_search)
        CHECK("exact: the optimum", fabs(r.objective - best) < 1e-6);
    arena_destroy(s.arena);
}

void assemble_small_exhaustive_test(void)
{
    int found = 0, tried = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (uint64_t seed = 1; seed <= 4; seed++, tried++)
            check_against_all(kinds[k].blueprint, kinds[k].items, kinds[k].size, kinds[k].forms,
                              seed, &found);
    CHECK("the search finds most of them by itself", found * 4 >= tried * 2);
}

/* --- the re-check ---------------------------------------------------------------------------------- */
static const char bank_text[] =
    "id,area,type,a,b,minutes,enemy\n"
    "p,A,x,1,0,1,-1\nq,A,x,1,0.1,1,1\nr,A,y,1,-0.1,1,1\ns,B,x,1,0,1,-1\nt,B,y,1,0.2,1,-1\n"
    "u,B,y,1,0,1,-1\nv,A,x,1,0,1,-1\nw,B,x,1,0,1,-1\n";
static const char blueprint_text[] =
    "{\"theta\":[0],\"upper\":1.2,\"items_per_form\":2,\"area_counts\":{\"A\":1,\"B\":1},"
    "\"type_counts\":{\"x\":1,\"y\":1},\"minutes\":[2,2],\"may_not\":[\"w\"],"
    "\"sections\":[{\"name\":\"one\",\"types\":[\"x\"]},{\"name\":\"two\",\"types\":[\"y\"]}]}";

static const struct {
    const char *what;
    uint32_t forms[2][3];
    size_t size;
    bool good;
} planted[] = {
    {"as it should be", {{0, 4}, {3, 2}}, 2, true},
    {"an item in two forms", {{0, 4}, {0, 5}}, 2, false},
    {"an item twice", {{0, 0}, {3, 2}}, 2, false},
    {"a wrong area", {{0, 2}, {3, 4}}, 2, false},
    {"a wrong type", {{0, 3}, {1, 4}}, 2, false},
    {"sections out of order", {{4, 0}, {3, 2}}, 2, false},
    {"one too many", {{0, 4, 5}, {3, 2, 1}}, 3, false},
    {"enemies", {{1, 2}, {3, 4}}, 2, false},
    {"what may not be in", {{7, 2}, {0, 4}}, 2, false},
};

void assemble_recheck_finds_planted_test(void)
{
    struct small s = {.arena = arena_create(ARENA)};
    open_small(&s, bank_text, blueprint_text, 2);
    for (size_t i = 0; i < sizeof planted / sizeof *planted; i++) {
        const uint32_t *forms[] = {planted[i].forms[0], planted[i].forms[1]};
        size_t sizes[] = {planted[i].size, planted[i].size}, types[] = {0, 0};
        struct assembly_result r = {.forms = forms, .form_size = sizes, .form_type = types};
        double y;
        size_t n = assembly_recheck(s.arena, &s.order, &r, &y, NULL);
        CHECK_INT(planted[i].what, n == 0, planted[i].good);
    }
    arena_destroy(s.arena);
}

/* --- larger things: exposure, must, kinds of forms, shared items ------------------------------------ */
static const struct {
    const char *what, *blueprint;
    size_t forms;
    bool feasible;
} wide[] = {
    {"two kinds of form",
     "{\"theta\":[0],\"upper\":1.5,\"form_types\":[{\"name\":\"short\",\"forms\":2,"
     "\"items_per_form\":4,\"r\":[0.5]},{\"name\":\"long\",\"forms\":1,\"items_per_form\":8,"
     "\"r\":[1],\"area_counts\":{\"0\":4,\"1\":4}}]}",
     0, true},
    {"an anchor in every form",
     "{\"theta\":[0],\"upper\":1.5,\"items_per_form\":6,\"must\":[\"i6\",\"i7\"]}", 3, true},
    {"shared items, few by pair",
     "{\"theta\":[0],\"upper\":1.5,\"items_per_form\":8,\"overlap\":{\"uses\":2,\"pair\":2}}",
     5, true},
    {"sizes that may vary",
     "{\"theta\":[0],\"upper\":2,\"items_per_form\":[5,7],\"minutes\":[11,13]}", 2, true},
    {"no objective", "{\"items_per_form\":6,\"area_counts\":[3,3]}", 3, true},
    {"one of a set",
     "{\"theta\":[0],\"items_per_form\":5,\"at_most_one\":[[\"i0\",\"i1\","
     "\"i2\"]],\"limits\":[{\"items\":[\"i0\",\"i1\",\"i2\"],\"min\":1}]}",
     2, true},
    {"two of a set of one at most",
     "{\"theta\":[0],\"items_per_form\":5,\"at_most_one\":[[\"i0\",\"i1\",\"i2\"]],"
     "\"limits\":[{\"label\":\"two\",\"items\":[\"i0\",\"i1\",\"i2\"],\"min\":2}]}",
     1, false},
    {"minutes that no six items have",
     "{\"theta\":[0],\"items_per_form\":6,\"minutes\":[60,70]}", 1, false},
    {"more forms than items", "{\"theta\":[0],\"items_per_form\":10}", 6, false},
};

void assemble_wide_test(void)
{
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        struct small s = {.arena = arena_create(ARENA)};
        struct chance c = {99};
        struct assembly_result r;
        open_small(&s, random_bank(s.arena, &c, 40), wide[i].blueprint, wide[i].forms);
        s.order.gap = 0.05;
        s.order.steps = 2000000;
        assemble(s.arena, &s.order, &r);
        CHECK_INT(wide[i].what, r.feasible, wide[i].feasible);
        CHECK_INT(wide[i].what, r.violations, 0);
        if (!wide[i].feasible) {
            CHECK(wide[i].what, r.proved_infeasible);
            CHECK(wide[i].what, r.cell_count + r.row_count > 0);
        }
        arena_destroy(s.arena);
    }
}

/* The conflict of "two" with the set is named, and nothing that could stay is. */
void assemble_names_the_conflict_test(void)
{
    struct small s = {.arena = arena_create(ARENA)};
    struct chance c = {99};
    struct assembly_result r;
    open_small(&s, random_bank(s.arena, &c, 40), wide[6].blueprint, 1);
    assemble(s.arena, &s.order, &r);
    CHECK_INT("two conditions conflict", r.row_count, 2);
    CHECK("the limit", strcmp(r.rows[0], "two") == 0);
    CHECK("the set", strcmp(r.rows[1], "at_most_one/0") == 0);
    arena_destroy(s.arena);
}

void assemble_same_seed_same_forms_test(void)
{
    struct small s = {.arena = arena_create(ARENA)};
    struct chance c = {5};
    struct assembly_result x, y;
    open_small(&s, random_bank(s.arena, &c, 200),
               "{\"theta\":[-1,0,1],\"items_per_form\":20,\"area_counts\":[10,10]}", 4);
    s.order.steps = 300000;
    assemble(s.arena, &s.order, &x);
    assemble(s.arena, &s.order, &y);
    CHECK("found", x.feasible && y.feasible);
    for (size_t f = 0; f < 4; f++)
        CHECK("the same", memcmp(x.forms[f], y.forms[f], 20 * sizeof *x.forms[f]) == 0);
    arena_destroy(s.arena);
}

/* --- what is refused --------------------------------------------------------------------------------- */
static const struct {
    const char *what, *bank, *blueprint, *field;
} refused[] = {
    {"a missing", "id,area,a,b\n1,A,,0\n", NULL, "bank:2"},
    {"b missing", "id,area,a,b\n1,A,1,\n", NULL, "bank:2"},
    {"b no number", "id,area,a,b\n1,A,1,x\n", NULL, "bank:2"},
    {"b not finite", "id,area,a,b\n1,A,1,nan\n", NULL, "bank:2"},
    {"a negative", "id,area,a,b\n1,A,-1,0\n", NULL, "bank:2"},
    {"area missing", "id,area,a,b\n1,,1,0\n", NULL, "bank:2"},
    {"no items", "id,area,a,b\n", NULL, "bank"},
    {"an id twice", "id,area,a,b\n1,A,1,0\n1,A,1,0\n", NULL, "bank"},
    {"more cells than headings", "id,area,a,b\n1,A,1,0,7\n", NULL, "bank:2"},
    {"no UTF-8", "id,area,a,b\n1,\xB9\xE3,1,0\n", NULL, "file"},
    {"no object", "{\"id\":\"1\",\"area\":\"A\",\"a\":1,\"b\":0}\n[]\n", NULL, "bank:2"},
    {"unknown member", NULL, "{\"items_per_form\":1,\"colour\":2}", "colour"},
    {"an empty area", NULL, "{\"items_per_form\":1,\"area_counts\":{\"Z\":1}}", "area/Z"},
    {"a range upside down", NULL, "{\"items_per_form\":2,\"type_counts\":{\"x\":[2,1]}}",
     "type/x"},
    {"no whole number between", NULL,
     "{\"items_per_form\":2,\"type_counts\":{\"x\":[1.2,1.8]}}", "type/x"},
    {"areas beyond the form", NULL, "{\"items_per_form\":2,\"area_counts\":{\"A\":2,\"B\":1}}",
     "area_counts"},
    {"no size", NULL, "{\"theta\":[0]}", "items_per_form"},
    {"D", NULL, "{\"theta\":[0],\"D\":2,\"items_per_form\":1}", "D"},
    {"ratios", NULL, "{\"theta\":[0,1],\"r\":[1],\"items_per_form\":1}", "r"},
    {"an enemy that is not there", NULL, "{\"items_per_form\":1,\"enemies\":[[\"p\",\"zz\"]]}",
     "enemies/0"},
    {"no JSON", NULL, "{", ""},
};

void assemble_refuses_test(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct arena *a = arena_create(ARENA);
        struct assembly_bank bank;
        struct assembly_blueprint b;
        struct err e = {0};
        const char *text = refused[i].bank ? refused[i].bank : bank_text;
        bool ok = assembly_bank_read(a, text_of(text), &bank, &e);
        if (refused[i].blueprint) {
            CHECK(refused[i].what, ok);
            ok = assembly_blueprint_read(a, text_of(refused[i].blueprint), 1, &bank, &b, &e);
        }
        CHECK(refused[i].what, !ok);
        CHECK_INT(refused[i].what, e.code, ERR_INVALID);
        if (strncmp(e.field, refused[i].field, strlen(refused[i].field)) != 0)
            print_error("%s: field is %s\n", refused[i].what, e.field);
        CHECK(refused[i].what,
              strncmp(e.field, refused[i].field, strlen(refused[i].field)) == 0);
        arena_destroy(a);
    }
}

/* --- published: eatATA's minimal example, its optimum and items ------------------------------------- */
void assemble_published_test(void)
{
    static const char *const want[] = {"8",  "14", "15", "20", "22",
                                       "24", "25", "26", "28", "29"};
    struct arena *a = arena_create(ARENA);
    struct bytes bank_file = {NULL, 0}, blueprint_file = {NULL, 0};
    struct assembly_bank bank;
    struct assembly_blueprint b;
    struct assembly_result r;
    struct err e = {0};
    CHECK("files", file_read(a, "data/golden/ata_items_mini.csv", TEXT, &bank_file, &e) &&
                       file_read(a, "data/golden/ata_minimal.json", TEXT, &blueprint_file, &e));
    CHECK("read", assembly_bank_read(a, bank_file, &bank, &e) &&
                      assembly_blueprint_read(a, blueprint_file, 1, &bank, &b, &e));
    struct assembly_order order = {.bank = &bank, .blueprint = &b, .cbc = "/usr/bin/cbc"};
    assemble(a, &order, &r);
    CHECK("exact", r.feasible && r.bound_by_search);
    CHECK("the published optimum", fabs(r.objective - 6.729573876362) < 1e-9);
    for (size_t i = 0; i < 10; i++)
        CHECK("the published items", strcmp(bank.items[r.forms[0][i]].id, want[i]) == 0);
    arena_destroy(a);
}
