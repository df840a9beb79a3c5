/* sitting/typed_code_fuzz.c - codes that people type: what reads is plain already and reads as itself, and
 * no single wrong digit of a code that is read over the phone is taken. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/envelope.h"
#include "paper/phone_code.h"
#include "sitting/node.h"
#include "sitting/seal_code.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void seal(const char *text)
{
    char plain[SEAL_CODE_BYTES], again[SEAL_CODE_BYTES];
    unsigned char head[SEAL_CODE_HEAD_BYTES], same[SEAL_CODE_HEAD_BYTES];
    if (!seal_code_plain(text, plain))
        return;
    demand(seal_code_plain(plain, again) && strcmp(plain, again) == 0);
    demand(seal_code_read(text, head) && seal_code_read(plain, same) &&
           memcmp(head, same, sizeof head) == 0);
}

static void node(const char *text)
{
    char plain[NODE_CODE_CHARACTERS + 1], again[NODE_CODE_CHARACTERS + 1];
    if (node_code_read(text, plain))
        demand(strlen(plain) == NODE_CODE_CHARACTERS && node_code_read(plain, again) &&
               strcmp(plain, again) == 0);
}

static void phone(struct arena *a, const char *text)
{
    char digits[CODE_HALF_DIGITS + 1], other[CODE_HALF_DIGITS + 1];
    struct err e = {0};
    if (!phone_code_read(text, digits, &e)) {
        demand(e.code == ERR_INVALID &&
               (strcmp(e.field, "/half") == 0 || strncmp(e.field, "/groups/", 8) == 0));
        return;
    }
    demand(strspn(digits, "0123456789") == CODE_HALF_DIGITS);
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9')
            continue;
        char *wrong = arena_copy(a, text, strlen(text));
        wrong[c - text] = (char)('0' + (*c - '0' + 1) % 10);
        demand(!phone_code_read(wrong, other, &e));
    }
}

static void envelope(const char *text)
{
    const struct envelope_place p = {.room = 3, .revision = 1, .half = 1};
    unsigned char piece[KEY_BYTES], same[KEY_BYTES];
    char written[ENVELOPE_TEXT_BYTES];
    struct err e = {0};
    if (!envelope_read(text, &p, piece, &e)) {
        demand(e.code == ERR_INVALID && strcmp(e.field, "/half") == 0);
        return;
    }
    envelope_write(written, &p, piece);
    demand(envelope_read(written, &p, same, &e) && memcmp(piece, same, sizeof piece) == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct err e = {0};
    if (size > 400 || memchr(data, 0, size))
        return 0;
    demand(crypto_start(&e));
    struct arena *a = arena_create(1 << 20);
    const char *text = arena_copy(a, (const char *)data, size);
    seal(text);
    node(text);
    phone(a, text);
    envelope(text);
    arena_destroy(a);
    return 0;
}
