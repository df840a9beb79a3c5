/* app/cmd_bench.c - `heng bench NAME`: finds the measurement and runs it. */
#include <stdio.h>
#include <string.h>

#include "app/bench.h"

static const struct {
    const char *name;
    command_fn *run;
} benches[] = {
#define BENCH(name, function) {#name, function},
#include "app/benches.def"
#undef BENCH
};

int cmd_bench(struct arena *a, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof benches / sizeof *benches; i++)
        if (argc > 0 && strcmp(benches[i].name, argv[0]) == 0)
            return benches[i].run(a, argc - 1, argv + 1);
    fprintf(stderr, "bench: 没有“%.40s”这项测量；有：", argc > 0 ? argv[0] : "");
    for (size_t i = 0; i < sizeof benches / sizeof *benches; i++)
        fprintf(stderr, "%s%s", i ? "、" : "", benches[i].name);
    fprintf(stderr, "。\n");
    return EXIT_INPUT;
}
