/* web/people_of.c - what the handlers for accounts and people share. */
#include "web/people_of.h"

#include <inttypes.h>
#include <stdio.h>

#include "people/account.h"
#include "web/app.h"
#include "web/reply.h"
#include "web/request.h"

struct people people_of(struct request *rq)
{
    return (struct people){rq->db, rq->arena, rq->app->master, &rq->actor};
}

void put_account(struct json_out *o, const struct account *a)
{
    put_id(o, "id", a->id);
    put_text(o, "login", a->login);
    put_text(o, "display_name", a->display_name);
    put_text(o, "state", account_state_word(a->state));
    put_array(o, "roles");
    for (int role = 1; role < 32; role++)
        if (a->roles & UINT32_C(1) << role)
            out_text(o, role_name((enum role)role));
    out_array_end(o);
    put_id(o, "partner", a->partner);
    put_id(o, "person", a->person);
    put_bool(o, "totp_enrolled", a->totp_enrolled);
    put_bool(o, "needs_totp_enrolment", roles_have_staff(a->roles) && !a->totp_enrolled);
    put_bool(o, "must_change_password", a->must_change_password);
    put_int(o, "created_ms", a->created_ms);
    put_int(o, "last_sign_in_ms", a->last_sign_in_ms);
    put_int(o, "version", a->version);
}

bool address_allowed(struct request *rq, enum rate which, struct err *e)
{
    int64_t retry_s = 0;
    char seconds[24];
    if (rate_take(rq->app->rates, which, request_household(rq), rq->now_ms, &retry_s))
        return true;
    snprintf(seconds, sizeof seconds, "%" PRId64, retry_s);
    return FAIL(e, TOO_MANY, seconds, "这个地址的请求太多，请 %" PRId64 " 秒后再试。", retry_s);
}
