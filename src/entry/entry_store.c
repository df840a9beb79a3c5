/* entry/entry_store.c - applications in and out of the database. */
#include "entry/entry_store.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

static const char lost_race[] = "申报已被改动，请刷新后重试。";

static struct entry read_row(const struct query *q, struct arena *a)
{
    return (struct entry){
        .id = query_get_id(q, 0),
        .body = query_get_id(q, 1),
        .batch = query_get_id(q, 2),
        .person = query_get_id(q, 3),
        .partner = query_get_id(q, 4),
        .photo = query_get_id(q, 5),
        .level = query_get_int(q, 6),
        .direction = query_get_text(q, 7, a),
        .state = (enum entry_state)query_get_int(q, 8),
        .version = query_get_int(q, 9),
        .facts = query_get_text(q, 10, a),
        .verdict = query_get_text(q, 11, a),
        .kept = query_get_text(q, 12, a),
        .reason = query_get_text(q, 13, a),
        .created_ms = query_get_int(q, 14),
        .changed_ms = query_get_int(q, 15),
        .submitted_ms = query_get_int(q, 16),
        .decided_ms = query_get_int(q, 17),
        .decided_by = query_get_id(q, 18),
        .holds_place = query_get_int(q, 19),
    };
}

static bool read_rows(struct query *q, struct arena *a, struct entry_list *out, struct err *e)
{
    size_t room = 32;
    *out = (struct entry_list){arena_array(a, struct entry, room), 0};
    while (query_next(q, e)) {
        if (out->count == room) {
            out->at = arena_grow(a, out->at, room, room * 2, sizeof *out->at);
            room *= 2;
        }
        out->at[out->count++] = read_row(q, a);
    }
    return e->code == ERR_NONE;
}

static void bind_scope(struct query *q, const struct entry_scope *s)
{
    query_id(q, s->body);
    query_id(q, s->person);
    query_id(q, s->partner);
}

bool entry_get(struct db *db, struct arena *a, const struct entry_scope *scope, struct id id,
               struct entry *out, struct err *e)
{
    struct query *q = db_query(db, SQL_entry_get);
    bind_scope(q, scope);
    query_id(q, id);
    if (!query_one(q, "entry", e))
        return false;
    *out = read_row(q, a);
    query_done(q);
    return true;
}

bool entry_list_own(struct db *db, struct arena *a, const struct entry_scope *scope,
                    struct entry_list *out, struct err *e)
{
    struct query *q = db_query(db, SQL_entry_list_own);
    bind_scope(q, scope);
    return read_rows(q, a, out, e);
}

bool entry_list_accepted(struct db *db, struct arena *a, struct id body, struct id batch,
                         struct entry_list *out, struct err *e)
{
    struct query *q = db_query(db, SQL_entry_list_accepted);
    query_id(q, body);
    query_id(q, batch);
    return read_rows(q, a, out, e);
}

bool entry_find_accepted(struct db *db, struct arena *a, struct id body, struct id batch,
                         struct id person, struct entry *out, bool *found, struct err *e)
{
    struct query *q = db_query(db, SQL_entry_find_accepted);
    query_id(q, body);
    query_id(q, batch);
    query_id(q, person);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        *out = read_row(q, a);
        query_done(q);
    }
    return true;
}

bool entry_find_live(struct db *db, const struct entry *like, struct id *id, bool *found,
                     struct err *e)
{
    struct query *q = db_query(db, SQL_entry_find_live);
    query_id(q, like->body);
    query_id(q, like->batch);
    query_id(q, like->person);
    query_int(q, like->level);
    query_text(q, like->direction);
    if (!query_maybe(q, found, e))
        return false;
    if (*found) {
        *id = query_get_id(q, 0);
        query_done(q);
    }
    return true;
}

bool entry_put(struct db *db, const struct entry *n, struct err *e)
{
    struct query *q = db_query(db, SQL_entry_put);
    query_id(q, n->id);
    query_id(q, n->body);
    query_id(q, n->batch);
    query_id(q, n->person);
    query_id(q, n->partner);
    query_int(q, n->level);
    query_text(q, n->direction);
    query_int(q, n->state);
    query_text(q, n->facts);
    query_int(q, n->created_ms);
    return query_run(q, e);
}

static struct query *change(struct db *db, enum sql which, const struct entry *n)
{
    struct query *q = db_query(db, which);
    query_id(q, n->id);
    query_id(q, n->body);
    return q;
}

bool entry_save_draft(struct db *db, const struct entry *n, int64_t now_ms, struct err *e)
{
    struct query *q = change(db, SQL_entry_save_draft, n);
    query_int(q, n->version);
    query_text(q, n->facts);
    query_int(q, n->level);
    query_text(q, n->direction);
    query_int(q, now_ms);
    return query_change_one(q, "/version", lost_race, e);
}

bool entry_save_facts(struct db *db, const struct entry *n, int64_t now_ms, struct err *e)
{
    struct query *q = change(db, SQL_entry_save_facts, n);
    query_int(q, n->version);
    query_text(q, n->facts);
    query_int(q, now_ms);
    return query_change_one(q, "/version", lost_race, e);
}

bool entry_save_photo(struct db *db, const struct entry *n, int64_t now_ms, struct err *e)
{
    struct query *q = change(db, SQL_entry_save_photo, n);
    query_id(q, n->photo);
    query_int(q, now_ms);
    return query_change_one(q, "/state", lost_race, e);
}

bool entry_touch(struct db *db, const struct entry *n, int64_t now_ms, struct err *e)
{
    struct query *q = change(db, SQL_entry_touch, n);
    query_int(q, now_ms);
    return query_change_one(q, "/state", lost_race, e);
}

bool entry_put_submission(struct db *db, const struct entry *n, bool holds_place,
                          int64_t now_ms, struct err *e)
{
    struct query *q = change(db, SQL_entry_submit, n);
    query_int(q, n->version);
    query_text(q, n->verdict);
    query_text(q, n->facts);
    query_int(q, now_ms);
    query_int(q, holds_place);
    return query_change_one(q, "/version", lost_race, e);
}

bool entry_put_decision(struct db *db, const struct entry_decision *d, const struct actor *who,
                        struct err *e)
{
    struct query *q = change(db, SQL_entry_decide, d->entry);
    query_int(q, d->entry->version);
    query_int(q, d->entry->state);
    query_int(q, d->to);
    query_text(q, d->reason);
    query_int(q, who->now_ms);
    query_id(q, who->account);
    query_int(q, d->holds_place);
    query_text(q, d->verdict);
    return query_change_one(q, "/version", lost_race, e);
}

bool entry_put_kept(struct db *db, struct id body, struct id entry, const char *kept_json,
                    struct err *e)
{
    struct query *q = db_query(db, SQL_entry_put_kept);
    query_id(q, entry);
    query_id(q, body);
    query_text(q, kept_json);
    return query_change_one(q, "/entry", "没有这份申报。", e);
}

static bool put_event(struct db *db, const struct actor *who, const struct entry_step *s,
                      struct err *e)
{
    struct query *q = db_query(db, SQL_entry_event_put);
    query_id(q, s->entry);
    query_int(q, who->now_ms);
    query_id(q, who->account);
    query_int(q, s->act);
    query_int(q, s->from);
    query_int(q, s->to);
    query_text(q, s->reason);
    return query_run(q, e);
}

static json_t *state_object(int state)
{
    return state ? json_pack("{s:s}", "state", entry_state_name((enum entry_state)state))
                 : json_null();
}

bool entry_step_write(struct db *db, struct arena *a, const struct actor *who,
                      const struct entry_step *s, struct err *e)
{
    json_t *change = json_keep(a, json_pack("{s:o, s:o, s:b}", "before", state_object(s->from),
                                            "after", state_object(s->to), "reason_given",
                                            s->reason != NULL));
    if (s->detail)
        json_object_set(change, "detail", s->detail);
    struct audit_row row = {
        .act = s->act, .object_type = "en", .object = s->entry, .change = change};
    return put_event(db, who, s, e) && audit_write(db, who, &row, e);
}

static bool count_place(struct db *db, enum sql of_batch, enum sql of_level,
                        const struct entry *n, struct err *e)
{
    struct query *q = db_query(db, of_batch);
    query_id(q, n->batch);
    query_id(q, n->body);
    if (!query_change_one(q, "/batch", "本批次名额已满。", e))
        return false;
    q = db_query(db, of_level);
    query_id(q, n->batch);
    query_int(q, n->level);
    return query_change_one(q, "/level", "本批次该等级名额已满。", e);
}

bool entry_take_place(struct db *db, const struct entry *n, struct err *e)
{
    return n->holds_place ||
           count_place(db, SQL_batch_take_place, SQL_batch_level_take_place, n, e);
}

bool entry_free_place(struct db *db, const struct entry *n, struct err *e)
{
    return !n->holds_place ||
           count_place(db, SQL_batch_free_place, SQL_batch_level_free_place, n, e);
}

bool entry_events(struct db *db, struct arena *a, struct id entry, struct entry_event **out,
                  size_t *count, struct err *e)
{
    enum { MAX = 500 }; /* the statement's own limit */
    *out = arena_array(a, struct entry_event, MAX);
    *count = 0;
    struct query *q = db_query(db, SQL_entry_event_list);
    query_id(q, entry);
    while (query_next(q, e))
        (*out)[(*count)++] = (struct entry_event){
            .seq = query_get_int(q, 0),
            .at_ms = query_get_int(q, 1),
            .actor = query_get_id(q, 2),
            .act = (enum act)query_get_int(q, 3),
            .from = (int)query_get_int(q, 4),
            .to = (int)query_get_int(q, 5),
            .reason = query_get_text(q, 6, a),
        };
    return e->code == ERR_NONE;
}

/* "%张\%%" for the name that has "张%" in it. */
static const char *pattern_of(struct arena *a, const char *q)
{
    if (!q || !*q)
        return "";
    char *out = arena_alloc(a, strlen(q) * 2 + 3, 1), *to = out;
    *to++ = '%';
    for (; *q; q++) {
        if (*q == '%' || *q == '_' || *q == '\\')
            *to++ = '\\';
        *to++ = *q;
    }
    *to = '%';
    return out;
}

static struct query *lines_query(struct db *db, enum sql which, const struct entry_filter *f,
                                 const char *pattern)
{
    struct query *q = db_query(db, which);
    bind_scope(q, &f->scope);
    query_id(q, f->batch);
    query_int(q, f->state);
    query_text(q, pattern);
    return q;
}

bool entry_lines(struct db *db, struct arena *a, const struct entry_filter *f,
                 struct entry_line **out, size_t *count, int64_t *total, struct err *e)
{
    const char *pattern = pattern_of(a, f->q);
    struct query *q = lines_query(db, SQL_entry_lines_total, f, pattern);
    if (!query_one(q, "batch", e))
        return false;
    *total = query_get_int(q, 0);
    query_done(q);

    size_t room = f->limit > 0 && f->limit <= 1000 ? (size_t)f->limit : 1000;
    *out = arena_array(a, struct entry_line, room);
    *count = 0;
    q = lines_query(db, SQL_entry_lines, f, pattern);
    query_int(q, (int64_t)room);
    query_int(q, f->offset);
    while (query_next(q, e))
        (*out)[(*count)++] = (struct entry_line){.entry = read_row(q, a),
                                                 .name = query_get_text(q, 20, a),
                                                 .evidence_count = query_get_int(q, 21)};
    return e->code == ERR_NONE;
}
