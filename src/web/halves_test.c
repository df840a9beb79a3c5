/* web/halves_test.c - two halves come from two people, whatever they open, in whatever order they try. */
#include "web/halves.h"

#include <string.h>

#include "test/check.h"

enum { NOW = 1000 };
static const struct id room = {{1}}, other_room = {{2}}, clock_place = {{0}};
static const struct id first = {{11}}, second = {{12}}, third = {{13}};

static bool put(struct half_desk *d, struct half_in in, struct half_pair *pair, struct err *e)
{
    in.text = in.half ? "乙" : "甲";
    in.now_ms = in.now_ms ? in.now_ms : NOW;
    *e = (struct err){0};
    return half_put(d, &in, pair, e);
}

/* Each thing that two halves open: the second half of the same person is refused, of another taken. */
void halves_take_two_test(void)
{
    static const struct {
        const char *what;
        struct id room;
        bool envelope;
        int half;
    } rows[] = {
        {"by phone, A first", {{1}}, false, 0},
        {"by phone, B first", {{1}}, false, 1},
        {"by envelopes, A first", {{1}}, true, 0},
        {"by envelopes, B first", {{1}}, true, 1},
        {"the clock", {{0}}, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct half_desk *d = half_desk_create();
        struct half_pair pair;
        struct err e;
        struct half_in in = {.room = rows[i].room,
                             .account = first,
                             .envelope = rows[i].envelope,
                             .half = rows[i].half};
        CHECK_OK(rows[i].what, put(d, in, &pair, &e), &e);
        CHECK(rows[i].what, !pair.both);
        CHECK_OK("typed once more", put(d, in, &pair, &e), &e);
        CHECK("is no second half", !pair.both);
        in.half = !in.half;
        CHECK_REFUSED(rows[i].what, put(d, in, &pair, &e), &e, FORBIDDEN, "/half");
        CHECK("nothing came out", !pair.both && !*pair.a && !*pair.b);
        in.account = second;
        CHECK_OK(rows[i].what, put(d, in, &pair, &e), &e);
        CHECK(rows[i].what, pair.both && id_equal(pair.first, first));
        CHECK_TEXT("A", pair.a, "甲");
        CHECK_TEXT("B", pair.b, "乙");
        bool envelope;
        CHECK_INT("nothing waits", half_waiting(d, rows[i].room, NOW, &envelope), 0);
        half_desk_destroy(d);
    }
}

/* A third who types the first half anew is the first person from then on. */
void halves_of_who_typed_last_test(void)
{
    struct half_desk *d = half_desk_create();
    struct half_pair pair;
    struct err e;
    CHECK_OK("A", put(d, (struct half_in){.room = room, .account = first}, &pair, &e), &e);
    CHECK_OK("A anew", put(d, (struct half_in){.room = room, .account = third}, &pair, &e), &e);
    CHECK_REFUSED(
        "the third's B",
        put(d, (struct half_in){.room = room, .account = third, .half = 1}, &pair, &e), &e,
        FORBIDDEN, "/half");
    CHECK_OK("the first's B",
             put(d, (struct half_in){.room = room, .account = first, .half = 1}, &pair, &e),
             &e);
    CHECK("both", pair.both && id_equal(pair.first, third));
    half_desk_destroy(d);
}

/* Halves of two rooms, of two ways, or of two hours make no pair. */
void halves_do_not_mix_test(void)
{
    struct half_desk *d = half_desk_create();
    struct half_pair pair;
    struct err e;
    bool envelope;
    CHECK_OK("A here", put(d, (struct half_in){.room = room, .account = first}, &pair, &e), &e);
    CHECK_OK(
        "B there",
        put(d, (struct half_in){.room = other_room, .account = second, .half = 1}, &pair, &e),
        &e);
    CHECK("no pair", !pair.both);
    CHECK_OK(
        "the clock",
        put(d, (struct half_in){.room = clock_place, .account = second, .half = 1}, &pair, &e),
        &e);
    CHECK("no pair", !pair.both);
    CHECK_OK("B by envelope",
             put(d,
                 (struct half_in){.room = room, .account = second, .half = 1, .envelope = true},
                 &pair, &e),
             &e);
    CHECK("another way is begun anew", !pair.both);
    CHECK_INT("only B waits", half_waiting(d, room, NOW, &envelope), 2);
    CHECK("of the envelopes", envelope);
    CHECK_OK("A too late",
             put(d,
                 (struct half_in){.room = room,
                                  .account = first,
                                  .envelope = true,
                                  .now_ms = NOW + HALF_KEEP_MS + 1},
                 &pair, &e),
             &e);
    CHECK("ten minutes are over", !pair.both);
    half_desk_destroy(d);
}

/* The pair came out and what it was for failed: the first half waits on, the second is typed again. */
void halves_are_put_back_test(void)
{
    struct half_desk *d = half_desk_create();
    struct half_pair pair, again;
    struct err e;
    bool envelope;
    const struct half_in a = {.room = room, .account = first, .half = 1, .envelope = true};
    struct half_in b = {.room = room, .account = second, .envelope = true, .now_ms = NOW + 5};
    CHECK_OK("B", put(d, a, &pair, &e), &e);
    CHECK_OK("A", put(d, b, &pair, &e), &e);
    CHECK("both", pair.both && pair.first_half == 1);
    half_put_back(d, &b, &pair);
    CHECK_INT("only B waits", half_waiting(d, room, NOW + HALF_KEEP_MS, &envelope), 2);
    CHECK("of the envelopes", envelope);
    b.account = first;
    CHECK_REFUSED("the first alone", put(d, b, &again, &e), &e, FORBIDDEN, "/half");
    b.account = third;
    CHECK_OK("A again", put(d, b, &again, &e), &e);
    CHECK("both again", again.both && id_equal(again.first, first));
    CHECK_TEXT("B as it was", again.b, "乙");
    CHECK_OK("another begins", put(d, b, &pair, &e), &e);
    half_put_back(d, &b, &again);
    CHECK_INT("what was begun since stays", half_waiting(d, room, NOW, &envelope), 1);
    half_desk_destroy(d);
    d = half_desk_create();
    half_put_back(d, &b, &again);
    CHECK_INT("no longer than it would have",
              half_waiting(d, room, NOW + HALF_KEEP_MS + 1, &envelope), 0);
    half_desk_destroy(d);
}

/* Two who say the same at the same moment are the first and the second, not the first twice. */
void halves_take_the_next_test(void)
{
    struct half_desk *d = half_desk_create();
    struct half_pair pair;
    struct err e;
    struct half_in word = {.room = clock_place, .account = first, .half = HALF_NEXT};
    CHECK_OK("one", put(d, word, &pair, &e), &e);
    CHECK("alone", !pair.both);
    CHECK_REFUSED("the same", put(d, word, &pair, &e), &e, FORBIDDEN, "/half");
    word.account = second;
    CHECK_OK("two", put(d, word, &pair, &e), &e);
    CHECK("both", pair.both && id_equal(pair.first, first) && pair.first_half == 0);
    half_desk_destroy(d);
}
