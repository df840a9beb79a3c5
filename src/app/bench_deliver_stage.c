/* app/bench_deliver_stage.c - makes, serves and removes the stage of a load on the delivery. */
#include "app/bench_deliver_stage.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/client.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "paper/paper.h"
#include "people/viewer.h"
#include "programme/programme.h"
#include "sitting/prepare.h"
#include "sitting/session_store.h"
#include "sitting/writer.h"
#include "store/db.h"
#include "store/signer.h"

enum { CALL_ARENA_BYTES = 16 << 20 };
static const int64_t HOUR_MS = 3600000, BEGAN_MS = 1000;

struct making {
    struct stage *stage;
    struct arena *arena; /* of this work alone */
    struct instance *instance;
    struct journal_writer *writer;
    struct db *db;
    struct actor who;
    struct id form;
    int64_t starts_ms;
};

static void seat_all(struct stage *s)
{
    struct arena *a = s->arena;
    s->room_count = (s->count + STAGE_ROOM_SEATS - 1) / STAGE_ROOM_SEATS;
    s->rooms = arena_array(a, struct stage_room, s->room_count);
    s->seats = arena_array(a, struct stage_seat, s->count);
    for (size_t i = 0; i < s->room_count; i++) {
        size_t first = i * STAGE_ROOM_SEATS;
        s->rooms[i] = (struct stage_room){id_random(), first, STAGE_ROOM_SEATS};
        if (first + STAGE_ROOM_SEATS > s->count)
            s->rooms[i].count = s->count - first;
    }
    for (size_t i = 0; i < s->count; i++)
        s->seats[i] = (struct stage_seat){.attempt = id_random(),
                                          .room = i / STAGE_ROOM_SEATS,
                                          .ticket = arena_printf(a, "26%012zu", i),
                                          .document = arena_printf(a, "110101199%09zu", i)};
}

static void actor_as(struct making *m, const char *login, enum role role)
{
    m->who = (struct actor){.account = demo_account(&m->stage->body, login)->id,
                            .body = m->stage->body.id,
                            .role = (int16_t)role,
                            .request = id_random(),
                            .now_ms = clock_now_ms()};
}

static struct bank bank_for(struct making *m)
{
    return (struct bank){m->db, m->arena, m->instance->master, m->instance->app.programmes,
                         &m->who};
}

/* --- attempts ----------------------------------------------------------------------------------- */
static struct attempt_plan *plan_attempts(struct making *m)
{
    struct stage *s = m->stage;
    struct attempt_plan *plans = arena_array(m->arena, struct attempt_plan, s->count);
    for (size_t i = 0; i < s->count; i++) {
        const struct stage_seat *seat = &s->seats[i];
        plans[i] = (struct attempt_plan){.id = seat->attempt,
                                         .room = s->rooms[seat->room].id,
                                         .seat = id_random(),
                                         .entry = id_random(),
                                         .seat_no = (int64_t)(i % STAGE_ROOM_SEATS) + 1,
                                         .ticket = seat->ticket,
                                         .name = "王晓明",
                                         .document_letter = 'I',
                                         .document_country = "CN"};
        blind_index(plans[i].document_index, m->instance->master, "CN", 'I', seat->document);
    }
    return plans;
}

static bool prepare_attempts(struct making *m, struct err *e)
{
    struct stage *s = m->stage;
    struct room_plan *rooms = arena_array(m->arena, struct room_plan, s->room_count);
    for (size_t i = 0; i < s->room_count; i++)
        rooms[i] = (struct room_plan){s->rooms[i].id, (int64_t)i + 1,
                                      arena_printf(m->arena, "第 %zu 考场", i + 1)};
    struct session_plan plan = {.id = s->session,
                                .body = s->body.id,
                                .title = "压力测试",
                                .starts_ms = m->starts_ms,
                                .minutes = STAGE_MINUTES,
                                .zone_offset_ms = s->zone_offset_ms,
                                .late_limit_ms = STAGE_MINUTES * 60000,
                                .rooms = rooms,
                                .room_count = s->room_count,
                                .attempts = plan_attempts(m),
                                .attempt_count = s->count};
    actor_as(m, "registrar", ROLE_registrar);
    return session_prepare_plan(m->writer, &m->who, &plan, e);
}

static bool put_duty(struct db *db, void *ctx, struct err *e)
{
    const struct making *m = ctx;
    const struct session_staff duty = {
        .id = id_random(),
        .session = m->stage->session,
        .account = demo_account(&m->stage->body, "invigilator")->id,
        .duty = DUTY_invigilator, /* in every room */
    };
    return staff_put(db, m->stage->body.id, &duty, e);
}

/* --- papers ------------------------------------------------------------------------------------- */
/* The usual paper; its last question takes a file. */
static bool compose(struct making *m, struct err *e)
{
    static const struct layout_part parts[] = {{"single", 60, 1000, NULL},
                                               {"multiple", 20, 1000, NULL},
                                               {"true_false", 19, 1000, NULL},
                                               {"upload", 1, 1000, NULL}};
    struct form_order order = {
        .name = "压力测试卷",
        .blueprint = {.programme = programme_find(m->instance->app.programmes, "national-2023"),
                      .component = "theory",
                      .level = 4,
                      .direction = "A",
                      .parts = parts,
                      .part_count = sizeof parts / sizeof *parts}};
    actor_as(m, "reviewer", ROLE_item_reviewer);
    struct bank bank = bank_for(m);
    random_bytes(order.seed, sizeof order.seed);
    return form_compose(&bank, &order, &m->form, e);
}

static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    struct making *m = ctx;
    struct signature s;
    if (!signer_sign_message(m->instance->app.signer, m->db, KEY_USE_release, m->who.now_ms,
                             message, &s, e))
        return false;
    memcpy(signature, s.bytes, SIGNATURE_BYTES);
    return true;
}

static bool seal(struct making *m, struct err *e)
{
    struct stage *s = m->stage;
    struct public_key key;
    struct paper_room *rooms = arena_array(m->arena, struct paper_room, s->room_count);
    struct paper_candidate *papers = arena_array(m->arena, struct paper_candidate, s->count);
    const struct id officers[] = {demo_account(&s->body, "officer")->id,
                                  demo_account(&s->body, "officer2")->id};
    for (size_t i = 0; i < s->count; i++)
        papers[i] = (struct paper_candidate){s->seats[i].attempt, m->form};
    for (size_t i = 0; i < s->room_count; i++)
        rooms[i] = (struct paper_room){.room = (uint32_t)i + 1,
                                       .candidates = papers + s->rooms[i].first,
                                       .count = s->rooms[i].count};
    if (!signer_key(m->db, m->arena, KEY_USE_release, m->who.now_ms, &key, e))
        return false;
    struct prepare_order order = {.session = s->session,
                                  .title = "压力测试",
                                  .minutes = STAGE_MINUTES,
                                  .open_at_ms = m->starts_ms,
                                  .close_at_ms = m->starts_ms + STAGE_MINUTES * 60000,
                                  .rooms = rooms,
                                  .room_count = s->room_count,
                                  .officers = officers,
                                  .officer_count = 2,
                                  .signer = {key.kid, m, sign}};
    struct bank bank = bank_for(m);
    return paper_prepare(&bank, &order, e) &&
           session_bind_papers(m->writer, &m->who, s->session, e);
}

static bool release(struct making *m, struct err *e)
{
    static const char *const officers[] = {"officer", "officer2"};
    struct stage *s = m->stage;
    struct release_desk *desk = release_desk_create(clock_now_ms(), clock_boot_ms());
    bool ok = true;
    int armed;
    for (size_t i = 0; i < 2 && ok; i++) {
        actor_as(m, officers[i], ROLE_release_officer);
        struct bank bank = bank_for(m);
        struct arm_order order = {s->session, demo_account(&s->body, officers[i])->passphrase,
                                  clock_now_ms(), clock_boot_ms()};
        ok = officer_arm(desk, &bank, &order, &armed, e);
    }
    struct bank bank = bank_for(m);
    ok = ok && paper_release(desk, &bank, s->session, clock_now_ms(), clock_boot_ms(), e);
    release_desk_destroy(desk);
    return ok;
}

static bool make_session(struct making *m, struct err *e)
{
    struct journal_config c = {.store = m->instance->store,
                               .master = m->instance->master,
                               .now_ms = clock_now_ms,
                               .boot_ms = clock_boot_ms};
    m->db = db_open(m->instance->store, e);
    m->writer = m->db ? journal_start(&c, e) : NULL;
    bool ok = m->writer && prepare_attempts(m, e) && db_transact(m->db, put_duty, m, e) &&
              compose(m, e) && seal(m, e) && release(m, e);
    journal_stop(m->writer);
    db_close(m->db);
    return ok;
}

bool stage_begin(struct arena *a, const struct stage_plan *plan, struct stage *s, struct err *e)
{
    char *folder = arena_text(a, "/tmp/heng-bench-XXXXXX");
    struct instance i;
    *s = (struct stage){.arena = a,
                        .count = plan->count,
                        .session = id_random(),
                        .zone_offset_ms = plan->zone_offset_ms ? plan->zone_offset_ms
                                                               : 8 * HOUR_MS};
    if (!mkdtemp(folder))
        return FAIL(e, STORE, "folder", "无法建立临时文件夹。");
    s->folder = folder;
    s->order = (struct server_order){.data = arena_printf(a, "%s/data", folder),
                                     .log = arena_printf(a, "%s/log", folder)};
    if (plan->connections > 0)
        s->order.connections = arena_printf(a, "%lld", (long long)plan->connections);
    struct instance_place place = {
        .data = s->order.data, .store = plan->store, .connections = plan->connections};
    seat_all(s);
    struct demo_options o = {.now_ms = clock_now_ms(), .officer_mem_mib = 8};
    if (!instance_create_at(a, &place, &i, e))
        return false;
    s->order.program = i.app.program;
    struct making m = {.stage = s,
                       .arena = arena_create((size_t)4 << 30),
                       .instance = &i,
                       .starts_ms = clock_now_ms() - BEGAN_MS};
    bool ok = demo_body_create(a, &i, &o, &s->body, e) && make_session(&m, e);
    arena_destroy(m.arena);
    instance_close(&i);
    return ok;
}

bool stage_fill(struct stage *s, int64_t entries, struct err *e)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct instance i;
    bool ok = instance_open(a, s->order.data, &i, e);
    struct journal_config c = {
        .store = i.store, .master = i.master, .now_ms = clock_now_ms, .boot_ms = clock_boot_ms};
    struct making m = {.stage = s};
    struct stage_fill how = {.master = i.master, .who = &m.who, .entries = entries};
    how.writer = ok ? journal_start(&c, e) : NULL;
    if (how.writer)
        actor_as(&m, "registrar", ROLE_registrar);
    ok = how.writer && stage_fill_session(s, &how, e);
    journal_stop(how.writer);
    instance_close(&i);
    arena_destroy(a);
    return ok;
}

/* --- the server and who signs in ------------------------------------------------------------------ */
bool stage_serve(struct stage *s, struct err *e)
{
    return server_child_start(s->arena, &s->order, &s->server, e);
}

struct client *stage_as(struct stage *s, const char *login, struct err *e)
{
    const struct demo_account *account = demo_account(&s->body, login);
    struct client *c = client_create(s->server.url);
    struct bytes seed;
    char code[7];
    bool ok = base32_read(s->arena, account->secret, strlen(account->secret), &seed) ||
              FAIL(e, INTERNAL, "totp", "验证码密钥无法读取。");
    if (ok)
        totp_code(code, seed.at, seed.len, clock_now_ms());
    if (ok && client_json(c, s->arena, "POST", "/api/sign-in",
                          json_pack("{s:s, s:s, s:s}", "login", account->login, "password",
                                    account->password, "code", code),
                          NULL, e))
        return c;
    client_destroy(c);
    return NULL;
}

bool stage_admit(struct stage *s, struct client *invigilator, size_t room, struct err *e)
{
    const struct stage_room *r = &s->rooms[room];
    struct arena *a = arena_create(CALL_ARENA_BYTES);
    json_t *attempts = json_array();
    char id[ID_TEXT_BYTES];
    for (size_t i = r->first; i < r->first + r->count; i++) {
        id_write(s->seats[i].attempt, id);
        json_array_append_new(attempts, json_string(id));
    }
    id_write(r->id, id);
    bool ok = client_json(invigilator, a, "POST", arena_printf(a, "/api/rooms/%s/admit", id),
                          json_pack("{s:o}", "attempts", attempts), NULL, e) &&
              client_json(invigilator, a, "POST", arena_printf(a, "/api/rooms/%s/start", id),
                          json_object(), NULL, e);
    arena_destroy(a);
    return ok;
}

void stage_end(struct stage *s)
{
    struct err e = {0};
    server_child_stop(&s->server, SIGTERM);
    if (s->folder && !folder_remove(s->folder, &e))
        fprintf(stderr, "heng: %s\n", e.text);
}
