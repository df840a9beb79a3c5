/* certificate/award_facts.h - award and person, read for issuing. */
#ifndef CERTIFICATE_AWARD_FACTS_H
#define CERTIFICATE_AWARD_FACTS_H

#include "certificate/issue.h"

bool award_facts_load(struct db *db, struct arena *a, struct id body, struct id award,
                      struct award_facts *out, struct err *e) MUST_USE;
/* The awards of a batch that never had a certificate. */
bool awards_due(struct db *db, struct arena *a, struct id body, struct id batch,
                struct id **out, size_t *count, struct err *e) MUST_USE;

#endif
