/* bank/kind_true_false.c - 判断题: one statement, right or wrong. */
#include <jansson.h>

#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

struct true_false_body {
    const char *stem;
    bool key;
    const char *explanation;
};

static const struct field rows[] = {
    {FIELD(struct true_false_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct true_false_body, key, BOOL), .required = true},
    {FIELD(struct true_false_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_true_false", struct true_false_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    (void)b, (void)a, (void)e; /* the table says it all */
    return true;
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct true_false_body *t = b;
    (void)s;
    put_text(o, "stem", t->stem);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct true_false_body *t = b;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!json_is_boolean(response))
        return FAIL(e, INVALID, "", "判断题的作答须为 true 或 false。");
    if (json_is_true(response) == t->key)
        out->millimarks = order->max_millimarks;
    return true;
}

const struct item_kind item_kind_true_false = {
    .name = "true_false",
    .label = "判断题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
