/* bank/item.h - one item as the bank holds it: what composing needs, and the body of its kind.
 *
 * In a file an item is one flat JSON object (doc/item-format.md): the members of item_meta and
 * those of its kind's body side by side. Reading copies into the arena. */
#ifndef BANK_ITEM_H
#define BANK_ITEM_H

#include "bank/kind.h"
#include "bank/media.h"
#include "bank/picture.h"
#include "base/bytes.h"
#include "base/id.h"

struct programme;

struct item_law {
    const char *name, *version, *article;
};

/* Everything that is not question and answer. */
struct item_meta {
    const char *id; /* the author's own name for it: unique in a body, never reused */
    const char *kind;
    const int64_t *levels;
    size_t level_count;
    const char *const *directions; /* empty: all */
    size_t direction_count;
    const char *const *points; /* assessment points; it counts under the first */
    size_t point_count;
    int64_t difficulty;    /* 1 to 5 */
    const char *cognitive; /* "recall", "understand", "apply" */
    const char *importance;
    const struct item_law *law;
    size_t law_count;
    const char *const *enemies; /* ids of items that must not stand beside it */
    size_t enemy_count;
    const char *author;
    const char *const *reviewed_by;
    size_t reviewed_count;
    const char *const *sources;
    size_t source_count;
    const struct item_picture *pictures;
    size_t picture_count;
    const struct item_media *media;
    size_t media_count;
};

struct item {
    struct item_meta meta;
    const struct item_kind *kind;
    const void *body;          /* as kind->body reads it */
    const struct json_t *json; /* the object it came from */
};

extern const struct fields item_meta_fields;

/* Reads and checks shape, kind and body (kind->check); not whether its points exist. */
bool item_read(struct arena *a, const struct json_t *object, struct item *out,
               struct err *e) MUST_USE;
bool item_read_text(struct arena *a, const void *text, size_t len, struct item *out,
                    struct err *e) MUST_USE;
/* Its levels, direction and points against the programme. INVALID with the pointer. */
bool item_fits(const struct item *item, const struct programme *p, struct err *e) MUST_USE;
/* A copy of a template with NUMBERS in it (NULL: its example): another kind, body and JSON under the
 * same id. Of other items the item itself. INVALID at "/numbers" where they are not its own. */
bool item_fill(struct arena *a, const struct item *item, const struct json_t *numbers,
               struct item *out, struct err *e) MUST_USE;
/* The canonical text (JCS) of meta and body together, as it is stored and compared. */
bool item_text(struct arena *a, const struct item *item, struct bytes *out,
               struct err *e) MUST_USE;

const char *item_stem(const struct item *item);
/* May a candidate of this level and direction get it? */
bool item_serves(const struct item_meta *m, int64_t level, const char *direction);

/* The whole object, key and all, for authors and reviewers. */
void item_write(const struct item *item, struct json_out *o);
/* As a candidate sees it: kind, stem, options as written, which pictures. For previews. */
void item_write_presented(struct arena *a, const struct item *item, struct json_out *o);
/* The words of that as one text (JSON), options and parts too: to look for something in it. */
const char *item_shown_text(struct arena *a, const struct item *item);

#endif
