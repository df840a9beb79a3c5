/* app/road_pace.c - times of the candidates' calls and what becomes of them. */
#include "app/road_pace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct times {
    int64_t *us;
    size_t count, room;
};
struct road_pace {
    pthread_mutex_t lock;
    struct times kinds[PACE_KINDS];
    int64_t failed;
};

/* By the end of the path. The paper is of use with its key only: both count as its fetch. */
static const struct {
    const char *end;
    enum pace_kind kind;
} ends[] = {
    {"/enter", PACE_ENTER}, {"/claim", PACE_CLAIM},  {"/paper", PACE_PAPER},
    {"/key", PACE_PAPER},   {"/journal", PACE_SAVE}, {"/receipt", PACE_RECEIPT},
};

struct road_pace *road_pace_create(void)
{
    struct road_pace *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void road_pace_destroy(struct road_pace *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < PACE_KINDS; i++)
        free(p->kinds[i].us);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static void put(struct times *t, int64_t us)
{
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 1024;
        t->us = realloc(t->us, t->room * sizeof *t->us);
        if (!t->us)
            abort();
    }
    t->us[t->count++] = us;
}

void road_pace_note(void *ctx, const char *path, int64_t us, long status)
{
    struct road_pace *p = ctx;
    const char *end = strrchr(path, '/');
    pthread_mutex_lock(&p->lock);
    p->failed += status == 0 || status >= 400;
    if (strncmp(path, "/api/sit/", 9) == 0 && end)
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            if (strcmp(end, ends[i].end) == 0)
                put(&p->kinds[ends[i].kind], us);
    pthread_mutex_unlock(&p->lock);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

struct pace_figures road_pace_of(struct road_pace *p, enum pace_kind kind)
{
    struct pace_figures f = {0};
    struct times *t = &p->kinds[kind];
    pthread_mutex_lock(&p->lock);
    if (t->count > 0) {
        qsort(t->us, t->count, sizeof *t->us, by_size);
        f = (struct pace_figures){.count = t->count,
                                  .p50_us = t->us[(t->count - 1) / 2],
                                  .p99_us = t->us[(t->count - 1) * 99 / 100],
                                  .max_us = t->us[t->count - 1]};
    }
    pthread_mutex_unlock(&p->lock);
    return f;
}

int64_t road_pace_failed(struct road_pace *p)
{
    pthread_mutex_lock(&p->lock);
    int64_t failed = p->failed;
    pthread_mutex_unlock(&p->lock);
    return failed;
}
