/* certificate/certificate_store.h - certificates in and out of the database, for this folder. */
#ifndef CERTIFICATE_CERTIFICATE_STORE_H
#define CERTIFICATE_CERTIFICATE_STORE_H

#include "certificate/certificate.h"

struct query;

/* The row beside what struct certificate says. */
struct certificate_private {
    struct id published_by, published_second;
    struct bytes document_index, phone_index; /* phone_index.at NULL: none */
    struct bytes document_sealed, salt_sealed, qr_sealed;
};

bool certificate_put(struct db *db, const struct certificate *c,
                     const struct certificate_private *p, struct err *e) MUST_USE;
bool certificate_private_get(struct db *db, struct arena *a, struct id id,
                             struct certificate_private *out, struct err *e) MUST_USE;
/* No longer valid; CONFLICT at "/state" if it was not. */
bool certificate_end(struct db *db, const struct certificate *c, enum certificate_state state,
                     struct id replaced_by, struct err *e) MUST_USE;
bool certificate_replaced_by(struct db *db, const struct certificate *old, struct id by,
                             struct err *e) MUST_USE;
bool certificate_reprint(struct db *db, const struct certificate *c, struct bytes qr_sealed,
                         struct err *e) MUST_USE;
bool certificate_event_put(struct db *db, struct id certificate,
                           const struct certificate_event *v, struct err *e) MUST_USE;
/* From 1, without holes: a transaction that fails gives its number back. */
bool certificate_serial_take(struct db *db, const char *scope, int64_t *serial,
                             struct err *e) MUST_USE;
/* Reads the one row of a query with the columns of CERTIFICATE_COLUMNS. */
bool certificate_maybe(struct query *q, struct arena *a, struct certificate *out, bool *found,
                       struct err *e) MUST_USE;

#endif
