/* web/route.c - finds the row of routes.def for a method and a path. */
#include "web/route.h"

#include <string.h>

#include "base/arena.h"
#include "web/handlers.h"

#define NO_BODY               .body_max = 0
#define JSON_BODY(fields_)    .fields = &fields_, .body_max = LIMIT_JSON_BYTES
#define RAW_BODY(max, types_) .body_max = (max), .types = (types_)
#define ROUTE(method_, path_, who_, body_, handler_)                                           \
    {.method = METHOD_##method_,                                                               \
     .path = (path_),                                                                          \
     .who = MAY_##who_,                                                                        \
     body_,                                                                                    \
     .handler = handler_},
#define HOT_ROUTE(method_, path_, max_, handler_)                                              \
    {.method = METHOD_##method_,                                                               \
     .path = (path_),                                                                          \
     .who = MAY_ATTEMPT,                                                                       \
     .body_max = (max_),                                                                       \
     .hot = handler_},
#define QUICK_ROUTE(method_, path_, body_, handler_)                                           \
    {.method = METHOD_##method_,                                                               \
     .path = (path_),                                                                          \
     .who = MAY_ATTEMPT,                                                                       \
     body_,                                                                                    \
     .handler = handler_,                                                                      \
     .quick = true},
#define FORM_ROUTE(path_, max_, handler_)                                                      \
    {.method = METHOD_POST,                                                                    \
     .path = (path_),                                                                          \
     .who = MAY_ANYONE,                                                                        \
     .body_max = (max_),                                                                       \
     .types = "application/x-www-form-urlencoded",                                             \
     .handler = handler_,                                                                      \
     .form = true},
static const struct route routes[] = {
#include "web/routes.def"
};
#undef NO_BODY
#undef JSON_BODY
#undef RAW_BODY
#undef ROUTE
#undef HOT_ROUTE
#undef QUICK_ROUTE
#undef FORM_ROUTE

const struct route *route_at(size_t i)
{
    return i < sizeof routes / sizeof *routes ? &routes[i] : NULL;
}

enum { WORD_MAX = 400 };

static size_t word_length(const char *s)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return strspn(s, allowed);
}

/* What stands at PATH for the {id} or {word} at PATTERN; its length, 0 if it does not fit. */
static size_t read_place(struct arena *a, const char *pattern, const char *path,
                         struct route_match *m, int places[2])
{
    size_t len = word_length(path);
    if (pattern[1] == 'i') {
        char text[ID_TEXT_BYTES];
        if (len != ID_TEXT_BYTES - 1)
            return 0;
        memcpy(text, path, len);
        text[len] = '\0';
        return id_read(text, &m->id[places[0]++]) ? len : 0;
    }
    if (len > WORD_MAX)
        return 0;
    m->word[places[1]++] = arena_copy(a, path, len);
    return len;
}

static bool path_matches(struct arena *a, const char *pattern, const char *path,
                         struct route_match *m)
{
    int places[2] = {0, 0}; /* ids, words */
    while (*pattern && *path) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t len = read_place(a, pattern, path, m, places);
        if (len == 0)
            return false;
        pattern += pattern[1] == 'i' ? strlen("{id}") : strlen("{word}");
        path += len;
    }
    return *pattern == *path;
}

/* A walk over a few hundred rows, of which nearly all part from the path within a dozen characters:
 * under a microsecond, so no cleverer search. */
bool route_find(struct arena *a, enum method method, const char *path, struct route_match *out,
                struct err *e)
{
    bool path_known = false;
    const struct route *r;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!path_matches(a, r->path, path, out))
            continue;
        if (r->method == method) {
            out->route = r;
            return true;
        }
        path_known = true;
    }
    if (path_known)
        return FAIL(e, METHOD, "method", "这个地址不接受这种方法。");
    return FAIL(e, NOT_FOUND, "path", "这个地址没有内容。");
}

bool route_run(const struct route *r, struct request *rq, struct reply *rp, struct err *e)
{
    return r->handler(rq, rp, e);
}

/* What a room node answers: the sitting, the room, signing in, and its own pages. */
static const char *const node_paths[] = {
    "/api/sit/",
    "/api/rooms",
    "/api/here",
    "/api/health",
    "/api/sign-in",
    "/api/sign-out",
    "/api/me",
    "/api/approvals",
    "/api/violation",
    "/api/receipts/",
    "/api/sessions/{id}/violations",
    "/api/sessions/{id}/observations",
    "/.well-known/",
    "/seb/{id}",
};

bool route_is_here(const struct route *r, bool on_node)
{
    if (!on_node)
        return strncmp(r->path, "/api/here/", 10) != 0;
    for (size_t i = 0; i < sizeof node_paths / sizeof *node_paths; i++)
        if (strncmp(r->path, node_paths[i], strlen(node_paths[i])) == 0)
            return true;
    return false;
}
