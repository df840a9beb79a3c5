/* base/spelling_fuzz.c - ids, days and the spellings of bytes: what reads is written as the text that it was. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/id.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

typedef bool read_fn(struct arena *a, const char *text, size_t len, struct bytes *out);
typedef char *write_fn(struct arena *a, const unsigned char *in, size_t len);

static const struct {
    read_fn *read;
    write_fn *write;
    bool any_case;
} spellings[] = {
    {base64url_read, base64url_write, false},
    {base64_read, base64_write, false},
    {base32_read, base32_write, true},
};

static void whole_texts(struct arena *a, const char *text, size_t len)
{
    struct bytes out;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        if (!spellings[i].read(a, text, len, &out))
            continue;
        const char *again = spellings[i].write(a, out.at, out.len);
        if (spellings[i].any_case ? strcasecmp(again, text) != 0 : strcmp(again, text) != 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct id id;
    date_days day;
    unsigned char half[4096];
    char id_text[ID_TEXT_BYTES], day_text[DATE_TEXT_BYTES], hex[2 * sizeof half + 1];
    if (size >= sizeof half || memchr(data, 0, size))
        return 0;
    struct arena *a = arena_create(1 << 20);
    const char *text = arena_copy(a, (const char *)data, size);
    whole_texts(a, text, size);
    if (id_read(text, &id)) {
        id_write(id, id_text);
        if (strcasecmp(id_text, text) != 0)
            abort();
    }
    if (date_read(text, &day)) {
        date_write(day, day_text);
        if (strcmp(day_text, text) != 0)
            abort();
    }
    if (hex_read(half, size / 2, text)) {
        hex_write(hex, half, size / 2);
        if (strcasecmp(hex, text) != 0)
            abort();
    }
    arena_destroy(a);
    return 0;
}
