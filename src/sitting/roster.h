/* sitting/roster.h - the roster of a room, HNR1: who sits there, who watches, what it is compared
 * with (SECURITY §3.3), how the session is held, what its files and recordings are sealed to. Sealed to the room's nodes; whoever opens it can
 * enumerate the numbers.
 *
 *   "HNR1" ‖ count(1) ‖ count × (kid(4) ‖ box of the file key(80)) ‖ secretstream of the JSON
 *
 * The JSON is of version 3. A node that knows nothing of what a version brings must not serve the room: 2
 * brought "seb", 3 "conduct" and "carry", the key that files and recordings are sealed to. */
#ifndef SITTING_ROSTER_H
#define SITTING_ROSTER_H

#include "base/bytes.h"
#include "people/body.h"
#include "people/staff_copy.h"
#include "sitting/conduct.h"
#include "sitting/prepare.h"
#include "sitting/session.h"

struct paper_node;

struct roster_photo {
    const char *media_type;
    struct bytes image;
};
struct roster_duty {
    struct id id, account, room; /* room zero: the whole session */
    const char *duty;
};
struct roster {
    struct session_plan plan; /* one room, its attempts with photo zero */
    struct room_plan room;
    struct conduct conduct; /* changed_ms 0 */
    bool carries;           /* since version 3: CARRY is there */
    unsigned char carry[BOX_PUBLIC_BYTES];
    struct roster_photo *photos; /* photos[i] of attempts[i]; image.at NULL: none */
    unsigned char roster_key[KEY_BYTES];
    struct body body;
    struct staff_copy *staff;
    size_t staff_count;
    struct roster_duty *duties;
    size_t duty_count;
};

struct bytes roster_wrap(struct arena *a, struct bytes plain, const struct paper_node *nodes,
                         size_t count);
/* INVALID at "/roster" for another node, or when a byte of it was changed. */
struct roster_secret {
    const char *kid;
    const unsigned char *box_public, *box_secret;
};
bool roster_open(struct arena *a, struct bytes file, const struct roster_secret *with,
                 struct roster *out, struct err *e) MUST_USE;
/* Of the JSON inside; the fuzzer's door. */
bool roster_read(struct arena *a, struct bytes plain, struct roster *out,
                 struct err *e) MUST_USE;

#endif
