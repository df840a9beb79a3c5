/* base/err_test.c - what an error says is always whole characters. */
#include "base/err.h"

#include "test/check.h"

void error_texts_are_whole_test(void)
{
    static const struct {
        const char *said, *kept;
        int bytes; /* of what is said that may be used */
    } cases[] = {
        {"年月", "年月", 6},
        {"年月", "年", 5},
        {"年月", "年", 4},
        {"年月", "年", 3},
        {"abc", "ab", 2},
        {"a\xFF"
         "b",
         "ab", 3},
        {"\xC3\xA9", "\xC3\xA9", 2},
        {"\xF0\x9F\x98\x80", "", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        FAIL(&e, INVALID, cases[i].said, "%.*s", cases[i].bytes, cases[i].said);
        CHECK_TEXT(cases[i].said, e.text, cases[i].kept);
    }
    struct err e = {0};
    FAIL(&e, INVALID, "/x", "first");
    FAIL(&e, RULE, "/y", "second");
    CHECK_TEXT("the first error wins", e.text, "first");
    err_under(&e, "/work/0");
    CHECK_TEXT("under", e.field, "/work/0/x");
}
