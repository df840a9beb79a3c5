/* web/resit_test.c - somebody who failed a part applies again, and once too often. */
#include "base/calendar.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "entry/entry.h"
#include "store/db.h"
#include "web/hall.h"

struct failing { /* a published result of one application */
    struct hall *h;
    struct entry entry;
    const char *component;
    int64_t millimarks;
};

static bool put_result(struct db *db, void *ctx, struct err *e)
{
    const struct failing *f = ctx;
    unsigned char source[HASH_BYTES] = {0};
    struct query *q = db_query(db, SQL_result_put);
    query_id(q, f->entry.id);
    query_text(q, f->component);
    query_int(q, 1);
    query_id(q, f->entry.body);
    query_id(q, f->entry.batch);
    query_null(q);
    query_id(q, f->entry.person);
    query_text(q, "national-2023");
    query_int(q, f->entry.level);
    query_text(q, f->entry.direction);
    query_text(q, "marked");
    query_int(q, f->millimarks);
    query_int(q, 100000);
    query_int(q, 60000);
    query_int(q, f->millimarks >= 60000);
    query_text(q, "[]");
    query_bytes(q, (struct bytes){source, sizeof source});
    query_null(q);
    query_int(q, clock_now_ms());
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_result_publish);
    query_id(q, f->entry.batch);
    query_id(q, f->entry.body);
    query_int(q, clock_now_ms());
    return query_run(q, e);
}

static void published(struct hall *h, const char *entry, const char *component, int64_t marks)
{
    struct err e = {0};
    struct failing f = {.h = h, .component = component, .millimarks = marks};
    struct entry_scope scope = entry_scope_body(h->site->t->actor.body);
    struct id id;
    CHECK("id", id_read(entry, &id));
    CHECK_OK("entry", entry_get(h->site->t->db, h->site->t->arena, &scope, id, &f.entry, &e),
             &e);
    CHECK_OK("result", db_transact(h->site->t->db, put_result, &f, &e), &e);
}

static json_t *resits(struct asker *a)
{
    return json_object_get(a->json, "resits");
}

static json_t *part(struct asker *a, const char *component)
{
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(resits(a), "parts"), i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "component")), component) == 0)
            return one;
    }
    return NULL;
}

static int64_t number(json_t *part, const char *name)
{
    return json_integer_value(json_object_get(part, name));
}

static long submit(struct hall *h, struct asker *c, const char *entry)
{
    CHECK_INT("look", ask(c, "GET", hall_path(h, entry, ""), NULL), 200);
    return ask(c, "POST", hall_path(h, entry, "/submit"), hall_version(c, ""));
}

static long accept(struct hall *h, const char *entry)
{
    struct asker *r = &h->registrar;
    CHECK_INT("open it", ask(r, "GET", hall_path(h, entry, ""), NULL), 200);
    return ask(r, "POST", hall_path(h, entry, "/accept"),
               hall_version(r, ",\"reason\":\"工作年限已由审核人员核对。\""));
}

static const char *day_of(struct hall *h, int64_t ms)
{
    char *day = arena_alloc(h->site->t->arena, 1, DATE_TEXT_BYTES);
    date_write(date_of_instant(ms, CHINA_OFFSET_MS), day);
    return day;
}

/* Theory passed, practice not: theory is kept, practice may be tried once more within the year. */
void resits_over_http_test(void)
{
    struct hall *h = hall_open();
    struct asker *c = &h->candidate, *r = &h->registrar;
    const char *first = hall_draft(h, c);
    CHECK("nothing to say at the first time", !resits(c));
    CHECK_INT("submit", submit(h, c, first), 200);
    CHECK_INT("accept", accept(h, first), 200);
    published(h, first, "theory", 81000);
    published(h, first, "skills", 59000);

    hall_batch(h, 70);
    const char *second = hall_draft(h, c);
    CHECK_INT("look", ask(c, "GET", hall_path(h, second, ""), NULL), 200);
    CHECK("theory is kept", json_is_true(json_object_get(part(c, "theory"), "kept")));
    CHECK_INT("with its marks", number(part(c, "theory"), "millimarks"), 81000);
    CHECK_INT("practice was tried once", number(part(c, "skills"), "tries"), 1);
    CHECK("which is not too often", json_is_false(json_object_get(resits(c), "refused")));
    CHECK_INT("once more", number(resits(c), "max_resits"), 1);
    CHECK_INT("submit", submit(h, c, second), 200);
    hall_batch(h, 71);
    const char *beside = hall_draft(h, c);
    CHECK_INT("nothing is accepted yet", submit(h, c, beside), 200);

    CHECK_INT("accept", accept(h, second), 200);
    CHECK_TEXT("nobody sits theory again", ask_text(r, "entry/kept/0/component"), "theory");
    CHECK("and practice is sat", !ask_text(r, "entry/kept/1/component"));
    CHECK_INT("two at once are one too many", accept(h, beside), 422);
    CHECK_TEXT("of the application", ask_text(r, "error/field"), "/entry");
    CHECK("why", strstr(ask_text(r, "error/text"), "操作技能考核在 365 天内已报考 2 次"));
    CHECK_INT("nothing happened", ask(r, "GET", hall_path(h, beside, ""), NULL), 200);
    CHECK_TEXT("to it", ask_text(r, "entry/state"), "submitted");
    CHECK("nor was anything noted", !ask_text(r, "entry/kept/0/component"));

    published(h, second, "skills", 40000);
    CHECK_INT("no third time", accept(h, beside), 422);
    const char *why = ask_text(r, "error/text");
    CHECK("the count", strstr(why, "操作技能考核在 365 天内已报考 2 次"));
    CHECK("the rule", strstr(why, "其间可补考一次"));
    CHECK("its document", strstr(why, "《全媒体运营师国家职业标准（2023年版）》"));
    const char *again = day_of(h, clock_now_ms() + 366 * (int64_t)DAY_MS - 1);
    CHECK("from when on", strstr(why, again));
    CHECK_INT("the page says it", ask(c, "GET", hall_path(h, beside, ""), NULL), 200);
    CHECK("refused", json_is_true(json_object_get(resits(c), "refused")));
    CHECK_TEXT("from when on", ask_text(c, "resits/again"), again);

    hall_batch(h, 72);
    const char *late = hall_draft(h, c);
    CHECK_INT("not even submitted", submit(h, c, late), 422);
    CHECK("says from when on", strstr(ask_text(c, "error/text"), again));
    hall_batch(h, 370);
    const char *anew = hall_draft(h, c);
    CHECK_INT("after the year", submit(h, c, anew), 200);
    CHECK_INT("from the beginning", accept(h, anew), 200);
    CHECK("nothing is kept any more", !ask_text(r, "entry/kept/0/component"));
    hall_close(h);
}
