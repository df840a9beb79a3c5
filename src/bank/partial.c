/* bank/partial.c - the rules of partial credit. */
#include "bank/partial.h"

#include <stddef.h>
#include <string.h>

const char *const partial_names[] = {
#define PARTIAL(name, label) #name,
    PARTIAL_RULES
#undef PARTIAL
        NULL};
const char *const partial_labels[] = {
#define PARTIAL(name, label) label,
    PARTIAL_RULES
#undef PARTIAL
        NULL};

enum partial_credit partial_read(const char *name)
{
    for (int i = 0; name && partial_names[i]; i++)
        if (strcmp(partial_names[i], name) == 0)
            return (enum partial_credit)i;
    return PARTIAL_none;
}

int32_t partial_marks(enum partial_credit rule, int right, int wrong, int total, int32_t max)
{
    if (right == total && wrong == 0)
        return max;
    switch (rule) {
    case PARTIAL_none:
        return 0;
    case PARTIAL_half:
        return wrong == 0 && right > 0 ? max / 2 : 0;
    case PARTIAL_each:
        return wrong == 0 ? (int32_t)((int64_t)max * right / total) : 0;
    case PARTIAL_minus:
        return right > wrong ? (int32_t)((int64_t)max * (right - wrong) / total) : 0;
    }
    return 0;
}
