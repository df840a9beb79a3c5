/* programme/facts.h - what an applicant says of work, certificates, titles and education.
 *
 * The same JSON from the command line, the API and the form. A scope (本职业, 相关职业 …) may be
 * given outright, as a registrar does, or follow from the name of the occupation or the major,
 * resolved against the lists of the programme that is asked (names.h). A fact counts as proved
 * unless it carries "evidence":"claimed". Its id, where it has one, is its name within the
 * application: proofs hang on it; it is not judged. */
#ifndef PROGRAMME_FACTS_H
#define PROGRAMME_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/err.h"

struct arena;
struct fields;
struct json_t;

struct work_fact {
    const char *id;
    const char *scope;      /* wins over `occupation` where both are given */
    const char *occupation; /* "电子商务师" */
    const char *name;       /* employer; shown, not judged */
    date_days from, to;     /* DATE_NONE = until today */
    const char *evidence;   /* "proved", "claimed"; NULL = proved */
};

struct certificate_fact {
    const char *id, *scope, *occupation, *name;
    const char *scheme; /* "national", "ccia" */
    int64_t level;      /* national level 5..1; 0 = none */
    const char *grade;  /* "junior" ... */
    date_days issued;
    const char *evidence;
};

struct title_fact {
    const char *id, *rank, *specialty, *name;
    date_days awarded;
    const char *evidence;
};

struct education_fact {
    const char *id;
    const char *institution; /* its kind; any other text is no kind */
    const char *class, *attainment;
    const char *major; /* "own", "related", "other" or the major's name */
    const char *status;
    const char *institution_relevance;
    const char *name; /* of the school */
    bool evaluated;   /* 经评估论证 */
    date_days date;
    const char *evidence;
};

struct facts {
    date_days as_of; /* DATE_NONE = the caller's day */
    const struct work_fact *work;
    size_t work_count;
    const struct certificate_fact *certificates;
    size_t certificate_count;
    const struct title_fact *titles;
    size_t title_count;
    const struct education_fact *education;
    size_t education_count;
};

enum { FACT_ID_MAX = 40 };

extern const struct fields facts_fields;

/* Refuses, with the JSON pointer: unknown members and words, dates that are not real, a period
 * that ends before it begins, work without scope and occupation. */
bool facts_read(struct arena *a, const struct json_t *json, struct facts *out,
                struct err *e) MUST_USE;

bool fact_is_proved(const char *evidence);

#endif
