/* marking/scan_marks.h - which bubbles of a straightened page are marked. Runs in the cage; pure.
 *
 * Of each bubble: how much of its inside is darker than a third of printed ink, how dark it is on
 * average, how much ink lies in the ring around it. Marked: 60 % and more inside, little around.
 * Empty: at most 10 % inside, hardly darker than its printed letter, nothing around. All else is
 * doubtful, and so is a second mark where one is asked for; a place is never guessed. */
#ifndef MARKING_SCAN_MARKS_H
#define MARKING_SCAN_MARKS_H

#include "marking/scan_page.h"

enum scan_doubt {
    SCAN_CLEAR,
#define DOUBT(name, text) DOUBT_##name,
#include "marking/scan_doubts.def"
#undef DOUBT
    SCAN_DOUBTS
};
const char *scan_doubt_name(enum scan_doubt d); /* "" for clear */
const char *scan_doubt_text(enum scan_doubt d);
bool scan_doubt_find(const char *name, enum scan_doubt *out);

struct scan_reading {
    size_t place; /* from 0 */
    enum scan_doubt doubt;
    unsigned char
        marks[SCAN_ROWS_MAX]; /* bits of choices, of each row; as far as they are marked */
};

/* The places of PAGE (from 0). False with P->refused where the marks at the sides are not there. */
bool scan_marks_read(struct arena *a, struct scan_page *p, const struct scan_layout *l,
                     int page, struct scan_reading **out, size_t *count);

/* What a bubble shows; for tests and for the figures in doc/. */
struct scan_ink {
    double inside, mean, around;
};
enum scan_mark { SCAN_EMPTY, SCAN_MARKED, SCAN_WEAK, SCAN_OUTSIDE, SCAN_SMUDGE };
enum scan_mark scan_mark_of(const struct scan_ink *i);

#endif
