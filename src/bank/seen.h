/* bank/seen.h - who saw the question or the key of an item, and what for.
 *
 * Noted before it is shown, so that nothing is shown unnoted: one row a version, person, purpose and
 * day (doc/decisions/0062). A second look on the same day costs one read. */
#ifndef BANK_SEEN_H
#define BANK_SEEN_H

#include "bank/bank.h"

enum seen_purpose {
#define SEEN(name, label) SEEN_##name,
#include "bank/seen_purposes.def"
#undef SEEN
    SEEN_PURPOSES
};
const char *seen_purpose_name(enum seen_purpose p);

/* That the actor sees these versions now. Outside a transaction. */
bool bank_note_seen(const struct bank *b, enum seen_purpose purpose, const struct id *versions,
                    size_t count, struct err *e) MUST_USE;

/* The same inside a transaction, with what is shown only after it. */
bool bank_put_seen(struct db *db, const struct bank *b, enum seen_purpose purpose,
                   const struct id *versions, size_t count, struct err *e) MUST_USE;

struct seen_row {
    int64_t version, role, first_ms, last_ms, days;
    const char *name, *purpose;
};
/* Of an item of the actor's body: a row a person, version and purpose, the latest first. */
bool bank_seen(const struct bank *b, struct id item, struct seen_row **out, size_t *count,
               struct err *e) MUST_USE;

#endif
