/* base/xlsx_zip.h - a part of an XLSX archive through expat, within limits; for base/xlsx.c. */
#ifndef BASE_XLSX_ZIP_H
#define BASE_XLSX_ZIP_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct xlsx_zip;

/* Names without their namespace prefix; any function may be NULL. */
struct xlsx_reader {
    void (*open)(void *ctx, const char *name, const char **attributes);
    void (*text)(void *ctx, const char *text, int len);
    void (*close)(void *ctx, const char *name);
    void *ctx;
};

/* Closed by the arena. FILE must outlive it. */
struct xlsx_zip *xlsx_zip_open(struct arena *a, struct bytes file, struct err *e);
/* A part that is not there is *found = false. */
bool xlsx_part(struct xlsx_zip *z, const char *name, const struct xlsx_reader *r, bool *found,
               struct err *e) MUST_USE;

#endif
