/* Whatever a header says: the client is a numeric address, and the peer's own where the peer is not trusted. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "web/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct proxies *p;
    unsigned char bytes[16];
    char *text = arena_copy(a, data, len);
    if (!proxies_read(a, "10.0.0.0/8,fd00::/8", &p, &e))
        abort();
    for (int way = 0; way < 2; way++) {
        struct forwarding f = {"10.1.2.3", way ? text : NULL, way ? NULL : text};
        const char *client = proxy_client(a, p, &f);
        if (inet_pton(AF_INET, client, bytes) != 1 && inet_pton(AF_INET6, client, bytes) != 1)
            abort();
        f.peer = "192.0.2.9";
        if (strcmp(proxy_client(a, p, &f), "192.0.2.9") != 0)
            abort();
    }
    if (!proxies_read(a, text, &p, &e) && e.code != ERR_INVALID)
        abort();
    arena_destroy(a);
    return 0;
}
