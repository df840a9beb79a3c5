/* web/entry_test.c - applying, reviewing and importing over HTTP, with an account for each role. */
#include "entry/entry.h"

#include "people/viewer.h"
#include "web/hall.h"

/* Draft with facts and photo; what is missing is told; the rest of the road. */
void applying_over_http_test(void)
{
    struct hall *h = hall_open();
    struct asker *c = &h->candidate, *r = &h->registrar;
    CHECK_INT("the batch is there", ask(c, "GET", "/api/batches", NULL), 200);
    CHECK_TEXT("open", ask_text(c, "batches/0/state"), "open");
    const char *id = hall_facts(h, c);
    CHECK_TEXT("the verdict stands beside it", ask_text(c, "verdict/verdict"), "unknown");
    CHECK_INT("too early", ask(c, "POST", hall_path(h, id, "/submit"), hall_version(c, "")),
              422);
    CHECK_TEXT("says what is missing", ask_text(c, "error/field"), "/consent");
    CHECK_INT("texts", ask(c, "GET", "/api/consent-texts", NULL), 200);
    hall_consent_and_photo(h, c, id);
    CHECK("found good",
          !json_is_true(json_object_get(json_object_get(c->json, "photo"), "refused")));
    CHECK_INT("submit", ask(c, "POST", hall_path(h, id, "/submit"), hall_version(c, "")), 200);
    CHECK_TEXT("submitted", ask_text(c, "entry/state"), "submitted");
    CHECK_INT("road", ask(c, "GET", "/api/my/road", NULL), 200);
    CHECK_TEXT("next", ask_text(c, "entries/0/next/code"), "review");

    CHECK_INT("queue",
              ask(r, "GET",
                  hall_text(h, "/api/batches/%s/entries%s", h->batch, "?state=submitted"),
                  NULL),
              200);
    CHECK_TEXT("one", ask_text(r, "entries/0/name"), "韩梅梅");
    CHECK_INT("open it", ask(r, "GET", hall_path(h, id, ""), NULL), 200);
    CHECK_TEXT("masked", ask_text(r, "person/document_number"), "110105********002X");
    CHECK_INT("confirm",
              ask(r, "PATCH", hall_path(h, id, "/facts"),
                  hall_version(r, ",\"rulings\":[{\"fact\":\"/work/0\",\"evidence\":"
                                  "\"proved\"}]")),
              200);
    CHECK_TEXT("met", ask_text(r, "verdict/verdict"), "met");
    CHECK_INT("accept", ask(r, "POST", hall_path(h, id, "/accept"), hall_version(r, "")), 200);
    CHECK_TEXT("accepted", ask_text(r, "entry/state"), "accepted");
    CHECK_INT("timeline", ask(r, "GET", hall_text(h, "/api/batches/%s%s", h->batch, ""), NULL),
              200);
    CHECK_TEXT("stage", ask_text(r, "stages/1/code"), "reviewed");
    CHECK_INT("history", ask(r, "GET", hall_path(h, id, "/history"), NULL), 200);
    CHECK_TEXT("newest first", ask_text(r, "history/0/act"), "entry_accept");
    hall_close(h);
}

/* Another candidate, an unknown state, a stale version, a wrong type, a body too many. */
void applying_refusals_over_http_test(void)
{
    struct hall *h = hall_open();
    struct asker *c = &h->candidate, *o = &h->other, *r = &h->registrar;
    CHECK_INT("start",
              ask(c, "POST", "/api/entries",
                  hall_text(h, "{\"batch\":\"%s\",\"level\":4%s}", h->batch, "")),
              201);
    const char *id = ask_text(c, "entry/id");
    static const struct {
        const char *what, *method, *more, *body;
        long want;
    } foreign[] = {
        {"read", "GET", "", NULL, 404},
        {"save", "PATCH", "", "{\"version\":1}", 404},
        {"submit", "POST", "/submit", "{\"version\":1}", 404},
        {"withdraw", "POST", "/withdraw", "{\"version\":1}", 404},
        {"photo", "GET", "/photo", NULL, 404},
        {"history", "GET", "/history", NULL, 404},
        {"accept", "POST", "/accept", "{\"version\":1}", 403},
        {"facts", "PATCH", "/facts", "{\"version\":1}", 403},
    };
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        CHECK_INT(foreign[i].what,
                  ask(o, foreign[i].method, hall_path(h, id, foreign[i].more), foreign[i].body),
                  foreign[i].want);
    CHECK_INT("own list only", ask(o, "GET", "/api/my/entries", NULL), 200);
    CHECK("empty", !ask_text(o, "entries/0/id"));
    CHECK_INT("queue is not for candidates",
              ask(o, "GET", hall_text(h, "/api/batches/%s/entries%s", h->batch, ""), NULL),
              403);
    CHECK_INT("unknown member",
              ask(c, "PATCH", hall_path(h, id, ""), "{\"version\":1,\"state\":\"accepted\"}"),
              400);
    CHECK_TEXT("its pointer", ask_text(c, "error/field"), "/state");
    CHECK_INT("old version",
              ask(c, "PATCH", hall_path(h, id, ""), "{\"version\":9,\"level\":4}"), 409);
    struct bytes gif = {(const unsigned char *)"GIF89a", 6};
    CHECK_INT("a GIF", ask_bytes(c, hall_path(h, id, "/photo"), "image/gif", gif), 415);
    CHECK_INT("that says JPEG", ask_bytes(c, hall_path(h, id, "/photo"), "image/jpeg", gif),
              415);
    CHECK_INT("level out of range",
              ask(c, "POST", "/api/entries",
                  hall_text(h, "{\"batch\":\"%s\",\"level\":7%s}", h->batch, "")),
              422);
    CHECK_INT(
        "a state that is none",
        ask(r, "GET", hall_text(h, "/api/batches/%s/entries%s", h->batch, "?state=x"), NULL),
        400);
    hall_close(h);
}

/* Whom a table registered gets an account from the registrar, and agrees and submits alone. */
static void imported_agrees(struct hall *h, const char *entry, struct asker *partner)
{
    struct asker *r = &h->registrar, c = {.site = h->site};
    CHECK_INT("the application",
              ask(r, "GET", hall_text(h, "/api/entries/%s%s", entry, ""), NULL), 200);
    CHECK("nobody signs in for it",
          !json_is_true(json_object_get(json_object_get(r->json, "person"), "has_account")));
    const char *path = hall_text(h, "/api/persons/%s/account%s", ask_text(r, "person/id"), "");
    CHECK_INT("not by the partner", ask(partner, "POST", path, NULL), 403);
    CHECK_INT("opened", ask(r, "POST", path, NULL), 201);
    CHECK_TEXT("the number is masked", ask_text(r, "login"), "138****0008");
    const char *first = ask_text(r, "first_password");
    CHECK_INT("once", ask(r, "POST", path, NULL), 409);
    CHECK_TEXT("why", ask_text(r, "error/field"), "/account");
    CHECK_INT("sign in",
              ask(&c, "POST", "/api/sign-in",
                  hall_text(h, "{\"login\":\"13800000008\",\"password\":\"%s\"%s}", first, "")),
              200);
    CHECK_INT("not with the first password", ask(&c, "GET", "/api/my/entries", NULL), 403);
    CHECK_INT("one's own",
              ask(&c, "POST", "/api/me/password",
                  hall_text(h, "{\"old\":\"%s\",\"new\":\"%s\"}", first, HALL_PASSWORD)),
              200);
    CHECK_INT("own list", ask(&c, "GET", "/api/my/entries", NULL), 200);
    CHECK_TEXT("the imported one", ask_text(&c, "entries/0/id"), entry);
    CHECK_INT(
        "not without reading",
        ask(&c, "POST", hall_text(h, "/api/entries/%s/submit%s", entry, ""), "{\"version\":1}"),
        422);
    CHECK_TEXT("the texts", ask_text(&c, "error/field"), "/consent");
}

void importing_over_http_test(void)
{
    struct hall *h = hall_open();
    struct asker *r = &h->registrar, p;
    static const char csv[] = "姓名,证件号码,手机,申报等级,职业方向\n"
                              "张三,11010519491231002X,13800000009,4,A\n"
                              "王五,110105194912310021,13800000009,4,A\n";
    const char *import = hall_text(h, "/api/batches/%s/import%s", h->batch, "");
    struct bytes file = {(const unsigned char *)csv, sizeof csv - 1};
    CHECK_INT("partner",
              ask(r, "POST", "/api/partners", "{\"name\":\"某某学院\",\"contact\":\"\"}"), 201);
    struct id partner;
    CHECK("id", id_read(ask_text(r, "partner/id"), &partner));
    p = hall_staff(h, "partner", R(partner), partner);
    CHECK_INT("import", ask_bytes(&p, import, "text/csv", file), 200);
    json_t *report = json_object_get(p.json, "report");
    CHECK_INT("one has another name here", json_integer_value(json_object_get(report, "added")),
              0);
    CHECK_INT("both refused", json_integer_value(json_object_get(report, "refused")), 2);
    static const char fresh[] = "姓名,证件号码,手机,申报等级,职业方向\n"
                                "赵六,110105199003078318,13800000008,4,A\n";
    file = (struct bytes){(const unsigned char *)fresh, sizeof fresh - 1};
    CHECK_INT("import", ask_bytes(&p, import, "text/csv", file), 200);
    report = json_object_get(p.json, "report");
    if (json_integer_value(json_object_get(report, "added")) != 1)
        print_error("%s\n", p.text);
    CHECK_INT("added", json_integer_value(json_object_get(report, "added")), 1);
    CHECK_INT("own candidates",
              ask(&p, "GET", hall_text(h, "/api/batches/%s/entries%s", h->batch, ""), NULL),
              200);
    CHECK_TEXT("the one", ask_text(&p, "entries/0/name"), "赵六");
    imported_agrees(h, ask_text(&p, "entries/0/id"), &p);
    CHECK_INT("template",
              ask(r, "GET",
                  hall_text(h, "/api/batches/%s/import/template.xlsx%s", h->batch, ""), NULL),
              200);
    CHECK_INT("runs",
              ask(r, "GET", hall_text(h, "/api/batches/%s/imports%s", h->batch, ""), NULL),
              200);
    struct id second = id_random();
    struct asker q = hall_staff(h, "another", R(partner), second);
    CHECK_INT("another partner",
              ask(&q, "GET", hall_text(h, "/api/batches/%s/entries%s", h->batch, ""), NULL),
              200);
    CHECK("sees none of them", !ask_text(&q, "entries/0/id"));
    hall_close(h);
}

void eligibility_over_http_test(void)
{
    struct hall *h = hall_open();
    static const struct {
        const char *what, *body;
        long status;
        const char *path, *want;
    } cases[] = {
        {"met",
         "{\"programme\":\"national-2023\",\"level\":4,\"facts\":{\"work\":[{"
         "\"occupation\":\"全媒体运营师\",\"from\":\"2012-03-01\"}]}}",
         200, "eligibility/verdict", "met"},
        {"nothing", "{\"programme\":\"national-2023\",\"level\":4,\"facts\":{}}", 200,
         "eligibility/verdict", "not_met"},
        {"no such programme", "{\"programme\":\"x\",\"level\":4,\"facts\":{}}", 400,
         "error/field", "/programme"},
        {"no such level", "{\"programme\":\"national-2023\",\"level\":9,\"facts\":{}}", 400,
         "error/field", "/level"},
        {"a date that is none",
         "{\"programme\":\"national-2023\",\"level\":4,\"facts\":{"
         "\"work\":[{\"occupation\":\"x\",\"from\":\"2012-02-30\"}]}}",
         400, "error/field", "/facts/work/0/from"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(cases[i].what, ask(&h->candidate, "POST", "/api/eligibility", cases[i].body),
                  cases[i].status);
        CHECK_TEXT(cases[i].what, ask_text(&h->candidate, cases[i].path), cases[i].want);
    }
    CHECK_INT("states", ask(&h->candidate, "GET", "/api/states", NULL), 200);
    CHECK_TEXT("first", ask_text(&h->candidate, "entry/0/name"), "draft");
    hall_close(h);
}
