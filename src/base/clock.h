/* base/clock.h - the only place that asks what time it is. Rules get it as an argument. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

int64_t clock_now_ms(void);    /* UTC */
int64_t clock_boot_ms(void);   /* CLOCK_BOOTTIME: grows in sleep, never jumps */
int64_t clock_cpu_ms(void);    /* CPU time of this process */
int64_t clock_thread_ns(void); /* CPU time of this thread: what others do does not count */

/* Waits on C, with M held, until it is signalled (true) or clock_boot_ms() has reached UNTIL_MS. By
 * the monotonic clock: a wait by the time of day lasts as long as the clock was set back. */
bool clock_wait_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t until_ms);

#endif
