/* web/walk.c - an address and a body for any row of the table of routes. */
#include "web/walk.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"

const char *walk_method(const struct route *r)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return names[r->method];
}

const char *walk_path(const struct walk *w, const struct route *r)
{
    char *out = arena_alloc(w->arena, 600, 1), *to = out, id[ID_TEXT_BYTES];
    id_write(w->id, id);
    for (const char *c = r->path; *c; c++) {
        if (*c != '{') {
            *to++ = *c;
            continue;
        }
        to += snprintf(to, 60, "%s", c[1] == 'i' ? id : "kin");
        if (c[1] == 'i' && !id_is_zero(w->second))
            id_write(w->second, id);
        c = strchr(c, '}');
    }
    return out;
}

bool walk_leaves_out(const struct route *r)
{
    return strcmp(r->path, "/api/sign-out") == 0;
}

int walk_stride(const struct route *r)
{
    static const struct {
        const char *path;
        int stride;
    } stretched[] = {
        {"/api/me/officer-key", 80}, {"/api/sign-in", 20}, {"/api/me/password", 20}};
    for (size_t i = 0; i < sizeof stretched / sizeof *stretched; i++)
        if (strcmp(stretched[i].path, r->path) == 0)
            return stretched[i].stride;
    return 1;
}

/* The characters of TEXT, as many as the row allows; "x" after it up to what the row demands. */
static const char *fitted(const struct walk *w, const struct field *f)
{
    char *out = arena_alloc(w->arena, strlen(w->text) + (size_t)(f->min > 0 ? f->min : 0) + 1,
                            1);
    int64_t n = 0;
    char *to = out;
    for (const char *c = w->text; *c; c++) {
        bool begins = ((unsigned char)*c & 0xC0) != 0x80;
        if (begins && f->max > 0 && n == f->max)
            break;
        n += begins;
        *to++ = *c;
    }
    for (; n < f->min; n++)
        *to++ = 'x';
    return out;
}

static void object(const struct walk *w, const struct fields *f, struct json_out *o);

static void text(const struct walk *w, const struct field *f, struct json_out *o)
{
    out_text(o, f->allowed ? f->allowed[0] : fitted(w, f));
}

/* Any JSON: a form of a programme, an item, the facts of a person. */
static void anything(const struct walk *w, struct json_out *o)
{
    out_object(o);
    put_text(o, "name", w->text);
    put_array(o, "list");
    out_text(o, w->text);
    out_array_end(o);
    out_key(o, w->text);
    out_text(o, w->text);
    out_object_end(o);
}

static void list(const struct walk *w, const struct field *f, struct json_out *o)
{
    int64_t n = f->min > 1 ? f->min : 1;
    struct field one = *f;
    one.min = one.max = 0;
    out_array(o);
    for (int64_t i = 0; i < n; i++) {
        if (f->kind == FIELD_TEXTS)
            text(w, &one, o);
        else if (f->kind == FIELD_IDS)
            out_id(o, id_is_zero(w->in_body) ? w->id : w->in_body);
        else if (f->kind == FIELD_INTS)
            out_int(o, i);
        else
            object(w, f->sub, o);
    }
    out_array_end(o);
}

static void value(const struct walk *w, const struct field *f, struct json_out *o)
{
    switch (f->kind) {
    case FIELD_TEXT:
        text(w, f, o);
        return;
    case FIELD_INT:
        out_int(o, f->min > 0 ? f->min : f->max < 0 ? f->max : f->max > 0 ? 1 : 0);
        return;
    case FIELD_BOOL:
        out_bool(o, true);
        return;
    case FIELD_ID:
        out_id(o, id_is_zero(w->in_body) ? w->id : w->in_body);
        return;
    case FIELD_DATE:
        out_text(o, "2027-03-01");
        return;
    case FIELD_TEXTS:
    case FIELD_IDS:
    case FIELD_INTS:
    case FIELD_OBJECTS:
        list(w, f, o);
        return;
    case FIELD_OBJECT:
        object(w, f->sub, o);
        return;
    case FIELD_JSON:
        anything(w, o);
        return;
    }
}

static void object(const struct walk *w, const struct fields *f, struct json_out *o)
{
    out_object(o);
    for (size_t i = 0; i < f->count; i++) {
        out_key(o, f->rows[i].name);
        value(w, &f->rows[i], o);
    }
    out_object_end(o);
}

const char *walk_body(const struct walk *w, const struct route *r)
{
    struct json_out *o = json_out_create(w->arena);
    if (!r->fields)
        return "";
    out_object(o);
    for (size_t i = 0; i < r->fields->count; i++) {
        out_key(o, r->fields->rows[i].name);
        value(w, &r->fields->rows[i], o);
    }
    if (w->unknown)
        put_text(o, w->unknown, w->text);
    out_object_end(o);
    return json_out_text(o);
}

static bool has_text(const struct fields *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct field *row = &f->rows[i];
        if (row->kind == FIELD_JSON || (row->kind == FIELD_TEXT && !row->allowed) ||
            (row->kind == FIELD_TEXTS && !row->allowed) || (row->sub && has_text(row->sub)))
            return true;
    }
    return false;
}

bool walk_has_text(const struct route *r)
{
    return r->fields && has_text(r->fields);
}

static bool has_id(const struct fields *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].kind == FIELD_ID || f->rows[i].kind == FIELD_IDS ||
            (f->rows[i].sub && has_id(f->rows[i].sub)))
            return true;
    return false;
}

bool walk_has_id(const struct route *r)
{
    return r->fields && has_id(r->fields);
}
