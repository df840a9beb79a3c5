/* paper/assemble_members_test.c - every condition that a blueprint file can state: asked alone it holds
 * in forms that are counted here, from the bank's text; asked beyond the bank it is named. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble.h"
#include "test/check.h"

enum { ARENA = 1 << 28, ITEMS = 24 };

enum look {
    LOOK_WORD,    /* items that have the word in the column */
    LOOK_SUM,     /* the column's sum */
    LOOK_AT_ZERO, /* information at 0, slopes being 1 */
    LOOK_IDS,     /* items of the list */
    LOOK_USES,    /* of the item used most, this form included */
    LOOK_SHARED,  /* items that the next form has, too */
    LOOK_ORDER,   /* items printed before one of an earlier section: x comes after y */
};

/* The bank as columns; item n is "i" n. */
enum column { AREA, TYPE, COGNITIVE, DIFFICULTY, TAG, MINUTES, POINTS, PLACE, USES };

static const char *word_of(enum column column, int n)
{
    static const char *const types[] = {"x", "y", "z"};
    static const char *const classes[] = {"1", "2", "3", "4", "5"};
    return column == AREA         ? (n % 2 ? "B" : "A")
           : column == TYPE       ? types[n % 3]
           : column == COGNITIVE  ? (n / 2 % 2 ? "apply" : "recall")
           : column == DIFFICULTY ? classes[n % 5]
           : n % 6 == 0           ? "law"
                                  : "";
}

static double number_of(enum column column, int n)
{
    return column == MINUTES  ? 1 + n % 4
           : column == POINTS ? 1 + n % 2
           : column == PLACE  ? (n % 7 - 3) / 2.0
                              : n % 4;
}

static const struct {
    const char *what, *blueprint;
    size_t forms;
    enum look look;
    enum column column;
    const char *word;
    double lo, hi;
    const char *beyond, *named; /* what cannot be, and what the answer names */
} members[] = {
    {"area_counts", "{\"items_per_form\":6,\"area_counts\":{\"A\":4,\"B\":[1,2]}}", 2,
     LOOK_WORD, AREA, "A", 4, 4, "{\"items_per_form\":13,\"area_counts\":{\"A\":13}}",
     "area/A"},
    {"type_counts", "{\"items_per_form\":6,\"type_counts\":{\"x\":[5,5]}}", 1, LOOK_WORD, TYPE,
     "x", 5, 5, "{\"items_per_form\":9,\"type_counts\":{\"x\":9}}", "type/x"},
    {"cognitive", "{\"items_per_form\":6,\"cognitive\":{\"apply\":[4,5]}}", 2, LOOK_WORD,
     COGNITIVE, "apply", 4, 5, "{\"items_per_form\":13,\"cognitive\":{\"apply\":13}}",
     "cognitive/apply"},
    {"difficulty", "{\"items_per_form\":6,\"difficulty\":{\"1\":3}}", 1, LOOK_WORD, DIFFICULTY,
     "1", 3, 3, "{\"items_per_form\":6,\"difficulty\":{\"1\":6}}", "difficulty/1"},
    {"cells",
     "{\"items_per_form\":6,\"cells\":[{\"label\":\"law\",\"tag\":\"law\",\"count\":2}]}", 2,
     LOOK_WORD, TAG, "law", 2, 2,
     "{\"items_per_form\":6,\"cells\":[{\"label\":\"law\",\"tag\":\"law\",\"min\":5}]}", "law"},
    {"points", "{\"items_per_form\":6,\"points\":[9,9]}", 2, LOOK_SUM, POINTS, NULL, 9, 9,
     "{\"items_per_form\":6,\"points\":[20,30],\"minutes\":[20,30]}", "points"},
    {"minutes", "{\"items_per_form\":6,\"minutes\":[10,11]}", 2, LOOK_SUM, MINUTES, NULL, 10,
     11, "{\"items_per_form\":6,\"minutes\":[30,40]}", "minutes"},
    {"sum_b", "{\"items_per_form\":6,\"sum_b\":[4,5]}", 1, LOOK_SUM, PLACE, NULL, 4, 5,
     "{\"items_per_form\":6,\"sum_b\":[50,60]}", "sum_b"},
    {"information", "{\"items_per_form\":6,\"information\":[{\"theta\":0,\"min\":1.3}]}", 1,
     LOOK_AT_ZERO, PLACE, NULL, 1.3, 1.5,
     "{\"items_per_form\":6,\"information\":[{\"theta\":0,\"min\":2}]}", "information/0"},
    {"enemies", "{\"items_per_form\":6,\"must\":[\"i0\"],\"enemies\":[[\"i0\",\"i1\"]]}", 1,
     LOOK_IDS, AREA, " i0 i1 ", 1, 1,
     "{\"items_per_form\":6,\"must\":[\"i0\",\"i1\"],\"enemies\":[[\"i0\",\"i1\"]]}",
     "enemies/0"},
    {"at_most_one",
     "{\"items_per_form\":6,\"must\":[\"i2\"],\"at_most_one\":[[\"i2\",\"i3\",\"i4\"]]}", 1,
     LOOK_IDS, AREA, " i2 i3 i4 ", 1, 1,
     "{\"items_per_form\":2,\"must\":[\"i3\",\"i4\"],\"at_most_one\":[[\"i2\",\"i3\",\"i4\"]]}",
     "at_most_one/0"},
    {"must", "{\"items_per_form\":6,\"must\":[\"i3\",\"i5\"]}", 2, LOOK_IDS, AREA, " i3 i5 ", 2,
     2, "{\"items_per_form\":6,\"must\":[\"i3\"],\"may_not\":[\"i3\"]}", "must/i3"},
    {"may_not", "{\"items_per_form\":22,\"may_not\":[\"i3\",\"i5\"]}", 1, LOOK_IDS, AREA,
     " i3 i5 ", 0, 0, "{\"items_per_form\":24,\"may_not\":[\"i3\"]}", "items_per_form"},
    {"exposure", "{\"items_per_form\":6,\"exposure\":{\"max\":2}}", 2, LOOK_USES, USES, NULL, 1,
     2, "{\"items_per_form\":13,\"exposure\":{\"max\":2}}", "items_per_form"},
    {"overlap", "{\"items_per_form\":12,\"overlap\":{\"uses\":2,\"pair\":1}}", 2, LOOK_SHARED,
     AREA, NULL, 0, 1, "{\"items_per_form\":13,\"overlap\":{\"uses\":2,\"pair\":1}}",
     "overlap"},
    {"sections",
     "{\"sections\":[{\"name\":\"one\",\"types\":[\"y\"],\"count\":3},"
     "{\"name\":\"two\",\"types\":[\"x\"],\"count\":2}],\"items_per_form\":5}",
     2, LOOK_ORDER, TYPE, NULL, 0, 0,
     "{\"sections\":[{\"name\":\"one\",\"types\":[\"y\"],\"count\":9}],\"items_per_form\":9}",
     "one"},
    {"form_types",
     "{\"form_types\":[{\"name\":\"day\",\"forms\":1,\"items_per_form\":6,\"area_counts\":{"
     "\"A\":4}},"
     "{\"name\":\"night\",\"forms\":2,\"items_per_form\":4,\"area_counts\":{\"A\":4}}]}",
     0, LOOK_WORD, AREA, "A", 4, 4,
     "{\"form_types\":[{\"name\":\"day\",\"forms\":1,\"items_per_form\":6,\"minutes\":[30,40]},"
     "{\"name\":\"night\",\"forms\":1,\"items_per_form\":4}]}",
     "day:minutes"},
};

static const char *bank_text(struct arena *a)
{
    const char *text = "id,area,type,a,b,minutes,points,cognitive,difficulty,uses,tags\n";
    for (int n = 0; n < ITEMS; n++)
        text = arena_printf(a, "%si%d,%s,%s,1,%g,%g,%g,%s,%s,%g,%s\n", text, n,
                            word_of(AREA, n), word_of(TYPE, n), number_of(PLACE, n),
                            number_of(MINUTES, n), number_of(POINTS, n), word_of(COGNITIVE, n),
                            word_of(DIFFICULTY, n), number_of(USES, n), word_of(TAG, n));
    return text;
}

static bool stands_in(const struct assembly_result *r, size_t form, uint32_t item)
{
    for (size_t i = 0; i < r->form_size[form]; i++)
        if (r->forms[form][i] == item)
            return true;
    return false;
}

/* What one item of a form gives to the count; PRINTED: its place. */
static double given(size_t m, const struct assembly_result *r, size_t form, size_t printed)
{
    uint32_t item = r->forms[form][printed];
    int n = (int)item;
    double p = 1 / (1 + exp(number_of(PLACE, n)));
    char id[16];
    snprintf(id, sizeof id, " i%d ", n);
    switch (members[m].look) {
    case LOOK_WORD:
        return strcmp(word_of(members[m].column, n), members[m].word) == 0;
    case LOOK_SUM:
        return number_of(members[m].column, n);
    case LOOK_AT_ZERO:
        return p * (1 - p);
    case LOOK_IDS:
        return strstr(members[m].word, id) != NULL;
    case LOOK_USES:
        return number_of(USES, n) + 1;
    case LOOK_SHARED:
        return form + 1 < members[m].forms && stands_in(r, form + 1, item);
    case LOOK_ORDER:
        return printed > 0 && strcmp(word_of(TYPE, n), "y") == 0 &&
               strcmp(word_of(TYPE, (int)r->forms[form][printed - 1]), "x") == 0;
    }
    return NAN;
}

static void check_holds(size_t m, const struct assembly_result *r, size_t forms)
{
    for (size_t f = 0; f < forms; f++) {
        double sum = 0, most = 0;
        for (size_t i = 0; i < r->form_size[f]; i++) {
            sum += given(m, r, f, i);
            most = fmax(most, given(m, r, f, i));
        }
        double counted = members[m].look == LOOK_USES ? most : sum;
        if (counted < members[m].lo - 1e-9 || counted > members[m].hi + 1e-9)
            print_error("%s: form %zu has %g\n", members[m].what, f, counted);
        CHECK(members[m].what,
              counted >= members[m].lo - 1e-9 && counted <= members[m].hi + 1e-9);
    }
}

static bool names(const struct assembly_result *r, const char *label)
{
    bool named = false;
    for (size_t i = 0; i < r->cell_count; i++)
        named |= strcmp(r->cells[i].label, label) == 0;
    for (size_t i = 0; i < r->row_count; i++)
        named |= strcmp(r->rows[i], label) == 0;
    return named;
}

static size_t play(struct arena *a, size_t m, const char *text, struct assembly_result *r)
{
    struct assembly_bank bank;
    struct assembly_blueprint blueprint;
    struct err e = {0};
    const char *items = bank_text(a);
    struct bytes bank_bytes = {(const unsigned char *)items, strlen(items)};
    struct bytes blueprint_bytes = {(const unsigned char *)text, strlen(text)};
    bool ok = assembly_bank_read(a, bank_bytes, &bank, &e) &&
              assembly_blueprint_read(a, blueprint_bytes, members[m].forms, &bank, &blueprint,
                                      &e);
    CHECK(e.text, ok);
    struct assembly_order order = {.bank = &bank,
                                   .blueprint = &blueprint,
                                   .seed = 3,
                                   .gap = 0.05,
                                   .steps = 400000,
                                   .cbc = "/usr/bin/cbc",
                                   .cbc_seconds = 20};
    assemble(a, &order, r);
    return blueprint.forms;
}

void assemble_members_test(void)
{
    for (size_t m = 0; m < sizeof members / sizeof *members; m++) {
        struct arena *a = arena_create(ARENA);
        struct assembly_result r;
        size_t forms = play(a, m, members[m].blueprint, &r);
        CHECK(members[m].what, r.feasible);
        CHECK_INT(members[m].what, r.violations, 0);
        check_holds(m, &r, forms);
        play(a, m, members[m].beyond, &r);
        CHECK(members[m].what, !r.feasible && r.proved_infeasible);
        if (!names(&r, members[m].named))
            print_error("%s: %s\n", members[m].what,
                        r.row_count    ? r.rows[0]
                        : r.cell_count ? r.cells[0].label
                                       : "nothing");
        CHECK(members[m].what, names(&r, members[m].named));
        arena_destroy(a);
    }
}
