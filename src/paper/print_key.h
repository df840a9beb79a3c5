/* paper/print_key.h - the key of an item in the letters of one print. */
#ifndef PAPER_PRINT_KEY_H
#define PAPER_PRINT_KEY_H

struct arena;
struct json_t;

/* The letter under which the option with this id is printed; '?' if it is none of them. */
char print_letter(const struct json_t *options, const char *id);
/* ITEM is the item or the part of a case with its key, SHOWN what the candidate sees of it. */
const char *print_key(struct arena *a, const struct json_t *item, const struct json_t *shown);

#endif
