/* app/cmd_bench_bank.c - `heng bench bank`: what a large bank and a large sitting cost at the desk, over HTTP: the
 * nearest items among all, one item's history, an estimate of all parameters. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/await_work.h"
#include "app/bench.h"
#include "app/bench_bank.h"
#include "app/client.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/text_out.h"

enum {
    ROWS_MAX = 4,
    ITEMS_A_FILE = 5000,
    STEM_LETTERS = 40,
    SIMILAR_TIMES = 10,
    FOLDED_TIMES = 20,
    CJK_FIRST = 0x4e00,
    CJK_SPREAD = 2000
};
#define BENCH_ARENA_BYTES ((size_t)8 << 30)

struct row {
    const char *name, *what;
    int64_t size, times, worst_ms, cpu_ms; /* cpu: the server's, all times together */
    double goal_s;                         /* of one; 0: none was set */
};

struct bench {
    struct arena *arena;
    struct stage stage;
    struct client *author, *reviewer;
    struct row rows[ROWS_MAX];
    size_t count;
    int64_t items, attempts;
    bool json;
};

/* --- what is asked -------------------------------------------------------------------------------- */
struct asking {
    struct client *client;
    const char *method, *path;
    json_t *body; /* borrowed; NULL: none */
    json_t **out;
    bool computed; /* behind the desk: until it is over */
};

static bool timed(struct bench *b, const struct asking *q, struct row *row, struct err *e)
{
    int64_t began = clock_boot_ms(), cpu = process_cpu_us(b->stage.server.pid);
    if (!client_json(q->client, b->arena, q->method, q->path,
                     q->body ? json_incref(q->body) : NULL, q->out, e) ||
        (q->computed && !await_work(q->client, b->arena, *q->out, q->out, e)))
        return false;
    int64_t took = clock_boot_ms() - began;
    row->cpu_ms += (process_cpu_us(b->stage.server.pid) - cpu) / 1000;
    row->worst_ms = took > row->worst_ms ? took : row->worst_ms;
    row->times++;
    return true;
}

static struct row *row_of(struct bench *b, const char *name, const char *what, int64_t size,
                          double goal_s)
{
    b->rows[b->count] = (struct row){
        .name = name, .what = what, .size = size, .goal_s = goal_s};
    return &b->rows[b->count++];
}

static void put_letter(struct text_out *o, uint64_t *chance)
{
    *chance = *chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    unsigned letter = CJK_FIRST + (unsigned)(*chance >> 40) % CJK_SPREAD;
    text_putf(o, "%c%c%c", (char)(0xe0 | letter >> 12), (char)(0x80 | (letter >> 6 & 63)),
              (char)(0x80 | (letter & 63)));
}

static const char *stem_of(struct arena *a, int64_t i)
{
    struct text_out o = {.arena = a};
    uint64_t chance = (uint64_t)i + 1;
    for (int k = 0; k < STEM_LETTERS; k++)
        put_letter(&o, &chance);
    return text_out_text(&o);
}

static json_t *item_of(struct arena *a, int64_t i)
{
    return json_pack("{s:s, s:s, s:[i], s:[s], s:s, s:[s,s,s,s], s:s, s:s, s:i, s:s, s:s}",
                     "id", arena_printf(a, "bench-%06lld", (long long)i), "kind", "single",
                     "levels", 4, "points", "B2.1.1", "stem", stem_of(a, i), "options", "甲项",
                     "乙项", "丙项", "丁项", "key", "B", "explanation", "因为乙", "difficulty",
                     2, "cognitive", "apply", "importance", "X");
}

static bool import_some(struct bench *b, int64_t from, int64_t count, struct err *e)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct text_out lines = {.arena = a};
    struct answer answer;
    for (int64_t i = from; i < from + count; i++)
        text_putf(&lines, "%s\n", json_compact(a, json_keep(a, item_of(a, i))));
    struct call call = {.method = "POST",
                        .path = "/api/banks/national-2023/import",
                        .body = {(const unsigned char *)text_out_text(&lines), lines.len},
                        .media_type = "application/jsonl"};
    bool ok = client_call(b->author, a, &call, &answer, e) &&
              ((answer.status == 200 &&
                strstr((const char *)answer.body.at, "\"stored\":true")) ||
               FAIL(e, INTERNAL, call.path, "%ld %.200s", answer.status,
                    (const char *)answer.body.at));
    arena_destroy(a);
    return ok;
}

/* An author writes what the bank has nothing like, and what it has already. */
static bool similar(struct bench *b, struct err *e)
{
    for (int64_t i = 0; i < b->items; i += ITEMS_A_FILE)
        if (!import_some(b, i, b->items - i < ITEMS_A_FILE ? b->items - i : ITEMS_A_FILE, e))
            return false;
    struct row *row = row_of(b, "similar", "相近的题", b->items, 1);
    for (int64_t k = 0; k < SIMILAR_TIMES; k++) {
        json_t *found, *object = item_of(b->arena, k % 2 ? b->items / 2 + k : b->items + k);
        json_object_del(object, "id");
        json_t *body = json_keep(
            b->arena, json_pack("{s:s, s:o}", "programme", "national-2023", "object", object));
        struct asking q = {b->author, "POST", "/api/items/similar", body, &found, false};
        if (!timed(b, &q, row, e))
            return false;
        if (k % 2 && b->items > SIMILAR_TIMES * 2 &&
            json_array_size(json_object_get(found, "similar")) == 0)
            return FAIL(e, INTERNAL, "/similar", "题库里有的题没有找到。");
    }
    return true;
}

static bool history(struct bench *b, struct err *e)
{
    json_t *forms, *form;
    if (!client_json(b->reviewer, b->arena, "GET", "/api/forms", NULL, &forms, e))
        return false;
    const char *id = json_member_text(json_array_get(json_object_get(forms, "forms"), 0), "id");
    if (!id || !client_json(b->reviewer, b->arena, "GET",
                            arena_printf(b->arena, "/api/forms/%s", id), NULL, &form, e))
        return false;
    const char *item = json_member_text(json_array_get(json_object_get(form, "items"), 0),
                                        "id");
    json_t *out;
    struct asking q = {
        b->reviewer, "GET", arena_printf(b->arena, "/api/items/%s/history", item),
        NULL,        &out,  false};
    struct asking read = q;
    read.method = "POST";
    read.computed = true;
    if (!timed(b, &read, row_of(b, "history", "读一道题的考试", b->attempts, 0), e))
        return false;
    struct row *row = row_of(b, "folded", "同一场考试的题，以后", b->attempts, 0);
    for (int64_t k = 0; k < FOLDED_TIMES; k++)
        if (!timed(b, &q, row, e))
            return false;
    return true;
}

static bool estimate(struct bench *b, struct err *e)
{
    json_t *out, *body = json_keep(b->arena, json_pack("{s:s, s:s}", "programme",
                                                       "national-2023", "model", "rasch"));
    struct asking q = {b->reviewer, "POST", "/api/calibrations", body, &out, true};
    return timed(b, &q, row_of(b, "calibrate", "参数估计", b->attempts, 0), e) &&
           (strcmp(json_member_text(out, "state"), "done") == 0 ||
            FAIL(e, INTERNAL, "/calibrations", "%s", json_member_text(out, "sentence")));
}

/* --- the stage ------------------------------------------------------------------------------------- */
static bool make_batch(struct bench *b, struct id *out, struct err *e)
{
    json_t *made;
    char day[DATE_TEXT_BYTES];
    int64_t now_ms = clock_now_ms();
    date_write(date_of_instant(now_ms, CHINA_OFFSET_MS) + 1, day);
    struct client *c = stage_as(&b->stage, "registrar", e);
    bool ok = c && client_json(c, b->arena, "POST", "/api/batches",
                               json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:i, s:[{s:i}]}",
                                         "title", "压力测试", "programme", "national-2023",
                                         "apply_from_ms", (json_int_t)(now_ms - DAY_MS),
                                         "apply_until_ms", (json_int_t)now_ms, "exam_from", day,
                                         "exam_until", day, "quota", 0, "levels", "level", 4),
                               &made, e);
    const char *text = ok ? json_member_text(json_object_get(made, "batch"), "id") : NULL;
    ok = ok && ((text && id_read(text, out)) || FAIL(e, INTERNAL, "/id", "没有批次编号。"));
    client_destroy(c);
    return ok;
}

static bool play(struct bench *b, struct err *e)
{
    struct id batch;
    if (!stage_serve(&b->stage, e) || !make_batch(b, &batch, e))
        return false;
    server_child_stop(&b->stage.server, SIGTERM);
    if (!bench_sit(&b->stage, batch, e) || !stage_serve(&b->stage, e))
        return false;
    b->author = stage_as(&b->stage, "author", e);
    b->reviewer = b->author ? stage_as(&b->stage, "reviewer", e) : NULL;
    return b->reviewer && history(b, e) && estimate(b, e) && similar(b, e);
}

static bool print(struct bench *b)
{
    struct json_out *o = json_out_create(b->arena);
    bool good = true;
    out_object(o);
    put_array(o, "rows");
    for (size_t i = 0; i < b->count; i++) {
        const struct row *r = &b->rows[i];
        bool met = r->goal_s == 0 || (double)r->worst_ms / 1000 < r->goal_s;
        good &= met;
        out_object(o);
        put_text(o, "name", r->name);
        put_int(o, "size", r->size);
        put_int(o, "worst_ms", r->worst_ms);
        put_number(o, "cpu_ms", (double)r->cpu_ms / (double)r->times);
        put_number(o, "goal_s", r->goal_s);
        put_bool(o, "met", met);
        out_object_end(o);
        fprintf(stderr, "%-10s %8lld  最慢 %6lld ms  每次 CPU %6lld ms  %s %s\n", r->name,
                (long long)r->size, (long long)r->worst_ms, (long long)(r->cpu_ms / r->times),
                r->what, met ? "" : "超过目标");
    }
    out_array_end(o);
    out_object_end(o);
    if (b->json)
        command_print(o);
    return good;
}

int bench_bank(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct bench b = {.items = 100000, .attempts = 5000};
    const struct option rows[] = {
        {"--items", OPTION_INT, &b.items, false},
        {"--attempts", OPTION_INT, &b.attempts, false},
        {"--json", OPTION_FLAG, &b.json, false},
    };
    struct arguments none = {.max = 0};
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e))
        return command_failed(&e);
    if (b.items < 1 || b.items > 1000000)
        FAIL(&e, INVALID, "--items", "须在 1 与 1000000 之间。");
    else if (b.attempts < 100 || b.attempts > 20000)
        FAIL(&e, INVALID, "--attempts", "须在 100 与 20000 之间：少于 100 人不估计参数。");
    if (e.code != ERR_NONE)
        return command_failed(&e);
    b.arena = arena_create(BENCH_ARENA_BYTES);
    struct stage_plan plan = {.count = (size_t)b.attempts};
    bool ok = stage_begin(b.arena, &plan, &b.stage, &e) && play(&b, &e), good = ok && print(&b);
    client_destroy(b.author);
    client_destroy(b.reviewer);
    stage_end(&b.stage);
    arena_destroy(b.arena);
    return !ok ? command_failed(&e) : good ? EXIT_DONE : EXIT_NO;
}
