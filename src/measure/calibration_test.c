/* measure/calibration_test.c - answers made by a model give it back, on one scale; runs are adopted by
 * two, once, and only while the scale is theirs. */
#include "measure/calibration.h"

#include <math.h>

#include "bank/parameter.h"
#include "base/arena.h"
#include "measure/measure_fixture.h"
#include "measure/responses.h"
#include "people/people.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

static const struct id NOBODY;
enum { PERSONS = 3000, ITEMS = 20, BANK_ITEMS = 3 };

static double draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 33) / 2147483648.0;
}

static double normal(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += draw(state);
    return sum;
}

static double true_a(size_t k)
{
    return 0.8 + 0.1 * (double)(k % 7);
}
static double true_b(size_t k)
{
    return -1.9 + 0.2 * (double)k;
}

/* Persons from N(mean, sd); every fifth item is missing of each. */
static struct calibrated made(struct arena *a, double mean, double sd, double drift,
                              uint64_t seed)
{
    uint8_t *x = arena_array(a, uint8_t, PERSONS * ITEMS);
    struct calibrated c;
    struct err e = {0};
    for (size_t i = 0; i < PERSONS; i++) {
        double theta = mean + sd * normal(&seed);
        for (size_t k = 0; k < ITEMS; k++) {
            double b = true_b(k) + (k == 3 ? drift : 0);
            x[i * ITEMS + k] = (i + k) % 5 == 0
                                   ? RESPONSE_MISSING
                                   : draw(&seed) < 1 / (1 + exp(-true_a(k) * (theta - b)));
        }
    }
    const struct answer_table t = {PERSONS, ITEMS, x};
    CHECK_OK("fit", calibrate(a, &t, CALIBRATE_2PL, &c, &e), &e);
    CHECK("converged", c.converged);
    return c;
}

void calibrate_gives_back_test(void)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct calibrated c = made(a, 0, 1, 0, 11);
    double squares = 0;
    for (size_t k = 0; k < ITEMS; k++) {
        double off = c.items[k].b - true_b(k);
        squares += off * off / ITEMS;
        CHECK("an error", c.items[k].se_b > 0 && c.items[k].se_a > 0);
        CHECK("within five errors", fabs(off) < 5 * c.items[k].se_b);
        CHECK_INT("answers", c.items[k].answers, PERSONS / 5 * 4);
    }
    CHECK("near", sqrt(squares) < 0.12);
    arena_destroy(a);
}

/* Better people, more alike: their own scale is another, the linked one is the bank's. */
void calibrate_links_test(void)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct calibrated c = made(a, 0.7, 1.4, 0.9, 5);
    struct anchor_item anchors[10];
    double before = 0, after = 0;
    for (size_t k = 0; k < 10; k++)
        anchors[k] = (struct anchor_item){.at = k, .a = true_a(k), .b = true_b(k)};
    for (size_t k = 10; k < ITEMS; k++)
        before += fabs(c.items[k].b - true_b(k)) / 10;
    struct scale_link l = calibrate_link(a, c.items, ITEMS, anchors, 10);
    CHECK("linked", l.known);
    CHECK_INT("one drifted", l.anchors, 9);
    CHECK("that one", anchors[3].drifted && !anchors[4].drifted);
    CHECK_NEAR("A", l.a, 1.4, 0.15);
    CHECK_NEAR("B", l.b, 0.7, 0.15);
    for (size_t k = 10; k < ITEMS; k++)
        after += fabs(c.items[k].b - true_b(k)) / 10;
    CHECK("was off", before > 0.3);
    CHECK("is near", after < 0.12);
    CHECK("four are too few", !calibrate_link(a, c.items, ITEMS, anchors, 4).known);
    arena_destroy(a);
}

/* --- kept and adopted ---------------------------------------------------------------------------- */
struct bench {
    struct test_store *t;
    struct marking m;
    struct bank b;
    struct id author, second;
    struct item_row *rows;
};

static void save_item(struct bench *d, int i, const char *stem, int64_t version)
{
    struct arena *a = d->t->arena;
    fixture_item(&d->b, arena_printf(a, "k-%d", i), arena_printf(a, "%s %d", stem, i),
                 version ? d->rows[i].id : NOBODY, version);
}

static void make(struct bench *d)
{
    size_t count;
    *d = (struct bench){.t = test_store_create()};
    fixture_desk(d->t, &d->m, &d->b);
    d->author = fixture_account(&d->m, "first", R(item_reviewer));
    d->second = fixture_account(&d->m, "second", R(item_reviewer));
    d->t->actor.account = d->author;
    for (int i = 0; i < BANK_ITEMS; i++)
        save_item(d, i, "问", 0);
    d->rows = fixture_live(&d->b, &count);
}

static bool keep(struct bench *d, int64_t before, const char *role, struct id *out,
                 struct err *e)
{
    struct parameter_made items[BANK_ITEMS];
    for (size_t i = 0; i < BANK_ITEMS; i++)
        items[i] = (struct parameter_made){
            .version_id = d->rows[i].version_id,
            .role = role,
            .estimate = {1.25, -0.5 + (double)i, 0, 0.1, 0.2, NAN, 600},
            .kept_b = NAN};
    const struct calibration_made c = {.programme = "national-2023",
                                       .model = CALIBRATE_2PL,
                                       .sittings = 2,
                                       .persons = 640,
                                       .before = before,
                                       .log_likelihood = -1234.5,
                                       .items = items,
                                       .count = BANK_ITEMS};
    return calibration_keep(&d->m, &c, out, e);
}

struct adopting {
    struct bench *d;
    struct id run;
};

static bool adopt_in(struct db *db, void *ctx, struct err *e)
{
    const struct adopting *a = ctx;
    struct marking m = a->d->m;
    m.db = db;
    return calibration_adopt(&m, a->run, e);
}

static bool adopt(struct bench *d, struct id run, struct id second, struct err *e)
{
    struct adopting a = {d, run};
    d->t->actor.second = second;
    bool ok = db_transact(d->t->db, adopt_in, &a, e);
    d->t->actor.second = NOBODY;
    return ok;
}

static size_t calibrated_in_pool(struct bench *d)
{
    struct err e = {0};
    struct item_row *pool;
    size_t count, n = 0;
    CHECK_OK("pool", bank_pool(&d->b, "national-2023", &pool, &count, &e), &e);
    for (size_t i = 0; i < count; i++) {
        n += pool[i].calibrated;
        CHECK("measured", !pool[i].calibrated || pool[i].a == 1.25);
    }
    return n;
}

void calibration_adopted_test(void)
{
    struct bench d;
    struct id run, rival;
    struct err e = {0}, alone = {0}, late = {0}, twice = {0}, nobody = {0};
    struct item_parameter *history;
    size_t count;
    make(&d);
    CHECK_REFUSED("nobody sat",
                  calibration_run(&d.m, "national-2023", CALIBRATE_RASCH, &run, &nobody),
                  &nobody, RULE, "/model");
    CHECK_OK("kept", keep(&d, 0, "new", &run, &e), &e);
    CHECK_OK("another", keep(&d, 0, "new", &rival, &e), &e);
    CHECK_INT("kept is not adopted", calibrated_in_pool(&d), 0);
    CHECK_REFUSED("by two", adopt(&d, run, NOBODY, &alone), &alone, FORBIDDEN, "/second");
    CHECK_OK("adopted", adopt(&d, run, d.second, &e), &e);
    CHECK_INT("measured", calibrated_in_pool(&d), BANK_ITEMS);
    CHECK_REFUSED("the scale is another's now", adopt(&d, rival, d.second, &late), &late,
                  CONFLICT, "/calibration");
    CHECK_REFUSED("once", adopt(&d, run, d.second, &twice), &twice, CONFLICT, "/calibration");
    save_item(&d, 1, "改了的问", 1);
    CHECK_OK("history", item_parameter_history(&d.b, d.rows[1].id, &history, &count, &e), &e);
    CHECK_INT("it had some", count, 1);
    CHECK_NEAR("b", history[0].b, 0.5, 1e-9);
    CHECK("guessing has no error", isnan(history[0].se_c));
    CHECK_INT("a changed text has none", calibrated_in_pool(&d), BANK_ITEMS - 1);
    test_store_destroy(d.t);
}

void calibration_faults_test(void)
{
    struct bench d;
    struct id run;
    make(&d);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        struct calibration_row *rows;
        size_t count;
        db_fail_call(d.t->db, nth, false);
        bool ok = keep(&d, 0, "new", &run, &e);
        db_fail_call(d.t->db, 0, false);
        CHECK("nothing left open", db_is_idle(d.t->db));
        CHECK_OK("list", calibration_list(&d.m, "national-2023", &rows, &count, &none), &none);
        CHECK_INT("whole or not", count, ok);
        CHECK_INT("with its items", count ? rows[0].fresh : BANK_ITEMS, BANK_ITEMS);
        if (ok)
            break;
        CHECK("an end", nth < 60);
    }
    test_store_destroy(d.t);
}
