/* base/fields_fuzz.c - the body of a request: whatever a table of fields takes is within the bounds of its
 * rows, and is written as JSON that reads as the same; with one more member it is refused, by its pointer. */
#include "base/fields.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/json_out.h"

struct inner {
    int64_t n;
    const char *word;
};
struct outer {
    const char *text, *choice;
    int64_t number;
    bool flag;
    struct id id;
    int32_t day;
    const char **texts;
    struct id *ids;
    int64_t *ints;
    struct inner *many;
    const struct inner *one;
    struct json_t *any;
    size_t text_count, id_count, int_count, many_count;
};

static const struct field inner_rows[] = {
    {FIELD(struct inner, n, INT), .required = true, .min = -3, .max = 3},
    {FIELD(struct inner, word, TEXT), .max = 4},
};
static const struct fields inner_fields = FIELDS("inner", struct inner, inner_rows);
static const char *const choices[] = {"甲", "乙", NULL};
static const struct field outer_rows[] = {
    {FIELD(struct outer, text, TEXT), .required = true, .min = 1, .max = 8},
    {FIELD(struct outer, choice, TEXT), .allowed = choices},
    {FIELD(struct outer, number, INT), .min = 0, .max = 1000},
    {FIELD(struct outer, flag, BOOL)},
    {FIELD(struct outer, id, ID)},
    {FIELD(struct outer, day, DATE)},
    {FIELD(struct outer, texts, TEXTS), FIELD_COUNT(struct outer, text_count), .max = 5},
    {FIELD(struct outer, ids, IDS), FIELD_COUNT(struct outer, id_count), .max = 5},
    {FIELD(struct outer, ints, INTS), FIELD_COUNT(struct outer, int_count), .max = 5},
    {FIELD(struct outer, many, OBJECTS), FIELD_COUNT(struct outer, many_count), .max = 5,
     .sub = &inner_fields},
    {FIELD(struct outer, one, OBJECT), .sub = &inner_fields},
    {FIELD(struct outer, any, JSON)},
};
static const struct fields outer_fields = FIELDS("outer", struct outer, outer_rows);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void within_bounds(const struct outer *o)
{
    demand(o->text && characters(o->text) >= 1 && characters(o->text) <= 8);
    demand(!o->choice || strcmp(o->choice, choices[0]) == 0 ||
           strcmp(o->choice, choices[1]) == 0);
    demand(o->number >= 0 && o->number <= 1000);
    demand(o->text_count <= 5 && o->id_count <= 5 && o->int_count <= 5 && o->many_count <= 5);
    for (size_t i = 0; i < o->many_count; i++)
        demand(o->many[i].n >= -3 && o->many[i].n <= 3 &&
               (!o->many[i].word || characters(o->many[i].word) <= 4));
}

static const char *written(struct arena *a, const struct outer *o)
{
    struct json_out *out = json_out_create(a);
    fields_write(&outer_fields, o, out);
    return json_out_text(out);
}

static void one_member_more(struct arena *a, struct json_t *v)
{
    struct outer o;
    struct err e = {0};
    demand(json_object_set_new(v, "king", json_true()) == 0);
    demand(!fields_read(&outer_fields, v, a, &o, &e));
    demand(strcmp(e.field, "/king") == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct err e = {0}, again = {0};
    struct outer first, second;
    if (size > 65536)
        return 0;
    struct arena *a = arena_create(8 << 20);
    json_t *v = json_read(a, data, size, &e);
    if (v && fields_read(&outer_fields, v, a, &first, &e)) {
        within_bounds(&first);
        const char *text = written(a, &first);
        json_t *w = json_read(a, text, strlen(text), &again);
        demand(w && fields_read(&outer_fields, w, a, &second, &again));
        demand(strcmp(text, written(a, &second)) == 0);
        one_member_more(a, w);
    } else {
        demand(e.code != ERR_NONE && e.text[0]);
    }
    arena_destroy(a);
    return 0;
}
