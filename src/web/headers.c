/* web/headers.c - the security headers of each face. */
#include "web/headers.h"

#include <stddef.h>

#include "web/app.h"
#include "web/request.h"

#define P0_BEFORE                                                                              \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "          \
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "                            \
    "require-trusted-types-for 'script'; "

static const struct {
    const char *content, *permissions;
} faces[] = {
    [FACE_API] = {"default-src 'none'; frame-ancestors 'none'", NULL},
    [FACE_PORTAL] = {P0_BEFORE "form-action 'self'; trusted-types vue",
                     "camera=(self), microphone=(), geolocation=(), display-capture=()"},
    [FACE_DESK] = {P0_BEFORE "form-action 'self'; trusted-types vue; "
                             "media-src 'self' blob:; style-src-attr 'unsafe-inline'",
                   "camera=(), microphone=(), geolocation=(), display-capture=()"},
    [FACE_EXAM] = {P0_BEFORE "form-action 'none'; trusted-types vue heng; "
                             "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'",
                   "camera=(), microphone=(), geolocation=(), display-capture=()"},
    [FACE_HOME] = {P0_BEFORE "form-action 'none'; trusted-types vue heng; "
                             "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'",
                   "camera=(self), microphone=(self), geolocation=(), display-capture=(self)"},
    [FACE_VERIFY] =
        {"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
         "base-uri 'none'; frame-ancestors 'none'",
         "camera=(), microphone=(), geolocation=(), display-capture=()"},
    [FACE_FILE] = {"default-src 'none'; sandbox", "camera=(), microphone=(), geolocation=()"},
};

void headers_set(struct reply *rp, bool cached)
{
    reply_header(rp, "X-Content-Type-Options", "nosniff");
    reply_header(rp, "Referrer-Policy", "no-referrer");
    reply_header(rp, "Cross-Origin-Opener-Policy", "same-origin");
    reply_header(rp, "Cross-Origin-Resource-Policy", "same-origin");
    reply_header(rp, "Cache-Control",
                 cached ? "public, max-age=31536000, immutable" : "no-store");
    reply_header(rp, "Content-Security-Policy", faces[rp->face].content);
    if (faces[rp->face].permissions)
        reply_header(rp, "Permissions-Policy", faces[rp->face].permissions);
    if (rp->request->app->behind_tls)
        reply_header(rp, "Strict-Transport-Security", "max-age=63072000");
}
