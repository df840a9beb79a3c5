/* base/needles.h - thousands of texts looked for in one pass over bytes: what must not be there any more.
 * Pure; a set is read by many threads. */
#ifndef BASE_NEEDLES_H
#define BASE_NEEDLES_H

#include <stddef.h>

#include "base/bytes.h"

struct arena;

enum { NEEDLE_MIN = 12 }; /* bytes; a shorter text stops the program */

/* In A, as are the texts, which are not copied. */
struct needles *needles_create(struct arena *a, const char *const *texts, size_t count);
/* One of the texts that HAY holds; NULL: none of them. */
const char *needles_in(const struct needles *n, struct bytes hay);

#endif
