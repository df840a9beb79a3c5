/* web/seat_fixture.c - one candidate seated before a whole server, and invigilators. */
#include "web/seat_fixture.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "sitting/live.h"
#include "sitting/prepare.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/db.h"
#include "store/signer.h"

struct arena *arena_of(struct seated *s)
{
    return s->site->t->arena;
}

const char *path_of(struct seated *s, const char *rest)
{
    return arena_printf(arena_of(s), "/api/sit/%s/%s", s->attempt_text, rest);
}

static bool put_arrangement(struct db *db, void *ctx, struct err *e)
{
    const struct seated *s = ctx;
    struct query *q = db_query(db, SQL_session_put);
    query_id(q, s->session);
    query_id(q, s->site->body.id);
    query_id(q, id_random());
    query_text(q, "theory");
    query_text(q, "理论知识考试");
    query_int(q, s->who.now_ms);
    query_int(q, 90);
    query_int(q, 8 * 3600000);
    query_int(q, 15 * 60000);
    query_int(q, 0);
    query_text(q, "arranged");
    query_int(q, 1);
    query_int(q, 1);
    query_int(q, s->who.now_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_seat_put);
    query_id(q, id_random());
    query_id(q, s->site->body.id);
    query_id(q, s->session);
    query_id(q, s->room);
    query_int(q, 7);
    query_int(q, 1);
    query_int(q, 1);
    return query_run(q, e);
}

static void set_conduct(struct seated *s, const struct seat_plan *p)
{
    struct err e = {0};
    char id[ID_TEXT_BYTES];
    id_write(s->session, id);
    CHECK_OK("arrangement", db_transact(s->site->t->db, put_arrangement, s, &e), &e);
    *p->registrar = asker_account(s->site, s->site->body.id, "registrar1", R(registrar));
    CHECK_INT("conduct",
              ask(p->registrar, "PUT",
                  arena_printf(arena_of(s), "/api/sessions/%s/conduct", id), p->conduct),
              200);
}

struct seated *seat_with(const struct seat_plan *p)
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
                                .ticket = SEAT_TICKET,
                                .name = "张三",
                                .document_letter = 'I',
                                .document_country = "CN",
                                .paper = id_random(),
                                .paper_no = 1,
                                .paper_bytes = 4224};
    blind_index(plan.document_index, site->t->master, "CN", 'I', SEAT_DOCUMENT);
    random_bytes(plan.paper_digest, sizeof plan.paper_digest);
    struct session_plan session = {.id = s->session,
                                   .body = site->body.id,
                                   .title = "理论知识考试",
                                   .starts_ms = p->starts_ms,
                                   .minutes = 90,
                                   .zone_offset_ms = 8 * 3600000,
                                   .late_limit_ms = p->late_limit_ms,
                                   .rooms = &room,
                                   .room_count = 1,
                                   .attempts = &plan,
                                   .attempt_count = 1};
    if (p->conduct)
        set_conduct(s, p);
    CHECK_OK("prepares", session_prepare_plan(site->app.journal, &s->who, &session, &e), &e);
    play_begin(&s->dev, s->attempt);
    return s;
}

struct seated *seat_one(void)
{
    return seat_with(
        &(struct seat_plan){.starts_ms = clock_now_ms(), .late_limit_ms = 1800000});
}

void unseat(struct seated *s)
{
    play_end(&s->dev);
    site_stop(s->site);
}

void admit(struct seated *s)
{
    struct err e = {0};
    struct admission in = {.room = live_find_room(journal_live(s->site->app.journal), s->room),
                           .attempts = &s->attempt,
                           .count = 1};
    CHECK_OK("admits", room_admit(s->site->app.journal, &s->who, &in, &e), &e);
}

long enter(struct seated *s, const char *with_document)
{
    return ask(&s->asker, "POST", "/api/sit/enter",
               arena_printf(arena_of(s), "{\"ticket\":\"%s\",\"document\":\"%s\"}", SEAT_TICKET,
                            with_document));
}

struct bytes decoded(struct seated *s, const char *member)
{
    const char *text = ask_text(&s->asker, member);
    struct bytes out = {NULL, 0};
    CHECK(member, text && base64url_read(arena_of(s), text, strlen(text), &out));
    return out;
}

const char *claim_body(struct seated *s, struct bytes challenge, struct id claim_id,
                       const char *more)
{
    unsigned char signature[64];
    char text[ID_TEXT_BYTES];
    id_write(claim_id, text);
    play_claim_sign(&s->dev, challenge.at, claim_id, signature);
    return arena_printf(
        arena_of(s), "{\"attempt\":\"%s\",\"pub\":\"%s\",\"claim_id\":\"%s\",\"sig\":\"%s\"%s}",
        s->attempt_text, base64url_write(arena_of(s), s->dev.pub, sizeof s->dev.pub), text,
        base64url_write(arena_of(s), signature, sizeof signature), more);
}

long claim(struct seated *s, struct bytes challenge, struct id claim_id)
{
    return ask(&s->asker, "POST", "/api/sit/claim", claim_body(s, challenge, claim_id, ""));
}

void take_keys(struct seated *s)
{
    unsigned char digest[HASH_BYTES], head[HASH_BYTES];
    CHECK("digest", hex_read(digest, HASH_BYTES, ask_text(&s->asker, "paper/sha256")));
    CHECK("head", hex_read(head, HASH_BYTES, ask_text(&s->asker, "main_head")));
    struct bytes save = decoded(s, "save"), file = decoded(s, "file");
    CHECK_INT("save key", save.len, KEY_BYTES);
    CHECK("file key", file.at && file.len == KEY_BYTES);
    if (file.at)
        memcpy(s->dev.file_key, file.at, KEY_BYTES);
    play_claimed(&s->dev, (uint32_t)json_integer_value(json_object_get(s->asker.json, "epoch")),
                 save.at, digest, head);
}

void open_attempt(struct seated *s)
{
    admit(s);
    CHECK_INT("enters", enter(s, SEAT_DOCUMENT), 200);
    CHECK_INT("claims", claim(s, decoded(s, "challenge"), id_random()), 200);
    take_keys(s);
}

long save(struct seated *s, struct bytes body)
{
    return ask_bytes(&s->asker, path_of(s, "journal"), "application/vnd.heng.journal", body);
}

long get_with_proof(struct seated *s, const char *rest)
{
    const char *path = path_of(s, rest);
    const char *header = arena_printf(
        arena_of(s), "Authorization: %s",
        play_authorization(&s->dev, arena_of(s), "GET", path, (struct bytes){0}));
    const char *const headers[] = {header, NULL};
    return ask_with(&s->asker, "GET", path, NULL, headers);
}

#define PASSWORD "vkqz-pmwt-xrbnd-2"

struct watcher watcher_of(struct seated *s, const char *login)
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

void give_duty(struct seated *s, struct id account)
{
    struct duty_work w = {s, account};
    struct err e = {0};
    CHECK_OK("duty", db_transact(s->site->t->db, put_duty, &w, &e), &e);
}
