/* certificate/number.h - the numbers on certificates.
 *
 * The 22-character number of a level certificate (职业技能等级证书编码规则(试行), 人社鉴发〔2019〕2号):
 * letter, body, province, site, year, level, serial. It has no check digit, so a number is only
 * ever verified by looking it up. Positions 1 to 13 are given by the authorities, the rest is
 * ours. The 16-digit number of the older 职业资格证书 is read as evidence only, never made.
 * Numbers of training certificates are made by number_pattern.h. */
#ifndef CERTIFICATE_NUMBER_H
#define CERTIFICATE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { CERTIFICATE_NUMBER_LEN = 22, OLD_CERTIFICATE_NUMBER_LEN = 16 };
enum { CERTIFICATE_SERIAL_MAX = 999999 };

struct certificate_number {
    char type;      /* 'Y' employer, 'S' social training and evaluation organisation */
    int body;       /* 1-9999 filed with the ministry, 0 filed with a province */
    int province;   /* GB/T 2260, 11-82 */
    int site;       /* 0-999999, given by the province */
    int year;       /* of issue, last two digits, 0-99 */
    int level;      /* 5 (lowest) to 1 */
    int32_t serial; /* 1-999999 within body, year and level */
};

/* Exactly the 22 bytes that certificate_number_format writes, nothing else. */
bool certificate_number_parse(const char *text, size_t len, struct certificate_number *out);
bool certificate_number_is_valid(struct certificate_number n);
/* N must be valid: anything else is a bug. */
void certificate_number_format(struct certificate_number n,
                               char out[CERTIFICATE_NUMBER_LEN + 1]);
/* As people type it: normalised first; refused with INVALID at "/number" and what is wrong. */
bool certificate_number_read(const char *text, struct certificate_number *out,
                             struct err *e) MUST_USE;

/* year2 province2 city2 body type1 body serial3 level1 serial5; from one secondary source. */
struct old_certificate_number {
    int year, province, city, body_type, body_serial, level;
    int32_t serial;
};

bool old_certificate_number_parse(const char *text, size_t len,
                                  struct old_certificate_number *out);
void old_certificate_number_format(struct old_certificate_number n,
                                   char out[OLD_CERTIFICATE_NUMBER_LEN + 1]);
bool old_certificate_number_read(const char *text, struct old_certificate_number *out,
                                 struct err *e) MUST_USE;

#endif
