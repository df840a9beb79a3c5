/* test/store.c - a fresh database for a test. */
#include "test/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "test/check.h"

enum { TEST_ARENA_BYTES = 512 << 20 };

struct test_store *test_store_create(void)
{
    struct err e = {0};
    struct arena *a = arena_create(TEST_ARENA_BYTES);
    struct test_store *t = arena_new(a, struct test_store);
    unsigned char secret[KEY_BYTES];
    char *folder = arena_text(a, "/tmp/heng-test-XXXXXX");
    CHECK("a temporary folder", mkdtemp(folder));
    random_bytes(secret, sizeof secret);
    t->arena = a;
    t->folder = folder;
    t->master = master_create(secret, 1);
    t->store = store_open(arena_printf(a, "%s/heng.db", folder), &e);
    CHECK_OK("store", t->store, &e);
    t->db = db_open(t->store, &e);
    CHECK_OK("db", t->db, &e);
    t->blobs = (struct blob_place){folder, t->master};
    t->actor = (struct actor){.account = id_random(),
                              .body = id_random(),
                              .request = id_random(),
                              .now_ms = 1795222800000};
    return t;
}

void test_store_destroy(struct test_store *t)
{
    struct err e = {0};
    db_close(t->db);
    store_close(t->store);
    master_destroy(t->master);
    CHECK_OK("clean up", folder_remove(t->folder, &e), &e);
    arena_destroy(t->arena);
}
