/* web/rounds.h - a thread that does one round after the other: it sleeps in between, is woken, and is
 * stopped. */
#ifndef WEB_ROUNDS_H
#define WEB_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

struct rounds;

/* Does one round; gives how many milliseconds later the next is due. */
typedef int64_t round_fn(struct rounds *r, void *ctx);

/* The first is due FIRST_MS from now. Aborts where no thread can be had. */
struct rounds *rounds_start(int64_t first_ms, round_fn *round, void *ctx);
/* The next round is due at once; while one runs, right after it. */
void rounds_wake(struct rounds *r);
/* For a long round: somebody waits for its end. */
bool rounds_stopping(struct rounds *r);
/* No round runs any more; NULL is fine. */
void rounds_stop(struct rounds *r);

#endif
