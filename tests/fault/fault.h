/* fault/fault.h - the proof that nothing is lost: a server that is hurt in every way we know, and
 * candidates' devices that go on as real ones do.
 *
 * A part (parts.def) makes a stage, lets players sit, hurts, and asks the judge: what was
 * acknowledged is stored, what is stored verifies by hash, and what the candidate sees is what the
 * journal folds to. Anything else is counted and fails the part. */
#ifndef FAULT_FAULT_H
#define FAULT_FAULT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/bench_deliver_stage.h"
#include "shim.h"
#include "sitting/device_play.h"

/* Ends the harness: the stage could not be set, which says nothing about the server. */
_Noreturn void die(const char *what, const struct err *e);
#define NEED(x, what, e) ((x) ? (void)0 : die((what), (e)))

/* --- what a part prints --------------------------------------------------------------------------- */
struct figure {
    const char *name;
    int64_t value;
    const char *text; /* instead of the value */
    bool must_be_zero;
};
struct part {
    const char *name;
    bool all; /* the long form */
    uint64_t seed;
    const char *plant; /* a fault of the harness's own that must be found; NULL */
    struct figure figures[48];
    size_t count;
    int64_t limit_ms;       /* the long form stops here; 0: none */
    int64_t zone_offset_ms; /* of the rooms; 0: +8 h */
};
void figure_add(struct part *p, const char *name, int64_t more);
void figure_text(struct part *p, const char *name, const char *text);
/* A count that fails the part unless it is 0 at the end. */
void figure_fault(struct part *p, const char *name, int64_t more);
/* Prints what was found so far and ends: the server does not start any more. */
_Noreturn void part_over(struct part *p);
int64_t figure_get(const struct part *p, const char *name);

uint64_t draw(uint64_t *seed); /* the same numbers for the same seed */
int64_t draw_below(uint64_t *seed, int64_t bound);
void sleep_ms(int64_t ms);

/* --- the world ------------------------------------------------------------------------------------- */
struct client;
struct player;
struct world {
    struct part *part;
    struct arena *arena; /* lives to the end */
    struct stage stage;
    struct client *invigilator;
    struct player *players;
    size_t player_count;
    size_t turn;        /* of players, where they take turns */
    struct shim *shim;  /* NULL: the server runs without it */
    const char *record; /* path of the shim's record */
    bool with_threads;  /* players run */
    const char *via;    /* address players use; NULL: the server's own */
    _Atomic bool over;  /* players stop */
    _Atomic bool quiet; /* players write nothing new, only deliver */
};

/* A stage with players in one room, the server running, everybody admitted and the room started. */
void world_begin(struct world *w, struct part *p, size_t players, bool with_shim);
/* The stage and the server alone. */
void world_stage(struct world *w, struct part *p, size_t candidates, bool with_shim);
void world_end(struct world *w);
bool world_serve(struct world *w); /* false: it did not start */
/* It must start; else the part is over. */
void world_serve_again(struct world *w);
/* Kills and waits; what waitpid said. */
int world_kill(struct world *w);
/* Whether the server is still there; if not, *status is what waitpid said, and it is reaped. */
bool world_alive(struct world *w, int *status);

void shim_calm(struct shim *s);
void shim_arm(struct shim *s, enum shim_kind kind, int64_t nth, bool forever);

/* --- players --------------------------------------------------------------------------------------- */
enum { ITEMS = 80, SCREEN_BYTES = 16 };

struct acknowledged {
    uint32_t epoch, seq;
    unsigned char hash[HASH_BYTES];
};
struct player {
    struct world *world;
    const struct stage_seat *seat;
    struct play_device dev;
    struct client *client;
    pthread_t thread;
    uint64_t seed;
    int64_t think_ms; /* at most, between saves */

    bool claiming; /* a claim without an answer: the same one is sent until it has come */
    struct id claim;

    pthread_mutex_t lock; /* for what follows */
    struct acknowledged *acks;
    size_t ack_count, ack_room;
    uint32_t first_seq;                      /* of what is pending */
    char screen[ITEMS + 1][SCREEN_BYTES];    /* what the candidate sees; "" nothing */
    char delivered[ITEMS + 1][SCREEN_BYTES]; /* the same, of what is acknowledged */
    bool flagged[ITEMS + 1];
    int64_t written, tries, resent;
    int64_t wrong; /* answers that no true server gives */
    char why[160]; /* of the last wrong one */
};

/* Signs in, is admitted by the invigilator, claims. */
void player_sit(struct player *p);
void players_start(struct world *w);
/* No new entries; waits until everything written is acknowledged. False: LIMIT_MS was not enough. */
bool players_drain(struct world *w, int64_t limit_ms);
void players_stop(struct world *w);

/* One step by hand, for parts without threads: writes COUNT random entries; sends what is pending
 * once. True: all of it is acknowledged. */
void player_write(struct player *p, int count);
bool player_send(struct player *p);
void player_timeout(struct player *p, int64_t ms);
/* Claims again with the same device; what is pending must be delivered before. Without an answer
 * the device writes nothing, and player_send claims first. */
bool player_claim(struct player *p);

/* --- the judge ------------------------------------------------------------------------------------- */
/* Acknowledgements as they were at one moment. */
struct snapshot {
    struct acknowledged **acks;
    size_t *counts;
};
void snapshot_take(struct world *w, struct arena *a, struct snapshot *out);

/* A copy of the stage's database as it lies on the disk now. The server must not be running. */
const char *store_copy(struct world *w);

/* Reads the database at FOLDER with the program's own code and counts into the part: acknowledged,
 * stored, lost, wrong_hash, doubled, broken_batches, broken_audit. SCREENS: everything has been
 * delivered, so that what players see must be what the journal folds to. */
void judge(struct world *w, const char *folder, const struct snapshot *s, bool screens);
/* Drains, stops the server in peace, judges what it left with screens, and starts it no more. */
void judge_end(struct world *w);

#endif
