/* app/cmd_assemble.c - `heng assemble`: forms from a bank file and a blueprint file. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_out.h"
#include "paper/assemble.h"

enum { BANK_BYTES_MAX = 256 << 20, BLUEPRINT_BYTES_MAX = 16 << 20 };

static const int64_t NOT_GIVEN = INT64_MIN;

struct asked {
    const char *bank, *blueprint;
    int64_t forms, seed;
    double gap, time;
    bool json;
};

static bool read_asked(struct arena *a, int argc, char **argv, struct asked *in, struct err *e)
{
    struct arguments rest = {.max = 0};
    const struct option rows[] = {
        {"--bank", OPTION_TEXT, &in->bank, true},
        {"--blueprint", OPTION_TEXT, &in->blueprint, true},
        {"--forms", OPTION_INT, &in->forms, false},
        {"--seed", OPTION_INT, &in->seed, false},
        {"--gap", OPTION_REAL, &in->gap, false},
        {"--time", OPTION_REAL, &in->time, false},
        {"--json", OPTION_FLAG, &in->json, false},
    };
    *in = (struct asked){.forms = NOT_GIVEN, .seed = 1, .gap = 0.002, .time = 10};
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, e))
        return false;
    /* The blueprint's kinds of form say how many, else it is one. */
    if (in->forms == NOT_GIVEN)
        in->forms = 0;
    else if (in->forms < 1 || in->forms > ASSEMBLE_FORMS_MAX)
        return FAIL(e, INVALID, "--forms", "卷数须为 1 至 %d。", ASSEMBLE_FORMS_MAX);
    if (!(in->gap >= 0) || in->gap > 1)
        return FAIL(e, INVALID, "--gap", "差距须在 0 与 1 之间。");
    return (in->time > 0 && in->time <= 86400) ||
           FAIL(e, INVALID, "--time", "时限须大于 0 秒。");
}

static bool late(void *ctx)
{
    return clock_boot_ms() > *(const int64_t *)ctx;
}

/* So many that a busy machine stays within the time asked for; the clock only stops what is
 * slower still. */
static int64_t steps_for(double seconds)
{
    return (int64_t)(3.3e6 * seconds);
}

const char *assemble_cbc(void)
{
    static const char *const at[] = {"/usr/bin/cbc", "/usr/local/bin/cbc"};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        if (access(at[i], X_OK) == 0)
            return at[i];
    return NULL;
}

/* Of this process and of the child that it may have asked. */
static double cpu_seconds(void)
{
    struct rusage own, child;
    if (getrusage(RUSAGE_SELF, &own) != 0 || getrusage(RUSAGE_CHILDREN, &child) != 0)
        return 0;
    return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec + child.ru_utime.tv_sec +
                    child.ru_stime.tv_sec) +
           1e-6 * (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec +
                           child.ru_utime.tv_usec + child.ru_stime.tv_usec);
}

static void explain(struct arena *a, const struct assembly_result *r)
{
    const char *text = "";
    for (size_t i = 0; i < r->cell_count; i++)
        text = arena_printf(a, "%s%s%s 需要 %lld 题，题库有 %lld 题", text, i ? "；" : "",
                            r->cells[i].label, (long long)r->cells[i].needed,
                            (long long)r->cells[i].available);
    if (r->cell_count > 0)
        fprintf(stderr, "assemble: 题库不足：%s。\n", text);
    for (size_t i = 0; i < r->row_count; i++)
        text = arena_printf(a, "%s%s%s", text, i ? "、" : "", r->rows[i]);
    if (r->row_count > 0)
        fprintf(stderr, "assemble: 这些条件不能同时满足：%s。\n", text);
    if (!r->proved_infeasible)
        fprintf(stderr, "assemble: 在给定的步数内没有找到，也没有证明不存在。\n");
}

int cmd_assemble(struct arena *a, int argc, char **argv)
{
    struct asked in;
    struct bytes bank_text, blueprint_text;
    struct assembly_bank bank;
    struct assembly_blueprint blueprint;
    struct assembly_result result;
    struct err e = {0};
    int64_t began = clock_boot_ms();
    if (!read_asked(a, argc, argv, &in, &e) ||
        !file_read(a, in.bank, BANK_BYTES_MAX, &bank_text, &e) ||
        !file_read(a, in.blueprint, BLUEPRINT_BYTES_MAX, &blueprint_text, &e) ||
        !assembly_bank_read(a, bank_text, &bank, &e) ||
        !assembly_blueprint_read(a, blueprint_text, (size_t)in.forms, &bank, &blueprint, &e))
        return command_failed(&e);
    int64_t until = began + (int64_t)(in.time * 1000);
    struct assembly_order order = {
        .bank = &bank,
        .blueprint = &blueprint,
        .seed = (uint64_t)in.seed,
        .gap = in.gap,
        .steps = steps_for(in.time),
        .cbc = assemble_cbc(),
        .cbc_seconds = (int64_t)(in.time / 2) + 1,
        .enough = late,
        .ctx = &until,
    };
    assemble(a, &order, &result);
    struct json_out *o = json_out_create(a);
    out_object(o);
    assembly_write(&order, &result, o);
    put_number(o, "seconds", (double)(clock_boot_ms() - began) / 1000);
    put_number(o, "cpu_seconds", cpu_seconds());
    out_object_end(o);
    command_print(o);
    if (result.feasible)
        return EXIT_DONE;
    explain(a, &result);
    return EXIT_NO;
}
