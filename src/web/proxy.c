/* web/proxy.c - addresses of proxies and what they say of their clients. */
#include "web/proxy.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { ADDRESS_BYTES = 16, PROXIES_MAX = 64, HOPS_MAX = 32, TEXT_MAX = 64 };

/* IPv4 as ::ffff:a.b.c.d. */
struct address {
    unsigned char bytes[ADDRESS_BYTES];
};

struct proxies {
    struct {
        struct address at;
        int bits;
    } net[PROXIES_MAX];
    size_t count;
};

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool address_read(const char *text, struct address *out)
{
    memcpy(out->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, out->bytes + sizeof mapped) == 1 ||
           inet_pton(AF_INET6, text, out->bytes) == 1;
}

static bool is_mapped(const struct address *x)
{
    return memcmp(x->bytes, mapped, sizeof mapped) == 0;
}

static const char *address_text(struct arena *a, const struct address *x)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (is_mapped(x))
        inet_ntop(AF_INET, x->bytes + sizeof mapped, text, sizeof text);
    else
        inet_ntop(AF_INET6, x->bytes, text, sizeof text);
    return arena_text(a, text);
}

static bool inside(const struct address *x, const struct address *net, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(x->bytes, net->bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || (x->bytes[whole] >> (8 - rest)) == (net->bytes[whole] >> (8 - rest));
}

static bool is_trusted(const struct proxies *p, const struct address *x)
{
    for (size_t i = 0; i < p->count; i++)
        if (inside(x, &p->net[i].at, p->net[i].bits))
            return true;
    return false;
}

/* An address, or an address and the length of its network. */
static bool net_read(char *text, struct proxies *p)
{
    char *slash = strchr(text, '/'), *end = NULL;
    int most, bits;
    if (slash)
        *slash = '\0';
    if (!address_read(text, &p->net[p->count].at))
        return false;
    most = strchr(text, ':') ? 128 : 32;
    bits = slash ? (int)strtol(slash + 1, &end, 10) : most;
    if ((slash && (end == slash + 1 || *end)) || bits < 1 || bits > most)
        return false;
    p->net[p->count++].bits = bits + (most == 32 ? 96 : 0);
    return true;
}

bool proxies_read(struct arena *a, const char *text, struct proxies **out, struct err *e)
{
    struct proxies *p = arena_new(a, struct proxies);
    for (const char *at = text; *at;) {
        at += strspn(at, ", ");
        size_t len = strcspn(at, ", ");
        if (len > 0 && (p->count == PROXIES_MAX || len >= TEXT_MAX ||
                        !net_read(arena_copy(a, at, len), p)))
            return FAIL(e, INVALID, "--trusted-proxies", "“%.*s”不是地址或网段，或超过 %d 个。",
                        (int)(len < TEXT_MAX ? len : TEXT_MAX), at, PROXIES_MAX);
        at += len;
    }
    *out = p;
    return p->count > 0 || FAIL(e, INVALID, "--trusted-proxies", "须至少给出一个地址。");
}

/* "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]:80", also in quotes. */
static bool node_read(struct arena *a, const char *at, size_t len, struct address *out)
{
    while (len > 0 && (*at == ' ' || *at == '\t'))
        at++, len--;
    while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
        len--;
    if (len > 1 && *at == '"' && at[len - 1] == '"')
        at++, len -= 2;
    if (len == 0 || len >= TEXT_MAX)
        return false;
    char *text = arena_copy(a, at, len);
    if (*text == '[') {
        char *close = strchr(text, ']');
        if (!close)
            return false;
        *close = '\0';
        text++;
    } else if (strchr(text, '.') && strchr(text, ':') == strrchr(text, ':') &&
               strchr(text, ':')) {
        *strchr(text, ':') = '\0';
    }
    return address_read(text, out);
}

/* The value of `for=` in one element of Forwarded. */
static bool for_of(const char *at, size_t len, const char **value, size_t *value_len)
{
    while (len > 0) {
        while (len > 0 && (*at == ' ' || *at == ';' || *at == '\t'))
            at++, len--;
        size_t part = 0;
        while (part < len && at[part] != ';')
            part++;
        if (part > 4 && strncasecmp(at, "for=", 4) == 0) {
            *value = at + 4;
            *value_len = part - 4;
            return true;
        }
        at += part;
        len -= part;
    }
    return false;
}

const char *proxy_client(struct arena *a, const struct proxies *p, const struct forwarding *f)
{
    struct address client, hop;
    if (!address_read(f->peer, &client))
        return f->peer;
    const char *list = f->forwarded ? f->forwarded : f->forwarded_for;
    const char *end = list ? list + strlen(list) : NULL;
    for (int hops = 0; p && list && end && hops < HOPS_MAX && is_trusted(p, &client); hops++) {
        const char *begin = end, *value;
        while (begin > list && begin[-1] != ',')
            begin--;
        size_t len = (size_t)(end - begin);
        value = begin;
        if (f->forwarded && !for_of(begin, len, &value, &len))
            break;
        if (!node_read(a, value, len, &hop))
            break; /* "unknown", a name, nonsense: the proxy is all that is known */
        client = hop;
        end = begin > list ? begin - 1 : NULL;
    }
    return address_text(a, &client);
}
