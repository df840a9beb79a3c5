/* base/cage_frame.h - how a caged child answers: one byte (0 done, 1 refused), then the result,
 * or the code, the field and the sentence of the refusal, each closed by a NUL. */
#ifndef BASE_CAGE_FRAME_H
#define BASE_CAGE_FRAME_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum { CAGE_FRAME_HEAD_BYTES = 1, CAGE_REFUSAL_BYTES_MAX = 1024 };

/* Reads a frame from a child that nobody trusts. */
bool cage_frame_read(struct arena *a, struct bytes frame, struct bytes *out,
                     struct err *e) MUST_USE;
/* At most CAGE_REFUSAL_BYTES_MAX into OUT; the length. */
size_t cage_frame_refusal(unsigned char *out, const struct err *e);

#endif
