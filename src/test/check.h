/* test/check.h - checks that say what was tried, on top of cmocka.
 *
 * A test is a function `void name_test(void)` in a file x_test.c beside x.c, and a row
 * TEST(name) in the module's tests.def. The first failed check ends the test. */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

/* Declares the tests of this module, so that no test file has to. */
#ifdef TESTS_DEF
#define TEST(name) void name##_test(void);
#include TESTS_DEF
#undef TEST
#endif

#define CHECK(what, condition)                                                                 \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            print_error("%s: %s is false\n", (what), #condition);                              \
            _fail(__FILE__, __LINE__);                                                         \
        }                                                                                      \
    } while (0)

#define CHECK_INT(what, got, want)                                                             \
    do {                                                                                       \
        long long got_ = (long long)(got), want_ = (long long)(want);                          \
        if (got_ != want_) {                                                                   \
            print_error("%s: %s is %lld, not %lld\n", (what), #got, got_, want_);              \
            _fail(__FILE__, __LINE__);                                                         \
        }                                                                                      \
    } while (0)

#define CHECK_TEXT(what, got, want)                                                            \
    do {                                                                                       \
        const char *got_ = (got), *want_ = (want);                                             \
        if (!got_ || !want_ ? got_ != want_ : strcmp(got_, want_) != 0) {                      \
            print_error("%s: %s is \"%s\", not \"%s\"\n", (what), #got, got_ ? got_ : "NULL",  \
                        want_ ? want_ : "NULL");                                               \
            _fail(__FILE__, __LINE__);                                                         \
        }                                                                                      \
    } while (0)

#define CHECK_NEAR(what, got, want, tolerance)                                                 \
    do {                                                                                       \
        double got_ = (got), want_ = (want), tolerance_ = (tolerance);                         \
        if (!(got_ - want_ <= tolerance_ && want_ - got_ <= tolerance_)) {                     \
            print_error("%s: %s is %.12g, not %.12g\n", (what), #got, got_, want_);            \
            _fail(__FILE__, __LINE__);                                                         \
        }                                                                                      \
    } while (0)

/* For calls that must succeed: prints the error. */
#define CHECK_OK(what, call, e)                                                                \
    do {                                                                                       \
        if (!(call)) {                                                                         \
            print_error("%s: %s: %s %s\n", (what), #call, (e)->field, (e)->text);              \
            _fail(__FILE__, __LINE__);                                                         \
        }                                                                                      \
    } while (0)

/* For calls that must be refused with this code at this field. */
#define CHECK_REFUSED(what, call, e, code_, field_)                                            \
    do {                                                                                       \
        CHECK_INT(what, (call), false);                                                        \
        CHECK_TEXT(what, err_name((e)->code), err_name(ERR_##code_));                          \
        CHECK_TEXT(what, (e)->field, (field_));                                                \
    } while (0)

#endif
