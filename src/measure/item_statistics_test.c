/* measure/item_statistics_test.c - the figures of an item at the desk are those of `heng analyze` on the same answers. */
#include "measure/item_statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "people/document.h"
#include "test/check.h"

enum { PERSONS = 400, ITEMS = 20, FAVOURED = 7 /* easier for women of the same ability */ };

struct answers {
    bool right[PERSONS][ITEMS];
    int64_t sex[PERSONS];
};

static double draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 33) / 2147483648.0;
}

static void answer(struct answers *x)
{
    uint64_t seed = 2026;
    for (size_t i = 0; i < PERSONS; i++) {
        double theta = (draw(&seed) + draw(&seed) + draw(&seed) - 1.5) * 2;
        x->sex[i] = draw(&seed) < 0.5 ? SEX_FEMALE : SEX_MALE;
        for (size_t k = 0; k < ITEMS; k++) {
            double b = -1.9 + 0.2 * (double)k;
            if (k == FAVOURED && x->sex[i] == SEX_FEMALE)
                b -= 1.2;
            x->right[i][k] = draw(&seed) < 1 / (1 + exp(-1.2 * (theta - b)));
        }
    }
}

static void write_table(const char *path, const struct answers *x)
{
    FILE *f = fopen(path, "w");
    CHECK("temporary file", f != NULL);
    fputs("sex", f);
    for (int k = 0; k < ITEMS; k++)
        fprintf(f, ",i%d", k);
    for (size_t i = 0; i < PERSONS; i++) {
        fprintf(f, "\n%s", x->sex[i] == SEX_FEMALE ? "f" : "m");
        for (int k = 0; k < ITEMS; k++)
            fprintf(f, ",%d", x->right[i][k]);
    }
    fputs("\n", f);
    fclose(f);
}

static const json_t *analyzed(struct arena *a, const char *name, const char *path)
{
    struct analyze_options o;
    struct err e = {0};
    struct json_out *out = json_out_create(a);
    analyze_defaults(&o);
    o.file = path;
    o.group = strcmp(name, "dif") == 0 ? "sex" : NULL;
    o.focal = o.group ? "f" : NULL;
    o.items = "i0,i1,i2,i3,i4,i5,i6,i7,i8,i9,i10,i11,i12,i13,i14,i15,i16,i17,i18,i19";
    CHECK_OK(name, analyze_run(a, name, &o, out, &e), &e);
    const char *text = json_out_text(out);
    const json_t *made = json_read(a, text, strlen(text), &e);
    CHECK_OK("what it says", made != NULL, &e);
    return json_object_get(made, "items");
}

static struct session_item at_the_desk(struct arena *a, const struct answers *x, size_t k)
{
    struct session_item item = {.full_millimarks = 1000, .count = PERSONS, .kind = "single"};
    struct item_point *points = arena_array(a, struct item_point, PERSONS);
    for (size_t i = 0; i < PERSONS; i++) {
        double total = 0, mine = x->right[i][k];
        for (size_t j = 0; j < ITEMS; j++)
            total += x->right[i][j];
        points[i] = (struct item_point){.share = mine,
                                        .rest = (total - mine) / (ITEMS - 1),
                                        .total = total / ITEMS,
                                        .response = x->right[i][k] ? "\"A\"" : "\"B\"",
                                        .full = x->right[i][k],
                                        .sex = x->sex[i]};
    }
    item_statistics(a, points, PERSONS, &item);
    return item;
}

static double real(const json_t *of, const char *key)
{
    return json_number_value(json_object_get(of, key));
}

void item_statistics_as_the_command_test(void)
{
    struct arena *a = arena_create((size_t)1 << 28);
    struct answers *x = arena_new(a, struct answers);
    char path[] = "/tmp/measure-desk-XXXXXX";
    int fd = mkstemp(path);
    CHECK("temporary file", fd >= 0);
    close(fd);
    answer(x);
    write_table(path, x);
    const json_t *classical = analyzed(a, "classical", path), *dif = analyzed(a, "dif", path);
    CHECK_INT("items of both", json_array_size(classical) + json_array_size(dif), 2 * ITEMS);
    for (size_t k = 0; k < ITEMS; k++) {
        const json_t *c = json_array_get(classical, k), *d = json_array_get(dif, k);
        struct session_item item = at_the_desk(a, x, k);
        CHECK_NEAR("difficulty", item.p, real(c, "p"), 1e-9);
        CHECK_NEAR("discrimination", item.r, real(c, "r_rest"), 1e-9);
        CHECK_NEAR("delta", item.dif.delta, real(d, "delta"), 1e-9);
        CHECK_NEAR("p of the difference", item.dif.p, real(d, "p"), 1e-9);
        const char class[] = {item.dif_class, 0};
        CHECK_TEXT("class", json_member_text(d, "ets_with_test"), class);
    }
    CHECK("the one that differs", at_the_desk(a, x, FAVOURED).dif_class == 'C');
    unlink(path);
    arena_destroy(a);
}
