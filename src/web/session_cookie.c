/* web/session_cookie.c - the cookie of a sign-in. */
#include "web/session_cookie.h"

#include <string.h>

#include "base/arena.h"
#include "web/app.h"
#include "web/reply.h"
#include "web/request.h"

const char *session_cookie_name(const struct app *app)
{
    return app->behind_tls ? "__Host-heng" : "heng";
}

static void set(struct reply *rp, const char *value, const char *more)
{
    const struct app *app = rp->request->app;
    reply_header(
        rp, "Set-Cookie",
        arena_printf(rp->request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                     session_cookie_name(app), value, app->behind_tls ? "; Secure" : "", more));
}

void session_cookie_set(struct reply *rp, const char *token)
{
    set(rp, token, "");
}

void session_cookie_clear(struct reply *rp)
{
    set(rp, "", "; Max-Age=0");
}

const char *cookie_value(struct arena *a, const char *header, const char *name)
{
    size_t len = strlen(name);
    const char *c = header;
    while (c && *c) {
        c += strspn(c, " ;");
        size_t part = strcspn(c, ";");
        if (part > len && strncmp(c, name, len) == 0 && c[len] == '=')
            return arena_copy(a, c + len + 1, part - len - 1);
        c += part;
    }
    return NULL;
}
