/* bank/decimal.h - decimal numbers without floating point: what a candidate types as a result. */
#ifndef BANK_DECIMAL_H
#define BANK_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* In units of 10^-9, doubled; odd where digits beyond the ninth were left out, so that comparing
 * with values of at most nine decimals stays exact. */
struct decimal {
    int64_t doubled;
};

enum { DECIMAL_WHOLE_DIGITS = 9, DECIMAL_PLACES = 9 };

enum decimal_read { DECIMAL_OK, DECIMAL_NOT_A_NUMBER, DECIMAL_TOO_LARGE };

/* An optional sign, digits, an optional point and digits. Blanks, thousands commas and full-width
 * forms are taken as people type them; UNIT (may be NULL) may stand behind. */
enum decimal_read decimal_read(const char *text, const char *unit, struct decimal *out);
/* Whether commas in TEXT part thousands, if there are any: "1,000" is a thousand, what "3,14" means is for who
 * wrote it to say. */
bool decimal_is_grouped(const char *text);
bool decimal_near(struct decimal x, struct decimal y, struct decimal tolerance);

#endif
