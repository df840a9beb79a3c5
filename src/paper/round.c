/* paper/round.c - whole numbers of items near the shares of a weight table, with exact sums. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/blueprint.h"

/* One is added to some cells: a flow from rows that lack items to columns that may take more. It
 * exists because the fractions themselves are one (Bacharach's controlled rounding). */
struct rounding {
    size_t rows, columns;
    const int64_t *share;  /* of each cell, in hundredths left over by the floor */
    bool *up;              /* the cell got one more */
    int64_t *taken, *room; /* of each column */
    bool *seen;
};

static bool find_place(struct rounding *r, size_t row)
{
    for (;;) {
        size_t best = r->columns; /* the largest fraction not tried yet */
        for (size_t c = 0; c < r->columns; c++) {
            size_t at = row * r->columns + c;
            if (r->share[at] > 0 && !r->up[at] && !r->seen[c] &&
                (best == r->columns || r->share[at] > r->share[row * r->columns + best]))
                best = c;
        }
        if (best == r->columns)
            return false;
        r->seen[best] = true;
        if (r->taken[best] < r->room[best]) {
            r->taken[best]++;
            r->up[row * r->columns + best] = true;
            return true;
        }
        for (size_t other = 0; other < r->rows; other++) {
            size_t at = other * r->columns + best;
            if (other == row || !r->up[at])
                continue;
            r->up[at] = false;
            if (find_place(r, other)) {
                r->up[row * r->columns + best] = true;
                return true;
            }
            r->up[at] = true;
        }
    }
}

static void fill(struct rounding *r, int64_t *lacking)
{
    for (size_t row = 0; row < r->rows; row++)
        while (lacking[row] > 0) {
            memset(r->seen, 0, r->columns * sizeof *r->seen);
            if (!find_place(r, row))
                break;
            lacking[row]--;
        }
}

/* Which columns get the items that whole percentages leave over: those with the largest
 * remainder, the earlier one where two are equal. */
static void largest_remainders(const int64_t *left, size_t columns, int64_t over, bool *gets)
{
    while (over-- > 0) {
        size_t best = columns;
        for (size_t c = 0; c < columns; c++)
            if (!gets[c] && left[c] > 0 && (best == columns || left[c] > left[best]))
                best = c;
        if (best == columns)
            return;
        gets[best] = true;
    }
}

void blueprint_round(struct arena *a, const int64_t *row_sums, size_t rows,
                     const int64_t *column_percent, size_t columns, int64_t *cells)
{
    int64_t *share = arena_array(a, int64_t, rows * columns);
    int64_t *lacking = arena_array(a, int64_t, rows), total = 0, floors = 0;
    int64_t *floor_sum = arena_array(a, int64_t, columns);
    int64_t *column_floor = arena_array(a, int64_t, columns);
    int64_t *left = arena_array(a, int64_t, columns);
    bool *gets = arena_array(a, bool, columns);
    struct rounding r = {rows,
                         columns,
                         share,
                         arena_array(a, bool, rows *columns),
                         arena_array(a, int64_t, columns),
                         arena_array(a, int64_t, columns),
                         arena_array(a, bool, columns)};
    for (size_t i = 0; i < rows; i++) {
        lacking[i] = row_sums[i];
        total += row_sums[i];
        for (size_t c = 0; c < columns; c++) {
            int64_t exact = row_sums[i] * column_percent[c];
            cells[i * columns + c] = exact / 100;
            share[i * columns + c] = exact % 100;
            lacking[i] -= exact / 100;
            floor_sum[c] += exact / 100;
        }
    }
    for (size_t c = 0; c < columns; c++) {
        column_floor[c] = total * column_percent[c] / 100;
        left[c] = total * column_percent[c] % 100;
        floors += column_floor[c];
    }
    largest_remainders(left, columns, total - floors, gets);

    /* First what each column must have, then its remainder, then what is still to be placed. */
    for (int step = 0; step < 3; step++) {
        for (size_t c = 0; c < columns; c++)
            r.room[c] = column_floor[c] - floor_sum[c] + (step == 1 ? gets[c] : 0) +
                        (step == 2 ? left[c] > 0 : 0);
        fill(&r, lacking);
    }
    for (size_t i = 0; i < rows * columns; i++)
        cells[i] += r.up[i];
}
