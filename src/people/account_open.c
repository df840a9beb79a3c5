/* people/account_open.c - an account for somebody whom a table registered. */
#include "people/account.h"
#include "people/people.h"
#include "people/person.h"

bool account_open(const struct people *p, struct id person, struct account *out,
                  char first_password[FIRST_PASSWORD_BYTES], struct err *e)
{
    struct person known;
    struct person_secrets told;
    if (!person_get(p, person, &known, e))
        return false;
    if (!id_is_zero(known.account))
        return FAIL(e, CONFLICT, "/account", "这位考生已有账号。");
    if (!person_secrets(p, person, &told, e))
        return false;
    if (!*told.phone)
        return FAIL(e, RULE, "/phone", "没有登记手机号，不能开通账号。");
    struct account_new n = {.login = told.phone,
                            .display_name = known.name,
                            .roles = R(candidate),
                            .person = person};
    return account_create(p, &n, out, first_password, e);
}
