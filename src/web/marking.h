/* web/marking.h - what handlers of marks and results share. */
#ifndef WEB_MARKING_H
#define WEB_MARKING_H

#include "marking/marking.h"

struct json_out;
struct request;
struct working;

struct marking marking_of(struct request *rq);
struct marking marking_of_work(const struct working *w);
void put_stored_json(struct request *rq, struct json_out *o, const char *key, const char *text);

#endif
