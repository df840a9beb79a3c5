/* base/clock.c - the only place that asks what time it is. */
#include "base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t ms_of(clockid_t clock)
{
    struct timespec t;
    int failed = clock_gettime(clock, &t);
    assert(!failed);
    (void)failed;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    return ms_of(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
    return ms_of(CLOCK_BOOTTIME);
}

int64_t clock_cpu_ms(void)
{
    return ms_of(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t clock_thread_ns(void)
{
    struct timespec t;
    int failed = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    assert(!failed);
    (void)failed;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
