/* web/session_cookie.h - the cookie of a sign-in: __Host-heng behind TLS, heng on plain loopback
 * (SECURITY §8.2). */
#ifndef WEB_SESSION_COOKIE_H
#define WEB_SESSION_COOKIE_H

struct app;
struct arena;
struct reply;

const char *session_cookie_name(const struct app *app);
void session_cookie_set(struct reply *rp, const char *token);
void session_cookie_clear(struct reply *rp);
/* Of a Cookie header: the first of that name, in the arena; NULL if there is none (HEADER may be NULL). */
const char *cookie_value(struct arena *a, const char *header, const char *name);

#endif
