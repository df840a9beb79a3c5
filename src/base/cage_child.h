/* base/cage_child.h - the inside of the cage. */
#ifndef BASE_CAGE_CHILD_H
#define BASE_CAGE_CHILD_H

#include <sys/types.h>

#include "base/cage.h"

/* What libraries ask of the kernel once in a process, asked before the cage closes: here, or in a process
 * that forks those that enter it. */
void cage_ready(void);

/* In a child of PARENT: closes the cage, parses fd 0 to fd 1, ends the process. */
_Noreturn void cage_child(parse_fn *parse, pid_t parent);

#endif
