/* people/guess.c - counting wrong passwords and codes of a login. */
#include "people/guess.h"

#include <inttypes.h>
#include <stdio.h>

#include "store/db.h"

enum { MINUTE_MS = 60000, FORGET_MS = GUESS_FORGET_HOURS * 60 * MINUTE_MS };

int64_t guess_lock_ms(int64_t failures)
{
    if (failures < GUESSES_FREE)
        return 0;
    int64_t minutes = 1;
    for (int64_t i = GUESSES_FREE; i < failures && minutes < GUESS_LOCK_MAX_MINUTES; i++)
        minutes *= 2;
    return (minutes < GUESS_LOCK_MAX_MINUTES ? minutes : GUESS_LOCK_MAX_MINUTES) * MINUTE_MS;
}

static struct bytes index_bytes(const unsigned char *login_index)
{
    return (struct bytes){login_index, BLIND_INDEX_BYTES};
}

static bool forget_old(struct db *db, int64_t now_ms, struct err *e)
{
    struct query *q = db_query(db, SQL_sign_in_failure_remove_old);
    query_int(q, now_ms - FORGET_MS);
    return query_run(q, e);
}

bool guess_charge(struct db *db, const unsigned char login_index[BLIND_INDEX_BYTES],
                  int64_t now_ms, struct guess *out, struct err *e)
{
    bool found;
    int64_t locked_until = 0;
    *out = (struct guess){0};
    if (!forget_old(db, now_ms, e))
        return false;
    struct query *q = db_query(db, SQL_sign_in_failure_get);
    query_bytes(q, index_bytes(login_index));
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        out->failures = query_get_int(q, 0);
        locked_until = query_get_int(q, 1);
        query_done(q);
    }
    if (locked_until > now_ms) {
        out->wait_s = (locked_until - now_ms + 999) / 1000;
        return true;
    }
    out->failures++;
    q = db_query(db, SQL_sign_in_failure_set);
    query_bytes(q, index_bytes(login_index));
    query_int(q, out->failures);
    query_int(q, guess_lock_ms(out->failures) ? now_ms + guess_lock_ms(out->failures) : 0);
    query_int(q, now_ms);
    return query_run(q, e);
}

bool guess_refund(struct db *db, const unsigned char login_index[BLIND_INDEX_BYTES],
                  struct err *e)
{
    struct query *q = db_query(db, SQL_sign_in_failure_refund);
    query_bytes(q, index_bytes(login_index));
    return query_run(q, e);
}

bool guess_clear(struct db *db, const unsigned char login_index[BLIND_INDEX_BYTES],
                 struct err *e)
{
    struct query *q = db_query(db, SQL_sign_in_failure_clear);
    query_bytes(q, index_bytes(login_index));
    return query_run(q, e);
}

bool guess_locked(const struct guess *g, struct err *e)
{
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%" PRId64, g->wait_s);
    return FAIL(e, TOO_MANY, seconds, "错误次数过多，请 %" PRId64 " 分钟后再试。",
                (g->wait_s + 59) / 60);
}
