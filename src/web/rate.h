/* web/rate.h - token counting by source, in memory, bounded: rows of rates.def. Thread safe. */
#ifndef WEB_RATE_H
#define WEB_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rates;

enum rate {
#define RATE(name, count, seconds) RATE_##name,
#include "web/rates.def"
#undef RATE
    RATE_COUNT
};

/* FACTOR widens every allowance: 1, or more for a demonstration or rehearsal that plays many people
 * from one address. */
struct rates *rates_create(int64_t factor);
void rates_destroy(struct rates *r);

/* Takes one from SOURCE's allowance. False: it is used up until *retry_s seconds from now. */
bool rate_take(struct rates *r, enum rate which, const char *source, int64_t now_ms,
               int64_t *retry_s);
/* Whether one is left, without taking it. */
bool rate_left(struct rates *r, enum rate which, const char *source, int64_t now_ms);

#endif
