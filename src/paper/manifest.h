/* paper/manifest.h - what a room's package holds, signed by the release key (SECURITY §3.3). */
#ifndef PAPER_MANIFEST_H
#define PAPER_MANIFEST_H

#include "paper/paper.h"
#include "paper/slots.h"

struct manifest {
    struct id session;
    uint32_t room, revision;
    const char *previous; /* hex SHA-256 of the revision before; NULL */
    int64_t open_at_ms, close_at_ms, now_ms;
    const struct programme *programme;
    const unsigned char *room_key_commit, *answer_key_commit; /* HASH_BYTES */
    const struct paper_row *papers;
    size_t paper_count;
    const struct paper_object *objects;
    size_t object_count;
    /* Of a room that nodes serve; without nodes there is neither roster nor slots. */
    const struct paper_node *nodes;
    size_t node_count;
    struct bytes roster;
    const struct room_slots *slots;
};

bool manifest_sign(struct arena *a, const struct manifest *m,
                   const struct release_signer *signer, struct bytes *out,
                   struct err *e) MUST_USE;

#endif
