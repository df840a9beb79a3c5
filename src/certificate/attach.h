/* certificate/attach.h - a file inside a PDF: added by an incremental update, and found again.
 *
 * cairo 1.16 cannot embed files. Writing needs a PDF with a classic cross-reference table, as cairo
 * writes it for version 1.5 and below. Reading finds only what this file wrote, as it was written:
 * a PDF that was saved again by another program has to be looked up by its number. */
#ifndef CERTIFICATE_ATTACH_H
#define CERTIFICATE_ATTACH_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

/* NAME is plain ASCII without parentheses; CONTENT JSON. */
bool pdf_attach(struct arena *a, struct bytes pdf, const char *name, struct bytes content,
                struct bytes *out, struct err *e) MUST_USE;
/* The newest attached file; false where there is none. */
bool pdf_attachment(struct bytes pdf, struct bytes *out);

#endif
