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

struct actor;
struct arena;
struct db;
struct master;

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
bool person_save(struct db *db, struct arena *a, const struct master *m,
                 const struct actor *who, const struct person_input *in, struct id *id,
                 struct err *e) MUST_USE;
/* The same inside a caller's transaction (imports). */
bool person_put(struct db *db, struct arena *a, const struct master *m, const struct actor *who,
                const struct person_input *in, struct id *id, struct err *e) MUST_USE;

bool person_get(struct db *db, struct arena *a, const struct master *m, struct id body,
                struct id id, struct person *out, struct err *e) MUST_USE;
/* *found false if the body has nobody with this document. Number as document_check left it. */
bool person_find_by_document(struct db *db, const struct master *m, struct id body,
                             const struct identity *document, const char *country,
                             struct id *id, bool *found, struct err *e) MUST_USE;
/* Several people may share a phone: the first of them; for telling whether a phone is theirs
 * compare person_phone_is. */
bool person_phone_is(struct db *db, const struct master *m, struct id person, const char *phone,
                     bool *is, struct err *e) MUST_USE;
bool person_document_is(struct db *db, const struct master *m, struct id person,
                        const struct identity *document, const char *country, bool *is,
                        struct err *e) MUST_USE;
/* Whether the last N characters typed are the end of the number (tickets, verification). */
bool person_secrets(struct db *db, struct arena *a, const struct master *m, struct id body,
                    struct id id, struct person_secrets *out, struct err *e) MUST_USE;
/* For a screen: needs a REASON of 4 to 200 characters and writes an audit row. */
bool person_unmask(struct db *db, struct arena *a, const struct master *m,
                   const struct actor *who, struct id id, const char *reason,
                   struct person_secrets *out, struct err *e) MUST_USE;
/* A registrar has compared name and document; inside a caller's transaction. */
bool person_mark_checked(struct db *db, const struct actor *who, struct id id,
                         struct err *e) MUST_USE;

#endif
