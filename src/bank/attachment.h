/* bank/attachment.h - the bytes of pictures and media in a body's bank: stored once by digest, named by items.
 *
 * Nobody reaches them by an address but who may read the bank of their own body, members of a cut-score panel
 * for its items, and markers for the question they mark (both noted in seen.h); a candidate gets them inside the
 * sealed paper only, or sealed beside it. */
#ifndef BANK_ATTACHMENT_H
#define BANK_ATTACHMENT_H

#include "bank/bank.h"
#include "bank/media.h"
#include "bank/picture.h"

/* An author brings a picture: taken in the cage, stored with an audit row; one that is there already is
 * the same picture. PROGRAM as in base/cage.h. */
bool attachment_bring(const struct bank *b, const char *program, struct bytes file,
                      struct attached *out, struct err *e) MUST_USE;
/* The same for a sound or film. */
bool attachment_bring_media(const struct bank *b, const char *program, struct bytes file,
                            struct attached *out, struct err *e) MUST_USE;
/* By the SHA-256 of its bytes, in hex. NOT_FOUND also for another body's. */
bool attachment_open(const struct bank *b, const char *sha256, struct attached *out,
                     struct err *e) MUST_USE;
/* Is it one of the item's pictures, sounds or films? */
bool attachment_is_of(const struct item_meta *meta, const char *sha256);
bool attachment_is_there(const struct bank *b, const char *sha256, bool *there,
                         struct err *e) MUST_USE;

/* --- inside a transaction -------------------------------------------------------------------- */
/* *id: of its row, zero if it was there already. */
bool attachment_put(struct db *db, const struct master *m, const struct actor *who,
                    const struct attached *p, struct id *id, struct err *e) MUST_USE;
/* This version shows these. INVALID at "/pictures/0/sha256", "/media/0/sha256" for one that the bank does not have or has
 * with other measures. */
bool attachments_refer(struct db *db, const struct master *m, const struct actor *who,
                       struct id version_id, const struct item_meta *meta,
                       struct err *e) MUST_USE;

#endif
