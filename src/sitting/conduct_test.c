/* sitting/conduct_test.c - keys of Safe Exam Browser by data/samples/seb.json; who may set how a
 * session is held, and until when. */
#include "sitting/conduct.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/embed.h"
#include "base/json.h"
#include "sitting/arrange_fixture.h"
#include "sitting/delivery_fixture.h"
#include "sitting/node.h"
#include "sitting/roster.h"
#include "sitting/seat_check.h"
#include "test/check.h"
#include "test/whole.h"

static json_t *samples(struct arena *a)
{
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/seb.json");
    CHECK("samples", f != NULL);
    json_t *v = json_read(a, f->bytes, f->len, &e);
    CHECK("read", v != NULL);
    return v;
}

void seb_vectors_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    struct bytes text;
    char key[SEB_KEY_TEXT], hash[SEB_KEY_TEXT];
    const json_t *v = samples(a), *settings = json_object_get(v, "settings");
    CHECK_OK("json", seb_json(a, settings, &text, &e), &e);
    CHECK_TEXT("canonical", (const char *)text.at, json_member_text(v, "seb_json"));
    CHECK_OK("key", seb_config_key(a, settings, key, &e), &e);
    CHECK_TEXT("key", key, json_member_text(v, "config_key"));
    size_t i;
    json_t *r;
    json_array_foreach(json_object_get(v, "requests"), i, r)
    {
        seb_request_hash(json_member_text(r, "url"), json_member_text(r, "config_key"), hash);
        CHECK_TEXT("config", hash, json_member_text(r, "config_key_hash"));
        seb_request_hash(json_member_text(r, "url"), json_member_text(r, "browser_exam_key"),
                         hash);
        CHECK_TEXT("browser", hash, json_member_text(r, "request_hash"));
    }
    CHECK_INT("all", i, 3);
    arena_destroy(a);
}

void seb_of_ours_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    struct bytes file, json;
    const unsigned char salt[32] = {1, 2, 3};
    json_t *s = seb_settings(a, "https://exam.example.cn/sit", NULL, salt);
    CHECK_OK("file", seb_file(a, s, &file, &e), &e);
    const char *text = (const char *)file.at;
    CHECK("start",
          strstr(text, "<key>startURL</key><string>https://exam.example.cn/sit</string>"));
    CHECK("only there", strstr(text, "<string>exam.example.cn/*</string>"));
    CHECK("salt is data", strstr(text, "<key>examKeySalt</key><data>AQID"));
    CHECK_OK("json", seb_json(a, s, &json, &e), &e);
    CHECK("nothing to escape", !strchr((const char *)json.at, '\\'));
    CHECK("no version", !strstr((const char *)json.at, "originatorVersion"));
    json_object_set_new(s, "bad", json_null());
    CHECK("a null", !seb_json(a, s, &json, &e) && e.code == ERR_INTERNAL);
    arena_destroy(a);
}

static bool set(struct hall *h, bool seb, const char *keys, struct conduct *out, struct err *e)
{
    const struct conduct_input in = {.session = h->session.id,
                                     .online = true,
                                     .recorded = true,
                                     .seb = seb,
                                     .origin = "https://exam.example.cn",
                                     .quit_password = "离开考场",
                                     .seb_browser_keys = keys};
    return conduct_set(h->db, &h->by, &in, out, e);
}

void conduct_is_set_test(void)
{
    struct hall *h = hall_create();
    struct arena *a = h->by.arena;
    struct err e = {0};
    struct conduct c, other;
    CHECK_OK("unset", conduct_get(h->db, a, h->session.id, &c, &e), &e);
    CHECK("a room", !c.online && !c.recorded && !c.seb && c.changed_ms == 0);
    CHECK_OK("set", set(h, true, NULL, &c, &e), &e);
    CHECK_OK("get", conduct_get(h->db, a, h->session.id, &other, &e), &e);
    CHECK("as set", other.online && other.recorded && other.seb);
    CHECK_TEXT("settings", other.seb_settings, c.seb_settings);
    CHECK("the password is nowhere", !strstr(c.seb_settings, "离开考场"));
    struct conduct_input keys = {
        .session = h->session.id,
        .online = true,
        .recorded = true,
        .seb = true,
        .origin = "https://exam.example.cn",
        .seb_browser_keys = "787c3f3d7211ff09ad5ba6a62f67b6a2092eb3080b5b5d29d578f3a3d901cbae"};
    CHECK_OK("a key", conduct_set(h->db, &h->by, &keys, &other, &e), &e);
    CHECK_TEXT("leaves the settings that it is of", other.seb_settings, c.seb_settings);
    keys.quit_password = "";
    CHECK_OK("no password", conduct_set(h->db, &h->by, &keys, &other, &e), &e);
    CHECK("others", strcmp(other.seb_settings, c.seb_settings) != 0 &&
                        !strstr(other.seb_settings, "hashedQuitPassword"));
    CHECK_REFUSED("no key", set(h, true, "1234", &c, &e), &e, INVALID, "/seb_browser_keys");
    const struct conduct_input room = {.session = h->session.id, .recorded = true};
    e = (struct err){0};
    CHECK_REFUSED("recorded in a room", conduct_set(h->db, &h->by, &room, &c, &e), &e, INVALID,
                  "/recorded");
    const struct conduct_input foreign = {.session = h->session.id};
    e = (struct err){0};
    CHECK("another body",
          !conduct_set(h->db, &h->stranger, &foreign, &c, &e) && e.code == ERR_NOT_FOUND);
    e = (struct err){0};
    CHECK_OK("cancelled", session_cancel(h->db, &h->by, h->session.id, "停电", &e), &e);
    CHECK_REFUSED("too late", set(h, false, NULL, &c, &e), &e, CONFLICT, "/state");
    hall_destroy(h);
}

void conduct_faults_test(void)
{
    struct hall *h = hall_create();
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        struct conduct c, now;
        db_fail_call(h->db, nth, false);
        bool ok = set(h, true, NULL, &c, &e);
        db_fail_call(h->db, 0, false);
        CHECK("nothing left open", db_is_idle(h->db));
        CHECK_OK("get", conduct_get(h->db, h->by.arena, h->session.id, &now, &none), &none);
        CHECK_INT("whole or not at all", now.changed_ms != 0, ok);
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 60);
    }
    hall_destroy(h);
}

/* What the check page found is kept for the seat with its audit row, or not at all. */
void seat_check_faults_test(void)
{
    struct hall *h = hall_create();
    struct seat_check_list list;
    hall_fill(h);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        struct seat_check c = {.room = h->room.id,
                               .session = h->session.id,
                               .seat_no = 1,
                               .browser = "Chrome 109",
                               .camera = "none",
                               .microphone = "none"};
        db_fail_call(h->db, nth, false);
        bool ok = seat_check_put(h->db, &h->actor, h->by.arena, &c, false, &e);
        db_fail_call(h->db, 0, false);
        CHECK("nothing left open", db_is_idle(h->db));
        CHECK_OK("checks", seat_check_of_room(h->db, h->by.arena, h->room.id, &list, &none),
                 &none);
        CHECK_INT("kept or not", list.count, ok);
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 60);
    }
    struct err e = {0};
    struct seat_check nowhere = {.room = h->room.id,
                                 .session = h->session.id,
                                 .seat_no = 99,
                                 .browser = "Chrome 109",
                                 .camera = "none",
                                 .microphone = "none"};
    CHECK_REFUSED("no such seat",
                  seat_check_put(h->db, &h->actor, h->by.arena, &nowhere, false, &e), &e,
                  CONFLICT, "/seat");
    hall_destroy(h);
}

void conduct_admits_test(void)
{
    static const char url[] = "https://exam.example.cn/sit#seat=7",
                      origin[] = "https://exam.example.cn",
                      browser[] =
                          "787C3F3D7211FF09AD5BA6A62F67B6A2092EB3080B5B5D29D578F3A3D901CBAE";
    struct hall *h = hall_create();
    struct arena *a = h->by.arena;
    struct err e = {0};
    struct conduct c;
    char key[SEB_KEY_TEXT], config[SEB_KEY_TEXT], request[SEB_KEY_TEXT];
    CHECK_OK("set", set(h, true, browser, &c, &e), &e);
    json_t *settings = json_read(a, c.seb_settings, strlen(c.seb_settings), &e);
    CHECK_OK("key", seb_config_key(a, settings, key, &e), &e);
    seb_request_hash(url, key, config);
    seb_request_hash(url, "787c3f3d7211ff09ad5ba6a62f67b6a2092eb3080b5b5d29d578f3a3d901cbae",
                     request);
    struct browser_proof good = {url, config, request};
    CHECK_OK("in SEB", conduct_admits(a, &c, origin, &good, &e), &e);
    const struct browser_proof wrong[] = {
        {NULL, NULL, NULL},
        {url, NULL, NULL},
        {url, request, request},
        {url, config, NULL},
        {url, config, config},
        {"https://exam.example.cn.evil/sit", config, request},
        {"https://exam.example.cn/other", config, request},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        e = (struct err){0};
        CHECK_REFUSED("not so", conduct_admits(a, &c, origin, &wrong[i], &e), &e, FORBIDDEN,
                      "/seb");
    }
    c.seb = false;
    e = (struct err){0};
    CHECK_OK("not asked for", conduct_admits(a, &c, origin, &wrong[0], &e), &e);
    hall_destroy(h);
}

void conduct_suits_test(void)
{
    static const struct {
        const char *agent, *mobile;
        bool suits;
    } rows[] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/109.0 Safari/537.36", NULL, true},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36", "?0", true},
        {"Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", NULL, true},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.0 Safari/605.1", NULL,
         true},
        {"Mozilla/5.0 (PC; OpenHarmony 5.0) ArkWeb/4.1.6.1", NULL, true},
        {NULL, NULL, true},
        {"Mozilla/5.0 (Linux; Android 14; K) Chrome/120.0 Mobile Safari/537.36", NULL, false},
        {"Mozilla/5.0 (Linux; Android 13; SM-X710) Chrome/120.0 Safari/537.36", NULL, false},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", NULL, false},
        {"Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) Version/12.1 Safari/604.1", NULL,
         false},
        {"Mozilla/5.0 (Tablet; OpenHarmony 5.0) ArkWeb/4.1.6.1", NULL, false},
        {"Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1.6.1 Mobile", NULL, false},
        {"Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36", "?1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        CHECK_INT(rows[i].agent ? rows[i].agent : "says nothing",
                  conduct_suits(true, rows[i].agent, rows[i].mobile, &e), rows[i].suits);
        CHECK_INT("why", e.code, rows[i].suits ? ERR_NONE : ERR_FORBIDDEN);
        CHECK("in a room all do",
              conduct_suits(false, rows[i].agent, rows[i].mobile, (e = (struct err){0}, &e)));
    }
}

struct serving {
    struct hall *h;
    struct id room, node;
};

static bool serve_by_node(struct db *db, void *ctx, struct err *e)
{
    const struct serving *w = ctx;
    struct query *q = db_query(db, SQL_room_node_duty_put);
    query_id(q, w->room);
    query_id(q, w->node);
    query_id(q, w->h->session.id);
    query_int(q, 0);
    return query_run(q, e);
}

/* A node serves rooms of a session whatever its conduct is. */
void conduct_or_node_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct conduct c;
    char code[NODE_CODE_TEXT_BYTES];
    struct node_desk desk = {
        .db = h->db, .arena = h->by.arena, .master = h->f->t->master, .who = &h->actor};
    struct node_assignment in = {
        .session = h->session.id, .room = h->room.id, .node = id_random()};
    CHECK("no such node", !node_assign(&desk, &in, &e) && e.code == ERR_NOT_FOUND);
    e = (struct err){0};
    CHECK_OK("recorded", set(h, false, NULL, &c, &e), &e);
    const struct conduct_input room = {
        .session = h->session.id, .seb = true, .origin = "https://exam.example.cn"};
    CHECK_OK("in a room again", conduct_set(h->db, &h->by, &room, &c, &e), &e);
    struct serving w = {h, h->room.id, {{0}}};
    CHECK_OK("invited", node_invite(&desk, "节点甲", &w.node, code, &e), &e);
    CHECK_OK("a node", db_transact(h->db, serve_by_node, &w, &e), &e);
    in.node = w.node;
    CHECK_REFUSED("has not joined", node_assign(&desk, &in, &e), &e, CONFLICT, "/node");
    e = (struct err){0};
    CHECK_OK("joins", test_store_script(h->f->t, "UPDATE room_node SET state = 'joined'", &e),
             &e);
    in.standby = true;
    CHECK_WHOLE("stands by", h->f->t, h->db, node_assign(&desk, &in, &e), &e);
    in.standby = false;
    CHECK_OK("serves", node_assign(&desk, &in, &e), &e);
    CHECK_OK("recorded all the same", set(h, false, NULL, &c, &e), &e);
    CHECK_OK("in Safe Exam Browser", conduct_set(h->db, &h->by, &room, &c, &e), &e);
    hall_destroy(h);
}

static const json_t *roster_more; /* members that a version brought; NULL: none */

/* A roster of one candidate; SEB is taken over. */
static bool read_roster(struct arena *a, int version, json_t *seb, struct roster *out,
                        struct err *e)
{
    char id[ID_TEXT_BYTES];
    unsigned char zeros[KEY_BYTES] = {0};
    struct bytes text;
    id_write(id_random(), id);
    json_t *o = json_keep(
        a,
        json_pack("{s:i, s:{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i}, s:{s:s, s:i, s:s},"
                  " s:{s:s, s:s, s:s}, s:s, s:[{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s,"
                  " s:s}], s:[], s:[]}",
                  "v", version, "session", "id", id, "body", id, "title", "理论", "starts_ms",
                  1, "minutes", 90, "late_limit_ms", 1, "earliest_hand_in_ms", 1, "grace_ms", 1,
                  "room", "id", id, "no", 1, "name", "第1考场", "body", "id", id, "name",
                  "本机构", "profile", "nist", "key", base64url_write(a, zeros, KEY_BYTES),
                  "attempts", "id", id, "seat", id, "entry", id, "seat_no", 1, "ticket", "1",
                  "name", "张三", "letter", "A", "country", "CN", "index",
                  base64url_write(a, zeros, BLIND_INDEX_BYTES), "staff", "duties"));
    if (seb)
        json_object_set_new(o, "seb", seb);
    if (roster_more)
        json_object_update(o, (json_t *)(uintptr_t)roster_more);
    return jcs_write(a, o, &text, e) && roster_read(a, text, out, e);
}

static json_t *seb_of(const struct conduct *c)
{
    return json_pack("{s:s, s:s}", "settings", c->seb_settings, "browser_keys",
                     c->seb_browser_keys);
}

static void check_at_node(struct hall *h, const struct conduct *c, const struct conduct *centre)
{
    static const char origin[] = "https://10.3.0.5", url[] = "https://10.3.0.5/sit";
    struct arena *a = h->by.arena;
    struct err e = {0};
    struct bytes file;
    char key[SEB_KEY_TEXT], theirs[SEB_KEY_TEXT], hash[SEB_KEY_TEXT], other[SEB_KEY_TEXT];
    json_t *ours = conduct_settings(a, c, origin, &e),
           *at_centre = conduct_settings(a, centre, "https://exam.example.cn", &e);
    CHECK_OK("a file", seb_file(a, ours, &file, &e), &e);
    CHECK("goes to the node",
          strstr((const char *)file.at, "<key>startURL</key><string>https://10.3.0.5/sit<"));
    CHECK("only there", strstr((const char *)file.at, "<string>10.3.0.5/*</string>") &&
                            !strstr((const char *)file.at, "exam.example.cn"));
    CHECK_OK("its key", seb_config_key(a, ours, key, &e), &e);
    CHECK_OK("the centre's key", seb_config_key(a, at_centre, theirs, &e), &e);
    CHECK("another", strcmp(key, theirs) != 0);
    seb_request_hash(url, key, hash);
    seb_request_hash(url, theirs, other);
    const struct browser_proof good = {url, hash, NULL}, wrong = {url, other, NULL},
                               elsewhere = {"https://exam.example.cn/sit", hash, NULL};
    CHECK_OK("in SEB", conduct_admits(a, c, origin, &good, &e), &e);
    CHECK_REFUSED("the centre's settings", conduct_admits(a, c, origin, &wrong, &e), &e,
                  FORBIDDEN, "/seb");
    e = (struct err){0};
    CHECK_REFUSED("the centre's page", conduct_admits(a, c, origin, &elsewhere, &e), &e,
                  FORBIDDEN, "/seb");
}

static bool keep(struct db *db, void *ctx, struct err *e)
{
    return conduct_keep(db, ctx, e);
}

/* The settings travel in the roster; whatever a node cannot read keeps it from serving the room. */
void seb_at_a_node_test(void)
{
    struct hall *h = hall_create();
    struct arena *a = h->by.arena;
    struct err e = {0};
    struct conduct centre, kept;
    struct roster r;
    const struct conduct_input in = {
        .session = h->session.id, .seb = true, .origin = "https://exam.example.cn"};
    CHECK_OK("set", conduct_set(h->db, &h->by, &in, &centre, &e), &e);
    CHECK_OK("any browser", read_roster(a, 1, NULL, &r, &e), &e);
    CHECK("does", !r.conduct.seb);
    CHECK_OK("in SEB", read_roster(a, 2, seb_of(&centre), &r, &e), &e);
    check_at_node(h, &r.conduct, &centre);
    CHECK_OK("kept", db_transact(h->db, keep, &r.conduct, &e), &e);
    CHECK_OK("read", conduct_get(h->db, a, r.plan.id, &kept, &e), &e);
    CHECK("as it came", kept.seb && !kept.online && !kept.recorded);
    check_at_node(h, &kept, &centre);
    r.conduct.seb = false;
    CHECK_OK("a newer package", db_transact(h->db, keep, &r.conduct, &e), &e);
    CHECK_OK("read again", conduct_get(h->db, a, r.plan.id, &kept, &e), &e);
    CHECK("any browser again", !kept.seb);
    json_t *const bad[] = {
        NULL, json_object(), json_pack("{s:s, s:s}", "settings", "[]", "browser_keys", ""),
        json_pack("{s:s, s:s}", "settings", "{\"a\":1.5}", "browser_keys", ""),
        json_pack("{s:s}", "settings", "{}")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        CHECK("not served", !read_roster(a, 2, bad[i], &r, &e) && e.code == ERR_INVALID);
    }
    e = (struct err){0};
    CHECK("a newer version", !read_roster(a, 4, NULL, &r, &e) && e.code == ERR_INVALID);
    hall_destroy(h);
}

/* Since version 3 the roster says how the session is held and what its recordings are sealed to. */
void conduct_at_a_node_test(void)
{
    struct hall *h = hall_create();
    struct arena *a = h->by.arena;
    struct err e = {0};
    struct conduct centre, kept;
    struct roster r;
    unsigned char key[BOX_PUBLIC_BYTES], secret[BOX_SECRET_BYTES];
    box_keypair(key, secret);
    const char *carry = base64url_write(a, key, sizeof key);
    CHECK_OK("set", set(h, true, NULL, &centre, &e), &e);
    roster_more = json_keep(a, json_pack("{s:{s:b, s:b}, s:s}", "conduct", "online", 1,
                                         "recorded", 1, "carry", carry));
    CHECK_OK("recorded", read_roster(a, 3, NULL, &r, &e), &e);
    CHECK("as it is held", r.conduct.online && r.conduct.recorded && !r.conduct.seb);
    CHECK("sealed to", r.carries && memcmp(r.carry, key, sizeof key) == 0);
    CHECK_OK("kept", db_transact(h->db, keep, &r.conduct, &e), &e);
    CHECK_OK("read", conduct_get(h->db, a, r.plan.id, &kept, &e), &e);
    CHECK("as it came", kept.online && kept.recorded);
    CHECK_OK("and in SEB", read_roster(a, 3, seb_of(&centre), &r, &e), &e);
    CHECK("both", r.conduct.seb && r.conduct.recorded);
    json_t *const bad[] = {
        json_pack("{s:{s:b, s:b}}", "conduct", "online", 1, "recorded", 1),
        json_pack("{s:s}", "carry", carry),
        json_pack("{s:{s:b, s:b}, s:s}", "conduct", "online", 0, "recorded", 1, "carry", carry),
        json_pack("{s:{s:b}, s:s}", "conduct", "online", 1, "carry", carry),
        json_pack("{s:{s:b, s:b}, s:s}", "conduct", "online", 1, "recorded", 1, "carry",
                  "AAAA")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        roster_more = json_keep(a, bad[i]);
        CHECK("not served", !read_roster(a, 3, NULL, &r, &e) && e.code == ERR_INVALID);
    }
    roster_more = NULL;
    hall_destroy(h);
}

struct looker {
    const struct live_session *session;
    _Atomic bool over;
    size_t asked;
};

static void *look(void *ctx)
{
    struct looker *l = ctx;
    for (; !l->over; l->asked++)
        if (l->session->online || l->session->recorded)
            break;
    return NULL;
}

/* Another package of a room changes its browser while candidates ask (tools/tsan watches). */
void conduct_changes_while_read_test(void)
{
    struct delivery *d = delivery_create();
    struct live *live = journal_live(d->writer);
    struct looker l = {.session = live_find_session(live, d->session)};
    struct err e = {0};
    pthread_t thread;
    CHECK_INT("thread", pthread_create(&thread, NULL, look, &l), 0);
    for (int i = 1; i <= 20; i++) {
        struct conduct c = {.session = d->session,
                            .body = d->t->actor.body,
                            .seb = i % 2 == 1,
                            .seb_settings = i % 2 == 1 ? "{}" : NULL,
                            .seb_browser_keys = "",
                            .changed_ms = i};
        CHECK_OK("another package", db_transact(d->t->db, keep, &c, &e), &e);
        CHECK_OK("read", live_load(live, d->t->db, d->session, &e), &e);
        CHECK_INT("as it says", l.session->seb, i % 2 == 1);
    }
    l.over = true;
    pthread_join(thread, NULL);
    CHECK("nobody saw another conduct", !l.session->online && !l.session->recorded);
    delivery_destroy(d);
}
