/* paper/assemble_write.c - the answer as JSON (CONTRACT: heng assemble). */
#include <math.h>
#include <string.h>

#include "base/json_out.h"
#include "paper/assemble.h"

static void put_finite(struct json_out *o, const char *key, double v)
{
    out_key(o, key);
    if (isfinite(v))
        out_number(o, v);
    else
        out_null(o);
}

static void put_forms(const struct assembly_order *order, const struct assembly_result *r,
                      struct json_out *o)
{
    const struct assembly_blueprint *b = order->blueprint;
    put_array(o, "forms");
    for (size_t f = 0; r->feasible && f < b->forms; f++) {
        out_array(o);
        for (size_t p = 0; p < r->form_size[f]; p++)
            out_text(o, order->bank->items[r->forms[f][p]].id);
        out_array_end(o);
    }
    out_array_end(o);
}

static int64_t matching(const struct assembly_order *order, const struct assembly_result *r,
                        size_t form, const struct assembly_limit *l)
{
    int64_t n = 0;
    for (size_t p = 0; p < r->form_size[form]; p++)
        n += assembly_limit_matches(l, &order->bank->items[r->forms[form][p]]);
    return n;
}

/* Each counted condition: what was asked for, what the bank has, what every form got. */
static void put_cells(const struct assembly_order *order, const struct assembly_result *r,
                      struct json_out *o)
{
    const struct assembly_blueprint *b = order->blueprint;
    put_array(o, "cells");
    for (size_t g = 0; r->feasible && g < b->type_count; g++)
        for (size_t i = 0; i < b->types[g].limit_count; i++) {
            const struct assembly_limit *l = &b->types[g].limits[i];
            int64_t available = 0;
            for (size_t k = 0; k < order->bank->count; k++)
                available += assembly_limit_matches(l, &order->bank->items[k]);
            out_object(o);
            put_text(o, "cell", l->label);
            if (b->type_count > 1)
                put_text(o, "form_type", b->types[g].name);
            put_int(o, "min", (int64_t)l->lo);
            put_int(o, "max", (int64_t)l->hi);
            put_int(o, "available", available);
            put_array(o, "in_forms");
            for (size_t f = 0; f < b->forms; f++)
                if (r->form_type[f] == g)
                    out_int(o, matching(order, r, f, l));
            out_array_end(o);
            out_object_end(o);
        }
    out_array_end(o);
}

static void put_infeasible(const struct assembly_result *r, struct json_out *o)
{
    put_object(o, "infeasible");
    put_bool(o, "proved", r->proved_infeasible);
    put_array(o, "cells");
    for (size_t i = 0; i < r->cell_count; i++) {
        out_object(o);
        put_text(o, "cell", r->cells[i].label);
        put_int(o, "needed", r->cells[i].needed);
        put_int(o, "available", r->cells[i].available);
        out_object_end(o);
    }
    out_array_end(o);
    put_array(o, "rows");
    for (size_t i = 0; i < r->row_count; i++)
        out_text(o, r->rows[i]);
    out_array_end(o);
    out_object_end(o);
}

void assembly_write(const struct assembly_order *order, const struct assembly_result *r,
                    struct json_out *o)
{
    put_bool(o, "feasible", r->feasible);
    put_forms(order, r, o);
    if (r->feasible) {
        put_finite(o, "objective", r->objective);
        put_finite(o, "bound", r->bound);
        put_finite(o, "gap", r->gap);
        put_text(o, "bound_by", r->bound_by_search ? "branch and bound" : "weak duality");
    }
    put_text(o, "stopped_by", assembly_stop_name(r->stopped_by));
    put_int(o, "steps", r->steps);
    put_int(o, "seed", (int64_t)order->seed);
    put_int(o, "uncalibrated", (int64_t)order->bank->uncalibrated);
    put_cells(order, r, o);
    put_int(o, "violations", (int64_t)r->violations);
    if (!r->feasible)
        put_infeasible(r, o);
}
