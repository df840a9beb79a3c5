/* sitting/steady.c - time does not jump while candidates sit. */
#include "sitting/steady.h"

#include "base/clock.h"
#include "base/log.h"
#include "sitting/live.h"
#include "store/db.h"

static bool is_open(struct live_attempt *a)
{
    live_lock(a);
    bool open = a->state == ATTEMPT_OPEN;
    live_unlock(a);
    return open;
}

static bool somebody_sits(struct live *l)
{
    for (struct live_session *s = live_first_session(l); s; s = s->next)
        for (struct live_room *r = s->rooms; r; r = r->next)
            for (size_t i = 0; i < r->count; i++)
                if (is_open(r->attempts[i]))
                    return true;
    return false;
}

struct kept {
    char boot[BOOT_ID_BYTES];
    int64_t offset_ms;
};

static bool keep(struct db *db, void *ctx, struct err *e)
{
    const struct kept *k = ctx;
    struct query *q = db_query(db, SQL_steady_clock_put);
    query_text(q, k->boot);
    query_int(q, k->offset_ms);
    query_int(q, clock_now_ms());
    return query_run(q, e);
}

static bool find_kept(struct db *db, struct kept *k, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_steady_clock_get);
    query_text(q, k->boot);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        k->offset_ms = query_get_int(q, 0);
        query_done(q);
    }
    return true;
}

static void tell_step(struct steady *s)
{
    int64_t step = clock_step_ms();
    bool same = step - s->told_ms < 2000 && s->told_ms - step < 2000;
    if (same)
        return;
    s->told_ms = step;
    LOG_LINE(LOG_SECURITY, "clock_step", LOG_ITEM_INT(ms, step));
}

bool steady_start(struct steady *s, struct db *db, struct live *l, struct err *e)
{
    struct kept k = {.offset_ms = CLOCK_HOLD_NOW};
    bool found = false;
    clock_boot_id(k.boot);
    if (!somebody_sits(l))
        return true;
    if (*k.boot && !find_kept(db, &k, &found, e))
        return false;
    clock_hold(k.offset_ms);
    s->holds = true;
    tell_step(s);
    return true;
}

bool steady_round(struct steady *s, struct db *db, struct live *l, struct err *e)
{
    bool sits = somebody_sits(l);
    if (s->holds)
        tell_step(s);
    if (sits == s->holds)
        return true;
    if (!sits) {
        clock_release();
        *s = (struct steady){0};
        return true;
    }
    struct kept k = {.offset_ms = clock_hold(CLOCK_HOLD_NOW)};
    clock_boot_id(k.boot);
    s->holds = true;
    return !*k.boot || db_transact(db, keep, &k, e);
}
