/* measure/answer_key.h - the key of a test: a CSV with columns item,key; one row under the items'
 * headings; or one column key, in the order of the items. */
#ifndef MEASURE_ANSWER_KEY_H
#define MEASURE_ANSWER_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct response_reader;

/* What the key calls items, for response_form.only; none where it is a column of answers alone. */
bool answer_key_names(struct arena *a, const char *path, const char *const **names,
                      size_t *count, struct err *e) MUST_USE;
/* A code for each item of the reader, in its order. An item without a key is refused by name. */
const unsigned *answer_key_read(struct arena *a, const char *path, struct response_reader *r,
                                struct err *e);

#endif
