/* app/client.h - a caller of our own API, as a browser is one: for the demonstration and the
 * rehearsal. One person's cookie each; connections are kept. One thread. */
#ifndef APP_CLIENT_H
#define APP_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;
struct client;
struct demo_account;

struct client *client_create(const char *base_url);
/* Certificates are checked against this file of a body's own authority instead of the system's. */
void client_trust(struct client *c, const char *ca_file);
void client_destroy(struct client *c); /* NULL is fine */
/* Called after each call, from the client's thread: how long it took in us, and the status (0: no answer). */
typedef void client_watch_fn(void *ctx, const char *path, int64_t us, long status);
void client_watch(struct client *c, client_watch_fn *watch, void *ctx);
/* How long a call may take; 120 s unless told. */
void client_timeout(struct client *c, int64_t ms);

struct call {
    const char *method, *path;
    struct bytes body;
    const char *media_type;    /* of the body; NULL: JSON */
    const char *authorization; /* NULL: none */
    bool page;                 /* a form of a page: no Heng-Request header */
    const char *node;          /* a room node's proof, header Heng-Node; NULL: none */
    const char *seb;           /* what Safe Exam Browser sends of its settings; NULL: another */
};

struct answer {
    long status;
    struct bytes body; /* in the arena */
};

/* False only when there was no answer at all. */
bool client_call(struct client *c, struct arena *a, const struct call *call, struct answer *out,
                 struct err *e) MUST_USE;

/* JSON both ways; BODY is taken over (NULL: none). An answer of 400 or more is an error with the
 * server's field and sentence. *out may be NULL; it lives in the arena, NULL for an empty answer. */
bool client_json(struct client *c, struct arena *a, const char *method, const char *path,
                 json_t *body, json_t **out, struct err *e) MUST_USE;
/* The same with what else CALL says; its body is BODY. */
bool client_json_call(struct client *c, struct arena *a, const struct call *call, json_t *body,
                      json_t **out, struct err *e) MUST_USE;

#endif
