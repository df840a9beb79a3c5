/* measure/form_report.h - what the marks of one form are worth: spread, reliability, the error at the
 * pass mark, how consistently it classifies, and its information where enough people sat it.
 *
 * Sources: Cronbach 1951 (alpha); Lord 1957, Educ. Psychol. Meas. 17:510-521 (error of a number-right
 * score, sqrt(x (n - x) / (n - 1))); Livingston & Lewis 1995 (livingston.h); Bock & Aitkin 1981
 * (em.h). Only what the machine marks is looked at; what a marker decides is counted apart. */
#ifndef MEASURE_FORM_REPORT_H
#define MEASURE_FORM_REPORT_H

#include "measure/livingston.h"
#include "measure/session_scores.h"

enum { REPORT_TOP = 100, REPORT_NODES = 25, RASCH_FROM = 100, TWO_PL_FROM = 500 };

/* Of the items worth all or nothing, fitted to this form's own answers. MODEL NULL: too few people. */
struct form_information {
    const char *model; /* "rasch" from RASCH_FROM persons on, "2pl" from TWO_PL_FROM on */
    size_t items;      /* fitted; items that all or nobody got right say nothing */
    double theta[REPORT_NODES]; /* -3 .. 3 */
    double information[REPORT_NODES];
    double
        pass_theta; /* where the expected share of the fitted items' marks is the pass share; NaN */
    double pass_sem; /* of a share, at pass_theta; NaN */
};

struct form_report {
    const struct scored_form *form;
    int64_t attempts, passed;
    size_t items, by_people;    /* places that the machine marks; that markers do */
    int64_t full_millimarks;    /* of the machine's places */
    double mean, sd, low, high; /* shares of the full marks; NaN without attempts */
    double alpha, sem;          /* NaN where undefined */
    double sem_at_pass; /* of a share (Lord 1957); NaN unless all items weigh the same, all or
                                   nothing */
    int64_t
        counts[REPORT_TOP + 1]; /* by whole percent, rounded down: 100 only with all marks */
    struct decision_consistency decision;
    struct form_information information;
};

struct session_report {
    struct form_report *forms;
    size_t count;
    double pass_share; /* of the component's full marks */
};

/* CONFLICT at "/state" while an attempt is open. */
bool session_report(const struct marking *m, struct id session, struct session_report *out,
                    struct err *e) MUST_USE;

/* The pure part: SHARES is attempts x items, WEIGHT millimarks of each item, PASS_SHARE 0..1. Fills
 * everything but form and by_people. */
struct share_table {
    const double *shares;
    const int64_t *weight;
    size_t attempts, items;
    double pass_share;
};
bool form_report(struct arena *a, const struct share_table *t, struct form_report *out,
                 struct err *e) MUST_USE;

#endif
