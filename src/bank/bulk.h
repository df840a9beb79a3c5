/* bank/bulk.h - one change made to many items at once: seen before it is done, and done as it was seen.
 *
 * A plan says of each item what would become of it: what changes, or why it is refused, and what the
 * change costs (stamps and parameters belong to a version; an edit makes a new one in draft, bank.h).
 * Its digest stands for everything in it. Applying makes the plan anew and does it only where the digest
 * is still the same, all in one transaction; refused items stay as they are. */
#ifndef BANK_BULK_H
#define BANK_BULK_H

#include "bank/bank.h"
#include "base/crypto.h"

enum { BULK_ITEMS_MAX = 500 };

/* What becomes of the items; NULL and 0 leave a member as it is. */
struct bulk_change {
    const char *retire; /* the reason: they are retired, and nothing else may be said */
    const int64_t *levels;
    size_t level_count;
    const char *const *directions;
    size_t direction_count;
    bool every_direction;    /* takes the directions away */
    const char *first_point; /* it counts under this one from now on */
    const char *const *points_add, *const *points_remove;
    size_t points_add_count, points_remove_count;
    int64_t difficulty;
    const char *cognitive, *importance;
    bool enemies_together; /* each of the chosen names all the others */
    const char *const *enemies_add, *const *enemies_remove; /* codes */
    size_t enemies_add_count, enemies_remove_count;
    const char *source;            /* one more */
    const char *law, *law_version; /* where LAW is cited, this version of it is */
};

/* The chosen: ITEMS, or where there are none everything that FILTER finds. */
struct bulk_choice {
    const struct id *items;
    size_t count;
    const struct bank_filter *filter;
};

enum bulk_outcome { BULK_CHANGES, BULK_SAME, BULK_REFUSED };

struct bulk_line {
    struct item_row row; /* as it is */
    enum bulk_outcome outcome;
    const char *why; /* refused: the sentence */
    const struct json_t *was,
        *is;                 /* the members that change, before and after; retiring: NULL */
    int64_t stamps;          /* of reviewers and proof-reader, that fall */
    bool parameters;         /* adopted ones, that no longer count */
    const char *law_problem; /* of a law that it cites afterwards; NULL: none */
};

struct bulk_plan {
    struct bulk_line *lines; /* by code */
    size_t count, changes, refused;
    unsigned char digest[HASH_BYTES];
};

/* INVALID at "/change/…" where the change says nothing or contradicts itself, at "/items" or "/filter"
 * where it is nothing or too many. Changes nothing. */
bool bulk_preview(const struct bank *b, const struct bulk_choice *choice,
                  const struct bulk_change *change, struct bulk_plan *out,
                  struct err *e) MUST_USE;
/* CONFLICT at "/digest" where the plan is no longer the one whose digest is SEEN; at "/items" where it
 * changes nothing. *out is what was done. */
bool bulk_apply(const struct bank *b, const struct bulk_choice *choice,
                const struct bulk_change *change, const unsigned char seen[HASH_BYTES],
                struct bulk_plan *out, struct err *e) MUST_USE;

/* --- the rules, without a database -------------------------------------------------------------- */
bool bulk_change_check(const struct bulk_change *c, struct err *e) MUST_USE;
/* Why an item in this state is left alone; NULL: it is not. */
const char *bulk_refusal(const struct item_row *row, const struct bulk_change *c);
/* OBJECT with the change made; CODES are those of all the chosen, its own among them. */
struct json_t *bulk_changed(struct arena *a, const struct json_t *object,
                            const struct bulk_change *c, const char *const *codes,
                            size_t count);
/* The members that a bulk change may change and that differ, null where there is none; false: none. */
bool bulk_difference(struct arena *a, const struct json_t *before, const struct json_t *after,
                     const struct json_t **was, const struct json_t **is);

#endif
