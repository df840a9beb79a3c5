/* marking/scan_draw.h - answer sheets as PDF, from the layout that the reader uses too. */
#ifndef MARKING_SCAN_DRAW_H
#define MARKING_SCAN_DRAW_H

#include "base/bytes.h"
#include "marking/scan_layout.h"

struct scan_sheet {
    const char *name, *ticket, *seat; /* for people: seat is "第 1 考场 · 03 号" */
    const char **labels;              /* the QR text of each page */
    struct scan_layout layout;
};
struct scan_print {
    const char *body, *title; /* the session's */
    bool specimen;
    int64_t now_ms;
    const struct scan_sheet *sheets;
    size_t count;
};
bool scan_draw(struct arena *a, const struct scan_print *p, struct bytes *pdf,
               struct err *e) MUST_USE;

#endif
