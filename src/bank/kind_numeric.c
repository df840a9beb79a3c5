/* bank/kind_numeric.c - 计算题: a number within a tolerance, in decimal arithmetic. */
#include <jansson.h>

#include "bank/decimal.h"
#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

struct numeric_key {
    const char *value, *tolerance, *unit;
};

struct numeric_body {
    const char *stem;
    const struct numeric_key *key;
    const char *explanation;
};

static const struct field key_rows[] = {
    {FIELD(struct numeric_key, value, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct numeric_key, tolerance, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct numeric_key, unit, TEXT), .max = 20},
};
static const struct fields key = FIELDS("numeric_key", struct numeric_key, key_rows);

static const struct field rows[] = {
    {FIELD(struct numeric_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct numeric_body, key, OBJECT), .required = true, .sub = &key},
    {FIELD(struct numeric_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_numeric", struct numeric_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct numeric_body *n = b;
    struct decimal v;
    (void)a;
    if (decimal_read(n->key->value, NULL, &v) != DECIMAL_OK || v.doubled % 2 != 0)
        return FAIL(e, INVALID, "/key/value", "答案“%s”不是整数 9 位、小数 9 位以内的数。",
                    n->key->value);
    if (!decimal_is_grouped(n->key->value) || !decimal_is_grouped(n->key->tolerance))
        return FAIL(e, INVALID,
                    decimal_is_grouped(n->key->value) ? "/key/tolerance" : "/key/value",
                    "数中的逗号不是千位分隔：小数点请用“.”。");
    if (decimal_read(n->key->tolerance, NULL, &v) != DECIMAL_OK || v.doubled < 0 ||
        v.doubled % 2 != 0)
        return FAIL(e, INVALID, "/key/tolerance", "允差“%s”不是不小于 0 的数。",
                    n->key->tolerance);
    return true;
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct numeric_body *n = b;
    (void)s;
    put_text(o, "stem", n->stem);
    put_text(o, "unit", n->key->unit);
}

/* What is no number is a wrong answer, not a wrong shape: the field takes free text. */
static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct numeric_body *n = b;
    struct decimal given, value, tolerance;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!json_is_string(response))
        return FAIL(e, INVALID, "", "计算题的作答须为文本形式的数。");
    if (decimal_read(json_string_value(response), n->key->unit, &given) != DECIMAL_OK)
        return true;
    if (decimal_read(n->key->value, NULL, &value) == DECIMAL_OK &&
        decimal_read(n->key->tolerance, NULL, &tolerance) == DECIMAL_OK &&
        decimal_near(given, value, tolerance))
        out->millimarks = order->max_millimarks;
    return true;
}

const struct item_kind item_kind_numeric = {
    .name = "numeric",
    .label = "计算题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
