/* web/receipt_page.h - the page on which anybody checks a hand-in receipt (SECURITY §5.4), as HTML
 * without script. What the asker typed never comes back; what is shown of a true receipt names
 * nobody. */
#ifndef WEB_RECEIPT_PAGE_H
#define WEB_RECEIPT_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct arena;
struct json_t;

enum receipt_kind {
    RECEIPT_ASK,
    RECEIPT_TRUE,
    RECEIPT_FALSE,
    RECEIPT_NONE,
    RECEIPT_UNREAD,
    RECEIPT_TOO_MANY
};

struct receipt_page {
    enum receipt_kind kind;
    bool english;
    const char *body_name;        /* of the installation; NULL: none */
    const struct json_t *receipt; /* RECEIPT_TRUE */
    bool followed;                /* RECEIPT_TRUE: a later one exists */
    const char *why;              /* RECEIPT_FALSE, RECEIPT_UNREAD: the sentence */
    int64_t retry_s;              /* RECEIPT_TOO_MANY */
};

struct bytes receipt_page_write(struct arena *a, const struct receipt_page *p);

#endif
