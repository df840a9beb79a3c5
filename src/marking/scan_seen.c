/* marking/scan_seen.c - readings and decisions of one attempt, and the sheet they make. */
#include "marking/scan_seen.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "marking/typed.h"
#include "store/db.h"

/* No account has this id: ids are random. Zero is bound as NULL and stands for nobody. */
static const struct id SCAN_MACHINE = {
    {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};

static const char *name_of(const struct marking *m, size_t place)
{
    return arena_printf(m->arena, "%zu", place + 1);
}

/* --- what is stored ------------------------------------------------------------------------------ */
static bool take_reading(const json_t *one, struct scan_reading *r)
{
    const json_t *marks = json_object_get(one, "marks");
    const char *doubt = json_member_text(one, "doubt");
    r->place = (size_t)json_member_int(one, "place", SCAN_PLACES_MAX);
    for (size_t i = 0; i < json_array_size(marks) && i < SCAN_ROWS_MAX; i++)
        r->marks[i] = (unsigned char)json_integer_value(json_array_get(marks, i));
    return doubt && scan_doubt_find(doubt, &r->doubt);
}

static bool load_readings(const struct marking *m, struct db *db,
                          const struct scan_subject_row *s, struct scan_seen *out,
                          struct err *e)
{
    struct query *q = db_query(db, SQL_scan_readings);
    query_id(q, s->attempt);
    query_id(q, m->actor->body);
    bool ok = true;
    while (ok && query_next(q, e)) {
        struct id page = query_get_id(q, 0);
        int64_t px = query_get_int(q, 2);
        const char *text = query_get_text(q, 3, m->arena);
        const json_t *list = json_read(m->arena, text, strlen(text), e), *one;
        size_t i;
        out->pages++;
        json_array_foreach(list, i, one)
        {
            struct scan_reading r = {0};
            if (!take_reading(one, &r) || r.place >= s->layout.count)
                continue;
            out->places[r.place].read = true;
            out->places[r.place].reading = r;
            out->places[r.place].page = page;
            out->places[r.place].px = px;
        }
        ok = list;
        if (!ok)
            query_done(q);
    }
    out->begun = out->pages > 0;
    return ok && e->code == ERR_NONE;
}

static bool load_decided(const struct marking *m, struct db *db,
                         const struct scan_subject_row *s, struct scan_seen *out, struct err *e)
{
    json_t *decided = json_keep(m->arena, json_object());
    bool ok = true;
    struct query *q = db_query(db, SQL_scan_marks);
    query_id(q, s->attempt);
    query_id(q, m->actor->body);
    while (ok && query_next(q, e)) {
        const char *text = query_get_text(q, 1, m->arena);
        json_t *response = json_read(m->arena, text, strlen(text), e);
        ok = response;
        if (ok)
            json_object_set(decided, name_of(m, (size_t)query_get_int(q, 0) - 1), response);
        else
            query_done(q);
    }
    out->decided = decided;
    return ok && e->code == ERR_NONE;
}

bool scan_seen_load(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                    struct scan_seen *out, struct err *e)
{
    *out = (struct scan_seen){0};
    out->places = arena_alloc(m->arena, s->layout.count + 1, sizeof *out->places);
    if (!load_readings(m, db, s, out, e) || !load_decided(m, db, s, out, e))
        return false;
    struct query *q = db_query(db, SQL_scan_attempt_get);
    query_id(q, s->attempt);
    query_id(q, m->actor->body);
    while (query_next(q, e)) {
        out->entered = !query_is_null(q, 0);
        out->widened = !query_is_null(q, 2);
        if (out->widened)
            out->checker = query_get_id(q, 1);
    }
    return e->code == ERR_NONE;
}

bool scan_is_decided(const struct marking *m, const struct scan_seen *seen, size_t place)
{
    return json_object_get(seen->decided, name_of(m, place)) != NULL;
}

size_t scan_undecided(const struct marking *m, const struct scan_subject_row *s,
                      const struct scan_seen *seen)
{
    size_t left = 0;
    for (size_t i = 0; i < s->layout.count; i++)
        left += seen->places[i].read && seen->places[i].reading.doubt != SCAN_CLEAR &&
                !scan_is_decided(m, seen, i);
    return left;
}

bool scan_hold(const struct marking *m, struct db *db, const struct scan_subject_row *s,
               struct err *e)
{
    struct query *q = db_query(db, SQL_scan_attempt_create);
    query_id(q, s->attempt);
    query_id(q, m->actor->body);
    query_id(q, s->subject.session);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_scan_attempt_hold);
    query_id(q, s->attempt);
    query_id(q, m->actor->body);
    return query_change_one(q, "attempt", "这个场次没有这份答卷。", e);
}

/* --- the machine's sheet ------------------------------------------------------------------------- */
static json_t *letters_of(unsigned marks, int choices)
{
    json_t *out = json_array();
    for (int c = 0; c < choices; c++)
        if (marks & 1u << c)
            json_array_append_new(out, json_stringn((const char[]){(char)('A' + c)}, 1));
    return out;
}

/* As printed; a row that was left open is null, and so is a place whose rows all were. */
static json_t *as_printed(const struct scan_place *p, const struct scan_reading *r)
{
    unsigned any = 0;
    for (int row = 0; row < p->rows; row++)
        any |= r->marks[row];
    if (any == 0)
        return json_null();
    if (p->kind == SCAN_true_false)
        return json_boolean(r->marks[0] == 1);
    if (p->kind == SCAN_single || p->kind == SCAN_multiple)
        return letters_of(r->marks[0], p->choices);
    json_t *out = json_array();
    for (int row = 0; row < p->rows; row++) {
        json_t *one = letters_of(r->marks[row], p->choices);
        json_array_append_new(
            out, json_array_size(one) == 1 ? json_incref(json_array_get(one, 0)) : json_null());
        json_decref(one);
    }
    return out;
}

const struct json_t *scan_answers(const struct marking *m, const struct scan_subject_row *s,
                                  const struct scan_seen *seen)
{
    json_t *out = json_keep(m->arena, json_object());
    for (size_t i = 0; i < s->layout.count; i++) {
        const json_t *decided = json_object_get(seen->decided, name_of(m, i));
        struct err never = {0};
        json_t *own = NULL;
        if (!decided && seen->places[i].reading.doubt == SCAN_CLEAR) {
            json_t *printed = json_keep(
                m->arena, as_printed(&s->layout.places[i], &seen->places[i].reading));
            decided = typed_to_own(m->arena, json_array_get(s->places, i), printed, &own,
                                   &never)
                          ? own
                          : NULL;
        }
        if (decided)
            json_object_set(out, name_of(m, i), (json_t *)(uintptr_t)decided);
    }
    return out;
}

bool scan_sheet_put(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                    struct id account, const struct json_t *answers, int64_t looked_at,
                    struct err *e)
{
    struct json_out *o = json_out_create(m->arena);
    unsigned char digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    out_json(o, answers);
    const char *text = json_out_text(o);
    struct query *q = db_query(db, SQL_typed_sheet_create);
    query_id(q, s->attempt);
    query_id(q, account);
    query_text(q, text);
    query_int(q, m->actor->now_ms);
    query_int(q, m->actor->now_ms);
    query_id(q, m->actor->body);
    query_id(q, s->subject.session);
    if (!query_change_one(q, "/state", "这份答卷的录入刚刚有了变化，请重新读取。", e))
        return false;
    hash_of(digest, text, strlen(text));
    hex_write(hex, digest, HASH_BYTES);
    struct audit_row row = {.act = ACT_typed_submit, .object_type = "at", .object = s->attempt};
    row.change = json_keep(m->arena,
                           json_pack("{s:s, s:s, s:I}", "answers", hex, "by",
                                     id_equal(account, SCAN_MACHINE) ? "machine" : "check",
                                     "looked_at", (json_int_t)looked_at));
    return audit_write(db, m->actor, &row, e);
}

static bool has_room(struct db *db, const struct scan_subject_row *s, bool *out, struct err *e)
{
    struct query *q = db_query(db, SQL_typed_count);
    query_id(q, s->attempt);
    if (!query_one(q, "attempt", e))
        return false;
    *out = query_get_int(q, 0) < 2;
    query_done(q);
    return true;
}

bool scan_enter(const struct marking *m, struct db *db, const struct scan_subject_row *s,
                bool *entered, struct err *e)
{
    struct scan_seen seen;
    bool room;
    *entered = false;
    if (!scan_seen_load(m, db, s, &seen, e))
        return false;
    if (seen.entered || seen.pages < s->layout.pages || scan_undecided(m, s, &seen) > 0)
        return true;
    if (!has_room(db, s, &room, e))
        return false;
    if (!room) /* two people were faster: theirs count */
        return true;
    struct query *q = db_query(db, SQL_scan_attempt_enter);
    query_id(q, s->attempt);
    query_int(q, m->actor->now_ms);
    *entered = query_change_one(q, "/state", "这份答卷的录入刚刚有了变化，请重新读取。", e) &&
               scan_sheet_put(m, db, s, SCAN_MACHINE, scan_answers(m, s, &seen),
                              (int64_t)json_object_size(seen.decided), e);
    return *entered;
}
