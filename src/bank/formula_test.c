/* bank/formula_test.c - formulas against worked answers; templates: what is drawn, and what is refused. */
#include "bank/formula.h"

#include <jansson.h>
#include <stdio.h>

#include "bank/item.h"
#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/shuffle.h"
#include "test/check.h"

static const char *const names[] = {"点击", "曝光", "花费2"};
/* 640, 20 500, 0.1 */
static const struct fraction values[] = {{640, 1}, {20500, 1}, {1, 10}};

void formula_golden_test(void)
{
    static const struct {
        const char *text, *answer; /* with two decimals; NULL: none */
        enum formula_result result;
    } cases[] = {
        {"点击÷曝光×100", "3.12", FORMULA_OK},
        {"点击/曝光*100", "3.12", FORMULA_OK},
        {"1+2*3", "7.00", FORMULA_OK},
        {"（1＋2）×3", "9.00", FORMULA_OK},
        {"8-3-2", "3.00", FORMULA_OK},
        {"8/4/2", "1.00", FORMULA_OK},
        {"-2*-3", "6.00", FORMULA_OK},
        {"2 − (－3)", "5.00", FORMULA_OK},
        {"花费2+花费2+花费2", "0.30", FORMULA_OK},
        {"1/3*3", "1.00", FORMULA_OK},
        {"0.005", "0.01", FORMULA_OK},
        {"-0.005", "-0.01", FORMULA_OK},
        {"-0.0049", "0.00", FORMULA_OK},
        {"2.675", "2.68", FORMULA_OK},
        {"1/8", "0.13", FORMULA_OK},
        {"999999999.99", "999999999.99", FORMULA_OK},
        {"999999999.995", NULL, FORMULA_OK},
        {"1/(点击-640)", NULL, FORMULA_BY_ZERO},
        {"999999999*999999999*999999999", NULL, FORMULA_TOO_LARGE},
    };
    struct arena *a = arena_create(1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct fraction out;
        const struct formula *f = formula_read(a, cases[i].text, names, 3, &e);
        CHECK_OK(cases[i].text, f, &e);
        CHECK_INT(cases[i].text, formula_value(f, values, &out), cases[i].result);
        if (cases[i].result != FORMULA_OK)
            continue;
        const char *text = fraction_text(a, out, 2);
        CHECK(cases[i].text, (text == NULL) == (cases[i].answer == NULL));
        if (text)
            CHECK_TEXT(cases[i].text, text, cases[i].answer);
    }
    static const struct {
        const char *text;
        bool holds;
    } conditions[] = {{"点击＜曝光", true},  {"点击>曝光", false}, {"点击÷曝光≤0.0312", false},
                      {"点击/2=320", true},  {"1≠1", false},       {"0.1+0.2=0.3", true},
                      {"花费2×10>=1", true}, {"1!=2", true},       {"点击≥641", false}};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        struct err e = {0};
        struct fraction out;
        const struct formula *f = condition_read(a, conditions[i].text, names, 3, &e);
        CHECK_OK(conditions[i].text, f, &e);
        CHECK_INT(conditions[i].text, formula_value(f, values, &out), FORMULA_OK);
        CHECK_INT(conditions[i].text, out.top, conditions[i].holds);
    }
    arena_destroy(a);
}

void formula_refuses_test(void)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "1+",
                                      "(1",
                                      "1)",
                                      "1 2",
                                      "点击 曝光",
                                      "收入",
                                      "1.2.3",
                                      "1e3",
                                      "2^3",
                                      "a=1",
                                      "点击＜曝光",
                                      "exp(1)",
                                      "1,000",
                                      "--1",
                                      "花费",
                                      "点击()",
                                      "×2",
                                      "((((((((((((((((((1))))))))))))))))))",
                                      "1.0000000001",
                                      "9999999999"};
    static const char *const no_condition[] = {"1", "点击", "1<2<3", "<1", "1<"};
    struct arena *a = arena_create(4 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        CHECK_REFUSED(bad[i], formula_read(a, bad[i], names, 3, &e) != NULL, &e, INVALID, "");
    }
    for (size_t i = 0; i < sizeof no_condition / sizeof *no_condition; i++) {
        struct err e = {0};
        CHECK_REFUSED(no_condition[i], condition_read(a, no_condition[i], names, 3, &e) != NULL,
                      &e, INVALID, "");
    }
    char longest[FORMULA_BYTES_MAX + 2] = {0};
    struct err e = {0};
    for (size_t i = 0; i <= FORMULA_BYTES_MAX; i++)
        longest[i] = i % 2 ? '+' : '1';
    CHECK_REFUSED("too long", formula_read(a, longest, names, 3, &e) != NULL, &e, INVALID, "");
    arena_destroy(a);
}

/* --- templates ----------------------------------------------------------------------------------- */
static struct item item_of(struct arena *a, const struct embedded *f, const char *line,
                           size_t len)
{
    struct err e = {0};
    struct item item;
    CHECK_OK(f->name, item_read_text(a, line, len, &item, &e), &e);
    return item;
}

static struct item drawn_by(struct arena *a, const struct item *item, unsigned char seed)
{
    struct err e = {0};
    struct item out;
    struct shuffle s;
    shuffle_begin(&s, (const unsigned char[SEED_BYTES]){seed, 7});
    const json_t *numbers = json_keep(a, item->kind->drawing->draw(item->body, &s, a));
    CHECK_OK(item->meta.id, item_fill(a, item, numbers, &out, &e), &e);
    return out;
}

/* Same seed, same question; its own key is worth the full marks, and a neighbour's is not. */
static void check_template(struct arena *a, const struct item *item)
{
    struct score_order order = {1000, PARTIAL_none};
    struct err e = {0};
    int own = 0;
    const json_t *before = NULL;
    for (unsigned char seed = 0; seed < 30; seed++) {
        struct item_score score;
        struct item x = drawn_by(a, item, seed), again = drawn_by(a, item, seed);
        const json_t *value = json_object_get(json_object_get(x.json, "key"), "value");
        CHECK_TEXT("a numeric item", x.kind->name, "numeric");
        CHECK_TEXT("its own name", x.meta.id, item->meta.id);
        CHECK_TEXT("again", json_compact(a, again.json), json_compact(a, x.json));
        CHECK(item->meta.id, !strpbrk(item_stem(&x), "{}"));
        CHECK(item->meta.id, !strpbrk(json_member_text(x.json, "explanation"), "{}"));
        CHECK_OK("score", x.kind->score(x.body, value, &order, &score, &e), &e);
        CHECK_INT(item->meta.id, score.millimarks, 1000);
        CHECK_OK("score", x.kind->score(x.body, before, &order, &score, &e), &e);
        own += score.millimarks == 0;
        before = value;
    }
    CHECK(item->meta.id, own > 20);
}

void calculation_draws_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/items/calculation.json");
    const json_t *file = json_read(a, f->bytes, f->len, &e);
    struct item item, out;
    CHECK_OK("item", item_read(a, json_object_get(file, "item"), &item, &e), &e);
    check_template(a, &item);

    const json_t *numbers = json_keep(a, json_pack("[s, s]", "20500", "640"));
    CHECK_OK("filled", item_fill(a, &item, numbers, &out, &e), &e);
    CHECK("numbers as they are printed", strstr(item_stem(&out), "曝光 20 500 次"));
    CHECK_TEXT("3.1219…", json_member_text(json_object_get(out.json, "key"), "value"), "3.12");
    CHECK_TEXT("explained", json_member_text(out.json, "explanation"),
               "解析甲：640÷20 500×100%≈3.12%。");
    CHECK_REFUSED("one number only",
                  item_fill(a, &item, json_keep(a, json_pack("[s]", "1")), &out, &e), &e,
                  INVALID, "/numbers");
    arena_destroy(a);
}

void calculation_starter_bank_test(void)
{
    struct arena *a = arena_create(256 << 20);
    const struct embedded *f = embedded_find("banks/national-2023/calculation.jsonl");
    const char *line = (const char *)f->bytes, *end = line + f->len, *stop;
    int count = 0;
    for (; line < end && (stop = memchr(line, '\n', (size_t)(end - line))); line = stop + 1) {
        struct item item = item_of(a, f, line, (size_t)(stop - line));
        check_template(a, &item);
        count++;
    }
    CHECK("a dozen and more", count >= 12);
    arena_destroy(a);
}

/* The sound template with one thing spoilt, and where the fault is said to be. */
void calculation_refuses_test(void)
{
    static const struct {
        const char *what, *change, *field;
    } cases[] = {
        {"unknown name in the stem", "{'stem':'{曝光}{点击}{收入}'}", "/stem"},
        {"the answer in the stem", "{'stem':'{曝光}{点击}{答案}'}", "/stem"},
        {"a brace left open", "{'stem':'{曝光}{点击}{'}", "/stem"},
        {"a parameter nobody sees", "{'stem':'{曝光}'}", "/parameters/1/name"},
        {"unknown name in the formula",
         "{'key':{'formula':'收入÷2','places':2,'tolerance':'0.01'}}", "/key/formula"},
        {"always by zero",
         "{'key':{'formula':'点击÷(曝光-曝光)','places':2,'tolerance':'0.01'}}", "/parameters"},
        {"always nothing", "{'key':{'formula':'点击×0','places':2,'tolerance':'0.01'}}",
         "/parameters"},
        {"always the same", "{'key':{'formula':'点击÷点击','places':2,'tolerance':'0.01'}}",
         "/parameters"},
        {"within the tolerance", "{'key':{'formula':'点击÷曝光','places':2,'tolerance':'5'}}",
         "/parameters"},
        {"too many digits", "{'key':{'formula':'点击×曝光×曝光','places':0,'tolerance':'0'}}",
         "/parameters"},
        {"seven decimals", "{'key':{'formula':'点击÷曝光','places':7,'tolerance':'0'}}",
         "/key/places"},
        {"a condition never met", "{'require':['点击＞曝光']}", "/parameters"},
        {"no condition", "{'require':['点击']}", "/require/0"},
        {"a step that does not arrive",
         "{'parameters':[{'name':'曝光','from':'1','to':'10','step':'4'}]}",
         "/parameters/0/step"},
        {"upside down", "{'parameters':[{'name':'曝光','from':'9','to':'1','step':'1'}]}",
         "/parameters/0/to"},
        {"a name that is a sign",
         "{'parameters':[{'name':'a-b','from':'1','to':'9','step':'1'}]}",
         "/parameters/0/name"},
        {"the answer's name", "{'parameters':[{'name':'答案','from':'1','to':'9','step':'1'}]}",
         "/parameters/0/name"},
        {"no step", "{'parameters':[{'name':'曝光','from':'1','to':'9','step':'0'}]}",
         "/parameters/0/step"},
        {"for whom", "{'numbers':'room'}", "/numbers"},
    };
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    const struct embedded *f = embedded_find("samples/items/calculation.json");
    const json_t *sound = json_object_get(json_read(a, f->bytes, f->len, &e), "item");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err why = {0};
        struct item item;
        char *text = arena_text(a, cases[i].change);
        for (char *c = text; *c; c++)
            *c = *c == '\'' ? '"' : *c;
        json_t *object = json_keep(a, json_copy((json_t *)(uintptr_t)sound));
        json_object_update(object, (json_t *)(uintptr_t)json_read(a, text, strlen(text), &e));
        CHECK_REFUSED(cases[i].what, item_read(a, object, &item, &why), &why, INVALID,
                      cases[i].field);
    }
    arena_destroy(a);
}
