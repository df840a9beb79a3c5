/* programme/eligibility_test.c - sample applicants, every kind of clause, names, reasons. */
#include "programme/eligibility.h"

#include <jansson.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/facts.h"
#include "programme/fixture.h"
#include "test/check.h"

enum { ARENA_BYTES = 64 << 20 };

static struct facts facts_of(struct arena *a, const json_t *json)
{
    struct facts f;
    struct err e = {0};
    CHECK_OK("facts", facts_read(a, json, &f, &e), &e);
    return f;
}

static struct eligibility judged(struct arena *a, const struct programme *p, int64_t level,
                                 const struct facts *f)
{
    struct eligibility v;
    struct err e = {0};
    struct eligibility_question q = {
        .programme = p, .level = level, .facts = f, .as_of = f->as_of};
    CHECK_OK("judged", eligibility_judge(a, &q, &v, &e), &e);
    return v;
}

static void check_applicant(struct arena *a, const char *what, const json_t *file,
                            const json_t *one)
{
    struct facts f = facts_of(a, json_object_get(one, "facts"));
    const struct programme *p = fixture_programme(a, json_member_text(file, "programme"));
    struct eligibility v = judged(a, p, json_member_int(file, "level", 0), &f);
    const json_t *want = json_object_get(one, "clauses");
    CHECK_INT(what, v.verdict, fixture_verdict(json_member_text(one, "verdict")));
    CHECK_INT(what, v.count, json_object_size(want));
    for (size_t i = 0; i < v.count; i++) {
        const struct clause_verdict *c = &v.clauses[i];
        CHECK(what, json_member_text(want, c->no));
        CHECK_INT(what, c->finding.verdict, fixture_verdict(json_member_text(want, c->no)));
        CHECK("met has facts", c->finding.verdict != MET || c->finding.because.count);
        CHECK("met misses nothing", c->finding.verdict != MET || !c->finding.missing.count);
        CHECK("else it says what", c->finding.verdict == MET || c->finding.missing.count);
    }
}

/* The 84 applicants: at least one accepted and one refused for each of the 35 clauses. */
void sample_applicants_test(void)
{
    const struct embedded *f;
    size_t applicants = 0, files = 0, i;
    json_t *one;
    for (size_t n = 0; (f = embedded_under("samples/eligibility/", n)); n++) {
        if (strncmp(f->name, "samples/eligibility/kinds/", 26) == 0)
            continue;
        struct arena *a = arena_create(ARENA_BYTES);
        json_t *file = fixture_file(a, f->name);
        json_array_foreach(json_object_get(file, "applicants"), i, one)
        {
            check_applicant(a, f->name, file, one);
            applicants++;
        }
        files++;
        arena_destroy(a);
    }
    CHECK_INT("files", files, 35);
    CHECK_INT("applicants", applicants, 84);
}

void every_kind_has_samples_test(void)
{
    const struct clause_kind *kind;
    for (size_t k = 0; (kind = clause_kind_at(k)); k++) {
        struct arena *a = arena_create(ARENA_BYTES);
        json_t *file = fixture_file(
            a, arena_printf(a, "samples/eligibility/kinds/%s.json", kind->key));
        const json_t *expr = json_object_get(file, "expr");
        const struct programme *p = fixture_programme(a, json_member_text(file, "programme"));
        struct err e = {0};
        unsigned seen = 0;
        size_t i;
        json_t *one;
        CHECK_OK(kind->key, expression_check(expr, &e), &e);
        CHECK(kind->key, predicate_kind(expr) == kind);
        json_array_foreach(json_object_get(file, "applicants"), i, one)
        {
            struct facts f = facts_of(a, json_object_get(one, "facts"));
            struct judging j = {a, p, &f, f.as_of};
            struct finding got;
            expression_judge(&j, expr, &got);
            CHECK_INT(kind->key, got.verdict,
                      fixture_verdict(json_member_text(one, "verdict")));
            seen |= 1U << got.verdict;
        }
        CHECK_INT("one of each verdict", seen, 7);
        arena_destroy(a);
    }
}

/* clang-format off */
#define WORK(name, from, more)  "{\"occupation\":\"" name "\",\"from\":\"" from "\"" more "}"
#define CLAIMED                 ",\"evidence\":\"claimed\""
static const struct {
    const char *what, *programme;
    int64_t level;
    const char *as_of, *facts, *no; /* of the clause looked at; NULL = all together */
    enum verdict want;
} named[] = {
    {"five years to the day", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2019-07-01", "") "]}", "1", MET},
    {"a day short", "national-2023", 4, "2024-06-30",
     "{\"work\":[" WORK("电子商务师", "2019-07-01", "") "]}", "1", NOT_MET},
    {"a leap day counts as 28 February", "national-2023", 4, "2024-02-29",
     "{\"work\":[" WORK("电子商务师", "2019-02-28", "") "]}", "1", MET},
    {"own occupation", "4-13-05-03", 4, "2024-07-01",
     "{\"work\":[" WORK("全媒体运营师", "2019-07-01", "") "]}", "1", MET},
    {"an occupation on no list", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电工", "1990-07-01", "") "]}", "1", NOT_MET},
    {"scope given by a registrar wins", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电工", "1990-07-01", ",\"scope\":\"related\"") "]}", "1", MET},
    {"related_field is not related", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电工", "1990-07-01", ",\"scope\":\"related_field\"") "]}", "1", NOT_MET},
    {"overlapping periods count once", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2020-07-01", "") "," WORK("营销员", "2020-07-01", "") "]}",
     "1", NOT_MET},
    {"touching periods add up", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2019-07-01", ",\"to\":\"2021-07-01\"") ","
     WORK("营销员", "2021-07-01", "") "]}", "1", MET},
    {"work in the future does not count", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2024-08-01", ",\"to\":\"2034-07-01\"") "]}", "1", NOT_MET},
    {"claimed only", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2010-07-01", CLAIMED) "]}", "1", UNKNOWN},
    {"claimed does not lower proved", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2010-07-01", CLAIMED) ","
     WORK("电子商务师", "2010-07-01", "") "]}", "1", MET},
    {"claimed only makes the whole unknown", "national-2023", 4, "2024-07-01",
     "{\"work\":[" WORK("电子商务师", "2010-07-01", CLAIMED) "]}", NULL, UNKNOWN},
    {"a claimed certificate before proved work", "national-2023", 4, "2024-07-01",
     "{\"certificates\":[{\"occupation\":\"营销员\",\"level\":5,\"issued\":\"2020-01-01\"" CLAIMED
     "}],\"work\":[" WORK("营销员", "2020-06-01", "") "]}", "2", UNKNOWN},
    {"a certificate of another occupation", "national-2023", 4, "2024-07-01",
     "{\"certificates\":[{\"occupation\":\"电工\",\"level\":5,\"issued\":\"2020-01-01\"}],"
     "\"work\":[" WORK("营销员", "2020-06-01", "") "]}", "2", NOT_MET},
    {"a major by name", "national-2023", 4, "2024-07-01",
     "{\"education\":[{\"institution\":\"technical_school\",\"major\":\"电子商务\","
     "\"status\":\"graduated\"}]}", "3", MET},
    {"a major on no list", "national-2023", 4, "2024-07-01",
     "{\"education\":[{\"institution\":\"technical_school\",\"major\":\"护理\","
     "\"status\":\"graduated\"}]}", "3", NOT_MET},
    {"graduation in the future", "national-2023", 4, "2024-07-01",
     "{\"education\":[{\"institution\":\"technical_school\",\"major\":\"电子商务\","
     "\"status\":\"graduated\",\"date\":\"2024-07-02\"}]}", "3", NOT_MET},
    {"nothing at all", "national-2023", 1, "2024-07-01", "{}", NULL, NOT_MET},
    {"an open list is left to a person", "ccia", 1, "2024-07-01", "{}", "5", UNKNOWN},
    {"and so is the whole", "ccia", 1, "2024-07-01", "{}", NULL, UNKNOWN},
    {"printed number, not order", "ccia", 2, "2024-07-01",
     "{\"certificates\":[{\"scope\":\"own\",\"scheme\":\"ccia\",\"grade\":\"junior\","
     "\"issued\":\"2024-01-01\"}],\"work\":[" WORK("直播", "2020-06-01",
     ",\"scope\":\"related_field\"") "]}", "6", MET},
    {"a major on no list is another major", "ccia", 2, "2024-07-01",
     "{\"education\":[{\"major\":\"护理\",\"attainment\":\"bachelor\",\"status\":\"graduated\"}],"
     "\"work\":[" WORK("直播", "2023-07-01", ",\"scope\":\"related_field\"") "]}", "3", MET},
    {"no clauses", "nrta-operator", 1, "2024-07-01", "{}", NULL, MET},
    {"no clauses", "530063", 3, "2024-07-01", "{}", NULL, MET},
};
/* clang-format on */

static enum verdict verdict_of(const struct eligibility *v, const char *no)
{
    for (size_t i = 0; no && i < v->count; i++)
        if (strcmp(v->clauses[i].no, no) == 0)
            return v->clauses[i].finding.verdict;
    CHECK("there is such a clause", !no);
    return v->verdict;
}

void verdicts_by_name_test(void)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        struct arena *a = arena_create(ARENA_BYTES);
        struct facts f = facts_of(a, fixture_json(a, named[i].facts));
        CHECK(named[i].what, date_read(named[i].as_of, &f.as_of));
        struct eligibility v = judged(a, fixture_programme(a, named[i].programme),
                                      named[i].level, &f);
        CHECK_INT(named[i].what, verdict_of(&v, named[i].no), named[i].want);
        arena_destroy(a);
    }
}

/* clang-format off */
static const struct {
    const char *facts, *no, *sentence; /* a part of what is missing or of because */
} told[] = {
    {"{\"work\":[" WORK("电子商务师", "2020-01-01", "") "]}", "1",
     "已有1643天，还差184天；若继续从业，自2025-01-01起满足"},
    {"{\"work\":[" WORK("电子商务师", "2020-01-01", ",\"to\":\"2020-01-31\"") "]}", "1",
     "已有30天，还差1797天。"},
    {"{\"work\":[" WORK("电子商务师", "2010-01-01", CLAIMED) "]}", "1", "须补交证明"},
    {"{\"work\":[" WORK("电子商务师", "2010-01-01", "") "]}", "1",
     "满5年：电子商务师 2010-01-01至今。"},
    {"{}", "2", "没有相关职业五级证书；取得后须累计从事本职业或相关职业满3年。"},
    {"{}", "3", "没有"},
    {"{\"education\":[{\"institution\":\"technical_school\",\"major\":\"护理\","
     "\"status\":\"graduated\"}]}", "3", "专业须为本专业或相关专业"},
};
/* clang-format on */

static bool says(const struct reasons *r, const char *part)
{
    for (size_t i = 0; i < r->count; i++)
        if (strstr(r->at[i], part))
            return true;
    return false;
}

void reasons_say_what_is_missing_test(void)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct arena *a = arena_create(ARENA_BYTES);
        struct facts f = facts_of(a, fixture_json(a, told[i].facts));
        CHECK("date", date_read("2024-07-01", &f.as_of));
        struct eligibility v = judged(a, fixture_programme(a, "national-2023"), 4, &f);
        bool found = false;
        for (size_t c = 0; c < v.count; c++)
            if (strcmp(v.clauses[c].no, told[i].no) == 0) {
                const struct finding *g = &v.clauses[c].finding;
                found = says(&g->missing, told[i].sentence) ||
                        says(&g->because, told[i].sentence);
                for (size_t k = 0; !found && k < g->missing.count; k++)
                    print_error("missing: %s\n", g->missing.at[k]);
                for (size_t k = 0; !found && k < g->because.count; k++)
                    print_error("because: %s\n", g->because.at[k]);
            }
        CHECK(told[i].sentence, found);
        arena_destroy(a);
    }
}

void bad_questions_are_refused_test(void)
{
    static const struct {
        const char *programme;
        int64_t level;
        const char *direction, *field;
    } asked[] = {
        {"national-2023", 5, NULL, "/level"},    {"national-2023", 4, "E", "/direction"},
        {"national-2023", 4, "Z", "/direction"}, {"national-2023", 4, "A", NULL},
        {"national-2023", 4, NULL, NULL},        {"national-2023", 4, "", NULL},
        {"ccia", 1, "A", "/direction"},          {"ccia", 4, NULL, "/level"},
        {"nrta-operator", 2, NULL, "/level"},
    };
    struct arena *a = arena_create(ARENA_BYTES);
    struct facts f = facts_of(a, fixture_json(a, "{\"as_of\":\"2024-07-01\"}"));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct eligibility v;
        struct err e = {0};
        struct eligibility_question q = {fixture_programme(a, asked[i].programme),
                                         asked[i].level, asked[i].direction, &f, f.as_of};
        CHECK_INT(asked[i].programme, eligibility_judge(a, &q, &v, &e), !asked[i].field);
        CHECK_TEXT(asked[i].programme, e.field, asked[i].field ? asked[i].field : "");
    }
    arena_destroy(a);
}

/* ------------------------------------------------------------------ properties */
static uint64_t state;

static unsigned below(unsigned n) /* xorshift: the same applicants in every run */
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % n);
}

static const char *pick(const char *const *list, unsigned n)
{
    return list[below(n)];
}

static json_t *random_date(void)
{
    char text[DATE_TEXT_BYTES];
    date_write((date_days)(10957 + below(9000)), text); /* 2000-01-01 and on */
    return json_string(text);
}

static void put_evidence(json_t *fact)
{
    if (below(2))
        json_object_set_new(fact, "evidence", json_string("claimed"));
}

static json_t *random_fact(unsigned kind)
{
    static const char *const scopes[] = {"own", "related", "related_field", "other"};
    static const char *const cert_scopes[] = {"own", "related", "other"};
    static const char *const grades[] = {"junior", "intermediate", "senior"};
    static const char *const special[] = {"matched", "related", "other"};
    static const char *const schools[] = {"technical_school", "senior_technical_school",
                                          "technician_college", "higher_vocational_college",
                                          "regular_higher_education"};
    static const char *const states[] = {"graduated", "final_year", "enrolled"};
    static const char *const levels[] = {"senior_high", "secondary_vocational", "associate",
                                         "bachelor", "postgraduate"};
    json_t *f = json_object();
    put_evidence(f);
    switch (kind) {
    case 0:
        json_object_set_new(f, "scope", json_string(pick(scopes, 4)));
        json_object_set_new(f, "from", random_date());
        break;
    case 1:
        json_object_set_new(f, "scope", json_string(pick(cert_scopes, 3)));
        if (below(4))
            json_object_set_new(f, "level", json_integer(1 + below(5)));
        json_object_set_new(f, "grade", json_string(pick(grades, 3)));
        json_object_set_new(f, "scheme", json_string("ccia"));
        json_object_set_new(f, "issued", random_date());
        break;
    case 2:
        json_object_set_new(f, "rank", json_string(pick(grades, 3)));
        json_object_set_new(f, "specialty", json_string(pick(special, 3)));
        json_object_set_new(f, "awarded", random_date());
        break;
    default:
        json_object_set_new(f, "institution", json_string(pick(schools, 5)));
        json_object_set_new(f, "attainment", json_string(pick(levels, 5)));
        json_object_set_new(f, "major", json_string(pick(cert_scopes, 3)));
        json_object_set_new(f, "status", json_string(pick(states, 3)));
        json_object_set_new(f, "class", json_string("technician_class"));
    }
    return f;
}

static const char *const lists[] = {"work", "certificates", "titles", "education"};

static json_t *random_facts(struct arena *a)
{
    json_t *all = json_keep(a, json_pack("{s:s}", "as_of", "2024-07-01"));
    for (unsigned k = 0; k < 4; k++) {
        json_t *list = json_array();
        for (unsigned n = below(4); n; n--)
            json_array_append_new(list, random_fact(k));
        json_object_set_new(all, lists[k], list);
    }
    return all;
}

/* One more fact, or one claim proved. */
static void add_evidence(json_t *all)
{
    unsigned k = below(4);
    json_t *list = json_object_get(all, lists[k]);
    if (below(2) || !json_array_size(list))
        json_array_append_new(list, random_fact(k));
    else
        json_object_del(json_array_get(list, below((unsigned)json_array_size(list))),
                        "evidence");
}

static void check_more_is_not_worse(struct arena *a, const struct programme *p, int64_t level)
{
    json_t *json = random_facts(a);
    struct facts before = facts_of(a, json);
    struct eligibility less = judged(a, p, level, &before);
    add_evidence(json);
    struct facts after = facts_of(a, json);
    struct eligibility more = judged(a, p, level, &after);
    for (size_t c = 0; c < less.count; c++)
        CHECK(less.clauses[c].clause->id,
              more.clauses[c].finding.verdict >= less.clauses[c].finding.verdict);
    CHECK(p->id, more.verdict >= less.verdict);
}

void more_evidence_never_harms_test(void)
{
    state = 20240701;
    struct arena *programmes = arena_create(ARENA_BYTES);
    const struct programme *national = fixture_programme(programmes, "national-2023");
    const struct programme *ccia = fixture_programme(programmes, "ccia");
    for (int run = 0; run < 40; run++) {
        struct arena *a = arena_create(ARENA_BYTES);
        for (int i = 0; i < 10; i++)
            for (int64_t level = 1; level <= 4; level++) {
                check_more_is_not_worse(a, national, level);
                if (level <= 3)
                    check_more_is_not_worse(a, ccia, level);
            }
        arena_destroy(a);
    }
    arena_destroy(programmes);
}

/* Facts written and read again are judged alike, word for word. */
void facts_survive_writing_test(void)
{
    state = 7;
    struct arena *a = arena_create(ARENA_BYTES);
    const struct programme *p = fixture_programme(a, "national-2023");
    for (int i = 0; i < 100; i++) {
        struct facts f = facts_of(a, random_facts(a));
        struct json_out *written = json_out_create(a);
        fields_write(&facts_fields, &f, written);
        struct facts again = facts_of(a, fixture_json(a, json_out_text(written)));
        struct eligibility v = judged(a, p, 3, &f), w = judged(a, p, 3, &again);
        struct json_out *one = json_out_create(a), *two = json_out_create(a);
        eligibility_write(&v, one);
        eligibility_write(&w, two);
        CHECK_TEXT("the same words", json_out_text(two), json_out_text(one));
    }
    arena_destroy(a);
}
