/* programme/programme_clauses.c - reads the eligibility clauses, the lists of names that they
 * refer to, and the teachers' qualifications. */
#include <stdio.h>
#include <string.h>

#include "programme/expression.h"
#include "programme/programme_fields.h"

static const char *const list_scopes[] = {"own", "related", NULL};

/* clang-format off */
static const struct field clause_rows[] = {
    {FIELD(struct clause, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct clause, printed_no, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct clause, text, TEXT), .required = true, .min = 1, .max = 1000},
    {FIELD(struct clause, expr, JSON), .required = true},
    {FIELD(struct clause, open_ended, BOOL)},
    {FIELD(struct clause, note, TEXT)},
    {ONE(struct clause, src, source_fields)},
};
static const struct fields clause_fields = FIELDS("clause", struct clause, clause_rows);

static const struct field clause_list_rows[] = {
    {FIELD(struct clause_list, level, INT), .required = true},
    {FIELD(struct clause_list, text, TEXT)},
    {LIST(struct clause_list, clauses, clause_count, clause_fields), .required = true,
     .min = 1, .max = 100},
    {ONE(struct clause_list, src, source_fields)},
};
const struct fields clause_list_fields =
    FIELDS("clause_list", struct clause_list, clause_list_rows);

static const struct field alias_rows[] = {
    {FIELD(struct alias, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct alias, means, TEXT), .required = true, .min = 1, .max = 100},
};
static const struct fields alias_fields = FIELDS("alias", struct alias, alias_rows);

static const struct field name_list_rows[] = {
    {FIELD(struct name_list, id, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct name_list, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct name_list, scope, TEXT), .required = true, .allowed = list_scopes},
    {FIELD(struct name_list, text, TEXT)},
    {FIELD(struct name_list, note, TEXT)},
    {TEXTS(struct name_list, items, item_count), .required = true},
    {LIST(struct name_list, aliases, alias_count, alias_fields)},
    {ONE(struct name_list, src, source_fields)},
};
const struct fields name_list_fields = FIELDS("name_list", struct name_list, name_list_rows);

static const struct field teacher_rows[] = {
    {FIELD(struct teacher_rule, level, INT), .required = true},
    {FIELD(struct teacher_rule, text, TEXT), .required = true},
    {FIELD(struct teacher_rule, expr, JSON), .required = true},
    {ONE(struct teacher_rule, src, source_fields)},
};
const struct fields teacher_rule_fields =
    FIELDS("teacher_rule", struct teacher_rule, teacher_rows);
/* clang-format on */

static bool has_digit(const char *printed_no)
{
    return strpbrk(printed_no, "0123456789");
}

static bool clause_check(const struct clause *c, const char *at, struct err *e)
{
    if (!has_digit(c->printed_no))
        return FAIL(e, INVALID, at, "printed_no 里没有数字。");
    if (expression_check(c->expr, e))
        return true;
    err_under(e, "/expr");
    err_under(e, at);
    return false;
}

static bool names_check(const struct name_list *l, const char *at, struct err *e)
{
    for (size_t i = 0; i < l->item_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(l->items[i], l->items[j]) == 0)
                return FAIL(e, INVALID, at, "名称 %.60s 写了两次。", l->items[i]);
    for (size_t i = 0; i < l->alias_count; i++) {
        bool known = false;
        for (size_t j = 0; j < l->item_count; j++)
            known |= strcmp(l->items[j], l->aliases[i].means) == 0;
        if (!known)
            return FAIL(e, INVALID, at, "别名 %.60s 指向名单里没有的 %.60s。",
                        l->aliases[i].name, l->aliases[i].means);
    }
    return true;
}

static bool lists_check(const struct name_list *lists, size_t count, const char *name,
                        struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < count; i++) {
        snprintf(at, sizeof at, "/%s/%zu/items", name, i);
        if (!names_check(&lists[i], at, e))
            return false;
    }
    return true;
}

static bool group_check(const struct programme *p, size_t group, struct err *e)
{
    const struct clause_list *g = &p->eligibility[group];
    char at[ERR_FIELD_BYTES];
    snprintf(at, sizeof at, "/eligibility/%zu/level", group);
    if (!levels_known(p, &g->level, 1, at, e))
        return false;
    for (size_t i = 0; i < group; i++)
        if (p->eligibility[i].level == g->level)
            return FAIL(e, INVALID, at, "等级 %lld 的申报条件写了两次。", (long long)g->level);
    for (size_t c = 0; c < g->clause_count; c++) {
        snprintf(at, sizeof at, "/eligibility/%zu/clauses/%zu", group, c);
        if (!clause_check(&g->clauses[c], at, e))
            return false;
    }
    return true;
}

bool clauses_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->eligibility_count; i++)
        if (!group_check(p, i, e))
            return false;
    for (size_t i = 0; i < p->teacher_count; i++) {
        snprintf(at, sizeof at, "/teachers/%zu/level", i);
        if (!levels_known(p, &p->teachers[i].level, 1, at, e))
            return false;
        if (!expression_check(p->teachers[i].expr, e)) {
            snprintf(at, sizeof at, "/teachers/%zu/expr", i);
            err_under(e, at);
            return false;
        }
    }
    return lists_check(p->occupations, p->occupation_list_count, "occupations", e) &&
           lists_check(p->majors, p->major_list_count, "majors", e);
}
