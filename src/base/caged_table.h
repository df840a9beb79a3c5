/* base/caged_table.h - an uploaded table, CSV or XLSX, as rows. XLSX is unpacked and read in the
 * parser cage; CSV is read here. Who calls: every import. */
#ifndef BASE_CAGED_TABLE_H
#define BASE_CAGED_TABLE_H

#include "base/csv.h"

struct arena;

/* PROGRAM as in cage.h. Cells are valid UTF-8 without NUL. */
bool table_read_upload(struct arena *a, const char *program, struct bytes file,
                       struct table *out, struct err *e) MUST_USE;

/* The parser of the cage's kind `table`, and its answer read back: big-endian counts, each cell
 * with its length. The reader trusts nothing. */
bool parse_table(struct arena *a, struct bytes file, struct bytes *out, struct err *e);
bool table_unpack(struct arena *a, struct bytes packed, struct table *out,
                  struct err *e) MUST_USE;
void table_pack(struct arena *a, const struct table *t, struct bytes *out);

#endif
