/* programme/eligibility.h - may this person sit for this level: clause by clause, with reasons.
 *
 * National standard 1.9.1 and the CCIA's 报名条件: one clause is enough. A clause met only with
 * claimed facts is UNKNOWN, and so is an open-ended clause (等) that is not met: a person
 * decides. A level without clauses is met with none. */
#ifndef PROGRAMME_ELIGIBILITY_H
#define PROGRAMME_ELIGIBILITY_H

#include "base/calendar.h"
#include "base/err.h"
#include "programme/expression.h"

struct arena;
struct clause;
struct clause_list;
struct facts;
struct json_out;
struct programme;

struct clause_verdict {
    const struct clause *clause;
    const char *no; /* the digits of its printed number: "6" for （6） */
    struct finding finding;
};

struct eligibility {
    enum verdict verdict;
    const struct programme *programme;
    int64_t level;
    const char *direction; /* NULL = none given */
    date_days as_of;
    const struct clause_list *list; /* NULL = the level has no clauses */
    const struct clause_verdict *clauses;
    size_t count;
};

struct eligibility_question {
    const struct programme *programme;
    int64_t level;
    const char *direction; /* NULL or "" = not chosen yet */
    const struct facts *facts;
    date_days as_of; /* the day of judging; facts->as_of does not count here */
};

/* Refuses (INVALID) a level that is not there ("/level") and a direction that the level lacks
 * ("/direction"). Not being eligible is a verdict, not an error. */
bool eligibility_judge(struct arena *a, const struct eligibility_question *q,
                       struct eligibility *out, struct err *e) MUST_USE;

/* {"verdict":…, "programme":…, "level":…, "direction":…, "as_of":…,
 *  "clauses":[{"no":…, "id":…, "text":…, "verdict":…, "because":[…], "missing":[…]}]} */
void eligibility_write(const struct eligibility *v, struct json_out *o);

#endif
