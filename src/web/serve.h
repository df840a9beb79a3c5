/* web/serve.h - one request, from its first byte to its last; what http_start needs. */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

struct app;
struct http_handlers;

/* The handlers for http_start over APP, which must outlive the server. */
struct http_handlers serve_handlers(const struct app *app);

#endif
