/* measure/cut_panel.h - a modified Angoff panel: experts say, for each item, how many of a hundred
 * borderline candidates would get it right; in two rounds, with the others' round one and what
 * candidates really got in between (Angoff 1971; Cizek & Bunch 2007, ch. 6; angoff.h).
 *
 *   round 1, blind → round 2, with feedback → closed: held          (or abandoned at any time)
 *
 * The chair opens, calls round 2 and closes, each for a reason or when all have handed in; the chair
 * rates nothing. A member rates every item of a round and hands it in: then it stands. Nobody sees
 * another's ratings of a round before that round is over, and names stand beside them only in the
 * result. The result is held, not applied: the pass mark is the programme's (data/programmes/).
 * Everything is limited to the actor's body. */
#ifndef MEASURE_CUT_PANEL_H
#define MEASURE_CUT_PANEL_H

#include "marking/marking.h"
#include "measure/angoff.h"

enum { CUT_MEMBERS_MIN = 3, CUT_MEMBERS_MAX = 30, CUT_ITEMS_MAX = 200, CUT_ROUNDS = 2 };

struct cut_order {
    const char *title, *programme;
    struct id form; /* its items; zero: CODES */
    const char *const *codes;
    size_t code_count;
    const struct id *members; /* accounts */
    size_t member_count;
};
/* INVALID at "/members", "/codes/N" or "/codes"; NOT_FOUND at "form". */
bool cut_panel_open(const struct marking *m, const struct cut_order *order, struct id *panel,
                    struct err *e) MUST_USE;

struct cut_row {
    struct id id, form, chair;
    const char *title, *programme, *form_name, *chair_name;
    int64_t round, opened_ms, closed_ms; /* closed_ms 0: open */
    const char *outcome, *reason;        /* "", "held", "abandoned" */
    int64_t items, members, done;        /* done: members who have handed in this round */
};
/* ALL: every panel of the body; else those the actor chairs or rates in. */
bool cut_panel_list(const struct marking *m, bool all, int64_t limit, int64_t offset,
                    struct cut_row **out, size_t *count, int64_t *total,
                    struct err *e) MUST_USE;

struct cut_item {
    int64_t n;
    struct id item, version_id;
    const char *code;
    int64_t millimarks;
    bool known;       /* the next two: from round 2 on, where candidates have had it */
    double share;     /* of the marks they got, 0..1 */
    int64_t answered; /* by how many */
};
struct cut_member {
    struct id account;
    const char *name;
    int64_t excused_ms; /* 0: rates */
    const char *excuse;
    int64_t rated[CUT_ROUNDS]; /* items */
    int64_t done;              /* rounds handed in */
};
struct cut_panel {
    struct cut_row row;
    struct cut_item *items;
    struct cut_member *members;
    size_t item_count, member_count;
    bool chairs, rates; /* the actor */
    /* Per cent, members x items in their order, -1: none. What the actor may not see is -1. */
    int64_t *rating[CUT_ROUNDS];
    const struct cut_member *self; /* NULL: not a member */
    /* Of the rounds that are over, from those who were not excused; NULL before. In marks. */
    struct angoff *result[CUT_ROUNDS];
    double full; /* marks of all items */
};
/* NOT_FOUND at "panel" where the actor has no part in it and ALL is false. */
bool cut_panel_get(const struct marking *m, struct id panel, bool all, struct cut_panel *out,
                   struct err *e) MUST_USE;

struct cut_rating {
    int64_t n, percent;
};
/* Kept until they are handed in, each replacing the one before. All of them or none. CONFLICT at
 * "/round" where the round is over, handed in, or the actor does not rate. */
bool cut_rate(const struct marking *m, struct id panel, int64_t round,
              const struct cut_rating *ratings, size_t count, struct err *e) MUST_USE;
bool cut_hand_in(const struct marking *m, struct id panel, int64_t round,
                 struct err *e) MUST_USE;

/* The chair's acts. CONFLICT at "/panel" where it is another's, closed, or somebody has yet to hand
 * in. Round 2 takes what candidates got from closed sittings (at most CUT_SITTINGS, the latest). */
enum { CUT_SITTINGS = 12 };
bool cut_panel_excuse(const struct marking *m, struct id panel, struct id member,
                      const char *reason, struct err *e) MUST_USE;
/* What cut_panel_advance will ask first, without reading a sitting. */
bool cut_panel_may_advance(const struct marking *m, struct id panel, struct err *e) MUST_USE;
bool cut_panel_advance(const struct marking *m, struct id panel, struct err *e) MUST_USE;
bool cut_panel_close(const struct marking *m, struct id panel, bool abandon, const char *reason,
                     struct err *e) MUST_USE;

/* Who may be asked to rate: staff of the body who know the occupation. */
struct cut_person {
    struct id account;
    const char *name;
};
bool cut_people(const struct marking *m, struct cut_person **out, size_t *count,
                struct err *e) MUST_USE;

#endif
