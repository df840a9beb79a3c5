/* app/room_link.h - a room node's line to its centre: signed requests, checked answers. */
#ifndef APP_ROOM_LINK_H
#define APP_ROOM_LINK_H

#include <jansson.h>
#include <stdbool.h>

#include "app/client.h"
#include "sitting/node_self.h"

struct instance;

struct room_link {
    struct instance *instance;
    struct client *client;
    struct db *db;
    struct node_self self; /* as of the beginning of the round */
    struct arena *arena;   /* of the round */
};

/* https://, or http:// on this machine. INVALID at FIELD. */
bool centre_address_check(const char *url, const char *field, struct err *e) MUST_USE;

/* A signed request; an answer of 400 or more is an error with the centre's sentence. */
bool link_call(struct room_link *l, const char *method, const char *path, struct bytes body,
               struct bytes *out, struct err *e) MUST_USE;
/* The same with a body of bytes; the answer is an object. */
bool link_bytes(struct room_link *l, const char *path, struct bytes body, json_t **out,
                struct err *e) MUST_USE;
/* JSON both ways; BODY is taken over (NULL: none). *out may be NULL. */
bool link_json(struct room_link *l, const char *path, json_t *body, json_t **out,
               struct err *e) MUST_USE;
/* The centre's time as far as it is known here, else the machine's. */
int64_t link_now_ms(const struct room_link *l);
/* "/api/node/rooms/<id><rest>" */
const char *link_path(struct arena *a, const char *before, struct id id, const char *after);

/* One contact: the clock is anchored, what the centre has for us is in *answer. LEDGER (NULL: none) is
 * what node_ledger_take said. */
bool link_contact(struct room_link *l, json_t *ledger, json_t **answer, struct err *e) MUST_USE;
/* Signs OBJECT with our room key as TYPE. */
bool link_sign(struct room_link *l, const char *type, json_t *object, struct err *e) MUST_USE;

/* What use cases of the node work with, in this round. WHO is the node itself. */
struct node_here link_here(struct room_link *l, const struct actor *who);

#endif
