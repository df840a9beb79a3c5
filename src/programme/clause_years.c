/* programme/clause_years.c - "worked at least N years in the occupation".
 *
 * N years are calendar years to the day: as many days as lie between the day N years before the
 * day of judging and that day. Periods are merged before they are summed; 连续 takes the longest
 * unbroken one. With `after` only the time from the earliest matching certificate, title or
 * education counts. The standards print only 满N年 and 后; these readings are ours. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "programme/expression.h"
#include "programme/facts.h"
#include "programme/names.h"
#include "programme/vocabulary.h"

struct years_clause {
    int64_t years_in_occupation_gte;
    const char *scope, *counting;
    const struct json_t *after;
};

static const struct field rows[] = {
    {FIELD(struct years_clause, years_in_occupation_gte, INT), .required = true, .min = 1,
     .max = 60},
    {FIELD(struct years_clause, scope, TEXT), .required = true, .allowed = work_scope_values},
    {FIELD(struct years_clause, counting, TEXT), .required = true, .allowed = counting_values},
    {FIELD(struct years_clause, after, JSON)},
};
static const struct fields fields = FIELDS("years_clause", struct years_clause, rows);

static bool check(const struct json_t *predicate, struct err *e)
{
    const json_t *after = json_object_get(predicate, "after");
    if (!after)
        return true;
    const struct clause_kind *kind = json_is_object(after) ? predicate_kind(after) : NULL;
    if (!kind || !kind->earliest)
        return FAIL(e, INVALID, "/after", "须为证书、职称或学历的条件。");
    if (expression_check(after, e))
        return true;
    err_under(e, "/after");
    return false;
}

/* ------------------------------------------------------------------ counting days */
struct span {
    date_days from, to;
};

struct count {
    bool started; /* there is no `after`, or a fact matches it */
    date_days start;
    int64_t days, need;
};

static bool scope_covers(const char *wanted, const char *scope)
{
    if (strcmp(scope, "own") == 0)
        return strcmp(wanted, "related") != 0;
    if (strcmp(scope, "related") == 0)
        return strcmp(wanted, "own") != 0;
    return strcmp(scope, "related_field") == 0 && strcmp(wanted, "related_field") == 0;
}

static bool work_matches(const struct judging *j, const struct years_clause *c,
                         const struct work_fact *w)
{
    const char *scope = w->scope ? w->scope : occupation_scope(j->programme, w->occupation);
    return scope_covers(c->scope, scope);
}

static int by_from(const void *x, const void *y)
{
    const struct span *a = x, *b = y;
    return (a->from > b->from) - (a->from < b->from);
}

/* The part of a period that counts: from START to the day of judging at most. */
static struct span clipped(const struct judging *j, const struct work_fact *w, date_days start)
{
    date_days to = w->to == DATE_NONE || w->to > j->as_of ? j->as_of : w->to;
    return (struct span){w->from > start ? w->from : start, to};
}

static int64_t days_of(struct span *spans, size_t n, bool continuous)
{
    int64_t sum = 0, longest = 0;
    if (n)
        qsort(spans, n, sizeof *spans, by_from);
    for (size_t i = 0; i < n;) {
        struct span run = spans[i++];
        for (; i < n && spans[i].from <= run.to; i++)
            if (spans[i].to > run.to)
                run.to = spans[i].to;
        int64_t days = (int64_t)run.to - run.from;
        sum += days;
        longest = days > longest ? days : longest;
    }
    return continuous ? longest : sum;
}

static struct count count_days(const struct judging *j, const struct years_clause *c,
                               bool proved_only)
{
    struct count n = {.started = true, .start = DATE_NONE};
    n.need = (int64_t)j->as_of - date_add_years(j->as_of, -(int)c->years_in_occupation_gte);
    if (c->after)
        n.started = predicate_kind(c->after)->earliest(j, c->after, proved_only, &n.start);
    if (!n.started)
        return n;
    struct span *spans = arena_array(j->arena, struct span, j->facts->work_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < j->facts->work_count; i++) {
        const struct work_fact *w = &j->facts->work[i];
        if ((proved_only && !fact_is_proved(w->evidence)) || !work_matches(j, c, w))
            continue;
        struct span s = clipped(j, w, n.start);
        if (s.from < s.to)
            spans[count++] = s;
    }
    n.days = days_of(spans, count, strcmp(c->counting, "continuous") == 0);
    return n;
}

/* The first later day on which the condition holds if present work goes on; false if waiting
 * alone does not help. */
static bool holds_on(const struct judging *j, const struct years_clause *c, date_days *out)
{
    struct judging later = *j;
    struct count n = count_days(j, c, false);
    for (int i = 0; i < 40 && n.started; i++) {
        if (n.days >= n.need) {
            *out = later.as_of;
            return true;
        }
        int64_t before = n.days;
        later.as_of += (date_days)(n.need - n.days);
        n = count_days(&later, c, false);
        if (n.days <= before)
            return false;
    }
    return false;
}

/* ------------------------------------------------------------------ sentences */
static const char *what_is_counted(const struct judging *j, const struct years_clause *c)
{
    return arena_printf(j->arena, "%s从事%s%s", word_label(counting_words, c->counting),
                        word_label(work_scope_words, c->scope),
                        strcmp(c->scope, "related_field") == 0 ? "工作" : "");
}

static const char *after_text(const struct judging *j, const struct years_clause *c)
{
    if (!c->after)
        return "";
    return arena_printf(j->arena, "取得%s后",
                        predicate_kind(c->after)->describe(j->arena, c->after));
}

static const char *period_text(const struct judging *j, const struct work_fact *w)
{
    const char *what = w->occupation ? w->occupation
                                     : word_label(work_fact_scope_words, w->scope);
    return arena_printf(j->arena, "%s %s至%s%s", what, date_text(j->arena, w->from),
                        w->to == DATE_NONE ? "今" : date_text(j->arena, w->to),
                        fact_is_proved(w->evidence) ? "" : "（未证明）");
}

/* The periods that count, at most six of them by name. */
static const char *periods_text(const struct judging *j, const struct years_clause *c,
                                date_days start, bool proved_only)
{
    const char *text = "";
    size_t shown = 0, more = 0;
    for (size_t i = 0; i < j->facts->work_count; i++) {
        const struct work_fact *w = &j->facts->work[i];
        struct span s = clipped(j, w, start);
        if (!work_matches(j, c, w) || s.from >= s.to ||
            (proved_only && !fact_is_proved(w->evidence)))
            continue;
        if (shown == 6)
            more++;
        else
            text = arena_printf(j->arena, "%s%s%s", text, shown++ ? "；" : "",
                                period_text(j, w));
    }
    return more ? arena_printf(j->arena, "%s 等%zu段", text, shown + more) : text;
}

static void tell_met(const struct judging *j, const struct years_clause *c,
                     const struct count *n, bool proved_only, struct finding *out)
{
    const char *since =
        c->after ? arena_printf(j->arena, "（自%s起计）", date_text(j->arena, n->start)) : "";
    reason_add(j->arena, &out->because,
               arena_printf(j->arena, "%s%s共%lld天%s，满%lld年：%s。", after_text(j, c),
                            what_is_counted(j, c), (long long)n->days, since,
                            (long long)c->years_in_occupation_gte,
                            periods_text(j, c, n->start, proved_only)));
}

static void tell_short(const struct judging *j, const struct years_clause *c,
                       const struct count *n, struct finding *out)
{
    date_days day;
    const char *what = what_is_counted(j, c);
    if (!n->started) {
        reason_add(j->arena, &out->missing,
                   arena_printf(j->arena, "没有%s；取得后须%s满%lld年。",
                                predicate_kind(c->after)->describe(j->arena, c->after), what,
                                (long long)c->years_in_occupation_gte));
        return;
    }
    const char *when = holds_on(j, c, &day) ? arena_printf(j->arena, "；若继续从业，自%s起满足",
                                                           date_text(j->arena, day))
                                            : "";
    reason_add(j->arena, &out->missing,
               arena_printf(j->arena, "%s须%s满%lld年：已有%lld天，还差%lld天%s。",
                            after_text(j, c), what, (long long)c->years_in_occupation_gte,
                            (long long)n->days, (long long)(n->need - n->days), when));
}

static void judge(const struct judging *j, const struct json_t *predicate, struct finding *out)
{
    struct years_clause c;
    predicate_read(&years_clause_kind, predicate, j->arena, &c);
    struct count proved = count_days(j, &c, true), all = count_days(j, &c, false);
    if (proved.started && proved.days >= proved.need) {
        out->verdict = MET;
        tell_met(j, &c, &proved, true, out);
    } else if (all.started && all.days >= all.need) {
        out->verdict = UNKNOWN;
        tell_met(j, &c, &all, false, out);
        reason_add(
            j->arena, &out->missing,
            proved.started
                ? arena_printf(j->arena,
                               "工作经历尚未全部证明：已证明%lld天，还差%lld天，须补交证明。",
                               (long long)proved.days, (long long)(proved.need - proved.days))
                : arena_printf(j->arena, "%s尚未证明，须补交证明。",
                               predicate_kind(c.after)->describe(j->arena, c.after)));
    } else {
        out->verdict = NOT_MET;
        tell_short(j, &c, &all, out);
    }
}

const struct clause_kind years_clause_kind = {
    .key = "years_in_occupation_gte",
    .fields = &fields,
    .check = check,
    .judge = judge,
};
