/* certificate/words.h - words that only a 职业技能等级证书 or an authority may use.
 *
 * What a training certificate prints is searched for the words of data/banned_words.json
 * (人社部函〔2022〕25号, DOMAIN §1.5); the name of a registered issuer is exempt. A finding stops
 * issuing until two people have released it for the body, with a reason. */
#ifndef CERTIFICATE_WORDS_H
#define CERTIFICATE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct body;
struct db;
struct programme;
struct programme_set;

struct word_finding {
    const char *programme;
    const char *place; /* JSON pointer in the programme's file, or "template" */
    const char *word, *why, *text;
    unsigned char digest[32]; /* of place, word and text: a changed text is a new finding */
    bool released;
};

/* None for a programme whose certificates, issued by this body, are level certificates. */
bool words_find(struct arena *a, const struct programme *p, const struct body *body,
                struct word_finding **out, size_t *count, struct err *e) MUST_USE;
/* Fills `released` for the body. */
bool words_mark_released(struct db *db, struct id body, struct word_finding *f, size_t count,
                         struct err *e) MUST_USE;
/* RULE at "/programme" naming the first that is not released. */
bool words_must_be_released(struct db *db, struct arena *a, const struct programme *p,
                            const struct body *body, struct err *e) MUST_USE;

/* The payload of the two-person act: what is found now in the programme. CONFLICT where nothing
 * waits for release. */
bool words_release_propose(struct db *db, struct arena *a, const struct programme *p,
                           const struct body *body, const char *reason, struct bytes *payload,
                           const char **summary, struct err *e);
/* Inside the confirmation's transaction. CONFLICT at "/programme" if the text changed since. */
bool words_release_execute(struct db *db, struct arena *a, const struct programme_set *set,
                           const struct body *body, const struct actor *who,
                           struct bytes payload, struct err *e);

#endif
