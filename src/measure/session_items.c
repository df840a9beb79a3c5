/* measure/session_items.c - one pass over the scored attempts of a session, then the statistics. */
#include "measure/session_items.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "marking/score_attempt.h"

enum { ANSWERS_SHOWN = 12, WEAK_FROM = 30 };
static const double WEAK_R = 0.15, EASY_P = 0.95, HARD_P = 0.2, RIVAL_BY = 0.02;

/* What one attempt gave at one item. */
struct point {
    double share, rest; /* of the item's marks, of all the others' */
    const char *response;
    bool full;
};

struct collected {
    struct session_item item;
    struct point *points;
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

static bool collect(struct collecting *c, const struct attempt_score *s, struct err *e)
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
        struct point *p = &it->points[it->count++];
        double others = (double)(s->full_millimarks - mark->full_millimarks);
        *p = (struct point){
            .share = mark->full_millimarks
                         ? (double)mark->millimarks / (double)mark->full_millimarks
                         : 0,
            .rest = others > 0 ? (double)(s->millimarks - mark->millimarks) / others : 0,
            .full = mark->millimarks == mark->full_millimarks,
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

/* --- statistics ---------------------------------------------------------------------------------- */
static void moments(const struct collected *it, double *mean, double *variance, double *r)
{
    double n = (double)it->count, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < it->count; i++) {
        x += it->points[i].share / n;
        y += it->points[i].rest / n;
    }
    for (size_t i = 0; i < it->count; i++) {
        double dx = it->points[i].share - x, dy = it->points[i].rest - y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    *mean = it->count ? x : NAN;
    *variance = it->count > 1 ? xx / (n - 1) : NAN;
    *r = xx > 1e-12 && yy > 1e-12 ? xy / sqrt(xx * yy) : NAN;
}

static int by_response(const void *x, const void *y)
{
    return strcmp(((const struct point *)x)->response, ((const struct point *)y)->response);
}

static int by_count(const void *x, const void *y)
{
    const struct answer_tally *a = x, *b = y;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->response, b->response);
}

static void tally(struct arena *a, struct collected *it)
{
    struct answer_tally *all = arena_array(a, struct answer_tally, it->count + 1);
    size_t n = 0;
    qsort(it->points, it->count, sizeof *it->points, by_response);
    for (size_t i = 0; i < it->count; i++) {
        const struct point *p = &it->points[i];
        if (n == 0 || strcmp(all[n - 1].response, p->response) != 0)
            all[n++] = (struct answer_tally){.response = p->response, .full = p->full};
        struct answer_tally *t = &all[n - 1];
        t->rest += (p->rest - t->rest) / (double)++t->count;
    }
    qsort(all, n, sizeof *all, by_count);
    it->item.answers = all;
    it->item.answer_count = n < ANSWERS_SHOWN ? n : ANSWERS_SHOWN;
}

/* Somebody's answer other than the key went with better marks elsewhere: the key may be wrong. */
static bool has_rival(const struct session_item *it)
{
    double key = NAN;
    for (size_t i = 0; i < it->answer_count; i++)
        if (it->answers[i].full && (isnan(key) || it->answers[i].rest > key))
            key = it->answers[i].rest;
    for (size_t i = 0; i < it->answer_count; i++) {
        const struct answer_tally *t = &it->answers[i];
        if (!t->full && strcmp(t->response, "null") != 0 && t->count * 5 >= it->count &&
            !isnan(key) && t->rest > key + RIVAL_BY)
            return true;
    }
    return false;
}

static unsigned findings_of(const struct session_item *it)
{
    unsigned f = 0;
    if (it->credit || it->count < WEAK_FROM)
        return 0;
    if (it->r < 0)
        f |= FINDING_HARDER_FOR_THE_BEST;
    else if (it->r < WEAK_R)
        f |= FINDING_WEAK;
    if (has_rival(it))
        f |= FINDING_RIVAL;
    if (it->p > EASY_P)
        f |= FINDING_EASY;
    if (it->p < HARD_P)
        f |= FINDING_HARD;
    return f;
}

/* Cronbach 1951, over one form: every item was asked of everybody. */
static double alpha_of(const struct collecting *c, double total_variance, double weights)
{
    double sum = 0;
    for (size_t i = 0; i < c->count; i++) {
        double mean, variance, r, w = (double)c->items[i].item.full_millimarks / weights;
        if (c->items[i].count != c->attempts)
            return NAN;
        moments(&c->items[i], &mean, &variance, &r);
        sum += w * w * variance;
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
    struct session_key key;
    struct attempt_row *attempts;
    size_t count;
    struct collecting c = {.m = m};
    *out = (struct session_items){0};
    if (!attempt_rows(m, session, &attempts, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!attempts[i].ended)
            return FAIL(e, CONFLICT, "/state", "还有考生没有交卷，试题分析要等考试结束。");
    if (count == 0)
        return true;
    if (!session_key(m, session, NULL, &key, e))
        return false;
    c.totals = arena_array(m->arena, double, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct attempt_score s;
        if (!attempt_score(m, &key, &attempts[i], &s, e) || !collect(&c, &s, e))
            return false;
    }
    out->at = arena_array(m->arena, struct session_item, c.count + 1);
    summarise(&c, out);
    for (size_t i = 0; i < c.count; i++) {
        struct session_item *it = &c.items[i].item;
        double variance;
        it->count = (int64_t)c.items[i].count;
        moments(&c.items[i], &it->p, &variance, &it->r);
        tally(m->arena, &c.items[i]);
        it->findings = findings_of(it);
        out->at[out->count++] = *it;
    }
    return true;
}
