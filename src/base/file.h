/* base/file.h - whole files, read with a cap and written so that a crash leaves old or new. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;

/* The sentence for an errno of a file or folder. */
const char *file_why(int code);
/* Error field is "file", code NOT_FOUND, TOO_LARGE or STORE. The content is followed by a NUL. */
bool file_read(struct arena *a, const char *path, size_t max_bytes, struct bytes *out,
               struct err *e) MUST_USE;
/* Temporary file beside it, fsync, rename, fsync of the folder. */
bool file_write(const char *path, const void *bytes, size_t len, unsigned mode,
                struct err *e) MUST_USE;
/* Makes the folder and those above it; an existing one is fine. */
bool folder_make(const char *path, unsigned mode, struct err *e) MUST_USE;
/* Removes a folder with all in it; for temporary folders of tests and demonstrations. */
bool folder_remove(const char *path, struct err *e) MUST_USE;

#endif
