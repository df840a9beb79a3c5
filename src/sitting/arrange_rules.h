/* sitting/arrange_rules.h - for the rule files arrange_*.c and staff_rules.c only: how a finding is
 * added. */
#ifndef SITTING_ARRANGE_RULES_H
#define SITTING_ARRANGE_RULES_H

#include "sitting/arrange.h"

struct source;

enum finding_rule {
#define FINDING(name, blocks, source) RULE_##name,
#include "sitting/findings.def"
#undef FINDING
};

struct finding_place {
    const char *where; /* "session", "room", "staff", "candidate" */
    struct id id;
    const char *name;
};

/* One look at one arrangement. */
struct checker {
    struct arena *arena;
    const struct arrangement *w;
    struct findings *out;
    size_t room; /* of out->at */
};

void finding_add(struct checker *c, enum finding_rule rule, const struct finding_place *at,
                 const char *fmt, ...) PRINTF_LIKE(4, 5);
/* The last finding's source is the programme's: its section and its words. */
void finding_source(struct checker *c, const struct source *src, const char *text);

struct finding_place finding_at_staff(const struct arranged_staff *s);

/* How many candidates sit in the room; zero: in any. */
int64_t arranged_count(const struct arrangement *w, struct id room);
/* Does the duty of S touch that candidate: seated, and in the room of S if it has one? */
bool staff_meets(const struct arranged_staff *s, const struct arranged_candidate *c);

void staff_rules_check(struct checker *c);
/* What keeps one person from one duty: the rules of staff_rules_check that look at a person. */
void staff_person_check(struct checker *c, size_t which);

#endif
