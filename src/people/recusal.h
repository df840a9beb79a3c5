/* people/recusal.h - what is known of staff for arranging and for standing aside (DOMAIN: no
 * trainer, employer, kin or own candidate examines). */
#ifndef PEOPLE_RECUSAL_H
#define PEOPLE_RECUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct people;

enum { STAFF_OCCUPATIONS_MAX = 20 };

/* An examiner's card: for which occupation, and up to which level. */
struct staff_occupation {
    const char *code; /* "4-13-01-05" */
    int64_t
        level_cap; /* the highest national level one may assess; 1 is the highest, 5 lowest */
};

struct staff_profile {
    struct id account;
    const char *employer; /* NULL: not told */
    const char *card_no;  /* 考评员证 */
    struct staff_occupation *occupations;
    size_t occupation_count;
};

#define CONFLICT_KINDS(X)                                                                      \
    X(KIN, "kin") X(TRAINED, "trained") X(EMPLOYER, "employer") X(OTHER, "other")
enum conflict_kind {
#define CONFLICT_ROW(name, word) CONFLICT_##name,
    CONFLICT_KINDS(CONFLICT_ROW)
#undef CONFLICT_ROW
        CONFLICT_KIND_COUNT
};
const char *conflict_word(enum conflict_kind k);
bool conflict_kind_read(const char *word, enum conflict_kind *out);

struct conflict {
    struct id account, person;
    enum conflict_kind kind;
};

/* A missing profile is an empty one. */
bool staff_profile_get(const struct people *p, struct id account, struct staff_profile *out,
                       struct err *e) MUST_USE;
bool staff_profile_put(const struct people *p, const struct staff_profile *profile,
                       struct err *e) MUST_USE;
bool conflict_put(const struct people *p, const struct conflict *c, struct err *e) MUST_USE;
bool conflict_remove(const struct people *p, const struct conflict *c, struct err *e) MUST_USE;
/* All of one account. */
bool conflict_list(const struct people *p, struct id account, struct conflict **out,
                   size_t *count, struct err *e) MUST_USE;

#endif
