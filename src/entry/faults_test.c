/* entry/faults_test.c - every use case, with each call of the database failing once: what it did
 * is all there, or nothing of it is (STYLE §3.3). */
#include "base/json.h"
#include "entry/entry_fixture.h"
#include "entry/entry_store.h"
#include "entry/evidence.h"
#include "entry/import.h"
#include "entry/partner.h"
#include "test/check.h"

struct trial { /* what one use case is tried on */
    struct entry_fixture *f;
    struct id entry, fresh;
    int64_t version; /* of the entry, as a page would know it */
};

/* Runs the use case once; its inputs are the same each time. */
typedef bool use_case(struct trial *t, struct err *e);
static int64_t audit_rows(struct trial *t)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("audit", audit_verify(t->f->t->db, t->f->t->arena, &r, &e), &e);
    CHECK_INT("the chain holds", r.break_count, 0);
    return r.rows;
}

static int64_t version_of(struct trial *t)
{
    return entry_fixture_get(t->f, t->entry).version;
}

static int64_t places(struct trial *t)
{
    struct err e = {0};
    struct batch b;
    CHECK_OK("batch",
             batch_get(t->f->t->db, t->f->t->arena, t->f->t->actor.body, t->f->batch, &b, &e),
             &e);
    CHECK_INT("level and batch agree", b.taken, b.levels[0].taken + b.levels[1].taken);
    return b.taken;
}

static bool start_case(struct trial *t, struct err *e)
{
    struct entry_start s = {t->fresh, t->f->batch, 3, "B"};
    return entry_start(&t->f->candidate, &s, e);
}

static bool save_case(struct trial *t, struct err *e)
{
    struct err none = {0};
    struct entry_save s = {.id = t->entry, .version = t->version, .direction = "C"};
    s.facts = json_read(t->f->t->arena, "{\"titles\":[]}", 13, &none);
    return entry_save(&t->f->candidate, &s, e);
}

static bool submit_case(struct trial *t, struct err *e)
{
    return entry_submit(&t->f->candidate, t->entry, t->version, e);
}

static bool withdraw_case(struct trial *t, struct err *e)
{
    return entry_withdraw(&t->f->candidate, t->entry, t->version, "不参加了", e);
}

static bool decide(struct trial *t, enum entry_state to, struct err *e)
{
    struct entry_review r = {
        .id = t->entry, .version = t->version, .to = to, .reason = "由审核人员认定。"};
    return entry_review(&t->f->registrar, &r, e);
}

static bool accept_case(struct trial *t, struct err *e)
{
    return decide(t, ENTRY_ACCEPTED, e);
}

static bool note_kept(struct db *db, void *ctx, const struct entry *n, struct err *e)
{
    const struct trial *t = ctx;
    return entry_put_kept(db, t->f->registrar_is.body, n->id, "[{\"component\":\"theory\"}]",
                          e);
}

/* What is noted beside an acceptance is there with it, or neither is. */
static bool resit_case(struct trial *t, struct err *e)
{
    struct entry_review r = {.id = t->entry,
                             .version = t->version,
                             .to = ENTRY_ACCEPTED,
                             .reason = "由审核人员认定。",
                             .also = note_kept,
                             .ctx = t};
    return entry_review(&t->f->registrar, &r, e);
}

static bool return_case(struct trial *t, struct err *e)
{
    return decide(t, ENTRY_RETURNED, e);
}

static bool refuse_case(struct trial *t, struct err *e)
{
    return decide(t, ENTRY_REFUSED, e);
}

static bool confirm_case(struct trial *t, struct err *e)
{
    struct fact_ruling proved = {"/work/0", "proved", NULL};
    struct entry_ruling r = {
        .id = t->entry, .version = t->version, .rulings = &proved, .count = 1};
    return entry_confirm_facts(&t->f->registrar, &r, e);
}

static bool evidence_case(struct trial *t, struct err *e)
{
    struct evidence out;
    struct evidence_upload u = {.entry = t->entry,
                                .id = t->fresh,
                                .kind = "work",
                                .name = "在职证明.pdf",
                                .file = {(const unsigned char *)"%PDF-1.7 x", 10}};
    return evidence_add(&t->f->candidate, &u, &out, e);
}

static bool create_case(struct trial *t, struct err *e)
{
    struct batch_level level = {4, 10, 0};
    int64_t now = t->f->t->actor.now_ms;
    date_days today = date_of_instant(now, CHINA_OFFSET_MS);
    struct batch_input in = {.title = "又一批",
                             .programme = "ccia",
                             .apply_from_ms = now,
                             .apply_until_ms = now + DAY_MS,
                             .exam_from = today + 30,
                             .exam_until = today + 30,
                             .levels = &level,
                             .level_count = 1};
    level.level = 1;
    return batch_create(&t->f->registrar, &in, t->fresh, e);
}

static bool close_case(struct trial *t, struct err *e)
{
    struct batch_change c = {.id = t->f->batch, .version = 1, .to = BATCH_CLOSED};
    return batch_change(&t->f->registrar, &c, e);
}

static bool window_case(struct trial *t, struct err *e)
{
    struct batch_change c = {.id = t->f->batch,
                             .version = 1,
                             .apply_until_ms = t->f->t->actor.now_ms + 2 * (int64_t)DAY_MS,
                             .quota = 5};
    return batch_change(&t->f->registrar, &c, e);
}

static bool partner_case(struct trial *t, struct err *e)
{
    struct partner p = {.id = t->fresh, .name = "某某学院", .contact = "招生办"};
    return partner_create(&t->f->registrar, &p, e);
}

static const struct {
    const char *what;
    use_case *run;
    bool submitted; /* the entry it starts from */
    int audit, version, places;
} cases[] = {
    {"start", start_case, false, 1, 0, 0},    {"save", save_case, false, 0, 1, 0},
    {"submit", submit_case, false, 1, 1, 1},  {"withdraw", withdraw_case, true, 1, 1, -1},
    {"accept", accept_case, true, 2, 1, 0},   {"resit", resit_case, true, 2, 1, 0},
    {"return", return_case, true, 1, 1, 0},   {"refuse", refuse_case, true, 1, 1, -1},
    {"confirm", confirm_case, true, 1, 1, 0}, {"evidence", evidence_case, false, 1, 1, 0},
    {"create", create_case, false, 1, 0, 0},  {"close", close_case, false, 1, 0, 0},
    {"window", window_case, false, 1, 0, 0},  {"partner", partner_case, false, 1, 0, 0},
};

static void try_case(size_t i)
{
    struct entry_fixture *f = entry_fixture_create(3);
    struct trial t = {.f = f, .fresh = id_random()};
    t.entry = cases[i].submitted ? entry_fixture_submitted(f, &f->candidate)
                                 : entry_fixture_draft(f, &f->candidate);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        int64_t audit = audit_rows(&t), version = version_of(&t), taken = places(&t);
        t.version = version;
        db_fail_call(f->t->db, nth, false);
        bool ok = cases[i].run(&t, &e);
        bool fired = db_fault_fired(f->t->db);
        db_fail_call(f->t->db, 0, false);
        CHECK(cases[i].what, db_is_idle(f->t->db));
        if (!ok && !fired)
            print_error("%s: %s %s\n", cases[i].what, e.field, e.text);
        CHECK(cases[i].what, ok || fired);
        CHECK_INT(cases[i].what, audit_rows(&t) - audit, ok ? cases[i].audit : 0);
        CHECK_INT(cases[i].what, version_of(&t) - version, ok ? cases[i].version : 0);
        CHECK_INT(cases[i].what, places(&t) - taken, ok ? cases[i].places : 0);
        CHECK_INT(cases[i].what, !strcmp(entry_fixture_get(f, t.entry).kept, "[]"),
                  !ok || cases[i].run != resit_case);
        if (ok)
            break;
        CHECK_INT(cases[i].what, e.code, ERR_STORE);
        CHECK("gets through", nth < 200);
    }
    entry_fixture_destroy(f);
}

void entry_faults_test(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        try_case(i);
}
