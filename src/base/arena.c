/* base/arena.c - memory with one lifetime. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ONE_BLOCK_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ONE_BLOCK_EACH 1
#endif
#endif

enum { FIRST_BLOCK_BYTES = 4096, ALIGN_BYTES = _Alignof(max_align_t) };

struct block {
    struct block *older;
    size_t used, room;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct deferred {
    struct deferred *older;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    struct block *newest;
    struct deferred *deferred;
    size_t used, cap;
};

static _Noreturn void out_of_room(const char *why, size_t bytes)
{
    fprintf(stderr, "heng: %s (%zu bytes)\n", why, bytes);
    abort();
}

static struct block *block_create(struct block *older, size_t room)
{
    struct block *b = calloc(1, sizeof *b + room);
    if (!b)
        out_of_room("no memory", room);
    b->older = older;
    b->room = room;
    return b;
}

struct arena *arena_create(size_t cap_bytes)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_room("no memory", sizeof *a);
    a->cap = cap_bytes;
    return a;
}

void arena_destroy(struct arena *a)
{
    if (!a)
        return;
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->older;
        d->fn(d->arg);
    }
    while (a->newest) {
        struct block *b = a->newest;
        a->newest = b->older;
        free(b);
    }
    free(a);
}

/* Every block is new from calloc and nothing is ever handed out twice, so memory is zero. */
void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > a->cap)
        out_of_room("an arena was asked for more than its cap", count);
    bytes = (bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    if (a->used + bytes > a->cap)
        out_of_room("an arena ran out of room", a->cap);
    a->used += bytes;

#ifdef ARENA_ONE_BLOCK_EACH
    a->newest = block_create(a->newest, count * size);
    a->newest->used = count * size;
    return a->newest->bytes;
#else
    if (!a->newest || a->newest->room - a->newest->used < bytes) {
        size_t room = a->newest ? a->newest->room * 2 : FIRST_BLOCK_BYTES;
        if (room > (1u << 20))
            room = 1u << 20;
        a->newest = block_create(a->newest, room < bytes ? bytes : room);
    }
    void *p = a->newest->bytes + a->newest->used;
    a->newest->used += bytes;
    return p;
#endif
}

void *arena_copy(struct arena *a, const void *bytes, size_t len)
{
    char *p = arena_alloc(a, len + 1, 1);
    if (len)
        memcpy(p, bytes, len);
    return p;
}

char *arena_text(struct arena *a, const char *s)
{
    return s ? arena_copy(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0)
        out_of_room("a format failed", 0);
    char *p = arena_alloc(a, (size_t)n + 1, 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

void *arena_grow(struct arena *a, void *old, size_t old_count, size_t count, size_t size)
{
    void *p = arena_alloc(a, count, size);
    if (old_count)
        memcpy(p, old, old_count * size);
    return p;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct deferred *d = arena_new(a, struct deferred);
    *d = (struct deferred){.older = a->deferred, .fn = fn, .arg = arg};
    a->deferred = d;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
