/* sitting/delivery_fixture.c - a prepared session with candidates, for tests of the delivery. */
#include "sitting/delivery_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "sitting/fold.h"

int64_t fixture_now_ms;

static int64_t now_ms(void)
{
    return __atomic_load_n(&fixture_now_ms, __ATOMIC_SEQ_CST);
}

static void publish(void *ctx, struct id topic, const char *name, const char *json)
{
    struct delivery *d = ctx;
    pthread_mutex_lock(&d->lock);
    if (d->told_count == FIXTURE_EVENTS) {
        memmove(d->told, d->told + 1, sizeof d->told - sizeof *d->told);
        d->told_count--;
    }
    struct told *one = &d->told[d->told_count++];
    one->topic = topic;
    snprintf(one->name, sizeof one->name, "%s", name);
    snprintf(one->json, sizeof one->json, "%s", json);
    pthread_mutex_unlock(&d->lock);
}

const char *fixture_document(size_t seat)
{
    static const char *const numbers[] = {"11010519491231002X", "110105199001011234",
                                          "110105199102022345"};
    return numbers[seat];
}

const char *fixture_ticket(size_t seat)
{
    static const char *const tickets[] = {"26112800100010", "26112800100027", "26112800100034"};
    return tickets[seat];
}

static void start_writer(struct delivery *d)
{
    struct err e = {0};
    struct journal_config c = {.store = d->t->store,
                               .master = d->t->master,
                               .now_ms = now_ms,
                               .boot_ms = now_ms,
                               .chain = d->chain,
                               .publish = publish,
                               .publish_ctx = d};
    d->writer = journal_start(&c, &e);
    CHECK_OK("the writer starts", d->writer, &e);
}

static void plan_seats(struct delivery *d, struct attempt_plan *plans)
{
    for (size_t i = 0; i < FIXTURE_SEATS; i++) {
        struct attempt_plan *p = &plans[i];
        *p = (struct attempt_plan){.id = d->attempts[i] = id_random(),
                                   .room = d->room,
                                   .seat = id_random(),
                                   .entry = id_random(),
                                   .seat_no = (int64_t)i + 1,
                                   .ticket = fixture_ticket(i),
                                   .name = "张三",
                                   .document_letter = 'I',
                                   .document_country = "CN",
                                   .paper = id_random(),
                                   .paper_no = (int64_t)i + 1,
                                   .paper_bytes = 8192};
        blind_index(p->document_index, d->t->master, "CN", 'I', fixture_document(i));
        random_bytes(p->paper_digest, sizeof p->paper_digest);
    }
}

struct delivery *delivery_plan(void)
{
    struct test_store *t = test_store_create();
    struct delivery *d = arena_new(t->arena, struct delivery);
    d->t = t;
    d->session = id_random();
    d->room = id_random();
    pthread_mutex_init(&d->lock, NULL);
    fixture_now_ms = t->actor.now_ms;
    plan_seats(d, d->plans);
    return d;
}

void delivery_plan_same(struct delivery *d, const struct delivery *another)
{
    d->session = another->session;
    d->room = another->room;
    memcpy(d->attempts, another->attempts, sizeof d->attempts);
    memcpy(d->plans, another->plans, sizeof d->plans);
    d->t->actor.body = another->t->actor.body;
    for (size_t i = 0; i < FIXTURE_SEATS; i++)
        blind_index(d->plans[i].document_index, d->t->master, "CN", 'I', fixture_document(i));
}

static void prepare(struct delivery *d)
{
    struct err e = {0};
    struct room_plan room = {d->room, 1, "第一考场"};
    struct session_plan plan = {.id = d->session,
                                .body = d->t->actor.body,
                                .title = "理论知识考试",
                                .starts_ms = d->t->actor.now_ms,
                                .minutes = 90,
                                .zone_offset_ms = 8 * 3600000,
                                .late_limit_ms = 30 * 60000,
                                .earliest_hand_in_ms = 30 * 60000,
                                .weak_allowed = true,
                                .rooms = &room,
                                .room_count = 1,
                                .attempts = d->plans,
                                .attempt_count = FIXTURE_SEATS};
    CHECK_OK("prepares", session_prepare_plan(d->writer, &d->t->actor, &plan, &e), &e);
}

struct delivery *delivery_create(void)
{
    struct delivery *d = delivery_plan();
    start_writer(d);
    prepare(d);
    return d;
}

void delivery_close_store(struct delivery *d)
{
    db_close(d->t->db);
    store_close(d->t->store);
    d->t->db = NULL;
    d->t->store = NULL;
}

void delivery_resume(struct delivery *d)
{
    test_store_open_again(d->t);
    start_writer(d);
}

void delivery_begin(struct delivery *d)
{
    delivery_resume(d);
    prepare(d);
}

void delivery_restart(struct delivery *d)
{
    journal_stop(d->writer);
    start_writer(d);
}

void delivery_destroy(struct delivery *d)
{
    journal_stop(d->writer);
    pthread_mutex_destroy(&d->lock);
    test_store_destroy(d->t);
}

static struct actor actor_now(struct delivery *d)
{
    struct actor who = d->t->actor;
    who.now_ms = now_ms();
    return who;
}

void delivery_start_room(struct delivery *d, int64_t at_ms)
{
    struct err e = {0};
    struct actor who = actor_now(d);
    struct time_act act = {.session = d->session,
                           .scope = SCOPE_ROOM,
                           .scope_id = d->room,
                           .kind = LEDGER_START,
                           .at_ms = at_ms};
    CHECK_OK("the room starts", time_write(d->writer, &who, &act, &e), &e);
}

bool delivery_claim(struct delivery *d, size_t seat, struct play_device *dev,
                    const char *takeover, struct err *e)
{
    struct enter_input in = {fixture_ticket(seat), fixture_document(seat), NULL, now_ms()};
    struct entered entered;
    struct claimed claimed;
    unsigned char signature[64];
    struct actor who = actor_now(d);
    if (!attempt_enter(d->writer, &in, &entered, e))
        return false;
    dev->attempt = d->attempts[seat];
    struct claim_input claim = {.attempt = dev->attempt,
                                .claim = id_random(),
                                .pub = {dev->pub, sizeof dev->pub},
                                .signature = {signature, sizeof signature},
                                .takeover = takeover,
                                .actor = &who};
    play_claim_sign(dev, entered.challenge, claim.claim, signature);
    if (!attempt_claim(d->writer, &claim, &claimed, e))
        return false;
    memcpy(dev->file_key, claimed.file_key, KEY_BYTES);
    play_claimed(dev, claimed.epoch, claimed.save_key, claimed.attempt->paper_digest,
                 claimed.main_head);
    dev->client_ms = now_ms();
    return true;
}

void delivery_open(struct delivery *d, size_t seat, struct play_device *dev)
{
    struct err e = {0};
    struct actor who = actor_now(d);
    struct admission in = {.room = live_find_room(journal_live(d->writer), d->room),
                           .attempts = &d->attempts[seat],
                           .count = 1};
    play_begin(dev, d->attempts[seat]);
    CHECK_OK("admitted", room_admit(d->writer, &who, &in, &e), &e);
    CHECK_OK("claims", delivery_claim(d, seat, dev, NULL, &e), &e);
}

void delivery_save(struct delivery *d, struct play_device *dev, struct save_answer *answer)
{
    struct arena *a = arena_create(16 << 20);
    struct err e = {0};
    struct save_request rq = {play_body(dev, a), SOURCE_FILE, now_ms()};
    CHECK_OK("saves", journal_save_wait(d->writer, a, &rq, answer, &e), &e);
    if (answer->result == SAVE_STORED)
        play_acknowledged(dev);
    arena_destroy(a);
}

int delivery_told(struct delivery *d, struct id topic, const char *name)
{
    int n = 0;
    pthread_mutex_lock(&d->lock);
    for (size_t i = 0; i < d->told_count; i++)
        n += id_equal(d->told[i].topic, topic) && strcmp(d->told[i].name, name) == 0;
    pthread_mutex_unlock(&d->lock);
    return n;
}

size_t delivery_stored(struct delivery *d, size_t seat, enum branch branch)
{
    struct arena *a = arena_create(64 << 20);
    struct attempt_record r;
    struct err e = {0};
    struct live_attempt *at = live_find(journal_live(d->writer), d->attempts[seat]);
    size_t n = 0;
    CHECK_OK("reads the journal",
             attempt_record_load(d->t->db, a, at->id, at->committed_row, &r, &e), &e);
    for (size_t i = 0; i < r.row_count; i++)
        n += r.rows[i].branch == branch;
    arena_destroy(a);
    return n;
}
