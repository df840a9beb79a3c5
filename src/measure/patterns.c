/* measure/patterns.c - collects equal rows of responses. */
#include "measure/patterns.h"

#include <string.h>

#include "base/arena.h"
#include "measure/answer_key.h"

static bool score_by_key(struct arena *a, struct responses *r, const char *path, struct err *e)
{
    const unsigned *key = answer_key_read(a, path, r->reader, e);
    bool *chosen = arena_array(a, bool, r->items);
    for (size_t i = 0; key && i < r->rows; i++)
        for (size_t j = 0; j < r->items; j++) {
            uint8_t *x = &r->x[i * r->items + j];
            chosen[j] |= *x == key[j];
            if (*x != RESPONSE_MISSING)
                *x = *x == key[j];
        }
    for (size_t j = 0; key && j < r->items; j++)
        if (!chosen[j])
            return FAIL(e, INVALID, "--key",
                        "列“%.60s”里没有人选答案“%.40s”，参数不存在；写法须与作答相同。",
                        r->ids[j], responses_answer(r->reader, key[j]));
    return key != NULL;
}

static bool check_binary(const struct responses *r, struct err *e)
{
    for (size_t i = 0; i < r->rows; i++)
        for (size_t j = 0; j < r->items; j++) {
            unsigned x = r->x[i * r->items + j];
            if (x > 1 && x != RESPONSE_MISSING)
                return FAIL(e, INVALID, "file",
                            "第 %u 行、列“%.60s”：%u 不是 0 或 1；选项字母或编号请用 --key "
                            "给出答案。",
                            r->line[i], r->ids[j], x);
        }
    return true;
}

/* Categories from 0 without holes, in the order of the codes. */
static bool recode(struct arena *a, struct patterns *p, struct err *e)
{
    struct responses *r = &p->rows;
    p->categories = arena_array(a, size_t, r->items);
    p->codes = arena_alloc(a, r->items, sizeof *p->codes);
    uint8_t(*category)[256] = arena_alloc(a, r->items, sizeof *category);
    for (size_t i = 0; i < r->rows; i++)
        for (size_t j = 0; j < r->items && r->weight[i] > 0; j++)
            category[j][r->x[i * r->items + j]] = 1;
    for (size_t j = 0; j < r->items; j++) {
        for (size_t c = 0; c <= RESPONSE_CODES_MAX; c++)
            if (category[j][c]) {
                p->codes[j][p->categories[j]] = (uint8_t)c;
                category[j][c] = (uint8_t)p->categories[j]++;
            }
        category[j][RESPONSE_MISSING] = RESPONSE_MISSING;
        if (p->categories[j] < 2)
            return FAIL(e, INVALID, "file",
                        "列“%.60s”里所有人的作答相同，参数不存在；请用 --items 去掉这一列。",
                        r->ids[j]);
        if (p->categories[j] > IRT_CATEGORIES_MAX)
            return FAIL(e, INVALID, "file", "列“%.60s”有 %zu 个等级，最多 %d 个。", r->ids[j],
                        p->categories[j], IRT_CATEGORIES_MAX);
    }
    for (size_t i = 0; i < r->rows; i++)
        for (size_t j = 0; j < r->items; j++) {
            uint8_t *x = &r->x[i * r->items + j];
            *x = category[j][*x];
        }
    return true;
}

static uint64_t hash_of(const uint8_t *x, size_t n)
{
    uint64_t h = 1469598103934665603u;
    for (; n >= 8; n -= 8, x += 8) {
        uint64_t word;
        memcpy(&word, x, 8);
        h = (h ^ word) * 1099511628211u;
        h ^= h >> 29;
    }
    for (; n > 0; n--)
        h = (h ^ *x++) * 1099511628211u;
    return h ^ h >> 32;
}

static void collect(struct arena *a, struct patterns *p)
{
    const struct responses *r = &p->rows;
    size_t n = r->items, slots = 1024;
    while (slots < 2 * r->rows)
        slots *= 2;
    struct arena *work = arena_create((size_t)1 << 31);
    uint32_t *table = arena_array(work, uint32_t, slots); /* pattern + 1 */
    uint8_t *x = arena_array(a, uint8_t, r->rows * n);
    double *weight = arena_array(a, double, r->rows);
    struct em_data *d = &p->data;
    for (size_t i = 0; i < r->rows; i++) {
        const uint8_t *row = r->x + i * n;
        size_t answered = 0;
        for (size_t j = 0; j < n; j++)
            answered += row[j] != RESPONSE_MISSING;
        if (answered == 0 || !(r->weight[i] > 0)) {
            p->empty += answered == 0;
            continue;
        }
        d->gaps |= answered < n;
        size_t slot = hash_of(row, n) & (slots - 1);
        while (table[slot] && memcmp(x + (table[slot] - 1) * n, row, n) != 0)
            slot = (slot + 1) & (slots - 1);
        if (!table[slot]) {
            memcpy(x + d->patterns * n, row, n);
            table[slot] = (uint32_t)++d->patterns;
        }
        weight[table[slot] - 1] += r->weight[i];
        d->persons += r->weight[i];
    }
    arena_destroy(work);
    d->items = n;
    d->x = x;
    d->weight = weight;
}

bool patterns_read(struct arena *a, const char *path, const struct response_form *form,
                   const char *key, bool binary, struct patterns *out, struct err *e)
{
    struct response_form wanted = *form;
    *out = (struct patterns){.empty = 0};
    wanted.numeric = key == NULL;
    if (key && !answer_key_names(a, key, &wanted.only, &wanted.only_count, e))
        return false;
    if (!responses_read(a, path, &wanted, &out->rows, e) ||
        (key && !score_by_key(a, &out->rows, key, e)) ||
        (binary && !check_binary(&out->rows, e)) || !recode(a, out, e))
        return false;
    collect(a, out);
    return out->data.patterns > 0 || FAIL(e, INVALID, "file", "没有人作答。");
}
