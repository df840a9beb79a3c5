/* bank/partial.h - what an answer is worth that is right in part. The paper says which rule holds in
 * a section; the default is all or nothing. */
#ifndef BANK_PARTIAL_H
#define BANK_PARTIAL_H

#include <stdint.h>

/*      name          label                        what RIGHT of TOTAL and WRONG give */
#define PARTIAL_RULES                                                                          \
    PARTIAL(none, "全对得分")                   /* everything right and nothing wrong, or 0 */ \
    PARTIAL(half, "选对但不全得一半分")         /* nothing wrong but incomplete: half */       \
    PARTIAL(each, "选对一项得一项，有错不得分") /* nothing wrong: right / total */             \
    PARTIAL(minus, "得分为对项减错项")          /* (right - wrong) / total, not below 0 */

enum partial_credit {
#define PARTIAL(name, label) PARTIAL_##name,
    PARTIAL_RULES
#undef PARTIAL
};
extern const char *const partial_names[];  /* "none", …; NULL-ended */
extern const char *const partial_labels[]; /* in the same order */
/* PARTIAL_none for NULL and what is unknown. */
enum partial_credit partial_read(const char *name);

/* Of an answer in which RIGHT of TOTAL elements are right and WRONG are wrong; rounded down to
 * millimarks. */
int32_t partial_marks(enum partial_credit rule, int right, int wrong, int total, int32_t max);

#endif
