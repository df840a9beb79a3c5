/* paper/assemble_deal.c - from the linear programme's uses to items in forms: the largest of each
 * class are kept and dealt like cards, back and forth, sorted so that neighbours are alike. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_model.h"

struct card {
    uint32_t item, kind;
    double z, worth;
};

struct dealing {
    struct arena *arena;
    const struct model *m;
    const double *z;
    struct places *out;
    size_t *filled;     /* of each form */
    int32_t *left;      /* uses of each item */
    size_t first, last; /* forms of this type */
    size_t turn;
};

static int by_z(const void *x, const void *y)
{
    const struct card *p = x, *q = y;
    if (p->z != q->z)
        return p->z < q->z ? 1 : -1;
    return p->item < q->item ? -1 : p->item > q->item;
}

static int by_kind(const void *x, const void *y)
{
    const struct card *p = x, *q = y;
    if (p->kind != q->kind)
        return p->kind < q->kind ? 1 : -1;
    if (p->worth != q->worth)
        return p->worth < q->worth ? -1 : 1;
    return p->item < q->item ? -1 : p->item > q->item;
}

/* How many uses each class gives, whole numbers with the largest remainders up, in all `total`. */
static void class_totals(const struct dealing *d, size_t g, size_t total, size_t *out)
{
    const struct model_type *t = &d->m->type[g];
    double *part = arena_array(d->arena, double, (size_t)t->class_count + 1);
    size_t sum = 0;
    for (uint32_t i = 0; i < d->m->items; i++)
        part[t->class[i]] += d->z[i * d->m->type_count + g];
    for (uint32_t c = 0; c < t->class_count; c++) {
        out[c] = (size_t)floor(part[c] + 1e-4);
        part[c] -= (double)out[c];
        sum += out[c];
    }
    while (sum < total) {
        uint32_t best = 0;
        for (uint32_t c = 1; c < t->class_count; c++)
            if (part[c] > part[best])
                best = c;
        part[best] -= 1;
        out[best]++;
        sum++;
    }
    while (sum > total) {
        uint32_t most = 0;
        for (uint32_t c = 1; c < t->class_count; c++)
            if (out[c] > 0 && (out[most] == 0 || part[c] < part[most]))
                most = c;
        part[most] += 1;
        out[most]--;
        sum--;
    }
}

static bool holds(const struct dealing *d, size_t form, uint32_t item)
{
    const uint32_t *at = d->out->item + form * d->out->size_max;
    for (size_t i = 0; i < d->filled[form]; i++)
        if (at[i] == item)
            return true;
    return false;
}

/* The next form in the snake that has room and not yet the item; else any such form. */
static void give(struct dealing *d, uint32_t item, size_t limit)
{
    size_t forms = d->last - d->first;
    for (size_t tries = 0; tries < 2 * forms; tries++) {
        size_t block = d->turn / forms, at = d->turn % forms;
        size_t form = d->first + (block % 2 ? forms - 1 - at : at);
        d->turn++;
        if (d->filled[form] < limit && !holds(d, form, item)) {
            d->out->item[form * d->out->size_max + d->filled[form]++] = item;
            d->left[item]--;
            return;
        }
    }
}

static size_t class_cards(const struct dealing *d, size_t g, uint32_t class,
                          struct card **cards)
{
    const struct model_type *t = &d->m->type[g];
    size_t n = 0, room = 0;
    for (uint32_t k = t->class_start[class]; k < t->class_start[class + 1]; k++)
        room += (size_t)d->left[t->class_item[k]];
    *cards = arena_array(d->arena, struct card, room + 1);
    for (uint32_t k = t->class_start[class]; k < t->class_start[class + 1]; k++) {
        uint32_t i = t->class_item[k];
        for (int32_t u = 0; u < d->left[i]; u++)
            (*cards)[n++] = (struct card){i, t->kind[i], d->z[i * d->m->type_count + g] - u,
                                          model_values(d->m, i)[d->m->k / 2]};
    }
    return n;
}

static void deal_type(struct dealing *d, size_t g)
{
    const struct model_type *t = &d->m->type[g];
    double sum = 0;
    size_t *totals = arena_array(d->arena, size_t, (size_t)t->class_count + 1);
    for (uint32_t i = 0; i < d->m->items; i++)
        sum += d->z[i * d->m->type_count + g];
    double each = round(sum / (double)t->forms);
    size_t size = (size_t)fmin((double)t->size_hi, fmax((double)t->size_lo, each));
    class_totals(d, g, size * t->forms, totals);
    for (uint32_t c = 0; c < t->class_count; c++) {
        struct card *cards;
        size_t n = class_cards(d, g, c, &cards), take = totals[c] < n ? totals[c] : n;
        qsort(cards, n, sizeof *cards, by_z);
        qsort(cards, take, sizeof *cards, by_kind);
        for (size_t i = 0; i < take; i++)
            give(d, cards[i].item, size);
    }
    /* What a short class left open, from any other. */
    for (uint32_t i = 0; i < d->m->items; i++)
        for (size_t f = d->first; f < d->last && d->left[i] > 0; f++)
            if (d->filled[f] < size && !holds(d, f, i)) {
                d->out->item[f * d->out->size_max + d->filled[f]++] = i;
                d->left[i]--;
            }
}

void deal(struct arena *a, const struct model *m, const double *z, struct places *out)
{
    struct arena *scratch = arena_create((size_t)1 << 30);
    struct dealing d = {.arena = scratch, .m = m, .z = z, .out = out};
    out->size_max = 1;
    for (size_t g = 0; g < m->type_count; g++)
        if (m->type[g].size_hi > out->size_max)
            out->size_max = m->type[g].size_hi;
    out->item = arena_array(a, uint32_t, m->forms * out->size_max + 1);
    for (size_t i = 0; i < m->forms * out->size_max; i++)
        out->item[i] = m->items;
    d.filled = arena_array(scratch, size_t, m->forms + 1);
    d.left = arena_array(scratch, int32_t, (size_t)m->items + 1);
    memcpy(d.left, m->capacity, m->items * sizeof *d.left);
    for (size_t g = 0; g < m->type_count; g++) {
        d.last = d.first + m->type[g].forms;
        d.turn = 0;
        deal_type(&d, g);
        d.first = d.last;
    }
    arena_destroy(scratch);
}
