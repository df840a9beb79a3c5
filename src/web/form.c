/* web/form.c - reads a form's body. */
#include "web/form.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"

static int hex_digit(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* NULL for a bad escape or a NUL. */
static const char *decode(struct arena *a, const unsigned char *at, size_t len)
{
    char *out = arena_alloc(a, len + 1, 1), *to = out;
    for (size_t i = 0; i < len; i++) {
        int c = at[i];
        if (c == '+')
            c = ' ';
        if (c == '%') {
            if (i + 2 >= len)
                return NULL;
            int h = hex_digit(at[i + 1]), l = hex_digit(at[i + 2]);
            if (h < 0 || l < 0)
                return NULL;
            c = h << 4 | l;
            i += 2;
        }
        if (c == 0)
            return NULL;
        *to++ = (char)c;
    }
    *to = '\0';
    return out;
}

static bool is_utf8(const char *text)
{
    json_t *v = json_string(text); /* jansson refuses what is not UTF-8 */
    json_decref(v);
    return v != NULL;
}

bool form_read(struct arena *a, struct bytes body, struct form *out, struct err *e)
{
    const unsigned char *at = body.at, *end = body.at + body.len;
    *out = (struct form){0};
    while (at < end) {
        const unsigned char *amp = memchr(at, '&', (size_t)(end - at));
        const unsigned char *stop = amp ? amp : end;
        const unsigned char *equals = memchr(at, '=', (size_t)(stop - at));
        if (stop > at) {
            const unsigned char *name_end = equals ? equals : stop;
            const char *name = decode(a, at, (size_t)(name_end - at));
            const char *value = equals ? decode(a, equals + 1, (size_t)(stop - equals - 1))
                                       : "";
            if (!name || !value || !is_utf8(name) || !is_utf8(value))
                return FAIL(e, INVALID, "body", "表单内容的编码有误。");
            if (*form_get(out, name))
                return FAIL(e, INVALID, name, "同一项填了两次。");
            if (out->count == FORM_FIELDS_MAX)
                return FAIL(e, INVALID, "body", "表单的项目太多。");
            out->at[out->count++] = (struct form_field){name, value};
        }
        at = amp ? amp + 1 : end;
    }
    return true;
}

const char *form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->at[i].name, name) == 0)
            return f->at[i].value;
    return "";
}
