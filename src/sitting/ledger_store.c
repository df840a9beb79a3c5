/* sitting/ledger_store.c - rows of the time ledger in and out of the database. */
#include <jansson.h>

#include "base/arena.h"
#include "sitting/batch.h"
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
    if (r->from_no)
        query_int(q, r->from_no);
    else
        query_null(q);
    return query_run(q, e);
}

bool ledger_row_of(struct query *q, struct arena *a, struct ledger_row *r, struct err *e)
{
    int64_t kind = query_get_int(q, 1), scope = query_get_int(q, 2);
    if (kind < LEDGER_START || kind > LEDGER_PUT_OFF || scope < SCOPE_SESSION ||
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
        .from_no = query_is_null(q, 10) ? 0 : query_get_int(q, 10),
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
        if (!ledger_row_of(q, a, &(*rows)[*count], e)) {
            query_done(q);
            return false;
        }
        ++*count;
    }
    return e->code == ERR_NONE;
}

bool ledger_is_copy(const struct ledger_row *r)
{
    return r->from_no > 0 && r->no >= ROW_SPACE;
}

/* --- as JSON ------------------------------------------------------------------------------------ */
static json_t *id_json(struct id id)
{
    char text[ID_TEXT_BYTES];
    id_write(id, text);
    return id_is_zero(id) ? json_null() : json_string(text);
}

json_t *ledger_row_json(const struct ledger_row *r)
{
    return json_pack("[I, i, i, o, I, I, o, I, o, o, I]", (json_int_t)r->no, (int)r->kind,
                     (int)r->scope, id_json(r->scope_id), (json_int_t)r->at_ms,
                     (json_int_t)r->minutes, r->reason ? json_string(r->reason) : json_null(),
                     (json_int_t)r->server_ms, id_json(r->actor), id_json(r->second),
                     (json_int_t)r->from_no);
}

static bool id_of(const json_t *v, struct id *out)
{
    *out = (struct id){{0}};
    return json_is_null(v) || (json_is_string(v) && id_read(json_string_value(v), out));
}

enum { MINUTES_MAX = 366 * 24 * 60 };
static const int64_t INSTANT_MAX = INT64_C(1) << 50; /* ms: far beyond any exam */

bool ledger_row_read(const json_t *v, struct ledger_row *out)
{
    static const size_t numbers[] = {0, 1, 2, 4, 5, 7};
    int64_t n[8] = {0};
    const json_t *reason = json_array_get(v, 6), *from = json_array_get(v, 10);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const json_t *one = json_array_get(v, numbers[i]);
        if (!json_is_integer(one))
            return false;
        n[numbers[i]] = json_integer_value(one);
    }
    *out = (struct ledger_row){.no = n[0],
                               .at_ms = n[4],
                               .minutes = n[5],
                               .reason = json_string_value(reason),
                               .server_ms = n[7],
                               .from_no = json_integer_value(from)};
    /* What comes from another machine is added to the clock: it must be a time, and minutes of this year. */
    if (json_array_size(v) > 11 || n[4] < 0 || n[4] > INSTANT_MAX || n[7] < 0 ||
        n[7] > INSTANT_MAX || n[5] < 0 || n[5] > MINUTES_MAX)
        return false;
    if (n[0] < 1 || n[0] >= ROW_SPACE || out->from_no < 0 || out->from_no >= ROW_SPACE ||
        n[1] < LEDGER_START || n[1] > LEDGER_PUT_OFF || n[2] < SCOPE_SESSION ||
        n[2] > SCOPE_ATTEMPT || (reason && !json_is_string(reason) && !json_is_null(reason)) ||
        (from && !json_is_integer(from)))
        return false;
    out->kind = (enum ledger_kind)n[1];
    out->scope = (enum ledger_scope)n[2];
    return id_of(json_array_get(v, 3), &out->scope_id) &&
           id_of(json_array_get(v, 8), &out->actor) &&
           id_of(json_array_get(v, 9), &out->second);
}
