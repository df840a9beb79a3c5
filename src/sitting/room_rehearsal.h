/* sitting/room_rehearsal.h - a rehearsal on a room's own machine (doc/decisions/0076): ordered at the centre,
 * taken by the node at its next contact, played there in a store of its own, its report kept with the
 * session at the centre.
 *
 * At the centre an order is "ordered", "running" with the last step that came through, and then "done" with a
 * report or "refused" with the node's sentence. */
#ifndef SITTING_ROOM_REHEARSAL_H
#define SITTING_ROOM_REHEARSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct json_t;
struct node;
struct node_desk;
struct node_here;

/* An order that no node has begun by then is over. */
#define REHEARSAL_ORDER_MS (INT64_C(24) * 3600000)

/* --- at the centre -------------------------------------------------------------------------------- */
/* A node that serves rooms of a session, and how large they are. */
struct rehearsal_node {
    struct id node;
    const char *name, *state;
    int64_t seats, largest;
};
bool rehearsal_nodes(struct db *db, struct arena *a, struct id body, struct id session,
                     struct rehearsal_node **out, size_t *count, struct err *e) MUST_USE;

/* As many candidates as the node's rooms have seats (12 to 1,000). CONFLICT at "/session" once the papers are
 * out or it is over; at "/node" for a node that has not joined, serves no room of it, or has an order open. */
bool rehearsal_order(const struct node_desk *d, struct id session, struct id node,
                     struct err *e) MUST_USE;

struct room_rehearsal {
    struct id id, session, node;
    const char *node_name, *state, *stage, *problem; /* stage, problem: NULL none */
    int64_t candidates, room_seats, at_ms, told_ms;
    bool seb;
};
/* The newest 20 of a session, newest first. */
bool rehearsal_orders(struct db *db, struct arena *a, struct id body, struct id session,
                      struct room_rehearsal **out, size_t *count, struct err *e) MUST_USE;
/* What a contact carries: [{"id", "session", "candidates", "room_seats", "seb"}…], those that are open. */
bool rehearsal_orders_of_node(struct db *db, struct arena *a, struct id node, int64_t now_ms,
                              struct json_t **out, struct err *e) MUST_USE;
/* SAID {"id", "state", "stage", "problem", "report"?} of the node's order. NOT_FOUND for another's. An order that is
 * over stays as it is: an answer may have been lost. A report is judged and kept here. */
bool rehearsal_told(const struct node_desk *d, const struct node *n, struct id order,
                    const struct json_t *said, struct err *e) MUST_USE;

/* --- on the node ------------------------------------------------------------------------------------ */
struct node_rehearsal {
    struct id id, session;
    int64_t candidates, room_seats, taken_ms, ended_ms;
    bool seb, passed;
    const char *state, *stage, *problem, *told;
    const struct json_t *report; /* unjudged; NULL: none */
};
/* The newest 20, newest first. */
bool node_rehearsals(struct db *db, struct arena *a, struct node_rehearsal **out, size_t *count,
                     struct err *e) MUST_USE;
/* Reads one of a contact's orders. INVALID at "/rehearsals". */
bool node_rehearsal_read(const struct json_t *order, struct node_rehearsal *out,
                         struct err *e) MUST_USE;
/* Why this machine must not rehearse now; NULL: it may. Somebody sits here, a room is open, or one opens within
 * the half hour. */
bool node_rehearsal_hinders(const struct node_here *h, const char **why,
                            struct err *e) MUST_USE;
/* Kept as running, with its audit row; *mine is false if it was there already. */
bool node_rehearsal_begin(const struct node_here *h, const struct node_rehearsal *r, bool *mine,
                          struct err *e) MUST_USE;
bool node_rehearsal_stage(const struct node_here *h, struct id order, const char *stage,
                          struct err *e) MUST_USE;
/* With a report it is done and judged here too, without one it was refused and PROBLEM says why. */
bool node_rehearsal_end(const struct node_here *h, const struct node_rehearsal *r,
                        const struct json_t *report, const char *problem,
                        struct err *e) MUST_USE;
/* What the centre is told next of R; NULL where it knows all. */
struct json_t *node_rehearsal_news(struct arena *a, const struct node_rehearsal *r);
bool node_rehearsal_known(const struct node_here *h, const struct node_rehearsal *r,
                          struct err *e) MUST_USE;

#endif
