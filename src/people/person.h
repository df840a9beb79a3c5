/* people/person.h - who somebody is: the identity data of candidates (SECURITY §9).
 *
 * Document number, phone and mail lie sealed in the row and are found by a keyed index; they leave
 * here masked, but for person_unmask (audited, with a reason) and person_secrets (for printing and
 * comparing by the program, never for a screen). */
#ifndef PEOPLE_PERSON_H
#define PEOPLE_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/err.h"
#include "base/id.h"
#include "people/document.h"
#include "people/viewer.h"

struct people;

/* What a form sends. NULL leaves what is stored; "" clears it where it may be empty. */
struct person_input {
    struct id id;                 /* zero: a new person */
    struct id account;            /* of a new person; zero: none (imported) */
    const char *name;             /* 1 to 64 characters; required for a new one */
    const char *sex;              /* "male", "female"; the document's wins and must agree */
    const char *birth;            /* YYYY-MM-DD; likewise */
    const char *document_kind;    /* "resident_id", … */
    const char *document_number;  /* with its kind */
    const char *document_country; /* ISO 3166 letters; asked for passports only */
    const char *phone, *email;
    struct id photo; /* blob; zero leaves it */
    bool by_oneself; /* who->account is the person: after a registrar has checked the identity,
                         name and document are fixed */
    int64_t version; /* as read; 0: whatever it is */
};

struct person {
    struct id id, body, account, photo; /* zero where there is none */
    const char *name;                   /* "" in a draft */
    enum sex sex;
    bool birth_known;
    date_days birth;
    bool has_document;
    enum document_kind kind;
    const char *country;
    const char *document_mask, *phone_mask, *email_mask; /* NULL where there is none */
    bool identity_checked; /* a registrar has compared it with the document */
    int64_t created_ms, version;
};

/* What is told only under seal; "" where there is none. */
struct person_secrets {
    const char *document_number, *phone, *email;
};

/* INVALID with the field's pointer; CONFLICT at "/document_number" when the body already has
 * that document, at "/version" when it was changed meanwhile; RULE for what is fixed. */
bool person_save(const struct people *p, const struct person_input *in, struct id *id,
                 struct err *e) MUST_USE;
/* The same inside a caller's transaction (imports). */
bool person_put(const struct people *p, const struct person_input *in, struct id *id,
                struct err *e) MUST_USE;

bool person_get(const struct people *p, struct id id, struct person *out,
                struct err *e) MUST_USE;
/* DOCUMENT as document_check left it; COUNTRY only for passports. *id is zero if the body has
 * nobody with it. */
bool person_find_by_document(const struct people *p, const struct identity *document,
                             const char *country, struct id *id, struct err *e) MUST_USE;
/* Whether PHONE (as typed) is theirs, without opening it. */
bool person_phone_is(const struct people *p, struct id person, const char *phone, bool *is,
                     struct err *e) MUST_USE;
bool person_secrets(const struct people *p, struct id id, struct person_secrets *out,
                    struct err *e) MUST_USE;
/* For a screen: needs a REASON of 4 to 200 characters and writes an audit row. */
bool person_unmask(const struct people *p, struct id id, const char *reason,
                   struct person_secrets *out, struct err *e) MUST_USE;
/* Who saw the full number, newest first, at most 200: for the person (SECURITY §9). */
struct person_view {
    int64_t at_ms;
    enum role role;
    const char *by, *reason; /* "" where it is not known */
};
bool person_views(const struct people *p, struct id id, struct person_view **out, size_t *count,
                  struct err *e) MUST_USE;
/* A registrar has compared name and document; inside a caller's transaction. */
bool person_mark_checked(const struct people *p, struct id id, struct err *e) MUST_USE;

#endif
