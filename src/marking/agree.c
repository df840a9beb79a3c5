/* marking/agree.c - how the marks of several people become one. */
#include "marking/agree.h"

static int64_t mean_of(int64_t sum, int64_t n)
{
    return (sum * 2 + n) / (n * 2);
}

static int64_t apart(int64_t x, int64_t y)
{
    return x > y ? x - y : y - x;
}

enum agreement agree_on_script(const int64_t *marks, size_t count, int64_t limit, int64_t *out)
{
    if (count < 2)
        return AGREE_WAITING;
    if (apart(marks[0], marks[1]) <= limit) {
        *out = mean_of(marks[0] + marks[1], 2);
        return AGREE_SETTLED;
    }
    if (count < 3)
        return AGREE_THIRD;
    int64_t low = marks[0] < marks[1] ? marks[0] : marks[1];
    int64_t high = marks[0] < marks[1] ? marks[1] : marks[0];
    int64_t other = apart(marks[2], high) <= apart(marks[2], low) ? high : low;
    *out = mean_of(marks[2] + other, 2);
    return AGREE_SETTLED;
}

enum agreement agree_on_sheets(const int64_t *totals, size_t count, size_t needed,
                               int64_t limit, int64_t *mean)
{
    int64_t sum = 0, low = 0, high = 0;
    for (size_t i = 0; i < count; i++) {
        sum += totals[i];
        low = i == 0 || totals[i] < low ? totals[i] : low;
        high = i == 0 || totals[i] > high ? totals[i] : high;
    }
    if (count > 0)
        *mean = mean_of(sum, (int64_t)count);
    if (count == 0 || count < needed)
        return AGREE_WAITING;
    return limit > 0 && high - low > limit ? AGREE_DECIDES : AGREE_SETTLED;
}
