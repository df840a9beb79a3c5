/* base/embed.c - finds a file that was built into the program. */
#include "base/embed.h"

#include <string.h>

/* The first whose name is not below NAME. */
static size_t lower_bound(const char *name)
{
    size_t from = 0, to = heng_embedded_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (strcmp(heng_embedded[middle].name, name) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct embedded *embedded_find(const char *name)
{
    size_t i = lower_bound(name);
    if (i < heng_embedded_count && strcmp(heng_embedded[i].name, name) == 0)
        return &heng_embedded[i];
    return NULL;
}

const struct embedded *embedded_under(const char *prefix, size_t i)
{
    i += lower_bound(prefix);
    if (i < heng_embedded_count && strncmp(heng_embedded[i].name, prefix, strlen(prefix)) == 0)
        return &heng_embedded[i];
    return NULL;
}
