/* bank/item_fixture.h - for tests: the items of data/samples/items, one a kind. */
#ifndef BANK_ITEM_FIXTURE_H
#define BANK_ITEM_FIXTURE_H

#include <jansson.h>

struct arena;

/* Its object with the bytes of its pictures and sounds, to be changed; the arena's. */
json_t *sample_item(struct arena *a, const char *kind);

#endif
