/* web/lanes.h - what waits for a worker thread, in three lanes: the exam, the desk and the door.
 *
 * A whole session may sign in at once, so the exam's lane is long and goes first; but it never
 * takes the last worker, because it waits for the invigilator's acts, and the desk never takes
 * more than half of them. Who comes in by password waits at the door, for passwords are slow on
 * purpose: that lane is short, goes last and never takes the last free worker. Thread safe. */
#ifndef WEB_LANES_H
#define WEB_LANES_H

#include <stdbool.h>
#include <stddef.h>

enum lane { LANE_EXAM, LANE_DESK, LANE_DOOR, LANES };

/* First member of what waits. */
struct lane_item {
    struct lane_item *next;
    enum lane lane;
};

struct lanes;

struct lanes *lanes_create(unsigned workers);
void lanes_destroy(struct lanes *l);

/* Room for one more, to be used by lanes_put. False: the lane is full, or all is being stopped. */
bool lanes_reserve(struct lanes *l, enum lane lane);
void lanes_put(struct lanes *l, struct lane_item *item);
/* Waits; NULL when all is being stopped and nothing is left. */
struct lane_item *lanes_take(struct lanes *l);
/* What was taken is answered. */
void lanes_done(struct lanes *l, enum lane lane);
/* What was taken waits for something else; it comes back by lanes_put, whatever waits there. */
void lanes_park(struct lanes *l, enum lane lane);
/* Refuses what is new, waits until what is there and parked is answered, lets takers go. */
void lanes_stop(struct lanes *l);

#endif
