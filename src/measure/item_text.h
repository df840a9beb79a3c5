/* measure/item_text.h - the figures of an item in one sitting as JSON, and back to the last digit. */
#ifndef MEASURE_ITEM_TEXT_H
#define MEASURE_ITEM_TEXT_H

#include "base/bytes.h"
#include "measure/session_items.h"

struct arena;

/* The parts of one item. */
struct bytes item_text_write(struct arena *a, const struct session_item *const *parts,
                             size_t count);
/* STORE where it is not the text of CODE. */
bool item_text_read(struct arena *a, struct bytes text, const char *code,
                    struct session_item **parts, size_t *count, struct err *e) MUST_USE;

#endif
