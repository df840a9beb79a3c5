/* marking/agree.h - how the marks of several people become one. Pure; millimarks.
 *
 * Source of limits: `combine` of the programme (a rule of our own where the standard prints none). */
#ifndef MARKING_AGREE_H
#define MARKING_AGREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum agreement {
    AGREE_WAITING, /* too few marks yet */
    AGREE_SETTLED,
    AGREE_THIRD,   /* two differ too much: a third marker is needed */
    AGREE_DECIDES, /* the spread is too large: the head examiner decides, with a reason */
};

/* A written answer: two markers, their mean; where they differ by more than LIMIT a third marks,
 * and the mean of the two closest counts (of two equally close pairs the higher). Half a
 * millimark is rounded up. *out is set when settled. */
enum agreement agree_on_script(const int64_t *marks, size_t count, int64_t limit, int64_t *out);

/* Practical work and panel: the mean of all when at least NEEDED have submitted and the highest
 * and lowest are at most LIMIT apart (0: no limit). *mean is set from the first mark on. */
enum agreement agree_on_sheets(const int64_t *totals, size_t count, size_t needed,
                               int64_t limit, int64_t *mean);

#endif
