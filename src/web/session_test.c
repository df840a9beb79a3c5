/* web/session_test.c - the arrangement over HTTP: a registrar's road, and what others may not. */
#include "web/asker.h"

#include "base/bytes.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/workday.h"
#include "entry/desk.h"
#include "people/account.h"
#include "people/people.h"
#include "programme/programme.h"
#include "store/db.h"
#include "web/route.h"

#define PASSWORD "vkqz-pmwt-xrbnd-2"

/* Signed in, with the second factor. */
static struct asker staff_of(struct site *s, struct id body, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct actor who = s->t->actor;
    struct people p = {s->t->db, s->t->arena, s->t->master, &who};
    struct account made;
    struct bytes seed;
    char first[FIRST_PASSWORD_BYTES], code[7], body_text[40];
    struct account_new n = {
        .login = login, .display_name = "编排员", .roles = roles, .password = PASSWORD};
    struct asker a = {.site = s};
    who.now_ms = clock_now_ms();
    who.body = body;
    CHECK_OK("account", account_create(&p, &n, &made, first, &e), &e);
    const char *sign_in = arena_printf(s->t->arena, "{\"login\":\"%s\",\"password\":\"%s\"}",
                                       login, PASSWORD);
    CHECK_INT("sign in", ask(&a, "POST", "/api/sign-in", sign_in), 200);
    CHECK_INT("offer", ask(&a, "POST", "/api/me/totp", "{}"), 200);
    const char *secret = ask_text(&a, "secret");
    CHECK("secret", secret && base32_read(s->t->arena, secret, strlen(secret), &seed));
    totp_code(code, seed.at, seed.len, clock_now_ms());
    snprintf(body_text, sizeof body_text, "{\"code\":\"%s\"}", code);
    CHECK_INT("confirm", ask(&a, "POST", "/api/me/totp/confirm", body_text), 200);
    return a;
}

static struct programme_set *programmes_of(struct site *s)
{
    struct err e = {0};
    struct programme_set *set = arena_new(s->t->arena, struct programme_set);
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, set, &e), &e);
    s->app.programmes = set;
    s->app.calendar = workday_calendar_embedded(s->t->arena, &e);
    CHECK_OK("calendar", s->app.calendar, &e);
    return set;
}

static struct id batch_of(struct site *s, const struct programme_set *set)
{
    struct err e = {0};
    struct actor who = s->t->actor;
    who.now_ms = clock_now_ms();
    struct entry_desk d = {.people = {s->t->db, s->t->arena, s->t->master, &who},
                           .programmes = set,
                           .scope = entry_scope_body(s->body.id)};
    struct batch_level *levels = arena_new(s->t->arena, struct batch_level);
    levels->level = 4;
    date_days today = date_of_instant(who.now_ms, CHINA_OFFSET_MS);
    struct batch_input in = {.title = "测试批次",
                             .programme = "national-2023",
                             .apply_from_ms = who.now_ms - DAY_MS,
                             .apply_until_ms = who.now_ms + DAY_MS,
                             .exam_from = today + 30,
                             .exam_until = today + 31,
                             .levels = levels,
                             .level_count = 1};
    struct id id = id_random();
    CHECK_OK("batch", batch_create(&d, &in, id, &e), &e);
    return id;
}

static const char *with_id(struct site *s, const char *fmt, const char *id)
{
    return arena_printf(s->t->arena, fmt, id);
}

static const char *session_of(struct site *s, struct asker *a, struct id batch)
{
    char id[ID_TEXT_BYTES];
    id_write(batch, id);
    const char *body = arena_printf(s->t->arena,
                                    "{\"component\":\"theory\",\"starts_ms\":%lld,"
                                    "\"minutes\":60,\"late_minutes\":15}",
                                    (long long)(clock_now_ms() + 30 * (int64_t)DAY_MS));
    CHECK_INT("session", ask(a, "POST", with_id(s, "/api/batches/%s/sessions", id), body), 201);
    return ask_text(a, "id");
}

/* A site, a session, a room; closing says what is wrong, each with its source. */
void session_road_test(void)
{
    struct site *s = site_start();
    struct programme_set *set = programmes_of(s);
    struct asker a = staff_of(s, s->body.id, "registrar1", R(registrar));
    CHECK_INT(
        "a site",
        ask(&a, "POST", "/api/sites", "{\"name\":\"朝阳考点\",\"address\":\"建国路 88 号\"}"),
        201);
    const char *place = ask_text(&a, "id");
    CHECK_INT("unknown member", ask(&a, "POST", "/api/sites", "{\"nome\":1}"), 400);
    CHECK_TEXT("named", ask_text(&a, "error/field"), "/nome");
    const char *session = session_of(s, &a, batch_of(s, set));
    const char *room = arena_printf(
        s->t->arena, "{\"site\":\"%s\",\"name\":\"第一考场\",\"rows\":2,\"columns\":3}", place);
    const char *path = with_id(s, "/api/sessions/%s", session);
    CHECK_INT("room", ask(&a, "POST", with_id(s, "%s/rooms", path), room), 201);
    CHECK_INT("twice", ask(&a, "POST", with_id(s, "%s/rooms", path), room), 409);
    CHECK_INT("look", ask(&a, "GET", path, NULL), 200);
    CHECK_TEXT("state", ask_text(&a, "state"), "draft");
    CHECK_TEXT("room", ask_text(&a, "rooms/0/name"), "第一考场");
    CHECK_INT("findings", ask(&a, "GET", with_id(s, "%s/findings", path), NULL), 200);
    CHECK_INT("close", ask(&a, "POST", with_id(s, "%s/close", path), NULL), 422);
    CHECK_TEXT("code", ask_text(&a, "error/code"), "rule");
    CHECK_TEXT("field", ask_text(&a, "error/field"), "/findings");
    CHECK_TEXT("first", ask_text(&a, "findings/0/rule"), "no_candidates");
    CHECK("60 minutes are too few", strstr(a.text, "1.9.4"));
    CHECK_INT("version", ask(&a, "PATCH", path, "{\"version\":1,\"minutes\":90}"), 409);
    CHECK_INT("edit", ask(&a, "PATCH", path, "{\"version\":2,\"minutes\":90}"), 200);
    CHECK_INT("no tickets yet", ask(&a, "POST", with_id(s, "%s/tickets", path), NULL), 409);
    CHECK_INT("door list", ask(&a, "GET", with_id(s, "%s/door-list.pdf", path), NULL), 200);
    CHECK("a PDF", strncmp(a.text, "%PDF-", 5) == 0);
    CHECK_INT("cancel", ask(&a, "POST", with_id(s, "%s/cancel", path), "{\"reason\":\"停电\"}"),
              204);
    site_stop(s);
}

/* Every address of a session, asked by those who may not: another body's registrar finds
 * nothing, a candidate and a stranger are turned away. */
void session_addresses_are_scoped_test(void)
{
    static const struct {
        const char *method, *tail, *body;
    } calls[] = {
        {"GET", "", NULL},
        {"PATCH", "", "{\"version\":1,\"minutes\":90}"},
        {"POST", "/cancel", "{\"reason\":\"停电\"}"},
        {"POST", "/rooms",
         "{\"site\":\"00112233445566778899aabbccddeeff\",\"name\":\"甲\",\"rows\":1,"
         "\"columns\":1}"},
        {"DELETE", "/rooms/00112233445566778899aabbccddeeff", NULL},
        {"POST", "/seat", "{}"},
        {"PATCH", "/seats", "{\"seat\":\"00112233445566778899aabbccddeeff\"}"},
        {"GET", "/staff", NULL},
        {"POST", "/staff",
         "{\"account\":\"00112233445566778899aabbccddeeff\",\"duty\":\"invigilator\"}"},
        {"DELETE", "/staff/00112233445566778899aabbccddeeff", NULL},
        {"GET", "/findings", NULL},
        {"POST", "/close", NULL},
        {"POST", "/reopen", "{\"reason\":\"换人\"}"},
        {"POST", "/tickets", NULL},
        {"GET", "/door-list.pdf", NULL},
        {"GET", "/sign-in-sheet.pdf", NULL},
        {"GET", "/seating.csv", NULL},
    };
    struct site *s = site_start();
    struct err e = {0};
    struct programme_set *set = programmes_of(s);
    struct body other = {.name = "另一家评价机构"};
    struct actor who = s->t->actor;
    CHECK_OK("body", body_create(s->t->db, &who, &other, &e), &e);
    struct asker ours = staff_of(s, s->body.id, "registrar1", R(registrar));
    struct asker theirs = staff_of(s, other.id, "registrar2", R(registrar));
    struct asker watcher = staff_of(s, s->body.id, "watcher1", R(invigilator));
    struct asker nobody = {.site = s};
    const char *session = session_of(s, &ours, batch_of(s, set));
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const char *path = arena_printf(s->t->arena, "/api/sessions/%s%s", session,
                                        calls[i].tail);
        CHECK_INT(path, ask(&theirs, calls[i].method, path, calls[i].body), 404);
        CHECK_INT(path, ask(&nobody, calls[i].method, path, calls[i].body), 401);
        /* An invigilator without a duty here: no permission, or nothing to see. */
        long status = ask(&watcher, calls[i].method, path, calls[i].body);
        CHECK(path, status == 403 || status == 404);
    }
    site_stop(s);
}

void programme_dates_over_http_test(void)
{
    struct site *s = site_start();
    struct asker a = {.site = s};
    programmes_of(s);
    CHECK_INT("ours",
              ask(&a, "GET", "/api/programmes/ccia/dates?from=2026-11-21&months=2", NULL), 200);
    CHECK_TEXT("day", ask_text(&a, "dates/0/day"), "2026-11-28");
    CHECK_TEXT("reading", ask_text(&a, "reading"), "last_saturday");
    CHECK_TEXT("ticket", ask_text(&a, "dates/0/deadlines/0/day"), "2026-11-25");
    CHECK_INT("the other",
              ask(&a, "GET",
                  "/api/programmes/ccia/dates?from=2026-11-21&months=1"
                  "&reading=saturday_of_last_week",
                  NULL),
              200);
    CHECK_TEXT("day", ask_text(&a, "dates/0/day"), "2026-12-05");
    CHECK_INT("no rule", ask(&a, "GET", "/api/programmes/national-2023/dates", NULL), 422);
    CHECK_INT("no date", ask(&a, "GET", "/api/programmes/ccia/dates?from=2026-02-30", NULL),
              400);
    CHECK_INT("no programme", ask(&a, "GET", "/api/programmes/none/dates", NULL), 404);
    site_stop(s);
}

/* --- while it runs ------------------------------------------------------------------------------ */
/* What each changing address of a session or a room is to the content of an exam. */
enum touch {
    TOUCHES_CONTENT, /* refused from the sealing on */
    TOUCHES_PAPERS,  /* made again only until somebody is let in (paper tests) */
    RELEASES,        /* opens what was sealed, by two officers */
    SUPERVISES, /* an act on people or time: in the ledger or the chain, with name and reason */
    WORKS_ON_HANDED_IN /* marks and what follows: sealed journals, key changes by two people */
};

static const struct {
    const char *method, *path;
    enum touch touch;
    const char *body;
} touched[] = {
    {"PATCH", "/api/sessions/{id}", TOUCHES_CONTENT, "{\"version\":3,\"minutes\":95}"},
    {"POST", "/api/sessions/{id}/cancel", TOUCHES_CONTENT, "{\"reason\":\"停电\"}"},
    {"POST", "/api/sessions/{id}/rooms", TOUCHES_CONTENT,
     "{\"site\":\"SITE\",\"name\":\"又一间\",\"rows\":1,\"columns\":1}"},
    {"DELETE", "/api/sessions/{id}/rooms/{id}", TOUCHES_CONTENT, NULL},
    {"POST", "/api/sessions/{id}/seat", TOUCHES_CONTENT, "{}"},
    {"PATCH", "/api/sessions/{id}/seats", TOUCHES_CONTENT,
     "{\"seat\":\"SEAT\",\"entry\":\"00112233445566778899aabbccddeeff\"}"},
    {"POST", "/api/sessions/{id}/staff", TOUCHES_CONTENT,
     "{\"account\":\"ACCOUNT\",\"duty\":\"invigilator\"}"},
    {"DELETE", "/api/sessions/{id}/staff/{id}", TOUCHES_CONTENT, NULL},
    {"POST", "/api/sessions/{id}/close", TOUCHES_CONTENT, NULL},
    {"POST", "/api/sessions/{id}/reopen", TOUCHES_CONTENT, "{\"reason\":\"换人\"}"},
    {"POST", "/api/sessions/{id}/tickets", TOUCHES_CONTENT, NULL},
    {"PUT", "/api/sessions/{id}/conduct", TOUCHES_CONTENT,
     "{\"online\":false,\"recorded\":false,\"seb\":false}"},
    {"POST", "/api/sessions/{id}/papers", TOUCHES_PAPERS, NULL},
    {"POST", "/api/sessions/{id}/rehearsals", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/nodes", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/nodes/remove", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/envelope", RELEASES, NULL},
    {"POST", "/api/sessions/{id}/arm", RELEASES, NULL},
    {"POST", "/api/sessions/{id}/release", RELEASES, NULL},
    {"POST", "/api/sessions/{id}/extend", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/put-off", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/pause", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/resume", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/score", WORKS_ON_HANDED_IN, NULL},
    {"PUT", "/api/sessions/{id}/sheets/{id}", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/decisions", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/key-changes/preview", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/key-changes", WORKS_ON_HANDED_IN, NULL},
    {"PUT", "/api/sessions/{id}/typed/{id}", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/typed/{id}/decisions", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/recording/destroy", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/similarity", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/observations", SUPERVISES, NULL},
    {"POST", "/api/sessions/{id}/scans", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/scans/{id}/withdraw", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/scans/{id}/aside", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/typed/{id}/doubts", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/sessions/{id}/typed/{id}/check", WORKS_ON_HANDED_IN, NULL},
    {"POST", "/api/rooms/{id}/admit", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/presence", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/start", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/pause", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/resume", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/extend", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/takeover", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/seal-code", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/import", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/notice", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/close", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/accept-aside", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/violations", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/flags", SUPERVISES, NULL},
    {"POST", "/api/rooms/{id}/flags/look", SUPERVISES, NULL},
};
enum { TOUCHED = sizeof touched / sizeof *touched };

static const char *method_text(enum method m)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE", ""};
    return names[m];
}

/* A new address that changes a session or a room must say here what it is. */
void running_session_addresses_are_known_test(void)
{
    const struct route *r;
    size_t known = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        size_t rows = 0;
        if (r->method == METHOD_GET || (strncmp(r->path, "/api/sessions/{id}", 18) != 0 &&
                                        strncmp(r->path, "/api/rooms/{id}", 15) != 0))
            continue;
        for (size_t k = 0; k < TOUCHED; k++)
            rows += strcmp(touched[k].path, r->path) == 0 &&
                    strcmp(touched[k].method, method_text(r->method)) == 0;
        CHECK_INT(r->path, (int)rows, 1);
        known += rows;
    }
    CHECK_INT("no row without its address", (int)known, TOUCHED);
}

struct moving {
    struct id session, body;
    const char *from, *to;
};

static bool move(struct db *db, void *ctx, struct err *e)
{
    const struct moving *m = ctx;
    struct query *q = db_query(db, SQL_session_move);
    query_id(q, m->session);
    query_id(q, m->body);
    query_text(q, m->from);
    query_text(q, m->to);
    return query_change_one(q, "/state", "没有这样的场次。", e);
}

static void move_to(struct site *s, const char *session, const char *from, const char *to)
{
    struct err e = {0};
    struct moving m = {.body = s->body.id, .from = from, .to = to};
    CHECK("id", id_read(session, &m.session));
    CHECK_OK("moves", db_transact(s->t->db, move, &m, &e), &e);
}

/* TEXT with the first FROM made TO. */
static const char *filled(struct site *s, const char *text, const char *from, const char *to)
{
    const char *at = text ? strstr(text, from) : NULL;
    return at ? arena_printf(s->t->arena, "%.*s%s%s", (int)(at - text), text, to,
                             at + strlen(from))
              : text;
}

static void content_is_fixed(struct site *s, struct asker *a, const char *session,
                             const char *room, const char *place)
{
    const char *path = with_id(s, "/api/sessions/%s", session);
    CHECK_INT("look", ask(a, "GET", path, NULL), 200);
    const char *before = arena_text(s->t->arena, a->text);
    const char *seat = arena_text(s->t->arena, ask_text(a, "rooms/0/seats/0/id"));
    CHECK("a seat", seat);
    for (size_t i = 0; i < TOUCHED; i++) {
        if (touched[i].touch != TOUCHES_CONTENT)
            continue;
        const char *at = filled(s, filled(s, touched[i].path, "{id}", session), "{id}", room);
        const char *body = filled(s, touched[i].body, "SITE", place);
        body = filled(s, filled(s, body, "SEAT", seat), "ACCOUNT", room);
        long status = ask(a, touched[i].method, at, body);
        /* Closing looks at the rules first, and nobody sits in this one. */
        bool refused = status == 409 || (status == 422 && strstr(at, "/close"));
        if (!refused)
            print_message("%s %s: %ld %s\n", touched[i].method, at, status, a->text);
        CHECK(at, refused);
    }
    CHECK_INT("look again", ask(a, "GET", path, NULL), 200);
    CHECK_TEXT("nothing has changed", a->text, before);
}

/* From the sealing on nothing of the arrangement can be changed, whatever is asked. */
void running_session_is_fixed_test(void)
{
    struct site *s = site_start();
    struct programme_set *set = programmes_of(s);
    struct asker a = staff_of(s, s->body.id, "registrar1", R(registrar));
    CHECK_INT("a site", ask(&a, "POST", "/api/sites", "{\"name\":\"考点\",\"address\":\"路\"}"),
              201);
    const char *place = ask_text(&a, "id");
    const char *session = session_of(s, &a, batch_of(s, set));
    const char *rooms = with_id(s, "/api/sessions/%s/rooms", session);
    CHECK_INT("room",
              ask(&a, "POST", rooms,
                  filled(s,
                         "{\"site\":\"SITE\",\"name\":\"第一考场\",\"rows\":2,"
                         "\"columns\":3}",
                         "SITE", place)),
              201);
    const char *room = ask_text(&a, "id");
    move_to(s, session, "draft", "arranged");
    move_to(s, session, "arranged", "sealed");
    content_is_fixed(s, &a, session, room, place);
    move_to(s, session, "sealed", "running");
    content_is_fixed(s, &a, session, room, place);
    site_stop(s);
}
