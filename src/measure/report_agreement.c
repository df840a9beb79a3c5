/* measure/report_agreement.c - `analyze kappa | fleiss | icc`. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "measure/agreement.h"
#include "measure/analyze.h"
#include "measure/icc.h"
#include "measure/number_table.h"
#include "measure/numbers.h"

enum { CATEGORIES_MAX = 60 };

struct rated {
    size_t k;
    const char **labels;
    double *counts;
    double subjects;
};

/* Two columns of ratings, and maybe a column of counts. Rows with an empty cell are left out. */
static bool read_pairs(struct arena *a, const struct analyze_options *o, struct rated *r,
                       struct err *e)
{
    struct table t;
    size_t rater[2], found = 0;
    int counted = -1;
    if (!table_file_read(a, "file", o->file, &t, e))
        return false;
    for (size_t j = 0; j < t.rows[0].count; j++) {
        const char *h = t.rows[0].cells[j];
        if (strcmp(h, "Freq") == 0 || strcmp(h, "freq") == 0 || strcmp(h, "n") == 0)
            counted = (int)j;
        else if (strcmp(h, "id") != 0 && strcmp(h, "subject") != 0 && *h && found < 3 &&
                 found++ < 2)
            rater[found - 1] = j;
    }
    if (found != 2)
        return FAIL(e, INVALID, "file", "须有两列评定（另可有一列 Freq、freq 或 n 作人数）。");
    r->k = labels_of(a, &t, rater, 2, &r->labels);
    if (r->k > CATEGORIES_MAX)
        return FAIL(e, INVALID, "file", "类别有 %zu 种，最多 %d 种。", r->k, CATEGORIES_MAX);
    r->counts = arena_array(a, double, r->k * r->k + 1);
    for (size_t i = 1; i < t.count; i++) {
        size_t x = label_index(r->labels, r->k, t.rows[i].cells[rater[0]]);
        size_t y = label_index(r->labels, r->k, t.rows[i].cells[rater[1]]);
        double n = 1;
        if (counted >= 0 && !table_number(&t, i, (size_t)counted, "file", &n, e))
            return false;
        if (!(n >= 0))
            return FAIL(e, INVALID, "file", "第 %zu 行的人数小于 0。", t.rows[i].line);
        if (x == r->k || y == r->k)
            continue;
        r->counts[x * r->k + y] += n;
        r->subjects += n;
    }
    return r->subjects > 1 || FAIL(e, INVALID, "file", "两人都评了的对象须至少有 2 个。");
}

/* Distances: of places (nominal 0/1, linear, squared), or of a file's square table. */
static bool disagreements(struct arena *a, const struct rated *r, const char *kind, double *v,
                          struct err *e)
{
    size_t k = r->k;
    bool linear = strcmp(kind, "linear") == 0, quadratic = strcmp(kind, "quadratic") == 0;
    if (linear || quadratic || strcmp(kind, "none") == 0) {
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++) {
                double d = i > j ? (double)(i - j) : (double)(j - i);
                v[i * k + j] = linear ? d : quadratic ? d * d : d > 0;
            }
        return true;
    }
    struct number_table t;
    if (!number_table_read(a, kind, false, &t, e)) {
        memcpy(e->field, "--weights", sizeof "--weights");
        return false;
    }
    if (t.rows != k || t.columns != k)
        return FAIL(e, INVALID, "--weights", "权表应是 %zu × %zu（类别数），现在是 %zu × %zu。",
                    k, k, t.rows, t.columns);
    for (size_t i = 0; i < k * k; i++) {
        if (t.x[i] < 0 || (i % (k + 1) == 0 && t.x[i] > 0))
            return FAIL(e, INVALID, "--weights", "不一致的权不能小于 0，对角线须是 0。");
        v[i] = t.x[i];
    }
    return true;
}

static void put_kappa(struct json_out *out, const struct kappa *k)
{
    put_real(out, "kappa", k->known ? k->kappa : NAN);
    put_real(out, "se", k->known ? k->se : NAN);
    put_real(out, "se_null", k->known ? k->se_null : NAN);
    put_real(out, "z", k->known ? k->z : NAN);
    put_real(out, "p", k->known ? 2 * normal_below(-fabs(k->z)) : NAN);
    put_real(out, "observed", k->expected > 0 ? k->observed : NAN);
    put_real(out, "expected", k->expected > 0 ? k->expected : NAN);
}

bool analyze_kappa(struct arena *a, const struct analyze_options *o, struct json_out *out,
                   struct err *e)
{
    struct rated r = {.k = 0};
    const char *kind = o->weights ? o->weights : "none";
    if (!read_pairs(a, o, &r, e))
        return false;
    double *v = arena_array(a, double, r.k *r.k + 1);
    if (!disagreements(a, &r, kind, v, e))
        return false;
    struct kappa main = kappa_weighted(r.counts, v, r.k);
    put_object(out, "conventions");
    put_text(out, "weights",
             o->weights ? o->weights : "none: any disagreement counts the same");
    put_text(out, "z", "kappa / se_null (Fleiss, Cohen & Everitt 1969)");
    put_text(out, "order", "categories by number, or by bytes where one is no number");
    out_object_end(out);
    put_number(out, "subjects", r.subjects);
    put_kappa(out, &main);
    static const char *const all[] = {"none", "linear", "quadratic"};
    static const char *const names[] = {"unweighted", "linear", "quadratic"};
    for (size_t i = 0; i < 3; i++) {
        if (!disagreements(a, &r, all[i], v, e))
            return false;
        struct kappa k = kappa_weighted(r.counts, v, r.k);
        put_object(out, names[i]);
        put_kappa(out, &k);
        out_object_end(out);
    }
    put_array(out, "categories");
    for (size_t i = 0; i < r.k; i++) {
        /* One category against all others. */
        double two[4] = {0, 0, 0, 0};
        const double nominal[4] = {0, 1, 1, 0};
        for (size_t x = 0; x < r.k; x++)
            for (size_t y = 0; y < r.k; y++)
                two[(x == i ? 0 : 2) + (y == i ? 0 : 1)] += r.counts[x * r.k + y];
        struct kappa k = kappa_weighted(two, nominal, 2);
        out_object(out);
        put_text(out, "category", r.labels[i]);
        put_number(out, "first", two[0] + two[1]);
        put_number(out, "second", two[0] + two[2]);
        put_number(out, "both", two[0]);
        put_kappa(out, &k);
        out_object_end(out);
    }
    out_array_end(out);
    return true;
}

/* A column a rater, in every cell the category that was given: counted into a column a category. */
static bool count_ratings(struct arena *a, const struct table *t, size_t first,
                          struct number_table *out, struct err *e)
{
    size_t raters = t->rows[0].count - first;
    size_t *columns = arena_array(a, size_t, raters);
    for (size_t j = 0; j < raters; j++)
        columns[j] = first + j;
    *out = (struct number_table){.rows = t->count - 1};
    out->columns = labels_of(a, t, columns, raters, &out->column_ids);
    if (out->columns > CATEGORIES_MAX)
        return FAIL(e, INVALID, "file", "类别有 %zu 种，最多 %d 种。", out->columns,
                    CATEGORIES_MAX);
    out->x = arena_array(a, double, out->rows * out->columns + 1);
    for (size_t i = 0; i < out->rows; i++)
        for (size_t j = 0; j < raters; j++) {
            size_t k = label_index(out->column_ids, out->columns,
                                   t->rows[i + 1].cells[columns[j]]);
            if (k < out->columns)
                out->x[i * out->columns + k]++;
        }
    return true;
}

/* Counts by category; or, where no cell is a number, what each rater said. */
static bool read_counts(struct arena *a, const char *path, struct number_table *out,
                        bool *labelled, struct err *e)
{
    struct table t;
    if (!table_file_read(a, "file", path, &t, e))
        return false;
    size_t first = is_name_column(t.rows[0].cells[0]) ? 1 : 0;
    *labelled = t.rows[0].count > first;
    for (size_t i = 1; i < t.count && *labelled; i++)
        for (size_t j = first; j < t.rows[i].count; j++) {
            struct err none = {0};
            double x;
            *labelled &= !table_number(&t, i, j, "file", &x, &none);
        }
    return *labelled ? count_ratings(a, &t, first, out, e)
                     : number_table_read(a, path, false, out, e);
}

bool analyze_fleiss(struct arena *a, const struct analyze_options *o, struct json_out *out,
                    struct err *e)
{
    struct number_table t;
    bool labelled;
    if (!read_counts(a, o->file, &t, &labelled, e))
        return false;
    double ratings = 0;
    for (size_t i = 0; i < t.rows; i++) {
        double sum = 0;
        for (size_t j = 0; j < t.columns; j++) {
            double x = t.x[i * t.columns + j];
            if (x < 0 || x != floor(x))
                return FAIL(e, INVALID, "file",
                            "第 %zu 个对象、列“%.60s”：次数须是不小于 0 的整数。", i + 1,
                            t.column_ids[j]);
            sum += x;
        }
        if (i > 0 && fabs(sum - ratings) > 0.5)
            return FAIL(e, INVALID, "file",
                        "第 %zu 个对象有 %.0f 次评定，第 1 个有 %.0f 次；Fleiss 要求相同。",
                        i + 1, sum, ratings);
        ratings = sum;
    }
    if (ratings < 2)
        return FAIL(e, INVALID, "file", "每个对象至少要有 2 次评定。");
    struct fleiss_category *c = arena_array(a, struct fleiss_category, t.columns);
    struct fleiss f = fleiss_kappa(t.x, t.rows, t.columns, ratings, c);
    put_object(out, "conventions");
    put_text(out, "se", "under no agreement (Fleiss, Nee & Landis 1979)");
    put_text(out, "columns",
             labelled ? "raters; categories are counted" : "categories, counts");
    out_object_end(out);
    put_int(out, "subjects", (int64_t)t.rows);
    put_number(out, "ratings", ratings);
    put_real(out, "kappa", f.known ? f.kappa : NAN);
    put_real(out, "se", f.known ? f.se : NAN);
    put_real(out, "z", f.known ? f.z : NAN);
    put_real(out, "p", f.known ? 2 * normal_below(-fabs(f.z)) : NAN);
    put_real(out, "observed", f.observed);
    put_real(out, "expected", f.expected);
    put_array(out, "categories");
    for (size_t j = 0; j < t.columns; j++) {
        out_object(out);
        put_text(out, "category", t.column_ids[j]);
        put_real(out, "proportion", c[j].proportion);
        put_real(out, "kappa", c[j].kappa);
        put_real(out, "z", c[j].z);
        out_object_end(out);
    }
    out_array_end(out);
    return true;
}

bool analyze_icc(struct arena *a, const struct analyze_options *o, struct json_out *out,
                 struct err *e)
{
    struct number_table t;
    if (!number_table_read(a, o->file, false, &t, e))
        return false;
    if (t.rows < 2 || t.columns < 2)
        return FAIL(e, INVALID, "file", "至少要有 2 个对象和 2 位评分者。");
    struct icc_table table;
    struct icc r[ICC_FORMS];
    icc_run(t.x, t.rows, t.columns, 0.95, &table, r);
    put_object(out, "conventions");
    put_text(out, "source", "Shrout & Fleiss 1979; 95 % limits");
    put_text(out, "forms",
             "1: raters differ by subject; 2: raters drawn at random, absolute "
             "agreement; 3: these raters only, consistency; k: mean of the raters");
    out_object_end(out);
    put_int(out, "subjects", (int64_t)t.rows);
    put_int(out, "raters", (int64_t)t.columns);
    put_object(out, "icc");
    for (int i = 0; i < ICC_FORMS; i++)
        put_real(out, icc_names[i], r[i].value);
    out_object_end(out);
    put_object(out, "mean_squares");
    put_real(out, "between", table.ms_between);
    put_real(out, "within", table.ms_within);
    put_real(out, "judges", table.ms_judges);
    put_real(out, "error", table.ms_error);
    out_object_end(out);
    put_array(out, "tests");
    for (int i = 0; i < ICC_FORMS; i++) {
        out_object(out);
        put_text(out, "form", icc_names[i]);
        put_real(out, "icc", r[i].value);
        put_real(out, "f", r[i].f);
        put_real(out, "df1", r[i].df1);
        put_real(out, "df2", r[i].df2);
        put_real(out, "p", r[i].p);
        put_real(out, "lower", r[i].lower);
        put_real(out, "upper", r[i].upper);
        out_object_end(out);
    }
    out_array_end(out);
    return true;
}
