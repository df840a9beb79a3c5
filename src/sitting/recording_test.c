/* sitting/recording_test.c - pieces are kept once and whole; a flag is decided once, by a person; what a
 * workstation's check is judged by. */
#include "sitting/recording.h"

#include "base/arena.h"
#include "base/json.h"
#include "sitting/delivery_fixture.h"
#include "sitting/recording_key.h"
#include "sitting/seat_check.h"
#include "store/blob.h"

#define WEBM "\x1A\x45\xDF\xA3"

static struct live_attempt *seat(struct delivery *d, size_t n)
{
    return live_find(journal_live(d->writer), d->attempts[n]);
}

static struct piece_upload upload(struct delivery *d, const char *content)
{
    struct piece_upload in = {.attempt = seat(d, 0),
                              .media_type = "video/webm",
                              .content = {(const unsigned char *)content, strlen(content)},
                              .now_ms = fixture_now_ms};
    struct err e = {0};
    CHECK_OK("name",
             piece_name_read(arena_printf(d->t->arena, "camera.%lld.10000",
                                          (long long)in.attempt->session->starts_ms),
                             &in.name, &e),
             &e);
    return in;
}

void piece_names_test(void)
{
    static const char *const bad[] = {"camera",
                                      "camera.1",
                                      "camera.1.0",
                                      "camera.1.60001",
                                      "phone.1.2",
                                      "camera.1.2.3",
                                      "camera.-1.2",
                                      "camera..2",
                                      "camera.1234567890123456.2",
                                      ".1.2"};
    struct piece_name n;
    struct err e = {0};
    CHECK_OK("good", piece_name_read("screen.1764300000000.9987", &n, &e), &e);
    CHECK_TEXT("source", n.source, "screen");
    CHECK_INT("start", n.started_ms, 1764300000000);
    CHECK_INT("length", n.length_ms, 9987);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        CHECK_REFUSED(bad[i], piece_name_read(bad[i], &n, &e), &e, INVALID, "path");
    }
}

void piece_kept_once_test(void)
{
    struct delivery *d = delivery_create();
    struct arena *a = d->t->arena;
    struct err e = {0};
    struct piece_list list;
    struct blob blob;
    struct bytes plain;
    struct piece_upload in = upload(d, WEBM "ten seconds of picture and sound");
    CHECK_OK("keeps", piece_keep(d->writer, &d->t->blobs, a, &in, &e), &e);
    CHECK_OK("again", piece_keep(d->writer, &d->t->blobs, a, &in, &e), &e);
    CHECK_OK("lists", piece_list(d->t->db, a, in.attempt, &list, &e), &e);
    CHECK_INT("once", list.count, 1);
    CHECK_OK("blob", blob_get(d->t->db, a, list.at[0].blob, &blob, &e), &e);
    CHECK_OK("reads", blob_read(&d->t->blobs, a, &blob, &plain, &e), &e);
    CHECK("as sent",
          plain.len == in.content.len && memcmp(plain.at, in.content.at, plain.len) == 0);
    struct piece_upload other = upload(d, WEBM "something else of the same moment");
    CHECK_REFUSED("another", piece_keep(d->writer, &d->t->blobs, a, &other, &e), &e, CONFLICT,
                  "path");
    in.name.started_ms = 1;
    e = (struct err){0};
    CHECK_REFUSED("another day", piece_keep(d->writer, &d->t->blobs, a, &in, &e), &e, RULE,
                  "path");
    delivery_destroy(d);
}

void piece_faults_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct delivery *d = delivery_create();
        struct err e = {0}, none = {0};
        struct piece_list list;
        struct piece_upload in = upload(d, WEBM "picture and sound");
        db_fail_call(journal_db(d->writer), nth, nth % 2 == 0);
        bool ok = piece_keep(d->writer, &d->t->blobs, d->t->arena, &in, &e);
        db_fail_call(journal_db(d->writer), 0, false);
        CHECK_OK("lists", piece_list(d->t->db, d->t->arena, in.attempt, &list, &none), &none);
        CHECK_INT("whole or not at all", list.count, ok);
        delivery_destroy(d);
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 60);
    }
}

static const struct flag_reader *as(struct delivery *d, const struct actor *who)
{
    struct flag_reader *r = arena_new(d->t->arena, struct flag_reader);
    *r = (struct flag_reader){d->t->db, d->t->master, who, d->t->arena};
    return r;
}

void flags_are_decided_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct err e = {0};
    struct flag_list flags;
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    play_write(&dev, ENTRY_EVENT, 0, "{\"what\":\"hidden\"}");
    play_write(&dev, ENTRY_EVENT, 0, "{\"what\":\"shown\"}");
    play_write(&dev, ENTRY_EVENT, 0, "{\"what\":\"camera_lost\"}");
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    delivery_save(d, &dev, &answer);
    CHECK_OK("flags", flag_list(as(d, &d->t->actor), seat(d, 0), &flags, &e), &e);
    CHECK_INT("two are looked at", flags.count, 2);
    CHECK_TEXT("the first", flags.at[0].what, "hidden");
    CHECK("open", !flags.at[0].verdict && !flags.at[0].piece);
    struct flag_decision in = {seat(d, 0), flags.at[1].epoch, flags.at[1].seq, "harmless",
                               "摄像头线松了，已重新插好"};
    CHECK_OK("decides", flag_decide(as(d, &d->t->actor), &in, &e), &e);
    CHECK_REFUSED("once", flag_decide(as(d, &d->t->actor), &in, &e), &e, CONFLICT, "/seq");
    CHECK_OK("flags",
             flag_list(as(d, &d->t->actor), seat(d, 0), &flags, (e = (struct err){0}, &e)), &e);
    CHECK_TEXT("verdict", flags.at[1].verdict, "harmless");
    CHECK("the other is open", !flags.at[0].verdict);
    struct flag_decision bad = in;
    bad.verdict = "zero_marks";
    CHECK_REFUSED("no such verdict", flag_decide(as(d, &d->t->actor), &bad, &e), &e, INVALID,
                  "/verdict");
    bad = in;
    bad.reason = "";
    e = (struct err){0};
    CHECK_REFUSED("no reason", flag_decide(as(d, &d->t->actor), &bad, &e), &e, INVALID,
                  "/reason");
    bad = in;
    bad.seq = 99;
    e = (struct err){0};
    CHECK_REFUSED("no flag", flag_decide(as(d, &d->t->actor), &bad, &e), &e, NOT_FOUND, "/seq");
    in.seq = flags.at[0].seq;
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err why = {0}, none = {0};
        db_fail_call(d->t->db, nth, false);
        bool ok = flag_decide(as(d, &d->t->actor), &in, &why);
        db_fail_call(d->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(d->t->db));
        CHECK_OK("flags", flag_list(as(d, &d->t->actor), seat(d, 0), &flags, &none), &none);
        CHECK_INT("decided or not", flags.at[0].verdict != NULL, ok);
        if (ok)
            break;
        CHECK("ends", nth < 60);
    }
    play_end(&dev);
    delivery_destroy(d);
}

void seat_check_judged_test(void)
{
    struct arena *a = arena_create(1 << 20);
    const struct seat_check good = {.browser = "Chrome 109",
                                    .storage_bytes = 1 << 30,
                                    .strict = true,
                                    .subtle = true,
                                    .reloads = true,
                                    .offset_ms = -2000,
                                    .rtt_ms = 12,
                                    .kbit_s = 90000,
                                    .width = 1366,
                                    .height = 768,
                                    .camera = "not_asked",
                                    .microphone = "not_asked"};
    CHECK_TEXT("good", seat_check_judge(a, &good, false), "");
    CHECK_TEXT("recorded", seat_check_judge(a, &good, true), "camera,microphone");
    struct seat_check bad = good;
    bad.offset_ms = -3600000;
    bad.strict = false;
    bad.width = 800;
    CHECK_TEXT("bad", seat_check_judge(a, &bad, false), "strict,clock,screen");
    arena_destroy(a);
}

void piece_types_test(void)
{
    static const struct {
        const char *bytes, *type;
        size_t len;
    } rows[] = {
        {"\x1A\x45\xDF\xA3"
         "more",
         "video/webm", 8},
        {"\0\0\0\x20"
         "ftypisom",
         "video/mp4", 12},
        {"\xFF\xD8\xFF\xE0", "image/jpeg", 4},
        {"\x1A\x45\xDF", NULL, 3},
        {"<html><body>", NULL, 12},
        {"RIFF....AVI ", NULL, 12},
        {"", NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *type = piece_media_type(
            (struct bytes){(const unsigned char *)rows[i].bytes, rows[i].len});
        CHECK(rows[i].bytes, rows[i].type ? type && strcmp(type, rows[i].type) == 0 : !type);
    }
}

/* A flag with its ten seconds; each call that fails leaves the look made or not made. */
void flags_take_two_to_look_test(void)
{
    struct delivery *d = delivery_create();
    struct arena *a = d->t->arena;
    struct play_device dev;
    struct save_answer answer;
    struct err e = {0};
    struct flag_list flags;
    struct actor people[3] = {d->t->actor, d->t->actor, d->t->actor};
    struct piece_upload in = upload(d, WEBM "the moment");
    for (int i = 0; i < 3; i++)
        people[i].account = id_random();
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    play_write(&dev, ENTRY_EVENT, 0,
               arena_printf(a, "{\"at\":%lld,\"what\":\"blur\"}",
                            (long long)in.name.started_ms + 5000));
    play_write(&dev, ENTRY_EVENT, 0, "{\"what\":\"print\"}");
    delivery_save(d, &dev, &answer);
    CHECK_OK("keeps", piece_keep(d->writer, &d->t->blobs, a, &in, &e), &e);
    struct flag_place at = {seat(d, 0), 1, 1}, none = {seat(d, 0), 1, 99};
    CHECK_REFUSED("no flag", flag_look(as(d, &people[0]), &none, &e), &e, NOT_FOUND, "/seq");
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err why = {0}, fine = {0};
        db_fail_call(d->t->db, nth, false);
        bool ok = flag_look(as(d, &people[0]), &at, &why);
        db_fail_call(d->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(d->t->db));
        CHECK_OK("flags", flag_list(as(d, &people[0]), seat(d, 0), &flags, &fine), &fine);
        CHECK_INT("asked or not", flags.at[0].mine, ok);
        if (ok)
            break;
        CHECK("ends", nth < 60);
    }
    CHECK("one sees nothing", flags.at[0].piece && !flag_is_shown(&flags.at[0]));
    e = (struct err){0};
    CHECK_OK("the second", flag_look(as(d, &people[1]), &at, &e), &e);
    CHECK_REFUSED("a third", flag_look(as(d, &people[2]), &at, &e), &e, CONFLICT, "/seq");
    for (int i = 0; i < 3; i++) {
        e = (struct err){0};
        CHECK_OK("flags", flag_list(as(d, &people[i]), seat(d, 0), &flags, &e), &e);
        CHECK_INT("shown to the two", flag_is_shown(&flags.at[0]), i < 2);
    }
    play_end(&dev);
    delivery_destroy(d);
}

void recording_key_is_one_test(void)
{
    struct delivery *d = delivery_create();
    struct test_store *t = d->t;
    struct arena *a = t->arena;
    struct err e = {0};
    struct recording_key one, two;
    struct id session = seat(d, 0)->session->id, other = id_random();
    struct blob blob, old;
    struct bytes plain;
    const struct bytes content = {(const unsigned char *)WEBM "picture", 11};
    CHECK_REFUSED("none yet", recording_key_get(t->db, a, t->master, session, &one, &e), &e,
                  NOT_FOUND, "recording");
    e = (struct err){0};
    CHECK_OK("made", recording_key_ensure(t->db, &t->actor, t->master, session, &one, &e), &e);
    CHECK_OK("again", recording_key_ensure(t->db, &t->actor, t->master, session, &two, &e), &e);
    CHECK("the same", memcmp(one.key, two.key, KEY_BYTES) == 0);
    CHECK_OK("another session",
             recording_key_ensure(t->db, &t->actor, t->master, other, &two, &e), &e);
    CHECK("another key", memcmp(one.key, two.key, KEY_BYTES) != 0);
    struct blob_place mine = t->blobs, theirs = t->blobs;
    mine.key = one.key;
    theirs.key = two.key;
    CHECK_OK("writes", blob_write(&mine, a, PIECE_PURPOSE, "video/webm", content, &blob, &e),
             &e);
    CHECK_OK("reads", blob_read(&mine, a, &blob, &plain, &e), &e);
    CHECK("as written", plain.len == content.len);
    CHECK("not with another session's", !blob_read(&theirs, a, &blob, &plain, &e));
    CHECK("not with the master's", !blob_read(&t->blobs, a, &blob, &plain, &e));
    /* What was kept before sessions had keys still opens. */
    e = (struct err){0};
    CHECK_OK("old",
             blob_write(&t->blobs, a, PIECE_PURPOSE_OLD, "video/webm", content, &old, &e), &e);
    CHECK_OK("opens", blob_read(&t->blobs, a, &old, &plain, &e), &e);
    delivery_destroy(d);
}

struct destroying {
    struct actor *who;
    struct id session;
};

static bool destroy(struct db *db, void *ctx, struct err *e)
{
    const struct destroying *w = ctx;
    return recording_key_destroy(db, w->who, w->session, "申诉期满", e);
}

void recording_key_faults_test(void)
{
    struct delivery *d = delivery_create();
    struct test_store *t = d->t;
    struct recording_key key;
    struct destroying w = {&t->actor, seat(d, 0)->session->id};
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        db_fail_call(t->db, nth, false);
        bool ok = recording_key_ensure(t->db, &t->actor, t->master, w.session, &key, &e);
        db_fail_call(t->db, 0, false);
        CHECK("nothing left open", db_is_idle(t->db));
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("whole or not at all",
              recording_key_get(t->db, t->arena, t->master, w.session, &key, &none) ||
                  none.code == ERR_NOT_FOUND);
        CHECK("ends", nth < 60);
    }
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        db_fail_call(t->db, nth, false);
        bool ok = db_transact(t->db, destroy, &w, &e);
        db_fail_call(t->db, 0, false);
        CHECK_INT("opens until it is destroyed",
                  recording_key_get(t->db, t->arena, t->master, w.session, &key, &none), !ok);
        if (ok)
            break;
        CHECK("ends", nth < 60);
    }
    struct err e = {0};
    CHECK("never made again",
          !recording_key_ensure(t->db, &t->actor, t->master, w.session, &key, &e) &&
              e.code == ERR_NOT_FOUND);
    e = (struct err){0};
    CHECK_REFUSED("once", db_transact(t->db, destroy, &w, &e), &e, CONFLICT, "/recording");
    delivery_destroy(d);
}
