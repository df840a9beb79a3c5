/* web/addresses.c - a table of counts by address, under one lock: two looks a connection. */
#include "web/addresses.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHAINS = 4096, ADDRESS_BYTES = 8 };

struct holder {
    struct holder *next;
    unsigned char address[ADDRESS_BYTES]; /* IPv4: four and zeros; IPv6: the /64 */
    unsigned count;
};

struct addresses {
    pthread_mutex_t lock;
    unsigned most;
    struct holder *chains[CHAINS];
};

struct addresses *addresses_create(unsigned most)
{
    struct addresses *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    pthread_mutex_init(&a->lock, NULL);
    a->most = most;
    return a;
}

void addresses_destroy(struct addresses *a)
{
    if (!a)
        return;
    for (int i = 0; i < CHAINS; i++)
        for (struct holder *h = a->chains[i], *next; h; h = next) {
            next = h->next;
            free(h);
        }
    pthread_mutex_destroy(&a->lock);
    free(a);
}

/* One household has a /64 of IPv6. */
static void bytes_of(const struct sockaddr *from, unsigned char to[ADDRESS_BYTES])
{
    memset(to, 0, ADDRESS_BYTES);
    if (from->sa_family == AF_INET)
        memcpy(to, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    if (from->sa_family != AF_INET6)
        return;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(six))
        memcpy(to, &six->s6_addr[12], 4);
    else
        memcpy(to, six, 8);
}

/* FNV-1a. Who can choose his address chooses among few; the lock is held for a short chain. */
static struct holder **chain_of(struct addresses *a, const unsigned char *address)
{
    uint32_t hash = 2166136261u;
    for (int i = 0; i < ADDRESS_BYTES; i++)
        hash = (hash ^ address[i]) * 16777619u;
    return &a->chains[hash % CHAINS];
}

/* Where it stands, or where the chain ends. Under the lock. */
static struct holder **place_of(struct addresses *a, const unsigned char *address)
{
    struct holder **at = chain_of(a, address);
    while (*at && memcmp((*at)->address, address, ADDRESS_BYTES) != 0)
        at = &(*at)->next;
    return at;
}

bool addresses_enter(struct addresses *a, const struct sockaddr *from)
{
    unsigned char address[ADDRESS_BYTES];
    bytes_of(from, address);
    pthread_mutex_lock(&a->lock);
    struct holder **at = place_of(a, address);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at)
            abort();
        memcpy((*at)->address, address, ADDRESS_BYTES);
    }
    bool may = ++(*at)->count <= a->most;
    pthread_mutex_unlock(&a->lock);
    return may;
}

void addresses_leave(struct addresses *a, const struct sockaddr *from)
{
    unsigned char address[ADDRESS_BYTES];
    bytes_of(from, address);
    pthread_mutex_lock(&a->lock);
    struct holder **at = place_of(a, address), *h = *at;
    if (h && --h->count == 0) {
        *at = h->next;
        free(h);
    }
    pthread_mutex_unlock(&a->lock);
}
