/* programme/programme_weights.c - weight tables: read, checked, and asked by area. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "programme/programme_fields.h"

/* clang-format off */
static const struct field column_rows[] = {
    {FIELD(struct weight_column, key, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct weight_column, level, INT), .required = true},
    {TEXTS(struct weight_column, directions, direction_count), .required = true},
};
static const struct fields column_fields =
    FIELDS("weight_column", struct weight_column, column_rows);

static const struct field cell_rows[] = {
    {TEXTS(struct weight_cell, columns, column_count), .required = true, .min = 1, .max = 50},
    {FIELD(struct weight_cell, area, TEXT)},
    {FIELD(struct weight_cell, percent, INT), .min = 0, .max = 100},
    {FIELD(struct weight_cell, not_printed, BOOL)},
};
static const struct fields cell_fields = FIELDS("weight_cell", struct weight_cell, cell_rows);

static const struct field row_rows[] = {
    {FIELD(struct weight_row, group, TEXT)},
    {FIELD(struct weight_row, name, TEXT), .required = true, .min = 1, .max = 100},
    {LIST(struct weight_row, cells, cell_count, cell_fields), .required = true},
    {FIELD(struct weight_row, note, TEXT)},
    {ONE(struct weight_row, src, source_fields)},
};
static const struct fields row_fields = FIELDS("weight_row", struct weight_row, row_rows);

static const struct field table_rows[] = {
    {FIELD(struct weight_table, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct weight_table, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct weight_table, section, TEXT)},
    {FIELD(struct weight_table, note, TEXT)},
    {LIST(struct weight_table, columns, column_count, column_fields), .required = true,
     .min = 1, .max = 50},
    {LIST(struct weight_table, rows, row_count, row_fields), .required = true,
     .min = 1, .max = 100},
    {ONE(struct weight_table, src, source_fields)},
};
const struct fields weight_table_fields =
    FIELDS("weight_table", struct weight_table, table_rows);
/* clang-format on */

static bool has_text(const char *const *list, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], what) == 0)
            return true;
    return false;
}

static const struct weight_table *table_find(const struct programme *p, const char *id)
{
    for (size_t i = 0; i < p->weight_count; i++)
        if (strcmp(p->weights[i].id, id) == 0)
            return &p->weights[i];
    return NULL;
}

static const struct weight_column *column_of(const struct weight_table *t, int64_t level,
                                             const char *direction)
{
    for (size_t i = 0; i < t->column_count; i++) {
        const struct weight_column *c = &t->columns[i];
        if (c->level == level &&
            (!c->direction_count ||
             (direction && has_text(c->directions, c->direction_count, direction))))
            return c;
    }
    return NULL;
}

static const struct weight_cell *cell_of(const struct weight_row *r, const char *key)
{
    for (size_t i = 0; i < r->cell_count; i++)
        if (has_text(r->cells[i].columns, r->cells[i].column_count, key))
            return &r->cells[i];
    return NULL;
}

/* ------------------------------------------------------------------ the questions */
size_t programme_weights(const struct programme *p, struct arena *a, const char *table,
                         int64_t level, const char *direction, const struct weight **out)
{
    *out = NULL;
    const struct weight_table *t = table_find(p, table);
    const struct weight_column *column = t ? column_of(t, level, direction) : NULL;
    if (!column)
        return 0;
    struct weight *list = arena_array(a, struct weight, t->row_count);
    size_t n = 0;
    for (size_t i = 0; i < t->row_count; i++) {
        const struct weight_cell *c = cell_of(&t->rows[i], column->key);
        if (c && c->percent)
            list[n++] = (struct weight){c->area, t->rows[i].name, c->percent};
    }
    *out = list;
    return n;
}

int64_t programme_weight(const struct programme *p, const char *table, const char *area,
                         int64_t level, const char *direction)
{
    const struct weight_table *t = table_find(p, table);
    const struct weight_column *column = t ? column_of(t, level, direction) : NULL;
    for (size_t i = 0; column && i < t->row_count; i++) {
        const struct weight_cell *c = cell_of(&t->rows[i], column->key);
        if (c && c->percent && strcmp(c->area, area) == 0)
            return c->percent;
    }
    return 0;
}

/* ------------------------------------------------------------------ the checks */
static bool columns_check(const struct programme *p, size_t table, struct err *e)
{
    const struct weight_table *t = &p->weights[table];
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < t->column_count; i++) {
        const struct weight_column *c = &t->columns[i];
        snprintf(at, sizeof at, "/weights/%zu/columns/%zu", table, i);
        for (size_t j = 0; j < i; j++)
            if (strcmp(t->columns[j].key, c->key) == 0)
                return FAIL(e, INVALID, at, "列 %s 写了两次。", c->key);
        if (!levels_known(p, &c->level, 1, at, e) ||
            !directions_known(p, c->directions, c->direction_count, at, e))
            return false;
    }
    for (size_t l = 0; l < p->level_count; l++) {
        snprintf(at, sizeof at, "/weights/%zu/columns", table);
        if (!p->direction_count && !column_of(t, p->levels[l].level, NULL))
            return FAIL(e, INVALID, at, "等级 %lld 没有权重列。",
                        (long long)p->levels[l].level);
        for (size_t d = 0; d < p->direction_count; d++)
            if (direction_has_level(&p->directions[d], p->levels[l].level) &&
                !column_of(t, p->levels[l].level, p->directions[d].id))
                return FAIL(e, INVALID, at, "等级 %lld 职业方向 %s 没有权重列。",
                            (long long)p->levels[l].level, p->directions[d].id);
    }
    return true;
}

/* An area is a function of the column's level that all the column's directions are examined on,
 * or a part of the basic requirements. */
static bool area_fits(const struct programme *p, const char *area,
                      const struct weight_column *c)
{
    const struct work_function *f = programme_function(p, area);
    if (!f)
        return programme_basic(p, area);
    if (f->level != c->level)
        return false;
    for (size_t i = 0; i < c->direction_count; i++)
        if (!function_examines(f, c->directions[i]))
            return false;
    return true;
}

static bool cell_check(const struct programme *p, const struct weight_table *t,
                       const struct weight_cell *cell, const char *at, struct err *e)
{
    if ((cell->percent != 0) != (cell->area != NULL))
        return FAIL(e, INVALID, at, "有权重的格须指明所考核的项目，空格不得指明。");
    for (size_t k = 0; k < cell->column_count; k++) {
        const struct weight_column *c = NULL;
        for (size_t i = 0; i < t->column_count && !c; i++)
            if (strcmp(t->columns[i].key, cell->columns[k]) == 0)
                c = &t->columns[i];
        if (!c)
            return FAIL(e, INVALID, at, "没有列 %.20s。", cell->columns[k]);
        if (cell->area && !area_fits(p, cell->area, c))
            return FAIL(e, INVALID, at, "列 %s 不考核 %.40s：没有这项职业功能。", c->key,
                        cell->area);
    }
    return true;
}

static bool rows_check(const struct programme *p, size_t table, struct err *e)
{
    const struct weight_table *t = &p->weights[table];
    char at[ERR_FIELD_BYTES];
    for (size_t r = 0; r < t->row_count; r++) {
        size_t covered = 0;
        for (size_t c = 0; c < t->rows[r].cell_count; c++) {
            snprintf(at, sizeof at, "/weights/%zu/rows/%zu/cells/%zu", table, r, c);
            covered += t->rows[r].cells[c].column_count;
            if (!cell_check(p, t, &t->rows[r].cells[c], at, e))
                return false;
        }
        snprintf(at, sizeof at, "/weights/%zu/rows/%zu/cells", table, r);
        if (covered != t->column_count)
            return FAIL(e, INVALID, at, "每列须有且只有一格：共 %zu 列，写了 %zu 列。",
                        t->column_count, covered);
        for (size_t k = 0; k < t->column_count; k++)
            if (!cell_of(&t->rows[r], t->columns[k].key))
                return FAIL(e, INVALID, at, "列 %s 没有格。", t->columns[k].key);
    }
    return true;
}

static bool sums_check(const struct programme *p, size_t table, struct err *e)
{
    const struct weight_table *t = &p->weights[table];
    char at[ERR_FIELD_BYTES];
    for (size_t k = 0; k < t->column_count; k++) {
        int64_t sum = 0;
        for (size_t r = 0; r < t->row_count; r++)
            sum += cell_of(&t->rows[r], t->columns[k].key)->percent;
        snprintf(at, sizeof at, "/weights/%zu/columns/%zu", table, k);
        if (sum != 100)
            return FAIL(e, INVALID, at, "%s的列 %s 合计 %lld，须为 100。", t->name,
                        t->columns[k].key, (long long)sum);
    }
    return true;
}

/* What is examined has a weight: a function left out of its column would never be asked. */
static bool functions_are_weighed(const struct programme *p, size_t table, struct err *e)
{
    const struct weight_table *t = &p->weights[table];
    char at[ERR_FIELD_BYTES];
    snprintf(at, sizeof at, "/weights/%zu/rows", table);
    for (size_t i = 0; i < p->function_count; i++) {
        const struct work_function *f = &p->functions[i];
        for (size_t d = 0; d < f->direction_count; d++)
            if (!programme_weight(p, t->id, f->id, f->level, f->directions[d]))
                return FAIL(e, INVALID, at, "%s里没有职业方向 %s 的 %s（%s）。", t->name,
                            f->directions[d], f->name, f->id);
    }
    return true;
}

bool weights_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->weight_count; i++) {
        snprintf(at, sizeof at, "/weights/%zu/id", i);
        if (table_find(p, p->weights[i].id) != &p->weights[i])
            return FAIL(e, INVALID, at, "权重表 %s 写了两次。", p->weights[i].id);
        if (!columns_check(p, i, e) || !rows_check(p, i, e) || !sums_check(p, i, e) ||
            !functions_are_weighed(p, i, e))
            return false;
    }
    return true;
}
