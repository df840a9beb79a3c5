/* award/award_store.c - results and awards out of the database. */
#include <string.h>

#include "award/award.h"
#include "base/arena.h"
#include "programme/programme.h"
#include "store/db.h"

static void read_result(struct query *q, struct arena *a, struct result *r)
{
    *r = (struct result){
        .entry = query_get_id(q, 0),
        .component = query_get_text(q, 1, a),
        .version = query_get_int(q, 2),
        .kind = query_get_text(q, 3, a),
        .millimarks = query_get_int(q, 4),
        .full_millimarks = query_get_int(q, 5),
        .pass_millimarks = query_get_int(q, 6),
        .passed = query_get_int(q, 7) != 0,
        .areas = query_get_text(q, 8, a),
        .reason = query_get_text(q, 10, a),
        .published_ms = query_get_int(q, 11),
        .level = query_get_int(q, 12),
        .direction = query_get_text(q, 13, a),
        .name = query_get_text(q, 14, a),
        .person = query_get_id(q, 15),
        .session = query_get_id(q, 16),
    };
    struct bytes source = query_get_bytes(q, 9, a);
    if (source.len == HASH_BYTES)
        memcpy(r->source, source.at, HASH_BYTES);
}

static bool list(const struct award_desk *d, enum sql which, struct id of,
                 struct result_list *out, struct err *e)
{
    struct arena *a = d->marking.arena;
    size_t room = 64;
    *out = (struct result_list){arena_array(a, struct result, room), 0};
    struct query *q = db_query(d->marking.db, which);
    query_id(q, of);
    query_id(q, d->marking.actor->body);
    while (query_next(q, e)) {
        if (out->count == room) {
            out->at = arena_grow(a, out->at, room, room * 2, sizeof *out->at);
            room *= 2;
        }
        read_result(q, a, &out->at[out->count++]);
    }
    return e->code == ERR_NONE;
}

bool result_list(const struct award_desk *d, struct id batch, struct result_list *out,
                 struct err *e)
{
    return list(d, SQL_result_of_batch, batch, out, e);
}

bool result_of_entry(const struct award_desk *d, struct id entry, struct result_list *out,
                     struct err *e)
{
    return list(d, SQL_result_of_entry, entry, out, e);
}

static void read_award(struct query *q, struct arena *a, struct award *out)
{
    *out = (struct award){
        .id = query_get_id(q, 0),
        .batch = query_get_id(q, 1),
        .entry = query_get_id(q, 2),
        .person = query_get_id(q, 3),
        .programme = query_get_text(q, 4, a),
        .level = query_get_int(q, 5),
        .direction = query_get_text(q, 6, a),
        .state = query_get_text(q, 8, a),
        .decided_ms = query_get_int(q, 9),
    };
    struct bytes digest = query_get_bytes(q, 7, a);
    if (digest.len == HASH_BYTES)
        memcpy(out->digest, digest.at, HASH_BYTES);
}

bool award_get(struct db *db, struct arena *a, struct id body, struct id award,
               struct award *out, struct err *e)
{
    struct query *q = db_query(db, SQL_award_get);
    query_id(q, award);
    query_id(q, body);
    if (!query_one(q, "award", e))
        return false;
    read_award(q, a, out);
    query_done(q);
    return true;
}

bool award_of_entry(struct db *db, struct arena *a, struct id body, struct id entry,
                    struct award *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_award_of_entry);
    query_id(q, entry);
    query_id(q, body);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        read_award(q, a, out);
        query_done(q);
    }
    return true;
}

bool award_list(struct db *db, struct arena *a, struct id body, struct id batch,
                struct award_list *out, struct err *e)
{
    size_t room = 64;
    *out = (struct award_list){arena_array(a, struct award, room), 0};
    struct query *q = db_query(db, SQL_award_list);
    query_id(q, batch);
    query_id(q, body);
    while (query_next(q, e)) {
        if (out->count == room) {
            out->at = arena_grow(a, out->at, room, room * 2, sizeof *out->at);
            room *= 2;
        }
        read_award(q, a, &out->at[out->count++]);
    }
    return e->code == ERR_NONE;
}
