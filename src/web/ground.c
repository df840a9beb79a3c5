/* web/ground.c - two bodies with people, and what they can make by asking. */
#include "web/ground.h"
#include "web/rate.h"

#include "base/calendar.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/workday.h"
#include "paper/paper.h"
#include "programme/programme.h"
#include "store/db.h"
#include "store/signer.h"

void ground_add(struct side *s, const char *segment, struct id id)
{
    CHECK(segment, s->count < OBJECTS_MAX && !id_is_zero(id));
    s->objects[s->count++] = (struct object){segment, id};
}

struct id ground_object(const struct side *s, const char *segment)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->objects[i].segment, segment) == 0)
            return s->objects[i].id;
    return (struct id){0};
}

const char *ground_text(const struct side *s, const char *segment)
{
    char *text = arena_alloc(s->site->t->arena, ID_TEXT_BYTES, 1);
    struct id id = ground_object(s, segment);
    CHECK(segment, !id_is_zero(id));
    id_write(id, text);
    return text;
}

/* The object that the last answer names at PATH. */
static void made(struct side *s, const char *segment, const struct asker *a, const char *path)
{
    const char *text = ask_text(a, path);
    struct id id = {0};
    CHECK(segment, text && id_read(text, &id));
    ground_add(s, segment, id);
}

static void batch_and_entry(struct side *s)
{
    struct arena *a = s->site->t->arena;
    char day[DATE_TEXT_BYTES];
    int64_t now = clock_now_ms();
    const struct bytes pdf = {(const unsigned char *)"%PDF-1.4\n%%EOF\n", 15};
    date_write(date_of_instant(now, CHINA_OFFSET_MS) + 40, day);
    CHECK_INT("batch",
              ask(&s->desk, "POST", "/api/batches",
                  arena_printf(
                      a,
                      "{\"title\":\"第一批\",\"programme\":\"national-2023\","
                      "\"apply_from_ms\":%lld,\"apply_until_ms\":%lld,\"exam_from\":\"%s\","
                      "\"exam_until\":\"%s\",\"levels\":[{\"level\":4}]}",
                      (long long)now - 1000, (long long)now + 9 * (long long)DAY_MS, day, day)),
              201);
    made(s, "batches", &s->desk, "batch/id");
    CHECK_INT("identity",
              ask(&s->candidate, "PUT", "/api/my/person",
                  "{\"name\":\"韩梅梅\",\"document_kind\":\"resident_id\","
                  "\"document_number\":\"11010519491231002X\"}"),
              200);
    CHECK_INT("entry",
              ask(&s->candidate, "POST", "/api/entries",
                  arena_printf(a, "{\"batch\":\"%s\",\"level\":4,\"direction\":\"B\"}",
                               ground_text(s, "batches"))),
              201);
    made(s, "entries", &s->candidate, "entry/id");
    made(s, "persons", &s->candidate, "entry/person");
    CHECK_INT("evidence",
              ask_bytes(&s->candidate,
                        arena_printf(a, "/api/entries/%s/evidence?kind=education",
                                     ground_text(s, "entries")),
                        "application/pdf", pdf),
              201);
    made(s, "entries/evidence", &s->candidate, "evidence/id");
}

static void session_and_room(struct side *s)
{
    struct arena *a = s->site->t->arena;
    int64_t starts = clock_now_ms() + 30 * (int64_t)DAY_MS;
    CHECK_INT(
        "session",
        ask(&s->desk, "POST",
            arena_printf(a, "/api/batches/%s/sessions", ground_text(s, "batches")),
            arena_printf(a, "{\"component\":\"theory\",\"starts_ms\":%lld,\"minutes\":60}",
                         (long long)starts)),
        201);
    made(s, "sessions", &s->desk, "id");
    CHECK_INT("site",
              ask(&s->desk, "POST", "/api/sites",
                  "{\"name\":\"朝阳考点\",\"address\":\"建国路 88 号\"}"),
              201);
    const char *place = arena_text(a, ask_text(&s->desk, "id"));
    CHECK_INT("room",
              ask(&s->desk, "POST",
                  arena_printf(a, "/api/sessions/%s/rooms", ground_text(s, "sessions")),
                  arena_printf(a, "{\"site\":\"%s\",\"name\":\"一\",\"rows\":2,\"columns\":3}",
                               place)),
              201);
    made(s, "rooms", &s->desk, "id");
    ground_add(s, "sessions/rooms", ground_object(s, "rooms"));
}

/* The item, made live for a while by nobody's leave. */
struct moved {
    const struct side *side;
    const char *from, *to;
};

static bool move_item(struct db *db, void *ctx, struct err *e)
{
    const struct moved *m = ctx;
    struct query *q = db_query(db, SQL_item_set_state);
    query_id(q, ground_object(m->side, "items"));
    query_id(q, m->side->body.id);
    query_int(q, 1);
    query_text(q, m->to);
    query_int(q, clock_now_ms());
    query_text(q, m->from);
    return query_change_one(q, "item", "", e);
}

static bool make_practice(struct db *db, void *ctx, struct err *e)
{
    const struct side *s = ctx;
    struct query *q = db_query(db, SQL_item_set_state);
    query_id(q, ground_object(s, "practice"));
    query_id(q, s->body.id);
    query_int(q, 1);
    query_text(q, "retired");
    query_int(q, clock_now_ms());
    query_text(q, "draft");
    if (!query_change_one(q, "item", "", e))
        return false;
    q = db_query(db, SQL_item_make_practice);
    query_id(q, ground_object(s, "practice"));
    query_id(q, s->body.id);
    query_int(q, clock_now_ms());
    return query_change_one(q, "item", "", e);
}

static void practice_item_of(struct side *s)
{
    struct err e = {0};
    CHECK_INT("practice item",
              ask(&s->desk, "POST", "/api/items",
                  "{\"programme\":\"national-2023\",\"object\":{\"id\":\"w-2\","
                  "\"kind\":\"single\",\"levels\":[4],\"points\":[\"B2.1.1\"],\"stem\":\"练\","
                  "\"options\":[\"甲\",\"乙\",\"丙\",\"丁\"],\"key\":\"B\",\"explanation\":"
                  "\"因为乙\",\"difficulty\":2,\"cognitive\":\"apply\",\"importance\":\"X\"}}"),
              201);
    made(s, "practice", &s->desk, "id");
    CHECK_OK("practice", db_transact(s->site->t->db, make_practice, s, &e), &e);
}

static void cut_panel_of(struct side *s)
{
    struct arena *a = s->site->t->arena;
    struct moved live = {s, "draft", "live"}, back = {s, "live", "draft"};
    struct err e = {0};
    const char *ids[3];
    CHECK_OK("live", db_transact(s->site->t->db, move_item, &live, &e), &e);
    for (int i = 0; i < 3; i++) {
        struct asker one = asker_account(
            s->site, s->body.id, arena_printf(a, "expert-%d-%s", i, s->mark), R(examiner));
        CHECK_INT("me", ask(&one, "GET", "/api/me", NULL), 200);
        ids[i] = arena_text(a, ask_text(&one, "account/id"));
    }
    CHECK_INT("panel",
              ask(&s->desk, "POST", "/api/cut-panels",
                  arena_printf(a,
                               "{\"title\":\"合格线\",\"programme\":\"national-2023\","
                               "\"codes\":[\"w-1\"],\"members\":[\"%s\",\"%s\",\"%s\"]}",
                               ids[0], ids[1], ids[2])),
              201);
    made(s, "cut-panels", &s->desk, "id");
    CHECK_OK("draft", db_transact(s->site->t->db, move_item, &back, &e), &e);
}

/* What the people of a body are themselves, and what they write with one request. */
static void people_and_items(struct side *s)
{
    CHECK_INT("me", ask(&s->desk, "GET", "/api/me", NULL), 200);
    made(s, "staff", &s->desk, "account/id");
    made(s, "accounts", &s->desk, "account/id");
    CHECK_INT("sign-ins", ask(&s->system, "GET", "/api/me/sign-ins", NULL), 200);
    made(s, "me/sign-ins", &s->system, "sign_ins/0/id");
    CHECK_INT("item",
              ask(&s->desk, "POST", "/api/items",
                  "{\"programme\":\"national-2023\",\"object\":{\"id\":\"w-1\","
                  "\"kind\":\"single\",\"levels\":[4],\"points\":[\"B2.1.1\"],\"stem\":\"问\","
                  "\"options\":[\"甲\",\"乙\",\"丙\",\"丁\"],\"key\":\"B\",\"explanation\":"
                  "\"因为乙\",\"difficulty\":2,\"cognitive\":\"apply\",\"importance\":\"X\"}}"),
              201);
    made(s, "items", &s->desk, "id");
    cut_panel_of(s);
    practice_item_of(s);
    CHECK_INT("node", ask(&s->desk, "POST", "/api/nodes", "{\"name\":\"一号机\"}"), 201);
    made(s, "nodes", &s->desk, "id");
}

static void side_open(struct side *s, struct site *site, const char *mark)
{
    struct arena *a = site->t->arena;
    s->site = site;
    s->mark = mark;
#define SIGN_IN(name, roles)                                                                   \
    s->name = asker_account(site, s->body.id, arena_printf(a, #name "-%s", mark), roles)
    SIGN_IN(desk, EVERY_DESK);
    SIGN_IN(candidate, R(candidate));
    SIGN_IN(security, R(security_admin));
    SIGN_IN(system, R(system_admin));
#undef SIGN_IN
    people_and_items(s);
    batch_and_entry(s);
    session_and_room(s);
    ground_rows(s);
}

struct ground *ground_open(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct ground *g = arena_new(s->t->arena, struct ground);
    struct programme_set *set = arena_new(s->t->arena, struct programme_set);
    struct actor who = s->t->actor;
    g->site = s;
    log_to(-1);
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, set, &e), &e);
    s->app.programmes = set;
    /* What a refusal says in how many seconds would else differ between two that are to be alike. */
    rates_destroy(s->app.rates);
    s->app.rates = rates_create(1000);
    s->app.calendar = workday_calendar_embedded(s->t->arena, &e);
    s->app.data_folder = s->t->folder;
    s->app.release_desk = release_desk_create(clock_now_ms(), clock_boot_ms());
    s->app.signer = signer_create(s->t->arena, s->t->master);
    CHECK_OK("keys", signer_keys_ensure(s->app.signer, s->t->db, clock_now_ms(), &e), &e);
    const struct body filed = {.name = "甲评价机构",
                               .is_filed = true,
                               .type_letter = "S",
                               .filed_code = "0000",
                               .province = "44",
                               .site_serial = "990001"};
    g->ours.body = g->theirs.body = filed;
    g->theirs.body.name = "乙评价机构";
    g->theirs.body.site_serial = "990002";
    CHECK_OK("our body", body_create(s->t->db, &who, &g->ours.body, &e), &e);
    CHECK_OK("their body", body_create(s->t->db, &who, &g->theirs.body, &e), &e);
    side_open(&g->ours, s, "a");
    side_open(&g->theirs, s, "b");
    g->neighbour = asker_account(s, g->ours.body.id, "neighbour-a", R(candidate));
    g->colleague = asker_account(s, g->ours.body.id, "colleague-a", R(invigilator));
    return g;
}

void ground_close(struct ground *g)
{
    struct release_desk *desk = g->site->app.release_desk;
    site_stop(g->site);
    release_desk_destroy(desk);
    log_to(2);
}
