/* web/rate_test.c - the nth is let in, the next is not, and the window passes. */
#include "web/rate.h"

#include "test/check.h"

void rate_windows_test(void)
{
    struct rates *r = rates_create(1);
    int64_t retry;
    for (int i = 0; i < 20; i++)
        CHECK("within", rate_take(r, RATE_verify_minute, "10.0.0.1", 1000000, &retry));
    CHECK("the 21st", !rate_take(r, RATE_verify_minute, "10.0.0.1", 1030000, &retry));
    CHECK_INT("says when", retry, 30);
    CHECK("another source", rate_take(r, RATE_verify_minute, "10.0.0.2", 1030000, &retry));
    CHECK("another kind", rate_left(r, RATE_verify_miss, "10.0.0.1", 1030000));
    CHECK("a minute later", rate_take(r, RATE_verify_minute, "10.0.0.1", 1060000, &retry));
    rates_destroy(r);
}
