/* web/verify_page.h - the verification page as HTML (UI: verification, decision 14): one verdict,
 * then every printed fact in the printed order, then the history, then how to check without us.
 * Of what the asker typed only number and name come back, in their fields, where nothing was found. */
#ifndef WEB_VERIFY_PAGE_H
#define WEB_VERIFY_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct arena;
struct lookup_answer;
struct lookup_question;
struct programme_set;

enum verify_kind { VERIFY_ASK, VERIFY_ANSWER, VERIFY_TOO_MANY, VERIFY_BAD };

struct verify_page {
    enum verify_kind kind;
    bool english;
    const char *path;      /* the page in the other language; NULL: /verify */
    const char *body_name; /* of the installation, in the bar; NULL: none */
    const struct programme_set *programmes;
    const struct lookup_answer *answer;  /* VERIFY_ANSWER */
    const struct lookup_question *asked; /* what was typed in vain; NULL: empty fields */
    const char *photo;                   /* address; NULL: not shown */
    const char *public_url;
    int64_t now_ms, retry_s;
    const char *what; /* VERIFY_BAD: the sentence */
};

struct bytes verify_page_write(struct arena *a, const struct verify_page *p);

#endif
