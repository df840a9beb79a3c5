/* people/recovery.h - how recovery codes are made, spelt and kept; for this folder only. Pure. */
#ifndef PEOPLE_RECOVERY_H
#define PEOPLE_RECOVERY_H

#include <stdbool.h>

#include "base/crypto.h"
#include "people/totp.h"

struct arena;

enum { RECOVERY_BITS = 80, RECOVERY_HASH_BYTES = 16 };

void recovery_make(struct arena *a, char out[RECOVERY_TEXT_BYTES]);
/* False if TYPED cannot be a code. Small letters, missing or other dashes, and O I L for 0 1 1 are
 * read as meant. */
bool recovery_hash(const struct master *m, struct id account, const char *typed,
                   unsigned char out[RECOVERY_HASH_BYTES]);

#endif
