/* bank/exchange_gift.h - the two halves of GIFT: exchange_gift.c reads, exchange_gift_write.c writes. */
#ifndef BANK_EXCHANGE_GIFT_H
#define BANK_EXCHANGE_GIFT_H

#include "bank/exchange.h"

#define GIFT_NOTE "heng: "

bool gift_write(struct exchange *x, struct exchange_item *items, size_t count,
                struct bytes *out, struct err *e);

#endif
