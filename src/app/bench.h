/* app/bench.h - `heng bench NAME`: each measurement is one file cmd_bench_<name>.c and one row in
 * benches.def. It prints rows with its figures, as JSON when asked. */
#ifndef APP_BENCH_H
#define APP_BENCH_H

#include "app/command.h"

/* ARGV[0] is the first word behind the name. */
#define BENCH(name, function) command_fn function;
#include "app/benches.def"
#undef BENCH

#endif
