/* paper/assemble_search.c - annealed swaps of items between forms, and with items not in use, until
 * every form keeps every condition at the objective aimed at. Bounded by steps, never by time, so
 * that the same seed gives the same forms. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_model.h"

enum { CHECK_EVERY = 256, LANES = 8, BANK_STEPS = 600000 };
/* Measured: between forms alone a hot start finds what a cool one never does; with the whole bank
 * at hand a hot start only scatters the pool that the relaxation chose. */
static const double POOL_HEAT = 1e-5, BANK_HEAT = 1e-6, POOL_CYCLE = 4e6, BANK_CYCLE = 1.5e5;
static const double LIMIT_PRICE = 1e-3, SET_PRICE = 5e-5, NOUGHT = 1e-13;

struct state {
    const struct model *m;
    const struct search_order *order;
    uint64_t chance;
    size_t stride, size_max, words;
    uint32_t *item;                     /* forms x size_max */
    double *sum;                        /* forms x stride */
    double *lo, *hi, *inverse;          /* types x stride: what the sums are aimed at */
    double *penalty;                    /* of the sums of each form */
    int32_t *count[ASSEMBLE_TYPES_MAX]; /* forms of the type x rows */
    size_t first_form[ASSEMBLE_TYPES_MAX];
    uint64_t *in; /* items x words: the forms an item is in */
    int32_t *uses;
    int32_t *shared; /* forms x forms, NULL: sharing is free */
    int64_t pair_max;
    int64_t broken; /* counts missed by, all forms, sets and pairs included */
    double aim, heat;
    bool pool_only, crosses, sizes_vary;
    struct drawing { /* by class */
        uint32_t *start, *item;
    } pool[ASSEMBLE_TYPES_MAX], near[ASSEMBLE_TYPES_MAX]; /* dealt; worth a thought */
    struct search_result *out;
};

static uint32_t next(struct state *s)
{
    s->chance ^= s->chance << 13;
    s->chance ^= s->chance >> 7;
    s->chance ^= s->chance << 17;
    return (uint32_t)(s->chance >> 32);
}

static uint32_t below(struct state *s, uint32_t bound)
{
    return (uint32_t)((uint64_t)next(s) * bound >> 32);
}

static bool is_in(const struct state *s, uint32_t item, size_t form)
{
    return s->in[item * s->words + form / 64] >> (form % 64) & 1;
}

/* Squared excess over the aims, with what one changes: sum + sign (to - from). */
static double excess(const double *restrict sum, const double *restrict to,
                     const double *restrict from, const double *restrict aims, size_t stride)
{
    const double *lo = aims, *hi = aims + stride, *inverse = aims + 2 * stride;
    double total = 0;
    for (size_t at = 0; at < stride; at += LANES)
        for (size_t d = at; d < at + LANES; d++) {
            double v = sum[d] + (to[d] - from[d]);
            double below_lo = lo[d] - v, above_hi = v - hi[d];
            double e = below_lo > above_hi ? below_lo : above_hi;
            e = e > 0 ? e * inverse[d] : 0;
            total += e * e;
        }
    return total;
}

/* lo, hi and inverse of a type lie one behind the other. */
static double *aims_of(const struct state *s, size_t type)
{
    return s->lo + type * 3 * s->stride;
}

static void set_aim(struct state *s, double aim)
{
    const struct model *m = s->m;
    double size = fmax(fabs(s->order->bound), 1e-9);
    s->aim = aim;
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        double *lo = aims_of(s, g), *hi = lo + s->stride, *inverse = hi + s->stride;
        for (size_t d = 0; d < s->stride; d++) {
            lo[d] = -1e300;
            hi[d] = 1e300;
            inverse[d] = 1;
        }
        for (size_t k = 0; k < m->k; k++) {
            lo[k] = t->ratio[k] * aim;
            if (m->has_upper)
                hi[k] = t->upper_at_zero[k] + t->upper_slope[k] * aim;
            inverse[k] = 1 / (t->ratio[k] * size);
        }
        for (size_t d = 0; d < m->sums; d++) {
            /* A hair inside, so that rounding cannot push a sum over its limit. */
            double hair = isfinite(t->hi[d]) && isfinite(t->lo[d]) && t->hi[d] - t->lo[d] < 1e-6
                              ? 0
                              : 1e-9;
            if (isfinite(t->lo[d]))
                lo[m->k + d] = t->lo[d] + hair * (1 + fabs(t->lo[d]));
            if (isfinite(t->hi[d]))
                hi[m->k + d] = t->hi[d] - hair * (1 + fabs(t->hi[d]));
            inverse[m->k + d] = 1 / m->scale[d];
        }
    }
    const double *nothing = model_values(m, m->items);
    for (size_t f = 0; f < m->forms; f++)
        s->penalty[f] = excess(s->sum + f * s->stride, nothing, nothing,
                               aims_of(s, m->form_type[f]), s->stride);
}

/* --- counts ---------------------------------------------------------------------------------------- */
static int32_t missed(const struct model_row *r, int32_t count)
{
    return count < r->lo ? r->lo - count : count > r->hi ? count - r->hi : 0;
}

struct change {
    int64_t broken;
    double price;
};

static void count_one(const struct model_type *t, int32_t *counts, uint32_t row, int by,
                      bool apply, struct change *c)
{
    const struct model_row *r = &t->rows[row];
    int32_t more = missed(r, counts[row] + by) - missed(r, counts[row]);
    c->broken += more;
    c->price += more * (r->is_set ? SET_PRICE : LIMIT_PRICE);
    if (apply)
        counts[row] += by;
}

/* One item of the form for another: rows in both lists do not change. */
static void count_swap(const struct state *s, size_t form, uint32_t out, uint32_t in,
                       bool apply, struct change *c)
{
    size_t g = s->m->form_type[form];
    const struct model_type *t = &s->m->type[g];
    int32_t *counts = s->count[g] + (form - s->first_form[g]) * t->row_count;
    uint32_t p = t->row_start[out], p_end = t->row_start[out + 1];
    uint32_t q = t->row_start[in], q_end = t->row_start[in + 1];
    while (p < p_end || q < q_end) {
        uint32_t x = p < p_end ? t->item_row[p] : UINT32_MAX;
        uint32_t y = q < q_end ? t->item_row[q] : UINT32_MAX;
        if (x < y)
            count_one(t, counts, x, -1, apply, c);
        else if (y < x)
            count_one(t, counts, y, 1, apply, c);
        p += x <= y;
        q += y <= x;
    }
}

static bool counts_differ(const struct model_type *t, uint32_t x, uint32_t y)
{
    return t->kind[x] != t->kind[y] || t->limits_end[x] != t->row_start[x + 1] ||
           t->limits_end[y] != t->row_start[y + 1];
}

/* Items shared with other forms; EXCEPT takes part in the same swap and is counted on its own. */
static void share_one(struct state *s, size_t form, uint32_t item, int by, bool apply,
                      struct change *c)
{
    if (item == s->m->items)
        return;
    for (size_t h = 0; h < s->m->forms; h++) {
        if (h == form || !is_in(s, item, h))
            continue;
        int32_t now = s->shared[form * s->m->forms + h];
        int64_t before = now > s->pair_max ? now - s->pair_max : 0;
        int64_t after = now + by > s->pair_max ? now + by - s->pair_max : 0;
        c->broken += after - before;
        c->price += (double)(after - before) * LIMIT_PRICE;
        if (apply) {
            s->shared[form * s->m->forms + h] += by;
            s->shared[h * s->m->forms + form] += by;
        }
    }
}

/* --- one step --------------------------------------------------------------------------------------- */
enum { NO_FORM = -1 };

struct swap {
    size_t form, place;
    uint32_t out, in;
    int other; /* the form that `in` leaves and `out` enters; NO_FORM: in is free */
};

static bool choose(struct state *s, int64_t step, struct swap *w)
{
    const struct model *m = s->m;
    size_t forms = m->forms;
    w->form = below(s, (uint32_t)forms);
    for (int i = 0; i < 2 && !(step & 1); i++) { /* every other time the worst of three */
        size_t f = below(s, (uint32_t)forms);
        if (s->penalty[f] > s->penalty[w->form])
            w->form = f;
    }
    const struct model_type *t = &m->type[m->form_type[w->form]];
    w->place = below(s, (uint32_t)t->size_hi);
    w->out = s->item[w->form * s->size_max + w->place];
    uint32_t class = t->class[w->out];
    bool anywhere = class == t->class_count || (s->crosses && (next(s) & 7) == 0);
    if (s->sizes_vary && w->out != m->items && (next(s) & 15) == 0) {
        w->in = m->items;
    } else if (anywhere) {
        w->in = below(s, m->items);
    } else {
        size_t g = m->form_type[w->form];
        const struct drawing *d = s->pool_only ? &s->pool[g] : &s->near[g];
        w->in = d->item[d->start[class] + below(s, d->start[class + 1] - d->start[class])];
    }
    if (w->in == w->out || (w->in != m->items && is_in(s, w->in, w->form)))
        return false;
    w->other = NO_FORM;
    if (w->in == m->items)
        return true;
    int32_t uses = s->uses[w->in];
    bool free = uses < m->capacity[w->in] && (uses == 0 || (next(s) & 1));
    if (free)
        return !s->pool_only;
    if (uses == 0)
        return false;
    int32_t nth = uses > 1 ? (int32_t)below(s, (uint32_t)uses) : 0;
    for (size_t word = 0; word < s->words; word++)
        for (uint64_t bits = s->in [w->in * s->words + word]; bits; bits &= bits - 1)
            if (nth-- == 0)
                w->other = (int)(word * 64 + (size_t)__builtin_ctzll(bits));
    return w->out == m->items || !is_in(s, w->out, (size_t)w->other);
}

/* Swaps that change counts seldom pay: most are not even weighed. */
static bool worth_weighing(struct state *s, const struct swap *w)
{
    const struct model_type *t = &s->m->type[s->m->form_type[w->form]];
    if (t->kind[w->out] == t->kind[w->in] || s->broken > 0)
        return true;
    return (next(s) & (w->other == NO_FORM ? 63 : 3)) == 0;
}

static void move_bits(struct state *s, uint32_t item, size_t form, bool in)
{
    if (item == s->m->items)
        return;
    if (in)
        s->in[item * s->words + form / 64] |= (uint64_t)1 << (form % 64);
    else
        s->in[item * s->words + form / 64] &= ~((uint64_t)1 << (form % 64));
    s->uses[item] += in ? 1 : -1;
}

static struct change count_change(struct state *s, const struct swap *w, bool apply)
{
    const struct model *m = s->m;
    struct change c = {0, 0};
    const struct model_type *t = &m->type[m->form_type[w->form]];
    if (counts_differ(t, w->out, w->in))
        count_swap(s, w->form, w->out, w->in, apply, &c);
    if (w->other != NO_FORM) {
        t = &m->type[m->form_type[w->other]];
        if (counts_differ(t, w->in, w->out))
            count_swap(s, (size_t)w->other, w->in, w->out, apply, &c);
    }
    if (s->shared) {
        share_one(s, w->form, w->out, -1, apply, &c);
        if (w->other != NO_FORM) {
            share_one(s, (size_t)w->other, w->in, -1, apply, &c);
            /* out stays with `form` no longer, in not with `other`: neither pair meets there. */
        }
    }
    return c;
}

/* What entering shares; in a swap the bits of both are already cleared. */
static struct change enter_change(struct state *s, const struct swap *w, bool apply)
{
    struct change c = {0, 0};
    share_one(s, w->form, w->in, 1, apply, &c);
    if (w->other != NO_FORM)
        share_one(s, (size_t)w->other, w->out, 1, apply, &c);
    return c;
}

static void move_sums(struct state *s, size_t form, uint32_t out, uint32_t in)
{
    double *sum = s->sum + form * s->stride;
    const double *to = model_values(s->m, in), *from = model_values(s->m, out);
    for (size_t d = 0; d < s->stride; d++)
        sum[d] += to[d] - from[d];
}

static void apply(struct state *s, const struct swap *w, double penalty, double other_penalty)
{
    struct change c = count_change(s, w, true);
    s->broken += c.broken;
    move_bits(s, w->out, w->form, false);
    if (w->other != NO_FORM)
        move_bits(s, w->in, (size_t)w->other, false);
    if (s->shared)
        s->broken += enter_change(s, w, true).broken;
    move_bits(s, w->in, w->form, true);
    move_sums(s, w->form, w->out, w->in);
    s->item[w->form * s->size_max + w->place] = w->in;
    s->penalty[w->form] = penalty;
    if (w->other == NO_FORM)
        return;
    size_t other = (size_t)w->other;
    move_bits(s, w->out, other, true);
    move_sums(s, other, w->in, w->out);
    uint32_t *at = s->item + other * s->size_max;
    while (*at != w->in)
        at++;
    *at = w->out;
    s->penalty[other] = other_penalty;
}

/* With sharing the bits must be cleared to see what entering costs. */
static struct change weigh_sharing(struct state *s, const struct swap *w)
{
    move_bits(s, w->out, w->form, false);
    if (w->other != NO_FORM)
        move_bits(s, w->in, (size_t)w->other, false);
    struct change c = enter_change(s, w, false);
    move_bits(s, w->out, w->form, true);
    if (w->other != NO_FORM)
        move_bits(s, w->in, (size_t)w->other, true);
    return c;
}

static void try_swap(struct state *s, const struct swap *w)
{
    const struct model *m = s->m;
    const double *in = model_values(m, w->in), *out = model_values(m, w->out);
    double penalty = excess(s->sum + w->form * s->stride, in, out,
                            aims_of(s, m->form_type[w->form]), s->stride);
    double other = 0, more = penalty - s->penalty[w->form];
    if (w->other != NO_FORM) {
        other = excess(s->sum + (size_t)w->other * s->stride, out, in,
                       aims_of(s, m->form_type[w->other]), s->stride);
        more += other - s->penalty[w->other];
    }
    more += count_change(s, w, false).price;
    if (s->shared)
        more += weigh_sharing(s, w).price;
    if (more < 0 ||
        (s->heat > 0 && more < 8 * s->heat && next(s) * 0x1p-32 < exp(-more / s->heat)))
        apply(s, w, penalty, other);
}

/* --- beginning, checking ---------------------------------------------------------------------------- */
static void take_places(struct state *s, const struct places *start)
{
    const struct model *m = s->m;
    struct change unused = {0, 0};
    for (size_t f = 0; f < m->forms; f++) {
        size_t g = m->form_type[f];
        const struct model_type *t = &m->type[g];
        int32_t *counts = s->count[g] + (f - s->first_form[g]) * t->row_count;
        for (size_t p = 0; p < s->size_max; p++) {
            uint32_t i = start->item[f * s->size_max + p];
            s->item[f * s->size_max + p] = i;
            if (i == m->items)
                continue;
            move_bits(s, i, f, true);
            for (size_t d = 0; d < s->stride; d++)
                s->sum[f * s->stride + d] += model_values(m, i)[d];
            for (uint32_t k = t->row_start[i]; k < t->row_start[i + 1]; k++)
                count_one(t, counts, t->item_row[k], 1, true, &unused);
        }
        for (size_t r = 0; r < t->row_count; r++) {
            int32_t more = missed(&t->rows[r], counts[r]);
            s->broken += more;
            /* What the deal put into another class than its own must be able to come back. */
            s->crosses |= more > 0 && t->rows[r].lo == t->rows[r].hi;
        }
    }
    for (uint32_t i = 0; s->shared && i < m->items; i++)
        for (size_t f = 0; f < m->forms && s->uses[i] > 1; f++)
            for (size_t h = 0; h < m->forms; h++)
                s->shared[f * m->forms + h] += f != h && is_in(s, i, f) && is_in(s, i, h);
    for (size_t f = 0; s->shared && f < m->forms; f++)
        for (size_t h = f + 1; h < m->forms; h++)
            s->broken += s->shared[f * m->forms + h] > s->pair_max
                             ? s->shared[f * m->forms + h] - s->pair_max
                             : 0;
}

/* While only dealt items change places, the others need not be drawn; nor need what costs more
 * than all that lies between bound and goal. */
static void list_drawn(struct state *s, struct arena *a)
{
    const struct model *m = s->m;
    double slack = s->order->draw_all
                       ? INFINITY
                       : fmax(s->order->bound - s->order->goal, 0.002 * fabs(s->order->bound));
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        for (int near = 0; near < 2; near++) {
            struct drawing *d = near ? &s->near[g] : &s->pool[g];
            uint32_t n = 0;
            d->start = arena_array(a, uint32_t, (size_t)t->class_count + 2);
            d->item = arena_array(a, uint32_t, (size_t)m->items + 1);
            for (uint32_t c = 0; c < t->class_count; c++) {
                d->start[c] = n;
                for (uint32_t k = t->class_start[c]; k < t->class_start[c + 1]; k++) {
                    uint32_t i = t->class_item[k];
                    bool close = near && m->k > 0 &&
                                 s->order->gain[i * m->type_count + g] >= -slack;
                    if (s->uses[i] > 0 || close || (near && m->k == 0))
                        d->item[n++] = i;
                }
            }
            d->start[t->class_count] = n;
        }
    }
}

static void begin(struct state *s, struct arena *a, const struct places *start)
{
    const struct model *m = s->m;
    assert(m->type_count > 0 && m->forms > 0);
    s->stride = m->stride;
    s->size_max = start->size_max;
    s->words = (m->forms + 63) / 64;
    s->item = arena_array(a, uint32_t, m->forms * s->size_max + 1);
    s->sum = arena_array(a, double, m->forms * s->stride + 1);
    s->lo = arena_array(a, double, m->type_count * 3 * s->stride + 1);
    s->penalty = arena_array(a, double, m->forms + 1);
    s->in = arena_array(a, uint64_t, ((size_t)m->items + 1) * s->words);
    s->uses = arena_array(a, int32_t, (size_t)m->items + 1);
    for (size_t g = 0, f = 0; g < m->type_count; f += m->type[g++].forms) {
        s->first_form[g] = f;
        s->count[g] = arena_array(a, int32_t, m->type[g].forms * m->type[g].row_count + 1);
        s->sizes_vary |= m->type[g].size_lo != m->type[g].size_hi;
    }
    s->crosses = m->mixes;
    if (m->pair_budget >= 0) {
        s->shared = arena_array(a, int32_t, m->forms * m->forms + 1);
        s->pair_max = m->blueprint->pair + (int64_t)m->blueprint->must_count;
    }
    s->chance = s->order->seed * 0x9e3779b97f4a7c15u + 0x1234567;
    s->chance += s->chance == 0;
    take_places(s, start);
    list_drawn(s, a);
}

/* The objective of the worst form; false where a sum or an upper limit is not kept. */
static bool objective_now(const struct state *s, double *out)
{
    const struct model *m = s->m;
    double y = INFINITY;
    for (size_t f = 0; f < m->forms; f++) {
        const struct model_type *t = &m->type[m->form_type[f]];
        const double *sum = s->sum + f * s->stride;
        for (size_t d = 0; d < m->sums; d++)
            if (sum[m->k + d] < t->lo[d] - 1e-9 || sum[m->k + d] > t->hi[d] + 1e-9)
                return false;
        for (size_t k = 0; k < m->k; k++) {
            y = fmin(y, sum[k] / t->ratio[k]);
            if (m->has_upper && t->upper_slope[k] < 0)
                y = fmin(y, (t->upper_at_zero[k] - sum[k]) / -t->upper_slope[k]);
        }
    }
    for (size_t f = 0; f < m->forms && m->has_upper; f++) {
        const struct model_type *t = &m->type[m->form_type[f]];
        for (size_t k = 0; k < m->k; k++)
            if (t->upper_slope[k] > 0 &&
                s->sum[f * s->stride + k] > t->upper_at_zero[k] + t->upper_slope[k] * y)
                return false;
    }
    *out = m->k > 0 ? y : 0;
    return true;
}

static bool keep_best(struct state *s)
{
    double y;
    if (s->broken > 0 || !objective_now(s, &y) || (s->out->found && y <= s->out->objective))
        return false;
    s->out->found = true;
    s->out->objective = y;
    memcpy(s->out->best.item, s->item, s->m->forms * s->size_max * sizeof *s->item);
    return true;
}

/* Rounding errors of many additions, taken out now and then. */
static void refresh_sums(struct state *s)
{
    memset(s->sum, 0, s->m->forms * s->stride * sizeof *s->sum);
    for (size_t f = 0; f < s->m->forms; f++)
        for (size_t p = 0; p < s->size_max; p++)
            for (size_t d = 0; d < s->stride; d++)
                s->sum[f * s->stride + d] += model_values(s->m,
                                                          s->item[f * s->size_max + p])[d];
    set_aim(s, s->aim);
}

static double worst(const struct state *s)
{
    double w = 0;
    for (size_t f = 0; f < s->m->forms; f++)
        w = s->penalty[f] > w ? s->penalty[f] : w;
    return w;
}

/* Where the aim is kept, the next one; false at the goal. */
static bool raise_aim(struct state *s)
{
    const struct search_order *o = s->order;
    double step = fmax((o->goal - s->aim) / 2, fabs(o->bound) * 2e-4);
    if (s->m->k == 0 || s->out->objective >= o->goal)
        return false;
    set_aim(s, fmin(s->aim + step, fmax(o->goal, s->aim + 1e-6 * fabs(o->bound))));
    return true;
}

static void anneal(struct state *s)
{
    const struct search_order *o = s->order;
    int64_t cycle_from = 0;
    s->pool_only = o->pool_first;
    /* Of few steps the pool cools down sooner, and the bank gets more. */
    int64_t with_bank = o->steps / 4 < BANK_STEPS ? o->steps / 4 : BANK_STEPS;
    int64_t pool_steps = o->steps - (with_bank > o->steps / 16 ? with_bank : o->steps / 16);
    double first_cycle = o->pool_first ? fmin(POOL_CYCLE, (double)o->steps / 2) : BANK_CYCLE;
    double cycle = first_cycle;
    double heat = o->pool_first ? POOL_HEAT : BANK_HEAT;
    for (int64_t step = 0; step < o->steps; step++) {
        struct swap w;
        if (step % CHECK_EVERY == 0) {
            double phase = (double)(step - cycle_from) / cycle;
            s->out->steps = step;
            if (phase > 1) {
                cycle_from = step;
                cycle *= s->pool_only ? 1.5 : 1.05;
                phase = 0;
            }
            s->heat = phase < 0.85 ? heat * pow(1e-3, phase / 0.85) : 0;
            if (s->pool_only && step >= pool_steps) { /* now with the whole bank */
                s->pool_only = false;
                heat = BANK_HEAT;
                cycle_from = step;
                cycle = first_cycle = BANK_CYCLE;
            }
            if (step % (CHECK_EVERY * 1024) == 0)
                refresh_sums(s);
            (void)keep_best(s);
            if (s->out->found && s->out->objective >= o->goal)
                return;
            if (s->broken == 0 && worst(s) < NOUGHT) {
                if (!raise_aim(s))
                    return;
                cycle_from = step;
                cycle = first_cycle;
            }
            if (step % (CHECK_EVERY * 64) == 0 && o->enough && o->enough(o->ctx)) {
                s->out->stopped = true;
                return;
            }
        }
        if (choose(s, step, &w) && worth_weighing(s, &w))
            try_swap(s, &w);
    }
    s->out->steps = o->steps;
    (void)keep_best(s);
}

void search(struct arena *a, const struct model *m, const struct places *start,
            const struct search_order *order, struct search_result *out)
{
    struct arena *scratch = arena_create((size_t)1 << 30);
    struct state s = {.m = m, .order = order, .out = out};
    *out = (struct search_result){0};
    out->best = (struct places){arena_array(a, uint32_t, m->forms * start->size_max + 1),
                                start->size_max};
    begin(&s, scratch, start);
    set_aim(&s, order->aim);
    anneal(&s);
    out->excess = sqrt(worst(&s)) + (double)s.broken;
    arena_destroy(scratch);
}
