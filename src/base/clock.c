/* base/clock.c - the only place that asks what time it is. */
#include "base/clock.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { FOLLOWED_MS = 2000 };

static _Atomic int64_t held; /* UTC - CLOCK_BOOTTIME while time is held; 0: it is not */

static int64_t ms_of(clockid_t clock)
{
    struct timespec t;
    int failed = clock_gettime(clock, &t);
    assert(!failed);
    (void)failed;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_step_ms(void)
{
    int64_t offset = atomic_load(&held);
    int64_t step = offset ? ms_of(CLOCK_REALTIME) - ms_of(CLOCK_BOOTTIME) - offset : 0;
    return step >= -FOLLOWED_MS && step <= FOLLOWED_MS ? 0 : step;
}

int64_t clock_now_ms(void)
{
    return ms_of(CLOCK_REALTIME) - clock_step_ms();
}

int64_t clock_hold(int64_t offset_ms)
{
    if (offset_ms == CLOCK_HOLD_NOW)
        offset_ms = clock_now_ms() - clock_boot_ms();
    atomic_store(&held, offset_ms);
    return offset_ms;
}

void clock_release(void)
{
    atomic_store(&held, 0);
}

void clock_boot_id(char out[BOOT_ID_BYTES])
{
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "r");
    out[0] = '\0';
    if (!f)
        return;
    if (!fgets(out, BOOT_ID_BYTES, f))
        out[0] = '\0';
    fclose(f);
}

int64_t clock_boot_ms(void)
{
    return ms_of(CLOCK_BOOTTIME);
}

bool clock_wait_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t until_ms)
{
    struct timespec t;
    int64_t left = until_ms - clock_boot_ms();
    int64_t at = ms_of(CLOCK_MONOTONIC) + (left > 0 ? left : 0);
    t.tv_sec = at / 1000;
    t.tv_nsec = at % 1000 * 1000000;
    return pthread_cond_clockwait(c, m, CLOCK_MONOTONIC, &t) == 0;
}

int64_t clock_cpu_ms(void)
{
    return ms_of(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t clock_span_us(void)
{
    struct timespec t;
    int failed = clock_gettime(CLOCK_MONOTONIC, &t);
    assert(!failed);
    (void)failed;
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_thread_ns(void)
{
    struct timespec t;
    int failed = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    assert(!failed);
    (void)failed;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
