/* base/bytes.c - byte strings and their spellings. */
#include "base/bytes.h"

#include <string.h>

#include "base/arena.h"

void be16_put(unsigned char out[2], uint16_t v)
{
    out[0] = (unsigned char)(v >> 8);
    out[1] = (unsigned char)v;
}

void be32_put(unsigned char out[4], uint32_t v)
{
    be16_put(out, (uint16_t)(v >> 16));
    be16_put(out + 2, (uint16_t)v);
}

void be64_put(unsigned char out[8], uint64_t v)
{
    be32_put(out, (uint32_t)(v >> 32));
    be32_put(out + 4, (uint32_t)v);
}

uint16_t be16_get(const unsigned char in[2])
{
    return (uint16_t)(in[0] << 8 | in[1]);
}

uint32_t be32_get(const unsigned char in[4])
{
    return (uint32_t)be16_get(in) << 16 | be16_get(in + 2);
}

uint64_t be64_get(const unsigned char in[8])
{
    return (uint64_t)be32_get(in) << 32 | be32_get(in + 4);
}

void hex_write(char *out, const unsigned char *in, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_read(unsigned char *out, size_t len, const char *text)
{
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text[2 * i]);
        if (high < 0)
            return false;
        int low = hex_digit(text[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return text[2 * len] == '\0';
}

static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char crockford_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The first BITS bits of IN as digits of WIDTH bits each, the last one filled with zeros. */
static size_t digits_write(char *out, const unsigned char *in, size_t bits, unsigned width,
                           const char *digits)
{
    size_t n = 0;
    for (size_t at = 0; at < bits; at += width) {
        unsigned value = 0;
        for (size_t bit = at; bit < at + width; bit++)
            value = value << 1 | (bit < bits ? in[bit / 8] >> (7 - bit % 8) & 1u : 0u);
        out[n++] = digits[value];
    }
    out[n] = '\0';
    return n;
}

/* Refuses foreign digits, lengths that no byte string has, and bits left over that are set. */
static bool digits_read(struct arena *a, const char *text, size_t text_len, unsigned width,
                        const char *digits, struct bytes *out)
{
    size_t len = text_len / 8 * width + text_len % 8 * width / 8;
    if ((len * 8 + width - 1) / width != text_len)
        return false;
    unsigned char *bytes = arena_alloc(a, len + 1, 1);
    unsigned value = 0, held = 0;
    size_t n = 0;
    for (size_t i = 0; i < text_len; i++) {
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (!digit)
            return false;
        value = value << width | (unsigned)(digit - digits);
        held += width;
        if (held >= 8) {
            held -= 8;
            bytes[n++] = (unsigned char)(value >> held);
            value &= (1u << held) - 1;
        }
    }
    *out = (struct bytes){bytes, len};
    return value == 0;
}

char *base64url_write(struct arena *a, const unsigned char *in, size_t len)
{
    char *out = arena_alloc(a, len / 3 * 4 + 5, 1);
    digits_write(out, in, len * 8, 6, base64url_digits);
    return out;
}

bool base64url_read(struct arena *a, const char *text, size_t text_len, struct bytes *out)
{
    return digits_read(a, text, text_len, 6, base64url_digits, out);
}

char *base64_write(struct arena *a, const unsigned char *in, size_t len)
{
    char *out = arena_alloc(a, len / 3 * 4 + 5, 1);
    size_t n = digits_write(out, in, len * 8, 6, base64_digits);
    while (n % 4)
        out[n++] = '=';
    return out;
}

bool base64_read(struct arena *a, const char *text, size_t text_len, struct bytes *out)
{
    if (text_len % 4)
        return false;
    for (int pads = 0; pads < 2 && text_len && text[text_len - 1] == '='; pads++)
        text_len--;
    return digits_read(a, text, text_len, 6, base64_digits, out);
}

char *base32_write(struct arena *a, const unsigned char *in, size_t len)
{
    char *out = arena_alloc(a, len / 5 * 8 + 9, 1);
    digits_write(out, in, len * 8, 5, base32_digits);
    return out;
}

bool base32_read(struct arena *a, const char *text, size_t text_len, struct bytes *out)
{
    return digits_read(a, text, text_len, 5, base32_digits, out);
}

char *crockford_write(struct arena *a, const unsigned char *in, size_t bits)
{
    char *out = arena_alloc(a, bits / 5 + 2, 1);
    digits_write(out, in, bits, 5, crockford_digits);
    return out;
}

bool bytes_equal(struct bytes x, struct bytes y)
{
    return x.len == y.len && (x.len == 0 || memcmp(x.at, y.at, x.len) == 0);
}
