/* bank/exchange_qti_picture.h - the pictures of one QTI item, out of its package. */
#ifndef BANK_EXCHANGE_QTI_PICTURE_H
#define BANK_EXCHANGE_QTI_PICTURE_H

#include "bank/exchange_qti.h"

struct qti_pictures {
    struct exchange *x;
    const char *item; /* for the losses */
    struct qti_files files;
    struct json_t *list; /* as an item's `pictures` */
};

/* The id by which the item names the picture of an img or object. NULL where the package has none, which
 * the caller says; and, with a loss, where it cannot be taken. */
const char *qti_picture(const struct qti_pictures *p, const struct xml_node *n);
/* Gives the item those that it shows. */
void qti_pictures_put(const struct qti_pictures *p, struct json_t *item);

#endif
