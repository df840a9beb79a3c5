/* paper/paper_test.c - from the bank to a scored place: compose, seal, release, open, score. */
#include "paper/paper.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/key_change.h"
#include "paper/paper_fixture.h"

/* Answers every place of an exam rightly from the key set and expects full marks. */
static void score_all(struct paper_test *p, struct key_reader *keys, struct id attempt,
                      int64_t want_millimarks)
{
    struct err e = {0};
    struct paper_row row;
    struct paper_place *places;
    size_t count, n = 0;
    int64_t got = 0;
    const json_t *exam = paper_test_exam(p, attempt),
                 *sections = json_object_get(exam, "sections");
    CHECK_OK("paper", paper_of_attempt(p->t->db, attempt, &row, &e), &e);
    CHECK_OK("places", paper_places(keys, p->t->arena, row.id, &places, &count, &e), &e);
    for (size_t s = 0; s < json_array_size(sections); s++) {
        const json_t *items = json_object_get(json_array_get(sections, s), "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *item = json_array_get(items, i),
                         *parts = json_object_get(item, "items");
            for (size_t k = 0; k < (parts ? json_array_size(parts) : 1); k++) {
                const json_t *place = parts ? json_array_get(parts, k) : item;
                CHECK_INT("numbered in reading order", json_member_int(place, "n", 0),
                          (int64_t)n + 1);
                CHECK_INT("same number", places[n].n, (int64_t)n + 1);
                CHECK_TEXT("same kind", places[n].kind->name, json_member_text(place, "kind"));
                CHECK_TEXT("same question", places[n].stem, json_member_text(place, "stem"));
                n++;
            }
        }
    }
    CHECK_INT("as many places", count, n);
    for (size_t i = 0; i < count; i++) {
        struct item_score score;
        const json_t *whole = places[i].item_json,
                     *part = places[i].part < 0
                                 ? whole
                                 : json_array_get(json_object_get(whole, "items"),
                                                  (size_t)places[i].part),
                     *key = json_object_get(part, "key");
        const json_t *response = key;
        if (strcmp(places[i].kind->name, "single") == 0)
            response = json_keep(p->t->arena, json_pack("[O]", (json_t *)(uintptr_t)key));
        else if (strcmp(places[i].kind->name, "numeric") == 0)
            response = json_object_get(key, "value");
        CHECK_OK("score",
                 places[i].kind->score(
                     places[i].body, response,
                     &(struct score_order){places[i].millimarks, PARTIAL_none}, &score, &e),
                 &e);
        CHECK_INT(places[i].code, score.millimarks, places[i].millimarks);
        got += score.millimarks;
    }
    CHECK_INT("full marks", got, want_millimarks);
}

/* Two papers of one form: the same templates, each with numbers of its own; no brace is left. */
static void numbers_differ(struct paper_test *p)
{
    const char *stems[2][3];
    int same = 0;
    for (int paper = 0; paper < 2; paper++) {
        const json_t *sections = json_object_get(paper_test_exam(p, p->attempts[2 + paper]),
                                                 "sections"),
                     *items = json_object_get(json_array_get(sections, 2), "items");
        CHECK_INT("three of them", json_array_size(items), 3);
        for (size_t i = 0; i < 3; i++) {
            stems[paper][i] = json_member_text(json_array_get(items, i), "stem");
            CHECK("filled", !strpbrk(stems[paper][i], "{}?"));
        }
    }
    for (int i = 0; i < 9; i++)
        same += strcmp(stems[0][i / 3], stems[1][i % 3]) == 0;
    CHECK("their numbers differ", same < 2);
}

static const struct paper_place *drawn_place(struct paper_test *p, const struct key_set *set)
{
    struct err e = {0};
    struct paper_row row;
    struct paper_place *places;
    size_t count, i = 0;
    struct key_reader *reader = key_reader_create(p->t->arena, set, &e);
    CHECK_OK("reader", reader, &e);
    CHECK_OK("paper", paper_of_attempt(p->t->db, p->attempts[2], &row, &e), &e);
    CHECK_OK("places", paper_places(reader, p->t->arena, row.id, &places, &count, &e), &e);
    while (i < count && strcmp(places[i].kind->name, "numeric") != 0)
        i++;
    CHECK("there is one", i < count);
    return &places[i];
}

/* The template's own key, with one added to what the formula gives. */
static const json_t *one_more(struct paper_test *p, const struct key_set *set, const char *code)
{
    const char *form;
    json_t *items, *record, *key = NULL;
    size_t i;
    json_object_foreach(json_object_get(set->json, "forms"), form, items) json_array_foreach(
        items, i, record) if (strcmp(json_member_text(record, "code"), code) == 0)
        key = json_object_get(json_object_get(record, "item"), "key");
    json_t *more = json_keep(p->t->arena, json_copy(key));
    json_object_set_new(more, "formula",
                        json_sprintf("%s＋1", json_member_text(key, "formula")));
    return more;
}

/* After the sitting another formula is right, or right too: the candidate's numbers stay. */
static void formula_is_changed(struct paper_test *p, const struct key_set *set)
{
    static const enum key_effect effects[] = {KEY_REPLACE, KEY_ACCEPT};
    const struct score_order order = {1000, PARTIAL_none};
    const struct paper_place *before = drawn_place(p, set);
    const json_t *own = json_object_get(json_object_get(before->item_json, "key"), "value");
    for (size_t i = 0; i < 2; i++) {
        struct err e = {0};
        struct item_score score;
        struct key_set changed = *set;
        struct key_change change = {before->code, -1, effects[i],
                                    one_more(p, set, before->code)};
        CHECK_OK("changed", key_set_change(p->t->arena, &changed, &change, 1, &e), &e);
        const struct paper_place *after = drawn_place(p, &changed);
        CHECK_TEXT("the same numbers", after->stem, before->stem);
        CHECK_OK("score", after->kind->score(after->body, own, &order, &score, &e), &e);
        CHECK_INT("the old answer", score.millimarks, effects[i] == KEY_ACCEPT ? 1000 : 0);
        CHECK_INT("beside it", after->also_count, effects[i] == KEY_ACCEPT);
        if (effects[i] == KEY_ACCEPT) {
            CHECK_OK("score", after->kind->score(after->also[0], own, &order, &score, &e), &e);
            CHECK_INT("is not the other's", score.millimarks, 0);
        }
    }
}

void paper_road_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct key_set set;
    CHECK_OK("prepare", paper_test_prepare(p, 3, &e), &e);
    paper_test_release(p);
    CHECK_OK("keys", paper_key_set(p->t->db, p->t->arena, p->t->master, p->session, &set, &e),
             &e);
    struct key_reader *keys = key_reader_create(p->t->arena, &set, &e);
    CHECK_OK("reader", keys, &e);
    score_all(p, keys, p->attempts[0], 100000);
    score_all(p, keys, p->attempts[2], 58000);
    score_all(p, keys, p->attempts[3], 58000);
    numbers_differ(p);
    formula_is_changed(p, &set);

    const char *x = json_dumps(paper_test_exam(p, p->attempts[0]), JSON_COMPACT),
               *y = json_dumps(paper_test_exam(p, p->attempts[1]), JSON_COMPACT);
    CHECK("neighbours have another order", strcmp(x, y) != 0);
    CHECK("no explanation", !strstr(x, "explanation") && !strstr(x, "\"key\""));
    free((void *)(uintptr_t)x);
    free((void *)(uintptr_t)y);

    struct paper_row *rows;
    size_t count, spares = 0;
    CHECK_OK("list", paper_list(p->t->db, p->t->arena, p->session, &rows, &count, &e), &e);
    for (size_t i = 0; i < count; i++)
        spares += rows[i].spare;
    CHECK_INT("5 candidates, 2 spares of each form a room", spares, 8);
    CHECK_INT("all", count, 13);
    paper_test_destroy(p);
}
