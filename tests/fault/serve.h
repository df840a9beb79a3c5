/* fault/serve.h - a stage for the parts that play in a browser. */
#ifndef FAULT_SERVE_H
#define FAULT_SERVE_H

#include <stddef.h>

struct world;
/* ZONE_MINUTES: of the room, 0: +8 h. */
int serve(size_t candidates, long zone_minutes);
/* In judge.c, which reads stores: one line of JSON. */
void say_answers(struct world *w, size_t seat);

#endif
