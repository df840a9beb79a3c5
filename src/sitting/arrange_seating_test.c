/* sitting/arrange_seating_test.c - everybody gets one seat, the same each time, colleagues apart. */
#include <string.h>

#include "base/arena.h"
#include "sitting/arrange.h"
#include "test/check.h"

struct hall {
    struct arena *arena;
    struct seating s;
    struct seat *seats;
    struct arranged_candidate *who;
    size_t *out;
};

static struct hall hall(size_t rooms, int64_t rows, int64_t columns, size_t candidates)
{
    struct arena *a = arena_create(64 << 20);
    size_t per_room = (size_t)(rows * columns), n = 0;
    struct hall h = {.arena = a};
    h.seats = arena_array(a, struct seat, rooms * per_room + 1);
    h.who = arena_array(a, struct arranged_candidate, candidates + 1);
    h.out = arena_array(a, size_t, candidates + 1);
    for (size_t r = 0; r < rooms; r++)
        for (size_t k = 0; k < per_room; k++, n++) {
            h.seats[n].id.bytes[0] = (unsigned char)(n + 1);
            h.seats[n].id.bytes[1] = (unsigned char)((n + 1) >> 8);
            h.seats[n].room.bytes[0] = (unsigned char)(r + 1);
            h.seats[n].number = (int64_t)k + 1;
            h.seats[n].row = (int64_t)k / columns + 1;
            h.seats[n].col = (int64_t)k % columns + 1;
        }
    for (size_t i = 0; i < candidates; i++)
        h.who[i].entry.bytes[0] = h.who[i].person.bytes[0] = (unsigned char)(i + 1);
    h.s = (struct seating){h.seats, n, h.who, candidates, 7};
    return h;
}

static void check_one_each(const struct hall *h)
{
    for (size_t i = 0; i < h->s.candidate_count; i++) {
        CHECK("a seat", h->out[i] < h->s.seat_count);
        for (size_t k = 0; k < i; k++)
            CHECK("of one's own", h->out[i] != h->out[k]);
    }
}

void seating_one_each_test(void)
{
    static const struct {
        size_t rooms;
        int64_t rows, columns;
        size_t candidates;
    } cases[] = {{1, 1, 1, 1}, {1, 5, 6, 0}, {2, 5, 6, 60}, {3, 4, 5, 31}, {4, 1, 2, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hall h = hall(cases[i].rooms, cases[i].rows, cases[i].columns,
                             cases[i].candidates);
        CHECK("planned", seating_plan(h.arena, &h.s, h.out));
        check_one_each(&h);
        arena_destroy(h.arena);
    }
    struct hall h = hall(1, 2, 2, 5);
    CHECK("five on four seats", !seating_plan(h.arena, &h.s, h.out));
    arena_destroy(h.arena);
}

void seating_spreads_over_rooms_test(void)
{
    struct hall h = hall(3, 5, 6, 45);
    size_t in_room[3] = {0};
    CHECK("planned", seating_plan(h.arena, &h.s, h.out));
    for (size_t i = 0; i < 45; i++)
        in_room[h.seats[h.out[i]].room.bytes[0] - 1]++;
    for (size_t r = 0; r < 3; r++)
        CHECK_INT("a third each", in_room[r], 15);
    arena_destroy(h.arena);
}

/* Three companies and a partner among 60 can sit apart: far fewer neighbours than by chance. */
void seating_keeps_colleagues_apart_test(void)
{
    static const char *const employers[] = {"甲公司", "乙公司", "丙公司", NULL, ""};
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct hall h = hall(2, 5, 6, 60);
        h.s.seed = seed;
        for (size_t i = 0; i < 60; i++) {
            h.who[i].employer = employers[i % 5];
            if (i % 12 == 3)
                h.who[i].partner.bytes[0] = 9;
        }
        CHECK("planned", seating_plan(h.arena, &h.s, h.out));
        check_one_each(&h);
        CHECK("few neighbours", seating_neighbours(h.arena, &h.s, h.out) <= 2);
        arena_destroy(h.arena);
    }
    struct hall all = hall(1, 2, 2, 4);
    for (size_t i = 0; i < 4; i++)
        all.who[i].employer = "甲公司";
    CHECK("cannot, but seats them", seating_plan(all.arena, &all.s, all.out));
    CHECK_INT("all six pairs", seating_neighbours(all.arena, &all.s, all.out), 6);
    arena_destroy(all.arena);
}

void seating_is_repeatable_test(void)
{
    struct hall x = hall(2, 5, 6, 50), y = hall(2, 5, 6, 50), z = hall(2, 5, 6, 50);
    z.s.seed = 8;
    CHECK("x", seating_plan(x.arena, &x.s, x.out));
    CHECK("y", seating_plan(y.arena, &y.s, y.out));
    CHECK("z", seating_plan(z.arena, &z.s, z.out));
    CHECK("same seed, same seats", memcmp(x.out, y.out, 50 * sizeof *x.out) == 0);
    CHECK("another seed, others", memcmp(x.out, z.out, 50 * sizeof *x.out) != 0);
    arena_destroy(x.arena);
    arena_destroy(y.arena);
    arena_destroy(z.arena);
}

/* Whoever sits already stays; nobody gets a seat that is taken. */
void seating_keeps_the_seated_test(void)
{
    struct hall h = hall(1, 3, 3, 5);
    h.who[2].seat = h.seats[4].id;
    h.seats[4].entry = h.who[2].entry;
    h.seats[0].entry.bytes[0] = 99; /* somebody who is not in the list */
    CHECK("planned", seating_plan(h.arena, &h.s, h.out));
    check_one_each(&h);
    CHECK_INT("stays", h.out[2], 4);
    for (size_t i = 0; i < 5; i++)
        CHECK("not on a taken seat", h.out[i] != 0);
    arena_destroy(h.arena);
}
