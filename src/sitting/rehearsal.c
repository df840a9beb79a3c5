/* sitting/rehearsal.c - reports of rehearsals: read, judged, kept with their session. */
#include "sitting/rehearsal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "sitting/conduct.h"
#include "sitting/session.h"
#include "store/audit.h"
#include "store/db.h"

enum { STAGES_MAX = 32, NAME_MAX_BYTES = 40, TEXT_MAX_BYTES = 1000, LIST_MAX = 20 };

enum bound { AT_MOST, AT_LEAST };
static const char *const bounds[] = {"at_most", "at_least"};
static const struct {
    const char *name, *unit, *label;
    enum bound bound;
    int64_t limit;
} table[] = {
#define LIMIT(name, unit, bound, limit, label) {#name, #unit, label, bound, limit},
#include "sitting/rehearsal_limits.def"
#undef LIMIT
};
enum { LIMITS = sizeof table / sizeof *table };

static bool find_limit(const char *name, size_t *out)
{
    for (size_t i = 0; i < LIMITS; i++)
        if (strcmp(table[i].name, name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

const char *rehearsal_limit_label(const char *name)
{
    size_t i;
    return find_limit(name, &i) ? table[i].label : name;
}

bool rehearsal_limits_read(struct arena *a, const char *text, const char *field,
                           struct rehearsal_limits *out, struct err *e)
{
    *out = (struct rehearsal_limits){arena_array(a, struct rehearsal_limit, LIMITS), 0};
    for (const char *at = text; at && *at;) {
        size_t len = strcspn(at, ","), name = strcspn(at, "=,"), row;
        char *end = NULL;
        struct rehearsal_limit l = {.name = arena_copy(a, at, name)};
        if (name < len)
            l.limit = strtoll(at + name + 1, &end, 10);
        if (!find_limit(l.name, &row) || end != at + len || name + 1 == len || l.limit < 0 ||
            out->count == LIMITS)
            return FAIL(e, INVALID, field, "门槛 %.*s 须为“名称=数值”，名称见报告。", (int)len,
                        at);
        out->at[out->count++] = l;
        at += len + (at[len] == ',');
    }
    return true;
}

/* --- the report's shape ---------------------------------------------------------------------------- */
static bool is_name(const char *text)
{
    return text && *text && strlen(text) <= NAME_MAX_BYTES;
}

static bool whole(const json_t *v, const char *name, int64_t least)
{
    const json_t *n = json_object_get(v, name);
    return json_is_integer(n) && json_integer_value(n) >= least;
}

static bool stages_are_good(const json_t *stages)
{
    if (!json_is_array(stages) || json_array_size(stages) > STAGES_MAX)
        return false;
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *s = json_array_get(stages, i);
        if (json_object_size(s) != 4 || !is_name(json_member_text(s, "name")) ||
            !whole(s, "count", 0) || !whole(s, "ms", 0) || !whole(s, "cpu_ms", 0))
            return false;
    }
    return true;
}

static bool figures_are_good(const json_t *figures)
{
    const char *name;
    json_t *value;
    size_t row;
    if (!json_is_object(figures))
        return false;
    json_object_foreach((json_t *)(uintptr_t)figures, name, value)
    {
        if (!find_limit(name, &row) || !json_is_integer(value) || json_integer_value(value) < 0)
            return false;
    }
    return true;
}

static bool failed_is_good(const json_t *failed)
{
    const char *text = json_member_text(failed, "text");
    return json_is_null(failed) ||
           (json_object_size(failed) == 2 && is_name(json_member_text(failed, "stage")) &&
            text && strlen(text) <= TEXT_MAX_BYTES);
}

static bool shape_is_good(const json_t *r, struct err *e)
{
    static const char *const numbers[] = {"began_ms", "ended_ms", "candidates", "rooms",
                                          "nodes"};
    if (json_object_size(r) != 10)
        return FAIL(e, INVALID, "/report", "演练报告缺少成员或有多余成员。");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!whole(r, numbers[i], 0))
            return FAIL(e, INVALID, "/report", "演练报告的 %s 不是数。", numbers[i]);
    if (!is_name(json_member_text(r, "version")) || !is_name(json_member_text(r, "engine")))
        return FAIL(e, INVALID, "/report", "演练报告没有版本或数据库。");
    if (!stages_are_good(json_object_get(r, "stages")))
        return FAIL(e, INVALID, "/report/stages", "演练报告的各步读不出来。");
    if (!figures_are_good(json_object_get(r, "figures")))
        return FAIL(e, INVALID, "/report/figures", "演练报告的数值读不出来。");
    return failed_is_good(json_object_get(r, "failed")) ||
           FAIL(e, INVALID, "/report/failed", "演练报告的失败原因读不出来。");
}

/* --- the verdict -------------------------------------------------------------------------------------- */
static int64_t limit_of(size_t row, const struct rehearsal_limits *own)
{
    for (size_t i = 0; own && i < own->count; i++)
        if (strcmp(own->at[i].name, table[row].name) == 0)
            return own->at[i].limit;
    return table[row].limit;
}

static json_t *line_of(size_t row, int64_t limit, const json_t *value, bool *ok)
{
    int64_t v = json_integer_value(value);
    *ok = value && (table[row].bound == AT_MOST ? v <= limit : v >= limit);
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:b}", "name", table[row].name, "unit",
                     table[row].unit, "bound", bounds[table[row].bound], "limit",
                     (json_int_t)limit, "value", value ? json_integer(v) : json_null(), "ok",
                     *ok);
}

bool rehearsal_judge(struct arena *a, const json_t *report,
                     const struct rehearsal_limits *limits, json_t **out, struct err *e)
{
    if (!shape_is_good(report, e))
        return false;
    const json_t *figures = json_object_get(report, "figures");
    bool passed = json_is_null(json_object_get(report, "failed"));
    json_t *lines = json_array();
    for (size_t i = 0; i < LIMITS; i++) {
        bool ok;
        json_array_append_new(lines, line_of(i, limit_of(i, limits),
                                             json_object_get(figures, table[i].name), &ok));
        passed = passed && ok;
    }
    *out = json_keep(a, json_deep_copy(report));
    json_object_set_new(*out, "limits", lines);
    json_object_set_new(*out, "passed", json_boolean(passed));
    return true;
}

/* --- before it begins ----------------------------------------------------------------------------------- */
static bool nobody_sits(struct db *db, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_open_count);
    if (!query_one(q, "attempt", e))
        return false;
    int64_t open = query_get_int(q, 0);
    query_done(q);
    return open == 0 || FAIL(e, CONFLICT, "/session", "有 %lld 名考生正在考试，现在不能演练。",
                             (long long)open);
}

static bool session_named(struct db *db, struct arena *a, struct id id, struct session *out,
                          struct err *e)
{
    struct query *q = db_query(db, SQL_rehearsal_session);
    query_id(q, id);
    if (!query_one(q, "/session", e))
        return false;
    struct id body = query_get_id(q, 0);
    query_done(q);
    return session_get(db, a, (struct owned){body, id}, out, e);
}

bool rehearsal_may_begin(struct db *db, struct arena *a, int64_t now_ms,
                         struct rehearsal_plan *plan, struct err *e)
{
    struct session s;
    struct room_list rooms;
    struct conduct conduct;
    if (!session_named(db, a, plan->session, &s, e) ||
        !conduct_get(db, a, plan->session, &conduct, e))
        return false;
    enum session_state now = session_now(&s, now_ms);
    if (now != SESSION_draft && now != SESSION_arranged && now != SESSION_sealed)
        return FAIL(e, CONFLICT, "/session", "场次现在是“%s”，不能再演练。",
                    session_state_label(now));
    if (!nobody_sits(db, e) || !room_list(db, a, (struct owned){s.body, s.id}, &rooms, e))
        return false;
    plan->body = s.body;
    plan->title = s.title;
    plan->seb = conduct.seb;
    plan->seats = plan->largest = 0;
    for (size_t i = 0; i < rooms.count; i++) {
        plan->seats += rooms.at[i].capacity;
        if (rooms.at[i].capacity > plan->largest)
            plan->largest = rooms.at[i].capacity;
    }
    return true;
}

/* --- kept -------------------------------------------------------------------------------------------------- */
struct keeping {
    struct arena *arena;
    const struct actor *who;
    const struct rehearsal_input *in;
    struct id id;
    struct json_t *report;
    struct bytes text;
    bool passed;
};

static bool put(struct db *db, const struct keeping *k, struct err *e)
{
    struct query *q = db_query(db, SQL_rehearsal_put);
    query_id(q, k->id);
    query_id(q, k->who->body);
    query_id(q, k->in->session);
    query_id(q, k->in->node);
    query_int(q, k->who->now_ms);
    query_int(q, json_member_int(k->report, "candidates", 0));
    query_int(q, k->passed);
    query_text(q, (const char *)k->text.at);
    return query_run(q, e);
}

static bool keep(struct db *db, void *ctx, struct err *e)
{
    const struct keeping *k = ctx;
    unsigned char hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    hash_of(hash, k->text.at, k->text.len);
    hex_write(hex, hash, HASH_BYTES);
    json_t *change = json_keep(
        k->arena,
        json_pack("{s:b, s:I, s:s}", "passed", k->passed, "candidates",
                  (json_int_t)json_member_int(k->report, "candidates", 0), "sha256", hex));
    return put(db, k, e) && (!k->in->also || k->in->also(db, k->in->ctx, e)) &&
           audit_write(db, k->who,
                       &(struct audit_row){.act = ACT_rehearsal_keep,
                                           .object_type = "rh",
                                           .object = k->id,
                                           .chain_owner = k->in->session,
                                           .change = change},
                       e);
}

bool rehearsal_keep(struct db *db, struct arena *a, const struct actor *who,
                    const struct rehearsal_input *in, bool *passed, struct err *e)
{
    struct keeping k = {.arena = a, .who = who, .in = in, .id = id_random()};
    struct session s;
    if (!session_get(db, a, (struct owned){who->body, in->session}, &s, e) ||
        !rehearsal_judge(a, in->report, in->limits, &k.report, e) ||
        !jcs_write(a, k.report, &k.text, e))
        return false;
    *passed = k.passed = json_is_true(json_object_get(k.report, "passed"));
    return db_transact(db, keep, &k, e);
}

bool rehearsal_list(struct db *db, struct arena *a, struct id body, struct id session,
                    struct rehearsal **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_rehearsal_list);
    query_id(q, body);
    query_id(q, session);
    query_int(q, LIST_MAX);
    *out = arena_array(a, struct rehearsal, LIST_MAX);
    *count = 0;
    while (query_next(q, e)) {
        const char *text = query_get_text(q, 5, a);
        struct rehearsal *r = &(*out)[(*count)++];
        *r = (struct rehearsal){.id = query_get_id(q, 0),
                                .node = query_get_id(q, 1),
                                .node_name = query_get_text(q, 2, a),
                                .at_ms = query_get_int(q, 3),
                                .passed = query_get_int(q, 4) != 0,
                                .report = json_read(a, text, text ? strlen(text) : 0, e)};
        if (!r->report) {
            query_done(q);
            return false;
        }
    }
    return e->code == ERR_NONE;
}
