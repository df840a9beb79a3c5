/* bank/seen_test.c - a look is noted once a day, a purpose and a person, and never unnoted. */
#include "bank/seen.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

struct looks {
    struct test_store *t;
    struct bank b;
    struct item_row row;
};

static void make(struct looks *d)
{
    static const char text[] =
        "{\"id\":\"s-1\",\"kind\":\"single\",\"levels\":[4],\"points\":[\"B2.1.1\"],"
        "\"stem\":\"问\",\"options\":[\"甲\",\"乙\",\"丙\",\"丁\"],\"key\":\"B\","
        "\"explanation\":\"因为乙\",\"difficulty\":2,\"cognitive\":\"apply\","
        "\"importance\":\"X\"}";
    struct err e = {0};
    struct id item;
    int64_t version;
    char first[FIRST_PASSWORD_BYTES];
    struct account out;
    struct account_new n = {.login = "looker",
                            .display_name = "看题人",
                            .roles = R(item_reviewer),
                            .password = "vkqz-pmwt-xrbnd-2"};
    *d = (struct looks){.t = test_store_create()};
    struct test_store *t = d->t;
    struct programme_set *set = arena_new(t->arena, struct programme_set);
    struct people p = {t->db, t->arena, t->master, &t->actor};
    CHECK_OK("programmes", programmes_load_embedded(t->arena, set, &e), &e);
    CHECK_OK("account", account_create(&p, &n, &out, first, &e), &e);
    t->actor.account = out.id;
    t->actor.role = ROLE_item_reviewer;
    d->b = (struct bank){t->db, t->arena, t->master, set, &t->actor};
    struct save_order order = {.programme = "national-2023",
                               .object = json_read(t->arena, text, strlen(text), &e)};
    CHECK_OK("item", bank_save(&d->b, &order, &item, &version, &e), &e);
    CHECK_OK("row", bank_row(&d->b, item, &d->row, &e), &e);
}

static size_t rows_of(struct looks *d, struct seen_row **rows)
{
    struct err e = {0};
    size_t count;
    CHECK_OK("seen", bank_seen(&d->b, d->row.id, rows, &count, &e), &e);
    return count;
}

static void look(struct looks *d, enum seen_purpose what)
{
    struct err e = {0};
    const struct id twice[] = {d->row.version_id, d->row.version_id};
    CHECK_OK("noted", bank_note_seen(&d->b, what, twice, 2, &e), &e);
}

void seen_once_a_day_test(void)
{
    struct looks d;
    struct seen_row *rows;
    struct err e = {0};
    make(&d);
    CHECK_INT("nobody yet", rows_of(&d, &rows), 0);
    look(&d, SEEN_open);
    look(&d, SEEN_open);
    CHECK_INT("once", rows_of(&d, &rows), 1);
    CHECK_INT("one day", rows[0].days, 1);
    CHECK_TEXT("who", rows[0].name, "看题人");
    CHECK_INT("in which role", rows[0].role, ROLE_item_reviewer);
    d.t->actor.now_ms += DAY_MS;
    look(&d, SEEN_open);
    CHECK_INT("the same person and purpose", rows_of(&d, &rows), 1);
    CHECK_INT("two days", rows[0].days, 2);
    CHECK("from when to when", rows[0].last_ms - rows[0].first_ms == DAY_MS);
    look(&d, SEEN_print_key);
    CHECK_INT("another purpose", rows_of(&d, &rows), 2);
    CHECK("nobody can take it back",
          !test_store_script(d.t, "DELETE FROM item_seen", &e) ||
              !test_store_script(d.t, "UPDATE item_seen SET day = 0", &e));
    CHECK_INT("it stays", rows_of(&d, &rows), 2);
    struct actor other = d.t->actor;
    other.body = id_random();
    d.b.actor = &other;
    CHECK_INT("another body learns nothing", rows_of(&d, &rows), 0);
    test_store_destroy(d.t);
}

/* Where it cannot be noted it is refused, so nothing is shown. */
void seen_faults_test(void)
{
    struct looks d;
    struct seen_row *rows;
    make(&d);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        db_fail_call(d.t->db, nth, false);
        bool ok = bank_note_seen(&d.b, SEEN_open, &d.row.version_id, 1, &e);
        db_fail_call(d.t->db, 0, false);
        CHECK("nothing left open", db_is_idle(d.t->db));
        CHECK_INT("noted or refused", rows_of(&d, &rows), ok);
        if (ok)
            break;
        CHECK("an end", nth < 20);
    }
    test_store_destroy(d.t);
}
