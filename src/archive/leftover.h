/* archive/leftover.h - what was brought here and is named by nothing: pictures and sounds of the bank that no version
 * of an item shows, and pieces of files that candidates began to hand in and never finished (decision 0085).
 *
 * Both go once they are LEFTOVER_DAYS old, by themselves, with an audit row that says how many. What a version
 * of an item, and with it a form, a paper or an answer key, shows is never among them; nor is a file that any
 * entry of its candidate's journal names, for that is evidence of what they meant to hand in; nor anything of an
 * attempt that may still be written. */
#ifndef ARCHIVE_LEFTOVER_H
#define ARCHIVE_LEFTOVER_H

#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct blob_place;
struct db;

enum { LEFTOVER_DAYS = 30, LEFTOVER_MOST = 500 /* of a kind in one sweep */ };

struct leftover_sum {
    int64_t count, bytes;
    int64_t due, due_bytes; /* of them: old enough to go */
};
struct leftovers {
    struct leftover_sum attachments;
    struct leftover_sum files;  /* not whole; those of running attempts, too */
    int64_t named, named_bytes; /* of the files: kept, because the journal names them */
};
/* Of the actor's body, as of the actor's time. */
struct leftover_sweep {
    struct db *db;
    struct arena *arena;
    const struct actor *who;
};
bool leftovers_count(const struct leftover_sweep *s, struct leftovers *out,
                     struct err *e) MUST_USE;

struct leftover_removed {
    int64_t attachments, attachment_bytes, files, file_bytes;
};
/* Attachments in one transaction, files in another, each with its audit row where anything went; then the files'
 * blobs from the disk. */
bool leftovers_remove(const struct leftover_sweep *s, const struct blob_place *place,
                      struct leftover_removed *out, struct err *e) MUST_USE;

/* Every body of this store, by the system itself. */
bool leftovers_sweep(struct db *db, const struct blob_place *place, int64_t now_ms,
                     struct leftover_removed *out, struct err *e) MUST_USE;

/* What the last removals were, newest first. */
struct leftover_past {
    int64_t at_ms, count, bytes;
    const char *kind; /* "attachment" or "file" */
};
enum { LEFTOVER_PAST_SHOWN = 10 };
bool leftovers_past(const struct leftover_sweep *s, struct leftover_past **out, size_t *count,
                    struct err *e) MUST_USE;

#endif
