/* bank/bank_test.c - import, authoring and review against a real database. */
#include "bank/bank.h"
#include "bank/wording.h"

#include <jansson.h>
#include <stdio.h>

#include "bank/similar.h"
#include "bank/template.h"
#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"
#include "test/whole.h"

struct bank_test {
    struct test_store *t;
    struct bank bank;
    struct actor author, reviewers[3];
    struct programme_set programmes;
};

static struct bank_test *bank_test_create(void)
{
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct bank_test *b = arena_new(t->arena, struct bank_test);
    b->t = t;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &b->programmes, &e), &e);
    b->author = b->reviewers[0] = b->reviewers[1] = b->reviewers[2] = t->actor;
    b->reviewers[0].account = id_random();
    b->reviewers[1].account = id_random();
    b->reviewers[2].account = id_random();
    b->bank = (struct bank){t->db, t->arena, t->master, &b->programmes, &b->author};
    return b;
}

static struct bank as(const struct bank_test *b, const struct actor *who)
{
    struct bank other = b->bank;
    other.actor = who;
    return other;
}

#define LINE(id, stem)                                                                         \
    "{\"id\":\"" id "\",\"kind\":\"true_false\",\"levels\":[4],\"directions\":[],"             \
    "\"points\":[\"B2.1.1\"],\"stem\":\"" stem "\",\"key\":true,\"explanation\":\"x\","        \
    "\"difficulty\":1,\"cognitive\":\"recall\",\"importance\":\"X\"}\n"

static struct bytes text_bytes(const char *s)
{
    return (struct bytes){(const unsigned char *)s, strlen(s)};
}

static struct import_report import(const struct bank_test *b, const char *text)
{
    struct err e = {0};
    struct import_report r;
    struct import_order order = {.programme = "national-2023", .file = text_bytes(text)};
    CHECK_OK("import", bank_import(&b->bank, &order, &r, &e), &e);
    return r;
}

static int64_t items_in(const struct bank_test *b)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    CHECK_OK("list",
             bank_list(&b->bank, &(struct bank_filter){.limit = 1}, &rows, &count, &total, &e),
             &e);
    return total;
}

static struct item_row row_of(const struct bank_test *b, const char *code)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    CHECK_OK(
        "list",
        bank_list(&b->bank, &(struct bank_filter){.search = code}, &rows, &count, &total, &e),
        &e);
    for (size_t i = 0; i < count; i++) /* the search finds parts of points too */
        if (strcmp(rows[i].code, code) == 0)
            return rows[i];
    fail_msg("no item %s", code);
    return (struct item_row){0};
}

void bank_import_twice_test(void)
{
    struct bank_test *b = bank_test_create();
    struct import_report r = import(b, LINE("a", "one") LINE("b", "two"));
    CHECK_INT("no problem", r.problem_count, 0);
    CHECK_INT("added", r.added, 2);
    r = import(b, LINE("a", "one") "\n" LINE("b", "changed"));
    CHECK_INT("unchanged", r.unchanged, 1);
    CHECK_INT("changed", r.changed, 1);
    CHECK_INT("nothing new", items_in(b), 2);
    CHECK_INT("a new version", row_of(b, "b").version, 2);

    struct err e = {0};
    struct item item;
    CHECK_OK("open", bank_open(&b->bank, row_of(b, "b").id, 1, &item, &e), &e);
    CHECK_TEXT("the old one is there", item_stem(&item), "two");
    CHECK_OK("open", bank_open(&b->bank, row_of(b, "b").id, 0, &item, &e), &e);
    CHECK_TEXT("and the new one", item_stem(&item), "changed");
    test_store_destroy(b->t);
}

/* One fault and nothing of the file is stored; it is named by row and place. */
void bank_import_refuses_test(void)
{
    static const struct {
        const char *what, *text, *column;
        int64_t row;
    } cases[] = {
        {"broken JSON", LINE("a", "one") "{\"id\":", "", 2},
        {"unknown member", LINE("a", "one") "{\"id\":\"b\",\"kind\":\"single\",\"x\":1}",
         "/levels", 2},
        {"id twice", LINE("a", "one") LINE("b", "two") LINE("a", "three"), "/id", 3},
        {"unknown point",
         "{\"id\":\"b\",\"kind\":\"true_false\",\"levels\":[4],\"points\":[\"K9\"],\"stem\":"
         "\"s\","
         "\"key\":true,\"explanation\":\"x\",\"difficulty\":1,\"cognitive\":\"recall\","
         "\"importance\":\"X\"}",
         "/points/0", 1},
        {"nothing", "", "", 1},
        {"a table without a key", "编号,题型,等级,鉴定点,题干,解析\n", "答案", 1},
        {"a strange heading",
         "编号,题型,等级,鉴定点,题干,答案,解析,难度,认知层次,重要性,得分\n", "得分", 1},
        {"a wrong letter",
         "编号,题型,等级,鉴定点,题干,选项A,选项B,答案,解析,难度,认知层次,重要性\n"
         "a,判断题,4,B2.1.1,s,,,对,x,1,识记,X\n"
         "b,单选题,4,B2.1.1,s,甲,乙,C,x,1,识记,X\n",
         "答案", 3},
        {"a word for a number",
         "编号,题型,等级,鉴定点,题干,答案,解析,难度,认知层次,重要性\n"
         "a,判断题,四,B2.1.1,s,对,x,1,识记,X\n",
         "等级", 2},
        {"open quotes", "编号,\"题型", "", 0},
    };
    struct bank_test *b = bank_test_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct import_report r = import(b, cases[i].text);
        CHECK(cases[i].what, r.problem_count > 0);
        CHECK_INT(cases[i].what, r.problems[0].row, cases[i].row);
        CHECK_TEXT(cases[i].what, r.problems[0].column, cases[i].column);
        CHECK_INT("nothing stored", items_in(b), 0);
    }
    test_store_destroy(b->t);
}

void bank_import_template_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    struct import_order order = {.programme = "national-2023"};
    struct import_report r;
    CHECK_OK("template", item_template_write(b->t->arena, b->t->folder, &order.file, &e), &e);
    CHECK_OK("import", bank_import(&b->bank, &order, &r, &e), &e);
    CHECK_TEXT("no problem", r.problem_count ? r.problems[0].what : "", "");
    CHECK_INT("both examples", r.added, 2);
    struct item item;
    CHECK_OK("open", bank_open(&b->bank, row_of(b, "example-1").id, 0, &item, &e), &e);
    CHECK_TEXT("kind", item.kind->name, "single");
    CHECK_TEXT("area", row_of(b, "example-1").area, "F4.5");
    test_store_destroy(b->t);
}

/* The whole starter bank, and the same again. */
void bank_import_starter_test(void)
{
    struct bank_test *b = bank_test_create();
    const struct embedded *f;
    for (int round = 0; round < 2; round++) {
        int64_t added = 0, unchanged = 0;
        for (size_t i = 0; (f = embedded_under("banks/national-2023/", i)); i++) {
            struct err e = {0};
            struct import_report r;
            struct import_order order = {
                .programme = "national-2023", .file = {f->bytes, f->len}, .hand_in = true};
            CHECK_OK(f->name, bank_import(&b->bank, &order, &r, &e), &e);
            CHECK_TEXT(f->name, r.problem_count ? r.problems[0].what : "", "");
            added += r.added;
            unchanged += r.unchanged;
        }
        CHECK_INT("items", items_in(b), round == 0 ? added : unchanged);
        CHECK("at least 600", items_in(b) >= 600);
    }
    test_store_destroy(b->t);
}

static bool review(const struct bank_test *b, const struct actor *who, struct id item,
                   enum review_verdict verdict, struct err *e)
{
    struct bank bank = as(b, who);
    struct review_order order = {
        .items = &item, .count = 1, .verdict = verdict, .note = "意见"};
    return bank_review(&bank, &order, e);
}

static int64_t waiting_for(const struct bank_test *b, const struct actor *who,
                           enum bank_whose whose)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    struct bank bank = as(b, who);
    struct bank_filter f = {.whose = whose};
    CHECK_OK("list", bank_list(&bank, &f, &rows, &count, &total, &e), &e);
    return total;
}

/* Version 2 waits; a reviewer writes version 3, the author of 1 and 2 hands it in. */
static void review_own_words(struct bank_test *b, struct id item)
{
    struct err e = {0};
    struct bank other = as(b, &b->reviewers[0]);
    struct import_report report;
    struct import_order order = {
        .programme = "national-2023",
        .file = {(const unsigned char *)LINE("a", "best"), strlen(LINE("a", "best"))}};
    CHECK_OK("another writes on", bank_import(&other, &order, &report, &e), &e);
    CHECK_INT("changed", report.changed, 1);
    CHECK_OK("hand in", bank_hand_in(&b->bank, item, 3, &e), &e);
    CHECK_REFUSED("who wrote version 2", review(b, &b->author, item, REVIEW_APPROVE, &e), &e,
                  FORBIDDEN, "/items");
    CHECK("which one it is", strstr(e.text, "第 2 版"));
    CHECK_INT("nor in the queue", waiting_for(b, &b->author, BANK_TO_REVIEW), 0);
    CHECK_INT("a third one's", waiting_for(b, &b->reviewers[1], BANK_TO_REVIEW), 1);
    struct actor fourth = b->author;
    const struct actor *judges[] = {&b->reviewers[1], &b->reviewers[2], &fourth};
    fourth.account = id_random();
    for (size_t i = 0; i < 3; i++) {
        e = (struct err){0};
        CHECK_OK("judged", review(b, judges[i], item, REVIEW_APPROVE, &e), &e);
    }
    CHECK_INT("live", row_of(b, "a").state, ITEM_live);
    order.file = (struct bytes){(const unsigned char *)LINE("a", "other"),
                                strlen(LINE("a", "other"))};
    CHECK_OK("written on", bank_import(&other, &order, &report, &e), &e);
    CHECK_OK("hand in", bank_hand_in(&other, item, 4, &e), &e);
    CHECK_INT("others judged version 2", waiting_for(b, &b->author, BANK_TO_REVIEW), 1);
    CHECK_OK("so its author may", review(b, &b->author, item, REVIEW_APPROVE, &e), &e);
}

/* Newest first: the one to judge, then what it comes from. */
void wording_rule_test(void)
{
    struct id a = id_random(), b = id_random(), c = id_random();
    const struct wording versions[] = {
        {5, a, true}, {4, b, false}, {3, a, false}, {2, c, true}, {1, b, false}};
    CHECK_INT("the version itself, whatever was said of it", wording_of(versions, 5, a), 5);
    CHECK_INT("one before", wording_of(versions, 5, b), 4);
    CHECK_INT("not behind one that others judged", wording_of(versions, 5, c), 0);
    CHECK_INT("nor that one", wording_of(versions + 2, 3, b), 0);
    CHECK_INT("nothing", wording_of(NULL, 0, a), 0);
}

void bank_two_reviewers_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    import(b, LINE("a", "one"));
    struct id item = row_of(b, "a").id;
    CHECK_REFUSED("still a draft", review(b, &b->reviewers[0], item, REVIEW_APPROVE, &e), &e,
                  CONFLICT, "/state");
    e = (struct err){0};
    CHECK_OK("hand in", bank_hand_in(&b->bank, item, 1, &e), &e);
    CHECK_REFUSED("the author", review(b, &b->author, item, REVIEW_APPROVE, &e), &e, FORBIDDEN,
                  "/items");
    e = (struct err){0};
    CHECK_OK("first", review(b, &b->reviewers[0], item, REVIEW_APPROVE, &e), &e);
    CHECK_INT("one is not enough", row_of(b, "a").state, ITEM_review);
    CHECK_REFUSED("the same again", review(b, &b->reviewers[0], item, REVIEW_APPROVE, &e), &e,
                  CONFLICT, "/items");
    e = (struct err){0};
    CHECK_OK("second", review(b, &b->reviewers[1], item, REVIEW_APPROVE, &e), &e);
    CHECK_INT("to the proof-reader", row_of(b, "a").state, ITEM_proof);
    CHECK_REFUSED("who is no reviewer of it",
                  review(b, &b->reviewers[1], item, REVIEW_APPROVE, &e), &e, CONFLICT,
                  "/items");
    e = (struct err){0};
    CHECK_REFUSED("nor its author", review(b, &b->author, item, REVIEW_APPROVE, &e), &e,
                  FORBIDDEN, "/items");
    e = (struct err){0};
    CHECK_OK("proof-read", review(b, &b->reviewers[2], item, REVIEW_APPROVE, &e), &e);
    CHECK_INT("live", row_of(b, "a").state, ITEM_live);

    import(b, LINE("a", "better"));
    CHECK_INT("an edit falls back", row_of(b, "a").state, ITEM_draft);
    CHECK_INT("without stamps", row_of(b, "a").approvals, 0);
    review_own_words(b, item);
    test_store_destroy(b->t);
}

/* What one may review: handed in, not the own, not seen already. */
void bank_review_queue_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    const struct actor *one = &b->reviewers[0], *two = &b->reviewers[1];
    import(b, LINE("a", "one") LINE("b", "two"));
    struct id item = row_of(b, "a").id;
    CHECK_INT("nothing handed in", waiting_for(b, one, BANK_TO_REVIEW), 0);
    CHECK_OK("hand in", bank_hand_in(&b->bank, item, 1, &e), &e);
    CHECK_INT("the reviewer", waiting_for(b, one, BANK_TO_REVIEW), 1);
    CHECK_INT("not the author", waiting_for(b, &b->author, BANK_TO_REVIEW), 0);
    CHECK_INT("the author's own", waiting_for(b, &b->author, BANK_MINE), 2);
    CHECK_INT("not the reviewer's", waiting_for(b, one, BANK_MINE), 0);
    CHECK_OK("first", review(b, one, item, REVIEW_APPROVE, &e), &e);
    CHECK_INT("once", waiting_for(b, one, BANK_TO_REVIEW), 0);
    CHECK_INT("the second", waiting_for(b, two, BANK_TO_REVIEW), 1);
    CHECK_OK("second", review(b, two, item, REVIEW_APPROVE, &e), &e);
    CHECK_INT("done", waiting_for(b, two, BANK_TO_REVIEW), 0);
    CHECK_INT("the proof-reader", waiting_for(b, &b->reviewers[2], BANK_TO_REVIEW), 1);
    CHECK_OK("third", review(b, &b->reviewers[2], item, REVIEW_APPROVE, &e), &e);
    CHECK_INT("live", waiting_for(b, &b->reviewers[2], BANK_TO_REVIEW), 0);
    CHECK_INT("all", waiting_for(b, two, BANK_ALL), 2);
    test_store_destroy(b->t);
}

void bank_return_needs_a_change_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    import(b, LINE("a", "one"));
    struct id item = row_of(b, "a").id;
    CHECK_OK("hand in", bank_hand_in(&b->bank, item, 1, &e), &e);
    CHECK_OK("return", review(b, &b->reviewers[0], item, REVIEW_RETURN, &e), &e);
    CHECK_INT("a draft again", row_of(b, "a").state, ITEM_draft);
    CHECK_REFUSED("unchanged", bank_hand_in(&b->bank, item, 1, &e), &e, CONFLICT, "/state");
    e = (struct err){0};
    import(b, LINE("a", "better"));
    CHECK_REFUSED("an old page", bank_hand_in(&b->bank, item, 1, &e), &e, CONFLICT, "/version");
    e = (struct err){0};
    CHECK_OK("hand in", bank_hand_in(&b->bank, item, 2, &e), &e);
    CHECK_OK("retire", bank_retire(&b->bank, item, "题目过时", &e), &e);
    CHECK_INT("retired", row_of(b, "a").state, ITEM_retired);
    test_store_destroy(b->t);
}

#define LAWFUL(id, version, article)                                                           \
    "{\"id\":\"" id "\",\"kind\":\"true_false\",\"levels\":[4],\"directions\":[],"             \
    "\"points\":[\"B2.1.1\"],\"stem\":\"" id "\",\"key\":true,\"explanation\":\"x\","          \
    "\"difficulty\":1,\"cognitive\":\"recall\",\"importance\":\"X\",\"sources\":[\"law\"],"    \
    "\"law\":[{\"name\":\"食品安全法\",\"version\":\"" version "\",\"article\":\"" article     \
    "\"}]}\n"

static size_t composable(const struct bank_test *b)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    CHECK_OK("pool", bank_pool(&b->bank, "national-2023", &rows, &count, &e), &e);
    return count;
}

/* A law that changed flags what cites its old version, and keeps that out of new papers; what cites an
 * article that the change left alone stands. */
void bank_law_changed_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    import(b, LAWFUL("now", "2025-09-12", "36") LAWFUL("old", "2021-04-29", "36")
                  LAWFUL("same", "2021-04-29", "54"));
    CHECK("in force", !row_of(b, "now").law_problem);
    CHECK("changed", row_of(b, "old").law_problem);
    CHECK("says what is in force", strstr(row_of(b, "old").law_problem, "2025-09-12"));
    CHECK("an article left alone", !row_of(b, "same").law_problem);
    const char *codes[] = {"now", "old", "same"};
    for (size_t i = 0; i < 3; i++) {
        struct id item = row_of(b, codes[i]).id;
        CHECK_OK("hand in", bank_hand_in(&b->bank, item, 1, &e), &e);
        for (int k = 0; k < 3; k++)
            CHECK_OK("read", review(b, &b->reviewers[k], item, REVIEW_APPROVE, &e), &e);
    }
    CHECK_INT("not composed from", (int64_t)composable(b), 2);
    import(b, LAWFUL("old", "2025-09-12", "36"));
    CHECK("mended", !row_of(b, "old").law_problem);
    test_store_destroy(b->t);
}

static bool save(const struct bank_test *b, struct id item, int64_t version, const char *line,
                 struct id *out, struct err *e)
{
    int64_t saved;
    struct save_order order = {item, version, "national-2023",
                               json_read(b->t->arena, line, strlen(line), e)};
    return bank_save(&b->bank, &order, out, &saved, e);
}

void bank_save_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    struct id item, again;
    CHECK_OK("new", save(b, (struct id){{0}}, 0, LINE("a", "one"), &item, &e), &e);
    CHECK_REFUSED("code is taken", save(b, (struct id){{0}}, 0, LINE("a", "x"), &again, &e), &e,
                  CONFLICT, "/object/id");
    e = (struct err){0};
    CHECK_REFUSED("another code", save(b, item, 1, LINE("b", "x"), &again, &e), &e, INVALID,
                  "/object/id");
    e = (struct err){0};
    CHECK_OK("edit", save(b, item, 1, LINE("a", "two"), &again, &e), &e);
    CHECK("the same item", id_equal(item, again));
    CHECK_REFUSED("an old page", save(b, item, 1, LINE("a", "three"), &again, &e), &e, CONFLICT,
                  "/version");
    e = (struct err){0};
    CHECK_OK("no change", save(b, item, 2, LINE("a", "two"), &again, &e), &e);
    CHECK_INT("no new version", row_of(b, "a").version, 2);
    CHECK_REFUSED("no key",
                  save(b, item, 2,
                       "{\"id\":\"a\",\"kind\":\"true_false\",\"levels\":[4],"
                       "\"points\":[\"B2.1.1\"],\"stem\":\"s\",\"explanation\":\"x\","
                       "\"difficulty\":1,\"cognitive\":\"recall\",\"importance\":\"X\"}",
                       &again, &e),
                  &e, INVALID, "/object/key");
    test_store_destroy(b->t);
}

/* What is like it, nearest first; not itself, not retired ones, nothing of another body. */
void bank_similar_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    struct similar near[SIMILAR_MAX];
    struct actor stranger = b->author;
    size_t count;
    const char *half = "{\"id\":\"d\",\"stem\":\"直播间可以承诺食品有降血压的疗效。\"}";
    const json_t *object = json_read(b->t->arena, half, strlen(half), &e);
    import(b, LINE("a", "直播间可以承诺食品有降血压的疗效。")
                  LINE("b", "直播间不可以承诺食品有降血压的疗效。")
                      LINE("c", "点击率是点击次数与展示次数之比。")
                          LINE("d", "直播间可以承诺食品有降血压的疗效！"));
    CHECK_OK("search", bank_similar(&b->bank, object, near, &count, &e), &e);
    CHECK_INT("two of four", count, 2);
    CHECK_TEXT("the same text first", near[0].code, "a");
    CHECK_INT("wholly alike", near[0].percent, 100);
    CHECK_TEXT("then the near one", near[1].code, "b");
    stranger.body = id_random();
    struct bank other = as(b, &stranger);
    CHECK_OK("another body", bank_similar(&other, object, near, &count, &e), &e);
    CHECK_INT("nothing", count, 0);
    test_store_destroy(b->t);
}

static int64_t found_without_change(const struct bank_test *b, const struct json_t *object)
{
    struct err e = {0};
    unsigned char before[HASH_BYTES], after[HASH_BYTES];
    struct similar near[SIMILAR_MAX];
    size_t count;
    test_store_digest(b->t, before);
    CHECK_OK("search", bank_similar(&b->bank, object, near, &count, &e), &e);
    test_store_digest(b->t, after);
    return memcmp(before, after, sizeof before) == 0 ? (int64_t)count : -1;
}

/* Items stored before there were sketches get theirs at the first search, whole, and are found by it. */
void bank_similar_of_old_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    struct similar near[SIMILAR_MAX];
    size_t count;
    const char *half = "{\"stem\":\"直播间可以承诺食品有降血压的疗效。\"}";
    const json_t *object = json_read(b->t->arena, half, strlen(half), &e);
    import(b, LINE("a", "直播间可以承诺食品有降血压的疗效。")
                  LINE("b", "点击率是点击次数与展示次数之比。"));
    CHECK_OK("as it was", test_store_script(b->t, "DELETE FROM item_sketch", &e), &e);
    CHECK_WHOLE("searched", b->t, b->t->db, bank_similar(&b->bank, object, near, &count, &e),
                &e);
    CHECK_INT("found", count, 1);
    CHECK_TEXT("the one", near[0].code, "a");
    CHECK_INT("found again, nothing more to be made", found_without_change(b, object), 1);
    test_store_destroy(b->t);
}

/* Another body sees nothing of it. */
void bank_bodies_are_apart_test(void)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    struct item_row row;
    struct item item;
    struct actor stranger = b->author;
    import(b, LINE("a", "one"));
    struct id id = row_of(b, "a").id;
    stranger.body = id_random();
    struct bank other = as(b, &stranger);
    CHECK_REFUSED("row", bank_row(&other, id, &row, &e), &e, NOT_FOUND, "item");
    e = (struct err){0};
    CHECK_REFUSED("text", bank_open(&other, id, 1, &item, &e), &e, NOT_FOUND, "item");
    e = (struct err){0};
    CHECK_REFUSED("retire", bank_retire(&other, id, "x", &e), &e, NOT_FOUND, "item");
    test_store_destroy(b->t);
}

/* Neither question nor key lies readable in the database file. */
void bank_text_is_sealed_test(void)
{
    struct bank_test *b = bank_test_create();
    import(b, LINE("a", "QUESTION-IN-CLEAR"));
    struct err e = {0};
    CHECK_OK("checkpoint", db_checkpoint(b->t->db, &e), &e);
    CHECK("sealed", !test_store_holds(b->t, "QUESTION-IN-CLEAR"));
    test_store_destroy(b->t);
}

/* Whichever database call fails, the use case leaves nothing half done and works the next time. */
void bank_faults_test(void)
{
    bool done = false;
    for (int nth = 1; !done; nth = test_next_call(nth)) {
        struct bank_test *b = bank_test_create();
        struct err e = {0};
        struct import_report r;
        struct import_order order = {.programme = "national-2023",
                                     .file = text_bytes(LINE("a", "one") LINE("b", "two")),
                                     .hand_in = true};
        db_fail_call(b->t->db, nth, false);
        bool ok = bank_import(&b->bank, &order, &r, &e);
        done = !db_fault_fired(b->t->db);
        db_fail_call(b->t->db, 0, false);
        CHECK_INT("all or nothing", items_in(b), ok ? 2 : 0);
        if (done) {
            CHECK_OK("without a fault", ok, &e);
        } else if (!ok) {
            e = (struct err){0};
            CHECK_OK("again", bank_import(&b->bank, &order, &r, &e), &e);
        }
        test_store_destroy(b->t);
        CHECK("it ends", nth < 200);
    }
}

/* Each act with the n-th call failing: the item is as before or as after, never between, and the
 * act can be done again. */
struct act_case {
    const char *what;
    bool (*act)(const struct bank_test *b, struct id item, struct err *e);
    int approvals; /* given before it */
    enum item_state before, after;
};

static bool act_hand_in(const struct bank_test *b, struct id item, struct err *e)
{
    return bank_hand_in(&b->bank, item, 1, e);
}

static bool act_approve(const struct bank_test *b, struct id item, struct err *e)
{
    return review(b, &b->reviewers[1], item, REVIEW_APPROVE, e);
}

static bool act_proofread(const struct bank_test *b, struct id item, struct err *e)
{
    return review(b, &b->reviewers[2], item, REVIEW_APPROVE, e);
}

static bool act_return(const struct bank_test *b, struct id item, struct err *e)
{
    return review(b, &b->reviewers[1], item, REVIEW_RETURN, e);
}

static bool act_retire(const struct bank_test *b, struct id item, struct err *e)
{
    return bank_retire(&b->bank, item, "过时", e);
}

static bool act_edit(const struct bank_test *b, struct id item, struct err *e)
{
    struct id again;
    return save(b, item, 1, LINE("a", "better"), &again, e);
}

static void try_with_fault(const struct act_case *c, int nth, bool *fired)
{
    struct bank_test *b = bank_test_create();
    struct err e = {0};
    import(b, LINE("a", "one"));
    struct id item = row_of(b, "a").id;
    if (c->before != ITEM_draft)
        CHECK_OK("hand in", bank_hand_in(&b->bank, item, 1, &e), &e);
    for (int i = 0; i < c->approvals; i++)
        CHECK_OK("approve", review(b, &b->reviewers[i], item, REVIEW_APPROVE, &e), &e);
    db_fail_call(b->t->db, nth, false);
    bool ok = c->act(b, item, &e);
    *fired = db_fault_fired(b->t->db);
    db_fail_call(b->t->db, 0, false);
    struct item_row row = row_of(b, "a");
    CHECK_INT(c->what, row.state, ok ? c->after : c->before);
    CHECK_INT(c->what, row.approvals,
              c->approvals + (ok && (c->after == ITEM_proof || c->after == ITEM_live)));
    CHECK("a fault is told", ok || *fired);
    if (!ok) {
        e = (struct err){0};
        CHECK_OK("again", c->act(b, item, &e), &e);
        CHECK_INT(c->what, row_of(b, "a").state, c->after);
    }
    test_store_destroy(b->t);
}

void bank_act_faults_test(void)
{
    static const struct act_case acts[] = {
        {"hand in", act_hand_in, 0, ITEM_draft, ITEM_review},
        {"approve", act_approve, 1, ITEM_review, ITEM_proof},
        {"proof-read", act_proofread, 2, ITEM_proof, ITEM_live},
        {"return", act_return, 1, ITEM_review, ITEM_draft},
        {"retire", act_retire, 0, ITEM_review, ITEM_retired},
        {"edit", act_edit, 0, ITEM_draft, ITEM_draft},
    };
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        bool fired = true;
        for (int nth = 1; fired; nth = test_next_call(nth)) {
            try_with_fault(&acts[i], nth, &fired);
            CHECK("it ends", nth < 100);
        }
    }
}
