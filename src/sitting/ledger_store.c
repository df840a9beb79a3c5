/* sitting/ledger_store.c - rows of the time ledger in and out of the database. */
#include "base/arena.h"
#include "sitting/ledger.h"
#include "store/db.h"

bool ledger_put(struct db *db, struct id session, const struct ledger_row *r, struct err *e)
{
    struct query *q = db_query(db, SQL_time_ledger_put);
    query_id(q, session);
    query_int(q, r->no);
    query_int(q, (int64_t)r->kind);
    query_int(q, (int64_t)r->scope);
    query_id(q, r->scope_id);
    query_int(q, r->at_ms);
    query_int(q, r->minutes);
    query_text(q, r->reason);
    query_int(q, r->server_ms);
    query_id(q, r->actor);
    query_id(q, r->second);
    return query_run(q, e);
}

static bool row_read(struct query *q, struct arena *a, struct ledger_row *r, struct err *e)
{
    int64_t kind = query_get_int(q, 1), scope = query_get_int(q, 2);
    if (kind < LEDGER_START || kind > LEDGER_CLOSE || scope < SCOPE_SESSION ||
        scope > SCOPE_ATTEMPT)
        return FAIL(e, STORE, "time_ledger", "时间台账中有不认识的行。");
    *r = (struct ledger_row){
        .no = query_get_int(q, 0),
        .kind = (enum ledger_kind)kind,
        .scope = (enum ledger_scope)scope,
        .scope_id = query_get_id(q, 3),
        .at_ms = query_get_int(q, 4),
        .minutes = query_get_int(q, 5),
        .reason = query_get_text(q, 6, a),
        .server_ms = query_get_int(q, 7),
        .actor = query_get_id(q, 8),
        .second = query_get_id(q, 9),
    };
    return true;
}

bool ledger_of_session(struct db *db, struct arena *a, struct id session,
                       struct ledger_row **rows, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_time_ledger_list);
    size_t room = 0;
    query_id(q, session);
    *rows = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            room = room ? room * 2 : 16;
            *rows = arena_grow(a, *rows, *count, room, sizeof **rows);
        }
        if (!row_read(q, a, &(*rows)[*count], e)) {
            query_done(q);
            return false;
        }
        ++*count;
    }
    return e->code == ERR_NONE;
}
