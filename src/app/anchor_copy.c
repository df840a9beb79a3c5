/* app/anchor_copy.c - one line to one place, by the only way out. */
#include "app/anchor_copy.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/net_fetch.h"

enum { OUTBOUND_BYTES_MAX = 64 << 10, WORK_BYTES = 64 << 20, SEND_MS = 5000 };

struct anchor_copy {
    struct net_hosts hosts;
    const char *host, *path;
    uint16_t port;
};

/* The last colon before the path: a host may be an IPv6 address. */
static bool place_read(struct arena *a, const char *to, struct anchor_copy *c)
{
    size_t len = strcspn(to, "/");
    const char *path = to + len;
    char *host = arena_copy(a, to, len), *colon = strrchr(host, ':'), *end;
    if (!colon || colon == host || *path != '/' || strpbrk(path, " \t\r\n#"))
        return false;
    *colon = '\0';
    long port = strtol(colon + 1, &end, 10);
    if (*end || port < 1 || port > 65535)
        return false;
    c->host = host;
    c->path = path;
    c->port = (uint16_t)port;
    return true;
}

struct anchor_copy *anchor_copy_create(struct arena *a, const char *data_folder, const char *to,
                                       struct err *e)
{
    struct anchor_copy *c = arena_new(a, struct anchor_copy);
    const char *file = arena_printf(a, "%s/outbound.json", data_folder);
    struct bytes text;
    if (!place_read(a, to, c)) {
        FAIL(e, INVALID, "--anchor-copy", "“%.80s”不是 主机:端口/路径。", to);
        return NULL;
    }
    if (!file_read(a, file, OUTBOUND_BYTES_MAX, &text, e) ||
        !net_hosts_read(a, text.at, text.len, &c->hosts, e)) {
        struct err why = *e;
        *e = (struct err){0};
        FAIL(e, INVALID, "--anchor-copy", "%s：%s", file, why.text);
        return NULL;
    }
    if (!net_host_is_listed(&c->hosts, c->host, c->port)) {
        FAIL(e, INVALID, "--anchor-copy", "%s 中没有 %s 端口 %u。", file, c->host,
             (unsigned)c->port);
        return NULL;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT); /* before any thread */
    return c;
}

bool anchor_copy_send(const struct anchor_copy *c, const char *line, struct err *e)
{
    struct arena *a = arena_create(WORK_BYTES);
    struct net_reply reply;
    const struct net_request rq = {
        .purpose = "anchor_copy",
        .host = c->host,
        .path = c->path,
        .port = c->port,
        .method = "POST",
        .body = {(const unsigned char *)line, strlen(line)},
        .media_type = "application/json",
        .total_ms = SEND_MS,
    };
    bool ok = net_fetch(&c->hosts, a, &rq, &reply, e) &&
              ((reply.status >= 200 && reply.status < 300) ||
               FAIL(e, STORE, "net", "锚点副本未被接收：%d。", reply.status));
    arena_destroy(a);
    return ok;
}
