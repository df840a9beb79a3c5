/* sitting/sit_view.h - what a candidate's page and the room's page are shown. */
#ifndef SITTING_SIT_VIEW_H
#define SITTING_SIT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct attempt_answers;
struct db;
struct json_out;
struct journal_writer;
struct ledger_row;
struct live_attempt;
struct live_room;

/* Members of the state object of doc/exam-protocol.md §2, into an open object. ANSWERS NULL:
 * without them (events). */
void sit_state_put(struct json_out *o, struct journal_writer *w, struct live_attempt *a,
                   const struct attempt_answers *answers, int64_t now_ms);
/* The fold of what is committed, for the state. */
bool sit_answers(struct db *db, struct arena *arena, struct live_attempt *a,
                 struct attempt_answers *out, struct err *e);

/* Events to the attempt's page and to its room's. */
void sit_publish_state(struct journal_writer *w, struct arena *arena, struct live_attempt *a,
                       int64_t now_ms);
void sit_publish_ledger(struct journal_writer *w, struct arena *arena, struct live_attempt *a,
                        const struct ledger_row *row, int64_t now_ms);

/* One tile of the invigilator's view (an object), and the whole room (members of an open object):
 * {"room","no","session":{…},"server_ms","clock":{…},"ledger":[…],"tiles":[…]}. */
void tile_out(struct json_out *o, struct journal_writer *w, struct live_attempt *a,
              int64_t now_ms);
void room_view_put(struct json_out *o, struct journal_writer *w, struct live_room *r,
                   int64_t now_ms);

#endif
