/* sitting/recording.h - pieces of a recorded online sitting, and what is to be looked at.
 *
 * A piece is some seconds of camera and microphone that play alone. It is a blob (encrypted under
 * the master's field key, bound to its id); its row is written on the journal's own thread, between
 * two group commits, so that recording never fights the saves for the database. Sending one again changes nothing.
 *
 * A flag is an event of the candidate's own journal with a word of sitting/flags.def: the page was
 * hidden, the camera was lost, … It is shown to a person with the piece around its time; the person
 * decides with a reason. Nothing here is read by marking: there is no way from a flag to a mark. */
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
struct blob_place;
struct db;
struct journal_writer;
struct live_attempt;

enum { PIECE_BYTES_MAX = 4 << 20, PIECE_SOURCE_BYTES = 12 };

/* "camera.1764300000000.10000": source, start by the server's time, length, both ms. */
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

struct piece_upload {
    struct live_attempt *attempt;
    struct piece_name name;
    const char *media_type;
    struct bytes content;
    int64_t now_ms;
};
/* RULE at "path" where the session is not recorded or the time lies outside it; CONFLICT at "path"
 * where another piece of that name is kept. */
bool piece_keep(struct journal_writer *w, const struct blob_place *place, struct arena *a,
                const struct piece_upload *in, struct err *e) MUST_USE;
struct piece_list {
    struct piece *at; /* by source and start */
    size_t count;
};
bool piece_list(struct db *db, struct arena *a, struct id attempt, struct piece_list *out,
                struct err *e) MUST_USE;

struct flag {
    uint32_t epoch, seq;       /* of the event in the journal */
    const char *what;          /* a word of flags.def */
    int64_t at_ms;             /* estimate by clock evidence: received time at the latest */
    const struct piece *piece; /* the recording at that time; NULL: none */
    const char *verdict;       /* NULL: nobody has decided */
    const char *reason;
    struct id actor;
    int64_t decided_ms;
};
struct flag_list {
    struct flag *at;
    size_t count;
};
bool flag_list(struct db *db, struct arena *a, struct live_attempt *attempt,
               struct flag_list *out, struct err *e) MUST_USE;
const char *flag_label(const char *what); /* in Chinese; NULL: no such word */

/* Once, by a person of the room. INVALID /verdict, /reason; NOT_FOUND /seq; CONFLICT /seq. */
struct flag_decision {
    struct live_attempt *attempt;
    int64_t epoch, seq;
    const char *verdict; /* "harmless" or "violation" */
    const char *reason;
};
bool flag_decide(struct db *db, struct arena *a, const struct actor *who,
                 const struct flag_decision *in, struct err *e) MUST_USE;

#endif
