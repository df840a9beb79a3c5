/* paper/seal_media.h - sounds and films of a form, sealed for one room as objects beside its papers. */
#ifndef PAPER_SEAL_MEDIA_H
#define PAPER_SEAL_MEDIA_H

#include "paper/render.h"

struct sealed_media {
    struct id form;
    struct paper_media *media;
    struct bytes *blobs; /* of each */
    size_t count;
};

struct media_room {
    const struct prepare_order *order;
    uint32_t room, revision;
    const unsigned char *key; /* K_R */
    struct sealed_media *forms;
    size_t form_count;
    size_t objects; /* of all forms */
    int64_t *bytes; /* of the whole session so far */
};

/* What the papers of this form in this room get; sealed when it is asked for the first time. The results
 * live in b->arena. RULE at "/rooms" where a session would hold too much. */
bool media_of_form(const struct bank *b, struct media_room *r, const struct form *f,
                   const struct sealed_media **out, struct err *e) MUST_USE;

#endif
