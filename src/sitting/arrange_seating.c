/* sitting/arrange_seating.c - who sits where: spread over the rooms, colleagues apart. Pure.
 *
 * The places are shared out by room, the candidates put on them in an order drawn from the seed,
 * then neighbours who share employer or partner are swapped away while that makes fewer of them. */
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/shuffle.h"
#include "sitting/arrange.h"

enum { NEIGHBOURS = 8, PASSES_MAX = 20 };
static const size_t NOBODY = SIZE_MAX;

struct board {
    struct arena *arena;
    const struct seating *in;
    const struct arranged_candidate *who; /* in->candidates */
    size_t *at;                           /* seat → candidate, or NOBODY */
    size_t (*near)[NEIGHBOURS];           /* seats around a seat; NOBODY past the last */
    size_t *employer;                     /* group of each candidate; NOBODY: none */
};

static bool are_near(const struct seat *x, const struct seat *y)
{
    int64_t rows = x->row - y->row, cols = x->col - y->col;
    return id_equal(x->room, y->room) && rows >= -1 && rows <= 1 && cols >= -1 && cols <= 1;
}

/* Seats come by room and number, so a room's seats are one run. */
static void find_near(struct board *b)
{
    const struct seat *seats = b->in->seats;
    size_t first = 0;
    for (size_t i = 0; i < b->in->seat_count; i++) {
        size_t n = 0;
        if (!id_equal(seats[i].room, seats[first].room))
            first = i;
        for (size_t k = first; k < b->in->seat_count && id_equal(seats[k].room, seats[i].room);
             k++)
            if (k != i && n < NEIGHBOURS && are_near(&seats[i], &seats[k]))
                b->near[i][n++] = k;
        while (n < NEIGHBOURS)
            b->near[i][n++] = NOBODY;
    }
}

static void group_employers(struct board *b)
{
    for (size_t i = 0; i < b->in->candidate_count; i++) {
        const char *mine = b->who[i].employer;
        b->employer[i] = mine && *mine ? i : NOBODY;
        for (size_t k = 0; b->employer[i] == i && k < i; k++)
            if (b->employer[k] == k && strcmp(b->who[k].employer, mine) == 0)
                b->employer[i] = k;
    }
}

static bool share(const struct board *b, size_t x, size_t y)
{
    if (x == NOBODY || y == NOBODY)
        return false;
    return (b->employer[x] != NOBODY && b->employer[x] == b->employer[y]) ||
           (!id_is_zero(b->who[x].partner) && id_equal(b->who[x].partner, b->who[y].partner));
}

/* How many around SEAT would share something with WHO, were WHO on it; EXCEPT is not looked at. */
static int cost(const struct board *b, size_t seat, size_t who, size_t except)
{
    int n = 0;
    for (size_t i = 0; i < NEIGHBOURS && b->near[seat][i] != NOBODY; i++)
        if (b->near[seat][i] != except)
            n += share(b, who, b->at[b->near[seat][i]]);
    return n;
}

/* ------------------------------------------------------------------ places */
static bool is_new(const struct arranged_candidate *c)
{
    return id_is_zero(c->seat);
}

static void keep_seated(struct board *b)
{
    for (size_t s = 0; s < b->in->seat_count; s++) {
        b->at[s] = NOBODY;
        for (size_t i = 0; i < b->in->candidate_count; i++)
            if (!is_new(&b->who[i]) && id_equal(b->who[i].seat, b->in->seats[s].id))
                b->at[s] = i;
    }
}

/* End of the run of seats of one room. */
static size_t room_end(const struct seating *in, size_t first)
{
    size_t end = first;
    while (end < in->seat_count && id_equal(in->seats[end].room, in->seats[first].room))
        end++;
    return end;
}

static size_t count_free(const struct board *b, size_t first, size_t end)
{
    size_t n = 0;
    for (size_t s = first; s < end; s++)
        n += b->at[s] == NOBODY && id_is_zero(b->in->seats[s].entry);
    return n;
}

/* Shares COUNT out by free places: after each room as many are placed, rounded, as the rooms so
 * far would hold of the whole. PLACES gets the seats. */
static void choose_places(struct board *b, size_t count, size_t total, size_t *places)
{
    size_t before = 0, placed = 0;
    for (size_t first = 0; first < b->in->seat_count;) {
        size_t end = room_end(b->in, first);
        before += count_free(b, first, end);
        size_t until = (2 * count * before + total) / (2 * total);
        for (size_t s = first; s < end && placed < until; s++)
            if (b->at[s] == NOBODY && id_is_zero(b->in->seats[s].entry)) {
                places[placed++] = s;
            }
        first = end;
    }
}

static void place_new(struct board *b, size_t count, const size_t *places)
{
    unsigned char seed[SEED_BYTES] = {0};
    struct shuffle chance;
    size_t *fresh = arena_array(b->arena, size_t, count + 1), n = 0;
    uint32_t *order = arena_array(b->arena, uint32_t, count + 1);
    for (size_t i = 0; i < b->in->candidate_count; i++)
        if (is_new(&b->who[i]))
            fresh[n++] = i;
    be64_put(seed, b->in->seed);
    shuffle_begin(&chance, seed);
    shuffle_order(&chance, order, (uint32_t)count);
    for (size_t k = 0; k < count; k++)
        b->at[places[k]] = fresh[order[k]];
}

/* ------------------------------------------------------------------ apart */
/* What a swap would change; negative is better. */
static int gain(const struct board *b, size_t x, size_t y)
{
    size_t a = b->at[x], z = b->at[y];
    return cost(b, x, z, y) + cost(b, y, a, x) - cost(b, x, a, y) - cost(b, y, z, x);
}

static bool improve_seat(struct board *b, size_t x, const size_t *places, size_t count)
{
    size_t best = NOBODY;
    int least = 0;
    for (size_t k = 0; k < count; k++) {
        int g = places[k] == x ? 0 : gain(b, x, places[k]);
        if (g < least) {
            least = g;
            best = places[k];
        }
    }
    if (best == NOBODY)
        return false;
    size_t was = b->at[x];
    b->at[x] = b->at[best];
    b->at[best] = was;
    return true;
}

static void move_apart(struct board *b, const size_t *places, size_t count)
{
    bool better = true;
    for (int pass = 0; better && pass < PASSES_MAX; pass++) {
        better = false;
        for (size_t k = 0; k < count; k++)
            if (cost(b, places[k], b->at[places[k]], NOBODY) > 0)
                better |= improve_seat(b, places[k], places, count);
    }
}

static void board_start(struct board *b, struct arena *a, const struct seating *s)
{
    *b = (struct board){.arena = a, .in = s, .who = s->candidates};
    b->at = arena_array(a, size_t, s->seat_count + 1);
    b->near = arena_alloc(a, s->seat_count + 1, sizeof *b->near);
    b->employer = arena_array(a, size_t, s->candidate_count + 1);
    find_near(b);
    group_employers(b);
}

bool seating_plan(struct arena *a, const struct seating *s, size_t *out)
{
    struct board b;
    size_t count = 0;
    board_start(&b, a, s);
    keep_seated(&b);
    for (size_t i = 0; i < s->candidate_count; i++)
        count += is_new(&s->candidates[i]);
    size_t total = count_free(&b, 0, s->seat_count);
    if (count > total)
        return false;
    size_t *places = arena_array(a, size_t, count + 1);
    if (count > 0) {
        choose_places(&b, count, total, places);
        place_new(&b, count, places);
        move_apart(&b, places, count);
    }
    for (size_t x = 0; x < s->seat_count; x++)
        if (b.at[x] != NOBODY)
            out[b.at[x]] = x;
    return true;
}

size_t seating_neighbours(struct arena *a, const struct seating *s, const size_t *seat_of)
{
    struct board b;
    size_t twice = 0;
    board_start(&b, a, s);
    for (size_t x = 0; x < s->seat_count; x++)
        b.at[x] = NOBODY;
    for (size_t i = 0; i < s->candidate_count; i++)
        b.at[seat_of[i]] = i;
    for (size_t x = 0; x < s->seat_count; x++)
        if (b.at[x] != NOBODY)
            twice += (size_t)cost(&b, x, b.at[x], NOBODY);
    return twice / 2;
}
