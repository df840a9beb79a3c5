/* marking/scan_test.c - answer sheets printed, filled, scanned in all the ways of a bad day, read:
 * each answer right or given to a person, none wrong in silence. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "marking/scan_fixture.h"
#include "marking/scan_read.h"
#include "test/check.h"

static const char TICKET[] = "2511280001";
static const unsigned char KEY[KEY_BYTES] = {7};

/* Sixty single, fifteen multiple, twenty true or false, a matching, an ordering, a written one. */
static struct scan_place *places_of(struct arena *a, size_t *count)
{
    struct scan_place *p = arena_array(a, struct scan_place, 98);
    for (size_t i = 0; i < 98; i++)
        p[i] = i < 60   ? (struct scan_place){SCAN_single, 1, 4}
               : i < 75 ? (struct scan_place){SCAN_multiple, 1, i % 2 ? 5 : 6}
               : i < 95 ? (struct scan_place){SCAN_true_false, 1, 2}
               : i < 96 ? (struct scan_place){SCAN_matching, 4, 5}
               : i < 97 ? (struct scan_place){SCAN_ordering, 4, 4}
                        : (struct scan_place){SCAN_written, 7, 0};
    *count = 98;
    return p;
}

struct printed {
    struct arena *arena;
    struct scan_layout layout;
    struct scan_subject subject;
    struct scan_candidate candidate;
    struct scan_grey *pages;
    size_t count;
};

static void print(struct printed *p)
{
    struct err e = {0};
    struct bytes pdf;
    struct scan_sheet sheet = {.name = "张三丰", .ticket = TICKET, .seat = "第 1 考场 · 03 号"};
    size_t count;
    *p = (struct printed){.arena = arena_create(1200 << 20)};
    struct scan_place *places = places_of(p->arena, &count);
    CHECK_OK("layout", scan_lay_out(p->arena, places, count, &p->layout, &e), &e);
    p->subject = (struct scan_subject){id_random(), id_random(), TICKET,
                                       scan_code(p->arena, places, count)};
    p->candidate = (struct scan_candidate){TICKET, p->subject.code};
    sheet.layout = p->layout;
    sheet.labels = arena_array(p->arena, const char *, (size_t)p->layout.pages);
    for (int i = 0; i < p->layout.pages; i++) {
        struct scan_label label;
        CHECK_OK("label", scan_label_make(&p->subject, KEY, i + 1, p->layout.pages, &label, &e),
                 &e);
        sheet.labels[i] = scan_label_write(p->arena, &label);
    }
    struct scan_print job = {
        "示例评价机构", "全媒体运营师四级理论知识考试", false, 0, &sheet, 1};
    CHECK_OK("pdf", scan_draw(p->arena, &job, &pdf, &e), &e);
    const char *folder = getenv("HENG_PRINT_TO"); /* to look at it */
    if (folder) {
        FILE *f = fopen(arena_printf(p->arena, "%s/answer-sheet.pdf", folder), "wb");
        fwrite(pdf.at, 1, pdf.len, f);
        fclose(f);
    }
    p->pages = scan_fixture_raster(p->arena, pdf, &p->count);
    CHECK_INT("pages as laid out", p->count, p->layout.pages);
}

/* What a candidate meant, and whether a bad pen was used on the place. */
struct meant {
    unsigned char marks[SCAN_ROWS_MAX];
    bool badly;
    enum scan_pen pen; /* the last bad one */
};

static void fill_row(struct printed *p, const struct scan_grey *page, size_t place, int row,
                     struct meant *m, struct rolled *r)
{
    const struct scan_place *s = &p->layout.places[place];
    int marks = s->kind == SCAN_multiple ? 1 + roll_below(r, s->choices)
                                         : roll_below(r, 20) > 0;
    for (int k = 0; k < marks; k++) {
        int choice = roll_below(r, s->choices);
        if (m->marks[row] & 1u << choice)
            continue;
        enum scan_pen pen = roll_below(r, 25) ? PEN_FULL : (enum scan_pen)roll_below(r, PENS);
        scan_fixture_fill(page, scan_bubble(&p->layout.boxes[place], row, choice), pen, r);
        if (scan_pen_means(pen))
            m->marks[row] |= (unsigned char)(1u << choice);
        m->badly |= pen != PEN_FULL;
        m->pen = pen != PEN_FULL ? pen : m->pen;
    }
}

static struct scan_grey fill_page(struct printed *p, struct arena *a, int page,
                                  struct meant *meant, struct rolled *r)
{
    struct scan_grey g = p->pages[page];
    g.at = arena_copy(a, g.at, (size_t)g.width * (size_t)g.height);
    for (size_t i = 0; i < p->layout.count; i++)
        for (int row = 0; p->layout.boxes[i].page == page && row < p->layout.places[i].rows &&
                          p->layout.places[i].choices > 0;
             row++)
            fill_row(p, &g, i, row, &meant[i], r);
    return g;
}

struct figures {
    int64_t pages, refused, places, clear, doubtful, wrong, clean_doubtful;
};

static void judge(const struct scan_read_page *page, const struct printed *p,
                  const struct meant *meant, struct figures *f)
{
    f->pages++;
    if (page->refused) {
        print_message("refused: %s\n", page->refused);
        f->refused++;
        return;
    }
    CHECK("its check is true", scan_label_is_of(&page->says, &p->subject, KEY));
    for (size_t i = 0; i < page->count; i++) {
        const struct scan_reading *r = &page->readings[i];
        const struct meant *m = &meant[r->place];
        f->places++;
        if (r->doubt != SCAN_CLEAR) {
            f->doubtful++;
            f->clean_doubtful += !m->badly && r->doubt != DOUBT_written;
            continue;
        }
        f->clear++;
        if (memcmp(r->marks, m->marks, sizeof m->marks) != 0) {
            f->wrong++;
            print_error("place %zu: read %x, meant %x with pen %d\n", r->place + 1, r->marks[0],
                        m->marks[0], m->pen);
        }
    }
}

static int64_t cpu_us(void)
{
    return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC;
}

/* HENG_SCAN_SHEETS=300 for the figures in doc/answer-sheets.md. */
void scan_round_trip_test(void)
{
    struct printed p;
    struct figures f = {0};
    const char *many = getenv("HENG_SCAN_SHEETS");
    int sheets = many ? (int)strtol(many, NULL, 10) : 3;
    int64_t spent = 0;
    print(&p);
    for (int n = 0; n < sheets; n++) {
        struct rolled r = {(uint64_t)n * 7919 + 17};
        for (int page = 0; page < p.layout.pages; page++) {
            struct arena *a = arena_create(700 << 20);
            struct meant *meant = arena_array(a, struct meant, p.layout.count);
            struct scan_grey filled = fill_page(&p, a, page, meant, &r), scanned;
            struct scan_day day = scan_day_roll(&r);
            struct scan_read_pages read;
            struct bytes out;
            bool more;
            struct err e = {0};
            scan_fixture_scan(a, &filled, &day, &r, &scanned);
            struct bytes file = scan_fixture_file(a, &scanned, 1,
                                                  (enum scan_file_kind)roll_below(&r, 3));
            int64_t from = cpu_us();
            CHECK_OK("parse", parse_scan(a, scan_pack(a, file, 0, &p.candidate, 1), &out, &e),
                     &e);
            spent += cpu_us() - from;
            CHECK_OK("unpack", scan_unpack(a, out, &read, &more, &e), &e);
            CHECK("one page", read.count == 1 && !more);
            judge(&read.at[0], &p, meant, &f);
            arena_destroy(a);
        }
    }
    print_message(
        "pages %lld refused %lld places %lld clear %lld doubtful %lld (cleanly filled "
        "%lld) wrong %lld, %.1f pages a CPU second\n",
        (long long)f.pages, (long long)f.refused, (long long)f.places, (long long)f.clear,
        (long long)f.doubtful, (long long)f.clean_doubtful, (long long)f.wrong,
        (double)f.pages * 1e6 / (double)spent);
    CHECK_INT("none wrong in silence", f.wrong, 0);
    CHECK("hardly any refused", f.refused * 50 <= f.pages);
    CHECK("most of it clear", f.clear * 10 > f.places * 8);
    arena_destroy(p.arena);
}

/* In the cage, as uploads are: several pages in one TIFF, one of them torn, one of another session. */
void scan_file_test(void)
{
    struct printed p;
    struct scan_grey pages[3];
    struct rolled r = {1};
    struct err e = {0}, bad = {0};
    struct scan_read_pages read;
    print(&p);
    struct arena *a = p.arena;
    struct meant *meant = arena_array(a, struct meant, p.layout.count);
    struct scan_day day = {.dpi = 150, .paper = 245, .ink = 20, .missing_corner = -1};
    struct scan_grey filled = fill_page(&p, a, 0, meant, &r);
    scan_fixture_scan(a, &filled, &day, &r, &pages[0]);
    day.missing_corner = 2;
    scan_fixture_scan(a, &filled, &day, &r, &pages[1]);
    day = (struct scan_day){
        .dpi = 150, .turn = 2, .paper = 245, .ink = 20, .missing_corner = -1};
    scan_fixture_scan(a, &p.pages[1], &day, &r, &pages[2]);
    struct bytes file = scan_fixture_file(a, pages, 3, FILE_TIFF);
    CHECK_OK("read", scan_read(a, NULL, file, &p.candidate, 1, &read, &e), &e);
    CHECK_INT("pages", read.count, 3);
    CHECK("read",
          !read.at[0].refused && read.at[0].says.page == 1 && read.at[0].jpeg.len > 1000);
    CHECK("torn", read.at[1].refused && strstr(read.at[1].refused, "四个角"));
    CHECK("turned over", !read.at[2].refused && read.at[2].says.page == 2);
    const char *program = getenv("HENG_PROGRAM"); /* as the server does it */
    if (program) {
        CHECK_OK("by the program", scan_read(a, program, file, &p.candidate, 1, &read, &e), &e);
        CHECK("the same", read.count == 3 && !read.at[0].refused && !read.at[2].refused);
    }
    struct scan_candidate other = {"2511280002", p.candidate.code};
    CHECK_OK("another's", scan_read(a, NULL, file, &other, 1, &read, &e), &e);
    CHECK("said", read.at[0].refused && strstr(read.at[0].refused, "不是本场次"));
    CHECK_REFUSED("no picture",
                  scan_read(a, NULL,
                            (struct bytes){(const unsigned char *)"PK\3\4 nothing at all", 20},
                            &other, 1, &read, &bad),
                  &bad, INVALID, "/file");
    arena_destroy(a);
}

void scan_label_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    struct scan_subject s = {id_random(), id_random(), TICKET, "s14"}, other = s;
    struct scan_label l, again;
    unsigned char key[KEY_BYTES] = {1};
    CHECK_OK("made", scan_label_make(&s, key, 2, 3, &l, &e), &e);
    CHECK("reads", scan_label_read(scan_label_write(a, &l), &again));
    CHECK("its own", scan_label_is_of(&again, &s, key));
    other.code = "s15";
    CHECK("not with another layout", !scan_label_is_of(&again, &other, key));
    again.page = 1;
    CHECK("not as another page", !scan_label_is_of(&again, &s, key));
    key[0] = 2;
    CHECK("not under another key", !scan_label_is_of(&l, &s, key));
    static const char *const wrong[] = {
        "",
        "HS1:",
        "HS2:0123456789ab:0123456789ab:1:1/1:0123456789abcdef",
        "HS1:0123456789ab:0123456789ab:1:2/1:0123456789abcdef",
        "HS1:0123456789ab:0123456789ab:1:01/1:0123456789abcdef",
        "HS1:0123456789ab:0123456789ab::1/1:0123456789abcdef",
        "HS1:0123456789ab:0123456789ab:1:1/1:0123456789abcdef0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(wrong[i], !scan_label_read(wrong[i], &again));
    arena_destroy(a);
}

/* No bubble lies on another, on a timing mark or off the page, whatever the paper. */
void scan_layout_test(void)
{
    struct arena *a = arena_create(16 << 20);
    for (int n = 0; n < 200; n++) {
        struct rolled r = {(uint64_t)n};
        struct err e = {0};
        size_t count = 1 + (size_t)roll_below(&r, 120);
        struct scan_place *p = arena_array(a, struct scan_place, count), *again;
        struct scan_layout l;
        for (size_t i = 0; i < count; i++) {
            int kind = roll_below(&r, 12);
            p[i] = kind == 0   ? (struct scan_place){SCAN_written, 1 + roll_below(&r, 8), 0}
                   : kind == 1 ? (struct scan_place){SCAN_matching, 1 + roll_below(&r, 8), 6}
                               : (struct scan_place){SCAN_single, 1, 1 + roll_below(&r, 6)};
        }
        if (!scan_lay_out(a, p, count, &l, &e))
            continue;
        const char *code = scan_code(a, p, count);
        size_t same;
        CHECK("code", scan_code_read(a, code, &again, &same) && same == count &&
                          memcmp(again, p, count * sizeof *p) == 0);
        for (size_t i = 0; i < count; i++) {
            const struct scan_box *b = &l.boxes[i];
            CHECK("on the page", b->line >= 0 && b->line + p[i].rows <= SCAN_LINES &&
                                     b->x + b->width <= 190.1 && b->page < l.pages);
            for (size_t k = i + 1; k < count; k++) {
                const struct scan_box *c = &l.boxes[k];
                CHECK("apart", b->page != c->page || b->x + b->width <= c->x + 0.01 ||
                                   c->x + c->width <= b->x + 0.01 ||
                                   b->y + b->height <= c->y + 0.01 ||
                                   c->y + c->height <= b->y + 0.01);
                CHECK("in their order", b->page <= c->page);
            }
        }
    }
    arena_destroy(a);
}
