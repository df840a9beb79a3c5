/* entry/draft_facts.c - what a candidate and what a registrar may write into the facts. */
#include "entry/draft_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/facts.h"
#include "programme/vocabulary.h"

static const struct field ruling_rows[] = {
    {FIELD(struct fact_ruling, fact, TEXT), .required = true, .min = 3, .max = 40},
    {FIELD(struct fact_ruling, evidence, TEXT), .allowed = evidence_values},
    {FIELD(struct fact_ruling, scope, TEXT), .allowed = work_fact_scope_values},
};
const struct fields fact_ruling_fields = FIELDS("fact_ruling", struct fact_ruling, ruling_rows);

/* The row of facts_fields for a list of facts; NULL: no such list. */
static const struct field *list_of(const char *name)
{
    for (size_t i = 0; i < facts_fields.count; i++)
        if (facts_fields.rows[i].kind == FIELD_OBJECTS &&
            strcmp(facts_fields.rows[i].name, name) == 0)
            return &facts_fields.rows[i];
    return NULL;
}

static bool knows(const struct fields *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->rows[i].name, name) == 0)
            return true;
    return false;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += (*s & 0xc0) != 0x80;
    return n;
}

static bool check_fact(const struct field *list, size_t i, json_t *fact, struct err *e)
{
    const char *name;
    json_t *value;
    if (!json_is_object(fact))
        return FAIL(e, INVALID, "/facts", "“%s”的每一项应是一个对象。", list->name);
    json_object_foreach(fact, name, value)
    {
        char pointer[ERR_FIELD_BYTES];
        snprintf(pointer, sizeof pointer, "/facts/%s/%zu/%.60s", list->name, i, name);
        if (!knows(list->sub, name))
            return FAIL(e, INVALID, pointer, "没有这个字段。");
        if (json_is_array(value) || json_is_object(value))
            return FAIL(e, INVALID, pointer, "这里应填写一个值。");
        if (json_is_string(value) && characters(json_string_value(value)) > FACT_TEXT_MAX)
            return FAIL(e, INVALID, pointer, "不超过 %d 个字。", FACT_TEXT_MAX);
    }
    return true;
}

static bool is_for_the_registrar(const char *member)
{
    return strcmp(member, "evidence") == 0 || strcmp(member, "scope") == 0;
}

/* Empty members out: a form sends null for what is blank. */
static json_t *what_is_said(struct arena *a, const json_t *fact)
{
    json_t *bare = json_keep(a, json_object());
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)fact, name, value)
    {
        bool blank = json_is_null(value) ||
                     (json_is_string(value) && json_string_length(value) == 0);
        if (!blank && !is_for_the_registrar(name) && strcmp(name, "id") != 0)
            json_object_set(bare, name, value);
    }
    return bare;
}

static const char *id_of(const json_t *fact)
{
    const char *id = json_string_value(json_object_get(fact, "id"));
    return id && *id ? id : NULL;
}

/* What a registrar has set on the very same fact stays; any other fact is only claimed. */
static json_t *merged(struct arena *a, const json_t *fact, const json_t *stored_list)
{
    json_t *bare = what_is_said(a, fact), *known = NULL, *stored;
    const char *id = id_of(fact);
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)stored_list, i, stored)
    {
        const char *other = id_of(stored);
        if (!json_equal(bare, what_is_said(a, stored)))
            continue;
        if (!known || (id && other && strcmp(id, other) == 0))
            known = stored;
    }
    const char *evidence = json_string_value(json_object_get(known, "evidence"));
    json_t *scope = json_object_get(known, "scope");
    if (scope)
        json_object_set(bare, "scope", scope);
    if (!known || evidence)
        json_object_set_new(bare, "evidence", json_string(known ? evidence : "claimed"));
    if (id || (id = id_of(known)))
        json_object_set_new(bare, "id", json_string(id));
    return bare;
}

/* ------------------------------------------------------------------ ids */
static bool is_id(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return n >= 1 && n <= FACT_ID_MAX && s[n] == '\0';
}

/* Every id that the form gave, and that it gave none twice. */
static bool collect_ids(const json_t *given, json_t *ids, struct err *e)
{
    const char *name;
    json_t *list, *fact;
    size_t i;
    json_object_foreach((json_t *)(uintptr_t)given, name, list)
        json_array_foreach(list, i, fact)
    {
        const char *id = id_of(fact);
        char pointer[ERR_FIELD_BYTES];
        if (!id)
            continue;
        snprintf(pointer, sizeof pointer, "/facts/%.40s/%zu/id", name, i);
        if (!is_id(id))
            return FAIL(e, INVALID, pointer, "编号由字母、数字和连字符组成，不超过 %d 位。",
                        FACT_ID_MAX);
        if (json_object_get(ids, id))
            return FAIL(e, INVALID, pointer, "编号“%s”用了两次。", id);
        json_object_set_new(ids, id, json_true());
    }
    return true;
}

/* FACT keeps the id it has from the stored fact unless another has it already. */
static void give_id(struct arena *a, json_t *fact, json_t *ids, int64_t version)
{
    const char *id = id_of(fact);
    for (int n = 1; !id || json_object_get(ids, id); n++)
        id = arena_printf(a, "v%lldn%d", (long long)version, n);
    json_object_set_new(ids, id, json_true());
    json_object_set_new(fact, "id", json_string(id));
}

static const char *text_of(struct arena *a, const json_t *value)
{
    struct json_out *o = json_out_create(a);
    out_json(o, value);
    return json_out_text(o);
}

struct merging {
    struct arena *arena;
    json_t *old, *ids;
    int64_t version;
};

static bool merge_list(struct merging *m, const struct field *list, const json_t *given,
                       json_t *kept, struct err *e)
{
    size_t i;
    json_t *fact;
    json_array_foreach((json_t *)(uintptr_t)given, i, fact)
    {
        if (!check_fact(list, i, fact, e))
            return false;
        json_t *one = merged(m->arena, fact, json_object_get(m->old, list->name));
        if (!id_of(fact))
            give_id(m->arena, one, m->ids, m->version);
        json_array_append(kept, one);
    }
    return true;
}

bool draft_facts_merge(struct arena *a, const struct json_t *given,
                       const struct draft_facts *stored, const char **out, struct err *e)
{
    struct merging m = {.arena = a,
                        .old = json_read(a, stored->json, strlen(stored->json), e),
                        .ids = json_keep(a, json_object()),
                        .version = stored->version};
    json_t *fresh = json_keep(a, json_object()), *given_list;
    const char *name;
    if (!m.old)
        return false;
    if (!json_is_object(given))
        return FAIL(e, INVALID, "/facts", "facts 应是一个对象。");
    if (!collect_ids(given, m.ids, e))
        return false;
    json_object_foreach((json_t *)(uintptr_t)given, name, given_list)
    {
        const struct field *list = list_of(name);
        char pointer[ERR_FIELD_BYTES];
        snprintf(pointer, sizeof pointer, "/facts/%.60s", name);
        if (!list)
            return FAIL(e, INVALID, pointer, "没有这个字段。");
        if (!json_is_array(given_list))
            return FAIL(e, INVALID, pointer, "这里应是一个列表。");
        if (json_array_size(given_list) > FACTS_PER_LIST_MAX)
            return FAIL(e, INVALID, pointer, "最多 %d 项。", FACTS_PER_LIST_MAX);
        json_t *kept = json_keep(a, json_array());
        json_object_set(fresh, name, kept);
        if (!merge_list(&m, list, given_list, kept, e))
            return false;
    }
    *out = text_of(a, fresh);
    return true;
}

/* "/work/0" in FACTS; the list's row comes back too. NULL if there is nothing. */
static json_t *fact_at(json_t *facts, const char *pointer, const struct field **list)
{
    char name[40];
    size_t len = strlen(pointer);
    const char *slash = pointer[0] == '/' ? strchr(pointer + 1, '/') : NULL;
    if (!slash || len >= sizeof name || slash[1] < '0' || slash[1] > '9')
        return NULL;
    char *end;
    unsigned long i = strtoul(slash + 1, &end, 10);
    snprintf(name, sizeof name, "%.*s", (int)(slash - pointer - 1), pointer + 1);
    *list = list_of(name);
    return *end == '\0' && *list ? json_array_get(json_object_get(facts, name), i) : NULL;
}

bool draft_facts_find(struct arena *a, const char *stored, const char *name, const char **id,
                      struct err *e)
{
    const struct field *at;
    json_t *facts = json_read(a, stored, strlen(stored), e), *list, *fact;
    const char *key;
    size_t i;
    if (!facts)
        return false;
    fact = fact_at(facts, name, &at);
    *id = fact ? id_of(fact) : NULL;
    json_object_foreach(facts, key, list) json_array_foreach(list, i, fact)
    {
        const char *known = id_of(fact);
        if (known && strcmp(known, name) == 0)
            *id = known;
    }
    return *id || FAIL(e, INVALID, "/fact", "申报中没有这一项，材料无处可放。请先保存表单。");
}

static bool apply(json_t *facts, const struct fact_ruling *r, struct err *e)
{
    const struct field *list;
    json_t *fact = fact_at(facts, r->fact, &list);
    if (!fact)
        return FAIL(e, INVALID, "/fact", "申报中没有“%s”这一项。", r->fact);
    if (r->scope) {
        bool certificates = strcmp(list->name, "certificates") == 0;
        if (!knows(list->sub, "scope"))
            return FAIL(e, INVALID, "/scope", "只有工作经历和证书有范围。");
        if (certificates && strcmp(r->scope, "related_field") == 0)
            return FAIL(e, INVALID, "/scope", "证书的范围是本职业、相关职业或其他职业。");
        json_object_set_new(fact, "scope", json_string(r->scope));
    }
    if (r->evidence)
        json_object_set_new(fact, "evidence", json_string(r->evidence));
    return true;
}

bool draft_facts_rule(struct arena *a, const char *stored, const struct fact_ruling *rulings,
                      size_t count, const char **out, struct err *e)
{
    json_t *facts = json_read(a, stored, strlen(stored), e);
    if (!facts)
        return false;
    for (size_t i = 0; i < count; i++) {
        char prefix[40];
        snprintf(prefix, sizeof prefix, "/rulings/%zu", i);
        if (!apply(facts, &rulings[i], e)) {
            err_under(e, prefix);
            return false;
        }
    }
    *out = text_of(a, facts);
    return true;
}
