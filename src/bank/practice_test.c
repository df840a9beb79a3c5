/* bank/practice_test.c - every way by which a practice item could come into an exam, or an exam item
 * before a candidate, is tried: none is open. */
#include "bank/practice.h"

#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

struct two_banks {
    struct test_store *t;
    struct bank b;
    struct item_row exam, retired;
};

static const char *text_of(struct two_banks *d, const char *code, const char *stem)
{
    return arena_printf(
        d->t->arena,
        "{\"id\":\"%s\",\"kind\":\"single\",\"levels\":[4],\"points\":"
        "[\"B2.1.1\"],\"stem\":\"%s\",\"options\":[\"甲\",\"乙\",\"丙\",\"丁\"],"
        "\"key\":\"B\",\"explanation\":\"因为乙\",\"difficulty\":2,"
        "\"cognitive\":\"apply\",\"importance\":\"X\"}",
        code, stem);
}

static bool save(struct two_banks *d, const char *code, const char *stem, struct id item,
                 int64_t version, struct err *e)
{
    const char *text = text_of(d, code, stem);
    struct save_order order = {.item = item,
                               .version = version,
                               .programme = "national-2023",
                               .object = json_read(d->t->arena, text, strlen(text), e)};
    struct id made;
    int64_t made_version;
    return bank_save(&d->b, &order, &made, &made_version, e);
}

struct state_change {
    struct two_banks *d;
    const struct item_row *row;
    const char *from, *to;
};

static bool change_state(struct db *db, void *ctx, struct err *e)
{
    const struct state_change *c = ctx;
    struct query *q = db_query(db, SQL_item_set_state);
    query_id(q, c->row->id);
    query_id(q, c->d->t->actor.body);
    query_int(q, c->row->version);
    query_text(q, c->to);
    query_int(q, c->d->t->actor.now_ms);
    query_text(q, c->from);
    return query_change_one(q, "/state", "", e);
}

static bool state(struct two_banks *d, const struct item_row *row, const char *from,
                  const char *to, struct err *e)
{
    struct state_change c = {d, row, from, to};
    return db_transact(d->t->db, change_state, &c, e);
}

static void make(struct two_banks *d)
{
    static const struct id none;
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    struct bank_filter all = {.limit = 10};
    *d = (struct two_banks){.t = test_store_create()};
    struct programme_set *set = arena_new(d->t->arena, struct programme_set);
    CHECK_OK("programmes", programmes_load_embedded(d->t->arena, set, &e), &e);
    d->b = (struct bank){d->t->db, d->t->arena, d->t->master, set, &d->t->actor};
    CHECK_OK("one", save(d, "p-1", "考", none, 0, &e), &e);
    CHECK_OK("two", save(d, "p-2", "练", none, 0, &e), &e);
    CHECK_OK("list", bank_list(&d->b, &all, &rows, &count, &total, &e), &e);
    d->exam = rows[0];
    d->retired = rows[1];
    CHECK_OK("live", state(d, &d->exam, "draft", "live", &e), &e);
    CHECK_OK("used", state(d, &d->retired, "draft", "live", &e), &e);
    CHECK_OK("retired", state(d, &d->retired, "live", "retired", &e), &e);
}

struct making {
    struct two_banks *d;
    struct id item;
};

static bool make_in(struct db *db, void *ctx, struct err *e)
{
    const struct making *m = ctx;
    struct bank b = m->d->b;
    b.db = db;
    return bank_make_practice(&b, m->item, "已公开", e);
}

static bool to_practice(struct two_banks *d, struct id item, bool by_two, struct err *e)
{
    static const struct id none;
    struct making m = {d, item};
    d->t->actor.second = by_two ? id_random() : none;
    return db_transact(d->t->db, make_in, &m, e);
}

static size_t shown(struct two_banks *d)
{
    struct err e = {0};
    struct practice_item *items;
    size_t count;
    int64_t total;
    CHECK_OK("list",
             practice_items(&d->b, "national-2023", "", 50, 0, &items, &count, &total, &e), &e);
    CHECK_INT("total", total, count);
    for (size_t i = 0; i < count; i++)
        CHECK_TEXT("the practice item", items[i].item.meta.id, "p-2");
    return count;
}

static bool freeze_in(struct db *db, void *ctx, struct err *e)
{
    const struct two_banks *d = ctx;
    return bank_freeze(db, d->b.actor, &d->retired.id, &d->retired.version_id, 1, e);
}

/* No exam item comes before a candidate. */
static void exam_is_sealed(struct two_banks *d)
{
    struct practice_item p;
    struct err live = {0}, alone = {0}, open = {0}, still = {0};
    CHECK_REFUSED("a live one", to_practice(d, d->exam.id, true, &live), &live, CONFLICT,
                  "/state");
    CHECK_REFUSED("one person", to_practice(d, d->retired.id, false, &alone), &alone, FORBIDDEN,
                  "/second");
    CHECK_REFUSED("live is not opened", practice_item(&d->b, d->exam.id, &p, &open), &open,
                  NOT_FOUND, "item");
    CHECK_REFUSED("retired is not enough", practice_item(&d->b, d->retired.id, &p, &still),
                  &still, NOT_FOUND, "item");
    CHECK_INT("nothing is shown", shown(d), 0);
    struct err past = {0};
    CHECK("nor past the program",
          !test_store_script(d->t, "UPDATE item SET practice = 1 WHERE state = 'live'", &past));
}

/* No practice item comes into an exam. */
static void practice_stays(struct two_banks *d)
{
    static const char *const states[] = {"draft", "review", "proof", "live", "frozen"};
    struct err edit = {0}, frozen = {0}, twice = {0}, gone = {0}, back = {0}, e = {0};
    struct item_row *pool;
    size_t count;
    CHECK_REFUSED("no new text", save(d, "p-2", "改", d->retired.id, 1, &edit), &edit, CONFLICT,
                  "/version");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct err why = {0};
        CHECK_REFUSED(states[i], state(d, &d->retired, "retired", states[i], &why), &why,
                      CONFLICT, "/state");
    }
    CHECK_REFUSED("in no paper", db_transact(d->t->db, freeze_in, d, &frozen), &frozen,
                  CONFLICT, "/items");
    CHECK_REFUSED("once", to_practice(d, d->retired.id, true, &twice), &twice, CONFLICT,
                  "/state");
    CHECK("not past the program",
          !test_store_script(d->t, "UPDATE item SET practice = 0 WHERE practice = 1", &back));
    CHECK("nor its state",
          !test_store_script(d->t, "UPDATE item SET state = 'live' WHERE practice = 1", &gone));
    CHECK_OK("pool", bank_pool(&d->b, "national-2023", &pool, &count, &e), &e);
    CHECK_INT("the exam item only", count, 1);
    CHECK_TEXT("that one", pool[0].code, "p-1");
}

void practice_is_apart_test(void)
{
    struct two_banks d;
    struct err e = {0}, foreign = {0};
    struct practice_item p;
    struct practice_area *areas;
    size_t count;
    make(&d);
    exam_is_sealed(&d);
    CHECK_OK("by two", to_practice(&d, d.retired.id, true, &e), &e);
    CHECK_INT("it is shown", shown(&d), 1);
    CHECK_OK("areas", practice_areas(&d.b, &areas, &count, &e), &e);
    CHECK_INT("one area", count, 1);
    practice_stays(&d);
    struct actor other = d.t->actor;
    other.body = id_random();
    d.b.actor = &other;
    CHECK_REFUSED("another body's", practice_item(&d.b, d.retired.id, &p, &foreign), &foreign,
                  NOT_FOUND, "item");
    test_store_destroy(d.t);
}
