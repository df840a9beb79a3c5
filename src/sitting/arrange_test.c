/* sitting/arrange_test.c - the arrangement from a site to a closed session, and what is refused. */
#include "sitting/arrange.h"

#include <stdio.h>
#include <string.h>

#include "people/recusal.h"
#include "sitting/arrange_fixture.h"
#include "sitting/session_store.h"
#include "test/check.h"

static const struct id anywhere;

/* ------------------------------------------------------------------ every fault */
/* What the steps of the road hand on to each other. */
struct road {
    struct hall *h;
    struct site site;
    struct session session;
    struct room room, second;
    struct session_staff staff;
    struct id seat;
};

static bool step_site(struct road *r, struct err *e)
{
    struct site_input in = {"海淀考点", "北京市海淀区", "地铁站旁"};
    return site_create(r->h->db, &r->h->by, &in, &r->site, e);
}

static bool step_session(struct road *r, struct err *e)
{
    struct session_input in = {"theory", "上午场", r->h->session.starts_ms + DAY_MS, 90, 0,
                               -1,       -1};
    return session_create(r->h->db, &r->h->by, r->h->f->batch, &in, &r->session, e);
}

static bool step_edit(struct road *r, struct err *e)
{
    struct session_change change = {r->h->session.id, r->h->session.version, {0}};
    struct session now;
    if (!session_get(r->h->db, r->h->by.arena, owned_by(&r->h->by, r->h->session.id), &now, e))
        return false;
    change.version = now.version;
    change.to = (struct session_input){"theory", "改了名", now.starts_ms, 100, 0, 15, 30};
    return session_edit(r->h->db, &r->h->by, &change, &r->h->session, e);
}

static bool step_room(struct road *r, struct err *e)
{
    struct room_input in = {r->h->session.id, r->site.id, "第二考场", 2, 3, 5};
    return room_create(r->h->db, &r->h->by, &in, &r->second, e);
}

static bool step_remove_room(struct road *r, struct err *e)
{
    return room_remove(r->h->db, &r->h->by, r->second.id, e);
}

static bool step_seat(struct road *r, struct err *e)
{
    struct seat_auto s = {.session = r->h->session.id, .seed = 3};
    return arrange_seat(r->h->db, &r->h->by, &s, e);
}

static bool step_move(struct road *r, struct err *e)
{
    struct seat_list seats;
    if (!seat_list(r->h->db, r->h->by.arena, owned_by(&r->h->by, r->h->session.id), &seats, e))
        return false;
    struct seat_move m = {r->h->session.id, seats.at[29].id, r->h->entries[0]};
    return arrange_move(r->h->db, &r->h->by, &m, e);
}

static bool step_staff(struct road *r, struct err *e)
{
    struct staff_input in = {r->h->session.id, r->h->staff[0], r->h->room.id, DUTY_invigilator};
    return staff_assign(r->h->db, &r->h->by, &in, &r->staff, e);
}

static bool step_remove_staff(struct road *r, struct err *e)
{
    return staff_remove(r->h->db, &r->h->by, r->h->session.id, r->staff.id, e);
}

static bool step_close(struct road *r, struct err *e)
{
    struct findings f;
    return arrange_close(r->h->db, &r->h->by, r->h->session.id, &f, e);
}

static bool step_tickets(struct road *r, struct err *e)
{
    struct ticket_issue t = {.session = r->h->session.id};
    return ticket_issue(r->h->db, &r->h->by, &t, e);
}

static bool step_csv(struct road *r, struct err *e)
{
    struct printing p = {&r->h->by, r->h->f->t->master, &r->h->f->t->blobs, false};
    struct bytes csv;
    return seating_csv(r->h->db, &p, r->h->session.id, &csv, e);
}

static bool step_reopen(struct road *r, struct err *e)
{
    return arrange_reopen(r->h->db, &r->h->by, r->h->session.id, "监考人员生病", e);
}

static bool step_cancel(struct road *r, struct err *e)
{
    return session_cancel(r->h->db, &r->h->by, r->h->session.id, "考点停电", e);
}

static bool step_two_staff(struct road *r, struct err *e)
{
    struct staff_input in = {r->h->session.id, r->h->staff[1], r->h->room.id, DUTY_invigilator};
    struct session_staff out;
    return staff_assign(r->h->db, &r->h->by, &in, &out, e);
}

static const struct {
    const char *what;
    bool (*run)(struct road *r, struct err *e);
} steps[] = {
    {"site", step_site},
    {"session", step_session},
    {"edit", step_edit},
    {"room", step_room},
    {"remove", step_remove_room},
    {"seat", step_seat},
    {"move", step_move},
    {"staff", step_staff},
    {"unstaff", step_remove_staff},
    {"staff again", step_staff},
    {"two staff", step_two_staff},
    {"close", step_close},
    {"tickets", step_tickets},
    {"csv", step_csv},
    {"reopen", step_reopen},
    {"close again", step_close},
    {"cancel", step_cancel},
};

/* Each call to the database fails once, one after the other, until the step gets through: before
 * that nothing has changed, afterwards something has. */
void arrange_faults_test(void)
{
    struct hall *h = hall_create();
    struct road r = {.h = h};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (int nth = 1;; nth = test_next_call(nth)) {
            struct err e = {0};
            uint64_t before = hall_snapshot(h);
            db_fail_call(h->db, nth, false);
            bool ok = steps[i].run(&r, &e);
            bool fired = db_fault_fired(h->db);
            db_fail_call(h->db, 0, false);
            CHECK(steps[i].what, db_is_idle(h->db));
            if (!ok)
                CHECK_TEXT(steps[i].what, fired ? err_name(e.code) : e.text, "store");
            CHECK_INT(steps[i].what, hall_snapshot(h) != before, ok);
            if (ok && !fired)
                break;
            CHECK(steps[i].what, !ok);
        }
    }
    hall_destroy(h);
}

/* ------------------------------------------------------------------ closing */
static bool has_rule(const struct findings *f, const char *rule)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->at[i].rule, rule) == 0)
            return true;
    return false;
}

void arrange_close_refuses_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct findings f;
    struct session now;
    CHECK_REFUSED("empty", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e, RULE,
                  "/findings");
    CHECK("nobody sits", has_rule(&f, "no_candidates"));
    struct seat_auto s = {.session = h->session.id, .seed = 7};
    e = (struct err){0};
    CHECK_OK("seat", arrange_seat(h->db, &h->by, &s, &e), &e);
    hall_assign(h, 0, DUTY_invigilator, h->room.id);
    CHECK_REFUSED("one for 16", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e, RULE,
                  "/findings");
    CHECK("minimum", has_rule(&f, "staff_minimum"));
    CHECK("ratio", has_rule(&f, "staff_ratio"));
    CHECK("the source is named", strstr(e.text, "1.9.3"));
    e = (struct err){0};
    CHECK_OK("session",
             session_get(h->db, h->by.arena, owned_by(&h->by, h->session.id), &now, &e), &e);
    CHECK_TEXT("still", session_state_name(now.state), "draft");

    hall_assign(h, 1, DUTY_invigilator, h->room.id);
    CHECK_OK("closes", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e);
    CHECK_INT("nothing blocks", f.blocking, 0);
    CHECK("but it says what is missing", has_rule(&f, "supervisor_missing"));
    CHECK_REFUSED("twice", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e, CONFLICT,
                  "/state");
    hall_destroy(h);
}

/* An arranged session is changed by nobody. */
void arrange_closed_is_closed_test(void)
{
    struct hall *h = hall_create();
    struct road r = {.h = h};
    struct err e = {0};
    struct findings f;
    hall_fill(h);
    CHECK_OK("closes", arrange_close(h->db, &h->by, h->session.id, &f, &e), &e);
    static bool (*const tries[])(struct road *, struct err *) = {
        step_room, step_seat, step_move, step_two_staff, step_remove_staff,
    };
    CHECK_OK("a site is no part of it", step_site(&r, &e), &e);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct err no = {0};
        CHECK_REFUSED("closed", tries[i](&r, &no), &no, CONFLICT, "/state");
    }
    struct err no = {0};
    CHECK_REFUSED("edit", step_edit(&r, &no), &no, CONFLICT, "/version");
    CHECK_OK("reopens", step_reopen(&r, &e), &e);
    CHECK_OK("and may be changed", step_move(&r, &e), &e);
    hall_destroy(h);
}

/* ------------------------------------------------------------------ seats */
static struct id entry_at(struct hall *h, size_t seat)
{
    struct err e = {0};
    struct seat_list seats;
    CHECK_OK("seats",
             seat_list(h->db, h->by.arena, owned_by(&h->by, h->session.id), &seats, &e), &e);
    return seats.at[seat].entry;
}

void arrange_moves_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct seat_list seats;
    hall_fill(h);
    CHECK_OK("seats",
             seat_list(h->db, h->by.arena, owned_by(&h->by, h->session.id), &seats, &e), &e);
    struct id first = seats.at[0].entry, second = seats.at[1].entry;
    struct seat_move swap = {h->session.id, seats.at[1].id, first};
    CHECK_OK("swap", arrange_move(h->db, &h->by, &swap, &e), &e);
    CHECK("swapped", id_equal(entry_at(h, 0), second) && id_equal(entry_at(h, 1), first));
    struct seat_move away = {h->session.id, seats.at[29].id, first};
    CHECK_OK("to an empty seat", arrange_move(h->db, &h->by, &away, &e), &e);
    CHECK("moved", id_is_zero(entry_at(h, 1)) && id_equal(entry_at(h, 29), first));
    struct seat_move out = {h->session.id, seats.at[29].id, anywhere};
    CHECK_OK("out", arrange_move(h->db, &h->by, &out, &e), &e);
    CHECK("empty", id_is_zero(entry_at(h, 29)));
    struct seat_auto again = {.session = h->session.id, .seed = 9};
    CHECK_OK("seats whom it finds", arrange_seat(h->db, &h->by, &again, &e), &e);
    CHECK_INT("one", again.seated, 1);
    again.again = true;
    CHECK_OK("all anew", arrange_seat(h->db, &h->by, &again, &e), &e);
    CHECK_INT("all", again.seated, HALL_CANDIDATES);

    struct seat_move no_seat = {h->session.id, h->room.id, first};
    CHECK_REFUSED("no such seat", arrange_move(h->db, &h->by, &no_seat, &e), &e, NOT_FOUND,
                  "/seat");
    e = (struct err){0};
    struct seat_move nobody = {h->session.id, seats.at[5].id, id_random()};
    CHECK_REFUSED("nobody", arrange_move(h->db, &h->by, &nobody, &e), &e, RULE, "/entry");
    e = (struct err){0};
    struct session small = hall_session(h, "skills", h->session.starts_ms + DAY_MS);
    struct room_input in = {small.id, h->site.id, "小考场", 3, 5, 0};
    struct room room;
    CHECK_OK("room", room_create(h->db, &h->by, &in, &room, &e), &e);
    struct seat_auto full = {.session = small.id, .seed = 1};
    CHECK_REFUSED("15 seats for 16", arrange_seat(h->db, &h->by, &full, &e), &e, RULE,
                  "/capacity");
    hall_destroy(h);
}

/* ------------------------------------------------------------------ at the same time */
void arrange_clashes_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct findings f;
    hall_fill(h);
    struct session other = hall_session(h, "skills", h->session.starts_ms + 60 * 60000);
    hall_room(h, other.id, "第一考场");
    struct seat_auto s = {.session = other.id, .seed = 2};
    CHECK_OK("seated twice at once", arrange_seat(h->db, &h->by, &s, &e), &e);
    struct staff_input in = {other.id, h->staff[0], anywhere, DUTY_invigilator};
    struct session_staff out;
    CHECK_REFUSED("staff", staff_assign(h->db, &h->by, &in, &out, &e), &e, RULE, "/account");
    e = (struct err){0};
    CHECK_OK("findings", arrange_findings(h->db, &h->by, other.id, &f, &e), &e);
    CHECK("candidates", has_rule(&f, "candidate_clash"));
    CHECK("room", has_rule(&f, "room_clash"));
    CHECK("examiners", has_rule(&f, "staff_minimum"));
    CHECK_OK("the other is given up",
             session_cancel(h->db, &h->by, h->session.id, "另行安排", &e), &e);
    CHECK_OK("findings", arrange_findings(h->db, &h->by, other.id, &f, &e), &e);
    CHECK("no clash any more", !has_rule(&f, "candidate_clash") && !has_rule(&f, "room_clash"));
    /* The second session of a component takes only who has no seat in the first. */
    struct session third = hall_session(h, "skills", h->session.starts_ms + 9 * 3600000);
    hall_room(h, third.id, "第一考场");
    s = (struct seat_auto){.session = third.id, .seed = 2};
    CHECK_OK("seats", arrange_seat(h->db, &h->by, &s, &e), &e);
    CHECK_INT("nobody is left", s.seated, 0);
    hall_destroy(h);
}

/* ------------------------------------------------------------------ staff */
void arrange_staff_refused_test(void)
{
    struct hall *h = hall_create();
    struct session_staff out;
    struct err e = {0};
    hall_fill(h);
    struct people people = {h->db, h->by.arena, h->f->t->master, &h->actor};
    struct conflict kin = {h->staff[2], h->persons[4], CONFLICT_KIN};
    CHECK_OK("kin", conflict_put(&people, &kin, &e), &e);
    const struct {
        const char *what;
        struct staff_input in;
        enum err_code code;
        const char *field, *says;
    } cases[] = {
        {"kin",
         {h->session.id, h->staff[2], h->room.id, DUTY_invigilator},
         ERR_RULE,
         "/account",
         "亲属"},
        {"no role",
         {h->session.id, h->staff[3], h->room.id, DUTY_invigilator},
         ERR_RULE,
         "/account",
         "角色"},
        {"no card",
         {h->session.id, h->staff[3], anywhere, DUTY_examiner},
         ERR_RULE,
         "/account",
         "考评资格"},
        {"twice",
         {h->session.id, h->staff[0], anywhere, DUTY_invigilator},
         ERR_CONFLICT,
         "/account",
         "已经担任"},
        {"another room",
         {h->session.id, h->staff[6], h->site.id, DUTY_quality_supervisor},
         ERR_NOT_FOUND,
         "/room",
         "考场"},
        {"nobody",
         {h->session.id, h->site.id, anywhere, DUTY_quality_supervisor},
         ERR_NOT_FOUND,
         NULL,
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err no = {0};
        CHECK_INT(cases[i].what, staff_assign(h->db, &h->by, &cases[i].in, &out, &no), false);
        CHECK_INT(cases[i].what, no.code, cases[i].code);
        if (cases[i].field)
            CHECK_TEXT(cases[i].what, no.field, cases[i].field);
        CHECK(cases[i].what, strstr(no.text, cases[i].says));
    }
    struct staff_occupation card = {"4-13-01-05", 3};
    struct staff_profile profile = {h->staff[3], "某公司", "K001", &card, 1};
    CHECK_OK("card", staff_profile_put(&people, &profile, &e), &e);
    hall_assign(h, 3, DUTY_examiner, anywhere);
    hall_assign(h, 6, DUTY_quality_supervisor, anywhere);
    hall_assign(h, 7, DUTY_release_officer, anywhere);
    struct duty_question q = {h->actor.body, h->session.id, h->room.id, h->staff[0],
                              DUTY_invigilator};
    CHECK_OK("has the duty there", staff_has_duty(h->db, &q, &e), &e);
    q.room = anywhere;
    CHECK_OK("and in any room", staff_has_duty(h->db, &q, &e), &e);
    q.room = h->site.id;
    CHECK_INT("not in another", staff_has_duty(h->db, &q, &e), false);
    e = (struct err){0};
    q = (struct duty_question){h->actor.body, h->session.id, h->room.id, h->staff[6],
                               DUTY_quality_supervisor};
    CHECK_OK("the whole session: every room", staff_has_duty(h->db, &q, &e), &e);
    q.body = h->stranger.actor->body;
    CHECK_INT("not for another body", staff_has_duty(h->db, &q, &e), false);
    hall_destroy(h);
}

/* ------------------------------------------------------------------ another body */
void arrange_other_body_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct room_list rooms;
    struct seat_list seats;
    hall_fill(h);
    uint64_t before = hall_snapshot(h);
    struct hall other = *h;
    other.by = h->stranger;
    struct road r = {.h = &other, .staff = {.id = h->staff[0]}, .second = h->room};
    static bool (*const tries[])(struct road *, struct err *) = {
        step_session,      step_edit,  step_room,    step_remove_room, step_seat,   step_staff,
        step_remove_staff, step_close, step_tickets, step_reopen,      step_cancel, step_csv,
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct err no = {0};
        CHECK_INT("refused", tries[i](&r, &no), false);
        CHECK_TEXT("as if it were not there", err_name(no.code), "not_found");
    }
    struct owned theirs = owned_by(&h->stranger, h->session.id);
    CHECK_OK("rooms", room_list(h->db, h->by.arena, theirs, &rooms, &e), &e);
    CHECK_INT("none", rooms.count, 0);
    CHECK_OK("seats", seat_list(h->db, h->by.arena, theirs, &seats, &e), &e);
    CHECK_INT("none", seats.count, 0);
    CHECK("nothing has changed", hall_snapshot(h) == before);
    hall_destroy(h);
}

/* A site of another body is none of ours. */
void arrange_other_site_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct site_input in = {"别家考点", "别处", NULL};
    struct site site;
    struct room room;
    CHECK_OK("theirs", site_create(h->db, &h->stranger, &in, &site, &e), &e);
    struct room_input theirs = {h->session.id, site.id, "第九考场", 2, 2, 0};
    CHECK_REFUSED("room", room_create(h->db, &h->by, &theirs, &room, &e), &e, NOT_FOUND,
                  "site");
    e = (struct err){0};
    struct site_input twice = {"朝阳考点", "别处", NULL};
    CHECK_REFUSED("name", site_create(h->db, &h->by, &twice, &site, &e), &e, CONFLICT, "/name");
    hall_destroy(h);
}

static const struct {
    const char *what;
    struct session_input in;
    const char *field;
} bad_sessions[] = {
    {"no such part", {"oral", NULL, 0, 90, 0, -1, -1}, "/component"},
    {"no time", {"theory", NULL, 0, 0, 0, -1, -1}, "/minutes"},
    {"too long", {"theory", NULL, 0, 721, 0, -1, -1}, "/minutes"},
    {"in the past", {"theory", NULL, -1, 90, 0, -1, -1}, "/starts_ms"},
    {"late beyond the end", {"theory", NULL, 0, 90, 0, 91, -1}, "/late_minutes"},
    {"hand-in beyond the end", {"theory", NULL, 0, 90, 0, -1, 91}, "/earliest_hand_in_minutes"},
    {"a zone of no place", {"theory", NULL, 0, 90, 60000000, -1, -1}, "/zone_offset_ms"},
};

void session_input_refused_test(void)
{
    struct hall *h = hall_create();
    for (size_t i = 0; i < sizeof bad_sessions / sizeof *bad_sessions; i++) {
        struct err e = {0};
        struct session s;
        struct session_input in = bad_sessions[i].in;
        in.starts_ms = h->actor.now_ms + (in.starts_ms < 0 ? -1 : DAY_MS);
        CHECK_REFUSED(bad_sessions[i].what,
                      session_create(h->db, &h->by, h->f->batch, &in, &s, &e), &e, INVALID,
                      bad_sessions[i].field);
    }
    CHECK_TEXT("a title of its own", h->session.title, "理论知识考试 2027-03-01 09:00");
    CHECK_INT("late as the policy says", h->session.late_limit_ms, 30 * 60000);
    hall_destroy(h);
}

/* Every pair of states: only what the table says. */
void session_states_test(void)
{
    static const char *const may[] = {"draft arranged",  "draft cancelled",    "arranged draft",
                                      "arranged sealed", "arranged cancelled", "sealed running",
                                      "running finished"};
    for (int x = 0; x < SESSION_STATES; x++)
        for (int y = 0; y < SESSION_STATES; y++) {
            char pair[64];
            bool want = false;
            snprintf(pair, sizeof pair, "%s %s", session_state_name((enum session_state)x),
                     session_state_name((enum session_state)y));
            for (size_t i = 0; i < sizeof may / sizeof *may; i++)
                want |= strcmp(may[i], pair) == 0;
            CHECK_INT(pair, session_state_may((enum session_state)x, (enum session_state)y),
                      want);
        }
}

/* What people read follows from what happened, not from a state that somebody forgot to move. */
void session_state_shown_test(void)
{
    const int64_t starts = 1000000, over = starts + 90 * 60000;
    struct session s = {
        .state = SESSION_sealed, .starts_ms = starts, .minutes = 90, .to_come = 2};
    CHECK_INT("sealed", session_now(&s, over + 1), SESSION_sealed);
    s.released_ms = starts - 1;
    CHECK_INT("released", session_now(&s, starts), SESSION_released);
    s.began_ms = starts + 5, s.working = 1, s.to_come = 1;
    CHECK_INT("one works", session_now(&s, starts + 5), SESSION_running);
    s.working = 0;
    CHECK_INT("one may still come", session_now(&s, starts + 6), SESSION_running);
    CHECK_INT("nobody came", session_now(&s, over + 5), SESSION_finished);
    s.to_come = 0;
    CHECK_INT("all have ended", session_now(&s, starts + 6), SESSION_finished);
    s.working = 1;
    CHECK_INT("extra time for one", session_now(&s, over + 5), SESSION_running);
    s.state = SESSION_cancelled;
    CHECK_INT("cancelled", session_now(&s, over), SESSION_cancelled);
}
