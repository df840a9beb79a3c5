/* programme/names.h - what the name of an occupation or a major counts as for a programme.
 *
 * 本职业 is the programme's own occupation; 相关职业 and 本专业或相关专业 are its lists (national
 * standard 1.9.1, footnotes ① and ②) with their aliases. Blanks do not count, nor does a closing
 * 专业 after a major. A name on no list is "other"; "related_field" never follows from a name. */
#ifndef PROGRAMME_NAMES_H
#define PROGRAMME_NAMES_H

struct programme;

const char *occupation_scope(const struct programme *p,
                             const char *name);                       /* own related other */
const char *major_scope(const struct programme *p, const char *name); /* own related other */

#endif
