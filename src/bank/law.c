/* bank/law.c - is the version of a law that an item cites still the one in force? */
#include "bank/law.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/fields.h"
#include "base/json.h"

struct amendment {
    const char *from;      /* the version before it */
    const char **articles; /* that it touched */
    size_t article_count;
};

struct law {
    const char *name;
    const char **aliases, **current;
    size_t alias_count, current_count;
    const struct amendment *amendments;
    size_t amendment_count;
};

struct law_list {
    const char *format, *as_of, *note;
    const struct law *laws;
    size_t law_count;
};

#define LIST(type, member, count, what) FIELD(type, member, what), FIELD_COUNT(type, count)
static const struct field amendment_rows[] = {
    {FIELD(struct amendment, from, TEXT), .required = true, .min = 4, .max = 10},
    {LIST(struct amendment, articles, article_count, TEXTS), .required = true},
};
static const struct fields amendment_fields = FIELDS("amendment", struct amendment,
                                                     amendment_rows);
static const struct field law_rows[] = {
    {FIELD(struct law, name, TEXT), .required = true, .min = 1, .max = 100},
    {LIST(struct law, aliases, alias_count, TEXTS)},
    {LIST(struct law, current, current_count, TEXTS), .required = true, .min = 1, .max = 4},
    {LIST(struct law, amendments, amendment_count, OBJECTS), .sub = &amendment_fields},
};
static const struct fields law_fields = FIELDS("law", struct law, law_rows);
static const struct field list_rows[] = {
    {FIELD(struct law_list, format, TEXT), .required = true},
    {FIELD(struct law_list, as_of, TEXT), .required = true},
    {FIELD(struct law_list, note, TEXT)},
    {LIST(struct law_list, laws, law_count, OBJECTS), .required = true, .sub = &law_fields},
};
static const struct fields list_fields = FIELDS("law_list", struct law_list, list_rows);
#undef LIST

struct law_list *law_list_read(struct arena *a, struct bytes text, struct err *e)
{
    struct law_list *l = arena_new(a, struct law_list);
    const json_t *root = json_read(a, text.at, text.len, e);
    return root && fields_read(&list_fields, root, a, l, e) ? l : NULL;
}

struct law_list *law_list_embedded(struct arena *a, struct err *e)
{
    const struct embedded *f = embedded_find("laws.json");
    if (!f) {
        FAIL(e, INTERNAL, "laws.json", "程序中没有法规清单。");
        return NULL;
    }
    return law_list_read(a, (struct bytes){f->bytes, f->len}, e);
}

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

static const struct law *law_named(const struct law_list *l, const char *name)
{
    for (size_t i = 0; i < l->law_count; i++)
        if (strcmp(l->laws[i].name, name) == 0 ||
            is_one_of(name, l->laws[i].aliases, l->laws[i].alias_count))
            return &l->laws[i];
    return NULL;
}

const char *law_problem(struct arena *a, const struct law_list *l, const struct item_law *law)
{
    const struct law *known = law_named(l, law->name);
    if (!known)
        return arena_printf(a, "法规清单中没有《%s》。", law->name);
    if (is_one_of(law->version, known->current, known->current_count))
        return NULL;
    for (size_t i = 0; i < known->amendment_count; i++)
        if (strcmp(known->amendments[i].from, law->version) == 0 && law->article &&
            *law->article &&
            !is_one_of(law->article, known->amendments[i].articles,
                       known->amendments[i].article_count))
            return NULL;
    return arena_printf(a, "《%s》引用的是 %s 版，现行为 %s 版，请复核后更新。", law->name,
                        law->version, known->current[0]);
}
