/* web/walk_test.c - S18, S20 and S21 over HTTP, walked over every row of the table of routes. */
#include "web/walk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/workday.h"
#include "paper/paper.h"
#include "people/account.h"
#include "programme/programme.h"
#include "store/signer.h"
#include "web/ground.h"
#include "web/rate.h"

enum { ROLES_MAX = 17, DESK = 0 };

#define PUBLIC 0
#define STAFF  (UINT32_MAX & ~R(candidate))
#define SIGNED UINT32_MAX
static const struct access {
    enum method method;
    const char *path;
    uint32_t roles;
} access_rows[] = {
#define ACCESS(method_, path_, roles_) {METHOD_##method_, path_, roles_},
#include "web/access.def"
#undef ACCESS
};

static const struct access *access_of(const struct route *r)
{
    for (size_t i = 0; i < sizeof access_rows / sizeof *access_rows; i++)
        if (access_rows[i].method == r->method && strcmp(access_rows[i].path, r->path) == 0)
            return &access_rows[i];
    return NULL;
}

static struct site *start(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct programme_set *set = arena_new(s->t->arena, struct programme_set);
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, set, &e), &e);
    s->app.programmes = set;
    s->app.calendar = workday_calendar_embedded(s->t->arena, &e);
    s->app.data_folder = s->t->folder;
    log_to(-1); /* thousands of lines that say what the test expects */
    s->app.release_desk = release_desk_create(clock_now_ms(), clock_boot_ms());
    s->app.signer = signer_create(s->t->arena, s->t->master);
    CHECK_OK("keys", signer_keys_ensure(s->app.signer, s->t->db, clock_now_ms(), &e), &e);
    return s;
}

static void stop(struct site *s)
{
    struct release_desk *desk = s->app.release_desk;
    site_stop(s);
    release_desk_destroy(desk);
    log_to(STDERR_FILENO);
}

/* Thousands of answers would fill the arena of the site: each round has its own. */
static struct arena *round_begin(struct site *s)
{
    struct arena *kept = s->t->arena;
    s->t->arena = arena_create((size_t)64 << 20);
    return kept;
}

static void round_end(struct site *s, struct arena *kept)
{
    arena_destroy(s->t->arena);
    s->t->arena = kept;
}

static long ask_row(struct asker *a, const struct walk *w, const struct route *r)
{
    const char *body = r->fields ? walk_body(w, r) : r->body_max > 0 ? "{}" : NULL;
    return ask(a, walk_method(r), walk_path(w, r), body);
}

/* ------------------------------------------------------------------ S21: roles */
static const struct {
    const char *login;
    uint32_t role;
} one_role[] = {
#define ROLE(number, name, label, staff) {"role-" #name, R(name)},
#include "people/roles.def"
#undef ROLE
};
enum { ONE_ROLES = sizeof one_role / sizeof *one_role };

static void one_role_tries(struct asker *a, uint32_t role, int *refused)
{
    const struct route *r;
    for (size_t i = 0; (r = route_at(i)); i++) {
        const struct access *want = access_of(r);
        if (walk_leaves_out(r) || r->who == MAY_ATTEMPT || r->form || !r->handler)
            continue;
        struct arena *kept = round_begin(a->site);
        struct walk w = {.arena = a->site->t->arena, .id = id_random()};
        const char *body = r->body_max > 0 ? "{}" : NULL;
        long status = ask(a, walk_method(r), walk_path(&w, r), body);
        const char *field = ask_text(a, "error/field");
        bool by_role = status == 403 && field && strcmp(field, "role") == 0;
        if (want->roles != PUBLIC && !(want->roles & role)) {
            CHECK_INT(r->path, status, 403);
            CHECK_TEXT(r->path, field, "role");
            ++*refused;
        } else {
            CHECK(r->path, status != 401 || !field || strcmp(field, "session") != 0);
            CHECK(r->path, !by_role);
            CHECK(r->path, status < 500);
        }
        round_end(a->site, kept);
    }
}

/* Lines of the log that a refusal left: with the status and the pattern of the route. */
static int logged_refusals(struct site *s, const char *path)
{
    struct err e = {0};
    struct bytes log;
    int n = 0;
    CHECK_OK("log", file_read(s->t->arena, path, (size_t)64 << 20, &log, &e), &e);
    for (const char *c = (const char *)log.at; (c = strstr(c, "status=403")); c++)
        n++;
    return n;
}

void every_route_has_its_roles_test(void)
{
    struct site *s = start();
    const char *path = arena_printf(s->t->arena, "%s/refusals.log", s->t->folder);
    const struct route *r;
    size_t rows = 0;
    int refused = 0;
    int fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    CHECK("log", fd >= 0);
    for (size_t i = 0; (r = route_at(i)); i++, rows++)
        CHECK(r->path, access_of(r));
    CHECK_INT("and no row without a route", rows, sizeof access_rows / sizeof *access_rows);
    log_to(fd);
    for (int i = 0; i < ONE_ROLES; i++) {
        struct asker a = asker_account(s, s->body.id, one_role[i].login, one_role[i].role);
        one_role_tries(&a, one_role[i].role, &refused);
    }
    log_to(-1);
    close(fd);
    CHECK("there were some", refused > 1000);
    CHECK("each is in the log", logged_refusals(s, path) >= refused);
    stop(s);
}

/* ------------------------------------------------------------------ members that no table has */
/* Who may take a row: an account that has what it asks for. */
struct everybody {
    struct asker desk, candidate, partner, security, audit, system;
};

static void everybody_signs_in(struct site *s, struct id body, const char *mark,
                               struct everybody *out)
{
    struct arena *a = s->t->arena;
#define SIGN_IN(name, roles)                                                                   \
    out->name = asker_account(s, body, arena_printf(a, #name "-%s", mark), roles)
    SIGN_IN(desk, EVERY_DESK);
    SIGN_IN(candidate, R(candidate));
    SIGN_IN(partner, R(partner));
    SIGN_IN(security, R(security_admin));
    SIGN_IN(audit, R(audit_admin));
    SIGN_IN(system, R(system_admin));
#undef SIGN_IN
}

static struct asker *who_may(struct everybody *all, const struct route *r)
{
    uint32_t roles = access_of(r)->roles;
    return roles == PUBLIC || roles & EVERY_DESK ? &all->desk
           : roles & R(candidate)                ? &all->candidate
           : roles & R(security_admin)           ? &all->security
           : roles & R(audit_admin)              ? &all->audit
           : roles & R(system_admin)             ? &all->system
                                                 : &all->partner;
}

void unknown_members_are_refused_test(void)
{
    struct site *s = start();
    struct everybody all;
    const struct route *r;
    int rows = 0;
    everybody_signs_in(s, s->body.id, "a", &all);
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!r->fields || !route_is_here(r, false)) /* a node's own are not at a centre */
            continue;
        struct walk w = {
            .arena = s->t->arena, .id = id_random(), .text = "文", .unknown = "king"};
        struct asker *a = who_may(&all, r);
        CHECK_INT(r->path, ask_row(a, &w, r), 400);
        CHECK_TEXT(r->path, ask_text(a, "error/field"), "/king");
        rows++;
    }
    CHECK("there were some", rows > 60);
    stop(s);
}

/* ------------------------------------------------------------------ S18: 300 strings */
static const char *const injections[] = {
#define INJECTION(text) text,
#include "web/injections.def"
#undef INJECTION
};
static const char *const around[] = {"%s", "a%s--", "考'%s\"生", "\\%s%%00"};
enum {
    BASES = sizeof injections / sizeof *injections,
    AROUND = sizeof around / sizeof *around
};

static const char *injection(struct arena *a, int i)
{
    const char *form = around[i / BASES], *mark = strstr(form, "%s");
    return arena_printf(a, "%.*s%s%s", (int)(mark - form), form, injections[i % BASES],
                        mark + 2);
}

static void string_through_every_route(struct everybody *all, int nth, int *asked)
{
    struct site *s = all->desk.site;
    const struct route *r;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!walk_has_text(r) || walk_leaves_out(r) || nth % walk_stride(r) != 0)
            continue;
        struct walk w = {
            .arena = s->t->arena, .id = id_random(), .text = injection(s->t->arena, nth)};
        struct asker *a = who_may(all, r);
        long status = ask_row(a, &w, r);
        if (status >= 500 || status < 200)
            print_error("%s %s: %ld %s\n", walk_body(&w, r), r->path, status, a->text);
        CHECK(r->path, status >= 200 && status < 500);
        CHECK(r->path, a->json || status == 204 || r->form);
        ++*asked;
    }
}

/* A text anywhere in an answer that is all of WANTED, or as much of it as the field may hold. */
static const char *text_within(const json_t *v, const char *wanted)
{
    const char *found = NULL, *name, *text = json_string_value(v);
    const json_t *one;
    size_t i;
    if (text && *text && strncmp(text, wanted, strlen(text)) == 0)
        return text;
    json_object_foreach((json_t *)(uintptr_t)v, name, one) if (!found)
        found = text_within(one, wanted);
    json_array_foreach((json_t *)(uintptr_t)v, i, one) if (!found)
        found = text_within(one, wanted);
    return found;
}

/* What the walk wrote is in the lists as it was, byte for byte. */
static void string_is_kept(struct everybody *all, int nth)
{
    static const char *const lists[] = {"/api/sites", "/api/partners"};
    struct asker *a = &all->desk;
    const char *text = injection(a->site->t->arena, nth);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        CHECK_INT(text, ask(a, "GET", lists[i], NULL), 200);
        CHECK(text, text_within(a->json, text));
    }
}

void injections_are_only_text_test(void)
{
    struct site *s = start();
    struct everybody all;
    struct err e = {0};
    struct audit_report report;
    int asked = 0;
    /* The second compiler's run in ./test plays some: one in seven is of every kind. */
    int step = getenv("HENG_TEST_SHORT") ? 7 : 1;
    CHECK("300 of them", BASES * AROUND >= 300);
    everybody_signs_in(s, s->body.id, "a", &all);
    for (int i = 0; i < BASES * AROUND; i += step) {
        struct arena *kept = round_begin(s);
        string_through_every_route(&all, i, &asked);
        string_is_kept(&all, i);
        round_end(s, kept);
    }
    print_message("%d requests with %d strings\n", asked, (BASES * AROUND + step - 1) / step);
    CHECK_OK("audit", audit_verify(s->t->db, s->t->arena, &report, &e), &e);
    CHECK_INT("the chain holds", report.break_count, 0);
    CHECK_INT("signed in still", ask(&all.desk, "GET", "/api/me", NULL), 200);
    stop(s);
}
