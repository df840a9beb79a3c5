/* web/request.c - what a handler may ask of its request. */
#include "web/request.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "web/app.h"
#include "web/http.h"
#include "web/proxy.h"
#include "web/session_cookie.h"

const char *request_query(struct request *rq, const char *name)
{
    return exchange_query(rq->exchange, name);
}

int64_t request_query_int(struct request *rq, const char *name, int64_t otherwise)
{
    const char *text = request_query(rq, name);
    char *end;
    if (!text || !*text)
        return otherwise;
    long long v = strtoll(text, &end, 10);
    return *end ? otherwise : v;
}

const char *request_header(struct request *rq, const char *name)
{
    return exchange_header(rq->exchange, name);
}

const char *request_peer(struct request *rq)
{
    const char *peer = exchange_peer(rq->exchange);
    if (!rq->app->proxies)
        return peer;
    const struct forwarding f = {peer, exchange_header_all(rq->exchange, "Forwarded"),
                                 exchange_header_all(rq->exchange, "X-Forwarded-For")};
    return proxy_client(rq->arena, rq->app->proxies, &f);
}

const char *request_household(struct request *rq)
{
    enum { HOUSEHOLD_BYTES = 8 };
    unsigned char address[16];
    char text[2 * HOUSEHOLD_BYTES + 1];
    const char *peer = request_peer(rq);
    if (inet_pton(AF_INET6, peer, address) != 1)
        return peer;
    hex_write(text, address, HOUSEHOLD_BYTES);
    return arena_printf(rq->arena, "%s/64", text);
}

const char *request_cookie(struct request *rq, const char *name)
{
    return cookie_value(rq->arena, request_header(rq, "Cookie"), name);
}

struct page request_page(struct request *rq)
{
    int64_t limit = request_query_int(rq, "limit", 50),
            offset = request_query_int(rq, "offset", 0);
    if (limit < 1 || limit > LIMIT_ROWS_PER_PAGE)
        limit = LIMIT_ROWS_PER_PAGE;
    if (offset < 0 || offset > 100000000)
        offset = 0;
    return (struct page){limit, offset};
}
