/* measure/item_history.h - one item over the sittings in which it was used. */
#ifndef MEASURE_ITEM_HISTORY_H
#define MEASURE_ITEM_HISTORY_H

#include "measure/session_items.h"

enum { HISTORY_SITTINGS = 12 };

/* What there is of a sitting: its figures; or why there are none. */
enum item_figures {
    FIGURES_known,
    FIGURES_unread, /* published; its answers have not been read since (item_history_read) */
    FIGURES_unpublished, /* they may change still */
    FIGURES_open,        /* somebody sits */
    ITEM_FIGURES
};
const char *item_figures_name(enum item_figures f);

struct item_sitting {
    struct id session;
    const char *title;
    int64_t at_ms;
    enum item_figures figures;
    int64_t exposed; /* candidates who had it on their papers; where figures are known */
    struct session_item *parts; /* one, or one a part of a case; likewise */
    size_t count;
};
struct item_history {
    struct item_sitting *at; /* the latest first, at most HISTORY_SITTINGS */
    size_t count;
};
/* Computes nothing. Whole and with keys: for those who may see them. An item that was never used has no
 * sittings. */
bool item_history(const struct marking *m, struct id item, const char *code,
                  struct item_history *out, struct err *e) MUST_USE;

/* Reads the answers of the item's published sittings that were not read since, and keeps the figures of all of
 * their items (item_sitting.h), sitting by sitting. Takes its time, tells how far it is; outside a transaction. */
bool item_history_read(const struct marking *m, struct id item, struct err *e) MUST_USE;

#endif
