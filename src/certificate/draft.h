/* certificate/draft.h - what a certificate will say, before it has a number; for this folder. */
#ifndef CERTIFICATE_DRAFT_H
#define CERTIFICATE_DRAFT_H

#include "certificate/issue.h"

/* Pure: checks award and holder, chooses the class and fills everything of C that does not come
 * out of the transaction. Number, print serial, status and credential are still missing. */
bool certificate_draft(const struct certificate_office *o, const struct award_facts *f,
                       const struct certificate_holder *h, struct certificate *c,
                       struct err *e) MUST_USE;

/* "2026年6月26日" of an instant, in China. */
const char *certificate_date_text(struct arena *a, int64_t ms);

/* The number for a serial, and the scope its serials are counted in. */
bool certificate_number_scope(const struct certificate_office *o, const struct certificate *c,
                              const char **scope, struct err *e) MUST_USE;
bool certificate_number_make(const struct certificate_office *o, struct certificate *c,
                             int64_t serial, struct err *e) MUST_USE;

#endif
