/* base/clock.h - the only place that asks what time it is. Rules get it as an argument. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);    /* UTC */
int64_t clock_boot_ms(void);   /* CLOCK_BOOTTIME: grows in sleep, never jumps */
int64_t clock_cpu_ms(void);    /* CPU time of this process */
int64_t clock_thread_ns(void); /* CPU time of this thread: what others do does not count */

#endif
