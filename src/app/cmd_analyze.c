/* app/cmd_analyze.c - `heng analyze ANALYSIS FILE [options]`: options in, one JSON object out. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/json_out.h"
#include "measure/analyze.h"

static enum option_kind kind_of(enum analyze_kind kind)
{
    switch (kind) {
    case ANALYZE_FLAG:
        return OPTION_FLAG;
    case ANALYZE_TEXT:
        return OPTION_TEXT;
    case ANALYZE_COUNT:
        return OPTION_INT;
    case ANALYZE_REAL:
        return OPTION_REAL;
    }
    return OPTION_FLAG;
}

/* The options that this analysis takes, pointing into `o`. */
static struct option *rows_for(struct arena *a, const char *name, struct analyze_options *o,
                               size_t *count)
{
    struct option *rows = arena_array(a, struct option, analyze_option_count);
    *count = 0;
    for (size_t i = 0; i < analyze_option_count; i++) {
        const struct analyze_option *row = &analyze_option_rows[i];
        if (!analyze_takes(name, row->name))
            continue;
        rows[(*count)++] = (struct option){.name = arena_printf(a, "--%s", row->name),
                                           .kind = kind_of(row->kind),
                                           .to = (char *)o + row->offset};
    }
    return rows;
}

static int unknown(const char *name)
{
    fprintf(stderr, "analyze: 没有“%.40s”这种分析；有：", name);
    for (size_t i = 0; analyze_name_at(i); i++)
        fprintf(stderr, "%s%s", i ? "、" : "", analyze_name_at(i));
    fprintf(stderr, "。\n");
    return EXIT_INPUT;
}

int cmd_analyze(struct arena *a, int argc, char **argv)
{
    struct analyze_options o;
    struct arguments rest = {.min = 0, .max = 1};
    struct err e = {0};
    size_t count;
    if (argc == 0 || !analyze_known(argv[0]))
        return unknown(argc ? argv[0] : "");
    analyze_defaults(&o);
    struct option *rows = rows_for(a, argv[0], &o, &count);
    if (!options_read(a, rows, count, argc - 1, argv + 1, &rest, &e))
        return command_failed(&e);
    o.file = rest.count ? rest.at[0] : NULL;
    struct json_out *out = json_out_create(a);
    if (!o.file && !analyze_takes(argv[0], "x")) {
        FAIL(&e, INVALID, "FILE", "缺少数据文件。");
        return command_failed(&e);
    }
    if (!analyze_run(a, argv[0], &o, out, &e))
        return command_failed(&e);
    command_print(out);
    return EXIT_DONE;
}
