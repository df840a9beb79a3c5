/* award/compute.c - the results of a batch, from its marks. */
#include <string.h>

#include "award/award.h"
#include "base/arena.h"
#include "base/json.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "programme/programme.h"
#include "sitting/session.h"
#include "sitting/violation.h"
#include "store/db.h"

/* The marks of one session, read once. */
struct marked_session {
    struct session session;
    struct marking_session marking;
    struct session_marks marks;
};

struct computing {
    const struct award_desk *d;
    struct batch batch;
    const struct programme *programme;
    struct entry_list entries;
    struct marked_session *sessions;
    size_t session_count;
    const char *reason;
    struct compute_report *out;
    struct result *results;
    size_t count, room;
};

static bool read_marks(struct computing *c, struct err *e)
{
    const struct marking *m = &c->d->marking;
    struct session_list list;
    struct owned which = {m->actor->body, c->batch.id};
    if (!session_list_batch(m->db, m->arena, which, &list, e))
        return false;
    c->sessions = arena_array(m->arena, struct marked_session, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        struct marked_session *s = &c->sessions[c->session_count];
        s->session = list.at[i];
        if (s->session.state == SESSION_cancelled)
            continue;
        if (!marking_session(m, s->session.id, &s->marking, e) ||
            !marking_of_session(m, &s->marking, &s->marks, e))
            return false;
        c->session_count++;
    }
    return true;
}

static const struct entry_mark *mark_of(const struct computing *c, const struct entry *n,
                                        const char *component, struct id *session)
{
    for (size_t i = 0; i < c->session_count; i++) {
        const struct marked_session *s = &c->sessions[i];
        if (strcmp(s->session.component, component) != 0)
            continue;
        for (size_t k = 0; k < s->marks.count; k++)
            if (id_equal(s->marks.at[k].entry, n->id)) {
                *session = s->session.id;
                return &s->marks.at[k];
            }
    }
    return NULL;
}

/* Decided violations of an entry: everything, or the component of their session. */
struct voids {
    bool all;
    struct id sessions[8];
    size_t count;
    const char *code, *decision; /* of the newest that voids something */
};

static bool read_voids(const struct computing *c, struct id entry, struct voids *out,
                       struct err *e)
{
    const struct marking *m = &c->d->marking;
    *out = (struct voids){0};
    struct query *q = db_query(m->db, SQL_award_violations);
    query_id(q, entry);
    while (query_next(q, e)) {
        const char *code = query_get_text(q, 1, m->arena);
        enum void_scope scope = violation_scope(code);
        out->all |= scope == VOID_ALL;
        if (scope != VOID_NOTHING) {
            out->code = code;
            out->decision = query_get_text(q, 2, m->arena);
            if (out->count < sizeof out->sessions / sizeof *out->sessions)
                out->sessions[out->count++] = query_get_id(q, 0);
        }
    }
    return e->code == ERR_NONE;
}

static bool voids_session(const struct voids *v, struct id session)
{
    for (size_t i = 0; i < v->count; i++)
        if (id_equal(v->sessions[i], session))
            return true;
    return v->all;
}

static const struct kept_part *kept_part(const struct kept_list *kept, const char *component)
{
    for (size_t i = 0; i < kept->count; i++)
        if (strcmp(kept->at[i].component, component) == 0)
            return &kept->at[i];
    return NULL;
}

static void note_missing(struct computing *c, struct id entry, const char *component,
                         const char *what)
{
    struct compute_report *r = c->out;
    r->missing = arena_grow(c->d->marking.arena, r->missing, r->missing_count,
                            r->missing_count + 1, sizeof *r->missing);
    r->missing[r->missing_count++] = (struct missing_mark){entry, component, what};
}

static struct result *next_result(struct computing *c)
{
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 256;
        c->results = arena_grow(c->d->marking.arena, c->results, c->count, room,
                                sizeof *c->results);
        c->room = room;
    }
    return &c->results[c->count++];
}

/* Of everything a result follows from, so that a changed mark, violation or kept part shows. */
static void hash_source(const struct entry_mark *mark, const struct component_verdict *v,
                        const struct component *component, unsigned char out[HASH_BYTES])
{
    struct hash_state h;
    unsigned char n[8];
    hash_begin(&h);
    hash_add(&h, "heng/result/1", 14);
    hash_add(&h, component->id, strlen(component->id) + 1);
    if (mark)
        hash_add(&h, mark->source, HASH_BYTES);
    be64_put(n, (uint64_t)v->kind);
    hash_add(&h, n, sizeof n);
    be64_put(n, (uint64_t)v->millimarks);
    hash_add(&h, n, sizeof n);
    be64_put(n, (uint64_t)component->pass_millimarks);
    hash_add(&h, n, sizeof n);
    hash_end(&h, out);
}

static const char *reason_of(const struct computing *c, const struct component_verdict *v,
                             const struct voids *voids)
{
    struct arena *a = c->d->marking.arena;
    if (v->kind != RESULT_VOID)
        return c->reason;
    return arena_printf(a, "违纪处理决定（%s）：%s", violation_code_name(a, voids->code),
                        voids->decision ? voids->decision : "");
}

static struct component_verdict compute_component(struct computing *c, const struct entry *n,
                                                  const struct component *component,
                                                  const struct voids *voids,
                                                  const struct kept_list *kept)
{
    struct id session = {{0}};
    const struct entry_mark *mark = mark_of(c, n, component->id, &session);
    const struct kept_part *part = kept_part(kept, component->id);
    if (mark && !mark->complete)
        note_missing(c, n->id, component->id, mark->missing);
    if (!mark && !part)
        note_missing(c, n->id, component->id, "没有安排这一科目的场次。");
    struct component_fact fact = {
        .complete = mark && mark->complete,
        .absent = !mark,
        .void_by_violation = voids->all || (mark && voids_session(voids, session)),
        .kept = part != NULL,
        .kept_millimarks = part ? part->millimarks : 0,
        .millimarks = mark ? mark->millimarks : 0,
        .pass_millimarks = component->pass_millimarks,
    };
    struct component_verdict v = decide_component(&fact);
    struct result *r = next_result(c);
    *r = (struct result){
        .entry = n->id,
        .person = n->person,
        .session = session,
        .component = component->id,
        .level = n->level,
        .direction = n->direction ? n->direction : "",
        .kind = result_kind_name(v.kind),
        .millimarks = v.millimarks,
        .full_millimarks = component->full_millimarks,
        .pass_millimarks = component->pass_millimarks,
        .passed = v.passed,
        .areas = mark ? mark->areas : "[]",
        .reason = reason_of(c, &v, voids),
    };
    hash_source(mark, &v, component, r->source);
    return v;
}

static bool compute_entry(struct computing *c, const struct entry *n, struct err *e)
{
    const struct marking *m = &c->d->marking;
    struct component_verdict verdicts[8];
    size_t count = 0;
    struct voids voids;
    struct kept_list kept;
    struct resit_question resit = {.person = n->person,
                                   .entry = n->id,
                                   .programme = c->programme,
                                   .level = n->level,
                                   .direction = n->direction ? n->direction : "",
                                   .keep_days = c->batch.policy.part_validity_days,
                                   .at_ms = instant_of(c->batch.exam_from, 0, CHINA_OFFSET_MS)};
    if (!read_voids(c, n->id, &voids, e) ||
        !award_kept(m->db, m->arena, m->actor->body, &resit, &kept, e))
        return false;
    for (size_t i = 0; i < c->programme->component_count && count < 8; i++) {
        const struct component *component = &c->programme->components[i];
        if (component_at_level(component, n->level))
            verdicts[count++] = compute_component(c, n, component, &voids, &kept);
    }
    c->out->passed += decide_all(verdicts, count);
    return true;
}

/* The newest published version, and whether the computed result differs from it. */
static bool compare(const struct computing *c, struct result *r, bool *differs, struct err *e)
{
    const struct marking *m = &c->d->marking;
    bool found;
    struct query *q = db_query(m->db, SQL_result_newest_published);
    query_id(q, r->entry);
    query_text(q, r->component);
    query_id(q, m->actor->body);
    if (!query_maybe(q, &found, e))
        return false;
    r->version = 1;
    *differs = true;
    if (found) {
        struct bytes source = query_get_bytes(q, 1, m->arena);
        r->version = query_get_int(q, 0) + 1;
        *differs = source.len != HASH_BYTES || memcmp(source.at, r->source, HASH_BYTES) != 0;
        query_done(q);
    }
    return true;
}

static bool put_result(struct db *db, const struct computing *c, const struct result *r,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_result_put);
    query_id(q, r->entry);
    query_text(q, r->component);
    query_int(q, r->version);
    query_id(q, c->d->marking.actor->body);
    query_id(q, c->batch.id);
    query_id(q, r->session);
    query_id(q, r->person);
    query_text(q, c->programme->id);
    query_int(q, r->level);
    query_text(q, r->direction);
    query_text(q, r->kind);
    query_int(q, r->millimarks);
    query_int(q, r->full_millimarks);
    query_int(q, r->pass_millimarks);
    query_int(q, r->passed);
    query_text(q, r->areas);
    query_bytes(q, (struct bytes){r->source, HASH_BYTES});
    query_text(q, r->reason);
    query_int(q, c->d->marking.actor->now_ms);
    return query_run(q, e);
}

static bool store_results(struct db *db, void *ctx, struct err *e)
{
    struct computing *c = ctx;
    struct query *q = db_query(db, SQL_result_drop_unpublished);
    query_id(q, c->batch.id);
    query_id(q, c->d->marking.actor->body);
    if (!query_run(q, e))
        return false;
    c->out->changed = 0;
    for (size_t i = 0; i < c->count; i++) {
        bool differs;
        if (!compare(c, &c->results[i], &differs, e))
            return false;
        if (!differs)
            continue;
        c->out->changed++;
        if (!put_result(db, c, &c->results[i], e))
            return false;
    }
    struct audit_row row = {
        .act = ACT_result_compute, .object_type = "ba", .object = c->batch.id};
    row.change = json_keep(c->d->marking.arena,
                           json_pack("{s:I, s:I}", "results", (json_int_t)c->count, "changed",
                                     (json_int_t)c->out->changed));
    return audit_write(db, c->d->marking.actor, &row, e);
}

static void digest_of(const struct computing *c, unsigned char out[HASH_BYTES])
{
    struct hash_state h;
    hash_begin(&h);
    for (size_t i = 0; i < c->count; i++) {
        hash_add(&h, c->results[i].entry.bytes, ID_BYTES);
        hash_add(&h, c->results[i].source, HASH_BYTES);
    }
    hash_end(&h, out);
}

bool result_compute(const struct award_desk *d, struct id batch, const char *reason,
                    struct compute_report *out, struct err *e)
{
    const struct marking *m = &d->marking;
    struct computing c = {.d = d, .reason = reason, .out = out};
    *out = (struct compute_report){0};
    if (!batch_get(m->db, m->arena, m->actor->body, batch, &c.batch, e) ||
        !batch_programme(m->db, m->arena, m->programmes, &c.batch, &c.programme, e) ||
        !entry_list_accepted(m->db, m->arena, m->actor->body, batch, &c.entries, e) ||
        !read_marks(&c, e))
        return false;
    for (size_t i = 0; i < c.entries.count; i++)
        if (!compute_entry(&c, &c.entries.at[i], e))
            return false;
    out->entries = (int64_t)c.entries.count;
    out->results = (int64_t)c.count;
    digest_of(&c, out->digest);
    return out->missing_count > 0 || db_transact(m->db, store_results, &c, e);
}
