/* sitting/session_store.c - sites, sessions, rooms and seats in and out of the database. */
#include "sitting/session_store.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

struct owned owned_by(const struct arranger *by, struct id id)
{
    return (struct owned){by->actor->body, id};
}

bool session_audit(struct db *db, const struct arranger *by, enum act act, struct id session,
                   json_t *change, struct err *e)
{
    struct audit_row row = {.act = act, .object_type = "se", .object = session};
    row.change = json_keep(by->arena, change);
    return audit_write(db, by->actor, &row, e);
}

/* Room for one more element of SIZE at the end of a list: it doubles at powers of two. */
static void *grown(struct arena *a, void *at, size_t count, size_t size)
{
    if (count & (count - 1))
        return at;
    return arena_grow(a, at, count, count ? count * 2 : 1, size);
}

static struct query *query_owned(struct db *db, enum sql which, struct owned o)
{
    struct query *q = db_query(db, which);
    query_id(q, o.id);
    query_id(q, o.body);
    return q;
}

/* ------------------------------------------------------------------ sites */
static struct site read_site(const struct query *q, struct arena *a)
{
    return (struct site){query_get_id(q, 0), query_get_id(q, 1), query_get_text(q, 2, a),
                         query_get_text(q, 3, a), query_get_text(q, 4, a)};
}

bool site_put(struct db *db, const struct site *s, int64_t now_ms, struct err *e)
{
    int64_t taken;
    struct query *q = db_query(db, SQL_site_name_count);
    query_id(q, s->body);
    query_text(q, s->name);
    if (!query_one(q, "site", e))
        return false;
    taken = query_get_int(q, 0);
    query_done(q);
    if (taken)
        return FAIL(e, CONFLICT, "/name", "已经有名为“%.60s”的考点。", s->name);
    q = db_query(db, SQL_site_put);
    query_id(q, s->id);
    query_id(q, s->body);
    query_text(q, s->name);
    query_text(q, s->address);
    query_text(q, s->note);
    query_int(q, now_ms);
    return query_run(q, e);
}

bool site_list(struct db *db, struct arena *a, struct id body, struct site **out, size_t *count,
               struct err *e)
{
    struct query *q = db_query(db, SQL_site_list);
    query_id(q, body);
    *out = NULL;
    for (*count = 0; query_next(q, e); ++*count) {
        *out = grown(a, *out, *count, sizeof **out);
        (*out)[*count] = read_site(q, a);
    }
    return e->code == ERR_NONE;
}

bool site_get(struct db *db, struct arena *a, struct owned which, struct site *out,
              struct err *e)
{
    struct query *q = query_owned(db, SQL_site_get, which);
    if (!query_one(q, "site", e))
        return false;
    *out = read_site(q, a);
    query_done(q);
    return true;
}

/* ------------------------------------------------------------------ sessions */
static struct session read_session(const struct query *q, struct arena *a)
{
    struct session s = {
        .id = query_get_id(q, 0),
        .body = query_get_id(q, 1),
        .batch = query_get_id(q, 2),
        .component = query_get_text(q, 3, a),
        .title = query_get_text(q, 4, a),
        .starts_ms = query_get_int(q, 5),
        .minutes = query_get_int(q, 6),
        .zone_offset_ms = query_get_int(q, 7),
        .late_limit_ms = query_get_int(q, 8),
        .earliest_hand_in_ms = query_get_int(q, 9),
        .version = query_get_int(q, 11),
        .seed = query_get_int(q, 12),
        .released_ms = query_get_int(q, 13),
        .began_ms = query_get_int(q, 14),
        .working = query_get_int(q, 15),
        .to_come = query_get_int(q, 16),
    };
    session_state_find(query_get_text(q, 10, a), &s.state);
    return s;
}

bool session_get(struct db *db, struct arena *a, struct owned which, struct session *out,
                 struct err *e)
{
    struct query *q = query_owned(db, SQL_session_get, which);
    if (!query_one(q, "session", e))
        return false;
    *out = read_session(q, a);
    query_done(q);
    return true;
}

static bool read_sessions(struct query *q, struct arena *a, struct session_list *out,
                          struct err *e)
{
    *out = (struct session_list){0};
    while (query_next(q, e)) {
        out->at = grown(a, out->at, out->count, sizeof *out->at);
        out->at[out->count++] = read_session(q, a);
    }
    return e->code == ERR_NONE;
}

bool session_list_batch(struct db *db, struct arena *a, struct owned batch,
                        struct session_list *out, struct err *e)
{
    return read_sessions(query_owned(db, SQL_session_of_batch, batch), a, out, e);
}

bool session_list_from(struct db *db, struct arena *a, struct owned account, int64_t from_ms,
                       struct session_list *out, struct err *e)
{
    bool all = id_is_zero(account.id);
    struct query *q = db_query(db, all ? SQL_session_from : SQL_session_of_account);
    query_id(q, account.body);
    query_int(q, from_ms);
    if (!all)
        query_id(q, account.id);
    return read_sessions(q, a, out, e);
}

bool session_insert(struct db *db, const struct session *s, int64_t now_ms, struct err *e)
{
    struct query *q = db_query(db, SQL_session_put);
    query_id(q, s->id);
    query_id(q, s->body);
    query_id(q, s->batch);
    query_text(q, s->component);
    query_text(q, s->title);
    query_int(q, s->starts_ms);
    query_int(q, s->minutes);
    query_int(q, s->zone_offset_ms);
    query_int(q, s->late_limit_ms);
    query_int(q, s->earliest_hand_in_ms);
    query_text(q, session_state_name(s->state));
    query_int(q, s->version);
    query_int(q, s->seed);
    query_int(q, now_ms);
    return query_run(q, e);
}

bool session_save(struct db *db, const struct session *s, struct err *e)
{
    struct query *q = db_query(db, SQL_session_save);
    query_id(q, s->id);
    query_id(q, s->body);
    query_int(q, s->version);
    query_text(q, s->component);
    query_text(q, s->title);
    query_int(q, s->starts_ms);
    query_int(q, s->minutes);
    query_int(q, s->zone_offset_ms);
    query_int(q, s->late_limit_ms);
    query_int(q, s->earliest_hand_in_ms);
    return query_change_one(q, "/version", "场次已被他人修改，或已不在编排中。", e);
}

bool session_touch_draft(struct db *db, struct owned session, struct err *e)
{
    return query_change_one(query_owned(db, SQL_session_touch, session), "/state",
                            "场次已不在编排中，不能更改；请先重新打开编排。", e);
}

bool session_set_seed(struct db *db, struct owned session, int64_t seed, struct err *e)
{
    struct query *q = query_owned(db, SQL_session_set_seed, session);
    query_int(q, seed);
    return query_run(q, e);
}

bool session_move(struct db *db, struct owned which, enum session_state from,
                  enum session_state to, struct err *e)
{
    if (!session_state_may(from, to))
        return FAIL(e, CONFLICT, "/state", "场次%s，不能变为%s。", session_state_label(from),
                    session_state_label(to));
    struct query *q = query_owned(db, SQL_session_move, which);
    query_text(q, session_state_name(from));
    query_text(q, session_state_name(to));
    return query_change_one(q, "/state", "场次的状态已经改变，请刷新后再试。", e);
}

/* ------------------------------------------------------------------ rooms */
static struct room read_room(const struct query *q, struct arena *a)
{
    return (struct room){
        .id = query_get_id(q, 0),
        .session = query_get_id(q, 1),
        .site = query_get_id(q, 2),
        .no = query_get_int(q, 3),
        .name = query_get_text(q, 4, a),
        .rows = query_get_int(q, 5),
        .columns = query_get_int(q, 6),
        .capacity = query_get_int(q, 7),
    };
}

bool room_list(struct db *db, struct arena *a, struct owned session, struct room_list *out,
               struct err *e)
{
    struct query *q = query_owned(db, SQL_room_of_session, session);
    *out = (struct room_list){0};
    while (query_next(q, e)) {
        out->at = grown(a, out->at, out->count, sizeof *out->at);
        out->at[out->count++] = read_room(q, a);
    }
    return e->code == ERR_NONE;
}

bool room_get(struct db *db, struct arena *a, struct owned which, struct room *out,
              struct err *e)
{
    struct query *q = query_owned(db, SQL_room_get, which);
    if (!query_one(q, "room", e))
        return false;
    *out = read_room(q, a);
    query_done(q);
    return true;
}

bool room_insert(struct db *db, struct id body, const struct room *r, struct err *e)
{
    struct query *q = db_query(db, SQL_room_put);
    query_id(q, r->id);
    query_id(q, body);
    query_id(q, r->session);
    query_id(q, r->site);
    query_int(q, r->no);
    query_text(q, r->name);
    query_int(q, r->rows);
    query_int(q, r->columns);
    query_int(q, r->capacity);
    return query_run(q, e);
}

static bool read_count(struct query *q, int64_t *count, struct err *e)
{
    if (!query_one(q, "count", e))
        return false;
    *count = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool room_last_no(struct db *db, struct owned session, int64_t *no, struct err *e)
{
    return read_count(query_owned(db, SQL_room_last_no, session), no, e);
}

bool room_name_taken(struct db *db, struct id body, const struct room *r, bool *taken,
                     struct err *e)
{
    int64_t count;
    struct query *q = query_owned(db, SQL_room_name_count, (struct owned){body, r->session});
    query_id(q, r->site);
    query_text(q, r->name);
    if (!read_count(q, &count, e))
        return false;
    *taken = count > 0;
    return true;
}

bool room_taken_seats(struct db *db, struct owned room, int64_t *count, struct err *e)
{
    return read_count(query_owned(db, SQL_seat_taken_in_room, room), count, e);
}

bool room_delete(struct db *db, struct owned room, struct err *e)
{
    return query_run(query_owned(db, SQL_staff_remove_room, room), e) &&
           query_run(query_owned(db, SQL_seat_remove_room, room), e) &&
           query_change_one(query_owned(db, SQL_room_remove, room), "room", "没有这个考场。",
                            e);
}

/* ------------------------------------------------------------------ seats */
bool seat_list(struct db *db, struct arena *a, struct owned session, struct seat_list *out,
               struct err *e)
{
    struct query *q = query_owned(db, SQL_seat_of_session, session);
    *out = (struct seat_list){0};
    while (query_next(q, e)) {
        out->at = grown(a, out->at, out->count, sizeof *out->at);
        out->at[out->count++] = (struct seat){
            .id = query_get_id(q, 0),
            .session = query_get_id(q, 1),
            .room = query_get_id(q, 2),
            .entry = query_get_id(q, 3),
            .number = query_get_int(q, 4),
            .row = query_get_int(q, 5),
            .col = query_get_int(q, 6),
            .person = query_get_id(q, 7),
        };
    }
    return e->code == ERR_NONE;
}

bool seat_put(struct db *db, struct id body, const struct seat *s, struct err *e)
{
    struct query *q = db_query(db, SQL_seat_put);
    query_id(q, s->id);
    query_id(q, body);
    query_id(q, s->session);
    query_id(q, s->room);
    query_int(q, s->number);
    query_int(q, s->row);
    query_int(q, s->col);
    return query_run(q, e);
}

bool seat_set(struct db *db, struct id body, const struct seat *s, struct err *e)
{
    struct query *q = query_owned(db, SQL_seat_set, (struct owned){body, s->id});
    query_id(q, s->session);
    query_id(q, s->entry);
    query_id(q, s->person);
    return query_change_one(q, "/seat", "没有这个座位。", e);
}

bool seat_clear_session(struct db *db, struct owned session, struct err *e)
{
    return query_run(query_owned(db, SQL_seat_clear_session, session), e);
}

bool seat_elsewhere(struct db *db, struct arena *a, const struct session *s,
                    struct id_list *out, struct err *e)
{
    struct query *q = query_owned(db, SQL_seat_elsewhere, (struct owned){s->body, s->batch});
    query_text(q, s->component);
    query_id(q, s->id);
    *out = (struct id_list){0};
    while (query_next(q, e)) {
        out->at = grown(a, out->at, out->count, sizeof *out->at);
        out->at[out->count++] = query_get_id(q, 0);
    }
    return e->code == ERR_NONE;
}

/* ------------------------------------------------------------------ at the same time */
static struct query *query_overlap(struct db *db, enum sql which, const struct session *s)
{
    struct query *q = db_query(db, which);
    query_id(q, s->body);
    query_id(q, s->id);
    query_int(q, session_ends_ms(s));
    query_int(q, s->starts_ms);
    return q;
}

/* NAMED: the name stands between id and title. */
static bool read_taken(struct query *q, struct arena *a, bool named, struct taken_list *out,
                       struct err *e)
{
    *out = (struct taken_list){0};
    while (query_next(q, e)) {
        out->at = grown(a, out->at, out->count, sizeof *out->at);
        out->at[out->count++] = (struct taken){query_get_id(q, 0),
                                               named ? query_get_text(q, 1, a) : NULL,
                                               query_get_text(q, named ? 2 : 1, a)};
    }
    return e->code == ERR_NONE;
}

bool seat_clashes(struct db *db, struct arena *a, const struct session *s,
                  struct taken_list *out, struct err *e)
{
    return read_taken(query_overlap(db, SQL_seat_clash, s), a, false, out, e);
}

bool staff_clashes(struct db *db, struct arena *a, const struct session *s,
                   struct taken_list *out, struct err *e)
{
    return read_taken(query_overlap(db, SQL_staff_clash, s), a, false, out, e);
}

bool room_clashes(struct db *db, struct arena *a, const struct session *s,
                  struct taken_list *out, struct err *e)
{
    return read_taken(query_overlap(db, SQL_room_clash, s), a, true, out, e);
}
