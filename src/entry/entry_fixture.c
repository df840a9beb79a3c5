/* entry/entry_fixture.c - what the tests of this folder start from. */
#include "entry/entry_fixture.h"

#include <stdio.h>

#include "base/json.h"
#include "entry/entry_store.h"
#include "people/consent.h"
#include "people/person.h"
#include "test/check.h"

const char entry_fixture_facts[] =
    "{\"work\":[{\"occupation\":\"全媒体运营师\",\"from\":\"2012-03-01\"}]}";

enum { FIRST_OF_EXAM = 100 }; /* days from now */

static struct entry_desk desk(struct entry_fixture *f, const struct actor *who,
                              struct entry_scope scope)
{
    return (struct entry_desk){
        .people = {f->t->db, f->t->arena, f->t->master, who},
        .programmes = &f->set,
        .scope = scope,
        .blobs = &f->t->blobs,
    };
}

/* 18 digits of somebody who does not exist: sequence NUMBER, with the check digit of GB 11643. */
static const char *document_number(struct arena *a, int number)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    const char *digits = arena_printf(a, "1101011990%02d%02d%03d", number / 28 % 12 + 1,
                                      number % 28 + 1, number % 999);
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return arena_printf(a, "%s%c", digits, "10X98765432"[sum % 11]);
}

struct entry_desk entry_fixture_person(struct entry_fixture *f, int number)
{
    struct err e = {0};
    struct arena *a = f->t->arena;
    struct actor *who = arena_new(a, struct actor);
    *who = f->t->actor;
    who->account = id_random();
    struct entry_desk d = desk(f, who, (struct entry_scope){.body = who->body});
    struct person_input in = {.name = arena_printf(a, "考生%d号", number),
                              .document_kind = "resident_id",
                              .document_number = document_number(a, number),
                              .phone = arena_printf(a, "138%08d", number)};
    CHECK_OK("person", person_save(&d.people, &in, &d.scope.person, &e), &e);
    for (enum consent_kind k = 0; k < CONSENT_KINDS; k++)
        if (consent_needed(k))
            CHECK_OK("consent",
                     consent_give(&d.people, d.scope.person, k, consent_version(k), &e), &e);
    return d;
}

static void open_batch(struct entry_fixture *f, int64_t quota)
{
    struct err e = {0};
    struct batch_level *levels = arena_array(f->t->arena, struct batch_level, 3);
    levels[0].level = 4;
    levels[1].level = 3;
    levels[2].level = 2;
    int64_t now = f->t->actor.now_ms;
    struct batch_input in = {.title = "2027 年第一批",
                             .programme = "national-2023",
                             .apply_from_ms = now - DAY_MS,
                             .apply_until_ms = now + 30 * (int64_t)DAY_MS,
                             .exam_from = date_of_instant(now, CHINA_OFFSET_MS) + FIRST_OF_EXAM,
                             .exam_until = date_of_instant(now, CHINA_OFFSET_MS) +
                                           FIRST_OF_EXAM + 1,
                             .quota = quota,
                             .levels = levels,
                             .level_count = 3};
    f->batch = id_random();
    CHECK_OK("batch", batch_create(&f->registrar, &in, f->batch, &e), &e);
}

struct entry_fixture *entry_fixture_create(int64_t quota)
{
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct entry_fixture *f = arena_new(t->arena, struct entry_fixture);
    f->t = t;
    f->level = 4;
    f->facts = entry_fixture_facts;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &f->set, &e), &e);
    f->registrar_is = t->actor;
    f->registrar = desk(f, &f->registrar_is, entry_scope_body(t->actor.body));
    f->stranger_is = t->actor;
    f->stranger_is.body = id_random();
    f->stranger = desk(f, &f->stranger_is, entry_scope_body(f->stranger_is.body));
    open_batch(f, quota);
    f->candidate = entry_fixture_person(f, 1);
    f->person = f->candidate.scope.person;
    return f;
}

void entry_fixture_destroy(struct entry_fixture *f)
{
    test_store_destroy(f->t);
}

struct entry entry_fixture_get(struct entry_fixture *f, struct id entry)
{
    struct err e = {0};
    struct entry n;
    CHECK_OK("entry", entry_get(f->t->db, f->t->arena, &f->registrar.scope, entry, &n, &e), &e);
    return n;
}

struct photo_row {
    struct entry entry;
    int64_t now_ms;
};

static bool give_photo(struct db *db, void *ctx, struct err *e)
{
    const struct photo_row *c = ctx;
    return entry_save_photo(db, &c->entry, c->now_ms, e);
}

struct id entry_fixture_draft(struct entry_fixture *f, const struct entry_desk *d)
{
    struct err e = {0};
    struct entry_start s = {id_random(), f->batch, f->level, "A"};
    CHECK_OK("start", entry_start(d, &s, &e), &e);
    struct photo_row photo = {entry_fixture_get(f, s.id), f->t->actor.now_ms};
    photo.entry.photo = id_random();
    CHECK_OK("photo", db_transact(f->t->db, give_photo, &photo, &e), &e);
    struct entry_save save = {.id = s.id, .version = entry_fixture_get(f, s.id).version};
    save.facts = json_read(f->t->arena, f->facts, strlen(f->facts), &e);
    CHECK_OK("save", entry_save(d, &save, &e), &e);
    return s.id;
}

struct id entry_fixture_submitted(struct entry_fixture *f, const struct entry_desk *d)
{
    struct err e = {0};
    struct id id = entry_fixture_draft(f, d);
    CHECK_OK("submit", entry_submit(d, id, entry_fixture_get(f, id).version, &e), &e);
    return id;
}
