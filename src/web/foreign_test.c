/* web/foreign_test.c - S20 and S21 over HTTP: another's objects, and the headers of every answer. */
#include <stdio.h>

#include "web/ground.h"
#include "web/walk.h"

/* The segments before the NTH {id} of an address, "entries" or "entries/evidence"; NULL: has none. */
static const char *segment_of(struct arena *a, const struct route *r, int nth)
{
    const char *from = strncmp(r->path, "/api/", 5) == 0 ? r->path + 5 : r->path + 1;
    const char *first = strstr(from, "/{id}");
    if (!first)
        return NULL;
    const char *start = first;
    while (start > from && start[-1] != '/')
        start--;
    if (strncmp(from, "my/", 3) == 0 || strncmp(from, "me/", 3) == 0)
        start = from;
    const char *segment = arena_copy(a, start, (size_t)(first - start));
    if (nth == 1)
        return segment;
    const char *second = strstr(first + 5, "/{id}");
    if (!second)
        return NULL;
    for (start = second; start[-1] != '/';)
        start--;
    return arena_printf(a, "%s/%.*s", segment, (int)(second - start), start);
}

/* Whose {id} names no object that belongs to anybody in particular. */
static bool is_everybodys(const struct route *r)
{
    return strncmp(r->path, "/seb/", 5) ==
           0; /* how a browser is set up, no person's business */
}

static bool is_asked(const struct route *r)
{
    return strstr(r->path, "{id}") && route_is_here(r, false) && !is_everybodys(r) &&
           !strstr(r->path, "/live") && !strstr(r->path, "/events");
}

/* Everything of an answer but the number of the request. */
static const char *said(struct asker *a, long status)
{
    const char *code = ask_text(a, "error/code"), *field = ask_text(a, "error/field"),
               *text = ask_text(a, "error/text");
    return arena_printf(a->site->t->arena, "%ld %s %s %s", status, code ? code : "-",
                        field ? field : "-", text ? text : a->text);
}

/* Of the first media type that the address takes: what stands in it is wrong, and comes second. */
static long upload(struct asker *a, const char *path, const char *types)
{
    const struct bytes body = {(const unsigned char *)"no file", 7};
    return ask_bytes(a, path, arena_copy(a->site->t->arena, types, strcspn(types, " ")), body);
}

static const char *ask_walk(struct asker *a, const struct route *r, struct walk w)
{
    w.arena = a->site->t->arena;
    w.text = "不是本人的东西，说明原因。";
    const char *body = r->fields ? walk_body(&w, r) : r->body_max > 0 ? "{}" : NULL;
    long status = r->types ? upload(a, walk_path(&w, r), r->types)
                           : ask(a, walk_method(r), walk_path(&w, r), body);
    return said(a, status);
}

static const char *ask_about(struct asker *a, const struct route *r, struct id id)
{
    return ask_walk(a, r, (struct walk){.id = id});
}

/* What is not theirs answers word for word as what does not exist. */
static void no_difference(struct asker *a, const struct route *r, struct id id)
{
    const char *theirs = ask_about(a, r, id), *nobodys = ask_about(a, r, id_random());
    CHECK_TEXT(r->path, theirs, nobodys);
}

/* Every address with an {id}: a new one without an object of its kind in the ground fails here. */
void foreign_objects_do_not_exist_test(void)
{
    struct ground *g = ground_open();
    struct arena *a = g->site->t->arena;
    const struct route *r;
    int rows = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!is_asked(r))
            continue;
        const char *segment = segment_of(a, r, 1);
        struct id id = ground_object(&g->ours, segment);
        CHECK(r->path, !id_is_zero(id));
        rows++;
        no_difference(&g->theirs.desk, r, id);
        no_difference(&g->theirs.security, r, id);
        no_difference(&g->theirs.system, r, id);
        if (strcmp(segment, "batches") != 0) { /* anybody may read what may be applied for */
            no_difference(&g->theirs.candidate, r, id);
            if (strcmp(segment, "practice") != 0) /* every candidate of the body may */
                no_difference(&g->neighbour, r, id);
        }
    }
    print_message("%d addresses with an object\n", rows);
    CHECK("there were some", rows > 120);
    ground_close(g);
}

/* One's own object, and in it one that belongs to others: a file of another's entry, a seat of another
 * body's room. */
void foreign_parts_do_not_exist_test(void)
{
    struct ground *g = ground_open();
    struct arena *a = g->site->t->arena;
    struct asker *const askers[] = {&g->theirs.desk, &g->theirs.candidate};
    const struct route *r;
    int rows = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        const char *segment = segment_of(a, r, 2);
        if (!segment || !is_asked(r))
            continue;
        struct id foreign = ground_object(&g->ours, segment),
                  own = ground_object(&g->theirs, segment_of(a, r, 1));
        CHECK(segment, !id_is_zero(foreign) && !id_is_zero(own));
        rows++;
        for (size_t k = 0; k < sizeof askers / sizeof *askers; k++) {
            const char *theirs = ask_walk(askers[k], r,
                                          (struct walk){.id = own, .second = foreign});
            CHECK_TEXT(r->path, theirs,
                       ask_walk(askers[k], r, (struct walk){.id = own, .second = id_random()}));
        }
    }
    CHECK("there were some", rows > 10);
    ground_close(g);
}

/* Another body's object named in a body: each of every kind, in every address that takes ids. */
void foreign_members_do_not_exist_test(void)
{
    struct ground *g = ground_open();
    struct arena *kept = g->site->t->arena;
    const struct route *r;
    int asked = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!walk_has_id(r) || !route_is_here(r, false))
            continue;
        struct arena *round = g->site->t->arena = arena_create((size_t)16 << 20);
        const char *segment = segment_of(round, r, 1);
        struct id own = segment ? ground_object(&g->theirs, segment) : id_random();
        for (size_t k = 0; k < g->ours.count; k++, asked++) {
            struct walk w = {.id = own, .in_body = g->ours.objects[k].id};
            const char *theirs = ask_walk(&g->theirs.desk, r, w);
            w.in_body = id_random();
            CHECK_TEXT(arena_printf(round, "%s: %s", r->path, g->ours.objects[k].segment),
                       theirs, ask_walk(&g->theirs.desk, r, w));
        }
        arena_destroy(round);
        g->site->t->arena = kept;
    }
    print_message("%d members\n", asked);
    CHECK("there were some", asked > 500);
    ground_close(g);
}

static bool sees(struct asker *a, const struct route *r, struct id id)
{
    return strcmp(ask_about(a, r, id), ask_about(a, r, id_random())) != 0;
}

/* Their own people do see a difference, for each kind of object, or the tests above would show nothing. */
void own_objects_are_seen_test(void)
{
    struct ground *g = ground_open();
    struct arena *a = g->site->t->arena;
    const struct route *r;
    for (size_t k = 0; k < g->ours.count; k++) {
        const struct object *o = &g->ours.objects[k];
        struct asker *const askers[] = {&g->ours.desk, &g->ours.candidate, &g->ours.security,
                                        &g->ours.system};
        bool seen = strchr(o->segment, '/') != NULL && strncmp(o->segment, "m", 1) != 0;
        for (size_t i = 0; !seen && (r = route_at(i)); i++) {
            const char *segment = segment_of(a, r, 1);
            if (!segment || strcmp(segment, o->segment) != 0 || !is_asked(r))
                continue;
            for (size_t n = 0; !seen && n < sizeof askers / sizeof *askers; n++)
                seen = sees(askers[n], r, o->id);
        }
        /* An attempt answers to its own device only: sit_road. */
        CHECK(o->segment, seen || strcmp(o->segment, "sit") == 0);
    }
    ground_close(g);
}

/* An invigilator who has no duty there neither sees nor does anything in a room of their own body. */
void rooms_need_a_duty_test(void)
{
    struct ground *g = ground_open();
    struct arena *a = g->site->t->arena;
    const struct route *r;
    int rows = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if ((r->who != MAY_INVIGILATE && r->who != MAY_WATCH) || !is_asked(r))
            continue;
        struct walk w = {.id = ground_object(&g->ours, segment_of(a, r, 1)),
                         .second = ground_object(&g->ours, "sit"),
                         .in_body = ground_object(&g->ours, "sit")};
        const char *text = ask_walk(&g->colleague, r, w);
        rows++;
        CHECK(arena_printf(a, "%s: %s", r->path, text), strncmp(text, "403 ", 4) == 0);
    }
    CHECK("there were some", rows > 15);
    ground_close(g);
}

struct supervisor {
    const struct ground *g;
    struct id account;
};

static bool put_supervisor(struct db *db, void *ctx, struct err *e)
{
    const struct supervisor *s = ctx;
    struct query *q = db_query(db, SQL_staff_put);
    query_id(q, id_random());
    query_id(q, s->g->ours.body.id);
    query_id(q, ground_object(&s->g->ours, "sessions"));
    query_null(q);
    query_id(q, s->account);
    query_text(q, "quality_supervisor");
    return query_run(q, e);
}

/* A quality supervisor with a duty sees the room, does nothing in it, and notes what they saw. */
void supervisor_only_looks_test(void)
{
    struct ground *g = ground_open();
    struct err e = {0};
    struct arena *a = g->site->t->arena;
    struct asker who = asker_account(g->site, g->ours.body.id, "watcher",
                                     R(quality_supervisor));
    struct supervisor s = {.g = g};
    static const struct {
        const char *path;
        int with_duty;
    } reads[] = {{"/api/sessions/%s/violations", 200},
                 {"/api/sessions/%s/observations", 200},
                 {"/api/sessions/%s/similarity", 409}}; /* nobody has handed in yet */
    const char *room = ground_text(&g->ours, "rooms"),
               *session = ground_text(&g->ours, "sessions");
    const char *view = arena_printf(a, "/api/rooms/%s", room),
               *notes = arena_printf(a, "/api/sessions/%s/observations", session),
               *note = arena_printf(
                   a, "{\"room\":\"%s\",\"seat\":7,\"kind\":\"remark\",\"text\":\"过道堆物\"}",
                   room);
    CHECK_INT("me", ask(&who, "GET", "/api/me", NULL), 200);
    CHECK("account", id_read(ask_text(&who, "account/id"), &s.account));
    CHECK_INT("no duty", ask(&who, "GET", view, NULL), 403);
    CHECK_INT("no duty", ask(&who, "POST", notes, note), 403);
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        CHECK_INT(reads[i].path,
                  ask(&who, "GET", arena_printf(a, reads[i].path, session), NULL), 403);
    CHECK_INT("no rooms", ask(&who, "GET", "/api/rooms", NULL), 200);
    CHECK("none", !ask_text(&who, "rooms/0/id"));

    CHECK_OK("duty", db_transact(g->site->t->db, put_supervisor, &s, &e), &e);
    CHECK_INT("rooms", ask(&who, "GET", "/api/rooms", NULL), 200);
    CHECK_TEXT("that one", ask_text(&who, "rooms/0/id"), room);
    CHECK_INT("sees it", ask(&who, "GET", view, NULL), 200);
    CHECK("is told to look only", strstr(who.text, "\"acts\":false"));
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        CHECK_INT(reads[i].path,
                  ask(&who, "GET", arena_printf(a, reads[i].path, session), NULL),
                  reads[i].with_duty);
    CHECK_INT("the desk", ask(&g->ours.desk, "GET", view, NULL), 200);
    CHECK("may act", strstr(g->ours.desk.text, "\"acts\":true"));
    CHECK_INT("does nothing",
              ask(&who, "POST", arena_printf(a, "%s/pause", view), "{\"reason\":\"停电\"}"),
              403);
    CHECK_INT("notes", ask(&who, "POST", notes, note), 200);
    CHECK_TEXT("text", ask_text(&who, "observations/0/text"), "过道堆物");
    CHECK_INT("kind", ask(&who, "POST", notes, "{\"kind\":\"praise\",\"text\":\"很好\"}"), 400);
    CHECK_TEXT("named", ask_text(&who, "error/field"), "/kind");
    CHECK_INT("no such room",
              ask(&who, "POST", notes,
                  "{\"room\":\"00112233445566778899aabbccddeeff\",\"kind\":\"remark\","
                  "\"text\":\"无此考场\"}"),
              404);
    CHECK_INT("read", ask(&g->ours.desk, "GET", notes, NULL), 200);
    CHECK("one", ask_text(&g->ours.desk, "observations/0/text") &&
                     !ask_text(&g->ours.desk, "observations/1/text"));
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
        ask_about(&g->ours.desk, r, id_random());
        headers_hold(&g->ours.desk, r->path);
        CHECK(r->path, !strstr(g->ours.desk.headers, "Strict-Transport-Security"));
    }
    g->site->app.behind_tls = true;
    ask(&g->ours.desk, "GET", "/api/health", NULL);
    CHECK("behind TLS",
          strstr(g->ours.desk.headers, "Strict-Transport-Security: max-age=63072000\n"));
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
    struct asker *a = &g->ours.desk;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        long status = ask(a, "GET", faces[i].path, NULL);
        headers_hold(a, faces[i].path);
        CHECK_INT(faces[i].path, status, 200);
        CHECK_TEXT(faces[i].path, header(a, "Content-Security-Policy"), faces[i].policy);
        CHECK_TEXT(faces[i].path, header(a, "Permissions-Policy"), faces[i].permissions);
    }
    ground_close(g);
}
