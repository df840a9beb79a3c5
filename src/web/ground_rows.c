/* web/ground_rows.c - rows as the use cases leave them: a form, a live room, marks, a certificate. */
#include "web/ground.h"

#include "base/arena.h"
#include "base/clock.h"
#include "entry/image.h"
#include "paper/paper_store.h"
#include "people/people.h"
#include "people/person.h"
#include "sitting/prepare.h"
#include "store/blob.h"
#include "store/db.h"

struct seed {
    struct side *side;
    int64_t now_ms;
    struct blob photo;
    struct id form, calibration, work, script, recheck, violation, award, duty, attempt, object,
        page;
};

static bool put_form(struct db *db, const struct seed *d, struct err *e)
{
    static const unsigned char seed[32];
    struct query *q = db_query(db, SQL_form_put);
    query_id(q, d->form);
    query_id(q, d->side->body.id);
    query_text(q, "甲卷");
    query_text(q, "national-2023");
    query_text(q, "theory");
    query_int(q, 4);
    query_text(q, "B");
    query_text(q, "[]");
    query_bytes(q, (struct bytes){seed, sizeof seed});
    query_int(q, 1);
    query_int(q, 1000);
    query_id(q, ground_object(d->side, "accounts"));
    query_int(q, d->now_ms);
    query_text(q, "{}");
    return query_run(q, e);
}

static bool put_work(struct db *db, const struct seed *d, struct err *e)
{
    static const unsigned char address[ADDRESS_HASH_BYTES];
    struct query *q = db_query(db, SQL_work_put);
    query_id(q, d->work);
    query_id(q, d->side->body.id);
    query_text(q, "calibrate");
    query_null(q);
    query_text(q, "{\"model\":\"3pl\",\"programme\":\"national-2023\"}");
    query_id(q, ground_object(d->side, "accounts"));
    query_int(q, 5);
    query_bytes(q, (struct bytes){address, sizeof address});
    query_id(q, id_random());
    query_int(q, d->now_ms);
    return query_run(q, e);
}

static bool put_calibration(struct db *db, const struct seed *d, struct err *e)
{
    struct query *q = db_query(db, SQL_calibration_put);
    query_id(q, d->calibration);
    query_id(q, d->side->body.id);
    query_text(q, "national-2023");
    query_text(q, "rasch");
    query_int(q, 1);
    query_int(q, 120);
    query_int(q, -5000);
    query_int(q, 0);
    query_int(q, 0);
    query_null(q);
    query_null(q);
    query_id(q, ground_object(d->side, "accounts"));
    query_int(q, d->now_ms);
    return query_run(q, e);
}

static bool put_script(struct db *db, const struct seed *d, struct err *e)
{
    struct query *q = db_query(db, SQL_script_put);
    query_id(q, d->script);
    query_id(q, d->side->body.id);
    query_id(q, ground_object(d->side, "sessions"));
    query_id(q, d->attempt);
    query_id(q, ground_object(d->side, "entries"));
    query_int(q, 101);
    query_text(q, "n4-s-0001");
    query_text(q, "F4.1");
    query_text(q, "题干");
    query_text(q, "{}");
    query_text(q, "\"答案\"");
    query_int(q, 10000);
    query_int(q, 2000);
    return query_run(q, e);
}

static bool put_recheck(struct db *db, const struct seed *d, struct err *e)
{
    struct query *q = db_query(db, SQL_recheck_put);
    query_id(q, d->recheck);
    query_id(q, d->side->body.id);
    query_id(q, ground_object(d->side, "entries"));
    query_text(q, "theory");
    query_text(q, "请复核");
    query_int(q, d->now_ms);
    query_null(q);
    return query_run(q, e);
}

static bool put_violation(struct db *db, const struct seed *d, struct err *e)
{
    struct query *q = db_query(db, SQL_violation_put);
    query_id(q, d->violation);
    query_id(q, ground_object(d->side, "sessions"));
    query_id(q, d->attempt);
    query_id(q, ground_object(d->side, "entries"));
    query_text(q, "phone");
    query_int(q, 1);
    query_text(q, "桌上有手机");
    query_int(q, 1);
    query_id(q, ground_object(d->side, "accounts"));
    query_int(q, d->now_ms);
    return query_run(q, e);
}

static bool put_award(struct db *db, const struct seed *d, struct err *e)
{
    static const unsigned char digest[HASH_BYTES] = {7};
    struct query *q = db_query(db, SQL_award_put);
    query_id(q, d->award);
    query_id(q, d->side->body.id);
    query_id(q, ground_object(d->side, "batches"));
    query_id(q, ground_object(d->side, "entries"));
    query_id(q, ground_object(d->side, "persons"));
    query_text(q, "national-2023");
    query_int(q, 4);
    query_text(q, "B");
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, d->now_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_publication_put);
    query_id(q, id_random());
    query_id(q, d->side->body.id);
    query_id(q, ground_object(d->side, "batches"));
    query_bytes(q, (struct bytes){digest, sizeof digest});
    query_int(q, 1);
    query_int(q, 1);
    query_id(q, id_random());
    query_id(q, id_random());
    query_int(q, d->now_ms);
    return query_run(q, e);
}

static bool put_duty(struct db *db, const struct seed *d, const char *duty, struct err *e)
{
    struct query *q = db_query(db, SQL_staff_put);
    query_id(q, strcmp(duty, "invigilator") == 0 ? d->duty : id_random());
    query_id(q, d->side->body.id);
    query_id(q, ground_object(d->side, "sessions"));
    query_null(q);
    query_id(q, ground_object(d->side, "accounts"));
    query_text(q, duty);
    return query_run(q, e);
}

static bool put_object(struct db *db, const struct seed *d, struct err *e)
{
    static const unsigned char sealed[] = "a film";
    struct paper_object o = {.id = d->object,
                             .session = ground_object(d->side, "sessions"),
                             .form = d->form,
                             .room = 1,
                             .index = OBJECT_FIRST,
                             .revision = 1,
                             .bytes = sizeof sealed};
    return paper_object_put(db, &o, (struct bytes){sealed, sizeof sealed}, e);
}

/* A page of an answer sheet that counts. */
static bool put_page(struct db *db, const struct seed *d, struct err *e)
{
    struct query *q = db_query(db, SQL_scan_page_put);
    query_id(q, d->page);
    query_id(q, id_random());
    query_int(q, 1);
    query_id(q, d->side->body.id);
    query_id(q, ground_object(d->side, "sessions"));
    query_id(q, d->attempt);
    query_int(q, 1);
    query_null(q);
    query_id(q, d->photo.id);
    query_int(q, 8);
    query_text(q, "[]");
    query_int(q, 0);
    return query_run(q, e);
}

static bool put_rows(struct db *db, void *ctx, struct err *e)
{
    const struct seed *d = ctx;
    return blob_put_row(db, &d->photo, d->now_ms, e) && put_form(db, d, e) &&
           put_calibration(db, d, e) && put_work(db, d, e) && put_script(db, d, e) &&
           put_recheck(db, d, e) && put_violation(db, d, e) && put_award(db, d, e) &&
           put_object(db, d, e) && put_page(db, d, e) && put_duty(db, d, "invigilator", e) &&
           put_duty(db, d, "examiner", e);
}

/* The candidate sits in the room that the arrangement made. */
static void room_is_live(struct seed *d)
{
    struct side *s = d->side;
    struct err e = {0};
    struct actor who = s->site->t->actor;
    struct room_plan room = {ground_object(s, "rooms"), 1, "第一考场"};
    struct attempt_plan plan = {
        .id = d->attempt,
        .room = room.id,
        .seat = id_random(),
        .entry = ground_object(s, "entries"),
        .photo = d->photo.id,
        .seat_no = 7,
        .ticket = arena_printf(s->site->t->arena, "2611280010001%c", *s->mark - 'a' + '0'),
        .name = "韩梅梅",
        .document_letter = 'I',
        .document_country = "CN",
        .paper = id_random(),
        .paper_no = 1,
        .paper_bytes = 4224};
    const struct session_plan session = {.id = ground_object(s, "sessions"),
                                         .body = s->body.id,
                                         .title = "理论知识考试",
                                         .starts_ms = d->now_ms,
                                         .minutes = 90,
                                         .zone_offset_ms = 8 * 3600000,
                                         .late_limit_ms = 1800000,
                                         .rooms = &room,
                                         .room_count = 1,
                                         .attempts = &plan,
                                         .attempt_count = 1};
    who.body = s->body.id;
    who.now_ms = d->now_ms;
    CHECK_OK("a live room", session_prepare_plan(s->site->app.journal, &who, &session, &e), &e);
}

static void photo_is_known(const struct seed *d)
{
    const struct side *s = d->side;
    struct err e = {0};
    struct actor who = s->site->t->actor;
    struct people p = {s->site->t->db, s->site->t->arena, s->site->t->master, &who};
    struct id person = ground_object(s, "persons");
    const struct person_input in = {.id = person, .photo = d->photo.id};
    who.body = s->body.id;
    who.now_ms = d->now_ms;
    CHECK_OK("photo", person_save(&p, &in, &person, &e), &e);
}

static void certificate_is_issued(struct side *s)
{
    struct arena *a = s->site->t->arena;
    struct id id = {0};
    CHECK_INT(s->mark,
              ask(&s->desk, "POST",
                  arena_printf(a, "/api/awards/%s/certificate", ground_text(s, "awards")),
                  NULL),
              201);
    CHECK("certificate", id_read(ask_text(&s->desk, "id"), &id));
    ground_add(s, "certificates", id);
    ground_add(s, "my/certificates", id);
    CHECK_INT(
        "somebody proposes",
        ask(&s->desk, "POST",
            arena_printf(a, "/api/certificates/%s/revoke", ground_text(s, "certificates")),
            "{\"reason\":\"经查实存在作弊。\"}"),
        202);
    CHECK("approval", id_read(ask_text(&s->desk, "approval/id"), &id));
    ground_add(s, "approvals", id);
}

/* Grey, and of each body another. */
static struct bytes photo_of(const struct side *s)
{
    enum { WIDE = 295, HIGH = 413 };
    struct arena *a = s->site->t->arena;
    struct image im = {arena_alloc(a, (size_t)WIDE * HIGH, 3), WIDE, HIGH, WIDE, HIGH};
    struct err e = {0};
    struct bytes jpeg;
    memset(im.rgb, *s->mark, (size_t)WIDE * HIGH * 3);
    CHECK_OK("jpeg", image_encode_jpeg(a, &im, 80, &jpeg, &e), &e);
    return jpeg;
}

void ground_rows(struct side *s)
{
    struct err e = {0};
    struct seed d = {.side = s,
                     .now_ms = clock_now_ms(),
                     .form = id_random(),
                     .calibration = id_random(),
                     .work = id_random(),
                     .script = id_random(),
                     .recheck = id_random(),
                     .violation = id_random(),
                     .award = id_random(),
                     .duty = id_random(),
                     .attempt = id_random(),
                     .object = id_random(),
                     .page = id_random()};
    CHECK_OK("photo",
             blob_write(&s->site->t->blobs, s->site->t->arena, "photo", "image/jpeg",
                        photo_of(s), &d.photo, &e),
             &e);
    room_is_live(&d);
    CHECK_OK("rows", db_transact(s->site->t->db, put_rows, &d, &e), &e);
    photo_is_known(&d);
    ground_add(s, "forms", d.form);
    ground_add(s, "calibrations", d.calibration);
    ground_add(s, "desk-work", d.work);
    ground_add(s, "scripts", d.script);
    ground_add(s, "rechecks", d.recheck);
    ground_add(s, "violations", d.violation);
    ground_add(s, "awards", d.award);
    ground_add(s, "sessions/staff", d.duty);
    ground_add(s, "sit", d.attempt);
    ground_add(s, "rooms/aside", d.attempt);
    ground_add(s, "rooms/photo", d.attempt);
    ground_add(s, "rooms/recording", d.attempt);
    ground_add(s, "rooms/papers", d.attempt);
    ground_add(s, "rooms/objects", d.object);
    ground_add(s, "sit/objects", d.object);
    ground_add(s, "sessions/typed", d.attempt);
    ground_add(s, "sessions/scans", d.page);
    ground_add(s, "sessions/sheets", ground_object(s, "entries"));
    ground_add(s, "staff/conflicts", ground_object(s, "persons"));
    certificate_is_issued(s);
}
