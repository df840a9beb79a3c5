/* bank/exchange_table_write.c - an item as the cells of a row. What a cell cannot say exactly is in the
 * note; the cells are for people. */
#include <jansson.h>
#include <string.h>

#include "bank/exchange_build.h"
#include "bank/exchange_table.h"
#include "bank/table_items.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text_out.h"

static const struct {
    const char *name, *word;
} kind_words[] = {{"single", "单选题"},   {"multiple", "多选题"}, {"true_false", "判断题"},
                  {"matching", "匹配题"}, {"ordering", "排序题"}, {"blank", "填空题"},
                  {"numeric", "计算题"},  {"short", "简答题"},    {"case", "案例分析题"}},
  cognitive_words[] = {{"recall", "识记"}, {"understand", "理解"}, {"apply", "应用"}};

static const char *word_of_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++)
        if (strcmp(kind_words[i].name, name) == 0)
            return kind_words[i].word;
    return name;
}

static const char *word_of_cognitive(const char *name)
{
    for (size_t i = 0; i < sizeof cognitive_words / sizeof *cognitive_words; i++)
        if (strcmp(cognitive_words[i].name, name) == 0)
            return cognitive_words[i].word;
    return name;
}

/* Texts or numbers, joined. */
static const char *joined(struct arena *a, const json_t *list, const char *between)
{
    struct text_out o = {.arena = a};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        text_put(&o, i ? between : "");
        if (json_is_integer(one))
            text_putf(&o, "%lld", (long long)json_integer_value(one));
        else
            text_put(&o, json_string_value(one));
    }
    return text_out_text(&o);
}

static const char *key_cell(struct arena *a, const char *kind, const json_t *key)
{
    struct text_out o = {.arena = a};
    if (json_is_boolean(key))
        return json_is_true(key) ? "对" : "错";
    if (json_is_string(key))
        return json_string_value(key);
    if (json_is_object(key))
        return member_or(key, "value", "");
    if (strcmp(kind, "blank") != 0)
        return joined(a, key, strcmp(kind, "matching") == 0 ? "；" : "");
    for (size_t i = 0; i < json_array_size(key); i++)
        text_putf(&o, "%s%s", i ? "；" : "", joined(a, json_array_get(key, i), "/"));
    return text_out_text(&o);
}

static const char *guide_cell(struct arena *a, const json_t *guide)
{
    struct text_out o = {.arena = a};
    for (size_t i = 0; i < json_array_size(guide); i++) {
        const json_t *one = json_array_get(guide, i), *accept = json_object_get(one, "accept");
        text_putf(&o, "%s%s|%lld", i ? "\n" : "", member_or(one, "point", ""),
                  (long long)json_member_int(one, "marks", 0));
        if (json_array_size(accept))
            text_putf(&o, "|%s", joined(a, accept, "、"));
    }
    return text_out_text(&o);
}

static const char *laws_cell(struct arena *a, const json_t *laws)
{
    struct text_out o = {.arena = a};
    for (size_t i = 0; i < json_array_size(laws); i++) {
        const json_t *one = json_array_get(laws, i);
        text_putf(&o, "%s%s|%s|%s", i ? "\n" : "", member_or(one, "name", ""),
                  member_or(one, "version", ""), member_or(one, "article", ""));
    }
    return text_out_text(&o);
}

static const char *cell_of(struct arena *a, const char *pointer, const json_t *object)
{
    const char *kind = member_or(object, "kind", ""), *name = pointer + 1;
    const json_t *value = json_object_get(object, name), *key = json_object_get(object, "key");
    if (strncmp(pointer, "/options/", 9) == 0)
        return text_at(json_object_get(object, "options"), (size_t)(pointer[9] - '0'));
    if (strcmp(pointer, "/key/tolerance") == 0 || strcmp(pointer, "/key/unit") == 0)
        return json_is_object(key) ? member_or(key, pointer + 5, "") : "";
    if (strcmp(name, "kind") == 0)
        return word_of_kind(kind);
    if (strcmp(name, "cognitive") == 0)
        return word_of_cognitive(member_or(object, name, ""));
    if (strcmp(name, "key") == 0)
        return key_cell(a, kind, key);
    if (strcmp(name, "guide") == 0)
        return guide_cell(a, value);
    if (strcmp(name, "law") == 0)
        return laws_cell(a, value);
    if (strcmp(name, "stem") == 0 && strcmp(kind, "case") == 0)
        return question_text(a, object);
    if (json_is_integer(value))
        return arena_printf(a, "%lld", (long long)json_integer_value(value));
    if (json_is_array(value))
        return joined(a, value,
                      strcmp(name, "errors") == 0 || strcmp(name, "premises") == 0 ? "\n"
                                                                                   : "、");
    return json_is_string(value) ? json_string_value(value) : "";
}

const char **table_cells_of(struct arena *a, const struct json_t *object, const char *note)
{
    const char **cells = arena_array(a, const char *, item_heading_count + 1);
    for (size_t i = 0; i < item_heading_count; i++)
        cells[i] = cell_of(a, item_headings[i].pointer, object);
    cells[item_heading_count] = note ? note : "";
    return cells;
}

const char *table_cell_heading(size_t i)
{
    return i < item_heading_count ? item_headings[i].heading : TABLE_NOTE_HEADING;
}
