/* base/json_out.h - JSON out: written in order into an arena, always well-formed.
 *
 * Keys are for objects only and alternate with values; json_out_text() closes what is open as a
 * bug would (assert). Text must be valid UTF-8; it is escaped here and nowhere else. */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

struct arena;
struct json_t;
struct json_out;

struct json_out *json_out_create(struct arena *a);
const char *json_out_text(struct json_out *o); /* the whole, NUL-terminated */
size_t json_out_len(const struct json_out *o);

void out_object(struct json_out *o);
void out_object_end(struct json_out *o);
void out_array(struct json_out *o);
void out_array_end(struct json_out *o);
void out_key(struct json_out *o, const char *key);

void out_text(struct json_out *o, const char *v); /* NULL writes null */
void out_int(struct json_out *o, int64_t v);
void out_bool(struct json_out *o, bool v);
void out_number(struct json_out *o, double v); /* shortest text that reads back; never NaN */
void out_null(struct json_out *o);
void out_id(struct json_out *o, struct id v); /* zero writes null */
void out_json(struct json_out *o,
              const struct json_t *v); /* a jansson value; NULL writes null */

/* A member at once. */
void put_text(struct json_out *o, const char *key, const char *v);
void put_int(struct json_out *o, const char *key, int64_t v);
void put_bool(struct json_out *o, const char *key, bool v);
void put_number(struct json_out *o, const char *key, double v);
void put_id(struct json_out *o, const char *key, struct id v);
void put_json(struct json_out *o, const char *key, const struct json_t *v);
void put_object(struct json_out *o, const char *key);
void put_array(struct json_out *o, const char *key);

#endif
