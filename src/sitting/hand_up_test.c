/* sitting/hand_up_test.c - a chain that came damaged, short, out of order or twice (S15): the centre
 * refuses to close, says what is missing, and goes on where the rest comes. */
#include <jansson.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "sitting/hand_up_fixture.h"
#include "test/whole.h"

/* --- what can be wrong with a chain ------------------------------------------------------------------ */
enum { AT = 3 }; /* an inner row and an inner batch */

static void lose(json_t *rows, size_t at)
{
    json_array_remove(rows, at);
}

static void lose_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    lose(journal, AT);
}
static void lose_last_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    lose(journal, json_array_size(journal) - 1);
}
static void lose_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)journal;
    lose(batch, AT);
}
static void lose_last_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)journal;
    lose(batch, json_array_size(batch) - 1);
}

/* Another answer in place of the one that was given. */
static void damage_at(struct handing *h, json_t *rows, size_t at, size_t column)
{
    struct arena *a = h->centre->t->arena;
    json_t *row = json_deep_copy(json_array_get(rows, at));
    const json_t *text = json_array_get(row, column);
    struct bytes b;
    CHECK("reads", base64url_read(a, json_string_value(text), json_string_length(text), &b) &&
                       b.len > 0);
    unsigned char *bytes = (unsigned char *)(uintptr_t)b.at;
    bytes[b.len - 3] = (unsigned char)(bytes[b.len - 3] == 'A' ? 'B' : 'A');
    json_array_set_new(row, column, json_string(base64url_write(a, b.at, b.len)));
    json_array_set_new(rows, at, row);
}
static void damage_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)batch;
    damage_at(h, journal, AT, 7);
}
static void damage_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)journal;
    damage_at(h, batch, AT, 1);
}

/* Two answers change places: each is true, their order is not. */
static void swap_at(json_t *journal, size_t at)
{
    json_t *x = json_deep_copy(json_array_get(journal, at)),
           *y = json_deep_copy(json_array_get(journal, at + 1));
    json_t *bytes = json_incref(json_array_get(x, 7));
    json_array_set(x, 7, json_array_get(y, 7));
    json_array_set_new(y, 7, bytes);
    json_array_set_new(journal, at, x);
    json_array_set_new(journal, at + 1, y);
}
static void swap_rows(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    swap_at(journal, AT);
}
/* Of one save, and so of one batch: only their order tells. */
static void swap_in_a_batch(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)batch;
    swap_at(journal, SAVED_TOGETHER - 1);
}

/* The same answer once more, under the next number. */
static void double_row(struct handing *h, json_t *journal, json_t *batch)
{
    (void)batch;
    json_t *row = json_deep_copy(json_array_get(journal, AT));
    json_array_set_new(row, 0, json_integer(h->totals.last_row + 1));
    json_array_append_new(journal, row);
}

static void whole(struct handing *h, json_t *journal, json_t *batch)
{
    (void)h, (void)journal, (void)batch;
}

static const struct {
    const char *what;
    void (*damage)(struct handing *h, json_t *journal, json_t *batch);
    const char *says; /* of what is missing or wrong; NULL: closes */
    bool mends;       /* with the true rows sent again */
} cases[] = {
    {"whole", whole, NULL, true},
    {"an inner row is missing", lose_row, "日志 6 行，应有 7 行", true},
    {"the last row is missing", lose_last_row, "日志 6 行，应有 7 行", true},
    {"an inner batch is missing", lose_batch, "批次缺失", true},
    {"the last batch is missing", lose_last_batch, "批次记录", true},
    {"a row is changed", damage_row, "条目", false},
    {"a batch is changed", damage_batch, "批次", false},
    {"two rows change places", swap_rows, "条目", false},
    {"two rows of a batch change places", swap_in_a_batch, "条目次序", false},
    {"a row stands there twice", double_row, "日志 8 行，应有 7 行", false},
};

void hand_up_damage_test(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct handing *h = handing_create(NULL);
        struct err e = {0}, again = {0};
        json_t *journal = json_keep(h->centre->t->arena, json_copy(h->journal)),
               *batch = json_keep(h->centre->t->arena, json_copy(h->batch));
        const char *what = cases[i].what;
        cases[i].damage(h, journal, batch);
        bool taken = handing_send(h, "journal", journal, &e) &&
                     handing_send(h, "batch", batch, &e) &&
                     handing_send(h, "ledger", h->ledger, &e);
        if (!taken && cases[i].damage != damage_batch)
            CHECK_OK(what, taken, &e);
        e = (struct err){0};
        bool closed = handing_close(h, &e);
        if (!cases[i].says) {
            CHECK_OK(what, closed, &e);
            CHECK("nothing is missing", !handing_missing(h));
        } else {
            CHECK_REFUSED(what, closed, &e, CONFLICT, "/missing");
            CHECK(e.text, strstr(e.text, cases[i].says));
            CHECK_TEXT("the desk shows it", handing_missing(h), e.text);
            bool sent = handing_send(h, "journal", h->journal, &again) &&
                        handing_send(h, "batch", h->batch, &again);
            CHECK_INT("the true rows", sent, cases[i].mends || cases[i].damage == double_row);
            again = (struct err){0};
            CHECK_INT("resumed", handing_close(h, &again), cases[i].mends);
        }
        handing_destroy(h);
    }
}

/* Parts out of order, twice, one row at a time, and after a receipt: harmless. */
void hand_up_resume_test(void)
{
    struct handing *h = handing_create(NULL);
    struct err e = {0};
    struct node_desk desk = handing_desk(h);
    struct hand_up_there there = {h->totals.rows, h->totals.batches};
    json_t *state;
    CHECK_OK("batches first", handing_send(h, "batch", h->batch, &e), &e);
    for (size_t i = json_array_size(h->journal); i-- > 0;) {
        json_t *one = json_keep(h->centre->t->arena,
                                json_pack("[O]", json_array_get(h->journal, i)));
        CHECK_OK("from behind", handing_send(h, "journal", one, &e), &e);
        CHECK_OK("twice", handing_send(h, "journal", one, &e), &e);
    }
    CHECK_OK("how far",
             hand_up_begin(&desk, &h->at_centre, h->centre->session, &there, &state, &e), &e);
    CHECK_INT("all rows", json_member_int(state, "rows", 0), h->totals.rows);
    CHECK_INT("to the last", json_member_int(state, "last_row", 0), h->totals.last_row);
    CHECK_REFUSED("the ledger is missing", handing_close(h, &e), &e, CONFLICT, "/missing");
    e = (struct err){0};
    CHECK_OK("comes", handing_send(h, "ledger", h->ledger, &e), &e);
    CHECK_WHOLE("closes", h->centre->t, journal_db(h->centre->writer), handing_close(h, &e),
                &e);
    CHECK_OK("again: the same receipt", handing_close(h, &e), &e);
    CHECK_OK("late and harmless", handing_send(h, "journal", h->journal, &e), &e);
    handing_destroy(h);
}

/* What another node or nobody wrote. */
void hand_up_foreign_test(void)
{
    struct handing *h = handing_create(NULL);
    struct err e = {0};
    struct node other = h->at_centre;
    struct node_desk desk = handing_desk(h);
    json_t *part = json_keep(h->centre->t->arena,
                             json_pack("{s:s, s:O}", "kind", "journal", "rows", h->journal));
    other.chain = NODE_CHAIN + 1;
    CHECK_REFUSED("another chain", hand_up_take(&desk, &other, h->centre->session, part, &e),
                  &e, INVALID, "/rows/0");
    e = (struct err){0};
    other.id = id_random();
    CHECK_REFUSED("another room's node",
                  hand_up_take(&desk, &other, h->centre->session, part, &e), &e, NOT_FOUND,
                  "session");
    e = (struct err){0};
    json_array_remove(h->attempts, 0);
    CHECK_OK("rows",
             handing_send(h, "journal", h->journal, &e) &&
                 handing_send(h, "batch", h->batch, &e) &&
                 handing_send(h, "ledger", h->ledger, &e),
             &e);
    CHECK_REFUSED("an attempt is missing", handing_close(h, &e), &e, CONFLICT, "/missing");
    CHECK(e.text, strstr(e.text, "作答 2 份，应有 3 份"));
    handing_destroy(h);
}
