/* web/sit_test.c - the exam protocol over HTTP: what doc/exam-protocol.md promises a client. */
#include "web/sit.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "sitting/device_play.h"
#include "sitting/live.h"
#include "sitting/prepare.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/signer.h"
#include "web/asker.h"

static const char ticket[] = "26112800100010", document[] = "11010519491231002X";

struct seated {
    struct site *site;
    struct asker asker;
    struct id session, room, attempt;
    struct actor who;
    struct play_device dev;
    char attempt_text[ID_TEXT_BYTES];
};

static struct arena *arena_of(struct seated *s)
{
    return s->site->t->arena;
}

static const char *path_of(struct seated *s, const char *rest)
{
    return arena_printf(arena_of(s), "/api/sit/%s/%s", s->attempt_text, rest);
}

static struct seated *seat_one(void)
{
    struct site *site = site_start();
    struct seated *s = arena_new(site->t->arena, struct seated);
    struct err e = {0};
    s->site = site;
    s->asker.site = site;
    s->session = id_random();
    s->room = id_random();
    s->attempt = id_random();
    id_write(s->attempt, s->attempt_text);
    s->who = site->t->actor;
    s->who.now_ms = clock_now_ms();
    site->app.signer = signer_create(site->t->arena, site->t->master);
    CHECK_OK("keys", signer_keys_ensure(site->app.signer, site->t->db, s->who.now_ms, &e), &e);

    struct room_plan room = {s->room, 1, "第一考场"};
    struct attempt_plan plan = {.id = s->attempt,
                                .room = s->room,
                                .seat = id_random(),
                                .entry = id_random(),
                                .seat_no = 7,
                                .ticket = ticket,
                                .name = "张三",
                                .document_letter = 'I',
                                .document_country = "CN",
                                .paper = id_random(),
                                .paper_no = 1,
                                .paper_bytes = 4224};
    blind_index(plan.document_index, site->t->master, "CN", 'I', document);
    random_bytes(plan.paper_digest, sizeof plan.paper_digest);
    struct session_plan session = {.id = s->session,
                                   .body = site->body.id,
                                   .title = "理论知识考试",
                                   .starts_ms = s->who.now_ms,
                                   .minutes = 90,
                                   .zone_offset_ms = 8 * 3600000,
                                   .late_limit_ms = 1800000,
                                   .rooms = &room,
                                   .room_count = 1,
                                   .attempts = &plan,
                                   .attempt_count = 1};
    CHECK_OK("prepares", session_prepare_plan(site->app.journal, &s->who, &session, &e), &e);
    play_begin(&s->dev, s->attempt);
    return s;
}

static void unseat(struct seated *s)
{
    play_end(&s->dev);
    site_stop(s->site);
}

static void admit(struct seated *s)
{
    struct err e = {0};
    struct admission in = {.room = live_find_room(journal_live(s->site->app.journal), s->room),
                           .attempts = &s->attempt,
                           .count = 1};
    CHECK_OK("admits", room_admit(s->site->app.journal, &s->who, &in, &e), &e);
}

static long enter(struct seated *s, const char *with_document)
{
    return ask(&s->asker, "POST", "/api/sit/enter",
               arena_printf(arena_of(s), "{\"ticket\":\"%s\",\"document\":\"%s\"}", ticket,
                            with_document));
}

static struct bytes decoded(struct seated *s, const char *member)
{
    const char *text = ask_text(&s->asker, member);
    struct bytes out = {NULL, 0};
    CHECK(member, text && base64url_read(arena_of(s), text, strlen(text), &out));
    return out;
}

/* Claims with the challenge of the last `enter`. */
static long claim(struct seated *s, struct bytes challenge, struct id claim_id)
{
    unsigned char signature[64];
    char text[ID_TEXT_BYTES];
    id_write(claim_id, text);
    play_claim_sign(&s->dev, challenge.at, claim_id, signature);
    return ask(&s->asker, "POST", "/api/sit/claim",
               arena_printf(arena_of(s),
                            "{\"attempt\":\"%s\",\"pub\":\"%s\",\"claim_id\":\"%s\","
                            "\"sig\":\"%s\"}",
                            s->attempt_text,
                            base64url_write(arena_of(s), s->dev.pub, sizeof s->dev.pub), text,
                            base64url_write(arena_of(s), signature, sizeof signature)));
}

static void take_keys(struct seated *s)
{
    unsigned char digest[HASH_BYTES], head[HASH_BYTES];
    CHECK("digest", hex_read(digest, HASH_BYTES, ask_text(&s->asker, "paper/sha256")));
    CHECK("head", hex_read(head, HASH_BYTES, ask_text(&s->asker, "main_head")));
    struct bytes save = decoded(s, "save"), file = decoded(s, "file");
    CHECK_INT("save key", save.len, KEY_BYTES);
    memcpy(s->dev.file_key, file.at, KEY_BYTES);
    play_claimed(&s->dev, (uint32_t)json_integer_value(json_object_get(s->asker.json, "epoch")),
                 save.at, digest, head);
}

static void open_attempt(struct seated *s)
{
    admit(s);
    CHECK_INT("enters", enter(s, document), 200);
    CHECK_INT("claims", claim(s, decoded(s, "challenge"), id_random()), 200);
    take_keys(s);
}

static long save(struct seated *s, struct bytes body)
{
    return ask_bytes(&s->asker, path_of(s, "journal"), "application/vnd.heng.journal", body);
}

static long get_with_proof(struct seated *s, const char *rest)
{
    const char *path = path_of(s, rest);
    const char *header = arena_printf(
        arena_of(s), "Authorization: %s",
        play_authorization(&s->dev, arena_of(s), "GET", path, (struct bytes){0}));
    const char *const headers[] = {header, NULL};
    return ask_with(&s->asker, "GET", path, NULL, headers);
}

static const char *form_of(struct seated *s, const json_t *receipt)
{
    struct err e = {0};
    struct bytes text;
    CHECK_OK("text", jcs_write(arena_of(s), receipt, &text, &e), &e);
    const size_t room = 3 * text.len + 9;
    char *form = arena_alloc(arena_of(s), room, 1);
    size_t n = (size_t)snprintf(form, room, "receipt=");
    for (size_t i = 0; i < text.len; i++)
        n += (size_t)snprintf(form + n, room - n, "%%%02X", text.at[i]);
    return form;
}

static bool shows(struct seated *s, const char *text)
{
    return strstr(s->asker.text, text) != NULL;
}

/* What a stranger finds with the code, with the text, with a changed text and with the file. */
static void receipt_pages(struct seated *s, json_t *receipt)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                          "Sec-Fetch-Site: same-origin", NULL};
    const char *code = json_string_value(json_object_get(receipt, "seal_code"));
    CHECK_INT("asks", ask(&s->asker, "GET", "/receipt", NULL), 200);
    CHECK("without script", shows(s, "封存码") && !shows(s, "<script"));
    CHECK_INT("by code", ask(&s->asker, "GET", arena_printf(arena_of(s), "/R/%s", code), NULL),
              200);
    CHECK("true", shows(s, "✓ 回执为真") && shows(s, code) && !shows(s, "张三"));
    CHECK_INT("another code", ask(&s->asker, "GET", "/R/0000-0000-0000-0000", NULL), 200);
    CHECK("none", shows(s, "? 未查到"));
    CHECK_INT("no code", ask(&s->asker, "GET", "/R/0000-0000", NULL), 400);
    CHECK_INT("the text",
              ask_with(&s->asker, "POST", "/receipt?lang=en", form_of(s, receipt), headers),
              200);
    CHECK("true", shows(s, "✓ The receipt is true"));
    json_object_set_new(receipt, "answered", json_integer(80));
    CHECK_INT("changed", ask_with(&s->asker, "POST", "/receipt", form_of(s, receipt), headers),
              200);
    CHECK("refused", shows(s, "✕ 回执不成立") && shows(s, "签名不成立"));
    CHECK_INT("nonsense",
              ask_with(&s->asker, "POST", "/receipt", "receipt=%3Cscript%3E", headers), 400);
    CHECK("nothing comes back", !shows(s, "script>"));
}

void sit_road_test(void)
{
    struct seated *s = seat_one();
    CHECK_INT("wrong document", enter(s, "110105199001011234"), 403);
    const char *sentence = arena_text(arena_of(s), ask_text(&s->asker, "error/text"));
    CHECK_INT("enters", enter(s, document), 200);
    CHECK_TEXT("name", ask_text(&s->asker, "name"), "张三");
    struct bytes challenge = decoded(s, "challenge");
    CHECK_INT("not admitted", claim(s, challenge, id_random()), 403);
    CHECK_TEXT("one sentence", ask_text(&s->asker, "error/text"), sentence);
    const char *wait = arena_printf(arena_of(s), "{\"attempt\":\"%s\",\"challenge\":\"%s\"}",
                                    s->attempt_text,
                                    base64url_write(arena_of(s), challenge.at, challenge.len));
    CHECK_INT("waits", ask(&s->asker, "POST", "/api/sit/wait", wait), 200);
    CHECK("not yet", json_is_false(json_object_get(s->asker.json, "admitted")));
    admit(s);
    CHECK_INT("waits", ask(&s->asker, "POST", "/api/sit/wait", wait), 200);
    CHECK("now", json_is_true(json_object_get(s->asker.json, "admitted")));
    struct id claim_id = id_random();
    CHECK_INT("claims", claim(s, challenge, claim_id), 200);
    take_keys(s);
    CHECK_INT("again", claim(s, challenge, claim_id), 200);
    CHECK_INT("the same epoch", json_integer_value(json_object_get(s->asker.json, "epoch")), 1);

    CHECK_INT("not begun", get_with_proof(s, "key"), 409);
    CHECK_TEXT("not begun", ask_text(&s->asker, "error/field"), "/open_at_ms");
    play_write(&s->dev, ENTRY_START, 0, "{\"client\":\"test\"}");
    play_write(&s->dev, ENTRY_ANSWER, 3, "[\"B\"]");
    struct bytes body = play_body(&s->dev, arena_of(s));
    for (int twice = 0; twice < 2; twice++) {
        CHECK_INT("saves", save(s, body), 200);
        CHECK_TEXT("main", ask_text(&s->asker, "branch"), "main");
        char hash[65];
        hex_write(hash, s->dev.head, HASH_BYTES);
        CHECK_TEXT("its hash", ask_text(&s->asker, "hash"), hash);
    }
    CHECK_INT("state", get_with_proof(s, "state"), 200);
    CHECK_TEXT("open", ask_text(&s->asker, "state"), "open");
    CHECK_TEXT("its answer", ask_text(&s->asker, "answers/0/response/0"), "B");
    CHECK_INT("no receipt yet", get_with_proof(s, "receipt"), 409);

    play_acknowledged(&s->dev);
    play_write_signed(&s->dev, arena_of(s), ENTRY_SEAL,
                      "{\"answered\":1,\"deadline_ms\":1,\"ledger\":0,\"reason\":\"hand_in\"}");
    CHECK_INT("hands in", save(s, play_body(&s->dev, arena_of(s))), 200);
    CHECK_INT("receipt", get_with_proof(s, "receipt"), 200);
    const char *receipt = arena_printf(arena_of(s), "{\"receipt\":%s}", s->asker.text);
    CHECK_INT("a stranger asks", ask(&s->asker, "POST", "/api/receipts/verify", receipt), 200);
    CHECK("true", json_is_true(json_object_get(s->asker.json, "valid")));
    const json_t *answer = json_keep(arena_of(s), json_loads(receipt, 0, NULL));
    receipt_pages(s, json_object_get(answer, "receipt"));
    CHECK_INT("no more claims", claim(s, challenge, id_random()), 409);
    CHECK_TEXT("sealed", ask_text(&s->asker, "error/field"), "/state");
    unseat(s);
}

void sit_save_refused_test(void)
{
    struct seated *s = seat_one();
    open_attempt(s);
    play_write(&s->dev, ENTRY_ANSWER, 1, "[\"A\"]");
    struct bytes first = play_body(&s->dev, arena_of(s));
    play_acknowledged(&s->dev);
    play_write(&s->dev, ENTRY_ANSWER, 2, "[\"A\"]");
    struct bytes second = play_body(&s->dev, arena_of(s));

    CHECK_INT("a gap", save(s, second), 409);
    CHECK_TEXT("a gap", ask_text(&s->asker, "error/field"), "/seq");
    CHECK_INT("what comes first", json_integer_value(json_object_get(s->asker.json, "expect")),
              1);
    CHECK_INT("another type",
              ask_bytes(&s->asker, path_of(s, "journal"), "application/octet-stream", first),
              415);
    CHECK_INT("nothing", save(s, (struct bytes){(const unsigned char *)"", 0}), 400);
    CHECK_INT("no entries", save(s, (struct bytes){first.at + 1, first.len - 1}), 400);
    unsigned char *forged = arena_copy(arena_of(s), first.at, first.len);
    forged[first.len - 1] ^= 1;
    CHECK_INT("a wrong tag", save(s, (struct bytes){forged, first.len}), 401);
    char other[ID_TEXT_BYTES];
    id_write(id_random(), other);
    CHECK_INT("another attempt's address",
              ask_bytes(&s->asker, arena_printf(arena_of(s), "/api/sit/%s/journal", other),
                        "application/vnd.heng.journal", first),
              400);
    CHECK_INT("the first", save(s, first), 200);
    CHECK_INT("then the second", save(s, second), 200);

    CHECK_INT("state without proof", ask(&s->asker, "GET", path_of(s, "state"), NULL), 401);
    s->dev.save_key[0] ^= 1;
    CHECK_INT("a wrong proof", get_with_proof(s, "state"), 401);
    CHECK_INT("the room is not for strangers", ask(&s->asker, "GET", "/api/rooms", NULL), 401);
    unseat(s);
}

/* 20 a second with a burst of 60: the next is told to wait, and nothing is lost by it. */
void sit_save_rate_test(void)
{
    struct seated *s = seat_one();
    open_attempt(s);
    play_write(&s->dev, ENTRY_ANSWER, 1, "[\"A\"]");
    struct bytes body = play_body(&s->dev, arena_of(s));
    long status = 200;
    int sent = 0;
    while (status == 200 && sent++ < 400)
        status = save(s, body);
    CHECK_INT("too many", status, 429);
    CHECK("says when", s->asker.retry_after >= 1);
    struct timespec pause = {s->asker.retry_after, 0};
    nanosleep(&pause, NULL);
    CHECK_INT("later", save(s, body), 200);
    unseat(s);
}

/* --- the invigilators' side --------------------------------------------------------------------- */
#define PASSWORD "vkqz-pmwt-xrbnd-2"

struct watcher {
    struct asker asker;
    struct id account;
    struct bytes seed; /* of the second factor */
};

static struct watcher watcher_of(struct seated *s, const char *login)
{
    struct err e = {0};
    struct test_store *t = s->site->t;
    struct people p = {t->db, t->arena, t->master, &s->who};
    struct account made;
    char first[FIRST_PASSWORD_BYTES], code[7];
    struct account_new n = {.login = login,
                            .display_name = "监考员",
                            .roles = R(invigilator),
                            .password = PASSWORD};
    struct watcher w = {.asker = {.site = s->site}};
    CHECK_OK("account", account_create(&p, &n, &made, first, &e), &e);
    w.account = made.id;
    CHECK_INT(
        "sign in",
        ask(&w.asker, "POST", "/api/sign-in",
            arena_printf(t->arena, "{\"login\":\"%s\",\"password\":\"%s\"}", login, PASSWORD)),
        200);
    CHECK_INT("offer", ask(&w.asker, "POST", "/api/me/totp", "{}"), 200);
    const char *secret = ask_text(&w.asker, "secret");
    CHECK("secret", secret && base32_read(t->arena, secret, strlen(secret), &w.seed));
    totp_code(code, w.seed.at, w.seed.len, clock_now_ms());
    CHECK_INT("confirm",
              ask(&w.asker, "POST", "/api/me/totp/confirm",
                  arena_printf(t->arena, "{\"code\":\"%s\"}", code)),
              200);
    return w;
}

struct duty_work {
    struct seated *s;
    struct id account;
};

static bool put_duty(struct db *db, void *ctx, struct err *e)
{
    const struct duty_work *w = ctx;
    struct query *q = db_query(db, SQL_staff_put);
    query_id(q, id_random());
    query_id(q, w->s->site->body.id);
    query_id(q, w->s->session);
    query_id(q, w->s->room);
    query_id(q, w->account);
    query_text(q, "invigilator");
    return query_run(q, e);
}

static void give_duty(struct seated *s, struct id account)
{
    struct duty_work w = {s, account};
    struct err e = {0};
    CHECK_OK("duty", db_transact(s->site->t->db, put_duty, &w, &e), &e);
}

static long act(struct seated *s, struct watcher *w, const char *what, const char *rest)
{
    char room[ID_TEXT_BYTES];
    id_write(s->room, room);
    return ask(&w->asker, "POST", arena_printf(arena_of(s), "/api/rooms/%s/%s", room, what),
               arena_printf(arena_of(s), "{\"attempt\":\"%s\"%s}", s->attempt_text, rest));
}

static void wait_for_state(struct seated *s, struct watcher *w, const char *want)
{
    char room[ID_TEXT_BYTES];
    id_write(s->room, room);
    for (int tries = 0; tries < 30; tries++) { /* the clerk looks twice a second */
        CHECK_INT("view",
                  ask(&w->asker, "GET", arena_printf(arena_of(s), "/api/rooms/%s", room), NULL),
                  200);
        if (strcmp(ask_text(&w->asker, "tiles/0/state"), want) == 0)
            return;
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    CHECK_TEXT("in three seconds", ask_text(&w->asker, "tiles/0/state"), want);
}

void room_acts_test(void)
{
    static const struct {
        const char *what, *rest;
        long status;
    } cases[] = {
        {"presence", ",\"present\":true", 204},
        {"admit", "", 200},
        {"admit", "", 200}, /* again: nobody new */
        {"presence", ",\"present\":false", 409},
        {"takeover", ",\"reason\":\"换机\"", 409}, /* nobody sits there yet */
        {"pause", "", 400},                        /* no reason */
        {"pause", ",\"reason\":\"停电\"", 200},
        {"pause", ",\"reason\":\"停电\"", 409},
        {"resume", ",\"reason\":\"来电\"", 200},
        {"extend", ",\"reason\":\"停电\",\"minutes\":10", 200},
        {"extend", ",\"reason\":\"停电\",\"minutes\":0", 400},
        {"extend", ",\"reason\":\"停电\",\"minutes\":241", 400},
        {"notice", ",\"text\":\"请安静\"", 204},
        {"violations",
         ",\"code\":\"subject_void\",\"trigger\":3,\"note\":\"离座\",\"told\":true", 200},
        {"violations", ",\"code\":\"none\",\"trigger\":3,\"note\":\"离座\",\"told\":true", 400},
        {"extend", ",\"reason\":\"停电\",\"minutes\":5,\"second\":1", 400},
    };
    struct seated *s = seat_one();
    struct watcher here = watcher_of(s, "watcher1"), elsewhere = watcher_of(s, "watcher2");
    give_duty(s, here.account);
    CHECK_INT("not this room's", act(s, &elsewhere, "admit", ""), 403);
    CHECK_INT("rooms", ask(&elsewhere.asker, "GET", "/api/rooms", NULL), 200);
    CHECK("none", json_array_size(json_object_get(elsewhere.asker.json, "rooms")) == 0);
    CHECK_INT("rooms", ask(&here.asker, "GET", "/api/rooms", NULL), 200);
    CHECK_TEXT("one", ask_text(&here.asker, "rooms/0/name"), "第一考场");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(cases[i].what, act(s, &here, cases[i].what, cases[i].rest), cases[i].status);
    CHECK_INT("codes", ask(&here.asker, "GET", "/api/violation-codes", NULL), 200);
    CHECK_TEXT("article", ask_text(&here.asker, "codes/0/article"), "第六条");
    unseat(s);
}

/* Two invigilators close a dead device's attempt; one cannot. */
void room_close_test(void)
{
    struct seated *s = seat_one();
    struct watcher one = watcher_of(s, "watcher1"), two = watcher_of(s, "watcher2");
    char code[7];
    give_duty(s, one.account);
    give_duty(s, two.account);
    open_attempt(s);
    CHECK_INT("proposes", act(s, &one, "close", ",\"reason\":\"主机损坏\""), 202);
    const char *confirm = arena_printf(arena_of(s), "/api/approvals/%s/confirm",
                                       ask_text(&one.asker, "approval/id"));
    totp_code(code, one.seed.at, one.seed.len, clock_now_ms() + 30000);
    const char *body = arena_printf(arena_of(s), "{\"code\":\"%s\"}", code);
    CHECK_INT("not by oneself", ask(&one.asker, "POST", confirm, body), 403);
    wait_for_state(s, &one, "open");
    totp_code(code, two.seed.at, two.seed.len, clock_now_ms() + 30000);
    body = arena_printf(arena_of(s), "{\"code\":\"%s\"}", code);
    CHECK_INT("the second confirms", ask(&two.asker, "POST", confirm, body), 200);
    wait_for_state(s, &two, "closed");
    play_write(&s->dev, ENTRY_ANSWER, 1, "[\"A\"]");
    CHECK_INT("what comes later is kept", save(s, play_body(&s->dev, arena_of(s))), 200);
    CHECK_TEXT("aside", ask_text(&s->asker, "branch"), "aside");
    unseat(s);
}
