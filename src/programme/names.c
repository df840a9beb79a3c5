/* programme/names.c - finds occupations and majors on a programme's lists. */
#include "programme/names.h"

#include <string.h>

#include "programme/programme.h"

static const char *past_blanks(const char *s)
{
    for (;;) {
        if (*s == ' ' || *s == '\t')
            s++;
        else if (strncmp(s, "\xE3\x80\x80", 3) == 0) /* U+3000 */
            s += 3;
        else
            return s;
    }
}

/* Equal but for blanks, and for ENDING that NAME may have behind it. */
static bool same_name(const char *name, const char *listed, const char *ending)
{
    for (;;) {
        name = past_blanks(name);
        listed = past_blanks(listed);
        if (!*listed)
            break;
        if (*name++ != *listed++)
            return false;
    }
    size_t len = strlen(ending);
    if (len && strncmp(name, ending, len) == 0)
        name = past_blanks(name + len);
    return *name == '\0';
}

static const char *scope_on(const struct name_list *lists, size_t count, const char *name,
                            const char *ending)
{
    for (size_t i = 0; i < count; i++) {
        const struct name_list *l = &lists[i];
        for (size_t k = 0; k < l->item_count; k++)
            if (same_name(name, l->items[k], ending))
                return l->scope;
        for (size_t k = 0; k < l->alias_count; k++)
            if (same_name(name, l->aliases[k].name, ending))
                return l->scope;
    }
    return "other";
}

const char *occupation_scope(const struct programme *p, const char *name)
{
    if (same_name(name, p->occupation->name, ""))
        return "own";
    for (size_t i = 0; i < p->occupation->name_count; i++)
        if (same_name(name, p->occupation->names[i], ""))
            return "own";
    return scope_on(p->occupations, p->occupation_list_count, name, "");
}

const char *major_scope(const struct programme *p, const char *name)
{
    if (strcmp(name, "own") == 0 || strcmp(name, "related") == 0 || strcmp(name, "other") == 0)
        return name;
    return scope_on(p->majors, p->major_list_count, name, "专业");
}
