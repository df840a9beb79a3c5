/* sitting/node_clock_test.c - no way opens a room before the time, however the machine's clock is
 * set (S4): every way asks this gate first. */
#include <stdio.h>
#include <string.h>

#include "sitting/node_self.h"
#include "test/check.h"

#define HOUR_MS   INT64_C(3600000)
#define CENTRE_MS INT64_C(1790000000000) /* what the centre said, at 5 s of this boot */
static const int64_t ANCHOR_BOOT_MS = 5000;

/* After PASSED_MS, with the wall clock WRONG_MS off, in the same run of the machine or another. */
static const struct {
    const char *what;
    int64_t passed_ms, wrong_ms, open_after_ms;
    bool same_boot;
    const char *field; /* NULL: opens */
} cases[] = {
    {"before the time", HOUR_MS - 1, 0, HOUR_MS, true, "/open_at_ms"},
    {"at the time", HOUR_MS, 0, HOUR_MS, true, NULL},
    {"long after it", 9 * HOUR_MS, 0, HOUR_MS, true, NULL},
    {"set forward while it runs", 1000, 12 * HOUR_MS, HOUR_MS, true, "/clock"},
    {"set forward by less than is noticed", HOUR_MS - 1500, 2000, HOUR_MS, true, "/open_at_ms"},
    {"set forward by more than is allowed", HOUR_MS - 1500, 2001, HOUR_MS, true, "/clock"},
    {"set back while it runs", 2 * HOUR_MS, -12 * HOUR_MS, HOUR_MS, true, "/clock"},
    {"set forward at the start", 1000, 12 * HOUR_MS, HOUR_MS, false, "/clock"},
    {"right, but started anew", 2 * HOUR_MS, 0, HOUR_MS, false, "/clock"},
};

void node_clock_gate_test(void)
{
    struct node_self self = {
        .boot = "first", .centre_ms = CENTRE_MS, .boot_ms = ANCHOR_BOOT_MS};
    struct master *m = master_create((const unsigned char[KEY_BYTES]){7}, 1);
    node_time_tag(&self, m);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node_clocks c = {.wall_ms = CENTRE_MS + cases[i].passed_ms + cases[i].wrong_ms,
                                .boot_ms = ANCHOR_BOOT_MS + cases[i].passed_ms};
        struct err e = {0};
        snprintf(c.boot, sizeof c.boot, "%s", cases[i].same_boot ? "first" : "second");
        struct node_time t = node_time_of(&self, m, &c);
        int64_t open_at_ms = CENTRE_MS + cases[i].open_after_ms;
        if (cases[i].field)
            CHECK_REFUSED(cases[i].what, node_time_gate(&t, open_at_ms, &e), &e, CONFLICT,
                          cases[i].field);
        else
            CHECK_OK(cases[i].what, node_time_gate(&t, open_at_ms, &e), &e);
    }
    master_destroy(m);
}

/* The boot clock cannot run backwards; an anchor from its future is none. */
void node_clock_unknown_test(void)
{
    struct node_self never = {.boot = NULL};
    struct node_self ahead = {.boot = "first", .boot_ms = HOUR_MS};
    struct node_clocks c = {.wall_ms = CENTRE_MS, .boot_ms = 1};
    struct master *m = master_create((const unsigned char[KEY_BYTES]){7}, 1);
    snprintf(c.boot, sizeof c.boot, "first");
    node_time_tag(&ahead, m);
    CHECK_INT("never anchored", node_time_of(&never, m, &c).known, false);
    CHECK_INT("anchored in the future", node_time_of(&ahead, m, &c).known, false);
    master_destroy(m);
}

/* Whatever else than this program writes there makes it unknown: two people look at the clock then. */
void node_clock_is_tagged_test(void)
{
    struct master *m = master_create((const unsigned char[KEY_BYTES]){7}, 1),
                  *other = master_create((const unsigned char[KEY_BYTES]){8}, 1);
    struct node_self told = {
        .id = id_random(), .boot = "first", .centre_ms = CENTRE_MS, .boot_ms = ANCHOR_BOOT_MS};
    struct node_clocks c = {.wall_ms = CENTRE_MS, .boot_ms = ANCHOR_BOOT_MS};
    snprintf(c.boot, sizeof c.boot, "first");
    node_time_tag(&told, m);
    CHECK("as told", node_time_of(&told, m, &c).known);
    CHECK("of another machine", !node_time_of(&told, other, &c).known);
    struct node_self changed[7];
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        changed[i] = told;
    changed[0].centre_ms++;
    changed[1].boot_ms--;
    changed[2].rtt_ms++;
    changed[3].id = id_random();
    changed[4].confirmed_by = id_random();
    changed[5].confirmed_second = id_random();
    memset(changed[6].clock_tag, 0, TAG_BYTES);
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        CHECK_INT("changed", node_time_of(&changed[i], m, &c).known, false);
    master_destroy(m);
    master_destroy(other);
}
