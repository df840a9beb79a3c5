/* app/line.h - a line that can be cut: a relay on 127.0.0.1 between a room node and its centre, for
 * the rehearsal and the scenario tests. */
#ifndef APP_LINE_H
#define APP_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct line;

/* Relays to TARGET_PORT of 127.0.0.1. */
struct line *line_start(uint16_t target_port, struct err *e);
uint16_t line_port(const struct line *l);
/* Cut: open connections break, new ones are closed at once. */
void line_cut(struct line *l, bool cut);
void line_stop(struct line *l); /* NULL is fine */

#endif
