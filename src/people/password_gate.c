/* people/password_gate.c - the one place where hashing threads queue. A process singleton. */
#include "people/password_gate.h"

#include <pthread.h>
#include <unistd.h>

/* Shared by all worker threads, guarded by its own mutex. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t room;
    long running, waiting;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

long password_gate_places(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 3 ? cores / 2 : 1;
}

bool password_gate_enter(struct err *e)
{
    bool full = false;
    long most = password_gate_places();
    pthread_mutex_lock(&gate.mutex);
    if (gate.running >= most && gate.waiting >= PASSWORD_GATE_QUEUE) {
        full = true;
    } else {
        gate.waiting++;
        while (gate.running >= most)
            pthread_cond_wait(&gate.room, &gate.mutex);
        gate.waiting--;
        gate.running++;
    }
    pthread_mutex_unlock(&gate.mutex);
    return !full || FAIL(e, TOO_MANY, "5", "登录的人太多，请稍后再试。");
}

void password_gate_leave(void)
{
    pthread_mutex_lock(&gate.mutex);
    gate.running--;
    pthread_cond_signal(&gate.room);
    pthread_mutex_unlock(&gate.mutex);
}
