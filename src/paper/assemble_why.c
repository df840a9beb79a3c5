/* paper/assemble_why.c - why there are no such forms: cells that starve, else the fewest conditions
 * that conflict; and how many forms a bank bears. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_model.h"

void assembly_starving(struct arena *a, const struct model *m, struct assembly_result *out)
{
    struct assembly_cell *cells = NULL;
    size_t count = 0;
    for (size_t g = 0; g < m->type_count; g++) {
        const struct model_type *t = &m->type[g];
        int64_t all = 0;
        for (size_t r = 0; r <= t->row_count; r++) {
            bool last = r == t->row_count; /* the whole form */
            for (uint32_t i = 0; last && i < m->items; i++)
                all += m->capacity[i];
            int64_t needed = (int64_t)t->forms * (last ? (int64_t)t->size_lo : t->rows[r].lo);
            int64_t have = last ? all : t->rows[r].supply;
            if (have >= needed)
                continue;
            cells = arena_grow(a, cells, count, count + 1, sizeof *cells);
            cells[count++] = (struct assembly_cell){last ? "items_per_form" : t->rows[r].label,
                                                    needed, have};
        }
    }
    out->cells = cells;
    out->cell_count = count;
}

/* Can the conditions not left out be kept by the sum of the forms? The answer "no" is proved. */
struct phase {
    size_t rows;
    bool *in_play; /* the conditions that the proof uses */
    bool none;
};

static bool keep_all(struct arena *a, const struct model *m, const bool *leave_out,
                     struct phase *out)
{
    struct arena *scratch = arena_create((size_t)4 << 30);
    struct collapse_order how = {.phase_one = true, .leave_out = leave_out};
    struct collapsed c;
    struct linear_answer answer;
    struct multipliers u;
    double largest = 0;
    collapse(scratch, m, &how, &c);
    linear_solve(scratch, &c.l, &answer);
    for (size_t i = 0; i < c.l.rows; i++)
        if (leave_out && leave_out[i])
            answer.y[i] = 0;
    multipliers_of(scratch, m, &c, answer.y, &u);
    out->rows = c.l.rows;
    out->none = assembly_proves_none(m, &u);
    out->in_play = arena_array(a, bool, c.l.rows + 1);
    for (size_t i = 0; i < c.l.rows; i++)
        largest = fmax(largest, fabs(answer.y[i]));
    for (size_t i = 0; i < c.l.rows; i++)
        out->in_play[i] = fabs(answer.y[i]) > 1e-6 * largest;
    arena_destroy(scratch);
    return !out->none;
}

static const char *condition_label(struct arena *a, const struct model *m,
                                   const struct condition *c)
{
    const struct model_type *t = &m->type[c->type];
    const char *label = "";
    switch (c->kind) {
    case CONDITION_SIZE:
        label = "items_per_form";
        break;
    case CONDITION_ROW:
        label = t->rows[c->at].label;
        break;
    case CONDITION_SUM:
        label = t->sum_label[c->at] ? t->sum_label[c->at] : "sum";
        break;
    case CONDITION_LOWER:
    case CONDITION_UPPER:
        label = arena_printf(a, "%s/%g",
                             m->blueprint->objective == OBJECTIVE_TARGET ? "target" : "upper",
                             m->blueprint->theta[c->at]);
        break;
    case CONDITION_PAIR:
        label = "overlap";
        break;
    }
    if (m->type_count > 1 && t->type->name)
        label = arena_printf(a, "%s:%s", t->type->name, label);
    return label;
}

/* Deletion filter: a condition without which it still cannot be done is not needed. What remains
 * is a smallest set: without any one of it the rest could be kept. */
static void filter(struct arena *a, const struct model *m, struct phase *first,
                   struct assembly_result *out)
{
    struct collapse_order how = {.phase_one = true};
    struct arena *scratch = arena_create((size_t)4 << 30);
    struct collapsed c;
    bool *left_out = arena_array(a, bool, first->rows + 1);
    const char **rows = NULL;
    collapse(scratch, m, &how, &c);
    for (size_t i = 0; i < first->rows; i++)
        left_out[i] = c.condition[i].kind != CONDITION_LOWER && !first->in_play[i];
    struct phase now;
    if (keep_all(scratch, m, left_out, &now)) /* numbers too close: begin with all */
        memset(left_out, 0, first->rows);
    for (size_t i = first->rows; i-- > 0;) {
        if (left_out[i] || c.condition[i].kind == CONDITION_LOWER)
            continue;
        left_out[i] = true;
        if (keep_all(scratch, m, left_out, &now)) {
            left_out[i] = false;
            continue;
        }
        for (size_t k = 0; k < first->rows; k++)
            if (c.condition[k].kind != CONDITION_LOWER && !now.in_play[k])
                left_out[k] = true;
    }
    for (size_t i = 0; i < first->rows; i++)
        if (!left_out[i] && c.condition[i].kind != CONDITION_LOWER) {
            rows = arena_grow(a, rows, out->row_count, out->row_count + 1, sizeof *rows);
            rows[out->row_count++] = condition_label(a, m, &c.condition[i]);
        }
    out->rows = rows;
    arena_destroy(scratch);
}

void assembly_why(struct arena *a, const struct model *m, const struct assembly_order *order,
                  struct assembly_result *out)
{
    struct phase first;
    out->row_count = 0;
    if (!keep_all(a, m, NULL, &first)) {
        out->proved_infeasible = true;
        filter(a, m, &first, out);
        return;
    }
    exact_why(a, m, order, out);
}

/* --- how long a bank lasts ------------------------------------------------------------------------ */
static bool bears(struct arena *a, const struct assembly_order *order, size_t forms)
{
    struct arena *scratch = arena_create((size_t)4 << 30);
    struct assembly_blueprint b = *order->blueprint;
    struct assembly_order o = *order;
    struct assembly_result none = {0};
    struct model m;
    struct phase phase;
    (void)a;
    b.types[0].forms = b.forms = forms;
    o.blueprint = &b;
    model_make(scratch, &o, &m);
    assembly_starving(scratch, &m, &none);
    bool ok = none.cell_count == 0 && keep_all(scratch, &m, NULL, &phase);
    arena_destroy(scratch);
    return ok;
}

/* The condition with the fewest rounds of items. */
static void find_starving(const struct model *m, struct assembly_life *out)
{
    const struct model_type *t = &m->type[0];
    double fewest = INFINITY;
    for (size_t r = 0; r < t->limit_count; r++) {
        double rounds = t->rows[r].lo > 0 ? (double)t->rows[r].supply / t->rows[r].lo
                                          : INFINITY;
        if (rounds < fewest) {
            fewest = rounds;
            out->starves = t->rows[r].label;
            out->available = t->rows[r].supply;
            out->needed_each = t->rows[r].lo;
        }
    }
}

void assembly_feasible_forms(struct arena *a, const struct assembly_order *order,
                             int64_t forms_wanted, struct assembly_life *out)
{
    struct assembly_blueprint b = *order->blueprint;
    struct assembly_order o = *order;
    struct assembly_result wanted = {0};
    struct model m;
    size_t lo = 0, hi = ASSEMBLE_FORMS_MAX + 1;
    *out = (struct assembly_life){0};
    o.blueprint = &b;
    while (hi - lo > 1) { /* what bears more forms bears fewer, too */
        size_t mid = lo == 0 && hi > 8 ? 4 : lo + (hi - lo) / 2;
        if (bears(a, order, mid))
            lo = mid;
        else
            hi = mid;
    }
    out->forms = (int64_t)lo;
    b.types[0].forms = b.forms = 1;
    model_make(a, &o, &m);
    find_starving(&m, out);
    b.types[0].forms = b.forms =
        (size_t)(forms_wanted > 0 && forms_wanted <= ASSEMBLE_FORMS_MAX ? forms_wanted : 1);
    model_make(a, &o, &m);
    assembly_starving(a, &m, &wanted);
    out->write = wanted.cells;
    out->write_count = wanted.cell_count;
}
