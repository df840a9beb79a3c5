/* measure/rasch_cml.h - the Rasch model by conditional maximum likelihood (Andersen 1972, JRSS B
 * 34:42-54). Items only: the persons' parameters fall out by conditioning on the raw score. */
#ifndef MEASURE_RASCH_CML_H
#define MEASURE_RASCH_CML_H

#include "measure/analyze.h"

struct em_data;

struct cml_fit {
    double *difficulty, *se; /* per item, difficulties sum to 0 */
    double log_likelihood;   /* conditional */
    size_t iterations;
    bool converged;
};

/* Complete 0/1 data only. */
bool cml_run(struct arena *a, const struct em_data *data, double tolerance, struct cml_fit *fit,
             struct err *e) MUST_USE;

bool report_rasch_cml(struct arena *a, const struct analyze_options *o, struct json_out *out,
                      struct err *e) MUST_USE;

#endif
