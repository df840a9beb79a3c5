/* bank/kind_short.c - 简答题: read by markers along a scoring guide. */
#include <jansson.h>
#include <string.h>

#include "bank/guide.h"
#include "bank/kind.h"
#include "base/fields.h"
#include "base/json_out.h"

enum { SHORT_RESPONSE_BYTES = 60000 };

struct short_body {
    const char *stem;
    GUIDED_MEMBERS;
};

static const struct field rows[] = {
    {FIELD(struct short_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    GUIDED_ROWS(struct short_body),
};
static const struct fields body = FIELDS("item_short", struct short_body, rows);

static bool check(void *b, struct arena *a, struct err *e)
{
    (void)b, (void)a, (void)e; /* the table says it all */
    return true;
}

static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct short_body *body_ = b;
    (void)s;
    put_text(o, "stem", body_->stem);
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    (void)b, (void)order;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!json_is_string(response))
        return FAIL(e, INVALID, "", "简答题的作答须为文本。");
    if (json_string_length(response) > SHORT_RESPONSE_BYTES)
        return FAIL(e, INVALID, "", "简答题的作答过长。");
    out->needs_marker = true;
    return true;
}

const struct item_kind item_kind_short = {
    .name = "short",
    .label = "简答题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
};
