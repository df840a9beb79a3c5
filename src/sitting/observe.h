/* sitting/observe.h - what a quality supervisor notes of a session (内部督导记录).
 *
 * An observation is a row of the session's audit chain and nothing else: nobody changes one afterwards, not
 * even who wrote it, and a room node hands it up with its other rows. It decides nothing: what should follow
 * is a violation or an act of somebody else. */
#ifndef SITTING_OBSERVE_H
#define SITTING_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "sitting/session.h"

struct actor;
struct arena;
struct db;
struct json_out;

enum { OBSERVATION_TEXT_MIN = 2, OBSERVATION_TEXT_MAX = 1000, OBSERVATION_SEAT_MAX = 999 };

/* "in_order" 正常, "remark" 提醒, "deviation" 不符合规定; NULL-ended. */
extern const char *const observation_kinds[];

struct observation_input {
    struct id session, room; /* zero room: of the whole session */
    const char *room_name;   /* NULL without a room */
    int64_t seat;            /* 0: of nobody */
    const char *kind, *text;
};
/* Whether WHO has the duty is asked before. INVALID at "/seat" without a room. */
bool observation_write(struct db *db, struct arena *a, const struct actor *who,
                       const struct observation_input *in, struct err *e) MUST_USE;

struct observation {
    int64_t at_ms;
    struct id by;
    const char *name; /* of who wrote it; NULL: unknown here */
    struct id room;
    const char *room_name; /* NULL: of the whole session */
    int64_t seat;
    const char *kind, *text;
    bool from_node; /* written in the room, handed up */
};
/* By time. */
bool observation_list(struct db *db, struct arena *a, struct owned session,
                      struct observation **out, size_t *count, struct err *e) MUST_USE;
void observation_out(struct json_out *o, const struct observation *x);

#endif
