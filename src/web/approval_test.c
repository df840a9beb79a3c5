/* web/approval_test.c - every row of approvals.def can be proposed and confirmed by somebody. */
#include "web/approvals.h"

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
