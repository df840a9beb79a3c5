/* measure/analyze.c - the table of analyses and of their options. */
#include "measure/analyze.h"

#include <math.h>
#include <string.h>

#include "base/json_out.h"

/* clang-format off */
const struct analyze_option analyze_option_rows[] = {
#define FLAG(name, member)  {name, ANALYZE_FLAG, offsetof(struct analyze_options, member)},
#define TEXT(name, member)  {name, ANALYZE_TEXT, offsetof(struct analyze_options, member)},
#define COUNT(name, member) {name, ANALYZE_COUNT, offsetof(struct analyze_options, member)},
#define REAL(name, member)  {name, ANALYZE_REAL, offsetof(struct analyze_options, member)},
#include "measure/options.def"
#undef FLAG
#undef TEXT
#undef COUNT
#undef REAL
};
const size_t analyze_option_count = sizeof analyze_option_rows / sizeof *analyze_option_rows;

static const struct {
    const char *name, *options;
    analysis_fn *run;
} analyses[] = {
#define ANALYSIS(name, options, function) {name, options, function},
#include "measure/analyses.def"
#undef ANALYSIS
};
/* clang-format on */
enum { ANALYSES = sizeof analyses / sizeof *analyses };

void analyze_defaults(struct analyze_options *o)
{
    *o = (struct analyze_options){.cut = NAN,
                                  .score_max = NAN,
                                  .nodes = 61,
                                  .range = 6,
                                  .tolerance = 1e-5,
                                  .iterations = 2000,
                                  .scale_d = 1,
                                  .a = NAN,
                                  .b = NAN,
                                  .alpha = 0.05};
}

static int find(const char *name)
{
    for (size_t i = 0; i < ANALYSES; i++)
        if (strcmp(analyses[i].name, name) == 0)
            return (int)i;
    return -1;
}

bool analyze_known(const char *name)
{
    return find(name) >= 0;
}

const char *analyze_name_at(size_t i)
{
    return i < ANALYSES ? analyses[i].name : NULL;
}

bool analyze_takes(const char *name, const char *option)
{
    int i = find(name);
    size_t len = strlen(option);
    if (strcmp(option, "json") == 0)
        return true;
    for (const char *w = i < 0 ? NULL : analyses[i].options; w && *w;) {
        size_t n = strcspn(w, " ");
        if (n == len && memcmp(w, option, n) == 0)
            return true;
        w += n + (w[n] == ' ');
    }
    return false;
}

bool analyze_run(struct arena *a, const char *name, const struct analyze_options *o,
                 struct json_out *out, struct err *e)
{
    int i = find(name);
    if (i < 0)
        return FAIL(e, INVALID, "analyze", "没有“%.40s”这种分析。", name);
    if (o->nodes < 2 || o->nodes > 1001)
        return FAIL(e, INVALID, "--nodes", "节点数须在 2–1001 之间。");
    if (!(o->range > 0 && o->range <= 20))
        return FAIL(e, INVALID, "--range", "范围须大于 0 且不超过 20。");
    if (!(o->tolerance > 0 && o->tolerance <= 0.1))
        return FAIL(e, INVALID, "--tol", "容差须大于 0 且不超过 0.1。");
    if (o->iterations < 1 || o->iterations > 1000000)
        return FAIL(e, INVALID, "--iterations", "迭代次数须在 1–1000000 之间。");
    if (!(o->scale_d > 0 && o->scale_d <= 10))
        return FAIL(e, INVALID, "--D", "D 须大于 0 且不超过 10。");
    if (o->lowest < 0 || o->lowest > 200)
        return FAIL(e, INVALID, "--lowest", "最低等级须在 0–200 之间。");
    out_object(out);
    put_text(out, "analysis", name);
    if (!analyses[i].run(a, o, out, e))
        return false;
    out_object_end(out);
    return true;
}
