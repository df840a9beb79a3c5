/* paper/share.h - the session key split for two or three officers (SECURITY §3.1), HNK1.
 *
 * For each pair (i < j): r random, i holds r, j holds r XOR K_S. Any two officers rebuild K_S, one
 * alone holds nothing but random bytes. */
#ifndef PAPER_SHARE_H
#define PAPER_SHARE_H

#include <stdbool.h>

#include "base/crypto.h"
#include "base/id.h"

enum { OFFICERS_MIN = 2, OFFICERS_MAX = 3, SHARE_BYTES = 4 + ID_BYTES + 1 + 2 * 33 };

/* "HNK1" ‖ session ‖ officer ‖ 2 × (peer ‖ piece); with two officers the second pair is peer 0. */
struct share {
    unsigned char bytes[SHARE_BYTES];
};

void share_split(const unsigned char key[KEY_BYTES], struct id session, int officers,
                 struct share out[OFFICERS_MAX]);
/* Of this session and officer, well-formed? */
bool share_is_of(const struct share *s, struct id session, int officer);
/* K_S from two officers' shares; false where they are no pair. */
bool share_join(const struct share *x, const struct share *y, unsigned char key[KEY_BYTES]);

#endif
