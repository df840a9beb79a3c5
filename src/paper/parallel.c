/* paper/parallel.c - parallel forms: assembled, certified, or why not; how long a bank lasts. */
#include "paper/parallel.h"

#include <stdio.h>
#include <string.h>

#include "bank/bank.h"
#include "bank/kind.h"
#include "bank/parameter.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "paper/parallel_make.h"
#include "programme/programme.h"

/* Steps of the search: a third of a second. GAP: forms this near cannot be told apart. */
enum { SEARCH_STEPS = 3000000 };
static const double GAP = 0.005;

const char *const form_aim_names[] = {"balance", "information", "random", NULL};

enum form_aim form_aim_read(const char *name)
{
    for (int i = 0; name && form_aim_names[i]; i++)
        if (strcmp(form_aim_names[i], name) == 0)
            return (enum form_aim)i;
    return AIM_BALANCE;
}

/* --- the answer ------------------------------------------------------------------------------------ */
static size_t shared_with_others(const struct assembly_result *r, size_t forms, size_t f)
{
    size_t most = 0;
    for (size_t h = 0; h < forms; h++) {
        size_t n = 0;
        for (size_t i = 0; h != f && i < r->form_size[f]; i++)
            for (size_t k = 0; k < r->form_size[h]; k++)
                n += r->forms[f][i] == r->forms[h][k];
        most = n > most ? n : most;
    }
    return most;
}

static const char *certificate(struct making *m, const struct assembly_order *how,
                               const struct assembly_result *r, size_t f)
{
    const struct assembly_blueprint *b = &m->blueprint;
    struct json_out *o = json_out_create(m->arena);
    out_object(o);
    put_text(o, "method", "optimised");
    put_text(o, "aim", form_aim_names[m->order->aim]);
    put_number(o, "objective", r->objective);
    put_number(o, "bound", r->bound);
    put_number(o, "gap", r->gap);
    put_text(o, "bound_by", r->bound_by_search ? "branch and bound" : "weak duality");
    put_text(o, "stopped_by", assembly_stop_name(r->stopped_by));
    put_int(o, "steps", r->steps);
    put_text(o, "seed", arena_printf(m->arena, "%016llx", (unsigned long long)how->seed));
    put_int(o, "violations", (int64_t)r->violations);
    put_int(o, "forms", (int64_t)b->forms);
    put_int(o, "form", (int64_t)f + 1);
    put_int(o, "pool", (int64_t)m->bank.count);
    put_int(o, "uncalibrated", (int64_t)m->bank.uncalibrated);
    put_bool(o, "spread", m->spread);
    put_bool(o, "kept_apart", m->kept_apart);
    put_int(o, "shared", (int64_t)shared_with_others(r, b->forms, f));
    put_int(o, "exposure", m->order->exposure);
    put_array(o, "theta");
    for (size_t k = 0; k < PARALLEL_THETAS; k++)
        out_number(o, parallel_theta[k]);
    out_array_end(o);
    put_array(o, "target");
    for (size_t k = 0; k < PARALLEL_THETAS; k++)
        out_number(o, b->types[0].r[k]);
    out_array_end(o);
    put_array(o, "information");
    for (size_t k = 0; k < PARALLEL_THETAS; k++) {
        double sum = 0;
        for (size_t i = 0; i < r->form_size[f]; i++)
            sum += assembly_information(&m->bank.items[r->forms[f][i]], 1, parallel_theta[k]);
        out_number(o, sum);
    }
    out_array_end(o);
    out_object_end(o);
    return json_out_text(o);
}

/* The items by section, then by area, as blueprint_solve has them. */
static void put_form(struct making *m, const struct assembly_result *r, size_t f)
{
    const struct blueprint *b = m->order->blueprint;
    struct blueprint_solution *s = &m->out->forms[f];
    *s = (struct blueprint_solution){
        .items = arena_array(m->arena, const struct item_row *, r->form_size[f] + 1),
        .part = arena_array(m->arena, size_t, r->form_size[f] + 1)};
    for (size_t c = 0; c < b->cell_count; c++)
        for (size_t i = 0; i < r->form_size[f]; i++)
            if (m->cell[r->forms[f][i]] == c) {
                s->items[s->count] = m->rows[r->forms[f][i]];
                s->part[s->count++] = b->cells[c].part;
            }
}

static bool attempt(struct making *m, struct assembly_result *r)
{
    struct assembly_order how = {
        .bank = &m->bank, .blueprint = &m->blueprint, .gap = GAP, .steps = SEARCH_STEPS};
    for (int i = 0; i < 7;
         i++) /* the first seven bytes: exact in any reader of JSON but ours */
        how.seed = how.seed << 8 | m->order->seed[i];
    assemble(m->arena, &how, r);
    if (!r->feasible)
        return false;
    m->out->count = m->order->forms;
    m->out->forms = arena_array(m->arena, struct blueprint_solution, m->order->forms + 1);
    m->out->certificates = arena_array(m->arena, const char *, m->order->forms + 1);
    for (size_t f = 0; f < m->order->forms; f++) {
        put_form(m, r, f);
        m->out->certificates[f] = certificate(m, &how, r, f);
    }
    return true;
}

static void explain(struct making *m, const struct assembly_result *r)
{
    const char *text = "";
    if (r->cell_count > 0) {
        for (size_t i = 0; i < r->cell_count; i++)
            text = arena_printf(m->arena, "%s%s%s 需要 %lld 题，只有 %lld 题", text,
                                i ? "；" : "", r->cells[i].label, (long long)r->cells[i].needed,
                                (long long)r->cells[i].available);
        m->out->sentence = arena_printf(m->arena, "题库不足：%s。", text);
        return;
    }
    for (size_t i = 0; i < r->row_count; i++)
        text = arena_printf(m->arena, "%s%s%s", text, i ? "、" : "", r->rows[i]);
    m->out->short_of.enemies_block = true;
    if (r->row_count > 0)
        m->out->sentence = arena_printf(m->arena, "这些条件不能同时满足：%s。", text);
    else
        m->out->sentence =
            "互斥题过多，或条件过严，没有找到这样的试卷：请补充试题，或放宽条件。";
}

/* --- drawn at random: only where somebody asks for it ---------------------------------------------- */
static bool draw(struct making *m)
{
    const struct parallel_order *o = m->order;
    size_t n = 0,
           avoid_room = o->avoid_count + o->forms * (size_t)blueprint_items(o->blueprint) + 1;
    const char **avoid = arena_array(m->arena, const char *, avoid_room);
    struct item_row *pool = arena_array(m->arena, struct item_row, m->bank.count + 1);
    for (size_t i = 0; i < o->avoid_count; i++)
        avoid[n++] = o->avoid[i];
    for (size_t i = 0; i < m->bank.count; i++)
        pool[i] = *m->rows[i];
    m->out->forms = arena_array(m->arena, struct blueprint_solution, o->forms + 1);
    m->out->certificates = arena_array(m->arena, const char *, o->forms + 1);
    for (size_t f = 0; f < o->forms; f++) {
        struct solve_order solve = {.blueprint = o->blueprint,
                                    .pool = pool,
                                    .pool_count = m->bank.count,
                                    .avoid = avoid,
                                    .avoid_count = n};
        struct blueprint_solution *s = &m->out->forms[f];
        shuffle_part(solve.seed, o->seed, "form", f);
        if (!blueprint_solve(m->arena, &solve, s)) {
            m->out->short_of = *s;
            m->out->sentence = starving_sentence(m->arena, o->blueprint, s);
            return false;
        }
        for (size_t i = 0; i < s->count; i++)
            avoid[n++] = s->items[i]->code;
        m->out->certificates[f] = "{\"method\":\"random\"}";
    }
    m->out->count = o->forms;
    return true;
}

static bool must_are_there(struct making *m)
{
    for (size_t i = 0; i < m->order->must_count; i++) {
        bool there = false;
        for (size_t k = 0; k < m->bank.count; k++)
            there |= strcmp(m->bank.items[k].id, m->order->must[i]) == 0;
        if (!there) {
            m->out->sentence = arena_printf(
                m->arena,
                "必选题 %s 不能用于这份试卷：停用、不属于这一等级或方向、题型不在布局中，"
                "或同时被排除。",
                m->order->must[i]);
            return false;
        }
    }
    return true;
}

bool forms_assemble(struct arena *a, const struct parallel_order *order,
                    struct parallel_forms *out)
{
    struct making m = {.arena = a, .order = order, .out = out};
    struct assembly_result r;
    *out = (struct parallel_forms){0};
    parallel_pool(&m);
    if (parallel_starving(&m) || !must_are_there(&m))
        return false;
    if (order->aim == AIM_RANDOM)
        return draw(&m);
    int64_t uses = parallel_uses(&m);
    /* What only makes forms nicer gives way before what was asked for. */
    for (int ease = 0; ease < 3; ease++) {
        if (ease == 2 && order->avoid_count == 0)
            break;
        parallel_blueprint(&m, ease == 0, ease < 2, uses);
        if (attempt(&m, &r))
            return true;
    }
    if (!order->overlap_given && order->forms > 1 && r.cell_count == 0) {
        parallel_blueprint(&m, false, false, (int64_t)order->forms);
        if (attempt(&m, &r))
            return true;
    }
    explain(&m, &r);
    return false;
}

/* --- how long the bank lasts ------------------------------------------------------------------------ */
void forms_life(struct arena *a, const struct parallel_order *order, struct parallel_life *out)
{
    struct parallel_forms unused = {0};
    struct making m = {.arena = a, .order = order, .out = &unused};
    const struct blueprint *b = order->blueprint;
    struct assembly_life life;
    *out = (struct parallel_life){.cell_count = b->cell_count};
    parallel_pool(&m);
    out->cells = arena_array(a, struct life_cell, b->cell_count + 1);
    for (size_t i = 0; i < b->cell_count; i++) {
        int64_t lacks = b->cells[i].count * (int64_t)order->forms - m.stock[i].have;
        out->cells[i] = (struct life_cell){b->cells[i].area, b->parts[b->cells[i].part].kind,
                                           b->cells[i].count, m.stock[i].have,
                                           lacks > 0 ? lacks : 0};
    }
    bool empty = parallel_starving(&m);
    for (size_t i = 0; i < b->cell_count && empty && !out->starves; i++)
        if (m.stock[i].have < b->cells[i].count)
            out->starves = arena_printf(a, "%s × %s",
                                        programme_area_name(b->programme, b->cells[i].area),
                                        item_kind_find(out->cells[i].kind)->label);
    if (empty || !must_are_there(&m))
        return;
    parallel_blueprint(&m, false, false, 1);
    struct assembly_order how = {.bank = &m.bank, .blueprint = &m.blueprint, .gap = GAP};
    assembly_feasible_forms(a, &how, (int64_t)order->forms, &life);
    out->forms = life.forms;
    out->starves = life.starves;
}

struct curve_parameters item_curve_parameters(const struct item_curve *item)
{
    const struct item_parameter *m = item->measured;
    struct assembly_item it = {0};
    char class[24];
    if (m)
        return (struct curve_parameters){m->a, m->b, m->c};
    snprintf(class, sizeof class, "%lld", (long long)item->difficulty);
    assembly_fallback(class, &it);
    return (struct curve_parameters){it.a, it.b, it.c};
}

void form_information(const struct item_curve *items, size_t count,
                      double out[INFORMATION_POINTS])
{
    for (int k = 0; k < INFORMATION_POINTS; k++)
        out[k] = 0;
    for (size_t i = 0; i < count; i++) {
        const struct curve_parameters p = item_curve_parameters(&items[i]);
        const struct assembly_item it = {.a = p.a, .b = p.b, .c = p.c};
        for (int k = 0; k < INFORMATION_POINTS; k++)
            out[k] += assembly_information(&it, 1, -3 + 0.5 * k);
    }
}
