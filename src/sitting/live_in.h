/* sitting/live_in.h - only for live.c and live_load.c: the tables themselves. */
#ifndef SITTING_LIVE_IN_H
#define SITTING_LIVE_IN_H

#include "sitting/live.h"

enum { LIVE_BUCKETS = 16384 };
#define LIVE_ARENA_BYTES ((size_t)8 << 30) /* address space, not memory */

struct live {
    struct arena *arena; /* under live_hold_to_change */
    const struct master *master;
    int64_t chain; /* whose rows are ours */
    pthread_rwlock_t held;
    _Atomic(struct live_session *) sessions;
    _Atomic(struct live_attempt *) by_id[LIVE_BUCKETS];
    _Atomic(struct live_attempt *) by_ticket[LIVE_BUCKETS];
};

void live_table_put(struct live *l, struct live_attempt *a);
/* After a load that failed half-way; readers in between go on along the old chain. */
void live_table_drop(struct live *l, struct live_attempt *a);

#endif
