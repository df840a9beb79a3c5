/* measure/answer_key.h - the key of a test: a CSV with columns item,key; one row under the items'
 * headings; or one column key, in the order of the items. */
#ifndef MEASURE_ANSWER_KEY_H
#define MEASURE_ANSWER_KEY_H

#include "base/err.h"

struct arena;
struct response_reader;

/* A code for each item of the reader, in its order. An item without a key is refused by name. */
const unsigned *answer_key_read(struct arena *a, const char *path, struct response_reader *r,
                                struct err *e);

#endif
