/* certificate/issue_in.h - the parts of issuing that run inside a transaction; for this folder. */
#ifndef CERTIFICATE_ISSUE_IN_H
#define CERTIFICATE_ISSUE_IN_H

#include "certificate/certificate_store.h"
#include "certificate/issue.h"

/* Inside a transaction: a certificate with the next number. REPLACES: the number of the one that
 * it corrects; NULL for a first one. */
bool certificate_issue_in(struct db *db, const struct certificate_office *o,
                          const struct award_facts *f, const struct certificate_holder *h,
                          const char *replaces, struct certificate *out, struct err *e);
/* Inside a transaction: a new print serial, hence a new credential and QR; C is changed. */
bool certificate_print_again_in(struct db *db, const struct certificate_office *o,
                                struct certificate *c, struct err *e);

#endif
