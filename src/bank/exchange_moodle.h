/* bank/exchange_moodle.h - the parts of Moodle XML: exchange_moodle.c reads a question, …_cloze.c the
 * little answers inside a text, …_write.c writes. */
#ifndef BANK_EXCHANGE_MOODLE_H
#define BANK_EXCHANGE_MOODLE_H

#include "bank/exchange.h"

#define MOODLE_NOTE "heng: "

/* A text with {1:SHORTANSWER:=…}: `blank` where all are answers to fill in, else a `case` with a part
 * for each; NULL where there is none. */
struct json_t *cloze_read(struct exchange *x, const char *id, const char *text);
bool moodle_write(struct exchange *x, struct exchange_item *items, size_t count,
                  struct bytes *out, struct err *e);

#endif
