/* paper/phone_code.h - the release code that two officers read out over the phone (SECURITY §3.4).
 *
 * A half is three groups of five digits, each with a Damm digit behind it: every single wrong digit
 * and every swap of neighbours is found in its group. The digits come from K_S, so nobody can know
 * them before two officers have armed. Fifteen digits are 49.8 bits. */
#ifndef PAPER_PHONE_CODE_H
#define PAPER_PHONE_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"

enum {
    CODE_GROUPS = 3,
    CODE_HALF_DIGITS = 15,
    CODE_HALF_TEXT_BYTES = CODE_GROUPS * 7, /* "12345-6 …": five, Damm digit, blank or NUL */
    CODE_SECRET_BYTES = 2 * CODE_HALF_DIGITS + 1
};

/* "123450 678905 …": the half as it is read out. HALF 0 is officer A's, 1 officer B's. */
void phone_code_half(char out[CODE_HALF_TEXT_BYTES], const unsigned char session_key[KEY_BYTES],
                     uint32_t room, uint32_t revision, int half);
/* The 15 secret digits of a half as typed, blanks and hyphens ignored. INVALID at FIELD "/groups/n"
 * (n from 1) names the group that was misheard. */
bool phone_code_read(const char *typed, char digits[CODE_HALF_DIGITS + 1],
                     struct err *e) MUST_USE;
/* The check digit of a row of decimal digits. */
int damm_digit(const char *digits, int count);

#endif
