/* bank/formula.h - arithmetic that an author writes: 点击÷曝光×100, and conditions: 点击＜曝光.
 *
 *     condition = sum ("<" | "<=" | ">" | ">=" | "=" | "!=") sum
 *     sum       = product {("+" | "-") product}
 *     product   = factor {("*" | "/") factor}
 *     factor    = ["-"] (number | name | "(" sum ")")
 *
 * Also × ÷ ＋ － − ＜ ＞ ≤ ≥ ≠ ＝ and full-width parentheses. Names are those the caller lists. There are no
 * functions, no assignments and no loops: a formula ends after as many steps as it has signs, and
 * is computed in fractions, so that the same numbers give the same answer everywhere. */
#ifndef BANK_FORMULA_H
#define BANK_FORMULA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

enum {
    FORMULA_BYTES_MAX = 400,
    FORMULA_DEPTH_MAX = 16,
    FORMULA_NAMES_MAX = 8,
    FORMULA_PLACES_MAX = 6
};

/* Reduced; bottom > 0; both within 10^18. */
struct fraction {
    int64_t top, bottom;
};

struct formula;

enum formula_result { FORMULA_OK, FORMULA_BY_ZERO, FORMULA_TOO_LARGE };

/* A name as it may stand in a formula: letters of any script, digits after the first, and _. */
bool formula_is_name(const char *text);
/* NULL on an error, with no field; NAMES and TEXT are not kept. */
const struct formula *formula_read(struct arena *a, const char *text, const char *const *names,
                                   size_t count, struct err *e);
const struct formula *condition_read(struct arena *a, const char *text,
                                     const char *const *names, size_t count, struct err *e);
bool formula_uses(const struct formula *f, size_t name);
/* VALUES in the order of the names. Of a condition: 1 or 0. */
enum formula_result formula_value(const struct formula *f, const struct fraction *values,
                                  struct fraction *out);

/* A decimal number; false where decimal_read would not take it. */
bool fraction_read(const char *text, struct fraction *out);
/* Rounded half away from zero, with PLACES (0 to 6) decimals; NULL beyond nine whole digits. */
const char *fraction_text(struct arena *a, struct fraction x, int places);
int fraction_compare(struct fraction x, struct fraction y); /* < 0, 0, > 0 */

#endif
