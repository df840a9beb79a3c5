/* people/guess.h - counting wrong passwords and codes of a login (SECURITY §8.2).
 *
 * A try is charged before it is looked at, so that tries at the same time cannot outrun the count,
 * and given back when it was right. The fifth wrong one locks for a minute, each further one for
 * twice as long up to an hour, never for ever; a day without tries forgets them. For use inside
 * transactions. */
#ifndef PEOPLE_GUESS_H
#define PEOPLE_GUESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"

struct db;

enum { GUESSES_FREE = 5, GUESS_LOCK_MAX_MINUTES = 60, GUESS_FORGET_HOURS = 24 };

struct guess {
    int64_t failures; /* with this one */
    int64_t wait_s;   /* > 0: locked, and nothing was charged */
};

/* How long the nth failure in a row locks: 0, 0, 0, 0, 1, 2, 4 ... 60 minutes. Pure. */
int64_t guess_lock_ms(int64_t failures);

bool guess_charge(struct db *db, const unsigned char login_index[BLIND_INDEX_BYTES],
                  int64_t now_ms, struct guess *out, struct err *e) MUST_USE;
bool guess_refund(struct db *db, const unsigned char login_index[BLIND_INDEX_BYTES],
                  struct err *e) MUST_USE;
bool guess_clear(struct db *db, const unsigned char login_index[BLIND_INDEX_BYTES],
                 struct err *e) MUST_USE;
/* Always false: TOO_MANY with the seconds to wait as field, for Retry-After. */
bool guess_locked(const struct guess *g, struct err *e);

#endif
