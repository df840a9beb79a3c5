/* app/cmd_requirements.c - `heng requirements`: what is asked for, and where Heng has it. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "programme/requirements.h"

static void write_counts(struct json_out *o, const size_t counts[REQUIREMENT_STATES])
{
    for (int s = 0; s < REQUIREMENT_STATES; s++)
        put_int(o, requirement_state_name((enum requirement_state)s), (int64_t)counts[s]);
}

static void print_rows(struct arena *a, const struct requirement *rows, size_t n)
{
    size_t all[REQUIREMENT_STATES] = {0};
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_array(o, "rows");
    for (size_t i = 0; i < n; i++) {
        out_object(o);
        put_text(o, "id", rows[i].id);
        put_text(o, "theme", rows[i].theme);
        put_text(o, "text", rows[i].text);
        put_text(o, "state", requirement_state_name(rows[i].state));
        put_text(o, "where", rows[i].where);
        put_text(o, "test", rows[i].test);
        out_object_end(o);
        all[rows[i].state]++;
    }
    out_array_end(o);
    put_object(o, "counts");
    write_counts(o, all);
    out_object_end(o);
    out_object_end(o);
    command_print(o);
}

static void print_line(const char *name, const size_t counts[REQUIREMENT_STATES])
{
    size_t sum = 0;
    for (int s = 0; s < REQUIREMENT_STATES; s++)
        sum += counts[s];
    printf("%-8s %6zu %6zu %6zu %6zu\n", name, counts[REQUIREMENT_WORKS],
           counts[REQUIREMENT_HELD], counts[REQUIREMENT_LATER], sum);
}

/* The rows of one theme stand together. */
static void print_themes(const struct requirement *rows, size_t n)
{
    size_t all[REQUIREMENT_STATES] = {0};
    printf("%-8s %6s %6s %6s %6s\n", "theme", "works", "held", "later", "all");
    for (size_t i = 0; i < n;) {
        const char *theme = rows[i].theme;
        size_t counts[REQUIREMENT_STATES] = {0};
        for (; i < n && strcmp(rows[i].theme, theme) == 0; i++) {
            counts[rows[i].state]++;
            all[rows[i].state]++;
        }
        print_line(theme, counts);
    }
    print_line("all", all);
}

int cmd_requirements(struct arena *a, int argc, char **argv)
{
    bool json = false;
    const struct option options[] = {{"--json", OPTION_FLAG, &json, false}};
    struct arguments rest = {0};
    struct err e = {0};
    const struct requirement *rows;
    size_t n;
    if (!OPTIONS_READ(a, options, argc, argv, &rest, &e) ||
        !requirements_read(a, &rows, &n, &e))
        return command_failed(&e);
    if (json)
        print_rows(a, rows, n);
    else
        print_themes(rows, n);
    return EXIT_DONE;
}
