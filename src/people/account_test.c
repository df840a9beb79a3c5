/* people/account_test.c - who may be what, first passwords, registration, the last administrator. */
#include "people/account.h"

#include "people/fixture.h"
#include "people/person.h"

static const struct {
    const char *what;
    uint32_t roles;
    bool partner, good;
} role_cases[] = {
    {"nothing", 0, false, false},
    {"registrar", R(registrar), false, true},
    {"several of staff", R(registrar) | R(examiner) | R(issuer), false, true},
    {"system administrator", R(system_admin), false, true},
    {"two administrators", R(system_admin) | R(security_admin), false, false},
    {"audit and security", R(audit_admin) | R(security_admin), false, false},
    {"administrator and registrar", R(audit_admin) | R(registrar), false, false},
    {"candidate", R(candidate), false, true},
    {"candidate and marker", R(candidate) | R(marker), false, false},
    {"partner with its id", R(partner), true, true},
    {"partner without", R(partner), false, false},
    {"partner and registrar", R(partner) | R(registrar), true, false},
    {"registrar with a partner's id", R(registrar), true, false},
};

void account_roles_are_apart_test(void)
{
    for (size_t i = 0; i < sizeof role_cases / sizeof *role_cases; i++) {
        struct err e = {0};
        struct id partner = role_cases[i].partner ? (struct id){{1}} : (struct id){{0}};
        CHECK_INT(role_cases[i].what, account_roles_check(role_cases[i].roles, partner, &e),
                  role_cases[i].good);
        CHECK_INT(role_cases[i].what, e.code, role_cases[i].good ? ERR_NONE : ERR_RULE);
    }
    static const char *const names[] = {"registrar", "king"};
    uint32_t roles;
    struct err e = {0};
    CHECK_REFUSED("unknown", account_roles_read(names, 2, &roles, &e), &e, INVALID, "/roles/1");
    e = (struct err){0};
    CHECK("known", account_roles_read(names, 1, &roles, &e) && roles == R(registrar));
}

static const struct {
    const char *login;
    bool staff, own;
} logins[] = {
    {"li", true, false},         {"l", false, false},
    {"li hua", false, false},    {"李华", true, false},
    {"lihua_2", true, true},     {"13800000001", false, true},
    {"1234567890", true, false}, {"a<b>", false, false},
    {"", false, false},          {"+86 138 0000 0002", false, true},
};

void account_logins_test(void)
{
    struct fixture *f = fixture_create();
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        struct account made;
        struct err e = {0};
        char first[FIRST_PASSWORD_BYTES];
        struct account_new n = {
            .login = logins[i].login, .display_name = "周试", .roles = R(marker)};
        CHECK_INT(logins[i].login, account_create(&f->p, &n, &made, first, &e),
                  logins[i].staff);
        CHECK_TEXT(logins[i].login, e.field, logins[i].staff ? "" : "/login");
        struct registration r = {logins[i].login, "vkqz-pmwt-xrbnd-2", "周试", NULL};
        struct sign_in_done entered;
        e = (struct err){0};
        bool ok = account_register(&f->p, &r, &entered, &e);
        /* Taken already by the staff account of the first half. */
        CHECK_INT(logins[i].login, ok, logins[i].own && !logins[i].staff);
        CHECK_TEXT(logins[i].login, e.field, ok ? "" : "/login");
    }
    fixture_destroy(f);
}

void account_registers_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct account made;
    struct person person;
    struct sign_in_done done;
    struct registration r = {"138 1234 5678", "vkqz-pmwt-xrbnd-2", "韩梅梅",
                             "Chromium · Linux"};
    CHECK_OK("register", account_register(&f->p, &r, &done, &e), &e);
    made = done.account;
    CHECK("signed in already", id_equal(fixture_viewer(f, done.token).account, made.id));
    CHECK_INT("since now", made.last_sign_in_ms, f->p.who->now_ms);
    CHECK_TEXT("masked", made.login, "138****5678");
    CHECK_INT("roles", made.roles, R(candidate));
    CHECK_OK("person", person_get(&f->p, made.person, &person, &e), &e);
    CHECK_TEXT("name", person.name, "韩梅梅");
    CHECK_TEXT("phone", person.phone_mask, "138****5678");
    struct sign_in_try t = {.login = "13812345678", .password = r.password};
    CHECK_OK("sign in", sign_in(&f->p, &t, &done, &e), &e);
    CHECK("asks for nothing", !done.account.must_change_password);
    CHECK("the same person", id_equal(fixture_viewer(f, done.token).person, made.person));
    CHECK_REFUSED("twice", account_register(&f->p, &r, &done, &e), &e, CONFLICT, "/login");
    e = (struct err){0};
    r = (struct registration){"13812345679", "韩梅梅韩梅梅韩梅梅韩梅梅韩梅梅", "韩梅梅", NULL};
    CHECK_REFUSED("own name", account_register(&f->p, &r, &done, &e), &e, INVALID, "/password");
    fixture_destroy(f);
}

void account_changes_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct staff *admin = fixture_account(f, "security", R(security_admin));
    struct staff *staff = fixture_account(f, "registrar", R(registrar));
    struct account now;
    struct account_change c = {.id = staff->account.id, .roles = R(registrar) | R(issuer)};
    CHECK_OK("roles", account_change(&admin->p, &c, &e), &e);
    CHECK_OK("get", account_get(&admin->p, staff->account.id, &now, &e), &e);
    CHECK_INT("roles", now.roles, R(registrar) | R(issuer));
    CHECK("signed out", id_is_zero(fixture_viewer(f, staff->token).account));

    c.version = now.version - 1;
    CHECK_REFUSED("stale", account_change(&admin->p, &c, &e), &e, CONFLICT, "/version");
    e = (struct err){0};
    c = (struct account_change){.id = admin->account.id, .roles = R(system_admin)};
    CHECK_REFUSED("oneself", account_change(&admin->p, &c, &e), &e, FORBIDDEN, "id");
    e = (struct err){0};
    c = (struct account_change){.id = admin->account.id, .state = ACCOUNT_DISABLED};
    CHECK_REFUSED("the last", account_change(&staff->p, &c, &e), &e, RULE, "/roles");
    e = (struct err){0};
    c = (struct account_change){.id = staff->account.id, .roles = R(candidate)};
    CHECK_REFUSED("no candidate", account_change(&admin->p, &c, &e), &e, RULE, "/roles");
    e = (struct err){0};
    c = (struct account_change){.id = staff->account.id, .state = ACCOUNT_DISABLED};
    CHECK_OK("disable", account_change(&admin->p, &c, &e), &e);
    struct sign_in_done done;
    struct sign_in_try t = {
        .login = "registrar", .password = FIXTURE_PASSWORD, .code = fixture_code(staff)};
    CHECK_REFUSED("disabled", sign_in(&f->p, &t, &done, &e), &e, UNAUTHENTICATED, "login");

    struct people foreign = admin->p;
    struct actor who = admin->who;
    who.body = (struct id){{7}};
    foreign.who = &who;
    e = (struct err){0};
    CHECK_REFUSED("another body's", account_change(&foreign, &c, &e), &e, NOT_FOUND, "account");
    fixture_destroy(f);
}

void account_reset_test(void)
{
    struct fixture *f = fixture_create();
    struct err e = {0};
    struct sign_in_done done;
    char first[FIRST_PASSWORD_BYTES];
    struct staff *admin = fixture_account(f, "security", R(security_admin));
    struct staff *staff = fixture_account(f, "registrar", R(registrar));
    CHECK_REFUSED("oneself",
                  account_reset_password(&admin->p, admin->account.id, true, first, &e), &e,
                  FORBIDDEN, "id");
    e = (struct err){0};
    CHECK_OK("reset", account_reset_password(&admin->p, staff->account.id, true, first, &e),
             &e);
    CHECK("signed out", id_is_zero(fixture_viewer(f, staff->token).account));
    struct sign_in_try t = {.login = "registrar", .password = first};
    CHECK_OK("without a code", sign_in(&f->p, &t, &done, &e), &e);
    CHECK("must change", done.account.must_change_password && !done.account.totp_enrolled);
    t.code = staff->enrolled.codes[0];
    t.password = FIXTURE_PASSWORD;
    CHECK_REFUSED("the old one", sign_in(&f->p, &t, &done, &e), &e, UNAUTHENTICATED, "login");

    struct account *list;
    size_t count;
    struct account_filter by = {.role = ROLE_registrar, .limit = 10};
    e = (struct err){0};
    CHECK_OK("list", account_list(&admin->p, &by, &list, &count, &e), &e);
    CHECK("one registrar", count == 1 && id_equal(list[0].id, staff->account.id));
    by.role = ROLE_NONE;
    CHECK_OK("list", account_list(&admin->p, &by, &list, &count, &e), &e);
    CHECK_INT("all", count, 2);
    fixture_destroy(f);
}

struct faulty {
    struct fixture *f;
    struct staff *admin;
    struct account made;
    struct id imported;
    int tries;
};

static bool run_create(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {
        .login = "13800000003", .display_name = "钱某", .roles = R(candidate)};
    return account_create(&x->admin->p, &n, &x->made, first, e);
}

static bool run_open(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    char first[FIRST_PASSWORD_BYTES];
    return account_open(&x->admin->p, x->imported, &x->made, first, e);
}

static bool run_register(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct registration r = {"13800000004", "vkqz-pmwt-xrbnd-2", "孙某", NULL};
    struct sign_in_done done;
    bool ok = account_register(&x->f->p, &r, &done, e);
    x->made = done.account;
    return ok;
}

static bool run_change(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct account_change c = {.id = x->made.id, .state = ACCOUNT_DISABLED};
    return account_change(&x->admin->p, &c, e);
}

static bool run_reset(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    char first[FIRST_PASSWORD_BYTES];
    return account_reset_password(&x->admin->p, x->made.id, true, first, e);
}

static bool run_body(void *ctx, struct err *e)
{
    struct faulty *x = ctx;
    struct body other = {.name = "另一机构"};
    return body_create(x->f->t->db, &x->f->who, &other, e);
}

void account_faults_test(void)
{
    struct fixture *f = fixture_create();
    struct faulty x = {.f = f, .admin = fixture_account(f, "security", R(security_admin))};
    struct person_input table = {.name = "吴某", .phone = "13800000005"};
    struct err e = {0};
    CHECK_OK("imported", person_save(&x.admin->p, &table, &x.imported, &e), &e);
    fixture_fault_loop(f, "create", run_create, &x);
    fixture_fault_loop(f, "open", run_open, &x);
    fixture_fault_loop(f, "register", run_register, &x);
    fixture_fault_loop(f, "change", run_change, &x);
    fixture_fault_loop(f, "reset", run_reset, &x);
    fixture_fault_loop(f, "body", run_body, &x);
    fixture_destroy(f);
}

void body_numbers_test(void)
{
    struct fixture *f = fixture_create();
    struct body good = {.name = "备案机构",
                        .is_filed = true,
                        .type_letter = "S",
                        .filed_code = "0000",
                        .province = "44",
                        .site_serial = "990001",
                        .profile = PASSWORD_DENGBAO};
    struct body back, bad;
    struct err e = {0};
    fixture_wait(f, 1);
    CHECK_OK("good", body_create(f->t->db, &f->who, &good, &e), &e);
    CHECK_OK("get", body_get(f->t->db, f->t->arena, good.id, &back, &e), &e);
    CHECK_TEXT("serial", back.site_serial, "990001");
    CHECK("flags", back.is_filed && !back.is_demo && back.profile == PASSWORD_DENGBAO);
    CHECK_OK("first", body_first(f->t->db, f->t->arena, &back, &e), &e);
    CHECK("the older", id_equal(back.id, f->body.id));
    bad = good;
    bad.filed_code = "123";
    CHECK_REFUSED("code", body_create(f->t->db, &f->who, &bad, &e), &e, INVALID, "/filed_code");
    e = (struct err){0};
    bad = good;
    bad.type_letter = "X";
    CHECK_REFUSED("type", body_create(f->t->db, &f->who, &bad, &e), &e, INVALID,
                  "/type_letter");
    fixture_destroy(f);
}
