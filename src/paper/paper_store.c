/* paper/paper_store.c - sealed papers, rooms, shares and officers in and out of the database. */
#include "paper/paper_store.h"

#include <string.h>

#include "base/arena.h"
#include "store/db.h"

bool sealed_session_find(struct db *db, struct arena *a, struct id session,
                         struct sealed_session *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_session_get);
    query_id(q, session);
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    *out = (struct sealed_session){
        .session = session,
        .body = query_get_id(q, 0),
        .revision = query_get_int(q, 1),
        .title = query_get_text(q, 2, a),
        .minutes = query_get_int(q, 3),
        .open_at_ms = query_get_int(q, 4),
        .close_at_ms = query_get_int(q, 5),
        .key_commit = query_get_bytes(q, 7, a),
        .released_ms = query_is_null(q, 8) ? 0 : query_get_int(q, 8),
    };
    query_done(q);
    return true;
}

bool sealed_session_put(struct db *db, const struct sealed_session *s, int64_t now_ms,
                        struct err *e)
{
    struct query *q = db_query(db, SQL_paper_session_put);
    query_id(q, s->session);
    query_id(q, s->body);
    query_int(q, s->revision);
    query_text(q, s->title);
    query_int(q, s->minutes);
    query_int(q, s->open_at_ms);
    query_int(q, s->close_at_ms);
    query_bytes(q, s->key_set);
    query_bytes(q, s->key_commit);
    query_int(q, now_ms);
    return query_run(q, e);
}

bool sealed_session_drop(struct db *db, struct id session, struct err *e)
{
    static const enum sql all[] = {
        SQL_paper_blob_drop,   SQL_paper_drop,       SQL_paper_object_drop, SQL_paper_room_drop,
        SQL_paper_roster_drop, SQL_paper_share_drop, SQL_paper_session_drop};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct query *q = db_query(db, all[i]);
        query_id(q, session);
        if (!query_run(q, e))
            return false;
    }
    return true;
}

bool paper_put(struct db *db, const struct paper_row *p, struct bytes blob, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_put);
    query_id(q, p->id);
    query_id(q, p->session);
    query_int(q, p->room);
    query_int(q, p->index);
    query_int(q, p->revision);
    query_id(q, p->form);
    query_id(q, p->attempt);
    query_int(q, p->spare);
    query_int(q, p->bytes);
    query_bytes(q, (struct bytes){p->sha256, HASH_BYTES});
    query_int(q, p->open_at_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_paper_blob_put);
    query_id(q, p->id);
    query_bytes(q, blob);
    return query_run(q, e);
}

static void read_paper(const struct query *q, struct paper_row *out)
{
    struct arena *scratch = arena_create(4096);
    *out = (struct paper_row){
        .id = query_get_id(q, 0),
        .session = query_get_id(q, 1),
        .room = (uint32_t)query_get_int(q, 2),
        .index = (uint32_t)query_get_int(q, 3),
        .revision = (uint32_t)query_get_int(q, 4),
        .form = query_get_id(q, 5),
        .attempt = query_get_id(q, 6),
        .spare = query_get_int(q, 7) != 0,
        .bytes = query_get_int(q, 8),
        .open_at_ms = query_get_int(q, 10),
    };
    struct bytes sha256 = query_get_bytes(q, 9, scratch);
    if (sha256.len == HASH_BYTES)
        memcpy(out->sha256, sha256.at, HASH_BYTES);
    arena_destroy(scratch);
}

static bool paper_one(struct query *q, struct paper_row *out, struct err *e)
{
    if (!query_one(q, "paper", e))
        return false;
    read_paper(q, out);
    query_done(q);
    return true;
}

bool paper_of_attempt(struct db *db, struct id attempt, struct paper_row *out, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_by_attempt);
    query_id(q, attempt);
    return paper_one(q, out, e);
}

bool paper_get(struct db *db, struct id paper, struct paper_row *out, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_by_id);
    query_id(q, paper);
    return paper_one(q, out, e);
}

bool paper_blob(struct db *db, struct arena *a, struct id paper, struct bytes *blob,
                struct err *e)
{
    struct query *q = db_query(db, SQL_paper_blob_get);
    query_id(q, paper);
    if (!query_one(q, "paper", e))
        return false;
    *blob = query_get_bytes(q, 0, a);
    query_done(q);
    return true;
}

bool paper_list(struct db *db, struct arena *a, struct id session, struct paper_row **out,
                size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_rows);
    size_t room = 0;
    query_id(q, session);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            size_t more = room ? room * 2 : 64;
            *out = arena_grow(a, *out, room, more, sizeof **out);
            room = more;
        }
        read_paper(q, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

/* --- objects beside the papers -------------------------------------------------------------------- */
bool paper_object_put(struct db *db, const struct paper_object *o, struct bytes blob,
                      struct err *e)
{
    struct query *q = db_query(db, SQL_paper_object_put);
    query_id(q, o->id);
    query_id(q, o->session);
    query_int(q, o->room);
    query_int(q, o->index);
    query_int(q, o->revision);
    query_id(q, o->form);
    query_int(q, o->bytes);
    query_bytes(q, (struct bytes){o->sha256, HASH_BYTES});
    query_bytes(q, blob);
    return query_run(q, e);
}

static bool read_objects(struct query *q, struct arena *a, struct paper_object **out,
                         size_t *count, struct err *e)
{
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        struct paper_object *o = &(*out)[(*count)++];
        *o = (struct paper_object){
            .id = query_get_id(q, 0),
            .session = query_get_id(q, 1),
            .room = (uint32_t)query_get_int(q, 2),
            .index = (uint32_t)query_get_int(q, 3),
            .revision = (uint32_t)query_get_int(q, 4),
            .form = query_get_id(q, 5),
            .bytes = query_get_int(q, 6),
        };
        struct bytes sha256 = query_get_bytes(q, 7, a);
        if (sha256.len == HASH_BYTES)
            memcpy(o->sha256, sha256.at, HASH_BYTES);
    }
    return e->code == ERR_NONE;
}

bool paper_objects_of_room(struct db *db, struct arena *a, struct id session, uint32_t room,
                           struct paper_object **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_object_rows);
    query_id(q, session);
    query_int(q, room);
    return read_objects(q, a, out, count, e);
}

bool paper_objects_of(struct db *db, struct arena *a, struct id paper,
                      struct paper_object **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_object_of);
    query_id(q, paper);
    return read_objects(q, a, out, count, e);
}

bool paper_object_blob(struct db *db, struct arena *a, struct id object, struct bytes *blob,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_paper_object_blob);
    query_id(q, object);
    if (!query_one(q, "object", e))
        return false;
    *blob = query_get_bytes(q, 0, a);
    query_done(q);
    return true;
}

bool paper_take_spare(struct db *db, struct id session, uint32_t room, struct id form,
                      struct id attempt, struct paper_row *out, struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_paper_spare_next);
    query_id(q, session);
    query_int(q, room);
    query_id(q, form);
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return FAIL(e, CONFLICT, "/room", "本考场没有这一试卷的备用卷了。");
    read_paper(q, out);
    query_done(q);
    q = db_query(db, SQL_paper_give_up); /* the paper held before, if any, is out of use */
    query_id(q, attempt);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_paper_give);
    query_id(q, out->id);
    query_id(q, attempt);
    out->attempt = attempt;
    return query_change_one(q, "/room", "备用卷刚刚被取走，请重试。", e);
}

bool sealed_room_put(struct db *db, struct id session, const struct sealed_room *r,
                     struct bytes manifest, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_room_put);
    query_id(q, session);
    query_int(q, r->room);
    query_int(q, r->revision);
    query_bytes(q, (struct bytes){r->key_commit, HASH_BYTES});
    query_bytes(q, manifest);
    return query_run(q, e);
}

bool sealed_room_list(struct db *db, struct arena *a, struct id session,
                      struct sealed_room **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_room_list);
    query_id(q, session);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        struct sealed_room *r = &(*out)[(*count)++];
        struct bytes commit = query_get_bytes(q, 2, a);
        r->room = (uint32_t)query_get_int(q, 0);
        r->revision = (uint32_t)query_get_int(q, 1);
        if (commit.len == HASH_BYTES)
            memcpy(r->key_commit, commit.at, HASH_BYTES);
    }
    return e->code == ERR_NONE;
}

bool paper_manifest(struct db *db, struct arena *a, struct id session, uint32_t room,
                    struct bytes *out, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_room_manifest);
    query_id(q, session);
    query_int(q, room);
    if (!query_one(q, "room", e))
        return false;
    *out = query_get_bytes(q, 0, a);
    query_done(q);
    return true;
}

bool share_put(struct db *db, struct id session, int number, struct id account,
               struct bytes box, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_share_put);
    query_id(q, session);
    query_int(q, number);
    query_id(q, account);
    query_bytes(q, box);
    return query_run(q, e);
}

bool share_find(struct db *db, struct arena *a, struct id session, struct id account,
                struct share_record *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_share_get);
    query_id(q, session);
    query_id(q, account);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        *out = (struct share_record){query_get_int(q, 0), query_get_bytes(q, 1, a),
                                     query_get_bytes(q, 2, a), query_get_bytes(q, 3, a)};
        query_done(q);
    }
    return true;
}

bool share_count(struct db *db, struct id session, int64_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_share_count);
    query_id(q, session);
    if (!query_one(q, "session", e))
        return false;
    *count = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool officer_public(struct db *db, struct arena *a, struct id account,
                    unsigned char public[BOX_PUBLIC_BYTES], bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_release_officer_get);
    query_id(q, account);
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    struct bytes key = query_get_bytes(q, 0, a);
    query_done(q);
    if (key.len != BOX_PUBLIC_BYTES)
        return FAIL(e, STORE, "officer", "启封员的公钥长度不对。");
    memcpy(public, key.at, BOX_PUBLIC_BYTES);
    return true;
}

bool roster_put(struct db *db, struct id session, uint32_t room, struct bytes roster,
                struct err *e)
{
    struct query *q = db_query(db, SQL_paper_roster_put);
    query_id(q, session);
    query_int(q, room);
    query_bytes(q, roster);
    return query_run(q, e);
}

bool paper_roster(struct db *db, struct arena *a, struct id session, uint32_t room,
                  struct bytes *out, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_roster_get);
    query_id(q, session);
    query_int(q, room);
    if (!query_one(q, "roster", e))
        return false;
    *out = query_get_bytes(q, 0, a);
    query_done(q);
    return true;
}
