/* base/keeper.h - keepers: children of a server that have the parsers' libraries loaded, and fork a
 * caged child for each file (doc/decisions/0035). Starting the program and its libraries for every file
 * cost more than reading it.
 *
 * A keeper is this program again, `heng parse`: a socket on fd 0, nothing else open, no environment,
 * no keys. It never looks at a file: it forks, and the child enters the cage and parses (base/cage.h).
 * It ends when its socket closes, so with the server however that ends; its child dies with it. */
#ifndef BASE_KEEPER_H
#define BASE_KEEPER_H

#include <stdbool.h>

#include "base/cage.h"

struct keeper_job {
    const char *program;
    enum parse_kind kind;
    int in, out; /* the parser's fd 0 and 1 */
    int wall_ms;
};

/* Hands the file to an idle keeper, or starts one; any thread may. STATUS: the parser's end as waitpid
 * has it, or SIGKILL's where it took longer than WALL_MS or its keeper died. A keeper serves
 * KEEPER_FILES_MAX files, and none after one that did not end well: what a file has learned
 * about the memory of its process is worth nothing to the next try. False: none can be started, or KEEPERS_MAX are at work. */
bool keeper_parse(const struct keeper_job *job, int *status) MUST_USE;

/* Ends those that are idle, and waits for their end. */
void keepers_end(void);

/* In the keeper: serves fd 0 until it closes. PARSERS: one of each kind. */
_Noreturn void keeper_serve(parse_fn *const *parsers);

enum { KEEPER_FILES_MAX = 256, KEEPERS_MAX = 64 };

#endif
