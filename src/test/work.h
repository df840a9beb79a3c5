/* test/work.h - what a call cost, counted where a stranger could time it: keyed hashes, comparisons of secrets
 * and calls to the database. Tests are linked with --wrap for these (src/test/work.c). */
#ifndef TEST_WORK_H
#define TEST_WORK_H

struct test_work {
    long hashes, derived, compared, queries;
};

/* Since the last call, in this thread. */
struct test_work test_work_take(void);

#endif
