/* base/fields.c - reads, checks and writes JSON by a table of members. */
#include "base/fields.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/id.h"
#include "base/json_out.h"

struct reading {
    struct arena *arena;
    struct err *err;
    char *out; /* the struct being filled */
};

#define AT(r, f, type)  ((type *)(void *)((r)->out + (f)->offset))
#define COUNT_AT(r, f)  ((size_t *)(void *)((r)->out + (f)->count_offset))
#define IN(in, f, type) (*(const type *)(const void *)((const char *)(in) + (f)->offset))
#define COUNT_IN(in, f)                                                                        \
    (*(const size_t *)(const void *)((const char *)(in) + (f)->count_offset))

static int64_t characters(const char *s)
{
    int64_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool in_range(const struct field *f, int64_t v, const char *what, struct err *e)
{
    if (f->min == 0 && f->max == 0)
        return true;
    if (v < f->min)
        return FAIL(e, INVALID, "", "%s不得小于 %lld。", what, (long long)f->min);
    if (v > f->max)
        return FAIL(e, INVALID, "", "%s不得大于 %lld。", what, (long long)f->max);
    return true;
}

static bool text_is_allowed(const struct field *f, const char *v, struct err *e)
{
    if (!f->allowed)
        return true;
    for (const char *const *one = f->allowed; *one; one++)
        if (strcmp(*one, v) == 0)
            return true;
    return FAIL(e, INVALID, "", "“%.60s”不是允许的值。", v);
}

static bool read_text(const struct field *f, const json_t *v, struct arena *a, const char **out,
                      struct err *e)
{
    if (!json_is_string(v))
        return FAIL(e, INVALID, "", "须为文本。");
    if (strlen(json_string_value(v)) != json_string_length(v))
        return FAIL(e, INVALID, "", "文本中不得有 NUL 字符。");
    *out = arena_text(a, json_string_value(v));
    return text_is_allowed(f, *out, e);
}

static bool read_id(const json_t *v, struct id *out, struct err *e)
{
    return (json_is_string(v) && id_read(json_string_value(v), out)) ||
           FAIL(e, INVALID, "", "须为 32 位十六进制编号。");
}

static bool read_int(const json_t *v, int64_t *out, struct err *e)
{
    if (!json_is_integer(v))
        return FAIL(e, INVALID, "", "须为整数。");
    *out = json_integer_value(v);
    return true;
}

static bool under_element(struct err *e, size_t i)
{
    char prefix[24];
    snprintf(prefix, sizeof prefix, "/%zu", i);
    err_under(e, prefix);
    return false;
}

static bool read_list(const struct field *f, const json_t *v, struct reading *r)
{
    if (!json_is_array(v))
        return FAIL(r->err, INVALID, "", "须为数组。");
    size_t n = json_array_size(v);
    if (!in_range(f, (int64_t)n, "项数", r->err))
        return false;
    size_t size = f->kind == FIELD_TEXTS  ? sizeof(char *)
                  : f->kind == FIELD_IDS  ? sizeof(struct id)
                  : f->kind == FIELD_INTS ? sizeof(int64_t)
                                          : f->sub->size;
    char *items = arena_alloc(r->arena, n ? n : 1, size);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(v, i);
        void *to = items + i * size;
        bool ok = f->kind == FIELD_TEXTS  ? read_text(f, one, r->arena, to, r->err)
                  : f->kind == FIELD_IDS  ? read_id(one, to, r->err)
                  : f->kind == FIELD_INTS ? read_int(one, to, r->err)
                                          : fields_read(f->sub, one, r->arena, to, r->err);
        if (!ok)
            return under_element(r->err, i);
    }
    *AT(r, f, void *) = items;
    *COUNT_AT(r, f) = n;
    return true;
}

static bool read_value(const struct field *f, const json_t *v, struct reading *r)
{
    struct err *e = r->err;
    switch (f->kind) {
    case FIELD_TEXT: {
        const char **out = AT(r, f, const char *);
        if (!read_text(f, v, r->arena, out, e))
            return false;
        if (f->min > 0 && **out == '\0')
            return FAIL(e, INVALID, "", "请填写，不能为空。");
        return in_range(f, characters(*out), "字数", e);
    }
    case FIELD_INT:
        return read_int(v, AT(r, f, int64_t), e) &&
               in_range(f, json_integer_value(v), "数值", e);
    case FIELD_BOOL:
        if (!json_is_boolean(v))
            return FAIL(e, INVALID, "", "须为 true 或 false。");
        *AT(r, f, bool) = json_is_true(v);
        return true;
    case FIELD_ID:
        return read_id(v, AT(r, f, struct id), e);
    case FIELD_DATE:
        return (json_is_string(v) && date_read(json_string_value(v), AT(r, f, date_days))) ||
               FAIL(e, INVALID, "", "须为 YYYY-MM-DD 形式的真实日期。");
    case FIELD_TEXTS:
    case FIELD_IDS:
    case FIELD_INTS:
    case FIELD_OBJECTS:
        return read_list(f, v, r);
    case FIELD_OBJECT: {
        void *sub = arena_alloc(r->arena, 1, f->sub->size);
        *AT(r, f, void *) = sub;
        return fields_read(f->sub, v, r->arena, sub, e);
    }
    case FIELD_JSON:
        *AT(r, f, const json_t *) = v;
        return true;
    }
    return false;
}

static const struct field *row_named(const struct fields *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->rows[i].name, name) == 0)
            return &f->rows[i];
    return NULL;
}

static bool under_member(struct err *e, const char *name)
{
    char prefix[ERR_FIELD_BYTES];
    snprintf(prefix, sizeof prefix, "/%s", name);
    err_under(e, prefix);
    return false;
}

bool fields_read(const struct fields *f, const struct json_t *object, struct arena *a,
                 void *out, struct err *e)
{
    memset(out, 0, f->size);
    struct reading r = {.arena = a, .err = e, .out = out};
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].kind == FIELD_DATE)
            *AT(&r, &f->rows[i], date_days) = DATE_NONE;

    if (!json_is_object(object))
        return FAIL(e, INVALID, "", "须为 JSON 对象。");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        const struct field *row = row_named(f, name);
        if (!row) {
            FAIL(e, INVALID, "", "没有这一项。");
            return under_member(e, name);
        }
        if (!json_is_null(value) && !read_value(row, value, &r))
            return under_member(e, name);
    }
    for (size_t i = 0; i < f->count; i++) {
        const json_t *v = json_object_get(object, f->rows[i].name);
        if (f->rows[i].required && (!v || json_is_null(v))) {
            FAIL(e, INVALID, "", "缺少这一项。");
            return under_member(e, f->rows[i].name);
        }
    }
    return true;
}

static void write_date(date_days d, struct json_out *o)
{
    char text[DATE_TEXT_BYTES];
    if (d == DATE_NONE) {
        out_null(o);
        return;
    }
    date_write(d, text);
    out_text(o, text);
}

static void write_list(const struct field *f, const void *in, struct json_out *o)
{
    const char *items = IN(in, f, char *);
    size_t n = COUNT_IN(in, f);
    out_array(o);
    for (size_t i = 0; i < n; i++) {
        if (f->kind == FIELD_TEXTS)
            out_text(o, ((const char *const *)(const void *)items)[i]);
        else if (f->kind == FIELD_IDS)
            out_id(o, ((const struct id *)(const void *)items)[i]);
        else if (f->kind == FIELD_INTS)
            out_int(o, ((const int64_t *)(const void *)items)[i]);
        else
            fields_write(f->sub, items + i * f->sub->size, o);
    }
    out_array_end(o);
}

static void write_value(const struct field *f, const void *in, struct json_out *o)
{
    switch (f->kind) {
    case FIELD_TEXT:
        out_text(o, IN(in, f, char *));
        break;
    case FIELD_INT:
        out_int(o, IN(in, f, int64_t));
        break;
    case FIELD_BOOL:
        out_bool(o, IN(in, f, bool));
        break;
    case FIELD_ID:
        out_id(o, IN(in, f, struct id));
        break;
    case FIELD_DATE:
        write_date(IN(in, f, date_days), o);
        break;
    case FIELD_TEXTS:
    case FIELD_IDS:
    case FIELD_INTS:
    case FIELD_OBJECTS:
        write_list(f, in, o);
        break;
    case FIELD_OBJECT:
        if (IN(in, f, void *))
            fields_write(f->sub, IN(in, f, void *), o);
        else
            out_null(o);
        break;
    case FIELD_JSON:
        out_json(o, IN(in, f, json_t *));
        break;
    }
}

void fields_write_members(const struct fields *f, const void *in, struct json_out *o)
{
    for (size_t i = 0; i < f->count; i++) {
        out_key(o, f->rows[i].name);
        write_value(&f->rows[i], in, o);
    }
}

void fields_write(const struct fields *f, const void *in, struct json_out *o)
{
    out_object(o);
    fields_write_members(f, in, o);
    out_object_end(o);
}

static const char *const schema_types[] = {
    [FIELD_TEXT] = "string",   [FIELD_INT] = "integer", [FIELD_BOOL] = "boolean",
    [FIELD_ID] = "string",     [FIELD_DATE] = "string", [FIELD_TEXTS] = "array",
    [FIELD_IDS] = "array",     [FIELD_INTS] = "array",  [FIELD_OBJECT] = "object",
    [FIELD_OBJECTS] = "array", [FIELD_JSON] = NULL,
};

static void write_row_schema(const struct field *f, struct json_out *o)
{
    if (f->kind == FIELD_OBJECT) {
        fields_write_schema(f->sub, o);
        return;
    }
    bool bounded = f->min != 0 || f->max != 0;
    out_object(o);
    if (schema_types[f->kind])
        put_text(o, "type", schema_types[f->kind]);
    if (f->kind == FIELD_ID)
        put_text(o, "pattern", "^[0-9a-f]{32}$");
    if (f->kind == FIELD_DATE)
        put_text(o, "format", "date");
    if (bounded && f->kind == FIELD_INT) {
        put_int(o, "minimum", f->min);
        put_int(o, "maximum", f->max);
    }
    if (bounded && f->kind == FIELD_TEXT) {
        put_int(o, "minLength", f->min);
        put_int(o, "maxLength", f->max);
    }
    if (f->allowed) {
        put_array(o, "enum");
        for (const char *const *one = f->allowed; *one; one++)
            out_text(o, *one);
        out_array_end(o);
    }
    if (f->kind == FIELD_OBJECTS) {
        out_key(o, "items");
        fields_write_schema(f->sub, o);
    } else if (f->kind == FIELD_TEXTS || f->kind == FIELD_IDS || f->kind == FIELD_INTS) {
        put_object(o, "items");
        put_text(o, "type", f->kind == FIELD_INTS ? "integer" : "string");
        out_object_end(o);
    }
    out_object_end(o);
}

void fields_write_schema(const struct fields *f, struct json_out *o)
{
    out_object(o);
    put_text(o, "title", f->name);
    put_text(o, "type", "object");
    put_bool(o, "additionalProperties", false);
    put_array(o, "required");
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].required)
            out_text(o, f->rows[i].name);
    out_array_end(o);
    put_object(o, "properties");
    for (size_t i = 0; i < f->count; i++) {
        out_key(o, f->rows[i].name);
        write_row_schema(&f->rows[i], o);
    }
    out_object_end(o);
    out_object_end(o);
}
