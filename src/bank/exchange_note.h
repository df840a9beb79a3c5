/* bank/exchange_note.h - the note beside an exported question: what the format could not hold. */
#ifndef BANK_EXCHANGE_NOTE_H
#define BANK_EXCHANGE_NOTE_H

struct arena;
struct exchange;
struct json_t;

/* What turns READ (what the question reads back as) into ITEM, on one line; NULL where they are
 * equal. Members: "set" {member: value}, "was" {member: digest of what it replaces}, "drop" [member]. */
const char *exchange_note_make(struct arena *a, const struct json_t *read,
                               const struct json_t *item);
/* The members a note carries, as "/levels /points"; for the loss that names them. */
const char *exchange_note_members(struct arena *a, const char *note);
/* Applies it to OBJECT. A member whose visible text has changed since keeps the change. ID: for the
 * losses. */
void exchange_note_apply(struct exchange *x, struct json_t *object, const char *id,
                         const char *note);

#endif
