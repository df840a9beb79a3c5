/* base/net_address.c - which addresses are of the open internet. Sources: the special-purpose registries of
 * RFC 6890 and what has been added to them since. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/net_fetch.h"

struct net4 {
    unsigned char at[4];
    int bits;
};

static const struct net4 closed4[] = {
    {{0, 0, 0, 0}, 8},       /* this network */
    {{10, 0, 0, 0}, 8},      /* private */
    {{100, 64, 0, 0}, 10},   /* shared, behind a carrier's translation */
    {{127, 0, 0, 0}, 8},     /* loopback */
    {{169, 254, 0, 0}, 16},  /* link-local, metadata services among them */
    {{172, 16, 0, 0}, 12},   /* private */
    {{192, 0, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2, 0}, 24},    /* documentation */
    {{192, 88, 99, 0}, 24},  /* the old 6to4 relay */
    {{192, 168, 0, 0}, 16},  /* private */
    {{198, 18, 0, 0}, 15},   /* benchmarking */
    {{198, 51, 100, 0}, 24}, /* documentation */
    {{203, 0, 113, 0}, 24},  /* documentation */
    {{224, 0, 0, 0}, 4},     /* multicast */
    {{240, 0, 0, 0}, 4},     /* reserved, broadcast among them */
};

struct net6 {
    unsigned char at[16];
    int bits;
};

/* Only 2000::/3 is given out; of that, what leads elsewhere. Prefixes with an IPv4 address inside are closed
 * as a whole: nobody whom we would want to reach needs one. */
static const struct net6 closed6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments, Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4 */
    {{0x3f, 0xff}, 20},             /* documentation */
};

static bool begins(const unsigned char *x, const unsigned char *net, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    return memcmp(x, net, (size_t)whole) == 0 &&
           (rest == 0 || (x[whole] >> (8 - rest)) == (net[whole] >> (8 - rest)));
}

static bool public4(const unsigned char x[4])
{
    for (size_t i = 0; i < sizeof closed4 / sizeof *closed4; i++)
        if (begins(x, closed4[i].at, closed4[i].bits))
            return false;
    return true;
}

static bool public6(const unsigned char x[16])
{
    if ((x[0] & 0xE0) != 0x20)
        return false;
    for (size_t i = 0; i < sizeof closed6 / sizeof *closed6; i++)
        if (begins(x, closed6[i].at, closed6[i].bits))
            return false;
    return true;
}

bool net_address_is_public(const struct sockaddr *address)
{
    unsigned char bytes[16];
    if (address->sa_family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return public4(bytes);
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    return public6(bytes);
}
