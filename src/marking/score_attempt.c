/* marking/score_attempt.c - answers, places and key to marks; nothing is stored but by the last. */
#include "marking/score_attempt.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/key_decision.h"
#include "marking/typed.h"
#include "sitting/fold.h"
#include "store/db.h"

bool attempt_is_ended(const char *state)
{
    static const char *const ended[] = {"sealed", "closed", "collected", "archived"};
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++)
        if (strcmp(state, ended[i]) == 0)
            return true;
    return false;
}

bool attempt_rows(const struct marking *m, struct id session, struct attempt_row **out,
                  size_t *count, struct err *e)
{
    size_t room = 64;
    *out = arena_array(m->arena, struct attempt_row, room);
    *count = 0;
    struct query *q = db_query(m->db, SQL_marking_attempts);
    query_id(q, session);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room * 2, sizeof **out);
            room *= 2;
        }
        (*out)[(*count)++] = (struct attempt_row){
            query_get_id(q, 0), query_get_id(q, 1), query_get_id(q, 2),
            attempt_is_ended(query_get_text(q, 3, m->arena))};
    }
    return e->code == ERR_NONE;
}

static bool hash_changes(const struct marking *m, const struct key_change *changes,
                         size_t count, unsigned char out[HASH_BYTES], struct err *e)
{
    struct hash_state h;
    bool ok = true;
    hash_begin(&h);
    hash_add(&h, "heng/key-changes/1", 19);
    for (size_t i = 0; ok && i < count; i++) {
        unsigned char n[8];
        struct bytes key = {NULL, 0};
        hash_add(&h, changes[i].code, strlen(changes[i].code) + 1);
        be64_put(n, (uint64_t)changes[i].part);
        hash_add(&h, n, sizeof n);
        be64_put(n, (uint64_t)changes[i].effect);
        hash_add(&h, n, sizeof n);
        ok = !changes[i].key || jcs_write(m->arena, changes[i].key, &key, e);
        hash_add(&h, key.at, ok ? key.len : 0);
    }
    hash_end(&h, out);
    return ok;
}

bool session_key(const struct marking *m, struct id session, const struct key_change *extra,
                 struct session_key *out, struct err *e)
{
    struct key_change *changes;
    size_t count;
    *out = (struct session_key){0};
    if (!paper_key_set(m->db, m->arena, m->master, session, &out->set, e) ||
        !key_decisions(m, session, extra ? 1 : 0, &changes, &count, e))
        return false;
    if (extra)
        changes[count++] = *extra;
    out->changed = count > 0;
    if (!key_set_change(m->arena, &out->set, changes, count, e) ||
        (out->changed && !hash_changes(m, changes, count, out->fingerprint, e)))
        return false;
    out->reader = key_reader_create(m->arena, &out->set, e);
    return out->reader;
}

/* Of everything the marks follow from: the same journal and key give the same hash for ever. */
static void hash_source(const struct session_key *key, const struct attempt_answers *answers,
                        struct attempt_score *s)
{
    struct hash_state h;
    unsigned char n[8];
    hash_begin(&h);
    hash_add(&h, "heng/theory-mark/1", 19);
    hash_add(&h, s->attempt->id.bytes, ID_BYTES);
    hash_add(&h, key->set.commitment, HASH_BYTES);
    be64_put(n, (uint64_t)key->set.version);
    hash_add(&h, n, sizeof n);
    if (key->changed)
        hash_add(&h, key->fingerprint, HASH_BYTES);
    for (size_t i = 0; i < answers->count; i++) {
        be64_put(n, answers->items[i].item);
        hash_add(&h, n, sizeof n);
        be64_put(n, answers->items[i].response.len);
        hash_add(&h, n, sizeof n);
        hash_add(&h, answers->items[i].response.at, answers->items[i].response.len);
    }
    hash_end(&h, s->source);
}

bool attempt_score(const struct marking *m, const struct session_key *key,
                   const struct attempt_row *attempt, struct attempt_score *out, struct err *e)
{
    struct attempt_answers answers;
    struct paper_place *places;
    *out = (struct attempt_score){.attempt = attempt};
    if (!attempt_answers(m->db, m->arena, attempt->id, &answers, e) ||
        !typed_lay_over(m, attempt->id, &answers, &out->round, &out->waiting, e) ||
        !paper_places(key->reader, m->arena, attempt->paper, &places, &out->count, e))
        return false;
    out->places = places;
    out->marks = arena_array(m->arena, struct place_mark, out->count ? out->count : 1);
    machine_mark(m->arena, places, out->count, &answers, out->marks);
    /* A person should look at unreadable answers and at entries whose time is in doubt. */
    out->doubtful = answers.doubtful + answers.unreadable;
    for (size_t i = 0; i < out->count; i++) {
        out->doubtful += out->marks[i].unreadable;
        out->millimarks += out->marks[i].millimarks;
        out->full_millimarks += out->marks[i].full_millimarks;
    }
    hash_source(key, &answers, out);
    return true;
}

bool attempt_score_put(struct db *db, const struct marking *m, const struct marking_session *s,
                       const struct session_key *key, const struct attempt_score *score,
                       struct err *e)
{
    struct arena *a = m->arena;
    struct area_mark *areas;
    struct json_out *places_out = json_out_create(a), *areas_out = json_out_create(a);
    size_t area_count = marks_by_area(a, score->marks, score->count, &areas);
    place_marks_write(score->marks, score->count, places_out);
    area_marks_write(areas, area_count, areas_out);

    struct query *q = db_query(db, SQL_theory_mark_put);
    query_id(q, score->attempt->id);
    query_int(q, key->set.version);
    query_id(q, m->actor->body);
    query_id(q, s->session);
    query_id(q, score->attempt->entry);
    query_text(q, s->component);
    query_bytes(q, (struct bytes){score->source, HASH_BYTES});
    query_int(q, score->millimarks);
    query_int(q, score->full_millimarks);
    query_text(q, json_out_text(places_out));
    query_text(q, json_out_text(areas_out));
    query_int(q, (int64_t)score->doubtful);
    query_int(q, m->actor->now_ms);
    query_int(q, score->round);
    return query_run(q, e);
}
