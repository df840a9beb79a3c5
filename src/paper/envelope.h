/* paper/envelope.h - the sealed envelopes: K_R = eA XOR eB XOR eN (SECURITY §3.4).
 *
 * eN lies in the package, sealed to the node. eA and eB are printed in two runs by two people and
 * never stored: 52 Crockford characters of the 32 bytes and 4 that check them, with the room and
 * the half in the check, so that a wrong bag is named before anything is tried. */
#ifndef PAPER_ENVELOPE_H
#define PAPER_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"

struct arena;

enum { ENVELOPE_CHARACTERS = 56, ENVELOPE_TEXT_BYTES = ENVELOPE_CHARACTERS + 14 };

/* What a half belongs to; half 0 is A, 1 is B. */
struct envelope_place {
    struct id session;
    uint32_t room, revision;
    int half;
};

/* Fourteen groups of four with blanks between. */
void envelope_write(char out[ENVELOPE_TEXT_BYTES], const struct envelope_place *p,
                    const unsigned char piece[KEY_BYTES]);
/* As typed or scanned: case, blanks and hyphens ignored, I L O read as 1 1 0. INVALID at "/half". */
bool envelope_read(const char *typed, const struct envelope_place *p,
                   unsigned char piece[KEY_BYTES], struct err *e) MUST_USE;

/* Three pieces of KEY: two for the bags, one for the node. */
struct envelope_pieces {
    unsigned char bag[2][KEY_BYTES], node[KEY_BYTES];
};
void envelope_split(const unsigned char key[KEY_BYTES], struct envelope_pieces *out);
void envelope_join(const struct envelope_pieces *in, unsigned char key[KEY_BYTES]);

/* The sheet for one bag: text, QR, and what it opens. */
struct envelope_sheet {
    struct envelope_place place;
    const char *body, *title, *room, *printed_by;
    int64_t open_at_ms, zone_offset_ms, created_ms;
};
bool envelope_print(struct arena *a, const struct envelope_sheet *s,
                    const unsigned char piece[KEY_BYTES], struct bytes *pdf,
                    struct err *e) MUST_USE;

#endif
