/* base/fields_test.c - a table reads what it writes and refuses the rest by pointer. */
#include "base/fields.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/id.h"
#include "base/json.h"
#include "base/json_out.h"
#include "test/check.h"

struct part {
    const char *word;
    int64_t months;
};

struct whole {
    const char *name, *kind;
    bool sure;
    struct id id;
    date_days day;
    const char **words;
    size_t word_count;
    struct part *parts;
    size_t part_count;
    const struct part *one;
};

static const struct field part_rows[] = {
    {FIELD(struct part, word, TEXT), .required = true, .min = 1, .max = 3},
    {FIELD(struct part, months, INT), .min = 0, .max = 600},
};
static const struct fields part_fields = FIELDS("part", struct part, part_rows);
static const char *const kinds[] = {"a", "b", NULL};
static const struct field whole_rows[] = {
    {FIELD(struct whole, name, TEXT), .required = true, .min = 1, .max = 4},
    {FIELD(struct whole, kind, TEXT), .allowed = kinds},
    {FIELD(struct whole, sure, BOOL)},
    {FIELD(struct whole, id, ID)},
    {FIELD(struct whole, day, DATE)},
    {FIELD(struct whole, words, TEXTS), FIELD_COUNT(struct whole, word_count), .max = 2},
    {FIELD(struct whole, parts, OBJECTS), FIELD_COUNT(struct whole, part_count),
     .sub = &part_fields},
    {FIELD(struct whole, one, OBJECT), .sub = &part_fields},
};
static const struct fields whole_fields = FIELDS("whole", struct whole, whole_rows);

void fields_round_trip_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    const char *text = "{\"name\":\"张三丰子\",\"kind\":\"b\",\"sure\":true,"
                       "\"id\":\"000102030405060708090a0b0c0d0e0f\",\"day\":\"2024-02-29\","
                       "\"words\":[\"x\",\"y\"],\"parts\":[{\"word\":\"w\",\"months\":600}],"
                       "\"one\":{\"word\":\"z\",\"months\":0}}";
    struct whole w;
    json_t *v = json_read(a, text, strlen(text), &e);
    CHECK_OK("reads", v && fields_read(&whole_fields, v, a, &w, &e), &e);
    CHECK_INT("months", w.parts[0].months, 600);
    struct json_out *o = json_out_create(a);
    fields_write(&whole_fields, &w, o);
    CHECK_TEXT("writes what it read", json_out_text(o), text);
    arena_destroy(a);
}

void fields_refuse_test(void)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"{}", "/name"},
        {"{\"name\":null}", "/name"},
        {"{\"name\":\"\"}", "/name"},
        {"{\"name\":\"五个字符多\"}", "/name"},
        {"{\"name\":\"a\",\"nam\":1}", "/nam"},
        {"{\"name\":\"a\",\"kind\":\"c\"}", "/kind"},
        {"{\"name\":\"a\",\"sure\":1}", "/sure"},
        {"{\"name\":\"a\",\"id\":\"00\"}", "/id"},
        {"{\"name\":\"a\",\"day\":\"2023-02-29\"}", "/day"},
        {"{\"name\":\"a\",\"words\":[\"x\",2]}", "/words/1"},
        {"{\"name\":\"a\",\"words\":[\"x\",\"y\",\"z\"]}", "/words"},
        {"{\"name\":\"a\",\"parts\":[{\"word\":\"x\"},{\"word\":\"x\",\"months\":601}]}",
         "/parts/1/months"},
        {"{\"name\":\"a\",\"one\":{\"months\":1}}", "/one/word"},
        {"[]", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(1 << 20);
        struct err e = {0};
        struct whole w;
        json_t *v = json_read(a, cases[i].text, strlen(cases[i].text), &e);
        CHECK("is JSON", v);
        CHECK_REFUSED(cases[i].text, fields_read(&whole_fields, v, a, &w, &e), &e, INVALID,
                      cases[i].field);
        arena_destroy(a);
    }
}
