/* paper/assemble_read.h - reading a blueprint: what its two files share. */
#ifndef PAPER_ASSEMBLE_READ_H
#define PAPER_ASSEMBLE_READ_H

#include "base/json.h"
#include "paper/assemble.h"

struct reading {
    struct arena *arena;
    const struct assembly_bank *bank;
    struct assembly_blueprint *out;
    const struct assembly_item *const *by_id; /* of the bank, sorted */
    struct err *e;
};

const struct assembly_item *const *reading_index(struct arena *a,
                                                 const struct assembly_bank *bank);
bool reading_has_item(const struct reading *r, const char *id);

bool read_number_or(const struct reading *r, const json_t *o, const char *name,
                    double otherwise, double *out);
/* At most ASSEMBLE_THETAS_MAX; an absent member leaves count 0. */
bool read_numbers(const struct reading *r, const json_t *o, const char *name, double *out,
                  size_t *count);
/* Texts or whole numbers. */
bool read_texts(const struct reading *r, const json_t *v, const char *name,
                const char *const **out, size_t *count);
/* The conditions of one form type: its own members, or else those of the whole. */
bool reading_type(const struct reading *r, const json_t *own, const json_t *whole,
                  struct assembly_type *out);

#endif
