/* paper/paper_fixture.c - what the tests of papers begin with. */
#include "paper/paper_fixture.h"

#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "store/db.h"

const char *const paper_test_phrases[] = {"first officer's phrase", "second officer's phrase",
                                          "third officer's phrase"};

static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    const struct paper_test *p = ctx;
    (void)e;
    sign_bytes(signature, message.at, message.len, p->release_secret);
    return true;
}

void paper_test_import(struct paper_test *p, const char *name, struct bytes file)
{
    struct err e = {0};
    struct import_report r;
    struct import_order order = {.programme = "national-2023", .file = file, .hand_in = true};
    CHECK_OK(name, bank_import(&p->bank, &order, &r, &e), &e);
    CHECK_INT(name, r.problem_count, 0);
}

void paper_test_approve(struct paper_test *p)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    CHECK_OK("list",
             bank_list(&p->bank, &(struct bank_filter){.state = "review", .limit = 5000}, &rows,
                       &count, &total, &e),
             &e);
    struct id *ids = arena_array(p->t->arena, struct id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    for (int reader = 0; reader < 3; reader++) {
        struct bank bank = p->bank;
        struct actor who = p->author;
        who.account = id_random();
        bank.actor = &who;
        struct review_order order = {.items = ids, .count = count, .verdict = REVIEW_APPROVE};
        CHECK_OK("approve", bank_review(&bank, &order, &e), &e);
    }
}

/* What the starter bank has for level 4: the other levels, and films and pictures, would be three quarters of it
 * (blueprint_starter_bank has them all). */
static bool is_needed(const char *name)
{
    const char *level = strstr(name, "/level");
    return (!level || level[6] == '4') && !strstr(name, "/hotspot") && !strstr(name, "/media");
}

static void fill_bank(struct paper_test *p)
{
    const struct embedded *f;
    for (size_t i = 0; (f = embedded_under("banks/national-2023/", i)); i++)
        if (is_needed(f->name))
            paper_test_import(p, f->name, (struct bytes){f->bytes, f->len});
    paper_test_approve(p);
}

static struct id compose(struct paper_test *p, const char *direction,
                         const struct layout_part *parts, size_t part_count)
{
    struct err e = {0};
    struct id form;
    struct form_order order = {.name = direction,
                               .blueprint = {programme_find(&p->programmes, "national-2023"),
                                             "theory", 4, direction, parts, part_count},
                               .seed = {9}};
    CHECK_OK(direction, form_compose(&p->bank, &order, &form, &e), &e);
    return form;
}

struct paper_test *paper_test_create(void)
{
    static const struct layout_part with_case[] = {{"single", 20, 2000, NULL},
                                                   {"true_false", 5, 1000, NULL},
                                                   {"calculation", 3, 1000, NULL},
                                                   {"case", 1, 10000, NULL}};
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct paper_test *p = arena_new(t->arena, struct paper_test);
    p->t = t;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &p->programmes, &e), &e);
    p->author = t->actor;
    p->bank = (struct bank){t->db, t->arena, t->master, &p->programmes, &p->author};
    sign_keypair(p->release_public, p->release_secret);
    p->session = id_random();
    p->desk = release_desk_create(t->actor.now_ms, 5000);
    fill_bank(p);
    p->forms[0] = compose(p, "A", NULL, 0);
    p->forms[1] = compose(p, "C", with_case, 4);
    for (size_t i = 0; i < 6; i++)
        p->attempts[i] = id_random();
    for (size_t i = 0; i < 3; i++) {
        p->officers[i] = t->actor;
        p->officers[i].account = id_random();
        CHECK_OK("enrol",
                 officer_enrol(t->db, t->arena, &p->officers[i], paper_test_phrases[i], 8, &e),
                 &e);
    }
    return p;
}

void paper_test_destroy(struct paper_test *p)
{
    release_desk_destroy(p->desk);
    test_store_destroy(p->t);
}

bool paper_test_prepare(struct paper_test *p, size_t officers, struct err *e)
{
    const struct paper_candidate one[] = {{p->attempts[0], p->forms[0]},
                                          {p->attempts[1], p->forms[0]},
                                          {p->attempts[2], p->forms[1]}},
                                 two[] = {{p->attempts[3], p->forms[1]},
                                          {p->attempts[4], p->forms[0]}};
    const struct paper_room rooms[] = {{.room = 1, .candidates = one, .count = 3},
                                       {.room = 2, .candidates = two, .count = 2}};
    const struct id accounts[] = {p->officers[0].account, p->officers[1].account,
                                  p->officers[2].account};
    struct prepare_order order = {.session = p->session,
                                  .title = "四级理论知识考试",
                                  .minutes = 90,
                                  .open_at_ms = PAPER_TEST_OPEN_AT,
                                  .close_at_ms = PAPER_TEST_OPEN_AT + 90 * 60000,
                                  .rooms = rooms,
                                  .room_count = 2,
                                  .officers = accounts,
                                  .officer_count = officers,
                                  .signer = {"0badcafe", p, sign}};
    return paper_prepare(&p->bank, &order, e);
}

bool paper_test_arm(struct paper_test *p, int officer, const char *passphrase, int64_t now_ms,
                    int *armed, struct err *e)
{
    struct bank bank = p->bank;
    bank.actor = &p->officers[officer];
    struct arm_order order = {p->session, passphrase, now_ms,
                              now_ms - p->t->actor.now_ms + 5000};
    return officer_arm(p->desk, &bank, &order, armed, e);
}

bool paper_test_release_at(struct paper_test *p, int64_t now_ms, int64_t step_ms, struct err *e)
{
    return paper_release(p->desk, &p->bank, p->session, now_ms,
                         now_ms - p->t->actor.now_ms + 5000 - step_ms, e);
}

void paper_test_release(struct paper_test *p)
{
    struct err e = {0};
    int armed;
    CHECK_OK("arm",
             paper_test_arm(p, 0, paper_test_phrases[0], PAPER_TEST_OPEN_AT - 1000, &armed, &e),
             &e);
    CHECK_OK("arm",
             paper_test_arm(p, 2, paper_test_phrases[2], PAPER_TEST_OPEN_AT - 500, &armed, &e),
             &e);
    CHECK_INT("two are there", armed, 2);
    CHECK_OK("release", paper_test_release_at(p, PAPER_TEST_OPEN_AT, 0, &e), &e);
}

const json_t *paper_test_exam(struct paper_test *p, struct id attempt)
{
    struct err e = {0};
    struct paper_row row;
    unsigned char key[KEY_BYTES];
    json_t *exam;
    CHECK_OK("paper", paper_of_attempt(p->t->db, attempt, &row, &e), &e);
    CHECK_OK(
        "key",
        paper_key_of(p->t->db, p->t->arena, p->t->master, row.id, PAPER_TEST_OPEN_AT, key, &e),
        &e);
    CHECK_OK("open", paper_open(p->t->db, p->t->arena, row.id, key, &exam, &e), &e);
    return exam;
}
