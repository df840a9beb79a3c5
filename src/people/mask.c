/* people/mask.c - what others may see of a person: one spelling for all.
 *
 * Stars never outnumber or undernumber the characters hidden, but for mail, whose length is as
 * telling as its letters. What is too short to hide anything shows nothing. */
#include "people/mask.h"

#include <string.h>

#include "base/arena.h"

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += begins_character(*s);
    return n;
}

/* The first FRONT and the last BACK characters, a star for each other. */
static char *masked(struct arena *a, const char *s, size_t front, size_t back)
{
    size_t count = characters(s), at = 0, n = 0;
    char *out = arena_alloc(a, strlen(s) + 2, 1);
    for (; *s; s++) {
        at += begins_character(*s);
        if (at <= front || at > count - back)
            out[n++] = *s;
        else if (begins_character(*s))
            out[n++] = '*';
    }
    return out;
}

char *mask_name(struct arena *a, const char *name)
{
    size_t count = characters(name);
    return masked(a, name, count >= 2, count >= 3);
}

char *mask_document(struct arena *a, const char *number)
{
    size_t count = characters(number);
    if (count >= 15)
        return masked(a, number, 6, 4);
    return count >= 8 ? masked(a, number, 2, 2) : masked(a, number, 0, 0);
}

char *mask_last_four(struct arena *a, const char *number)
{
    return masked(a, number, 0, characters(number) >= 8 ? 4 : 0);
}

char *mask_phone(struct arena *a, const char *phone)
{
    size_t count = characters(phone);
    return count >= 11 ? masked(a, phone, 3, 4) : masked(a, phone, 0, count >= 8 ? 2 : 0);
}

char *mask_mail(struct arena *a, const char *address)
{
    const char *domain = strrchr(address, '@');
    if (!domain || domain == address)
        return arena_text(a, "***");
    size_t first = 1;
    while (!begins_character(address[first]))
        first++;
    return arena_printf(a, "%.*s***%s", (int)first, address, domain);
}
