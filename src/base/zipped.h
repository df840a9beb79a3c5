/* base/zipped.h - the parts of a ZIP archive (XLSX, DOCX, QTI package) within limits: at most 10,000
 * entries, 256 MiB unpacked, 64 MiB a part, a growth of 100 (above 1 MiB), nothing encrypted,
 * no link, no name twice or leading out of the archive. Nothing
 * is ever written to disk: a part is asked for by its name. Errors are at "file". */
#ifndef BASE_ZIPPED_H
#define BASE_ZIPPED_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct xml_reader;
struct zipped;

/* Closed by the arena. FILE must outlive it. */
struct zipped *zipped_open(struct arena *a, struct bytes file, struct err *e);
/* A part that is not there is *found = false. */
bool zipped_xml(struct zipped *z, const char *name, const struct xml_reader *r, bool *found,
                struct err *e) MUST_USE;
bool zipped_bytes(struct zipped *z, const char *name, struct bytes *out, bool *found,
                  struct err *e) MUST_USE;
const char *zipped_name(struct zipped *z, size_t i); /* NULL past the last */
bool zipped_was_read(const struct zipped *z, size_t i);

#endif
