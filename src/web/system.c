/* web/system.c - is it alive, and what can it do. */
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "web/handlers.h"

bool health_get(struct request *rq, struct reply *rp, struct err *e)
{
    (void)e;
    struct json_out *o = reply_json(rp);
    put_bool(o, "ok", true);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

static const char *const method_names[] = {"get", "post", "put", "patch", "delete"};

static bool path_came_before(size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(route_at(k)->path, route_at(i)->path) == 0)
            return true;
    return false;
}

static void write_operation(const struct route *r, struct json_out *o)
{
    put_object(o, method_names[r->method]);
    if (r->fields) {
        put_object(o, "requestBody");
        put_bool(o, "required", true);
        put_object(o, "content");
        put_object(o, "application/json");
        out_key(o, "schema");
        fields_write_schema(r->fields, o);
        out_object_end(o);
        out_object_end(o);
        out_object_end(o);
    }
    put_object(o, "responses");
    put_object(o, "default");
    put_text(o, "description", "JSON");
    out_object_end(o);
    out_object_end(o);
    out_object_end(o);
}

/* From the same rows that serve: paths cannot drift from the description. */
bool openapi_get(struct request *rq, struct reply *rp, struct err *e)
{
    (void)rq;
    (void)e;
    struct json_out *o = reply_json(rp);
    const struct route *r, *other;
    put_text(o, "openapi", "3.1.0");
    put_object(o, "info");
    put_text(o, "title", "Heng");
    put_text(o, "version", "0.1.0");
    out_object_end(o);
    put_object(o, "paths");
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (path_came_before(i))
            continue;
        put_object(o, r->path);
        for (size_t k = i; (other = route_at(k)); k++)
            if (strcmp(other->path, r->path) == 0)
                write_operation(other, o);
        out_object_end(o);
    }
    out_object_end(o);
    return true;
}
