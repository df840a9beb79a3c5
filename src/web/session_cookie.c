/* web/session_cookie.c - the cookie of a sign-in. */
#include "web/session_cookie.h"

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
