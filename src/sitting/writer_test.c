/* sitting/writer_test.c - saves, claims and acts through the real writer and its database. */
#include "sitting/delivery_fixture.h"

#include "base/bytes.h"
#include "sitting/fold.h"

static void write_answers(struct play_device *dev, uint16_t from, uint16_t to)
{
    for (uint16_t n = from; n <= to; n++) {
        dev->client_ms += 1000;
        dev->mono_ms += 1000;
        play_write(dev, ENTRY_ANSWER, n, n % 2 ? "[\"A\"]" : "[\"B\"]");
    }
}

void writer_round_trip_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    delivery_start_room(d, fixture_now_ms);
    delivery_open(d, 0, &dev);
    play_write(&dev, ENTRY_START, 0, "{\"client\":\"test\"}");
    write_answers(&dev, 1, 5);
    play_write(&dev, ENTRY_CLEAR, 2, "null");
    play_write(&dev, ENTRY_FLAG, 3, "true");
    delivery_save(d, &dev, &answer);
    CHECK_INT("stored", answer.result, SAVE_STORED);
    CHECK_INT("main", answer.branch, BRANCH_MAIN);
    CHECK_INT("seq", answer.seq, 8);
    CHECK("hash", memcmp(answer.hash, dev.head, HASH_BYTES) == 0);

    for (int again = 0; again < 2; again++) {
        struct attempt_answers answers;
        struct err e = {0};
        struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[0]);
        CHECK_INT("tile", a->answered, 4);
        CHECK_INT("seq in memory", a->main_seq, 8);
        struct attempt_record r;
        CHECK_OK("record",
                 attempt_record_load(d->t->db, d->t->arena, a->id, a->committed_row, &r, &e),
                 &e);
        attempt_record_fold(d->t->arena, &r, &answers);
        CHECK_INT("answered", answers.answered, 4);
        CHECK_INT("items", answers.count, 5);
        CHECK("cleared", !answers.items[1].response.at);
        CHECK("flagged", answers.items[2].flagged);
        CHECK_INT("last", answers.last_item, 5);
        CHECK("response", memcmp(answers.items[0].response.at, "[\"A\"]", 5) == 0);
        delivery_restart(d); /* nothing of it was only in memory */
    }
    write_answers(&dev, 6, 7);
    delivery_save(d, &dev, &answer);
    CHECK_INT("goes on after the restart", answer.branch, BRANCH_MAIN);
    CHECK_INT("seq", answer.seq, 10);
    play_end(&dev);
    delivery_destroy(d);
}

static void send_body(struct delivery *d, struct bytes body, struct save_answer *answer)
{
    struct err e = {0};
    struct save_request rq = {body, SOURCE_FILE, fixture_now_ms};
    CHECK_OK("answered", journal_save_wait(d->writer, d->t->arena, &rq, answer, &e), &e);
}

void writer_repeats_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer first, again;
    delivery_open(d, 0, &dev);
    struct bytes bodies[4];
    for (int i = 0; i < 4;
         i++) { /* 12 entries each: repeats fall in and out of what is recent */
        play_acknowledged(&dev);
        write_answers(&dev, 1, 12);
        bodies[i] = play_body(&dev, d->t->arena);
    }
    send_body(d, bodies[1], &again);
    CHECK_INT("gap", again.result, SAVE_GAP);
    CHECK_INT("expects the first", again.expect, 1);
    for (int i = 0; i < 4; i++)
        send_body(d, bodies[i], &first);
    CHECK_INT("48 stored", delivery_stored(d, 0, BRANCH_MAIN), 48);
    for (int i = 0; i < 4; i++) {
        send_body(d, bodies[i], &again);
        CHECK_INT("again main", again.branch, BRANCH_MAIN);
        CHECK_INT("its own seq", again.seq, 12 * (i + 1));
    }
    delivery_restart(d);
    for (int i = 3; i >= 0; i--)
        send_body(d, bodies[i], &again);
    CHECK_INT("nothing stored twice", delivery_stored(d, 0, BRANCH_MAIN), 48);
    CHECK_INT("nothing aside", delivery_stored(d, 0, BRANCH_ASIDE), 0);
    play_end(&dev);
    delivery_destroy(d);
}

/* S11: a wrong tag, another attempt's, an older epoch's key. */
void save_forged_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device x, y;
    struct err e = {0};
    struct save_answer answer;
    delivery_open(d, 0, &x);
    delivery_open(d, 1, &y);
    write_answers(&x, 1, 1);
    struct bytes body = play_body(&x, d->t->arena);
    unsigned char *bytes = arena_copy(d->t->arena, body.at, body.len);
    bytes[body.len - 1] ^= 1;
    struct save_request rq = {{bytes, body.len}, SOURCE_FILE, fixture_now_ms};
    CHECK_REFUSED("a wrong tag", journal_save_wait(d->writer, d->t->arena, &rq, &answer, &e),
                  &e, UNAUTHENTICATED, "/tag");
    unsigned char own[KEY_BYTES];
    memcpy(own, x.save_key, KEY_BYTES);
    memcpy(x.save_key, y.save_key, KEY_BYTES);
    rq.body = play_body(&x, d->t->arena);
    e = (struct err){0};
    CHECK_REFUSED("another attempt's key",
                  journal_save_wait(d->writer, d->t->arena, &rq, &answer, &e), &e,
                  UNAUTHENTICATED, "/tag");
    memcpy(x.save_key, own, KEY_BYTES);
    CHECK_INT("nothing stored", delivery_stored(d, 0, BRANCH_MAIN), 0);

    /* The device's next epoch, tagged with the key of the one before. */
    CHECK_OK("claims again", delivery_claim(d, 0, &x, NULL, (e = (struct err){0}, &e)), &e);
    CHECK_INT("second epoch", x.epoch, 2);
    write_answers(&x, 1, 1);
    unsigned char now[KEY_BYTES];
    memcpy(now, x.save_key, KEY_BYTES);
    memcpy(x.save_key, own, KEY_BYTES);
    rq.body = play_body(&x, d->t->arena);
    e = (struct err){0};
    CHECK_REFUSED("the older epoch's key",
                  journal_save_wait(d->writer, d->t->arena, &rq, &answer, &e), &e,
                  UNAUTHENTICATED, "/tag");
    memcpy(x.save_key, now, KEY_BYTES);
    delivery_save(d, &x, &answer);
    CHECK_INT("its own", answer.branch, BRANCH_MAIN);
    play_end(&x);
    play_end(&y);
    delivery_destroy(d);
}

/* S13 on the real store: an old device's entries and a restored profile's go aside, all kept. */
void aside_is_kept_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device old, new_device;
    struct save_answer answer;
    struct err e = {0};
    char code[TAKEOVER_CODE_BYTES];
    struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[0]);
    delivery_open(d, 0, &old);
    write_answers(&old, 1, 3);
    delivery_save(d, &old, &answer);
    struct play_device profile = old; /* a copy of the profile */
    write_answers(&old, 4, 6);
    delivery_save(d, &old, &answer);
    write_answers(&profile, 7, 9); /* put back: forks at seq 4 */
    delivery_save(d, &profile, &answer);
    CHECK_INT("fork goes aside", answer.branch, BRANCH_ASIDE);
    CHECK_INT("kept", delivery_stored(d, 0, BRANCH_ASIDE), 3);

    write_answers(&old, 7, 7); /* on the old device, not sent before it dies */
    CHECK_OK("code", takeover_code(d->writer, &d->t->actor, a, "机器坏了", code, &e), &e);
    play_begin(&new_device, d->attempts[0]);
    CHECK_OK("takes over", delivery_claim(d, 0, &new_device, code, &e), &e);
    CHECK_INT("second epoch", new_device.epoch, 2);
    delivery_save(d, &old, &answer);
    CHECK_INT("late entries of the old device", answer.branch, BRANCH_ASIDE);
    CHECK_INT("all of them", delivery_stored(d, 0, BRANCH_ASIDE), 4);
    play_end(&old);
    play_end(&new_device);
    delivery_destroy(d);
}
