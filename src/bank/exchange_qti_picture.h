/* bank/exchange_qti_picture.h - the pictures, sounds and films of one QTI item, out of its package. */
#ifndef BANK_EXCHANGE_QTI_PICTURE_H
#define BANK_EXCHANGE_QTI_PICTURE_H

#include "bank/exchange_qti.h"

struct qti_pictures {
    struct exchange *x;
    const char *item; /* for the losses */
    struct qti_files files;
    struct json_t *list;  /* as an item's `pictures` */
    struct json_t *media; /* as an item's `media` */
};

/* The id by which the item names the picture of an img or object. NULL where the package has none, which
 * the caller says; and, with a loss, where it cannot be taken. */
const char *qti_picture(const struct qti_pictures *p, const struct xml_node *n);
/* The same for a sound or film: an audio, video or object element. */
const char *qti_media(const struct qti_pictures *p, const struct xml_node *n);
/* Gives the item those that it shows. */
void qti_pictures_put(const struct qti_pictures *p, struct json_t *item);

#endif
