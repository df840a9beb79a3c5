/* entry/entry_fixture.h - for tests: a body with people, a programme set, a batch that is open. */
#ifndef ENTRY_ENTRY_FIXTURE_H
#define ENTRY_ENTRY_FIXTURE_H

#include "entry/desk.h"
#include "programme/programme.h"
#include "test/store.h"

struct entry_fixture {
    struct test_store *t;
    struct programme_set set;
    struct entry_desk candidate, registrar,
        stranger; /* desks; the stranger is another body's */
    struct actor candidate_is, registrar_is, stranger_is;
    struct id person, batch;
    int64_t level;     /* that a draft is for; 4 */
    const char *facts; /* of a draft; entry_fixture_facts */
};

/* A batch of national-2023, levels 4, 3 and 2, with QUOTA places (0 = no limit) and a candidate who
 * has everything but an application. */
struct entry_fixture *entry_fixture_create(int64_t quota);
void entry_fixture_destroy(struct entry_fixture *f);

/* Another person of the body with identity data and consents; a desk of their own. */
struct entry_desk entry_fixture_person(struct entry_fixture *f, int number);
/* A draft of that desk's person with a photo row and facts that leave the verdict UNKNOWN. */
struct id entry_fixture_draft(struct entry_fixture *f, const struct entry_desk *d);
/* The same, handed in. */
struct id entry_fixture_submitted(struct entry_fixture *f, const struct entry_desk *d);
struct entry entry_fixture_get(struct entry_fixture *f, struct id entry);

extern const char entry_fixture_facts[];

#endif
