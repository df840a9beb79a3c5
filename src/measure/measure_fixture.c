/* measure/measure_fixture.c - what tests of reports and panels begin with. */
#include "measure/measure_fixture.h"

#include "base/arena.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

enum { FIXTURE_ITEMS = 50 };

void fixture_desk(struct test_store *t, struct marking *m, struct bank *b)
{
    struct err e = {0};
    struct programme_set *set = arena_new(t->arena, struct programme_set);
    CHECK_OK("programmes", programmes_load_embedded(t->arena, set, &e), &e);
    *m = (struct marking){t->db, t->arena, t->master, set, &t->actor, NULL};
    *b = (struct bank){t->db, t->arena, t->master, set, &t->actor};
}

struct id fixture_account(const struct marking *m, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct people p = {m->db, m->arena, m->master, m->actor};
    struct account made;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {
        .login = login, .display_name = login, .roles = roles, .password = "vkqz-pmwt-xrbnd-2"};
    CHECK_OK("account", account_create(&p, &n, &made, first, &e), &e);
    return made.id;
}

void fixture_item(const struct bank *b, const char *code, const char *stem, struct id item,
                  int64_t version)
{
    struct err e = {0};
    const char *text = arena_printf(
        b->arena,
        "{\"id\":\"%s\",\"kind\":\"single\",\"levels\":[4],\"points\":[\"B2.1.1\"],"
        "\"stem\":\"%s\",\"options\":[\"甲\",\"乙\",\"丙\",\"丁\"],\"key\":\"B\","
        "\"explanation\":\"因为乙\",\"difficulty\":2,\"cognitive\":\"apply\","
        "\"importance\":\"X\"}",
        code, stem);
    struct save_order order = {.item = item,
                               .version = version,
                               .programme = "national-2023",
                               .object = json_read(b->arena, text, strlen(text), &e)};
    struct id made;
    int64_t made_version;
    CHECK_OK("item", bank_save(b, &order, &made, &made_version, &e), &e);
}

struct making_live {
    const struct bank *bank;
    struct item_row *rows;
    size_t count;
};

static bool set_live(struct db *db, void *ctx, struct err *e)
{
    const struct making_live *l = ctx;
    for (size_t i = 0; i < l->count; i++) {
        struct query *q = db_query(db, SQL_item_set_state);
        query_id(q, l->rows[i].id);
        query_id(q, l->bank->actor->body);
        query_int(q, 1);
        query_text(q, "live");
        query_int(q, l->bank->actor->now_ms);
        query_text(q, "draft");
        if (!query_change_one(q, "item", "", e))
            return false;
    }
    return true;
}

struct item_row *fixture_live(const struct bank *b, size_t *count)
{
    struct err e = {0};
    struct making_live l = {.bank = b};
    int64_t total;
    struct bank_filter all = {.limit = FIXTURE_ITEMS};
    CHECK_OK("list", bank_list(b, &all, &l.rows, &l.count, &total, &e), &e);
    CHECK_OK("live", db_transact(b->db, set_live, &l, &e), &e);
    *count = l.count;
    return l.rows;
}
