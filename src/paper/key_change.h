/* paper/key_change.h - what two people may decide about an item's key after the sitting.
 *
 * The committed key set stays what it is (SECURITY §3.3, S6): changes are applied to a copy, in the
 * order in which they were decided, and each makes the next key version. A changed set is read by
 * key_reader_create and paper_places like the first one. Pure. */
#ifndef PAPER_KEY_CHANGE_H
#define PAPER_KEY_CHANGE_H

#include "paper/paper.h"

enum key_effect {
    KEY_REPLACE, /* the key was wrong: this one instead */
    KEY_ACCEPT,  /* this answer is right too; each response gets the better of its scores */
    KEY_CREDIT,  /* the item cannot be judged: everybody gets its marks */
    KEY_EFFECTS
};
extern const char *const key_effect_names[KEY_EFFECTS + 1]; /* "replace", …; NULL-ended */

struct key_change {
    const char *code; /* of the item */
    int64_t part;     /* of a case, from 0; -1: the whole item */
    enum key_effect effect;
    const struct json_t *key; /* in the form of the item's own key; NULL with KEY_CREDIT */
};

/* Replaces SET's json by a changed copy and counts its version up by COUNT. NOT_FOUND at "/code"
 * where no form has the item, at "/part" where the item has no such part; INVALID below "/key"
 * where the item cannot have that key. On failure SET is as it was. */
bool key_set_change(struct arena *a, struct key_set *set, const struct key_change *changes,
                    size_t count, struct err *e) MUST_USE;

#endif
