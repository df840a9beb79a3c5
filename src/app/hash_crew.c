/* app/hash_crew.c - as many threads as cores take the next password until none is left. */
#include "app/hash_crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "people/password.h"

enum { THREADS_MAX = 8 };

struct crew {
    struct hash_job *jobs;
    size_t count;
    atomic_size_t next;
};

static void *member(void *arg)
{
    struct crew *crew = arg;
    for (size_t i; (i = atomic_fetch_add(&crew->next, 1)) < crew->count;) {
        struct hash_job *job = &crew->jobs[i];
        password_hash(job->hash, job->password, password_cost_of_login(job->login));
    }
    return NULL;
}

void hash_crew(struct hash_job *jobs, size_t count)
{
    struct crew crew = {.jobs = jobs, .count = count};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t threads[THREADS_MAX];
    int started = 0;
    while (started < THREADS_MAX && started + 1 < cores &&
           pthread_create(&threads[started], NULL, member, &crew) == 0)
        started++;
    member(&crew); /* also alone, where no thread can be had */
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}
