/* app/server_child.h - `heng serve` as a child on a free port of 127.0.0.1: for the demonstration,
 * the measurements and the tests of faults. It ends when its parent does. */
#ifndef APP_SERVER_CHILD_H
#define APP_SERVER_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct arena;

struct server_child {
    pid_t pid; /* 0: not running */
    const char *url;
    uint16_t port; /* kept over a restart; 0: any free one */
};

struct server_order {
    const char *program, *data; /* this program, the data folder */
    const char *log;            /* a file that gets its stderr */
    const char *rate_factor;    /* NULL: 1 */
    const char *connections;    /* --store-connections; NULL: 0 */
    const char *command;        /* NULL: "serve" */
    const char *option,
        *value; /* one more of that command's own, without connections; NULL: none */
};

/* Waits until it listens. At C->port where that is set. */
bool server_child_start(struct arena *a, const struct server_order *o, struct server_child *c,
                        struct err *e) MUST_USE;
/* Sends SIGNAL and waits for the end; its exit status as waitpid has it. 0 if it does not run. */
int server_child_stop(struct server_child *c, int signal_number);

/* CPU of the process, of those it has waited for and of those that still run, in us; 0 if it does not run. */
int64_t process_cpu_us(pid_t pid);
double process_rss_mb(pid_t pid);

#endif
