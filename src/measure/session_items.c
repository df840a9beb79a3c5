/* measure/session_items.c - one pass over the scored attempts of a session, then the statistics. */
#include "measure/session_items.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "measure/item_statistics.h"
#include "measure/session_scores.h"

struct collected {
    struct session_item item;
    struct item_point *points;
    size_t count, room;
};

struct collecting {
    const struct marking *m;
    struct collected *items;
    size_t count, room;
    double *totals; /* one an attempt, as a share */
    size_t attempts;
};

static struct collected *item_for(struct collecting *c, const struct paper_place *p)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].item.part == p->part && strcmp(c->items[i].item.code, p->code) == 0)
            return &c->items[i];
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 128;
        c->items = arena_grow(c->m->arena, c->items, c->count, room, sizeof *c->items);
        c->room = room;
    }
    struct collected *it = &c->items[c->count++];
    const json_t *whole = p->item_json;
    const json_t *keyed =
        p->part < 0 ? whole : json_array_get(json_object_get(whole, "items"), (size_t)p->part);
    *it = (struct collected){.item = {
                                 .code = p->code,
                                 .stem = p->stem ? p->stem : "",
                                 .area = p->area ? p->area : "",
                                 .kind = p->kind->name,
                                 .version_id = p->version_id,
                                 .part = p->part,
                                 .key = json_object_get(keyed, "key"),
                                 .credit = p->credit,
                                 .changed = p->credit || p->also_count > 0,
                                 .full_millimarks = p->millimarks,
                             }};
    return it;
}

static bool response_text(struct arena *a, const struct place_mark *mark, const char **out,
                          struct err *e)
{
    struct bytes text;
    *out = "null";
    if (!mark->answered)
        return true;
    if (!jcs_write(a, mark->response, &text, e))
        return false;
    *out = arena_copy(a, text.at, text.len);
    return true;
}

static bool collect(struct collecting *c, const struct attempt_score *s, int64_t sex,
                    struct err *e)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct place_mark *mark = &s->marks[i];
        struct collected *it = item_for(c, &s->places[i]);
        if (it->count == it->room) {
            size_t room = it->room ? it->room * 2 : 64;
            it->points = arena_grow(c->m->arena, it->points, it->count, room,
                                    sizeof *it->points);
            it->room = room;
        }
        struct item_point *p = &it->points[it->count++];
        double others = (double)(s->full_millimarks - mark->full_millimarks);
        *p = (struct item_point){
            .share = mark->full_millimarks
                         ? (double)mark->millimarks / (double)mark->full_millimarks
                         : 0,
            .rest = others > 0 ? (double)(s->millimarks - mark->millimarks) / others : 0,
            .total = s->full_millimarks ? (double)s->millimarks / (double)s->full_millimarks
                                        : 0,
            .full = mark->millimarks == mark->full_millimarks,
            .sex = sex,
        };
        it->item.answered += mark->answered;
        it->item.by_people |= mark->needs_marker;
        if (!response_text(c->m->arena, mark, &p->response, e))
            return false;
    }
    c->totals[c->attempts++] = s->full_millimarks
                                   ? (double)s->millimarks / (double)s->full_millimarks
                                   : 0;
    return true;
}

/* Cronbach 1951, over one form: every item was asked of everybody. */
static double alpha_of(const struct collecting *c, double total_variance, double weights)
{
    double sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        double w = (double)c->items[i].item.full_millimarks / weights;
        if (c->items[i].count != c->attempts)
            return NAN;
        sum += w * w * item_moments(c->items[i].points, c->items[i].count).variance;
    }
    double k = (double)c->count;
    return k > 1 && total_variance > 0 ? k / (k - 1) * (1 - sum / total_variance) : NAN;
}

static void summarise(const struct collecting *c, struct session_items *out)
{
    double n = (double)c->attempts, squares = 0, weights = 0;
    out->mean = out->sd = out->alpha = NAN;
    out->attempts = (int64_t)c->attempts;
    for (size_t i = 0; i < c->count; i++)
        weights += (double)c->items[i].item.full_millimarks;
    if (c->attempts < 2)
        return;
    out->mean = 0;
    for (size_t i = 0; i < c->attempts; i++)
        out->mean += c->totals[i] / n;
    for (size_t i = 0; i < c->attempts; i++)
        squares += (c->totals[i] - out->mean) * (c->totals[i] - out->mean);
    out->sd = sqrt(squares / (n - 1));
    out->alpha = alpha_of(c, squares / (n - 1), weights);
}

bool session_items(const struct marking *m, struct id session, struct session_items *out,
                   struct err *e)
{
    struct session_scores scores;
    struct collecting c = {.m = m};
    *out = (struct session_items){0};
    if (!session_scores(m, session, &scores, e))
        return false;
    c.totals = arena_array(m->arena, double, scores.count + 1);
    for (size_t i = 0; i < scores.count; i++)
        if (!collect(&c, &scores.at[i], scores.sex[i], e))
            return false;
    out->at = arena_array(m->arena, struct session_item, c.count + 1);
    summarise(&c, out);
    for (size_t i = 0; i < c.count; i++) {
        struct session_item *it = &c.items[i].item;
        it->count = (int64_t)c.items[i].count;
        item_statistics(m->arena, c.items[i].points, c.items[i].count, it);
        out->at[out->count++] = *it;
    }
    return true;
}
