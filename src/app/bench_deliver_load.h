/* app/bench_deliver_load.h - the load itself: candidates who sign in, save and hand in through the
 * API of a running server, and remember every entry they sent and every one that was acknowledged.
 *
 * One thread. A connection that breaks is opened again and the same bytes are sent again, as the
 * exam client does: so a load goes on over a server that is killed and started. */
#ifndef APP_BENCH_DELIVER_LOAD_H
#define APP_BENCH_DELIVER_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "app/bench_deliver_figures.h"
#include "app/bench_deliver_stage.h"
#include "app/bench_deliver_wire.h"
#include "base/crypto.h"
#include "sitting/device_play.h"

struct load;

struct load_candidate {
    struct load *load;
    const struct stage_seat *seat;
    size_t number;
    struct wire_connection *line, *events; /* its own; saves may go over another */
    struct wire_connection *via;           /* the save in flight */
    struct play_device *device;
    int step; /* enum load_step */
    unsigned char challenge[32], paper_sha[HASH_BYTES];
    struct id claim;
    unsigned char *blob; /* the sealed paper until its key is there; malloc */
    size_t blob_len;
    int64_t due_us, began_us;            /* of the step; of the first request */
    unsigned char (*hashes)[HASH_BYTES]; /* of entry seq at [seq - 1]; malloc */
    uint32_t sent, acknowledged, hashes_room;
    bool ready, sealed, stopped; /* shows question 1; handed in; an error ended it */
    void *after_ctx;
    void (*after)(struct load_candidate *c, void *ctx); /* a save or the script is over */
};

struct load {
    struct arena *arena;
    struct stage *stage;
    struct wire *wire;
    struct load_candidate *candidates;
    size_t count;
    struct phase *phase;
    FILE *log;     /* a line "attempt epoch seq hash" for each acknowledged entry; NULL: none */
    bool survives; /* broken connections are part of the plan, not errors */
    size_t ready, handed_in, stopped;
    size_t
        busy; /* candidates in the middle of something, a wait before sending again included */
    uint64_t chance;
    struct client *invigilator;
    size_t *entered; /* of each room */
};

/* ARENA must not be used by another thread while the load runs. */
struct load *load_create(struct arena *a, struct stage *s, FILE *log);
void load_destroy(struct load *l); /* NULL is fine */

/* enter → wait → claim → paper → key → start entry, and the event stream beside; arrivals spread
 * over ARRIVE_MS; the invigilator admits each room as it fills. Until all show question 1. */
bool load_sign_in(struct load *l, struct phase *p, int64_t arrive_ms, struct err *e) MUST_USE;
/* Closed loop: CONNECTIONS lines, each with its share of the candidates, the next save as soon as
 * the last is answered. */
bool load_saves(struct load *l, struct phase *p, size_t connections, int64_t seconds,
                struct err *e) MUST_USE;
struct slow_order {
    size_t slow, connections;
    int64_t seconds;
};
/* The server stops, ENTRIES of an earlier session come into the database, the server starts, and
 * load_saves runs again. */
struct later_order {
    int64_t entries, seconds;
    size_t connections;
};
bool load_saves_later(struct load *l, struct phase *p, const struct later_order *o,
                      struct err *e) MUST_USE;
/* Open loop: every candidate on its own line, a save every THINK_MS ± half; times count from the
 * moment it was due. */
bool load_paced(struct load *l, struct phase *p, int64_t think_ms, int64_t seconds,
                struct err *e) MUST_USE;
/* load_paced while so many PEOPLE come at one moment, each from an address of its own: to sign in, or only
 * to look at a list. */
struct gate_order {
    size_t people;
    bool passwords;
    int64_t think_ms, seconds;
};
bool load_paced_beside_crowd(struct load *l, struct phase *p, const struct gate_order *o,
                             struct err *e) MUST_USE;
/* Everybody seals within ARRIVE_MS and gets the receipt. */
bool load_hand_in(struct load *l, struct phase *p, int64_t arrive_ms, struct err *e) MUST_USE;
/* COUNT further connections that have asked once and stay open: what they cost in memory. */
bool load_idle(struct load *l, struct phase *p, size_t count, struct err *e) MUST_USE;

/* load_saves beside COUNT connections whose heads and bodies come a byte a second (S30). */
bool load_saves_beside_slow(struct load *l, struct phase *p, const struct slow_order *o,
                            struct err *e) MUST_USE;

struct load_found {
    int64_t sent, acknowledged, found, lost; /* entries; lost: acknowledged and not found */
    int64_t foreign, twice, changed; /* rows nobody sent, stored twice, with other bytes */
    int64_t breaks;                  /* of the chain of batches (sitting/verify.h) */
    int64_t sealed, unsealed;        /* handed in, and those the database does not say so of */
};
/* Reads the database back; the server must not run. */
bool load_compare(struct load *l, struct load_found *out, struct err *e) MUST_USE;

struct slow_lot;
struct slow_lot *slow_begin(struct load *l, size_t count);
size_t slow_end(struct slow_lot *lot); /* how many the server had ended by itself */

/* --- between the parts of the load ----------------------------------------------------------- */
void candidate_sign_in(struct load_candidate *c);
void candidate_save(struct load_candidate *c, struct wire_connection *via, int64_t due_us,
                    void (*after)(struct load_candidate *c, void *ctx), void *ctx);
void candidate_hand_in(struct load_candidate *c);
/* Uniform in [0, BOUND). */
int64_t load_chance(struct load *l, int64_t bound);
void load_error(struct load *l, const char *what, const struct wire_answer *answer);

#endif
