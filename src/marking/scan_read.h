/* marking/scan_read.h - an uploaded file of scanned answer sheets, read in the parser cage.
 *
 * JPEG, PNG, TIFF of several pages, or a PDF whose pages are single JPEG pictures, as scanners make
 * them. Each page is read or refused with a sentence; nothing of it is guessed. */
#ifndef MARKING_SCAN_READ_H
#define MARKING_SCAN_READ_H

#include "base/bytes.h"
#include "marking/scan_files.h"
#include "marking/scan_marks.h"

/* Whose sheets may be among them. */
struct scan_candidate {
    const char *ticket, *code; /* scan_code of the places */
};

struct scan_read_page {
    const char *refused; /* a sentence; NULL where it was read */
    const char *label;   /* the QR text; NULL: none. Its check is not looked at in the cage. */
    struct scan_label says; /* of the label, where it is one of ours */
    struct scan_reading *readings;
    size_t count;
    struct bytes
        jpeg; /* the page straightened, its head with the name left white; read pages only */
    int64_t jpeg_px; /* of the picture, a millimetre */
};
struct scan_read_pages {
    struct scan_read_page *at;
    size_t count;
};

/* A few pages at a time, as a child of the cage has ten seconds. PROGRAM as in base/cage.h. INVALID at
 * "/file" where the file is none of those, or is broken; TOO_LARGE where it has more than
 * SCAN_FILE_PAGES_MAX pages. */
bool scan_read(struct arena *a, const char *program, struct bytes file,
               const struct scan_candidate *candidates, size_t count,
               struct scan_read_pages *out, struct err *e) MUST_USE;

/* The parser of the cage's kind `scan`: the pages of FILE from number FROM on, counted from 0, as many as
 * one child reads. What comes out is read back trusting nothing. */
bool parse_scan(struct arena *a, struct bytes input, struct bytes *out, struct err *e);
struct bytes scan_pack(struct arena *a, struct bytes file, size_t from,
                       const struct scan_candidate *candidates, size_t count);
/* *more: the file has further ones. */
bool scan_unpack(struct arena *a, struct bytes packed, struct scan_read_pages *out, bool *more,
                 struct err *e) MUST_USE;

#endif
