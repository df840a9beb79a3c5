/* web/scan_hall.c - a session of the starter bank with its answer sheets, for tests over HTTP. */
#include "web/scan_hall.h"

#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "paper/paper.h"
#include "people/viewer.h"
#include "sitting/prepare.h"
#include "store/db.h"

static const char *const phrases[] = {"first officer's phrase", "second officer's phrase"};

/* --- the bank ------------------------------------------------------------------------------------ */
static void import_and_approve(struct bank *b, const struct actor *as)
{
    struct err e = {0};
    struct item_row *rows;
    struct import_report r;
    size_t count;
    int64_t total;
    const struct embedded *f;
    for (size_t i = 0; (f = embedded_under("banks/national-2023/", i)); i++) {
        const char *level = strstr(f->name, "/level");
        struct import_order order = {
            .programme = "national-2023", .file = {f->bytes, f->len}, .hand_in = true};
        if (!(level && level[6] != '4') && !strstr(f->name, "/hotspot") &&
            !strstr(f->name, "/media"))
            CHECK_OK(f->name, bank_import(b, &order, &r, &e), &e);
    }
    const struct bank_filter waiting = {.state = "review", .limit = 5000};
    CHECK_OK("list", bank_list(b, &waiting, &rows, &count, &total, &e), &e);
    struct id *ids = arena_array(b->arena, struct id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    for (int reader = 0; reader < 3; reader++) {
        struct actor who = *as;
        struct bank by = *b;
        struct review_order order = {.items = ids, .count = count, .verdict = REVIEW_APPROVE};
        who.account = id_random();
        by.actor = &who;
        CHECK_OK("approve", bank_review(&by, &order, &e), &e);
    }
}

static struct id form_of(const struct bank *b, const struct programme_set *set, bool whole)
{
    static const struct layout_part parts[] = {{"single", 20, 2000, NULL},
                                               {"multiple", 5, 4000, NULL},
                                               {"true_false", 5, 4000, NULL},
                                               {"calculation", 2, 10000, NULL}};
    struct err e = {0};
    struct id form;
    struct form_order order = {.name = "A",
                               .blueprint = {programme_find(set, "national-2023"), "theory", 4,
                                             whole ? "A" : "C", whole ? NULL : parts,
                                             whole ? 0 : 4},
                               .seed = {9}};
    CHECK_OK("form", form_compose(b, &order, &form, &e), &e);
    return form;
}

/* --- the session --------------------------------------------------------------------------------- */
static bool put_session(struct db *db, void *ctx, struct err *e)
{
    struct scan_hall *h = ctx;
    struct query *q = db_query(db, SQL_session_put);
    query_id(q, h->session);
    query_id(q, h->hall->site->body.id);
    struct id batch;
    if (!id_read(h->hall->batch, &batch))
        return false;
    query_id(q, batch);
    query_text(q, "theory");
    query_text(q, "理论知识考试");
    query_int(q, h->open_at_ms);
    query_int(q, 90);
    query_int(q, 8 * 3600000);
    query_int(q, 15 * 60000);
    query_int(q, 0);
    query_text(q, "arranged");
    query_int(q, 1);
    query_int(q, 1);
    query_int(q, h->open_at_ms);
    return query_run(q, e);
}

static struct attempt_plan plan_of(struct scan_hall *h, size_t i, struct id room)
{
    struct attempt_plan p = {.id = h->attempts[i],
                             .room = room,
                             .seat = id_random(),
                             .entry = id_random(),
                             .seat_no = (int64_t)i + 1,
                             .ticket = arena_printf(h->arena, "261128%08zu", i + 1),
                             .name = "韩梅梅",
                             .document_letter = 'I',
                             .document_country = "CN"};
    memcpy(p.document_index, p.id.bytes, sizeof p.id.bytes);
    if (i < 2) {
        struct asker *who = i == 0 ? &h->hall->candidate : &h->hall->other;
        CHECK("an entry", id_read(hall_draft(h->hall, who), &p.entry));
    }
    return p;
}

static void seat_all(struct scan_hall *h, struct actor *who)
{
    struct err e = {0};
    struct room_plan room = {id_random(), 1, "第一考场"};
    struct session_plan session = {.id = h->session,
                                   .body = h->hall->site->body.id,
                                   .title = "理论知识考试",
                                   .starts_ms = h->open_at_ms,
                                   .minutes = 90,
                                   .zone_offset_ms = 8 * 3600000,
                                   .late_limit_ms = 15 * 60000,
                                   .rooms = &room,
                                   .room_count = 1,
                                   .attempt_count = h->count};
    session.attempts = arena_array(h->arena, struct attempt_plan, h->count);
    for (size_t i = 0; i < h->count; i++)
        session.attempts[i] = plan_of(h, i, room.id);
    CHECK_OK("arranged", db_transact(h->hall->site->t->db, put_session, h, &e), &e);
    CHECK_OK("seated", session_prepare_plan(h->hall->site->app.journal, who, &session, &e), &e);
}

static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    (void)e;
    sign_bytes(signature, message.at, message.len, ctx);
    return true;
}

static void seal_papers(struct scan_hall *h, struct bank *b, struct id form)
{
    struct err e = {0};
    unsigned char public_key[SIGN_PUBLIC_BYTES], secret[SIGN_SECRET_BYTES];
    struct paper_candidate *all = arena_array(b->arena, struct paper_candidate, h->count);
    struct actor who = *b->actor;
    for (size_t i = 0; i < h->count; i++)
        all[i] = (struct paper_candidate){h->attempts[i], form};
    for (int i = 0; i < 2; i++) {
        who.account = h->officers[i] = id_random();
        CHECK_OK("officer", officer_enrol(b->db, b->arena, &who, phrases[i], 8, &e), &e);
    }
    sign_keypair(public_key, secret);
    struct paper_room room = {.room = 1, .candidates = all, .count = h->count};
    struct prepare_order order = {.session = h->session,
                                  .title = "理论知识考试",
                                  .minutes = 90,
                                  .open_at_ms = h->open_at_ms,
                                  .close_at_ms = h->open_at_ms + 90 * 60000,
                                  .rooms = &room,
                                  .room_count = 1,
                                  .officers = h->officers,
                                  .officer_count = 2,
                                  .signer = {"0badcafe", secret, sign}};
    CHECK_OK("sealed", paper_prepare(b, &order, &e), &e);
    CHECK_OK("bound", session_bind_papers(h->hall->site->app.journal, b->actor, h->session, &e),
             &e);
}

struct scan_hall *scan_hall_open(const struct scan_hall_order *o)
{
    struct hall *hall = hall_open();
    struct test_store *t = hall->site->t;
    struct scan_hall *h = arena_new(t->arena, struct scan_hall);
    struct actor who = t->actor;
    struct bank bank = {t->db, t->arena, t->master, &hall->set, &who};
    char id[ID_TEXT_BYTES];
    who.now_ms = clock_now_ms();
    *h = (struct scan_hall){.hall = hall,
                            .arena = arena_create((size_t)1 << 30),
                            .session = id_random(),
                            .count = o->count,
                            .open_at_ms = who.now_ms};
    h->attempts = arena_array(t->arena, struct id, o->count);
    for (size_t i = 0; i < o->count; i++)
        h->attempts[i] = id_random();
    id_write(h->session, id);
    h->path = arena_printf(t->arena, "/api/sessions/%s", id);
    h->invigilator = hall_staff(hall, "invigilator-1", R(invigilator), (struct id){0});
    h->marker = hall_staff(hall, "marker-1", R(marker), (struct id){0});
    h->checker = hall_staff(hall, "marker-2", R(marker), (struct id){0});
    hall->site->app.program = o->program;
    h->desk = release_desk_create(who.now_ms, 5000);
    import_and_approve(&bank, &who);
    struct id form = form_of(&bank, &hall->set, o->whole);
    seat_all(h, &who);
    seal_papers(h, &bank, form);
    return h;
}

void scan_hall_close(struct scan_hall *h)
{
    release_desk_destroy(h->desk);
    arena_destroy(h->arena);
    hall_close(h->hall);
}

struct marking scan_hall_marking(struct scan_hall *h, struct arena *a, struct actor *who)
{
    struct test_store *t = h->hall->site->t;
    *who = t->actor;
    who->now_ms = clock_now_ms();
    return (struct marking){.db = t->db,
                            .arena = a,
                            .master = t->master,
                            .programmes = &h->hall->set,
                            .actor = who};
}

void scan_hall_release(struct scan_hall *h)
{
    struct test_store *t = h->hall->site->t;
    struct err e = {0};
    struct actor who = t->actor;
    struct bank bank = {t->db, t->arena, t->master, &h->hall->set, &who};
    int armed;
    who.now_ms = h->open_at_ms;
    for (int i = 0; i < 2; i++) {
        struct arm_order order = {h->session, phrases[i], h->open_at_ms, 5000};
        who.account = h->officers[i];
        CHECK_OK("armed", officer_arm(h->desk, &bank, &order, &armed, &e), &e);
    }
    CHECK_OK("released", paper_release(h->desk, &bank, h->session, h->open_at_ms, 5000, &e),
             &e);
}

/* --- the sheets ---------------------------------------------------------------------------------- */
void scan_hall_print(struct scan_hall *h)
{
    struct asker *r = &h->hall->registrar;
    size_t count;
    CHECK_INT("the sheets",
              ask(r, "GET", arena_printf(h->arena, "%s/answer-sheets.pdf", h->path), NULL),
              200);
    CHECK("a PDF", r->text && strncmp(r->text, "%PDF-", 5) == 0);
    struct bytes pdf = {(const unsigned char *)r->text, r->len};
    h->pages = scan_fixture_raster(h->arena, pdf, &count);
    CHECK_INT("a page each", count, h->count);
}

void scan_hall_fill(struct scan_hall *h)
{
    struct err e = {0};
    struct actor who;
    struct marking m = scan_hall_marking(h, h->arena, &who);
    struct scan_subjects all;
    struct rolled r = {3};
    CHECK_OK("layouts", scan_subjects(&m, h->session, (struct id){{0}}, &all, &e), &e);
    CHECK_INT("of everybody", all.count, h->count);
    for (size_t i = 0; i < h->count; i++)
        for (size_t n = 0; n < all.at[i].layout.count; n++) {
            const struct scan_box *b = &all.at[i].layout.boxes[n];
            bool weak = i == 0 && n == 2;
            if (all.at[i].layout.places[n].kind == SCAN_written)
                continue;
            scan_fixture_fill(&h->pages[i], scan_bubble(b, 0, 0), weak ? PEN_HALF : PEN_FULL,
                              &r);
            if (i == 0 && n == 1)
                scan_fixture_fill(&h->pages[i], scan_bubble(b, 0, 2), PEN_FULL, &r);
        }
}

struct bytes scan_hall_file(struct scan_hall *h, size_t from, size_t count, int dpi,
                            enum scan_file_kind kind)
{
    struct rolled r = {(uint64_t)dpi};
    struct scan_day day = {
        .dpi = dpi, .skew = 1, .paper = 240, .ink = 25, .noise = 4, .missing_corner = -1};
    struct scan_grey *scans = arena_array(h->arena, struct scan_grey, count);
    for (size_t i = 0; i < count; i++)
        scan_fixture_scan(h->arena, &h->pages[from + i], &day, &r, &scans[i]);
    return scan_fixture_file(h->arena, scans, count, kind);
}

long scan_hall_send(struct scan_hall *h, struct asker *who, const char *type, struct bytes file)
{
    return ask_bytes(who, arena_printf(h->arena, "%s/scans", h->path), type, file);
}

const char *scan_hall_path(struct scan_hall *h, size_t candidate, const char *rest)
{
    char attempt[ID_TEXT_BYTES];
    id_write(h->attempts[candidate], attempt);
    return arena_printf(h->arena, "%s/typed/%s%s", h->path, attempt, rest);
}
