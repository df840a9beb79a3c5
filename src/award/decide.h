/* award/decide.h - has this person passed, and why: the pure rule.
 *
 * Source: 《全媒体运营师国家职业标准（2023年版）》1.9.2: every component out of 100, at least 60 in
 * each. The numbers come from the programme's components, so other programmes use the same rule. */
#ifndef AWARD_DECIDE_H
#define AWARD_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum result_kind {
    RESULT_MARKED,
    RESULT_ABSENT, /* never began: 0 marks, not passed */
    RESULT_KEPT,   /* passed before and still counted */
    RESULT_VOID    /* a decided violation: 0 marks, not passed */
};
const char *result_kind_name(enum result_kind k); /* "marked" */

struct component_fact {
    bool complete; /* marking is over */
    bool absent;
    bool void_by_violation;
    bool kept; /* an earlier pass that still counts */
    int64_t kept_millimarks;
    int64_t millimarks, pass_millimarks;
};

struct component_verdict {
    enum result_kind kind;
    int64_t millimarks;
    bool passed;
};

/* A violation voids whatever there is; else what was marked counts, and where nothing was, what was
 * kept. A mark below a kept pass does not take the pass away. */
struct component_verdict decide_component(const struct component_fact *f);
/* All of them, and at least one. */
bool decide_all(const struct component_verdict *v, size_t count);

/* What a decided violation voids (人社部令第31号 第六至十一条). */
enum void_scope { VOID_NOTHING, VOID_COMPONENT, VOID_ALL };
enum void_scope violation_scope(const char *code);

#endif
