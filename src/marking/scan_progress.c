/* marking/scan_progress.c - how far each sheet of a session is, in a handful of queries for all. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "marking/scan.h"
#include "store/db.h"

const char *const scan_state_names[] = {"none",  "incomplete", "doubtful",
                                        "check", "typing",     "done"};

/* What is stored of one attempt. */
struct known {
    struct id attempt;
    struct scan_progress *to;
    int64_t sheets, submitted; /* entries, the machine's too */
    bool mine, decided_one;    /* an entry, or a doubtful place, is the actor's */
    struct id checker;
};
struct known_all {
    struct known *at; /* by attempt */
    size_t count;
};

static int by_attempt(const void *x, const void *y)
{
    return memcmp(((const struct known *)x)->attempt.bytes,
                  ((const struct known *)y)->attempt.bytes, ID_BYTES);
}

static struct known *find(const struct known_all *all, struct id attempt)
{
    struct known wanted = {.attempt = attempt};
    return bsearch(&wanted, all->at, all->count, sizeof *all->at, by_attempt);
}

static struct query *of_session(const struct marking *m, enum sql sql, struct id session)
{
    struct query *q = db_query(m->db, sql);
    query_id(q, session);
    query_id(q, m->actor->body);
    return q;
}

static bool add_pages(const struct marking *m, struct id session, const struct known_all *all,
                      struct err *e)
{
    struct query *q = of_session(m, SQL_scan_session_pages, session);
    while (query_next(q, e)) {
        struct known *k = find(all, query_get_id(q, 0));
        if (k) {
            k->to->pages_read = query_get_int(q, 1);
            k->to->doubtful = query_get_int(q, 2);
        }
    }
    return e->code == ERR_NONE;
}

/* A place is decided only where it was doubtful, and once. */
static bool take_marks(const struct marking *m, struct id session, const struct known_all *all,
                       struct err *e)
{
    struct query *q = of_session(m, SQL_scan_session_marks, session);
    query_id(q, m->actor->account);
    while (query_next(q, e)) {
        struct known *k = find(all, query_get_id(q, 0));
        if (k) {
            k->to->doubtful -= query_get_int(q, 1);
            k->decided_one = query_get_int(q, 2) > 0;
        }
    }
    return e->code == ERR_NONE;
}

static bool add_attempts(const struct marking *m, struct id session,
                         const struct known_all *all, struct err *e)
{
    struct query *q = of_session(m, SQL_scan_session_attempts, session);
    while (query_next(q, e)) {
        struct known *k = find(all, query_get_id(q, 0));
        if (!k)
            continue;
        k->to->entered = !query_is_null(q, 1);
        k->to->widened = !query_is_null(q, 3);
        if (k->to->widened)
            k->checker = query_get_id(q, 2);
    }
    return e->code == ERR_NONE;
}

static bool add_sheets(const struct marking *m, struct id session, const struct known_all *all,
                       struct err *e)
{
    struct query *q = of_session(m, SQL_scan_session_typed, session);
    query_id(q, m->actor->account);
    while (query_next(q, e)) {
        struct known *k = find(all, query_get_id(q, 0));
        if (!k)
            continue;
        k->sheets = query_get_int(q, 1);
        k->submitted = query_get_int(q, 2);
        k->mine = query_get_int(q, 3) > 0;
    }
    return e->code == ERR_NONE;
}

static enum scan_state state_of(const struct known *k, int64_t pages)
{
    return k->submitted == 2           ? SCAN_DONE
           : k->sheets == 2            ? SCAN_TYPING
           : k->to->pages_read == 0    ? SCAN_NONE
           : k->to->pages_read < pages ? SCAN_INCOMPLETE
           : k->to->doubtful > 0       ? SCAN_DOUBTFUL
                                       : SCAN_TO_CHECK;
}

bool scan_progress_list(const struct marking *m, struct id session,
                        const struct scan_subjects *subjects, struct scan_progress **out,
                        struct err *e)
{
    struct known_all all = {arena_array(m->arena, struct known, subjects->count + 1),
                            subjects->count};
    *out = arena_array(m->arena, struct scan_progress, subjects->count + 1);
    for (size_t i = 0; i < all.count; i++)
        all.at[i] = (struct known){.attempt = subjects->at[i].attempt, .to = &(*out)[i]};
    qsort(all.at, all.count, sizeof *all.at, by_attempt);
    if (!add_pages(m, session, &all, e) || !take_marks(m, session, &all, e) ||
        !add_attempts(m, session, &all, e) || !add_sheets(m, session, &all, e))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        const struct known *k = &all.at[i];
        struct scan_progress *p = k->to;
        p->state = state_of(k, subjects->at[p - *out].layout.pages);
        p->may_check = p->state == SCAN_TO_CHECK && p->entered && !k->mine && !k->decided_one &&
                       (!p->widened || id_equal(k->checker, m->actor->account));
    }
    return true;
}

bool scan_refused_list(const struct marking *m, struct id session, struct scan_refusals *out,
                       struct err *e)
{
    size_t room = 64;
    *out = (struct scan_refusals){arena_array(m->arena, struct scan_refusal, room), 0};
    struct query *q = of_session(m, SQL_scan_refused, session);
    while (query_next(q, e)) {
        if (out->count == room) {
            out->at = arena_grow(m->arena, out->at, room, room * 2, sizeof *out->at);
            room *= 2;
        }
        struct scan_refusal *r = &out->at[out->count++];
        *r = (struct scan_refusal){.page = query_get_id(q, 0),
                                   .file = query_get_id(q, 1),
                                   .no = query_get_int(q, 2),
                                   .sheet_page = query_get_int(q, 4),
                                   .why = query_get_text(q, 5, m->arena),
                                   .at_ms = query_get_int(q, 6)};
        if (!query_is_null(q, 3))
            r->attempt = query_get_id(q, 3);
        if (!query_is_null(q, 7))
            r->aside = query_get_text(q, 7, m->arena);
    }
    return e->code == ERR_NONE;
}
