/* web/session_cookie.h - the cookie of a sign-in: __Host-heng behind TLS, heng on plain loopback
 * (SECURITY §8.2). */
#ifndef WEB_SESSION_COOKIE_H
#define WEB_SESSION_COOKIE_H

struct app;
struct reply;

const char *session_cookie_name(const struct app *app);
void session_cookie_set(struct reply *rp, const char *token);
void session_cookie_clear(struct reply *rp);

#endif
