/* programme/facts.c - reads an applicant's facts. */
#include "programme/facts.h"

#include <stdio.h>
#include <string.h>

#include "base/fields.h"
#include "programme/vocabulary.h"

enum { FACTS_MAX = 200 };

/* clang-format off */
static const struct field work_rows[] = {
    {FIELD(struct work_fact, id, TEXT), .min = 1, .max = FACT_ID_MAX},
    {FIELD(struct work_fact, scope, TEXT), .allowed = work_fact_scope_values},
    {FIELD(struct work_fact, occupation, TEXT), .min = 1, .max = 60},
    {FIELD(struct work_fact, name, TEXT), .max = 100},
    {FIELD(struct work_fact, from, DATE), .required = true},
    {FIELD(struct work_fact, to, DATE)},
    {FIELD(struct work_fact, evidence, TEXT), .allowed = evidence_values},
};
static const struct fields work_fields = FIELDS("work_fact", struct work_fact, work_rows);

static const struct field certificate_rows[] = {
    {FIELD(struct certificate_fact, id, TEXT), .min = 1, .max = FACT_ID_MAX},
    {FIELD(struct certificate_fact, scope, TEXT), .allowed = certificate_fact_scope_values},
    {FIELD(struct certificate_fact, occupation, TEXT), .min = 1, .max = 60},
    {FIELD(struct certificate_fact, name, TEXT), .max = 100},
    {FIELD(struct certificate_fact, scheme, TEXT), .max = 40},
    {FIELD(struct certificate_fact, level, INT), .min = 0, .max = 5},
    {FIELD(struct certificate_fact, grade, TEXT), .allowed = grade_values},
    {FIELD(struct certificate_fact, issued, DATE), .required = true},
    {FIELD(struct certificate_fact, evidence, TEXT), .allowed = evidence_values},
};
static const struct fields certificate_fields =
    FIELDS("certificate_fact", struct certificate_fact, certificate_rows);

static const struct field title_rows[] = {
    {FIELD(struct title_fact, id, TEXT), .min = 1, .max = FACT_ID_MAX},
    {FIELD(struct title_fact, rank, TEXT), .required = true, .allowed = grade_values},
    {FIELD(struct title_fact, specialty, TEXT), .allowed = specialty_fact_values},
    {FIELD(struct title_fact, name, TEXT), .max = 100},
    {FIELD(struct title_fact, awarded, DATE), .required = true},
    {FIELD(struct title_fact, evidence, TEXT), .allowed = evidence_values},
};
static const struct fields title_fields = FIELDS("title_fact", struct title_fact, title_rows);

static const struct field education_rows[] = {
    {FIELD(struct education_fact, id, TEXT), .min = 1, .max = FACT_ID_MAX},
    {FIELD(struct education_fact, institution, TEXT), .max = 100},
    {FIELD(struct education_fact, class, TEXT), .allowed = class_values},
    {FIELD(struct education_fact, attainment, TEXT), .allowed = attainment_values},
    {FIELD(struct education_fact, major, TEXT), .max = 60},
    {FIELD(struct education_fact, status, TEXT), .allowed = status_values},
    {FIELD(struct education_fact, institution_relevance, TEXT), .allowed = relevance_values},
    {FIELD(struct education_fact, name, TEXT), .max = 100},
    {FIELD(struct education_fact, evaluated, BOOL)},
    {FIELD(struct education_fact, date, DATE)},
    {FIELD(struct education_fact, evidence, TEXT), .allowed = evidence_values},
};
static const struct fields education_fields =
    FIELDS("education_fact", struct education_fact, education_rows);

static const struct field facts_rows[] = {
    {FIELD(struct facts, as_of, DATE)},
    {FIELD(struct facts, work, OBJECTS), FIELD_COUNT(struct facts, work_count),
     .sub = &work_fields, .min = 0, .max = FACTS_MAX},
    {FIELD(struct facts, certificates, OBJECTS), FIELD_COUNT(struct facts, certificate_count),
     .sub = &certificate_fields, .min = 0, .max = FACTS_MAX},
    {FIELD(struct facts, titles, OBJECTS), FIELD_COUNT(struct facts, title_count),
     .sub = &title_fields, .min = 0, .max = FACTS_MAX},
    {FIELD(struct facts, education, OBJECTS), FIELD_COUNT(struct facts, education_count),
     .sub = &education_fields, .min = 0, .max = FACTS_MAX},
};
/* clang-format on */
const struct fields facts_fields = FIELDS("facts", struct facts, facts_rows);

bool fact_is_proved(const char *evidence)
{
    return !evidence || strcmp(evidence, "proved") == 0;
}

static bool date_is_possible(date_days d, const char *at, struct err *e)
{
    if (d == DATE_NONE)
        return true;
    int year = civil_of(d).year;
    return (year >= 1900 && year <= 2199) ||
           FAIL(e, INVALID, at, "日期须在1900年至2199年之间。");
}

static bool work_is_possible(const struct facts *f, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    for (size_t i = 0; i < f->work_count; i++) {
        const struct work_fact *w = &f->work[i];
        snprintf(at, sizeof at, "/work/%zu", i);
        if (!w->scope && !w->occupation)
            return FAIL(e, INVALID, at, "须写明 occupation（职业名称）或 scope。");
        snprintf(at, sizeof at, "/work/%zu/from", i);
        if (!date_is_possible(w->from, at, e))
            return false;
        snprintf(at, sizeof at, "/work/%zu/to", i);
        if (!date_is_possible(w->to, at, e))
            return false;
        if (w->to != DATE_NONE && w->to < w->from)
            return FAIL(e, INVALID, at, "结束日期早于开始日期。");
    }
    return true;
}

bool facts_read(struct arena *a, const struct json_t *json, struct facts *out, struct err *e)
{
    char at[ERR_FIELD_BYTES];
    if (!fields_read(&facts_fields, json, a, out, e) ||
        !date_is_possible(out->as_of, "/as_of", e) || !work_is_possible(out, e))
        return false;
    for (size_t i = 0; i < out->certificate_count; i++) {
        snprintf(at, sizeof at, "/certificates/%zu/issued", i);
        if (!date_is_possible(out->certificates[i].issued, at, e))
            return false;
    }
    for (size_t i = 0; i < out->title_count; i++) {
        snprintf(at, sizeof at, "/titles/%zu/awarded", i);
        if (!date_is_possible(out->titles[i].awarded, at, e))
            return false;
    }
    for (size_t i = 0; i < out->education_count; i++) {
        snprintf(at, sizeof at, "/education/%zu/date", i);
        if (!date_is_possible(out->education[i].date, at, e))
            return false;
    }
    return true;
}
