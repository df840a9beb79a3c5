/* app/bench_deliver_memory.h - the server's memory over the time of a phase, and its slope. */
#ifndef APP_BENCH_DELIVER_MEMORY_H
#define APP_BENCH_DELIVER_MEMORY_H

#include <stdint.h>
#include <sys/types.h>

/* Enough for the 7,200 s that a phase may take. */
enum { MEMORY_SAMPLES = 1024 };

struct memory_track {
    int64_t began_us, every_us;
    int count;
    double at_s[MEMORY_SAMPLES], mb[MEMORY_SAMPLES];
};

/* SECONDS of the phase: it is looked at 240 times, at most once a second. */
void memory_begin(struct memory_track *m, int64_t now_us, int64_t seconds);
/* Looks if it is time to; every twentieth look is printed. */
void memory_look(struct memory_track *m, int64_t now_us, pid_t server);
/* The least-squares slope in MB an hour, without the first quarter, in which caches fill; 0 for
 * fewer than three looks. */
double memory_slope(const struct memory_track *m);

#endif
