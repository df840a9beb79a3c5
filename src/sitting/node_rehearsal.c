/* sitting/node_rehearsal.c - rehearsals on a room's machine, on the node itself: taken, followed, ended, told. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/node_self.h"
#include "sitting/rehearsal.h"
#include "sitting/room_rehearsal.h"
#include "store/audit.h"
#include "store/db.h"

enum { LIST_MAX = 20 };
static const int64_t BEFORE_OPENING_MS = 30 * 60000;

bool node_rehearsals(struct db *db, struct arena *a, struct node_rehearsal **out, size_t *count,
                     struct err *e)
{
    struct query *q = db_query(db, SQL_node_rehearsal_list);
    query_int(q, LIST_MAX);
    *out = arena_array(a, struct node_rehearsal, LIST_MAX);
    *count = 0;
    while (query_next(q, e)) {
        const char *report = query_get_text(q, 9, a);
        struct node_rehearsal *r = &(*out)[(*count)++];
        *r = (struct node_rehearsal){.id = query_get_id(q, 0),
                                     .session = query_get_id(q, 1),
                                     .candidates = query_get_int(q, 2),
                                     .room_seats = query_get_int(q, 3),
                                     .seb = query_get_int(q, 4) != 0,
                                     .taken_ms = query_get_int(q, 5),
                                     .state = query_get_text(q, 6, a),
                                     .stage = query_get_text(q, 7, a),
                                     .problem = query_get_text(q, 8, a),
                                     .passed = query_get_int(q, 10) != 0,
                                     .ended_ms = query_get_int(q, 11),
                                     .told = query_get_text(q, 12, a)};
        if (report && !(r->report = json_read(a, report, strlen(report), e))) {
            query_done(q);
            return false;
        }
    }
    return e->code == ERR_NONE;
}

bool node_rehearsal_read(const json_t *order, struct node_rehearsal *out, struct err *e)
{
    const char *id = json_member_text(order, "id"),
               *session = json_member_text(order, "session");
    *out = (struct node_rehearsal){.candidates = json_member_int(order, "candidates", 0),
                                   .room_seats = json_member_int(order, "room_seats", 0),
                                   .seb = json_is_true(json_object_get(order, "seb"))};
    return (id && id_read(id, &out->id) && session && id_read(session, &out->session) &&
            out->candidates >= REHEARSAL_CANDIDATES_MIN &&
            out->candidates <= REHEARSAL_CANDIDATES_MAX && out->room_seats >= 1 &&
            out->room_seats <= REHEARSAL_CANDIDATES_MAX) ||
           FAIL(e, INVALID, "/rehearsals", "演练的命令读不出来。");
}

bool node_rehearsal_hinders(const struct node_here *h, const char **why, struct err *e)
{
    struct node_package *list;
    size_t count;
    int64_t now = h->who->now_ms;
    *why = NULL;
    struct query *q = db_query(h->db, SQL_attempt_open_count);
    if (!query_one(q, "attempt", e))
        return false;
    int64_t open = query_get_int(q, 0);
    query_done(q);
    if (open > 0)
        *why = "有考生正在本节点考试，不能演练。";
    if (!node_packages(h->db, h->arena, &list, &count, e))
        return false;
    for (size_t i = 0; i < count && !*why; i++) {
        const struct node_package *p = &list[i];
        bool waits = strcmp(p->state, "complete") == 0 || strcmp(p->state, "fetching") == 0;
        if (strcmp(p->state, "released") == 0)
            *why = "本节点有考场已经启封、还没有回传，不能演练。";
        else if (waits && now > p->open_at_ms - BEFORE_OPENING_MS && now < p->close_at_ms)
            *why = "本节点有考场半小时内开考，不能演练。";
    }
    return true;
}

/* --- taken ------------------------------------------------------------------------------------------- */
struct beginning {
    const struct node_here *here;
    const struct node_rehearsal *rehearsal;
    bool *mine;
};

static bool put_begun(struct db *db, void *ctx, struct err *e)
{
    const struct beginning *b = ctx;
    const struct node_rehearsal *r = b->rehearsal;
    int64_t rows;
    struct query *q = db_query(db, SQL_node_rehearsal_put);
    query_id(q, r->id);
    query_id(q, r->session);
    query_int(q, r->candidates);
    query_int(q, r->room_seats);
    query_int(q, r->seb);
    query_int(q, b->here->who->now_ms);
    json_t *change = json_keep(b->here->arena,
                               json_pack("{s:I}", "candidates", (json_int_t)r->candidates));
    if (!query_change(q, &rows, e))
        return false;
    *b->mine = rows == 1;
    return rows == 0 || audit_write(db, b->here->who,
                                    &(struct audit_row){.act = ACT_rehearsal_begin,
                                                        .object_type = "rh",
                                                        .object = r->id,
                                                        .chain_owner = r->session,
                                                        .change = change},
                                    e);
}

bool node_rehearsal_begin(const struct node_here *h, const struct node_rehearsal *r, bool *mine,
                          struct err *e)
{
    struct beginning b = {h, r, mine};
    return db_transact(h->db, put_begun, &b, e);
}

/* --- followed ---------------------------------------------------------------------------------------- */
struct following {
    struct id order;
    const char *text;
    enum sql which;
};

static bool put_text_of(struct db *db, void *ctx, struct err *e)
{
    const struct following *f = ctx;
    struct query *q = db_query(db, f->which);
    query_id(q, f->order);
    query_text(q, f->text);
    return query_run(q, e);
}

bool node_rehearsal_stage(const struct node_here *h, struct id order, const char *stage,
                          struct err *e)
{
    struct following f = {order, stage, SQL_node_rehearsal_stage};
    return db_transact(h->db, put_text_of, &f, e);
}

struct ending {
    const struct node_here *here;
    const struct node_rehearsal *rehearsal;
    const char *problem;
    struct bytes report;
    bool passed;
};

static bool put_ended(struct db *db, void *ctx, struct err *e)
{
    const struct ending *n = ctx;
    const struct node_rehearsal *r = n->rehearsal;
    struct query *q = db_query(db, SQL_node_rehearsal_end);
    query_id(q, r->id);
    query_text(q, n->report.at ? "done" : "refused");
    query_text(q, n->problem);
    query_text(q, (const char *)n->report.at);
    query_int(q, n->passed);
    query_int(q, n->here->who->now_ms);
    json_t *change = json_keep(
        n->here->arena,
        json_pack("{s:b, s:s*}", "passed", (int)n->passed, "problem", n->problem));
    return query_change_one(q, "/state", "这次演练已经结束。", e) &&
           audit_write(db, n->here->who,
                       &(struct audit_row){.act = ACT_rehearsal_end,
                                           .object_type = "rh",
                                           .object = r->id,
                                           .chain_owner = r->session,
                                           .change = change},
                       e);
}

bool node_rehearsal_end(const struct node_here *h, const struct node_rehearsal *r,
                        const json_t *report, const char *problem, struct err *e)
{
    struct ending n = {.here = h, .rehearsal = r, .problem = report ? NULL : problem};
    struct rehearsal_limit own = {"candidates", r->candidates};
    struct rehearsal_limits limits = {&own, 1};
    json_t *judged;
    if (report && (!rehearsal_judge(h->arena, report, &limits, &judged, e) ||
                   !jcs_write(h->arena, report, &n.report, e)))
        return false;
    n.passed = report && json_is_true(json_object_get(judged, "passed"));
    return db_transact(h->db, put_ended, &n, e);
}

/* --- told -------------------------------------------------------------------------------------------- */
static const char *known_as(struct arena *a, const struct node_rehearsal *r)
{
    return arena_printf(a, "%s/%s", r->state, r->stage ? r->stage : "");
}

json_t *node_rehearsal_news(struct arena *a, const struct node_rehearsal *r)
{
    if (r->told && strcmp(r->told, known_as(a, r)) == 0)
        return NULL;
    char id[ID_TEXT_BYTES];
    id_write(r->id, id);
    json_t *news = json_keep(a, json_pack("{s:s, s:s, s:s?, s:s?}", "id", id, "state", r->state,
                                          "stage", r->stage, "problem", r->problem));
    if (r->report)
        json_object_set(news, "report", (json_t *)(uintptr_t)r->report);
    return news;
}

bool node_rehearsal_known(const struct node_here *h, const struct node_rehearsal *r,
                          struct err *e)
{
    struct following f = {r->id, known_as(h->arena, r), SQL_node_rehearsal_told};
    return db_transact(h->db, put_text_of, &f, e);
}
