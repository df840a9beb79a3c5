/* measure/item_history.h - one item over the sittings in which it was used. */
#ifndef MEASURE_ITEM_HISTORY_H
#define MEASURE_ITEM_HISTORY_H

#include "measure/session_items.h"

enum { HISTORY_SITTINGS = 12 };

struct item_sitting {
    struct id session;
    const char *title;
    int64_t at_ms;
    bool open;                  /* still being taken: no figures */
    int64_t exposed;            /* candidates who had it on their papers; 0 while open */
    struct session_item *parts; /* one, or one a part of a case */
    size_t count;
};
struct item_history {
    struct item_sitting *at; /* the latest first, at most HISTORY_SITTINGS */
    size_t count;
};
/* Outside a transaction: published sittings that nobody asked for yet are folded and kept. Whole and with
 * keys: for those who may see them. An item that was never used has no sittings. */
bool item_history(const struct marking *m, struct id item, const char *code,
                  struct item_history *out, struct err *e) MUST_USE;

#endif
