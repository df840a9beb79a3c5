/* measure/golden_test.c - every case under data/golden: published or exactly computed answers.
 *
 * A file holds {"source", "cases": [{"run": analysis, "file", "options": {…}, "tolerance",
 * "expect": {"/json/pointer": number, text, bool or null}}]}. A pointer may hold [id=Item_1] for
 * the member of an array by one of its values. */
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "measure/analyze.h"
#include "test/check.h"

static const char *golden_path(struct arena *a, const char *name)
{
    const char *root = getenv("HENG_SOURCE");
    return arena_printf(a, "%s/data/golden/%s", root ? root : ".", name);
}

static void set_option(struct arena *a, const char *run, struct analyze_options *o,
                       const char *name, const json_t *value)
{
    CHECK(name, analyze_takes(run, name));
    for (size_t i = 0; i < analyze_option_count; i++) {
        const struct analyze_option *row = &analyze_option_rows[i];
        void *to = (char *)o + row->offset;
        if (strcmp(row->name, name) != 0)
            continue;
        if (row->kind == ANALYZE_FLAG)
            *(bool *)to = json_is_true(value);
        else if (row->kind == ANALYZE_COUNT)
            *(int64_t *)to = json_integer_value(value);
        else if (row->kind == ANALYZE_REAL)
            *(double *)to = json_number_value(value);
        else {
            const char *text = json_string_value(value), *dot = strrchr(text, '.');
            *(const char **)to = dot && strcmp(dot, ".csv") == 0 ? golden_path(a, text) : text;
        }
        return;
    }
    fail();
}

/* "[id=Item_1]": the element whose member says so. */
static const json_t *element_where(const json_t *array, const char *where, size_t len)
{
    const char *equals = memchr(where, '=', len);
    for (size_t i = 0; equals && i < json_array_size(array); i++) {
        const json_t *x = json_array_get(array, i);
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(equals - where), where);
        const char *text = json_string_value(json_object_get(x, name));
        size_t n = len - (size_t)(equals + 1 - where);
        if (text && strlen(text) == n && memcmp(text, equals + 1, n) == 0)
            return x;
    }
    return NULL;
}

static const json_t *at_pointer(const json_t *v, const char *pointer)
{
    for (const char *p = pointer; v && *p == '/';) {
        size_t n = strcspn(++p, "/");
        if (*p == '[' && p[n - 1] == ']') {
            v = element_where(v, p + 1, n - 2);
        } else if (json_is_array(v)) {
            v = json_array_get(v, (size_t)strtoul(p, NULL, 10));
        } else {
            char name[64];
            snprintf(name, sizeof name, "%.*s", (int)n, p);
            v = json_object_get(v, name);
        }
        p += n;
    }
    return v;
}

static void check_value(const char *what, const json_t *result, const char *pointer,
                        const json_t *wanted, double tolerance)
{
    char text[400];
    snprintf(text, sizeof text, "%s %s", what, pointer);
    const json_t *got = at_pointer(result, pointer);
    CHECK(text, got != NULL);
    if (json_is_array(wanted)) {
        CHECK_INT(text, json_array_size(got), json_array_size(wanted));
        for (size_t i = 0; i < json_array_size(wanted); i++)
            if (json_is_number(json_array_get(wanted, i)))
                CHECK_NEAR(text, json_number_value(json_array_get(got, i)),
                           json_number_value(json_array_get(wanted, i)), tolerance);
            else
                CHECK_TEXT(text, json_string_value(json_array_get(got, i)),
                           json_string_value(json_array_get(wanted, i)));
    } else if (json_is_number(wanted)) {
        CHECK(text, json_is_number(got));
        CHECK_NEAR(text, json_number_value(got), json_number_value(wanted), tolerance);
    } else if (json_is_string(wanted)) {
        CHECK_TEXT(text, json_string_value(got), json_string_value(wanted));
    } else {
        CHECK_INT(text, json_typeof(got), json_typeof(wanted));
    }
}

static void run_case(const char *file, const json_t *c)
{
    struct arena *a = arena_create((size_t)1 << 30);
    struct analyze_options o;
    struct err e = {0};
    const char *run = json_string_value(json_object_get(c, "run")), *key;
    const char *data = json_string_value(json_object_get(c, "file"));
    double tolerance = json_number_value(json_object_get(c, "tolerance"));
    json_t *value;
    analyze_defaults(&o);
    o.file = data ? golden_path(a, data) : NULL;
    json_object_foreach(json_object_get(c, "options"), key, value)
        set_option(a, run, &o, key, value);
    struct json_out *out = json_out_create(a);
    char what[300];
    snprintf(what, sizeof what, "%s %s", file, run);
    bool done = analyze_run(a, run, &o, out, &e);
    const char *refused = json_string_value(json_object_get(c, "refused"));
    if (refused) {
        CHECK_INT(what, done, false);
        CHECK(e.text, strstr(e.text, refused) != NULL);
    } else {
        CHECK_OK(what, done, &e);
        const json_t *result = json_read(a, json_out_text(out), json_out_len(out), &e);
        CHECK_OK(what, result != NULL, &e);
        CHECK(what, json_object_size(json_object_get(c, "expect")) > 0);
        json_object_foreach(json_object_get(c, "expect"), key, value)
            check_value(what, result, key, value, tolerance);
    }
    arena_destroy(a);
}

void golden_test(void)
{
    struct arena *a = arena_create((size_t)64 << 20);
    DIR *folder = opendir(golden_path(a, ""));
    CHECK("data/golden", folder != NULL);
    size_t cases = 0;
    for (struct dirent *f; (f = readdir(folder)) != NULL;) {
        const char *dot = strrchr(f->d_name, '.');
        struct bytes text;
        struct err e = {0};
        if (!dot || strcmp(dot, ".json") != 0)
            continue;
        CHECK_OK(f->d_name, file_read(a, golden_path(a, f->d_name), 8 << 20, &text, &e), &e);
        const json_t *set = json_read(a, text.at, text.len, &e);
        CHECK_OK(f->d_name, set != NULL, &e);
        CHECK(f->d_name, json_string_value(json_object_get(set, "source")) != NULL);
        const json_t *list = json_object_get(set, "cases");
        for (size_t i = 0; i < json_array_size(list); i++, cases++)
            run_case(f->d_name, json_array_get(list, i));
    }
    closedir(folder);
    CHECK("there are cases", cases > 0);
    arena_destroy(a);
}
