/* base/cage_fixture.h - parsers for the tests of the cage: each tries one thing. The first word of the
 * input says which, so that a keeper, which knows parsers by kind only, can be asked for any. */
#ifndef BASE_CAGE_FIXTURE_H
#define BASE_CAGE_FIXTURE_H

#include "base/cage.h"

parse_fn parse_naughty;

/* What a parser must die of, by name. */
const char *naughty_at(size_t i); /* NULL past the last */

/* The test program stands in for heng where it is called as a keeper is: its parsers are naughty. */
void naughty_keeper(int argc, char **argv);

#endif
