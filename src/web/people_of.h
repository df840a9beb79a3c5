/* web/people_of.h - what the handlers for accounts and people share. */
#ifndef WEB_PEOPLE_OF_H
#define WEB_PEOPLE_OF_H

#include "base/err.h"
#include "people/people.h"
#include "web/rate.h"

struct account;
struct json_out;
struct request;

struct people people_of(struct request *rq);

/* The members of an account, into an object that is open. */
void put_account(struct json_out *o, const struct account *a);

/* Takes one from the allowance of the asker's address; TOO_MANY when it is used up. */
bool address_allowed(struct request *rq, enum rate which, struct err *e);

#endif
