/* sitting/arrange_fixture.c - what the tests of the arrangement start from. */
#include "sitting/arrange_fixture.h"

#include <stdio.h>

#include "entry/entry_store.h"
#include "people/body.h"
#include "sitting/session_store.h"
#include "store/engine.h"
#include "test/check.h"

/* The smallest PNG there is: one pixel. */
static const unsigned char pixel[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00,
    0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x08,
    0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x18, 0xdd, 0x8d,
    0xb0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static const struct {
    const char *name;
    enum role role;
} people[HALL_STAFF] = {
    {"钱监考", ROLE_invigilator},        {"孙监考", ROLE_invigilator},
    {"李监考", ROLE_invigilator},        {"周考评", ROLE_examiner},
    {"吴考评", ROLE_examiner},           {"郑考评", ROLE_examiner},
    {"王督导", ROLE_quality_supervisor}, {"冯启封", ROLE_release_officer},
};

/* Without the half second that each password costs. */
static void add_staff(struct hall *h)
{
    struct err e = {0};
    char id[ID_TEXT_BYTES], body[ID_TEXT_BYTES];
    const char *mark = test_store_is_postgres(h->f->t) ? "'\\x" : "x'";
    id_write(h->actor.body, body);
    for (size_t i = 0; i < HALL_STAFF; i++) {
        h->staff[i] = id_random();
        id_write(h->staff[i], id);
        const char *sql = arena_printf(
            h->f->t->arena,
            "INSERT INTO account (id, body_id, login_index, login, display_name, state,"
            " password, password_at_ms, must_change, totp_last_step, created_ms,"
            " last_sign_in_ms, version) VALUES (%s%s', %s%s', %s%s', 'staff%zu', '%s', 1, '-',"
            " 0, 0, 0, 0, 0, 1); INSERT INTO account_role (account_id, role)"
            " VALUES (%s%s', %d);",
            mark, id, mark, body, mark, id, i, people[i].name, mark, id, (int)people[i].role);
        CHECK_OK("staff", test_store_script(h->f->t, sql, &e), &e);
    }
}

struct photo_case {
    struct hall *h;
    struct entry entry;
    struct blob blob;
};

static bool put_photo(struct db *db, void *ctx, struct err *e)
{
    struct photo_case *x = ctx;
    x->entry.photo = x->blob.id;
    return blob_put_row(db, &x->blob, x->h->actor.now_ms, e) &&
           entry_save_photo(db, &x->entry, x->h->actor.now_ms, e);
}

static void add_candidate(struct hall *h, size_t i)
{
    struct err e = {0};
    struct entry_fixture *f = h->f;
    struct entry_desk d = entry_fixture_person(f, (int)i + 10);
    struct id id = entry_fixture_draft(f, &d);
    struct photo_case x = {.h = h, .entry = entry_fixture_get(f, id)};
    CHECK_OK("photo",
             blob_write(&f->t->blobs, f->t->arena, "photo", "image/png",
                        (struct bytes){pixel, sizeof pixel}, &x.blob, &e),
             &e);
    CHECK_OK("photo row", db_transact(h->db, put_photo, &x, &e), &e);
    CHECK_OK("submit", entry_submit(&d, id, entry_fixture_get(f, id).version, &e), &e);
    struct entry_review r = {.id = id,
                             .version = entry_fixture_get(f, id).version,
                             .to = ENTRY_ACCEPTED,
                             .reason = "原件已核对"};
    CHECK_OK("accept", entry_review(&f->registrar, &r, &e), &e);
    h->entries[i] = id;
    h->persons[i] = d.scope.person;
}

struct session hall_session(struct hall *h, const char *component, int64_t starts_ms)
{
    struct err e = {0};
    struct session s;
    struct session_input in = {component, NULL, starts_ms, 120, 0, -1, -1};
    CHECK_OK("session", session_create(h->db, &h->by, h->f->batch, &in, &s, &e), &e);
    return s;
}

struct room hall_room(struct hall *h, struct id session, const char *name)
{
    struct err e = {0};
    struct room r;
    struct room_input in = {session, h->site.id, name, 5, 6, 0};
    CHECK_OK("room", room_create(h->db, &h->by, &in, &r, &e), &e);
    return r;
}

struct hall *hall_create(void)
{
    struct err e = {0};
    struct entry_fixture *f = entry_fixture_create(0);
    struct hall *h = arena_new(f->t->arena, struct hall);
    h->f = f;
    h->db = f->t->db;
    h->actor = f->registrar_is;
    h->actor.account = id_random();
    h->by = (struct arranger){f->t->arena, &h->actor, &f->set};
    h->stranger = (struct arranger){f->t->arena, &f->stranger_is, &f->set};
    struct body body = {
        .id = h->actor.body, .name = "衡示范评价中心", .profile = PASSWORD_NIST};
    CHECK_OK("body", body_create(h->db, &h->actor, &body, &e), &e);
    add_staff(h);
    for (size_t i = 0; i < HALL_CANDIDATES; i++)
        add_candidate(h, i);
    struct site_input in = {"朝阳考点", "北京市朝阳区建国路 88 号", NULL};
    CHECK_OK("site", site_create(h->db, &h->by, &in, &h->site, &e), &e);
    h->session = hall_session(h, "theory", h->actor.now_ms + 100 * (int64_t)DAY_MS);
    h->room = hall_room(h, h->session.id, "第一考场");
    return h;
}

void hall_destroy(struct hall *h)
{
    entry_fixture_destroy(h->f);
}

void hall_assign(struct hall *h, size_t staff, enum duty duty, struct id room)
{
    struct err e = {0};
    struct session_staff out;
    struct staff_input in = {h->session.id, h->staff[staff], room, duty};
    CHECK_OK("assign", staff_assign(h->db, &h->by, &in, &out, &e), &e);
}

void hall_fill(struct hall *h)
{
    struct err e = {0};
    struct seat_auto s = {.session = h->session.id, .seed = 7};
    CHECK_OK("seat", arrange_seat(h->db, &h->by, &s, &e), &e);
    CHECK_INT("all", s.seated, HALL_CANDIDATES);
    hall_assign(h, 0, DUTY_invigilator, h->room.id);
    hall_assign(h, 1, DUTY_invigilator, h->room.id);
}

struct viewer hall_viewer(const struct hall *h, uint32_t roles, struct id person)
{
    return (struct viewer){.account = h->actor.account,
                           .body = h->actor.body,
                           .person = person,
                           .sign_in = h->actor.account,
                           .roles = roles,
                           .totp_enrolled = true,
                           .display_name = "看的人"};
}

static void mix(uint64_t *hash, const void *bytes, size_t len)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < len; i++)
        *hash = (*hash ^ b[i]) * UINT64_C(1099511628211);
}

uint64_t hall_snapshot(struct hall *h)
{
    struct err e = {0};
    struct arena *a = h->f->t->arena;
    uint64_t hash = UINT64_C(14695981039346656037);
    struct site *sites;
    size_t count;
    struct session_list sessions;
    struct audit_report audit;
    CHECK_OK("sites", site_list(h->db, a, h->actor.body, &sites, &count, &e), &e);
    mix(&hash, &count, sizeof count);
    CHECK_OK("sessions",
             session_list_batch(h->db, a, owned_by(&h->by, h->f->batch), &sessions, &e), &e);
    for (size_t i = 0; i < sessions.count; i++) {
        struct owned which = owned_by(&h->by, sessions.at[i].id);
        struct room_list rooms;
        struct seat_list seats;
        struct staff_list staff;
        struct ticket_list tickets;
        CHECK_OK("rooms", room_list(h->db, a, which, &rooms, &e), &e);
        CHECK_OK("seats", seat_list(h->db, a, which, &seats, &e), &e);
        CHECK_OK("staff", staff_list(h->db, a, which, &staff, &e), &e);
        CHECK_OK("tickets", ticket_list_session(h->db, a, which, &tickets, &e), &e);
        mix(&hash, &sessions.at[i].version, sizeof(int64_t));
        mix(&hash, &sessions.at[i].state, sizeof sessions.at[i].state);
        mix(&hash, &rooms.count, sizeof rooms.count);
        for (size_t k = 0; k < seats.count; k++)
            mix(&hash, &seats.at[k].entry, sizeof(struct id));
        for (size_t k = 0; k < staff.count; k++)
            mix(&hash, &staff.at[k].id, sizeof(struct id));
        for (size_t k = 0; k < tickets.count; k++)
            mix(&hash, tickets.at[k].number, TICKET_NUMBER_BYTES);
    }
    CHECK_OK("audit", audit_verify(h->db, a, &audit, &e), &e);
    CHECK_INT("the chain holds", audit.break_count, 0);
    mix(&hash, &audit.rows, sizeof audit.rows);
    return hash;
}
