/* paper/assemble_bank.h - what the two spellings of a bank have in common. */
#ifndef PAPER_ASSEMBLE_BANK_H
#define PAPER_ASSEMBLE_BANK_H

#include "paper/assemble.h"

/* Where a number or a text of an item comes from. */
struct assembly_raw {
    const char *id, *area, *type, *cognitive, *difficulty, *enemy;
    const char *const *tags, *const *enemies;
    size_t tag_count, enemy_count, line;
    double a, b, c, minutes, points, uses; /* NAN: not given */
};

/* A number in C's spelling and nothing behind it; false for words, NaN and infinities. */
bool assembly_number(const char *text, double *out);
/* Checks ranges, falls back to the difficulty class. */
bool assembly_item_make(struct arena *a, const struct assembly_raw *raw,
                        struct assembly_item *out, struct err *e) MUST_USE;
/* Words between ; | or blanks. */
const char *const *assembly_words(struct arena *a, const char *text, size_t *count);
/* JSON lines; assemble_bank_json.c */
bool assembly_bank_read_json(struct arena *a, struct bytes text, struct assembly_bank *out,
                             struct err *e) MUST_USE;
void assembly_bank_add(struct arena *a, struct assembly_bank *bank,
                       const struct assembly_item *item);

#endif
