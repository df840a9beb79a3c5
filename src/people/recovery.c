/* people/recovery.c - 80 random bits as XXXX-XXXX-XXXX-XXXX, kept as a keyed hash. */
#include "people/recovery.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

enum { DIGITS = RECOVERY_BITS / 5, GROUP = 4 };

_Static_assert(DIGITS + DIGITS / GROUP == RECOVERY_TEXT_BYTES, "three dashes and the end");

void recovery_make(struct arena *a, char out[RECOVERY_TEXT_BYTES])
{
    unsigned char chance[RECOVERY_BITS / 8];
    random_bytes(chance, sizeof chance);
    const char *text = crockford_write(a, chance, RECOVERY_BITS);
    for (int i = 0; i < DIGITS; i++) {
        if (i && i % GROUP == 0)
            *out++ = '-';
        *out++ = text[i];
    }
    *out = '\0';
    secret_wipe(chance, sizeof chance);
}

static char digit_meant(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

bool recovery_hash(const struct master *m, struct id account, const char *typed,
                   unsigned char out[RECOVERY_HASH_BYTES])
{
    unsigned char key[KEY_BYTES], message[ID_BYTES + DIGITS];
    size_t n = 0;
    memcpy(message, account.bytes, ID_BYTES);
    for (; *typed; typed++) {
        char c = digit_meant(*typed);
        if (c == '-' || c == ' ')
            continue;
        if (n == DIGITS || !strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c))
            return false;
        message[ID_BYTES + n++] = (unsigned char)c;
    }
    if (n != DIGITS)
        return false;
    master_key(m, KEY_TOKEN, key);
    keyed_hash(out, RECOVERY_HASH_BYTES, key, message, sizeof message);
    secret_wipe(key, sizeof key);
    secret_wipe(message, sizeof message);
    return true;
}
