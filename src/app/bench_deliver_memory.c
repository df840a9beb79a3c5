/* app/bench_deliver_memory.c - samples of the resident set and the line through them. */
#include "app/bench_deliver_memory.h"

#include <stdio.h>

#include "app/server_child.h"

enum { LOOKS = 240, PRINTED = 20 };

void memory_begin(struct memory_track *m, int64_t now_us, int64_t seconds)
{
    int64_t every = seconds * 1000000 / LOOKS;
    *m = (struct memory_track){.began_us = now_us,
                               .every_us = every < 1000000 ? 1000000 : every};
}

void memory_look(struct memory_track *m, int64_t now_us, pid_t server)
{
    if (m->count == MEMORY_SAMPLES || now_us < m->began_us + m->count * m->every_us)
        return;
    m->at_s[m->count] = (double)(now_us - m->began_us) / 1e6;
    m->mb[m->count] = process_rss_mb(server);
    if (m->count % PRINTED == 0)
        fprintf(stderr, "    %6.0f s  内存 %.1f MB\n", m->at_s[m->count], m->mb[m->count]);
    m->count++;
}

double memory_slope(const struct memory_track *m)
{
    int from = m->count / 4, n = m->count - from;
    double t = 0, y = 0, tt = 0, ty = 0;
    if (n < 3)
        return 0;
    for (int i = from; i < m->count; i++) {
        t += m->at_s[i] / n;
        y += m->mb[i] / n;
    }
    for (int i = from; i < m->count; i++) {
        tt += (m->at_s[i] - t) * (m->at_s[i] - t);
        ty += (m->at_s[i] - t) * (m->mb[i] - y);
    }
    return tt > 0 ? ty / tt * 3600 : 0;
}
