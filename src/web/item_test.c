/* web/item_test.c - the bank over HTTP: written, handed in, approved by two, composed, printed. */
#include "web/asker.h"

#include <stdio.h>

#include "bank/kind.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/embed.h"
#include "base/json.h"
#include "people/account.h"
#include "people/people.h"
#include "programme/programme.h"

#define PASSWORD "vkqz-pmwt-xrbnd-2"

static struct asker staff(struct site *s, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct actor who = s->t->actor;
    struct people p = {s->t->db, s->t->arena, s->t->master, &who};
    struct account made;
    struct bytes seed;
    char first[FIRST_PASSWORD_BYTES], code[7];
    struct account_new n = {
        .login = login, .display_name = "题库人员", .roles = roles, .password = PASSWORD};
    struct asker a = {.site = s};
    who.now_ms = clock_now_ms();
    who.body = s->body.id;
    CHECK_OK("account", account_create(&p, &n, &made, first, &e), &e);
    CHECK_INT("sign in",
              ask(&a, "POST", "/api/sign-in",
                  arena_printf(s->t->arena, "{\"login\":\"%s\",\"password\":\"%s\"}", login,
                               PASSWORD)),
              200);
    CHECK_INT("offer", ask(&a, "POST", "/api/me/totp", "{}"), 200);
    const char *secret = ask_text(&a, "secret");
    CHECK("secret", secret && base32_read(s->t->arena, secret, strlen(secret), &seed));
    totp_code(code, seed.at, seed.len, clock_now_ms());
    CHECK_INT("confirm",
              ask(&a, "POST", "/api/me/totp/confirm",
                  arena_printf(s->t->arena, "{\"code\":\"%s\"}", code)),
              200);
    return a;
}

static struct site *start(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct programme_set *set = arena_new(s->t->arena, struct programme_set);
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, set, &e), &e);
    s->app.programmes = set;
    s->app.data_folder = s->t->folder;
    return s;
}

#define OBJECT(stem)                                                                                \
    "{\"id\":\"w-1\",\"kind\":\"single\",\"levels\":[4],\"points\":[\"B2.1.1\"],\"stem\":"          \
    "\"" stem                                                                                       \
    "\",\"options\":[\"甲\",\"乙\",\"丙\",\"丁\"],\"key\":\"B\",\"explanation\":\"因为乙\"," \
    "\"difficulty\":2,\"cognitive\":\"apply\",\"importance\":\"X\"}"
#define NEW(stem) "{\"programme\":\"national-2023\",\"object\":" OBJECT(stem) "}"

#define THEORY                                                                                 \
    "\"name\":\"A\",\"programme\":\"national-2023\",\"component\":\"theory\",\"level\":4,"     \
    "\"direction\":\"A\""

static const char *compose_body(struct arena *a, const char *field, const char *id)
{
    return arena_printf(a, "{" THEORY ",\"%s\":[\"%s\"]}", field, id);
}

/* An item under review can be neither asked for nor left out. */
static void refuse_what_is_not_live(struct asker *one, const char *id)
{
    struct arena *a = one->site->t->arena;
    static const char *const fields[] = {"must", "may_not"};
    for (size_t i = 0; i < 2; i++) {
        const char *body = compose_body(a, fields[i], id);
        CHECK_INT("not live", ask(one, "POST", "/api/forms/life", body), 400);
        CHECK_TEXT("named", ask_text(one, "error/field"), arena_printf(a, "/%s/0", fields[i]));
        CHECK_INT("nor solved", ask(one, "POST", "/api/forms/solve", body), 400);
        CHECK_INT("nor composed", ask(one, "POST", "/api/forms", body), 400);
    }
}

/* What a form must and may not hold, how often, and how much two of them may share. The bank has
 * one live item: what the limits do is seen in what is counted. */
static void limit_a_form(struct asker *one, const char *id)
{
    struct arena *a = one->site->t->arena;
    const char *life = "/api/forms/life";
    CHECK_INT("life", ask(one, "POST", life, "{" THEORY "}"), 200);
    CHECK("the item counts", strstr(one->text, "\"have\":1,"));
    CHECK("not one form", strstr(one->text, "\"forms\":0,"));
    CHECK_INT("asked for", ask(one, "POST", life, compose_body(a, "must", id)), 200);
    CHECK("it counts", strstr(one->text, "\"have\":1,"));
    CHECK_INT("left out", ask(one, "POST", life, compose_body(a, "may_not", id)), 200);
    CHECK("it does not count", !strstr(one->text, "\"have\":1,"));
    CHECK_INT("never used", ask(one, "POST", life, "{" THEORY ",\"exposure\":1}"), 200);
    CHECK("it counts", strstr(one->text, "\"have\":1,"));
    CHECK_INT("shared", ask(one, "POST", life, "{" THEORY ",\"overlap\":{\"items\":0}}"), 200);
    static const struct {
        const char *body, *field;
    } bad[] = {{"{" THEORY ",\"exposure\":-1}", "/exposure"},
               {"{" THEORY ",\"overlap\":{\"items\":-1}}", "/overlap/items"},
               {"{" THEORY ",\"overlap\":{}}", "/overlap/items"},
               {"{" THEORY ",\"must\":[\"w-1\"]}", "/must/0"},
               {"{" THEORY ",\"forms\":61}", "/forms"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT(bad[i].body, ask(one, "POST", life, bad[i].body), 400);
        CHECK_TEXT(bad[i].body, ask_text(one, "error/field"), bad[i].field);
    }
}

void item_road_test(void)
{
    struct site *s = start();
    struct arena *a = s->t->arena;
    struct asker author = staff(s, "author1", R(item_author)),
                 one = staff(s, "review1", R(item_reviewer)),
                 two = staff(s, "review2", R(item_reviewer)),
                 proof = staff(s, "proof1", R(item_reviewer)),
                 registrar = staff(s, "registrar1", R(registrar));

    CHECK_INT("preview", ask(&author, "POST", "/api/items/preview", NEW("问")), 200);
    CHECK("would do", ask_text(&author, "preview/stem") && !ask_text(&author, "refused/field"));
    CHECK_INT("half written", ask(&author, "POST", "/api/items/preview", NEW("")), 200);
    CHECK_TEXT("where", ask_text(&author, "refused/field"), "/object/stem");
    CHECK("why", *ask_text(&author, "refused/text") && !ask_text(&author, "preview/stem"));
    CHECK_INT("points at nothing",
              ask(&author, "POST", "/api/items/preview", NEW("如下图，问")), 200);
    CHECK("would do, but",
          ask_text(&author, "preview/stem") && strstr(ask_text(&author, "findings/0"), "下图"));
    CHECK_INT("half written", ask(&author, "POST", "/api/items/preview", NEW("")), 200);
    CHECK("no key in it", !strstr(author.text, "\"key\"") && !strstr(author.text, "因为乙"));
    CHECK_INT("write", ask(&author, "POST", "/api/items", NEW("问")), 201);
    const char *id = ask_text(&author, "id");
    const char *path = arena_printf(a, "/api/items/%s", id);
    CHECK_INT("code is taken", ask(&author, "POST", "/api/items", NEW("再问")), 409);
    CHECK_INT(
        "a wrong key",
        ask(&author, "PUT", path,
            "{\"version\":1,\"object\":{\"id\":\"w-1\",\"kind\":\"single\",\"levels\":[4],"
            "\"points\":[\"B2.1.1\"],\"stem\":\"s\",\"options\":[\"a\",\"b\"],\"key\":\"C\","
            "\"explanation\":\"x\",\"difficulty\":2,\"cognitive\":\"apply\","
            "\"importance\":\"X\"}}"),
        400);
    CHECK_TEXT("named", ask_text(&author, "error/field"), "/object/key");
    CHECK_INT("edit",
              ask(&author, "PUT", path, "{\"version\":1,\"object\":" OBJECT("问得更好") "}"),
              200);
    CHECK_INT("hand in",
              ask(&author, "POST", arena_printf(a, "%s/hand-in", path), "{\"version\":2}"),
              204);
    const char *approve = arena_printf(
        a, "{\"items\":[\"%s\"],\"versions\":[2],\"verdict\":\"approve\"}", id);
    CHECK_INT("not the author", ask(&author, "POST", "/api/items/reviews", approve), 403);
    refuse_what_is_not_live(&one, id);
    CHECK_INT("first", ask(&one, "POST", "/api/items/reviews", approve), 204);
    CHECK_INT("again", ask(&one, "POST", "/api/items/reviews", approve), 409);
    CHECK_INT("second", ask(&two, "POST", "/api/items/reviews", approve), 204);
    CHECK_INT("read", ask(&proof, "GET", path, NULL), 200);
    CHECK_TEXT("to be proof-read", ask_text(&proof, "item/state"), "proof");
    CHECK_INT("not by a reviewer", ask(&two, "POST", "/api/items/reviews", approve), 409);
    CHECK_INT("proof-read", ask(&proof, "POST", "/api/items/reviews", approve), 204);
    CHECK_INT("read", ask(&one, "GET", path, NULL), 200);
    CHECK_TEXT("live", ask_text(&one, "item/state"), "live");
    CHECK_TEXT("key for reviewers", ask_text(&one, "object/key"), "B");
    limit_a_form(&one, id);
    CHECK_INT("list", ask(&one, "GET", "/api/items?state=live&kind=single", NULL), 200);
    CHECK_TEXT("found", ask_text(&one, "items/0/code"), "w-1");
    CHECK_INT("nobody else reads the bank", ask(&registrar, "GET", path, NULL), 403);
    CHECK_INT("nor the list", ask(&registrar, "GET", "/api/items", NULL), 403);
    site_stop(s);
}

/* Every kind by its sample: previewed without its key, stored, and read back as it was written. */
/* The sample as its page has it: pictures uploaded first, then only named. */
static const json_t *with_pictures_uploaded(struct asker *author, const json_t *item)
{
    struct arena *a = author->site->t->arena;
    json_t *copy = json_keep(a, json_deep_copy(item)), *one;
    size_t i;
    json_array_foreach(json_object_get(copy, "pictures"), i, one)
    {
        struct bytes bytes;
        const char *data = json_member_text(one, "data"),
                   *sha = json_member_text(one, "sha256");
        CHECK("base64", base64_read(a, data, strlen(data), &bytes));
        CHECK_INT("picture", ask_bytes(author, "/api/items/pictures", "image/png", bytes), 201);
        CHECK_TEXT("kept as it is", ask_text(author, "picture/sha256"), sha);
        const char *path = arena_printf(a, "/api/items/pictures/%s", sha);
        CHECK_INT("seen again", ask(author, "GET", path, NULL), 200);
        CHECK("the bytes", memcmp(author->text, bytes.at, bytes.len) == 0);
        json_object_del(one, "data");
    }
    return copy;
}

/* A sound is brought by an author, played by readers of the bank, and by nobody else. */
void item_media_over_http_test(void)
{
    struct site *s = start();
    struct arena *a = s->t->arena;
    struct err e = {0};
    struct asker author = staff(s, "author5", R(item_author)),
                 reviewer = staff(s, "reviewer5", R(item_reviewer)),
                 registrar = staff(s, "registrar5", R(registrar));
    const struct embedded *f = embedded_find("samples/items/media.json");
    json_t *item = json_object_get(json_read(a, f->bytes, f->len, &e), "item"),
           *one = json_array_get(json_object_get(item, "media"), 0);
    const char *data = json_member_text(one, "data"), *sha = json_member_text(one, "sha256");
    struct bytes bytes, page = {(const unsigned char *)"<html>", 6};
    CHECK("base64", base64_read(a, data, strlen(data), &bytes));
    CHECK_INT("no sound", ask_bytes(&author, "/api/items/media", "audio/mpeg", page), 415);
    CHECK_TEXT("is said", ask_text(&author, "error/field"), "/media");
    CHECK_INT("brought", ask_bytes(&author, "/api/items/media", "audio/mpeg", bytes), 201);
    CHECK_TEXT("as it is", ask_text(&author, "media/sha256"), sha);
    const char *path = arena_printf(a, "/api/items/media/%s", sha);
    CHECK_INT("played again", ask(&reviewer, "GET", path, NULL), 200);
    CHECK("the bytes", memcmp(reviewer.text, bytes.at, bytes.len) == 0);
    CHECK_INT("by nobody else", ask(&registrar, "GET", path, NULL), 403);
    json_object_del(one, "data");
    const char *new = arena_printf(a, "{\"programme\":\"national-2023\",\"object\":%s}",
                                   json_compact(a, item));
    CHECK_INT("preview", ask(&author, "POST", "/api/items/preview", new), 200);
    CHECK_TEXT("named in it", ask_text(&author, "preview/media/0/id"), "a1");
    CHECK_INT("stored", ask(&author, "POST", "/api/items", new), 201);
    CHECK_INT("listed", ask(&author, "GET", "/api/items", NULL), 200);
    CHECK("by what it is", strstr(ask_text(&author, "items/0/stem"), "〔音频："));
    site_stop(s);
}

void item_kinds_over_http_test(void)
{
    struct site *s = start();
    struct arena *a = s->t->arena;
    struct asker author = staff(s, "author3", R(item_author));
    const struct item_kind *k;
    for (size_t i = 0; (k = item_kind_at(i)); i++) {
        struct err e = {0};
        const struct embedded *f = embedded_find(
            arena_printf(a, "samples/items/%s.json", k->name));
        const json_t *sample = json_read(a, f->bytes, f->len, &e),
                     *item = json_object_get(sample, "item");
        CHECK_OK(k->name, item, &e);
        item = with_pictures_uploaded(&author, item);
        const char *new = arena_printf(a, "{\"programme\":\"national-2023\",\"object\":%s}",
                                       json_compact(a, item));
        CHECK_INT(k->name, ask(&author, "POST", "/api/items/preview", new), 200);
        CHECK(k->name, !strstr(author.text, "\"key\"") && !strstr(author.text, "解析甲"));
        CHECK(k->name, ask_text(&author, "preview/stem") &&
                           !strpbrk(ask_text(&author, "preview/stem"), "{}"));
        CHECK_INT(k->name, ask(&author, "POST", "/api/items", new), 201);
        const char *path = arena_printf(a, "/api/items/%s", ask_text(&author, "id"));
        CHECK_INT(k->name, ask(&author, "GET", path, NULL), 200);
        CHECK_TEXT(k->name, json_compact(a, json_object_get(author.json, "object")),
                   json_compact(a, item));
        CHECK(k->name,
              (ask_text(&author, "drawn/3/key/value") != NULL) == (k->drawing != NULL));
        if (k->drawing)
            CHECK("other numbers", strcmp(ask_text(&author, "drawn/0/stem"),
                                          ask_text(&author, "drawn/3/stem")) != 0);
    }
    site_stop(s);
}

/* An author tags, a reviewer retires, each only what they may, and only as it was shown. */
void item_bulk_over_http_test(void)
{
    struct site *s = start();
    struct arena *a = s->t->arena;
    struct asker author = staff(s, "author4", R(item_author)),
                 reviewer = staff(s, "review4", R(item_reviewer));
    CHECK_INT("write", ask(&author, "POST", "/api/items", NEW("问")), 201);
    const char *id = ask_text(&author, "id"),
               *edit = arena_printf(a, "{\"items\":[\"%s\"],\"change\":{\"difficulty\":5}", id),
               *retire = "{\"filter\":{\"programme\":\"national-2023\"},\"reason\":\"过时\"";
    CHECK_INT("previewed",
              ask(&author, "POST", "/api/items/edits/preview", arena_printf(a, "%s}", edit)),
              200);
    CHECK_TEXT("named", ask_text(&author, "lines/0/code"), "w-1");
    CHECK("before and after", strstr(author.text, "\"was\":{\"difficulty\":2}") &&
                                  strstr(author.text, "\"is\":{\"difficulty\":5}"));
    CHECK("no question, no key", !strstr(author.text, "问") && !strstr(author.text, "key"));
    const char *seen = ask_text(&author, "digest"),
               *done = arena_printf(a, "%s,\"digest\":\"%s\"}", edit, seen);
    CHECK_INT("not a reviewer's", ask(&reviewer, "POST", "/api/items/edits", done), 403);
    CHECK_INT("done", ask(&author, "POST", "/api/items/edits", done), 200);
    CHECK_INT("once", ask(&author, "POST", "/api/items/edits", done), 409);
    CHECK_TEXT("because it has changed", ask_text(&author, "error/field"), "/digest");
    CHECK_INT("a strange digest",
              ask(&author, "POST", "/api/items/edits",
                  arena_printf(a, "%s,\"digest\":\"%064d\"}", edit, 0)),
              409);
    CHECK_INT(
        "not an author's",
        ask(&author, "POST", "/api/items/retirements/preview", arena_printf(a, "%s}", retire)),
        403);
    CHECK_INT("previewed",
              ask(&reviewer, "POST", "/api/items/retirements/preview",
                  arena_printf(a, "%s}", retire)),
              200);
    CHECK_INT(
        "done",
        ask(&reviewer, "POST", "/api/items/retirements",
            arena_printf(a, "%s,\"digest\":\"%s\"}", retire, ask_text(&reviewer, "digest"))),
        200);
    CHECK_INT("read", ask(&reviewer, "GET", arena_printf(a, "/api/items/%s", id), NULL), 200);
    CHECK_TEXT("retired", ask_text(&reviewer, "item/state"), "retired");
    CHECK("with what the author changed", strstr(reviewer.text, "\"difficulty\":5"));
    site_stop(s);
}

/* Keys leave the house only with a reason, an audit row and a row beside each item. */
void bank_export_over_http_test(void)
{
    struct site *s = start();
    struct arena *a = s->t->arena;
    struct asker author = staff(s, "author5", R(item_author)),
                 reviewer = staff(s, "review5", R(item_reviewer));
    const char *address = "/api/banks/national-2023/export",
               *order = "{\"format\":\"jsonl\",\"reason\":\"移交省中心\"}";
    CHECK_INT("nothing there", ask(&reviewer, "POST", address, order), 400);
    CHECK_INT("write", ask(&author, "POST", "/api/items", NEW("问")), 201);
    const char *id = ask_text(&author, "id");
    CHECK_INT("not an author's", ask(&author, "POST", address, order), 403);
    CHECK_INT("without a reason", ask(&reviewer, "POST", address, "{\"format\":\"jsonl\"}"),
              400);
    CHECK_INT("no such format",
              ask(&reviewer, "POST", address, "{\"format\":\"riddle\",\"reason\":\"移交\"}"),
              400);
    CHECK_INT("given", ask(&reviewer, "POST", address, order), 200);
    CHECK("whole, with its key",
          strstr(reviewer.text, "w-1") && strstr(reviewer.text, "\"key\":\"B\""));
    CHECK_INT("who saw it",
              ask(&reviewer, "GET", arena_printf(a, "/api/items/%s/seen", id), NULL), 200);
    CHECK("said beside the item", strstr(reviewer.text, "\"purpose\":\"export\""));
    site_stop(s);
}

void bank_import_over_http_test(void)
{
    struct site *s = start();
    struct asker author = staff(s, "author1", R(item_author)),
                 one = staff(s, "review1", R(item_reviewer));
    const char *address = "/api/banks/national-2023/import";
    const struct embedded *f = embedded_find("banks/national-2023/law.jsonl");
    struct bytes broken = {(const unsigned char *)"{\"id\":\"x\"}\n", 11};
    CHECK_INT("broken", ask_bytes(&author, address, "application/jsonl", broken), 200);
    CHECK_TEXT("its column", ask_text(&author, "report/problems/0/column"), "/kind");
    CHECK_INT(
        "whole",
        ask_bytes(&author, address, "application/jsonl", (struct bytes){f->bytes, f->len}),
        200);
    CHECK("stored", strstr(author.text, "\"stored\":true"));
    const char *gift = "::g-1::几何？{=甲 ~乙#好}\n\n说明\n";
    struct bytes foreign = {(const unsigned char *)gift, strlen(gift)};
    const char *bare = "/api/banks/national-2023/import?format=gift",
               *filled = "/api/banks/national-2023/import?format=gift&level=4&point=B2.1.1&"
                         "difficulty=3&cognitive=recall&importance=Y&explanation=x";
    CHECK_INT("GIFT", ask_bytes(&author, bare, "text/plain", foreign), 200);
    CHECK_TEXT("lacks its level", ask_text(&author, "report/problems/0/column"), "/levels");
    CHECK_TEXT("names what was not carried", ask_text(&author, "report/losses/0/element"), "#");
    CHECK("nothing stored", strstr(author.text, "\"stored\":false"));
    CHECK_INT("filled in", ask_bytes(&author, filled, "text/plain", foreign), 200);
    CHECK("stored", strstr(author.text, "\"stored\":true"));
    CHECK_INT("no such format",
              ask_bytes(&author, "/api/banks/national-2023/import?format=riddle", "text/plain",
                        foreign),
              400);
    CHECK_INT("similar",
              ask(&author, "POST", "/api/items/similar",
                  "{\"programme\":\"national-2023\",\"object\":{\"stem\":\"几何？\","
                  "\"options\":[\"甲\",\"乙\"]}}"),
              200);
    CHECK_TEXT("finds it", ask_text(&author, "similar/0/code"), "g-1");
    CHECK("says how near", strstr(author.text, "\"percent\":100"));
    CHECK_INT("template", ask(&author, "GET", "/api/items/template.xlsx", NULL), 200);
    CHECK_INT("lint", ask(&one, "GET", "/api/banks/national-2023/lint", NULL), 200);
    CHECK_INT("coverage", ask(&one, "GET", "/api/banks/national-2023/coverage", NULL), 200);
    CHECK_INT("no such programme", ask(&one, "GET", "/api/banks/none/lint", NULL), 404);
    const char *form =
        "{\"name\":\"A\",\"programme\":\"national-2023\",\"component\":\"theory\","
        "\"level\":4,\"direction\":\"A\"}";
    CHECK_INT("solve", ask(&one, "POST", "/api/forms/solve", form), 200);
    CHECK("the cells that starve", ask_text(&one, "starving/0/area"));
    CHECK_INT("compose", ask(&one, "POST", "/api/forms", form), 422);
    CHECK("says why", strstr(ask_text(&one, "error/text"), "题库不足"));
    CHECK_INT("an author does not compose", ask(&author, "POST", "/api/forms", form), 403);
    site_stop(s);
}
