/* app/road_pace.h - how long the calls of the played candidates took, by what they were for. Notes come
 * from several threads. */
#ifndef APP_ROAD_PACE_H
#define APP_ROAD_PACE_H

#include <stddef.h>
#include <stdint.h>

struct road_pace;

struct road_pace *road_pace_create(void);
void road_pace_destroy(struct road_pace *p); /* NULL is fine */
/* A client_watch_fn; CTX is the road_pace. */
void road_pace_note(void *ctx, const char *path, int64_t us, long status);

enum pace_kind { PACE_ENTER, PACE_CLAIM, PACE_PAPER, PACE_SAVE, PACE_RECEIPT, PACE_KINDS };
struct pace_figures {
    size_t count;
    int64_t p50_us, p99_us, max_us;
};
/* All zero where nothing was noted. */
struct pace_figures road_pace_of(struct road_pace *p, enum pace_kind kind);
/* Calls with an answer of 400 or more, or with none. */
int64_t road_pace_failed(struct road_pace *p);

#endif
