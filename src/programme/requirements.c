/* programme/requirements.c - reads the table of requirements that is built into the program. */
#include "programme/requirements.h"

#include <string.h>

#include "base/arena.h"
#include "base/embed.h"

enum { COLUMNS = 6 };

static const char *const state_names[REQUIREMENT_STATES] = {"works", "held", "later"};

const char *requirement_state_name(enum requirement_state s)
{
    return state_names[s];
}

static bool state_read(const char *text, enum requirement_state *out)
{
    for (int s = 0; s < REQUIREMENT_STATES; s++)
        if (strcmp(state_names[s], text) == 0) {
            *out = (enum requirement_state)s;
            return true;
        }
    return false;
}

/* Cuts LINE at its tabs. */
static bool row_read(char *line, struct requirement *out, struct err *e)
{
    char *cell[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        cell[i] = strsep(&line, "\t");
    if (!cell[COLUMNS - 1] || line)
        return FAIL(e, INVALID, cell[0], "须有 %d 列。", COLUMNS);
    *out = (struct requirement){
        .id = cell[0], .theme = cell[1], .text = cell[2], .where = cell[4], .test = cell[5]};
    return state_read(cell[3], &out->state) ||
           FAIL(e, INVALID, cell[0], "没有状态 %.20s。", cell[3]);
}

bool requirements_read(struct arena *a, const struct requirement **out, size_t *count,
                       struct err *e)
{
    const struct embedded *f = embedded_find("requirements.tsv");
    if (!f)
        return FAIL(e, INTERNAL, "requirements.tsv", "程序里没有需求表。");
    char *rest = arena_copy(a, f->bytes, f->len), *line;
    size_t lines = 0, n = 0;
    for (size_t i = 0; i < f->len; i++)
        lines += f->bytes[i] == '\n';
    struct requirement *rows = arena_array(a, struct requirement, lines + 1);
    strsep(&rest, "\n"); /* headings */
    while ((line = strsep(&rest, "\n")))
        if (*line && !row_read(line, &rows[n++], e))
            return false;
    *out = rows;
    *count = n;
    return true;
}
