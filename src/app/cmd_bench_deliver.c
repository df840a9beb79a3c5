/* app/cmd_bench_deliver.c - `heng bench deliver`: the delivery under load, phase by phase, and what
 * the database holds of it afterwards. An entry that was acknowledged and is not there fails it. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "app/bench.h"
#include "app/bench_deliver_load.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"

enum { PHASES = 9 };
#define LOAD_ARENA_BYTES ((size_t)16 << 30)

struct options {
    int64_t seconds, connections, candidates, arrive_ms, think_ms, idle, slow, sign_ins, rows;
    const char *log;
    struct stage_plan plan;
    bool survive, json, paced_only; /* no closed loop: for hours at a modest rate */
};

struct outcome {
    struct phase phases[PHASES];
    size_t count;
    struct load_found found;
    bool server_ended; /* by itself, in order, when it was told to */
};

static const struct phase *phase_of(const struct outcome *r, const char *name)
{
    static const struct phase none;
    for (size_t i = 0; i < r->count; i++)
        if (r->phases[i].name == name)
            return &r->phases[i];
    return &none;
}

static bool run_phase(struct load *l, int which, const struct options *o, struct phase *p,
                      struct err *e)
{
    struct slow_order slow = {(size_t)o->slow, (size_t)o->connections, o->seconds};
    struct gate_order gate = {(size_t)o->sign_ins, which == 4, o->think_ms, o->seconds};
    struct later_order later = {o->rows, o->seconds, (size_t)o->connections};
    switch (which) {
    case 0:
        return o->idle == 0 || load_idle(l, p, (size_t)o->idle, e);
    case 1:
        return load_sign_in(l, p, o->arrive_ms, e);
    case 2:
        return load_paced(l, p, o->think_ms, o->seconds, e);
    case 3:
    case 4:
        return o->sign_ins == 0 || load_paced_beside_crowd(l, p, &gate, e);
    case 5:
        return o->paced_only || load_saves(l, p, (size_t)o->connections, o->seconds, e);
    case 6:
        return o->slow == 0 || load_saves_beside_slow(l, p, &slow, e);
    case 7:
        return o->rows == 0 || load_saves_later(l, p, &later, e);
    default:
        return load_hand_in(l, p, o->arrive_ms, e);
    }
}

/* Each is printed as it ends; what is not asked for has no name. */
static bool run_phases(struct load *l, const struct options *o, struct outcome *r,
                       struct err *e)
{
    for (int i = 0; i < PHASES; i++) {
        struct phase *p = &r->phases[r->count];
        bool ok = run_phase(l, i, o, p, e);
        if (p->name) {
            phase_print(p);
            r->count++;
        }
        if (!ok)
            return false;
    }
    return true;
}

static bool play(struct arena *a, struct stage *s, const struct options *o, struct outcome *r,
                 struct err *e)
{
    FILE *log = o->log ? fopen(o->log, "w") : NULL;
    if (o->log && !log)
        return FAIL(e, INVALID, "--acknowledged", "不能写 %.200s。", o->log);
    struct load *l = load_create(a, s, log);
    l->survives = o->survive;
    bool ok = run_phases(l, o, r, e);
    int status = server_child_stop(&s->server, SIGTERM);
    r->server_ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    ok = ok && load_compare(l, &r->found, e);
    load_destroy(l);
    if (log)
        fclose(log);
    return ok;
}

/* --- what is printed ------------------------------------------------------------------------------- */
static int64_t errors_of(const struct outcome *r)
{
    int64_t errors = 0;
    for (size_t i = 0; i < r->count; i++)
        errors += r->phases[i].errors;
    return errors;
}

static bool is_good(const struct outcome *r)
{
    const struct load_found *f = &r->found;
    return r->server_ended && errors_of(r) == 0 && f->lost == 0 && f->foreign == 0 &&
           f->twice == 0 && f->changed == 0 && f->breaks == 0 && f->unsealed == 0 &&
           f->acknowledged > 0;
}

static void print_found(const struct outcome *r)
{
    const struct load_found *f = &r->found;
    fprintf(stderr,
            "发出 %lld 条，已确认 %lld 条，库中找到 %lld 条，丢失 %lld；"
            "重复 %lld，内容不同 %lld，来历不明 %lld，批次链断 %lld；交卷 %lld 人\n",
            (long long)f->sent, (long long)f->acknowledged, (long long)f->found,
            (long long)f->lost, (long long)f->twice, (long long)f->changed,
            (long long)f->foreign, (long long)f->breaks, (long long)f->sealed);
}

static void print_json(struct arena *a, const struct options *o, const struct outcome *r)
{
    struct json_out *out = json_out_create(a);
    const struct phase *saves = phase_of(r, "saves");
    const struct load_found *f = &r->found;
    double n = saves->count > 0 ? (double)saves->count : 1;
    out_object(out);
    put_number(out, "saves_per_s", saves->wall_us > 0 ? n * 1e6 / (double)saves->wall_us : 0);
    put_number(out, "p50_ms", latency_ms(&saves->latency, 0.5));
    put_number(out, "p95_ms", latency_ms(&saves->latency, 0.95));
    put_number(out, "p99_ms", latency_ms(&saves->latency, 0.99));
    put_number(out, "max_ms", (double)saves->latency.max_us / 1000);
    put_number(out, "cpu_us_per_save", (double)saves->cpu_us / n);
    put_number(out, "rss_mb", saves->rss_mb);
    put_int(out, "sent", f->sent);
    put_int(out, "acknowledged", f->acknowledged);
    put_int(out, "found", f->found);
    put_int(out, "lost", f->lost);
    put_int(out, "twice", f->twice);
    put_int(out, "changed", f->changed);
    put_int(out, "foreign", f->foreign);
    put_int(out, "breaks", f->breaks);
    put_int(out, "sealed", f->sealed);
    put_int(out, "errors", errors_of(r));
    put_int(out, "candidates", o->candidates);
    put_int(out, "connections", o->connections);
    put_array(out, "phases");
    for (size_t i = 0; i < r->count; i++)
        phase_put(out, &r->phases[i]);
    out_array_end(out);
    out_object_end(out);
    command_print(out);
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Two connections a candidate, a stream and one that calls, and the crowd of a phase: the server,
 * which has the same limit and keeps some for itself, would shut what is beyond. */
static bool raise_file_limit(const struct options *o, struct err *e)
{
    enum { BESIDE = 1024 };
    struct rlimit files = {0};
    int64_t crowd = larger(o->slow, o->sign_ins);
    int64_t needed = larger(o->idle, 2 * o->candidates + crowd) +
                     BESIDE; /* idle ones come first */
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return FAIL(e, STORE, "files", "读不到本机允许打开的文件数。");
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if ((rlim_t)needed <= files.rlim_cur)
        return true;
    return FAIL(
        e, INVALID, "files",
        "这样的测量要打开约 %lld 个连接，本机只允许 %lld 个（ulimit -n）；请减少考生或连接。",
        (long long)needed, (long long)files.rlim_cur);
}

static int bench(struct arena *a, const struct options *o)
{
    struct err e = {0};
    struct stage s;
    struct outcome r = {0};
    struct arena *own = arena_create(LOAD_ARENA_BYTES);
    if (!raise_file_limit(o, &e)) {
        arena_destroy(own);
        return command_failed(&e);
    }
    int64_t began = clock_boot_ms();
    bool ok = stage_begin(own, &o->plan, &s, &e);
    fprintf(stderr, "准备 %lld 名考生和试卷 %lld ms\n", (long long)o->candidates,
            (long long)(clock_boot_ms() - began));
    ok = ok && stage_serve(&s, &e) && play(own, &s, o, &r, &e);
    stage_end(&s);
    if (ok) {
        print_found(&r);
        if (o->json)
            print_json(a, o, &r);
    }
    arena_destroy(own);
    if (!ok)
        return command_failed(&e);
    return is_good(&r) ? EXIT_DONE : EXIT_NO;
}

int bench_deliver(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct options o = {.seconds = 10,
                        .connections = 1000,
                        .candidates = 5000,
                        .arrive_ms = 4000,
                        .think_ms = 5000,
                        .idle = 10000,
                        .slow = 2000};
    const struct option rows[] = {
        {"--seconds", OPTION_INT, &o.seconds, false},
        {"--connections", OPTION_INT, &o.connections, false},
        {"--candidates", OPTION_INT, &o.candidates, false},
        {"--arrive-ms", OPTION_INT, &o.arrive_ms, false},
        {"--think-ms", OPTION_INT, &o.think_ms, false},
        {"--idle", OPTION_INT, &o.idle, false},
        {"--slow", OPTION_INT, &o.slow, false},
        {"--sign-ins", OPTION_INT, &o.sign_ins, false},
        {"--rows", OPTION_INT, &o.rows, false},
        {"--acknowledged", OPTION_TEXT, &o.log, false},
        {"--store", OPTION_TEXT, &o.plan.store, false},
        {"--store-connections", OPTION_INT, &o.plan.connections, false},
        {"--survive", OPTION_FLAG, &o.survive, false},
        {"--paced-only", OPTION_FLAG, &o.paced_only, false},
        {"--json", OPTION_FLAG, &o.json, false},
    };
    struct arguments none = {.max = 0};
    if (!OPTIONS_READ(a, rows, argc, argv, &none, &e))
        return command_failed(&e);
    if (o.seconds < 1 || o.seconds > 7200)
        FAIL(&e, INVALID, "--seconds", "须在 1 与 7200 之间。");
    else if (o.candidates < 1 || o.candidates > 20000)
        FAIL(&e, INVALID, "--candidates", "须在 1 与 20000 之间。");
    else if (o.connections < 1 || o.connections > 20000)
        FAIL(&e, INVALID, "--connections", "须在 1 与 20000 之间。");
    else if (o.arrive_ms < 0 || o.think_ms < 1 || o.idle < 0 || o.idle > 20000 || o.slow < 0 ||
             o.slow > 10000 || o.sign_ins < 0 || o.sign_ins > 20000)
        FAIL(&e, INVALID, "--idle", "选项的值不合理。");
    o.plan.count = (size_t)o.candidates;
    return e.code != ERR_NONE ? command_failed(&e) : bench(a, &o);
}
