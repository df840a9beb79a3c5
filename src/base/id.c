/* base/id.c - the 128 random bits that name an object. */
#include "base/id.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"

struct id id_random(void)
{
    struct id id;
    do
        random_bytes(id.bytes, ID_BYTES);
    while (id_is_zero(id));
    return id;
}

bool id_is_zero(struct id id)
{
    return id_equal(id, (struct id){{0}});
}

bool id_equal(struct id x, struct id y)
{
    return memcmp(x.bytes, y.bytes, ID_BYTES) == 0;
}

void id_write(struct id id, char out[ID_TEXT_BYTES])
{
    hex_write(out, id.bytes, ID_BYTES);
}

bool id_read(const char *text, struct id *out)
{
    return hex_read(out->bytes, ID_BYTES, text);
}
