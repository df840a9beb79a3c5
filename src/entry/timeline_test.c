/* entry/timeline_test.c - due dates with and without a calendar, and the applicant's road. */
#include "entry/timeline.h"

#include "base/fields.h"
#include "base/workday.h"
#include "entry/entry_fixture.h"
#include "test/check.h"

static date_days day(const char *text)
{
    date_days d;
    CHECK(text, date_read(text, &d));
    return d;
}

void stage_due_test(void)
{
    struct arena *a = arena_create(1 << 24);
    struct err e = {0};
    struct workday_calendar *c = workday_calendar_embedded(a, &e);
    CHECK_OK("calendar", c, &e);
    struct batch b = {.exam_from = day("2026-09-29"), .exam_until = day("2026-09-30")};
    b.apply_until_ms = instant_of(day("2026-09-01"), 0, CHINA_OFFSET_MS);
    b.policy = (struct batch_policy){
        .ticket_days = 3, .result_days = 15, .certificate_days = 30};
    CHECK_INT("applied", stage_due(a, &b, c, STAGE_applied).day, day("2026-08-31"));
    CHECK_INT("reviewed", stage_due(a, &b, c, STAGE_reviewed).day, day("2026-09-25"));
    CHECK_INT("sat", stage_due(a, &b, c, STAGE_sat).day, day("2026-09-30"));
    date_days results;
    CHECK_OK("fifteen working days", workday_add(c, b.exam_until, 15, &results, &e), &e);
    CHECK_INT("published", stage_due(a, &b, c, STAGE_published).day, results);
    b.exam_until = day("2026-12-20"); /* runs into a year without a notice */
    struct stage_due due = stage_due(a, &b, c, STAGE_published);
    CHECK_INT("not guessed", due.day, DATE_NONE);
    CHECK("says which year", due.note && strstr(due.note, "2027"));
    arena_destroy(a);
}

/* What a programme prints about its days is what its batches promise. */
void deadlines_follow_the_programme_test(void)
{
    static const struct {
        const char *programme;
        int64_t results, certificate; /* working days from the last day of the examination */
    } printed[] = {{"ccia", 15, 15 + 50}, {"nrta-operator", 15, 30}, {"nrta-host", 15, 30}};
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct programme_set set;
    struct workday_calendar *c = workday_calendar_embedded(a, &e);
    CHECK_OK("programmes", programmes_load_embedded(a, &set, &e), &e);
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
        const char *id = printed[i].programme;
        const date_days last = day("2026-06-27");
        struct batch b = {.exam_from = last, .exam_until = last};
        date_days results, certificate;
        b.policy = batch_policy_default(programme_find(&set, id));
        CHECK_OK(id, workday_add(c, last, (int)printed[i].results, &results, &e), &e);
        CHECK_OK(id, workday_add(c, last, (int)printed[i].certificate, &certificate, &e), &e);
        CHECK_INT(id, stage_due(a, &b, c, STAGE_published).day, results);
        CHECK_INT(id, stage_due(a, &b, c, STAGE_issued).day, certificate);
    }
    CHECK_INT("a resit costs", batch_policy_default(programme_find(&set, "ccia")).resit_fee_fen,
              10000);
    CHECK_INT("one is free",
              batch_policy_default(programme_find(&set, "nrta-host")).free_resits, 1);
    arena_destroy(a);
}

/* Parts of a road point into it, so it stays where it was made. */
static struct road *road_now(struct entry_fixture *f, struct id id)
{
    struct err e = {0};
    struct arena *a = f->t->arena;
    struct workday_calendar *c = workday_calendar_embedded(a, &e);
    struct entry *n = arena_new(a, struct entry);
    struct batch *b = arena_new(a, struct batch);
    struct entry_progress *p = arena_new(a, struct entry_progress);
    struct road_facts facts = {n, b, p, c, f->t->actor.now_ms};
    struct road *r = arena_new(a, struct road);
    *n = entry_fixture_get(f, id);
    CHECK_OK("batch", batch_get(f->t->db, a, n->body, n->batch, b, &e), &e);
    CHECK_OK("progress", entry_progress(f->t->db, n, p, &e), &e);
    road_of(a, &facts, r);
    return r;
}

static const struct batch_stage *stages_now(struct entry_fixture *f)
{
    struct err e = {0};
    struct arena *a = f->t->arena;
    struct batch b;
    struct batch_stage *stages = arena_array(a, struct batch_stage, STAGES);
    CHECK_OK("batch", batch_get(f->t->db, a, f->t->actor.body, f->batch, &b, &e), &e);
    CHECK_OK("stages",
             batch_stages(f->t->db, a, &b, workday_calendar_embedded(a, &e), b.exam_from,
                          stages, &e),
             &e);
    return stages;
}

struct published {
    struct entry_fixture *f;
    struct id entry;
    int64_t passed; /* 0, 1: the version too */
};

static bool put_published(struct db *db, void *ctx, struct err *e)
{
    const struct published *x = ctx;
    const struct actor *who = &x->f->t->actor;
    struct query *q = db_query(db, SQL_result_put);
    query_id(q, x->entry);
    query_text(q, "theory");
    query_int(q, x->passed + 1);
    query_id(q, who->body);
    query_id(q, x->f->batch);
    query_null(q);
    query_id(q, id_random());
    query_text(q, "national-2023");
    query_int(q, 4);
    query_text(q, "A");
    query_text(q, "marked");
    query_int(q, 59000);
    query_int(q, 100000);
    query_int(q, 60000);
    query_int(q, x->passed);
    query_text(q, "[]");
    query_bytes(q, (struct bytes){(const unsigned char *)"s", 1});
    query_null(q);
    query_int(q, who->now_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_result_publish);
    query_id(q, x->f->batch);
    query_id(q, who->body);
    query_int(q, who->now_ms);
    return query_run(q, e);
}

/* A published mark, as award/ leaves it. */
static void put_result(struct entry_fixture *f, struct id entry, int64_t passed)
{
    struct published x = {f, entry, passed};
    struct err e = {0};
    CHECK_OK("published", db_transact(f->t->db, put_published, &x, &e), &e);
}

void road_test(void)
{
    struct entry_fixture *f = entry_fixture_create(0);
    struct err e = {0};
    struct id id = entry_fixture_draft(f, &f->candidate);
    struct road *r = road_now(f, id);
    CHECK_INT("six stages", r->count, 6);
    CHECK_INT("to be handed in", r->stages[0].state, ROAD_HERE);
    CHECK("leads to the form", r->path && r->action);
    CHECK_OK("submit", entry_submit(&f->candidate, id, entry_fixture_get(f, id).version, &e),
             &e);
    r = road_now(f, id);
    CHECK_INT("handed in", r->stages[0].state, ROAD_DONE);
    CHECK_INT("waits", r->stages[1].state, ROAD_HERE);
    struct entry_review back = {.id = id,
                                .version = entry_fixture_get(f, id).version,
                                .to = ENTRY_RETURNED,
                                .reason = "请补充在职证明。"};
    CHECK_OK("returned", entry_review(&f->registrar, &back, &e), &e);
    r = road_now(f, id);
    CHECK_INT("again at the form", r->stages[0].state, ROAD_HERE);
    CHECK_TEXT("with the reason", r->text, back.reason);
    CHECK_OK("again", entry_submit(&f->candidate, id, entry_fixture_get(f, id).version, &e),
             &e);
    struct entry_review yes = {.id = id,
                               .version = entry_fixture_get(f, id).version,
                               .to = ENTRY_ACCEPTED,
                               .reason = "由审核人员认定。"};
    CHECK_OK("accepted", entry_review(&f->registrar, &yes, &e), &e);
    r = road_now(f, id);
    CHECK_INT("reviewed", r->stages[1].state, ROAD_DONE);
    CHECK_INT("the ticket is next", r->next->stage, STAGE_ticketed);
    CHECK_INT("six stages", r->count, 6);
    put_result(f, id, 0);
    r = road_now(f, id);
    CHECK("nothing more comes", !r->next);
    CHECK_INT("applied, reviewed, published", r->count, 3);
    CHECK_INT("who has failed waits for no certificate", stages_now(f)[STAGE_issued].of, 0);
    CHECK_INT("but is filed", stages_now(f)[STAGE_archived].of, 1);
    put_result(f, id, 1); /* amended after a recheck */
    r = road_now(f, id);
    CHECK_INT("goes on", r->count, 6);
    CHECK_INT("the certificate is due again", stages_now(f)[STAGE_issued].of, 1);
    const struct batch_stage *stages = stages_now(f);
    CHECK_INT("applied", stages[STAGE_applied].count, 1);
    CHECK_INT("reviewed", stages[STAGE_reviewed].count, 1);
    CHECK_INT("arranged", stages[STAGE_arranged].count, 0);
    CHECK("late", stages[STAGE_arranged].late);
    entry_fixture_destroy(f);
}
