/* bank/kind_ordering.c - 排序题: the lettered steps in their right order. */
#include <jansson.h>
#include <stdio.h>

#include "bank/choice.h"
#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

struct ordering_body {
    const char *stem;
    const char **options;
    size_t option_count;
    const char **key; /* every letter once, first to last */
    size_t key_count;
    const char *explanation;
};

static const struct field rows[] = {
    {FIELD(struct ordering_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct ordering_body, options, TEXTS),
     FIELD_COUNT(struct ordering_body, option_count), .required = true, .min = OPTIONS_MIN + 1,
     .max = OPTIONS_MAX},
    {FIELD(struct ordering_body, key, TEXTS), FIELD_COUNT(struct ordering_body, key_count),
     .required = true, .min = OPTIONS_MIN + 1, .max = OPTIONS_MAX},
    {FIELD(struct ordering_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_ordering", struct ordering_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct ordering_body *m = b;
    uint32_t seen = 0;
    (void)a;
    if (!options_check(m->options, m->option_count, e))
        return false;
    for (size_t i = 0; i < m->key_count; i++) {
        int place = option_place(m->key[i], m->option_count);
        if (place >= 0)
            seen |= UINT32_C(1) << place;
    }
    return (m->key_count == m->option_count && seen == (UINT32_C(1) << m->option_count) - 1) ||
           FAIL(e, INVALID, "/key", "答案须把 %zu 个选项的字母各列一次。", m->option_count);
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct ordering_body *m = b;
    put_text(o, "stem", m->stem);
    options_present(m->options, m->option_count, s, o);
}

/* A step is right when it stands in its place; an answer may be incomplete from behind. */
static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct ordering_body *m = b;
    uint32_t bits;
    int right = 0, wrong = 0;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!options_response(response, m->option_count, &bits, e))
        return false;
    for (size_t i = 0; i < json_array_size(response); i++) {
        const char *letter = json_string_value(json_array_get(response, i));
        if (option_place(letter, m->option_count) == option_place(m->key[i], m->option_count))
            right++;
        else
            wrong++;
    }
    out->millimarks = partial_marks(order->partial, right, wrong, (int)m->option_count,
                                    order->max_millimarks);
    return true;
}

const struct item_kind item_kind_ordering = {
    .name = "ordering",
    .label = "排序题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
