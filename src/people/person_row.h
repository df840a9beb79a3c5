/* people/person_row.h - a person as stored, and how a form changes it; for this folder only. */
#ifndef PEOPLE_PERSON_ROW_H
#define PEOPLE_PERSON_ROW_H

#include "base/bytes.h"
#include "base/crypto.h"
#include "people/person.h"

/* at == NULL: there is none. */
struct person_row {
    struct person is; /* without masks */
    struct bytes document_sealed, document_index, phone_sealed, phone_index, email_sealed;
};

/* What PERSON_FIELDS of a form changed, for the audit row. */
struct person_changes {
    bool name, document, sex, birth, phone, email, photo;
};

/* NOT_FOUND "person" if the body has none with this id. */
bool person_row_get(const struct people *p, struct id id, struct person_row *out,
                    struct err *e) MUST_USE;
/* In a transaction. The version of an existing row guards the write. */
bool person_row_put(const struct people *p, const struct person_row *r, bool is_new,
                    struct err *e) MUST_USE;
/* Opens what is sealed. */
bool person_row_secrets(const struct people *p, const struct person_row *r,
                        struct person_secrets *out, struct err *e) MUST_USE;

/* Checks the form and seals it into the row. */
bool person_row_fill(const struct people *p, const struct person_input *in,
                     struct person_row *r, struct person_changes *changed,
                     struct err *e) MUST_USE;
/* PHONE as phone_check left it. */
struct bytes person_phone_index(const struct people *p, const char *phone);
struct bytes person_document_index(const struct people *p, const struct identity *d,
                                   const char *country);

#endif
