/* programme/clause_education.c - "has graduated from, or studies at": one education that meets
 * every given key. */
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "programme/expression.h"
#include "programme/facts.h"
#include "programme/names.h"
#include "programme/vocabulary.h"

struct wanted {
    const char *const *institution_in;
    size_t institution_count;
    const char *institution_relevance;
    const char *const *class_in;
    size_t class_count;
    const char *const *attainment_in;
    size_t attainment_count;
    const char *const *major_in;
    size_t major_count;
    const char *const *status_in;
    size_t status_count;
    bool evaluated;
};

struct education_clause {
    const struct wanted *education;
};

/* clang-format off */
#define WORDS(member, count, values) \
    FIELD(struct wanted, member, TEXTS), FIELD_COUNT(struct wanted, count), \
    .allowed = values, .min = 1, .max = 20
static const struct field wanted_rows[] = {
    {WORDS(institution_in, institution_count, institution_values)},
    {FIELD(struct wanted, institution_relevance, TEXT), .allowed = relevance_values},
    {WORDS(class_in, class_count, class_values)},
    {WORDS(attainment_in, attainment_count, attainment_values)},
    {WORDS(major_in, major_count, major_values)},
    {WORDS(status_in, status_count, status_values), .required = true},
    {FIELD(struct wanted, evaluated, BOOL)},
};
static const struct fields wanted_fields = FIELDS("education", struct wanted, wanted_rows);

static const struct field rows[] = {
    {FIELD(struct education_clause, education, OBJECT), .sub = &wanted_fields,
     .required = true},
};
/* clang-format on */
static const struct fields fields = FIELDS("education_clause", struct education_clause, rows);

enum key { INSTITUTION, CLASS, ATTAINMENT, MAJOR, STATUS, RELEVANCE, EVALUATED, DATE, KEYS };

/* Which of the wanted keys a fact fails, as a bit each; 0 = it matches. */
static unsigned failures(const struct judging *j, const struct wanted *w,
                         const struct education_fact *f)
{
    unsigned failed = 0;
    const char *major = f->major ? major_scope(j->programme, f->major) : NULL;
    failed |= (unsigned)(w->institution_count &&
                         !is_one_of(f->institution, w->institution_in, w->institution_count))
              << INSTITUTION;
    failed |= (unsigned)(w->class_count && !is_one_of(f->class, w->class_in, w->class_count))
              << CLASS;
    failed |= (unsigned)(w->attainment_count &&
                         !is_one_of(f->attainment, w->attainment_in, w->attainment_count))
              << ATTAINMENT;
    failed |= (unsigned)(w->major_count && !is_one_of(major, w->major_in, w->major_count))
              << MAJOR;
    failed |= (unsigned)!is_one_of(f->status, w->status_in, w->status_count) << STATUS;
    failed |= (unsigned)(w->institution_relevance &&
                         (!f->institution_relevance ||
                          strcmp(f->institution_relevance, w->institution_relevance) != 0))
              << RELEVANCE;
    failed |= (unsigned)(w->evaluated && !f->evaluated) << EVALUATED;
    failed |= (unsigned)(f->date != DATE_NONE && f->date > j->as_of) << DATE;
    return failed;
}

/* An education without a date counts from the day of judging. */
static date_days day_of(const struct judging *j, const struct education_fact *f)
{
    return f->date == DATE_NONE ? j->as_of : f->date;
}

static const struct education_fact *
earliest_match(const struct judging *j, const struct education_clause *c, bool proved_only)
{
    const struct education_fact *found = NULL;
    for (size_t i = 0; i < j->facts->education_count; i++) {
        const struct education_fact *f = &j->facts->education[i];
        if (failures(j, c->education, f) == 0 &&
            (!proved_only || fact_is_proved(f->evidence)) &&
            (!found || day_of(j, f) < day_of(j, found)))
            found = f;
    }
    return found;
}

static bool earliest(const struct judging *j, const struct json_t *predicate, bool proved_only,
                     date_days *out)
{
    struct education_clause c;
    predicate_read(&education_clause_kind, predicate, j->arena, &c);
    const struct education_fact *f = earliest_match(j, &c, proved_only);
    if (f)
        *out = day_of(j, f);
    return f;
}

/* ------------------------------------------------------------------ sentences */
/* Says one key of the wanted; for a list that is not asked for, nothing. */
static const char *key_text(struct arena *a, const struct wanted *w, enum key key)
{
    switch (key) {
    case INSTITUTION:
        return words_joined(a, institution_words, w->institution_in, w->institution_count,
                            "、");
    case CLASS:
        return words_joined(a, class_words, w->class_in, w->class_count, "、");
    case ATTAINMENT:
        return words_joined(a, attainment_words, w->attainment_in, w->attainment_count, "、");
    case MAJOR:
        return words_joined(a, major_words, w->major_in, w->major_count, "或");
    case STATUS:
        return words_joined(a, status_words, w->status_in, w->status_count, "或");
    case RELEVANCE:
        return w->institution_relevance ? "相关院校" : "";
    case EVALUATED:
        return w->evaluated ? "经评估论证" : "";
    default:
        return "";
    }
}

static const char *wanted_text(struct arena *a, const struct wanted *w)
{
    static const enum key order[] = {EVALUATED, RELEVANCE, INSTITUTION,
                                     CLASS,     MAJOR,     ATTAINMENT};
    const char *text = "";
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const char *one = key_text(a, w, order[i]);
        text = arena_printf(a, "%s%s%s", text, *text && *one ? " " : "", one);
    }
    return arena_printf(a, "%s学历（%s）", text, key_text(a, w, STATUS));
}

static const char *describe(struct arena *a, const struct json_t *predicate)
{
    struct education_clause c;
    predicate_read(&education_clause_kind, predicate, a, &c);
    return wanted_text(a, c.education);
}

/* "市场营销专业", but not "本专业专业". */
static const char *major_text(struct arena *a, const char *major)
{
    if (!major)
        return "";
    const char *label = word_label(major_words, major);
    size_t len = strlen(label), ending = strlen("专业");
    bool ends = len >= ending && strcmp(label + len - ending, "专业") == 0;
    return ends ? label : arena_printf(a, "%s专业", label);
}

static const char *fact_text(const struct judging *j, const struct education_fact *f)
{
    const char *school = f->name          ? f->name
                         : f->institution ? word_label(institution_words, f->institution)
                                          : "";
    return arena_printf(j->arena, "%s%s%s%s学历（%s）", school,
                        f->class ? word_label(class_words, f->class) : "",
                        major_text(j->arena, f->major),
                        f->attainment ? word_label(attainment_words, f->attainment) : "",
                        f->status ? word_label(status_words, f->status) : "就读状态未填");
}

static int bits(unsigned v)
{
    int n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
}

/* Names the education that came nearest and what it lacks. */
static void tell_missing(const struct judging *j, const struct education_clause *c,
                         struct finding *out)
{
    static const char *const labels[KEYS] = {"院校类别", "班级",       "学历层次", "专业",
                                             "就读状态", "院校相关性", "评估论证", "毕业日期"};
    struct arena *a = j->arena;
    const struct education_fact *near = NULL;
    unsigned lacks = ~0U;
    for (size_t i = 0; i < j->facts->education_count; i++) {
        unsigned failed = failures(j, c->education, &j->facts->education[i]);
        if (!near || bits(failed) < bits(lacks)) {
            near = &j->facts->education[i];
            lacks = failed;
        }
    }
    const char *wanted = wanted_text(a, c->education);
    if (!near) {
        reason_add(a, &out->missing, arena_printf(a, "没有%s。", wanted));
        return;
    }
    const char *what = "";
    for (enum key k = 0; k < KEYS; k++)
        if (lacks & (1U << k)) {
            const char *want = key_text(a, c->education, k);
            what = arena_printf(a, "%s%s%s%s%s", what, *what ? "，" : "", labels[k],
                                *want ? "须为" : "不符", want);
        }
    reason_add(a, &out->missing,
               arena_printf(a, "%s不符合“%s”：%s。", fact_text(j, near), wanted, what));
}

static void judge(const struct judging *j, const struct json_t *predicate, struct finding *out)
{
    struct education_clause c;
    predicate_read(&education_clause_kind, predicate, j->arena, &c);
    const struct education_fact *proved = earliest_match(j, &c, true);
    const struct education_fact *any = earliest_match(j, &c, false);
    out->verdict = proved ? MET : any ? UNKNOWN : NOT_MET;
    if (!any) {
        tell_missing(j, &c, out);
        return;
    }
    reason_add(j->arena, &out->because,
               arena_printf(j->arena, "%s。", fact_text(j, proved ? proved : any)));
    if (!proved)
        reason_add(j->arena, &out->missing,
                   arena_printf(j->arena, "%s尚未证明，须补交学历证明或学籍证明。",
                                fact_text(j, any)));
}

const struct clause_kind education_clause_kind = {
    .key = "education",
    .fields = &fields,
    .judge = judge,
    .earliest = earliest,
    .describe = describe,
};
