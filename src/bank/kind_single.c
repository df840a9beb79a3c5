/* bank/kind_single.c - 单项选择题: one of the options is right. */
#include "bank/choice.h"
#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

struct single_body {
    const char *stem;
    const char **options;
    size_t option_count;
    const char *key; /* "B" */
    const char *explanation;
};

static const struct field rows[] = {
    {FIELD(struct single_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct single_body, options, TEXTS), FIELD_COUNT(struct single_body, option_count),
     .required = true, .min = OPTIONS_MIN, .max = OPTIONS_MAX},
    {FIELD(struct single_body, key, TEXT), .required = true, .min = 1, .max = 1},
    {FIELD(struct single_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_single", struct single_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct single_body *s = b;
    (void)a;
    if (!options_check(s->options, s->option_count, e))
        return false;
    return option_place(s->key, s->option_count) >= 0 ||
           FAIL(e, INVALID, "/key", "答案“%s”不是选项之一。", s->key);
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct single_body *body_ = b;
    put_text(o, "stem", body_->stem);
    options_present(body_->options, body_->option_count, s, o);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct single_body *s = b;
    uint32_t bits;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!options_response(response, s->option_count, &bits, e))
        return false;
    if (bits & (bits - 1))
        return FAIL(e, INVALID, "", "单项选择题只能选一项。");
    if (bits == UINT32_C(1) << option_place(s->key, s->option_count))
        out->millimarks = order->max_millimarks;
    return true;
}

const struct item_kind item_kind_single = {
    .name = "single",
    .label = "单项选择题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
