/* web/foreign_test.c - S20 and S21 over HTTP: another body's objects, and the headers of every answer. */
#include "web/walk.h"

#include <stdio.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/workday.h"
#include "paper/paper.h"
#include "people/account.h"
#include "programme/programme.h"
#include "store/signer.h"
#include "web/asker.h"

#define EVERY_DESK                                                                             \
    (R(registrar) | R(item_author) | R(item_reviewer) | R(marker) | R(examiner) |              \
     R(head_examiner) | R(panel_member) | R(invigilator) | R(quality_supervisor) | R(issuer) | \
     R(release_officer))

/* Objects of the first body, each under the word that stands before its {id}. */
enum { OBJECTS_MAX = 16 };
struct ground {
    struct site *site;
    struct id other_body;
    struct object {
        const char *segment;
        struct id id;
    } objects[OBJECTS_MAX];
    size_t count;
    struct asker desk, candidate, security;             /* of the first body */
    struct asker far_desk, far_security, far_candidate; /* of the other one */
    struct asker neighbour;                             /* a candidate of the first body */
};

static struct id *made(struct ground *g, const char *segment, const struct asker *a,
                       const char *path)
{
    struct object *o = &g->objects[g->count++];
    const char *text = ask_text(a, path);
    o->segment = segment;
    CHECK(path, text && id_read(text, &o->id));
    return &o->id;
}

static const char *text_of(struct ground *g, struct id id)
{
    char *text = arena_alloc(g->site->t->arena, ID_TEXT_BYTES, 1);
    id_write(id, text);
    return text;
}

static void batch_and_entry(struct ground *g)
{
    struct arena *a = g->site->t->arena;
    char day[DATE_TEXT_BYTES];
    int64_t now = clock_now_ms();
    date_write(date_of_instant(now, CHINA_OFFSET_MS) + 40, day);
    CHECK_INT("batch",
              ask(&g->desk, "POST", "/api/batches",
                  arena_printf(
                      a,
                      "{\"title\":\"第一批\",\"programme\":\"national-2023\","
                      "\"apply_from_ms\":%lld,\"apply_until_ms\":%lld,\"exam_from\":\"%s\","
                      "\"exam_until\":\"%s\",\"levels\":[{\"level\":4}]}",
                      (long long)now - 1000, (long long)now + 9 * (long long)DAY_MS, day, day)),
              201);
    const char *batch = text_of(g, *made(g, "batches", &g->desk, "batch/id"));
    CHECK_INT("identity",
              ask(&g->candidate, "PUT", "/api/my/person",
                  "{\"name\":\"韩梅梅\",\"document_kind\":\"resident_id\","
                  "\"document_number\":\"11010519491231002X\"}"),
              200);
    CHECK_INT("entry",
              ask(&g->candidate, "POST", "/api/entries",
                  arena_printf(a, "{\"batch\":\"%s\",\"level\":4}", batch)),
              201);
    made(g, "entries", &g->candidate, "entry/id");
    made(g, "persons", &g->candidate, "entry/person");
    CHECK_INT(
        "session",
        ask(&g->desk, "POST", arena_printf(a, "/api/batches/%s/sessions", batch),
            arena_printf(a, "{\"component\":\"theory\",\"starts_ms\":%lld,\"minutes\":60}",
                         (long long)(now + 30 * (int64_t)DAY_MS))),
        201);
    made(g, "sessions", &g->desk, "id");
}

static void staff_and_rooms(struct ground *g)
{
    struct arena *a = g->site->t->arena;
    const char *session = text_of(g, g->objects[g->count - 1].id);
    CHECK_INT("site",
              ask(&g->desk, "POST", "/api/sites",
                  "{\"name\":\"朝阳考点\",\"address\":\"建国路 88 号\"}"),
              201);
    const char *place = arena_text(a, ask_text(&g->desk, "id"));
    CHECK_INT("room",
              ask(&g->desk, "POST", arena_printf(a, "/api/sessions/%s/rooms", session),
                  arena_printf(a, "{\"site\":\"%s\",\"name\":\"一\",\"rows\":2,\"columns\":3}",
                               place)),
              201);
    made(g, "rooms", &g->desk, "id");
    CHECK_INT("me", ask(&g->desk, "GET", "/api/me", NULL), 200);
    made(g, "staff", &g->desk, "account/id");
    made(g, "accounts", &g->desk, "account/id");
}

static struct ground *ground_open(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct ground *g = arena_new(s->t->arena, struct ground);
    struct programme_set *set = arena_new(s->t->arena, struct programme_set);
    struct actor who = s->t->actor;
    struct body other = {.name = "别的评价机构"};
    g->site = s;
    log_to(-1);
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, set, &e), &e);
    s->app.programmes = set;
    s->app.calendar = workday_calendar_embedded(s->t->arena, &e);
    s->app.data_folder = s->t->folder;
    s->app.release_desk = release_desk_create(clock_now_ms(), clock_boot_ms());
    s->app.signer = signer_create(s->t->arena, s->t->master);
    CHECK_OK("keys", signer_keys_ensure(s->app.signer, s->t->db, clock_now_ms(), &e), &e);
    CHECK_OK("other body", body_create(s->t->db, &who, &other, &e), &e);
    g->other_body = other.id;
    g->desk = asker_account(s, s->body.id, "desk-a", EVERY_DESK);
    g->candidate = asker_account(s, s->body.id, "candidate-a", R(candidate));
    g->neighbour = asker_account(s, s->body.id, "neighbour-a", R(candidate));
    g->security = asker_account(s, s->body.id, "security-a", R(security_admin));
    g->far_desk = asker_account(s, other.id, "desk-b", EVERY_DESK);
    g->far_security = asker_account(s, other.id, "security-b", R(security_admin));
    g->far_candidate = asker_account(s, other.id, "candidate-b", R(candidate));
    batch_and_entry(g);
    staff_and_rooms(g);
    return g;
}

static void ground_close(struct ground *g)
{
    struct release_desk *desk = g->site->app.release_desk;
    site_stop(g->site);
    release_desk_destroy(desk);
    log_to(2);
}

/* The object that this route's first {id} names, NULL if it is none of ours. */
static const struct object *object_of(const struct ground *g, const struct route *r)
{
    for (size_t i = 0; i < g->count; i++) {
        size_t len = strlen(g->objects[i].segment);
        const char *at = strstr(r->path, g->objects[i].segment);
        if (at && at[-1] == '/' && strncmp(at + len, "/{id}", 5) == 0 &&
            strncmp(r->path, "/api/my/", 8) != 0 && strncmp(r->path, "/api/sit/", 9) != 0)
            return &g->objects[i];
    }
    return NULL;
}

/* Everything of a refusal but the number of the request. */
static const char *said(struct asker *a, long status)
{
    const char *code = ask_text(a, "error/code"), *field = ask_text(a, "error/field"),
               *text = ask_text(a, "error/text");
    return arena_printf(a->site->t->arena, "%ld %s %s %s", status, code ? code : "-",
                        field ? field : "-", text ? text : a->text);
}

static const char *ask_about(struct asker *a, const struct route *r, struct id id)
{
    struct walk w = {
        .arena = a->site->t->arena, .id = id, .text = "不是本人的东西，说明原因。"};
    const char *body = r->fields ? walk_body(&w, r) : r->body_max > 0 ? "{}" : NULL;
    long status = ask(a, walk_method(r), walk_path(&w, r), body);
    return said(a, status);
}

/* What is not theirs answers word for word as what does not exist. */
static void no_difference(struct asker *a, const struct route *r, const struct object *o)
{
    const char *theirs = ask_about(a, r, o->id), *nobodys = ask_about(a, r, id_random());
    CHECK_TEXT(r->path, theirs, nobodys);
}

void foreign_objects_do_not_exist_test(void)
{
    struct ground *g = ground_open();
    const struct route *r;
    int rows = 0, seen = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        const struct object *o = object_of(g, r);
        if (!o || !r->handler)
            continue;
        rows++;
        no_difference(&g->far_desk, r, o);
        no_difference(&g->far_security, r, o);
        if (strcmp(o->segment, "batches") != 0) {
            no_difference(&g->far_candidate, r, o);
            no_difference(&g->neighbour, r, o);
        }
    }
    CHECK("there were some", rows > 50);
    /* Their own people do see a difference, or the test would show nothing. */
    for (size_t i = 0; (r = route_at(i)); i++) {
        const struct object *o = object_of(g, r);
        if (!o || !r->handler || r->method != METHOD_GET || strstr(r->path, "live"))
            continue;
        struct asker *a = strcmp(o->segment, "accounts") == 0 ? &g->security : &g->desk;
        seen += strcmp(ask_about(a, r, o->id), ask_about(a, r, id_random())) != 0;
    }
    CHECK("own objects are seen", seen >= 8);
    ground_close(g);
}

/* ------------------------------------------------------------------ S20 */
#define NOTHING_OF_THE_MACHINE "camera=(), microphone=(), geolocation=(), display-capture=()"
static const char *const in_every_answer[] = {
    "X-Content-Type-Options: nosniff\n",
    "Referrer-Policy: no-referrer\n",
    "Cross-Origin-Opener-Policy: same-origin\n",
    "Cross-Origin-Resource-Policy: same-origin\n",
    "Cache-Control: no-store\n",
};

static void headers_hold(const struct asker *a, const char *what)
{
    for (size_t i = 0; i < sizeof in_every_answer / sizeof *in_every_answer; i++)
        CHECK(what, strstr(a->headers, in_every_answer[i]));
    const char *policy = strstr(a->headers, "Content-Security-Policy: default-src 'none'");
    CHECK(what, policy);
    CHECK(what, strstr(policy, "frame-ancestors 'none'") || strstr(policy, "sandbox"));
    CHECK(what, !strstr(a->headers, "Access-Control-"));
    CHECK(what, !strstr(a->headers, "unsafe-eval") && !strstr(a->headers, "script-src *"));
}

void every_answer_has_its_headers_test(void)
{
    struct ground *g = ground_open();
    const struct route *r;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!r->handler || walk_leaves_out(r))
            continue;
        ask_about(&g->desk, r, id_random());
        headers_hold(&g->desk, r->path);
        CHECK(r->path, !strstr(g->desk.headers, "Strict-Transport-Security"));
    }
    g->site->app.behind_tls = true;
    ask(&g->desk, "GET", "/api/health", NULL);
    CHECK("behind TLS",
          strstr(g->desk.headers, "Strict-Transport-Security: max-age=63072000\n"));
    ground_close(g);
}

/* What one header of the last answer says, "" if it is not there. */
static const char *header(const struct asker *a, const char *name)
{
    const char *at = strstr(a->headers, name);
    if (!at)
        return "";
    at += strlen(name) + strlen(": ");
    return arena_copy(a->site->t->arena, at, strcspn(at, "\n"));
}

/* The pages of desk, portal and exam are asked in tests/browser, where they are built in. */
void answers_have_exactly_their_policy_test(void)
{
    static const struct {
        const char *path, *policy, *permissions;
    } faces[] = {
        {"/api/health", "default-src 'none'; frame-ancestors 'none'", ""},
        {"/verify",
         "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri "
         "'none'; frame-ancestors 'none'",
         NOTHING_OF_THE_MACHINE},
    };
    struct ground *g = ground_open();
    struct asker *a = &g->desk;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        long status = ask(a, "GET", faces[i].path, NULL);
        headers_hold(a, faces[i].path);
        CHECK_INT(faces[i].path, status, 200);
        CHECK_TEXT(faces[i].path, header(a, "Content-Security-Policy"), faces[i].policy);
        CHECK_TEXT(faces[i].path, header(a, "Permissions-Policy"), faces[i].permissions);
    }
    ground_close(g);
}
