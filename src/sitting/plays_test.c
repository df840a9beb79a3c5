/* sitting/plays_test.c - plays of sounds, counted over machines, restarts and late arrivals, and flagged. */
#include "sitting/plays.h"

#include <string.h>

#include "bank/item_fixture.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "paper/key_set.h"
#include "paper/paper_store.h"
#include "sitting/delivery_fixture.h"
#include "sitting/fold.h"
#include "sitting/recording.h"
#include "sitting/sit_view.h"
#include "store/db.h"

static struct live_attempt *seat(struct delivery *d)
{
    return live_find(journal_live(d->writer), d->attempts[0]);
}

static void play(struct play_device *dev, uint16_t item, const char *payload)
{
    dev->mono_ms += 1000;
    play_write(dev, ENTRY_EVENT, item, payload);
}

static void send(struct delivery *d, struct play_device *dev, enum branch branch)
{
    struct save_answer answer;
    delivery_save(d, dev, &answer);
    CHECK_INT("stored", answer.result, SAVE_STORED);
    CHECK_INT("where", answer.branch, branch);
}

/* What a device that asks is told. */
static const char *told(struct delivery *d)
{
    struct err e = {0};
    struct attempt_answers answers;
    struct json_out *o = json_out_create(d->t->arena);
    CHECK_OK("answers", sit_answers(d->t->db, d->t->arena, seat(d), &answers, &e), &e);
    out_object(o);
    sit_state_put(o, d->writer, seat(d), &answers, fixture_now_ms);
    out_object_end(o);
    const char *at = strstr(json_out_text(o), "\"plays\":");
    CHECK("is told", at);
    return arena_printf(d->t->arena, "%.*s", (int)(strchr(at, ']') - at) + 1, at);
}

static void take_over(struct delivery *d, struct play_device *second)
{
    struct err e = {0};
    char code[TAKEOVER_CODE_BYTES];
    struct actor who = d->t->actor;
    who.now_ms = fixture_now_ms += 60000;
    CHECK_OK("code", takeover_code(d->writer, &who, seat(d), "机器坏了", code, &e), &e);
    play_begin(second, d->attempts[0]);
    CHECK_OK("takes over", delivery_claim(d, 0, second, code, &e), &e);
}

/* A reload asks again, a crash reads the disk again, another machine claims, the old one sends what it
 * still had: nobody gets a play more. The same on a room node's chain. */
static void plays_outlive(int64_t chain)
{
    struct delivery *d = delivery_plan();
    struct play_device first, second;
    d->chain = chain;
    delivery_close_store(d);
    delivery_begin(d);
    delivery_start_room(d, fixture_now_ms);
    delivery_open(d, 0, &first);
    CHECK_TEXT("none yet", told(d), "\"plays\":[]");
    play(&first, 3, "{\"media\":\"a1\",\"play\":1,\"what\":\"play\"}");
    play(&first, 3, "{\"media\":\"b1\",\"play\":1,\"what\":\"play\"}");
    play(&first, 2, "{\"media\":\"a1\",\"play\":1,\"what\":\"play\"}");
    play(&first, 3, "{\"media\":\"a1\",\"play\":9,\"what\":\"play\"}");
    play(&first, 0, "{\"media\":\"a1\",\"play\":1,\"what\":\"play\"}"); /* of no question */
    play(&first, 3, "{\"media\":7,\"what\":\"play\"}");
    play(&first, 3, "{\"media\":\"\",\"what\":\"play\"}");
    play(&first, 3, "{\"said\":{\"what\":\"play\"},\"media\":\"a1\",\"what\":\"hidden\"}");
    send(d, &first, BRANCH_MAIN);
    const char *now =
        "\"plays\":[{\"item\":2,\"media\":\"a1\",\"begun\":1},{\"item\":3,\"media\":"
        "\"a1\",\"begun\":2},{\"item\":3,\"media\":\"b1\",\"begun\":1}]";
    CHECK_TEXT("counted by the entries, not by what they say", told(d), now);
    delivery_restart(d);
    CHECK_TEXT("after kill -9", told(d), now);
    play(&first, 2, "{\"media\":\"a1\",\"play\":2,\"what\":\"play\"}"); /* not sent yet */
    take_over(d, &second);
    CHECK_TEXT("on the other machine", told(d), now);
    play(&second, 3, "{\"media\":\"b1\",\"play\":2,\"what\":\"play\"}");
    send(d, &second, BRANCH_MAIN);
    send(d, &first, BRANCH_ASIDE);
    CHECK_TEXT("the first one's late play, too", told(d),
               "\"plays\":[{\"item\":2,\"media\":\"a1\",\"begun\":2},{\"item\":3,\"media\":"
               "\"a1\",\"begun\":2},{\"item\":3,\"media\":\"b1\",\"begun\":2}]");
    play_end(&first);
    play_end(&second);
    delivery_destroy(d);
}

void plays_outlive_test(void)
{
    plays_outlive(0);
    plays_outlive(2);
}

void plays_of_too_many_test(void)
{
    struct arena *a = arena_create(16 << 20);
    struct play_list list = {0};
    for (int i = 0; i < PLAYS_KINDS_MAX; i++) {
        struct play one = {(uint16_t)(1 + i / 4), arena_printf(a, "m%d", i % 4), 1};
        CHECK_INT("new", play_add(a, &list, &one), 1);
    }
    struct play known = {9, "m2", 1}, more = {9, "zz", 1};
    CHECK_INT("goes on counting", play_add(a, &list, &known), 2);
    CHECK_INT("but takes no more", play_add(a, &list, &more), 0);
    CHECK_INT("full", list.count, PLAYS_KINDS_MAX);
    arena_destroy(a);
}

static bool put_keys(struct db *db, void *ctx, struct err *e)
{
    return sealed_session_put(db, ctx, fixture_now_ms, e);
}

/* The keys of the fixture's session: one paper, whose first question is the sample with a sound for two plays. */
static void seal_keys(struct delivery *d)
{
    struct arena *a = d->t->arena;
    struct err e = {0};
    struct form_item one = {.area = "B2", .point = "B2.1.1", .millimarks = 1000};
    CHECK_OK("sample", item_read(a, sample_item(a, "media"), &one.item, &e), &e);
    const struct layout_part part = {0};
    struct form form = {
        .row.id = id_random(), .parts = &part, .part_count = 1, .items = &one, .item_count = 1};
    const unsigned char seed[SEED_BYTES] = {1};
    unsigned char commitment[HASH_BYTES];
    struct sealed_session s = {.session = d->session,
                               .body = d->t->actor.body,
                               .revision = 1,
                               .title = "听力",
                               .minutes = 90};
    struct key_set_maker *k = key_set_begin(a, d->session, 1);
    CHECK_OK("form", key_set_add_form(k, &form, &e), &e);
    key_set_add_paper(k, seat(d)->paper, &form, seed);
    CHECK_OK("sealed", key_set_end(k, d->t->master, commitment, &s.key_set, &e), &e);
    s.key_commit = (struct bytes){commitment, HASH_BYTES};
    CHECK_OK("stored", db_transact(d->t->db, put_keys, &s, &e), &e);
}

static struct flag_list flags_of(struct delivery *d)
{
    struct err e = {0};
    struct flag_list flags;
    struct flag_reader r = {d->t->db, d->t->master, &d->t->actor, d->t->arena};
    CHECK_OK("flags", flag_list(&r, seat(d), &flags, &e), &e);
    return flags;
}

/* Two are allowed. The third one, of whichever machine, is for a person to look at. */
void plays_over_are_flagged_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device first, second;
    delivery_start_room(d, fixture_now_ms);
    delivery_open(d, 0, &first);
    play(&first, 1, "{\"media\":\"a1\",\"play\":1,\"what\":\"play\"}");
    play(&first, 1, "{\"media\":\"other\",\"play\":1,\"what\":\"play\"}");
    send(d, &first, BRANCH_MAIN);
    CHECK_INT("no keys, no limit", flags_of(d).count, 0);
    seal_keys(d);
    CHECK_INT("within it", flags_of(d).count, 0);
    play(&first, 1, "{\"media\":\"a1\",\"play\":2,\"what\":\"play\"}"); /* without a network */
    take_over(d, &second);
    play(&second, 1, "{\"media\":\"a1\",\"play\":2,\"what\":\"play\"}");
    send(d, &second, BRANCH_MAIN);
    CHECK_INT("as far as the server knows", flags_of(d).count, 0);
    send(d, &first, BRANCH_ASIDE);
    struct flag_list flags = flags_of(d);
    CHECK_INT("one too many", flags.count, 1);
    CHECK_TEXT("which", flags.at[0].what, "plays_over");
    CHECK_TEXT("in words", flag_label(flags.at[0].what), "音视频播放超过规定次数");
    CHECK_INT("the one that came last", flags.at[0].epoch, 1);
    CHECK_INT("its place", flags.at[0].seq, 3);
    play_end(&first);
    play_end(&second);
    delivery_destroy(d);
}
