/* sitting/prepare.c - makes the attempts of a session and gives them their papers. */
#include "sitting/prepare.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/live.h"
#include "sitting/session.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

static const int64_t GRACE_MS = 7 * (int64_t)24 * 3600000;
enum { PREPARE_ARENA_BYTES = 256 << 20 };

struct preparing {
    struct arena *arena;
    const struct actor *who;
    struct id session;
    const struct session_plan *plan; /* NULL: read from the arrangement */
    struct err load;                 /* committed, but not in memory: to be called again */
};

static struct bytes digest_or_none(const struct attempt_plan *p)
{
    return id_is_zero(p->paper) ? (struct bytes){NULL, 0}
                                : (struct bytes){p->paper_digest, HASH_BYTES};
}

static bool put_session(struct db *db, const struct session_plan *p, int64_t now_ms,
                        struct err *e)
{
    struct query *q = db_query(db, SQL_delivery_session_put);
    query_id(q, p->id);
    query_id(q, p->body);
    query_text(q, p->title);
    query_int(q, p->starts_ms);
    query_int(q, p->minutes);
    query_int(q, p->zone_offset_ms);
    query_int(q, p->late_limit_ms);
    query_int(q, p->earliest_hand_in_ms);
    query_int(q, p->grace_ms ? p->grace_ms : GRACE_MS);
    query_int(q, p->weak_allowed);
    query_int(q, now_ms);
    return query_run(q, e);
}

static bool put_room(struct db *db, struct arena *a, const struct master *m,
                     const struct session_plan *p, const struct room_plan *r, struct err *e)
{
    unsigned char key[KEY_BYTES];
    random_bytes(key, sizeof key);
    struct bytes wrapped = room_key_wrap(a, m, r->id, key);
    secret_wipe(key, sizeof key);
    struct query *q = db_query(db, SQL_delivery_room_put);
    query_id(q, r->id);
    query_id(q, p->id);
    query_int(q, r->no);
    query_text(q, r->name);
    query_bytes(q, wrapped);
    return query_run(q, e);
}

static bool put_attempt(struct db *db, const struct session_plan *p,
                        const struct attempt_plan *one, struct err *e)
{
    char letter[2] = {one->document_letter, '\0'};
    struct query *q = db_query(db, SQL_attempt_put);
    query_id(q, id_is_zero(one->id) ? id_random() : one->id);
    query_id(q, p->id);
    query_id(q, one->room);
    query_id(q, one->seat);
    query_int(q, one->seat_no);
    query_id(q, one->entry);
    query_text(q, one->ticket);
    query_text(q, one->name);
    query_bytes(q, (struct bytes){one->document_index, BLIND_INDEX_BYTES});
    query_text(q, letter);
    query_text(q, one->document_country);
    query_id(q, one->photo);
    query_id(q, one->paper);
    query_int(q, one->paper_no);
    query_bytes(q, digest_or_none(one));
    query_int(q, one->paper_bytes);
    return query_run(q, e);
}

/* --- from the arrangement ----------------------------------------------------------------------- */
static bool rooms_read(struct db *db, const struct preparing *p, struct session_plan *plan,
                       struct err *e)
{
    struct room_list rooms;
    if (!room_list(db, p->arena, (struct owned){p->who->body, p->session}, &rooms, e))
        return false;
    struct room_plan *out = arena_array(p->arena, struct room_plan, rooms.count + 1);
    for (size_t i = 0; i < rooms.count; i++)
        out[i] = (struct room_plan){rooms.at[i].id, rooms.at[i].no, rooms.at[i].name};
    plan->rooms = out;
    plan->room_count = rooms.count;
    return true;
}

static bool seats_read(struct db *db, const struct preparing *p, struct session_plan *plan,
                       struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(db, SQL_delivery_seated);
    query_id(q, p->session);
    query_id(q, p->who->body);
    while (query_next(q, e)) {
        if (plan->attempt_count == room) {
            room = room ? room * 2 : 64;
            plan->attempts = arena_grow(p->arena, plan->attempts, plan->attempt_count, room,
                                        sizeof *plan->attempts);
        }
        struct attempt_plan *one = &plan->attempts[plan->attempt_count];
        *one = (struct attempt_plan){.ticket = query_get_text(q, 0, p->arena),
                                     .room = query_get_id(q, 1),
                                     .seat = query_get_id(q, 2),
                                     .entry = query_get_id(q, 3),
                                     .seat_no = query_get_int(q, 4),
                                     .name = query_get_text(q, 5, p->arena),
                                     .photo = query_get_id(q, 9)};
        const char *letter = query_get_text(q, 6, p->arena);
        const char *country = query_get_text(q, 7, p->arena);
        struct bytes index = query_get_bytes(q, 8, p->arena);
        if (!letter || !country || strlen(country) != 2 || index.len != BLIND_INDEX_BYTES) {
            query_done(q);
            return FAIL(e, CONFLICT, "/document", "准考证 %s 的考生没有登记证件。",
                        one->ticket);
        }
        one->document_letter = letter[0];
        memcpy(one->document_country, country, 2);
        memcpy(one->document_index, index.at, BLIND_INDEX_BYTES);
        plan->attempt_count++;
    }
    return e->code == ERR_NONE;
}

static bool plan_read(struct db *db, const struct preparing *p, struct session_plan *plan,
                      struct err *e)
{
    struct session s;
    if (!session_get(db, p->arena, (struct owned){p->who->body, p->session}, &s, e))
        return false;
    if (s.state == SESSION_draft || s.state == SESSION_cancelled || s.state == SESSION_finished)
        return FAIL(e, CONFLICT, "/state", "编排完成后才能准备场次。");
    *plan = (struct session_plan){.id = s.id,
                                  .body = s.body,
                                  .title = s.title,
                                  .starts_ms = s.starts_ms,
                                  .minutes = s.minutes,
                                  .zone_offset_ms = s.zone_offset_ms,
                                  .late_limit_ms = s.late_limit_ms,
                                  .earliest_hand_in_ms = s.earliest_hand_in_ms};
    if (!rooms_read(db, p, plan, e) || !seats_read(db, p, plan, e))
        return false;
    return plan->attempt_count > 0 ||
           FAIL(e, CONFLICT, "/tickets", "这一场次还没有准考证，请先生成准考证。");
}

static bool prepare_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct preparing *p = act->ctx;
    struct session_plan read;
    const struct session_plan *plan = p->plan;
    if (!plan) {
        if (!plan_read(db, p, &read, e))
            return false;
        plan = &read;
    }
    const struct master *m = journal_config_of(act->writer)->master;
    if (!put_session(db, plan, p->who->now_ms, e))
        return false;
    for (size_t i = 0; i < plan->room_count; i++)
        if (!put_room(db, p->arena, m, plan, &plan->rooms[i], e))
            return false;
    for (size_t i = 0; i < plan->attempt_count; i++)
        if (!put_attempt(db, plan, &plan->attempts[i], e))
            return false;
    json_t *change = json_keep(p->arena,
                               json_pack("{s:I,s:I}", "rooms", (json_int_t)plan->room_count,
                                         "attempts", (json_int_t)plan->attempt_count));
    return audit_write(db, p->who,
                       &(struct audit_row){.act = ACT_session_prepare,
                                           .object_type = "se",
                                           .object = plan->id,
                                           .change = change},
                       e);
}

static void prepare_done(struct sitting_act *act)
{
    struct preparing *p = act->ctx;
    if (!live_load(journal_live(act->writer), journal_db(act->writer), p->session, &p->load))
        FAIL(&p->load, STORE, "session", "场次已准备，但没有载入，请再试一次。");
}

static bool prepare(struct journal_writer *w, const struct actor *who, struct id session,
                    const struct session_plan *plan, struct err *e)
{
    struct preparing p = {.arena = arena_create(PREPARE_ARENA_BYTES),
                          .who = who,
                          .session = session,
                          .plan = plan};
    struct sitting_act act = {.work = prepare_work, .done = prepare_done, .ctx = &p};
    bool ok = journal_act(w, &act, e);
    arena_destroy(p.arena);
    if (ok && p.load.code != ERR_NONE)
        *e = p.load;
    return ok && p.load.code == ERR_NONE;
}

bool session_prepare_plan(struct journal_writer *w, const struct actor *who,
                          const struct session_plan *plan, struct err *e)
{
    return prepare(w, who, plan->id, plan, e);
}

bool session_prepare(struct journal_writer *w, const struct actor *who, struct id session,
                     struct err *e)
{
    return prepare(w, who, session, NULL, e);
}

bool session_attempts(struct journal_writer *w, struct arena *a, struct id session,
                      struct attempt_place **out, size_t *count, struct err *e)
{
    struct live *l = journal_live(w);
    struct live_session *s = live_find_session(l, session);
    *out = NULL;
    *count = 0;
    if (!s)
        return FAIL(e, NOT_FOUND, "session", "场次没有准备好。");
    live_hold(l);
    for (struct live_room *r = s->rooms; r; r = r->next) {
        *out = arena_grow(a, *out, *count, *count + r->count, sizeof **out);
        for (size_t i = 0; i < r->count; i++) {
            const struct live_attempt *x = r->attempts[i];
            (*out)[(*count)++] = (struct attempt_place){x->id, x->entry, r->id, r->no,
                                                        x->seat_no};
        }
    }
    live_release(l);
    return true;
}

/* --- archive ------------------------------------------------------------------------------------ */
static bool archive_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct preparing *p = act->ctx;
    struct query *q = db_query(db, SQL_delivery_session_archive);
    query_id(q, p->session);
    query_int(q, p->who->now_ms);
    return query_change_one(q, "/state", "这一场次没有准备，或已经归档。", e) &&
           audit_write(db, p->who,
                       &(struct audit_row){.act = ACT_session_archive,
                                           .object_type = "se",
                                           .object = p->session},
                       e);
}

bool session_archive(struct journal_writer *w, const struct actor *who, struct id session,
                     struct err *e)
{
    struct live *l = journal_live(w);
    struct live_session *s = live_find_session(l, session);
    bool open = false;
    live_hold(l);
    for (struct live_room *r = s ? s->rooms : NULL; r; r = r->next)
        for (size_t i = 0; i < r->count; i++) {
            live_lock(r->attempts[i]);
            open = open || r->attempts[i]->state == ATTEMPT_OPEN;
            live_unlock(r->attempts[i]);
        }
    live_release(l);
    if (open)
        return FAIL(e, CONFLICT, "/state", "还有考生没有交卷，不能归档。");
    struct preparing p = {.who = who, .session = session};
    struct sitting_act act = {.work = archive_work, .ctx = &p};
    return journal_act(w, &act, e);
}
