/* test/whole.h - a whole use case with each of its calls failing: what it did is all there, or nothing of it
 * is (STYLE §3.3). "Nothing" is the whole database: every row of every table is as it was.
 *
 *     CHECK_WHOLE("submitted", t, db, typed_submit(&desk, &typing, &e), &e);
 *
 * runs the call again and again: the nth call to DB fails, first with all after it, then alone, until the
 * use case gets through; then it has been done, once. Its inputs must be the same each time. */
#ifndef TEST_WHOLE_H
#define TEST_WHOLE_H

#include "test/check.h"
#include "test/store.h"

struct whole {
    const char *what;
    struct test_store *t;
    struct db *db;
    struct engine_connection *reader; /* PostgreSQL only */
    int nth;                          /* which call fails */
    bool forever, over;
    unsigned char before[HASH_BYTES];
};

struct whole whole_begin(const char *what, struct test_store *t, struct db *db);
/* Arms the next run; false when one got through. */
bool whole_next(struct whole *w);
void whole_ran(struct whole *w, bool ok, const struct err *e);

#define CHECK_WHOLE(what, t, db, call, e)                                                      \
    for (struct whole w_ = whole_begin((what), (t), (db)); whole_next(&w_);) {                 \
        *(e) = (struct err){0};                                                                \
        bool ok_ = (call);                                                                     \
        whole_ran(&w_, ok_, (e));                                                              \
    }

/* All rows of all tables, whatever their order. */
void test_store_digest(struct test_store *t, unsigned char out[HASH_BYTES]);

#endif
