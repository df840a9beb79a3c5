/* archive/retention.h - how long a session's recordings are kept, and their end.
 *
 * SECURITY §9: six months after the window in which a recheck can be asked for; then two people destroy
 * the session's key, with a reason. Never while a recheck or a violation is open, nor before every result
 * is published. A due date that is not known (the working days of that year are not announced) is said to
 * be unknown, and nothing is destroyed. */
#ifndef ARCHIVE_RETENTION_H
#define ARCHIVE_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/err.h"
#include "base/fields.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct workday_calendar;

enum { RECORDING_MONTHS = 6 };

enum retention_bar {
    BAR_NONE, /* may be destroyed */
    BAR_RESULTS,
    BAR_RECHECK,
    BAR_VIOLATION,
    BAR_CALENDAR,
    BAR_EARLY,
    BAR_DESTROYED
};
const char *retention_bar_word(enum retention_bar bar); /* "results", … "" for none */

struct retention_facts {
    int64_t published_ms; /* the newest publication of a result of the session; 0: none */
    int64_t unpublished;  /* attempts without a published result */
    int64_t open_rechecks, open_violations;
    int64_t answered_ms;  /* the newest answer to a recheck; 0: none */
    int64_t recheck_days; /* of the batch's policy; 0: no window */
};
/* Pure. *due: the first day on which they may go, DATE_NONE while it is not known. */
enum retention_bar retention_judge(const struct workday_calendar *c,
                                   const struct retention_facts *f, date_days today,
                                   date_days *due);

struct recording {
    struct id session;
    const char *title;
    int64_t starts_ms, made_ms, destroyed_ms; /* destroyed 0: still there */
    int64_t pieces, bytes;
    date_days due;
    enum retention_bar bar;
};
struct recording_list {
    struct recording *at;
    size_t count;
};
struct retention {
    struct db *db;
    struct arena *arena;
    const struct workday_calendar *calendar;
    const struct actor *who;
};
/* The recorded sessions of the actor's body, newest first. */
bool retention_list(const struct retention *r, struct recording_list *out,
                    struct err *e) MUST_USE;
/* NOT_FOUND "session": not recorded. RULE at "/recording" with the sentence why they must stay. */
bool retention_may_destroy(const struct retention *r, struct id session, struct recording *out,
                           struct err *e) MUST_USE;
/* In the caller's transaction, by two people (the actor's second is set): asked again, then destroyed.
 * INVALID /reason. */
bool retention_destroy(const struct retention *r, struct id session, const char *reason,
                       struct err *e) MUST_USE;

#endif
