/* web/work_run.c - the thread that computes, and how it says how far it is; what is removed once a day goes here. */
#include "web/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "store/db.h"
#include "store/work.h"
#include "web/app.h"
#include "web/exchange.h"
#include "web/leftover.h"
#include "web/reply.h"
#include "web/request.h"
#include "web/rounds.h"

enum {
    WORK_ARENA_BYTES = 1 << 30,
    TELL_EVERY_MS = 300,
    LOOK_EVERY_MS = 5000,
    SILENT_MS = 10 * 60 * 1000, /* then a server of many is taken to be gone */
};

struct work_runner {
    const struct app *app;
    struct id process;
    struct db *db, *told; /* the second is for what is told in between */
    struct rounds *rounds;
    struct leftover_watch leftovers;
};

static const struct {
    const char *name;
    work_fn *run;
} kinds[] = {
#define WORK(name, function) {#name, function},
#include "web/work_kinds.def"
#undef WORK
};

static const struct id no_runner = {{1}};

/* --- one computation ----------------------------------------------------------------------------- */
struct watching {
    struct db *db;         /* NULL: nobody is told */
    struct rounds *rounds; /* NULL: nobody stops it */
    struct id work;
    int64_t told_ms;
    const char *step; /* as told */
    bool cancelled, stopping;
};

/* A word that could not be written is no reason to stop. */
static bool tell(struct progress *p)
{
    struct watching *w = p->ctx;
    int64_t now = clock_boot_ms();
    struct err e = {0};
    if (w->step == p->step && now - w->told_ms < TELL_EVERY_MS)
        return !w->cancelled && !w->stopping;
    w->told_ms = now;
    w->step = p->step;
    w->stopping |= w->rounds && rounds_stopping(w->rounds);
    const struct work_word word = {p->step, p->done, p->total, clock_now_ms()};
    bool cancelled = false;
    if (w->db && work_tell(w->db, w->work, &word, &cancelled, &e))
        w->cancelled |= cancelled;
    return !w->cancelled && !w->stopping;
}

static struct work_end end_of(bool ok, const struct watching *w, struct id result,
                              const struct err *e)
{
    struct work_end end = {.now_ms = clock_now_ms()};
    if (ok) {
        end.state = "done";
        end.result = result;
    } else if (w->stopping) {
        end.state = "interrupted";
        end.sentence = "服务器停机，计算中断，可以重新开始。";
    } else if (w->cancelled) {
        end.state = "cancelled";
        end.sentence = "已按要求停止，没有留下结果。";
    } else {
        end.state = "failed";
        end.field = e->field;
        end.sentence = e->text;
    }
    return end;
}

static bool compute(const struct app *app, struct db *db, struct watching *watching,
                    const struct work_taken *work, struct err *e)
{
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    struct progress p = {.tell = tell, .ctx = watching, .step = ""};
    struct working w = {app, db, a, work, &p};
    struct id result = {{0}};
    struct err why = {0};
    bool ok = false, known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !known; i++)
        if ((known = strcmp(kinds[i].name, work->kind) == 0))
            ok = kinds[i].run(&w, &result, &why);
    if (!known)
        FAIL(&why, INTERNAL, "kind", "没有这种计算。");
    if (!ok && !watching->cancelled && !watching->stopping && err_http_status(why.code) >= 500)
        LOG_LINE(LOG_US, "work_failed", LOG_ITEM_WORD(error, err_name(why.code)));
    const struct work_end end = end_of(ok, watching, result, &why);
    ok = work_end(db, work->id, &end, e);
    arena_destroy(a);
    return ok;
}

static bool run_next(const struct app *app, struct db *db, struct watching *watching,
                     struct id process, bool *ran, struct err *e)
{
    struct arena *a = arena_create(1 << 20);
    struct work_taken work;
    bool ok = work_take(db, a, process, clock_now_ms(), &work, ran, e);
    if (ok && *ran) {
        watching->work = work.id;
        ok = compute(app, db, watching, &work, e);
    }
    arena_destroy(a);
    return ok;
}

bool work_run_next(const struct app *app, struct db *db, bool *ran, struct err *e)
{
    struct watching w = {.db = NULL};
    return run_next(app, db, &w, no_runner, ran, e);
}

/* --- the thread ---------------------------------------------------------------------------------- */
static bool left_behind(struct work_runner *r, struct err *e)
{
    int64_t now = clock_now_ms();
    int64_t before = store_url_is_postgres(store_url(r->app->store)) ? now - SILENT_MS
                                                                     : INT64_MAX;
    return work_interrupt(r->db, r->process, before, now, e);
}

static int64_t round_of(struct rounds *rounds, void *ctx)
{
    struct work_runner *r = ctx;
    bool ran = true;
    struct err e = {0};
    bool ok = left_behind(r, &e);
    while (ok && ran && !rounds_stopping(rounds)) {
        struct watching w = {.db = r->told, .rounds = rounds};
        ok = run_next(r->app, r->db, &w, r->process, &ran, &e);
    }
    if (!ok)
        LOG_LINE(LOG_US, "work_round_failed", LOG_ITEM_WORD(error, err_name(e.code)));
    else if (!rounds_stopping(rounds))
        leftover_round(r->app, r->db, &r->leftovers, clock_now_ms());
    return LOOK_EVERY_MS;
}

struct work_runner *work_runner_start(const struct app *app, struct err *e)
{
    struct work_runner *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    *r = (struct work_runner){.app = app, .process = id_random()};
    r->db = db_open(app->store, e);
    r->told = r->db ? db_open(app->store, e) : NULL;
    if (!r->told || !left_behind(r, e)) {
        db_close(r->told);
        db_close(r->db);
        free(r);
        return NULL;
    }
    r->rounds = rounds_start(LOOK_EVERY_MS, round_of, r);
    return r;
}

void work_runner_stop(struct work_runner *r)
{
    if (!r)
        return;
    rounds_stop(r->rounds);
    db_close(r->told);
    db_close(r->db);
    free(r);
}

bool work_ask_for(struct request *rq, struct reply *rp, const char *kind, struct id object,
                  struct json_t *argument, struct err *e)
{
    struct work_runner *r = rq->app->work;
    struct bytes text;
    struct id id;
    json_keep(rq->arena, argument);
    if (!jcs_write(rq->arena, argument, &text, e))
        return false;
    const struct work_order order = {.kind = kind,
                                     .argument = arena_copy(rq->arena, text.at, text.len),
                                     .object = object,
                                     .process = r ? r->process : no_runner};
    if (!work_ask(rq->db, &rq->actor, &order, &id, e))
        return false;
    if (r)
        rounds_wake(r->rounds);
    put_id(reply_json_with(rp, 202), "work", id);
    return true;
}
