/* bank/attached.h - the bytes of a picture, a sound or a film of an item, and what was found in them. */
#ifndef BANK_ATTACHED_H
#define BANK_ATTACHED_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"

struct attached {
    unsigned char digest[HASH_BYTES]; /* of the bytes */
    const char *type;                 /* "image/png", "audio/mpeg", … */
    int64_t width, height;            /* pixels; 0 of a sound */
    int64_t duration_ms;              /* 0 of a picture */
    struct bytes bytes;
};

#endif
