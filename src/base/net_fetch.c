/* base/net_fetch.c - an outgoing request, with libcurl, under the rules of the header. */
#include "base/net_fetch.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"

/* --- the list ------------------------------------------------------------------------------- */
static bool host_is_written_well(const char *host)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-:";
    size_t len = host ? strlen(host) : 0;
    return len > 0 && len <= 253 && strspn(host, allowed) == len;
}

static bool members_are_known(const json_t *object, const char *const *names, struct err *e)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return FAIL(e, INVALID, "/hosts", "不认识“%.40s”。", key);
    }
    return true;
}

static bool host_read(struct arena *a, const json_t *row, struct net_host *out, struct err *e)
{
    static const char *const names[] = {"host", "port", "internal", "plain", NULL};
    int64_t port = json_member_int(row, "port", 443);
    const char *host = json_member_text(row, "host");
    const json_t *internal = json_object_get(row, "internal"),
                 *plain = json_object_get(row, "plain");
    if (!json_is_object(row) || !members_are_known(row, names, e))
        return e->code ? false : FAIL(e, INVALID, "/hosts", "每一项须为对象。");
    if (!host_is_written_well(host))
        return FAIL(e, INVALID, "/hosts", "host 须为小写的主机名或地址。");
    if (port < 1 || port > 65535)
        return FAIL(e, INVALID, "/hosts", "port 须在 1 至 65535 之间。");
    if ((internal && !json_is_boolean(internal)) || (plain && !json_is_boolean(plain)))
        return FAIL(e, INVALID, "/hosts", "internal 和 plain 须为 true 或 false。");
    *out = (struct net_host){arena_text(a, host), (uint16_t)port, json_is_true(internal),
                             json_is_true(plain)};
    return !out->plain || out->internal ||
           FAIL(e, INVALID, "/hosts", "plain 只能用于 internal 的主机。");
}

bool net_hosts_read(struct arena *a, const void *text, size_t len, struct net_hosts *out,
                    struct err *e)
{
    static const char *const names[] = {"hosts", NULL};
    json_t *v = json_read(a, text, len, e);
    if (!v)
        return false;
    const json_t *rows = json_object_get(v, "hosts");
    size_t n = json_array_size(rows);
    if (!json_is_array(rows) || n > NET_HOSTS_MAX || !members_are_known(v, names, e))
        return e->code ? false
                       : FAIL(e, INVALID, "/hosts", "须为至多 %d 项的数组。", NET_HOSTS_MAX);
    struct net_host *list = arena_array(a, struct net_host, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!host_read(a, json_array_get(rows, i), &list[i], e))
            return false;
    *out = (struct net_hosts){list, n};
    return true;
}

static const struct net_host *host_find(const struct net_hosts *hosts, const char *host,
                                        uint16_t port)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (hosts->at[i].port == port && strcmp(hosts->at[i].host, host) == 0)
            return &hosts->at[i];
    return NULL;
}

bool net_host_is_listed(const struct net_hosts *hosts, const char *host, uint16_t port)
{
    return host_find(hosts, host, port) != NULL;
}

/* --- one request ------------------------------------------------------------------------------ */
struct fetching {
    struct arena *arena;
    const struct net_host *host;
    const char *refused; /* a literal; NULL: not */
    unsigned char *reply;
    size_t len;
    bool too_large;
};

static bool is_loopback(const struct sockaddr *x)
{
    if (x->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)x)->sin_addr.s_addr) >> 24 ==
               127;
    return x->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)x)->sin6_addr);
}

/* libcurl asks for a socket to exactly this address, whatever the name was and whoever answered for it. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *at)
{
    struct fetching *f = ctx;
    (void)purpose;
    if (f->host->plain ? !is_loopback(&at->addr)
                       : !f->host->internal && !net_address_is_public(&at->addr)) {
        f->refused = "address";
        return CURL_SOCKET_BAD;
    }
    return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

static size_t receive(char *data, size_t size, size_t n, void *ctx)
{
    struct fetching *f = ctx;
    size_t more = size * n;
    if (f->len + more > NET_REPLY_BYTES) {
        f->too_large = true;
        return 0;
    }
    memcpy(f->reply + f->len, data, more);
    f->len += more;
    return more;
}

static void set_limits(CURL *c, struct fetching *f, const struct net_request *rq)
{
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, f->host->plain ? "http" : "https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "");
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)NET_CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
                     (long)(rq->total_ms > 0 ? rq->total_ms : NET_TOTAL_MS));
    curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, f);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
}

static void set_request(CURL *c, struct arena *a, const struct net_host *host,
                        const struct net_request *rq)
{
    const char *colon = strchr(rq->host, ':');
    curl_easy_setopt(c, CURLOPT_URL,
                     arena_printf(a, "%s://%s%s%s:%u%s", host->plain ? "http" : "https",
                                  colon ? "[" : "", rq->host, colon ? "]" : "",
                                  (unsigned)rq->port, rq->path));
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, rq->method);
    if (rq->body.at) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, (const char *)rq->body.at);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.len);
    }
}

static bool refuse(const struct net_request *rq, const char *what, struct err *e)
{
    LOG_LINE(LOG_SECURITY, "outbound_refused", LOG_ITEM_WORD(what, what),
             LOG_ITEM_WORD(route, rq->purpose));
    return FAIL(e, FORBIDDEN, what, "不允许访问这个外部地址。");
}

const char *net_why(int code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "找不到这个主机。";
    case CURLE_COULDNT_CONNECT:
        return "连不上，请检查地址、端口和网络。";
    case CURLE_OPERATION_TIMEDOUT:
        return "没有按时回答。";
    case CURLE_SSL_CONNECT_ERROR:
        return "TLS 握手没有成功。";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return "对方的证书不可信。";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
        return "连接中断。";
    default:
        fprintf(stderr, "heng: curl %d: %s\n", code, curl_easy_strerror((CURLcode)code));
        return "连接出错，详见日志。";
    }
}

static bool perform(CURL *c, struct fetching *f, const struct net_request *rq,
                    struct net_reply *out, struct err *e)
{
    long status = 0;
    CURLcode code = curl_easy_perform(c);
    if (f->refused)
        return refuse(rq, f->refused, e);
    if (f->too_large) {
        LOG_LINE(LOG_SECURITY, "outbound_refused", LOG_ITEM_WORD(what, "reply"),
                 LOG_ITEM_WORD(route, rq->purpose));
        return FAIL(e, TOO_LARGE, "reply", "外部的回答超过 %d 字节。", NET_REPLY_BYTES);
    }
    if (code == CURLE_UNSUPPORTED_PROTOCOL)
        return refuse(rq, "scheme", e);
    if (code != CURLE_OK)
        return FAIL(e, STORE, "net", "没有得到外部的回答：%s", net_why(code));
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 300 && status < 400)
        return refuse(rq, "redirect", e);
    *out = (struct net_reply){(int)status, {f->reply, f->len}};
    return true;
}

bool net_fetch(const struct net_hosts *hosts, struct arena *a, const struct net_request *rq,
               struct net_reply *out, struct err *e)
{
    struct fetching f = {.arena = a, .host = host_find(hosts, rq->host, rq->port)};
    struct curl_slist *headers = NULL, *resolve = NULL;
    *out = (struct net_reply){0};
    if (!f.host)
        return refuse(rq, "host", e);
    CURL *c = curl_easy_init();
    if (!c)
        abort();
    f.reply = arena_alloc(a, NET_REPLY_BYTES + 1, 1);
    set_limits(c, &f, rq);
    set_request(c, a, f.host, rq);
    headers = curl_slist_append(headers, "Expect:");
    if (rq->media_type)
        headers = curl_slist_append(headers,
                                    arena_printf(a, "Content-Type: %s", rq->media_type));
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    for (size_t i = 0; rq->resolve && rq->resolve[i]; i++)
        resolve = curl_slist_append(resolve, rq->resolve[i]);
    curl_easy_setopt(c, CURLOPT_RESOLVE, resolve);
    bool ok = perform(c, &f, rq, out, e);
    curl_easy_cleanup(c);
    curl_slist_free_all(headers);
    curl_slist_free_all(resolve);
    return ok;
}
