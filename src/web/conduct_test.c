/* web/conduct_test.c - how a session is held, over HTTP: who may set and see it, what an online and
 * recorded sitting takes and refuses, Safe Exam Browser by header and by its JavaScript API. */
#include "sitting/conduct.h"

#include "base/clock.h"
#include "base/json.h"
#include "people/account.h"
#include "sitting/live.h"
#include "sitting/recording.h"
#include "store/db.h"
#include "web/seat_fixture.h"

#define COMPUTER                                                                               \
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/109.0 Safari/537.36"
#define PHONE "User-Agent: Mozilla/5.0 (Linux; Android 14; K) Chrome/120.0 Mobile Safari/537.36"

static const char *of_session(struct seated *s, const char *rest)
{
    char id[ID_TEXT_BYTES];
    id_write(s->session, id);
    return arena_printf(arena_of(s), "/api/sessions/%s/%s", id, rest);
}

static const char *of_room(struct seated *s, const char *rest)
{
    char id[ID_TEXT_BYTES];
    id_write(s->room, id);
    return arena_printf(arena_of(s), "/api/rooms/%s/%s", id, rest);
}

/* Seated, and the registrar has set this. */
static struct seated *seat_held(const char *conduct, struct asker *registrar)
{
    return seat_with(&(struct seat_plan){.starts_ms = clock_now_ms(),
                                         .late_limit_ms = 15 * 60000,
                                         .conduct = conduct,
                                         .registrar = registrar});
}

#define RECORDED  "{\"online\":true,\"recorded\":true,\"seb\":false}"
#define IN_A_ROOM "{\"online\":false,\"recorded\":false,\"seb\":false}"

/* --- setting ------------------------------------------------------------------------------------ */
void conduct_over_http_test(void)
{
    static const struct {
        const char *body, *field;
        long status;
    } cases[] = {
        {"{\"online\":true,\"recorded\":true,\"seb\":false,\"score\":1}", "/score", 400},
        {"{\"online\":true,\"recorded\":true}", "/seb", 400},
        {"{\"online\":1,\"recorded\":true,\"seb\":false}", "/online", 400},
        {"{\"online\":false,\"recorded\":true,\"seb\":false}", "/recorded", 400},
        {"{\"online\":true,\"recorded\":true,\"seb\":true,\"seb_browser_keys\":\"12ab\"}",
         "/seb_browser_keys", 400},
    };
    struct asker registrar;
    struct seated *s = seat_held(IN_A_ROOM, &registrar);
    const char *path = of_session(s, "conduct");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(cases[i].body, ask(&registrar, "PUT", path, cases[i].body), cases[i].status);
        CHECK_TEXT(cases[i].body, ask_text(&registrar, "error/field"), cases[i].field);
    }
    CHECK_INT("read", ask(&registrar, "GET", path, NULL), 200);
    CHECK("as it was", json_is_false(json_object_get(registrar.json, "online")) &&
                           json_is_false(json_object_get(registrar.json, "recorded")));
    struct id elsewhere = id_random();
    struct asker other = asker_account(s->site, elsewhere, "registrar2", R(registrar));
    struct asker watcher = asker_account(s->site, s->site->body.id, "watcher9", R(invigilator));
    CHECK_INT("another body reads", ask(&other, "GET", path, NULL), 404);
    CHECK_INT("another body sets", ask(&other, "PUT", path, RECORDED), 404);
    CHECK_INT("an invigilator sets", ask(&watcher, "PUT", path, RECORDED), 403);
    CHECK_INT("nobody", ask(&s->asker, "GET", path, NULL), 401);
    unseat(s);
}

/* --- Safe Exam Browser -------------------------------------------------------------------------- */
static const char browser_key[] =
    "787c3f3d7211ff09ad5ba6a62f67b6a2092eb3080b5b5d29d578f3a3d901cbae";

static long claim_by_header(struct seated *s, struct bytes challenge, const char *config,
                            const char *browser)
{
    const char *const headers[] = {
        COMPUTER,
        "Content-Type: application/json",
        "Heng-Request: 1",
        "Sec-Fetch-Site: same-origin",
        arena_printf(arena_of(s), "X-SafeExamBrowser-ConfigKeyHash: %s", config),
        arena_printf(arena_of(s), "X-SafeExamBrowser-RequestHash: %s", browser),
        NULL};
    return ask_with(&s->asker, "POST", "/api/sit/claim",
                    claim_body(s, challenge, id_random(), ""), headers);
}

static void seb_file_is_right(struct seated *s, struct asker *registrar)
{
    char id[ID_TEXT_BYTES];
    id_write(s->session, id);
    struct asker anybody = {.site = s->site};
    CHECK_INT("the file", ask(&anybody, "GET", arena_printf(arena_of(s), "/seb/%s", id), NULL),
              200);
    CHECK("its type", strstr(anybody.headers, "Content-Type: application/seb"));
    CHECK("to save",
          strstr(anybody.headers, "attachment") && strstr(anybody.headers, "exam.seb"));
    CHECK("where it goes", strstr(anybody.text, arena_printf(arena_of(s),
                                                             "<key>startURL</key><string>"
                                                             "%s/sit/online</string>",
                                                             s->site->url)));
    CHECK("the password is not in it", !strstr(anybody.text, "离开考场"));
    static const char *const bad[] = {"",
                                      "?at=",
                                      "?at=room-7",
                                      "?at=ftp%3A%2F%2Froom-7",
                                      "?at=https%3A%2F%2Froom-7%2Fsit",
                                      "?at=https%3A%2F%2Fa%3Cb"};
    const char *path = of_session(s, "seb");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT(bad[i],
                  ask(registrar, "GET", arena_printf(arena_of(s), "%s%s", path, bad[i]), NULL),
                  400);
    CHECK_INT("a node's file",
              ask(registrar, "GET",
                  arena_printf(arena_of(s), "%s?at=https%%3A%%2F%%2Froom-7.example", path),
                  NULL),
              200);
    CHECK("goes to the node",
          strstr(registrar->text, "<string>https://room-7.example/sit/online</string>") &&
              strstr(registrar->text, "<string>room-7.example/*</string>"));
    CHECK_INT("not for strangers",
              ask(&anybody, "GET",
                  arena_printf(arena_of(s), "%s?at=https%%3A%%2F%%2Froom-7.example", path),
                  NULL),
              401);
    CHECK_INT("no longer", ask(registrar, "PUT", of_session(s, "conduct"), RECORDED), 200);
    CHECK_INT("no file", ask(&anybody, "GET", arena_printf(arena_of(s), "/seb/%s", id), NULL),
              404);
}

static void proof_of(struct seated *s, const char *config_key, const char *path, char config[],
                     char browser[])
{
    const char *url = arena_printf(arena_of(s), "%s%s", s->site->url, path);
    seb_request_hash(url, config_key, config);
    seb_request_hash(url, browser_key, browser);
}

/* By header the address is the claim's own; by the JavaScript API it is the page's. */
void seb_over_http_test(void)
{
    static const char by_api[] =
        ",\"seb_url\":\"%s\",\"seb_config\":\"%s\",\"seb_browser\":\"%s\"";
    char config[SEB_KEY_TEXT], browser[SEB_KEY_TEXT];
    struct asker registrar;
    struct seated *s = seat_held(
        "{\"online\":true,\"recorded\":false,\"seb\":true,"
        "\"quit_password\":\"离开考场\",\"seb_browser_keys\":"
        "\"787c3f3d7211ff09ad5ba6a62f67b6a2092eb3080b5b5d29d578f3a3d901"
        "cbae\"}",
        &registrar);
    const char *key = ask_text(&registrar, "config_key");
    CHECK("its key", key && strlen(key) == SEB_KEY_TEXT - 1);
    admit(s);
    CHECK_INT("enters", enter(s, SEAT_DOCUMENT), 200);
    struct bytes challenge = decoded(s, "challenge");
    CHECK_INT("another browser", claim(s, challenge, id_random()), 403);
    CHECK_TEXT("says so", ask_text(&s->asker, "error/field"), "/seb");
    proof_of(s, key, "/sit/online", config, browser);
    CHECK_INT("hashes over another address", claim_by_header(s, challenge, config, browser),
              403);
    const char *page = arena_printf(arena_of(s), "%s/sit/online", s->site->url);
    const char *body = claim_body(s, challenge, id_random(),
                                  arena_printf(arena_of(s), by_api, page, config, config));
    CHECK_INT("another program", ask(&s->asker, "POST", "/api/sit/claim", body), 403);
    body = claim_body(
        s, challenge, id_random(),
        arena_printf(arena_of(s), by_api, "https://evil.example/sit", config, browser));
    CHECK_INT("somebody else's page", ask(&s->asker, "POST", "/api/sit/claim", body), 403);
    body = claim_body(s, challenge, id_random(),
                      arena_printf(arena_of(s), by_api, page, config, browser));
    CHECK_INT("by the API", ask(&s->asker, "POST", "/api/sit/claim", body), 200);
    CHECK_INT("enters again", enter(s, SEAT_DOCUMENT), 200);
    challenge = decoded(s, "challenge");
    proof_of(s, key, "/api/sit/claim", config, browser);
    CHECK_INT("a wrong config", claim_by_header(s, challenge, browser, browser), 403);
    CHECK_INT("by header", claim_by_header(s, challenge, config, browser), 200);
    seb_file_is_right(s, &registrar);
    unseat(s);
}

/* --- at the seat -------------------------------------------------------------------------------- */
static long from(struct seated *s, const char *agent, const char *path, const char *body)
{
    const char *const headers[] = {agent, "Content-Type: application/json", "Heng-Request: 1",
                                   "Sec-Fetch-Site: same-origin", NULL};
    return ask_with(&s->asker, "POST", path, body, headers);
}

void online_takes_a_computer_test(void)
{
    static const char *const phones[] = {PHONE, "Sec-CH-UA-Mobile: ?1"};
    struct asker registrar;
    struct seated *s = seat_held(RECORDED, &registrar);
    const char *body = "{\"ticket\":\"" SEAT_TICKET "\",\"document\":\"" SEAT_DOCUMENT "\"}";
    admit(s);
    for (size_t i = 0; i < sizeof phones / sizeof *phones; i++) {
        CHECK_INT(phones[i], from(s, phones[i], "/api/sit/enter", body), 403);
        CHECK_TEXT(phones[i], ask_text(&s->asker, "error/field"), "/device");
    }
    CHECK_INT("a computer", from(s, COMPUTER, "/api/sit/enter", body), 200);
    const json_t *session = json_object_get(s->asker.json, "session");
    CHECK("said", json_is_true(json_object_get(session, "online")) &&
                      json_is_true(json_object_get(session, "recorded")));
    struct bytes challenge = decoded(s, "challenge");
    body = claim_body(s, challenge, id_random(), "");
    CHECK_INT("claims on a phone", from(s, PHONE, "/api/sit/claim", body), 403);
    CHECK_TEXT("says so", ask_text(&s->asker, "error/field"), "/device");
    CHECK_INT("claims", from(s, COMPUTER, "/api/sit/claim", body), 200);
    take_keys(s);
    CHECK_INT("without proof", ask(&s->asker, "GET", path_of(s, "conduct"), NULL), 401);
    CHECK_INT("with proof", get_with_proof(s, "conduct"), 200);
    CHECK_TEXT("the consent", ask_text(&s->asker, "consent/version"), "2026-1");
    CHECK("its text", strstr(ask_text(&s->asker, "consent/text"), "由两人共同查看"));
    unseat(s);
    s = seat_one();
    CHECK_INT("a phone in a room",
              from(s, PHONE, "/api/sit/enter",
                   "{\"ticket\":\"" SEAT_TICKET "\",\"document\":\"" SEAT_DOCUMENT "\"}"),
              200);
    unseat(s);
}

/* Sixteen minutes after the start, by the rule of fifteen. */
void late_is_late_test(void)
{
    for (int64_t minute = 14; minute <= 16; minute += 2) {
        struct seated *s = seat_with(&(struct seat_plan){
            .starts_ms = clock_now_ms() - minute * 60000, .late_limit_ms = 15 * 60000});
        struct watcher w = watcher_of(s, "watcher1");
        give_duty(s, w.account);
        CHECK_INT("enters", enter(s, SEAT_DOCUMENT), 200);
        long status = ask(&w.asker, "POST", of_room(s, "admit"),
                          arena_printf(arena_of(s), "{\"attempt\":\"%s\"}", s->attempt_text));
        CHECK_INT("admitted or not", status, minute < 15 ? 200 : 422);
        if (status == 422)
            CHECK("why", strstr(ask_text(&w.asker, "error/text"), "超过 15 分钟"));
        unseat(s);
    }
}

/* --- workstations ------------------------------------------------------------------------------- */
static const char *check_body(struct seated *s, const char *token, int seat, const char *more)
{
    char room[ID_TEXT_BYTES];
    id_write(s->room, room);
    return arena_printf(
        arena_of(s),
        "{\"room\":\"%s\",\"token\":\"%s\",\"result\":{\"seat_no\":%d,\"browser\":\"Chrome "
        "109\","
        "\"storage_bytes\":99000000,\"persisted\":true,\"strict\":true,\"subtle\":true,"
        "\"reloads\":true,\"offset_ms\":-1500,\"rtt_ms\":12,\"kbit_s\":9000,\"width\":1366,"
        "\"height\":768,\"camera\":\"ok\",\"microphone\":\"refused\",\"seb\":false%s}}",
        room, token, seat, more);
}

void seat_checks_over_http_test(void)
{
    struct asker registrar;
    struct seated *s = seat_held(RECORDED, &registrar);
    struct watcher here = watcher_of(s, "watcher1"), elsewhere = watcher_of(s, "watcher2");
    struct asker pc = {.site = s->site};
    give_duty(s, here.account);
    CHECK_INT("not this room's", ask(&elsewhere.asker, "GET", of_room(s, "checks"), NULL), 403);
    CHECK_INT("a stranger", ask(&pc, "GET", of_room(s, "checks"), NULL), 401);
    CHECK_INT("the link", ask(&here.asker, "GET", of_room(s, "checks"), NULL), 200);
    const char *token = arena_text(arena_of(s), ask_text(&here.asker, "token"));
    CHECK_INT("a wrong token",
              ask(&pc, "POST", "/api/sit/checks",
                  check_body(s, "00000000000000000000000000000000", 7, "")),
              403);
    CHECK_INT("an unknown member",
              ask(&pc, "POST", "/api/sit/checks", check_body(s, token, 7, ",\"score\":1")),
              400);
    CHECK_TEXT("named", ask_text(&pc, "error/field"), "/result/score");
    CHECK_INT("no such seat", ask(&pc, "POST", "/api/sit/checks", check_body(s, token, 8, "")),
              409);
    for (int twice = 0; twice < 2; twice++)
        CHECK_INT("says", ask(&pc, "POST", "/api/sit/checks", check_body(s, token, 7, "")),
                  200);
    CHECK_TEXT("what is wrong", ask_text(&pc, "fails"), "microphone");
    CHECK_INT("the list", ask(&here.asker, "GET", of_room(s, "checks"), NULL), 200);
    CHECK_INT("one of the seat",
              (int)json_array_size(json_object_get(here.asker.json, "checks")), 1);
    CHECK_TEXT("judged", ask_text(&here.asker, "checks/0/fails"), "microphone");
    CHECK_INT("the speed", ask(&pc, "GET", "/api/sit/link", NULL), 200);
    unseat(s);
}
