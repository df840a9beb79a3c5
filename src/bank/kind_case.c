/* bank/kind_case.c - 案例分析题: shared material and parts of other kinds. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/kind.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/shuffle.h"

enum { CASE_PARTS_MAX = 12 };

struct case_body {
    const char *stem;
    struct json_t *items; /* [{"kind","stem","options","key","marks"}] */
    struct json_t *key;   /* always null: the parts have keys */
    const char *explanation;
    const struct item_part *parts; /* derived by check */
    size_t part_count;
};

static const struct field rows[] = {
    {FIELD(struct case_body, stem, TEXT), .required = true, .min = 1, .max = 8000},
    {FIELD(struct case_body, items, JSON), .required = true},
    {FIELD(struct case_body, key, JSON)},
    {FIELD(struct case_body, explanation, TEXT), .required = true, .min = 1, .max = 8000},
};
static const struct fields body = FIELDS("item_case", struct case_body, rows);

/* A part's object without kind and marks; the case's explanation stands for all. */
static json_t *part_object(struct arena *a, const json_t *from, const char *explanation)
{
    json_t *o = json_keep(a, json_copy((json_t *)from));
    json_object_del(o, "kind");
    json_object_del(o, "marks");
    if (!json_object_get(o, "explanation"))
        json_object_set_new(o, "explanation", json_string(explanation));
    return o;
}

static bool read_part(const struct case_body *c, const json_t *from, struct arena *a,
                      struct item_part *out, struct err *e)
{
    if (!json_is_object(from))
        return FAIL(e, INVALID, "", "须为 JSON 对象。");
    out->kind = item_kind_find(json_member_text(from, "kind"));
    if (!out->kind || out->kind->parts || out->kind->drawing)
        return FAIL(e, INVALID, "/kind",
                    "小题的题型不存在，或者又是案例分析题，或者要抽取数据。");
    out->share = json_member_int(from, "marks", 0);
    if (out->share < 1 || out->share > 100)
        return FAIL(e, INVALID, "/marks", "小题的分值须为 1 至 100 的整数。");
    out->body = item_body_read(out->kind, part_object(a, from, c->explanation), a, e);
    return out->body;
}

static bool check(void *b, struct arena *a, struct err *e)
{
    struct case_body *c = b;
    size_t n = json_array_size(c->items);
    if (c->key)
        return FAIL(e, INVALID, "/key", "案例分析题的答案写在各小题里，这里须为 null。");
    if (n < 1 || n > CASE_PARTS_MAX)
        return FAIL(e, INVALID, "/items", "案例分析题须有 1 至 %d 个小题。", CASE_PARTS_MAX);
    struct item_part *parts = arena_array(a, struct item_part, n);
    for (size_t i = 0; i < n; i++)
        if (!read_part(c, json_array_get(c->items, i), a, &parts[i], e)) {
            char prefix[32];
            snprintf(prefix, sizeof prefix, "/items/%zu", i);
            err_under(e, prefix);
            return false;
        }
    c->parts = parts;
    c->part_count = n;
    return true;
}

/* Parts keep their order: later ones may lean on earlier ones. Their options move. */
static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct case_body *c = b;
    put_text(o, "stem", c->stem);
    put_array(o, "items");
    for (size_t i = 0; i < c->part_count; i++) {
        out_object(o);
        put_text(o, "kind", c->parts[i].kind->name);
        c->parts[i].kind->present(c->parts[i].body, s, o);
        out_object_end(o);
    }
    out_array_end(o);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct case_body *c = b;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!json_is_array(response) || json_array_size(response) != c->part_count)
        return FAIL(e, INVALID, "", "案例分析题的作答须为 %zu 项的数组。", c->part_count);
    for (size_t i = 0; i < c->part_count; i++) {
        struct item_score one;
        const struct item_part *p = &c->parts[i];
        struct score_order part = {
            item_part_marks(c->parts, c->part_count, i, order->max_millimarks), order->partial};
        if (!p->kind->score(p->body, json_array_get(response, i), &part, &one, e)) {
            char prefix[24];
            snprintf(prefix, sizeof prefix, "/%zu", i);
            err_under(e, prefix);
            return false;
        }
        out->millimarks += one.millimarks;
        out->needs_marker |= one.needs_marker;
    }
    return true;
}

static size_t parts_of(const void *b, const struct item_part **out)
{
    const struct case_body *c = b;
    *out = c->parts;
    return c->part_count;
}

const struct item_kind item_kind_case = {
    .name = "case",
    .label = "案例分析题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
    .parts = parts_of,
};
