/* web/auth_test.c - S34, S35 and S36 over HTTP, against every row of the route table. */
#include "web/asker.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "people/account.h"
#include "people/people.h"
#include "web/route.h"

#define PASSWORD "vkqz-pmwt-xrbnd-2"

static const char registration[] = "{\"login\":\"13800000001\",\"password\":\"" PASSWORD
                                   "\",\"display_name\":\"韩梅梅\"}";
static const char right[] = "{\"login\":\"13800000001\",\"password\":\"" PASSWORD "\"}";
static const char wrong[] = "{\"login\":\"13800000001\",\"password\":\"not the one\"}";

/* {id} and {word} filled in, so that the row is found. */
static const char *path_of(struct site *s, const struct route *r)
{
    char *out = arena_alloc(s->t->arena, 600, 1), *to = out;
    for (const char *c = r->path; *c; c++) {
        const char *part = NULL;
        if (strncmp(c, "{id}", 4) == 0)
            part = "00112233445566778899aabbccddeeff";
        else if (strncmp(c, "{word}", 6) == 0)
            part = "kin";
        if (!part) {
            *to++ = *c;
            continue;
        }
        to += snprintf(to, 40, "%s", part);
        c = strchr(c, '}');
    }
    return out;
}

static const char *method_of(const struct route *r)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return names[r->method];
}

static const char *body_of(const struct route *r)
{
    return r->body_max > 0 ? "{}" : NULL;
}

static struct asker candidate(struct site *s)
{
    struct asker a = {.site = s};
    CHECK_INT("register", ask(&a, "POST", "/api/register", registration), 201);
    CHECK("with a sign-in", *a.cookie);
    CHECK_INT("that counts", ask(&a, "GET", "/api/me", NULL), 200);
    CHECK_TEXT("for the new account", ask_text(&a, "account/login"), "138****0001");
    CHECK_INT("sign in", ask(&a, "POST", "/api/sign-in", right), 200);
    return a;
}

/* A first password: staff who have neither changed it nor enrolled. */
static struct asker new_staff(struct site *s, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct actor who = s->t->actor;
    struct people p = {s->t->db, s->t->arena, s->t->master, &who};
    struct account made;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {.login = login, .display_name = "周试", .roles = roles};
    struct asker a = {.site = s};
    who.now_ms = clock_now_ms();
    CHECK_OK("staff", account_create(&p, &n, &made, first, &e), &e);
    const char *body = arena_printf(s->t->arena, "{\"login\":\"%s\",\"password\":\"%s\"}",
                                    login, first);
    CHECK_INT("sign in", ask(&a, "POST", "/api/sign-in", body), 200);
    body = arena_printf(s->t->arena, "{\"old\":\"%s\",\"new\":\"" PASSWORD "\"}", first);
    CHECK_INT("reaches nothing", ask(&a, "GET", "/api/approvals", NULL), 403);
    CHECK_TEXT("but the password", ask_text(&a, "error/field"), "password");
    CHECK_INT("change", ask(&a, "POST", "/api/me/password", body), 200);
    return a;
}

/* Enrols with the page's own calls. */
static void enrol(struct asker *a)
{
    struct bytes seed;
    char code[7], body[40];
    CHECK_INT("offer", ask(a, "POST", "/api/me/totp", "{}"), 200);
    const char *secret = ask_text(a, "secret");
    CHECK("secret", secret && base32_read(a->site->t->arena, secret, strlen(secret), &seed));
    totp_code(code, seed.at, seed.len, clock_now_ms());
    snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
    CHECK_INT("confirm", ask(a, "POST", "/api/me/totp/confirm", body), 200);
    CHECK("recovery codes", ask_text(a, "recovery_codes/9"));
}

void cookie_is_exact_test(void)
{
    struct site *s = site_start();
    struct asker a = candidate(s);
    CHECK("value", strncmp(a.set_cookie, "heng=", 5) == 0);
    CHECK_INT("43 characters", strcspn(a.set_cookie + 5, ";"), 43);
    CHECK_TEXT("attributes", strchr(a.set_cookie, ';'), "; Path=/; HttpOnly; SameSite=Strict");
    CHECK_TEXT("role", ask_text(&a, "account/roles/0"), "candidate");
    s->app.behind_tls = true;
    CHECK_INT("behind TLS", ask(&a, "POST", "/api/sign-in", right), 200);
    CHECK("prefix", strncmp(a.set_cookie, "__Host-heng=", 12) == 0);
    CHECK_TEXT("attributes", strchr(a.set_cookie, ';'),
               "; Path=/; HttpOnly; SameSite=Strict; Secure");
    site_stop(s);
}

void road_of_a_candidate_test(void)
{
    struct site *s = site_start();
    struct asker a = candidate(s), stranger = {.site = s};
    char old[sizeof a.cookie];
    CHECK_INT("me", ask(&a, "GET", "/api/me", NULL), 200);
    CHECK_TEXT("name", ask_text(&a, "account/display_name"), "韩梅梅");
    CHECK_TEXT("body", ask_text(&a, "body/name"), "衡阳测试评价中心");
    CHECK_INT("nobody", ask(&stranger, "GET", "/api/me", NULL), 401);
    CHECK_INT("save",
              ask(&a, "PUT", "/api/my/person",
                  "{\"document_kind\":\"resident_id\",\"document_number\":"
                  "\"11010519491231002x\",\"email\":\"a@example.com\"}"),
              200);
    CHECK_TEXT("masked", ask_text(&a, "person/document_number"), "110105********002X");
    CHECK_TEXT("birth", ask_text(&a, "person/birth"), "1949-12-31");
    CHECK("never in full", !strstr(a.text, "19491231"));
    CHECK_INT("the mask comes back",
              ask(&a, "PUT", "/api/my/person",
                  "{\"document_kind\":\"resident_id\","
                  "\"document_number\":\"110105********002X\"}"),
              200);
    CHECK_INT("unknown field", ask(&a, "PUT", "/api/my/person", "{\"king\":true}"), 400);
    CHECK_TEXT("named", ask_text(&a, "error/field"), "/king");
    CHECK_INT("texts", ask(&stranger, "GET", "/api/consent-texts", NULL), 200);
    const char *version = ask_text(&stranger, "texts/1/version");
    const char *body = arena_printf(s->t->arena, "{\"kind\":\"sensitive\",\"version\":\"%s\"}",
                                    version);
    CHECK_INT("consent", ask(&a, "POST", "/api/my/consents", body), 200);
    CHECK_TEXT("kind", ask_text(&a, "consents/0/kind"), "sensitive");
    CHECK_INT("withdraw", ask(&a, "DELETE", "/api/my/consents/sensitive", NULL), 200);

    memcpy(old, a.cookie, sizeof old);
    CHECK_INT("password",
              ask(&a, "POST", "/api/me/password",
                  "{\"old\":\"" PASSWORD "\",\"new\":\"wtrl-zqpk-mnvx-71\"}"),
              200);
    memcpy(stranger.cookie, old, sizeof old);
    CHECK_INT("the old cookie", ask(&stranger, "GET", "/api/me", NULL), 401);
    CHECK_INT("the new one", ask(&a, "GET", "/api/me", NULL), 200);
    CHECK_INT("sign out", ask(&a, "POST", "/api/sign-out", NULL), 204);
    CHECK("cookie cleared",
          strstr(a.set_cookie, "heng=; ") && strstr(a.set_cookie, "Max-Age=0"));
    CHECK_INT("out", ask(&a, "GET", "/api/me", NULL), 401);
    CHECK_INT("twice is fine", ask(&a, "POST", "/api/sign-out", NULL), 204);
    site_stop(s);
}

/* S36: no page but ours changes anything, whatever cookie the browser sends along. */
void foreign_pages_change_nothing_test(void)
{
    static const char *const no_header[] = {"Sec-Fetch-Site: same-origin",
                                            "Content-Type: application/json", NULL};
    static const char *const cross_site[] = {"Sec-Fetch-Site: cross-site", "Heng-Request: 1",
                                             "Content-Type: application/json", NULL};
    static const char *const same_site[] = {"Sec-Fetch-Site: same-site", "Heng-Request: 1",
                                            "Content-Type: application/json", NULL};
    static const char *const origin[] = {"Origin: http://evil.example", "Heng-Request: 1",
                                         "Content-Type: application/json", NULL};
    static const char *const null_origin[] = {"Origin: null", "Heng-Request: 1", NULL};
    static const char *const form[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    static const char *const simple[] = {"Content-Type: text/plain", NULL};
    static const char *const *const ways[] = {no_header,   cross_site, same_site, origin,
                                              null_origin, form,       simple};
    struct site *s = site_start();
    struct asker a = candidate(s);
    const struct route *r;
    int rows = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (r->method == METHOD_GET || r->who == MAY_ATTEMPT || r->who == MAY_NODE || r->form)
            continue;
        rows++;
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
            CHECK_INT(r->path, ask_with(&a, method_of(r), path_of(s, r), body_of(r), ways[k]),
                      403);
    }
    CHECK("there were some", rows > 10);
    CHECK_INT("still signed in", ask(&a, "GET", "/api/me", NULL), 200);
    char ours[100];
    snprintf(ours, sizeof ours, "Origin: %s", s->url);
    const char *const text[] = {ours, "Heng-Request: 1", "Content-Type: text/plain", NULL};
    CHECK_INT("our page, but no JSON", ask_with(&a, "POST", "/api/sign-in", right, text), 415);
    site_stop(s);
}

static bool open_before_enrolment(enum may who)
{
    return who == MAY_ANYONE || who == MAY_ATTEMPT || who == MAY_NODE || who == MAY_ENROL_TOTP;
}

/* S35: every other row of the table is shut, to staff without TOTP and to nobody at all. */
void staff_enrol_before_anything_test(void)
{
    struct site *s = site_start();
    struct asker staff = new_staff(s, "everything",
                                   R(registrar) | R(item_author) | R(item_reviewer) |
                                       R(marker) | R(examiner) | R(head_examiner) |
                                       R(panel_member) | R(invigilator) | R(issuer) |
                                       R(quality_supervisor) | R(release_officer)),
                 nobody = {.site = s};
    const struct route *r;
    int rows = 0;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (open_before_enrolment(r->who))
            continue;
        rows++;
        CHECK_INT(r->path, ask(&staff, method_of(r), path_of(s, r), body_of(r)), 403);
        CHECK_INT(r->path, ask(&nobody, method_of(r), path_of(s, r), body_of(r)), 401);
    }
    CHECK("there were some", rows > 10);
    char before[sizeof staff.cookie];
    memcpy(before, staff.cookie, sizeof before);
    enrol(&staff);
    CHECK("a new token", strcmp(before, staff.cookie) != 0);
    CHECK_INT("open", ask(&staff, "GET", "/api/approvals", NULL), 200);
    CHECK_INT("not all", ask(&staff, "GET", "/api/accounts", NULL), 403);
    memcpy(staff.cookie, before, sizeof before);
    CHECK_INT("the old token", ask(&staff, "GET", "/api/approvals", NULL), 401);
    site_stop(s);
}

void security_admin_makes_accounts_test(void)
{
    struct site *s = site_start();
    struct asker admin = new_staff(s, "security", R(security_admin)), other = {.site = s};
    enrol(&admin);
    CHECK_INT("make",
              ask(&admin, "POST", "/api/accounts",
                  "{\"login\":\"marker1\",\"display_name\":\"阅卷\",\"roles\":"
                  "[\"marker\"]}"),
              201);
    const char *id = ask_text(&admin, "account/id");
    const char *first = ask_text(&admin, "first_password");
    const char *body = arena_printf(s->t->arena, "{\"login\":\"marker1\",\"password\":\"%s\"}",
                                    first);
    CHECK_INT("sign in", ask(&other, "POST", "/api/sign-in", body), 200);
    CHECK_INT("roles apart",
              ask(&admin, "POST", "/api/accounts",
                  "{\"login\":\"x1\",\"display_name\":\"x\",\"roles\":"
                  "[\"system_admin\",\"audit_admin\"]}"),
              422);
    CHECK_INT("unknown role",
              ask(&admin, "POST", "/api/accounts",
                  "{\"login\":\"x1\",\"display_name\":\"x\",\"roles\":[\"king\"]}"),
              400);
    CHECK_TEXT("named", ask_text(&admin, "error/field"), "/roles/0");
    const char *path = arena_printf(s->t->arena, "/api/accounts/%s/roles", id);
    CHECK_INT("roles", ask(&admin, "POST", path, "{\"roles\":[\"marker\",\"issuer\"]}"), 200);
    CHECK_INT("ends sign-ins", ask(&other, "GET", "/api/me", NULL), 401);
    path = arena_printf(s->t->arena, "/api/accounts/%s/disable", id);
    CHECK_INT("disable", ask(&admin, "POST", path, NULL), 200);
    CHECK_TEXT("state", ask_text(&admin, "account/state"), "disabled");
    CHECK_INT("out", ask(&other, "POST", "/api/sign-in", body), 401);
    CHECK_INT("list", ask(&admin, "GET", "/api/accounts?role=marker", NULL), 200);
    CHECK_TEXT("in it", ask_text(&admin, "accounts/0/login"), "marker1");
    site_stop(s);
}

/* S34: the sixth waits; a wrong pair does not tell which half was wrong. */
void sixth_wrong_password_waits_test(void)
{
    struct site *s = site_start();
    struct asker a = {.site = s};
    CHECK_INT("register", ask(&a, "POST", "/api/register", registration), 201);
    for (int i = 0; i < 5; i++) {
        CHECK_INT("wrong", ask(&a, "POST", "/api/sign-in", wrong), 401);
        CHECK_TEXT("code", ask_text(&a, "error/code"), "unauthenticated");
    }
    CHECK_INT("the sixth", ask(&a, "POST", "/api/sign-in", right), 429);
    CHECK("says for how long", a.retry_after > 50 && a.retry_after <= 60);
    CHECK("no cookie", !*a.set_cookie);
    site_stop(s);
}

/* However many names are tried, an address has thirty tries a minute. */
void an_address_has_thirty_tries_test(void)
{
    struct site *s = site_start();
    struct asker a = {.site = s};
    int refused = 0;
    for (int i = 0; i < 40; i++) {
        const char *body = arena_printf(s->t->arena,
                                        "{\"login\":\"139000000%02d\",\"password\":\"x\"}", i);
        long status = ask(&a, "POST", "/api/sign-in", body);
        CHECK("401 or 429", status == 401 || status == 429);
        refused += status == 429;
    }
    CHECK("ten were too many", refused >= 9 && refused <= 10);
    site_stop(s);
}

/* What an answer says: without the number of its request. */
static const char *said(struct asker *a, long status)
{
    const char *code = ask_text(a, "error/code"), *text = ask_text(a, "error/text");
    return arena_printf(a->site->t->arena, "%ld %s %s", status, code ? code : "-",
                        text ? text : a->text);
}

/* S36: the exam and the look-ups by form know nobody's sign-in: with a true cookie, with a false one and
 * without any they say the same. */
void exam_addresses_ignore_cookies_test(void)
{
    struct site *s = site_start();
    struct asker a = candidate(s), false_cookie = a, nobody = a;
    const struct route *r;
    int rows = 0;
    memset(false_cookie.cookie + 5, 'A', 43);
    nobody.cookie[0] = '\0';
    for (size_t i = 0; (r = route_at(i)); i++) {
        if ((r->who != MAY_ATTEMPT && !r->form) || strstr(r->path, "/events"))
            continue;
        const char *method = method_of(r), *path = path_of(s, r), *body = body_of(r);
        const char *with = said(&a, ask(&a, method, path, body));
        rows++;
        CHECK_TEXT(r->path, said(&false_cookie, ask(&false_cookie, method, path, body)), with);
        CHECK_TEXT(r->path, said(&nobody, ask(&nobody, method, path, body)), with);
    }
    CHECK("there were some", rows > 8);
    CHECK_INT("still signed in", ask(&a, "GET", "/api/me", NULL), 200);
    site_stop(s);
}
