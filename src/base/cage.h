/* base/cage.h - runs a parser of uploaded bytes in a child that can do nothing but compute
 * (SECURITY §8.4, B4): no files, no network, no other process, little memory, ten seconds.
 *
 * The child is forked by a keeper (base/keeper.h), which is this program again with nothing of the
 * server in it: input on fd 0, result on fd 1. A parser that crashes, loops or asks the kernel for
 * anything else is killed, and the upload is refused with one sentence. At most one child a
 * core runs; 32 callers wait; the next is TOO_MANY. */
#ifndef BASE_CAGE_H
#define BASE_CAGE_H

#include "base/bytes.h"
#include "base/err.h"

struct arena;

enum parse_kind {
#define PARSE_KIND(name, input_mib, output_mib) PARSE_##name,
#include "base/parse_kinds.def"
#undef PARSE_KIND
    PARSE_KINDS
};

const char *parse_kind_name(enum parse_kind kind);
bool parse_kind_find(const char *name, enum parse_kind *out);

/* A parser: a pure function of its input. What it writes to OUT lives in the arena. Its refusal
 * travels to the caller with code, field and sentence. */
typedef bool parse_fn(struct arena *a, struct bytes input, struct bytes *out, struct err *e);

struct cage_job {
    const char *program; /* path of heng; NULL: a forked child runs `parse` itself, for tests of
                            modules whose test program is not heng */
    enum parse_kind kind;
    parse_fn *parse; /* of that kind */
    struct bytes input;
};

/* OUT lives in the arena. Errors: TOO_LARGE, TOO_MANY, INVALID at "/file" for what the cage
 * killed, or the parser's own. */
bool cage_run(struct arena *a, const struct cage_job *job, struct bytes *out,
              struct err *e) MUST_USE;

#endif
