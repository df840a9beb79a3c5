/* marking/scan_fixture.h - for tests: answer sheets printed, filled in with a pencil, and scanned
 * askew, in the wrong orientation, in grey light, with noise. The same seed, the same scan. */
#ifndef MARKING_SCAN_FIXTURE_H
#define MARKING_SCAN_FIXTURE_H

#include "marking/scan_draw.h"
#include "marking/scan_page.h"

struct rolled { /* a small generator: its state is its seed */
    uint64_t at;
};
double roll(struct rolled *r, double from, double to);
int roll_below(struct rolled *r, int n);

/* The pages of PDF as grey pictures of 300 dpi, by poppler. */
struct scan_grey *scan_fixture_raster(struct arena *a, struct bytes pdf, size_t *count);

/* How a bubble is filled in. */
enum scan_pen {
    PEN_FULL,
    PEN_LIGHT,
    PEN_HALF,
    PEN_ERASED,
    PEN_TICK,
    PEN_CIRCLE,
    PEN_BLOT,
    PENS
};
/* Whether whoever did that meant it. */
bool scan_pen_means(enum scan_pen pen);
void scan_fixture_fill(const struct scan_grey *page, struct scan_point at, enum scan_pen pen,
                       struct rolled *r);

struct scan_day {
    int dpi, turn;      /* turn: quarter turns */
    double skew;        /* degrees */
    double bow;         /* perspective: how much narrower the top is, in parts of one */
    double noise;       /* sigma of grey levels */
    double shade;       /* how much darker one side is, in levels */
    double paper, ink;  /* levels of white and black */
    int missing_corner; /* 0 to 3 torn off; -1 none */
};
struct scan_day scan_day_roll(struct rolled *r);
void scan_fixture_scan(struct arena *a, const struct scan_grey *page,
                       const struct scan_day *day, struct rolled *r, struct scan_grey *out);

enum scan_file_kind { FILE_JPEG, FILE_PNG, FILE_TIFF };
struct bytes scan_fixture_file(struct arena *a, const struct scan_grey *pages, size_t count,
                               enum scan_file_kind kind);

#endif
