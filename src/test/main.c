/* test/main.c - runs the tests of one module: every row of its tests.def. */
#include "test/check.h"

#include "base/crypto.h"

#define TEST(name)                                                                             \
    static void run_##name(void **state)                                                       \
    {                                                                                          \
        (void)state;                                                                           \
        name##_test();                                                                         \
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
