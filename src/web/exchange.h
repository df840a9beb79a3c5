/* web/exchange.h - one request and its answer. Both and their arena live until the answer is sent. */
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "base/bytes.h"

struct arena;
struct exchange;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_OTHER };

/* --- the request ------------------------------------------------------------------------- */
enum method exchange_method(const struct exchange *x);
const char *exchange_path(const struct exchange *x); /* decoded by the library, without query */
const char *exchange_header(struct exchange *x, const char *name); /* NULL if absent */
/* The values of all lines of this name, in their order, joined with ","; NULL if absent. */
const char *exchange_header_all(struct exchange *x, const char *name);
const char *exchange_query(struct exchange *x, const char *name); /* NULL if absent */
struct bytes exchange_body(const struct exchange *x);
const char *exchange_peer(const struct exchange *x); /* numeric address of the other end */
struct arena *exchange_arena(struct exchange *x);
void **exchange_slot(struct exchange *x); /* one pointer for the layer above */

/* --- the answer: once ----------------------------------------------------------------------- */
void exchange_set_header(struct exchange *x, const char *name, const char *value);
/* BODY is copied unless it lies in the exchange's arena or in the program. */
void exchange_answer(struct exchange *x, int status, const char *media_type, struct bytes body);
/* Only in a hot handler: the answer comes later through exchange_finish, from any thread. */
void exchange_defer(struct exchange *x);
/* Answers a deferred exchange; BODY is copied. */
void exchange_finish(struct exchange *x, int status, const char *media_type, struct bytes body);

/* In a cold handler, instead of an answer: another thread will call exchange_go_on, and then a
 * worker calls THEN. It may be called before the handler has returned; the worker waits for both.
 * exchange_unpark takes it back, as long as nobody else has been told of it. */
void exchange_park(struct exchange *x,
                   void (*then)(void *ctx, void *worker, struct exchange *x));
void exchange_unpark(struct exchange *x);
void exchange_go_on(struct exchange *x);

/* A body that keeps coming (web/streams.h). What it gives back is for stream_wake. */
struct stream;
struct stream_source;
struct stream *exchange_answer_stream(struct exchange *x, int status, const char *media_type,
                                      const struct stream_source *source);

#endif
