/* sitting/recording.h - pieces of a recorded online sitting, and what is to be looked at.
 *
 * A piece is some seconds of camera and microphone that play alone, or a snapshot at the moment of a
 * flag. It is a blob (encrypted under the session's recording key, bound to its id; pieces with the
 * purpose "recording" are from before and lie under the master's); its row is written on the journal's own thread, between
 * two group commits, so that recording never fights the saves for the database. Sending one again changes nothing.
 *
 * A flag is an event of the candidate's own journal with a word of sitting/flags.def: the page was
 * hidden, the camera was lost, … Its piece and its snapshot are shown once two people have asked to
 * see them, to those people; nothing else of a recording is shown to anybody. A person decides
 * with a reason. Nothing here is read by marking: there is no way from a flag to a mark. */
#ifndef SITTING_RECORDING_H
#define SITTING_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct blob;
struct blob_place;
struct db;
struct journal_writer;
struct live_attempt;

enum { PIECE_BYTES_MAX = 4 << 20, SNAPSHOT_BYTES_MAX = 256 << 10, PIECE_SOURCE_BYTES = 12 };
#define PIECE_PURPOSE     "media"
#define PIECE_PURPOSE_OLD "recording" /* under the master's field key */

/* "camera.1764300000000.10000": source (camera, screen, snapshot), start by the server's time,
 * length, both ms. */
struct piece_name {
    char source[PIECE_SOURCE_BYTES];
    int64_t started_ms, length_ms;
};
/* INVALID at "path". */
bool piece_name_read(const char *word, struct piece_name *out, struct err *e) MUST_USE;

struct piece {
    struct piece_name name;
    struct id blob;
    unsigned char digest[32];
    int64_t size, received_ms;
};

/* What the first bytes say: "video/webm", "video/mp4", "image/jpeg"; NULL: none of these. */
const char *piece_media_type(struct bytes content);

struct piece_upload {
    struct live_attempt *attempt;
    struct piece_name name;
    const char *media_type;
    struct bytes content;
    const unsigned char *carry; /* on a room node: the key to seal it to; NULL at the centre */
    int64_t now_ms;
};
/* PLACE has the session's recording key, or on a node nothing. RULE at "path" where the time lies outside the session;
 * INVALID at "body" where the bytes are not what the media type or the source says; CONFLICT at
 * "path" where another piece of that name is kept. */
bool piece_keep(struct journal_writer *w, const struct blob_place *place, struct arena *a,
                const struct piece_upload *in, struct err *e) MUST_USE;
/* A piece that a room node handed up, at the centre, in the caller's transaction; BLOB is written with the
 * session's recording key. *same: this one is kept now; false where another of that name was before. */
struct piece_handed_up {
    struct id session, attempt;
    struct piece_name name;
    const struct blob *blob;
    int64_t received_ms;
};
bool piece_put(struct db *db, struct arena *a, const struct piece_handed_up *in, bool *same,
               struct err *e) MUST_USE;

struct piece_list {
    struct piece *at; /* by source and start */
    size_t count;
};
bool piece_list(struct db *db, struct arena *a, const struct live_attempt *attempt,
                struct piece_list *out, struct err *e) MUST_USE;

struct flag {
    uint32_t epoch, seq;          /* of the event in the journal */
    const char *what;             /* a word of flags.def */
    int64_t at_ms;                /* estimate by clock evidence: received time at the latest */
    const struct piece *piece;    /* the recording at that time; NULL: none */
    const struct piece *snapshot; /* taken because of it; NULL: none */
    struct id lookers[2];         /* who asked to see them, the first two */
    size_t looker_count;          /* 0 to 2 */
    bool mine;                    /* who reads is one of them */
    const char *verdict;          /* NULL: nobody has decided */
    const char *reason;
    struct id actor;
    int64_t decided_ms;
};
struct flag_list {
    struct flag *at;
    size_t count;
};
/* As WHO sees them. The master opens the session's keys: they say how often a sound may be played. */
struct flag_reader {
    struct db *db;
    const struct master *master;
    const struct actor *who;
    struct arena *arena;
};
bool flag_list(const struct flag_reader *r, struct live_attempt *attempt, struct flag_list *out,
               struct err *e) MUST_USE;
/* May who reads see its recording? Two people have asked, and this is one of them. */
bool flag_is_shown(const struct flag *f);

/* Asks to see the recording of a flag; again changes nothing. NOT_FOUND /seq: no such flag, or
 * nothing was recorded; CONFLICT /seq: two others have asked. */
struct flag_place {
    struct live_attempt *attempt;
    int64_t epoch, seq;
};
bool flag_look(const struct flag_reader *r, const struct flag_place *at,
               struct err *e) MUST_USE;
const char *flag_label(const char *what); /* in Chinese; NULL: no such word */

/* Once, by a person of the room. INVALID /verdict, /reason; NOT_FOUND /seq; CONFLICT /seq. */
struct flag_decision {
    struct live_attempt *attempt;
    int64_t epoch, seq;
    const char *verdict; /* "harmless" or "violation" */
    const char *reason;
};
bool flag_decide(const struct flag_reader *r, const struct flag_decision *in,
                 struct err *e) MUST_USE;

#endif
