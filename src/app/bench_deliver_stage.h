/* app/bench_deliver_stage.h - what the load on the delivery plays against: a data folder with one
 * session whose papers are sealed and released, its invigilator, and a server over it.
 *
 * Made by the use cases themselves, without the road before them: only tickets and the duty of the
 * invigilator are written directly. */
#ifndef APP_BENCH_DELIVER_STAGE_H
#define APP_BENCH_DELIVER_STAGE_H

#include <stddef.h>

#include "app/demo_body.h"
#include "app/server_child.h"
#include "base/id.h"

struct actor;
struct arena;
struct client;
struct journal_writer;
struct master;

enum { STAGE_ROOM_SEATS = 100, STAGE_MINUTES = 600 };

struct stage_seat {
    struct id attempt;
    size_t room; /* index of rooms */
    const char *ticket, *document;
};

struct stage_room {
    struct id id;
    size_t first, count; /* of the seats */
};

struct stage {
    struct arena *arena; /* lives to the end */
    const char *folder;  /* removed by stage_end */
    struct server_order order;
    struct server_child server;
    struct demo_body body;
    struct id session;
    struct stage_room *rooms;
    size_t room_count;
    struct stage_seat *seats;
    size_t count;
    int64_t zone_offset_ms;
};

/* What a stage is made of: COUNT candidates in rooms of 100; STORE and CONNECTIONS as `serve` has
 * them, NULL and 0: SQLite. */
struct stage_plan {
    size_t count;
    const char *store;
    int64_t connections;
    int64_t zone_offset_ms; /* of the rooms; 0: +8 h */
};
/* A temporary folder with everything, no server yet. */
bool stage_begin(struct arena *a, const struct stage_plan *plan, struct stage *s,
                 struct err *e) MUST_USE;
/* ENTRIES of an earlier, archived session, through the journal writer. The server must not run. */
bool stage_fill(struct stage *s, int64_t entries, struct err *e) MUST_USE;
/* Starts the server, at the port it had before. */
bool stage_serve(struct stage *s, struct err *e) MUST_USE;
/* A member of the demo body ("invigilator" has the whole session), signed in once; NULL with *e set. */
struct client *stage_as(struct stage *s, const char *login, struct err *e);
/* Admits everybody of a room and starts it. */
bool stage_admit(struct stage *s, struct client *invigilator, size_t room,
                 struct err *e) MUST_USE;
/* Only for stage_fill: what it works with. */
struct stage_fill {
    struct journal_writer *writer;
    const struct master *master;
    const struct actor *who;
    int64_t entries;
};
bool stage_fill_session(struct stage *s, struct stage_fill *how, struct err *e) MUST_USE;
/* Stops the server if it runs and removes the folder. */
void stage_end(struct stage *s);

#endif
