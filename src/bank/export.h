/* bank/export.h - the stored bank of a programme as a file that other systems read: keys and all, so it says for
 * what, and who took it stands in the audit chain and beside every item (bank/seen.h) before the file is given. */
#ifndef BANK_EXPORT_H
#define BANK_EXPORT_H

#include "bank/bank.h"

enum { EXPORT_ITEMS_MAX = 5000 };

struct export_order {
    const char *programme; /* its id */
    const char *state;     /* only those in it; NULL: all */
    const struct exchange_format *format;
    const char *reason;
};
struct exported {
    struct bytes file;
    struct exchange *exchange; /* what the format does not carry */
    int64_t items;             /* in the file */
};
/* INVALID at "/programme" where there is nothing, or more than EXPORT_ITEMS_MAX. */
bool bank_export(const struct bank *b, const struct export_order *order, struct exported *out,
                 struct err *e) MUST_USE;

#endif
