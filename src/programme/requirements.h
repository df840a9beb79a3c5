/* programme/requirements.h - the table of requirements (data/requirements.tsv): what the documents
 * ask for and where Heng has it. */
#ifndef PROGRAMME_REQUIREMENTS_H
#define PROGRAMME_REQUIREMENTS_H

#include <stddef.h>

#include "base/err.h"

struct arena;

enum requirement_state {
    REQUIREMENT_WORKS,
    REQUIREMENT_HELD,
    REQUIREMENT_LATER,
    REQUIREMENT_STATES
};

struct requirement {
    const char *id;    /* "R-001" */
    const char *theme; /* "STD", "JOB-MKT" */
    const char *text;
    enum requirement_state state;
    const char *where; /* "data/programmes/ccia.json#/resit" */
    const char *test;  /* "module/test" */
};

const char *requirement_state_name(enum requirement_state s); /* "works", "held", "later" */

bool requirements_read(struct arena *a, const struct requirement **out, size_t *count,
                       struct err *e) MUST_USE;

#endif
