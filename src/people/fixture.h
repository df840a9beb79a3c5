/* people/fixture.h - for tests: a body with staff who have signed in with their second factor. */
#ifndef PEOPLE_FIXTURE_H
#define PEOPLE_FIXTURE_H

#include "people/account.h"
#include "people/body.h"
#include "people/people.h"
#include "people/sign_in.h"
#include "people/totp.h"
#include "test/check.h"
#include "test/store.h"

struct fixture {
    struct test_store *t;
    struct actor who; /* nobody yet; body and time are set */
    struct people p;
    struct body body;
    struct staff *staff; /* all that were made */
};

#define FIXTURE_PASSWORD "Zrlbx-47-Krvqtm-05"

struct staff {
    struct fixture *f;
    struct staff *next;
    struct account account;
    struct viewer viewer;
    struct actor who;
    struct people p;
    char token[TOKEN_TEXT_BYTES];
    unsigned char seed[TOTP_SEED_BYTES];
    struct totp_enrolled enrolled;
};

struct fixture *fixture_create(void);
void fixture_destroy(struct fixture *f);
/* Time passes, for the fixture and for all of its staff. */
void fixture_wait(struct fixture *f, int64_t ms);

/* An account that has signed in; staff have also enrolled. */
struct staff *fixture_account(struct fixture *f, const char *login, uint32_t roles);
/* Of its authenticator, in the step of a minute later, so that each call has a fresh one. */
const char *fixture_code(struct staff *s);
struct viewer fixture_viewer(struct fixture *f, const char *token);
int64_t fixture_audit_rows(struct fixture *f);

/* Fails the 1st, 2nd, ... call to the database until RUN gets through; checks that what failed
 * wrote no audit row, for then it left no change either. */
void fixture_fault_loop(struct fixture *f, const char *what,
                        bool (*run)(void *ctx, struct err *e), void *ctx);

#endif
