/* programme/expression.h - conditions on an applicant's facts, judged three-valued.
 *
 *     expression = {"any":[expression, …]} | {"all":[expression, …]} | predicate
 *
 * A predicate has one key of clauses.def. `all` is the least, `any` the greatest of its parts
 * (Kleene), so that "not proved yet" survives to the top. More evidence never makes a verdict
 * worse: nothing in the language negates. */
#ifndef PROGRAMME_EXPRESSION_H
#define PROGRAMME_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/calendar.h"
#include "base/err.h"

struct arena;
struct facts;
struct fields;
struct json_t;
struct programme;
struct word;

enum verdict { NOT_MET, UNKNOWN, MET };

const char *verdict_name(enum verdict v); /* "not_met", "unknown", "met" */

struct judging { /* who is judged, on which day, against whose lists */
    struct arena *arena;
    const struct programme *programme;
    const struct facts *facts;
    date_days as_of;
};

struct reasons { /* sentences for people, in Chinese */
    const char **at;
    size_t count;
};

struct finding {
    enum verdict verdict;
    struct reasons because; /* the facts that meet it, or would if they were proved */
    struct reasons missing; /* what it would take; empty when met */
};

bool expression_check(const struct json_t *expression, struct err *e) MUST_USE;
/* EXPRESSION has passed expression_check(). */
void expression_judge(const struct judging *j, const struct json_t *expression,
                      struct finding *out);

/* ------------------------------------------------------------------ for clause_*.c */
struct clause_kind {
    const char *key;
    const struct fields *fields; /* of the whole predicate */
    /* What the table cannot say; NULL = nothing. */
    bool (*check)(const struct json_t *predicate, struct err *e);
    void (*judge)(const struct judging *j, const struct json_t *predicate, struct finding *out);
    /* The day of the earliest matching fact, for `after`; NULL = cannot stand there. */
    bool (*earliest)(const struct judging *j, const struct json_t *predicate, bool proved_only,
                     date_days *out);
    /* "本职业或相关职业四级证书"; with `earliest` only. */
    const char *(*describe)(struct arena *a, const struct json_t *predicate);
};

#define CLAUSE(name, key) extern const struct clause_kind name##_clause_kind;
#include "programme/clauses.def"
#undef CLAUSE

const struct clause_kind *clause_kind_at(size_t i);          /* NULL past the last */
const struct clause_kind *clause_kind_find(const char *key); /* NULL if there is none */
const struct clause_kind *predicate_kind(const struct json_t *predicate);

/* Reads a predicate that has been checked. */
void predicate_read(const struct clause_kind *kind, const struct json_t *predicate,
                    struct arena *a, void *out);
void reason_add(struct arena *a, struct reasons *r, const char *sentence);
bool is_one_of(const char *value, const char *const *list, size_t count);
/* "初级、中级" of the words in LIST; JOINER "、" or "或". */
const char *words_joined(struct arena *a, const struct word *words, const char *const *list,
                         size_t count, const char *joiner);
const char *date_text(struct arena *a, date_days d);

#endif
