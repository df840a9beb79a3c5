/* people/approval.h - acts that need two people (SECURITY, rule 5 and S7).
 *
 * One proposes: what to do is kept as bytes with their hash. Another account, in another sign-in,
 * with a role that the act allows and a fresh TOTP code confirms, and the act is executed in that
 * same transaction, once. Which acts there are is a table of the layer above (web/approvals.def),
 * for they belong to later modules; a module brings its `execute` and nothing else. */
#ifndef PEOPLE_APPROVAL_H
#define PEOPLE_APPROVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "people/viewer.h"
#include "store/audit.h"

struct arena;
struct db;
struct people;

struct approval {
    struct id id, body;
    enum act act;
    struct id object;
    struct bytes payload; /* what execute gets: usually the JSON that was proposed */
    const char *summary;  /* one sentence for the second person */
    struct id proposer, proposer_sign_in;
    int16_t proposer_role;
    const char *proposer_name;
    int64_t at_ms, expires_ms;
    struct id confirmed_by, refused_by; /* zero while it is open */
    const char *confirmed_by_name, *refuse_reason;
    int64_t decided_ms; /* 0 while it is open */
};

/* Does the act inside the transaction of the confirmation. WHO is the proposer, with the
 * confirmer as `second`, so audit rows name both. False undoes everything and leaves the approval
 * open. May run twice: writes to nothing but DB. APP is what the layer above passes along. */
typedef bool approval_execute_fn(struct db *db, struct arena *a, const struct approval *p,
                                 const struct actor *who, void *app, struct err *e);

struct approval_kind {
    enum act act;
    enum may may_propose, may_confirm;
    int64_t ttl_ms;
    approval_execute_fn *execute;
};

struct approval_kinds {
    const struct approval_kind *rows;
    size_t count;
};
const struct approval_kind *approval_kind_find(const struct approval_kinds *kinds,
                                               enum act act); /* NULL if there is none */

struct approval_proposal {
    const struct approval_kind *kind;
    struct id object;
    struct bytes payload;
    const char *summary;
};

struct approval_put {
    struct id id;
    int64_t expires_ms;
};

/* FORBIDDEN where the viewer may not propose it; CONFLICT at "approval" while the same act on the
 * same object is open already. */
bool approval_propose(const struct people *p, const struct viewer *v,
                      const struct approval_proposal *what, struct approval_put *out,
                      struct err *e) MUST_USE;
/* The same inside a caller's transaction, to propose together with a change of state. */
bool approval_propose_in(const struct people *p, const struct viewer *v,
                         const struct approval_proposal *what, struct approval_put *out,
                         struct err *e) MUST_USE;

struct approval_answer {
    const struct approval_kinds *kinds;
    struct id id;
    const char *code;   /* TOTP, to confirm */
    const char *reason; /* to refuse: 2 to 200 characters */
    void *app;          /* for execute */
};

/* FORBIDDEN: own proposal, own sign-in, or the role does not allow; CONFLICT: expired, decided or
 * its payload altered; UNAUTHENTICATED at "/code"; TOO_MANY after five wrong codes; else what
 * execute said. */
bool approval_confirm(const struct people *p, const struct viewer *v,
                      const struct approval_answer *answer, struct err *e) MUST_USE;
/* By whoever may confirm it, or by the proposer (withdrawn). */
bool approval_refuse(const struct people *p, const struct viewer *v,
                     const struct approval_answer *answer, struct err *e) MUST_USE;

bool approval_get(const struct people *p, struct id id, struct approval *out,
                  struct err *e) MUST_USE;
struct approval_filter {
    bool open_only; /* neither decided nor expired */
    int64_t limit, offset;
};
bool approval_list(const struct people *p, const struct approval_filter *f,
                   struct approval **out, size_t *count, struct err *e) MUST_USE;

#endif
