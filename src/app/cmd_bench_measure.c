/* app/cmd_bench_measure.c - `heng bench measure`: the analyses on made-up data of full size, each in
 * a process of its own, so that its CPU time and its memory are its own. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/bench.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_out.h"
#include "measure/analyze.h"

enum { ITEMS = 100, CHILD_ARENA_BYTES = 2000 << 20 };

/* What the rows are measured on. */
enum shape { SHAPE_OPTIONS, SHAPE_2PL, SHAPE_3PL, SHAPE_GRM };

static const struct measured {
    const char *analysis, *what;
    enum shape shape;
    int64_t persons;
    double goal_s;
} rows[] = {
    {"classical", "选项字母，含干扰项", SHAPE_OPTIONS, 1000000, 2},
    {"2pl", "二参数", SHAPE_2PL, 100000, 0.4},
    {"3pl", "三参数", SHAPE_3PL, 100000, 6},
    {"grm", "等级反应，五级", SHAPE_GRM, 100000, 6},
};
enum { ROWS = sizeof rows / sizeof *rows, GOAL_MB = 300 };

struct chance {
    uint64_t state;
};

/* splitmix64 (Steele, Lea & Flood 2014): the same data on every machine. */
static uint64_t next(struct chance *c)
{
    uint64_t z = c->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double uniform(struct chance *c)
{
    return ((double)(next(c) >> 11) + 0.5) * 0x1p-53;
}

static double normal(struct chance *c)
{
    double u = uniform(c);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * uniform(c));
}

static char answer(struct chance *c, enum shape shape, double logit, char key)
{
    double p = 1 / (1 + exp(-logit));
    if (shape == SHAPE_GRM) {
        double u = uniform(c);
        int k = 0;
        for (int step = 0; step < 4; step++)
            k += u < 1 / (1 + exp(-(logit + 1.5 - step)));
        return (char)('0' + k);
    }
    bool right = uniform(c) < (shape == SHAPE_3PL ? 0.2 + 0.8 * p : p);
    if (shape != SHAPE_OPTIONS)
        return right ? '1' : '0';
    return right ? key : (char)('A' + (key - 'A' + 1 + (int)(3 * uniform(c))) % 4);
}

static bool write_data(const char *path, const char *key_path, enum shape shape,
                       int64_t persons)
{
    struct chance c = {20260101 + (uint64_t)shape};
    double slope[ITEMS], intercept[ITEMS];
    char key[ITEMS], line[2 * ITEMS];
    FILE *f = fopen(path, "w"), *k = fopen(key_path, "w");
    bool ok = f && k;
    if (ok)
        fprintf(k, "item,key\n");
    for (int j = 0; j < ITEMS && ok; j++) {
        slope[j] = exp(0.3 * normal(&c));
        intercept[j] = -slope[j] * normal(&c);
        key[j] = (char)('A' + (int)(4 * uniform(&c)));
        fprintf(f, "%si%d", j ? "," : "", j + 1);
        fprintf(k, "i%d,%c\n", j + 1, key[j]);
    }
    for (int64_t i = 0; i < persons && ok; i++) {
        double theta = normal(&c);
        for (int j = 0; j < ITEMS; j++) {
            line[2 * j] = j ? ',' : '\n';
            line[2 * j + 1] = answer(&c, shape, slope[j] * theta + intercept[j], key[j]);
        }
        ok = fwrite(line, 1, sizeof line, f) == sizeof line;
    }
    if (f)
        ok = fclose(f) == 0 && ok;
    if (k)
        ok = fclose(k) == 0 && ok;
    return ok;
}

static int analyse(const struct measured *row, const char *path, const char *key_path)
{
    struct arena *a = arena_create(CHILD_ARENA_BYTES);
    struct analyze_options o;
    struct err e = {0};
    analyze_defaults(&o);
    o.file = path;
    o.key = row->shape == SHAPE_OPTIONS ? key_path : NULL;
    if (!analyze_run(a, row->analysis, &o, json_out_create(a), &e))
        return command_failed(&e);
    return EXIT_DONE;
}

struct outcome {
    struct json_out *out;
    bool json, met;
};

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static void put_row(const struct measured *row, int64_t persons, const struct rusage *used,
                    double wall_s, struct outcome *to)
{
    double cpu = seconds(used->ru_utime) + seconds(used->ru_stime);
    double mb = (double)used->ru_maxrss / 1024;
    bool good = cpu <= row->goal_s && mb <= GOAL_MB;
    to->met = to->met && good;
    if (!to->json)
        printf("%-10s %-26s %9lld 人 × %d 题  CPU %6.2f s（目标 %.1f）  墙钟 %6.2f s  内存 "
               "%4.0f MB  %s\n",
               row->analysis, row->what, (long long)persons, ITEMS, cpu, row->goal_s, wall_s,
               mb, good ? "达到" : "未达到");
    struct json_out *out = to->out;
    out_object(out);
    put_text(out, "analysis", row->analysis);
    put_int(out, "persons", persons);
    put_int(out, "items", ITEMS);
    put_number(out, "cpu_s", cpu);
    put_number(out, "wall_s", wall_s);
    put_number(out, "rss_mb", mb);
    put_number(out, "goal_s", row->goal_s);
    put_int(out, "goal_mb", GOAL_MB);
    put_bool(out, "met", good);
    out_object_end(out);
}

/* One row: makes the data, runs the analysis in a child, removes the data. */
static int measure_row(struct arena *a, const struct measured *row, const char *folder,
                       double scale, struct outcome *to)
{
    int64_t persons = (int64_t)((double)row->persons * scale);
    const char *path = arena_printf(a, "%s/data.csv", folder);
    const char *key_path = arena_printf(a, "%s/key.csv", folder);
    struct rusage used;
    int status = 0;
    struct err e = {0};
    if (!write_data(path, key_path, row->shape, persons)) {
        FAIL(&e, STORE, "bench", "写不了临时文件 %s。", path);
        return command_failed(&e);
    }
    fflush(NULL);
    int64_t began = clock_boot_ms();
    pid_t child = fork();
    if (child == 0)
        _exit(analyse(row, path, key_path));
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        FAIL(&e, INTERNAL, "bench", "子进程没有开始或没有结束。");
        return command_failed(&e);
    }
    double wall_s = (double)(clock_boot_ms() - began) / 1000;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_DONE)
        return EXIT_SYSTEM;
    put_row(row, persons, &used, wall_s, to);
    return EXIT_DONE;
}

int bench_measure(struct arena *a, int argc, char **argv)
{
    struct outcome to = {.out = json_out_create(a), .met = true};
    double scale = 1, ignored = 0;
    const struct option options[] = {{"--json", OPTION_FLAG, &to.json, false},
                                     {"--scale", OPTION_REAL, &scale, false},
                                     {"--seconds", OPTION_REAL, &ignored, false}};
    struct arguments rest = {.min = 0, .max = 0};
    struct err e = {0};
    char folder[] = "/tmp/heng-bench-XXXXXX";
    if (!OPTIONS_READ(a, options, argc, argv, &rest, &e))
        return command_failed(&e);
    if (!(scale >= 0.001 && scale <= 1)) {
        FAIL(&e, INVALID, "--scale", "须在 0.001–1 之间。");
        return command_failed(&e);
    }
    if (!mkdtemp(folder)) {
        FAIL(&e, STORE, "bench", "建不了临时文件夹。");
        return command_failed(&e);
    }
    struct json_out *out = to.out;
    int code = EXIT_DONE;
    out_object(out);
    put_text(out, "bench", "measure");
    put_number(out, "scale", scale);
    put_array(out, "rows");
    for (size_t i = 0; i < ROWS && code == EXIT_DONE; i++)
        code = measure_row(a, &rows[i], folder, scale, &to);
    out_array_end(out);
    put_bool(out, "met", to.met);
    out_object_end(out);
    if (!folder_remove(folder, &e))
        fprintf(stderr, "%s\n", e.text);
    if (to.json && code == EXIT_DONE)
        command_print(out);
    return code;
}
