/* bank/wording.h - whose words a version holds: nobody reviews or proof-reads wording of their own
 * (doc/decisions/0089). */
#ifndef BANK_WORDING_H
#define BANK_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/bank.h"

/* One version: who wrote it, and whether two reviewers and a proof-reader approved it. */
struct wording {
    int64_t version;
    struct id author;
    bool judged;
};

/* VERSIONS newest first; the first is to be judged now. A version holds the words of all before it, back to
 * the last that others judged as a whole. Of those the newest that WHO wrote, 0: none. */
int64_t wording_of(const struct wording *versions, size_t count, struct id who);
/* The same of what is stored, for the actor and the newest version; in a transaction or outside of one. */
bool wording_of_item(struct db *db, const struct bank *b, struct id item, int64_t *version,
                     struct err *e) MUST_USE;

#endif
