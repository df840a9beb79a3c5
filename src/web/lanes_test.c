/* web/lanes_test.c - which worker may take what, and that nothing waits for ever. */
#include "web/lanes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "test/check.h"
#include "web/limits.h"

enum { ITEMS = 400, WORKERS = 4 };

struct crowd {
    struct lanes *lanes;
    struct lane_item items[ITEMS];
    _Atomic int busy[LANES], most[LANES], done;
    _Atomic bool hold;
};

static void *work(void *arg)
{
    struct crowd *c = arg;
    for (struct lane_item *item; (item = lanes_take(c->lanes));) {
        enum lane lane = item->lane;
        int busy = atomic_fetch_add(&c->busy[lane], 1) + 1;
        int most = atomic_load(&c->most[lane]);
        while (busy > most && !atomic_compare_exchange_weak(&c->most[lane], &most, busy))
            ;
        while (lane != LANE_EXAM && atomic_load(&c->hold))
            nanosleep(&(struct timespec){0, 1000000}, NULL);
        atomic_fetch_sub(&c->busy[lane], 1);
        atomic_fetch_add(&c->done, 1);
        lanes_done(c->lanes, lane);
    }
    return NULL;
}

static void put(struct crowd *c, int i, enum lane lane)
{
    c->items[i].lane = lane;
    CHECK("room", lanes_reserve(c->lanes, lane));
    lanes_put(c->lanes, &c->items[i]);
}

/* Every worker of the desk hangs in a password; the exam goes on all the same. */
void lanes_leave_room_for_each_other_test(void)
{
    struct crowd c = {.lanes = lanes_create(WORKERS), .hold = true};
    pthread_t threads[WORKERS];
    for (int i = 0; i < WORKERS; i++)
        CHECK_INT("thread", pthread_create(&threads[i], NULL, work, &c), 0);
    for (int i = 0; i < ITEMS; i++)
        put(&c, i, i < ITEMS / 2 ? LANE_DESK : LANE_EXAM);
    while (atomic_load(&c.done) < ITEMS / 2 || atomic_load(&c.busy[LANE_DESK]) < WORKERS / 2)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    CHECK_INT("only the exam's are done", atomic_load(&c.done), ITEMS / 2);
    CHECK_INT("half the workers hang", atomic_load(&c.busy[LANE_DESK]), WORKERS / 2);
    atomic_store(&c.hold, false);
    lanes_stop(c.lanes);
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT("all done", atomic_load(&c.done), ITEMS);
    CHECK("the desk took half at most", atomic_load(&c.most[LANE_DESK]) <= WORKERS / 2);
    CHECK("the exam left one", atomic_load(&c.most[LANE_EXAM]) <= WORKERS - 1);
    CHECK("nothing more after the stop", !lanes_reserve(c.lanes, LANE_EXAM));
    lanes_destroy(c.lanes);
}

/* Everybody gives a password at once: one worker is in it, and desk and exam go on beside it. */
void door_leaves_the_desk_alone_test(void)
{
    struct lanes *l = lanes_create(WORKERS);
    static struct lane_item door[LIMIT_DOOR_QUEUE], desk[3], exam[WORKERS];
    for (int i = 0; i < LIMIT_DOOR_QUEUE; i++) {
        door[i].lane = LANE_DOOR;
        CHECK("room", lanes_reserve(l, LANE_DOOR));
        lanes_put(l, &door[i]);
    }
    CHECK("the door is full", !lanes_reserve(l, LANE_DOOR));
    CHECK("one at a time", lanes_take(l) == &door[0]);
    for (int i = 0; i < 3; i++) {
        desk[i].lane = LANE_DESK;
        CHECK("the desk is not", lanes_reserve(l, LANE_DESK));
        lanes_put(l, &desk[i]);
    }
    CHECK("the desk goes first", lanes_take(l) == &desk[0] && lanes_take(l) == &desk[1]);
    for (int i = 0; i < WORKERS; i++) {
        exam[i].lane = LANE_EXAM;
        CHECK("nor the exam", lanes_reserve(l, LANE_EXAM));
        lanes_put(l, &exam[i]);
    }
    CHECK("and before it the exam", lanes_take(l) == &exam[0]);
    lanes_done(l, LANE_DOOR);
    CHECK("the last worker is not for a password", lanes_take(l) == &exam[1]);
    CHECK("somebody else may wait at the door", lanes_reserve(l, LANE_DOOR));
    lanes_destroy(l);
}

void lanes_are_bounded_test(void)
{
    struct lanes *l = lanes_create(WORKERS);
    static struct lane_item items[LIMIT_WORK_QUEUE];
    for (int i = 0; i < LIMIT_WORK_QUEUE; i++) {
        items[i].lane = LANE_DESK;
        CHECK("room", lanes_reserve(l, LANE_DESK));
        lanes_put(l, &items[i]);
    }
    CHECK("the desk is full", !lanes_reserve(l, LANE_DESK));
    CHECK("the exam is not", lanes_reserve(l, LANE_EXAM));
    struct lane_item *one = lanes_take(l);
    CHECK("the first that came", one == &items[0]);
    lanes_park(l, LANE_DESK);
    CHECK("what is parked still counts", !lanes_reserve(l, LANE_DESK));
    lanes_put(l, one);
    for (int i = 0; i < LIMIT_WORK_QUEUE; i++) {
        CHECK("in order", lanes_take(l) == &items[(i + 1) % LIMIT_WORK_QUEUE]);
        lanes_done(l, LANE_DESK);
    }
    CHECK("room again", lanes_reserve(l, LANE_DESK));
    lanes_destroy(l);
}
