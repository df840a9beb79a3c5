/* marking/scan_label.h - the words in the QR code of an answer sheet: which session, form, ticket and
 * page, and a keyed check over them and the layout. No name, no identity number. Pure.
 *
 * "HS1:SESSION:FORM:TICKET:PAGE/PAGES:CHECK": the first 6 bytes of the ids in hex, the ticket's
 * number, pages from 1, 8 bytes of check. Nobody without the key makes a sheet that is accepted, and a
 * sheet of an older layout of the same paper fails the check instead of being misread. */
#ifndef MARKING_SCAN_LABEL_H
#define MARKING_SCAN_LABEL_H

#include "base/crypto.h"

struct arena;

enum { SCAN_ID_CHARS = 12, SCAN_TICKET_MAX = 32, SCAN_CHECK_CHARS = 16, SCAN_LABEL_MAX = 120 };

struct scan_label {
    char session[SCAN_ID_CHARS + 1], form[SCAN_ID_CHARS + 1];
    char ticket[SCAN_TICKET_MAX + 1];
    int page, pages; /* from 1 */
    char check[SCAN_CHECK_CHARS + 1];
};

/* One spelling only: what reads is written as the same bytes. */
bool scan_label_read(const char *text, struct scan_label *out);
const char *scan_label_write(struct arena *a, const struct scan_label *l);

/* What is printed for a page: ids, and the check under KEY. INVALID at "/ticket" where the ticket's
 * number has other characters than digits, letters and '-'. */
struct scan_subject {
    struct id session, form;
    const char *ticket, *code; /* code: scan_code of its places */
};
bool scan_label_make(const struct scan_subject *s, const unsigned char key[KEY_BYTES], int page,
                     int pages, struct scan_label *out, struct err *e) MUST_USE;
/* Whether L was printed for this page of S. */
bool scan_label_is_of(const struct scan_label *l, const struct scan_subject *s,
                      const unsigned char key[KEY_BYTES]);

#endif
