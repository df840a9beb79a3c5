/* bank/decimal.c - reading and comparing decimal numbers exactly. */
#include "bank/decimal.h"

#include <stddef.h>

/* Full-width digits and signs are U+FF01 … U+FF5E: EF BC 81 … EF BD 9E. Gives the plain character
 * and how many bytes it took; other bytes as they are. */
static char plain(const char *s, size_t *len)
{
    const unsigned char *u = (const unsigned char *)s;
    *len = 1;
    if (u[0] == 0xEF && u[1] == 0xBC && u[2] >= 0x81 && u[2] <= 0xBF) {
        *len = 3;
        return (char)(u[2] - 0x81 + '!');
    }
    if (u[0] == 0xE2 && u[1] == 0x88 && u[2] == 0x92) { /* U+2212 minus */
        *len = 3;
        return '-';
    }
    if (u[0] == 0xE3 && u[1] == 0x80 && u[2] == 0x80) { /* U+3000 blank */
        *len = 3;
        return ' ';
    }
    return *s;
}

struct reading {
    bool negative, point, beyond;
    int whole, places, digits;
    int64_t value;
};

/* One more digit; false where the number leaves our range. */
static bool take_digit(struct reading *r, int d)
{
    r->digits++;
    if (r->point) {
        if (r->places == DECIMAL_PLACES) {
            r->beyond |= d != 0;
            return true;
        }
        r->places++;
    } else if (r->value > 0 || d > 0) {
        if (++r->whole > DECIMAL_WHOLE_DIGITS)
            return false;
    }
    r->value = r->value * 10 + d;
    return true;
}

/* S is the unit as people type it: ％ for %, a blank behind. */
static bool is_unit(const char *s, const char *unit)
{
    size_t n, m;
    for (; *unit; s += n, unit += m)
        if (plain(s, &n) != plain(unit, &m))
            return false;
    while (plain(s, &n) == ' ')
        s += n;
    return *s == 0;
}

enum decimal_read decimal_read(const char *text, const char *unit, struct decimal *out)
{
    struct reading r = {0};
    size_t len;
    const char *s = text;
    while (plain(s, &len) == ' ')
        s += len;
    char c = plain(s, &len);
    if (c == '-' || c == '+') {
        r.negative = c == '-';
        s += len;
    }
    for (; (c = plain(s, &len)) != 0; s += len) {
        if (c >= '0' && c <= '9') {
            if (!take_digit(&r, c - '0'))
                return DECIMAL_TOO_LARGE;
        } else if (c == '.' && !r.point) {
            r.point = true;
        } else if (c != ' ' && !(c == ',' && !r.point && r.digits > 0)) {
            break;
        }
    }
    if (r.digits == 0 || (*s && !(unit && is_unit(s, unit))))
        return DECIMAL_NOT_A_NUMBER;
    for (int i = r.places; i < DECIMAL_PLACES; i++)
        r.value *= 10;
    int64_t doubled = 2 * r.value + r.beyond;
    out->doubled = r.negative ? -doubled : doubled;
    return DECIMAL_OK;
}

bool decimal_is_grouped(const char *text)
{
    size_t len;
    int since = -1; /* digits behind the last comma; -1: none yet */
    bool grouped = true, point = false;
    for (char c; grouped && (c = plain(text, &len)) != 0; text += len) {
        point |= c == '.';
        if (c == ',') {
            grouped = !point && (since < 0 || since == 3);
            since = 0;
        } else if (c >= '0' && c <= '9' && since >= 0 && !point) {
            since++;
        }
    }
    return grouped && (since < 0 || since == 3);
}

bool decimal_near(struct decimal x, struct decimal y, struct decimal tolerance)
{
    int64_t apart = x.doubled > y.doubled ? x.doubled - y.doubled : y.doubled - x.doubled;
    return apart <= tolerance.doubled;
}
