/* web/sit_test.c - the exam protocol over HTTP: what doc/exam-protocol.md promises a client. */
#include "web/sit.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/json.h"
#include "people/viewer.h"
#include "web/seat_fixture.h"

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
    CHECK_INT("enters", enter(s, SEAT_DOCUMENT), 200);
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
    int64_t hashed = slow_calls().made;
    CHECK_INT("enters once more", enter(s, SEAT_DOCUMENT), 200);
    challenge = decoded(s, "challenge");
    wait = arena_printf(arena_of(s), "{\"attempt\":\"%s\",\"challenge\":\"%s\"}",
                        s->attempt_text,
                        base64url_write(arena_of(s), challenge.at, challenge.len));
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
    CHECK_INT("from entering to the receipt no password is hashed (S29)", slow_calls().made,
              hashed);
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

/* Who arranges stops a whole session; the room sees it, and nobody else's session stops. */
void session_time_test(void)
{
    static const struct {
        const char *what, *body;
        long status;
    } cases[] = {
        {"pause", "{}", 400},
        {"resume", "{\"reason\":\"来电\"}", 409},
        {"pause", "{\"reason\":\"停电\"}", 204},
        {"pause", "{\"reason\":\"停电\"}", 409},
        {"pause", "{\"reason\":\"停电\",\"attempt\":\"\"}", 400},
    };
    struct seated *s = seat_one();
    struct watcher here = watcher_of(s, "watcher1");
    struct asker arranger = asker_account(s->site, s->site->body.id, "arranger", R(registrar));
    struct asker other = asker_account(s->site, id_random(), "other", R(registrar));
    char session[ID_TEXT_BYTES], room[ID_TEXT_BYTES];
    id_write(s->session, session);
    id_write(s->room, room);
    give_duty(s, here.account);
    const char *view = arena_printf(arena_of(s), "/api/rooms/%s", room);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(cases[i].body,
                  ask(&arranger, "POST",
                      arena_printf(arena_of(s), "/api/sessions/%s/%s", session, cases[i].what),
                      cases[i].body),
                  cases[i].status);
    CHECK_INT("view", ask(&here.asker, "GET", view, NULL), 200);
    CHECK_TEXT("stands still", ask_text(&here.asker, "ledger/0/kind"), "pause");
    CHECK_TEXT("all of it", ask_text(&here.asker, "ledger/0/scope"), "session");
    const char *resume = arena_printf(arena_of(s), "/api/sessions/%s/resume", session);
    CHECK_INT("an invigilator", ask(&here.asker, "POST", resume, "{\"reason\":\"来电\"}"), 403);
    CHECK_INT("another body", ask(&other, "POST", resume, "{\"reason\":\"来电\"}"), 404);
    CHECK_INT("resume", ask(&arranger, "POST", resume, "{\"reason\":\"来电\"}"), 204);
    CHECK_INT("view", ask(&here.asker, "GET", view, NULL), 200);
    CHECK_TEXT("runs again", ask_text(&here.asker, "ledger/1/kind"), "resume");
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
