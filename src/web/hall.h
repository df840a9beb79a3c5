/* web/hall.h - for tests of applications over HTTP: a body with a registrar, two candidates, an open batch. */
#ifndef WEB_HALL_H
#define WEB_HALL_H

#include "programme/programme.h"
#include "web/asker.h"

#define HALL_PASSWORD "vkqz-pmwt-xrbnd-2"

struct hall {
    struct site *site;
    struct programme_set set;
    struct asker registrar, candidate, other;
    const char *batch; /* its id */
};

struct hall *hall_open(void);
void hall_close(struct hall *h);

const char *hall_text(struct hall *h, const char *fmt, const char *one, const char *two);
/* Staff with TOTP, signed in. */
struct asker hall_staff(struct hall *h, const char *login, uint32_t roles, struct id partner);
/* Registered, signed in, with identity data. */
struct asker hall_applicant(struct hall *h, const char *phone, const char *document);
/* Another batch of the same programme, its exam DAYS from now, as h->batch. */
void hall_batch(struct hall *h, int days);
/* White ground, a patterned head: what the checks let through. */
struct bytes hall_photo(struct arena *a);

/* {"version":…MORE}, as the last answer has it. */
const char *hall_version(struct asker *a, const char *more);
const char *hall_path(struct hall *h, const char *entry, const char *what);
/* A draft of the batch with everything but the submission; its id. */
const char *hall_draft(struct hall *h, struct asker *c);
/* Its two steps: the facts, then what is asked of a person. */
const char *hall_facts(struct hall *h, struct asker *c);
void hall_consent_and_photo(struct hall *h, struct asker *c, const char *id);

#endif
