/* sitting/prepare.h - from the arrangement to the delivery: attempts, room keys, papers.
 *
 * Order: session_prepare (attempts exist, so papers can be made for them) → paper_prepare →
 * session_bind_papers. Each may be called again and does what is missing. */
#ifndef SITTING_PREPARE_H
#define SITTING_PREPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct journal_writer;

struct room_plan {
    struct id id;
    int64_t no;
    const char *name;
};
struct attempt_plan {
    struct id id; /* of the new attempt; zero: a random one */
    struct id room, seat, entry, photo;
    int64_t seat_no;
    const char *ticket, *name;
    unsigned char document_index[BLIND_INDEX_BYTES]; /* blind_index of people/ */
    char document_letter, document_country[3];
    struct id paper; /* zero: bound later */
    int64_t paper_no, paper_bytes;
    unsigned char paper_digest[HASH_BYTES];
};
struct session_plan {
    struct id id, body;
    const char *title;
    int64_t starts_ms, minutes, zone_offset_ms, late_limit_ms, earliest_hand_in_ms;
    int64_t grace_ms; /* 0: seven days */
    bool weak_allowed;
    const struct room_plan *rooms;
    size_t room_count;
    struct attempt_plan *attempts;
    size_t attempt_count;
};

/* Makes the attempts of a plan that comes from elsewhere (a room node's package, tests). */
bool session_prepare_plan(struct journal_writer *w, const struct actor *who,
                          const struct session_plan *plan, struct err *e) MUST_USE;
/* From the arrangement: every valid ticket of an arranged session becomes an attempt. CONFLICT at
 * "/state" while the arrangement is a draft. */
bool session_prepare(struct journal_writer *w, const struct actor *who, struct id session,
                     struct err *e) MUST_USE;

/* Attempts of a session by room and seat, for paper_prepare. */
struct attempt_place {
    struct id attempt, entry, room;
    int64_t room_no, seat_no;
};
bool session_attempts(struct journal_writer *w, struct arena *a, struct id session,
                      struct attempt_place **out, size_t *count, struct err *e) MUST_USE;

/* After paper_prepare: each attempt gets its paper, as long as it has not been claimed. */
bool session_bind_papers(struct journal_writer *w, const struct actor *who, struct id session,
                         struct err *e) MUST_USE;

/* Nobody of the session has been let in yet: until then its papers may be made again. CONFLICT at
 * "/state". Inside a transaction it stays true to its end. */
bool session_not_begun(struct db *db, struct id session, struct err *e) MUST_USE;

/* When everything has ended and is collected: out of memory at the next start. */
bool session_archive(struct journal_writer *w, const struct actor *who, struct id session,
                     struct err *e) MUST_USE;

#endif
