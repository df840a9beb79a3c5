/* bank/lint_report.h - what lint.c, lint_media.c and lint_bank.c share; nobody else includes it. */
#ifndef BANK_LINT_REPORT_H
#define BANK_LINT_REPORT_H

#include <jansson.h>

#include "bank/lint.h"
#include "base/err.h"

struct linting {
    struct arena *arena;
    const struct pool *pool; /* NULL: one item by itself */
    const struct law_list *laws;
    struct lint *out;
    size_t room;
};

void lint_say(struct linting *l, const char *item, const char *fmt, ...) PRINTF_LIKE(3, 4);
size_t text_characters(const char *s);
bool option_is_key(const json_t *key, size_t option);

/* lint_media.c: an item's pictures, sounds and films, and the words that point at them. */
void lint_media(struct linting *l, const struct item *it);

/* lint_bank.c: spreads over the whole bank, and stems that resemble each other. */
void lint_key_spread(struct linting *l);
void lint_stems(struct linting *l);

#endif
