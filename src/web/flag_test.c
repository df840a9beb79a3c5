/* web/flag_test.c - recordings and flags over HTTP: pieces come once and whole, are shown to two people
 * who asked, and lead to no mark. */
#include "base/clock.h"
#include "base/json.h"
#include "entry/image.h"
#include "sitting/carry.h"
#include "sitting/live.h"
#include "sitting/node_self.h"
#include "sitting/recording.h"
#include "sitting/recording_key.h"
#include "sitting/writer.h"
#include "store/db.h"
#include "web/seat_fixture.h"

struct held {
    struct seated *s;
    struct watcher one, two, elsewhere;
    int64_t at_ms;
};

static struct held *hold(void)
{
    struct asker registrar;
    struct seated *s = seat_with(
        &(struct seat_plan){.starts_ms = clock_now_ms(),
                            .late_limit_ms = 15 * 60000,
                            .conduct = "{\"online\":true,\"recorded\":true,\"seb\":false}",
                            .registrar = &registrar});
    struct held *h = arena_new(arena_of(s), struct held);
    h->s = s;
    open_attempt(s);
    h->one = watcher_of(s, "watcher1");
    h->two = watcher_of(s, "watcher2");
    h->elsewhere = watcher_of(s, "watcher3");
    give_duty(s, h->one.account);
    give_duty(s, h->two.account);
    h->at_ms = clock_now_ms();
    return h;
}

static const char *of_room(struct held *h, const char *rest)
{
    char id[ID_TEXT_BYTES];
    id_write(h->s->room, id);
    return arena_printf(arena_of(h->s), "/api/rooms/%s/%s", id, rest);
}

/* --- pieces ------------------------------------------------------------------------------------- */
static long send_as(struct held *h, const char *name, const char *type, struct bytes content,
                    struct bytes proved)
{
    struct seated *s = h->s;
    const char *path = path_of(s, arena_printf(arena_of(s), "recording/%s", name));
    const char *const headers[] = {
        arena_printf(arena_of(s), "Authorization: %s",
                     play_authorization(&s->dev, arena_of(s), "POST", path, proved)),
        arena_printf(arena_of(s), "Content-Type: %s", type), NULL};
    return ask_bytes_with(&s->asker, path, content, headers);
}

static long send_piece(struct held *h, const char *name, const char *type, struct bytes content)
{
    return send_as(h, name, type, content, content);
}

/* What begins as a WebM file, LEN bytes of it. */
static struct bytes webm(struct held *h, size_t len)
{
    unsigned char *at = arena_alloc(arena_of(h->s), len, 1);
    random_bytes(at, len);
    memcpy(at, "\x1A\x45\xDF\xA3", 4);
    return (struct bytes){at, len};
}

static const char *name_at(struct held *h, const char *source, int64_t ms, int length)
{
    return arena_printf(arena_of(h->s), "%s.%lld.%d", source, (long long)ms, length);
}

static size_t pieces_of(struct held *h)
{
    struct err e = {0};
    struct piece_list list;
    CHECK_OK("lists",
             piece_list(h->s->site->t->db, arena_of(h->s),
                        live_find(journal_live(h->s->site->app.journal), h->s->attempt), &list,
                        &e),
             &e);
    return list.count;
}

void pieces_over_http_test(void)
{
    struct held *h = hold();
    struct seated *s = h->s;
    const char *name = name_at(h, "camera", h->at_ms, 10000);
    struct bytes piece = webm(h, 200000), other = webm(h, 200000);
    CHECK_INT("nobody",
              ask_bytes(&s->asker, path_of(s, arena_printf(arena_of(s), "recording/%s", name)),
                        "video/webm", piece),
              401);
    CHECK_INT("proved for other bytes", send_as(h, name, "video/webm", piece, other), 401);
    CHECK_INT("nothing is kept", (int)pieces_of(h), 0);
    for (int twice = 0; twice < 2; twice++) {
        CHECK_INT("kept", send_piece(h, name, "video/webm", piece), 200);
        CHECK_INT("whole", json_integer_value(json_object_get(s->asker.json, "bytes")), 200000);
    }
    CHECK_INT("once", (int)pieces_of(h), 1);
    CHECK_INT("another of that moment", send_piece(h, name, "video/webm", other), 409);
    const struct {
        const char *name, *type;
        struct bytes content;
        long status;
    } bad[] = {
        {"camera.1", "video/webm", piece, 400},
        {name_at(h, "phone", h->at_ms, 10000), "video/webm", piece, 400},
        {name_at(h, "camera", h->at_ms, 60001), "video/webm", piece, 400},
        {name_at(h, "camera", h->at_ms - INT64_C(14) * 3600000, 10000), "video/webm", piece,
         422},
        {name_at(h, "camera", h->at_ms + 1, 10000), "video/mp4", piece, 400},
        {name_at(h, "camera", h->at_ms + 1, 10000), "image/jpeg", piece, 400},
        {name_at(h, "snapshot", h->at_ms + 1, 1), "video/webm", piece, 400},
        {name_at(h, "camera", h->at_ms + 1, 10000), "text/html", piece, 415},
        {name_at(h, "camera", h->at_ms + 1, 10000),
         "video/webm",
         {(const unsigned char *)"<script>", 8},
         400},
        {name_at(h, "camera", h->at_ms + 1, 10000), "video/webm", {piece.at, 0}, 400},
        {name_at(h, "camera", h->at_ms + 1, 10000), "video/webm", webm(h, (4 << 20) + 1), 413},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT(arena_printf(arena_of(s), "%zu %s %s", i, bad[i].name, bad[i].type),
                  send_piece(h, bad[i].name, bad[i].type, bad[i].content), bad[i].status);
    CHECK_INT("the largest",
              send_piece(h, name_at(h, "camera", h->at_ms + 20000, 10000), "video/webm",
                         webm(h, 4 << 20)),
              200);
    CHECK_INT("two in all", (int)pieces_of(h), 2);
    unseat(s);
}

void unrecorded_takes_no_pieces_test(void)
{
    struct held h = {.s = seat_one(), .at_ms = clock_now_ms()};
    open_attempt(h.s);
    CHECK_INT(
        "not asked for",
        send_piece(&h, name_at(&h, "camera", h.at_ms, 10000), "video/webm", webm(&h, 1000)),
        422);
    CHECK_INT("none", (int)pieces_of(&h), 0);
    unseat(h.s);
}

/* --- flags -------------------------------------------------------------------------------------- */
static struct bytes picture(struct held *h)
{
    struct err e = {0};
    struct bytes out;
    struct image im = {.width = 64, .height = 48, .source_width = 64, .source_height = 48};
    im.rgb = arena_alloc(arena_of(h->s), 64 * 48 * 3, 1);
    memset(im.rgb, 120, 64 * 48 * 3);
    CHECK_OK("jpeg", image_encode_jpeg(arena_of(h->s), &im, 80, &out, &e), &e);
    unsigned char *more = arena_alloc(arena_of(h->s), out.len + 25, 1);
    memcpy(more, out.at, out.len);
    memcpy(more + out.len, "<script>alert(1)</script>", 25);
    return (struct bytes){more, out.len + 25};
}

/* A window that was left, with the ten seconds around it and a picture. */
static struct bytes flagged(struct held *h)
{
    struct seated *s = h->s;
    struct bytes piece = webm(h, 3000);
    play_write(
        &s->dev, ENTRY_EVENT, 0,
        arena_printf(arena_of(s), "{\"at\":%lld,\"what\":\"hidden\"}", (long long)h->at_ms));
    play_write(&s->dev, ENTRY_EVENT, 0, "{\"what\":\"shown\"}");
    play_write(&s->dev, ENTRY_ANSWER, 3, "[\"B\"]");
    CHECK_INT("saves", save(s, play_body(&s->dev, arena_of(s))), 200);
    play_acknowledged(&s->dev);
    CHECK_INT("piece",
              send_piece(h, name_at(h, "camera", h->at_ms - 4000, 10000), "video/webm", piece),
              200);
    CHECK_INT(
        "another time",
        send_piece(h, name_at(h, "camera", h->at_ms + 6000, 10000), "video/webm", webm(h, 900)),
        200);
    CHECK_INT("snapshot",
              send_piece(h, name_at(h, "snapshot", h->at_ms + 40, 1), "image/jpeg", picture(h)),
              200);
    return piece;
}

static const char *body_of(struct held *h, const char *more)
{
    return arena_printf(arena_of(h->s), "{\"attempt\":\"%s\",\"epoch\":1,\"seq\":1%s}",
                        h->s->attempt_text, more);
}

static const char *piece_path(struct held *h, const char *word)
{
    return of_room(h,
                   arena_printf(arena_of(h->s), "recording/%s/%s", h->s->attempt_text, word));
}

static void list_flags(struct held *h, struct watcher *w)
{
    CHECK_INT("lists", ask(&w->asker, "GET", of_room(h, "flags"), NULL), 200);
    CHECK_INT("one flag", (int)json_array_size(json_object_get(w->asker.json, "flags")), 1);
    CHECK_TEXT("what", ask_text(&w->asker, "flags/0/what"), "hidden");
}

void flags_are_looked_at_by_two_test(void)
{
    struct held *h = hold();
    struct arena *a = arena_of(h->s);
    struct bytes piece = flagged(h);
    const char *clip = piece_path(h,
                                  arena_printf(a, "camera.%lld", (long long)h->at_ms - 4000));
    const char *other = piece_path(h,
                                   arena_printf(a, "camera.%lld", (long long)h->at_ms + 6000));
    const char *still = piece_path(h,
                                   arena_printf(a, "snapshot.%lld", (long long)h->at_ms + 40));
    struct asker *one = &h->one.asker, *two = &h->two.asker;
    CHECK_INT("not this room's", ask(&h->elsewhere.asker, "GET", of_room(h, "flags"), NULL),
              403);
    CHECK_INT("nor its recording", ask(&h->elsewhere.asker, "GET", clip, NULL), 403);
    CHECK_INT("nor a look",
              ask(&h->elsewhere.asker, "POST", of_room(h, "flags/look"), body_of(h, "")), 403);
    list_flags(h, &h->one);
    CHECK("there is something, not yet shown", !ask_text(one, "flags/0/clip") &&
                                                   strstr(one->text, "\"has_clip\":true") &&
                                                   strstr(one->text, "\"has_snapshot\":true"));
    CHECK_INT("not yet", ask(one, "GET", clip, NULL), 404);
    for (int twice = 0; twice < 2; twice++)
        CHECK_INT("the first asks", ask(one, "POST", of_room(h, "flags/look"), body_of(h, "")),
                  204);
    CHECK_INT("one alone sees nothing", ask(one, "GET", clip, NULL), 404);
    CHECK_INT("an unknown member",
              ask(two, "POST", of_room(h, "flags/look"), body_of(h, ",\"score\":1")), 400);
    CHECK_INT(
        "no such flag",
        ask(two, "POST", of_room(h, "flags/look"),
            arena_printf(a, "{\"attempt\":\"%s\",\"epoch\":1,\"seq\":2}", h->s->attempt_text)),
        404);
    CHECK_INT("who has not asked", ask(two, "GET", clip, NULL), 404);
    CHECK_INT("the second asks", ask(two, "POST", of_room(h, "flags/look"), body_of(h, "")),
              204);
    for (struct asker *w = one; w; w = w == one ? two : NULL) {
        CHECK_INT("shown", ask(w, "GET", clip, NULL), 200);
        CHECK("as recorded", memcmp(w->text, piece.at, piece.len) == 0);
        CHECK("by its type", strstr(w->headers, "Content-Type: video/webm"));
        CHECK_INT("the picture", ask(w, "GET", still, NULL), 200);
        CHECK("made anew", memcmp(w->text, "\xFF\xD8\xFF", 3) == 0 &&
                               strstr(w->headers, "Content-Type: image/jpeg"));
        CHECK_INT("no other moment", ask(w, "GET", other, NULL), 404);
    }
    list_flags(h, &h->one);
    CHECK_TEXT("named", ask_text(one, "flags/0/clip"), strrchr(clip, '/') + 1);
    unseat(h->s);
}

void flags_are_decided_over_http_test(void)
{
    static const struct {
        const char *more;
        long status;
    } cases[] = {
        {",\"verdict\":\"harmless\"", 400},
        {",\"verdict\":\"harmless\",\"reason\":\"\"", 400},
        {",\"verdict\":\"zero\",\"reason\":\"看过录像\"", 400},
        {",\"verdict\":\"harmless\",\"reason\":\"看过录像\",\"score\":0", 400},
        {",\"verdict\":\"harmless\",\"reason\":\"弹出系统更新，立即返回\"", 204},
        {",\"verdict\":\"violation\",\"reason\":\"改主意了\"", 409},
    };
    struct held *h = hold();
    struct asker *one = &h->one.asker;
    flagged(h);
    CHECK_INT("not this room's",
              ask(&h->elsewhere.asker, "POST", of_room(h, "flags"), body_of(h, cases[4].more)),
              403);
    CHECK_INT("state", get_with_proof(h->s, "state"), 200);
    const char *answers = json_dumps(json_object_get(h->s->asker.json, "answers"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(cases[i].more,
                  ask(one, "POST", of_room(h, "flags"), body_of(h, cases[i].more)),
                  cases[i].status);
    list_flags(h, &h->two);
    CHECK_TEXT("verdict", ask_text(&h->two.asker, "flags/0/verdict"), "harmless");
    CHECK_TEXT("with its reason", ask_text(&h->two.asker, "flags/0/reason"),
               "弹出系统更新，立即返回");
    CHECK_INT("state", get_with_proof(h->s, "state"), 200);
    char *after = json_dumps(json_object_get(h->s->asker.json, "answers"), 0);
    CHECK_TEXT("the answers are what they were", after, answers);
    free(after);
    free((char *)(uintptr_t)answers);
    unseat(h->s);
}

/* --- a room that a node serves -------------------------------------------------------------------- */
/* X'..' is how SQLite writes bytes, '\x..' how PostgreSQL does. */
static void run_sql(struct held *h, const char *statements)
{
    struct err e = {0};
    struct arena *a = arena_of(h->s);
    const char *postgres = "";
    for (const char *at = statements; *at;) {
        const char *x = strstr(at, "X'");
        size_t len = x ? (size_t)(x - at) : strlen(at);
        postgres = arena_printf(a, "%s%.*s%s", postgres, (int)len, at, x ? "'\\x" : "");
        at += len + (x ? 2 : 0);
    }
    const char *both = arena_printf(
        a, "-- only sqlite\n%s\n-- end\n-- only postgres\n%s\n-- end\n", statements, postgres);
    CHECK_OK(statements, test_store_script(h->s->site->t, both, &e), &e);
}

static const char *hex_of(struct held *h, struct id id)
{
    char *hex = arena_alloc(arena_of(h->s), 2 * ID_BYTES + 1, 1);
    hex_write(hex, id.bytes, ID_BYTES);
    return hex;
}

static void decides(struct held *h, bool here)
{
    list_flags(h, &h->one);
    CHECK("who decides", json_is_true(json_object_get(h->one.asker.json, "decides")) == here);
    CHECK_INT("looks", ask(&h->one.asker, "POST", of_room(h, "flags/look"), body_of(h, "")),
              here ? 204 : 409);
    CHECK_INT("decides",
              ask(&h->one.asker, "POST", of_room(h, "flags"),
                  body_of(h, ",\"verdict\":\"harmless\",\"reason\":\"看过录像\"")),
              here ? 204 : 409);
}

/* On the node nobody looks or decides; at the centre, once all has been handed up. */
void flags_of_a_nodes_room_test(void)
{
    struct held *h = hold();
    struct arena *a = arena_of(h->s);
    struct node_self node = {.name = "一号机房"};
    const char *node_id = hex_of(h, id_random());
    struct live_room *room = live_find_room(journal_live(h->s->site->app.journal), h->s->room);
    flagged(h);
    h->s->site->app.node = &node;
    decides(h, false);
    h->s->site->app.node = NULL;
    const char *duty = arena_printf(
        a,
        "INSERT INTO room_node (id, body_id, name, chain, state, code_until_ms, code_tries, "
        "created_ms)"
        " VALUES (X'%s', X'%s', 'n', 9, 'joined', 1, 0, 1);"
        "INSERT INTO room_node_duty (room_id, node_id, session_id, standby)"
        " VALUES (X'%s', X'%s', X'%s', 0);",
        node_id, hex_of(h, h->s->who.body), hex_of(h, h->s->room), node_id,
        hex_of(h, h->s->session));
    run_sql(h, duty);
    atomic_store(&room->away, true);
    decides(h, false);
    run_sql(h,
            arena_printf(a,
                         "INSERT INTO room_hand_up (session_id, node_id, begun_ms, rows_there,"
                         " batches_there, done_ms) VALUES (X'%s', X'%s', 1, 1, 1, 2);",
                         hex_of(h, h->s->session), node_id));
    decides(h, true);
    unseat(h->s);
}

/* A node takes a piece only sealed to the centre; it makes no key of its own for it. */
void pieces_at_a_node_test(void)
{
    struct held *h = hold();
    struct arena *a = arena_of(h->s);
    struct node_self node = {.name = "一号机房"};
    unsigned char public[BOX_PUBLIC_BYTES], secret[BOX_SECRET_BYTES];
    char hex[2 * BOX_PUBLIC_BYTES + 1];
    struct recording_key key;
    struct carried c;
    struct err e = {0};
    struct db *db = h->s->site->t->db;
    const char *name = name_at(h, "camera", h->at_ms, 10000);
    struct bytes piece = webm(h, 1000);
    box_keypair(public, secret);
    hex_write(hex, public, sizeof public);
    h->s->site->app.node = &node;
    CHECK_INT("nothing to seal it to", send_piece(h, name, "video/webm", piece), 409);
    CHECK_INT("is not kept", (int)pieces_of(h), 0);
    run_sql(h,
            arena_printf(
                a, "INSERT INTO carry_key (session_id, pub, made_ms) VALUES (X'%s', X'%s', 1);",
                hex_of(h, h->s->session), hex));
    CHECK_INT("sealed", send_piece(h, name, "video/webm", piece), 200);
    CHECK_INT("again", send_piece(h, name, "video/webm", piece), 200);
    CHECK_INT("kept once", (int)pieces_of(h), 1);
    CHECK_OK("waits for the hand-up", carried_get(db, a, h->s->session, 1, &c, &e), &e);
    CHECK("no key is made",
          !recording_key_get(db, a, h->s->site->t->master, h->s->session, &key, &e) &&
              e.code == ERR_NOT_FOUND);
    h->s->site->app.node = NULL;
    unseat(h->s);
}

/* No statement that reads or writes marks knows of flags and recordings, and the other way round. */
void no_way_from_a_flag_to_a_mark_test(void)
{
#define SQL(name, ...)                             {#name, "" __VA_ARGS__},
#define SQL_PER_ENGINE(name, sqlite_text, pg_text) {#name, sqlite_text pg_text},
    static const struct {
        const char *name, *text;
    } statements[] = {
#include "store/statements.def"
    };
#undef SQL
#undef SQL_PER_ENGINE
    static const char *const conduct[] = {"notice_review", "notice_look", "similarity_review",
                                          "recording_piece", "recording_key"};
    static const char *const marks[] = {"theory_mark",    "script",           "score_sheet",
                                        "score_decision", "component_result", "award",
                                        "publication",    "recheck"};
    size_t found = 0;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        const char *text = statements[i].text;
        bool of_conduct = false;
        for (size_t k = 0; k < sizeof conduct / sizeof *conduct; k++)
            of_conduct = of_conduct || strstr(text, conduct[k]);
        found += of_conduct;
        for (size_t k = 0; of_conduct && k < sizeof marks / sizeof *marks; k++)
            CHECK(statements[i].name, !strstr(text, marks[k]));
    }
    CHECK("they were looked at", found >= 12);
}
