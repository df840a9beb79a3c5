/* paper/share.c - splits the session key by pairwise XOR and joins it again. */
#include "paper/share.h"

#include <assert.h>
#include <string.h>

enum { OFFICER_AT = 4 + ID_BYTES, PAIRS_AT = OFFICER_AT + 1, PAIR_BYTES = 1 + KEY_BYTES };

static unsigned char *free_pair(struct share *s)
{
    unsigned char *pair = s->bytes + PAIRS_AT;
    return pair[0] == 0 ? pair : pair + PAIR_BYTES;
}

void share_split(const unsigned char key[KEY_BYTES], struct id session, int officers,
                 struct share out[OFFICERS_MAX])
{
    assert(officers >= OFFICERS_MIN && officers <= OFFICERS_MAX);
    memset(out, 0, OFFICERS_MAX * sizeof *out);
    for (int i = 0; i < officers; i++) {
        memcpy(out[i].bytes, "HNK1", 4);
        memcpy(out[i].bytes + 4, session.bytes, ID_BYTES);
        out[i].bytes[OFFICER_AT] = (unsigned char)(i + 1);
    }
    for (int i = 0; i < officers; i++)
        for (int j = i + 1; j < officers; j++) {
            unsigned char *mine = free_pair(&out[i]), *other = free_pair(&out[j]);
            mine[0] = (unsigned char)(j + 1);
            other[0] = (unsigned char)(i + 1);
            random_bytes(mine + 1, KEY_BYTES);
            for (int k = 0; k < KEY_BYTES; k++)
                other[1 + k] = mine[1 + k] ^ key[k];
        }
}

bool share_is_of(const struct share *s, struct id session, int officer)
{
    return memcmp(s->bytes, "HNK1", 4) == 0 &&
           memcmp(s->bytes + 4, session.bytes, ID_BYTES) == 0 &&
           s->bytes[OFFICER_AT] == officer;
}

static const unsigned char *piece_for(const struct share *s, unsigned char peer)
{
    const unsigned char *pair = s->bytes + PAIRS_AT;
    for (int i = 0; i < 2; i++, pair += PAIR_BYTES)
        if (pair[0] == peer && peer != 0)
            return pair + 1;
    return NULL;
}

bool share_join(const struct share *x, const struct share *y, unsigned char key[KEY_BYTES])
{
    const unsigned char *one = piece_for(x, y->bytes[OFFICER_AT]),
                        *two = piece_for(y, x->bytes[OFFICER_AT]);
    if (!one || !two)
        return false;
    for (int k = 0; k < KEY_BYTES; k++)
        key[k] = one[k] ^ two[k];
    return true;
}
