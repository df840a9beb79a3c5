/* bank/lint.h - what is wrong with a bank that reading single items does not show (ITEMS: rules
 * 4, 6, 7, 8 and 11).
 *
 * A problem of the whole bank has an item of "*". */
#ifndef BANK_LINT_H
#define BANK_LINT_H

#include "bank/law.h"
#include "bank/pool.h"

struct lint_problem {
    const char *item; /* its id; "file:line" where it has none; "*" */
    const char *what;
};

struct lint {
    struct lint_problem *problems;
    size_t count;
};

void bank_lint(struct arena *a, const struct pool *pool, const struct law_list *laws,
               struct lint *out);

/* The same of one item that need not be stored: all that can be said without the others. */
void item_lint(struct arena *a, const struct item *item, const struct law_list *laws,
               struct lint *out);

#endif
