/* programme/clause_certificate.c - "holds a vocational qualification or skill-level
 * certificate". Levels are those printed: whether a higher certificate also satisfies a clause
 * is not said in 1.9.1, so it does not. */
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "programme/expression.h"
#include "programme/facts.h"
#include "programme/names.h"
#include "programme/programme.h"
#include "programme/vocabulary.h"

struct wanted {
    const char *scope;
    const int64_t *level_in;
    size_t level_count;
    const char *const *grade_in;
    size_t grade_count;
    const char *scheme;
};

struct certificate_clause {
    const struct wanted *certificate;
    int64_t held_years_gte;
};

/* clang-format off */
static const struct field wanted_rows[] = {
    {FIELD(struct wanted, scope, TEXT), .required = true, .allowed = certificate_scope_values},
    {FIELD(struct wanted, level_in, INTS), FIELD_COUNT(struct wanted, level_count),
     .min = 1, .max = 5},
    {FIELD(struct wanted, grade_in, TEXTS), FIELD_COUNT(struct wanted, grade_count),
     .allowed = grade_values, .min = 1, .max = 3},
    {FIELD(struct wanted, scheme, TEXT), .min = 1, .max = 40},
};
static const struct fields wanted_fields = FIELDS("certificate", struct wanted, wanted_rows);

static const struct field rows[] = {
    {FIELD(struct certificate_clause, certificate, OBJECT), .sub = &wanted_fields,
     .required = true},
    {FIELD(struct certificate_clause, held_years_gte, INT), .min = 1, .max = 60},
};
/* clang-format on */
static const struct fields fields = FIELDS("certificate_clause", struct certificate_clause,
                                           rows);

static bool check(const struct json_t *predicate, struct err *e)
{
    struct arena *scratch = arena_create(1 << 16);
    struct certificate_clause c;
    bool ok = fields_read(&fields, predicate, scratch, &c, e);
    for (size_t i = 0; ok && i < c.certificate->level_count; i++)
        if (c.certificate->level_in[i] < 1 || c.certificate->level_in[i] > 5)
            ok = FAIL(e, INVALID, "/certificate/level_in", "国家职业技能等级为 1 至 5。");
    arena_destroy(scratch);
    return ok;
}

static bool scope_covers(const char *wanted, const char *scope)
{
    if (strcmp(wanted, "other") == 0)
        return strcmp(scope, "own") != 0;
    if (strcmp(scope, "own") == 0)
        return strcmp(wanted, "related") != 0;
    return strcmp(scope, "related") == 0 && strcmp(wanted, "own") != 0;
}

static bool level_is_in(const struct wanted *w, int64_t level)
{
    for (size_t i = 0; i < w->level_count; i++)
        if (w->level_in[i] == level)
            return true;
    return w->level_count == 0;
}

static const char *scope_of(const struct judging *j, const struct certificate_fact *c)
{
    if (c->scope)
        return c->scope;
    return c->occupation ? occupation_scope(j->programme, c->occupation) : "other";
}

static bool matches(const struct judging *j, const struct wanted *w,
                    const struct certificate_fact *c)
{
    return scope_covers(w->scope, scope_of(j, c)) && level_is_in(w, c->level) &&
           (!w->grade_count || is_one_of(c->grade, w->grade_in, w->grade_count)) &&
           (!w->scheme || (c->scheme && strcmp(c->scheme, w->scheme) == 0));
}

static date_days latest_day(const struct judging *j, int64_t held_years)
{
    return date_add_years(j->as_of, -(int)held_years);
}

/* The earliest that matches and has been held long enough; NULL if there is none. */
static const struct certificate_fact *earliest_match(const struct judging *j,
                                                     const struct certificate_clause *c,
                                                     date_days latest, bool proved_only)
{
    const struct certificate_fact *found = NULL;
    for (size_t i = 0; i < j->facts->certificate_count; i++) {
        const struct certificate_fact *f = &j->facts->certificates[i];
        if (f->issued <= latest && matches(j, c->certificate, f) &&
            (!proved_only || fact_is_proved(f->evidence)) &&
            (!found || f->issued < found->issued))
            found = f;
    }
    return found;
}

static bool earliest(const struct judging *j, const struct json_t *predicate, bool proved_only,
                     date_days *out)
{
    struct certificate_clause c;
    predicate_read(&certificate_clause_kind, predicate, j->arena, &c);
    const struct certificate_fact *f = earliest_match(j, &c, latest_day(j, c.held_years_gte),
                                                      proved_only);
    if (f)
        *out = f->issued;
    return f;
}

/* ------------------------------------------------------------------ sentences */
static const char *level_word(int64_t level)
{
    static const char *const words[] = {"", "一级", "二级", "三级", "四级", "五级"};
    return words[level >= 1 && level <= 5 ? level : 0];
}

static const char *wanted_text(struct arena *a, const struct wanted *w)
{
    const char *levels = "";
    for (size_t i = 0; i < w->level_count; i++)
        levels = arena_printf(a, "%s%s%s", levels, i ? "或" : "", level_word(w->level_in[i]));
    return arena_printf(a, "%s%s%s证书%s%s%s", word_label(certificate_scope_words, w->scope),
                        levels, words_joined(a, grade_words, w->grade_in, w->grade_count, "或"),
                        w->scheme ? "（" : "", w->scheme ? w->scheme : "",
                        w->scheme ? "）" : "");
}

static const char *describe(struct arena *a, const struct json_t *predicate)
{
    struct certificate_clause c;
    predicate_read(&certificate_clause_kind, predicate, a, &c);
    return wanted_text(a, c.certificate);
}

static const char *fact_text(const struct judging *j, const struct certificate_fact *f)
{
    const char *what = f->occupation ? f->occupation
                                     : word_label(certificate_fact_scope_words,
                                                  f->scope ? f->scope : "other");
    return arena_printf(j->arena, "%s%s%s证书（%s取得）", what, level_word(f->level),
                        f->grade ? word_label(grade_words, f->grade) : "",
                        date_text(j->arena, f->issued));
}

static void tell_missing(const struct judging *j, const struct certificate_clause *c,
                         struct finding *out)
{
    struct arena *a = j->arena;
    const char *wanted = wanted_text(a, c->certificate);
    const struct certificate_fact *held = earliest_match(j, c, j->as_of, false);
    if (!held) {
        reason_add(a, &out->missing,
                   c->held_years_gte ? arena_printf(a, "没有%s；须取得满%lld年。", wanted,
                                                    (long long)c->held_years_gte)
                                     : arena_printf(a, "没有%s。", wanted));
        return;
    }
    date_days day = date_add_years(held->issued, (int)c->held_years_gte);
    reason_add(a, &out->missing,
               arena_printf(a, "%s须取得满%lld年：还差%d天，%s满足。", fact_text(j, held),
                            (long long)c->held_years_gte, (int)(day - j->as_of),
                            date_text(a, day)));
}

static void judge(const struct judging *j, const struct json_t *predicate, struct finding *out)
{
    struct certificate_clause c;
    predicate_read(&certificate_clause_kind, predicate, j->arena, &c);
    date_days latest = latest_day(j, c.held_years_gte);
    const struct certificate_fact *proved = earliest_match(j, &c, latest, true);
    const struct certificate_fact *any = earliest_match(j, &c, latest, false);
    out->verdict = proved ? MET : any ? UNKNOWN : NOT_MET;
    if (!any) {
        tell_missing(j, &c, out);
        return;
    }
    reason_add(j->arena, &out->because,
               arena_printf(j->arena, "持有%s。", fact_text(j, proved ? proved : any)));
    if (!proved)
        reason_add(
            j->arena, &out->missing,
            arena_printf(j->arena, "%s尚未证明，须补交证书或查询结果。", fact_text(j, any)));
}

const struct clause_kind certificate_clause_kind = {
    .key = "certificate",
    .fields = &fields,
    .check = check,
    .judge = judge,
    .earliest = earliest,
    .describe = describe,
};
