/* paper/share_test.c - the session's key in shares of which two are enough. */
#include "paper/share.h"

#include <string.h>

#include "test/check.h"

/* S3: every lawful pair yields K_S, no single share does, no pair of different sessions. */
void shares_join_in_pairs_test(void)
{
    for (int officers = 2; officers <= 3; officers++) {
        struct share s[OFFICERS_MAX], other[OFFICERS_MAX];
        unsigned char key[KEY_BYTES], got[KEY_BYTES];
        random_bytes(key, sizeof key);
        share_split(key, (struct id){{1}}, officers, s);
        share_split(key, (struct id){{1}}, officers, other);
        for (int i = 0; i < officers; i++) {
            CHECK("well-formed", share_is_of(&s[i], (struct id){{1}}, i + 1));
            CHECK("not another's", !share_is_of(&s[i], (struct id){{2}}, i + 1));
            CHECK("K_S is in no share", !memmem(s[i].bytes, SHARE_BYTES, key, KEY_BYTES));
            for (int k = 0; k < officers; k++) {
                bool pair = share_join(&s[i], &s[k], got);
                CHECK_INT("a pair", pair, i != k);
                CHECK("the key", !pair || memcmp(got, key, KEY_BYTES) == 0);
                if (share_join(&s[i], &other[k], got))
                    CHECK("of two splits: nothing", memcmp(got, key, KEY_BYTES) != 0);
            }
        }
    }
}
