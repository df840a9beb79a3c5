/* paper/blueprint.c - the cells of a paper out of a programme's weight table and a layout. */
#include "paper/blueprint.h"

#include <stdio.h>
#include <string.h>

#include "bank/kind.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "programme/programme.h"

enum { LAYOUT_PARTS_MAX = 20, PART_ITEMS_MAX = 500, ITEM_MILLIMARKS_MAX = 100000 };

static bool layout_is_good(const struct layout_part *parts, size_t count, struct err *e)
{
    char field[64];
    if (count < 1 || count > LAYOUT_PARTS_MAX)
        return FAIL(e, INVALID, "/layout", "试卷须有 1 至 %d 个大题。", LAYOUT_PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        snprintf(field, sizeof field, "/layout/%zu/kind", i);
        if (!item_kind_find(parts[i].kind))
            return FAIL(e, INVALID, field, "没有题型“%.40s”。", parts[i].kind);
        for (size_t k = 0; k < i; k++)
            if (strcmp(parts[k].kind, parts[i].kind) == 0)
                return FAIL(e, INVALID, field, "同一题型出现在两个大题中。");
        snprintf(field, sizeof field, "/layout/%zu/partial", i);
        if (parts[i].partial &&
            strcmp(partial_names[partial_read(parts[i].partial)], parts[i].partial) != 0)
            return FAIL(e, INVALID, field, "没有部分得分规则“%.20s”。", parts[i].partial);
        snprintf(field, sizeof field, "/layout/%zu/count", i);
        if (parts[i].count < 1 || parts[i].count > PART_ITEMS_MAX)
            return FAIL(e, INVALID, field, "题数须为 1 至 %d。", PART_ITEMS_MAX);
        snprintf(field, sizeof field, "/layout/%zu/millimarks", i);
        if (parts[i].millimarks < 1 || parts[i].millimarks > ITEM_MILLIMARKS_MAX)
            return FAIL(e, INVALID, field, "每题分值须大于 0，且不超过 100 分。");
    }
    return true;
}

static bool take_layout(struct arena *a, const struct blueprint_order *order,
                        struct blueprint *out, struct err *e)
{
    const struct paper_layout *own;
    out->parts = order->parts;
    out->part_count = order->part_count;
    if (!order->parts) {
        own = programme_paper(order->programme, order->component, order->level);
        if (!own)
            return FAIL(e, RULE, "/layout", "%s没有这一考核的试卷布局，请给出布局。",
                        order->programme->title);
        struct layout_part *parts = arena_array(a, struct layout_part, own->part_count + 1);
        for (size_t i = 0; i < own->part_count; i++)
            parts[i] = (struct layout_part){own->parts[i].kind, own->parts[i].count,
                                            own->parts[i].millimarks, own->parts[i].partial};
        out->parts = parts;
        out->part_count = own->part_count;
    }
    return layout_is_good(out->parts, out->part_count, e);
}

static void make_cells(struct arena *a, struct blueprint *b, const struct weight *weights,
                       size_t areas)
{
    int64_t *sums = arena_array(a, int64_t, b->part_count);
    int64_t *percent = arena_array(a, int64_t, areas);
    int64_t *counts = arena_array(a, int64_t, b->part_count * areas);
    struct blueprint_cell *cells = arena_array(a, struct blueprint_cell, b->part_count * areas);
    for (size_t i = 0; i < b->part_count; i++)
        sums[i] = b->parts[i].count;
    for (size_t k = 0; k < areas; k++)
        percent[k] = weights[k].percent;
    blueprint_round(a, sums, b->part_count, percent, areas, counts);
    b->cell_count = 0;
    for (size_t i = 0; i < b->part_count; i++)
        for (size_t k = 0; k < areas; k++)
            if (counts[i * areas + k] > 0)
                cells[b->cell_count++] = (struct blueprint_cell){weights[k].area, i,
                                                                 counts[i * areas + k]};
    b->cells = cells;
}

bool blueprint_make(struct arena *a, const struct blueprint_order *order, struct blueprint *out,
                    struct err *e)
{
    const struct programme *p = order->programme;
    const struct component *c = programme_component(p, order->component);
    const struct weight *weights = NULL;
    *out = (struct blueprint){.programme = p,
                              .component = order->component,
                              .level = order->level,
                              .direction = order->direction};
    if (!programme_accepts(p, order->level, order->direction, e))
        return false;
    if (!c || !component_at_level(c, order->level))
        return FAIL(e, INVALID, "/component", "%s在这一等级没有考核“%.40s”。", p->title,
                    order->component ? order->component : "");
    size_t areas = c->weights ? programme_weights(p, a, c->weights, order->level,
                                                  order->direction, &weights)
                              : 0;
    if (areas == 0)
        return FAIL(e, RULE, "/component", "“%s”没有权重表，不能按权重组卷。", c->name);
    if (!take_layout(a, order, out, e))
        return false;
    out->weights = weights;
    out->weight_count = areas;
    make_cells(a, out, weights, areas);
    return true;
}

int64_t blueprint_items(const struct blueprint *b)
{
    int64_t n = 0;
    for (size_t i = 0; i < b->part_count; i++)
        n += b->parts[i].count;
    return n;
}

int64_t blueprint_millimarks(const struct blueprint *b)
{
    int64_t n = 0;
    for (size_t i = 0; i < b->part_count; i++)
        n += b->parts[i].count * b->parts[i].millimarks;
    return n;
}

const char *starving_sentence(struct arena *a, const struct blueprint *b,
                              const struct blueprint_solution *s)
{
    const char *text = "题库不足：";
    if (s->starving_count == 0)
        return "互斥题过多，凑不齐一份试卷：请补充试题，或减少互斥关系。";
    for (size_t i = 0; i < s->starving_count; i++) {
        const struct starving_cell *c = &s->starving[i];
        text = arena_printf(a, "%s%s%s × %s 需要 %lld 题，只有 %lld 题", text, i ? "；" : "",
                            programme_area_name(b->programme, c->area),
                            item_kind_find(c->kind)->label, (long long)c->needed,
                            (long long)c->have);
    }
    return arena_printf(a, "%s。", text);
}

/* What whole items make of the weight table's percentages. */
static void write_deviation(const struct blueprint *b, struct json_out *o)
{
    int64_t all = blueprint_items(b);
    put_array(o, "deviation");
    for (size_t k = 0; k < b->weight_count; k++) {
        int64_t items = 0;
        for (size_t i = 0; i < b->cell_count; i++)
            items += strcmp(b->cells[i].area, b->weights[k].area) == 0 ? b->cells[i].count : 0;
        out_object(o);
        put_text(o, "area", b->weights[k].area);
        put_int(o, "percent", b->weights[k].percent);
        put_int(o, "items", items);
        put_number(o, "off",
                   100.0 * (double)items / (double)all - (double)b->weights[k].percent);
        out_object_end(o);
    }
    out_array_end(o);
}

void blueprint_write(const struct blueprint *b, struct json_out *o)
{
    out_object(o);
    put_text(o, "programme", b->programme->id);
    put_text(o, "component", b->component);
    put_int(o, "level", b->level);
    put_text(o, "direction", b->direction);
    put_int(o, "items", blueprint_items(b));
    put_int(o, "millimarks", blueprint_millimarks(b));
    put_array(o, "layout");
    for (size_t i = 0; i < b->part_count; i++) {
        out_object(o);
        put_text(o, "kind", b->parts[i].kind);
        put_int(o, "count", b->parts[i].count);
        put_int(o, "millimarks", b->parts[i].millimarks);
        out_object_end(o);
    }
    out_array_end(o);
    put_array(o, "cells");
    for (size_t i = 0; i < b->cell_count; i++) {
        out_object(o);
        put_text(o, "area", b->cells[i].area);
        put_text(o, "name", programme_area_name(b->programme, b->cells[i].area));
        put_text(o, "kind", b->parts[b->cells[i].part].kind);
        put_int(o, "count", b->cells[i].count);
        out_object_end(o);
    }
    out_array_end(o);
    write_deviation(b, o);
    out_object_end(o);
}
