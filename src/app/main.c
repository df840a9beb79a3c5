/* app/main.c - `heng`: finds the sub-command and runs it. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "base/arena.h"
#include "base/crypto.h"

enum { COMMAND_ARENA_BYTES = 2000 << 20 };

#define COMMAND(name, usage, function) command_fn function;
#include "app/commands.def"
#undef COMMAND

#define COMMAND(name, usage, function) {#name, usage, function},
static const struct {
    const char *name, *usage;
    command_fn *function;
} commands[] = {
#include "app/commands.def"
};
#undef COMMAND

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *to)
{
    fputs("用法：heng 命令 …\n", to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  heng %s\n", commands[i].usage);
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

static int run(size_t which, int argc, char **argv)
{
    struct err e = {0};
    if (asks_for_help(argc, argv)) {
        printf("用法：heng %s\n", commands[which].usage);
        return EXIT_DONE;
    }
    if (!crypto_start(&e))
        return command_failed(&e);
    struct arena *a = arena_create(COMMAND_ARENA_BYTES);
    int code = commands[which].function(a, argc, argv);
    arena_destroy(a);
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, argv[1]) == 0)
            return run(i, argc - 2, argv + 2);
    fprintf(stderr, "heng: 没有“%.60s”这个命令。\n", argv[1]);
    print_usage(stderr);
    return EXIT_INPUT;
}
