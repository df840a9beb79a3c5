/* app/cmd_bench_assemble.c - `heng bench assemble`: parallel forms from made-up banks, seed after
 * seed, and beside them the whole problem given to CBC and GLPK with a time limit. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/bench.h"
#include "base/arena.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json_out.h"
#include "paper/assemble.h"

enum { AREAS = 12, SEEDS_MAX = 20, BINARIES_FOR_SOLVERS = 50000 };

static const struct measured {
    int items, forms;
    double goal_gap, goal_s; /* goal_s 0: to be refused */
} rows[] = {
    {5000, 1, 0.002, 1},  {5000, 4, 0.002, 1},   {5000, 10, 0.002, 1},
    {5000, 30, 0.01, 4},  {5000, 60, 0, 0},      {20000, 1, 0.002, 1},
    {20000, 4, 0.002, 1}, {20000, 10, 0.002, 1}, {20000, 30, 0.002, 1},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* --- a bank ----------------------------------------------------------------------------------------- */
struct chance {
    uint64_t state;
};

/* splitmix64 (Steele, Lea & Flood 2014): the same bank on every machine. */
static double uniform(struct chance *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

static double normal(struct chance *c)
{
    double radius = sqrt(-2 * log(uniform(c)));
    return radius * cos(6.283185307179586 * uniform(c));
}

static int weighted(struct chance *c, const double *weight, int count)
{
    double at = uniform(c);
    int i = 0;
    while (i < count - 1 && at >= weight[i])
        at -= weight[i++];
    return i;
}

/* Two parameters, 12 areas of the blueprint's shares, three types, 4 % of the items in sets of
 * enemies. */
static void make_bank(struct arena *a, int items, struct assembly_bank *out)
{
    static const double areas[AREAS] = {.12, .11, .10, .10, .09, .09,
                                        .08, .08, .07, .06, .05, .05};
    static const double types[] = {.64, .24, .12}, minutes[] = {1.2, 2.0, 4.05};
    struct chance c = {(uint64_t)items};
    *out = (struct assembly_bank){.items = arena_array(a, struct assembly_item, (size_t)items),
                                  .count = (size_t)items,
                                  .has_minutes = true};
    for (int i = 0; i < items; i++) {
        int area = weighted(&c, areas, AREAS), type = weighted(&c, types, 3);
        struct assembly_item *it = &out->items[i];
        *it = (struct assembly_item){.id = arena_printf(a, "%d", i),
                                     .area = arena_printf(a, "%d", area),
                                     .type = arena_printf(a, "%d", type),
                                     .calibrated = true,
                                     .points = 1,
                                     .line = (size_t)i + 2};
        it->a = exp(-0.1 + 0.3 * normal(&c));
        it->b = normal(&c);
        it->minutes = minutes[type] * exp(0.25 * normal(&c));
        if (uniform(&c) < 0.04)
            it->enemy = arena_printf(a, "%d", (int)(uniform(&c) * items / 83));
    }
}

/* --- ours ------------------------------------------------------------------------------------------- */
static double cpu_now(void)
{
    struct rusage u;
    if (getrusage(RUSAGE_SELF, &u) != 0)
        return 0;
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

struct outcome {
    bool all_feasible, met;
    double worst_gap, worst_s, sum_s, objective, bound;
    size_t violations;
    int64_t cells;
};

/* The bank and the blueprint that are measured: of 5,000 items the golden one. */
static bool open_bank(struct arena *a, int items, struct assembly_bank *out, struct err *e)
{
    const struct embedded *file = embedded_find("golden/ata_bank_5000.csv");
    if (items == 5000 && file)
        return assembly_bank_read(a, (struct bytes){file->bytes, file->len}, out, e);
    make_bank(a, items, out);
    return true;
}

static struct bytes blueprint_file(void)
{
    const struct embedded *file = embedded_find("golden/ata_blueprint.json");
    return file ? (struct bytes){file->bytes, file->len} : (struct bytes){NULL, 0};
}

static void run_ours(const struct assembly_bank *bank, const struct measured *row,
                     int64_t seeds, struct outcome *out)
{
    struct bytes text = blueprint_file();
    *out = (struct outcome){.all_feasible = true, .met = true, .objective = INFINITY};
    for (int64_t seed = 1; seed <= seeds; seed++) {
        struct arena *scratch = arena_create((size_t)2 << 30);
        struct assembly_blueprint b;
        struct assembly_result r;
        struct err e = {0};
        double began = cpu_now();
        if (!assembly_blueprint_read(scratch, text, (size_t)row->forms, bank, &b, &e)) {
            (void)command_failed(&e);
            out->met = false;
            return;
        }
        struct assembly_order order = {
            .bank = bank, .blueprint = &b, .seed = (uint64_t)seed, .gap = 0.002};
        assemble(scratch, &order, &r);
        double spent = cpu_now() - began;
        out->all_feasible &= r.feasible;
        out->worst_s = fmax(out->worst_s, spent);
        out->sum_s += spent;
        out->violations += r.violations;
        out->cells = (int64_t)r.cell_count;
        if (r.feasible) {
            out->worst_gap = fmax(out->worst_gap, r.gap);
            out->objective = fmin(out->objective, r.objective);
            out->bound = r.bound;
        }
        out->met &= row->goal_s > 0
                        ? r.feasible && r.gap <= row->goal_gap && spent <= row->goal_s
                        : !r.feasible && r.proved_infeasible && r.cell_count > 0;
        arena_destroy(scratch);
    }
}

/* --- the others -------------------------------------------------------------------------------------- */
struct rival {
    bool ran, found;
    double objective, cpu_s;
};

static pid_t start(const char *const argv[], int64_t seconds)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    struct rlimit cpu = {(rlim_t)(2 * seconds + 30), (rlim_t)(2 * seconds + 31)};
    struct rlimit memory = {(rlim_t)8 << 30, (rlim_t)8 << 30};
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
        setrlimit(RLIMIT_CPU, &cpu) != 0 || setrlimit(RLIMIT_AS, &memory) != 0)
        _exit(127);
    execv(argv[0], (char *const *)(uintptr_t)argv); /* it does not write there */
    _exit(127);
}

static void run_rival(struct arena *a, const char *const argv[], const char *answer,
                      int64_t seconds, struct rival *out)
{
    struct rusage used;
    struct bytes text;
    struct err ignored = {0};
    int status;
    *out = (struct rival){0};
    pid_t child = start(argv, seconds);
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        return;
    out->ran = !WIFEXITED(status) || WEXITSTATUS(status) != 127;
    out->cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    if (!file_read(a, answer, (size_t)64 << 20, &text, &ignored))
        return;
    const char *at = (const char *)text.at;
    const char *value = strstr(at, "objective value");
    if (value && !strstr(at, "no integer solution") && strncmp(at, "Infeasible", 10) != 0)
        out->found = sscanf(value, "objective value %lf", &out->objective) == 1;
    value = strstr(at, "obj = ");
    if (value && (strstr(at, "INTEGER OPTIMAL") || strstr(at, "INTEGER NON-OPTIMAL")))
        out->found = sscanf(value, "obj = %lf", &out->objective) == 1;
    out->objective = fabs(out->objective); /* CBC minimises the negative */
}

static void put_rival(struct json_out *o, const char *name, const struct rival *r, double bound)
{
    put_object(o, name);
    put_bool(o, "found", r->found);
    if (r->found)
        put_number(o, "gap", (bound - r->objective) / bound);
    put_number(o, "cpu_s", r->cpu_s);
    out_object_end(o);
    if (r->found)
        printf("    %-5s 差距 %.3f %%，CPU %.1f 秒\n", name,
               100 * (bound - r->objective) / bound, r->cpu_s);
    else
        printf("    %-5s 没有找到任何一套，CPU %.1f 秒\n", name, r->cpu_s);
}

static void run_rivals(struct arena *a, const struct assembly_order *order, double bound,
                       int64_t seconds, struct json_out *o)
{
    char folder[] = "/tmp/heng-bench-XXXXXX";
    struct err e = {0};
    struct rival cbc, glpk;
    if (!mkdtemp(folder))
        return;
    char *model = arena_printf(a, "%s/model.lp", folder);
    char *cbc_answer = arena_printf(a, "%s/cbc", folder);
    char *glpk_answer = arena_printf(a, "%s/glpk", folder);
    char *limit = arena_printf(a, "%lld", (long long)seconds);
    const char *const by_cbc[] = {"/usr/bin/cbc", model,   "sec",      limit,      "ratio",
                                  "0.002",        "solve", "solution", cbc_answer, NULL};
    const char *const by_glpk[] = {"/usr/bin/glpsol", "--lp",  model, "--tmlim",   limit,
                                   "--mipgap",        "0.002", "-o",  glpk_answer, NULL};
    if (assembly_write_problem(a, order, model, &e)) {
        run_rival(a, by_cbc, cbc_answer, seconds, &cbc);
        run_rival(a, by_glpk, glpk_answer, seconds, &glpk);
        if (cbc.ran)
            put_rival(o, "cbc", &cbc, bound);
        if (glpk.ran)
            put_rival(o, "glpk", &glpk, bound);
    }
    if (!folder_remove(folder, &e))
        fprintf(stderr, "bench: 临时文件夹 %s 没有删除。\n", folder);
}

/* --- the table ----------------------------------------------------------------------------------------- */
static bool measure_row(struct arena *a, const struct measured *row, int64_t seeds,
                        int64_t limit, struct json_out *o)
{
    struct assembly_bank bank;
    struct outcome out;
    struct err bad = {0};
    if (!open_bank(a, row->items, &bank, &bad)) {
        (void)command_failed(&bad);
        return false;
    }
    run_ours(&bank, row, seeds, &out);
    printf("%6d 题 × %2d 份  ", row->items, row->forms);
    if (row->goal_s > 0)
        printf("差距至多 %.3f %%（目标 %.1f %%），CPU 平均 %.2f 秒、至多 %.2f 秒（目标 %.0f "
               "秒）%s\n",
               100 * out.worst_gap, 100 * row->goal_gap, out.sum_s / (double)seeds, out.worst_s,
               row->goal_s, out.met ? "" : "  未达到");
    else
        printf("拒绝，列出 %lld 个不足之处%s\n", (long long)out.cells,
               out.met ? "" : "  未达到");
    out_object(o);
    put_int(o, "items", row->items);
    put_int(o, "forms", row->forms);
    put_int(o, "seeds", seeds);
    put_bool(o, "feasible", out.all_feasible);
    put_number(o, "worst_gap", out.worst_gap);
    put_number(o, "worst_cpu_s", out.worst_s);
    put_number(o, "mean_cpu_s", out.sum_s / (double)seeds);
    put_number(o, "bound", out.bound);
    put_int(o, "violations", (int64_t)out.violations);
    put_int(o, "cells", out.cells);
    put_number(o, "goal_gap", row->goal_gap);
    put_number(o, "goal_s", row->goal_s);
    put_bool(o, "met", out.met);
    if (limit > 0 && row->goal_s > 0 && row->items * row->forms <= BINARIES_FOR_SOLVERS) {
        struct assembly_blueprint b;
        struct err e = {0};
        struct bytes text = blueprint_file();
        struct assembly_order order = {.bank = &bank, .blueprint = &b};
        if (assembly_blueprint_read(a, text, (size_t)row->forms, &bank, &b, &e))
            run_rivals(a, &order, out.bound, limit, o);
    }
    out_object_end(o);
    fflush(stdout);
    return out.met;
}

int bench_assemble(struct arena *a, int argc, char **argv)
{
    int64_t seeds = SEEDS_MAX, limit = 30;
    double ignored = 0;
    bool json = false, met = true;
    const struct option options[] = {{"--json", OPTION_FLAG, &json, false},
                                     {"--seeds", OPTION_INT, &seeds, false},
                                     {"--limit", OPTION_INT, &limit, false},
                                     {"--seconds", OPTION_REAL, &ignored, false}};
    struct arguments rest = {.min = 0, .max = 0};
    struct err e = {0};
    if (!OPTIONS_READ(a, options, argc, argv, &rest, &e))
        return command_failed(&e);
    if (seeds < 1 || seeds > SEEDS_MAX || limit < 0 || limit > 3600) {
        FAIL(&e, INVALID, seeds < 1 || seeds > SEEDS_MAX ? "--seeds" : "--limit",
             "种子数须为 1 至 %d；给其他求解器的秒数须为 0 至 3600，0 表示不运行。", SEEDS_MAX);
        return command_failed(&e);
    }
    /* With --json the table goes to stderr, so that stdout is one object. */
    int real = json ? dup(1) : -1;
    if (json && (real < 0 || dup2(2, 1) < 0))
        return EXIT_SYSTEM;
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_text(o, "bench", "assemble");
    put_array(o, "rows");
    for (size_t i = 0; i < ROWS; i++) {
        struct arena *scratch = arena_create((size_t)6 << 30);
        met &= measure_row(scratch, &rows[i], seeds, limit, o);
        arena_destroy(scratch);
    }
    out_array_end(o);
    put_bool(o, "met", met);
    out_object_end(o);
    if (json) {
        fflush(stdout);
        if (dup2(real, 1) < 0)
            return EXIT_SYSTEM;
        command_print(o);
    }
    return EXIT_DONE;
}
