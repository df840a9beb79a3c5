/* measure/item_sitting.h - the items of a published sitting as they were folded once (decision 0078).
 *
 * A sitting's figures follow from its sealed journals, the keys and what was decided about them, and from this
 * program. The stamp names all of it: the edition of these figures, the changes of key, the marks that were
 * stored (every scoring of every attempt), the attempts and the publications. Where the stamp has moved, what is
 * stored does not count. The texts are under the bank key, bound to their session. */
#ifndef MEASURE_ITEM_SITTING_H
#define MEASURE_ITEM_SITTING_H

#include "measure/session_items.h"

struct sitting_stamp {
    const char *text;
    bool published; /* only then anything is stored */
    bool sitting;   /* an attempt has not ended */
    int64_t attempts;
};
bool sitting_stamp(const struct marking *m, struct id session, struct sitting_stamp *out,
                   struct err *e) MUST_USE;

bool item_sitting_current(const struct marking *m, struct id session,
                          const struct sitting_stamp *stamp, bool *out, struct err *e) MUST_USE;

/* The parts of CODE as they were folded under STAMP; *FOUND: they were, be it that the sitting has no such
 * item (COUNT 0). */
bool item_sitting_find(const struct marking *m, struct id session,
                       const struct sitting_stamp *stamp, const char *code,
                       struct session_item **parts, size_t *count, bool *found,
                       struct err *e) MUST_USE;

/* Stores every item under STAMP in the place of what was there. Outside a transaction. */
bool item_sitting_put(const struct marking *m, struct id session,
                      const struct sitting_stamp *stamp, const struct session_items *items,
                      struct err *e) MUST_USE;

#endif
