/* web/paper.c - forms: solved for a look, composed, shown, printed. */
#include "paper/paper.h"

#include <string.h>

#include "bank/parameter.h"
#include "bank/seen.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/fields.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/audit.h"
#include "store/db.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"

enum { PRINT_MINUTES = 90 };

struct form_body {
    const char *name, *programme, *component, *direction;
    int64_t level;
    const struct layout_part *layout;
    size_t layout_count;
    struct id *avoid, *must, *may_not;
    size_t avoid_count, must_count, may_not_count;
    int64_t forms, exposure;
    struct overlap_body *overlap; /* absent: as few as can be */
    const char *aim;
};
struct overlap_body {
    int64_t items;
};
static const struct field overlap_rows[] = {
    {FIELD(struct overlap_body, items, INT), .required = true, .min = 0, .max = 500},
};
static const struct fields overlap_fields = FIELDS("overlap", struct overlap_body,
                                                   overlap_rows);
static const struct field layout_rows[] = {
    {FIELD(struct layout_part, kind, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct layout_part, count, INT), .required = true, .min = 1, .max = 500},
    {FIELD(struct layout_part, millimarks, INT), .required = true, .min = 1, .max = 100000},
    {FIELD(struct layout_part, partial, TEXT), .allowed = partial_names},
};
static const struct fields layout_fields = FIELDS("layout_part", struct layout_part,
                                                  layout_rows);
static const struct field form_rows[] = {
    {FIELD(struct form_body, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct form_body, programme, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct form_body, component, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct form_body, level, INT), .required = true, .min = 1, .max = 20},
    {FIELD(struct form_body, direction, TEXT), .max = 10},
    {FIELD(struct form_body, layout, OBJECTS), FIELD_COUNT(struct form_body, layout_count),
     .max = 20, .sub = &layout_fields},
    {FIELD(struct form_body, avoid, IDS), FIELD_COUNT(struct form_body, avoid_count),
     .max = 50},
    {FIELD(struct form_body, must, IDS), FIELD_COUNT(struct form_body, must_count), .max = 100},
    {FIELD(struct form_body, may_not, IDS), FIELD_COUNT(struct form_body, may_not_count),
     .max = 500},
    {FIELD(struct form_body, forms, INT), .min = 0, .max = PARALLEL_FORMS_MAX},
    {FIELD(struct form_body, exposure, INT), .min = 0, .max = 1000},
    {FIELD(struct form_body, overlap, OBJECT), .sub = &overlap_fields},
    {FIELD(struct form_body, aim, TEXT), .allowed = form_aim_names},
};
const struct fields form_new_fields = FIELDS("form_new", struct form_body, form_rows);

static bool read_form_body(struct request *rq, struct form_order *out, struct err *e)
{
    const struct form_body *in = rq->input;
    const struct programme *p;
    if (!programme_of(rq, in->programme, &p, e))
        return false;
    *out = (struct form_order){
        .name = in->name,
        .blueprint = {.programme = p,
                      .component = in->component,
                      .level = in->level,
                      .direction = in->direction && *in->direction ? in->direction : NULL,
                      .parts = in->layout_count ? in->layout : NULL,
                      .part_count = in->layout_count},
        .avoid_forms = in->avoid,
        .avoid_count = in->avoid_count,
        .forms = (size_t)in->forms,
        .aim = form_aim_read(in->aim),
        .exposure = in->exposure,
        .overlap = in->overlap ? &in->overlap->items : NULL,
        .must = in->must,
        .may_not = in->may_not,
        .must_count = in->must_count,
        .may_not_count = in->may_not_count,
    };
    random_bytes(out->seed, sizeof out->seed);
    return true;
}

/* What the bank has for each cell: in all, never used in a paper, by difficulty 1 to 5. */
static void put_stock(struct json_out *o, const struct blueprint *b,
                      const struct item_row *pool, size_t count)
{
    put_array(o, "stock");
    for (size_t i = 0; i < b->cell_count; i++) {
        const struct blueprint_cell *cell = &b->cells[i];
        int64_t have = 0, unused = 0, difficulty[6] = {0};
        for (size_t k = 0; k < count; k++) {
            const struct item_row *r = &pool[k];
            struct item_meta m = {.levels = r->levels,
                                  .level_count = r->level_count,
                                  .directions = (const char *const *)r->directions,
                                  .direction_count = r->direction_count};
            if (strcmp(r->area, cell->area) != 0 ||
                strcmp(r->kind, b->parts[cell->part].kind) != 0 ||
                !item_serves(&m, b->level, b->direction))
                continue;
            have++;
            unused += r->state == ITEM_live;
            if (r->difficulty >= 1 && r->difficulty <= 5)
                difficulty[r->difficulty]++;
        }
        out_object(o);
        put_text(o, "area", cell->area);
        put_text(o, "kind", b->parts[cell->part].kind);
        put_int(o, "have", have);
        put_int(o, "unused", unused);
        put_array(o, "difficulty");
        for (int d = 1; d <= 5; d++)
            out_int(o, difficulty[d]);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
}

/* The cells, what the bank has for each, and whether it can be done: nothing is stored. */
bool form_solve_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form_order order;
    struct blueprint blueprint;
    struct parallel_forms made;
    struct item_row *pool;
    size_t count;
    if (!read_form_body(rq, &order, e) ||
        !blueprint_make(rq->arena, &order.blueprint, &blueprint, e) ||
        !bank_pool(&b, blueprint.programme->id, &pool, &count, e) ||
        !form_try(&b, &order, &blueprint, &made, e))
        return false;
    const struct blueprint_solution *s = &made.short_of;
    struct json_out *o = reply_json(rp);
    out_key(o, "blueprint");
    blueprint_write(&blueprint, o);
    put_bool(o, "feasible", made.sentence == NULL);
    put_text(o, "sentence", made.sentence);
    put_stock(o, &blueprint, pool, count);
    put_array(o, "starving");
    for (size_t i = 0; i < s->starving_count; i++) {
        out_object(o);
        put_text(o, "area", s->starving[i].area);
        put_text(o, "kind", s->starving[i].kind);
        put_int(o, "needed", s->starving[i].needed);
        put_int(o, "have", s->starving[i].have);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* How many papers without a common item the bank bears, and what lacks for the number asked for. */
bool form_life_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form_order order;
    struct blueprint blueprint;
    struct parallel_life life;
    if (!read_form_body(rq, &order, e) ||
        !blueprint_make(rq->arena, &order.blueprint, &blueprint, e) ||
        !form_life(&b, &order, &blueprint, &life, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "forms", life.forms);
    put_text(o, "starves", life.starves);
    put_array(o, "cells");
    for (size_t i = 0; i < life.cell_count; i++) {
        const struct life_cell *c = &life.cells[i];
        out_object(o);
        put_text(o, "area", c->area);
        put_text(o, "name", programme_area_name(blueprint.programme, c->area));
        put_text(o, "kind", c->kind);
        put_int(o, "needed", c->needed);
        put_int(o, "have", c->have);
        put_int(o, "write", c->write);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static void put_form(struct json_out *o, const struct form_row *r)
{
    put_id(o, "id", r->id);
    put_text(o, "name", r->name);
    put_text(o, "programme", r->programme);
    put_text(o, "component", r->component);
    put_int(o, "level", r->level);
    put_text(o, "direction", r->direction);
    put_text(o, "state", r->state);
    put_int(o, "items", r->items);
    put_int(o, "millimarks", r->millimarks);
    put_int(o, "created_ms", r->created_ms);
}

bool forms_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form_order order;
    struct id made[PARALLEL_FORMS_MAX];
    if (!read_form_body(rq, &order, e) || !form_compose(&b, &order, made, e))
        return false;
    size_t count = order.forms > 1 ? order.forms : 1;
    struct json_out *o = reply_json_with(rp, 201);
    put_id(o, "id", made[0]);
    put_text(o, "name", form_set_name(rq->arena, order.name, 0, count));
    put_array(o, "forms");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", made[i]);
        put_text(o, "name", form_set_name(rq->arena, order.name, i, count));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool forms_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form_row *rows;
    size_t count;
    if (!form_list(&b, request_query(rq, "programme"), &rows, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "forms");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_form(o, &rows[i]);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)count);
    return true;
}

/* How it was assembled; null for forms older than that. */
static bool put_certificate(struct request *rq, struct json_out *o, const struct form *f,
                            struct err *e)
{
    const struct json_t *c = NULL;
    if (f->certificate && *f->certificate &&
        !(c = json_read(rq->arena, f->certificate, strlen(f->certificate), e)))
        return false;
    out_key(o, "certificate");
    if (c)
        out_json(o, c);
    else
        out_null(o);
    return true;
}

/* What each item of a form is weighed by, in its order. */
static bool curves_of(const struct bank *b, const struct form *f, struct item_curve **out,
                      struct err *e)
{
    struct item_parameter *list;
    size_t known;
    *out = arena_array(b->arena, struct item_curve, f->item_count + 1);
    if (!item_parameters_of_form(b, f->row.id, &list, &known, e))
        return false;
    for (size_t i = 0; i < f->item_count; i++)
        (*out)[i] = (struct item_curve){
            .difficulty = f->items[i].item.meta.difficulty,
            .measured = item_parameter_of(list, known, f->items[i].version_id),
        };
    return true;
}

/* Of the whole form at theta -3, -2.5, … 3, and for how many of its items it is measured. */
static void put_information(struct json_out *o, const struct item_curve *curves, size_t count)
{
    double at[INFORMATION_POINTS];
    size_t measured = 0;
    for (size_t i = 0; i < count; i++)
        measured += curves[i].measured != NULL;
    form_information(curves, count, at);
    put_int(o, "measured", (int64_t)measured);
    put_array(o, "information");
    for (size_t k = 0; k < INFORMATION_POINTS; k++)
        out_number(o, at[k]);
    out_array_end(o);
}

static void put_curve(struct json_out *o, const struct item_curve *curve)
{
    const struct curve_parameters p = item_curve_parameters(curve);
    put_bool(o, "measured", curve->measured != NULL);
    put_number(o, "a", p.a);
    put_number(o, "b", p.b);
    put_number(o, "c", p.c);
}

/* Before any of it is shown. */
static bool form_seen(const struct bank *b, const struct form *f, enum seen_purpose what,
                      struct err *e)
{
    struct id *versions = arena_array(b->arena, struct id, f->item_count + 1);
    for (size_t i = 0; i < f->item_count; i++)
        versions[i] = f->items[i].version_id;
    return bank_note_seen(b, what, versions, f->item_count, e);
}

bool form_one_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form f;
    struct item_curve *curves;
    if (!form_open(&b, rq->id[0], &f, e) || !form_seen(&b, &f, SEEN_form, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "form");
    put_form(o, &f.row);
    put_array(o, "layout");
    for (size_t i = 0; i < f.part_count; i++) {
        out_object(o);
        put_text(o, "kind", f.parts[i].kind);
        put_int(o, "count", f.parts[i].count);
        put_int(o, "millimarks", f.parts[i].millimarks);
        put_text(o, "partial", f.parts[i].partial);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    if (!put_certificate(rq, o, &f, e) || !curves_of(&b, &f, &curves, e))
        return false;
    put_information(o, curves, f.item_count);
    put_array(o, "items");
    for (size_t i = 0; i < f.item_count; i++) {
        const struct form_item *it = &f.items[i];
        out_object(o);
        put_int(o, "section", (int64_t)it->section + 1);
        put_id(o, "id", it->item_id);
        put_text(o, "code", it->item.meta.id);
        put_text(o, "kind", it->item.kind->name);
        put_text(o, "area", it->area);
        put_text(o, "point", it->point);
        put_int(o, "difficulty", it->item.meta.difficulty);
        put_curve(o, &curves[i]);
        put_int(o, "millimarks", it->millimarks);
        put_text(o, "stem", pictures_worded(rq->arena, &it->item.meta, item_stem(&it->item)));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct printing {
    struct request *rq;
    struct id form;
    bool key;
};

static bool note_print(struct db *db, void *ctx, struct err *e)
{
    const struct printing *p = ctx;
    struct audit_row row = {
        .act = ACT_form_print,
        .object_type = "fo",
        .object = p->form,
        .change = json_keep(p->rq->arena, json_pack("{s:b}", "key", p->key))};
    return audit_write(db, &p->rq->actor, &row, e);
}

/* The questions of an exam, or its key, leave the program: an audited act. */
static bool print(struct request *rq, struct reply *rp, bool key, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form f;
    struct bytes pdf;
    const struct programme *p;
    if (!form_open(&b, rq->id[0], &f, e) || !programme_of(rq, f.row.programme, &p, e))
        return false;
    const struct component *c = programme_component(p, f.row.component);
    const struct level *level = programme_level(p, f.row.level);
    const struct direction *d = programme_direction(p, f.row.direction);
    struct print_order order = {
        .body_name = rq->app->demo ? "演示评价机构" : NULL,
        .title = arena_printf(rq->arena, "%s%s%s%s", p->name, level ? level->name : "",
                              d ? arena_printf(rq->arena, "（%s）", d->name) : "",
                              c ? c->name : ""),
        .minutes = request_query_int(rq, "minutes",
                                     c && c->min_minutes ? c->min_minutes : PRINT_MINUTES),
        .created_ms = f.row.created_ms,
        .key = key,
        .specimen = rq->app->demo,
    };
    struct printing noted = {rq, f.row.id, key};
    if (!paper_print(rq->arena, &f, &order, &pdf, e) ||
        !form_seen(&b, &f, key ? SEEN_print_key : SEEN_print, e) ||
        !db_transact(rq->db, note_print, &noted, e))
        return false;
    reply_file(rp, "application/pdf",
               arena_printf(rq->arena, "%s%s.pdf", f.row.name, key ? "-答案" : ""), pdf);
    return true;
}

bool form_paper_get(struct request *rq, struct reply *rp, struct err *e)
{
    return print(rq, rp, false, e);
}

bool form_key_get(struct request *rq, struct reply *rp, struct err *e)
{
    return print(rq, rp, true, e);
}
