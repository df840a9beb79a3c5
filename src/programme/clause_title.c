/* programme/clause_title.c - "holds a professional title" (职称, 专业技术人员职业资格). Which
 * title matches which occupation is not printed in 1.9.1: a registrar marks it. */
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "programme/expression.h"
#include "programme/facts.h"
#include "programme/vocabulary.h"

struct wanted {
    const char *const *rank_in;
    size_t rank_count;
    const char *specialty;
};

struct title_clause {
    const struct wanted *title;
    int64_t held_years_gte;
};

/* clang-format off */
static const struct field wanted_rows[] = {
    {FIELD(struct wanted, rank_in, TEXTS), FIELD_COUNT(struct wanted, rank_count),
     .required = true, .allowed = grade_values, .min = 1, .max = 3},
    {FIELD(struct wanted, specialty, TEXT), .allowed = specialty_values},
};
static const struct fields wanted_fields = FIELDS("title", struct wanted, wanted_rows);

static const struct field rows[] = {
    {FIELD(struct title_clause, title, OBJECT), .sub = &wanted_fields, .required = true},
    {FIELD(struct title_clause, held_years_gte, INT), .min = 1, .max = 60},
};
/* clang-format on */
static const struct fields fields = FIELDS("title_clause", struct title_clause, rows);

/* A title that corresponds to the occupation is of a related specialty too. */
static bool specialty_covers(const char *wanted, const char *specialty)
{
    if (!wanted)
        return true;
    if (!specialty)
        return false;
    return strcmp(wanted, specialty) == 0 ||
           (strcmp(wanted, "related") == 0 && strcmp(specialty, "matched") == 0);
}

static bool matches(const struct wanted *w, const struct title_fact *t)
{
    return is_one_of(t->rank, w->rank_in, w->rank_count) &&
           specialty_covers(w->specialty, t->specialty);
}

static const struct title_fact *earliest_match(const struct judging *j,
                                               const struct title_clause *c, date_days latest,
                                               bool proved_only)
{
    const struct title_fact *found = NULL;
    for (size_t i = 0; i < j->facts->title_count; i++) {
        const struct title_fact *t = &j->facts->titles[i];
        if (t->awarded <= latest && matches(c->title, t) &&
            (!proved_only || fact_is_proved(t->evidence)) &&
            (!found || t->awarded < found->awarded))
            found = t;
    }
    return found;
}

static bool earliest(const struct judging *j, const struct json_t *predicate, bool proved_only,
                     date_days *out)
{
    struct title_clause c;
    predicate_read(&title_clause_kind, predicate, j->arena, &c);
    const struct title_fact *t = earliest_match(
        j, &c, date_add_years(j->as_of, -(int)c.held_years_gte), proved_only);
    if (t)
        *out = t->awarded;
    return t;
}

/* ------------------------------------------------------------------ sentences */
static const char *wanted_text(struct arena *a, const struct wanted *w)
{
    return arena_printf(a, "%s%s职称",
                        w->specialty ? word_label(specialty_words, w->specialty) : "",
                        words_joined(a, grade_words, w->rank_in, w->rank_count, "或"));
}

static const char *describe(struct arena *a, const struct json_t *predicate)
{
    struct title_clause c;
    predicate_read(&title_clause_kind, predicate, a, &c);
    return wanted_text(a, c.title);
}

static const char *fact_text(const struct judging *j, const struct title_fact *t)
{
    return arena_printf(j->arena, "%s%s职称（%s取得）",
                        t->specialty ? word_label(specialty_fact_words, t->specialty) : "",
                        word_label(grade_words, t->rank), date_text(j->arena, t->awarded));
}

static void tell_missing(const struct judging *j, const struct title_clause *c,
                         struct finding *out)
{
    struct arena *a = j->arena;
    const struct title_fact *held = earliest_match(j, c, j->as_of, false);
    if (!held) {
        reason_add(a, &out->missing, arena_printf(a, "没有%s。", wanted_text(a, c->title)));
        return;
    }
    date_days day = date_add_years(held->awarded, (int)c->held_years_gte);
    reason_add(a, &out->missing,
               arena_printf(a, "%s须取得满%lld年：还差%d天，%s满足。", fact_text(j, held),
                            (long long)c->held_years_gte, (int)(day - j->as_of),
                            date_text(a, day)));
}

static void judge(const struct judging *j, const struct json_t *predicate, struct finding *out)
{
    struct title_clause c;
    predicate_read(&title_clause_kind, predicate, j->arena, &c);
    date_days latest = date_add_years(j->as_of, -(int)c.held_years_gte);
    const struct title_fact *proved = earliest_match(j, &c, latest, true);
    const struct title_fact *any = earliest_match(j, &c, latest, false);
    out->verdict = proved ? MET : any ? UNKNOWN : NOT_MET;
    if (!any) {
        tell_missing(j, &c, out);
        return;
    }
    reason_add(j->arena, &out->because,
               arena_printf(j->arena, "持有%s。", fact_text(j, proved ? proved : any)));
    if (!proved)
        reason_add(j->arena, &out->missing,
                   arena_printf(j->arena, "%s尚未证明，须补交职称证书。", fact_text(j, any)));
}

const struct clause_kind title_clause_kind = {
    .key = "title",
    .fields = &fields,
    .judge = judge,
    .earliest = earliest,
    .describe = describe,
};
