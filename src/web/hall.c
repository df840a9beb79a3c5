/* web/hall.c - for tests of applications over HTTP. */
#include "web/hall.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/workday.h"
#include "entry/image.h"
#include "people/account.h"
#include "people/people.h"
#include "people/viewer.h"

const char *hall_text(struct hall *h, const char *fmt, const char *one, const char *two)
{
    return arena_printf(h->site->t->arena, fmt, one, two);
}

struct asker hall_staff(struct hall *h, const char *login, uint32_t roles, struct id partner)
{
    struct err e = {0};
    struct actor who = h->site->t->actor;
    struct people p = {h->site->t->db, h->site->t->arena, h->site->t->master, &who};
    struct account made;
    char first[FIRST_PASSWORD_BYTES], code[7];
    struct account_new n = {.login = login,
                            .display_name = login,
                            .roles = roles,
                            .partner = partner,
                            .password = HALL_PASSWORD};
    struct asker a = {.site = h->site};
    struct bytes seed;
    who.now_ms = clock_now_ms();
    CHECK_OK(login, account_create(&p, &n, &made, first, &e), &e);
    const char *body = hall_text(h, "{\"login\":\"%s\",\"password\":\"%s\"}", login,
                                 HALL_PASSWORD);
    CHECK_INT("sign in", ask(&a, "POST", "/api/sign-in", body), 200);
    CHECK_INT("offer", ask(&a, "POST", "/api/me/totp", "{}"), 200);
    const char *secret = ask_text(&a, "secret");
    CHECK("secret", secret && base32_read(h->site->t->arena, secret, strlen(secret), &seed));
    totp_code(code, seed.at, seed.len, clock_now_ms());
    CHECK_INT(
        "enrol",
        ask(&a, "POST", "/api/me/totp/confirm", hall_text(h, "{\"code\":\"%s\"%s}", code, "")),
        200);
    a.seed = seed;
    return a;
}

struct asker hall_applicant(struct hall *h, const char *phone, const char *document)
{
    struct asker a = {.site = h->site};
    const char *body = hall_text(
        h, "{\"login\":\"%s\",\"password\":\"%s\",\"display_name\":\"韩梅梅\"}", phone,
        HALL_PASSWORD);
    CHECK_INT("register", ask(&a, "POST", "/api/register", body), 201);
    CHECK_INT("sign in",
              ask(&a, "POST", "/api/sign-in",
                  hall_text(h, "{\"login\":\"%s\",\"password\":\"%s\"}", phone, HALL_PASSWORD)),
              200);
    body = hall_text(
        h,
        "{\"name\":\"韩梅梅\",\"document_kind\":\"resident_id\",\"document_number\":"
        "\"%s\",\"phone\":\"%s\"}",
        document, phone);
    CHECK_INT("identity", ask(&a, "PUT", "/api/my/person", body), 200);
    return a;
}

void hall_batch(struct hall *h, int days)
{
    char from[DATE_TEXT_BYTES];
    int64_t now = clock_now_ms();
    date_write(date_of_instant(now, CHINA_OFFSET_MS) + days, from);
    const char *body = arena_printf(
        h->site->t->arena,
        "{\"title\":\"第一批\",\"programme\":\"national-2023\",\"apply_from_ms\":%lld,"
        "\"apply_until_ms\":%lld,\"exam_from\":\"%s\",\"exam_until\":\"%s\","
        "\"levels\":[{\"level\":4}],\"policy\":{\"result_days\":10}}",
        (long long)now - 1000, (long long)now + 30 * (long long)DAY_MS, from, from);
    CHECK_INT("batch", ask(&h->registrar, "POST", "/api/batches", body), 201);
    h->batch = ask_text(&h->registrar, "batch/id");
    CHECK_TEXT("open", ask_text(&h->registrar, "batch/state"), "open");
}

struct hall *hall_open(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct hall *h = arena_new(s->t->arena, struct hall);
    h->site = s;
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, &h->set, &e), &e);
    s->app.programmes = &h->set;
    s->app.calendar = workday_calendar_embedded(s->t->arena, &e);
    h->registrar = hall_staff(h, "registrar", R(registrar), (struct id){0});
    hall_batch(h, 40);
    h->candidate = hall_applicant(h, "13800000001", "11010519491231002X");
    h->other = hall_applicant(h, "13800000002", "110100200002299999");
    return h;
}

void hall_close(struct hall *h)
{
    site_stop(h->site);
}

struct bytes hall_photo(struct arena *a)
{
    struct err e = {0};
    struct bytes out;
    struct image im = {arena_alloc(a, 590 * 826, 3), 590, 826, 590, 826};
    memset(im.rgb, 255, 590 * 826 * 3);
    for (int y = 150; y < 826; y++)
        for (int x = 120; x < 470; x++)
            memset(im.rgb + (y * 590 + x) * 3, (x / 4 + y / 4) % 2 ? 60 : 170, 3);
    CHECK_OK("jpeg", image_encode_jpeg(a, &im, 90, &out, &e), &e);
    return out;
}

static int64_t version(struct asker *a)
{
    json_t *n = json_object_get(a->json, "entry");
    json_t *v = json_object_get(n ? n : a->json, "version");
    return json_integer_value(v);
}

const char *hall_version(struct asker *a, const char *more)
{
    return arena_printf(a->site->t->arena, "{\"version\":%lld%s}", (long long)version(a), more);
}

const char *hall_path(struct hall *h, const char *entry, const char *what)
{
    return hall_text(h, "/api/entries/%s%s", entry, what);
}

const char *hall_facts(struct hall *h, struct asker *c)
{
    CHECK_INT("start",
              ask(c, "POST", "/api/entries",
                  hall_text(h, "{\"batch\":\"%s\",\"level\":4%s}", h->batch, "")),
              201);
    const char *id = ask_text(c, "entry/id");
    CHECK_INT("save",
              ask(c, "PATCH", hall_path(h, id, ""),
                  hall_version(c, ",\"direction\":\"A\",\"facts\":{\"work\":[{\"occupation\":"
                                  "\"全媒体运营师\",\"from\":\"2012-03-01\"}]}")),
              200);
    return id;
}

void hall_consent_and_photo(struct hall *h, struct asker *c, const char *id)
{
    static const char *const kinds[] = {"personal", "sensitive"};
    for (int i = 0; i < 2; i++)
        CHECK_INT(
            "consent",
            ask(c, "POST", "/api/my/consents",
                hall_text(h, "{\"kind\":\"%s\",\"version\":\"%s\"}", kinds[i], "2026-1")) /
                100,
            2);
    CHECK_INT(
        "photo",
        ask_bytes(c, hall_path(h, id, "/photo"), "image/jpeg", hall_photo(h->site->t->arena)),
        200);
}

const char *hall_draft(struct hall *h, struct asker *c)
{
    const char *id = hall_facts(h, c);
    hall_consent_and_photo(h, c, id);
    return id;
}
