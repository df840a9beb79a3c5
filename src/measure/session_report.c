/* measure/session_report.c - the forms of a session, each made a table of shares and reported on. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "measure/form_report.h"
#include "programme/programme.h"

/* An item of a form by what does not depend on the order of a candidate's paper. */
struct form_item_at {
    const char *code;
    int64_t part, weight;
    bool by_people; /* a marker decided somebody's answer */
    size_t column;
};

static int by_name(const void *x, const void *y)
{
    const struct form_item_at *a = x, *b = y;
    int order = strcmp(a->code, b->code);
    return order ? order : (a->part > b->part) - (a->part < b->part);
}

struct form_columns {
    struct form_item_at *at;
    size_t count, machine; /* all; those of the machine, which have a column */
};

static struct form_item_at *column_at(const struct form_columns *c, const struct paper_place *p)
{
    struct form_item_at asked = {.code = p->code, .part = p->part};
    return c->count ? bsearch(&asked, c->at, c->count, sizeof asked, by_name) : NULL;
}

/* The places that the first paper of a form shows; all others of it have the same. */
static struct form_columns columns_of(struct arena *a, const struct session_scores *s,
                                      size_t form)
{
    struct form_columns c = {NULL, 0, 0};
    for (size_t i = 0; i < s->count; i++) {
        const struct attempt_score *one = &s->at[i];
        if (s->form[i] != form)
            continue;
        if (!c.at) {
            c.at = arena_array(a, struct form_item_at, one->count + 1);
            for (size_t k = 0; k < one->count; k++)
                c.at[c.count++] = (struct form_item_at){
                    .code = one->places[k].code,
                    .part = one->places[k].part,
                    .weight = one->marks[k].full_millimarks};
            if (c.count)
                qsort(c.at, c.count, sizeof *c.at, by_name);
        }
        for (size_t k = 0; k < one->count; k++) {
            struct form_item_at *at = column_at(&c, &one->places[k]);
            if (at && one->marks[k].needs_marker)
                at->by_people = true;
        }
    }
    for (size_t i = 0; i < c.count; i++)
        if (!c.at[i].by_people)
            c.at[i].column = c.machine++;
    return c;
}

static void fill_row(const struct form_columns *c, const struct attempt_score *s, double *row)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct place_mark *mark = &s->marks[i];
        const struct form_item_at *at = column_at(c, &s->places[i]);
        if (at && !at->by_people && mark->full_millimarks > 0)
            row[at->column] = (double)mark->millimarks / (double)mark->full_millimarks;
    }
}

static bool report_form(struct arena *a, const struct session_scores *s, size_t form,
                        double pass_share, struct form_report *out, struct err *e)
{
    struct form_columns c = columns_of(a, s, form);
    size_t attempts = 0, row = 0;
    for (size_t i = 0; i < s->count; i++)
        attempts += s->form[i] == form;
    double *shares = arena_array(a, double, attempts *c.machine + 1);
    int64_t *weight = arena_array(a, int64_t, c.machine + 1);
    for (size_t i = 0; i < c.count; i++)
        if (!c.at[i].by_people)
            weight[c.at[i].column] = c.at[i].weight;
    for (size_t i = 0; i < s->count; i++)
        if (s->form[i] == form)
            fill_row(&c, &s->at[i], shares + row++ * c.machine);
    const struct share_table t = {shares, weight, attempts, c.machine, pass_share};
    *out = (struct form_report){.form = &s->forms[form], .by_people = c.count - c.machine};
    return form_report(a, &t, out, e);
}

bool session_report(const struct marking *m, struct id session, struct session_report *out,
                    struct err *e)
{
    struct marking_session of;
    struct session_scores s;
    *out = (struct session_report){0};
    if (!marking_session(m, session, &of, e) || !session_scores(m, session, &s, e))
        return false;
    const struct component *c = programme_component(of.programme, of.component);
    if (c && c->full_millimarks > 0)
        out->pass_share = (double)c->pass_millimarks / (double)c->full_millimarks;
    out->forms = arena_array(m->arena, struct form_report, s.form_count + 1);
    for (size_t i = 0; i < s.form_count; i++)
        if (!report_form(m->arena, &s, i, out->pass_share, &out->forms[out->count++], e))
            return false;
    return true;
}
