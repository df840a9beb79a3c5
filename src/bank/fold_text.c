/* bank/fold_text.c - folds what an input method decides and a candidate does not mean. */
#include "bank/fold_text.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

/* Three-byte characters and what they stand for; "" drops them. */
static const struct {
    const char *from, *to;
} pairs[] = {
    {"\u3000", ""}, {"。", "."}, {"、", ","},  {"《", "<"}, {"》", ">"},
    {"“", "\""},    {"”", "\""}, {"‘", "'"},   {"’", "'"},  {"—", "-"},
    {"–", "-"},     {"−", "-"},  {"…", "..."}, {"×", "*"},  {"÷", "/"},
};

/* U+FF01 … U+FF5E is ASCII shifted; EF BC 81 … EF BD 9E in UTF-8. */
static int wide_ascii(const unsigned char *s)
{
    if (s[0] != 0xef || (s[1] != 0xbc && s[1] != 0xbd) || s[2] < 0x80 || s[2] > 0xbf)
        return -1;
    int point = 0xf000 | (s[1] & 0x3f) << 6 | (s[2] & 0x3f);
    return point >= 0xff01 && point <= 0xff5e ? point - 0xff01 + '!' : -1;
}

static char small(int c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t pair_at(const char *s, const char **to)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t len = strlen(pairs[i].from);
        if (strncmp(s, pairs[i].from, len) == 0) {
            *to = pairs[i].to;
            return len;
        }
    }
    return 0;
}

const char *fold_text(struct arena *a, const char *text)
{
    char *out = arena_alloc(a, 3 * strlen(text) + 1, 1), *to = out;
    const char *s = text;
    while (*s) {
        const char *instead;
        size_t len;
        int wide = wide_ascii((const unsigned char *)s);
        if (wide >= 0) {
            *to++ = small(wide);
            s += 3;
        } else if (strchr(" \t\r\n", *s)) {
            s++;
        } else if ((len = pair_at(s, &instead)) > 0) {
            memcpy(to, instead, strlen(instead));
            to += strlen(instead);
            s += len;
        } else {
            *to++ = small((unsigned char)*s++);
        }
    }
    while (to > out && to[-1] == '.')
        to--;
    *to = '\0';
    return out;
}
