/* store/audit_row.h - one row of an audit chain as it is hashed (SECURITY §6); one that came from another
 * instance, as JSON. */
#ifndef STORE_AUDIT_ROW_H
#define STORE_AUDIT_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "store/audit.h"

struct stored_row {
    int64_t chain, seq, at_ms;
    struct id actor, second, object, request;
    int64_t role, act;
    const char *object_type;
    unsigned char address[ADDRESS_HASH_BYTES];
    struct bytes change;
    unsigned char hash[HASH_BYTES];
};

/* Header, JCS of the change, hash of the row before. */
void audit_row_hash(const struct stored_row *r, const unsigned char before[HASH_BYTES],
                    unsigned char out[HASH_BYTES]);
/* The head of an empty chain is the hash of its owner, so an empty chain cannot be swapped. */
void audit_first_head(struct id owner, unsigned char out[HASH_BYTES]);

/* A row of another instance: {"chain", "seq", "owner", "at_ms", "actor", "second", "role", "act", "object_type",
 * "object", "request", "address", "change", "hash"}, ids in hex or null, bytes in base64url. False where it is
 * anything else. Texts live in the arena. */
struct audit_copy {
    struct id owner;
    struct stored_row row;
};
bool audit_copy_read(struct arena *a, const struct json_t *v, struct audit_copy *out);
/* The same again, to be taken over by a caller; the arena is for its texts. */
struct json_t *audit_copy_json(struct arena *a, const struct audit_copy *c);
/* Is its hash that of its members behind a row with the hash BEFORE? */
bool audit_copy_follows(const struct audit_copy *c, const unsigned char before[HASH_BYTES]);

#endif
