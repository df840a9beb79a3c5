/* sitting/recording_key.h - the key of a session's recordings. It is random, lies sealed under the
 * master's field key, and is made with the first piece. Destroying it destroys every piece of the
 * session at once (SECURITY §9); the pieces' rows and digests stay as evidence that there were some. */
#ifndef SITTING_RECORDING_KEY_H
#define SITTING_RECORDING_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;

struct recording_key {
    unsigned char key[KEY_BYTES]; /* wipe it */
};
/* NOT_FOUND at "recording": none was made, or it is destroyed. */
bool recording_key_get(struct db *db, struct arena *a, const struct master *m,
                       struct id session, struct recording_key *out, struct err *e) MUST_USE;
/* The same, made first if there never was one; two first pieces at once get the same key. */
bool recording_key_ensure(struct db *db, const struct actor *who, const struct master *m,
                          struct id session, struct recording_key *out, struct err *e) MUST_USE;
/* In the caller's transaction. CONFLICT at "/recording": there is none any more. */
bool recording_key_destroy(struct db *db, const struct actor *who, struct id session,
                           const char *reason, struct err *e) MUST_USE;

#endif
