/* marking/scan_page.h - a scanned picture straightened to the page that was printed. Runs in the
 * parser cage; pure.
 *
 * The four corner marks are found in the picture as it lies, at any of the four orientations; the
 * homography through them gives a page of SCAN_PX pixels a millimetre, its paper as white as 200 and
 * evened out. Which way up is told by the QR code, which has one place on the page. */
#ifndef MARKING_SCAN_PAGE_H
#define MARKING_SCAN_PAGE_H

#include "marking/scan_label.h"
#include "marking/scan_layout.h"

enum { SCAN_PX = 8, SCAN_WIDTH = 210 * SCAN_PX, SCAN_HEIGHT = 297 * SCAN_PX };
#define SCAN_PIXELS_MAX INT64_C(60000000)

struct scan_page {
    unsigned char *grey; /* SCAN_WIDTH x SCAN_HEIGHT; NULL where no page was found */
    double black;        /* of the corner marks, as white is 200 */
    const char *label;   /* the QR text; NULL: none was read */
    const char *refused; /* a sentence; NULL where page and label are there */
};

/* A picture as rows of grey bytes. */
struct scan_grey {
    const unsigned char *at;
    int width, height;
};
void scan_page_find(struct arena *a, const struct scan_grey *picture, struct scan_page *out);

/* Darkness of a pixel: 0 paper, 1 the ink of the corner marks. */
double scan_dark(const struct scan_page *p, int x, int y);

#endif
