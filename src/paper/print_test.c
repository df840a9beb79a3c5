/* paper/print_test.c - a form of every kind as PDF, made twice with the same bytes. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/pool.h"
#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "paper/paper.h"
#include "programme/programme.h"
#include "test/check.h"

static struct form form_of(struct arena *a, const struct layout_part *parts, size_t count)
{
    struct err e = {0};
    struct programme_set set;
    struct pool pool;
    struct form f = {
        .row = {.name = "A 卷", .millimarks = 100000}, .parts = parts, .part_count = count};
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    CHECK_OK("bank", pool_embedded(a, programme_find(&set, "national-2023"), &pool, &e), &e);
    struct form_item *items = arena_array(a, struct form_item, 500);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0, n = 0; k < pool.count && (int64_t)n < parts[i].count; k++)
            if (strcmp(pool.rows[k].kind, parts[i].kind) == 0) {
                items[f.item_count++] = (struct form_item){
                    .section = i, .millimarks = parts[i].millimarks, .item = pool.items[k]};
                n++;
            }
    f.items = items;
    return f;
}

/* As form_open brings them, from what travels in the file. */
static void take_pictures(struct arena *a, struct form *f)
{
    struct err e = {0};
    struct form_picture *pictures = arena_array(a, struct form_picture, 64);
    for (size_t i = 0; i < f->item_count; i++)
        for (size_t k = 0; k < f->items[i].item.meta.picture_count; k++) {
            struct form_picture *p = &pictures[f->picture_count++];
            struct item_attached one = item_attached_at(&f->items[i].item.meta, k);
            CHECK_OK("data", item_attached_data(a, &one, &p->picture.bytes, &e), &e);
            hash_of(p->picture.digest, p->picture.bytes.at, p->picture.bytes.len);
            p->shown = true;
        }
    f->pictures = pictures;
}

/* The sample in place of the first question: on paper a sound is a note. */
static void put_sound(struct arena *a, const struct form *f)
{
    struct err e = {0};
    const struct embedded *sample = embedded_find("samples/items/media.json");
    const json_t *file = json_read(a, sample->bytes, sample->len, &e);
    struct form_item *first = (struct form_item *)(uintptr_t)&f->items[0];
    CHECK_OK("sound", item_read(a, json_object_get(file, "item"), &first->item, &e), &e);
}

void print_paper_and_key_test(void)
{
    static const struct layout_part parts[] = {
        {"single", 12, 2000, NULL},     {"multiple", 5, 2000, NULL},
        {"true_false", 5, 1000, NULL},  {"numeric", 2, 2500, NULL},
        {"calculation", 3, 1000, NULL}, {"short", 2, 10000, NULL},
        {"hotspot", 3, 1000, NULL},     {"case", 2, 10500, NULL}};
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct form f = form_of(a, parts, 8);
    take_pictures(a, &f);
    put_sound(a, &f);
    struct print_order order = {.body_name = "示例评价机构",
                                .title = "全媒体运营师四级理论知识考试",
                                .minutes = 90,
                                .created_ms = 1795222800000,
                                .seed = {3}};
    struct bytes paper, again, key;
    CHECK_OK("paper", paper_print(a, &f, &order, &paper, &e), &e);
    CHECK_OK("again", paper_print(a, &f, &order, &again, &e), &e);
    CHECK("the same bytes", bytes_equal(paper, again));
    order.key = order.specimen = true;
    CHECK_OK("key", paper_print(a, &f, &order, &key, &e), &e);
    CHECK("another document", !bytes_equal(paper, key));
    const char *folder = getenv("HENG_PRINT_TO"); /* to look at them */
    if (folder) {
        const struct bytes *both[] = {&paper, &key};
        for (int i = 0; i < 2; i++) {
            FILE *out = fopen(arena_printf(a, "%s/paper-%d.pdf", folder, i), "wb");
            fwrite(both[i]->at, 1, both[i]->len, out);
            fclose(out);
        }
    }
    f.picture_count--; /* a paper that lacks a picture is none */
    CHECK_REFUSED("a missing picture", paper_print(a, &f, &order, &again, &e), &e, STORE,
                  "/pictures");
    arena_destroy(a);
}
