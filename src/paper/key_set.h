/* paper/key_set.h - the answer keys of a session: made with the papers, committed to, sealed. */
#ifndef PAPER_KEY_SET_H
#define PAPER_KEY_SET_H

#include "paper/paper.h"

enum { KEY_SALT_BYTES = 32 };

struct key_set_maker;

struct key_set_maker *key_set_begin(struct arena *a, struct id session, int64_t revision);
bool key_set_add_form(struct key_set_maker *k, const struct form *f, struct err *e) MUST_USE;
void key_set_add_paper(struct key_set_maker *k, struct id paper, const struct form *f,
                       const unsigned char seed[SEED_BYTES]);
/* H("heng/answer-key/1\0" ‖ salt ‖ JCS) and salt ‖ JCS under K_bank, bound to the session. */
bool key_set_end(struct key_set_maker *k, const struct master *m,
                 unsigned char commitment[HASH_BYTES], struct bytes *sealed,
                 struct err *e) MUST_USE;

#endif
