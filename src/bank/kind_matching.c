/* bank/kind_matching.c - 匹配题: to each premise one of the lettered options. */
#include <jansson.h>
#include <stdio.h>

#include "bank/choice.h"
#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

enum { PREMISES_MAX = 10 };

struct matching_body {
    const char *stem;
    const char **premises;
    size_t premise_count;
    const char **options; /* may be more than premises, or serve several */
    size_t option_count;
    const char **key; /* a letter for each premise */
    size_t key_count;
    const char *explanation;
};

static const struct field rows[] = {
    {FIELD(struct matching_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct matching_body, premises, TEXTS),
     FIELD_COUNT(struct matching_body, premise_count), .required = true, .min = 2,
     .max = PREMISES_MAX},
    {FIELD(struct matching_body, options, TEXTS),
     FIELD_COUNT(struct matching_body, option_count), .required = true, .min = OPTIONS_MIN,
     .max = OPTIONS_MAX},
    {FIELD(struct matching_body, key, TEXTS), FIELD_COUNT(struct matching_body, key_count),
     .required = true, .min = 2, .max = PREMISES_MAX},
    {FIELD(struct matching_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_matching", struct matching_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct matching_body *m = b;
    char field[32];
    (void)a;
    if (!options_check(m->options, m->option_count, e) ||
        !texts_differ("/premises", m->premises, m->premise_count, e))
        return false;
    if (m->key_count != m->premise_count)
        return FAIL(e, INVALID, "/key", "答案须为 %zu 个字母，每个题项一个。",
                    m->premise_count);
    for (size_t i = 0; i < m->key_count; i++) {
        snprintf(field, sizeof field, "/key/%zu", i);
        if (option_place(m->key[i], m->option_count) < 0)
            return FAIL(e, INVALID, field, "答案“%s”不是选项之一。", m->key[i]);
    }
    return true;
}

/* Premises stay as written: the answer names them by place. */
static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct matching_body *m = b;
    put_text(o, "stem", m->stem);
    put_array(o, "premises");
    for (size_t i = 0; i < m->premise_count; i++)
        out_text(o, m->premises[i]);
    out_array_end(o);
    options_present(m->options, m->option_count, s, o);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct matching_body *m = b;
    int right = 0, wrong = 0;
    char field[40];
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!json_is_array(response) || json_array_size(response) != m->premise_count)
        return FAIL(e, INVALID, "", "匹配题的作答须为 %zu 项的数组。", m->premise_count);
    for (size_t i = 0; i < m->premise_count; i++) {
        const json_t *one = json_array_get(response, i);
        snprintf(field, sizeof field, "/%zu", i);
        if (json_is_null(one))
            continue;
        int place = option_place(json_string_value(one), m->option_count);
        if (place < 0)
            return FAIL(e, INVALID, field, "没有这个选项。");
        if (place == option_place(m->key[i], m->option_count))
            right++;
        else
            wrong++;
    }
    out->millimarks = partial_marks(order->partial, right, wrong, (int)m->premise_count,
                                    order->max_millimarks);
    return true;
}

const struct item_kind item_kind_matching = {
    .name = "matching",
    .label = "匹配题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
