/* certificate/lookup.h - what a stranger may ask about a certificate, and what he learns.
 *
 * Two matching facts or the QR: the number and one of name, last four or whole document number, or
 * phone; or, where the programme says so, any two of name, document and phone. A wrong second
 * fact and a number that does not exist give the same answer, and cost the same (S25). Never a
 * list, never more than one certificate. */
#ifndef CERTIFICATE_LOOKUP_H
#define CERTIFICATE_LOOKUP_H

#include "certificate/certificate.h"

struct key_table;

struct lookup_question {
    /* By number, and one field that may be name, document number, its last four, or phone. */
    const char *number, *second;
    /* Or by any two of these, in a programme whose rule allows it. NULL or "" = not given. */
    const char *programme, *name, *document, *phone;
};

struct lookup_answer {
    bool found;
    struct certificate certificate;
    struct certificate_event *history; /* public events, newest first */
    size_t history_count;
    const char *replaced_by; /* number of the one that replaced it; NULL: none */
    bool
        in_doubt; /* not found, but a key that was stolen has signed it: nobody knows who signed */
    bool old_print;        /* the QR is of a print before the newest */
    const char *confirmed; /* what the asker gave matched: "name", "document", "phone", "qr" */
};

/* False only when the store failed. */
bool certificate_lookup(struct db *db, struct arena *a, const struct master *m,
                        const struct programme_set *programmes, const struct lookup_question *q,
                        struct lookup_answer *out, struct err *e) MUST_USE;
/* TEXT: base32 of a QR code. Not found where its signature is not true or its facts are not the
 * row's. */
bool certificate_lookup_qr(struct db *db, struct arena *a, const struct key_table *keys,
                           const char *text, struct lookup_answer *out, struct err *e) MUST_USE;

/* Was the issue of this certificate under an audit anchor of before BEFORE_MS? If so, what a stolen key
 * signed of it was signed by its owner (SECURITY §7). */
bool certificate_was_anchored(struct db *db, const struct key_table *keys,
                              struct id certificate, int64_t before_ms, bool *out,
                              struct err *e) MUST_USE;

/* May certificates of this programme be asked for without their number? */
bool lookup_allows_two(const struct programme *p);

#endif
