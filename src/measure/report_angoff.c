/* measure/report_angoff.c - `analyze angoff`: a row a judge, a column an item; or, where the
 * heading of the first column says item, a row an item. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "measure/angoff.h"
#include "measure/number_table.h"
#include "measure/numbers.h"

/* A table whose rows are named items has its judges in the columns. */
static bool rows_are_items(const struct number_table *t)
{
    static const char *const names[] = {"item", "items", "Item", "question", "题目", "试题"};
    for (size_t i = 0; t->corner && i < sizeof names / sizeof *names; i++)
        if (strcmp(t->corner, names[i]) == 0)
            return true;
    return false;
}

static void turn(struct arena *a, struct number_table *t)
{
    double *x = arena_array(a, double, t->rows * t->columns);
    for (size_t i = 0; i < t->rows; i++)
        for (size_t j = 0; j < t->columns; j++)
            x[j * t->rows + i] = t->x[i * t->columns + j];
    *t = (struct number_table){.rows = t->columns,
                               .columns = t->rows,
                               .row_ids = t->column_ids,
                               .column_ids = t->row_ids,
                               .corner = t->corner,
                               .x = x};
}

bool analyze_angoff(struct arena *a, const struct analyze_options *o, struct json_out *out,
                    struct err *e)
{
    struct number_table t;
    struct angoff r;
    double top = 0;
    if (!number_table_read(a, o->file, true, &t, e))
        return false;
    bool turned = rows_are_items(&t);
    if (turned)
        turn(a, &t);
    for (size_t i = 0; i < t.rows * t.columns; i++) {
        if (t.x[i] < 0 || t.x[i] > 100)
            return FAIL(e, INVALID, "file", "评委“%.40s”、题目“%.40s”：%g 不在 0–100 之间。",
                        t.row_ids[i / t.columns], t.column_ids[i % t.columns], t.x[i]);
        top = isfinite(t.x[i]) ? fmax(top, t.x[i]) : top;
    }
    bool percent = top > 1;
    for (size_t i = 0; i < t.rows * t.columns && percent; i++)
        t.x[i] /= 100;
    for (size_t j = 0; j < t.columns; j++) {
        size_t rated = 0;
        for (size_t i = 0; i < t.rows; i++)
            rated += isfinite(t.x[i * t.columns + j]) ? 1 : 0;
        if (rated == 0)
            return FAIL(e, INVALID, "file", "题目“%.60s”没有评委评过。", t.column_ids[j]);
    }
    angoff_run(a, &(struct angoff_ratings){t.x, NULL, t.rows, t.columns}, &r);
    put_object(out, "conventions");
    put_text(out, "unit",
             percent ? "per cent in the file (some value above 1)"
                     : "shares in the file (no value above 1)");
    put_text(out, "rows", turned ? "items, by their heading" : "judges");
    put_text(out, "cut", "mean over judges of the sum over items, in raw score points");
    put_text(out, "se", "sd of the judges' cuts (over n - 1) / root of the number of judges");
    put_text(out, "missing", "the item's mean over the other judges stands in");
    put_text(out, "agreement",
             "ICC(2,1) and ICC(2,k) of items by judges (Shrout & Fleiss 1979)");
    out_object_end(out);
    put_real(out, "cut", r.cut);
    put_real(out, "percent", 100 * r.cut / (double)t.columns);
    put_real(out, "sd", r.sd);
    put_real(out, "se", r.se);
    put_real(out, "icc_single", r.icc_single);
    put_real(out, "icc_panel", r.icc_mean);
    put_array(out, "raters");
    for (size_t i = 0; i < t.rows; i++) {
        const struct angoff_judge *j = &r.judges[i];
        out_object(out);
        put_text(out, "id", t.row_ids[i]);
        put_real(out, "cut", j->cut);
        put_real(out, "difference", j->difference);
        put_real(out, "r_panel", j->r_panel);
        put_real(out, "mean_distance", j->mean_distance);
        put_int(out, "rated", (int64_t)j->rated);
        out_object_end(out);
    }
    out_array_end(out);
    put_array(out, "items");
    for (size_t k = 0; k < t.columns; k++) {
        out_object(out);
        put_text(out, "id", t.column_ids[k]);
        put_real(out, "mean", r.item_mean[k]);
        put_real(out, "sd", r.item_sd[k]);
        out_object_end(out);
    }
    out_array_end(out);
    return true;
}
