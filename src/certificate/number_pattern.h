/* certificate/number_pattern.h - numbers of training certificates, made by a programme's pattern.
 *
 *     "CCIA-{year}-{level}-{serial:6}"   CCIA-2026-4-000001
 *
 * Parts: {year} 4 digits, {year:2} the last two, {level} one digit, {serial:N} N digits (4 to 9,
 * exactly once); between them A-Z, 0-9 and hyphens. A training certificate must never pass for a
 * 职业技能等级证书: a pattern is refused unless no number it can make, with its hyphens or
 * without, has the form of the 22-character number or of the older one of 16 digits. */
#ifndef CERTIFICATE_NUMBER_PATTERN_H
#define CERTIFICATE_NUMBER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { PATTERN_PARTS_MAX = 12, PATTERN_NUMBER_BYTES = 41 };

enum number_part_kind { PART_LITERAL, PART_YEAR, PART_LEVEL, PART_SERIAL };

struct number_part {
    enum number_part_kind kind;
    int width;                          /* characters it makes */
    char literal[PATTERN_NUMBER_BYTES]; /* PART_LITERAL */
};

struct number_pattern {
    struct number_part parts[PATTERN_PARTS_MAX];
    size_t count;
    size_t len; /* of every number it makes */
};

struct training_number {
    int year;       /* 2000-2999; after reading a {year:2}, 2000-2099; 0 without {year} */
    int level;      /* 0-9; 0 without {level} */
    int64_t serial; /* from 1 */
};

/* INVALID at "/number_pattern", RULE if its numbers could pass for a level certificate's. */
bool number_pattern_parse(const char *text, struct number_pattern *out, struct err *e) MUST_USE;
/* CONFLICT at "/serial" when the digits of the serial are used up. */
bool number_pattern_make(const struct number_pattern *p, struct training_number n,
                         char out[PATTERN_NUMBER_BYTES], struct err *e) MUST_USE;
/* Exactly what number_pattern_make writes. */
bool number_pattern_read(const struct number_pattern *p, const char *text,
                         struct training_number *out);

#endif
