/* app/bench_deliver_load.c - the phases of the load: who begins when, and how long. */
#include "app/bench_deliver_load.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/bench_deliver_memory.h"
#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"

enum { ERRORS_SHOWN = 5, DRAIN_S = 60, STUCK_S = 120, ADMIT_LOOK_US = 50000 };

/* --- life ----------------------------------------------------------------------------------------- */
struct load *load_create(struct arena *a, struct stage *s, FILE *log)
{
    struct load *l = arena_new(a, struct load);
    struct play_device *devices = arena_array(a, struct play_device, s->count);
    *l = (struct load){.arena = a, .stage = s, .count = s->count, .log = log};
    l->chance = 0x9E3779B97F4A7C15u;
    l->wire = wire_create(a, s->server.port);
    l->candidates = arena_array(a, struct load_candidate, l->count);
    l->entered = arena_array(a, size_t, s->room_count);
    for (size_t i = 0; i < l->count; i++) {
        struct load_candidate *c = &l->candidates[i];
        *c = (struct load_candidate){
            .load = l, .seat = &s->seats[i], .number = i, .device = &devices[i]};
        c->line = wire_connection(l->wire, (uint32_t)i + 1);
        c->events = wire_connection(l->wire, (uint32_t)i + 1);
        c->claim = id_random();
        play_begin(c->device, c->seat->attempt);
    }
    return l;
}

void load_destroy(struct load *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++) {
        play_end(l->candidates[i].device);
        free(l->candidates[i].hashes);
        free(l->candidates[i].blob);
    }
    wire_destroy(l->wire);
}

/* xorshift64*: who begins when is no secret. */
int64_t load_chance(struct load *l, int64_t bound)
{
    l->chance ^= l->chance >> 12;
    l->chance ^= l->chance << 25;
    l->chance ^= l->chance >> 27;
    return bound > 0 ? (int64_t)((l->chance * 0x2545F4914F6CDD1Du >> 11) % (uint64_t)bound) : 0;
}

void load_error(struct load *l, const char *what, const struct wire_answer *answer)
{
    if (l->phase->errors++ >= ERRORS_SHOWN)
        return;
    fprintf(stderr, "heng: %s %d %.*s\n", what, answer->status,
            (int)(answer->body.len < 300 ? answer->body.len : 300),
            answer->body.at ? (const char *)answer->body.at : "");
}

/* --- a phase --------------------------------------------------------------------------------------- */
struct meter {
    int64_t began_us, cpu_us, own_us;
    struct wire_totals totals;
};

static struct meter phase_begin(struct load *l, struct phase *p, const char *name,
                                const char *label)
{
    l->phase = p;
    *p = (struct phase){
        .name = name, .label = label, .rss_before_mb = process_rss_mb(l->stage->server.pid)};
    return (struct meter){wire_now_us(), process_cpu_us(l->stage->server.pid),
                          process_cpu_us(getpid()), *wire_totals(l->wire)};
}

static void phase_end(struct load *l, struct phase *p, const struct meter *m)
{
    const struct wire_totals *t = wire_totals(l->wire);
    p->wall_us = wire_now_us() - m->began_us;
    p->cpu_us = process_cpu_us(l->stage->server.pid) - m->cpu_us;
    p->generator_us = process_cpu_us(getpid()) - m->own_us;
    p->bytes_out = t->bytes_out - m->totals.bytes_out;
    p->bytes_in = t->bytes_in - m->totals.bytes_in;
    p->rss_mb = process_rss_mb(l->stage->server.pid);
}

/* Until nothing is in flight or waits to be sent again. */
static bool drain(struct load *l, struct err *e)
{
    int64_t until = wire_now_us() + (int64_t)DRAIN_S * 1000000;
    while (wire_totals(l->wire)->waiting > 0 || l->busy > 0)
        if (wire_now_us() > until)
            return FAIL(e, STORE, l->phase->name, "%lld 个请求没有得到回答。",
                        (long long)wire_totals(l->wire)->waiting);
        else
            wire_run(l->wire, 10);
    return true;
}

/* --- sign-in ------------------------------------------------------------------------------------------ */
/* The invigilator lets a room in as soon as everybody of it has signed in at the seat. */
struct admitting {
    struct load *load;
    pthread_t thread;
    _Atomic size_t ready; /* rooms whose people are all there, in order */
    _Atomic bool stopping, failed;
};

static void *admit_rooms(void *arg)
{
    struct admitting *ad = arg;
    struct load *l = ad->load;
    struct err e = {0};
    size_t next = 0;
    while (next < l->stage->room_count && !ad->stopping && !ad->failed) {
        if (next == ad->ready) {
            nanosleep(&(struct timespec){0, 5000000}, NULL);
        } else if (stage_admit(l->stage, l->invigilator, next, &e)) {
            next++;
        } else {
            fprintf(stderr, "heng: %s: %s\n", e.field, e.text);
            ad->failed = true;
        }
    }
    return NULL;
}

static void begin_one(void *ctx)
{
    candidate_sign_in(ctx);
}

static bool wait_until_ready(struct load *l, struct admitting *ad, struct err *e)
{
    int64_t until = wire_now_us() + (int64_t)STUCK_S * 1000000;
    while (l->ready + l->stopped < l->count) {
        wire_run(l->wire, 10);
        size_t room = ad->ready;
        while (room < l->stage->room_count && l->entered[room] >= l->stage->rooms[room].count)
            room++;
        ad->ready = room;
        if (ad->failed)
            return FAIL(e, INTERNAL, "admit", "监考员没能准许入场。");
        if (wire_now_us() > until)
            return FAIL(e, STORE, "sign_in", "只有 %zu 人看到第 1 题。", l->ready);
    }
    return true;
}

bool load_sign_in(struct load *l, struct phase *p, int64_t arrive_ms, struct err *e)
{
    struct admitting ad = {.load = l};
    l->invigilator = stage_as(l->stage, "invigilator", e);
    if (!l->invigilator)
        return false;
    struct meter m = phase_begin(l, p, "sign_in", "登录到第 1 题");
    for (size_t i = 0; i < l->count; i++)
        wire_at(l->wire, m.began_us + arrive_ms * 1000 * (int64_t)i / (int64_t)l->count,
                begin_one, &l->candidates[i]);
    if (pthread_create(&ad.thread, NULL, admit_rooms, &ad) != 0)
        abort();
    bool ok = wait_until_ready(l, &ad, e);
    ad.stopping = true;
    pthread_join(ad.thread, NULL);
    p->count = (int64_t)l->ready;
    phase_end(l, p, &m);
    client_destroy(l->invigilator);
    l->invigilator = NULL;
    return ok && drain(l, e);
}

/* --- saves, closed loop -------------------------------------------------------------------------------- */
struct lane {
    struct load *load;
    struct wire_connection *line;
    size_t first, step, next; /* its candidates: first, first + step, … */
    int64_t stop_us;
};

static void lane_next(struct lane *lane);

static void lane_saved(struct load_candidate *c, void *ctx)
{
    struct lane *lane = ctx;
    if (!c->stopped)
        lane->load->phase->count++;
    lane_next(lane);
}

static void lane_next(struct lane *lane)
{
    struct load *l = lane->load;
    if (wire_now_us() >= lane->stop_us)
        return;
    for (size_t tries = 0; tries <= l->count / lane->step; tries++) {
        struct load_candidate *c = &l->candidates[lane->next];
        lane->next += lane->step;
        if (lane->next >= l->count)
            lane->next = lane->first;
        if (c->ready && !c->stopped) {
            candidate_save(c, lane->line, 0, lane_saved, lane);
            return;
        }
    }
}

bool load_saves(struct load *l, struct phase *p, size_t connections, int64_t seconds,
                struct err *e)
{
    if (connections > l->count)
        connections = l->count;
    struct lane *lanes = arena_array(l->arena, struct lane, connections);
    struct meter m = phase_begin(l, p, "saves", "保存（闭环）");
    for (size_t i = 0; i < connections; i++) {
        lanes[i] = (struct lane){l, NULL, i, connections, i, m.began_us + seconds * 1000000};
        lanes[i].line = wire_connection(l->wire, (uint32_t)(l->count + i + 1));
        lane_next(&lanes[i]);
    }
    while (wire_now_us() < lanes[0].stop_us)
        wire_run(l->wire, 10);
    bool ok = drain(l, e);
    p->latency = p->steps[0].latency;
    phase_end(l, p, &m);
    for (size_t i = 0; i < connections; i++)
        wire_close(lanes[i].line);
    return ok;
}

bool load_saves_beside_slow(struct load *l, struct phase *p, const struct slow_order *o,
                            struct err *e)
{
    struct slow_lot *lot = slow_begin(l, o->slow);
    bool ok = load_saves(l, p, o->connections, o->seconds, e);
    size_t ended = slow_end(lot);
    p->name = "slow";
    p->label = "保存（旁有慢连接）";
    fprintf(stderr, "慢连接 %zu 个，服务器到时关闭了其中 %zu 个\n", o->slow, ended);
    return ok;
}

bool load_saves_later(struct load *l, struct phase *p, const struct later_order *o,
                      struct err *e)
{
    bool survives = l->survives;
    for (size_t i = 0; i < l->count; i++) {
        wire_close(l->candidates[i].line);
        wire_close(l->candidates[i].events);
    }
    server_child_stop(&l->stage->server, SIGTERM);
    int64_t began = clock_boot_ms();
    if (!stage_fill(l->stage, o->entries, e))
        return false;
    int64_t filled = clock_boot_ms();
    if (!stage_serve(l->stage, e))
        return false;
    fprintf(stderr, "另存 %lld 条旧日志 %lld ms，服务启动 %lld ms\n", (long long)o->entries,
            (long long)(filled - began), (long long)(clock_boot_ms() - filled));
    l->survives = true; /* connections of before the restart */
    bool ok = load_saves(l, p, o->connections, o->seconds, e);
    l->survives = survives;
    p->name = "saves_later";
    p->label = "保存（库中已有旧日志）";
    return ok;
}

/* --- saves, open loop ----------------------------------------------------------------------------------- */
struct pace {
    struct load *load;
    struct load_candidate *candidate;
    int64_t think_us, due_us, stop_us;
    bool done;
};

static void pace_send(void *ctx);

static void pace_saved(struct load_candidate *c, void *ctx)
{
    struct pace *pace = ctx;
    if (c->stopped) {
        pace->done = true;
        return;
    }
    pace->load->phase->count++;
    pace->due_us += pace->think_us / 2 + load_chance(pace->load, pace->think_us);
    if (pace->due_us < pace->stop_us)
        wire_at(pace->load->wire, pace->due_us, pace_send, pace);
    else
        pace->done = true;
}

static void pace_send(void *ctx)
{
    struct pace *pace = ctx;
    candidate_save(pace->candidate, pace->candidate->line, pace->due_us, pace_saved, pace);
}

bool load_paced(struct load *l, struct phase *p, int64_t think_ms, int64_t seconds,
                struct err *e)
{
    struct memory_track memory;
    struct pace *paces = arena_array(l->arena, struct pace, l->count);
    struct meter m = phase_begin(l, p, "paced", "保存（按思考时间）");
    for (size_t i = 0; i < l->count; i++) {
        paces[i] = (struct pace){.load = l,
                                 .candidate = &l->candidates[i],
                                 .think_us = think_ms * 1000,
                                 .stop_us = m.began_us + seconds * 1000000};
        paces[i].due_us = m.began_us + load_chance(l, think_ms * 1000);
        if (l->candidates[i].ready && paces[i].due_us < paces[i].stop_us)
            wire_at(l->wire, paces[i].due_us, pace_send, &paces[i]);
    }
    memory_begin(&memory, m.began_us, seconds);
    while (wire_now_us() < m.began_us + seconds * 1000000) {
        wire_run(l->wire, 10);
        memory_look(&memory, wire_now_us(), l->stage->server.pid);
    }
    bool ok = drain(l, e);
    p->latency = p->steps[0].latency;
    p->rss_slope_mb_h = memory_slope(&memory);
    phase_end(l, p, &m);
    return ok;
}

/* --- hand-in -------------------------------------------------------------------------------------------- */
static void hand_in_one(void *ctx)
{
    candidate_hand_in(ctx);
}

bool load_hand_in(struct load *l, struct phase *p, int64_t arrive_ms, struct err *e)
{
    struct meter m = phase_begin(l, p, "hand_in", "交卷与回执");
    int64_t until = m.began_us + (int64_t)STUCK_S * 1000000;
    for (size_t i = 0; i < l->count; i++)
        if (l->candidates[i].ready && !l->candidates[i].stopped)
            wire_at(l->wire, m.began_us + load_chance(l, arrive_ms * 1000), hand_in_one,
                    &l->candidates[i]);
    while (l->handed_in + l->stopped < l->count && wire_now_us() < until)
        wire_run(l->wire, 10);
    p->count = (int64_t)l->handed_in;
    phase_end(l, p, &m);
    if (l->handed_in + l->stopped < l->count)
        return FAIL(e, STORE, "hand_in", "只有 %zu 人交了卷。", l->handed_in);
    return drain(l, e);
}

/* --- connections that do nothing ------------------------------------------------------------------------- */
static void idle_answered(void *ctx, const struct wire_answer *answer)
{
    struct load *l = ctx;
    latency_add(&l->phase->latency, answer->us);
    if (answer->status == 200)
        l->phase->count++;
    else
        load_error(l, "idle", answer);
}

bool load_idle(struct load *l, struct phase *p, size_t count, struct err *e)
{
    enum { AT_ONCE = 200 };
    struct wire_connection **lines = arena_array(l->arena, struct wire_connection *, count);
    struct meter m = phase_begin(l, p, "idle", "空闲连接");
    for (size_t i = 0; i < count; i++) {
        struct wire_call call = {
            .method = "GET", .path = "/api/programmes", .answered = idle_answered, .ctx = l};
        lines[i] = wire_connection(l->wire, (uint32_t)i + 1);
        wire_call(lines[i], &call);
        while (wire_totals(l->wire)->waiting >= AT_ONCE)
            wire_run(l->wire, 10);
    }
    bool ok = drain(l, e);
    phase_end(l, p, &m);
    for (size_t i = 0; i < count; i++)
        wire_close(lines[i]);
    return ok;
}
