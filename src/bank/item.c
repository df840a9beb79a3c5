/* bank/item.c - one item out of its flat JSON object, and what may be said of it. */
#include "bank/item.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/programme.h"

static const char *const cognitives[] = {"recall", "understand", "apply", NULL};
static const char *const importances[] = {"X", "Y", "Z", NULL};

static const struct field law_rows[] = {
    {FIELD(struct item_law, name, TEXT), .required = true, .min = 1, .max = 100},
    {FIELD(struct item_law, version, TEXT), .required = true, .min = 4, .max = 20},
    {FIELD(struct item_law, article, TEXT), .max = 60},
};
static const struct fields law_fields = FIELDS("item_law", struct item_law, law_rows);

#define LIST(member, count, what)                                                              \
    FIELD(struct item_meta, member, what), FIELD_COUNT(struct item_meta, count)
static const struct field meta_rows[] = {
    {FIELD(struct item_meta, id, TEXT), .required = true, .min = 1, .max = 64},
    {FIELD(struct item_meta, kind, TEXT), .required = true, .min = 1, .max = 40},
    {LIST(levels, level_count, INTS), .required = true, .min = 1, .max = 20},
    {LIST(directions, direction_count, TEXTS), .max = 20},
    {LIST(points, point_count, TEXTS), .required = true, .min = 1, .max = 20},
    {FIELD(struct item_meta, difficulty, INT), .required = true, .min = 1, .max = 5},
    {FIELD(struct item_meta, cognitive, TEXT), .required = true, .allowed = cognitives},
    {FIELD(struct item_meta, importance, TEXT), .required = true, .allowed = importances},
    {LIST(law, law_count, OBJECTS), .max = 20, .sub = &law_fields},
    {LIST(enemies, enemy_count, TEXTS), .max = 100},
    {FIELD(struct item_meta, author, TEXT), .max = 100},
    {LIST(reviewed_by, reviewed_count, TEXTS), .max = 10},
    {LIST(sources, source_count, TEXTS), .max = 20},
    {LIST(pictures, picture_count, OBJECTS), .max = PICTURES_MAX, .sub = &item_picture_fields},
    {LIST(media, media_count, OBJECTS), .max = MEDIA_MAX, .sub = &item_media_fields},
};
#undef LIST
const struct fields item_meta_fields = FIELDS("item_meta", struct item_meta, meta_rows);

static bool is_meta(const char *name)
{
    for (size_t i = 0; i < item_meta_fields.count; i++)
        if (strcmp(item_meta_fields.rows[i].name, name) == 0)
            return true;
    return false;
}

/* Letters, digits and . _ - only: it stands in URLs and file names. */
static bool id_is_plain(const char *id)
{
    return id[strspn(id,
                     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")] == 0;
}

bool item_read(struct arena *a, const struct json_t *object, struct item *out, struct err *e)
{
    if (!json_is_object(object))
        return FAIL(e, INVALID, "", "一道试题须为一个 JSON 对象。");
    json_t *meta = json_keep(a, json_object()), *body = json_keep(a, json_object());
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
        json_object_set(is_meta(name) ? meta : body, name, value);

    out->json = object;
    if (!fields_read(&item_meta_fields, meta, a, &out->meta, e))
        return false;
    if (!id_is_plain(out->meta.id))
        return FAIL(e, INVALID, "/id", "编号只能用字母、数字和 . _ -。");
    out->kind = item_kind_find(out->meta.kind);
    if (!out->kind)
        return FAIL(e, INVALID, "/kind", "没有题型“%.40s”。", out->meta.kind);
    out->body = item_body_read(out->kind, body, a, e);
    return out->body && attached_fit(out, e);
}

bool item_read_text(struct arena *a, const void *text, size_t len, struct item *out,
                    struct err *e)
{
    const json_t *object = json_read(a, text, len, e);
    return object && item_read(a, object, out, e);
}

static bool has_level(const struct item_meta *m, int64_t level)
{
    for (size_t i = 0; i < m->level_count; i++)
        if (m->levels[i] == level)
            return true;
    return false;
}

static bool levels_fit(const struct item_meta *m, const struct programme *p, struct err *e)
{
    char field[40];
    for (size_t i = 0; i < m->level_count; i++) {
        snprintf(field, sizeof field, "/levels/%zu", i);
        if (!programme_level(p, m->levels[i]))
            return FAIL(e, INVALID, field, "%s没有等级 %lld。", p->title,
                        (long long)m->levels[i]);
    }
    for (size_t i = 0; i < m->direction_count; i++) {
        const struct direction *d = programme_direction(p, m->directions[i]);
        bool some = false;
        snprintf(field, sizeof field, "/directions/%zu", i);
        if (!d)
            return FAIL(e, INVALID, field, "%s没有方向“%.20s”。", p->title, m->directions[i]);
        for (size_t k = 0; k < m->level_count; k++)
            some |= direction_has_level(d, m->levels[k]);
        if (!some)
            return FAIL(e, INVALID, field, "方向 %s 在所标等级中都不设。", d->id);
    }
    return true;
}

/* The first point decides the area; it must be examined on some level and direction tagged. */
static bool first_point_fits(const struct item_meta *m, const struct point_place *at,
                             struct err *e)
{
    if (!at->function)
        return true;
    if (!has_level(m, at->function->level))
        return FAIL(e, INVALID, "/points/0", "鉴定点属于 %lld 级，试题未标这一等级。",
                    (long long)at->function->level);
    bool some = m->direction_count == 0;
    for (size_t i = 0; i < m->direction_count; i++)
        some |= function_examines(at->function, m->directions[i]);
    return some || FAIL(e, INVALID, "/directions", "所标方向都不考这个鉴定点所在的职业功能。");
}

bool item_fits(const struct item *item, const struct programme *p, struct err *e)
{
    const struct item_meta *m = &item->meta;
    if (!levels_fit(m, p, e))
        return false;
    for (size_t i = 0; i < m->point_count; i++) {
        struct point_place at;
        char field[40];
        snprintf(field, sizeof field, "/points/%zu", i);
        if (!programme_point(p, m->points[i], &at))
            return FAIL(e, INVALID, field, "%s没有鉴定点“%.40s”。", p->title, m->points[i]);
        if (i == 0 && !first_point_fits(m, &at, e))
            return false;
    }
    return true;
}

bool item_fill(struct arena *a, const struct item *item, const struct json_t *numbers,
               struct item *out, struct err *e)
{
    const struct item_drawing *drawing = item->kind->drawing;
    const char *name;
    json_t *value;
    *out = *item;
    if (!drawing)
        return true;
    json_t *question = drawing->fill(item->body, numbers, a, e);
    if (!question)
        return false;
    json_keep(a, question);
    json_t *whole = json_keep(a, json_object());
    json_object_foreach((json_t *)item->json, name, value) if (is_meta(name))
        json_object_set(whole, name, value);
    json_object_update(whole, question);
    json_object_set_new(whole, "kind", json_string(drawing->becomes->name));
    return item_read(a, whole, out, e);
}

bool item_text(struct arena *a, const struct item *item, struct bytes *out, struct err *e)
{
    return jcs_write(a, item->json, out, e);
}

const char *item_stem(const struct item *item)
{
    return json_member_text(item->json, "stem");
}

bool item_serves(const struct item_meta *m, int64_t level, const char *direction)
{
    if (!has_level(m, level))
        return false;
    for (size_t i = 0; i < m->direction_count; i++)
        if (direction && strcmp(m->directions[i], direction) == 0)
            return true;
    return m->direction_count == 0;
}

void item_write(const struct item *item, struct json_out *o)
{
    out_json(o, item->json);
}

void item_write_presented(struct arena *a, const struct item *item, struct json_out *o)
{
    out_object(o);
    put_text(o, "kind", item->kind->name);
    item->kind->present(item->body, NULL, o);
    pictures_put_shown(a, item, o);
    out_object_end(o);
}
