/* marking/scan_use_test.c - scans come in, doubtful marks are decided, a sample is checked: what counts
 * in the end, who may not do what, and nothing twice. */
#include "base/arena.h"
#include "base/json.h"
#include "entry/entry_fixture.h"
#include "marking/scan.h"
#include "marking/scan_draw.h"
#include "marking/scan_fixture.h"
#include "marking/typed.h"
#include "sitting/fold.h"
#include "store/blob.h"
#include "test/check.h"
#include "test/whole.h"

enum { PLACES = 14, SHEETS = 2, TWICE = 3, WRITTEN = 13 };

struct desk {
    struct entry_fixture *f;
    struct actor who;
    struct marking m;
    struct scan_subjects subjects;
    struct scan_grey *pages;
    struct id one, two, third, session;
};

/* Ten single, two multiple, one true or false, one numeric; the print's A is the bank's B. */
static const json_t *places_json(struct arena *a)
{
    json_t *out = json_keep(a, json_array());
    for (int i = 0; i < PLACES; i++) {
        json_t *p = json_pack("{s:i, s:s}", "n", i + 1, "kind",
                              i < 10   ? "single"
                              : i < 12 ? "multiple"
                              : i < 13 ? "true_false"
                                       : "numeric");
        if (i < 12)
            json_object_set_new(p, "options",
                                json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}]",
                                          "id", "B", "text", "乙", "id", "A", "text", "甲",
                                          "id", "C", "text", "丙", "id", "D", "text", "丁"));
        json_array_append_new(out, p);
    }
    return out;
}

static struct scan_subject_row subject(struct desk *d, const char *ticket)
{
    struct err e = {0};
    struct arena *a = d->f->t->arena;
    struct scan_subject_row s = {.attempt = id_random(), .room = "一", .seat_no = 1};
    struct scan_place *places = arena_array(a, struct scan_place, PLACES);
    s.places = places_json(a);
    for (size_t i = 0; i < PLACES; i++)
        places[i] = scan_place_of(json_array_get(s.places, i));
    s.subject = (struct scan_subject){d->session, id_random(), ticket,
                                      scan_code(a, places, PLACES)};
    CHECK_OK("layout", scan_lay_out(a, places, PLACES, &s.layout, &e), &e);
    return s;
}

static void print_all(struct desk *d)
{
    struct err e = {0};
    struct arena *a = d->f->t->arena;
    struct scan_sheet sheets[SHEETS];
    unsigned char key[KEY_BYTES];
    struct bytes pdf;
    size_t count;
    master_key(d->f->t->master, KEY_SCAN, key);
    for (size_t i = 0; i < SHEETS; i++) {
        struct scan_label label;
        const struct scan_subject_row *s = &d->subjects.at[i];
        CHECK_OK("label", scan_label_make(&s->subject, key, 1, 1, &label, &e), &e);
        sheets[i] = (struct scan_sheet){"考生", s->subject.ticket, "一",
                                        arena_array(a, const char *, 1), s->layout};
        sheets[i].labels[0] = scan_label_write(a, &label);
    }
    struct scan_print job = {"机构", "场次", false, 0, sheets, SHEETS};
    CHECK_OK("pdf", scan_draw(a, &job, &pdf, &e), &e);
    d->pages = scan_fixture_raster(a, pdf, &count);
    CHECK_INT("pages", count, SHEETS);
}

/* Everybody marks the first option everywhere, the fourth question twice, and writes a number. */
static void fill_all(struct desk *d)
{
    struct rolled r = {5};
    for (size_t i = 0; i < SHEETS; i++)
        for (size_t k = 0; k < PLACES - 1; k++) {
            const struct scan_box *b = &d->subjects.at[i].layout.boxes[k];
            scan_fixture_fill(&d->pages[i], scan_bubble(b, 0, 0), PEN_FULL, &r);
            if (k == TWICE)
                scan_fixture_fill(&d->pages[i], scan_bubble(b, 0, 2), PEN_FULL, &r);
        }
}

static void begin(struct desk *d)
{
    *d = (struct desk){.f = entry_fixture_create(0),
                       .one = id_random(),
                       .two = id_random(),
                       .third = id_random(),
                       .session = id_random()};
    d->who = d->f->registrar_is;
    d->m = (struct marking){.db = d->f->t->db,
                            .arena = d->f->t->arena,
                            .master = d->f->t->master,
                            .programmes = &d->f->set,
                            .actor = &d->who};
    d->subjects.at = arena_array(d->m.arena, struct scan_subject_row, SHEETS);
    d->subjects.count = SHEETS;
    d->subjects.at[0] = subject(d, "25112800010001");
    d->subjects.at[1] = subject(d, "25112800010002");
    print_all(d);
    fill_all(d);
}

/* What a file says depends on nothing but the file, and reading takes longest: a fault loop reads it once. */
static bool reads_once;
static struct scan_read_pages once;

bool __real_scan_read(struct arena *a, const char *program, struct bytes file,
                      const struct scan_candidate *all, size_t count,
                      struct scan_read_pages *out, struct err *e);
bool __wrap_scan_read(struct arena *a, const char *program, struct bytes file,
                      const struct scan_candidate *all, size_t count,
                      struct scan_read_pages *out, struct err *e);
bool __wrap_scan_read(struct arena *a, const char *program, struct bytes file,
                      const struct scan_candidate *all, size_t count,
                      struct scan_read_pages *out, struct err *e)
{
    if (!reads_once)
        return __real_scan_read(a, program, file, all, count, out, e);
    bool ok = once.count > 0 || __real_scan_read(a, program, file, all, count, &once, e);
    *out = once;
    return ok;
}

static struct scan_report take(struct desk *d, int dpi, int turn)
{
    struct err e = {0};
    struct rolled r = {(uint64_t)dpi};
    struct arena *a = d->m.arena;
    struct scan_day day = {.dpi = dpi,
                           .turn = turn,
                           .skew = 1,
                           .paper = 240,
                           .ink = 25,
                           .noise = 4,
                           .missing_corner = -1};
    struct scan_grey scans[SHEETS];
    struct scan_report report;
    for (size_t i = 0; i < SHEETS; i++)
        scan_fixture_scan(a, &d->pages[i], &day, &r, &scans[i]);
    struct scan_upload u = {d->session, scan_fixture_file(a, scans, SHEETS, FILE_TIFF), NULL,
                            &d->f->t->blobs};
    if (reads_once)
        CHECK_WHOLE("taken", d->f->t, d->m.db, scan_take(&d->m, &u, &d->subjects, &report, &e),
                    &e)
    else
        CHECK_OK("taken", scan_take(&d->m, &u, &d->subjects, &report, &e), &e);
    return report;
}

static json_t *text_json(struct desk *d, const char *text)
{
    struct err e = {0};
    return json_read(d->m.arena, text, strlen(text), &e);
}

static bool decide_as(struct desk *d, size_t i, struct id account, int64_t n,
                      const char *response, bool *entered, struct err *e)
{
    struct scan_verdict v = {n, text_json(d, response)};
    d->who.account = account;
    return scan_decide(&d->m, &d->subjects.at[i], &v, entered, e);
}

/* The person reads what is on the paper; WRONG: of one clear place, they say another letter. */
static json_t *read_looks(struct desk *d, const struct scan_looks *looks, bool wrong)
{
    json_t *out = json_keep(d->m.arena, json_object());
    for (size_t i = 0; i < looks->count; i++) {
        int64_t n = looks->at[i].n;
        json_t *v = n - 1 == WRITTEN ? json_string("12.5")
                    : n - 1 == 12    ? json_true()
                                     : json_pack("[s]", wrong && n - 1 != TWICE ? "D" : "A");
        wrong = wrong && (n - 1 == WRITTEN || n - 1 == 12 || n - 1 == TWICE);
        json_object_set_new(out, arena_printf(d->m.arena, "%lld", (long long)n), v);
    }
    return out;
}

static void decide_both(struct desk *d, size_t i)
{
    struct err e = {0}, again = {0};
    struct scan_looks looks;
    bool entered;
    CHECK_OK("doubts", scan_doubts(&d->m, &d->subjects.at[i], &looks, &e), &e);
    CHECK_INT("a second mark and a number", looks.count, 2);
    CHECK("the second mark", looks.at[0].n - 1 == TWICE && looks.at[0].doubt == DOUBT_two);
    CHECK("the number", looks.at[1].n - 1 == WRITTEN && looks.at[1].doubt == DOUBT_written);
    CHECK_WHOLE("one", d->f->t, d->m.db,
                decide_as(d, i, d->one, TWICE + 1, "[\"A\"]", &entered, &e), &e);
    CHECK("not yet", !entered);
    CHECK_REFUSED("twice", decide_as(d, i, d->two, TWICE + 1, "[\"A\"]", &entered, &again),
                  &again, CONFLICT, "/n");
    CHECK_WHOLE("two", d->f->t, d->m.db,
                decide_as(d, i, d->one, WRITTEN + 1, "\"12.5\"", &entered, &e), &e);
    CHECK("the machine's sheet is in", entered);
}

static bool check_as(struct desk *d, size_t i, struct id account, bool wrong, bool *widened,
                     size_t *count, struct err *e)
{
    struct scan_looks looks;
    d->who.account = account;
    *count = 0;
    if (!scan_check_open(&d->m, &d->subjects.at[i], &looks, e))
        return false;
    *count = looks.count;
    return scan_check_save(&d->m, &d->subjects.at[i], read_looks(d, &looks, wrong), widened, e);
}

static struct scan_progress progress_of(struct desk *d, size_t i)
{
    struct err e = {0};
    struct scan_progress *p;
    CHECK_OK("progress", scan_progress_list(&d->m, d->session, &d->subjects, &p, &e), &e);
    return p[i];
}

static enum scan_state state_of(struct desk *d, size_t i)
{
    return progress_of(d, i).state;
}

static void check_counts(struct desk *d, size_t i)
{
    struct err e = {0};
    struct attempt_answers answers = {.count = 0};
    int64_t round;
    bool waiting;
    CHECK_OK("laid over",
             typed_lay_over(&d->m, d->subjects.at[i].attempt, &answers, &round, &waiting, &e),
             &e);
    CHECK("settled", !waiting);
    CHECK_INT("every place", answers.count, PLACES);
    for (size_t k = 0; k < answers.count; k++) {
        const struct answer *x = &answers.items[k];
        const char *want = x->item == WRITTEN + 1 ? "\"12.5\""
                           : x->item == 13        ? "true"
                                                  : "[\"B\"]";
        CHECK("what was marked", x->response.len == strlen(want) &&
                                     memcmp(x->response.at, want, strlen(want)) == 0);
    }
}

static void refused(struct test_store *t, const char *sql)
{
    struct err e = {0};
    CHECK(sql, !test_store_script(t, sql, &e));
}

/* What was read and said stays, for whoever has the database too. */
static void marks_are_kept(struct desk *d)
{
    refused(d->f->t, "DELETE FROM scan_mark;");
    refused(d->f->t, "DELETE FROM scan_page;");
    refused(d->f->t, "UPDATE scan_mark SET n = n + 1;");
}

static void finish(struct desk *d)
{
    entry_fixture_destroy(d->f);
}

/* Nobody scores what came in and is not entered yet. */
static bool waits(struct desk *d, size_t i)
{
    struct err e = {0};
    struct attempt_answers answers = {.count = 0};
    int64_t round;
    bool waiting;
    CHECK_OK("laid over",
             typed_lay_over(&d->m, d->subjects.at[i].attempt, &answers, &round, &waiting, &e),
             &e);
    return waiting;
}

void scan_use_test(void)
{
    struct desk d;
    struct err e = {0}, own = {0}, third = {0}, other = {0};
    struct bytes jpeg;
    struct scan_refusals refused;
    struct scan_looks looks;
    size_t count;
    bool widened;
    begin(&d);
    struct scan_report r = take(&d, 150, 0);
    CHECK("both pages", r.read == 2 && r.refused == 0 && r.doubtful == 4 && r.entered == 0);
    CHECK("the same file", take(&d, 150, 0).known);
    r = take(&d, 200, 2);
    CHECK("the same sheets again", !r.known && r.read == 0 && r.refused == 2);
    CHECK_OK("refused", scan_refused_list(&d.m, d.session, &refused, &e), &e);
    CHECK_INT("of the second file", refused.count, 2);
    CHECK_WHOLE("set aside", d.f->t, d.m.db,
                scan_set_aside(&d.m, d.session, refused.at[1].page, "重复扫描", &e), &e);
    CHECK("says whose and which", id_equal(refused.at[0].attempt, d.subjects.at[0].attempt) &&
                                      refused.at[0].sheet_page == 1 && refused.at[0].no == 1);
    CHECK_OK("looks", scan_doubts(&d.m, &d.subjects.at[0], &looks, &e), &e);
    struct scan_page_at at = {d.session, d.subjects.at[0].attempt, looks.at[0].page};
    CHECK_OK("picture", scan_picture(&d.m, &d.f->t->blobs, &at, &jpeg, &e), &e);
    CHECK("a JPEG", jpeg.len > 1000 && jpeg.at[0] == 0xFF && jpeg.at[1] == 0xD8);
    at.attempt = d.subjects.at[1].attempt;
    CHECK_REFUSED("not as another's", scan_picture(&d.m, &d.f->t->blobs, &at, &jpeg, &other),
                  &other, NOT_FOUND, "page");
    CHECK_INT("waits for people", state_of(&d, 0), SCAN_DOUBTFUL);
    CHECK("and so does its mark", waits(&d, 0));
    CHECK_INT("for two places", progress_of(&d, 0).doubtful, 2);
    decide_both(&d, 0);
    CHECK_INT("for none", progress_of(&d, 0).doubtful, 0);
    d.who.account = d.one;
    CHECK("not by who decided", !progress_of(&d, 0).may_check);
    d.who.account = d.two;
    CHECK("by another", progress_of(&d, 0).may_check);
    CHECK_INT("waits for the check", state_of(&d, 0), SCAN_TO_CHECK);
    CHECK_REFUSED("by who decided", check_as(&d, 0, d.one, false, &widened, &count, &own), &own,
                  FORBIDDEN, "");
    CHECK_OK("by another", check_as(&d, 0, d.two, false, &widened, &count, &e), &e);
    CHECK_INT("five clear ones, two doubtful", count, 7);
    CHECK("as read", !widened);
    CHECK_INT("done", state_of(&d, 0), SCAN_DONE);
    check_counts(&d, 0);
    marks_are_kept(&d);
    CHECK_REFUSED("a third has nothing to check",
                  check_as(&d, 0, d.third, false, &widened, &count, &third), &third, CONFLICT,
                  "/state");
    finish(&d);
}

void scan_widened_test(void)
{
    struct desk d;
    struct err e = {0}, other = {0};
    size_t count;
    bool widened;
    begin(&d);
    reads_once = true;
    take(&d, 150, 1);
    reads_once = false;
    decide_both(&d, 1);
    CHECK_OK("reads one otherwise", check_as(&d, 1, d.two, true, &widened, &count, &e), &e);
    CHECK("all is to be read", widened);
    CHECK_INT("nothing is in", state_of(&d, 1), SCAN_TO_CHECK);
    CHECK_REFUSED("not by another", check_as(&d, 1, d.third, false, &widened, &count, &other),
                  &other, CONFLICT, "/state");
    CHECK_OK("reads all", check_as(&d, 1, d.two, false, &widened, &count, &e), &e);
    CHECK_INT("every place", count, PLACES);
    CHECK("in", !widened);
    check_counts(&d, 1);
    finish(&d);
}

/* Not of this session, not printed by us: refused with a sentence, and nothing counts. */
void scan_foreign_test(void)
{
    struct desk d;
    begin(&d);
    d.subjects.at[0].subject.session = id_random();
    d.subjects.at[1].subject.ticket = "25112800010003";
    struct scan_report r = take(&d, 150, 0);
    CHECK("neither", r.read == 0 && r.refused == 2);
    finish(&d);
}
