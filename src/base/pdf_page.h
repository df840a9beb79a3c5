/* base/pdf_page.h - what the files of pdf_*.c share; nobody else includes it. */
#ifndef BASE_PDF_PAGE_H
#define BASE_PDF_PAGE_H

#include <cairo.h>

#include "base/pdf.h"

struct pdf {
    struct arena *arena;
    cairo_surface_t *surface;
    cairo_t *cr;
    double width, height;
    int pages;
    unsigned char *bytes;
    size_t len, room;
    struct err err; /* the first that drawing met; pdf_finish says it */
};

void pdf_colour(struct pdf *p, uint32_t colour);

#endif
