/* sitting/writer_mixed_test.c - saves and claims in the same groups: each is answered once, and what
 * belongs to whoever waited is not touched after its answer. */
#include <pthread.h>

#include "sitting/delivery_fixture.h"

enum { SAVES = 400, CLAIMS = 60, CLAIM_EVERY_MS = 15000 };

struct side {
    struct delivery *d;
    struct play_device dev;
    size_t seat;
    int done;
};

static void *save_much(void *arg)
{
    struct side *s = arg;
    for (int i = 0; i < SAVES; i++) {
        struct save_answer answer;
        play_write(&s->dev, ENTRY_ANSWER, (uint16_t)(1 + i % 50), "[\"B\"]");
        delivery_save(s->d, &s->dev, &answer);
        s->done += answer.result == SAVE_STORED;
    }
    return NULL;
}

/* The same device claims again and again, a little later each time. */
static void *claim_much(void *arg)
{
    struct side *s = arg;
    for (int i = 1; i <= CLAIMS; i++) {
        struct err e = {0};
        struct actor who = s->d->t->actor;
        who.now_ms = fixture_now_ms + (int64_t)i * CLAIM_EVERY_MS;
        struct enter_input in = {fixture_ticket(s->seat), fixture_document(s->seat), NULL,
                                 who.now_ms};
        struct entered entered;
        struct claimed claimed;
        unsigned char signature[64];
        struct claim_input claim = {.attempt = s->d->attempts[s->seat],
                                    .claim = id_random(),
                                    .pub = {s->dev.pub, sizeof s->dev.pub},
                                    .signature = {signature, sizeof signature},
                                    .actor = &who};
        if (!attempt_enter(s->d->writer, &in, &entered, &e))
            return NULL;
        play_claim_sign(&s->dev, entered.challenge, claim.claim, signature);
        if (!attempt_claim(s->d->writer, &claim, &claimed, &e))
            return NULL;
        s->done++;
    }
    return NULL;
}

void writer_mixed_groups_test(void)
{
    struct delivery *d = delivery_create();
    static struct side sides[FIXTURE_SEATS];
    pthread_t threads[FIXTURE_SEATS];
    delivery_start_room(d, fixture_now_ms);
    for (size_t i = 0; i < FIXTURE_SEATS; i++) {
        sides[i] = (struct side){.d = d, .seat = i};
        delivery_open(d, i, &sides[i].dev);
    }
    for (size_t i = 0; i < FIXTURE_SEATS; i++)
        CHECK_INT("thread",
                  pthread_create(&threads[i], NULL, i < 2 ? save_much : claim_much, &sides[i]),
                  0);
    for (size_t i = 0; i < FIXTURE_SEATS; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT("every save is stored", sides[0].done, SAVES);
    CHECK_INT("of the other too", sides[1].done, SAVES);
    CHECK_INT("every claim is answered", sides[2].done, CLAIMS);
    CHECK_INT("on disk", delivery_stored(d, 0, BRANCH_MAIN), SAVES);
    for (size_t i = 0; i < FIXTURE_SEATS; i++)
        play_end(&sides[i].dev);
    delivery_destroy(d);
}
