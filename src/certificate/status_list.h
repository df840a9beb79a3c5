/* certificate/status_list.h - W3C Bitstring Status List of revoked certificates (SECURITY §7).
 *
 * A list has 131,072 entries; the index of a certificate is random, so that the list says nothing
 * about whose it is. Signed, valid for 24 h, renewed hourly and with each revocation. */
#ifndef CERTIFICATE_STATUS_LIST_H
#define CERTIFICATE_STATUS_LIST_H

#include "certificate/certificate.h"

struct key_table;

enum { STATUS_ENTRIES = 131072, STATUS_BYTES = STATUS_ENTRIES / 8 };

/* Inside a transaction: a free random place for C. */
bool status_index_take(struct db *db, struct certificate *c, struct err *e) MUST_USE;

/* The list as a signed credential. The same bytes within an hour if nothing was revoked. */
bool status_list_make(const struct certificate_office *o, int64_t list, int64_t now_ms,
                      struct json_t **out, struct err *e) MUST_USE;

struct status_answer {
    bool ended;
    int64_t as_of_ms;
};
/* Reads a list that was fetched: signature, number, age of at most 7 days. */
bool status_list_read(struct arena *a, const struct key_table *t, const struct json_t *v,
                      int64_t index, struct status_answer *out, struct err *e) MUST_USE;

#endif
