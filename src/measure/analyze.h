/* measure/analyze.h - the analyses: what they are called, the options they take, and one way to run
 * them, for the command line and for the golden tests alike.
 *
 * Each writes one JSON object that states its conventions (grid, D, priors, centring). Numbers are
 * plain; what is undefined is null. Errors: INVALID, NOT_FOUND or TOO_LARGE, the field is an option
 * or "file", the sentence names line and column. */
#ifndef MEASURE_ANALYZE_H
#define MEASURE_ANALYZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct json_out;

/* Every option of every analysis; analyze_defaults fills it. */
struct analyze_options {
    const char *file;
#define FLAG(name, member)  bool member;
#define TEXT(name, member)  const char *member;
#define COUNT(name, member) int64_t member;
#define REAL(name, member)  double member;
#include "measure/options.def"
#undef FLAG
#undef TEXT
#undef COUNT
#undef REAL
};

enum analyze_kind { ANALYZE_FLAG, ANALYZE_TEXT, ANALYZE_COUNT, ANALYZE_REAL };

struct analyze_option {
    const char *name; /* without -- */
    enum analyze_kind kind;
    size_t offset; /* into struct analyze_options */
};

extern const struct analyze_option analyze_option_rows[];
extern const size_t analyze_option_count;

void analyze_defaults(struct analyze_options *o);

/* Whether there is an analysis of this name, and whether it takes this option. */
bool analyze_known(const char *name);
bool analyze_takes(const char *name, const char *option);
const char *analyze_name_at(size_t i); /* NULL past the last */

bool analyze_run(struct arena *a, const char *name, const struct analyze_options *o,
                 struct json_out *out, struct err *e) MUST_USE;

typedef bool analysis_fn(struct arena *a, const struct analyze_options *o, struct json_out *out,
                         struct err *e);

#define ANALYSIS(name, options, function) analysis_fn function;
#include "measure/analyses.def"
#undef ANALYSIS

#endif
