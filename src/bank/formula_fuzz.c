/* A formula that reads is computed within its steps, gives a reduced fraction within the limit, the
 * same one each time, and its text reads back to within half of the last place. */
#include "bank/formula.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_value(struct arena *a, const struct formula *f)
{
    static const struct fraction values[] = {{20500, 1}, {0, 1}, {-7, 4}};
    struct fraction one, two, back;
    enum formula_result r = formula_value(f, values, &one);
    if (r != formula_value(f, values, &two))
        abort();
    if (r != FORMULA_OK)
        return;
    if (one.top != two.top || one.bottom != two.bottom || one.bottom < 1)
        abort();
    const char *text = fraction_text(a, one, 2);
    if (text && (!fraction_read(text, &back) ||
                 fraction_compare(back, (struct fraction){1000000000, 1}) >= 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const names[] = {"点击", "x", "花费"};
    struct arena *a = arena_create(1 << 20);
    struct err e = {0}, none = {0};
    const char *text = arena_copy(a, data, len);
    const struct formula *f = formula_read(a, text, names, 3, &e),
                         *c = condition_read(a, text, names, 3, &none);
    if ((f == NULL) != (e.code != ERR_NONE) || (c == NULL) != (none.code != ERR_NONE) ||
        (f && c))
        abort();
    if (f)
        check_value(a, f);
    if (c)
        check_value(a, c);
    arena_destroy(a);
    return 0;
}
