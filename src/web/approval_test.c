/* web/approval_test.c - every row of approvals.def can be proposed and confirmed by somebody. */
#include "web/approvals.h"

#include "base/arena.h"
#include "people/approval.h"
#include "people/fixture.h"
#include "people/viewer.h"
#include "test/check.h"

static int accounts_that(enum may may)
{
    int n = 0;
    for (int role = 1; role < 32; role++) {
        struct err e = {0};
        struct viewer v = {
            .account = {{1}}, .roles = UINT32_C(1) << role, .totp_enrolled = true};
        n += role_name((enum role)role) && roles_have_staff(v.roles) && viewer_may(&v, may, &e);
    }
    return n;
}

void approval_rows_are_whole_test(void)
{
    for (size_t i = 0; i < approval_kinds.count; i++) {
        const struct approval_kind *k = &approval_kinds.rows[i];
        CHECK("an act", act_name(k->act) && act_label(k->act));
        CHECK(act_name(k->act), k->execute && k->ttl_ms > 0);
        CHECK(act_name(k->act), accounts_that(k->may_propose) > 0);
        CHECK(act_name(k->act), accounts_that(k->may_confirm) > 0);
        CHECK(act_name(k->act), approval_kind_find(&approval_kinds, k->act) == k);
        /* Not open to everybody: two people who may do anything are still anybody. */
        CHECK(act_name(k->act), k->may_confirm != MAY_STAFF && k->may_confirm != MAY_SIGNED_IN);
    }
}

/* --- two people (SECURITY, rule 5), for every row ------------------------------------------------- */
static int executed;

/* In place of what the row does: whoever gets here has passed. */
static bool counted(struct db *db, struct arena *a, const struct approval *p,
                    const struct actor *who, void *app, struct err *e)
{
    (void)db, (void)a, (void)app, (void)e;
    executed++;
    CHECK("two are named", !id_is_zero(who->second) && !id_equal(who->second, who->account));
    CHECK("the proposer", id_equal(who->account, p->proposer));
    return true;
}

static uint32_t roles_for(enum may a, enum may b)
{
    uint32_t roles = 0;
    for (int role = 1; role < 32; role++) {
        struct err e = {0}, f = {0};
        struct viewer v = {
            .account = {{1}}, .roles = UINT32_C(1) << role, .totp_enrolled = true};
        if (role_name((enum role)role) && role_is_staff((enum role)role) &&
            (viewer_may(&v, a, &e) || viewer_may(&v, b, &f)))
            roles |= v.roles;
    }
    return roles;
}

static bool confirm_as(struct staff *s, const struct approval_kinds *kinds, struct id id,
                       struct err *e)
{
    struct approval_answer answer = {.kinds = kinds, .id = id, .code = fixture_code(s)};
    *e = (struct err){0};
    return approval_confirm(&s->p, &s->viewer, &answer, e);
}

/* Who may do both halves of an act does it alone no more than anybody else: not in the same sign-in, and not
 * in another one. */
void approvals_take_two_test(void)
{
    struct fixture *f = fixture_create();
    for (size_t i = 0; i < approval_kinds.count; i++) {
        struct approval_kind kind = approval_kinds.rows[i];
        const char *name = act_name(kind.act);
        uint32_t roles = roles_for(kind.may_propose, kind.may_confirm);
        struct staff *one = fixture_account(f, arena_printf(f->t->arena, "one-%zu", i), roles);
        struct staff *two = fixture_account(f, arena_printf(f->t->arena, "two-%zu", i), roles);
        struct err e = {0};
        struct approval_put put;
        kind.execute = counted;
        const struct approval_kinds kinds = {&kind, 1};
        struct approval_proposal what = {.kind = &kind,
                                         .object = id_random(),
                                         .payload = {(const unsigned char *)"{}", 2},
                                         .summary = "两个人"};
        executed = 0;
        CHECK_OK(name, approval_propose(&one->p, &one->viewer, &what, &put, &e), &e);
        CHECK(name, !confirm_as(one, &kinds, put.id, &e) && e.code == ERR_FORBIDDEN);
        struct viewer again = one->viewer;
        again.sign_in = id_random();
        struct approval_answer answer = {
            .kinds = &kinds, .id = put.id, .code = fixture_code(one)};
        e = (struct err){0};
        CHECK(name, !approval_confirm(&one->p, &again, &answer, &e) && e.code == ERR_FORBIDDEN);
        CHECK_INT(name, executed, 0);
        CHECK_OK(name, confirm_as(two, &kinds, put.id, &e), &e);
        CHECK(name, executed > 0);
    }
    fixture_destroy(f);
}
