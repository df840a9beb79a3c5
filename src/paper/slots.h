/* paper/slots.h - the two ways into K_R that a room's package carries itself: the slot that the
 * phone code opens, and the node's piece for the envelopes (SECURITY §3.4). */
#ifndef PAPER_SLOTS_H
#define PAPER_SLOTS_H

#include "paper/envelope.h"
#include "paper/phone_code.h"

struct arena;

enum { SLOT_MEM_MIB = 1024, SLOT_PASSES = 4, SLOT_SEALED_BYTES = KEY_BYTES + WRAP_TAG_BYTES };
enum { NODE_BOX_BYTES = KEY_BYTES + BOX_SEAL_EXTRA_BYTES };

/* A room node as the papers know it: who signs, and for whom boxes are sealed. */
struct paper_node {
    char kid[9]; /* 8 hex digits */
    unsigned char box_public[BOX_PUBLIC_BYTES];
};

struct phone_slot {
    struct slow_cost cost;
    unsigned char salt[SLOW_SALT_BYTES], nonce[WRAP_NONCE_BYTES], sealed[SLOT_SEALED_BYTES];
};
struct node_share {
    char kid[9];
    unsigned char box[NODE_BOX_BYTES]; /* eN, sealed to that node */
};
struct room_slots {
    struct phone_slot phone;
    const struct node_share *shares; /* one a node */
    size_t share_count;
};

struct slots_order {
    struct id session;
    uint32_t room, revision;
    const unsigned char *session_key, *room_key; /* KEY_BYTES */
    const struct paper_node *nodes;
    size_t node_count;
    struct slow_cost cost; /* zero: SLOT_MEM_MIB, SLOT_PASSES */
};
/* Makes both slots and tries them. BAGS gets what is printed; wipe it. STORE at "memory" where the
 * machine has not the memory the cost asks for. */
bool slots_make(struct arena *a, const struct slots_order *o, struct room_slots *out,
                unsigned char bags[2][KEY_BYTES], struct err *e) MUST_USE;

/* K_R from the two halves' digits (phone_code_read). False: they do not open this slot. */
bool phone_slot_open(const struct phone_slot *s, struct id session, uint32_t room,
                     const char *half_a, const char *half_b, unsigned char key[KEY_BYTES]);

#endif
