/* marking/scan_layout.h - where everything lies on an answer sheet: one description, read by the
 * printer and by the reader. Pure.
 *
 * Units are millimetres from the top left corner of an A4 page, y downwards. A place is a question
 * as the paper numbers it, from 1. Places with letters are rows of bubbles in three columns; places
 * that are written get a box over the whole width. A place is never torn over two pages. */
#ifndef MARKING_SCAN_LAYOUT_H
#define MARKING_SCAN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_t;

enum {
    SCAN_CHOICES_MAX = 6, /* bubbles side by side */
    SCAN_ROWS_MAX = 8,    /* rows of one place */
    SCAN_PLACES_MAX = 300,
    SCAN_PAGES_MAX = 12,
    SCAN_LINES = 32 /* rows of a page, each with its timing marks */
};

#define SCAN_CORNER_SIDE   7.0
#define SCAN_CORNER_LEFT   12.0 /* centres of the corner marks */
#define SCAN_CORNER_TOP    12.0
#define SCAN_CORNER_RIGHT  198.0
#define SCAN_CORNER_BOTTOM 285.0
#define SCAN_QR_X          160.0
#define SCAN_QR_Y          20.0
#define SCAN_QR_SIDE       32.0 /* with its quiet zone */
#define SCAN_BODY_TOP      62.0
#define SCAN_LINE          6.6
#define SCAN_TIMING_WIDTH  4.0
#define SCAN_TIMING_HEIGHT 2.4
#define SCAN_BUBBLE_WIDTH  4.8
#define SCAN_BUBBLE_HEIGHT 3.6
#define SCAN_BUBBLE_PITCH  7.0
#define SCAN_BODY_LEFT     20.0
#define SCAN_BODY_WIDTH    170.0
#define SCAN_NUMBER_WIDTH  11.0

/* The letters stand in codes: never changed. */
enum scan_kind {
    SCAN_single = 's',
    SCAN_multiple = 'm',
    SCAN_true_false = 't',
    SCAN_matching = 'x', /* a row a premise */
    SCAN_ordering = 'o', /* a row a position */
    SCAN_written = 'w'   /* rows: lines of the box */
};

struct scan_place {
    enum scan_kind kind;
    int rows, choices; /* choices 0: written */
};

/* "s14m15w20": how every place of one candidate's paper looks, in their order. */
const char *scan_code(struct arena *a, const struct scan_place *places, size_t count);
bool scan_code_read(struct arena *a, const char *code, struct scan_place **out, size_t *count);

/* Of the places of an exam JSON (doc/exam-paper.md), without their answers. What has more choices
 * or rows than a sheet holds is written. */
struct scan_place scan_place_of(const struct json_t *place);

struct scan_box {
    int page; /* from 0 */
    int line; /* its first row on the page, from 0 */
    double x, y, width, height;
};
struct scan_layout {
    const struct scan_place *places;
    const struct scan_box *boxes; /* one a place */
    size_t count;
    int pages;
};
/* INVALID at "/places" where there are too many. */
bool scan_lay_out(struct arena *a, const struct scan_place *places, size_t count,
                  struct scan_layout *out, struct err *e) MUST_USE;

struct scan_point {
    double x, y;
};
/* The middle of a bubble; of a row's timing mark, left and right. */
struct scan_point scan_bubble(const struct scan_box *b, int row, int choice);
struct scan_point scan_timing(int line, bool right);
/* The middles of the corner marks: top left, top right, bottom right, bottom left. */
extern const struct scan_point scan_corners[4];

#endif
