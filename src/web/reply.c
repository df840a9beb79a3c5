/* web/reply.c - the answer that a handler makes. */
#include "web/reply.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "web/app.h"
#include "web/events.h"
#include "web/http.h"
#include "web/request.h"

struct json_out *reply_json_with(struct reply *rp, int status)
{
    rp->status = status;
    rp->json = json_out_create(rp->request->arena);
    out_object(rp->json);
    return rp->json;
}

struct json_out *reply_json(struct reply *rp)
{
    return reply_json_with(rp, 200);
}

void reply_bytes(struct reply *rp, int status, const char *media_type, struct bytes body)
{
    rp->status = status;
    rp->media_type = media_type;
    rp->body = body;
    rp->json = NULL;
}

/* RFC 6266 with the RFC 5987 form, so that a Chinese name survives. */
void reply_file(struct reply *rp, const char *media_type, const char *name, struct bytes body)
{
    static const char hex[] = "0123456789ABCDEF";
    char *quoted = arena_alloc(rp->request->arena, strlen(name) * 3 + 1, 1), *to = quoted;
    for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
        if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
            strchr("-._", *c)) {
            *to++ = (char)*c;
        } else {
            *to++ = '%';
            *to++ = hex[*c >> 4];
            *to++ = hex[*c & 15];
        }
    }
    reply_bytes(rp, 200, media_type, body);
    reply_header(rp, "Content-Disposition",
                 arena_printf(rp->request->arena, "attachment; filename*=UTF-8''%s", quoted));
    rp->face = FACE_FILE;
}

void reply_page(struct reply *rp, int status, enum face face, struct bytes html)
{
    reply_bytes(rp, status, "text/html; charset=utf-8", html);
    rp->face = face;
}

void reply_header(struct reply *rp, const char *name, const char *value)
{
    exchange_set_header(rp->request->exchange, name, value);
}

void reply_events(struct reply *rp, struct id topic, const char *first)
{
    rp->stream = true;
    events_answer(rp->request->app->events, rp->request->exchange, topic, first);
}

void reply_waits(struct reply *rp, struct id approval, const char *act, int64_t expires_ms)
{
    struct json_out *o = reply_json_with(rp, 202);
    put_object(o, "approval");
    put_id(o, "id", approval);
    put_text(o, "act", act);
    put_int(o, "expires", expires_ms);
    out_object_end(o);
}
