/* paper/assemble.c - from a bank and a blueprint to forms with a proof: the steps in their order. */
#include "paper/assemble.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "paper/assemble_model.h"

static const int64_t STEPS_DEFAULT = 33000000, FEW_STEPS = 5000000;

struct assembling {
    struct arena *arena;
    const struct assembly_order *order;
    struct assembly_result *out;
    struct model model;
    struct places best;
    bool found, stopped, draw_all;
    double objective;
    int64_t left;   /* steps */
    uint32_t tries; /* searches so far: each has a seed of its own */
};

static struct arena *work_arena(void)
{
    return arena_create((size_t)4 << 30);
}

/* z of the relaxation with upper limits tightened; its objective and the bound it proves. */
struct relaxed {
    double *z, *gain, objective, bound;
    bool converged, close; /* close: good enough to begin a search with */
};

static void relax(struct assembling *s, double tighten, struct relaxed *out)
{
    const struct model *m = &s->model;
    struct arena *scratch = work_arena();
    struct collapse_order how = {.tighten = tighten};
    struct collapsed c;
    struct linear_answer answer;
    struct multipliers u;
    collapse(scratch, m, &how, &c);
    linear_solve(scratch, &c.l, &answer);
    multipliers_of(scratch, m, &c, answer.y, &u);
    out->bound = assembly_bound(m, &u);
    out->gain = arena_array(s->arena, double, (size_t)m->items * m->type_count + 1);
    assembly_gains(m, &u, out->gain);
    out->objective = -answer.objective;
    out->converged = answer.converged || (m->k == 0 && answer.residual < 1e-5);
    out->close = out->converged || (answer.residual < 1e-4 && isfinite(out->bound));
    out->z = arena_array(s->arena, double, (size_t)m->items * m->type_count + 1);
    for (size_t j = 0; j < c.item_columns; j++)
        out->z[c.column_item[j] * m->type_count + c.column_type[j]] += answer.x[j];
    arena_destroy(scratch);
}

static void keep(struct assembling *s, const struct search_result *r)
{
    s->left -= r->steps;
    s->out->steps += r->steps;
    s->stopped |= r->stopped;
    if (!r->found || (s->found && r->objective <= s->objective))
        return;
    s->found = true;
    s->objective = r->objective;
    s->best = r->best;
}

static double goal_of(const struct assembling *s)
{
    double b = s->out->bound;
    return b - s->order->gap * fabs(b) * 0.999;
}

static bool done(const struct assembling *s)
{
    return s->found && (s->model.k == 0 || s->objective >= goal_of(s));
}

/* Rounds the relaxation and repairs it. TIGHTEN leaves room between the forms' information. */
static bool stage(struct assembling *s, const struct relaxed *r, double tighten, int64_t steps)
{
    struct places start;
    struct search_result result;
    double bound = s->out->bound, goal = goal_of(s);
    struct search_order order = {
        .bound = bound,
        .aim = tighten > 0 ? r->objective * (1 - tighten / 2)
                           : fmin(goal, bound - 0.008 * fabs(bound)),
        .goal = goal,
        .steps = steps < s->left ? steps : s->left,
        .gain = r->gain,
        .draw_all = s->draw_all,
        .pool_first = tighten > 0,
        .seed = s->order->seed + ((uint64_t)s->tries++ << 32),
        .enough = s->order->enough,
        .ctx = s->order->ctx,
    };
    /* Where room costs the relaxation nothing, the goal may still be aimed at. */
    if (tighten > 0 && order.aim < goal && r->objective * (1 - tighten / 8) > goal)
        order.aim = goal + 0.05 * (bound - goal);
    if (tighten > 0)
        order.goal = fmin(goal, order.aim);
    deal(s->arena, &s->model, r->z, &start);
    search(s->arena, &s->model, &start, &order, &result);
    keep(s, &result);
    return result.found && result.objective >= order.goal;
}

static bool stage_with_room(struct assembling *s, double tighten, int64_t steps)
{
    struct relaxed r;
    if (s->stopped || s->left <= 0)
        return false;
    relax(s, tighten, &r);
    return r.close && stage(s, &r, tighten, steps);
}

/* Several forms with upper limits need room between them. A seed that gets stuck says little: most
 * others do not, so the same room is tried again before more of it is given away; and where it was
 * enough, with less. */
static void look_with_room(struct assembling *s)
{
    static const struct room {
        double tighten, share; /* share: of all steps */
    } many[] = {{0.002, 0.3}, {0.002, 0.3}, {0.003, 0.18}, {0.006, 0.06}, {0.012, 0.04}},
      few[] = {{0.002, 0.5}, {0.004, 0.25}, {0.008, 0.12}, {0.016, 0.06}, {0.03, 0.03}};
    static const double less[] = {0.0014, 0.001, 0.0005};
    double all = (double)s->left;
    bool reached = false;
    const struct room *first = s->left < FEW_STEPS ? few : many;
    for (size_t i = 0; i < sizeof few / sizeof *few && !reached && !done(s); i++)
        if (first[i].tighten <= first[0].tighten || !s->found)
            reached = stage_with_room(s, first[i].tighten, (int64_t)(first[i].share * all));
    for (size_t i = 0; i < sizeof less / sizeof *less && reached && !done(s); i++)
        reached = stage_with_room(s, less[i], s->left / 2);
}

/* Without room the relaxation's own items and their neighbours will do. One form is found in a few
 * million steps or not by this seed. */
static void look_close(struct assembling *s, const struct relaxed *relaxed)
{
    bool single = s->model.forms == 1;
    int64_t each = s->left / 12;
    for (int i = 0; i < (single ? 6 : 2) && !done(s) && !s->stopped; i++)
        (void)stage(s, relaxed, 0, single ? each : s->left / 2);
}

static void look(struct assembling *s, const struct relaxed *relaxed)
{
    bool room = s->model.has_upper && s->model.forms > 1;
    if (room)
        look_with_room(s);
    if (!room || !s->found)
        look_close(s, relaxed);
    /* The goal may be beyond what whole numbers allow: then any forms, the best one finds. */
    s->draw_all = true;
    if (!s->found && !s->stopped)
        (void)stage(s, relaxed, 0, s->left);
}

/* --- the answer --------------------------------------------------------------------------------------- */
/* The section a type is printed in. */
static size_t section_of(const struct assembly_type *t, const char *type)
{
    for (size_t s = 0; s < t->section_count; s++)
        for (size_t k = 0; k < t->sections[s].type_count; k++)
            if (strcmp(t->sections[s].types[k], type) == 0)
                return s;
    return t->section_count;
}

static void put_forms(struct assembling *s)
{
    const struct model *m = &s->model;
    struct assembly_result *out = s->out;
    out->forms = arena_array(s->arena, const uint32_t *, m->forms + 1);
    out->form_size = arena_array(s->arena, size_t, m->forms + 1);
    out->form_type = arena_array(s->arena, size_t, m->forms + 1);
    for (size_t f = 0; f < m->forms; f++) {
        const struct assembly_type *t = m->type[m->form_type[f]].type;
        uint32_t *form = arena_array(s->arena, uint32_t, s->best.size_max + 1);
        size_t n = 0;
        for (size_t section = 0; section <= t->section_count; section++)
            for (size_t p = 0; p < s->best.size_max; p++) {
                uint32_t i = s->best.item[f * s->best.size_max + p];
                if (i != m->items && section_of(t, s->order->bank->items[i].type) == section)
                    form[n++] = i;
            }
        out->forms[f] = form;
        out->form_size[f] = n;
        out->form_type[f] = m->form_type[f];
    }
}

/* Nothing is handed out that the separate count does not confirm. */
static void finish(struct assembling *s)
{
    struct assembly_result *out = s->out;
    if (!s->found) {
        out->stopped_by = s->stopped ? STOP_TIME : STOP_STEPS;
        assembly_why(s->arena, &s->model, s->order, out);
        return;
    }
    put_forms(s);
    out->violations = assembly_recheck(s->arena, s->order, out, &out->objective, NULL);
    out->feasible = out->violations == 0;
    if (out->bound_by_search)
        out->bound = fmin(out->bound, out->objective);
    out->gap = s->model.k == 0 || fabs(out->bound) < 1e-300
                   ? 0
                   : fmax(0, (out->bound - out->objective) / fabs(out->bound));
    if (out->bound_by_search)
        out->stopped_by = STOP_EXACT;
    else if (out->gap <= s->order->gap)
        out->stopped_by = STOP_GAP;
    else
        out->stopped_by = s->stopped ? STOP_TIME : STOP_STEPS;
}

static bool try_exactly(struct assembling *s)
{
    struct exact_result exact;
    if (!s->order->cbc || !exact_fits(&s->model))
        return false;
    solve_exactly(s->arena, &s->model, s->order, NULL, &exact);
    if (exact.infeasible) {
        s->out->proved_infeasible = true;
        s->out->bound_by_search = true;
        s->out->stopped_by = STOP_INFEASIBLE;
        assembly_why(s->arena, &s->model, s->order, s->out);
        return true;
    }
    if (!exact.optimal)
        return false;
    s->found = true;
    s->best = exact.best;
    s->out->bound_by_search = true;
    finish(s);
    if (s->out->feasible)
        return true;
    s->found = s->out->bound_by_search = false; /* its tolerance is not ours: search */
    return false;
}

void assemble(struct arena *a, const struct assembly_order *order, struct assembly_result *out)
{
    struct assembling s = {.arena = a, .order = order, .out = out};
    struct relaxed relaxed;
    *out = (struct assembly_result){0};
    s.left = order->steps > 0 ? order->steps : STEPS_DEFAULT;
    model_make(a, order, &s.model);
    assembly_starving(a, &s.model, out);
    if (out->cell_count > 0) {
        out->proved_infeasible = true;
        out->stopped_by = STOP_INFEASIBLE;
        return;
    }
    relax(&s, 0, &relaxed);
    out->bound = relaxed.bound;
    if (!relaxed.converged) {
        assembly_why(a, &s.model, order, out);
        if (out->proved_infeasible) {
            out->stopped_by = STOP_INFEASIBLE;
            return;
        }
    }
    if (try_exactly(&s))
        return;
    look(&s, &relaxed);
    finish(&s);
}

const char *assembly_stop_name(enum assembly_stop stop)
{
    static const char *const names[] = {"gap", "exact", "steps", "time", "infeasible"};
    return names[stop];
}
