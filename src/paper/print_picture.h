/* paper/print_picture.h - pictures of items on a page, with what a hotspot needs around and upon them. */
#ifndef PAPER_PRINT_PICTURE_H
#define PAPER_PRINT_PICTURE_H

#include "base/pdf.h"
#include "paper/paper.h"

/* As large as 96 pixels an inch make it, at most WIDTH and 100 mm high; RULED leaves room for the ruler. */
struct pdf_box print_picture_box(const struct item_picture *p, double width, bool ruled);
bool print_picture(struct pdf *pdf, struct pdf_box box, const struct form *f,
                   const struct item_picture *p, struct err *e) MUST_USE;
/* Pixels along its upper and left edge: on paper a point is answered by its two numbers. */
void print_ruler(struct pdf *pdf, struct pdf_box box, const struct item_picture *p);
/* The areas of a hotspot's object with their letters, those of the key in blue. */
void print_areas(struct pdf *pdf, struct pdf_box box, const struct item_picture *p,
                 const struct json_t *question);

#endif
