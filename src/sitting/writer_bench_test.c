/* sitting/writer_bench_test.c - what a save costs from its bytes to the disk, without HTTP. Printed,
 * not asserted: the machine is shared. */
#include "sitting/delivery_fixture.h"
#include "sitting/verify.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"

enum { ATTEMPTS = 500, SAVES = 40 };

struct bench {
    struct delivery *d;
    struct id attempts[ATTEMPTS];
    struct bytes bodies[ATTEMPTS][SAVES];
    struct save_job jobs[ATTEMPTS];
    _Atomic int left;
    pthread_mutex_t lock;
    pthread_cond_t all;
};

static void prepare_many(struct bench *b)
{
    struct delivery *d = b->d;
    struct err e = {0};
    struct attempt_plan *plans = arena_array(d->t->arena, struct attempt_plan, ATTEMPTS);
    struct room_plan room = {id_random(), 1, "大考场"};
    for (int i = 0; i < ATTEMPTS; i++) {
        plans[i] = d->plans[0];
        plans[i].id = b->attempts[i] = id_random();
        plans[i].room = room.id;
        plans[i].seat = id_random();
        plans[i].seat_no = i + 1;
        plans[i].ticket = arena_printf(d->t->arena, "9%013d", i);
    }
    struct session_plan plan = {.id = id_random(),
                                .body = d->t->actor.body,
                                .title = "压力",
                                .starts_ms = fixture_now_ms,
                                .minutes = 90,
                                .late_limit_ms = 60000,
                                .weak_allowed = true,
                                .rooms = &room,
                                .room_count = 1,
                                .attempts = plans,
                                .attempt_count = ATTEMPTS};
    CHECK_OK("prepares", session_prepare_plan(d->writer, &d->t->actor, &plan, &e), &e);
    struct admission in = {.room = live_find_room(journal_live(d->writer), room.id),
                           .attempts = b->attempts,
                           .count = ATTEMPTS};
    CHECK_OK("admits", room_admit(d->writer, &d->t->actor, &in, &e), &e);
}

/* Weak mode: the signatures are not what is measured here. */
static void claim_and_write(struct bench *b, int i)
{
    struct delivery *d = b->d;
    struct play_device dev;
    struct claimed claimed;
    struct err e = {0};
    struct enter_input in = {arena_printf(d->t->arena, "9%013d", i), fixture_document(0), NULL,
                             fixture_now_ms};
    struct entered entered;
    play_begin(&dev, b->attempts[i]);
    CHECK_OK("enters", attempt_enter(d->writer, &in, &entered, &e), &e);
    struct claim_input claim = {.attempt = b->attempts[i],
                                .claim = id_random(),
                                .pub = {dev.pub, sizeof dev.pub},
                                .weak = true,
                                .actor = &d->t->actor};
    CHECK_OK("claims", attempt_claim(d->writer, &claim, &claimed, &e), &e);
    play_claimed(&dev, claimed.epoch, claimed.save_key, claimed.attempt->paper_digest,
                 claimed.main_head);
    for (int n = 0; n < SAVES; n++) {
        play_write(&dev, ENTRY_ANSWER, (uint16_t)(n + 1), "[\"B\"]");
        b->bodies[i][n] = play_body(&dev, d->t->arena);
        play_acknowledged(&dev);
    }
    play_end(&dev);
}

static void one_done(struct save_job *job, const struct save_answer *answer)
{
    struct bench *b = job->ctx;
    CHECK_INT("main", answer->branch, BRANCH_MAIN);
    if (atomic_fetch_sub(&b->left, 1) > 1)
        return;
    pthread_mutex_lock(&b->lock);
    pthread_cond_signal(&b->all);
    pthread_mutex_unlock(&b->lock);
}

static void save_round(struct bench *b, int n)
{
    struct arena *a = arena_create((size_t)64 << 20);
    struct err e = {0};
    atomic_store(&b->left, ATTEMPTS);
    for (int i = 0; i < ATTEMPTS; i++) {
        struct save_job *job = &b->jobs[i];
        *job = (struct save_job){.source = SOURCE_NET,
                                 .received_ms = fixture_now_ms + n * 1000,
                                 .done = one_done,
                                 .ctx = b};
        CHECK("queued", journal_save_read(a, b->bodies[i][n], &job->save, &e) &&
                            journal_check_save(b->d->writer, a, job, &e) &&
                            journal_save(b->d->writer, job, &e));
    }
    pthread_mutex_lock(&b->lock);
    while (atomic_load(&b->left) > 0)
        pthread_cond_wait(&b->all, &b->lock);
    pthread_mutex_unlock(&b->lock);
    arena_destroy(a);
}

void writer_bench_test(void)
{
    struct delivery *d = delivery_create();
    struct bench *b = arena_new(d->t->arena, struct bench);
    b->d = d;
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->all, NULL);
    prepare_many(b);
    for (int i = 0; i < ATTEMPTS; i++)
        claim_and_write(b, i);
    int64_t cpu = clock_cpu_ms(), wall = clock_boot_ms();
    for (int n = 0; n < SAVES; n++)
        save_round(b, n);
    cpu = clock_cpu_ms() - cpu;
    wall = clock_boot_ms() - wall + 1;
    struct journal_report r;
    struct err e = {0};
    CHECK_OK("verifies", journal_verify(d->t->db, d->t->arena, &r, &e), &e);
    CHECK_INT("all stored", r.rows, ATTEMPTS * SAVES);
    CHECK_INT("by hash", r.break_count, 0);
    print_message("%d saves: %.1f us CPU each, %.0f saves/s, %lld batches\n", ATTEMPTS * SAVES,
                  (double)cpu * 1e3 / (ATTEMPTS * SAVES), ATTEMPTS * SAVES / (double)wall * 1e3,
                  (long long)r.batches);
    pthread_mutex_destroy(&b->lock);
    pthread_cond_destroy(&b->all);
    delivery_destroy(d);
}
