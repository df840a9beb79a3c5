/* test/faults.c - watches which acts a fault loop was played on, and plays one on each transaction.
 *
 * The test programs are linked with --wrap for the three functions below.
 *
 * A test's own loop arms a connection with db_fail_call(db, nth, ...), runs the use case and disarms it with
 * db_fail_call(db, 0, ...). When a run got past every call, after runs in which one failed, each act
 * whose audit row it wrote is printed once: "[ FAULTED  ] account_create".
 *
 * Beside that, any transaction of any test that writes an act for the first time is failed at
 * each of its calls before it may get through: that it fails then, that it leaves nothing begun, and that
 * its work can be done again is what db_transact asks of it. It is printed as "[ FAULTED  ] account_create
 * (transaction)". What a use case holds in memory beside its transaction only the first kind sees.
 *
 * src/test/requests.c does the same with whole requests, where there is a server.
 *
 * tools/check-faults wants every act to be there in one of these ways. heng_faulted is the whole program linked
 * like this: it plays what only a road or a rehearsal plays, and writes its lines into the file HENG_FAULTED. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/audit.h"
#include "store/db.h"
#include "test/check.h"
#include "test/faults.h"
#include "test/store.h"

enum {
    CONNECTIONS_MAX = 8,
    ACTS_MAX = 16,
    NUMBERS_MAX = 2048,
    RUNS_THAT_FAILED = 3, /* fewer is no loop */
    WORKS_MAX = 512,
    LOOKS_AT_A_WORK = 400, /* without a new act; then it is left alone: a look costs a run */
    EACH_CALL_UNTIL = 40,  /* of a long transaction; then some */
};

static struct armed {
    const struct db *db;
    bool on;
    enum act acts[ACTS_MAX];
    size_t count;
} armed[CONNECTIONS_MAX];
static size_t next;
static int failed; /* runs since one got through; a loop may make a database for each */
static bool said[NUMBERS_MAX], said_transaction[NUMBERS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void say(enum act act, const char *how)
{
    const char *path = getenv("HENG_FAULTED");
    FILE *to = path ? fopen(path, "a") : stdout;
    if (!to)
        abort();
    fprintf(to, "[ FAULTED  ] %s%s\n", act_name(act), how);
    if (path ? fclose(to) != 0 : fflush(to) != 0)
        abort();
}

static struct armed *armed_of(const struct db *db)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (armed[i].db == db)
            return &armed[i];
    return NULL;
}

static void arm(const struct db *db)
{
    struct armed *a = armed_of(db);
    if (!a) {
        a = &armed[next++ % CONNECTIONS_MAX];
        a->db = db;
    }
    a->on = true;
    a->count = 0;
}

static void disarm(struct armed *a, bool fired)
{
    a->on = false;
    if (fired) {
        failed++;
        return;
    }
    for (size_t i = 0; i < a->count && failed >= RUNS_THAT_FAILED; i++) {
        enum act act = a->acts[i];
        if (!said[act])
            say(act, "");
        said[act] = true;
    }
    failed = 0;
}

void __real_db_fail_call(struct db *db, int nth, bool forever);
void __wrap_db_fail_call(struct db *db, int nth, bool forever);
void __wrap_db_fail_call(struct db *db, int nth, bool forever)
{
    bool fired = db_fault_fired(db);
    pthread_mutex_lock(&lock);
    if (nth > 0)
        arm(db);
    else if (armed_of(db) && armed_of(db)->on)
        disarm(armed_of(db), fired);
    pthread_mutex_unlock(&lock);
    __real_db_fail_call(db, nth, forever);
}

void faults_failed_elsewhere(void)
{
    pthread_mutex_lock(&lock);
    failed++;
    pthread_mutex_unlock(&lock);
}

/* ------------------------------------------------------------------ each transaction */
typedef bool work_fn(struct db *db, void *ctx, struct err *e);

/* The transaction that this thread is failing: the acts of its last run. */
static _Thread_local struct looped {
    bool on;
    enum act acts[ACTS_MAX];
    size_t count;
} looped;
/* The request that this thread is failing, as a whole (requests.c). */
static _Thread_local struct {
    bool on;
    enum act acts[ACTS_MAX];
    size_t count, commits;
    bool fired, behind, parts;
} watching;

struct tried {
    work_fn *work;
    void *ctx;
    bool ok;
};

/* What WORK would do, given back: it may run twice, and this is once. */
static bool try_and_give_back(struct db *db, void *ctx, struct err *e)
{
    struct tried *t = ctx;
    t->ok = t->work(db, t->ctx, e);
    return t->ok ? FAIL(e, STORE, "store", "只是试一次。") : false;
}

static void bug(const char *what, const struct err *e)
{
    for (size_t i = 0; i < looped.count; i++)
        print_error("in the transaction of %s:\n", act_name(looped.acts[i]));
    print_error("%s (%s %s %s)\n", what, err_name(e->code), e->field, e->text);
    abort();
}

/* The functions that transactions ran, each with the looks since one of them wrote something new. */
static struct watched {
    work_fn *work;
    int looks;
} watched[WORKS_MAX];

static struct watched *watched_of(work_fn *work)
{
    for (size_t i = 0; i < WORKS_MAX; i++) {
        if (watched[i].work && watched[i].work != work)
            continue;
        watched[i].work = work;
        return &watched[i];
    }
    return NULL;
}

static bool worth_a_look(work_fn *work)
{
    pthread_mutex_lock(&lock);
    struct watched *w = watched_of(work);
    bool worth = w && ++w->looks <= LOOKS_AT_A_WORK;
    pthread_mutex_unlock(&lock);
    return worth;
}

static bool is_armed(const struct db *db)
{
    pthread_mutex_lock(&lock);
    const struct armed *a = armed_of(db);
    bool is = a && a->on;
    pthread_mutex_unlock(&lock);
    return is;
}

static bool something_new(void)
{
    bool is = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < looped.count; i++)
        is = is || !said_transaction[looped.acts[i]];
    pthread_mutex_unlock(&lock);
    return is;
}

static void say_looped(work_fn *work)
{
    pthread_mutex_lock(&lock);
    struct watched *w = watched_of(work);
    if (w)
        w->looks = 0;
    for (size_t i = 0; i < looped.count; i++) {
        enum act act = looped.acts[i];
        if (!said_transaction[act])
            say(act, " (transaction)");
        said_transaction[act] = true;
    }
    pthread_mutex_unlock(&lock);
}

bool __real_db_transact(struct db *db, work_fn *work, void *ctx, struct err *e) MUST_USE;
bool __wrap_db_transact(struct db *db, work_fn *work, void *ctx, struct err *e) MUST_USE;

/* True if WORK would write an act that no transaction was failed for yet. */
static bool would_write_more(struct db *db, work_fn *work, void *ctx, const struct err *before)
{
    struct tried t = {work, ctx, false};
    struct err given_back = *before;
    looped.on = true;
    looped.count = 0;
    bool kept = __real_db_transact(db, try_and_give_back, &t, &given_back);
    looped.on = false;
    return !kept && t.ok && something_new();
}

static bool fail_each_call(struct db *db, work_fn *work, void *ctx, struct err *e)
{
    for (int nth = 1;; nth += nth < EACH_CALL_UNTIL ? 1 : nth / 8) {
        struct err said_so = *e;
        looped.on = true;
        looped.count = 0;
        __real_db_fail_call(db, nth, false);
        bool ok = __real_db_transact(db, work, ctx, &said_so);
        bool fired = db_fault_fired(db);
        __real_db_fail_call(db, 0, false);
        looped.on = false;
        if (fired && ok)
            bug("a failed call was not told", &said_so);
        if (fired && said_so.code != ERR_STORE)
            bug("a failed call was told as something else", &said_so);
        if (!fired && !ok)
            bug("it cannot be done again after it failed", &said_so);
        if (!db_is_idle(db))
            bug("something is left begun", &said_so);
        if (!fired) {
            say_looped(work);
            return true;
        }
    }
}

static bool left_alone;

void test_transactions_alone(bool alone)
{
    left_alone = alone;
}

bool __wrap_db_transact(struct db *db, work_fn *work, void *ctx, struct err *e)
{
    if (watching.on) {
        bool ok = __real_db_transact(db, work, ctx, e);
        watching.commits += ok;
        if (ok && !watching.parts) {
            watching.fired = watching.fired || db_fault_fired(db);
            __real_db_fail_call(db, watching.behind, watching.behind);
        }
        return ok;
    }
    if (faults_left_alone(db) || !worth_a_look(work) || !would_write_more(db, work, ctx, e))
        return __real_db_transact(db, work, ctx, e);
    return fail_each_call(db, work, ctx, e);
}

/* ------------------------------------------------------------------ each request: requests.c */
bool faults_left_alone(struct db *db)
{
    return left_alone || getenv("HENG_TEST_WITHOUT_FAULTS") || is_armed(db);
}

void faults_watch(struct db *db, int nth, bool forever)
{
    watching.on = true;
    watching.fired = watching.behind = watching.parts = false;
    watching.count = watching.commits = 0;
    __real_db_fail_call(db, nth, forever);
}

void faults_watch_behind(struct db *db)
{
    faults_watch(db, 0, false);
    watching.behind = true;
}

void faults_watch_parts(struct db *db, int nth, bool forever)
{
    faults_watch(db, nth, forever);
    watching.parts = true;
}

void faults_bug(const char *where, int nth, bool forever, const char *what, const struct err *e)
{
    const char *path = getenv("HENG_FAULTED"); /* a server's stderr may be nobody's */
    FILE *to = path ? fopen(path, "a") : stderr;
    if (to)
        fprintf(to, "%s: call %d%s: %s (%s %s %s, %s:%d)\n", where, nth,
                forever ? " and all after it" : "", what, err_name(e->code), e->field, e->text,
                e->file ? e->file : "-", e->line);
    if (to)
        fclose(to);
    abort();
}

struct faults_seen faults_watched(struct db *db)
{
    struct faults_seen seen = {watching.fired || db_fault_fired(db), watching.commits};
    __real_db_fail_call(db, 0, false);
    watching.on = false;
    return seen;
}

bool faults_say_whole(void)
{
    bool new = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < watching.count; i++) {
        enum act act = watching.acts[i];
        if (!said[act])
            say(act, "");
        new = new || !said[act];
        said[act] = true;
    }
    pthread_mutex_unlock(&lock);
    return new;
}

/* ------------------------------------------------------------------ what was written */
bool __real_audit_write(struct db *db, const struct actor *who, const struct audit_row *row,
                        struct err *e) MUST_USE;
bool __wrap_audit_write(struct db *db, const struct actor *who, const struct audit_row *row,
                        struct err *e) MUST_USE;
bool __wrap_audit_write(struct db *db, const struct actor *who, const struct audit_row *row,
                        struct err *e)
{
    bool ok = __real_audit_write(db, who, row, e);
    pthread_mutex_lock(&lock);
    struct armed *a = armed_of(db);
    if (ok && a && a->on && a->count < ACTS_MAX)
        a->acts[a->count++] = row->act;
    if (ok && looped.on && looped.count < ACTS_MAX)
        looped.acts[looped.count++] = row->act;
    if (ok && watching.on && watching.count < ACTS_MAX)
        watching.acts[watching.count++] = row->act;
    pthread_mutex_unlock(&lock);
    return ok;
}
