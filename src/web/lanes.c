/* web/lanes.c - three queues, one lock, and how many workers each may hold. */
#include "web/lanes.h"

#include <pthread.h>
#include <stdlib.h>

#include "web/limits.h"

struct queue {
    struct lane_item *first, **last;
    size_t held; /* reserved, waiting, worked on or parked */
    size_t most;
    unsigned working, workers; /* busy now, and at most */
};

struct lanes {
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    struct queue queues[LANES];
    unsigned workers, working;
    bool stopping;
};

struct lanes *lanes_create(unsigned workers)
{
    struct lanes *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->work, NULL);
    pthread_cond_init(&l->idle, NULL);
    l->queues[LANE_EXAM].most = LIMIT_EXAM_QUEUE;
    l->queues[LANE_EXAM].workers = workers > 1 ? workers - 1 : 1;
    l->queues[LANE_DESK].most = LIMIT_WORK_QUEUE;
    l->queues[LANE_DESK].workers = workers > 1 ? workers / 2 : 1;
    l->queues[LANE_DOOR].most = LIMIT_DOOR_QUEUE;
    l->queues[LANE_DOOR].workers = workers > 7 ? workers / 4 : 1;
    l->workers = workers;
    for (int i = 0; i < LANES; i++)
        l->queues[i].last = &l->queues[i].first;
    return l;
}

void lanes_destroy(struct lanes *l)
{
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->work);
    pthread_cond_destroy(&l->idle);
    free(l);
}

bool lanes_reserve(struct lanes *l, enum lane lane)
{
    struct queue *q = &l->queues[lane];
    pthread_mutex_lock(&l->lock);
    bool room = q->held < q->most && !l->stopping;
    q->held += room;
    pthread_mutex_unlock(&l->lock);
    return room;
}

void lanes_put(struct lanes *l, struct lane_item *item)
{
    struct queue *q = &l->queues[item->lane];
    pthread_mutex_lock(&l->lock);
    item->next = NULL;
    *q->last = item;
    q->last = &item->next;
    pthread_cond_signal(&l->work);
    pthread_mutex_unlock(&l->lock);
}

/* Under the lock. A worker that ends something looks here again, so a signal that found its lane
 * at the limit is not lost. */
static struct lane_item *first_allowed(struct lanes *l)
{
    for (int i = 0; i < LANES; i++) {
        struct queue *q = &l->queues[i];
        struct lane_item *item = q->first;
        bool last = l->workers > 1 && l->working + 1 >= l->workers;
        if (!item || q->working >= q->workers || (i == LANE_DOOR && last))
            continue;
        q->first = item->next;
        if (!q->first)
            q->last = &q->first;
        q->working++;
        l->working++;
        return item;
    }
    return NULL;
}

static size_t all_held(const struct lanes *l)
{
    size_t held = 0;
    for (int i = 0; i < LANES; i++)
        held += l->queues[i].held;
    return held;
}

struct lane_item *lanes_take(struct lanes *l)
{
    struct lane_item *item;
    pthread_mutex_lock(&l->lock);
    while (!(item = first_allowed(l)) && !(l->stopping && all_held(l) == 0))
        pthread_cond_wait(&l->work, &l->lock);
    pthread_mutex_unlock(&l->lock);
    return item;
}

void lanes_done(struct lanes *l, enum lane lane)
{
    pthread_mutex_lock(&l->lock);
    l->queues[lane].working--;
    l->working--;
    l->queues[lane].held--;
    if (l->stopping)
        pthread_cond_signal(&l->idle);
    pthread_mutex_unlock(&l->lock);
}

void lanes_park(struct lanes *l, enum lane lane)
{
    pthread_mutex_lock(&l->lock);
    l->queues[lane].working--;
    l->working--;
    pthread_mutex_unlock(&l->lock);
}

void lanes_stop(struct lanes *l)
{
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    while (all_held(l) > 0)
        pthread_cond_wait(&l->idle, &l->lock);
    pthread_cond_broadcast(&l->work);
    pthread_mutex_unlock(&l->lock);
}
