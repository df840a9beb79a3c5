/* base/json_test.c - strict in, well-formed out, canonical for signatures. */
#include "base/json.h"

#include "base/arena.h"
#include "base/json_out.h"
#include "test/check.h"

void json_refuses_test(void)
{
    struct arena *a = arena_create(1 << 20);
    char deep[100];
    memset(deep, '[', 50);
    memset(deep + 50, ']', 50);
    struct err e = {0};
    CHECK("50 levels", !json_read(a, deep, sizeof deep, &e) && e.code == ERR_INVALID);
    static const struct {
        const char *text, *why;
    } broken[] = {
        {"{\"a\":1,\"a\":2}", "同一项写了两次"},
        {"{\"a\":1} x", "结束之后还有内容"},
        {"[01]", "不合语法"},
        {"\"\\u0000\"", "NUL"},
        {"[1e999]", "数太大"},
        {"\"\xff\"", "不是 UTF-8 文字"},
        {"[1,", "没有写完"},
        {"", "第 1 行"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct err why = {0};
        CHECK(broken[i].text, !json_read(a, broken[i].text, strlen(broken[i].text), &why));
        CHECK_INT(broken[i].text, why.code, ERR_INVALID);
        CHECK(why.text, strstr(why.text, broken[i].why));
    }
    arena_destroy(a);
}

void json_out_escapes_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_text(o, "文\"本", "a\\b\n\x01尾");
    put_int(o, "n", -9007199254740993);
    put_number(o, "d", 0.1);
    put_array(o, "l");
    out_null(o);
    out_bool(o, true);
    out_object(o);
    out_object_end(o);
    out_array_end(o);
    out_object_end(o);
    CHECK_TEXT("whole", json_out_text(o),
               "{\"文\\\"本\":\"a\\\\b\\n\\u0001尾\",\"n\":-9007199254740993,\"d\":0.1,"
               "\"l\":[null,true,{}]}");
    arena_destroy(a);
}

void jcs_is_canonical_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    struct bytes out;
    const char *text = "{ \"b\": [1, \"\\u001F\\u20ac/\"], \"a\": {\"z\": null, \"A\": -5} }";
    json_t *v = json_read(a, text, strlen(text), &e);
    CHECK_OK("canonical", v && jcs_write(a, v, &out, &e), &e);
    CHECK_TEXT("sorted, shortest", (const char *)out.at,
               "{\"a\":{\"A\":-5,\"z\":null},\"b\":[1,\"\\u001f€/\"]}");
    static const char *const refused[] = {"[1.5]", "{\"键\":1}", "[9007199254740992]"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct err why = {0};
        v = json_read(a, refused[i], strlen(refused[i]), &why);
        CHECK(refused[i], v && !jcs_write(a, v, &out, &why));
    }
    arena_destroy(a);
}
