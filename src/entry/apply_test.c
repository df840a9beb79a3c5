/* entry/apply_test.c - the states, an application's road, and what must not be possible on it. */
#include <pthread.h>

#include "base/json.h"
#include "entry/draft_facts.h"
#include "entry/entry_fixture.h"
#include "entry/entry_store.h"
#include "people/account.h"
#include "people/consent.h"
#include "people/person.h"
#include "people/viewer.h"
#include "test/check.h"

/* The whole table, written out once more: 36 pairs. */
void entry_states_test(void)
{
    static const char allowed[][2][12] = {
        {"draft", "submitted"},    {"draft", "withdrawn"},    {"submitted", "returned"},
        {"submitted", "accepted"}, {"submitted", "refused"},  {"submitted", "withdrawn"},
        {"returned", "submitted"}, {"returned", "withdrawn"}, {"accepted", "returned"},
        {"accepted", "withdrawn"},
    };
    int moves = 0;
    for (int from = ENTRY_DRAFT; from <= ENTRY_WITHDRAWN; from++)
        for (int to = ENTRY_DRAFT; to <= ENTRY_WITHDRAWN; to++) {
            const char *a = entry_state_name((enum entry_state)from);
            const char *b = entry_state_name((enum entry_state)to);
            bool want = false;
            for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
                want |= strcmp(allowed[i][0], a) == 0 && strcmp(allowed[i][1], b) == 0;
            CHECK_INT(a, entry_may_become((enum entry_state)from, (enum entry_state)to), want);
            moves += want;
        }
    CHECK_INT("moves", moves, 10);
}

void batch_states_test(void)
{
    int moves = 0;
    for (int from = BATCH_OPEN; from <= BATCH_CANCELLED; from++)
        for (int to = BATCH_OPEN; to <= BATCH_CANCELLED; to++)
            moves += batch_may_become((enum batch_state)from, (enum batch_state)to);
    CHECK_INT("moves", moves, 5);
    CHECK("closed can open again", batch_may_become(BATCH_CLOSED, BATCH_OPEN));
    CHECK("archived is the end", !batch_may_become(BATCH_ARCHIVED, BATCH_OPEN));
}

void entry_scope_test(void)
{
    struct viewer v = {.body = id_random(), .person = id_random(), .roles = R(candidate)};
    CHECK("a candidate sees the own", id_equal(entry_scope_of(&v).person, v.person));
    v.person = (struct id){0};
    CHECK("without a person nobody's", !id_is_zero(entry_scope_of(&v).person));
    v.roles = R(registrar);
    CHECK("a registrar sees the body", id_is_zero(entry_scope_of(&v).person));
    CHECK("own stays own", !id_is_zero(entry_scope_own(&v).person));
    v.roles = R(partner);
    CHECK("a partner without id nobody's", !id_is_zero(entry_scope_of(&v).partner));
    v.roles = 0;
    CHECK("nobody sees nothing", !id_is_zero(entry_scope_of(&v).person));
}

void entry_road_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct err e = {0};
    struct id id = entry_fixture_submitted(f, &f->candidate);
    struct entry n = entry_fixture_get(f, id);
    CHECK_INT("submitted", n.state, ENTRY_SUBMITTED);
    CHECK("a verdict is kept", n.verdict && strstr(n.verdict, "\"unknown\""));
    CHECK("facts are claimed", strstr(n.facts, "\"claimed\""));

    struct entry_review accept = {.id = id, .version = n.version, .to = ENTRY_ACCEPTED};
    struct err no = {0};
    CHECK_REFUSED("unknown needs a reason", entry_review(&f->registrar, &accept, &no), &no,
                  INVALID, "/reason");
    struct fact_ruling proved = {.fact = "/work/0", .evidence = "proved"};
    struct entry_ruling ruling = {
        .id = id, .version = n.version, .rulings = &proved, .count = 1};
    CHECK_OK("confirms", entry_confirm_facts(&f->registrar, &ruling, &e), &e);
    struct err stale = {0};
    CHECK_REFUSED("an old version", entry_review(&f->registrar, &accept, &stale), &stale,
                  CONFLICT, "/version");
    accept.version = entry_fixture_get(f, id).version;
    CHECK_OK("accepts", entry_review(&f->registrar, &accept, &e), &e);
    n = entry_fixture_get(f, id);
    CHECK_INT("accepted", n.state, ENTRY_ACCEPTED);
    CHECK("met", strstr(n.verdict, "\"verdict\":\"met\""));

    struct entry_list list;
    CHECK_OK("list", entry_list_accepted(f->t->db, f->t->arena, n.body, n.batch, &list, &e),
             &e);
    CHECK_INT("one", list.count, 1);
    struct person person;
    CHECK_OK("person", person_get(&f->registrar.people, n.person, &person, &e), &e);
    CHECK("identity checked", person.identity_checked);
    struct entry_event *events;
    size_t count;
    CHECK_OK("history", entry_events(f->t->db, f->t->arena, id, &events, &count, &e), &e);
    CHECK_INT("start, submit, confirm, accept", count, 4);
    struct audit_report report;
    CHECK_OK("audit", audit_verify(f->t->db, f->t->arena, &report, &e), &e);
    CHECK_INT("chain holds", report.break_count, 0);
    entry_fixture_destroy(f);
}

void entry_returned_and_refused_test(void)
{
    struct entry_fixture *f = entry_fixture_create(1);
    struct err e = {0}, no = {0};
    struct id id = entry_fixture_submitted(f, &f->candidate);
    struct entry_review back = {
        .id = id, .version = entry_fixture_get(f, id).version, .to = ENTRY_RETURNED};
    CHECK_REFUSED("no reason", entry_review(&f->registrar, &back, &no), &no, INVALID,
                  "/reason");
    back.reason = "工作证明不清楚，请重新上传。";
    CHECK_OK("returns", entry_review(&f->registrar, &back, &e), &e);
    CHECK_TEXT("with it", entry_fixture_get(f, id).reason, back.reason);
    CHECK("keeps its place", entry_fixture_get(f, id).holds_place);

    struct entry_desk other = entry_fixture_person(f, 2);
    struct id second = entry_fixture_draft(f, &other);
    struct err full = {0};
    CHECK_REFUSED("the place is taken",
                  entry_submit(&other, second, entry_fixture_get(f, second).version, &full),
                  &full, CONFLICT, "/batch");
    CHECK_OK("handed in again",
             entry_submit(&f->candidate, id, entry_fixture_get(f, id).version, &e), &e);
    struct entry_review refuse = {.id = id,
                                  .version = entry_fixture_get(f, id).version,
                                  .to = ENTRY_REFUSED,
                                  .reason = "材料与事实不符。"};
    CHECK_OK("refuses", entry_review(&f->registrar, &refuse, &e), &e);
    CHECK_OK("the place is free",
             entry_submit(&other, second, entry_fixture_get(f, second).version, &e), &e);
    struct entry_start again = {id_random(), f->batch, 4, "A"};
    CHECK_OK("a refused one may apply anew", entry_start(&f->candidate, &again, &e), &e);
    entry_fixture_destroy(f);
}

/* What a submission needs, one thing taken away at a time. */
void entry_submit_needs_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct id id = entry_fixture_draft(f, &f->candidate);
    int64_t version = entry_fixture_get(f, id).version;

    struct err consent = {0};
    CHECK_OK("withdraws",
             consent_withdraw(&f->candidate.people, f->person, CONSENT_SENSITIVE, &e), &e);
    CHECK_REFUSED("consent", entry_submit(&f->candidate, id, version, &consent), &consent, RULE,
                  "/consent");
    CHECK_OK("gives",
             consent_give(&f->candidate.people, f->person, CONSENT_SENSITIVE,
                          consent_version(CONSENT_SENSITIVE), &e),
             &e);

    static const struct {
        const char *what, *facts, *field;
        enum err_code code;
    } cases[] = {
        {"nothing on file", "{}", "/facts", ERR_RULE},
        {"half a year",
         "{\"work\":[{\"occupation\":\"全媒体运营师\",\"from\":\"2026-06-01\"}]}", "/facts",
         ERR_RULE},
        {"no date", "{\"work\":[{\"occupation\":\"全媒体运营师\"}]}", "/facts/work/0/from",
         ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err no = {0};
        struct entry_save save = {.id = id, .version = entry_fixture_get(f, id).version};
        save.facts = json_read(a, cases[i].facts, strlen(cases[i].facts), &e);
        CHECK_OK(cases[i].what, entry_save(&f->candidate, &save, &e), &e);
        CHECK("refused",
              !entry_submit(&f->candidate, id, entry_fixture_get(f, id).version, &no));
        CHECK_TEXT(cases[i].what, no.field, cases[i].field);
        CHECK_INT(cases[i].what, no.code, cases[i].code);
    }
    struct actor late = *f->candidate.people.who;
    struct entry_desk late_desk = f->candidate;
    late.now_ms += 31 * (int64_t)DAY_MS;
    late_desk.people.who = &late;
    struct err over = {0};
    CHECK_REFUSED("too late",
                  entry_submit(&late_desk, id, entry_fixture_get(f, id).version, &over), &over,
                  RULE, "/batch");
    entry_fixture_destroy(f);
}

void entry_optimistic_locking_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct err e = {0}, stale = {0};
    struct id id = entry_fixture_draft(f, &f->candidate);
    struct entry_save one = {
        .id = id, .version = entry_fixture_get(f, id).version, .direction = "B"};
    struct entry_save two = one;
    two.direction = "C";
    CHECK_OK("the first page saves", entry_save(&f->candidate, &one, &e), &e);
    CHECK_REFUSED("the second page is told", entry_save(&f->candidate, &two, &stale), &stale,
                  CONFLICT, "/version");
    CHECK_TEXT("nothing overwritten", entry_fixture_get(f, id).direction, "B");
    struct err twice = {0};
    struct entry_start again = {id_random(), f->batch, 4, "B"};
    CHECK_REFUSED("the same twice", entry_start(&f->candidate, &again, &twice), &twice,
                  CONFLICT, "/batch");
    entry_fixture_destroy(f);
}

/* IDOR: another body's, another person's, the own as a reviewer. */
void entry_scopes_hold_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct id id = entry_fixture_submitted(f, &f->candidate);
    struct entry_desk other = entry_fixture_person(f, 2);
    int64_t version = entry_fixture_get(f, id).version;
    const struct entry_desk *desks[] = {&other, &f->stranger};
    for (size_t i = 0; i < 2; i++) {
        struct entry n;
        struct err e1 = {0}, e2 = {0}, e3 = {0}, e4 = {0}, e5 = {0};
        const struct entry_desk *d = desks[i];
        struct entry_save save = {.id = id, .version = version};
        struct entry_review review = {
            .id = id, .version = version, .to = ENTRY_REFUSED, .reason = "这不是我的申报。"};
        CHECK_REFUSED("get", entry_get(f->t->db, f->t->arena, &d->scope, id, &n, &e1), &e1,
                      NOT_FOUND, "entry");
        CHECK_REFUSED("save", entry_save(d, &save, &e2), &e2, NOT_FOUND, "entry");
        CHECK_REFUSED("submit", entry_submit(d, id, version, &e3), &e3, NOT_FOUND, "entry");
        CHECK_REFUSED("withdraw", entry_withdraw(d, id, version, NULL, &e4), &e4, NOT_FOUND,
                      "entry");
        CHECK_REFUSED("review", entry_review(d, &review, &e5), &e5, NOT_FOUND, "entry");
    }
    struct batch b;
    struct err none = {0};
    CHECK_REFUSED("another body's batch",
                  batch_get(f->t->db, f->t->arena, f->stranger_is.body, f->batch, &b, &none),
                  &none, NOT_FOUND, "batch");
    entry_fixture_destroy(f);
}

void entry_places_test(void)
{
    struct entry_fixture *f = entry_fixture_create(2);
    int taken = 0;
    for (int i = 10; i < 15; i++) {
        struct entry_desk d = entry_fixture_person(f, i);
        struct id id = entry_fixture_draft(f, &d);
        struct err e = {0};
        bool ok = entry_submit(&d, id, entry_fixture_get(f, id).version, &e);
        CHECK_INT("first come", ok, i < 12);
        if (!ok)
            CHECK_INT("still a draft", entry_fixture_get(f, id).state, ENTRY_DRAFT);
        taken += ok;
    }
    struct batch b;
    struct err e = {0};
    CHECK_OK("batch", batch_get(f->t->db, f->t->arena, f->t->actor.body, f->batch, &b, &e), &e);
    CHECK_INT("taken", b.taken, taken);
    CHECK_INT("of the level", b.levels[0].taken, taken);
    entry_fixture_destroy(f);
}

void draft_facts_test(void)
{
    static const struct {
        const char *what, *given, *stored, *want, *field;
    } cases[] = {
        {"claims count for nothing",
         "{\"work\":[{\"occupation\":\"x\",\"evidence\":\"proved\"}]}", "{}",
         "{\"work\":[{\"occupation\":\"x\",\"evidence\":\"claimed\"}]}", NULL},
        {"nor does a scope", "{\"work\":[{\"occupation\":\"x\",\"scope\":\"own\"}]}", "{}",
         "{\"work\":[{\"occupation\":\"x\",\"evidence\":\"claimed\"}]}", NULL},
        {"what is proved stays", "{\"work\":[{\"occupation\":\"x\"}]}",
         "{\"work\":[{\"occupation\":\"x\",\"scope\":\"related_field\",\"evidence\":\"proved\"}"
         "]}",
         "{\"work\":[{\"occupation\":\"x\",\"scope\":\"related_field\",\"evidence\":\"proved\"}"
         "]}",
         NULL},
        {"changed: no more", "{\"work\":[{\"occupation\":\"y\"}]}",
         "{\"work\":[{\"occupation\":\"x\",\"evidence\":\"proved\"}]}",
         "{\"work\":[{\"occupation\":\"y\",\"evidence\":\"claimed\"}]}", NULL},
        {"blanks are left out", "{\"work\":[{\"occupation\":null,\"name\":\"\"}]}", "{}",
         "{\"work\":[{\"evidence\":\"claimed\"}]}", NULL},
        {"unknown list", "{\"hobbies\":[]}", "{}", NULL, "/facts/hobbies"},
        {"as_of is not the candidate's", "{\"as_of\":\"2030-01-01\"}", "{}", NULL,
         "/facts/as_of"},
        {"unknown member", "{\"work\":[{\"salary\":1}]}", "{}", NULL, "/facts/work/0/salary"},
        {"no list", "{\"work\":{}}", "{}", NULL, "/facts/work"},
        {"a list in a fact", "{\"work\":[{\"name\":[]}]}", "{}", NULL, "/facts/work/0/name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(1 << 22);
        struct err e = {0};
        const char *out = NULL;
        json_t *given = json_read(a, cases[i].given, strlen(cases[i].given), &e);
        const struct draft_facts stored = {cases[i].stored, 7};
        bool ok = draft_facts_merge(a, given, &stored, &out, &e);
        CHECK_INT(cases[i].what, ok, cases[i].field == NULL);
        CHECK_TEXT(cases[i].what, ok ? NULL : e.field, cases[i].field);
        if (ok) {
            json_t *got = json_read(a, out, strlen(out), &e), *fact;
            size_t k;
            json_array_foreach(json_object_get(got, "work"), k, fact)
                json_object_del(fact, "id"); /* draft_fact_ids looks at them */
            json_t *want = json_read(a, cases[i].want, strlen(cases[i].want), &e);
            CHECK(cases[i].what, json_equal(got, want));
        }
        arena_destroy(a);
    }
}

void fact_rulings_test(void)
{
    static const struct {
        const char *what;
        struct fact_ruling ruling;
        const char *field;
    } cases[] = {
        {"proved", {"/work/0", "proved", NULL}, NULL},
        {"scope", {"/work/0", NULL, "related_field"}, NULL},
        {"not there", {"/work/1", "proved", NULL}, "/rulings/0/fact"},
        {"no list", {"/hobbies/0", "proved", NULL}, "/rulings/0/fact"},
        {"no number", {"/work/x", "proved", NULL}, "/rulings/0/fact"},
        {"behind the number", {"/work/0x", "proved", NULL}, "/rulings/0/fact"},
        {"no pointer", {"work/0", "proved", NULL}, "/rulings/0/fact"},
        {"scope of a title", {"/titles/0", NULL, "own"}, "/rulings/0/scope"},
        {"field of a certificate",
         {"/certificates/0", NULL, "related_field"},
         "/rulings/0/scope"},
    };
    static const char stored[] =
        "{\"work\":[{\"occupation\":\"x\"}],\"titles\":[{}],\"certificates\":[{}]}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_create(1 << 22);
        struct err e = {0};
        const char *out = NULL;
        bool ok = draft_facts_rule(a, stored, &cases[i].ruling, 1, &out, &e);
        CHECK_INT(cases[i].what, ok, cases[i].field == NULL);
        CHECK_TEXT(cases[i].what, ok ? NULL : e.field, cases[i].field);
        arena_destroy(a);
    }
}

/* A registrar who applies is reviewed by somebody else. */
void entry_own_review_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct err e = {0}, no = {0}, facts = {0};
    struct account made;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {.login = "registrar",
                            .display_name = "审核员",
                            .roles = R(registrar),
                            .password = "vkqz-pmwt-xrbnd-2"};
    CHECK_OK("account", account_create(&f->registrar.people, &n, &made, first, &e), &e);
    struct entry_desk self = entry_fixture_person(f, 2);
    struct person_input in = {.account = made.id,
                              .name = "审核员",
                              .document_kind = "resident_id",
                              .document_number = "11010519491231002X",
                              .phone = "13900000000"};
    CHECK_OK("person", person_save(&self.people, &in, &self.scope.person, &e), &e);
    for (enum consent_kind k = 0; k < CONSENT_KINDS; k++)
        CHECK_OK("consent",
                 consent_give(&self.people, self.scope.person, k, consent_version(k), &e), &e);
    struct id id = entry_fixture_submitted(f, &self);
    struct entry_review r = {.id = id,
                             .version = entry_fixture_get(f, id).version,
                             .to = ENTRY_ACCEPTED,
                             .reason = "我认识我自己。"};
    struct fact_ruling proved = {"/work/0", "proved", NULL};
    struct entry_ruling ruling = {
        .id = id, .version = r.version, .rulings = &proved, .count = 1};
    f->registrar_is.account = made.id;
    CHECK_REFUSED("the own", entry_review(&f->registrar, &r, &no), &no, FORBIDDEN, "/entry");
    CHECK_REFUSED("the own facts", entry_confirm_facts(&f->registrar, &ruling, &facts), &facts,
                  FORBIDDEN, "/entry");
    f->registrar_is.account = id_random();
    CHECK_OK("another", entry_review(&f->registrar, &r, &e), &e);
    entry_fixture_destroy(f);
}

/* ------------------------------------------------------------------ many at once */
enum { RUNNERS = 4, EACH = 4, FREE_PLACES = 7 };

struct runner {
    struct store *store;
    struct entry_desk desks[EACH];
    struct id entries[EACH];
    int64_t versions[EACH];
    int got;
};

static void *run_to_the_places(void *arg)
{
    struct runner *r = arg;
    struct err e = {0};
    struct db *db = db_open(r->store, &e);
    if (!db)
        return NULL;
    for (int i = 0; i < EACH; i++) {
        struct err why = {0};
        struct entry_desk d = r->desks[i];
        d.people.db = db;
        d.people.arena = arena_create(64 << 20);
        r->got += entry_submit(&d, r->entries[i], r->versions[i], &why);
        arena_destroy(d.people.arena);
    }
    db_close(db);
    return NULL;
}

void entry_places_race_test(void)
{
    struct entry_fixture *f = entry_fixture_create(FREE_PLACES);
    struct runner runners[RUNNERS] = {0};
    pthread_t threads[RUNNERS];
    int got = 0;
    for (int r = 0; r < RUNNERS; r++) {
        runners[r].store = f->t->store;
        for (int i = 0; i < EACH; i++) {
            struct entry_desk d = entry_fixture_person(f, 100 + r * EACH + i);
            runners[r].desks[i] = d;
            runners[r].entries[i] = entry_fixture_draft(f, &d);
            runners[r].versions[i] = entry_fixture_get(f, runners[r].entries[i]).version;
        }
    }
    for (int r = 0; r < RUNNERS; r++)
        CHECK("thread", pthread_create(&threads[r], NULL, run_to_the_places, &runners[r]) == 0);
    for (int r = 0; r < RUNNERS; r++) {
        pthread_join(threads[r], NULL);
        got += runners[r].got;
    }
    struct batch b;
    struct err e = {0};
    CHECK_OK("batch", batch_get(f->t->db, f->t->arena, f->t->actor.body, f->batch, &b, &e), &e);
    CHECK_INT("as many as there are places", got, FREE_PLACES);
    CHECK_INT("and no more are counted", b.taken, FREE_PLACES);
    entry_fixture_destroy(f);
}

/* ------------------------------------------------------------------ ids of facts */
static const char *ids_after(struct arena *a, const char *given, const char *stored,
                             int64_t version)
{
    struct err e = {0};
    const struct draft_facts before = {stored, version};
    const char *out, *line = "";
    size_t i;
    json_t *fact;
    json_t *form = json_read(a, given, strlen(given), &e);
    if (!draft_facts_merge(a, form, &before, &out, &e))
        return arena_printf(a, "%s", e.field);
    json_array_foreach(json_object_get(json_read(a, out, strlen(out), &e), "work"), i, fact)
    {
        const char *mark = strcmp(json_string_value(json_object_get(fact, "evidence")),
                                  "proved") == 0
                               ? "!"
                               : "";
        line = arena_printf(a, "%s%s%s ", line, json_string_value(json_object_get(fact, "id")),
                            mark);
    }
    return line;
}

#define STORED_ABC                                                                             \
    "{\"work\":[{\"id\":\"a\",\"name\":\"A\",\"evidence\":\"proved\"},{\"id\":\"b\",\"name\":" \
    "\"B\","                                                                                   \
    "\"evidence\":\"claimed\"}]}"

void draft_fact_ids_test(void)
{
    static const struct {
        const char *what, *given, *want;
    } cases[] = {
        {"kept by what it says", "{\"work\":[{\"name\":\"B\"},{\"name\":\"A\"}]}", "b a! "},
        {"changed under its id: no more proved",
         "{\"work\":[{\"id\":\"a\",\"name\":\"A+\"},{\"id\":\"b\",\"name\":\"B\"}]}", "a b "},
        {"one before it goes", "{\"work\":[{\"id\":\"b\",\"name\":\"B\"}]}", "b "},
        {"new ones", "{\"work\":[{\"name\":\"C\"},{\"name\":\"C\"}]}", "v7n1 v7n2 "},
        {"the same said twice", "{\"work\":[{\"name\":\"A\"},{\"name\":\"A\"}]}", "a! v7n1! "},
        {"the form's own", "{\"work\":[{\"id\":\"v7n1\",\"name\":\"C\"},{\"name\":\"D\"}]}",
         "v7n1 v7n2 "},
        {"twice the same id", "{\"work\":[{\"id\":\"a\"}],\"titles\":[{\"id\":\"a\"}]}",
         "/facts/titles/0/id"},
        {"a place is no id", "{\"work\":[{\"id\":\"/work/0\"}]}", "/facts/work/0/id"},
    };
    struct arena *a = arena_create(1 << 22);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_TEXT(cases[i].what, ids_after(a, cases[i].given, STORED_ABC, 7), cases[i].want);
    static const struct {
        const char *name, *id;
    } finds[] = {{"/work/1", "b"}, {"a", "a"}, {"/work/2", NULL}, {"c", NULL}, {"/", NULL}};
    for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
        struct err e = {0};
        const char *id;
        bool found = draft_facts_find(a, STORED_ABC, finds[i].name, &id, &e);
        CHECK_INT(finds[i].name, found, finds[i].id != NULL);
        CHECK_TEXT(finds[i].name, found ? id : NULL, finds[i].id);
        CHECK_TEXT(finds[i].name, found ? NULL : e.field, found ? NULL : "/fact");
    }
    arena_destroy(a);
}
