/* base/xlsx.h - the first sheet of an XLSX file as rows of cells (base/csv.h).
 *
 * Shared, inline and formula-result strings, numbers as they are written in the file, booleans as
 * TRUE / FALSE. Dates are day numbers: xlsx_date turns one into YYYY-MM-DD. Cells keep their
 * column; rows without cells are left out; `line` is the sheet's row number.
 *
 * Refused (INVALID at "file", or TOO_LARGE), by SECURITY §8.3: more than 10,000 entries, more than
 * 256 MiB unpacked, a part that grows over 100 times (above 1 MiB), an encrypted entry, a
 * DOCTYPE, XML deeper than 64 or larger than 64 MiB, more than 4,000,000 cells, broken ZIP or XML.
 * The arena must be a job's (512 MiB), not a request's. */
#ifndef BASE_XLSX_H
#define BASE_XLSX_H

#include "base/csv.h"

struct arena;

bool xlsx_read(struct arena *a, struct bytes file, struct table *out, struct err *e) MUST_USE;
/* Does it begin as a ZIP does? Then it is not CSV. */
bool xlsx_looks_like(struct bytes file);
/* "46000" or "46000.5" → "2025-12-09"; text that is no such number stays as it is. */
const char *xlsx_date(struct arena *a, const char *cell);

#endif
