/* app/road_begin.c - the stage for the road: folder, body, staff, server; and its end. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/hash_crew.h"
#include "app/instance.h"
#include "app/road.h"
#include "app/road_pace.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/db.h"

enum { CALL_ARENA_BYTES = 256 << 20, TOTP_STEP_MS = 30000, TOTP_ON_THE_WAY_MS = 8000 };
enum { INVIGILATED_BY_ONE = 15, EXAMINED_BY_ONE = 5 };

/* --- people ------------------------------------------------------------------------------------ */
/* GB 11643 numbers of people who do not exist. */
static const char *document_number(struct arena *a, size_t number)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    const char *digits = arena_printf(a, "1101011990%02zu%02zu%03zu", number / 28 % 12 + 1,
                                      number % 28 + 1, number % 999 + 1);
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return arena_printf(a, "%s%c", digits, "10X98765432"[sum % 11]);
}

/* Two of sixteen are past the craftsman's levels and meet a panel; a rehearsal is of one level. */
static int64_t level_of(const struct road *r, size_t number)
{
    if (r->theory_only || number % 8 != 1)
        return 4;
    return number % 16 == 1 ? 2 : 1;
}

static void make_candidates(struct road *r)
{
    /* Enough in one direction for its items to be measured (road_calibrate.c) by a hundred people. */
    static const char *const directions[] = {"A", "B", "C", "D", "A", "A", "A", "A"};
    static const char *const given[] = {"晓明", "思远", "雨桐", "佳怡",
                                        "子涵", "浩然", "一诺", "欣妍"};
    static const char *const family[] = {"王", "李", "张", "刘", "陈",
                                         "杨", "赵", "黄", "周", "吴"};
    r->candidates = arena_array(r->arena, struct road_candidate, r->count);
    for (size_t i = 0; i < r->count; i++)
        r->candidates[i] = (struct road_candidate){
            .number = i,
            .name = arena_printf(r->arena, "%s%s", family[i % 10], given[i / 10 % 8]),
            .document = document_number(r->arena, i),
            .phone = arena_printf(r->arena, "139%08zu", i),
            .password = arena_printf(r->arena, "correct horse %06zu staple",
                                     i * 7919 % 1000000),
            .level = level_of(r, i),
            .direction = directions[i % 8],
        };
}

/* The standard's ratios (1:15 and 1:5) need more people than the demo body has. */
static bool make_staff(struct road *r, struct instance *i, struct err *e)
{
    size_t seats = r->room_rows * r->room_columns;
    size_t rooms = seats > 0 ? (r->count + seats - 1) / seats : 0;
    size_t invigilators = r->count / INVIGILATED_BY_ONE + 4 + 2 * r->theory_only;
    if (invigilators < 2 * rooms)
        invigilators = 2 * rooms;
    size_t group = r->count < ROAD_SKILLS_GROUP ? r->count : ROAD_SKILLS_GROUP;
    size_t examiners = group / EXAMINED_BY_ONE + 3;
    struct actor who = {.body = r->body.id, .now_ms = clock_now_ms(), .request = id_random()};
    struct db *db = db_open(i->store, e);
    struct people p = {db, r->arena, i->master, &who};
    /* They never sign in: one password that nobody is told does for all. */
    char password[ID_TEXT_BYTES];
    id_write(id_random(), password);
    struct hash_job hashed = {.login = "watch-0", .password = password};
    hash_crew(&hashed, 1);
    r->extra = arena_array(r->arena, struct demo_account, invigilators + examiners);
    bool ok = db != NULL;
    for (size_t k = 0; ok && k < invigilators + examiners; k++) {
        bool invigilates = k < invigilators;
        struct account made;
        char unused[FIRST_PASSWORD_BYTES];
        struct account_new n = {
            .login = arena_printf(r->arena, "%s-%zu", invigilates ? "watch" : "judge", k),
            .display_name = arena_printf(r->arena, "%s %zu", invigilates ? "监考员" : "考评员",
                                         k),
            .roles = invigilates ? R(invigilator) : R(examiner),
            .password = password,
            .password_hash = hashed.hash};
        ok = account_create(&p, &n, &made, unused, e) &&
             (invigilates || demo_examiner_card(db, r->arena, &who, made.id, e));
        r->extra[r->extra_count++] = (struct demo_account){
            .login = n.login, .name = n.display_name, .id = made.id};
    }
    db_close(db);
    return ok;
}

static bool make_body(struct road *r, const char *store, struct err *e)
{
    struct instance i;
    struct instance_place place = {.data = arena_printf(r->arena, "%s/data", r->folder),
                                   .store = store};
    struct demo_options o = {
        .now_ms = clock_now_ms(), .officer_mem_mib = 8, .programme = "national-2023"};
    if (!instance_create_at(r->arena, &place, &i, e))
        return false;
    r->program = i.app.program;
    bool ok = demo_body_create(r->arena, &i, &o, &r->body, e) && make_staff(r, &i, e);
    instance_close(&i);
    return ok;
}

/* --- the server ---------------------------------------------------------------------------------- */
static bool start_server(struct road *r, struct err *e)
{
    struct server_order o = {.program = r->program,
                             .data = arena_printf(r->arena, "%s/data", r->folder),
                             .log = arena_printf(r->arena, "%s/log", r->folder),
                             .rate_factor = "10000",
                             .option = r->phone_memory ? "--phone-memory" : NULL,
                             .value = r->phone_memory};
    return server_child_start(r->arena, &o, &r->server, e);
}

bool road_restart(struct road *r, struct err *e)
{
    return start_server(r, e);
}

int64_t road_cpu_ms(const struct road *r)
{
    return clock_cpu_ms() + process_cpu_us(r->server.pid) / 1000;
}

bool road_begin(struct arena *a, size_t candidates, const char *store, struct road *r,
                struct err *e)
{
    char *folder = r->beside ? arena_printf(a, "%s.rehearsal-XXXXXX", r->beside)
                             : arena_text(a, "/tmp/heng-road-XXXXXX");
    r->arena = a;
    r->count = candidates;
    if (!mkdtemp(folder))
        return FAIL(e, STORE, "folder", "无法建立临时文件夹。");
    r->folder = folder;
    make_candidates(r);
    return make_body(r, store, e) && start_server(r, e);
}

void road_end(struct road *r)
{
    struct err ignored = {0};
    for (size_t i = 0; i < r->staff_count; i++)
        client_destroy(r->staff[i].client);
    server_child_stop(&r->server, SIGTERM);
    if (r->folder && !r->keep && !folder_remove(r->folder, &ignored))
        fprintf(stderr, "heng: %s\n", ignored.text);
}

/* --- calls ------------------------------------------------------------------------------------------ */
/* A step counts once: an account that has used this one takes the next, which the server accepts
 * ahead of time by one. It also accepts the one before, but not if that ends on the way. */
static const char *next_code(struct arena *a, struct road_staff *s, struct err *e)
{
    struct bytes seed;
    char code[7];
    int64_t step = (clock_now_ms() + TOTP_ON_THE_WAY_MS) / TOTP_STEP_MS - 1;
    if (step <= s->totp_step)
        step = s->totp_step + 1;
    while (step > clock_now_ms() / TOTP_STEP_MS + 1)
        nanosleep(&(struct timespec){0, 200000000}, NULL);
    if (!base32_read(a, s->account->secret, strlen(s->account->secret), &seed)) {
        FAIL(e, INTERNAL, "totp", "验证码密钥无法读取。");
        return NULL;
    }
    s->totp_step = step;
    totp_code(code, seed.at, seed.len, step * TOTP_STEP_MS);
    return arena_text(a, code);
}

static struct road_staff *staff_of(struct road *r, const char *login)
{
    for (size_t i = 0; i < r->staff_count; i++)
        if (strcmp(r->staff[i].account->login, login) == 0)
            return &r->staff[i];
    return NULL;
}

struct client *road_as(struct road *r, const char *login, struct err *e)
{
    struct road_staff *s = staff_of(r, login);
    if (s)
        return s->client;
    s = &r->staff[r->staff_count++];
    *s = (struct road_staff){demo_account(&r->body, login), client_create(r->server.url), 0};
    const char *code = next_code(r->arena, s, e);
    if (!code || !client_json(s->client, r->arena, "POST", "/api/sign-in",
                              json_pack("{s:s, s:s, s:s}", "login", login, "password",
                                        s->account->password, "code", code),
                              NULL, e))
        return NULL;
    return s->client;
}

const char *road_code(struct road *r, const char *login, struct err *e)
{
    return next_code(r->arena, staff_of(r, login), e);
}

bool road_confirm(struct road *r, const char *login, const json_t *waiting, struct err *e)
{
    struct id approval;
    struct client *c = road_as(r, login, e);
    if (!c || !road_id(json_object_get(waiting, "approval"), "id", &approval, e))
        return false;
    const char *code = road_code(r, login, e);
    return code && client_json(c, r->arena, "POST",
                               road_path(r->arena, "/api/approvals/", approval, "/confirm"),
                               json_pack("{s:s}", "code", code), NULL, e);
}

const char *road_path(struct arena *a, const char *before, struct id id, const char *after)
{
    char text[ID_TEXT_BYTES];
    id_write(id, text);
    return arena_printf(a, "%s%s%s", before, text, after);
}

bool road_id(const json_t *object, const char *member, struct id *out, struct err *e)
{
    const char *text = json_member_text(object, member);
    return (text && id_read(text, out)) || FAIL(e, INTERNAL, member, "回答里没有编号。");
}

struct crew {
    struct road *road;
    bool (*work)(struct road *, struct road_candidate *, struct client *, struct arena *,
                 struct err *);
    pthread_mutex_t lock;
    size_t next;
    struct err err;
};

static void *crew_member(void *arg)
{
    struct crew *crew = arg;
    for (;;) {
        pthread_mutex_lock(&crew->lock);
        size_t i = crew->err.code == ERR_NONE ? crew->next++ : crew->road->count;
        pthread_mutex_unlock(&crew->lock);
        if (i >= crew->road->count)
            return NULL;
        struct err e = {0};
        struct arena *a = arena_create(CALL_ARENA_BYTES);
        const char *url = crew->road->candidates[i].url;
        struct client *client = client_create(url ? url : crew->road->server.url);
        if (crew->road->pace)
            client_watch(client, road_pace_note, crew->road->pace);
        bool ok = crew->work(crew->road, &crew->road->candidates[i], client, a, &e);
        client_destroy(client);
        arena_destroy(a);
        pthread_mutex_lock(&crew->lock);
        if (!ok && crew->err.code == ERR_NONE)
            crew->err = e;
        pthread_mutex_unlock(&crew->lock);
    }
}

bool road_each(struct road *r,
               bool (*work)(struct road *, struct road_candidate *, struct client *,
                            struct arena *, struct err *),
               struct err *e)
{
    struct crew crew = {.road = r, .work = work};
    pthread_t threads[ROAD_THREADS_MAX];
    int count = r->threads > 0 ? r->threads : ROAD_THREADS;
    pthread_mutex_init(&crew.lock, NULL);
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, crew_member, &crew) != 0)
            abort();
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&crew.lock);
    if (crew.err.code != ERR_NONE)
        *e = crew.err;
    return crew.err.code == ERR_NONE;
}
