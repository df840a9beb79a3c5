/* web/resit.h - resits as the routes of applications use them: asked of award/, noted in entry/. */
#ifndef WEB_RESIT_H
#define WEB_RESIT_H

#include "award/resit.h"

struct batch;
struct entry;
struct json_out;
struct programme;
struct request;

struct resits {
    struct resit_question question;
    struct resit_answer answer;
};
/* Of the application's person, for the exam of its batch. */
bool resits_of(struct request *rq, const struct entry *n, const struct batch *b,
               const struct programme *p, struct resits *out, struct err *e) MUST_USE;
/* "resits": {"max_resits","keep_days","source","refused","again","parts":[…]}, a member of an open
 * object; nothing for somebody who was not examined before. */
void put_resits(struct json_out *o, const struct resits *r);

/* RULE at "/entry" if the person has tried as often as the batch allows. */
bool resits_check(struct request *rq, struct id entry, struct err *e) MUST_USE;
/* For entry_review's `also`, CTX the request: refuses like resits_check, and notes what was passed and
 * still counts, so that nobody is seated for it again. */
bool resits_note(struct db *db, void *ctx, const struct entry *n, struct err *e) MUST_USE;

#endif
