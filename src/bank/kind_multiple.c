/* bank/kind_multiple.c - 多项选择题: all right options and no wrong one, or what the paper's rule of
 * partial credit gives. */
#include "bank/choice.h"
#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

struct multiple_body {
    const char *stem;
    const char **options;
    size_t option_count;
    const char **key; /* "A", "C" */
    size_t key_count;
    const char *explanation;
};

static const struct field rows[] = {
    {FIELD(struct multiple_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct multiple_body, options, TEXTS),
     FIELD_COUNT(struct multiple_body, option_count), .required = true, .min = OPTIONS_MIN + 1,
     .max = OPTIONS_MAX},
    {FIELD(struct multiple_body, key, TEXTS), FIELD_COUNT(struct multiple_body, key_count),
     .required = true, .min = 2, .max = OPTIONS_MAX},
    {FIELD(struct multiple_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_multiple", struct multiple_body, rows);

static uint32_t key_bits(const struct multiple_body *m)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < m->key_count; i++)
        bits |= UINT32_C(1) << option_place(m->key[i], m->option_count);
    return bits;
}

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct multiple_body *m = b;
    (void)a;
    if (!options_check(m->options, m->option_count, e))
        return false;
    int last = -1;
    for (size_t i = 0; i < m->key_count; i++) {
        int place = option_place(m->key[i], m->option_count);
        if (place < 0)
            return FAIL(e, INVALID, "/key", "答案“%s”不是选项之一。", m->key[i]);
        if (place <= last)
            return FAIL(e, INVALID, "/key", "答案字母须按顺序列出，且不重复。");
        last = place;
    }
    return true;
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct multiple_body *m = b;
    put_text(o, "stem", m->stem);
    options_present(m->options, m->option_count, s, o);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct multiple_body *m = b;
    uint32_t bits;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!options_response(response, m->option_count, &bits, e))
        return false;
    uint32_t key = key_bits(m);
    out->millimarks = partial_marks(order->partial, __builtin_popcount(bits & key),
                                    __builtin_popcount(bits & ~key), (int)m->key_count,
                                    order->max_millimarks);
    return true;
}

const struct item_kind item_kind_multiple = {
    .name = "multiple",
    .label = "多项选择题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
