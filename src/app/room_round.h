/* app/room_round.h - what a room node does again and again: contact, fetch, prove, open, anchor, hand
 * up, clear. Each round takes up where the last one was cut. */
#ifndef APP_ROOM_ROUND_H
#define APP_ROOM_ROUND_H

#include "app/room_link.h"
#include "app/room_rehearse.h"

struct room_counts {
    int64_t packages, files, proofs, releases, times, anchors, parts, blobs, closed;
    bool more; /* files or recordings are left only because the round was over */
    struct room_rehearsing rehearsing;
};

/* Packages the centre has for us are fetched, put to use and proved. */
bool room_fetch(struct room_link *l, const json_t *contact, struct room_counts *n,
                struct err *e) MUST_USE;
/* Releases the centre sends are used. */
bool room_open(struct room_link *l, const json_t *contact, struct room_counts *n,
               struct err *e) MUST_USE;
/* The newest batch is anchored; sessions that run or are over are handed up as far as they are, and
 * cleared once acknowledged. */
bool room_anchor(struct room_link *l, struct room_counts *n, struct err *e) MUST_USE;
bool room_hand_up(struct room_link *l, struct room_counts *n, struct err *e) MUST_USE;
/* Files and recordings that the centre asks for, for a short while. *all: it asks for none any more. */
bool room_blobs(struct room_link *l, struct id session, struct room_counts *n, bool *all,
                struct err *e) MUST_USE;
/* Audit rows the centre has not, and the heads of all chains, signed. */
bool room_audit(struct room_link *l, const json_t *contact, struct err *e) MUST_USE;

/* All of it once, with a link and an arena of its own. */
bool room_round(struct instance *i, const char *ca, struct room_counts *n,
                struct err *e) MUST_USE;

/* A thread that does rounds until stopped: every CONTACT_MS, oftener around the start. */
struct room_rounds;
struct room_rounds *room_rounds_start(struct instance *i, const char *ca, int64_t contact_ms);
void room_rounds_stop(struct room_rounds *r); /* NULL is fine */

#endif
