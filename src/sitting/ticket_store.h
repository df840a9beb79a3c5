/* sitting/ticket_store.h - tickets in and out of the database: for the use cases here. */
#ifndef SITTING_TICKET_STORE_H
#define SITTING_TICKET_STORE_H

#include "sitting/ticket.h"

enum { TICKET_SERIES_MAX = 999, TICKET_SERIAL_MAX = 9999 };

/* Inside a transaction. */
bool ticket_put(struct db *db, const struct ticket *t, int64_t serial, struct err *e) MUST_USE;
bool ticket_last_serial(struct db *db, struct owned session, int64_t *serial,
                        struct err *e) MUST_USE;
/* The session's number among those of the day; taken for it the first time. */
bool ticket_series_take(struct db *db, struct id session, date_days day, int64_t *no,
                        struct err *e) MUST_USE;
/* Valid ones of an application, by start. */
bool ticket_list_entry(struct db *db, struct arena *a, struct owned entry,
                       struct ticket_list *out, struct err *e) MUST_USE;

#endif
