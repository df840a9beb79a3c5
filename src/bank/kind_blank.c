/* bank/kind_blank.c - 填空题: one or more gaps, each with the answers that count. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/fold_text.h"
#include "bank/kind.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"

enum { GAPS_MAX = 10, ACCEPTED_MAX = 20 };

struct blank_body {
    const char *stem; /* each gap is ____ (four or more) */
    struct json_t
        *key; /* [["点击率","CTR"],["2%"]]: a list for each gap, the first is printed */
    const char *explanation;
    const char ***accepted; /* derived: folded, NULL-ended */
    size_t gap_count;
};

static const struct field rows[] = {
    {FIELD(struct blank_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct blank_body, key, JSON), .required = true},
    {FIELD(struct blank_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_blank", struct blank_body, rows);

static size_t gaps_in(const char *stem)
{
    size_t n = 0;
    for (const char *s = strstr(stem, "____"); s; s = strstr(s, "____")) {
        n++;
        s += strspn(s, "_");
    }
    return n;
}

static bool read_gap(struct arena *a, const json_t *list, size_t gap, const char ***out,
                     struct err *e)
{
    char field[40];
    size_t n = json_array_size(list);
    snprintf(field, sizeof field, "/key/%zu", gap);
    if (n < 1 || n > ACCEPTED_MAX)
        return FAIL(e, INVALID, field, "每个空须有 1 至 %d 个可接受的答案。", ACCEPTED_MAX);
    *out = arena_array(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        (*out)[i] = text ? fold_text(a, text) : "";
        if (!*(*out)[i] || strlen(text) > 200)
            return FAIL(e, INVALID, field, "第 %zu 个答案为空或太长。", i + 1);
    }
    return true;
}

static bool check(void *b, struct arena *a, struct err *e)
{
    struct blank_body *m = b;
    m->gap_count = gaps_in(m->stem);
    if (m->gap_count < 1 || m->gap_count > GAPS_MAX)
        return FAIL(e, INVALID, "/stem", "题干须有 1 至 %d 个空，写作 ____。", GAPS_MAX);
    if (!json_is_array(m->key) || json_array_size(m->key) != m->gap_count)
        return FAIL(e, INVALID, "/key", "题干有 %zu 个空，答案也须有 %zu 组。", m->gap_count,
                    m->gap_count);
    m->accepted = arena_array(a, const char **, m->gap_count);
    for (size_t i = 0; i < m->gap_count; i++)
        if (!read_gap(a, json_array_get(m->key, i), i, &m->accepted[i], e))
            return false;
    return true;
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct blank_body *m = b;
    (void)s;
    put_text(o, "stem", m->stem);
    put_int(o, "gaps", (int64_t)m->gap_count);
}

static bool is_accepted(struct arena *work, const char *const *accepted, const char *given)
{
    const char *folded = fold_text(work, given);
    for (size_t i = 0; accepted[i]; i++)
        if (strcmp(accepted[i], folded) == 0)
            return true;
    return false;
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct blank_body *m = b;
    int right = 0, wrong = 0;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!json_is_array(response) || json_array_size(response) != m->gap_count)
        return FAIL(e, INVALID, "", "填空题的作答须为 %zu 项的数组。", m->gap_count);
    struct arena *work = arena_create(1 << 20);
    bool ok = true;
    for (size_t i = 0; ok && i < m->gap_count; i++) {
        const json_t *one = json_array_get(response, i);
        char field[40];
        snprintf(field, sizeof field, "/%zu", i);
        if (response_is_blank(one))
            continue;
        if (!json_is_string(one) || json_string_length(one) > 4000)
            ok = FAIL(e, INVALID, field, "须为文本。");
        else if (is_accepted(work, m->accepted[i], json_string_value(one)))
            right++;
        else
            wrong++;
    }
    arena_destroy(work);
    out->millimarks = ok ? partial_marks(order->partial, right, wrong, (int)m->gap_count,
                                         order->max_millimarks)
                         : 0;
    return ok;
}

const struct item_kind item_kind_blank = {
    .name = "blank",
    .label = "填空题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
