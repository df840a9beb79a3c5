/* base/json.c - strict JSON in, canonical JSON out. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { JCS_DEPTH_MAX = 16 };
static const int64_t JCS_INT_MAX = 9007199254740991; /* 2^53 - 1 */

static void release(void *value)
{
    json_decref(value);
}

json_t *json_keep(struct arena *a, json_t *owned)
{
    if (owned)
        arena_defer(a, release, owned);
    return owned;
}

/* Depth outside strings, before the library recurses. */
static bool too_deep(const char *text, size_t len)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

/* The library says it in English, and may quote the text. */
static const char *why_text(const json_error_t *why)
{
    switch (json_error_code(why)) {
    case json_error_premature_end_of_input:
        return "没有写完";
    case json_error_end_of_input_expected:
        return "结束之后还有内容";
    case json_error_invalid_utf8:
        return "不是 UTF-8 文字";
    case json_error_duplicate_key:
        return "同一项写了两次";
    case json_error_numeric_overflow:
        return "数太大";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "不许有 NUL 字符";
    default:
        return "不合语法";
    }
}

json_t *json_read(struct arena *a, const void *text, size_t len, struct err *e)
{
    if (too_deep(text, len)) {
        FAIL(e, INVALID, "", "JSON 嵌套超过 %d 层。", JSON_DEPTH_MAX);
        return NULL;
    }
    json_error_t why;
    json_t *value = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!value) {
        FAIL(e, INVALID, "", "JSON 第 %d 行第 %d 列有误：%s。", why.line, why.column,
             why_text(&why));
        return NULL;
    }
    return json_keep(a, value);
}

const char *json_member_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

int64_t json_member_int(const json_t *object, const char *name, int64_t otherwise)
{
    const json_t *v = json_object_get(object, name);
    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static bool jcs_check(const json_t *v, int depth, struct err *e)
{
    if (depth > JCS_DEPTH_MAX)
        return FAIL(e, INVALID, "", "签名内容嵌套超过 %d 层。", JCS_DEPTH_MAX);
    switch (json_typeof(v)) {
    case JSON_OBJECT: {
        const char *key;
        json_t *member;
        json_object_foreach((json_t *)v, key, member)
        {
            for (const char *c = key; *c; c++)
                if ((unsigned char)*c >= 0x80)
                    return FAIL(e, INVALID, key, "签名内容的键须为 ASCII。");
            if (!jcs_check(member, depth + 1, e))
                return false;
        }
        return true;
    }
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(v); i++)
            if (!jcs_check(json_array_get(v, i), depth + 1, e))
                return false;
        return true;
    case JSON_INTEGER:
        if (json_integer_value(v) > JCS_INT_MAX || json_integer_value(v) < -JCS_INT_MAX)
            return FAIL(e, INVALID, "", "签名内容的整数超出 2^53−1。");
        return true;
    case JSON_REAL:
        return FAIL(e, INVALID, "", "签名内容只能有整数。");
    case JSON_STRING:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return true;
    }
    return false;
}

/* jansson escapes exactly the control characters, quote and backslash, as RFC 8785 does, but
 * writes \u001F in upper case where RFC 8785 wants lower. */
static void lower_escapes(char *text)
{
    for (char *c = strchr(text, '\\'); c; c = strchr(c + 2, '\\'))
        if (c[1] == 'u')
            for (int i = 2; i < 6; i++)
                if (c[i] >= 'A' && c[i] <= 'F')
                    c[i] = (char)(c[i] - 'A' + 'a');
}

bool jcs_write(struct arena *a, const json_t *value, struct bytes *out, struct err *e)
{
    if (!jcs_check(value, 1, e))
        return false;
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (!text)
        return FAIL(e, INVALID, "", "内容不能写成规范 JSON。");
    arena_defer(a, free, text);
    lower_escapes(text);
    *out = (struct bytes){(const unsigned char *)text, strlen(text)};
    return true;
}

const char *json_compact(struct arena *a, const json_t *value)
{
    const size_t flags = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY;
    size_t len = json_dumpb(value, NULL, 0, flags);
    char *text = arena_alloc(a, len + 1, 1);
    json_dumpb(value, text, len, flags);
    return text;
}
