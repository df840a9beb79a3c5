/* marking/sheet_test.c - examiners' sheets and the head examiner's decision, with every call of the
 * database failing once: all of it is there, or nothing. */
#include "base/calendar.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/entry_fixture.h"
#include "marking/marking.h"
#include "people/account.h"
#include "people/recusal.h"
#include "sitting/arrange.h"
#include "test/check.h"

enum { EXAMINERS = 3, MEMBERS = 5, FAULTS_LIMIT = 200 };

struct panel {
    struct entry_fixture *f;
    struct id entry, session, examiners[MEMBERS], head;
    struct actor who;
    struct marking m;
    struct rubric rubric;
};

static struct id examiner_of(struct panel *p, const char *login, uint32_t roles)
{
    struct err e = {0};
    struct people people = p->f->registrar.people;
    struct account made;
    char first[FIRST_PASSWORD_BYTES];
    struct account_new n = {.login = login,
                            .display_name = login,
                            .roles = roles,
                            .password = "Zrlbx-47-Krvqtm-05"};
    struct staff_occupation card = {"4-13-01-05", 1};
    CHECK_OK(login, account_create(&people, &n, &made, first, &e), &e);
    struct staff_profile profile = {
        .account = made.id, .card_no = "K-1", .occupations = &card, .occupation_count = 1};
    CHECK_OK(login, staff_profile_put(&people, &profile, &e), &e);
    return made.id;
}

static void on_duty(struct panel *p, struct id account, enum duty duty)
{
    struct err e = {0};
    struct session_staff out;
    struct arranger by = {p->f->t->arena, &p->f->registrar_is, &p->f->set};
    struct staff_input in = {.session = p->session, .account = account, .duty = duty};
    CHECK_OK("duty", staff_assign(p->f->t->db, &by, &in, &out, &e), &e);
}

static void session_of(struct panel *p, const char *component)
{
    struct err e = {0};
    struct db *db = p->f->t->db;
    struct arranger by = {p->f->t->arena, &p->f->registrar_is, &p->f->set};
    date_days day = date_of_instant(p->f->t->actor.now_ms, CHINA_OFFSET_MS) + 30;
    struct batch batch;
    CHECK_OK("batch", batch_get(db, p->f->t->arena, p->who.body, p->f->batch, &batch, &e), &e);
    if (batch.exam_from > 0)
        day = batch.exam_from;
    struct session_input in = {
        .component = component,
        .starts_ms = instant_of(day, 9 * (int64_t)3600000, CHINA_OFFSET_MS),
        .minutes = 120,
        .late_minutes = -1,
        .earliest_hand_in_minutes = -1};
    struct session session;
    struct site_input place = {"朝阳考点", "建国路 88 号", NULL};
    struct site site;
    struct room room;
    struct seat_auto seat;
    CHECK_OK("session", session_create(db, &by, p->f->batch, &in, &session, &e), &e);
    CHECK_OK("site", site_create(db, &by, &place, &site, &e), &e);
    p->session = session.id;
    struct room_input rows = {session.id, site.id, "一", 2, 2, 0};
    CHECK_OK("room", room_create(db, &by, &rows, &room, &e), &e);
    seat = (struct seat_auto){.session = session.id, .seed = 7};
    CHECK_OK("seats", arrange_seat(db, &by, &seat, &e), &e);
    CHECK_INT("seated", seat.seated, 1);
}

static struct panel *panel_seated(const char *component, int64_t level, const char *facts)
{
    struct err e = {0};
    struct entry_fixture *f = entry_fixture_create(0);
    struct panel *p = arena_new(f->t->arena, struct panel);
    p->f = f;
    f->level = level;
    f->facts = facts;
    p->entry = entry_fixture_submitted(f, &f->candidate);
    p->who = f->registrar_is;
    p->m = (struct marking){.db = f->t->db,
                            .arena = f->t->arena,
                            .master = f->t->master,
                            .programmes = &f->set,
                            .actor = &p->who};
    struct entry n = entry_fixture_get(f, p->entry);
    struct entry_review accepted = {.id = p->entry,
                                    .version = n.version,
                                    .to = ENTRY_ACCEPTED,
                                    .reason = "由审核人员认定。"};
    CHECK_OK("accepted", entry_review(&f->registrar, &accepted, &e), &e);
    session_of(p, component);
    struct marking_session ms;
    CHECK_OK("session", marking_session(&p->m, p->session, &ms, &e), &e);
    CHECK_OK("rubric",
             rubric_make(f->t->arena, ms.programme, ms.component, n.level, n.direction,
                         &p->rubric, &e),
             &e);
    return p;
}

static struct panel *panel_open(void)
{
    struct panel *p = panel_seated("skills", 4, entry_fixture_facts);
    for (int i = 0; i < EXAMINERS; i++) {
        p->examiners[i] = examiner_of(p, arena_printf(p->f->t->arena, "examiner-%d", i),
                                      R(examiner));
        on_duty(p, p->examiners[i], DUTY_examiner);
    }
    p->head = examiner_of(p, "head-examiner", R(head_examiner));
    on_duty(p, p->head, DUTY_head_examiner);
    return p;
}

/* Every point with all of its marks, or with none. */
static struct json_t *scores(struct panel *p, bool full)
{
    struct err e = {0};
    struct json_out *o = json_out_create(p->f->t->arena);
    out_object(o);
    for (size_t i = 0; i < p->rubric.count; i++)
        put_int(o, p->rubric.points[i].id, full ? p->rubric.points[i].full_millimarks : 0);
    out_object_end(o);
    return json_read(p->f->t->arena, json_out_text(o), json_out_len(o), &e);
}

static bool save_as(struct panel *p, struct id account, struct sheet_save *save, struct err *e)
{
    int64_t version;
    p->who.account = account;
    return sheet_save(&p->m, save, &version, e);
}

static struct sheet own_sheet_of(struct panel *p, struct id account)
{
    struct err e = {0};
    struct sheet_list list;
    p->who.account = account;
    CHECK_OK("own sheets", sheet_list_own(&p->m, p->session, &list, &e), &e);
    CHECK_INT("one candidate", list.count, 1);
    return list.at[0];
}

static int64_t audit_rows(struct panel *p)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("audit", audit_verify(p->f->t->db, p->f->t->arena, &r, &e), &e);
    CHECK_INT("the chain holds", r.break_count, 0);
    return r.rows;
}

/* Saves with each call failing once; submitted with its audit row, or as it was before. */
static void save_faults(struct panel *p, struct id account, struct sheet_save *save)
{
    struct sheet was = own_sheet_of(p, account);
    int64_t rows = audit_rows(p);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        db_fail_call(p->f->t->db, nth, false);
        bool ok = save_as(p, account, save, &e);
        db_fail_call(p->f->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(p->f->t->db));
        struct sheet now = own_sheet_of(p, account);
        CHECK_INT("version", now.version, was.version + ok);
        CHECK_INT("submitted", now.submitted_ms != 0, ok && save->submit);
        CHECK_INT("audit row", audit_rows(p), rows + (ok && save->submit));
        if (ok) {
            CHECK("every call was failed once", nth > 5);
            return;
        }
        CHECK_TEXT("the store's fault", err_name(e.code), "store");
        CHECK("an end", nth < FAULTS_LIMIT);
    }
}

void sheet_save_faults_test(void)
{
    struct panel *p = panel_open();
    struct sheet_save draft = {p->session, p->entry, scores(p, true), "草稿", 0, false},
                      submit = {p->session, p->entry, scores(p, true), NULL, 1, true};
    struct err late = {0}, stale = {0};
    save_faults(p, p->examiners[0], &draft);
    CHECK_REFUSED("an old version", save_as(p, p->examiners[0], &draft, &stale), &stale,
                  CONFLICT, "/version");
    save_faults(p, p->examiners[0], &submit);
    submit.version = 2;
    CHECK_REFUSED("after it was submitted", save_as(p, p->examiners[0], &submit, &late), &late,
                  CONFLICT, "/version");
    CHECK_INT("the others see nothing of it", own_sheet_of(p, p->examiners[1]).version, 0);
    entry_fixture_destroy(p->f);
}

static const struct component_mark *mark_now(struct panel *p)
{
    struct err e = {0};
    struct component_marks *all = arena_new(p->f->t->arena, struct component_marks);
    CHECK_OK("marks", component_marks(&p->m, p->session, all, &e), &e);
    CHECK_INT("one candidate", all->count, 1);
    return &all->at[0];
}

/* Three who differ by everything: the head examiner decides, whole or not at all, and once. */
void score_decide_faults_test(void)
{
    struct panel *p = panel_open();
    struct err e = {0}, early = {0}, twice = {0};
    struct score_decision d = {p->session, p->entry, 71000, "重看录像后裁定。"};
    p->who.account = p->head;
    CHECK_REFUSED("before all have scored", score_decide(&p->m, &d, &early), &early, CONFLICT,
                  "/entry");
    for (int i = 0; i < EXAMINERS; i++) {
        struct sheet_save s = {p->session, p->entry, scores(p, i == 0), NULL, 0, true};
        CHECK_OK("sheet", save_as(p, p->examiners[i], &s, &e), &e);
    }
    p->who.account = p->head;
    int64_t rows = audit_rows(p);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err failed = {0};
        db_fail_call(p->f->t->db, nth, false);
        bool ok = score_decide(&p->m, &d, &failed);
        db_fail_call(p->f->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(p->f->t->db));
        CHECK_INT("decided if and only if it said so", mark_now(p)->decision != NULL, ok);
        CHECK_INT("audit row", audit_rows(p), rows + ok);
        if (ok)
            break;
        CHECK("an end", nth < FAULTS_LIMIT);
    }
    CHECK_INT("the mark", mark_now(p)->millimarks, 71000);
    CHECK_TEXT("with its reason", mark_now(p)->decision, d.reason);
    CHECK_REFUSED("twice", score_decide(&p->m, &d, &twice), &twice, CONFLICT, "/entry");
    entry_fixture_destroy(p->f);
}

/* Five sit before the candidate: with three sheets nothing is settled, and the head examiner, who
 * decides, gives no marks. */
void panel_scores_whole_test(void)
{
    struct err e = {0}, not_hers = {0};
    struct panel *p = panel_seated(
        "review", 2,
        "{\"work\":[{\"occupation\":\"全媒体运营师\",\"from\":\"2012-03-01\"}],"
        "\"certificates\":[{\"occupation\":\"全媒体运营师\",\"level\":3,"
        "\"issued\":\"2012-03-01\"}]}");
    for (int i = 0; i < MEMBERS; i++) {
        p->examiners[i] = examiner_of(p, arena_printf(p->f->t->arena, "member-%d", i),
                                      R(panel_member));
        on_duty(p, p->examiners[i], DUTY_panel_member);
    }
    p->head = examiner_of(p, "head-examiner", R(head_examiner));
    on_duty(p, p->head, DUTY_head_examiner);
    struct sheet_save s = {p->session, p->entry, scores(p, true), NULL, 0, true};
    CHECK_REFUSED("the head examiner", save_as(p, p->head, &s, &not_hers), &not_hers, FORBIDDEN,
                  "duty");
    for (int i = 0; i < MEMBERS; i++) {
        CHECK_INT("all of them", mark_now(p)->needed, MEMBERS);
        CHECK("not before", mark_now(p)->state == AGREE_WAITING);
        CHECK_INT("nobody reads the others'", mark_now(p)->votes_count, 0);
        CHECK_OK("sheet", save_as(p, p->examiners[i], &s, &e), &e);
    }
    CHECK("settled", mark_now(p)->state == AGREE_SETTLED);
    CHECK_INT("the mean", mark_now(p)->millimarks, p->rubric.full_millimarks);
    entry_fixture_destroy(p->f);
}
