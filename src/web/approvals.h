/* web/approvals.h - for handlers whose act waits for a second person. */
#ifndef WEB_APPROVALS_H
#define WEB_APPROVALS_H

#include "people/approval.h"
#include "web/reply.h"
#include "web/request.h"

/* The prototypes of every execute, out of approvals.def. */
#define APPROVAL(act, propose, confirm, hours, execute) approval_execute_fn execute;
#include "web/approvals.def"
#undef APPROVAL

/* The rows of web/approvals.def. */
extern const struct approval_kinds approval_kinds;

struct proposal {
    enum act act; /* a row of approvals.def */
    struct id object;
    const char *payload; /* what execute gets; NULL: the request's body as it came */
    const char *summary; /* one sentence in Chinese: what will happen; no number in full */
};

/* Proposes and answers 202 {"approval":{"id","act","expires"}}. */
bool propose(struct request *rq, struct reply *rp, const struct proposal *p, struct err *e);

#endif
