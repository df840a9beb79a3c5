/* web/asker.h - for tests: a whole server over a fresh store, and a browser that asks it. */
#ifndef WEB_ASKER_H
#define WEB_ASKER_H

#include <jansson.h>

#include "people/body.h"
#include "test/check.h"
#include "test/store.h"
#include "web/app.h"

struct http_server;

struct site {
    struct test_store *t;
    struct body body;
    struct app app;
    struct http_server *server;
    char url[64];
    void *curl; /* one connection, kept: a test may ask thousands of times */
};

struct site *site_start(void);
void site_stop(struct site *s);

/* One browser: keeps the cookie that it is given. */
struct asker {
    struct site *site;
    char cookie[160];     /* "heng=…", "" for none */
    char set_cookie[320]; /* the last Set-Cookie as it came, "" if there was none */
    struct bytes seed;    /* of the second factor, none for candidates */
    long retry_after;     /* of the last answer, 0 if there was none */
    char headers[2400];   /* of the last answer, a line each */
    const char *text;     /* the last body, with a zero behind it */
    size_t len;           /* of the last body */
    json_t *json;         /* the last body, NULL if it was not JSON; belongs to the arena */
};

/* What a page of ours sends. BODY NULL: none. The status. */
long ask(struct asker *a, const char *method, const char *path, const char *body);

/* An upload: POST of these bytes with this media type. */
long ask_bytes(struct asker *a, const char *path, const char *type, struct bytes body);

/* The same with these headers and no others. */
long ask_bytes_with(struct asker *a, const char *path, struct bytes body,
                    const char *const *headers);

/* What somebody else's page or program might send: these headers and no others ("Name: value",
 * NULL-ended), with the cookie. */
long ask_with(struct asker *a, const char *method, const char *path, const char *body,
              const char *const *headers);

/* An account of BODY with its second factor, signed in; candidates have none to enrol. */
struct asker asker_account(struct site *s, struct id body, const char *login, uint32_t roles);

/* The code of the step after this one, in BODY of a confirmation: the first was used to enrol. Good
 * once for each account. */
const char *asker_code(const struct asker *a);

/* A member of the last answer, "error/code"; NULL if it is not there or no text. */
const char *ask_text(const struct asker *a, const char *path);

#endif
