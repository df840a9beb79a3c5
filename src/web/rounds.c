/* web/rounds.c - sleeps by the boot clock, so that a clock that is set changes nothing. */
#include "web/rounds.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"

struct rounds {
    round_fn *round;
    void *ctx;
    int64_t due_ms;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping, woken;
};

static void *run(void *arg)
{
    struct rounds *r = arg;
    pthread_mutex_lock(&r->lock);
    while (!r->stopping) {
        if (!r->woken && clock_boot_ms() < r->due_ms) {
            clock_wait_until(&r->wake, &r->lock, r->due_ms);
            continue;
        }
        r->woken = false;
        pthread_mutex_unlock(&r->lock);
        int64_t due_ms = r->round(r, r->ctx) + clock_boot_ms();
        pthread_mutex_lock(&r->lock);
        r->due_ms = due_ms;
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

struct rounds *rounds_start(int64_t first_ms, round_fn *round, void *ctx)
{
    struct rounds *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    *r = (struct rounds){.round = round, .ctx = ctx, .due_ms = clock_boot_ms() + first_ms};
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wake, NULL);
    if (pthread_create(&r->thread, NULL, run, r) != 0)
        abort();
    return r;
}

void rounds_wake(struct rounds *r)
{
    pthread_mutex_lock(&r->lock);
    r->woken = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

bool rounds_stopping(struct rounds *r)
{
    pthread_mutex_lock(&r->lock);
    bool stopping = r->stopping;
    pthread_mutex_unlock(&r->lock);
    return stopping;
}

void rounds_stop(struct rounds *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->wake);
    free(r);
}
