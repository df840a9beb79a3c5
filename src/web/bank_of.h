/* web/bank_of.h - what the handlers for items, the bank and papers share. */
#ifndef WEB_BANK_OF_H
#define WEB_BANK_OF_H

#include "bank/bank.h"
#include "web/reply.h"
#include "web/request.h"

struct bank bank_of(struct request *rq);
enum bank_whose bank_whose_of(const char *name); /* "mine", "queue"; else all */
/* By id or alias; NOT_FOUND at "programme". */
bool programme_of(struct request *rq, const char *name, const struct programme **out,
                  struct err *e) MUST_USE;

/* A file of an item, named by its type. */
struct attached;
void reply_attached(struct request *rq, struct reply *rp, const struct attached *file);

#endif
