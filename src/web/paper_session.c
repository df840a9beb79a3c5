/* web/paper_session.c - a session's papers: sealed, officers armed, released; officers' own keys. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fields.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "paper/paper.h"
#include "people/totp.h"
#include "programme/programme.h"
#include "sitting/prepare.h"
#include "sitting/session.h"
#include "store/db.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"
#include "web/nodes_of.h"
#include "web/people_of.h"

enum { OFFICERS = 3 };

/* --- forms for candidates ------------------------------------------------------------------------ */
struct sealing {
    struct request *rq;
    struct bank bank;
    struct session session;
    const struct programme *programme;
    struct form_row *forms; /* that may be given */
    size_t form_count;
    struct attempt_place *places;
    struct id *given; /* the form of each place */
    size_t count;
    struct id officers[OFFICERS];
    size_t officer_count;
};

struct papers_body {
    struct id *forms;
    size_t form_count;
};
static const struct field papers_rows[] = {
    {FIELD(struct papers_body, forms, IDS), FIELD_COUNT(struct papers_body, form_count),
     .max = 100},
};
const struct fields session_papers_fields = FIELDS("session_papers", struct papers_body,
                                                   papers_rows);

static bool find_officers(struct sealing *s, struct err *e)
{
    struct staff_list staff;
    struct owned which = {s->rq->viewer.body, s->session.id};
    if (!staff_list(s->rq->db, s->rq->arena, which, &staff, e))
        return false;
    for (size_t i = 0; i < staff.count; i++) {
        bool known = staff.at[i].duty != DUTY_release_officer;
        for (size_t k = 0; k < s->officer_count; k++)
            known |= id_equal(s->officers[k], staff.at[i].account);
        if (!known && s->officer_count < OFFICERS)
            s->officers[s->officer_count++] = staff.at[i].account;
    }
    return true;
}

/* The forms named in the body, as rows. */
static bool find_forms(struct sealing *s, const struct papers_body *in, struct err *e)
{
    struct form_row *all;
    size_t count;
    if (!form_list(&s->bank, s->programme->id, &all, &count, e))
        return false;
    s->forms = arena_array(s->rq->arena, struct form_row, in->form_count + s->count + 1);
    for (size_t i = 0; i < in->form_count; i++) {
        size_t k = 0;
        while (k < count && !id_equal(all[k].id, in->forms[i]))
            k++;
        char field[32];
        snprintf(field, sizeof field, "/forms/%zu", i);
        if (k == count)
            return FAIL(e, INVALID, field, "没有这份试卷，或者它属于另一个项目。");
        s->forms[s->form_count++] = all[k];
    }
    return true;
}

static bool fits(const struct form_row *f, const struct sealing *s, const struct entry *n)
{
    const char *x = f->direction ? f->direction : "", *y = n->direction ? n->direction : "";
    return f->level == n->level && strcmp(x, y) == 0 &&
           strcmp(f->component, s->session.component) == 0;
}

/* Where nobody composed one, a form of the programme's own layout is. */
static bool compose_for(struct sealing *s, const struct entry *n, struct err *e)
{
    struct form_row *f = &s->forms[s->form_count];
    struct arena *a = s->rq->arena;
    const char *direction = n->direction && *n->direction ? n->direction : NULL;
    struct form_order order = {
        .name = arena_printf(a, "%s %lld 级%s", s->session.title, (long long)n->level,
                             direction ? arena_printf(a, " %s 方向", direction) : ""),
        .blueprint = {.programme = s->programme,
                      .component = s->session.component,
                      .level = n->level,
                      .direction = direction},
    };
    random_bytes(order.seed, sizeof order.seed);
    if (!form_compose(&s->bank, &order, &f->id, e))
        return false;
    f->component = s->session.component;
    f->level = n->level;
    f->direction = direction;
    s->form_count++;
    return true;
}

/* Neighbours get parallel forms where there are several. */
static bool give_forms(struct sealing *s, bool named, struct err *e)
{
    struct entry_scope scope = entry_scope_body(s->rq->viewer.body);
    s->given = arena_array(s->rq->arena, struct id, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        struct entry n;
        size_t fitting = 0;
        if (!entry_get(s->rq->db, s->rq->arena, &scope, s->places[i].entry, &n, e))
            return false;
        for (size_t k = 0; k < s->form_count; k++)
            fitting += fits(&s->forms[k], s, &n);
        if (fitting == 0 && named)
            return FAIL(e, RULE, "/forms", "没有给 %lld 级%s%s的考生选试卷。",
                        (long long)n.level, n.direction ? n.direction : "",
                        n.direction && *n.direction ? " 方向" : "");
        if (fitting == 0 && !compose_for(s, &n, e))
            return false;
        size_t want = fitting > 1 ? (size_t)s->places[i].seat_no % fitting : 0;
        for (size_t k = 0; k < s->form_count; k++)
            if (fits(&s->forms[k], s, &n) && want-- == 0)
                s->given[i] = s->forms[k].id;
    }
    return true;
}

/* --- sealing --------------------------------------------------------------------------------------- */
static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    struct request *rq = ctx;
    struct signature s;
    if (!signer_sign_message(rq->app->signer, rq->db, KEY_USE_release, rq->now_ms, message, &s,
                             e))
        return false;
    memcpy(signature, s.bytes, SIGNATURE_BYTES);
    return true;
}

static struct paper_room *rooms_of(struct sealing *s, size_t *room_count)
{
    struct arena *a = s->rq->arena;
    struct paper_room *rooms = arena_array(a, struct paper_room, s->count + 1);
    *room_count = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct paper_room *room = NULL;
        for (size_t k = 0; k < *room_count && !room; k++)
            room = rooms[k].room == s->places[i].room_no ? &rooms[k] : NULL;
        if (!room) {
            room = &rooms[(*room_count)++];
            room->room = (uint32_t)s->places[i].room_no;
            room->candidates = arena_array(a, struct paper_candidate, s->count);
        }
        ((struct paper_candidate *)(uintptr_t)room->candidates)[room->count++] =
            (struct paper_candidate){s->places[i].attempt, s->given[i]};
    }
    return rooms;
}

static bool seal(struct sealing *s, struct err *e)
{
    struct public_key key;
    size_t rooms;
    struct request *rq = s->rq;
    if (!signer_key(rq->db, rq->arena, KEY_USE_release, rq->now_ms, &key, e))
        return false;
    struct paper_room *list = rooms_of(s, &rooms);
    struct sealed_for nodes = {&s->session, list, rooms};
    if (!nodes_for_sealing(rq, &nodes, e))
        return false;
    struct prepare_order order = {
        .session = s->session.id,
        .title = s->session.title,
        .minutes = s->session.minutes,
        .open_at_ms = s->session.starts_ms,
        .close_at_ms = session_ends_ms(&s->session),
        .rooms = list,
        .room_count = rooms,
        .officers = s->officers,
        .officer_count = s->officer_count,
        .signer = {key.kid, rq, sign},
        .may = session_not_begun,
        .phone_cost = rq->app->phone_cost,
        .envelopes = rq->app->envelopes,
    };
    return paper_prepare(&s->bank, &order, e);
}

static bool mark_sealed(struct db *db, void *ctx, struct err *e)
{
    const struct sealing *s = ctx;
    return session_move(db, (struct owned){s->rq->viewer.body, s->session.id}, SESSION_arranged,
                        SESSION_sealed, e);
}

static bool begin_sealing(struct request *rq, struct sealing *s, struct err *e)
{
    struct batch b;
    *s = (struct sealing){.rq = rq, .bank = bank_of(rq)};
    if (!session_get(rq->db, rq->arena, (struct owned){rq->viewer.body, rq->id[0]}, &s->session,
                     e))
        return false;
    if (s->session.state != SESSION_arranged && s->session.state != SESSION_sealed)
        return FAIL(e, CONFLICT, "/state", "只有已编排、还没有开始的场次才能制作试卷。");
    return batch_get(rq->db, rq->arena, rq->viewer.body, s->session.batch, &b, e) &&
           batch_programme(rq->db, rq->arena, rq->app->programmes, &b, &s->programme, e) &&
           find_officers(s, e);
}

static void put_papers(struct json_out *o, const struct session *s,
                       const struct release_state *r)
{
    int64_t opens = r->prepared ? r->open_at_ms : s->starts_ms;
    put_id(o, "session", s->id);
    put_text(o, "title", s->title);
    put_bool(o, "prepared", r->prepared);
    put_int(o, "papers", r->papers - r->spares); /* of candidates */
    put_int(o, "spares", r->spares);
    put_int(o, "officers", r->officers);
    put_int(o, "armed", r->armed);
    put_bool(o, "released", r->released);
    put_int(o, "open_at_ms", opens);
    put_int(o, "arm_from_ms", opens - ARM_BEFORE_MS);
    if (r->released)
        put_int(o, "released_ms", r->released_ms);
}

static bool reply_papers(struct request *rq, struct reply *rp, int status, struct err *e)
{
    struct release_state r;
    struct session session;
    if (!session_get(rq->db, rq->arena, (struct owned){rq->viewer.body, rq->id[0]}, &session,
                     e) ||
        !paper_release_state(rq->app->release_desk, rq->db, rq->id[0], &r, e))
        return false;
    struct json_out *o = reply_json_with(rp, status);
    put_object(o, "papers");
    put_papers(o, &session, &r);
    put_int(o, "server_ms", rq->now_ms);
    out_object_end(o);
    return true;
}

static bool put_session_papers(struct request *rq, struct json_out *o, const struct session *s,
                               struct err *e)
{
    struct release_state r;
    struct batch b;
    const struct programme *p;
    if (!paper_release_state(rq->app->release_desk, rq->db, s->id, &r, e) ||
        !batch_get(rq->db, rq->arena, rq->viewer.body, s->batch, &b, e) ||
        !batch_programme(rq->db, rq->arena, rq->app->programmes, &b, &p, e))
        return false;
    out_object(o);
    put_id(o, "id", s->id);
    put_text(o, "programme", p->id);
    put_text(o, "component", s->component);
    put_int(o, "starts_ms", s->starts_ms);
    put_text(o, "state", session_state_name(session_now(s, rq->now_ms)));
    put_text(o, "state_label", session_state_label(session_now(s, rq->now_ms)));
    put_papers(o, s, &r);
    out_object_end(o);
    return true;
}

/* The sessions that are not over, each with how far its papers are; ?from= an instant. */
bool papers_of_sessions_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session_list list;
    struct owned whose = {rq->viewer.body, {{0}}};
    int64_t from = request_query_int(rq, "from", rq->now_ms);
    if (!session_list_from(rq->db, rq->arena, whose, from, &list, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "sessions");
    for (size_t i = 0; i < list.count; i++)
        if (!put_session_papers(rq, o, &list.at[i], e))
            return false;
    out_array_end(o);
    put_int(o, "total", (int64_t)list.count);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

/* {"forms":[…]} or {} : then one form of the programme's layout for each level and direction. */
bool session_papers_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct papers_body *in = rq->input;
    struct sealing s;
    return begin_sealing(rq, &s, e) &&
           session_prepare(rq->app->journal, &rq->actor, s.session.id, e) &&
           session_attempts(rq->app->journal, rq->arena, s.session.id, &s.places, &s.count,
                            e) &&
           find_forms(&s, in, e) && give_forms(&s, in->form_count > 0, e) && seal(&s, e) &&
           session_bind_papers(rq->app->journal, &rq->actor, s.session.id, e) &&
           (s.session.state == SESSION_sealed || db_transact(rq->db, mark_sealed, &s, e)) &&
           reply_papers(rq, rp, 201, e);
}

bool session_papers_get(struct request *rq, struct reply *rp, struct err *e)
{
    return reply_papers(rq, rp, 200, e);
}

/* --- officers ---------------------------------------------------------------------------------------- */
struct officer_key_body {
    const char *passphrase;
};
static const struct field officer_key_rows[] = {
    {FIELD(struct officer_key_body, passphrase, TEXT), .required = true,
     .min = OFFICER_PASSPHRASE_MIN, .max = 128},
};
const struct fields officer_key_fields = FIELDS("officer_key", struct officer_key_body,
                                                officer_key_rows);

bool officer_key_get(struct request *rq, struct reply *rp, struct err *e)
{
    bool has;
    if (!officer_has_key(rq->db, rq->viewer.account, &has, e))
        return false;
    put_bool(reply_json(rp), "has_key", has);
    return true;
}

bool officer_key_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct officer_key_body *in = rq->input;
    (void)rp;
    return officer_enrol(rq->db, rq->arena, &rq->actor, in->passphrase, 0, e);
}

struct arm_body {
    const char *passphrase, *code;
};
static const struct field arm_rows[] = {
    {FIELD(struct arm_body, passphrase, TEXT), .required = true, .min = 1, .max = 128},
    {FIELD(struct arm_body, code, TEXT), .required = true, .min = 6, .max = 6},
};
const struct fields session_arm_fields = FIELDS("session_arm", struct arm_body, arm_rows);

struct code_check {
    struct request *rq;
    const char *code;
    bool right;
};

static bool take_code(struct db *db, void *ctx, struct err *e)
{
    struct code_check *c = ctx;
    struct people p = people_of(c->rq);
    p.db = db;
    return totp_take(&p, c->rq->viewer.account, c->code, &c->right, e);
}

bool session_arm_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct arm_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct code_check c = {rq, in->code, false};
    struct arm_order order = {rq->id[0], in->passphrase, rq->now_ms, clock_boot_ms()};
    int armed;
    if (!db_transact(rq->db, take_code, &c, e))
        return false;
    if (!c.right)
        return FAIL(e, UNAUTHENTICATED, "/code", "动态口令不对，或者已经用过。");
    return officer_arm(rq->app->release_desk, &b, &order, &armed, e) &&
           reply_papers(rq, rp, 200, e);
}

bool session_release_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    return paper_release(rq->app->release_desk, &b, rq->id[0], rq->now_ms, clock_boot_ms(),
                         e) &&
           reply_papers(rq, rp, 200, e);
}
