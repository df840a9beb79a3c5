/* paper/form_store.h - forms in and out of the database. */
#ifndef PAPER_FORM_STORE_H
#define PAPER_FORM_STORE_H

#include "paper/paper.h"

struct form_record {
    struct id id;
    const char *name;
    const struct blueprint *blueprint;
    const struct blueprint_solution *solution;
    const unsigned char *seed; /* SEED_BYTES */
    const char *certificate;   /* JSON (parallel.h) */
};

/* Inside a transaction. */
bool form_put(struct db *db, struct arena *a, const struct actor *who,
              const struct form_record *f, struct err *e) MUST_USE;
bool form_mark_sealed(struct db *db, const struct actor *who, struct id form,
                      struct err *e) MUST_USE;
/* Adds the codes of a form's items to the list. */
bool form_codes(struct db *db, struct arena *a, struct id body, struct id form,
                const char ***codes, size_t *count, struct err *e) MUST_USE;

/* In how many sessions each of COUNT items stood in a sealed paper. */
bool form_item_uses(const struct bank *b, const char *programme, const struct item_row *items,
                    size_t count, int64_t *uses, struct err *e) MUST_USE;

#endif
