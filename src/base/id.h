/* base/id.h - the 128 random bits that name an object. Nobody can guess one from another; every
 * statement checks the viewer's scope all the same. In JSON and URLs: 32 lower-case hex digits. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>

enum { ID_BYTES = 16, ID_TEXT_BYTES = 33 };

struct id {
    unsigned char bytes[ID_BYTES];
};

struct id id_random(void);
bool id_is_zero(struct id id); /* zero stands for "none" */
bool id_equal(struct id x, struct id y);
void id_write(struct id id, char out[ID_TEXT_BYTES]);
bool id_read(const char *text, struct id *out); /* exactly 32 hex digits */

#endif
