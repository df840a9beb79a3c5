/* measure/parameters.c - reads item parameters. */
#include "measure/parameters.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/file.h"

enum { FILE_MAX = 16 << 20 };

struct columns {
    int item, a, b, d, c, se_a, se_b, se_c;
    int list[IRT_CATEGORIES_MAX]; /* b1… or d1… */
    size_t list_count;
    bool list_is_d;
};

static bool number(const struct table_row *r, int column, const char *heading,
                   const char *option, double *out, struct err *e)
{
    const char *cell = table_cell(r, column);
    char *end;
    *out = strtod(cell, &end);
    if (end == cell || end[strspn(end, " ")] || !isfinite(*out))
        return FAIL(e, INVALID, option, "第 %zu 行、列“%s”：“%.40s”不是数。", r->line, heading,
                    cell);
    return true;
}

static double optional(const struct table_row *r, int column)
{
    const char *cell = table_cell(r, column);
    char *end;
    double v = strtod(cell, &end);
    return end == cell || *end || !isfinite(v) ? NAN : v;
}

static int either(const struct table *t, const char *x, const char *y)
{
    int i = table_column(t, x);
    return i >= 0 ? i : table_column(t, y);
}

static bool find_columns(const struct table *t, const char *option, bool polytomous,
                         struct columns *c, struct err *e)
{
    *c = (struct columns){.item = either(t, "item", "id"),
                          .a = table_column(t, "a"),
                          .b = table_column(t, "b"),
                          .d = table_column(t, "d"),
                          .c = either(t, "c", "g"),
                          .se_a = table_column(t, "se_a"),
                          .se_b = either(t, "se_b", "se_d"),
                          .se_c = either(t, "se_c", "se_g")};
    for (size_t k = 1; polytomous && k < IRT_CATEGORIES_MAX; k++) {
        char b[8], d[8];
        snprintf(b, sizeof b, "b%zu", k);
        snprintf(d, sizeof d, "d%zu", k);
        int column = either(t, b, d);
        if (column < 0)
            break;
        c->list_is_d = table_column(t, b) < 0;
        c->list[c->list_count++] = column;
    }
    if (c->item < 0 || (polytomous ? c->list_count == 0 : c->b < 0 && c->d < 0))
        return FAIL(e, INVALID, option, "参数表须有列 item、a 和 %s；没有列 a 时都是 1。",
                    polytomous ? "b1、b2……（或 d1、d2……）" : "b（或 d）");
    return true;
}

static bool is_blank(const char *cell)
{
    return !*cell || strcmp(cell, "NA") == 0 || strcmp(cell, ".") == 0;
}

static bool read_list(const struct table_row *r, const struct columns *c, const char *option,
                      enum irt_kind kind, double scale, struct irt_item *item, double *x,
                      struct err *e)
{
    size_t k = 1;
    double step = 0, v;
    for (; k <= c->list_count; k++) {
        if (is_blank(table_cell(r, c->list[k - 1])))
            break;
        if (!number(r, c->list[k - 1], c->list_is_d ? "d" : "b", option, &v, e))
            return false;
        if (c->list_is_d)
            x[k] = scale * v;
        else if (kind == IRT_GRADED)
            x[k] = -x[0] * v;
        else
            x[k] = step = step - x[0] * v;
    }
    *item = (struct irt_item){kind, k, false};
    if (k < 2 || !irt_valid(item, x))
        return FAIL(e, INVALID, option, "第 %zu 行：参数不成模型（等级阈值须递增）。", r->line);
    return true;
}

static bool read_row(const struct table_row *r, const struct columns *c, const char *option,
                     double scale, size_t i, struct parameters *p, struct err *e)
{
    double *x = p->x + i * p->stride, a = x[0] / scale, g = 0, v;
    bool is_d = c->b < 0;
    if (!number(r, is_d ? c->d : c->b, is_d ? "d" : "b", option, &v, e))
        return false;
    if (c->c >= 0 && !is_blank(table_cell(r, c->c)) && !number(r, c->c, "c", option, &g, e))
        return false;
    if (!(g >= 0 && g < 1))
        return FAIL(e, INVALID, option, "第 %zu 行：猜测参数须在 0 与 1 之间。", r->line);
    if (fabs(a) < 1e-9)
        return FAIL(e, INVALID, option, "第 %zu 行：区分度不能是 0。", r->line);
    p->b[i] = is_d ? -v / a : v;
    p->c[i] = g;
    p->slope[i] = a;
    x[1] = -x[0] * p->b[i];
    x[2] = g > 0 ? log(g / (1 - g)) : -40;
    p->items[i] = (struct irt_item){IRT_BINARY, 2, g > 0};
    p->se_a[i] = optional(r, c->se_a);
    p->se_b[i] = optional(r, c->se_b);
    p->se_c[i] = optional(r, c->se_c);
    p->has_errors |= isfinite(p->se_a[i]) && isfinite(p->se_b[i]);
    return true;
}

bool parameters_read(struct arena *a, const char *option, const char *path,
                     enum irt_kind polytomous, double scale_d, struct parameters *p,
                     struct err *e)
{
    struct bytes text;
    struct table t;
    struct columns c;
    if (!path)
        return FAIL(e, INVALID, option, "缺少参数表。");
    if (!file_read(a, path, FILE_MAX, &text, e) ||
        !csv_read(a, text, (struct csv_form){.comments = true, .any_separator = true}, &t, e)) {
        e->code = ERR_INVALID;
        return false;
    }
    if (!find_columns(&t, option, polytomous != IRT_BINARY, &c, e))
        return false;
    size_t n = t.count - 1;
    *p = (struct parameters){.count = n, .stride = c.list_count + 3, .one_slope = c.a < 0};
    p->ids = arena_array(a, const char *, n + 1);
    p->items = arena_array(a, struct irt_item, n + 1);
    p->x = arena_array(a, double, (n + 1) * p->stride);
    double **plain[] = {&p->b, &p->c, &p->slope, &p->se_a, &p->se_b, &p->se_c};
    for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
        *plain[k] = arena_array(a, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct table_row *r = &t.rows[i + 1];
        double slope = 1;
        p->ids[i] = table_cell(r, c.item);
        if (!*p->ids[i] || (c.a >= 0 && !number(r, c.a, "a", option, &slope, e)))
            return FAIL(e, INVALID, option, "第 %zu 行：没有题号。", r->line);
        if (parameters_find(p, p->ids[i]) < (int)i)
            return FAIL(e, INVALID, option, "第 %zu 行：题号“%.60s”重复。", r->line, p->ids[i]);
        double *x = p->x + i * p->stride;
        x[0] = scale_d * slope;
        if (polytomous != IRT_BINARY
                ? !read_list(r, &c, option, polytomous, scale_d, &p->items[i], x, e)
                : !read_row(r, &c, option, scale_d, i, p, e))
            return false;
    }
    return n > 0 || FAIL(e, INVALID, option, "参数表里没有题目。");
}

int parameters_find(const struct parameters *p, const char *id)
{
    for (size_t i = 0; i < p->count && p->ids[i]; i++)
        if (strcmp(p->ids[i], id) == 0)
            return (int)i;
    return -1;
}
