/* app/road_keys.c - keys of the starter bank by stem. */
#include "app/road_keys.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/json_out.h"

/* Made once for the process: stem → key. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static json_t *keys;

static void read_line(const char *line, size_t len)
{
    json_t *item = json_loadb(line, len, 0, NULL);
    const char *stem = json_member_text(item, "stem");
    json_t *key = json_object_get(item, "key");
    if (stem && key)
        json_object_set(keys, stem, key);
    json_decref(item);
}

static void read_bank(void)
{
    const struct embedded *file;
    keys = json_object();
    for (size_t i = 0; (file = embedded_under("banks/", i)); i++) {
        const char *at = (const char *)file->bytes, *end = at + file->len;
        while (at < end) {
            const char *newline = memchr(at, '\n', (size_t)(end - at));
            size_t len = newline ? (size_t)(newline - at) : (size_t)(end - at);
            read_line(at, len);
            at += len + 1;
        }
    }
}

const char *road_key_of(struct arena *a, const struct json_t *item)
{
    pthread_once(&once, read_bank);
    const char *stem = json_member_text(item, "stem");
    const json_t *key = stem ? json_object_get(keys, stem) : NULL;
    if (!key)
        return NULL;
    struct json_out *o = json_out_create(a);
    if (json_is_string(key)) { /* a single choice answers with a list of one */
        out_array(o);
        out_json(o, key);
        out_array_end(o);
    } else {
        out_json(o, key);
    }
    return json_out_text(o);
}
