/* test/store.h - a fresh database for a test, in a folder of its own that goes with it. */
#ifndef TEST_STORE_H
#define TEST_STORE_H

#include "base/arena.h"
#include "base/crypto.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

struct test_store {
    struct arena *arena;
    const char *folder;
    struct store *store;
    struct db *db;
    struct master *master;
    struct blob_place blobs;
    struct actor actor; /* a body and an account of random ids; now_ms 2026-11-21T01:00Z */
};

struct test_store *test_store_create(void);
void test_store_destroy(struct test_store *t);

#endif
