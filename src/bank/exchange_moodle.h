/* bank/exchange_moodle.h - the parts of Moodle XML: exchange_moodle.c reads a question, …_text.c the texts of
 * one with the files in them, …_cloze.c the little answers inside a text, …_write.c writes. */
#ifndef BANK_EXCHANGE_MOODLE_H
#define BANK_EXCHANGE_MOODLE_H

#include "bank/exchange.h"
#include "bank/exchange_attached.h"

struct xml_node;

#define MOODLE_NOTE  "heng: "
#define MOODLE_FILES "@@PLUGINFILE@@" /* a text's files seen from the text */

struct moodle_question {
    struct exchange *x;
    const struct xml_node *node;
    const char *id, *stem;
    struct brought brought;
};

/* <element format="html"><text>…</text><file>…</file></element> as plain text with ![id] for the pictures, sounds
 * and films that it shows. */
const char *moodle_text(const struct moodle_question *q, const struct xml_node *n,
                        const char *element);
/* The words alone, of a text that is not carried; its files are losses. */
const char *moodle_words(const struct moodle_question *q, const struct xml_node *n,
                         const char *element);

/* A text with {1:SHORTANSWER:=…}: `blank` where all are answers to fill in, else a `case` with a part
 * for each; NULL where there is none. */
struct json_t *cloze_read(struct exchange *x, const char *id, const char *text);
bool moodle_write(struct exchange *x, struct exchange_item *items, size_t count,
                  struct bytes *out, struct err *e);

#endif
