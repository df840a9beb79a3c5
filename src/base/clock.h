/* base/clock.h - the only place that asks what time it is. Rules get it as an argument. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

int64_t clock_now_ms(void);    /* UTC; while it is held, as below */
int64_t clock_boot_ms(void);   /* CLOCK_BOOTTIME: grows in sleep, never jumps */
int64_t clock_cpu_ms(void);    /* CPU time of this process */
int64_t clock_span_us(void);   /* grows evenly: to measure how long something took */
int64_t clock_thread_ns(void); /* CPU time of this thread: what others do does not count */

/* While time is held it goes on as clock_boot_ms does: UTC = OFFSET + clock_boot_ms(), whatever the
 * system's clock is set to meanwhile. Steps of two seconds or less are followed all the same: that
 * is a clock being kept right. For the whole process; CLOCK_HOLD_NOW: at what UTC is now. */
enum { CLOCK_HOLD_NOW = 0 };
int64_t clock_hold(int64_t offset_ms); /* the offset it is held at */
void clock_release(void);
/* By how much the system's clock is off the time that is held; 0: not held, or followed. */
int64_t clock_step_ms(void);

/* What names this start of the machine: clock_boot_ms compares only within one. "" where the
 * system does not say. */
enum { BOOT_ID_BYTES = 37 };
void clock_boot_id(char out[BOOT_ID_BYTES]);

/* Waits on C, with M held, until it is signalled (true) or clock_boot_ms() has reached UNTIL_MS. By
 * the monotonic clock: a wait by the time of day lasts as long as the clock was set back. */
bool clock_wait_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t until_ms);

#endif
