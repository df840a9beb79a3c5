/* bank/template.h - the empty spreadsheet that authors fill in: headings, hints, two examples. */
#ifndef BANK_TEMPLATE_H
#define BANK_TEMPLATE_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;

/* FOLDER takes a temporary file, which is gone afterwards. */
bool item_template_write(struct arena *a, const char *folder, struct bytes *xlsx,
                         struct err *e) MUST_USE;

#endif
