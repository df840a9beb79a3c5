/* base/id_test.c - ids: no two alike, one spelling. */
#include "base/id.h"

#include "test/check.h"

void ids_test(void)
{
    struct id x = id_random(), y = id_random(), back;
    char text[ID_TEXT_BYTES];
    CHECK("two are different", !id_equal(x, y));
    CHECK("never zero", !id_is_zero(x) && id_is_zero((struct id){{0}}));
    id_write(x, text);
    CHECK_INT("32 digits", strlen(text), 32);
    CHECK("back", id_read(text, &back) && id_equal(back, x));
    CHECK_INT("short", id_read("0123456789abcdef", &back), false);
    CHECK_INT("not hex", id_read("0123456789abcdef0123456789abcdeg", &back), false);
    CHECK_INT("long", id_read("0123456789abcdef0123456789abcdef0", &back), false);
}
