/* bank/upload.h - files that candidates hand in as an answer: which there are, and what one of them is.
 *
 * A file is looked at in the cage and told by what is in it, never by its name; it is kept as it came and
 * nobody here ever shows, runs or converts it. Office files with macros are refused. */
#ifndef BANK_UPLOAD_H
#define BANK_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum { UPLOAD_BYTES_MAX = 8 << 20, UPLOAD_TYPES_MAX = 6, UPLOAD_NAME_MAX = 120 };

extern const char *const upload_types[]; /* "pdf", "docx", …, NULL */
/* NULL for a word that is none of them. */
const char *upload_media_type(const char *word);
const char *upload_extension(const char *word);

/* The word of what FILE is, found in the cage (base/cage.h for PROGRAM). MEDIA at "/file" for anything
 * else, INVALID for what is cut off, TOO_LARGE. */
bool upload_look(struct arena *a, const char *program, struct bytes file, const char **type,
                 struct err *e) MUST_USE;
/* The parser of the cage's kind `handed_in`: writes the word. */
bool parse_handed_in(struct arena *a, struct bytes file, struct bytes *out, struct err *e);

#endif
