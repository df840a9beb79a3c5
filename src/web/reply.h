/* web/reply.h - the answer that a handler makes. Without a call it is 204. */
#ifndef WEB_REPLY_H
#define WEB_REPLY_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json_out.h"

struct request;

struct reply {
    struct request *request;
    int status;
    const char *media_type;
    struct bytes body;
    struct json_out *json;
    bool stream; /* answered by a stream already */
    bool (*then)(struct request *rq, struct reply *rp, struct err *e); /* reply_later */
    void *then_ctx;
    enum face {
        FACE_API,
        FACE_PORTAL,
        FACE_DESK,
        FACE_EXAM,
        FACE_HOME,
        FACE_VERIFY,
        FACE_FILE
    } face;
};

/* Opens the JSON object of a 200 answer; write members with put_…; it is closed by serve(). */
struct json_out *reply_json(struct reply *rp);
struct json_out *reply_json_with(struct reply *rp, int status); /* 201, 202, … */
/* Any other body; it must live in the request's arena or in the program. */
void reply_bytes(struct reply *rp, int status, const char *media_type, struct bytes body);
/* A file to save: Content-Disposition: attachment with this name (any UTF-8). */
void reply_file(struct reply *rp, const char *media_type, const char *name, struct bytes body);
void reply_page(struct reply *rp, int status, enum face face, struct bytes html);
void reply_header(struct reply *rp, const char *name, const char *value);
/* A stream of events on a topic, beginning with the JSON of the state. */
void reply_events(struct reply *rp, struct id topic, const char *first);
/* The answer comes later: THEN is called on a worker, with the request's database, once
 * reply_go_on has been called, from any thread. CTX is for THEN, as rp->then_ctx; it lives in the
 * request's arena. reply_at_once takes it back while nobody else has been told. */
void reply_later(struct reply *rp,
                 bool (*then)(struct request *rq, struct reply *rp, struct err *e), void *ctx);
void reply_at_once(struct reply *rp);
void reply_go_on(struct reply *rp);
/* 202 {"approval":{"id",…}}: the act waits for its second person. */
void reply_waits(struct reply *rp, struct id approval, const char *act, int64_t expires_ms);

#endif
