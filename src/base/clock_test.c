/* base/clock_test.c - time that is held, and waits. */
#include "base/clock.h"

#include "test/check.h"

static const int64_t HOUR_MS = 3600000;

static bool near(int64_t a, int64_t b)
{
    return a - b < 60000 && b - a < 60000;
}

void clock_hold_test(void)
{
    int64_t before = clock_now_ms();
    CHECK_INT("not held", clock_step_ms(), 0);
    int64_t offset = clock_hold(CLOCK_HOLD_NOW);
    CHECK("now", near(clock_now_ms(), before));
    CHECK_INT("nobody set the clock", clock_step_ms(), 0);
    /* As if the system's clock had been set ahead by an hour. */
    clock_hold(offset - HOUR_MS);
    CHECK("the step", near(clock_step_ms(), HOUR_MS));
    CHECK("is not followed", near(clock_now_ms(), before - HOUR_MS));
    clock_hold(offset + 1000);
    CHECK_INT("a second is followed", clock_step_ms(), 0);
    clock_release();
    CHECK_INT("let go", clock_step_ms(), 0);
    CHECK("the system's", near(clock_now_ms(), before));
}

void clock_wait_test(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    int64_t until = clock_boot_ms() + 20;
    pthread_mutex_lock(&m);
    while (clock_wait_until(&c, &m, until))
        continue; /* a wake-up without cause */
    CHECK("not before its time", clock_boot_ms() >= until - 1);
    CHECK("a time that is over", !clock_wait_until(&c, &m, until - 5000));
    pthread_mutex_unlock(&m);
}
