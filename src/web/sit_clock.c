/* web/sit_clock.c - waits half a second, lets the clerk look, again. */
#include "web/sit_clock.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "sitting/clerk.h"
#include "store/db.h"
#include "web/app.h"

static struct {
    struct clerk *clerk;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool running, stopping;
} clock_thread = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static void look(void)
{
    struct err e = {0};
    if (clerk_round(clock_thread.clerk, clock_now_ms(), &e))
        return;
    const char *file = e.file ? strstr(e.file, "src/") : NULL;
    LOG_LINE(LOG_US, "clerk", LOG_ITEM_WORD(error, err_name(e.code)),
             LOG_ITEM_WORD(at, file ? file : "-"), LOG_ITEM_INT(line, e.line));
}

static void *run(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&clock_thread.lock);
    while (!clock_thread.stopping) {
        int64_t until = clock_boot_ms() + CLERK_ROUND_MS;
        if (clock_wait_until(&clock_thread.wake, &clock_thread.lock, until))
            continue;
        pthread_mutex_unlock(&clock_thread.lock);
        look();
        pthread_mutex_lock(&clock_thread.lock);
    }
    pthread_mutex_unlock(&clock_thread.lock);
    return NULL;
}

bool sit_clock_start(const struct app *app, struct err *e)
{
    clock_thread.db = db_open(app->store, e);
    if (!clock_thread.db)
        return false;
    clock_thread.clerk = clerk_create(app->journal, clock_thread.db, e);
    if (!clock_thread.clerk) {
        db_close(clock_thread.db);
        return false;
    }
    clock_thread.stopping = false;
    clock_thread.running = pthread_create(&clock_thread.thread, NULL, run, NULL) == 0;
    if (clock_thread.running)
        return true;
    clerk_destroy(clock_thread.clerk);
    db_close(clock_thread.db);
    return FAIL(e, STORE, "clerk", "考场时钟线程不能启动。");
}

void sit_clock_stop(void)
{
    if (!clock_thread.running)
        return;
    pthread_mutex_lock(&clock_thread.lock);
    clock_thread.stopping = true;
    pthread_cond_signal(&clock_thread.wake);
    pthread_mutex_unlock(&clock_thread.lock);
    pthread_join(clock_thread.thread, NULL);
    clerk_destroy(clock_thread.clerk);
    db_close(clock_thread.db);
    clock_thread.running = false;
}
