/* app/cmd_rehearse.c - `heng rehearse`: a session with room nodes from the package to the mark, every
 * way in, the centre away during the exam; each stage with its count, time and CPU. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/rehearse.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"

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

struct figures {
    int64_t count, ms, cpu_ms;
};

static bool play(struct rehearsal *h, struct figures *figures, struct err *e)
{
    for (size_t i = 0; i < STAGES; i++) {
        int64_t began = clock_boot_ms(), cpu = rehearse_cpu_ms(h);
        if (!stages[i].run(h, &figures[i].count, e)) {
            fprintf(stderr, "heng: %s（%s）没有走通。\n", stages[i].label, stages[i].name);
            return false;
        }
        figures[i].ms = clock_boot_ms() - began;
        figures[i].cpu_ms = rehearse_cpu_ms(h) - cpu;
        if (figures[i].cpu_ms < 0) /* a server ended in this stage and took its figure along */
            figures[i].cpu_ms = 0;
        fprintf(stderr, "%-10s %6lld  %7lld ms  %7lld ms CPU  %s\n", stages[i].name,
                (long long)figures[i].count, (long long)figures[i].ms,
                (long long)figures[i].cpu_ms, stages[i].label);
    }
    return true;
}

static void print_json(struct arena *a, const struct figures *figures)
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
    out_object_end(o);
    command_print(o);
}

int cmd_rehearse(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct rehearsal *h = arena_new(a, struct rehearsal);
    struct figures figures[STAGES] = {{0}};
    int64_t candidates = 60;
    bool json = false;
    const struct option rows[] = {
        {"--candidates", OPTION_INT, &candidates, false},
        {"--keep", OPTION_FLAG, &h->keep, false},
        {"--json", OPTION_FLAG, &json, false},
    };
    struct arguments none = {.max = 0};
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e))
        return command_failed(&e);
    if (candidates < 12 || candidates > 1000) {
        FAIL(&e, INVALID, "--candidates", "考生数须在 12 与 1000 之间。");
        return command_failed(&e);
    }
    bool ok = rehearse_begin(a, (size_t)candidates, h, &e) && play(h, figures, &e);
    rehearse_end(h);
    if (!ok)
        return command_failed(&e);
    if (json)
        print_json(a, figures);
    return EXIT_DONE;
}
