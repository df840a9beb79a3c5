/* award/award.h - who has passed, and why: results of a batch, their publication, awards, resits.
 *
 * Results follow from marks alone: computing twice gives the same rows. Two people publish; what
 * was published is amended by a new version with its reason. Limited to the actor's body. */
#ifndef AWARD_AWARD_H
#define AWARD_AWARD_H

#include "award/decide.h"
#include "award/resit.h"
#include "base/calendar.h"
#include "base/fields.h"
#include "marking/marking.h"

struct approval;
struct workday_calendar;

struct award_desk {
    struct marking marking;
    const struct workday_calendar *calendar;
};

struct result {
    struct id entry, person, session;
    const char *name; /* of the person */
    const char *component;
    int64_t version, level;
    const char *direction;
    const char *kind; /* result_kind_name */
    int64_t millimarks, full_millimarks, pass_millimarks;
    bool passed;
    const char *areas;    /* JSON */
    const char *reason;   /* NULL if none */
    int64_t published_ms; /* 0: not yet */
    unsigned char source[HASH_BYTES];
};
struct result_list {
    struct result *at;
    size_t count;
};

struct missing_mark {
    struct id entry;
    const char *component, *what;
};
struct compute_report {
    int64_t entries, results, passed, changed; /* changed: differ from what was published */
    struct missing_mark *missing; /* nothing is stored while something is missing */
    size_t missing_count;
    unsigned char digest[HASH_BYTES]; /* of all results: what two people publish */
};
/* Computes every accepted entry of a batch. Stores what is new or changed as unpublished versions;
 * stores nothing where a mark is missing. REASON (may be NULL) goes into amended rows. */
bool result_compute(const struct award_desk *d, struct id batch, const char *reason,
                    struct compute_report *out, struct err *e) MUST_USE;

/* The newest version of each component of each entry. */
bool result_list(const struct award_desk *d, struct id batch, struct result_list *out,
                 struct err *e) MUST_USE;
/* All published versions of one entry, newest first. */
bool result_of_entry(const struct award_desk *d, struct id entry, struct result_list *out,
                     struct err *e) MUST_USE;

/* The two-person act: its payload is the digest of what is published, 64 hex digits. CONFLICT at
 * "/digest" where the results have changed since it was proposed. Also makes the awards. */
bool result_publish(struct db *db, struct arena *a, const struct actor *who, struct id batch,
                    const char *digest, struct err *e) MUST_USE;
/* The digest of the unpublished results; zero count: there is nothing to publish. */
bool result_digest(struct db *db, struct arena *a, struct id body, struct id batch,
                   char digest[2 * HASH_BYTES + 1], int64_t *count, struct err *e) MUST_USE;

struct award {
    struct id id, batch, entry, person;
    const char *programme;
    int64_t level;
    const char *direction;
    unsigned char digest[HASH_BYTES];
    const char *state; /* "decided", "void" */
    int64_t decided_ms;
};
struct award_list {
    struct award *at;
    size_t count;
};
bool award_get(struct db *db, struct arena *a, struct id body, struct id award,
               struct award *out, struct err *e) MUST_USE;
bool award_of_entry(struct db *db, struct arena *a, struct id body, struct id entry,
                    struct award *out, bool *found, struct err *e) MUST_USE;
bool award_list(struct db *db, struct arena *a, struct id body, struct id batch,
                struct award_list *out, struct err *e) MUST_USE;

/* --- recheck (复核) ---------------------------------------------------------------------------- */
struct recheck {
    struct id id, entry;
    const char *component, *reason, *answer; /* answer NULL: open */
    int64_t asked_ms, answered_ms;
    date_days due; /* DATE_NONE: the calendar of that year is not published */
};
struct recheck_list {
    struct recheck *at;
    size_t count;
};
/* RULE at "/component" after the days of the batch's policy; CONFLICT if asked before. */
bool recheck_ask(const struct award_desk *d, struct id entry, const char *component,
                 const char *reason, struct err *e) MUST_USE;
bool recheck_answer(const struct award_desk *d, struct id recheck, const char *answer,
                    struct err *e) MUST_USE;
bool recheck_list(const struct award_desk *d, struct id batch, struct recheck_list *out,
                  struct err *e) MUST_USE;
bool recheck_of_entry(const struct award_desk *d, struct id entry, struct recheck_list *out,
                      struct err *e) MUST_USE;

#endif
