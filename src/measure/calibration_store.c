/* measure/calibration_store.c - runs as they came out, and the act that adopts one. */
#include <math.h>

#include "base/arena.h"
#include "base/json.h"
#include "measure/calibration.h"
#include "store/db.h"

/* --- keeping a run ------------------------------------------------------------------------------- */
struct keeping {
    const struct marking *m;
    const struct calibration_made *made;
    struct id id;
};

static void query_real(struct query *q, double v)
{
    if (isfinite(v))
        query_int(q, llround(v * 1e6));
    else
        query_null(q);
}

static bool put_run(struct db *db, const struct keeping *k, struct err *e)
{
    const struct calibration_made *c = k->made;
    struct query *q = db_query(db, SQL_calibration_put);
    query_id(q, k->id);
    query_id(q, k->m->actor->body);
    query_text(q, c->programme);
    query_text(q, calibrate_model_names[c->model]);
    query_int(q, c->sittings);
    query_int(q, c->persons);
    query_int(q, llround(c->log_likelihood * 1000));
    query_int(q, c->before);
    query_int(q, (int64_t)c->link.anchors);
    query_real(q, c->link.known ? c->link.a : NAN);
    query_real(q, c->link.known ? c->link.b : NAN);
    query_id(q, k->m->actor->account);
    query_int(q, k->m->actor->now_ms);
    return query_run(q, e);
}

static bool put_item(struct db *db, const struct keeping *k, const struct parameter_made *p,
                     struct err *e)
{
    struct query *q = db_query(db, SQL_item_parameter_put);
    query_id(q, k->id);
    query_id(q, p->version_id);
    query_text(q, p->role);
    query_real(q, p->estimate.a);
    query_real(q, p->estimate.b);
    query_real(q, p->estimate.c);
    query_real(q, p->estimate.se_a);
    query_real(q, p->estimate.se_b);
    query_real(q, p->estimate.se_c);
    query_int(q, p->estimate.answers);
    query_real(q, p->kept_b);
    return query_run(q, e);
}

static bool keep(struct db *db, void *ctx, struct err *e)
{
    struct keeping *k = ctx;
    const struct calibration_made *c = k->made;
    k->id = id_random();
    if (!put_run(db, k, e))
        return false;
    for (size_t i = 0; i < c->count; i++)
        if (!put_item(db, k, &c->items[i], e))
            return false;
    json_t *change = json_keep(k->m->arena,
                               json_pack("{s:s, s:s, s:I, s:I, s:I}", "programme", c->programme,
                                         "model", calibrate_model_names[c->model], "persons",
                                         (json_int_t)c->persons, "items", (json_int_t)c->count,
                                         "anchors", (json_int_t)c->link.anchors));
    return audit_write(
        db, k->m->actor,
        &(struct audit_row){
            .act = ACT_calibration_run, .object_type = "cb", .object = k->id, .change = change},
        e);
}

bool calibration_keep(const struct marking *m, const struct calibration_made *made,
                      struct id *out, struct err *e)
{
    struct keeping k = {.m = m, .made = made};
    if (!db_transact(m->db, keep, &k, e))
        return false;
    *out = k.id;
    return true;
}

/* --- reading ------------------------------------------------------------------------------------- */
static double real_at(const struct query *q, int column, double unit)
{
    return query_is_null(q, column) ? NAN : (double)query_get_int(q, column) / unit;
}

static void read_row(const struct query *q, struct arena *a, struct calibration_row *r)
{
    *r = (struct calibration_row){
        .id = query_get_id(q, 0),
        .programme = query_get_text(q, 1, a),
        .model = query_get_text(q, 2, a),
        .sittings = query_get_int(q, 3),
        .persons = query_get_int(q, 4),
        .log_likelihood = real_at(q, 5, 1000),
        .before = query_get_int(q, 6),
        .anchors = query_get_int(q, 7),
        .link_a = real_at(q, 8, 1e6),
        .link_b = real_at(q, 9, 1e6),
        .ran_ms = query_get_int(q, 10),
        .adopted_ms = query_is_null(q, 11) ? 0 : query_get_int(q, 11),
        .actor = query_get_text(q, 12, a),
        .second = query_get_text(q, 13, a),
        .fresh = query_get_int(q, 14),
        .drifted = query_get_int(q, 15),
    };
}

bool calibration_list(const struct marking *m, const char *programme,
                      struct calibration_row **out, size_t *count, struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(m->db, SQL_calibration_list);
    query_id(q, m->actor->body);
    query_text(q, programme);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        if (*count == room) {
            *out = arena_grow(m->arena, *out, room, room + 16, sizeof **out);
            room += 16;
        }
        read_row(q, m->arena, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

static void read_item(const struct query *q, struct arena *a, struct calibrated_item *i)
{
    *i = (struct calibrated_item){
        .version_id = query_get_id(q, 0),
        .item = query_get_id(q, 1),
        .code = query_get_text(q, 2, a),
        .role = query_get_text(q, 3, a),
        .estimate = {.a = real_at(q, 4, 1e6),
                     .b = real_at(q, 5, 1e6),
                     .c = real_at(q, 6, 1e6),
                     .se_a = real_at(q, 7, 1e6),
                     .se_b = real_at(q, 8, 1e6),
                     .se_c = real_at(q, 9, 1e6),
                     .answers = query_get_int(q, 10)},
        .kept_b = real_at(q, 11, 1e6),
        .current = query_get_int(q, 12) == 1,
        .difficulty = query_get_int(q, 13),
    };
}

bool calibration_get(const struct marking *m, struct id calibration, struct calibration *out,
                     struct err *e)
{
    size_t room = 0;
    *out = (struct calibration){0};
    struct query *q = db_query(m->db, SQL_calibration_get);
    query_id(q, m->actor->body);
    query_id(q, calibration);
    if (!query_one(q, "calibration", e))
        return false;
    read_row(q, m->arena, &out->row);
    query_done(q);
    q = db_query(m->db, SQL_item_parameter_list);
    query_id(q, calibration);
    while (query_next(q, e)) {
        if (out->count == room) {
            size_t more = room ? room * 2 : 64;
            out->items = arena_grow(m->arena, out->items, room, more, sizeof *out->items);
            room = more;
        }
        read_item(q, m->arena, &out->items[out->count++]);
    }
    return e->code == ERR_NONE;
}

/* --- adopting ------------------------------------------------------------------------------------ */
bool calibration_adopt(const struct marking *m, struct id calibration, struct err *e)
{
    struct calibration c;
    if (id_is_zero(m->actor->second))
        return FAIL(e, FORBIDDEN, "/second", "采用参数须由两人办理。");
    if (!calibration_get(m, calibration, &c, e))
        return false;
    struct query *q = db_query(m->db, SQL_calibration_adopt);
    query_id(q, calibration);
    query_id(q, m->actor->body);
    query_id(q, m->actor->second);
    query_int(q, m->actor->now_ms);
    json_t *change = json_keep(m->arena, json_pack("{s:s, s:s, s:I}", "programme",
                                                   c.row.programme, "model", c.row.model,
                                                   "items", (json_int_t)c.row.fresh));
    return query_change_one(q, "/calibration",
                            "这次估计已经采用，或此后采用了另一次：请重新估计。", e) &&
           audit_write(m->db, m->actor,
                       &(struct audit_row){.act = ACT_calibration_adopt,
                                           .object_type = "cb",
                                           .object = calibration,
                                           .change = change},
                       e);
}
