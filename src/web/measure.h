/* web/measure.h - how an item's figures are written, for all pages that show them. */
#ifndef WEB_MEASURE_H
#define WEB_MEASURE_H

#include "measure/session_items.h"
#include "web/request.h"

struct json_out;

void session_item_write(struct request *rq, struct json_out *o, const struct session_item *it);

#endif
