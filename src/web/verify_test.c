/* web/verify_test.c - a stranger with a paper: one verdict, every fact, nothing more (S25). */
#include "web/asker.h"

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "certificate/issue.h"
#include "certificate/status_list.h"
#include "programme/programme.h"
#include "store/signer.h"

static const char *const form_headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                           "Sec-Fetch-Site: same-origin", NULL};

struct desk {
    struct site *s;
    struct asker stranger;
    struct body body;
    struct actor who;
    struct programme_set programmes;
    struct certificate_office office;
    struct certificate_issued issued;
};

/* A site of a filed body with one certificate, of 顾言溪. */
static struct desk *desk_open(void)
{
    struct err e = {0};
    struct site *s = site_start();
    struct desk *d = arena_new(s->t->arena, struct desk);
    d->s = s;
    d->stranger = (struct asker){.site = s};
    d->who = s->t->actor;
    d->who.second = id_random();
    d->body = s->body;
    d->body.is_filed = true;
    d->body.type_letter = "S";
    d->body.filed_code = "0000";
    d->body.province = "44";
    d->body.site_serial = "990001";
    CHECK_OK("programmes", programmes_load_embedded(s->t->arena, &d->programmes, &e), &e);
    s->app.programmes = &d->programmes;
    s->app.signer = signer_create(s->t->arena, s->t->master);
    CHECK_OK("keys", signer_keys_ensure(s->app.signer, s->t->db, d->who.now_ms, &e), &e);
    d->office = (struct certificate_office){.db = s->t->db,
                                            .arena = s->t->arena,
                                            .master = s->t->master,
                                            .signer = s->app.signer,
                                            .programmes = &d->programmes,
                                            .body = &d->body,
                                            .who = &d->who,
                                            .public_url = s->url};
    const struct award_facts f = {.award = id_random(),
                                  .entry = id_random(),
                                  .person = id_random(),
                                  .programme = "national-2023",
                                  .level = 4,
                                  .direction = "A",
                                  .decided_ms = d->who.now_ms,
                                  .passed = true,
                                  .published = true,
                                  .published_by = id_random(),
                                  .published_second = id_random()};
    const struct certificate_holder h = {.person = f.person,
                                         .name = "顾言溪",
                                         .kind = DOCUMENT_RESIDENT_ID,
                                         .country = "CN",
                                         .document_number = "440106199603120274",
                                         .phone = "13800138000",
                                         .photo = id_random()};
    CHECK_OK("issue", certificate_issue(&d->office, &f, &h, &d->issued, &e), &e);
    return d;
}

static long look(struct desk *d, const char *body)
{
    return ask_with(&d->stranger, "POST", "/verify", body, form_headers);
}

static bool page_has(const struct desk *d, const char *text)
{
    return strstr(d->stranger.text, text) != NULL;
}

void verify_page_test(void)
{
    struct desk *d = desk_open();
    const struct embedded *css = embedded_find("verify/verify.css");
    CHECK_INT("form", ask(&d->stranger, "GET", "/verify", NULL), 200);
    CHECK("asks", page_has(d, "证书编号") && !page_has(d, "<script"));
    CHECK("any two, where the programme says so", page_has(d, "nrta-host"));
    CHECK("not by name where it does not", !page_has(d, "value=\"national-2023\""));
    CHECK_INT("style", ask(&d->stranger, "GET", "/verify.css", NULL), 200);

    CHECK_INT("right",
              look(d, "number=S000044990001264000001&second=%E9%A1%BE%E8%A8%80%E6%BA%AA"), 200);
    static const char *const facts[] = {
        "✓ 有效",           "顾言溪",   "居民身份证",   "440106********0274",
        "全媒体运营师",     "创意策划", "四级/中级工",  "S000044990001264000001",
        "2026年11月21日",   "签发",     "您填写的姓名", "download",
        "heng cert verify",
    };
    const char *at = strstr(d->stranger.text, "<dl class=\"f\">");
    CHECK("facts", at != NULL);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        CHECK(facts[i], page_has(d, facts[i]));
    for (int k = 0; k < FACE_KEYS - 1; k++) { /* in printed order */
        static const char *const labels[] = {"姓名<",     "证件类型<",      "证件号码<",
                                             "职业名称<", "工种/职业方向<", "职业技能等级<",
                                             "证书编号<", "评价机构名称<",  "发证日期<"};
        at = strstr(at, labels[k]);
        CHECK(labels[k], at != NULL);
    }
    CHECK("never the whole document", !page_has(d, "440106199603120274"));
    CHECK("nor the phone", !page_has(d, "13800138000"));
    CHECK("30 kB with its style", strlen(d->stranger.text) + css->len < 30000);
    CHECK("no script", !page_has(d, "<script") && !page_has(d, "javascript:"));

    CHECK_INT("english",
              ask_with(&d->stranger, "POST", "/verify?lang=en",
                       "number=S000044990001264000001&second=0274", form_headers),
              200);
    CHECK("verdict", page_has(d, "✓ Valid") && page_has(d, "Date of issue"));
    site_stop(d->s);
}

/* A copy of the page with all fields empty. */
static char *unfilled(struct desk *d)
{
    static const char value[] = "value=\"";
    char *copy = arena_text(d->s->t->arena, d->stranger.text);
    for (char *at = copy; (at = strstr(at, value));) {
        at += sizeof value - 1;
        char *end = strchr(at, '"');
        if (end)
            memmove(at, end, strlen(end) + 1);
    }
    return copy;
}

/* S25: wrong second field, no such number, nonsense: the same bytes and the same status, but for what
 * the asker typed, which stands in its field as text. */
void verify_tells_nothing_test(void)
{
    static const char *const wrong[] = {
        "number=S000044990001264000001&second=0275",
        "number=S000044990001264000002&second=0274",
        "number=%3Cscript%3Ealert(1)%3C/script%3E&second=%22%3E%3Cimg%20src=x%3E",
        "number=S000044990001264000001",
    };
    static const char *const typed[] = {
        "value=\"S000044990001264000001\"",
        "value=\"S000044990001264000002\"",
        "value=\"&lt;script&gt;alert(1)",
        "value=\"S000044990001264000001\"",
    };
    struct desk *d = desk_open();
    const char *first = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(wrong[i], look(d, wrong[i]), 200);
        CHECK(wrong[i], page_has(d, "? 未查到") && !page_has(d, "顾言溪"));
        const char *page = unfilled(d);
        first = first ? first : page;
        CHECK_TEXT(wrong[i], page, first);
        CHECK("no markup comes back", !page_has(d, "<script") && !page_has(d, "<img"));
        CHECK("the number that was typed", page_has(d, typed[i]));
        CHECK("not the other fact", !page_has(d, "0275") && !page_has(d, "0274"));
    }
    site_stop(d->s);
}

void verify_misses_are_limited_test(void)
{
    struct desk *d = desk_open();
    for (int i = 0; i < 5; i++)
        CHECK_INT("a miss", look(d, "number=S000044990001264000001&second=0000"), 200);
    CHECK_INT("the sixth", look(d, "number=S000044990001264000001&second=0274"), 429);
    CHECK("says when", d->stranger.retry_after > 0 && page_has(d, "请稍后再查"));
    site_stop(d->s);
}

void verify_is_limited_test(void)
{
    struct desk *d = desk_open();
    for (int i = 0; i < 20; i++)
        CHECK_INT("a hit", look(d, "number=S000044990001264000001&second=0274"), 200);
    CHECK_INT("the 21st", look(d, "number=S000044990001264000001&second=0274"), 429);
    CHECK("says when", d->stranger.retry_after > 0);
    CHECK_INT("by QR too", ask(&d->stranger, "GET", "/Q/AAAA", NULL), 429);
    CHECK_INT("the form is there", ask(&d->stranger, "GET", "/verify", NULL), 200);
    site_stop(d->s);
}

void verify_form_senders_test(void)
{
    static const struct {
        const char *what;
        const char *headers[4];
        long status;
    } cases[] = {
        {"our page",
         {"Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin",
          NULL},
         200},
        {"our page, no referrer",
         {"Content-Type: application/x-www-form-urlencoded", "Origin: null", NULL},
         200},
        {"another site",
         {"Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: cross-site",
          NULL},
         403},
        {"another origin",
         {"Content-Type: application/x-www-form-urlencoded", "Origin: http://evil.example",
          NULL},
         403},
        {"JSON", {"Content-Type: application/json", "Sec-Fetch-Site: same-origin", NULL}, 415},
        {"text", {"Content-Type: text/plain", "Sec-Fetch-Site: same-origin", NULL}, 415},
    };
    struct desk *d = desk_open();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(cases[i].what,
                  ask_with(&d->stranger, "POST", "/verify",
                           "number=S000044990001264000001&second=0274", cases[i].headers),
                  cases[i].status);
    CHECK_INT("a bad escape", look(d, "number=%"), 400);
    CHECK("as a page", page_has(d, "<!doctype html>"));
    site_stop(d->s);
}

static bool revoke(struct db *db, void *ctx, struct err *e)
{
    struct desk *d = ctx;
    struct certificate_issued none;
    const struct certificate_change_order o = {d->issued.id, CERTIFICATE_CHANGE_revoke,
                                               "申报时提供的工作证明不真实"};
    (void)db;
    return certificate_change_execute(&d->office, &o, NULL, &none, e);
}

void verify_qr_and_revoked_test(void)
{
    struct desk *d = desk_open();
    struct arena *a = d->s->t->arena;
    struct err e = {0};
    struct certificate c;
    struct certificate_secrets secrets;
    struct key_table keys;
    struct status_answer state;
    CHECK_OK("get", certificate_get(d->s->t->db, a, d->body.id, d->issued.id, &c, &e), &e);
    CHECK_OK("qr", certificate_secrets(d->s->t->db, a, d->s->t->master, &c, &secrets, &e), &e);
    const char *path = strstr(secrets.qr, "/Q/");
    CHECK("path", path != NULL);
    CHECK_INT("by QR", ask(&d->stranger, "GET", path, NULL), 200);
    CHECK("valid", page_has(d, "✓ 有效") && page_has(d, "二维码的签名成立"));
    const char *english = arena_printf(a, "%s?lang=en", path);
    CHECK("the way to English", page_has(d, arena_printf(a, "href=\"%s\"", english)));
    CHECK_INT("in English", ask(&d->stranger, "GET", english, NULL), 200);
    CHECK("the same certificate", page_has(d, "✓ Valid"));

    CHECK_INT("keys", ask(&d->stranger, "GET", "/.well-known/heng-keys.json", NULL), 200);
    CHECK_OK("keys", key_table_read(a, d->stranger.json, NULL, &keys, &e), &e);
    CHECK_OK("revoke", db_transact(d->s->t->db, revoke, d, &e), &e);
    CHECK_INT("again", ask(&d->stranger, "GET", path, NULL), 200);
    CHECK("revoked", page_has(d, "✕ 已撤销") && page_has(d, "工作证明不真实"));
    CHECK("two people", page_has(d, "两人批准"));
    CHECK("nowhere valid", !page_has(d, "✓ 有效"));
    CHECK_INT("list", ask(&d->stranger, "GET", "/status/1", NULL), 200);
    CHECK_OK("list", status_list_read(a, &keys, d->stranger.json, c.status_index, &state, &e),
             &e);
    CHECK_INT("in the list", state.ended, true);
    CHECK_INT("no such list", ask(&d->stranger, "GET", "/status/x", NULL), 404);

    char *changed = arena_text(a, path);
    changed[10] = changed[10] == 'A' ? 'B' : 'A';
    CHECK_INT("changed", ask(&d->stranger, "GET", changed, NULL), 200);
    CHECK("not found", page_has(d, "? 未查到"));
    CHECK_INT("a photo without its mark",
              ask(&d->stranger, "GET",
                  "/verify/photo/"
                  "00000000000000000000000000000001.ffffffff.00000000000000000000000000000000",
                  NULL),
              404);
    site_stop(d->s);
}
