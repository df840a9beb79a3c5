/* bank/sketch_test.c - what is near and what is not, and one search over 100,000 items. */
#include "bank/sketch.h"

#include <stdio.h>

#include "bank/similar.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "test/check.h"

static const json_t *object_of(struct arena *a, const char *stem, const char *option)
{
    return json_keep(a,
                     json_pack("{s:s, s:[s, s]}", "stem", stem, "options", option, "都不是"));
}

static int percent(struct arena *a, const struct master *m, const char *x, const char *y)
{
    struct sketch one, other;
    sketch_of(a, m, object_of(a, x, "点击次数÷展示次数"), &one);
    sketch_of(a, m, object_of(a, y, "点击次数÷展示次数"), &other);
    return sketch_percent(&one, &other);
}

void sketch_nearness_test(void)
{
    struct arena *a = arena_create(16 << 20);
    const unsigned char secret[KEY_BYTES] = {1}, another[KEY_BYTES] = {2};
    struct master *m = master_create(secret, 1), *n = master_create(another, 1);
    const char *stem =
        "某短视频展示 150 000 次，点击 3 000 次。点击率＝点击次数÷展示次数，点击率是多少？";
    CHECK_INT("itself", percent(a, m, stem, stem), 100);
    CHECK_INT(
        "other figures, other punctuation",
        percent(a, m, stem,
                "某短视频展示 82 000 次,点击 410 次。点击率＝点击次数÷展示次数,点击率是多少?"),
        100);
    int near = percent(
        a, m, stem,
        "一条短视频展示 9 000 次，点击 90 次。点击率＝点击次数÷展示次数，点击率是多少？");
    CHECK("a word changed", near >= SKETCH_NEAR_PERCENT && near < 100);
    CHECK("another question",
          percent(a, m, stem, "直播间的主播能不能宣称某款食品可以降血压？") <
              SKETCH_NEAR_PERCENT);
    struct sketch one, other;
    sketch_of(a, m, object_of(a, stem, "甲"), &one);
    sketch_of(a, m, json_keep(a, json_pack("{s:s}", "stem", stem)), &other);
    CHECK_INT("the stem before its options", sketch_percent(&one, &other), 100);
    sketch_of(a, m, object_of(a, "正确的是？", "直播间须公示资质"), &one);
    sketch_of(a, m, object_of(a, "正确的是？", "点击率的分母是展示次数"), &other);
    CHECK("a stem that says nothing", sketch_percent(&one, &other) < SKETCH_NEAR_PERCENT);
    sketch_of(a, m, object_of(a, stem, "甲"), &one);
    sketch_of(a, n, object_of(a, stem, "甲"), &other);
    CHECK("says nothing without the key", sketch_percent(&one, &other) < 20);
    sketch_of(a, m, json_keep(a, json_object()), &one);
    CHECK("nothing written yet is near to nothing",
          sketch_percent(&one, &other) < SKETCH_NEAR_PERCENT);
    master_destroy(m);
    master_destroy(n);
    arena_destroy(a);
}

enum { MANY = 100000 };

/* Sketches of a bank of 100,000, ten of them near: the ten are found, in their order. The figure is printed,
 * not judged. */
void sketch_search_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct sketch *bank = arena_array(a, struct sketch, MANY), mine;
    struct similar kept[SIMILAR_MAX];
    size_t count = 0;
    const unsigned char key[KEY_BYTES] = {3};
    for (uint32_t i = 0; i < MANY; i++) {
        unsigned char number[4];
        be32_put(number, i);
        for (size_t part = 0; part < SKETCH_BYTES / 64; part++) {
            number[0] = (unsigned char)(0x80 | part);
            keyed_hash(bank[i].at + 64 * part, 64, key, number, sizeof number);
        }
    }
    mine = bank[777];
    for (size_t i = 0; i < 12; i++) /* 5 bytes less alike each */
        memcpy(bank[i * 8000 + 5].at, mine.at, SKETCH_LANES - 5 * i);
    int64_t from = clock_now_ms();
    for (uint32_t i = 0; i < MANY; i++) {
        struct similar one = {
            .item.bytes = {(unsigned char)(i >> 16), (unsigned char)(i >> 8), (unsigned char)i},
            .percent = sketch_percent(&mine, &bank[i])};
        similar_keep(kept, &count, &one);
    }
    printf("search over %d sketches: %lld ms\n", MANY, (long long)(clock_now_ms() - from));
    CHECK_INT("the nearest only", count, SIMILAR_MAX);
    for (size_t i = 1; i < count; i++)
        CHECK("in order", kept[i - 1].percent >= kept[i].percent);
    CHECK_INT("two are wholly alike", kept[1].percent, 100);
    CHECK("the tenth is near", kept[9].percent > 60 && kept[9].percent < 80);
    arena_destroy(a);
}
