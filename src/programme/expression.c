/* programme/expression.c - checks and judges conditions; the kinds are in clause_*.c. */
#include "programme/expression.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "programme/vocabulary.h"

#define CLAUSE(name, key) &name##_clause_kind,
static const struct clause_kind *const kinds[] = {
#include "programme/clauses.def"
};
#undef CLAUSE

enum { EXPRESSION_DEPTH_MAX = 8, PARTS_MAX = 50 };

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = {"not_met", "unknown", "met"};
    return names[v];
}

const struct clause_kind *clause_kind_at(size_t i)
{
    return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

const struct clause_kind *clause_kind_find(const char *key)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i]->key, key) == 0)
            return kinds[i];
    return NULL;
}

const struct clause_kind *predicate_kind(const struct json_t *predicate)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json_object_get(predicate, kinds[i]->key))
            return kinds[i];
    return NULL;
}

/* ------------------------------------------------------------------ checking */
static bool check_at(const struct json_t *x, int depth, struct err *e);

static bool check_parts(const struct json_t *x, const char *operator, int depth, struct err *e)
{
    const json_t *parts = json_object_get(x, operator);
    char at[40];
    snprintf(at, sizeof at, "/%s", operator);
    if (json_object_size(x) != 1)
        return FAIL(e, INVALID, at, "%s 旁边不得有其他项。", operator);
    size_t n = json_array_size(parts);
    if (!json_is_array(parts) || n == 0 || n > PARTS_MAX)
        return FAIL(e, INVALID, at, "须为 1 至 %d 项的数组。", PARTS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (check_at(json_array_get(parts, i), depth + 1, e))
            continue;
        snprintf(at, sizeof at, "/%s/%zu", operator, i);
        err_under(e, at);
        return false;
    }
    return true;
}

static bool check_predicate(const struct json_t *x, struct err *e)
{
    const struct clause_kind *kind = predicate_kind(x);
    if (!kind) {
        const char *first = json_object_iter_key(json_object_iter((json_t *)x));
        return FAIL(e, INVALID, "", "没有“%.40s”这种条件。", first ? first : "");
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i] != kind && json_object_get(x, kinds[i]->key))
            return FAIL(e, INVALID, "", "一个条件只能有一种：%s 或 %s。", kind->key,
                        kinds[i]->key);
    struct arena *scratch = arena_create(1 << 20);
    void *values = arena_alloc(scratch, 1, kind->fields->size);
    bool ok = fields_read(kind->fields, x, scratch, values, e) &&
              (!kind->check || kind->check(x, e));
    arena_destroy(scratch);
    return ok;
}

static bool check_at(const struct json_t *x, int depth, struct err *e)
{
    if (depth > EXPRESSION_DEPTH_MAX)
        return FAIL(e, INVALID, "", "条件嵌套超过 %d 层。", EXPRESSION_DEPTH_MAX);
    if (!json_is_object(x))
        return FAIL(e, INVALID, "", "条件须为 JSON 对象。");
    if (json_object_get(x, "any"))
        return check_parts(x, "any", depth, e);
    if (json_object_get(x, "all"))
        return check_parts(x, "all", depth, e);
    return check_predicate(x, e);
}

bool expression_check(const struct json_t *expression, struct err *e)
{
    return check_at(expression, 1, e);
}

/* ------------------------------------------------------------------ judging */
void reason_add(struct arena *a, struct reasons *r, const char *sentence)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->at[i], sentence) == 0)
            return;
    r->at = arena_grow(a, r->at, r->count, r->count + 1, sizeof *r->at);
    r->at[r->count++] = sentence;
}

static void reasons_append(struct arena *a, struct reasons *to, const struct reasons *from)
{
    for (size_t i = 0; i < from->count; i++)
        reason_add(a, to, from->at[i]);
}

static void judge_all(const struct judging *j, const json_t *parts, struct finding *out)
{
    size_t i;
    json_t *part;
    out->verdict = MET;
    json_array_foreach((json_t *)parts, i, part)
    {
        struct finding f = {0};
        expression_judge(j, part, &f);
        if (f.verdict < out->verdict)
            out->verdict = f.verdict;
        reasons_append(j->arena, &out->because, &f.because);
        reasons_append(j->arena, &out->missing, &f.missing);
    }
}

/* Of several ways only those that got furthest are told. */
static void judge_any(const struct judging *j, const json_t *parts, struct finding *out)
{
    size_t i;
    json_t *part;
    out->verdict = NOT_MET;
    json_array_foreach((json_t *)parts, i, part)
    {
        struct finding f = {0};
        expression_judge(j, part, &f);
        if (f.verdict > out->verdict)
            *out = (struct finding){.verdict = f.verdict};
        if (f.verdict < out->verdict)
            continue;
        reasons_append(j->arena, &out->because, &f.because);
        for (size_t k = 0; k < f.missing.count; k++)
            reason_add(j->arena, &out->missing,
                       out->missing.count && k == 0
                           ? arena_printf(j->arena, "或者：%s", f.missing.at[k])
                           : f.missing.at[k]);
    }
}

void expression_judge(const struct judging *j, const struct json_t *expression,
                      struct finding *out)
{
    const json_t *any = json_object_get(expression, "any");
    const json_t *all = json_object_get(expression, "all");
    *out = (struct finding){0};
    if (any)
        judge_any(j, any, out);
    else if (all)
        judge_all(j, all, out);
    else
        predicate_kind(expression)->judge(j, expression, out);
}

/* ------------------------------------------------------------------ for the kinds */
void predicate_read(const struct clause_kind *kind, const struct json_t *predicate,
                    struct arena *a, void *out)
{
    struct err e = {0};
    bool ok = fields_read(kind->fields, predicate, a, out, &e);
    assert(ok && "a predicate is checked when its programme is loaded");
    (void)ok;
}

bool is_one_of(const char *value, const char *const *list, size_t count)
{
    for (size_t i = 0; value && i < count; i++)
        if (strcmp(list[i], value) == 0)
            return true;
    return false;
}

const char *words_joined(struct arena *a, const struct word *words, const char *const *list,
                         size_t count, const char *joiner)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_printf(a, "%s%s%s", text, i ? joiner : "", word_label(words, list[i]));
    return text;
}

const char *date_text(struct arena *a, date_days d)
{
    char text[DATE_TEXT_BYTES];
    date_write(d, text);
    return arena_text(a, text);
}
