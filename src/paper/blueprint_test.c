/* paper/blueprint_test.c - exact cells on the national standard and the starter bank. */
#include "paper/blueprint.h"

#include <string.h>

#include "bank/pool.h"
#include "base/arena.h"
#include "programme/programme.h"
#include "test/check.h"

static const struct programme *national(struct arena *a)
{
    struct err e = {0};
    struct programme_set set;
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    return programme_find(&set, "national-2023");
}

/* Sums of rows are exact, cells and columns are their share rounded down or up, on every layout of
 * a small domain. */
void blueprint_round_test(void)
{
    static const int64_t percents[][5] = {{5, 10, 15, 40, 30},
                                          {33, 33, 34, 0, 0},
                                          {1, 1, 1, 1, 96},
                                          {20, 20, 20, 20, 20},
                                          {7, 13, 29, 31, 20}};
    struct arena *a = arena_create(256 << 20);
    for (size_t p = 0; p < sizeof percents / sizeof *percents; p++)
        for (int64_t x = 1; x <= 21; x += 2)
            for (int64_t y = 1; y <= 13; y++)
                for (int64_t z = 1; z <= 7; z++) {
                    const int64_t sums[3] = {x, y, z};
                    int64_t cells[15] = {0};
                    blueprint_round(a, sums, 3, percents[p], 5, cells);
                    for (size_t r = 0; r < 3; r++) {
                        int64_t sum = 0;
                        for (size_t c = 0; c < 5; c++) {
                            int64_t off = cells[r * 5 + c] * 100 - sums[r] * percents[p][c];
                            CHECK("a cell is its share, down or up", off > -100 && off < 100);
                            sum += cells[r * 5 + c];
                        }
                        CHECK_INT("a row keeps its sum", sum, sums[r]);
                    }
                    for (size_t c = 0; c < 5; c++) {
                        int64_t off = (cells[c] + cells[5 + c] + cells[10 + c]) * 100 -
                                      (x + y + z) * percents[p][c];
                        CHECK("a column is near its share", off > -100 && off < 100);
                    }
                }
    arena_destroy(a);
}

void blueprint_is_the_weight_table_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct blueprint b;
    struct blueprint_order order = {
        .programme = national(a), .component = "theory", .level = 4, .direction = "A"};
    CHECK_OK("made", blueprint_make(a, &order, &b, &e), &e);
    CHECK_INT("items", blueprint_items(&b), 100);
    CHECK_INT("marks", blueprint_millimarks(&b), 100000);
    static const struct {
        const char *area;
        int64_t counts[3]; /* 60 single, 20 multiple, 20 true or false */
    } want[] = {
        {"B2.1", {3, 1, 1}}, {"B2.2", {6, 2, 2}}, {"F4.1", {9, 3, 3}}, {"F4.2", {24, 8, 8}}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        for (size_t part = 0; part < 3; part++) {
            int64_t got = 0;
            for (size_t c = 0; c < b.cell_count; c++)
                if (b.cells[c].part == part && strcmp(b.cells[c].area, want[i].area) == 0)
                    got += b.cells[c].count;
            CHECK_INT(want[i].area, got, want[i].counts[part]);
        }
    arena_destroy(a);
}

void blueprint_refuses_test(void)
{
    static const struct layout_part strange[] = {{"essay", 1, 1000, NULL}},
                                    none[] = {{"single", 0, 1000, NULL}},
                                    twice[] = {{"single", 1, 1000, NULL},
                                               {"single", 1, 1000, NULL}};
    struct arena *a = arena_create(64 << 20);
    const struct programme *p = national(a);
    const struct {
        const char *what;
        struct blueprint_order order;
        enum err_code code;
        const char *field;
    } cases[] = {
        {"strange kind", {p, "theory", 4, "A", strange, 1}, ERR_INVALID, "/layout/0/kind"},
        {"no items", {p, "theory", 4, "A", none, 1}, ERR_INVALID, "/layout/0/count"},
        {"a kind twice", {p, "theory", 4, "A", twice, 2}, ERR_INVALID, "/layout/1/kind"},
        {"no such component", {p, "oral", 4, "A", NULL, 0}, ERR_INVALID, "/component"},
        {"no weights", {p, "review", 2, "A", NULL, 0}, ERR_RULE, "/component"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct blueprint b;
        CHECK_INT(cases[i].what, blueprint_make(a, &cases[i].order, &b, &e), false);
        CHECK_INT(cases[i].what, e.code, cases[i].code);
        CHECK_TEXT(cases[i].what, e.field, cases[i].field);
    }
    struct err e = {0};
    struct blueprint b;
    struct blueprint_order wrong_level = {p, "theory", 9, "A", NULL, 0};
    CHECK_INT("no such level", blueprint_make(a, &wrong_level, &b, &e), false);
    arena_destroy(a);
}

static void check_form(const struct blueprint *b, const struct blueprint_solution *s)
{
    CHECK_INT("all items", s->count, blueprint_items(b));
    for (size_t c = 0; c < b->cell_count; c++) {
        int64_t n = 0;
        for (size_t i = 0; i < s->count; i++)
            n += s->part[i] == b->cells[c].part &&
                 strcmp(s->items[i]->area, b->cells[c].area) == 0 &&
                 strcmp(s->items[i]->kind, b->parts[s->part[i]].kind) == 0;
        CHECK_INT(b->cells[c].area, n, b->cells[c].count);
    }
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->count; k++) {
            CHECK("no item twice", i == k || s->items[i] != s->items[k]);
            for (size_t n = 0; n < s->items[i]->enemy_count; n++)
                CHECK("no enemies", strcmp(s->items[i]->enemies[n], s->items[k]->code) != 0);
        }
}

/* A whole paper for each direction of levels 4 and 3 from the starter bank (ITEMS: the first day),
 * the same one from the same seed, another one from another. */
void blueprint_starter_bank_test(void)
{
    static const struct {
        int64_t level;
        const char *direction;
    } columns[] = {{4, "A"}, {4, "B"}, {4, "C"}, {4, "D"}, {3, "A"},
                   {3, "B"}, {3, "C"}, {3, "D"}, {3, "E"}};
    struct arena *a = arena_create(512 << 20);
    const struct programme *p = national(a);
    struct err e = {0};
    struct pool pool;
    CHECK_OK("bank", pool_embedded(a, p, &pool, &e), &e);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct blueprint b;
        struct blueprint_solution s, again, other;
        struct blueprint_order order = {p,    "theory", columns[i].level, columns[i].direction,
                                        NULL, 0};
        CHECK_OK("blueprint", blueprint_make(a, &order, &b, &e), &e);
        struct solve_order solve = {
            .blueprint = &b, .pool = pool.rows, .pool_count = pool.count, .seed = {1}};
        if (!blueprint_solve(a, &solve, &s))
            fail_msg("%lld%s: %s", (long long)columns[i].level, columns[i].direction,
                     starving_sentence(a, &b, &s));
        check_form(&b, &s);
        CHECK("again", blueprint_solve(a, &solve, &again));
        CHECK_INT("the same", memcmp(s.items, again.items, s.count * sizeof *s.items), 0);
        solve.seed[0] = 2;
        CHECK("another", blueprint_solve(a, &solve, &other));
        check_form(&b, &other);
        CHECK("another seed, another form",
              memcmp(s.items, other.items, s.count * sizeof *s.items) != 0);
    }
    arena_destroy(a);
}

void blueprint_names_starving_cells_test(void)
{
    static const struct layout_part layout[] = {{"numeric", 40, 1000, NULL}};
    struct arena *a = arena_create(512 << 20);
    const struct programme *p = national(a);
    struct err e = {0};
    struct pool pool;
    struct blueprint b;
    struct blueprint_solution s;
    struct blueprint_order order = {p, "theory", 4, "C", layout, 1};
    CHECK_OK("bank", pool_embedded(a, p, &pool, &e), &e);
    CHECK_OK("blueprint", blueprint_make(a, &order, &b, &e), &e);
    struct solve_order solve = {.blueprint = &b, .pool = pool.rows, .pool_count = pool.count};
    CHECK_INT("cannot be done", blueprint_solve(a, &solve, &s), false);
    CHECK("cells are named", s.starving_count > 0);
    CHECK_TEXT("the first", s.starving[0].area, "B2.1");
    CHECK_INT("needed", s.starving[0].needed, 2);
    CHECK("in words", strstr(starving_sentence(a, &b, &s), "职业道德 × 计算题 需要 2 题"));
    arena_destroy(a);
}

/* Enough items, but all of them exclude each other. */
void blueprint_enemies_block_test(void)
{
    static const struct layout_part layout[] = {{"single", 20, 1000, NULL}};
    struct arena *a = arena_create(64 << 20);
    struct blueprint b;
    struct err e = {0};
    struct blueprint_order order = {national(a), "theory", 4, "A", layout, 1};
    CHECK_OK("blueprint", blueprint_make(a, &order, &b, &e), &e);
    static const char *all[] = {"i0", "i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9"};
    struct item_row rows[60];
    int64_t level = 4;
    for (size_t i = 0; i < 60; i++) {
        const char *area = b.cells[i % b.cell_count].area;
        rows[i] = (struct item_row){.code = arena_printf(a, "i%zu", i),
                                    .kind = "single",
                                    .area = area,
                                    .point = area,
                                    .levels = &level,
                                    .level_count = 1,
                                    .difficulty = 2};
    }
    struct solve_order solve = {.blueprint = &b, .pool = rows, .pool_count = 60};
    struct blueprint_solution s;
    CHECK("without enemies", blueprint_solve(a, &solve, &s));
    for (size_t i = 0; i < 60; i++) {
        rows[i].enemies = all;
        rows[i].enemy_count = i < 10 ? 0 : 10;
    }
    CHECK("some", blueprint_solve(a, &solve, &s));
    check_form(&b, &s);
    for (size_t i = 0; i < 60; i++) {
        rows[i].enemies = arena_array(a, const char *, 60);
        for (size_t k = 0; k < 60; k++)
            rows[i].enemies[k] = k == i ? "" : rows[k].code;
        rows[i].enemy_count = 60;
    }
    CHECK_INT("all of them", blueprint_solve(a, &solve, &s), false);
    CHECK("said so", s.enemies_block && s.starving_count == 0);
    arena_destroy(a);
}
