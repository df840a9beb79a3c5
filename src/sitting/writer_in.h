/* sitting/writer_in.h - only for writer.c, writer_group.c and writer_act.c. */
#ifndef SITTING_WRITER_IN_H
#define SITTING_WRITER_IN_H

#include <pthread.h>

#include "sitting/batch.h"
#include "sitting/writer.h"

struct journal_writer {
    struct arena *arena; /* holds this struct alone */
    struct journal_config config;
    struct db *db;
    struct live *live;
    pthread_t thread;

    pthread_mutex_t lock;
    pthread_cond_t work, finished;
    struct journal_job *first, **last;
    size_t waiting;
    bool stopping;
    struct batch_head head; /* under lock; the writer's thread alone changes it */

    uint64_t group; /* number of the group commit that is being made */
};

/* From JOB on, as many saves and shared jobs as one transaction takes; returns the next job. */
struct journal_job *group_commit(struct journal_writer *w, struct journal_job *job);
void act_commit(struct journal_writer *w, struct sitting_act *act);

/* Never goes back: max(now, last + 1). */
int64_t writer_time(struct journal_writer *w);
void writer_set_head(struct journal_writer *w, const struct batch_head *h);

#endif
