/* base/zip_out.h - writes a ZIP archive in memory. The same parts give the same bytes: every part
 * bears one fixed date. */
#ifndef BASE_ZIP_OUT_H
#define BASE_ZIP_OUT_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct zip_out;

struct zip_out *zip_out_begin(struct arena *a, struct err *e); /* NULL: failed */
/* BYTES must live until the end. Errors are kept until then. */
void zip_out_add(struct zip_out *z, const char *name, struct bytes bytes);
bool zip_out_end(struct zip_out *z, struct bytes *out, struct err *e) MUST_USE;

#endif
