/* measure/cut_panel_test.c - a panel: blind, two rounds, no way round the order, its cut by hand. */
#include "measure/cut_panel.h"

#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "measure/measure_fixture.h"
#include "people/people.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

enum { JUDGES = 3, ITEMS = 3 };

struct board {
    struct test_store *t;
    struct marking m;
    struct id chair, judges[JUDGES], stranger, panel;
};

static void as(struct board *d, struct id account)
{
    d->t->actor.account = account;
}

static bool open_with(struct board *d, const struct id *members, size_t count, struct err *e)
{
    static const char *const codes[] = {"c-1", "c-2", "c-3"};
    struct cut_order order = {.title = "四级理论合格线",
                              .programme = "national-2023",
                              .codes = codes,
                              .code_count = ITEMS,
                              .members = members,
                              .member_count = count};
    as(d, d->chair);
    return cut_panel_open(&d->m, &order, &d->panel, e);
}

static void make(struct board *d)
{
    static const char *const logins[] = {"judge-1", "judge-2", "judge-3"};
    struct bank b;
    size_t count;
    *d = (struct board){.t = test_store_create()};
    fixture_desk(d->t, &d->m, &b);
    d->chair = fixture_account(&d->m, "chair-1", R(item_reviewer));
    d->stranger = fixture_account(&d->m, "stranger", R(invigilator));
    for (int i = 0; i < JUDGES; i++)
        d->judges[i] = fixture_account(&d->m, logins[i], R(examiner));
    for (int i = 1; i <= ITEMS; i++)
        fixture_item(&b, arena_printf(d->t->arena, "c-%d", i),
                     arena_printf(d->t->arena, "第 %d 问", i), (struct id){{0}}, 0);
    fixture_live(&b, &count);
}

static bool rate(struct board *d, int judge, int64_t round, const int64_t *percent,
                 struct err *e)
{
    struct cut_rating r[ITEMS];
    for (int i = 0; i < ITEMS; i++)
        r[i] = (struct cut_rating){i + 1, percent[i]};
    as(d, d->judges[judge]);
    return cut_rate(&d->m, d->panel, round, r, ITEMS, e);
}

static void round_of(struct board *d, int64_t round, int64_t percent[JUDGES][ITEMS])
{
    struct err e = {0};
    for (int k = 0; k < JUDGES; k++) {
        CHECK_OK("rated", rate(d, k, round, percent[k], &e), &e);
        CHECK_OK("handed in", cut_hand_in(&d->m, d->panel, round, &e), &e);
    }
}

static int64_t FIRST[JUDGES][ITEMS] = {{50, 60, 70}, {60, 70, 80}, {40, 80, 30}};
static int64_t SECOND[JUDGES][ITEMS] = {{50, 60, 70}, {60, 70, 70}, {50, 70, 60}};

/* Nobody sees anybody's round one before it is over. */
static void is_blind(struct board *d)
{
    struct err e = {0}, none = {0};
    struct cut_panel p;
    for (int k = 0; k < 2; k++) {
        CHECK_OK("rated", rate(d, k, 1, FIRST[k], &e), &e);
        CHECK_OK("handed in", cut_hand_in(&d->m, d->panel, 1, &e), &e);
    }
    as(d, d->judges[2]);
    CHECK_OK("the third looks", cut_panel_get(&d->m, d->panel, false, &p, &e), &e);
    CHECK("rates", p.rates && !p.chairs && !p.result[0]);
    for (size_t i = 0; i < p.member_count * p.item_count; i++)
        CHECK_INT("sees nothing", p.rating[0][i], -1);
    as(d, d->chair);
    CHECK_OK("the chair looks", cut_panel_get(&d->m, d->panel, false, &p, &e), &e);
    for (size_t i = 0; i < p.member_count * p.item_count; i++)
        CHECK_INT("nor the chair", p.rating[0][i], -1);
    CHECK_INT("but who is done", p.row.done, 2);
    as(d, d->stranger);
    CHECK_REFUSED("a stranger", cut_panel_get(&d->m, d->panel, false, &p, &none), &none,
                  NOT_FOUND, "panel");
}

static void has_an_order(struct board *d)
{
    struct err early = {0}, foreign = {0}, again = {0}, skipped = {0}, close = {0}, who = {0};
    as(d, d->chair);
    CHECK_REFUSED("one is missing", cut_panel_advance(&d->m, d->panel, &early), &early,
                  CONFLICT, "/panel");
    CHECK_REFUSED("no result yet", cut_panel_close(&d->m, d->panel, false, "够了", &close),
                  &close, CONFLICT, "/panel");
    CHECK_REFUSED("round two has not begun", rate(d, 0, 2, SECOND[0], &skipped), &skipped,
                  CONFLICT, "/round");
    CHECK_REFUSED("handed in stays", rate(d, 0, 1, SECOND[0], &again), &again, CONFLICT,
                  "/round");
    as(d, d->judges[0]);
    CHECK_REFUSED("not the chair", cut_panel_advance(&d->m, d->panel, &foreign), &foreign,
                  CONFLICT, "/panel");
    as(d, d->stranger);
    struct cut_rating one = {1, 50};
    CHECK_REFUSED("not asked", cut_rate(&d->m, d->panel, 1, &one, 1, &who), &who, CONFLICT,
                  "/round");
}

void cut_panel_road_test(void)
{
    struct board d;
    struct err e = {0}, part = {0}, late = {0};
    struct cut_panel p;
    make(&d);
    CHECK_OK("opened", open_with(&d, d.judges, JUDGES, &e), &e);
    is_blind(&d);
    has_an_order(&d);
    struct cut_rating first = {1, 40};
    as(&d, d.judges[2]);
    CHECK_OK("a part", cut_rate(&d.m, d.panel, 1, &first, 1, &e), &e);
    CHECK_REFUSED("not all rated", cut_hand_in(&d.m, d.panel, 1, &part), &part, CONFLICT,
                  "/round");
    CHECK_OK("all", rate(&d, 2, 1, FIRST[2], &e), &e);
    CHECK_OK("handed in", cut_hand_in(&d.m, d.panel, 1, &e), &e);
    as(&d, d.chair);
    CHECK_OK("round two", cut_panel_advance(&d.m, d.panel, &e), &e);
    as(&d, d.judges[0]);
    CHECK_OK("feedback", cut_panel_get(&d.m, d.panel, false, &p, &e), &e);
    CHECK_NEAR("round one's cut", p.result[0]->cut, (1.8 + 2.1 + 1.5) / 3, 1e-12);
    CHECK("not round two's", !p.result[1]);
    CHECK_INT("no candidate had it", p.items[0].known, false);
    round_of(&d, 2, SECOND);
    as(&d, d.chair);
    CHECK_OK("closed", cut_panel_close(&d.m, d.panel, false, "两轮意见已趋一致", &e), &e);
    CHECK_OK("result", cut_panel_get(&d.m, d.panel, false, &p, &e), &e);
    CHECK_TEXT("held", p.row.outcome, "held");
    CHECK_NEAR("cut", p.result[1]->cut, (1.8 + 2.0 + 1.8) / 3, 1e-12);
    CHECK_NEAR("se", p.result[1]->se, sqrt(0.04 / 3 / 3), 1e-12);
    CHECK_REFUSED("closed once", cut_panel_close(&d.m, d.panel, false, "再来", &late), &late,
                  CONFLICT, "/panel");
    test_store_destroy(d.t);
}

void cut_panel_refusals_test(void)
{
    struct board d;
    struct err few = {0}, self = {0}, twice = {0}, layman = {0}, gone = {0}, short_of = {0};
    struct err e = {0}, reason = {0};
    make(&d);
    struct id with_chair[] = {d.judges[0], d.judges[1], d.chair};
    struct id doubled[] = {d.judges[0], d.judges[1], d.judges[1]};
    struct id with_stranger[] = {d.judges[0], d.judges[1], d.stranger};
    CHECK_REFUSED("two", open_with(&d, d.judges, 2, &few), &few, INVALID, "/members");
    CHECK_REFUSED("the chair", open_with(&d, with_chair, 3, &self), &self, INVALID, "/members");
    CHECK_REFUSED("one twice", open_with(&d, doubled, 3, &twice), &twice, INVALID, "/members");
    CHECK_REFUSED("no expert", open_with(&d, with_stranger, 3, &layman), &layman, INVALID,
                  "/members");
    CHECK_OK("opened", open_with(&d, d.judges, JUDGES, &e), &e);
    CHECK_REFUSED("for a reason", cut_panel_excuse(&d.m, d.panel, d.judges[0], "", &reason),
                  &reason, INVALID, "/reason");
    CHECK_OK("excused", cut_panel_excuse(&d.m, d.panel, d.judges[0], "调离岗位", &e), &e);
    CHECK_REFUSED("rates no more", rate(&d, 0, 1, FIRST[0], &gone), &gone, CONFLICT, "/round");
    for (int k = 1; k < JUDGES; k++) {
        CHECK_OK("rated", rate(&d, k, 1, FIRST[k], &e), &e);
        CHECK_OK("handed in", cut_hand_in(&d.m, d.panel, 1, &e), &e);
    }
    as(&d, d.chair);
    CHECK_REFUSED("two are too few", cut_panel_advance(&d.m, d.panel, &short_of), &short_of,
                  CONFLICT, "/panel");
    CHECK_OK("abandoned", cut_panel_close(&d.m, d.panel, true, "人数不足", &e), &e);
    test_store_destroy(d.t);
}

/* Each call fails once: the panel is open whole or not at all. */
void cut_panel_faults_test(void)
{
    struct board d;
    make(&d);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        struct cut_row *rows;
        size_t count;
        int64_t total;
        db_fail_call(d.t->db, nth, false);
        bool ok = open_with(&d, d.judges, JUDGES, &e);
        db_fail_call(d.t->db, 0, false);
        CHECK("nothing left open", db_is_idle(d.t->db));
        CHECK_OK("list", cut_panel_list(&d.m, true, 10, 0, &rows, &count, &total, &none),
                 &none);
        CHECK_INT("whole or not", total, ok);
        CHECK_INT("and listed", count, ok);
        if (ok) {
            CHECK_INT("its items", rows[0].items, ITEMS);
            CHECK_INT("its members", rows[0].members, JUDGES);
            break;
        }
        CHECK("an end", nth < 60);
    }
    test_store_destroy(d.t);
}
