/* sitting/ticket.h - admission tickets (准考证): number, issue, and what is printed.
 *
 * A number is 14 digits: YYMMDD of the session's local day, three of the session among those of
 * its day, four of the candidate, one check digit (Damm: every single wrong digit and every swap
 * of neighbours is seen). It is printed in groups 261128 001 0042 7 and read with or without
 * blanks. A number is given once: a withdrawn ticket's is never used again. */
#ifndef SITTING_TICKET_H
#define SITTING_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/calendar.h"
#include "base/err.h"
#include "base/id.h"
#include "sitting/session.h"

struct blob_place;
struct master;
struct viewer;

enum { TICKET_NUMBER_BYTES = 15, TICKET_GROUPED_BYTES = 18 };

struct ticket_number {
    date_days day;
    int64_t series; /* 1 to 999 */
    int64_t serial; /* 1 to 9999 */
};
/* False for anything that is not 14 digits (blanks and hyphens between are passed over), a real
 * day, and a true check digit. */
bool ticket_number_read(const char *text, struct ticket_number *out);
void ticket_number_write(const struct ticket_number *n, char out[TICKET_NUMBER_BYTES]);
void ticket_number_group(const char number[TICKET_NUMBER_BYTES],
                         char out[TICKET_GROUPED_BYTES]);

struct ticket {
    const char *number; /* 14 digits */
    struct id body, session, room, seat, entry, person;
    int64_t issued_ms, withdrawn_ms; /* 0: valid */
};
struct ticket_list {
    struct ticket *at;
    size_t count;
};

/* Of any body: the sign-in at the seat knows nothing else. A valid one only; *found says so. */
bool ticket_find(struct db *db, struct arena *a, const char *number, struct ticket *out,
                 bool *found, struct err *e) MUST_USE;
bool ticket_of_entry(struct db *db, struct arena *a, struct owned entry, struct id session,
                     struct ticket *out, struct err *e) MUST_USE; /* NOT_FOUND */
bool ticket_list_session(struct db *db, struct arena *a, struct owned session,
                         struct ticket_list *out, struct err *e) MUST_USE; /* by number */
bool ticket_list_person(struct db *db, struct arena *a, struct owned person,
                        struct ticket_list *out, struct err *e) MUST_USE; /* by start */

/* Issues what is missing for all seated candidates of an arranged session; again: no change. */
struct ticket_issue {
    struct id session;
    int64_t issued; /* out: new ones */
};
bool ticket_issue(struct db *db, const struct arranger *by, struct ticket_issue *t,
                  struct err *e) MUST_USE;

/* From when a candidate may print: N calendar days before the session's day, local midnight. */
int64_t ticket_opens_ms(const struct session *s, int64_t days_before);

/* ------------------------------------------------------------------ what is printed */
struct printing {
    const struct arranger *by;
    const struct master *master;
    const struct blob_place *blobs; /* photos */
    bool demo;                      /* 样张 across the page */
};
/* The ticket as A4 PDF. NOT_FOUND if the entry is not in the scope of V (candidates: their own);
 * RULE /opens_ms for a candidate before the printing window. */
struct ticket_print {
    struct id entry;
    struct id session;     /* zero: the next one */
    const char *file_name; /* out */
    struct bytes pdf;      /* out */
};
bool ticket_pdf(struct db *db, const struct printing *p, const struct viewer *v,
                struct ticket_print *t, struct err *e) MUST_USE;
/* A page a room: seat, ticket number, name, masked document, and room to sign in and out. */
bool sign_in_sheet_pdf(struct db *db, const struct printing *p, struct id session,
                       struct bytes *pdf, struct err *e) MUST_USE;
/* A page a room for its door: seats as they stand, ticket number and masked name. */
bool door_list_pdf(struct db *db, const struct printing *p, struct id session,
                   struct bytes *pdf, struct err *e) MUST_USE;
/* Room, seat, ticket number, name, masked document, level, direction; cells guarded. */
bool seating_csv(struct db *db, const struct printing *p, struct id session, struct bytes *csv,
                 struct err *e) MUST_USE;

#endif
