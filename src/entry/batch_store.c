/* entry/batch_store.c - batches and frozen programmes in and out of the database. */
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/batch.h"
#include "programme/programme.h"
#include "store/db.h"

enum { LEVELS_MAX = 16 };

static const char lost_race[] = "批次已被改动，请刷新后重试。";

static struct batch read_row(const struct query *q, struct arena *a, const char **policy)
{
    *policy = query_get_text(q, 13, a);
    return (struct batch){
        .id = query_get_id(q, 0),
        .body = query_get_id(q, 1),
        .title = query_get_text(q, 2, a),
        .programme = query_get_text(q, 3, a),
        .programme_digest = query_get_text(q, 4, a),
        .state = (enum batch_state)query_get_int(q, 5),
        .version = query_get_int(q, 6),
        .apply_from_ms = query_get_int(q, 7),
        .apply_until_ms = query_get_int(q, 8),
        .exam_from = (date_days)query_get_int(q, 9),
        .exam_until = (date_days)query_get_int(q, 10),
        .quota = query_get_int(q, 11),
        .taken = query_get_int(q, 12),
        .created_ms = query_get_int(q, 14),
    };
}

static bool read_levels(struct db *db, struct arena *a, struct batch *b, struct err *e)
{
    b->levels = arena_array(a, struct batch_level, LEVELS_MAX);
    b->level_count = 0;
    struct query *q = db_query(db, SQL_batch_levels);
    query_id(q, b->id);
    while (query_next(q, e))
        if (b->level_count < LEVELS_MAX)
            b->levels[b->level_count++] = (struct batch_level){
                query_get_int(q, 0), query_get_int(q, 1), query_get_int(q, 2)};
    return e->code == ERR_NONE;
}

static bool complete(struct db *db, struct arena *a, struct batch *b, const char *policy,
                     struct err *e)
{
    json_t *json = json_read(a, policy, strlen(policy), e);
    return json && fields_read(&batch_policy_fields, json, a, &b->policy, e) &&
           read_levels(db, a, b, e);
}

bool batch_get(struct db *db, struct arena *a, struct id body, struct id id, struct batch *out,
               struct err *e)
{
    const char *policy;
    struct query *q = db_query(db, SQL_batch_get);
    query_id(q, id);
    query_id(q, body);
    if (!query_one(q, "batch", e))
        return false;
    *out = read_row(q, a, &policy);
    query_done(q);
    return complete(db, a, out, policy, e);
}

bool batch_list(struct db *db, struct arena *a, struct id body, struct batch_list *out,
                struct err *e)
{
    size_t room = 16;
    const char **policies = arena_array(a, const char *, room);
    *out = (struct batch_list){arena_array(a, struct batch, room), 0};
    struct query *q = db_query(db, SQL_batch_list);
    query_id(q, body);
    while (query_next(q, e)) {
        if (out->count == room) {
            out->at = arena_grow(a, out->at, room, room * 2, sizeof *out->at);
            policies = arena_grow(a, policies, room, room * 2, sizeof *policies);
            room *= 2;
        }
        out->at[out->count] = read_row(q, a, &policies[out->count]);
        out->count++;
    }
    bool ok = e->code == ERR_NONE;
    for (size_t i = 0; ok && i < out->count; i++)
        ok = complete(db, a, &out->at[i], policies[i], e);
    return ok;
}

bool batch_put(struct db *db, struct arena *a, const struct batch *b, struct id by,
               struct err *e)
{
    struct query *q = db_query(db, SQL_batch_put);
    query_id(q, b->id);
    query_id(q, b->body);
    query_text(q, b->title);
    query_text(q, b->programme);
    query_text(q, b->programme_digest);
    query_int(q, b->state);
    query_int(q, b->apply_from_ms);
    query_int(q, b->apply_until_ms);
    query_int(q, b->exam_from);
    query_int(q, b->exam_until);
    query_int(q, b->quota);
    query_text(q, batch_policy_text(a, &b->policy));
    query_int(q, b->created_ms);
    query_id(q, by);
    bool ok = query_run(q, e);
    for (size_t i = 0; ok && i < b->level_count; i++) {
        q = db_query(db, SQL_batch_level_put);
        query_id(q, b->id);
        query_int(q, b->levels[i].level);
        query_int(q, b->levels[i].quota);
        ok = query_run(q, e);
    }
    return ok;
}

bool batch_move(struct db *db, const struct batch *b, enum batch_state to, struct err *e)
{
    struct query *q = db_query(db, SQL_batch_move);
    query_id(q, b->id);
    query_id(q, b->body);
    query_int(q, b->state);
    query_int(q, to);
    query_int(q, b->version);
    return query_change_one(q, "/version", lost_race, e);
}

bool batch_change_window(struct db *db, const struct batch *b, int64_t apply_until_ms,
                         int64_t quota, struct err *e)
{
    struct query *q = db_query(db, SQL_batch_change_window);
    query_id(q, b->id);
    query_id(q, b->body);
    query_int(q, apply_until_ms);
    query_int(q, quota);
    query_int(q, b->version);
    return query_change_one(q, "/version", "批次已被改动，或名额少于已占用的数目。", e);
}

/* The bytes of the data file, not a rendering of it, so that the digest can be checked. */
bool programme_freeze(struct db *db, struct arena *a, const struct programme *p, struct err *e)
{
    const struct embedded *file = embedded_find(arena_printf(a, "programmes/%s.json", p->id));
    struct json_out *o = json_out_create(a);
    out_json(o, p->file);
    const char *content = file ? (const char *)file->bytes : json_out_text(o);
    struct query *q = db_query(db, SQL_programme_frozen_put);
    query_text(q, p->digest);
    query_text(q, p->id);
    query_text(q, content);
    return query_run(q, e);
}

bool batch_programme(struct db *db, struct arena *a, const struct programme_set *set,
                     const struct batch *b, const struct programme **out, struct err *e)
{
    const struct programme *now = programme_find(set, b->programme);
    *out = now;
    if (now && strcmp(now->digest, b->programme_digest) == 0)
        return true;
    struct query *q = db_query(db, SQL_programme_frozen_get);
    query_text(q, b->programme_digest);
    if (!query_one(q, "programme", e))
        return false;
    const char *content = query_get_text(q, 1, a);
    query_done(q);
    *out = programme_load(a, b->programme, content, strlen(content), e);
    return *out != NULL;
}
