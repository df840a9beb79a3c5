/* people/normalise.c - one spelling for what people type or paste as a number. */
#include "people/normalise.h"

#include <stdint.h>

/* The next code point; 0 at the end, UINT32_MAX for anything that is not UTF-8 of at most three
 * bytes: no number holds more. */
static uint32_t next_character(const unsigned char **at)
{
    const unsigned char *s = *at;
    if (*s < 0x80) {
        *at += *s != 0;
        return *s;
    }
    bool two = *s >= 0xC2 && *s <= 0xDF && (s[1] & 0xC0) == 0x80;
    if (two) {
        *at += 2;
        return (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3Fu);
    }
    if ((*s & 0xF0) != 0xE0 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80)
        return UINT32_MAX;
    uint32_t c = (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3Fu);
    *at += 3;
    return c >= 0x800 ? c : UINT32_MAX;
}

static bool is_left_out(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-' || c == 0xA0 ||
           c == 0xAD || (c >= 0x2000 && c <= 0x2015) || c == 0x202F || c == 0x2060 ||
           c == 0x2212 || c == 0x3000 || c == 0xFEFF;
}

bool normalise_number(const char *text, char *out, size_t out_bytes)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t n = 0;
    uint32_t c;
    while ((c = next_character(&at))) {
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (is_left_out(c))
            continue;
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        if (c < 0x21 || c > 0x7E || n + 1 >= out_bytes)
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    return true;
}
