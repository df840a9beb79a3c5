/* app/cmd_rehearse.c - `heng rehearse`: a session with room nodes from the package to the mark, every
 * way in, the centre away during the exam; each stage with its count, time and CPU. For a session of a
 * centre the report is judged and kept with it (doc/decisions/0052). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/rehearse.h"
#include "app/rehearse_session.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "sitting/rehearsal.h"

static const struct {
    const char *name, *label;
    rehearse_fn *run;
} stages[] = {
    {"apply", "报名与审核", rehearse_apply},
    {"arrange", "编排与准考证", rehearse_arrange},
    {"join", "考场节点加入", rehearse_join},
    {"seal", "封存试卷", rehearse_seal},
    {"packages", "下发试卷包并证明完整", rehearse_packages},
    {"envelopes", "打印启封信封", rehearse_envelopes},
    {"put_off", "推迟开考到达各节点", rehearse_put_off},
    {"early", "未到时间不能启封", rehearse_early},
    {"online", "在线启封", rehearse_online},
    {"phone", "电话启封码", rehearse_phone},
    {"envelope", "信封启封", rehearse_envelope},
    {"extend", "全场补时到达各节点", rehearse_extend},
    {"sit", "考试（中心断开）", rehearse_sit},
    {"hand_up", "回传", rehearse_hand_up},
    {"mark", "阅卷核对", rehearse_mark},
    {"clean", "节点清除与链核验", rehearse_clean},
};
enum { STAGES = sizeof stages / sizeof *stages };

static bool play(struct rehearse_run *h, struct rehearse_stage *figures, struct err *e)
{
    for (size_t i = 0; i < STAGES; i++) {
        struct rehearse_stage *f = &figures[i];
        int64_t began = clock_boot_ms(), cpu = rehearse_cpu_ms(h);
        f->name = stages[i].name;
        if (!stages[i].run(h, &f->count, e)) {
            fprintf(stderr, "heng: %s（%s）没有走通。\n", stages[i].label, stages[i].name);
            return false;
        }
        f->done = true;
        f->ms = clock_boot_ms() - began;
        f->cpu_ms = rehearse_cpu_ms(h) - cpu;
        if (f->cpu_ms < 0) /* a server ended in this stage and took its figure along */
            f->cpu_ms = 0;
        fprintf(stderr, "%-10s %6lld  %7lld ms  %7lld ms CPU  %s\n", f->name,
                (long long)f->count, (long long)f->ms, (long long)f->cpu_ms, stages[i].label);
    }
    return true;
}

/* --- what is ordered ----------------------------------------------------------------------------- */
struct rehearsing {
    const char *data, *session, *limits_text, *store;
    const char *beside, *report; /* on a room node: where it plays, where its report goes */
    int64_t candidates, room_seats;
    bool seb, keep, json;
    struct rehearse_target target;
    struct rehearsal_limits limits;
};

static const struct rehearsal_limit *limit_named(const struct rehearsing *r, const char *name)
{
    for (size_t i = 0; i < r->limits.count; i++)
        if (strcmp(r->limits.at[i].name, name) == 0)
            return &r->limits.at[i];
    return NULL;
}

/* As many as the session has seats, and that is a threshold, too. */
static bool like_the_session(struct arena *a, struct rehearsing *r, struct err *e)
{
    if (!rehearse_session_look(a, r->data, r->session, &r->target, e))
        return false;
    if (r->target.postgres && !r->store)
        return FAIL(e, INVALID, "--store",
                    "中心用 PostgreSQL：须给演练一个空的数据库，不能是中心自己的。");
    int64_t seats = r->target.plan.seats;
    seats = seats < REHEARSAL_CANDIDATES_MIN   ? REHEARSAL_CANDIDATES_MIN
            : seats > REHEARSAL_CANDIDATES_MAX ? REHEARSAL_CANDIDATES_MAX
                                               : seats;
    if (r->candidates == 0)
        r->candidates = seats;
    if (!limit_named(r, "candidates")) {
        struct rehearsal_limit *more = arena_array(a, struct rehearsal_limit,
                                                   r->limits.count + 1);
        if (r->limits.count > 0)
            memcpy(more, r->limits.at, r->limits.count * sizeof *more);
        more[r->limits.count++] = (struct rehearsal_limit){"candidates", seats};
        r->limits.at = more;
    }
    return true;
}

static bool ready(struct arena *a, struct rehearsing *r, struct err *e)
{
    if (!r->session != !r->data)
        return FAIL(e, INVALID, r->session ? "--data" : "--session",
                    "演练一个场次须同时给出 --data 与 --session。");
    if (r->session && (r->beside || r->room_seats || r->seb))
        return FAIL(e, INVALID, "--session", "场次自己说明它的考场和浏览器。");
    if (r->room_seats < 0 || r->room_seats > REHEARSAL_CANDIDATES_MAX)
        return FAIL(e, INVALID, "--room-seats", "考场座位数须在 1 与 %d 之间。",
                    (int)REHEARSAL_CANDIDATES_MAX);
    if (!rehearsal_limits_read(a, r->limits_text, "--limits", &r->limits, e) ||
        (r->session && !like_the_session(a, r, e)))
        return false;
    if (r->candidates == 0)
        r->candidates = 60;
    return (r->candidates >= REHEARSAL_CANDIDATES_MIN &&
            r->candidates <= REHEARSAL_CANDIDATES_MAX) ||
           FAIL(e, INVALID, "--candidates", "考生数须在 %d 与 %d 之间。",
                (int)REHEARSAL_CANDIDATES_MIN, (int)REHEARSAL_CANDIDATES_MAX);
}

/* --- what came of it -------------------------------------------------------------------------------- */
static void print_text(const json_t *judged)
{
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(judged, "limits"), i, line)
    {
        const json_t *value = json_object_get(line, "value");
        const char *bound = json_member_text(line, "bound"),
                   *unit = json_member_text(line, "unit");
        printf("%s  %s", json_is_true(json_object_get(line, "ok")) ? "合格" : "不合格",
               rehearsal_limit_label(json_member_text(line, "name")));
        if (json_is_integer(value))
            printf("：%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else
            printf("：未测到");
        printf("（%s %" PRId64 " %s）\n", strcmp(bound, "at_most") == 0 ? "≤" : "≥",
               json_member_int(line, "limit", 0), unit);
    }
    puts(json_is_true(json_object_get(judged, "passed")) ? "演练合格。" : "演练不合格。");
}

static void print_json(struct arena *a, const json_t *judged)
{
    struct json_out *o = json_out_create(a);
    out_json(o, judged);
    command_print(o);
}

/* As it was measured: whoever ordered it judges it. */
static bool write_report(struct arena *a, const char *path, const json_t *report, struct err *e)
{
    struct bytes text;
    return !path ||
           (jcs_write(a, report, &text, e) && file_write(path, text.at, text.len, 0600, e));
}

/* WHY is empty where all stages came through. */
static int conclude(struct arena *a, struct rehearsing *r, const json_t *report,
                    const struct err *why)
{
    struct err e = {0};
    json_t *judged;
    bool passed = false;
    if (!write_report(a, r->report, report, &e) ||
        !rehearsal_judge(a, report, &r->limits, &judged, &e) ||
        (r->session && !rehearse_session_keep(a, &r->target, report, &r->limits, &passed, &e)))
        return command_failed(&e);
    if (r->json)
        print_json(a, judged);
    else
        print_text(judged);
    if (why->code != ERR_NONE)
        return command_failed(why);
    /* Without a session nobody asked for a verdict: it came through. */
    return !r->session || passed ? EXIT_DONE : EXIT_NO;
}

static int rehearse(struct arena *a, struct rehearsing *r)
{
    struct err e = {0};
    struct rehearse_run *h = arena_new(a, struct rehearse_run);
    struct rehearse_stage figures[STAGES] = {{0}};
    struct rehearse_stages all = {.at = figures, .count = STAGES, .began_ms = clock_now_ms()};
    struct rehearse_order order = {
        .candidates = (size_t)r->candidates,
        .room_seats = (size_t)(r->session ? r->target.plan.largest : r->room_seats),
        .seb = r->session ? r->target.plan.seb : r->seb,
        .store = r->store,
        .beside = r->session ? r->data : r->beside};
    for (size_t i = 0; i < STAGES; i++)
        figures[i].name = stages[i].name;
    h->keep = r->keep;
    if (!rehearse_begin(a, &order, h, &e)) {
        rehearse_end(h);
        return command_failed(&e);
    }
    if (!play(h, figures, &e)) {
        size_t at = 0;
        while (figures[at].done)
            at++;
        all.failed = figures[at].name;
        all.why = e.text;
    }
    json_t *report = json_keep(a, rehearse_report(h, &all));
    rehearse_end(h);
    return conclude(a, r, report, &e);
}

int cmd_rehearse(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct rehearsing r = {0};
    const struct option rows[] = {
        {"--candidates", OPTION_INT, &r.candidates, false},
        {"--data", OPTION_FOLDER, &r.data, false},
        {"--session", OPTION_TEXT, &r.session, false},
        {"--limits", OPTION_TEXT, &r.limits_text, false},
        {"--room-seats", OPTION_INT, &r.room_seats, false},
        {"--seb", OPTION_FLAG, &r.seb, false},
        {"--beside", OPTION_TEXT, &r.beside, false},
        {"--report", OPTION_TEXT, &r.report, false},
        {"--store", OPTION_TEXT, &r.store, false},
        {"--keep", OPTION_FLAG, &r.keep, false},
        {"--json", OPTION_FLAG, &r.json, false},
    };
    struct arguments none = {.max = 0};
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e) || !ready(a, &r, &e))
        return command_failed(&e);
    return rehearse(a, &r);
}
