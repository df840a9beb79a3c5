/* sitting/hand_up_blob.h - files and recordings of a room node at the centre: announced by their digests,
 * then sent one by one as they lie on the node, each in as many parts as cuts make of it.
 *
 * A part begins where what is here ends, at any byte; one that is here already changes nothing. What is whole is
 * compared with the announced digest, opened with the session's secret half (sitting/carry.h), compared with
 * the digest of its content, and kept as the centre keeps its own: a file under the session's key, a piece under
 * its recording key. What comes with another digest is a finding and is asked for again; what is whole and
 * is not what was said is a finding for good, as is what the node has no more: neither holds a hand-up open. */
#ifndef SITTING_HAND_UP_BLOB_H
#define SITTING_HAND_UP_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

struct blob_place;
struct journal_writer;
struct node;
struct node_desk;

enum { HAND_UP_PIECE_BYTES = 1 << 20, HAND_UP_WANTED_MAX = 64 };

/* "17.262144": which, where in it the part begins. INVALID at "path". */
struct hand_up_piece_name {
    int64_t no, place;
};
bool hand_up_piece_name_read(const char *word, struct hand_up_piece_name *out,
                             struct err *e) MUST_USE;

/* What is announced and not whole, behind AFTER: at most HAND_UP_WANTED_MAX. */
struct hand_up_wanted {
    int64_t no, have;
};
bool hand_up_wanted(const struct node_desk *d, const struct node *n, struct id session,
                    int64_t after, struct hand_up_wanted out[HAND_UP_WANTED_MAX], size_t *count,
                    struct err *e) MUST_USE;

struct hand_up_piece {
    struct id session;
    struct hand_up_piece_name name;
    struct bytes content; /* empty: only to be looked at again, where all of it is here */
};
struct hand_up_keeping {
    const struct node_desk *desk;
    const struct node *node;
    struct journal_writer *writer;
    const struct blob_place *blobs;
    const char *program;     /* for the cage */
    int64_t disk_kept_bytes; /* left free for answers */
};
struct hand_up_kept {
    int64_t have;
    const char *state; /* awaited, here, lost, bad */
};
/* All that OUT says is on disk. NOT_FOUND at "path" for what nobody announced, CONFLICT at "/place" for a part
 * that begins behind what is here, INVALID at "/place" for one that is too long, INVALID at "/digest" where
 * the whole has another digest (it is forgotten and awaited anew), STORE at "/disk" where the disk grows full. */
bool hand_up_piece_take(const struct hand_up_keeping *k, const struct hand_up_piece *in,
                        struct hand_up_kept *out, struct err *e) MUST_USE;

/* For the desk: whose are awaited or were found wanting, by room and seat. */
struct hand_up_person {
    int64_t room, seat, files, pieces, bytes; /* awaited */
    int64_t lost, bad, refused;
    const char *room_name, *name;
};
bool hand_up_people(const struct node_desk *d, struct id session, struct id node,
                    struct hand_up_person **out, size_t *count, struct err *e) MUST_USE;

#endif
