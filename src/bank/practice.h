/* bank/practice.h - what candidates may practise with, sealed off from what exams are made of.
 *
 * An item is an exam item until it is retired and two people make it a practice item; it never goes back:
 * the statements that edit, review, freeze and pool items take exam items only, and the database refuses
 * any change of a practice item. Nothing here reads an exam item. */
#ifndef BANK_PRACTICE_H
#define BANK_PRACTICE_H

#include "bank/bank.h"

/* The two-person act, inside its transaction (actor with its second). CONFLICT at "/state" where the item
 * is not retired, is one already, has pictures (their addresses are staff's), or stands in a paper whose session is not over. */
bool bank_make_practice(const struct bank *b, struct id item, const char *reason,
                        struct err *e) MUST_USE;

struct practice_area {
    const char *programme, *area;
    int64_t items;
};
bool practice_areas(const struct bank *b, struct practice_area **out, size_t *count,
                    struct err *e) MUST_USE;

struct practice_item {
    struct id id;
    struct item item; /* with its example numbers where it is a template */
};
/* AREA "": all. */
bool practice_items(const struct bank *b, const char *programme, const char *area,
                    int64_t limit, int64_t offset, struct practice_item **out, size_t *count,
                    int64_t *total, struct err *e) MUST_USE;
/* NOT_FOUND for an exam item. */
bool practice_item(const struct bank *b, struct id id, struct practice_item *out,
                   struct err *e) MUST_USE;

#endif
