/* marking/machine_test.c - marks under a key that was changed after the sitting. */
#include "marking/machine.h"

#include "base/arena.h"
#include "base/json.h"
#include "paper/key_change.h"
#include "sitting/fold.h"
#include "test/check.h"

static const char key_set_text[] =
    "{\"forms\":{\"f\":["
    "{\"code\":\"q1\",\"version_id\":\"00000000000000000000000000000001\",\"area\":\"F4.1\","
    "\"point\":\"K4.1.1.1\",\"millimarks\":1000,\"item\":{\"id\":\"q1\",\"kind\":\"single\","
    "\"levels\":[4],\"points\":[\"K4.1.1.1\"],\"stem\":\"一\",\"options\":[\"甲\",\"乙\","
    "\"丙\"],"
    "\"key\":\"A\",\"explanation\":\"因\",\"difficulty\":2,\"cognitive\":\"apply\","
    "\"importance\":\"X\"}},"
    "{\"code\":\"c1\",\"version_id\":\"00000000000000000000000000000002\",\"area\":\"F4.2\","
    "\"point\":\"K4.2.1.1\",\"millimarks\":2000,\"item\":{\"id\":\"c1\",\"kind\":\"case\","
    "\"levels\":[4],\"points\":[\"K4.2.1.1\"],\"stem\":\"案例\",\"explanation\":\"因\","
    "\"items\":["
    "{\"kind\":\"single\",\"marks\":1,\"stem\":\"二\",\"options\":[\"甲\",\"乙\"],\"key\":"
    "\"B\"},"
    "{\"kind\":\"true_false\",\"marks\":1,\"stem\":\"三\",\"key\":true}],\"difficulty\":2,"
    "\"cognitive\":\"apply\",\"importance\":\"X\"}}]},"
    "\"papers\":{\"000000000000000000000000000000ff\":{\"form\":\"f\",\"seed\":\"\","
    "\"order\":[0,1]}}}";

static struct key_set read_set(struct arena *a)
{
    struct err e = {0};
    struct key_set set = {.version = 1};
    set.json = json_read(a, key_set_text, sizeof key_set_text - 1, &e);
    CHECK_OK("key set", set.json, &e);
    return set;
}

/* The marks of somebody who answered B, blank, true. */
static void mark(struct arena *a, const struct key_set *set, int32_t out[3])
{
    static const char b[] = "[\"B\"]", yes[] = "true";
    struct answer items[] = {{.item = 1, .response = {(const unsigned char *)b, 5}},
                             {.item = 3, .response = {(const unsigned char *)yes, 4}}};
    struct attempt_answers answers = {.items = items, .count = 2};
    struct err e = {0};
    struct id paper = {.bytes = {[ID_BYTES - 1] = 0xff}};
    struct paper_place *places;
    struct place_mark marks[3];
    size_t count;
    struct key_reader *reader = key_reader_create(a, set, &e);
    CHECK_OK("reader", reader, &e);
    CHECK_OK("places", paper_places(reader, a, paper, &places, &count, &e), &e);
    CHECK_INT("places", count, 3);
    machine_mark(a, places, count, &answers, marks);
    for (size_t i = 0; i < 3; i++)
        out[i] = marks[i].millimarks;
}

void marks_follow_a_changed_key_test(void)
{
    struct arena *a = arena_create(16 << 20);
    static const struct {
        const char *what;
        const char *code;
        int64_t part;
        enum key_effect effect;
        const char *key;
        int32_t want[3];
    } rows[] = {
        {"as committed", NULL, 0, KEY_CREDIT, NULL, {0, 0, 1000}},
        {"another key", "q1", -1, KEY_REPLACE, "\"B\"", {1000, 0, 1000}},
        {"the old answer loses", "c1", 1, KEY_REPLACE, "false", {0, 0, 0}},
        {"a second right answer", "q1", -1, KEY_ACCEPT, "\"B\"", {1000, 0, 1000}},
        {"one that nobody gave", "q1", -1, KEY_ACCEPT, "\"C\"", {0, 0, 1000}},
        {"the old answer stays right", "c1", 1, KEY_ACCEPT, "false", {0, 0, 1000}},
        {"everybody gets it, also who left it open",
         "c1",
         0,
         KEY_CREDIT,
         NULL,
         {0, 1000, 1000}},
        {"a whole case", "c1", -1, KEY_CREDIT, NULL, {0, 1000, 1000}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        struct key_set set = read_set(a);
        const struct json_t *before = set.json;
        int32_t got[3];
        struct key_change change = {rows[i].code, rows[i].part, rows[i].effect, NULL};
        if (rows[i].key)
            change.key = json_read(a, rows[i].key, strlen(rows[i].key), &e);
        CHECK_OK(rows[i].what, key_set_change(a, &set, &change, rows[i].code != NULL, &e), &e);
        CHECK_INT("next version", set.version, rows[i].code ? 2 : 1);
        mark(a, &set, got);
        for (size_t k = 0; k < 3; k++)
            CHECK_INT(rows[i].what, got[k], rows[i].want[k]);
        if (rows[i].code)
            CHECK("the committed set is untouched", set.json != before);
    }
    arena_destroy(a);
}

/* The paper's rule of partial credit travels with the key set. */
void marks_follow_the_rule_of_the_paper_test(void)
{
    static const char text[] =
        "{\"forms\":{\"f\":[{\"code\":\"m1\",\"version_id\":"
        "\"00000000000000000000000000000003\","
        "\"area\":\"F4.1\",\"point\":\"K4.1.1.1\",\"millimarks\":2000,\"partial\":\"half\","
        "\"item\":"
        "{\"id\":\"m1\",\"kind\":\"multiple\",\"levels\":[4],\"points\":[\"K4.1.1.1\"],"
        "\"stem\":\"四\","
        "\"options\":[\"甲\",\"乙\",\"丙\"],\"key\":[\"A\",\"C\"],\"explanation\":\"因\","
        "\"difficulty\":2,"
        "\"cognitive\":\"apply\",\"importance\":\"X\"}}]},\"papers\":{"
        "\"000000000000000000000000000000ff\":{\"form\":\"f\",\"seed\":\"\",\"order\":[0]}}}";
    static const struct {
        const char *response;
        int32_t want;
    } rows[] = {{"[\"A\",\"C\"]", 2000}, {"[\"C\"]", 1000}, {"[\"B\",\"C\"]", 0}};
    struct arena *a = arena_create(16 << 20);
    struct err e = {0};
    struct key_set set = {.version = 1};
    set.json = json_read(a, text, sizeof text - 1, &e);
    CHECK_OK("key set", set.json, &e);
    struct key_reader *reader = key_reader_create(a, &set, &e);
    CHECK_OK("reader", reader, &e);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer item = {
            .item = 1,
            .response = {(const unsigned char *)rows[i].response, strlen(rows[i].response)}};
        struct attempt_answers answers = {.items = &item, .count = 1};
        struct id paper = {.bytes = {[ID_BYTES - 1] = 0xff}};
        struct paper_place *places;
        struct place_mark mark;
        size_t count;
        CHECK_OK("places", paper_places(reader, a, paper, &places, &count, &e), &e);
        machine_mark(a, places, count, &answers, &mark);
        CHECK_INT(rows[i].response, mark.millimarks, rows[i].want);
    }
    arena_destroy(a);
}

/* Decided one after the other: the later sees what the earlier made. */
void key_changes_follow_each_other_test(void)
{
    struct arena *a = arena_create(16 << 20);
    struct err e = {0};
    struct key_set set = read_set(a);
    int32_t got[3];
    const struct key_change changes[] = {
        {"q1", -1, KEY_REPLACE, json_read(a, "\"C\"", 3, &e)},
        {"q1", -1, KEY_ACCEPT, json_read(a, "\"B\"", 3, &e)},
    };
    CHECK_OK("two", key_set_change(a, &set, changes, 2, &e), &e);
    CHECK_INT("two versions later", set.version, 3);
    mark(a, &set, got);
    CHECK_INT("B is right beside C", got[0], 1000);
    arena_destroy(a);
}

void key_change_refuses_test(void)
{
    struct arena *a = arena_create(16 << 20);
    struct err e = {0};
    struct key_set set = read_set(a);
    const struct json_t *before = set.json, *d = json_read(a, "\"D\"", 3, &e);
    const struct key_change unknown = {"q9", -1, KEY_CREDIT, NULL},
                            no_part = {"c1", 2, KEY_CREDIT, NULL},
                            whole_case = {"c1", -1, KEY_REPLACE, d},
                            no_option = {"q1", -1, KEY_REPLACE, d};
    CHECK_REFUSED("unknown", key_set_change(a, &set, &unknown, 1, &e), &e, NOT_FOUND, "/code");
    e = (struct err){0};
    CHECK_REFUSED("no part", key_set_change(a, &set, &no_part, 1, &e), &e, NOT_FOUND, "/part");
    e = (struct err){0};
    CHECK_REFUSED("a case has no key", key_set_change(a, &set, &whole_case, 1, &e), &e,
                  NOT_FOUND, "/part");
    e = (struct err){0};
    CHECK_REFUSED("no such option", key_set_change(a, &set, &no_option, 1, &e), &e, INVALID,
                  "/key");
    CHECK("as it was", set.json == before && set.version == 1);
    arena_destroy(a);
}
