/* programme/programme_load.c - one file or all files in, checked programmes out. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/embed.h"
#include "base/json.h"
#include "programme/programme_fields.h"

static const char *const formats[] = {"heng-programme/1", NULL};
static const char *const kinds[] = {"national_standard", "programme", "skill_standard", NULL};

/* clang-format off */
static const struct field programme_rows[] = {
    {FIELD(struct programme, format, TEXT), .required = true, .allowed = formats},
    {FIELD(struct programme, id, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct programme, no, INT), .required = true, .min = 1, .max = 65535},
    {FIELD(struct programme, kind, TEXT), .required = true, .allowed = kinds},
    {TEXTS(struct programme, aliases, alias_count)},
    {FIELD(struct programme, title, TEXT), .required = true, .min = 1, .max = 200},
    {FIELD(struct programme, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct programme, edition, TEXT)},
    {FIELD(struct programme, issuer, TEXT)},
    {FIELD(struct programme, scheme, TEXT)},
    {ONE(struct programme, occupation, occupation_fields), .required = true},
    {LIST(struct programme, documents, document_count, document_fields)},
    {LIST(struct programme, levels, level_count, level_fields), .required = true, .min = 1,
     .max = 9},
    {LIST(struct programme, directions, direction_count, direction_fields), .required = true},
    {LIST(struct programme, basic, basic_count, basic_area_fields)},
    {LIST(struct programme, functions, function_count, work_function_fields)},
    {LIST(struct programme, terms, term_count, term_fields)},
    {LIST(struct programme, weights, weight_count, weight_table_fields)},
    {LIST(struct programme, eligibility, eligibility_count, clause_list_fields)},
    {LIST(struct programme, occupations, occupation_list_count, name_list_fields)},
    {LIST(struct programme, majors, major_list_count, name_list_fields)},
    {LIST(struct programme, training_hours, training_hours_count, training_hours_fields)},
    {FIELD(struct programme, hours_unit, TEXT)},
    {LIST(struct programme, teachers, teacher_count, teacher_rule_fields)},
    {LIST(struct programme, modules, module_count, course_module_fields)},
    {LIST(struct programme, venues, venue_count, venue_rule_fields)},
    {LIST(struct programme, components, component_count, component_fields)},
    {LIST(struct programme, staffing, staffing_count, staffing_fields)},
    {LIST(struct programme, combine, combine_count, combine_rule_fields)},
    {LIST(struct programme, papers, paper_count, paper_layout_fields)},
    {LIST(struct programme, deadlines, deadline_count, deadline_fields)},
    {LIST(struct programme, fees, fee_count, fee_fields)},
    {ONE(struct programme, resit, resit_rule_fields)},
    {ONE(struct programme, entry, entry_rule_fields)},
    {ONE(struct programme, schedule, schedule_rule_fields)},
    {LIST(struct programme, name_patterns, name_pattern_count, name_pattern_fields)},
    {LIST(struct programme, materials, material_count, material_fields)},
    {LIST(struct programme, uploads, upload_count, upload_rule_fields)},
    {ONE(struct programme, certificate, certificate_rule_fields), .required = true},
    {ONE(struct programme, verification, verification_rule_fields), .required = true},
    {LIST(struct programme, texts, text_count, held_text_fields)},
};
/* clang-format on */
static const struct fields programme_fields = FIELDS("programme", struct programme,
                                                     programme_rows);

static bool id_is_plain(const char *id)
{
    return id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static bool held_texts_check(const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < p->text_count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(p->texts[i].id, p->texts[j].id) == 0) {
                snprintf(at, sizeof at, "/texts/%zu/id", i);
                return FAIL(e, INVALID, at, "代码 %.80s 用了两次。", p->texts[i].id);
            }
    return true;
}

static bool check(const struct programme *p, struct arena *a, struct err *e)
{
    if (!id_is_plain(p->id))
        return FAIL(e, INVALID, "/id", "只可用小写字母、数字和连字符。");
    return work_check(p, a, e) && weights_check(p, e) && clauses_check(p, e) &&
           rules_check(p, e) && certificates_check(p, e) && held_texts_check(p, e);
}

static const char *digest_of(struct arena *a, const void *text, size_t len)
{
    unsigned char hash[HASH_BYTES];
    hash_of(hash, text, len);
    char *hex = arena_alloc(a, 2 * sizeof hash + 1, 1);
    hex_write(hex, hash, sizeof hash);
    return hex;
}

/* The sentence begins with the file, so that a list of faults can be read. */
static const struct programme *refuse(struct err *e, const char *file)
{
    struct err named = {0};
    err_set(&named, e->code, e->file, e->line, e->field, "%.120s：%.380s", file, e->text);
    *e = named;
    return NULL;
}

const struct programme *programme_load(struct arena *a, const char *file, const void *text,
                                       size_t len, struct err *e)
{
    struct programme *p = arena_new(a, struct programme);
    json_t *json = json_read(a, text, len, e);
    if (!json || !fields_read(&programme_fields, json, a, p, e) || !check(p, a, e))
        return refuse(e, file);
    p->file = json;
    p->digest = digest_of(a, text, len);
    return p;
}

/* ------------------------------------------------------------------ all of them */
static bool answers_to(const struct programme *p, const char *name)
{
    if (strcmp(p->id, name) == 0)
        return true;
    for (size_t i = 0; i < p->alias_count; i++)
        if (strcmp(p->aliases[i], name) == 0)
            return true;
    return false;
}

bool programme_fits(const struct programme_set *set, const struct programme *p, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < set->count; i++) {
        const struct programme *other = set->at[i];
        if (answers_to(other, p->id))
            return FAIL(e, INVALID, "/id", "代码 %s 已为 %s 所用。", p->id, other->id);
        if (other->no == p->no)
            return FAIL(e, INVALID, "/no", "序号 %lld 已为 %s 所用。", (long long)p->no,
                        other->id);
        for (size_t k = 0; k < p->alias_count; k++)
            if (answers_to(other, p->aliases[k])) {
                snprintf(at, sizeof at, "/aliases/%zu", k);
                return FAIL(e, INVALID, at, "代码 %.40s 已为 %s 所用。", p->aliases[k],
                            other->id);
            }
    }
    return true;
}

static void put_sorted(const struct programme **list, size_t count, const struct programme *p)
{
    size_t i = count;
    for (; i > 0 && list[i - 1]->no > p->no; i--)
        list[i] = list[i - 1];
    list[i] = p;
}

bool programmes_load_embedded(struct arena *a, struct programme_set *set, struct err *e)
{
    const struct embedded *f;
    size_t files = 0;
    while (embedded_under("programmes/", files))
        files++;
    const struct programme **list = arena_array(a, const struct programme *, files + 1);
    *set = (struct programme_set){.at = list};
    for (size_t i = 0; (f = embedded_under("programmes/", i)); i++) {
        const struct programme *p = programme_load(a, f->name, f->bytes, f->len, e);
        if (!p)
            return false;
        if (!programme_fits(set, p, e)) {
            refuse(e, f->name);
            return false;
        }
        put_sorted(list, set->count++, p);
    }
    return true;
}

const struct programme *programme_find(const struct programme_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (answers_to(set->at[i], name))
            return set->at[i];
    return NULL;
}

const struct programme *programme_by_no(const struct programme_set *set, int64_t no)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->at[i]->no == no)
            return set->at[i];
    return NULL;
}
