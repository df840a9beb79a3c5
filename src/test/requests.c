/* test/requests.c - plays the fault loop on whole requests: what a handler does is one use case.
 *
 * Any request is handled again and again before its answer counts: the nth call to the database fails, alone
 * or with all after it, until it gets through or a transaction of it is committed. Each time that a call
 * failed, the handler must say so: a check that could not be made lets nobody in, and nothing is shown that
 * is not all there (S40). What comes after the commit is not failed (it is not done
 * twice), so there may be one alone, but for the routes of goes_on. When it got through, the acts that it wrote are printed as src/test/faults.c
 * does. A handler that parks its request (reply_later) has handed it to the journal's writer, whose loops are
 * in src/sitting. It takes time, so only where HENG_TEST_WHOLE_REQUESTS is set (./test: the first compiler's
 * run and the faulted road). Linked with --wrap=route_run,--wrap=rate_take into web_test and heng_faulted. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "test/check.h"
#include "test/faults.h"
#include "web/rate.h"
#include "web/reply.h"
#include "web/request.h"
#include "web/route.h"

enum {
    ROUTES_MAX = 512,
    /* Looks that taught nothing new; then it is left alone: a look costs a run a call. A refusal costs less. */
    LOOKS_AT_A_ROUTE = 2,
    LOOKS_AT_REFUSALS = 8,
    EACH_CALL_UNTIL = 24,
    CALLS_MAX = 20000,
};

bool __real_route_run(const struct route *r, struct request *rq, struct reply *rp,
                      struct err *e);
bool __wrap_route_run(const struct route *r, struct request *rq, struct reply *rp,
                      struct err *e);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct looked {
    const struct route *route;
    int looks, refusals;
} looked[ROUTES_MAX];

static struct looked *looked_at(const struct route *r)
{
    for (size_t i = 0; i < ROUTES_MAX; i++)
        if (!looked[i].route || looked[i].route == r) {
            looked[i].route = r;
            return &looked[i];
        }
    return NULL;
}

static bool worth_a_look(const struct route *r)
{
    pthread_mutex_lock(&lock);
    const struct looked *l = looked_at(r);
    bool worth = l && l->looks < LOOKS_AT_A_ROUTE && l->refusals < LOOKS_AT_REFUSALS;
    pthread_mutex_unlock(&lock);
    return worth;
}

static void has_looked(const struct route *r, bool ok, bool taught)
{
    pthread_mutex_lock(&lock);
    struct looked *l = looked_at(r);
    l->looks = taught ? 0 : l->looks + ok;
    l->refusals += !ok;
    pthread_mutex_unlock(&lock);
}

/* Handlers of several transactions, each whole by itself; with what makes the rest be done. */
static bool among(const char *const *paths, const struct route *r)
{
    for (; *paths; paths++)
        if (strcmp(*paths, r->path) == 0)
            return true;
    return false;
}

/* A password or a code is charged before it is looked at: what failed has cost a try (src/people has
 * loops of its own). */
static bool charges(const struct route *r)
{
    static const char *const paths[] = {"/api/sign-in",
                                        "/api/me/password",
                                        "/api/me/totp/confirm",
                                        "/api/sessions/{id}/arm",
                                        "/api/sessions/{id}/envelope",
                                        "/api/here/clock",
                                        NULL};
    return among(paths, r);
}

/* What the journal's writer does with its own connection, and keeps in memory: src/sitting has those loops. */
static bool is_live(const struct route *r)
{
    return r->method != METHOD_GET &&
           (strncmp(r->path, "/api/sit/", 9) == 0 || strncmp(r->path, "/api/rooms/", 11) == 0);
}

/* A page of ours stands without what it only tells by the way, as the name of the body. */
static bool is_page(const struct route *r)
{
    return strncmp(r->path, "/api/", 5) != 0;
}

static bool goes_on(const struct route *r)
{
    static const char *const paths[] = {
        "/api/items/similar", /* sketches that were lacking, then who saw what was found */
        "/api/batches/{id}/import", /* a row of the table each; sent again, what is there is left */
        "/api/sessions/{id}/papers", /* prepared, composed, sealed, bound: each done again by asking again */
        "/api/sessions/{id}/score", /* an attempt each; scored again, what is there is left */
        "/api/batches/{id}/certificates", /* a certificate each, with its number; asked again, the rest */
        "/api/items/{id}/history", /* a published sitting each is folded; asked again, the rest */
        "/api/here/rooms/{id}/half", /* the second half opens: src/sitting has that loop */
        NULL};
    return among(paths, r);
}

/* However often it is tried, it is one request of one asker. */
static _Thread_local bool once_more;
bool __real_rate_take(struct rates *r, enum rate which, const char *who, int64_t now_ms,
                      int64_t *retry_s);
bool __wrap_rate_take(struct rates *r, enum rate which, const char *who, int64_t now_ms,
                      int64_t *retry_s);
bool __wrap_rate_take(struct rates *r, enum rate which, const char *who, int64_t now_ms,
                      int64_t *retry_s)
{
    return once_more || __real_rate_take(r, which, who, now_ms, retry_s);
}

struct run {
    const struct route *route;
    struct request *request, before;
    struct reply *reply; /* the asker's own: whoever wakes a parked request holds it */
    struct err err;
    struct faults_seen seen;
    bool ok;
};

static void run(struct run *x, int nth, bool forever)
{
    *x->request = x->before;
    *x->reply = (struct reply){.request = x->request, .status = 204};
    x->err = (struct err){0};
    faults_watch(x->request->db, nth, forever);
    x->ok = __real_route_run(x->route, x->request, x->reply, &x->err);
    x->seen = faults_watched(x->request->db);
    bool parked = x->reply->then || x->reply->stream;
    if (!x->seen.fired || parked)
        return;
    if (x->ok && x->reply->status < 500)
        faults_bug(x->route->path, nth, forever, "a failed call was not told", &x->err);
    if (!x->ok && x->err.code != ERR_STORE)
        faults_bug(x->route->path, nth, forever, "a failed call was told as something else",
                   &x->err);
    if (!db_is_idle(x->request->db))
        faults_bug(x->route->path, nth, forever, "something is left begun", &x->err);
}

/* --- one that a test wants to fail ------------------------------------------------------------------ */
static const char *failing;
static bool failing_behind;

void requests_fail(const char *path, bool behind)
{
    pthread_mutex_lock(&lock);
    failing = path;
    failing_behind = behind;
    pthread_mutex_unlock(&lock);
}

static bool is_failing(const struct route *r, bool *behind)
{
    pthread_mutex_lock(&lock);
    bool is = failing && strcmp(failing, r->path) == 0;
    *behind = failing_behind;
    if (is)
        failing = NULL;
    pthread_mutex_unlock(&lock);
    return is;
}

bool __wrap_route_run(const struct route *r, struct request *rq, struct reply *rp,
                      struct err *e)
{
    bool behind;
    if (is_failing(r, &behind)) {
        if (behind)
            faults_watch_behind(rq->db);
        else
            faults_watch(rq->db, 1, true);
        bool ok = __real_route_run(r, rq, rp, e);
        faults_watched(rq->db);
        return ok;
    }
    if (!getenv("HENG_TEST_WHOLE_REQUESTS") || r->form || !rq->db || charges(r) || is_live(r) ||
        is_page(r) || faults_left_alone(rq->db) || !worth_a_look(r))
        return __real_route_run(r, rq, rp, e);
    struct run x = {.route = r, .request = rq, .before = *rq, .reply = rp};
    for (int nth = 1;; nth += nth < EACH_CALL_UNTIL ? 1 : nth / 4) {
        run(&x, nth, nth % 2 == 0);
        once_more = true;
        if (!x.seen.fired || rp->then || rp->stream)
            break;
        CHECK("an end", nth < CALLS_MAX);
    }
    once_more = false;
    if (x.seen.commits > 1 && !goes_on(r))
        faults_bug(r->path, 0, false, "it is done in several parts", &x.err);
    has_looked(r, x.ok, x.ok && x.seen.commits && faults_say_whole());
    *e = x.err;
    return x.ok;
}
