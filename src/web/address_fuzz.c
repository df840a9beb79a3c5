/* web/address_fuzz.c - paths and cookies of any bytes. A path that finds a route is the route's pattern with
 * what was found put in; a cookie that is found stands in the header, whole, under its own name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "web/route.h"
#include "web/session_cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *put_back(struct arena *a, const struct route_match *m)
{
    size_t ids = 0, words = 0;
    const char *out = "", *c = m->route->path;
    char id[ID_TEXT_BYTES];
    while (*c) {
        size_t plain = strcspn(c, "{");
        out = arena_printf(a, "%s%.*s", out, (int)plain, c);
        c += plain;
        if (!*c)
            break;
        if (c[1] == 'i')
            id_write(m->id[ids++], id);
        out = arena_printf(a, "%s%s", out, c[1] == 'i' ? id : m->word[words++]);
        c = strchr(c, '}') + 1;
    }
    return out;
}

static void path(struct arena *a, enum method method, const char *text)
{
    struct route_match m = {0};
    struct err e = {0};
    if (!route_find(a, method, text, &m, &e)) {
        if (e.code != ERR_METHOD && e.code != ERR_NOT_FOUND)
            abort();
        return;
    }
    if (m.route->method != method || strcasecmp(put_back(a, &m), text) != 0)
        abort();
}

static void cookie(struct arena *a, const char *header)
{
    static const char name[] = "__Host-heng";
    const char *value = cookie_value(a, header, name);
    if (!value)
        return;
    if (strchr(value, ';'))
        abort();
    const char *whole = arena_printf(a, "%s=%s", name, value), *at = header;
    for (; (at = strstr(at, whole)); at++) {
        char before = at == header ? ';' : at[-1], behind = at[strlen(whole)];
        if ((before == ';' || before == ' ') && (behind == ';' || behind == '\0'))
            return;
    }
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2 || len > 8192 || memchr(data, 0, len))
        return 0;
    struct arena *a = arena_create(16 << 20);
    const char *text = arena_copy(a, (const char *)data + 1, len - 1);
    path(a, (enum method)(data[0] % 5), text);
    cookie(a, text);
    arena_destroy(a);
    return 0;
}
