/* bank/kind.h - what every kind of exam item can do.
 *
 * A kind is one file, kind_<name>.c, and one row in kinds.def. It keeps no state: all it needs
 * arrives as arguments, so it is tested without a database, a clock or a web server.
 *
 * Bodies and responses: doc/item-format.md. A response is the payload of a journal answer, always
 * in the item's own option letters: present() writes options as {"id":"B","text":…} in shuffled
 * order and the client answers with ids.
 *   single ["B"] · multiple ["A","C"] (any order, each once) · true_false true · numeric "12.50"
 *   matching ["B",null,"A"] (one a premise) · ordering ["C","A","B"] · blank ["点击率","2%"]
 *   calculation as numeric, which it becomes when its numbers are drawn
 *   hotspot [x, y], a point of the picture · short "text" · upload {sha256, type, bytes, name}
 *   · case [["B"],null,true] (one element a part)
 * null, [] and "" are blank. */
#ifndef BANK_KIND_H
#define BANK_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/partial.h"
#include "base/err.h"

struct arena;
struct fields;
struct item_picture;
struct json_out;
struct json_t;
struct shuffle;

/* What a paper says about scoring an item of it. */
struct score_order {
    int32_t max_millimarks;
    enum partial_credit partial; /* kinds with several elements; others pass it over */
};

struct item_score {
    int32_t millimarks;
    bool needs_marker; /* a person decides; millimarks is 0 until then */
};

/* One part of a body that is answered by itself: the whole of most kinds, a part of a case. */
struct item_part {
    const struct item_kind *kind;
    const void *body;
    int64_t share; /* its marks, in proportion to the other parts' */
};

/* Of a kind whose numbers are drawn: what stands in the bank is a template, and a copy of it with
 * numbers is a question of another kind. */
struct item_drawing {
    /* The members of the question that NUMBERS make, in place of the template's: stem, key,
     * explanation. NULL numbers: the example. INVALID where a number is missing. The caller's. */
    struct json_t *(*fill)(const void *body, const struct json_t *numbers, struct arena *a,
                           struct err *e);
    /* ["20500","640"], one a parameter, from the shuffle alone. The caller's. */
    struct json_t *(*draw)(const void *body, struct shuffle *s, struct arena *a);
    bool (*same_for_form)(const void *body); /* all papers of a form have the same numbers */
    const struct item_kind *becomes;
};

struct item_kind {
    const char *name;          /* in the database and the API, so never renamed */
    const char *label;         /* "单项选择题" */
    const struct fields *body; /* how an item of this kind is read, checked and written */

    /* Refuses what an author must not publish (no key, two equal options, …) and fills what is
     * derived in the body. Every body has been through it: see item_body_read. */
    bool (*check)(void *body, struct arena *a, struct err *e);

    /* Writes the members that a candidate may see (stem, options, …) into the open object.
     * Options are in the shuffle's order; NULL: as written. Never writes key or explanation. */
    void (*present)(const void *body, struct shuffle *s, struct json_out *o);

    /* Scores in thousandths of a mark, 0 to max. A blank response (also NULL) is worth 0 and is
     * not an error; one of the wrong shape is INVALID at a pointer into the response. */
    bool (*score)(const void *body, const struct json_t *response,
                  const struct score_order *order, struct item_score *out, struct err *e);

    /* The parts of a case; NULL for kinds answered as a whole. Returns their number. */
    size_t (*parts)(const void *body, const struct item_part **out);

    /* That the item's pictures have what the body needs of them; NULL for kinds that are about none. */
    bool (*look)(const void *body, const struct item_picture *pictures, size_t count,
                 struct err *e);

    const struct item_drawing *drawing; /* NULL for kinds that are the same for everybody */
};

const struct item_kind *item_kind_find(const char *name); /* NULL if there is none */
const struct item_kind *item_kind_at(size_t i);           /* NULL past the last */
const char *const *item_kind_names(void);                 /* NULL-ended */

/* A body of this kind from its JSON object, checked; NULL on an error. */
void *item_body_read(const struct item_kind *k, const struct json_t *object, struct arena *a,
                     struct err *e);

/* What part I of a body with parts is worth when the whole is worth max: the shares rounded so
 * that they add up to max. */
int32_t item_part_marks(const struct item_part *parts, size_t count, size_t i,
                        int32_t max_millimarks);

/* null, [] and "" (blanks only) and NULL. */
bool response_is_blank(const struct json_t *response);

#define ITEM_KIND(name) extern const struct item_kind item_kind_##name;
#include "bank/kinds.def"
#undef ITEM_KIND

#endif
