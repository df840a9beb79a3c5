/* web/rate.c - fixed windows in a bounded table; the oldest window of a full set gives way. */
#include "web/rate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

enum { SETS = 4096, WAYS = 8 };

static const struct {
    int64_t count, window_ms;
} limits[RATE_COUNT] = {
#define RATE(name, count, seconds) [RATE_##name] = {count, seconds * 1000},
#include "web/rates.def"
#undef RATE
};

struct window {
    uint64_t key; /* keyed hash of kind and source: addresses are not kept */
    int64_t began_ms, taken;
};

struct rates {
    pthread_mutex_t lock;
    int64_t factor;
    unsigned char secret[KEY_BYTES];
    struct window windows[SETS][WAYS];
};

struct rates *rates_create(int64_t factor)
{
    struct rates *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->factor = factor;
    pthread_mutex_init(&r->lock, NULL);
    random_bytes(r->secret, sizeof r->secret);
    return r;
}

void rates_destroy(struct rates *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static uint64_t key_of(const struct rates *r, enum rate which, const char *source)
{
    unsigned char mixed[KEY_BYTES], hash[16];
    memcpy(mixed, r->secret, sizeof mixed);
    mixed[0] ^= (unsigned char)which;
    keyed_hash(hash, sizeof hash, mixed, source, strlen(source));
    return be64_get(hash) | 1;
}

/* Under the lock: the source's window, begun anew if it is over. */
static struct window *window_of(struct rates *r, enum rate which, const char *source,
                                int64_t now_ms)
{
    uint64_t key = key_of(r, which, source);
    struct window *set = r->windows[key >> 1 & (SETS - 1)], *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            oldest = &set[i];
            break;
        }
        if (set[i].began_ms < oldest->began_ms)
            oldest = &set[i];
    }
    if (oldest->key != key || now_ms >= oldest->began_ms + limits[which].window_ms ||
        now_ms < oldest->began_ms)
        *oldest = (struct window){key, now_ms, 0};
    return oldest;
}

bool rate_take(struct rates *r, enum rate which, const char *source, int64_t now_ms,
               int64_t *retry_s)
{
    pthread_mutex_lock(&r->lock);
    struct window *w = window_of(r, which, source, now_ms);
    bool left = w->taken < limits[which].count * r->factor;
    if (left)
        w->taken++;
    *retry_s = (w->began_ms + limits[which].window_ms - now_ms + 999) / 1000;
    pthread_mutex_unlock(&r->lock);
    return left;
}

bool rate_left(struct rates *r, enum rate which, const char *source, int64_t now_ms)
{
    pthread_mutex_lock(&r->lock);
    bool left = window_of(r, which, source, now_ms)->taken < limits[which].count * r->factor;
    pthread_mutex_unlock(&r->lock);
    return left;
}
