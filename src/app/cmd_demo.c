/* app/cmd_demo.c - `heng demo road`: the whole road on many candidates, each stage with its count,
 * time and CPU. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/road.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_out.h"

static const struct {
    const char *name, *label;
    road_stage_fn *run;
} stages[] = {
    {"apply", "报名", road_apply},         {"review", "审核", road_review},
    {"arrange", "编排", road_arrange},     {"tickets", "准考证", road_tickets},
    {"papers", "组卷与封存", road_papers}, {"release", "启封", road_release},
    {"sit", "理论考试", road_sit},         {"type", "纸质答卷录入", road_type},
    {"mark", "机器阅卷", road_mark},       {"score", "技能评分", road_score_skills},
    {"panel", "综合评审", road_panel},     {"publish", "公布成绩", road_publish},
    {"correct", "更正答案", road_correct}, {"calibrate", "估计试题参数", road_calibrate},
    {"issue", "签发证书", road_issue},     {"verify", "公开查询", road_verify},
    {"revoke", "撤销", road_revoke},       {"traces", "痕迹检查", road_traces},
};

enum { STAGES = sizeof stages / sizeof *stages };

struct figures {
    int64_t count, ms, cpu_ms;
};

struct demo_order {
    int64_t candidates;
    const char *store;
    bool keep, json;
};

static void print_stage(size_t i, const struct figures *f)
{
    fprintf(stderr, "%-9s %6lld  %7lld ms  %7lld ms CPU\n", stages[i].name, (long long)f->count,
            (long long)f->ms, (long long)f->cpu_ms);
}

static bool play(struct road *r, struct figures *figures, struct err *e)
{
    for (size_t i = 0; i < STAGES; i++) {
        int64_t began = clock_boot_ms(), cpu = road_cpu_ms(r);
        if (!stages[i].run(r, &figures[i].count, e)) {
            fprintf(stderr, "heng: %s（%s）没有走通。\n", stages[i].label, stages[i].name);
            return false;
        }
        figures[i].ms = clock_boot_ms() - began;
        figures[i].cpu_ms = road_cpu_ms(r) - cpu;
        print_stage(i, &figures[i]);
    }
    return true;
}

static void print_json(struct arena *a, const struct figures *figures, int64_t set_up_ms,
                       int64_t ms, int64_t cpu_ms)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_array(o, "stages");
    for (size_t i = 0; i < STAGES; i++) {
        out_object(o);
        put_text(o, "name", stages[i].name);
        put_int(o, "count", figures[i].count);
        put_int(o, "ms", figures[i].ms);
        put_int(o, "cpu_ms", figures[i].cpu_ms);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "set_up_ms", set_up_ms);
    put_int(o, "ms", ms);
    put_int(o, "cpu_ms", cpu_ms);
    out_object_end(o);
    command_print(o);
}

/* What is kept can be served and looked at: where it is, who signs in, and a certificate to ask after (the
 * first was revoked at the end of the road). */
static bool tell_kept(const struct road *r, struct err *e)
{
    const char *data = arena_printf(r->arena, "%s/data", r->folder),
               *accounts = arena_printf(r->arena, "%s.accounts", data),
               *text = demo_accounts_text(r->arena, &r->body);
    if (!file_write(accounts, text, strlen(text), 0400, e))
        return false;
    fprintf(stderr, "留在 %s，heng serve --data %s 打开；账号在 %s\n", r->folder, data,
            accounts);
    for (size_t i = r->count; i > 0; i--) {
        const struct road_candidate *c = &r->candidates[i - 1];
        if (!c->certificate)
            continue;
        fprintf(stderr, "有效证书 %s，持有人 %s\n", c->certificate, c->name);
        break;
    }
    return true;
}

static int demo_road(struct arena *a, const struct demo_order *o)
{
    struct err e = {0};
    struct road r = {0};
    struct figures figures[STAGES] = {{0}};
    int64_t began = clock_boot_ms();
    bool ok = road_begin(a, (size_t)o->candidates, o->store, &r, &e);
    int64_t ready = clock_boot_ms();
    ok = ok && play(&r, figures, &e);
    int64_t over = clock_boot_ms(), cpu = road_cpu_ms(&r);
    r.keep = ok && o->keep;
    road_end(&r);
    if (!ok || (o->keep && !tell_kept(&r, &e)))
        return command_failed(&e);
    fprintf(stderr, "%lld ms，其中准备 %lld ms；CPU %lld ms\n", (long long)(over - began),
            (long long)(ready - began), (long long)cpu);
    if (o->json)
        print_json(a, figures, ready - began, over - began, cpu);
    return EXIT_DONE;
}

int cmd_demo(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct demo_order o = {.candidates = 200};
    const struct option rows[] = {
        {"--candidates", OPTION_INT, &o.candidates, false},
        {"--store", OPTION_TEXT, &o.store, false},
        {"--keep", OPTION_FLAG, &o.keep, false},
        {"--json", OPTION_FLAG, &o.json, false},
    };
    struct arguments what = {.min = 1, .max = 1};
    if (!OPTIONS_READ(a, rows, argc, argv, &what, &e))
        return command_failed(&e);
    if (strcmp(what.at[0], "road") != 0)
        FAIL(&e, INVALID, "arguments", "没有“%.40s”这个演示。", what.at[0]);
    else if (o.candidates < 4 || o.candidates > 700)
        FAIL(&e, INVALID, "--candidates", "考生数须在 4 与 700 之间。");
    return e.code != ERR_NONE ? command_failed(&e) : demo_road(a, &o);
}
