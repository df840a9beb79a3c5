/* base/arena.h - memory with one lifetime: a request, a job, a test. Nothing is freed singly.
 *
 * The allocators never return NULL. Input limits keep a request small (web/limits.h), so running
 * out of room is a bug of ours, and the process stops there with a report. One thread at a time.
 * The sanitizer build makes one calloc per allocation, so that overflows inside are seen. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/err.h"

struct arena;

struct arena *arena_create(size_t cap_bytes);
void arena_destroy(struct arena *a); /* runs the deferred calls, newest first; NULL is fine */

void *arena_alloc(struct arena *a, size_t count,
                  size_t size); /* zeroed, aligned for any type */
void *arena_copy(struct arena *a, const void *bytes, size_t len); /* adds a closing NUL */
char *arena_text(struct arena *a, const char *s);                 /* NULL stays NULL */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Room for `count` elements that keeps its content when it moves; old room stays until the end. */
void *arena_grow(struct arena *a, void *old, size_t old_count, size_t count, size_t size);

void arena_defer(struct arena *a, void (*fn)(void *), void *arg);
size_t arena_used(const struct arena *a);

#define arena_new(a, type)      ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

#endif
