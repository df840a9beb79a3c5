/* measure/measure_fixture.h - for tests: a body's desk with accounts, and a bank of live items, one like another. */
#ifndef MEASURE_MEASURE_FIXTURE_H
#define MEASURE_MEASURE_FIXTURE_H

#include "bank/bank.h"
#include "marking/marking.h"
#include "people/viewer.h"

struct test_store;

/* Both act as the store's actor, with the programmes that ship. */
void fixture_desk(struct test_store *t, struct marking *m, struct bank *b);
struct id fixture_account(const struct marking *m, const char *login, uint32_t roles);
/* A single-choice item of level 4 under B2.1.1. ITEM zero and VERSION 0: a new one. */
void fixture_item(const struct bank *b, const char *code, const char *stem, struct id item,
                  int64_t version);
/* Every draft in its first version becomes live; the rows, by code. */
struct item_row *fixture_live(const struct bank *b, size_t *count);

#endif
