/* measure/item_text.c - one row a member: what is written is what is read. */
#include "measure/item_text.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "measure/numbers.h"

enum member_kind { TEXT, FLAG, COUNT, REAL };

static const struct member {
    const char *name;
    enum member_kind kind;
    size_t offset;
} members[] = {
#define MEMBER(kind, member)                                                                   \
    {                                                                                          \
#member, kind, offsetof(struct session_item, member)                                   \
    }
    MEMBER(TEXT, code),
    MEMBER(TEXT, stem),
    MEMBER(TEXT, area),
    MEMBER(TEXT, kind),
    MEMBER(COUNT, part),
    MEMBER(FLAG, credit),
    MEMBER(FLAG, changed),
    MEMBER(FLAG, by_people),
    MEMBER(COUNT, full_millimarks),
    MEMBER(COUNT, count),
    MEMBER(COUNT, answered),
    MEMBER(REAL, p),
    MEMBER(REAL, r),
    MEMBER(FLAG, dif.known),
    MEMBER(REAL, dif.chi2),
    MEMBER(REAL, dif.p),
    MEMBER(REAL, dif.alpha),
    MEMBER(REAL, dif.delta),
    MEMBER(REAL, dif.se_log_alpha),
#undef MEMBER
};
enum { MEMBERS = sizeof members / sizeof *members };

/* --- out ----------------------------------------------------------------------------------------- */
static void write_answers(struct json_out *o, const struct session_item *it)
{
    put_array(o, "answers");
    for (size_t i = 0; i < it->answer_count; i++) {
        const struct answer_tally *t = &it->answers[i];
        out_object(o);
        put_text(o, "response", t->response);
        put_int(o, "count", t->count);
        put_real(o, "rest", t->rest);
        put_bool(o, "full", t->full);
        put_array(o, "bands");
        for (size_t b = 0; b < ITEM_BANDS; b++)
            out_int(o, t->bands[b]);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
}

static void write_part(struct json_out *o, const struct session_item *it)
{
    const char class[] = {it->dif_class, '\0'};
    out_object(o);
    for (size_t i = 0; i < MEMBERS; i++) {
        const char *at = (const char *)it + members[i].offset;
        switch (members[i].kind) {
        case TEXT:
            put_text(o, members[i].name, *(const char *const *)at);
            break;
        case FLAG:
            put_bool(o, members[i].name, *(const bool *)at);
            break;
        case COUNT:
            put_int(o, members[i].name, *(const int64_t *)at);
            break;
        case REAL:
            put_real(o, members[i].name, *(const double *)at);
            break;
        }
    }
    put_id(o, "version", it->version_id);
    put_json(o, "key", it->key);
    put_int(o, "findings", it->findings);
    put_text(o, "class", it->dif_class ? class : "");
    put_array(o, "curve");
    for (size_t b = 0; b < ITEM_BANDS; b++)
        out_real(o, it->curve[b]);
    out_array_end(o);
    put_array(o, "bands");
    for (size_t b = 0; b < ITEM_BANDS; b++)
        out_int(o, it->band_count[b]);
    out_array_end(o);
    write_answers(o, it);
    out_object_end(o);
}

struct bytes item_text_write(struct arena *a, const struct session_item *const *parts,
                             size_t count)
{
    struct json_out *o = json_out_create(a);
    out_array(o);
    for (size_t i = 0; i < count; i++)
        write_part(o, parts[i]);
    out_array_end(o);
    return (struct bytes){(const unsigned char *)json_out_text(o), json_out_len(o)};
}

/* --- in ------------------------------------------------------------------------------------------ */
static double real_of(const json_t *v)
{
    return json_is_number(v) ? json_number_value(v) : NAN;
}

static void read_answers(struct arena *a, const json_t *list, struct session_item *it)
{
    it->answer_count = json_array_size(list);
    it->answers = arena_array(a, struct answer_tally, it->answer_count + 1);
    for (size_t i = 0; i < it->answer_count; i++) {
        const json_t *v = json_array_get(list, i), *bands = json_object_get(v, "bands");
        const char *response = json_member_text(v, "response");
        struct answer_tally *t = &it->answers[i];
        *t = (struct answer_tally){.response = response ? response : "null",
                                   .count = json_member_int(v, "count", 0),
                                   .rest = real_of(json_object_get(v, "rest")),
                                   .full = json_is_true(json_object_get(v, "full"))};
        for (size_t b = 0; b < ITEM_BANDS; b++)
            t->bands[b] = json_integer_value(json_array_get(bands, b));
    }
}

static bool read_part(struct arena *a, const json_t *v, const char *code,
                      struct session_item *it)
{
    const json_t *curve = json_object_get(v, "curve"), *bands = json_object_get(v, "bands");
    const char *version = json_member_text(v, "version"), *class = json_member_text(v, "class");
    *it = (struct session_item){.key = json_object_get(v, "key")};
    for (size_t i = 0; i < MEMBERS; i++) {
        const json_t *one = json_object_get(v, members[i].name);
        char *at = (char *)it + members[i].offset;
        switch (members[i].kind) {
        case TEXT:
            *(const char **)at = json_is_string(one) ? json_string_value(one) : "";
            break;
        case FLAG:
            *(bool *)at = json_is_true(one);
            break;
        case COUNT:
            *(int64_t *)at = json_integer_value(one);
            break;
        case REAL:
            *(double *)at = real_of(one);
            break;
        }
    }
    it->key = json_is_null(it->key) ? NULL : it->key;
    it->findings = (unsigned)json_member_int(v, "findings", 0);
    it->dif_class = class ? *class : '\0';
    for (size_t b = 0; b < ITEM_BANDS; b++) {
        it->curve[b] = real_of(json_array_get(curve, b));
        it->band_count[b] = json_integer_value(json_array_get(bands, b));
    }
    read_answers(a, json_object_get(v, "answers"), it);
    return version && id_read(version, &it->version_id) && strcmp(it->code, code) == 0;
}

bool item_text_read(struct arena *a, struct bytes text, const char *code,
                    struct session_item **parts, size_t *count, struct err *e)
{
    const json_t *list = json_read(a, text.at, text.len, e);
    if (!list)
        return false;
    *count = json_array_size(list);
    *parts = arena_array(a, struct session_item, *count + 1);
    for (size_t i = 0; i < *count; i++)
        if (!read_part(a, json_array_get(list, i), code, &(*parts)[i]))
            return FAIL(e, STORE, "item_sitting", "%s 的档案读不出。", code);
    return true;
}
