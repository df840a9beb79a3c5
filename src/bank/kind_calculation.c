/* bank/kind_calculation.c - 计算题（抽取数据）: a template whose numbers each copy draws.
 *
 * {点击} in stem and explanation stands for the number, {答案} in the explanation for the answer.
 * Drawn, it is a numeric item (kind.h, item_drawing): clients, scoring and print know no other. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/decimal.h"
#include "bank/formula.h"
#include "bank/kind.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/shuffle.h"
#include "base/text_out.h"

enum {
    CONDITIONS_MAX = 8,
    VALUES_MAX = 100000,
    TRIALS = 200,
    TRIALS_GOOD = 50,
    ANSWERS_MIN = 10
};
static const char answer_name[] = "答案";

struct parameter {
    const char *name, *from, *to, *step;
};

struct calculation_key {
    const char *formula;
    int64_t places;
    const char *tolerance, *unit;
};

struct calculation_body {
    const char *stem;
    const struct parameter *parameters;
    size_t parameter_count;
    const char *const *require;
    size_t require_count;
    const char *numbers;
    const struct calculation_key *key;
    const char *explanation;
    /* derived by check */
    const struct formula *formula, *conditions[CONDITIONS_MAX];
    struct fraction from[FORMULA_NAMES_MAX], step[FORMULA_NAMES_MAX];
    uint32_t values[FORMULA_NAMES_MAX]; /* how many each parameter has */
    int places[FORMULA_NAMES_MAX];
    struct json_t *example; /* numbers that are fit, for previews and as a last resort */
    const void *filled;     /* the numeric body of the example */
};

static const struct field parameter_rows[] = {
    {FIELD(struct parameter, name, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct parameter, from, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct parameter, to, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct parameter, step, TEXT), .required = true, .min = 1, .max = 20},
};
static const struct fields parameter_fields = FIELDS("calculation_parameter", struct parameter,
                                                     parameter_rows);

static const struct field key_rows[] = {
    {FIELD(struct calculation_key, formula, TEXT), .required = true, .min = 1, .max = 200},
    {FIELD(struct calculation_key, places, INT), .required = true, .max = FORMULA_PLACES_MAX},
    {FIELD(struct calculation_key, tolerance, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct calculation_key, unit, TEXT), .max = 20},
};
static const struct fields key = FIELDS("calculation_key", struct calculation_key, key_rows);

static const char *const numbers_for[] = {"paper", "form", NULL};
static const struct field rows[] = {
    {FIELD(struct calculation_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct calculation_body, parameters, OBJECTS),
     FIELD_COUNT(struct calculation_body, parameter_count), .required = true, .min = 1,
     .max = FORMULA_NAMES_MAX, .sub = &parameter_fields},
    {FIELD(struct calculation_body, require, TEXTS),
     FIELD_COUNT(struct calculation_body, require_count), .max = CONDITIONS_MAX},
    {FIELD(struct calculation_body, numbers, TEXT), .allowed = numbers_for},
    {FIELD(struct calculation_body, key, OBJECT), .required = true, .sub = &key},
    {FIELD(struct calculation_body, explanation, TEXT), .required = true, .min = 1,
     .max = 4000},
};
static const struct fields body = FIELDS("item_calculation", struct calculation_body, rows);

/* --- numbers ------------------------------------------------------------------------------------- */
static int places_of(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strspn(point + 1, "0123456789") : 0;
}

static struct fraction value_at(const struct calculation_body *c, size_t i, uint32_t at)
{
    /* from + at × step: units of 10^-6 keep it whole. */
    int64_t scale = 1000000;
    int64_t from = c->from[i].top * (scale / c->from[i].bottom),
            step = c->step[i].top * (scale / c->step[i].bottom);
    struct fraction v = {from + step * at, scale};
    return v;
}

static bool values_of(const struct calculation_body *c, const json_t *numbers,
                      struct fraction *out, struct err *e)
{
    for (size_t i = 0; i < c->parameter_count; i++) {
        const char *text = json_string_value(json_array_get(numbers, i));
        if (!text || !fraction_read(text, &out[i]))
            return FAIL(e, INVALID, "/numbers", "缺少参数“%s”的取值。", c->parameters[i].name);
    }
    return true;
}

/* The rounded answer; NULL where it cannot be computed or does not fit. */
static const char *answer_of(const struct calculation_body *c, const struct fraction *values,
                             struct arena *a)
{
    struct fraction v;
    if (formula_value(c->formula, values, &v) != FORMULA_OK)
        return NULL;
    return fraction_text(a, v, (int)c->key->places);
}

/* Conditions hold, and the answer is a number that is told from nothing. */
static bool are_fit(const struct calculation_body *c, const json_t *numbers, struct arena *a)
{
    struct fraction values[FORMULA_NAMES_MAX], holds, answer, tolerance;
    struct err ignored = {0};
    if (!values_of(c, numbers, values, &ignored))
        return false;
    for (size_t i = 0; i < c->require_count; i++)
        if (formula_value(c->conditions[i], values, &holds) != FORMULA_OK || holds.top == 0)
            return false;
    const char *text = answer_of(c, values, a);
    if (!text || !fraction_read(text, &answer) || !fraction_read(c->key->tolerance, &tolerance))
        return false;
    if (answer.top < 0)
        answer.top = -answer.top;
    return fraction_compare(answer, tolerance) > 0;
}

static json_t *draw_once(const struct calculation_body *c, struct shuffle *s, struct arena *a)
{
    json_t *numbers = json_array();
    for (size_t i = 0; i < c->parameter_count; i++) {
        struct fraction v = value_at(c, i, shuffle_below(s, c->values[i]));
        json_array_append_new(numbers, json_string(fraction_text(a, v, c->places[i])));
    }
    return numbers;
}

/* At least a quarter of all draws is fit (check), so that two hundred in vain do not happen; if they
 * do, the paper still has a question. */
static struct json_t *draw(const void *b, struct shuffle *s, struct arena *a)
{
    const struct calculation_body *c = b;
    for (int i = 0; i < TRIALS; i++) {
        json_t *numbers = draw_once(c, s, a);
        if (are_fit(c, numbers, a))
            return numbers;
        json_decref(numbers);
    }
    return json_deep_copy(c->example);
}

/* --- filling ------------------------------------------------------------------------------------- */
/* Which parameter stands in braces; their number for 答案. */
static size_t parameter_named(const struct calculation_body *c, const char *name, size_t len)
{
    size_t i = 0;
    while (i < c->parameter_count && (strlen(c->parameters[i].name) != len ||
                                      memcmp(c->parameters[i].name, name, len) != 0))
        i++;
    return i;
}

/* "12 000": as numbers are printed in this bank. */
static void put_grouped(struct text_out *o, const char *number)
{
    size_t sign = strspn(number, "-"), whole = strspn(number + sign, "0123456789");
    text_put_bytes(o, number, sign);
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            text_put(o, " ");
        text_put_bytes(o, number + sign + i, 1);
    }
    text_put(o, number + sign + whole);
}

static const char *filled_in(const struct calculation_body *c, struct arena *a,
                             const char *text, const json_t *numbers, const char *answer)
{
    struct text_out o = {.arena = a};
    const char *open, *close;
    while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
        size_t i = parameter_named(c, open + 1, (size_t)(close - open - 1));
        text_put_bytes(&o, text, (size_t)(open - text));
        put_grouped(&o, i < c->parameter_count ? json_string_value(json_array_get(numbers, i))
                                               : answer);
        text = close + 1;
    }
    text_put(&o, text);
    return text_out_text(&o);
}

static struct json_t *fill(const void *b, const struct json_t *numbers, struct arena *a,
                           struct err *e)
{
    const struct calculation_body *c = b;
    struct fraction values[FORMULA_NAMES_MAX];
    if (!numbers)
        numbers = c->example;
    if (!values_of(c, numbers, values, e))
        return NULL;
    const char *answer = answer_of(c, values, a);
    if (!answer) {
        FAIL(e, INVALID, "/key/formula", "这组数据算不出答案。");
        return NULL;
    }
    json_t *out = json_pack("{s:s, s:{s:s, s:s}, s:s}", "stem",
                            filled_in(c, a, c->stem, numbers, ""), "key", "value", answer,
                            "tolerance", c->key->tolerance, "explanation",
                            filled_in(c, a, c->explanation, numbers, answer));
    if (out && c->key->unit)
        json_object_set_new(json_object_get(out, "key"), "unit", json_string(c->key->unit));
    if (!out)
        FAIL(e, INVALID, "/stem", "题干不是 UTF-8 文本。");
    return out;
}

static bool same_for_form(const void *b)
{
    const struct calculation_body *c = b;
    return c->numbers && strcmp(c->numbers, "form") == 0;
}

/* --- checking ------------------------------------------------------------------------------------ */
static bool place_fail(struct err *e, size_t i, const char *member, const char *sentence)
{
    char at[48];
    snprintf(at, sizeof at, "/parameters/%zu%s%s", i, *member ? "/" : "", member);
    return FAIL(e, INVALID, at, "%s", sentence);
}

/* In units of 10^-6, to count steps. */
static bool whole_millionths(const char *text, struct fraction *f, int64_t *out)
{
    if (!fraction_read(text, f) || 1000000 % f->bottom != 0)
        return false;
    *out = f->top * (1000000 / f->bottom);
    return true;
}

static bool check_parameter(struct calculation_body *c, size_t i, struct err *e)
{
    const struct parameter *p = &c->parameters[i];
    struct fraction to;
    int64_t low, high, step;
    if (!formula_is_name(p->name) || strcmp(p->name, answer_name) == 0)
        return place_fail(e, i, "name", "参数名只能由文字、数字（不在首位）和下划线组成。");
    for (size_t k = 0; k < i; k++)
        if (strcmp(c->parameters[k].name, p->name) == 0)
            return place_fail(e, i, "name", "参数名重复。");
    if (!whole_millionths(p->from, &c->from[i], &low))
        return place_fail(e, i, "from", "下限须为小数不超过六位的数。");
    if (!whole_millionths(p->to, &to, &high) || high < low)
        return place_fail(e, i, "to", "上限须为小数不超过六位、不小于下限的数。");
    if (!whole_millionths(p->step, &c->step[i], &step) || step <= 0)
        return place_fail(e, i, "step", "步长须为小数不超过六位、大于 0 的数。");
    if ((high - low) % step != 0 || (high - low) / step >= VALUES_MAX)
        return place_fail(e, i, "step", "从下限按步长须正好走到上限，不超过 10 万步。");
    c->values[i] = (uint32_t)((high - low) / step) + 1;
    c->places[i] = places_of(p->from) > places_of(p->step) ? places_of(p->from)
                                                           : places_of(p->step);
    if (c->places[i] > FORMULA_PLACES_MAX)
        return place_fail(e, i, "step", "小数不超过六位。");
    return true;
}

/* Every {name} is a parameter; SEEN: which ones. */
static bool check_text(const struct calculation_body *c, const char *field, const char *text,
                       unsigned *seen, struct err *e)
{
    bool explains = strcmp(field, "/explanation") == 0;
    const char *open;
    for (; (open = strpbrk(text, "{}")) != NULL; text = open + 1) {
        size_t len = strcspn(open + 1, "{}");
        if (*open == '}' || open[1 + len] != '}')
            return FAIL(e, INVALID, field, "花括号须成对，里面写一个参数名。");
        size_t i = parameter_named(c, open + 1, len);
        bool is_answer = len == strlen(answer_name) && memcmp(open + 1, answer_name, len) == 0;
        if (i == c->parameter_count && !(explains && is_answer))
            return FAIL(e, INVALID, field, "花括号里的不是参数。");
        if (i < c->parameter_count)
            *seen |= 1u << i;
        open += len + 1;
    }
    return true;
}

static bool check_formulas(struct calculation_body *c, struct arena *a, struct err *e)
{
    const char *names[FORMULA_NAMES_MAX];
    char at[32];
    for (size_t i = 0; i < c->parameter_count; i++)
        names[i] = c->parameters[i].name;
    c->formula = formula_read(a, c->key->formula, names, c->parameter_count, e);
    if (!c->formula) {
        err_under(e, "/key/formula");
        return false;
    }
    for (size_t i = 0; i < c->require_count; i++) {
        c->conditions[i] = condition_read(a, c->require[i], names, c->parameter_count, e);
        if (c->conditions[i])
            continue;
        snprintf(at, sizeof at, "/require/%zu", i);
        err_under(e, at);
        return false;
    }
    return true;
}

/* Draws from a fixed seed: enough of them must be fit, and lead to answers that differ. */
static bool check_draws(struct calculation_body *c, struct arena *a, struct err *e)
{
    static const unsigned char seed[SEED_BYTES] = {0};
    const char *answers[ANSWERS_MIN];
    struct fraction values[FORMULA_NAMES_MAX];
    struct shuffle s;
    size_t good = 0, different = 0;
    shuffle_begin(&s, seed);
    for (int i = 0; i < TRIALS; i++) {
        json_t *numbers = json_keep(a, draw_once(c, &s, a));
        if (!are_fit(c, numbers, a) || !values_of(c, numbers, values, e))
            continue;
        if (good++ == 0)
            c->example = numbers;
        const char *answer = answer_of(c, values, a);
        size_t k = 0;
        while (k < different && strcmp(answers[k], answer) != 0)
            k++;
        if (k == different && different < ANSWERS_MIN)
            answers[different++] = answer;
    }
    if (good < TRIALS_GOOD)
        return FAIL(
            e, INVALID, "/parameters",
            "随机取值 %d 次只有 %zu 次合用（条件成立，答案算得出、不小于允差、整数不超过 9 "
            "位），须至少 %d 次。",
            TRIALS, good, TRIALS_GOOD);
    return same_for_form(c) || different >= ANSWERS_MIN ||
           FAIL(e, INVALID, "/parameters",
                "随机取值只得到 %zu 种答案，每卷一组数据时须至少 %d 种。", different,
                ANSWERS_MIN);
}

static bool check_names(const struct calculation_body *c, struct err *e)
{
    unsigned in_stem = 0, in_explanation = 0;
    if (!check_text(c, "/stem", c->stem, &in_stem, e) ||
        !check_text(c, "/explanation", c->explanation, &in_explanation, e))
        return false;
    for (size_t i = 0; i < c->parameter_count; i++) {
        if (!(in_stem & 1u << i))
            return place_fail(e, i, "name", "题干里没有这个参数。");
    }
    return true;
}

static bool check_key(const struct calculation_body *c, struct err *e)
{
    struct fraction tolerance;
    return (fraction_read(c->key->tolerance, &tolerance) && tolerance.top >= 0) ||
           FAIL(e, INVALID, "/key/tolerance", "允差“%s”不是不小于 0 的数。", c->key->tolerance);
}

static bool check(void *b, struct arena *a, struct err *e)
{
    struct calculation_body *c = b;
    for (size_t i = 0; i < c->parameter_count; i++)
        if (!check_parameter(c, i, e))
            return false;
    if (!check_names(c, e) || !check_key(c, e) || !check_formulas(c, a, e) ||
        !check_draws(c, a, e))
        return false;
    json_t *question = fill(c, c->example, a, e);
    if (!question)
        return false;
    question = json_keep(a, question);
    c->filled = item_body_read(&item_kind_numeric, question, a, e);
    return c->filled;
}

/* The example: what a copy shows is shown by the kind it becomes. */
static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct calculation_body *c = b;
    item_kind_numeric.present(c->filled, s, o);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct calculation_body *c = b;
    return item_kind_numeric.score(c->filled, response, order, out, e);
}

static const struct item_drawing drawing = {
    .fill = fill,
    .draw = draw,
    .same_for_form = same_for_form,
    .becomes = &item_kind_numeric,
};

const struct item_kind item_kind_calculation = {
    .name = "calculation",
    .label = "计算题（抽取数据）",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
    .drawing = &drawing,
};
