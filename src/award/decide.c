/* award/decide.c - has this person passed: the pure rule. */
#include "award/decide.h"

#include <string.h>

static const char *const kind_names[] = {
    [RESULT_MARKED] = "marked",
    [RESULT_ABSENT] = "absent",
    [RESULT_KEPT] = "kept",
    [RESULT_VOID] = "void",
};

const char *result_kind_name(enum result_kind k)
{
    return kind_names[k];
}

struct component_verdict decide_component(const struct component_fact *f)
{
    if (f->void_by_violation)
        return (struct component_verdict){RESULT_VOID, 0, false};
    bool passed = !f->absent && f->millimarks >= f->pass_millimarks;
    if (f->kept && !passed)
        return (struct component_verdict){RESULT_KEPT, f->kept_millimarks, true};
    if (f->absent)
        return (struct component_verdict){RESULT_ABSENT, 0, false};
    return (struct component_verdict){RESULT_MARKED, f->millimarks, passed};
}

bool decide_all(const struct component_verdict *v, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!v[i].passed)
            return false;
    return count > 0;
}

static const struct {
    const char *code;
    enum void_scope scope;
} scopes[] = {
    {"subject_void", VOID_COMPONENT}, {"similarity_void", VOID_COMPONENT},
    {"expel", VOID_COMPONENT},        {"all_void_5y", VOID_ALL},
    {"all_void_longterm", VOID_ALL},  {"cert_void", VOID_ALL},
};

/* A code that nobody told us of voids its component: it was decided as a violation. */
enum void_scope violation_scope(const char *code)
{
    if (!code || !*code)
        return VOID_NOTHING;
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        if (strcmp(scopes[i].code, code) == 0)
            return scopes[i].scope;
    return VOID_COMPONENT;
}
