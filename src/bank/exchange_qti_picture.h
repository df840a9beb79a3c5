/* bank/exchange_qti_picture.h - the pictures, sounds and films of one QTI item, out of its package. */
#ifndef BANK_EXCHANGE_QTI_PICTURE_H
#define BANK_EXCHANGE_QTI_PICTURE_H

#include "bank/exchange_attached.h"
#include "bank/exchange_qti.h"

struct qti_pictures {
    struct brought brought;
    struct qti_files files;
};

/* The id by which the item names the picture of an img or object; NULL, with a loss, where the package has none
 * or it cannot be taken. */
const char *qti_picture(const struct qti_pictures *p, const struct xml_node *n);
/* The same for a sound or film: an audio, video or object element. */
const char *qti_media(const struct qti_pictures *p, const struct xml_node *n);

#endif
