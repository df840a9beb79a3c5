/* entry/batch.h - an assessment batch (考试批次): one body, one programme, a window to apply in,
 * examination days, places, and the policy that holds for everybody who enters it.
 *
 * Programme data and policy are frozen when the batch is made: what a candidate applied under
 * stays what it was, though programme files and settings change later (DOMAIN §0.5, §2.5, §2.6). */
#ifndef ENTRY_BATCH_H
#define ENTRY_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct db;
struct fields;
struct json_out;
struct programme;
struct programme_set;

enum batch_state {
#define BATCH_STATE(number, name, word, label, next) BATCH_##name = number,
#include "entry/batch_states.def"
#undef BATCH_STATE
};

const char *batch_state_name(enum batch_state s);  /* "open" */
const char *batch_state_label(enum batch_state s); /* 报名开放 */
bool batch_may_become(enum batch_state from, enum batch_state to);
void batch_states_put(struct json_out *o); /* as entry_states_put, member "batch" */

/* Whatever the rules leave to the body. 0 = not used, unless said otherwise. */
struct batch_policy {
    int64_t fee_fen, resit_fee_fen;
    int64_t ticket_days;  /* tickets can be printed this many days before the first day */
    int64_t late_minutes; /* nobody enters later than this after the start */
    int64_t earliest_hand_in_minutes;
    int64_t result_days;        /* working days from the last day to the results */
    int64_t notice_days;        /* working days of public notice before certificates */
    int64_t recheck_days;       /* working days in which a recheck can be asked for */
    int64_t certificate_days;   /* working days from the results to the certificate */
    int64_t part_validity_days; /* calendar days a passed part counts */
    int64_t max_resits;         /* -1 = not limited */
    int64_t free_resits;
    bool quota_waits_for_review; /* places are taken by acceptance, not by submission */
};
extern const struct fields batch_policy_fields;

struct batch_level {
    int64_t level;
    int64_t quota; /* 0 = not limited */
    int64_t taken; /* places in use */
};

struct batch {
    struct id id, body;
    const char *title;
    const char *programme;        /* its id */
    const char *programme_digest; /* of the data frozen with the batch */
    enum batch_state state;
    int64_t version;
    int64_t apply_from_ms, apply_until_ms;
    date_days exam_from, exam_until;
    int64_t quota, taken; /* quota 0 = not limited */
    struct batch_level *levels;
    size_t level_count;
    struct batch_policy policy;
    int64_t created_ms;
};

struct batch_list {
    struct batch *at;
    size_t count;
};

bool batch_get(struct db *db, struct arena *a, struct id body, struct id id, struct batch *out,
               struct err *e) MUST_USE;
/* Newest examination first. */
bool batch_list(struct db *db, struct arena *a, struct id body, struct batch_list *out,
                struct err *e) MUST_USE;
const struct batch_level *batch_level(const struct batch *b, int64_t level); /* NULL = none */
/* The programme as it was when the batch was made: from SET if its data is still the same. */
bool batch_programme(struct db *db, struct arena *a, const struct programme_set *set,
                     const struct batch *b, const struct programme **out,
                     struct err *e) MUST_USE;

/* What a registrar gives to make one. */
struct batch_input {
    const char *title, *programme; /* id or alias of the programme */
    int64_t apply_from_ms, apply_until_ms;
    date_days exam_from, exam_until;
    int64_t quota;
    struct batch_level *levels;
    size_t level_count;
    struct json_t *policy; /* members that differ from the programme's; NULL = none do */
};
extern const struct fields batch_input_fields;

/* The programme's own deadlines, fees and resit rule, where it states them, else ours. */
struct batch_policy batch_policy_default(const struct programme *p);
/* The default with the members of GIVEN in their place. */
bool batch_policy_read(struct arena *a, const struct programme *p, const struct json_t *given,
                       struct batch_policy *out, struct err *e) MUST_USE;
const char *batch_policy_text(struct arena *a, const struct batch_policy *p);
/* Refuses, with the field: a window that ends before it begins, examinations before its end,
 * levels that the programme lacks or that stand twice, quotas that do not fit. */
bool batch_input_check(const struct batch_input *in, const struct programme *p,
                       struct err *e) MUST_USE;
/* May one apply for this level at NOW? RULE with a sentence if not. */
bool batch_takes(const struct batch *b, int64_t level, int64_t now_ms, struct err *e) MUST_USE;

/* For the use cases of this folder; inside a transaction. */
bool batch_put(struct db *db, struct arena *a, const struct batch *b, struct id by,
               struct err *e) MUST_USE;
bool batch_move(struct db *db, const struct batch *b, enum batch_state to,
                struct err *e) MUST_USE;
bool batch_change_window(struct db *db, const struct batch *b, int64_t apply_until_ms,
                         int64_t quota, struct err *e) MUST_USE;
bool programme_freeze(struct db *db, struct arena *a, const struct programme *p,
                      struct err *e) MUST_USE;

#endif
