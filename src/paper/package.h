/* paper/package.h - a room's package as its signed manifest says it is (SECURITY §3.3). */
#ifndef PAPER_PACKAGE_H
#define PAPER_PACKAGE_H

#include "paper/paper.h"
#include "paper/slots.h"

/* A paper, or an object beside the papers of its form. */
struct package_paper {
    struct id id, form, attempt; /* attempt zero: a spare, an object */
    uint32_t index;              /* of objects from OBJECT_FIRST */
    int64_t bytes;
    unsigned char sha256[HASH_BYTES];
};

struct package {
    struct id session;
    uint32_t room, revision;
    int64_t open_at_ms, close_at_ms;
    unsigned char sha256[HASH_BYTES]; /* of the manifest */
    unsigned char room_key_commit[HASH_BYTES], answer_key_commit[HASH_BYTES];
    struct package_paper *papers;
    size_t paper_count;
    struct package_paper *objects;
    size_t object_count;
    int64_t roster_bytes;
    unsigned char roster_sha256[HASH_BYTES];
    struct room_slots slots;
    struct paper_node *nodes;
    size_t node_count;
};

/* Signature, canonical form and every member. INVALID at the member that is wrong. RELEASE_PUBLIC
 * is the key the manifest must be signed with. */
bool package_read(struct arena *a, struct bytes manifest,
                  const unsigned char release_public[SIGN_PUBLIC_BYTES], struct package *out,
                  struct err *e) MUST_USE;
/* The kid a manifest says it is signed by; NULL: unreadable. Nothing is checked. */
const char *package_kid(struct arena *a, struct bytes manifest);
/* NULL if the package is not for this node. */
const struct node_share *package_share(const struct package *p, const char *kid);

/* Proof of completeness (SECURITY §3.5): H(challenge, then every paper in order, then every object, then the
 * roster). */
struct package_proof {
    struct hash_state state;
};
void package_proof_begin(struct package_proof *p, const unsigned char challenge[KEY_BYTES]);
void package_proof_add(struct package_proof *p, struct bytes file);
void package_proof_end(struct package_proof *p, unsigned char out[HASH_BYTES]);

#endif
