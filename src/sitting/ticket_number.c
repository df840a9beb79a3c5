/* sitting/ticket_number.c - 14 digits that name a ticket and catch a slip of the finger. */
#include <stdio.h>
#include <string.h>

#include "sitting/ticket.h"

enum { DIGITS = TICKET_NUMBER_BYTES - 1, SERIES_MAX = 999, SERIAL_MAX = 9999, CENTURY = 2000 };

/* Damm's quasigroup of order 10 (H. M. Damm, 2004): weakly totally anti-symmetric, so that the
 * check of a number with its check digit is 0, and 0 for no number one slip away. */
static const unsigned char damm[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
    {4, 2, 0, 6, 8, 7, 1, 3, 5, 9}, {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
    {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
    {9, 4, 3, 8, 6, 1, 7, 2, 0, 5}, {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

static int check_of(const char *digits, size_t len)
{
    int check = 0;
    for (size_t i = 0; i < len; i++)
        check = damm[check][digits[i] - '0'];
    return check;
}

/* Only the digits; false for other characters than those people write between groups. */
static bool only_digits(const char *text, char out[TICKET_NUMBER_BYTES])
{
    size_t n = 0;
    for (; *text; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (*text < '0' || *text > '9' || n == DIGITS)
            return false;
        out[n++] = *text;
    }
    out[n] = '\0';
    return n == DIGITS;
}

static int number_at(const char *digits, size_t len)
{
    int n = 0;
    for (size_t i = 0; i < len; i++)
        n = n * 10 + (digits[i] - '0');
    return n;
}

bool ticket_number_read(const char *text, struct ticket_number *out)
{
    char d[TICKET_NUMBER_BYTES];
    if (!only_digits(text, d) || check_of(d, DIGITS) != 0)
        return false;
    struct civil c = {CENTURY + number_at(d, 2), number_at(d + 2, 2), number_at(d + 4, 2)};
    if (!civil_is_real(c))
        return false;
    out->day = date_of(c);
    out->series = number_at(d + 6, 3);
    out->serial = number_at(d + 9, 4);
    return out->series > 0 && out->serial > 0;
}

void ticket_number_write(const struct ticket_number *n, char out[TICKET_NUMBER_BYTES])
{
    struct civil c = civil_of(n->day);
    unsigned series = (unsigned)n->series % (SERIES_MAX + 1);
    unsigned serial = (unsigned)n->serial % (SERIAL_MAX + 1);
    char digits[32];
    snprintf(digits, sizeof digits, "%02u%02u%02u%03u%04u", (unsigned)(c.year % 100),
             (unsigned)c.month, (unsigned)c.day, series, serial);
    int check = check_of(digits, DIGITS - 1);
    memcpy(out, digits, DIGITS - 1);
    out[DIGITS - 1] = (char)('0' + check);
    out[DIGITS] = '\0';
}

void ticket_number_group(const char number[TICKET_NUMBER_BYTES], char out[TICKET_GROUPED_BYTES])
{
    snprintf(out, TICKET_GROUPED_BYTES, "%.6s %.3s %.4s %.1s", number, number + 6, number + 9,
             number + 13);
}
