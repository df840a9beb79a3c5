/* base/json.h - JSON in: strict reading with jansson, and the canonical form that is signed.
 *
 * Reading refuses duplicate keys, invalid UTF-8, trailing bytes and depth > JSON_DEPTH_MAX. The
 * value lives as long as the arena; nobody calls json_decref on it. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum { JSON_DEPTH_MAX = 32 };

json_t *json_read(struct arena *a, const void *text, size_t len, struct err *e);

/* A value that the arena releases: for values built with jansson's own constructors. */
json_t *json_keep(struct arena *a, json_t *owned);

/* Compact, members sorted: for what is carried inside another format. */
const char *json_compact(struct arena *a, const json_t *value);

/* RFC 8785 with our narrowing (SECURITY: ASCII keys, integers of at most 2^53-1, depth <= 16). */
bool jcs_write(struct arena *a, const json_t *value, struct bytes *out, struct err *e);

/* Members by name; a missing one gives the default. */
const char *json_member_text(const json_t *object, const char *name); /* NULL if not a string */
int64_t json_member_int(const json_t *object, const char *name, int64_t otherwise);

#endif
