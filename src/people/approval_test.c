/* people/approval_test.c - S7: one person alone does nothing, and two do it once. */
#include "people/approval.h"

#include "people/fixture.h"
#include "people/person.h"

enum { DAY = 86400000 };

struct desk {
    struct fixture *f;
    struct staff *registrar, *head, *second, *marker;
    struct id person;
    bool execute_fails;
};

/* Stands for publishing: marks an identity as checked, which shows in the database. */
static bool act(struct db *db, struct arena *a, const struct approval *p,
                const struct actor *who, void *app, struct err *e)
{
    struct desk *d = app;
    struct people people = {db, a, d->f->t->master, who};
    CHECK("both are named", !id_is_zero(who->second) && id_equal(who->account, p->proposer));
    CHECK("who confirmed", !id_equal(who->second, who->account));
    CHECK("payload", p->payload.len == 3 && memcmp(p->payload.at, "abc", 3) == 0);
    if (d->execute_fails)
        return FAIL(e, CONFLICT, "state", "已经变了。");
    return person_mark_checked(&people, d->person, e);
}

static const struct approval_kind rows[] = {
    {ACT_person_check, MAY_REGISTER, MAY_PUBLISH, DAY, act},
};
static const struct approval_kinds kinds = {rows, 1};

static struct desk *desk_create(void)
{
    struct fixture *f = fixture_create();
    struct desk *d = arena_new(f->t->arena, struct desk);
    struct err e = {0};
    struct person_input in = {.name = "韩梅梅"};
    d->f = f;
    d->registrar = fixture_account(f, "registrar", R(registrar));
    d->head = fixture_account(f, "head", R(head_examiner));
    d->second = fixture_account(f, "registrar2", R(registrar));
    d->marker = fixture_account(f, "marker", R(marker));
    CHECK_OK("person", person_save(&f->p, &in, &d->person, &e), &e);
    return d;
}

static struct approval_proposal proposal(struct desk *d)
{
    return (struct approval_proposal){.kind = rows,
                                      .object = d->person,
                                      .payload = {(const unsigned char *)"abc", 3},
                                      .summary = "核对韩梅梅的证件"};
}

static struct approval_put proposed(struct desk *d)
{
    struct err e = {0};
    struct approval_put put;
    struct approval_proposal what = proposal(d);
    CHECK_OK("propose",
             approval_propose(&d->registrar->p, &d->registrar->viewer, &what, &put, &e), &e);
    return put;
}

static bool confirm(struct desk *d, struct staff *s, struct id id, const char *code,
                    struct err *e)
{
    struct approval_answer answer = {.kinds = &kinds, .id = id, .code = code, .app = d};
    *e = (struct err){0};
    return approval_confirm(&s->p, &s->viewer, &answer, e);
}

static bool is_done(struct desk *d)
{
    struct err e = {0};
    struct person one;
    CHECK_OK("person", person_get(&d->f->p, d->person, &one, &e), &e);
    return one.identity_checked;
}

void approval_takes_two_test(void)
{
    struct desk *d = desk_create();
    struct err e;
    struct approval one;
    struct approval_put put = proposed(d);
    CHECK_REFUSED("oneself", confirm(d, d->registrar, put.id, fixture_code(d->registrar), &e),
                  &e, FORBIDDEN, "approval");
    CHECK_REFUSED("a role that may not",
                  confirm(d, d->marker, put.id, fixture_code(d->marker), &e), &e, FORBIDDEN,
                  "role");
    CHECK_REFUSED("a wrong code", confirm(d, d->head, put.id, "000000", &e), &e,
                  UNAUTHENTICATED, "/code");
    CHECK_REFUSED("another's code", confirm(d, d->head, put.id, fixture_code(d->second), &e),
                  &e, UNAUTHENTICATED, "/code");
    CHECK("not done", !is_done(d));
    const char *code = fixture_code(d->head);
    CHECK_OK("the second person", confirm(d, d->head, put.id, code, &e), &e);
    CHECK("done", is_done(d));
    CHECK_REFUSED("twice", confirm(d, d->second, put.id, fixture_code(d->second), &e), &e,
                  CONFLICT, "approval");
    CHECK_REFUSED("the step was taken", confirm(d, d->head, proposed(d).id, code, &e), &e,
                  UNAUTHENTICATED, "/code");
    e = (struct err){0};
    CHECK_OK("get", approval_get(&d->head->p, put.id, &one, &e), &e);
    CHECK("who", id_equal(one.confirmed_by, d->head->account.id) && one.decided_ms);
    fixture_destroy(d->f);
}

void approval_by_a_role_that_may_not_propose_test(void)
{
    struct desk *d = desk_create();
    struct err e = {0};
    struct approval_put put;
    struct approval_proposal what = proposal(d);
    CHECK_REFUSED("marker",
                  approval_propose(&d->marker->p, &d->marker->viewer, &what, &put, &e), &e,
                  FORBIDDEN, "role");
    proposed(d);
    e = (struct err){0};
    CHECK_REFUSED("already open",
                  approval_propose(&d->second->p, &d->second->viewer, &what, &put, &e), &e,
                  CONFLICT, "approval");
    fixture_destroy(d->f);
}

void approval_expires_test(void)
{
    struct desk *d = desk_create();
    struct err e;
    struct approval_put put = proposed(d);
    struct approval *list;
    size_t count;
    struct approval_filter open = {.open_only = true, .limit = 10};
    fixture_wait(d->f, DAY);
    const char *code = fixture_code(d->head);
    CHECK_REFUSED("a day later", confirm(d, d->head, put.id, code, &e), &e, CONFLICT,
                  "approval");
    e = (struct err){0};
    CHECK_OK("list", approval_list(&d->head->p, &open, &list, &count, &e), &e);
    CHECK_INT("none open", count, 0);
    put = proposed(d); /* the expired one is no longer in the way */
    CHECK_OK("list", approval_list(&d->head->p, &open, &list, &count, &e), &e);
    CHECK("one", count == 1 && id_equal(list[0].id, put.id));
    CHECK_TEXT("summary", list[0].summary, "核对韩梅梅的证件");
    CHECK("not done", !is_done(d));
    fixture_destroy(d->f);
}

void approval_undone_stays_open_test(void)
{
    struct desk *d = desk_create();
    struct err e;
    struct approval_put put = proposed(d);
    int64_t rows_before = fixture_audit_rows(d->f);
    d->execute_fails = true;
    CHECK_REFUSED("execute said no", confirm(d, d->head, put.id, fixture_code(d->head), &e), &e,
                  CONFLICT, "state");
    CHECK_INT("no row", fixture_audit_rows(d->f), rows_before);
    d->execute_fails = false;
    CHECK_OK("later", confirm(d, d->head, put.id, fixture_code(d->head), &e), &e);
    fixture_destroy(d->f);
}

void approval_refused_test(void)
{
    struct desk *d = desk_create();
    struct err e = {0};
    struct approval one;
    struct approval_put put = proposed(d);
    struct approval_answer no = {.kinds = &kinds, .id = put.id, .reason = "材料不符"};
    CHECK_REFUSED("not by just anybody",
                  approval_refuse(&d->marker->p, &d->marker->viewer, &no, &e), &e, FORBIDDEN,
                  "role");
    e = (struct err){0};
    no.reason = "";
    CHECK_REFUSED("reason", approval_refuse(&d->head->p, &d->head->viewer, &no, &e), &e,
                  INVALID, "/reason");
    e = (struct err){0};
    no.reason = "材料不符";
    CHECK_OK("refuse", approval_refuse(&d->head->p, &d->head->viewer, &no, &e), &e);
    CHECK_REFUSED("then it is over", confirm(d, d->second, put.id, fixture_code(d->second), &e),
                  &e, CONFLICT, "approval");
    e = (struct err){0};
    CHECK_OK("get", approval_get(&d->head->p, put.id, &one, &e), &e);
    CHECK_TEXT("reason", one.refuse_reason, "材料不符");
    no.id = proposed(d).id;
    CHECK_OK("withdrawn by the proposer",
             approval_refuse(&d->registrar->p, &d->registrar->viewer, &no, &e), &e);
    fixture_destroy(d->f);
}

void approval_of_another_body_test(void)
{
    struct desk *d = desk_create();
    struct err e;
    struct approval_put put = proposed(d);
    d->head->who.body = (struct id){{9}};
    CHECK_REFUSED("another body", confirm(d, d->head, put.id, fixture_code(d->head), &e), &e,
                  NOT_FOUND, "approval");
    fixture_destroy(d->f);
}

struct faulty {
    struct desk *d;
    struct approval_put put;
};

static bool run_propose(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct approval_proposal what = proposal(x->d);
    return approval_propose(&x->d->registrar->p, &x->d->registrar->viewer, &what, &x->put, e);
}

static bool run_confirm(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    bool ok = confirm(x->d, x->d->head, x->put.id, fixture_code(x->d->head), e);
    db_fail_call(x->d->f->t->db, 0, false); /* what follows only looks */
    CHECK_INT("done exactly if it said so", is_done(x->d), ok);
    return ok;
}

static bool run_refuse(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct approval_answer no = {.kinds = &kinds, .id = x->put.id, .reason = "材料不符"};
    return approval_refuse(&x->d->head->p, &x->d->head->viewer, &no, e);
}

void approval_faults_test(void)
{
    struct desk *d = desk_create();
    struct faulty x = {.d = d};
    fixture_fault_loop(d->f, "propose", run_propose, &x);
    fixture_fault_loop(d->f, "refuse", run_refuse, &x);
    x.put = proposed(d);
    fixture_fault_loop(d->f, "confirm", run_confirm, &x);
    fixture_destroy(d->f);
}
