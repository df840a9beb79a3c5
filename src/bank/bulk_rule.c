/* bank/bulk_rule.c - what a bulk change makes of one item, and which items it leaves alone. */
#include <jansson.h>
#include <string.h>

#include "bank/bulk.h"
#include "base/arena.h"
#include "base/json.h"

static bool is_edit(const struct bulk_change *c)
{
    return c->level_count || c->direction_count || c->every_direction || c->first_point ||
           c->points_add_count || c->points_remove_count || c->difficulty || c->cognitive ||
           c->importance || c->enemies_together || c->enemies_add_count ||
           c->enemies_remove_count || c->source || c->law || c->law_version;
}

static bool has(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

bool bulk_change_check(const struct bulk_change *c, struct err *e)
{
    if (!c->retire == !is_edit(c))
        return FAIL(e, INVALID, "/change",
                    c->retire ? "停用时不能同时更改内容。" : "请至少选一项要改的。");
    if (c->every_direction && c->direction_count)
        return FAIL(e, INVALID, "/change/every_direction", "不限方向时不要再选方向。");
    if (!c->law != !c->law_version)
        return FAIL(e, INVALID, c->law ? "/change/law_version" : "/change/law",
                    "法规名称和版本要一起写。");
    for (size_t i = 0; i < c->points_remove_count; i++)
        if (has(c->points_add, c->points_add_count, c->points_remove[i]) ||
            (c->first_point && strcmp(c->first_point, c->points_remove[i]) == 0))
            return FAIL(e, INVALID, "/change/points_remove", "鉴定点“%.40s”不能既加又去。",
                        c->points_remove[i]);
    for (size_t i = 0; i < c->enemies_remove_count; i++)
        if (has(c->enemies_add, c->enemies_add_count, c->enemies_remove[i]))
            return FAIL(e, INVALID, "/change/enemies_remove", "互斥题“%.64s”不能既加又去。",
                        c->enemies_remove[i]);
    return true;
}

const char *bulk_refusal(const struct item_row *row, const struct bulk_change *c)
{
    if (row->practice)
        return "练习题不能再改。";
    if (row->state == ITEM_retired)
        return c->retire ? "已经停用。" : "已停用：更改会让它重新成为草稿，请单独打开修改。";
    /* What it was answered with hangs on the version that stood in the paper. */
    if (row->state == ITEM_frozen && !c->retire)
        return "已在试卷中用过：作答和参数都属于这一版，请单独打开修改。";
    return NULL;
}

/* --- members ------------------------------------------------------------------------------------- */
static bool lists(const json_t *array, const char *text)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)array, i,
                       one) if (json_is_string(one) &&
                                strcmp(json_string_value(one), text) == 0) return true;
    return false;
}

static void list_add(json_t *array, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!lists(array, texts[i]))
            json_array_append_new(array, json_string(texts[i]));
}

/* Those of a member that stay; a list that was not there is empty. */
static void list_keep(json_t *array, const json_t *from, const char *const *less, size_t count)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)from, i, one) if (json_is_string(one) &&
                                                   !has(less, count, json_string_value(one)) &&
                                                   !lists(array, json_string_value(one)))
        json_array_append(array, one);
}

/* A list without anything is no member, unless it was one. */
static void set_list(json_t *object, const char *name, json_t *list)
{
    if (json_array_size(list) > 0 || json_object_get(object, name))
        json_object_set(object, name, list);
    json_decref(list);
}

static void change_points(json_t *object, const struct bulk_change *c)
{
    json_t *points = json_array();
    if (c->first_point)
        list_add(points, &c->first_point, 1);
    list_keep(points, json_object_get(object, "points"), c->points_remove,
              c->points_remove_count);
    list_add(points, c->points_add, c->points_add_count);
    set_list(object, "points", points);
}

static void change_enemies(json_t *object, const struct bulk_change *c,
                           const char *const *codes, size_t count)
{
    const char *own = json_member_text(object, "id");
    json_t *enemies = json_array(), *others = json_array();
    list_keep(enemies, json_object_get(object, "enemies"), c->enemies_remove,
              c->enemies_remove_count);
    list_add(enemies, c->enemies_add, c->enemies_add_count);
    if (c->enemies_together)
        list_add(enemies, codes, count);
    list_keep(others, enemies, &own, 1);
    json_decref(enemies);
    set_list(object, "enemies", others);
}

static void change_directions(json_t *object, const struct bulk_change *c)
{
    json_t *directions = json_array();
    list_add(directions, c->directions, c->direction_count);
    set_list(object, "directions", directions);
}

static void change_levels(json_t *object, const struct bulk_change *c)
{
    json_t *levels = json_array();
    for (size_t i = 0; i < c->level_count; i++)
        json_array_append_new(levels, json_integer(c->levels[i]));
    json_object_set_new(object, "levels", levels);
}

static void add_source(json_t *object, const struct bulk_change *c)
{
    json_t *sources = json_array();
    list_keep(sources, json_object_get(object, "sources"), NULL, 0);
    list_add(sources, &c->source, 1);
    set_list(object, "sources", sources);
}

static void change_law(json_t *object, const struct bulk_change *c)
{
    json_t *laws = json_deep_copy(json_object_get(object, "law")), *one;
    size_t i;
    if (!laws)
        return;
    json_array_foreach(laws, i, one)
    {
        const char *name = json_member_text(one, "name");
        if (name && strcmp(name, c->law) == 0)
            json_object_set_new(one, "version", json_string(c->law_version));
    }
    json_object_set_new(object, "law", laws);
}

struct json_t *bulk_changed(struct arena *a, const struct json_t *object,
                            const struct bulk_change *c, const char *const *codes, size_t count)
{
    json_t *changed = json_keep(a, json_copy((json_t *)object));
    if (c->level_count)
        change_levels(changed, c);
    if (c->direction_count || c->every_direction)
        change_directions(changed, c);
    if (c->first_point || c->points_add_count || c->points_remove_count)
        change_points(changed, c);
    if (c->difficulty)
        json_object_set_new(changed, "difficulty", json_integer(c->difficulty));
    if (c->cognitive)
        json_object_set_new(changed, "cognitive", json_string(c->cognitive));
    if (c->importance)
        json_object_set_new(changed, "importance", json_string(c->importance));
    if (c->enemies_together || c->enemies_add_count || c->enemies_remove_count)
        change_enemies(changed, c, codes, count);
    if (c->source)
        add_source(changed, c);
    if (c->law)
        change_law(changed, c);
    return changed;
}

bool bulk_difference(struct arena *a, const struct json_t *before, const struct json_t *after,
                     const struct json_t **was, const struct json_t **is)
{
    static const char *const members[] = {"levels",     "directions", "points",
                                          "difficulty", "cognitive",  "importance",
                                          "enemies",    "sources",    "law"};
    json_t *old = json_keep(a, json_object()), *new = json_keep(a, json_object());
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_t *x = json_object_get(before, members[i]),
               *y = json_object_get(after, members[i]);
        if (x == y || (x && y && json_equal(x, y)))
            continue;
        json_object_set_new(old, members[i], x ? json_incref(x) : json_null());
        json_object_set_new(new, members[i], y ? json_incref(y) : json_null());
    }
    *was = old;
    *is = new;
    return json_object_size(new) > 0;
}
