/* bank/bulk_test.c - one change to many items: what is seen first is what is done, and only that. */
#include "bank/bulk.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

struct desk {
    struct test_store *t;
    struct bank b;
    struct actor reviewers[3];
    struct item_row rows[8]; /* by code */
    size_t count;
};

static const struct id nobody;

static const char *line(struct arena *a, const char *code, const char *law)
{
    return arena_printf(
        a,
        "{\"id\":\"%s\",\"kind\":\"true_false\",\"levels\":[4],\"directions\":[],"
        "\"points\":[\"B2.1.1\"],\"stem\":\"题 %s\",\"key\":true,\"explanation\":\"x\","
        "\"difficulty\":1,\"cognitive\":\"recall\",\"importance\":\"X\"%s}\n",
        code, code, law);
}

static void look(struct desk *d)
{
    struct err e = {0};
    struct item_row *rows;
    int64_t total;
    struct bank_filter all = {.limit = 8};
    CHECK_OK("list", bank_list(&d->b, &all, &rows, &d->count, &total, &e), &e);
    memcpy(d->rows, rows, d->count * sizeof *rows);
}

static void review_all(struct desk *d, size_t from, size_t to)
{
    for (size_t r = 0; r < 3; r++)
        for (size_t i = from; i < to; i++) {
            struct err e = {0};
            struct bank other = d->b;
            other.actor = &d->reviewers[r];
            struct review_order order = {
                .items = &d->rows[i].id, .count = 1, .verdict = REVIEW_APPROVE};
            if (r == 0)
                CHECK_OK("hand in", bank_hand_in(&d->b, d->rows[i].id, 1, &e), &e);
            CHECK_OK("approve", bank_review(&other, &order, &e), &e);
        }
}

static bool freeze_in(struct db *db, void *ctx, struct err *e)
{
    const struct desk *d = ctx;
    return bank_freeze(db, d->b.actor, &d->rows[3].id, &d->rows[3].version_id, 1, e);
}

/* a draft, b and c live, d in a paper, e retired. */
static struct desk *make(void)
{
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct desk *d = arena_new(t->arena, struct desk);
    struct programme_set *set = arena_new(t->arena, struct programme_set);
    struct import_report r;
    const char *text = arena_printf(
        t->arena, "%s%s%s%s%s", line(t->arena, "a", ""), line(t->arena, "b", ""),
        line(t->arena, "c",
             ",\"law\":[{\"name\":\"网络安全法\",\"version\":\"2016-11-07\","
             "\"article\":\"21\"}]"),
        line(t->arena, "d", ""), line(t->arena, "e", ""));
    struct import_order order = {.programme = "national-2023",
                                 .file = {(const unsigned char *)text, strlen(text)}};
    d->t = t;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, set, &e), &e);
    d->b = (struct bank){t->db, t->arena, t->master, set, &t->actor};
    for (size_t i = 0; i < 3; i++) {
        d->reviewers[i] = t->actor;
        d->reviewers[i].account = id_random();
    }
    CHECK_OK("import", bank_import(&d->b, &order, &r, &e), &e);
    CHECK_INT("no problem", r.problem_count, 0);
    look(d);
    review_all(d, 1, 4);
    CHECK_OK("used", db_transact(t->db, freeze_in, d, &e), &e);
    CHECK_OK("retired", bank_retire(&d->b, d->rows[4].id, "过时", &e), &e);
    look(d);
    return d;
}

static struct bulk_choice everything(void)
{
    static const struct bank_filter all = {.programme = "national-2023"};
    return (struct bulk_choice){.filter = &all};
}

static struct bulk_plan preview(struct desk *d, const struct bulk_choice *choice,
                                const struct bulk_change *change)
{
    struct err e = {0};
    struct bulk_plan plan;
    CHECK_OK("preview", bulk_preview(&d->b, choice, change, &plan, &e), &e);
    return plan;
}

static const char *member(struct desk *d, size_t i, const char *name)
{
    struct err e = {0};
    struct item item;
    CHECK_OK("open", bank_open(&d->b, d->rows[i].id, 0, &item, &e), &e);
    const json_t *value = json_object_get(item.json, name);
    return value ? json_compact(d->t->arena, value) : NULL;
}

void bulk_says_what_would_be_test(void)
{
    struct desk *d = make();
    struct bulk_change change = {.difficulty = 4, .importance = "Y"};
    struct bulk_choice all = everything();
    struct bulk_plan plan = preview(d, &all, &change);
    CHECK_INT("all five", plan.count, 5);
    CHECK_INT("the draft and the live ones", plan.changes, 3);
    CHECK_INT("used and retired are left", plan.refused, 2);
    CHECK_INT("a draft has no stamp", plan.lines[0].stamps, 0);
    CHECK_INT("three stamps fall", plan.lines[1].stamps, 3);
    CHECK_TEXT("before", json_compact(d->t->arena, plan.lines[0].was),
               "{\"difficulty\":1,\"importance\":\"X\"}");
    CHECK_TEXT("after", json_compact(d->t->arena, plan.lines[0].is),
               "{\"difficulty\":4,\"importance\":\"Y\"}");
    CHECK("its law has changed", plan.lines[2].law_problem && !plan.lines[1].law_problem);
    CHECK("used", plan.lines[3].outcome == BULK_REFUSED && strstr(plan.lines[3].why, "试卷"));
    CHECK("retired",
          plan.lines[4].outcome == BULK_REFUSED && strstr(plan.lines[4].why, "停用"));
    CHECK_TEXT("nothing was done", member(d, 0, "difficulty"), "1");
    struct bulk_change same = {.difficulty = 1};
    CHECK_INT("nothing would change", preview(d, &all, &same).changes, 0);
    struct bulk_change wrong = {.first_point = "K9.9.9.9"};
    plan = preview(d, &all, &wrong);
    CHECK_INT("no such point", plan.refused, 5);
    CHECK("says so", strstr(plan.lines[0].why, "K9.9.9.9"));
    struct bulk_change retire = {.retire = "过时"};
    plan = preview(d, &all, &retire);
    CHECK_INT("what was used may go too", plan.changes, 4);
    test_store_destroy(d->t);
}

void bulk_does_what_was_seen_test(void)
{
    struct desk *d = make();
    struct err e = {0}, stale = {0}, again = {0}, slower = {0};
    const char *const add[] = {"B2.1.2.1"}, *const remove[] = {"B2.1.1"};
    struct bulk_change change = {.points_add = add,
                                 .points_add_count = 1,
                                 .points_remove = remove,
                                 .points_remove_count = 1,
                                 .source = "二〇二六年修订"};
    struct id two[] = {d->rows[1].id, d->rows[0].id};
    struct bulk_choice ticked = {.items = two, .count = 2};
    struct bulk_plan seen = preview(d, &ticked, &change), done;
    struct bulk_change other = {.source = "别的"};
    CHECK_REFUSED("another change",
                  bulk_apply(&d->b, &ticked, &other, seen.digest, &done, &stale), &stale,
                  CONFLICT, "/digest");
    CHECK_OK("as seen", bulk_apply(&d->b, &ticked, &change, seen.digest, &done, &e), &e);
    CHECK_INT("both", done.changes, 2);
    look(d);
    CHECK_TEXT("the point", d->rows[1].point, "B2.1.2.1");
    CHECK_TEXT("a line more", member(d, 1, "sources"), "[\"二〇二六年修订\"]");
    CHECK_INT("the live one is a draft again", d->rows[1].state, ITEM_draft);
    CHECK_INT("of a new version", d->rows[1].version, 2);
    CHECK_INT("without stamps", d->rows[1].approvals, 0);
    CHECK_INT("the others are as they were", d->rows[2].version, 1);
    CHECK_REFUSED("it is not twice done",
                  bulk_apply(&d->b, &ticked, &change, seen.digest, &done, &again), &again,
                  CONFLICT, "/digest");
    struct bulk_change harder = {.difficulty = 5};
    struct id one[] = {d->rows[0].id};
    struct bulk_choice first = {.items = one, .count = 1};
    seen = preview(d, &first, &harder);
    CHECK_OK("somebody hands it in", bank_hand_in(&d->b, d->rows[0].id, 2, &e), &e);
    CHECK_REFUSED("then it was not seen",
                  bulk_apply(&d->b, &first, &harder, seen.digest, &done, &slower), &slower,
                  CONFLICT, "/digest");
    test_store_destroy(d->t);
}

void bulk_enemies_and_laws_test(void)
{
    struct desk *d = make();
    struct err e = {0};
    struct id three[] = {d->rows[0].id, d->rows[1].id, d->rows[2].id};
    struct bulk_choice ticked = {.items = three, .count = 3};
    const char *const named[] = {"d"};
    struct bulk_change change = {.enemies_together = true,
                                 .enemies_add = named,
                                 .enemies_add_count = 1,
                                 .law = "网络安全法",
                                 .law_version = "2025-10-28"};
    struct bulk_plan plan = preview(d, &ticked, &change), done;
    CHECK("the law is in force then", !plan.lines[2].law_problem);
    CHECK_OK("done", bulk_apply(&d->b, &ticked, &change, plan.digest, &done, &e), &e);
    look(d);
    CHECK_TEXT("the others, not itself", member(d, 0, "enemies"), "[\"d\",\"b\",\"c\"]");
    CHECK_TEXT("where it is cited", member(d, 2, "law"),
               "[{\"article\":\"21\",\"name\":\"网络安全法\",\"version\":\"2025-10-28\"}]");
    CHECK("nowhere else", !member(d, 0, "law"));
    test_store_destroy(d->t);
}

void bulk_refuses_test(void)
{
    static const char *const points[] = {"B2.1.1"}, *const nowhere[] = {"nowhere"};
    static const int64_t level[] = {4};
    static const char *const direction[] = {"A"};
    static const struct {
        struct bulk_change change;
        const char *field;
    } cases[] = {
        {{0}, "/change"},
        {{.retire = "过时", .difficulty = 2}, "/change"},
        {{.directions = direction, .direction_count = 1, .every_direction = true},
         "/change/every_direction"},
        {{.law = "网络安全法"}, "/change/law_version"},
        {{.points_add = points,
          .points_add_count = 1,
          .points_remove = points,
          .points_remove_count = 1},
         "/change/points_remove"},
        {{.enemies_add = nowhere, .enemies_add_count = 1}, "/change/enemies_add"},
    };
    struct desk *d = make();
    struct bulk_choice all = everything(), none = {0};
    struct bulk_plan plan;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        CHECK_REFUSED(cases[i].field, bulk_preview(&d->b, &all, &cases[i].change, &plan, &e),
                      &e, INVALID, cases[i].field);
    }
    struct bulk_change change = {.levels = level, .level_count = 1};
    struct bank_filter nothing = {.state = "proof"};
    struct bulk_choice empty = {.filter = &nothing}, gone = {.items = &nobody, .count = 1};
    struct id twice[] = {d->rows[0].id, d->rows[0].id};
    struct bulk_choice double_ = {.items = twice, .count = 2};
    struct err e1 = {0}, e2 = {0}, e3 = {0}, e4 = {0};
    CHECK_REFUSED("nothing chosen", bulk_preview(&d->b, &none, &change, &plan, &e1), &e1,
                  INVALID, "/items");
    CHECK_REFUSED("nothing found", bulk_preview(&d->b, &empty, &change, &plan, &e2), &e2,
                  INVALID, "/filter");
    CHECK_REFUSED("no such item", bulk_preview(&d->b, &gone, &change, &plan, &e3), &e3,
                  NOT_FOUND, "item");
    CHECK_REFUSED("twice", bulk_preview(&d->b, &double_, &change, &plan, &e4), &e4, INVALID,
                  "/items");
    test_store_destroy(d->t);
}

void bulk_faults_test(void)
{
    struct desk *d = make();
    struct bulk_choice all = everything();
    struct bulk_change edit = {.difficulty = 3}, retire = {.retire = "过时"};
    struct bulk_plan seen = preview(d, &all, &edit), done;
    struct err e = {0};
    CHECK_WHOLE("edited", d->t, d->t->db,
                bulk_apply(&d->b, &all, &edit, seen.digest, &done, &e), &e);
    CHECK_INT("three", done.changes, 3);
    seen = preview(d, &all, &retire);
    CHECK_WHOLE("retired", d->t, d->t->db,
                bulk_apply(&d->b, &all, &retire, seen.digest, &done, &e), &e);
    CHECK_INT("four", done.changes, 4);
    test_store_destroy(d->t);
}
