/* app/cmd_parse.c - `heng parse KIND`: the inside of the parser cage. The server starts it for each
 * uploaded file (base/cage.h); it takes the bytes from fd 0 and answers on fd 1. */
#include <stdio.h>

#include "app/command.h"
#include "bank/exchange.h"
#include "bank/picture.h"
#include "base/cage.h"
#include "base/caged_table.h"
#include "entry/photo.h"
#include "marking/scan_read.h"

static parse_fn *const parsers[PARSE_KINDS] = {
#define PARSE_KIND(name, input_mib, output_mib) [PARSE_##name] = parse_##name,
#include "base/parse_kinds.def"
#undef PARSE_KIND
};

int cmd_parse(struct arena *a, int argc, char **argv)
{
    enum parse_kind kind;
    (void)a;
    if (argc != 1 || !parse_kind_find(argv[0], &kind)) {
        fprintf(stderr, "heng parse KIND < FILE > RESULT\n");
        return EXIT_INPUT;
    }
    cage_child(kind, parsers[kind]);
}
