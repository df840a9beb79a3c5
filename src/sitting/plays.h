/* sitting/plays.h - how often a candidate has begun a sound or film whose plays are limited (decision 0084).
 *
 * Every `play` event of the journal counts, on the main line or beside it, in time or late: what was heard
 * was heard, on whichever machine. So a device that takes over begins with what all before it have used,
 * and what comes in later from another one is added up. The server refuses no entry: what was begun too
 * often is shown to a person as a flag. */
#ifndef SITTING_PLAYS_H
#define SITTING_PLAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct arena;
struct db;
struct journal_entry;
struct journal_row;
struct master;

enum { PLAYS_KINDS_MAX = 1024 }; /* question and sound together; a paper has far fewer */

struct play {
    uint16_t item;     /* number in the paper */
    const char *media; /* its id in the item */
    int64_t begun;
};
struct play_list {
    struct play *at; /* by item, then id */
    size_t count;
};

/* Is the entry such an event, and of what? Borrows nothing. */
bool play_read(struct arena *a, const struct journal_entry *entry, struct play *out);
/* One more of it: how many there are now; 0 where the list is full. */
int64_t play_add(struct arena *a, struct play_list *list, const struct play *one);
/* Pure. */
void plays_count(struct arena *a, const struct journal_row *rows, size_t count,
                 struct play_list *out);

/* How often each may be begun: `begun` is the limit, and what may be played at will is not in it. From the
 * session's sealed keys, which only the centre has; none where the session has none. */
bool plays_allowed(struct db *db, struct arena *a, const struct master *m, struct id session,
                   struct id paper, struct play_list *out, struct err *e) MUST_USE;
/* 0: no limit. */
int64_t play_limit(const struct play_list *allowed, const struct play *one);

#endif
