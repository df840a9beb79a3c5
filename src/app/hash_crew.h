/* app/hash_crew.h - hashes many passwords on all cores: a demonstration body has an account for every role,
 * and each hash is slow on purpose. Only where nobody signs in beside it: it passes by the gate where hashing
 * threads of a server queue (people/password_gate.h). */
#ifndef APP_HASH_CREW_H
#define APP_HASH_CREW_H

#include <stddef.h>

#include "base/crypto.h"

struct hash_job {
    const char *login; /* says the cost */
    const char *password;
    char hash[PASSWORD_HASH_BYTES]; /* filled */
};

void hash_crew(struct hash_job *jobs, size_t count);

#endif
