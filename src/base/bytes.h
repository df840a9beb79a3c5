/* base/bytes.h - byte strings and their spellings: big-endian numbers, hex, base64url, base32. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Bytes somebody else owns. */
struct bytes {
    const unsigned char *at;
    size_t len;
};

void be16_put(unsigned char out[2], uint16_t v);
void be32_put(unsigned char out[4], uint32_t v);
void be64_put(unsigned char out[8], uint64_t v);
uint16_t be16_get(const unsigned char in[2]);
uint32_t be32_get(const unsigned char in[4]);
uint64_t be64_get(const unsigned char in[8]);

/* OUT holds 2 * len + 1 characters, lower case. */
void hex_write(char *out, const unsigned char *in, size_t len);
/* Exactly len bytes from 2 * len hex digits and nothing behind them. */
bool hex_read(unsigned char *out, size_t len, const char *text);

/* Unpadded base64url (RFC 4648 section 5); reading refuses padding, blanks and loose bits. */
char *base64url_write(struct arena *a, const unsigned char *in, size_t len);
bool base64url_read(struct arena *a, const char *text, size_t text_len, struct bytes *out);
/* Standard base64 with padding, for formats that ask for it. */
char *base64_write(struct arena *a, const unsigned char *in, size_t len);
bool base64_read(struct arena *a, const char *text, size_t text_len, struct bytes *out);

/* RFC 4648 base32, upper case, no padding (certificate QR). */
char *base32_write(struct arena *a, const unsigned char *in, size_t len);
bool base32_read(struct arena *a, const char *text, size_t text_len, struct bytes *out);

/* Crockford base32 of the first `bits` bits, for codes that people read aloud. */
char *crockford_write(struct arena *a, const unsigned char *in, size_t bits);

bool bytes_equal(struct bytes x, struct bytes y);

#endif
