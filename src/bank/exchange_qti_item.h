/* bank/exchange_qti_item.h - for exchange_qti_item.c and exchange_qti_interaction.c only: one item while
 * it is read. */
#ifndef BANK_EXCHANGE_QTI_ITEM_H
#define BANK_EXCHANGE_QTI_ITEM_H

#include "bank/exchange_qti.h"
#include "bank/exchange_qti_picture.h"

enum { PARTS_MAX = 12 };

struct qti_item {
    struct exchange *x;
    const struct xml_node *root, *body;
    const char *id;
    const struct xml_node *interactions[PARTS_MAX];
    size_t count;
    bool too_many;
    struct qti_pictures pictures;
};

/* The text below N with its pictures; markup that is not carried is noted as lost from ELEMENT. */
const char *qti_text(const struct qti_item *q, const struct xml_node *n, const char *element);

/* The interaction as a question of an item file, NULL where there is no such kind or no key. */
struct json_t *qti_interaction_read(const struct qti_item *q, const struct xml_node *n,
                                    const char *stem);
/* The answers that a text entry takes, the right one first. */
struct json_t *qti_accepted(const struct qti_item *q, const struct xml_node *n);
/* Does it ask for a number? */
bool qti_is_number(const struct qti_item *q, const struct xml_node *n);

#endif
