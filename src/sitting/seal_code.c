/* sitting/seal_code.c - seal codes as people type them. */
#include "sitting/seal_code.h"

#include <string.h>

enum { LETTERS = 16 };
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool seal_code_plain(const char *text, char out[SEAL_CODE_BYTES])
{
    size_t n = 0, letters = 0;
    for (const char *c = text; *c; c++) {
        char x = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        if (x == ' ' || x == '-')
            continue;
        x = x == 'O' ? '0' : x == 'I' || x == 'L' ? '1' : x;
        if (!strchr(alphabet, x) || letters == LETTERS)
            return false;
        if (letters > 0 && letters % 4 == 0)
            out[n++] = '-';
        out[n++] = x;
        letters++;
    }
    out[n] = '\0';
    return letters == LETTERS;
}

bool seal_code_read(const char *text, unsigned char head[SEAL_CODE_HEAD_BYTES])
{
    char plain[SEAL_CODE_BYTES];
    unsigned bits = 0, count = 0;
    size_t n = 0;
    if (!seal_code_plain(text, plain))
        return false;
    for (const char *c = plain; *c; c++) {
        if (*c == '-')
            continue;
        bits = bits << 5 | (unsigned)(strchr(alphabet, *c) - alphabet);
        count += 5;
        if (count >= 8) {
            count -= 8;
            head[n++] = (unsigned char)(bits >> count & 0xFF);
        }
    }
    return n == SEAL_CODE_HEAD_BYTES;
}
