/* certificate/fixture.h - for the tests of this folder: a body, an award and a holder. */
#ifndef CERTIFICATE_FIXTURE_H
#define CERTIFICATE_FIXTURE_H

#include "certificate/issue.h"
#include "people/body.h"
#include "programme/programme.h"
#include "test/store.h"

struct certificate_fixture {
    struct test_store *t;
    struct programme_set programmes;
    struct body body;
    struct signer *signer;
    struct actor who;
    struct certificate_office office;
    struct award_facts award;
    struct certificate_holder holder;
};

/* A filed demonstration body, a passed level 3 in direction C, 顾言溪 with a photo of noise. */
struct certificate_fixture *certificate_fixture_create(void);
void certificate_fixture_destroy(struct certificate_fixture *f);
/* Issues and reads it back. */
struct certificate certificate_fixture_issue(struct certificate_fixture *f);
int64_t certificate_fixture_count(struct certificate_fixture *f);
int64_t certificate_fixture_serials(struct certificate_fixture *f);

#endif
