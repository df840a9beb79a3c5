/* people/consent.h - who agreed to which text, when, and when it was taken back.
 *
 * The texts are data/consents/<kind>-<version>.txt; a row of consents.def names the version that is
 * asked for now. A consent keeps the hash of the very text that was shown. */
#ifndef PEOPLE_CONSENT_H
#define PEOPLE_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct people;

enum consent_kind {
#define CONSENT(name, word, version, needed, title) CONSENT_##name,
#include "people/consents.def"
#undef CONSENT
    CONSENT_KINDS
};

const char *consent_word(enum consent_kind k);  /* in the API: "personal" */
const char *consent_title(enum consent_kind k); /* in Chinese */
const char *consent_version(enum consent_kind k);
const char *consent_text(enum consent_kind k);
bool consent_needed(enum consent_kind k); /* an application cannot be handed in without it */
bool consent_kind_read(const char *word, enum consent_kind *out);

struct consent {
    enum consent_kind kind;
    const char *version;
    int64_t at_ms, withdrawn_ms; /* 0: in force */
};

/* VERSION is what the person saw: CONFLICT at "/version" if it is not the present one. Giving one
 * that is in force changes nothing. */
bool consent_give(const struct people *p, struct id person, enum consent_kind kind,
                  const char *version, struct err *e) MUST_USE;
/* NOT_FOUND if none is in force. */
bool consent_withdraw(const struct people *p, struct id person, enum consent_kind kind,
                      struct err *e) MUST_USE;
/* Whether one to the present version is in force. */
bool consent_in_force(const struct people *p, struct id person, enum consent_kind kind,
                      bool *is, struct err *e) MUST_USE;
/* All, newest first. */
bool consent_list(const struct people *p, struct id person, struct consent **out, size_t *count,
                  struct err *e) MUST_USE;

#endif
