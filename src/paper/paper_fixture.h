/* paper/paper_fixture.h - the starter bank's level 4, two forms of it, three officers and six attempts of one
 * session: what the tests of papers begin with. */
#ifndef PAPER_PAPER_FIXTURE_H
#define PAPER_PAPER_FIXTURE_H

#include <jansson.h>

#include "paper/paper.h"
#include "programme/programme.h"
#include "test/check.h"
#include "test/store.h"

#define PAPER_TEST_OPEN_AT (1795222800000 + INT64_C(3) * 60 * 60 * 1000)

struct paper_test {
    struct test_store *t;
    struct bank bank;
    struct actor author, officers[3];
    struct programme_set programmes;
    unsigned char release_public[SIGN_PUBLIC_BYTES], release_secret[SIGN_SECRET_BYTES];
    struct id session, forms[2],
        attempts[6]; /* forms: direction A; C with calculations and a case */
    struct release_desk *desk;
};

extern const char *const paper_test_phrases[3]; /* of the officers */

struct paper_test *paper_test_create(void);
void paper_test_destroy(struct paper_test *p);

/* Lines of the bank's format, which then wait for review. */
void paper_test_import(struct paper_test *p, const char *name, struct bytes file);
/* Every item that waits, by two reviewers and the proof-reader. */
void paper_test_approve(struct paper_test *p);

/* Papers for five candidates in two rooms: attempts 0, 1 and 4 on form 0, attempts 2 and 3 on form 1. */
bool paper_test_prepare(struct paper_test *p, size_t officers, struct err *e);
bool paper_test_arm(struct paper_test *p, int officer, const char *passphrase, int64_t now_ms,
                    int *armed, struct err *e);
/* STEP_MS: what the monotonic clock lags behind. */
bool paper_test_release_at(struct paper_test *p, int64_t now_ms, int64_t step_ms,
                           struct err *e);
/* By two officers, in time. */
void paper_test_release(struct paper_test *p);
/* What the candidate reads, after the release; the store's arena owns it. */
const json_t *paper_test_exam(struct paper_test *p, struct id attempt);

#endif
