/* app/road_keys.h - what the played candidates know: the keys of the starter bank, by stem. */
#ifndef APP_ROAD_KEYS_H
#define APP_ROAD_KEYS_H

struct arena;
struct json_t;

/* The right response to an item of the exam JSON as a journal payload (JCS), NULL if the bank has
 * no such stem. The first call reads the bank; several threads may call. */
const char *road_key_of(struct arena *a, const struct json_t *item);

#endif
