/* web/scan_test.c - answer sheets and their scans over HTTP: the road, who may not, what is refused. */
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "marking/scan_draw.h"
#include "people/viewer.h"
#include "store/db.h"
#include "test/whole.h"
#include "web/scan_hall.h"

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* --- printed ------------------------------------------------------------------------------------- */
static long count_of(const char *text, const char *what)
{
    long count = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        count++;
    return count;
}

static const char *sheets_of(struct scan_hall *h, const char *query)
{
    return arena_printf(h->arena, "%s/answer-sheets.pdf%s", h->path, query);
}

/* Somebody of another body who may do everything in it. */
static struct asker neighbour_of(struct scan_hall *h)
{
    struct err e = {0};
    struct site *s = h->hall->site;
    struct body body = {.id = id_random(), .name = "另一家评价机构"};
    CHECK_OK("body", body_create(s->t->db, &s->t->actor, &body, &e), &e);
    return asker_account(s, body.id, "neighbour", R(registrar) | R(invigilator) | R(marker));
}

static const char *audited(struct scan_hall *h, const char *act)
{
    struct site *s = h->hall->site;
    if (!h->auditor.site)
        h->auditor = asker_account(s, s->body.id, "auditor", R(audit_admin));
    CHECK_INT(act,
              ask(&h->auditor, "GET", arena_printf(h->arena, "/api/audit?act=%s", act), NULL),
              200);
    return h->auditor.text;
}

void answer_sheets_over_http_test(void)
{
    struct scan_hall *h = scan_hall_open(
        &(struct scan_hall_order){2, false, getenv("HENG_PROGRAM")});
    struct asker *r = &h->hall->registrar, other = neighbour_of(h), nobody = {.site = r->site};
    char attempt[ID_TEXT_BYTES], session[ID_TEXT_BYTES];
    id_write(h->attempts[1], attempt);
    id_write(id_random(), session);
    scan_hall_print(h); /* before the release: a sheet says nothing of the questions */
    CHECK("noted", strstr(audited(h, "scan_print"), "\"sheets\":2"));
    CHECK_INT("an invigilator", ask(&h->invigilator, "GET", sheets_of(h, ""), NULL), 200);
    CHECK_INT("a marker", ask(&h->marker, "GET", sheets_of(h, ""), NULL), 403);
    CHECK_INT("a candidate", ask(&h->hall->candidate, "GET", sheets_of(h, ""), NULL), 403);
    CHECK_INT("nobody", ask(&nobody, "GET", sheets_of(h, ""), NULL), 401);
    CHECK_INT("another body", ask(&other, "GET", sheets_of(h, ""), NULL), 404);
    const char *one = arena_printf(h->arena, "?attempt=%s", attempt);
    size_t whole = (ask(r, "GET", sheets_of(h, ""), NULL), r->len);
    CHECK_INT("one of them", ask(r, "GET", sheets_of(h, one), NULL), 200);
    CHECK("is less than two", strncmp(r->text, "%PDF-", 5) == 0 && r->len < whole);
    CHECK("noted of whom", strstr(audited(h, "scan_print"), attempt));
    CHECK_INT("no id", ask(r, "GET", sheets_of(h, "?attempt=7"), NULL), 400);
    CHECK_TEXT("said where", ask_text(r, "error/field"), "/attempt");
    one = arena_printf(h->arena, "?attempt=%s", session);
    CHECK_INT("nobody's", ask(r, "GET", sheets_of(h, one), NULL), 404);
    one = arena_printf(h->arena, "/api/sessions/%s/answer-sheets.pdf", session);
    CHECK_INT("no session", ask(r, "GET", one, NULL), 404);
    scan_hall_close(h);
}

/* --- uploaded ------------------------------------------------------------------------------------ */
static json_t *member(const struct asker *a, const char *name)
{
    return json_object_get(a->json, name);
}

static long number(const struct asker *a, const char *name)
{
    CHECK(name, json_is_integer(member(a, name)));
    return (long)json_integer_value(member(a, name));
}

static json_t *row_of(struct scan_hall *h, struct asker *who, size_t candidate)
{
    CHECK_INT("list", ask(who, "GET", arena_printf(h->arena, "%s/scans", h->path), NULL), 200);
    return json_array_get(member(who, "attempts"), candidate);
}

static const char *state_of(struct scan_hall *h, size_t candidate)
{
    return json_member_text(row_of(h, &h->marker, candidate), "state");
}

/* The sentence of the newest page that does not count. */
static const char *why(struct scan_hall *h, struct asker *a)
{
    CHECK_INT("list", ask(a, "GET", arena_printf(h->arena, "%s/scans", h->path), NULL), 200);
    return json_member_text(json_array_get(member(a, "refused"), 0), "why");
}

/* A sheet of the first candidate as somebody else prints it: for another session, or without our key. */
static struct bytes foreign_sheet(struct scan_hall *h, bool other_session)
{
    struct err e = {0};
    struct actor who;
    struct marking m = scan_hall_marking(h, h->arena, &who);
    struct scan_subjects one;
    struct scan_label label;
    struct scan_day day = {.dpi = 150, .paper = 240, .ink = 25, .missing_corner = -1};
    struct rolled r = {1};
    struct scan_grey scan;
    unsigned char key[KEY_BYTES] = {1};
    struct bytes pdf;
    size_t count;
    CHECK_OK("layout", scan_subjects(&m, h->session, h->attempts[0], &one, &e), &e);
    struct scan_subject s = one.at[0].subject;
    if (other_session) {
        s.session = id_random();
        s.ticket = "26112899999999";
        master_key(m.master, KEY_SCAN, key);
    }
    CHECK_OK("label", scan_label_make(&s, key, 1, one.at[0].layout.pages, &label, &e), &e);
    const char *words = scan_label_write(h->arena, &label);
    struct scan_sheet sheet = {"考生", s.ticket, "一", &words, one.at[0].layout};
    struct scan_print job = {"机构", "场次", false, 0, &sheet, 1};
    CHECK_OK("pdf", scan_draw(h->arena, &job, &pdf, &e), &e);
    scan_fixture_scan(h->arena, scan_fixture_raster(h->arena, pdf, &count), &day, &r, &scan);
    return scan_fixture_file(h->arena, &scan, 1, FILE_JPEG);
}

/* A page that came, and does not count: its sentence has PART. */
static void is_refused(struct scan_hall *h, const char *type, struct bytes file,
                       const char *part)
{
    struct asker *r = &h->hall->registrar;
    CHECK_INT(part, scan_hall_send(h, r, type, file), 200);
    CHECK_INT(part, number(r, "read"), 0);
    CHECK_INT(part, number(r, "refused"), 1);
    const char *said = why(h, r);
    if (!said || !strstr(said, part))
        print_error("%s is not in %s\n", part, said ? said : "nothing");
    CHECK(part, said && strstr(said, part));
}

/* What is no scan at all is no file of ours: nothing is kept of it. */
static void is_no_file(struct scan_hall *h, const char *type, struct bytes file, long status)
{
    struct asker *r = &h->hall->registrar;
    CHECK_INT("no file", scan_hall_send(h, r, type, file), status);
    CHECK_TEXT("said where", ask_text(r, "error/field"), "/file");
}

static void bad_files(struct scan_hall *h)
{
    struct asker *r = &h->hall->registrar;
    struct arena *a = h->arena;
    struct bytes sheet = scan_hall_file(h, 0, 1, 150, FILE_JPEG), huge;
    is_no_file(h, "image/jpeg", (struct bytes){(const unsigned char *)"", 0}, 400);
    is_no_file(h, "application/octet-stream",
               (struct bytes){(const unsigned char *)"PK\3\4 this is no picture at all", 24},
               400);
    CHECK_INT("another type", scan_hall_send(h, r, "text/html", sheet), 415);
    is_refused(h, "image/jpeg", hall_photo(a), "四个角");
    is_refused(h, "image/jpeg", (struct bytes){sheet.at, sheet.len * 3 / 5}, "损坏");
    sheet = scan_hall_file(h, 0, 1, 150, FILE_PNG);
    is_refused(h, "image/png", (struct bytes){sheet.at, sheet.len / 2}, "损坏");
    is_refused(h, "image/jpeg", foreign_sheet(h, true), "不是本场次");
    is_refused(h, "image/jpeg", foreign_sheet(h, false), "校验不对");
    PIX *bomb = pixCreate(9000, 9000, 1);
    l_uint8 *data = NULL;
    CHECK_INT("a bomb", pixWriteMemPng(&data, &huge.len, bomb, 0), 0);
    is_refused(h, "image/png", (struct bytes){data, huge.len}, "6000 万像素");
    lept_free(data);
    pixDestroy(&bomb);
    huge = (struct bytes){arena_alloc(a, (50 << 20) + 1, 1), (50 << 20) + 1};
    CHECK_INT("51 MiB", scan_hall_send(h, r, "image/tiff", huge), 413);
}

static long decide(struct scan_hall *h, struct asker *who, const char *body)
{
    return ask(who, "POST", scan_hall_path(h, 0, "/doubts"), body);
}

/* The doubtful places of the first sheet, each with its picture; who does not know the sheet decides
 * nothing. */
static void decide_doubts(struct scan_hall *h, struct asker *other)
{
    struct asker *m = &h->marker;
    const char *doubts = scan_hall_path(h, 0, "/doubts");
    CHECK_INT("another body", ask(other, "GET", doubts, NULL), 404);
    CHECK_INT("a candidate", ask(&h->hall->candidate, "GET", doubts, NULL), 403);
    CHECK_INT("an invigilator", ask(&h->invigilator, "GET", doubts, NULL), 403);
    CHECK_INT("a marker", ask(m, "GET", doubts, NULL), 200);
    json_t *places = json_incref(member(m, "places"));
    CHECK_INT("two marks, a weak one, two written", json_array_size(places), 4);
    json_t *first = json_array_get(places, 0);
    CHECK_TEXT("two", json_member_text(first, "doubt"), "two");
    CHECK_TEXT("weak", json_member_text(json_array_get(places, 1), "doubt"), "weak");
    CHECK("no stem", !json_object_get(json_object_get(first, "place"), "stem"));
    const char *page = json_member_text(first, "page");
    const char *picture = scan_hall_path(h, 0, arena_printf(h->arena, "/scan?page=%s", page));
    CHECK_INT("picture", ask(m, "GET", picture, NULL), 200);
    CHECK("a JPEG", m->len > 1000 && memcmp(m->text, "\xff\xd8\xff", 3) == 0);
    CHECK_INT("of another body", ask(other, "GET", picture, NULL), 404);
    CHECK_INT("as the other candidate's",
              ask(m, "GET", scan_hall_path(h, 1, arena_printf(h->arena, "/scan?page=%s", page)),
                  NULL),
              404);
    CHECK_INT("no page", ask(m, "GET", scan_hall_path(h, 0, "/scan"), NULL), 400);
    CHECK_INT("no such question", decide(h, m, "{\"n\":999,\"response\":[\"A\"]}"), 400);
    CHECK_INT("no such option", decide(h, m, "{\"n\":2,\"response\":[\"H\"]}"), 400);
    CHECK_INT("a clear one", decide(h, m, "{\"n\":1,\"response\":[\"A\"]}"), 409);
    CHECK_INT("by another body", decide(h, other, "{\"n\":2,\"response\":[\"A\"]}"), 404);
    for (size_t i = 0; i < json_array_size(places); i++) {
        long n = (long)json_member_int(json_array_get(places, i), "n", 0);
        const char *body = arena_printf(h->arena, "{\"n\":%ld,\"response\":%s}", n,
                                        i == 0   ? "null"
                                        : i == 1 ? "[\"A\"]"
                                                 : "\"12.5\"");
        CHECK_INT("decided", decide(h, m, body), 200);
        CHECK_INT("once", decide(h, &h->checker, body), 409);
    }
    json_decref(places);
    CHECK_INT("noted each", count_of(audited(h, "scan_decide"), "\"scan_decide\""), 4);
}

/* The second person reads the doubtful places and a few of the others from the picture. */
static void check_sample(struct scan_hall *h)
{
    struct asker *c = &h->checker;
    const char *path = scan_hall_path(h, 0, "/check");
    CHECK_INT("not by who decided", ask(&h->marker, "GET", path, NULL), 403);
    CHECK_INT("by another", ask(c, "GET", path, NULL), 200);
    json_t *places = member(c, "places"), *one, *answers = json_object();
    size_t i;
    CHECK_INT("four and five", json_array_size(places), 9);
    json_array_foreach(places, i, one)
    {
        const char *kind = json_member_text(json_object_get(one, "place"), "kind");
        long n = (long)json_member_int(one, "n", 0);
        CHECK("not what was read", !json_object_get(one, "doubt"));
        json_object_set_new(answers, arena_printf(h->arena, "%ld", n),
                            strcmp(kind, "true_false") == 0    ? json_true()
                            : strcmp(kind, "calculation") == 0 ? json_string("12.5")
                            : n == 2                           ? json_null()
                                                               : json_pack("[s]", "A"));
    }
    json_t *body = json_keep(h->arena, json_pack("{s:o}", "answers", answers));
    char *text = json_dumps(body, 0);
    CHECK_INT("handed in", ask(c, "POST", path, text), 200);
    CHECK("as read", json_is_false(member(c, "widened")));
    CHECK_INT("once", ask(c, "POST", path, text), 409);
    free(text);
}

/* A page that is nobody's is of no interest any more, when somebody says why. */
static void set_aside(struct scan_hall *h)
{
    struct asker *inv = &h->invigilator;
    const char *because = "{\"reason\":\"夹在里面的说明书\"}";
    CHECK_INT("list", ask(inv, "GET", arena_printf(h->arena, "%s/scans", h->path), NULL), 200);
    json_t *first = json_array_get(member(inv, "refused"), 0);
    CHECK("not yet", first && !json_object_get(first, "aside"));
    const char *path = arena_printf(h->arena, "%s/scans/%s/aside", h->path,
                                    json_member_text(first, "id"));
    CHECK_INT("a marker", ask(&h->marker, "POST", path, because), 403);
    CHECK_INT("without a reason", ask(inv, "POST", path, "{\"reason\":\"\"}"), 400);
    CHECK_INT("set aside", ask(inv, "POST", path, because), 204);
    CHECK_INT("once", ask(inv, "POST", path, because), 409);
    CHECK_INT("list", ask(inv, "GET", arena_printf(h->arena, "%s/scans", h->path), NULL), 200);
    first = json_array_get(member(inv, "refused"), 0);
    CHECK_TEXT("with its reason", json_member_text(first, "aside"), "夹在里面的说明书");
    CHECK("noted", strstr(audited(h, "scan_aside"), "说明书"));
}

/* "/api/sessions/ID/scans/PAGE/REST" of the first page of the first sheet that counts. */
static const char *page_path(struct scan_hall *h, const char *rest, size_t pages)
{
    json_t *list, *one, *found = NULL;
    size_t i;
    CHECK_INT("pages", ask(&h->marker, "GET", scan_hall_path(h, 0, "/pages"), NULL), 200);
    list = member(&h->marker, "pages");
    CHECK_INT("all that counted", json_array_size(list), pages);
    json_array_foreach(list, i, one) found = json_object_get(one, "withdrawn") ? found : one;
    CHECK("one that counts", found);
    return arena_printf(h->arena, "%s/scans/%s/%s", h->path, json_member_text(found, "id"),
                        rest);
}

/* Two people withdraw the first sheet: it is where it was before it came, and can come again. */
static void withdraw(struct scan_hall *h, struct asker *other)
{
    const char *because = "{\"reason\":\"两人拿错了答题卡\"}",
               *path = page_path(h, "withdraw", 1);
    CHECK_INT("an invigilator", ask(&h->invigilator, "POST", path, because), 403);
    CHECK_INT("a candidate", ask(&h->hall->candidate, "POST", path, because), 403);
    CHECK_INT("another body", ask(other, "POST", path, because), 409);
    CHECK_INT("set aside alone",
              ask(&h->invigilator, "POST", page_path(h, "aside", 1), because), 409);
    CHECK_INT("proposed", ask(&h->marker, "POST", path, because), 202);
    const char *confirm = arena_printf(h->arena, "/api/approvals/%s/confirm",
                                       ask_text(&h->marker, "approval/id"));
    CHECK_TEXT("still done", state_of(h, 0), "done");
    CHECK_INT("not by oneself", ask(&h->marker, "POST", confirm, asker_code(&h->marker)), 403);
    CHECK_INT("by a second", ask(&h->checker, "POST", confirm, asker_code(&h->checker)), 200);
    CHECK_TEXT("nothing came", state_of(h, 0), "none");
    CHECK_INT("nothing doubtful", json_member_int(row_of(h, &h->marker, 0), "doubtful", -1), 0);
    CHECK_TEXT("the other's stays", state_of(h, 1), "doubtful");
    CHECK_INT("once", ask(&h->marker, "POST", path, because), 409);
    CHECK("noted", strstr(audited(h, "scan_withdraw"), "拿错了"));
    struct bytes again = scan_hall_file(h, 0, 1, 200, FILE_JPEG);
    CHECK_INT("scanned again", scan_hall_send(h, &h->hall->registrar, "image/jpeg", again),
              200);
    CHECK_INT("counts", number(&h->hall->registrar, "read"), 1);
    CHECK_TEXT("from the beginning", state_of(h, 0), "doubtful");
    CHECK_INT("decided anew", decide(h, &h->checker, "{\"n\":2,\"response\":[\"A\"]}"), 200);
    CHECK_INT("once", decide(h, &h->marker, "{\"n\":2,\"response\":null}"), 409);
}

struct withdrawing {
    struct marking m;
    struct id session, attempt, entry, page;
};

static struct query *mark_of(struct db *db, const struct withdrawing *w)
{
    struct query *q = db_query(db, SQL_theory_mark_of_entry);
    query_id(q, w->session);
    query_id(q, w->entry);
    query_id(q, w->m.actor->body);
    return q;
}

static bool is_marked(const struct withdrawing *w)
{
    struct err e = {0};
    bool found;
    struct query *q = mark_of(w->m.db, w);
    CHECK_OK("mark", query_maybe(q, &found, &e), &e);
    if (found)
        query_done(q);
    return found;
}

static bool put_mark(struct db *db, void *ctx, struct err *e)
{
    struct withdrawing *w = ctx;
    struct query *q = db_query(db, SQL_theory_mark_put);
    query_id(q, w->attempt);
    query_int(q, 1);
    query_id(q, w->m.actor->body);
    query_id(q, w->session);
    query_id(q, w->entry);
    query_text(q, "theory");
    query_bytes(q, (struct bytes){w->attempt.bytes, ID_BYTES});
    query_int(q, 60000);
    query_int(q, 100000);
    query_text(q, "[]");
    query_text(q, "[]");
    query_int(q, 0);
    query_int(q, 1);
    query_int(q, 1); /* the round after what was withdrawn over HTTP */
    return query_run(q, e);
}

static bool withdraw_one(struct db *db, void *ctx, struct err *e)
{
    struct withdrawing *w = ctx;
    struct marking m = w->m;
    m.db = db;
    return scan_withdraw(&m, w->session, w->page, "又弄错了", e);
}

static bool put_result(struct db *db, void *ctx, struct err *e)
{
    const struct withdrawing *w = ctx;
    struct query *q = db_query(db, SQL_result_put);
    query_id(q, w->entry);
    query_text(q, "theory");
    query_int(q, 1);
    query_id(q, w->m.actor->body);
    query_id(q, w->attempt); /* of a batch of its own */
    query_id(q, w->session);
    query_id(q, id_random());
    query_text(q, "national-2023");
    query_int(q, 4);
    query_text(q, "A");
    query_text(q, "marked");
    for (int64_t i = 0; i < 4; i++) /* marks, full, to pass, passed */
        query_int(q, i == 3 ? 1 : 60000);
    query_text(q, "[]");
    query_bytes(q, (struct bytes){w->attempt.bytes, ID_BYTES});
    query_null(q);
    query_int(q, 1);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_result_publish);
    query_id(q, w->attempt);
    query_id(q, w->m.actor->body);
    query_int(q, 2);
    return query_run(q, e);
}

/* What the candidate was told stands; there is a recheck for it. */
static void not_published(struct scan_hall *h, struct withdrawing *w)
{
    struct err e = {0}, late = {0};
    struct scan_subjects all;
    struct scan_kept_page *pages;
    size_t count;
    w->attempt = h->attempts[1];
    CHECK_OK("whose", scan_subjects(&w->m, h->session, w->attempt, &all, &e), &e);
    w->entry = all.at[0].entry;
    CHECK_OK("pages", scan_pages(&w->m, h->session, w->attempt, &pages, &count, &e), &e);
    w->page = pages[0].page;
    CHECK_OK("published", db_transact(w->m.db, put_result, w, &e), &e);
    CHECK_REFUSED("too late", db_transact(w->m.db, withdraw_one, w, &late), &late, CONFLICT,
                  "/state");
    CHECK("says why", strstr(late.text, "公布"));
}

/* Its mark falls with it, whatever call fails; not by one person alone. */
static void withdraw_scored(struct scan_hall *h)
{
    struct err e = {0}, alone = {0};
    struct actor who;
    struct withdrawing w = {.m = scan_hall_marking(h, h->arena, &who),
                            .session = h->session,
                            .attempt = h->attempts[0]};
    struct scan_subjects all;
    struct scan_kept_page *pages;
    size_t count;
    CHECK_OK("whose", scan_subjects(&w.m, h->session, w.attempt, &all, &e), &e);
    w.entry = all.at[0].entry;
    CHECK_OK("pages", scan_pages(&w.m, h->session, w.attempt, &pages, &count, &e), &e);
    for (size_t i = 0; i < count; i++)
        if (!pages[i].withdrawn)
            w.page = pages[i].page;
    CHECK_INT("one withdrawn, one that counts", count, 2);
    CHECK_OK("scored", db_transact(w.m.db, put_mark, &w, &e), &e);
    CHECK("has a mark", is_marked(&w));
    who.second = (struct id){{0}};
    CHECK_REFUSED("alone", db_transact(w.m.db, withdraw_one, &w, &alone), &alone, FORBIDDEN,
                  "/second");
    who.second = id_random();
    CHECK_WHOLE("withdrawn", h->hall->site->t, w.m.db,
                db_transact(w.m.db, withdraw_one, &w, &e), &e);
    CHECK("has none", !is_marked(&w));
    CHECK_TEXT("nothing came", state_of(h, 0), "none");
    not_published(h, &w);
}

void scans_over_http_test(void)
{
    struct scan_hall *h = scan_hall_open(
        &(struct scan_hall_order){2, false, getenv("HENG_PROGRAM")});
    struct asker *r = &h->hall->registrar, *inv = &h->invigilator, other = neighbour_of(h);
    scan_hall_print(h);
    scan_hall_fill(h);
    struct bytes both = scan_hall_file(h, 0, 2, 150, FILE_TIFF);
    CHECK_INT("before the exam", scan_hall_send(h, r, "image/tiff", both), 409);
    CHECK_TEXT("says why", ask_text(r, "error/field"), "/open_at_ms");
    CHECK_INT("no look before either",
              ask(&h->marker, "GET", scan_hall_path(h, 0, "/doubts"), NULL), 409);
    scan_hall_release(h);
    CHECK_TEXT("nothing yet", state_of(h, 0), "none");
    bad_files(h);
    CHECK_INT("a marker", scan_hall_send(h, &h->marker, "image/tiff", both), 403);
    CHECK_INT("a candidate", scan_hall_send(h, &h->hall->candidate, "image/tiff", both), 403);
    CHECK_INT("another body", scan_hall_send(h, &other, "image/tiff", both), 409);
    CHECK_TEXT("still nothing", state_of(h, 0), "none");
    CHECK_INT("an invigilator", scan_hall_send(h, inv, "image/tiff", both), 200);
    CHECK("both", number(inv, "read") == 2 && number(inv, "refused") == 0);
    CHECK_INT("doubtful", number(inv, "doubtful"), 6);
    CHECK("whose account", strstr(audited(h, "scan_take"), "\"read\":2"));
    CHECK_INT("once more", scan_hall_send(h, r, "image/tiff", both), 200);
    CHECK("known", json_is_true(member(r, "known")) && number(r, "read") == 0);
    is_refused(h, "image/jpeg", scan_hall_file(h, 1, 1, 200, FILE_JPEG), "已经读过");
    CHECK_TEXT("to be decided", state_of(h, 0), "doubtful");
    CHECK_INT("in the list", json_member_int(row_of(h, &h->marker, 0), "doubtful", 0), 4);
    decide_doubts(h, &other);
    CHECK_TEXT("to be checked", state_of(h, 0), "check");
    CHECK("not by who decided",
          !json_is_true(json_object_get(row_of(h, &h->marker, 0), "may_check")));
    check_sample(h);
    CHECK_TEXT("done", state_of(h, 0), "done");
    CHECK_TEXT("the other waits", state_of(h, 1), "doubtful");
    set_aside(h);
    withdraw(h, &other);
    withdraw_scored(h);
    scan_hall_close(h);
}

/* --- what it costs ------------------------------------------------------------------------------- */
struct scanned {
    struct scan_hall *h;
    const struct scan_subjects *all;
};

static bool put_scans(struct db *db, void *ctx, struct err *e)
{
    struct scanned *s = ctx;
    struct arena *a = s->h->hall->site->t->arena;
    struct id file = id_random(), body = s->h->hall->site->body.id;
    struct query *q = db_query(db, SQL_scan_file_put);
    query_id(q, file);
    query_id(q, body);
    query_id(q, s->h->session);
    query_bytes(q, (struct bytes){file.bytes, sizeof file.bytes});
    query_id(q, id_random());
    query_int(q, 1);
    query_id(q, id_random());
    query_int(q, s->h->open_at_ms);
    if (!query_run(q, e))
        return false;
    int64_t no = 0;
    for (size_t i = 0; i < s->all->count; i++)
        for (int page = 1; page <= s->all->at[i].layout.pages; page++) {
            const struct scan_layout *l = &s->all->at[i].layout;
            json_t *all = json_keep(a, json_array());
            for (size_t n = 0; n < l->count; n++)
                if (l->boxes[n].page == page - 1)
                    json_array_append_new(all,
                                          json_pack("{s:i, s:s, s:[i]}", "place", (int)n,
                                                    "doubt", n % 33 ? "" : "weak", "marks", 1));
            char *text = json_dumps(all, JSON_COMPACT);
            q = db_query(db, SQL_scan_page_put);
            query_id(q, id_random());
            query_id(q, file);
            query_int(q, ++no);
            query_id(q, body);
            query_id(q, s->h->session);
            query_id(q, s->all->at[i].attempt);
            query_int(q, page);
            query_null(q);
            query_id(q, id_random());
            query_int(q, 4);
            query_text(q, text);
            query_int(q, 2);
            free(text);
            if (!query_run(q, e))
                return false;
        }
    return true;
}

void scans_of_many_test(void)
{
    const char *asked = getenv("HENG_SCAN_PAPERS");
    size_t papers = asked ? (size_t)strtoul(asked, NULL, 10) : 5;
    struct scan_hall *h = scan_hall_open(&(struct scan_hall_order){papers, true, NULL});
    struct arena *a = arena_create((size_t)2 << 30);
    struct err e = {0};
    struct actor who;
    struct marking m = scan_hall_marking(h, a, &who);
    struct scan_subjects all;
    double from = cpu_seconds();
    CHECK_OK("all", scan_subjects(&m, h->session, (struct id){{0}}, &all, &e), &e);
    double took = cpu_seconds() - from;
    struct scanned s = {h, &all};
    CHECK_OK("scans", db_transact(h->hall->site->t->db, put_scans, &s, &e), &e);
    from = cpu_seconds();
    CHECK_INT("list", ask(&h->marker, "GET", arena_printf(a, "%s/scans", h->path), NULL), 200);
    double list = cpu_seconds() - from;
    if (asked)
        print_message("papers %zu: layouts %.2f s, list %.2f s (%zu bytes)\n", papers, took,
                      list, h->marker.len);
    arena_destroy(a);
    scan_hall_close(h);
}
