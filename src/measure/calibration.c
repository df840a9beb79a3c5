/* measure/calibration.c - gathers answers over sittings, fits, links, keeps the run. */
#include "measure/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bank/parameter.h"
#include "base/arena.h"
#include "base/progress.h"
#include "measure/responses.h"
#include "measure/session_scores.h"
#include "store/db.h"

enum {
    SITTING_ARENA_BYTES = 1 << 30,
    TABLE_CELLS_MAX = 64 << 20,
    ITEMS_MIN = 5,
};

/* --- gathering ----------------------------------------------------------------------------------- */
struct known {
    struct id version_id; /* first: sorted by it */
    int64_t right, wrong;
    bool out; /* partial marks, a marker, credit for all */
};
struct cell {
    uint32_t person, item;
    uint8_t x;
};
struct gathering {
    const struct marking *m;
    struct known *items;
    size_t count;
    struct cell *cells;
    size_t cell_count, cell_room;
    uint32_t persons;
    int64_t sittings;
};

static int by_version(const void *x, const void *y)
{
    return memcmp(x, y, ID_BYTES);
}

static bool known_items(struct gathering *g, const char *programme, struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(g->m->db, SQL_calibration_versions);
    query_id(q, g->m->actor->body);
    query_text(q, programme);
    while (query_next(q, e)) {
        if (g->count == room) {
            size_t more = room ? room * 2 : 256;
            g->items = arena_grow(g->m->arena, g->items, room, more, sizeof *g->items);
            room = more;
        }
        g->items[g->count++] = (struct known){.version_id = query_get_id(q, 0)};
    }
    if (g->count)
        qsort(g->items, g->count, sizeof *g->items, by_version);
    return e->code == ERR_NONE;
}

static void add_cell(struct gathering *g, size_t item, uint8_t x)
{
    if (g->cell_count == g->cell_room) {
        size_t more = g->cell_room ? g->cell_room * 2 : 4096;
        g->cells = arena_grow(g->m->arena, g->cells, g->cell_room, more, sizeof *g->cells);
        g->cell_room = more;
    }
    g->cells[g->cell_count++] = (struct cell){g->persons, (uint32_t)item, x};
}

static void take_attempt(struct gathering *g, const struct attempt_score *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct paper_place *p = &s->places[i];
        const struct place_mark *mark = &s->marks[i];
        struct known *k = bsearch(&p->version_id, g->items, g->count, sizeof *g->items,
                                  by_version);
        if (!k)
            continue; /* retired, or its text has changed since */
        bool full = mark->millimarks == mark->full_millimarks;
        k->out |= p->part >= 0 || p->credit || mark->needs_marker ||
                  (mark->millimarks != 0 && !full);
        k->right += full;
        k->wrong += !full;
        add_cell(g, (size_t)(k - g->items), full);
    }
    g->persons++;
}

static bool gather(struct gathering *g, const char *programme, struct err *e)
{
    struct id sessions[CALIBRATION_SITTINGS];
    size_t count = 0;
    int64_t attempts = 0;
    struct query *q = db_query(g->m->db, SQL_calibration_sessions);
    query_id(q, g->m->actor->body);
    query_text(q, programme);
    query_int(q, CALIBRATION_SITTINGS);
    while (query_next(q, e)) {
        attempts += query_get_int(q, 1);
        sessions[count++] = query_get_id(q, 0);
    }
    if (e->code != ERR_NONE || !progress_begin(g->m->progress, "read", attempts, e))
        return false;
    for (size_t i = 0; i < count && g->count && e->code == ERR_NONE; i++) {
        struct arena *own = arena_create(SITTING_ARENA_BYTES);
        struct marking one = *g->m;
        struct session_scores s;
        struct err why = {0};
        one.arena = own;
        if (session_scores(&one, sessions[i], &s, &why)) {
            for (size_t k = 0; k < s.count; k++)
                take_attempt(g, &s.at[k]);
            g->sittings += s.count > 0;
        } else if (why.code != ERR_CONFLICT) { /* still being taken */
            *e = why;
        }
        arena_destroy(own);
    }
    return e->code == ERR_NONE;
}

/* --- the run ------------------------------------------------------------------------------------- */
struct running {
    const struct marking *m;
    const char *programme;
    enum calibrate_model model;
    struct gathering from;
    size_t *kept; /* of the gathering's items, those that are fitted */
    size_t count;
    struct calibrated fit;
    struct item_parameter *bank;
    size_t bank_count;
    struct anchor_item *anchors;
    size_t anchor_count;
    struct scale_link link;
    int64_t before;
};

static bool choose_items(struct running *r, struct err *e)
{
    const struct calibrate_least *least = &calibrate_least[r->model];
    const struct gathering *g = &r->from;
    r->kept = arena_array(r->m->arena, size_t, g->count + 1);
    for (size_t i = 0; i < g->count; i++)
        if (!g->items[i].out && g->items[i].right >= CALIBRATE_EITHER_WAY &&
            g->items[i].wrong >= CALIBRATE_EITHER_WAY &&
            g->items[i].right + g->items[i].wrong >= least->answers)
            r->kept[r->count++] = i;
    if (g->persons < least->persons)
        return FAIL(e, RULE, "/model", "已公布的考试中只有 %u 人，这个模型至少要 %lld 人。",
                    g->persons, (long long)least->persons);
    if (r->count < ITEMS_MIN)
        return FAIL(e, RULE, "/model",
                    "只有 %zu 道题可以估计（机器计分、非对即错、正文未改、至少 %lld 人作答，"
                    "答对、答错各至少 %d 人），至少要 %d 道。",
                    r->count, (long long)least->answers, CALIBRATE_EITHER_WAY, ITEMS_MIN);
    return (uint64_t)g->persons * r->count <= TABLE_CELLS_MAX ||
           FAIL(e, RULE, "/model", "作答太多，一次最多 %d 万格。", TABLE_CELLS_MAX / 10000);
}

static bool fit(struct running *r, struct err *e)
{
    const struct gathering *g = &r->from;
    int32_t *column = arena_array(r->m->arena, int32_t, g->count + 1);
    uint8_t *x = arena_array(r->m->arena, uint8_t, g->persons * r->count);
    memset(x, RESPONSE_MISSING, g->persons * r->count);
    for (size_t i = 0; i < g->count; i++)
        column[i] = -1;
    for (size_t k = 0; k < r->count; k++)
        column[r->kept[k]] = (int32_t)k;
    for (size_t i = 0; i < g->cell_count; i++) {
        const struct cell *c = &g->cells[i];
        if (column[c->item] >= 0)
            x[c->person * r->count + (size_t)column[c->item]] = c->x;
    }
    const struct answer_table t = {g->persons, r->count, x};
    return calibrate(r->m->arena, &t, r->model, &r->fit, e) &&
           (r->fit.converged ||
            FAIL(e, RULE, "/model", "估计没有收敛，请换更简单的模型或等更多考生。"));
}

static bool put_on_scale(struct running *r, struct err *e)
{
    struct bank b = {r->m->db, r->m->arena, r->m->master, r->m->programmes, r->m->actor};
    if (!item_parameters(&b, r->programme, &r->bank, &r->bank_count, e))
        return false;
    struct query *q = db_query(r->m->db, SQL_calibration_before);
    query_id(q, r->m->actor->body);
    query_text(q, r->programme);
    if (!query_one(q, "calibration", e))
        return false;
    r->before = query_get_int(q, 0);
    query_done(q);
    r->anchors = arena_array(r->m->arena, struct anchor_item, r->count + 1);
    for (size_t k = 0; k < r->count; k++) {
        const struct item_parameter *p = item_parameter_of(
            r->bank, r->bank_count, r->from.items[r->kept[k]].version_id);
        if (p)
            r->anchors[r->anchor_count++] = (struct anchor_item){
                .at = k, .a = p->a, .b = p->b, .c = p->c};
    }
    if (r->before == 0)
        return true; /* this run makes the scale */
    r->link = calibrate_link(r->m->arena, r->fit.items, r->count, r->anchors, r->anchor_count);
    return r->link.known ||
           FAIL(e, RULE, "/model",
                "题库已有尺度，共同题只有 %zu 道可靠，至少要 %d 道才能链接。",
                r->link.anchors ? r->link.anchors : r->anchor_count, LINK_ANCHORS_MIN);
}

static const char *role_of(const struct running *r, size_t item, size_t *next, double *kept_b)
{
    *kept_b = NAN;
    if (*next == r->anchor_count || r->anchors[*next].at != item)
        return "new";
    const struct anchor_item *anchor = &r->anchors[(*next)++]; /* in the order of the items */
    *kept_b = anchor->b;
    return anchor->drifted ? "drifted" : "anchor";
}

bool calibration_run(const struct marking *m, const char *programme, enum calibrate_model model,
                     struct id *out, struct err *e)
{
    struct running r = {.m = m, .programme = programme, .model = model, .from = {.m = m}};
    if (!known_items(&r.from, programme, e) || !gather(&r.from, programme, e) ||
        !choose_items(&r, e) || !progress_begin(m->progress, "fit", 0, e) || !fit(&r, e) ||
        !progress_begin(m->progress, "keep", 0, e) || !put_on_scale(&r, e))
        return false;
    struct parameter_made *items = arena_array(m->arena, struct parameter_made, r.count + 1);
    size_t anchor = 0;
    for (size_t k = 0; k < r.count; k++) {
        items[k] = (struct parameter_made){.version_id = r.from.items[r.kept[k]].version_id,
                                           .estimate = r.fit.items[k]};
        items[k].role = role_of(&r, k, &anchor, &items[k].kept_b);
    }
    const struct calibration_made made = {
        .programme = programme,
        .model = model,
        .sittings = r.from.sittings,
        .persons = r.from.persons,
        .before = r.before,
        .log_likelihood = r.fit.log_likelihood,
        .link = r.link,
        .items = items,
        .count = r.count,
    };
    return calibration_keep(m, &made, out, e);
}
