/* bank/kind_test.c - every kind against its sample: data/samples/items/<kind>.json. */
#include "bank/kind.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "bank/decimal.h"
#include "bank/item.h"
#include "base/arena.h"
#include "base/embed.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/shuffle.h"
#include "test/check.h"

struct sample {
    const json_t *file;
    struct item item;
    int32_t max;
};

static struct sample sample_of(struct arena *a, const struct item_kind *k)
{
    struct err e = {0};
    struct sample s;
    const struct embedded *f = embedded_find(arena_printf(a, "samples/items/%s.json", k->name));
    CHECK(k->name, f);
    s.file = json_read(a, f->bytes, f->len, &e);
    CHECK_OK(k->name, s.file, &e);
    s.max = (int32_t)json_member_int(s.file, "max", 0);
    CHECK_OK(k->name, item_read(a, json_object_get(s.file, "item"), &s.item, &e), &e);
    CHECK_TEXT("kind", s.item.kind->name, k->name);
    return s;
}

/* Written and read again it is the same body. */
void kind_round_trip_test(void)
{
    const struct item_kind *k;
    struct arena *a = arena_create(16 << 20);
    for (size_t i = 0; (k = item_kind_at(i)); i++) {
        struct err e = {0};
        struct sample s = sample_of(a, k);
        struct json_out *once = json_out_create(a), *twice = json_out_create(a);
        fields_write(k->body, s.item.body, once);
        const char *text = json_out_text(once);
        const json_t *again = json_read(a, text, strlen(text), &e);
        CHECK_OK(k->name, again, &e);
        void *body = item_body_read(k, again, a, &e);
        CHECK_OK(k->name, body, &e);
        fields_write(k->body, body, twice);
        CHECK_TEXT(k->name, json_out_text(twice), text);
    }
    arena_destroy(a);
}

void kind_responses_test(void)
{
    const struct item_kind *k;
    struct arena *a = arena_create(16 << 20);
    for (size_t i = 0; (k = item_kind_at(i)); i++) {
        struct sample s = sample_of(a, k);
        const json_t *rows = json_object_get(s.file, "responses");
        CHECK("responses", json_array_size(rows) > 3);
        for (size_t n = 0; n < json_array_size(rows); n++) {
            struct err e = {0};
            struct item_score got;
            const json_t *row = json_array_get(rows, n), *r = json_object_get(row, "response");
            struct score_order order = {s.max, partial_read(json_member_text(row, "partial"))};
            const char *what = arena_printf(a, "%s %zu", k->name, n),
                       *refused = json_member_text(row, "refused");
            if (refused) {
                CHECK_REFUSED(what, k->score(s.item.body, r, &order, &got, &e), &e, INVALID,
                              refused);
                continue;
            }
            CHECK_OK(what, k->score(s.item.body, r, &order, &got, &e), &e);
            CHECK_INT(what, got.millimarks, json_member_int(row, "millimarks", -1));
            CHECK("within its marks", got.millimarks >= 0 && got.millimarks <= s.max);
            CHECK_INT(what, got.needs_marker,
                      json_is_true(json_object_get(row, "needs_marker")));
            if (response_is_blank(r))
                CHECK("blank is nothing", got.millimarks == 0 && !got.needs_marker);
        }
        struct err e = {0};
        struct item_score none;
        struct score_order whole = {s.max, PARTIAL_none};
        CHECK_OK(k->name, k->score(s.item.body, NULL, &whole, &none, &e), &e);
        CHECK_INT(k->name, none.millimarks, 0);
    }
    arena_destroy(a);
}

static bool has_member(const json_t *v, const char *name)
{
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_object(v)) {
        json_object_foreach((json_t *)v, key, member) if (strcmp(key, name) == 0 ||
                                                          has_member(member, name)) return true;
    } else if (json_is_array(v)) {
        json_array_foreach((json_t *)v, i, member) if (has_member(member, name)) return true;
    }
    return false;
}

/* With any order of the options, no member and no text of the key is in what is shown. */
void kind_never_shows_the_key_test(void)
{
    static const char *const hidden[] = {"key",   "explanation", "guide", "errors", "accept",
                                         "value", "tolerance",   "marks", "areas",  "coords"};
    const struct item_kind *k;
    struct arena *a = arena_create(64 << 20);
    for (size_t i = 0; (k = item_kind_at(i)); i++) {
        struct sample s = sample_of(a, k);
        const json_t *secrets = json_object_get(s.file, "secrets");
        CHECK("secrets to look for", json_array_size(secrets) > 0);
        for (unsigned char seed = 0; seed < 20; seed++) {
            struct err e = {0};
            struct shuffle shuffle;
            struct json_out *o = json_out_create(a);
            shuffle_begin(&shuffle, (const unsigned char[SEED_BYTES]){seed});
            out_object(o);
            k->present(s.item.body, &shuffle, o);
            out_object_end(o);
            const char *text = json_out_text(o);
            const json_t *shown = json_read(a, text, strlen(text), &e);
            struct item filled;
            CHECK_OK(k->name, item_fill(a, &s.item, NULL, &filled, &e), &e);
            CHECK_TEXT("the question is there", json_member_text(shown, "stem"),
                       item_stem(&filled));
            for (size_t n = 0; n < sizeof hidden / sizeof *hidden; n++)
                CHECK(hidden[n], !has_member(shown, hidden[n]));
            for (size_t n = 0; n < json_array_size(secrets); n++)
                CHECK(k->name, !strstr(text, json_string_value(json_array_get(secrets, n))));
        }
    }
    arena_destroy(a);
}

/* All options, each with its own letter, whatever the order; and the order does change. */
void kind_options_keep_their_letters_test(void)
{
    struct arena *a = arena_create(16 << 20);
    struct sample s = sample_of(a, item_kind_find("multiple"));
    const json_t *options = json_object_get(s.item.json, "options");
    int moved = 0;
    for (unsigned char seed = 0; seed < 20; seed++) {
        struct err e = {0};
        struct shuffle shuffle;
        struct json_out *o = json_out_create(a);
        unsigned seen = 0;
        shuffle_begin(&shuffle, (const unsigned char[SEED_BYTES]){seed});
        out_object(o);
        s.item.kind->present(s.item.body, &shuffle, o);
        out_object_end(o);
        const char *text = json_out_text(o);
        const json_t *shown = json_object_get(json_read(a, text, strlen(text), &e), "options");
        CHECK_INT("all of them", json_array_size(shown), json_array_size(options));
        for (size_t i = 0; i < json_array_size(shown); i++) {
            const json_t *one = json_array_get(shown, i);
            size_t place = (size_t)(json_member_text(one, "id")[0] - 'A');
            CHECK_TEXT("its own text", json_member_text(one, "text"),
                       json_string_value(json_array_get(options, place)));
            seen |= 1u << place;
            moved += place != i;
        }
        CHECK_INT("each once", seen, 15);
    }
    CHECK("orders differ", moved > 20);
    arena_destroy(a);
}

void decimal_cases_test(void)
{
    static const struct {
        const char *text;
        enum decimal_read want;
        int64_t doubled;
    } cases[] = {
        {"12.50", DECIMAL_OK, 25000000000},
        {"-0.000000001", DECIMAL_OK, -2},
        {"0.0000000001", DECIMAL_OK, 1},
        {"+19,200", DECIMAL_OK, 38400000000000},
        {"19 200", DECIMAL_OK, 38400000000000},
        {"000000000007", DECIMAL_OK, 14000000000},
        {"999999999.999999999", DECIMAL_OK, 1999999999999999998},
        {"1000000000", DECIMAL_TOO_LARGE, 0},
        {"", DECIMAL_NOT_A_NUMBER, 0},
        {"-", DECIMAL_NOT_A_NUMBER, 0},
        {".", DECIMAL_NOT_A_NUMBER, 0},
        {"1.2.3", DECIMAL_NOT_A_NUMBER, 0},
        {"1e3", DECIMAL_NOT_A_NUMBER, 0},
        {"12 kg", DECIMAL_NOT_A_NUMBER, 0},
        {"12元", DECIMAL_OK, 24000000000},
        {"12 元　", DECIMAL_OK, 24000000000},
        {"12元整", DECIMAL_NOT_A_NUMBER, 0},
        {"\xE2\x88\x92"
         "5",
         DECIMAL_OK, -10000000000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decimal d = {0};
        CHECK_INT(cases[i].text, decimal_read(cases[i].text, "元", &d), cases[i].want);
        if (cases[i].want == DECIMAL_OK)
            CHECK_INT(cases[i].text, d.doubled, cases[i].doubled);
    }
}

void part_marks_add_up_test(void)
{
    const struct item_part parts[] = {{.share = 1}, {.share = 1}, {.share = 1}, {.share = 4}};
    for (int32_t max = 1; max < 50; max++) {
        int32_t sum = 0;
        for (size_t i = 0; i < 4; i++)
            sum += item_part_marks(parts, 4, i, max);
        CHECK_INT("no thousandth is lost", sum, max);
    }
}

/* What an author must not publish, and where the fault is said to be. */
void kind_check_test(void)
{
    static const struct {
        const char *what, *kind, *body, *field;
    } cases[] = {
        {"no key", "single", "{'stem':'s','options':['a','b'],'explanation':'x'}", "/key"},
        {"key beyond the options", "single",
         "{'stem':'s','options':['a','b'],'key':'C','explanation':'x'}", "/key"},
        {"equal options", "single",
         "{'stem':'s','options':['a b','c','ab'],'key':'A','explanation':'x'}", "/options/2"},
        {"empty option", "single",
         "{'stem':'s','options':['a',' '],'key':'A','explanation':'x'}", "/options/1"},
        {"no explanation", "single", "{'stem':'s','options':['a','b'],'key':'A'}",
         "/explanation"},
        {"unknown member", "single",
         "{'stem':'s','options':['a','b'],'key':'A','explanation':'x','hint':'y'}", "/hint"},
        {"one key", "multiple",
         "{'stem':'s','options':['a','b','c'],'key':['A'],'explanation':'x'}", "/key"},
        {"key twice", "multiple",
         "{'stem':'s','options':['a','b','c'],'key':['A','A'],'explanation':'x'}", "/key"},
        {"text for a key", "true_false", "{'stem':'s','key':'true','explanation':'x'}", "/key"},
        {"words for a number", "numeric",
         "{'stem':'s','key':{'value':'ten','tolerance':'0','unit':'元'},'explanation':'x'}",
         "/key/value"},
        {"negative tolerance", "numeric",
         "{'stem':'s','key':{'value':'1','tolerance':'-1','unit':'元'},'explanation':'x'}",
         "/key/tolerance"},
        {"no guide", "short", "{'stem':'s','key':'k','guide':[],'explanation':'x'}", "/guide"},
        {"a case in a case", "case",
         "{'stem':'s','items':[{'kind':'case','stem':'t','marks':1}],'explanation':'x'}",
         "/items/0/kind"},
        {"a part without key", "case",
         "{'stem':'s','items':[{'kind':'true_false','stem':'t','marks':1}],'explanation':'x'}",
         "/items/0/key"},
        {"no parts", "case", "{'stem':'s','items':[],'explanation':'x'}", "/items"},
    };
    struct arena *a = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        char *text = arena_text(a, cases[i].body);
        for (char *c = text; *c; c++)
            *c = *c == '\'' ? '"' : *c;
        const json_t *body = json_read(a, text, strlen(text), &e);
        CHECK_OK(cases[i].what, body, &e);
        CHECK_REFUSED(cases[i].what,
                      item_body_read(item_kind_find(cases[i].kind), body, a, &e) != NULL, &e,
                      INVALID, cases[i].field);
    }
    arena_destroy(a);
}
