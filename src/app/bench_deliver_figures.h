/* app/bench_deliver_figures.h - what a phase of a load cost: a histogram of answer times, counts. */
#ifndef APP_BENCH_DELIVER_FIGURES_H
#define APP_BENCH_DELIVER_FIGURES_H

#include <stdint.h>

struct json_out;

/* Answer times in us; buckets grow by 1/32, so a percentile is right within 3 %. */
enum { LATENCY_BUCKETS = 32 * 26 };

struct latency {
    uint32_t buckets[LATENCY_BUCKETS];
    int64_t count, max_us;
};

void latency_add(struct latency *l, int64_t us);
/* In ms; PART of 1: 0.99. 0 where nothing was counted. */
double latency_ms(const struct latency *l, double part);

enum { PHASE_STEPS = 8 };

struct phase {
    const char *name, *label;
    int64_t count;   /* what the phase is about: candidates or saves */
    int64_t errors;  /* answers that should not have been */
    int64_t refused; /* 429, obeyed and sent again */
    int64_t wall_us, cpu_us, generator_us, bytes_out, bytes_in;
    double rss_before_mb, rss_mb; /* of the server, before and at the end */
    double rss_slope_mb_h;        /* of a paced phase (bench_deliver_memory.h) */
    struct latency latency;
    struct {
        const char *name;
        struct latency latency;
    } steps[PHASE_STEPS]; /* of what the phase is made; NULL: no more */
};

void phase_print(const struct phase *p);
void phase_put(struct json_out *o, const struct phase *p);

#endif
