/* test/main.c - runs the tests of one module: every row of its tests.def. HENG_TEST_TIMES=1 has it say what
 * each took of the processors, with the processes that it ended. */
#include "test/check.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/crypto.h"

static long cpu_ms(void)
{
    struct rusage own, ended;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &ended);
    return (own.ru_utime.tv_sec + own.ru_stime.tv_sec + ended.ru_utime.tv_sec +
            ended.ru_stime.tv_sec) *
               1000 +
           (own.ru_utime.tv_usec + own.ru_stime.tv_usec + ended.ru_utime.tv_usec +
            ended.ru_stime.tv_usec) /
               1000;
}

static void run(const char *name, void (*test)(void))
{
    long began = cpu_ms();
    test();
    if (getenv("HENG_TEST_TIMES"))
        print_message("%6ld ms %s\n", cpu_ms() - began, name);
}

#define TEST(name)                                                                             \
    static void run_##name(void **state)                                                       \
    {                                                                                          \
        (void)state;                                                                           \
        run(#name, name##_test);                                                               \
    }
#include TESTS_DEF
#undef TEST

#define TEST(name) {#name, run_##name, NULL, NULL, NULL},
static const struct CMUnitTest tests[] = {
#include TESTS_DEF
};
#undef TEST

/* What the leak checker of the sanitizer build must not report: the font libraries keep caches for
 * the life of the process, and cairo 1.16 loses a small array a font when it ends a PDF. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\n";
}

/* A module's test program may stand in for heng where it is called as such. */
#pragma weak naughty_keeper
void naughty_keeper(int argc, char **argv);

int main(int argc, char **argv)
{
    struct err e = {0};
    if (naughty_keeper)
        naughty_keeper(argc, argv);
    if (!crypto_start(&e)) {
        print_error("%s\n", e.text);
        return 1;
    }
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name(TESTS_DEF, tests, NULL, NULL);
}
