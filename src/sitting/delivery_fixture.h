/* sitting/delivery_fixture.h - a prepared session with candidates, for tests of the delivery. */
#ifndef SITTING_DELIVERY_FIXTURE_H
#define SITTING_DELIVERY_FIXTURE_H

#include "sitting/device_play.h"
#include "sitting/enter.h"
#include "sitting/live.h"
#include "sitting/prepare.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "test/check.h"
#include "test/store.h"

enum { FIXTURE_SEATS = 3, FIXTURE_EVENTS = 64 };

/* What was published, newest last. */
struct told {
    struct id topic;
    char name[16];
    char json[512];
};

struct delivery {
    struct test_store *t;
    struct journal_writer *writer;
    struct id session, room, attempts[FIXTURE_SEATS];
    struct attempt_plan plans[FIXTURE_SEATS];
    pthread_mutex_t lock;
    struct told told[FIXTURE_EVENTS];
    size_t told_count;
    int64_t chain; /* 0: the centre's */
};

extern int64_t fixture_now_ms; /* what the writer's clock says; tests move it */
/* A chain of its own, before it begins: a room node's. The same session as ANOTHER's, in a store of its
 * own: what a node hands up, and the centre. Both set on a delivery_plan. */
void delivery_plan_same(struct delivery *d, const struct delivery *another);

struct delivery *delivery_create(void);
/* For tests that fork: a plan whose store is closed while the child has it. delivery_begin opens,
 * starts the writer and prepares; delivery_resume opens and starts after the child is gone. */
struct delivery *delivery_plan(void);
void delivery_close_store(struct delivery *d);
void delivery_begin(struct delivery *d);
void delivery_resume(struct delivery *d);
void delivery_destroy(struct delivery *d);
/* As after kill -9: everything in memory is lost, the database is opened again. */
void delivery_restart(struct delivery *d);

/* The session's document numbers: "11010519491231002X" for seat 1, "…0003" and so on. */
const char *fixture_document(size_t seat);
const char *fixture_ticket(size_t seat);

void delivery_start_room(struct delivery *d, int64_t at_ms);
/* Enters, is admitted and claims with a fresh device. */
void delivery_open(struct delivery *d, size_t seat, struct play_device *dev);
/* Enters and claims; whether it was let in. TAKEOVER and E as attempt_claim has them. */
bool delivery_claim(struct delivery *d, size_t seat, struct play_device *dev,
                    const char *takeover, struct err *e);
/* Sends what is pending and, if it was stored, drops it. */
void delivery_save(struct delivery *d, struct play_device *dev, struct save_answer *answer);
int delivery_told(struct delivery *d, struct id topic, const char *name);
/* Rows of an attempt on disk that are on the branch. */
size_t delivery_stored(struct delivery *d, size_t seat, enum branch branch);

#endif
