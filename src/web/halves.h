/* web/halves.h - on a room node: what the first of two people has typed, in locked memory, until the
 * second has too or ten minutes are over (SECURITY §3.4). */
#ifndef WEB_HALVES_H
#define WEB_HALVES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "paper/envelope.h"

enum { HALF_TEXT_BYTES = ENVELOPE_TEXT_BYTES + 32, HALF_NEXT = -1 };
#define HALF_KEEP_MS (INT64_C(10) * 60000)

struct half_desk;
struct half_desk *half_desk_create(void);
void half_desk_destroy(struct half_desk *d); /* NULL is fine */

struct half_in {
    struct id room;    /* zero: the clock */
    struct id account; /* who typed it */
    bool envelope;
    int half; /* 0 A, 1 B; HALF_NEXT: B if A waits, else A */
    const char *text;
    int64_t now_ms;
};
struct half_pair {
    bool both;
    char a[HALF_TEXT_BYTES], b[HALF_TEXT_BYTES];
    struct id first;  /* who typed the other one */
    int first_half;   /* which that was */
    int64_t first_ms; /* and when */
};
/* With the other half there, both come out and are forgotten here; wipe the pair. FORBIDDEN at
 * "/half" when the other half is the same person's. */
bool half_put(struct half_desk *d, const struct half_in *in, struct half_pair *out,
              struct err *e) MUST_USE;
/* What the pair was to open failed, and not because of what was typed: the first person's half waits on,
 * as long as it would have, unless somebody has begun anew meanwhile. The second is typed again. */
void half_put_back(struct half_desk *d, const struct half_in *second,
                   const struct half_pair *pair);
/* Which halves wait: bit 0 A, bit 1 B; *envelope: of which way. */
int half_waiting(struct half_desk *d, struct id room, int64_t now_ms, bool *envelope);

#endif
