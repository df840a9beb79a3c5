/* web/sealing.c - a session's papers: made and sealed, opened at the start by two people. */
#include <string.h>

#include "bank/bank.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "entry/entry.h"
#include "paper/paper.h"
#include "programme/programme.h"
#include "sitting/prepare.h"
#include "sitting/session.h"
#include "store/db.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/handlers.h"

enum { CLOSE_AFTER_MS = 7 * 86400000 };

static struct bank bank_of(struct request *rq)
{
    return (struct bank){rq->db, rq->arena, rq->app->master, rq->app->programmes, &rq->actor};
}

/* --- preparing ---------------------------------------------------------------------------------- */
struct form_choice {
    int64_t level;
    const char *direction;
    struct id form;
};
static const struct field form_choice_rows[] = {
    {FIELD(struct form_choice, level, INT), .required = true, .min = 1, .max = 9},
    {FIELD(struct form_choice, direction, TEXT), .max = 8},
    {FIELD(struct form_choice, form, ID), .required = true},
};
static const struct fields form_choice_fields = FIELDS("form_choice", struct form_choice,
                                                       form_choice_rows);

struct seal_body {
    struct form_choice *forms;
    size_t form_count;
};
static const struct field seal_rows[] = {
    {FIELD(struct seal_body, forms, OBJECTS), FIELD_COUNT(struct seal_body, form_count),
     .required = true, .min = 1, .max = 64, .sub = &form_choice_fields},
};
const struct fields session_papers_fields = FIELDS("session_papers", struct seal_body,
                                                   seal_rows);

/* Several forms of one level and direction are parallel: neighbours get different ones. */
static const struct form_choice *form_for(const struct seal_body *in, const struct entry *n,
                                          int64_t seat)
{
    size_t fitting = 0;
    for (size_t i = 0; i < in->form_count; i++) {
        const char *direction = in->forms[i].direction ? in->forms[i].direction : "";
        fitting += in->forms[i].level == n->level && strcmp(direction, n->direction) == 0;
    }
    size_t wanted = fitting ? (size_t)seat % fitting : 0;
    for (size_t i = 0; i < in->form_count; i++) {
        const char *direction = in->forms[i].direction ? in->forms[i].direction : "";
        if (in->forms[i].level == n->level && strcmp(direction, n->direction) == 0 &&
            wanted-- == 0)
            return &in->forms[i];
    }
    return NULL;
}

struct room_papers {
    struct paper_room rooms[256];
    size_t count;
};

static bool add_place(struct request *rq, struct room_papers *all,
                      const struct attempt_place *p, size_t most, struct err *e)
{
    struct entry n;
    struct entry_scope scope = entry_scope_body(rq->viewer.body);
    if (!entry_get(rq->db, rq->arena, &scope, p->entry, &n, e))
        return false;
    const struct form_choice *choice = form_for(rq->input, &n, p->seat_no);
    if (!choice)
        return FAIL(e, RULE, "/forms", "没有为等级 %lld、方向“%s”指定试卷。",
                    (long long)n.level, n.direction);
    struct paper_room *room = all->count ? &all->rooms[all->count - 1] : NULL;
    if (!room || room->room != (uint32_t)p->room_no) {
        if (all->count == sizeof all->rooms / sizeof *all->rooms)
            return FAIL(e, TOO_LARGE, "/rooms", "一个场次最多 256 个考场。");
        room = &all->rooms[all->count++];
        *room = (struct paper_room){(uint32_t)p->room_no,
                                    arena_array(rq->arena, struct paper_candidate, most), 0};
    }
    ((struct paper_candidate *)(uintptr_t)room->candidates)[room->count++] =
        (struct paper_candidate){p->attempt, choice->form};
    return true;
}

static bool officers_of(struct request *rq, struct id session, struct id *out, size_t *count,
                        struct err *e)
{
    struct staff_list staff;
    struct owned which = {rq->viewer.body, session};
    *count = 0;
    if (!staff_list(rq->db, rq->arena, which, &staff, e))
        return false;
    for (size_t i = 0; i < staff.count && *count < 3; i++)
        if (staff.at[i].duty == DUTY_release_officer)
            out[(*count)++] = staff.at[i].account;
    return *count >= 2 || FAIL(e, RULE, "/officers", "须先为场次安排两名或三名试卷启封员。");
}

static bool sign_release(void *ctx, struct bytes message,
                         unsigned char signature[SIGNATURE_BYTES], struct err *e)
{
    struct request *rq = ctx;
    struct signature s;
    if (!signer_sign_message(rq->app->signer, rq->db, KEY_USE_release, rq->now_ms, message, &s,
                             e))
        return false;
    memcpy(signature, s.bytes, SIGNATURE_BYTES);
    return true;
}

static bool seal_papers(struct request *rq, const struct session *s, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attempt_place *places;
    struct room_papers *all = arena_new(rq->arena, struct room_papers);
    struct id officers[3];
    struct public_key key;
    size_t count, officer_count;
    if (!session_attempts(rq->app->journal, rq->arena, s->id, &places, &count, e) ||
        !officers_of(rq, s->id, officers, &officer_count, e) ||
        !signer_key(rq->db, rq->arena, KEY_USE_release, rq->now_ms, &key, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_place(rq, all, &places[i], count, e))
            return false;
    struct prepare_order order = {
        .session = s->id,
        .title = s->title,
        .minutes = s->minutes,
        .open_at_ms = s->starts_ms,
        .close_at_ms = session_ends_ms(s) + CLOSE_AFTER_MS,
        .rooms = all->rooms,
        .room_count = all->count,
        .officers = officers,
        .officer_count = officer_count,
        .signer = {key.kid, rq, sign_release},
    };
    return paper_prepare(&b, &order, e) &&
           session_bind_papers(rq->app->journal, &rq->actor, s->id, e);
}

struct moving {
    struct request *rq;
    const struct session *session;
    enum session_state to;
    enum act act;
};

static bool move(struct db *db, void *ctx, struct err *e)
{
    struct moving *m = ctx;
    struct owned which = {m->rq->viewer.body, m->session->id};
    struct audit_row row = {.act = m->act, .object_type = "se", .object = m->session->id};
    return session_move(db, which, m->session->state, m->to, e) &&
           audit_write(db, &m->rq->actor, &row, e);
}

/* Attempts are made from the tickets, papers for the attempts; then the session counts as sealed. */
bool session_papers_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct session s;
    struct owned which = {rq->viewer.body, rq->id[0]};
    if (!session_get(rq->db, rq->arena, which, &s, e))
        return false;
    if (s.state != SESSION_arranged && s.state != SESSION_sealed)
        return FAIL(e, CONFLICT, "/state", "场次%s，完成编排后才能封存试卷。",
                    session_state_label(s.state));
    if (!session_prepare(rq->app->journal, &rq->actor, s.id, e) || !seal_papers(rq, &s, e))
        return false;
    struct moving m = {rq, &s, SESSION_sealed, ACT_session_seal};
    if (s.state == SESSION_arranged && !db_transact(rq->db, move, &m, e))
        return false;
    struct release_state state;
    if (!paper_release_state(rq->app->release, rq->db, s.id, &state, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "papers", state.papers);
    put_int(o, "spares", state.spares);
    return true;
}

/* --- release ------------------------------------------------------------------------------------ */
struct passphrase_body {
    const char *passphrase;
};
static const struct field passphrase_rows[] = {
    {FIELD(struct passphrase_body, passphrase, TEXT), .required = true, .min = 1, .max = 256},
};
const struct fields officer_passphrase_fields = FIELDS("officer_passphrase",
                                                       struct passphrase_body, passphrase_rows);

static bool write_release(struct request *rq, struct reply *rp, struct id session,
                          struct err *e)
{
    struct release_state s;
    bool has_key;
    if (!paper_release_state(rq->app->release, rq->db, session, &s, e) ||
        !officer_has_key(rq->db, rq->viewer.account, &has_key, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "prepared", s.prepared);
    put_bool(o, "released", s.released);
    put_int(o, "open_at_ms", s.open_at_ms);
    put_int(o, "released_ms", s.released_ms);
    put_int(o, "officers", s.officers);
    put_int(o, "armed", s.armed);
    put_int(o, "papers", s.papers);
    put_int(o, "spares", s.spares);
    put_bool(o, "has_key", has_key);
    put_int(o, "now", rq->now_ms);
    return true;
}

static bool own_session(struct request *rq, struct session *out, struct err *e)
{
    struct owned which = {rq->viewer.body, rq->id[0]};
    return session_get(rq->db, rq->arena, which, out, e);
}

bool session_release_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session s;
    return own_session(rq, &s, e) && write_release(rq, rp, s.id, e);
}

/* An officer's own key for releases; the passphrase is never kept. */
bool officer_key_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct passphrase_body *in = rq->input;
    (void)rp;
    return officer_enrol(rq->db, rq->arena, &rq->actor, in->passphrase, 0, e);
}

bool session_arm_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct passphrase_body *in = rq->input;
    struct session s;
    struct bank b = bank_of(rq);
    int armed;
    if (!own_session(rq, &s, e))
        return false;
    struct arm_order order = {s.id, in->passphrase, rq->now_ms, clock_boot_ms()};
    return officer_arm(rq->app->release, &b, &order, &armed, e) &&
           write_release(rq, rp, s.id, e);
}

/* Two different officers have armed: that is the two-person act; either of them gives the word. */
bool session_release_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct session s;
    struct bank b = bank_of(rq);
    struct duty_question duty = {
        rq->viewer.body, rq->id[0], {{0}}, rq->viewer.account, DUTY_release_officer};
    if (!own_session(rq, &s, e) || !staff_has_duty(rq->db, &duty, e) ||
        !paper_release(rq->app->release, &b, s.id, rq->now_ms, clock_boot_ms(), e))
        return false;
    struct moving m = {rq, &s, SESSION_running, ACT_session_release};
    return (s.state != SESSION_sealed || db_transact(rq->db, move, &m, e)) &&
           write_release(rq, rp, s.id, e);
}

/* --- forms --------------------------------------------------------------------------------------- */
static void write_form(struct json_out *o, const struct form_row *f)
{
    out_object(o);
    put_id(o, "id", f->id);
    put_text(o, "name", f->name);
    put_text(o, "programme", f->programme);
    put_text(o, "component", f->component);
    put_int(o, "level", f->level);
    put_text(o, "direction", f->direction);
    put_text(o, "state", f->state);
    put_int(o, "items", f->items);
    put_int(o, "millimarks", f->millimarks);
    put_int(o, "created_ms", f->created_ms);
    out_object_end(o);
}

bool forms_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form_row *forms;
    size_t count;
    if (!form_list(&b, request_query(rq, "programme"), &forms, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "total", (int64_t)count);
    put_array(o, "forms");
    for (size_t i = 0; i < count; i++)
        write_form(o, &forms[i]);
    out_array_end(o);
    return true;
}

struct form_body {
    const char *name, *programme, *component, *direction;
    int64_t level;
    struct id *avoid;
    size_t avoid_count;
};
static const struct field form_rows[] = {
    {FIELD(struct form_body, name, TEXT), .required = true, .min = 1, .max = 60},
    {FIELD(struct form_body, programme, TEXT), .required = true, .min = 1, .max = 40},
    {FIELD(struct form_body, component, TEXT), .max = 40},
    {FIELD(struct form_body, level, INT), .required = true, .min = 1, .max = 9},
    {FIELD(struct form_body, direction, TEXT), .max = 8},
    {FIELD(struct form_body, avoid, IDS), FIELD_COUNT(struct form_body, avoid_count),
     .max = 30},
};
const struct fields form_fields = FIELDS("form", struct form_body, form_rows);

bool forms_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct form_body *in = rq->input;
    struct bank b = bank_of(rq);
    struct id form;
    struct form_order order = {
        .name = in->name,
        .blueprint = {.programme = programme_find(rq->app->programmes, in->programme),
                      .component = in->component ? in->component : "theory",
                      .level = in->level,
                      .direction = in->direction},
        .avoid_forms = in->avoid,
        .avoid_count = in->avoid_count,
    };
    if (!order.blueprint.programme)
        return FAIL(e, INVALID, "/programme", "没有这个方案。");
    random_bytes(order.seed, sizeof order.seed);
    if (!form_compose(&b, &order, &form, e))
        return false;
    put_id(reply_json_with(rp, 201), "id", form);
    return true;
}

/* With ?key=1 the marker's copy. The seed of the candidates' orders plays no part here. */
bool form_pdf_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct form form;
    struct bytes pdf;
    if (!form_open(&b, rq->id[0], &form, e))
        return false;
    struct print_order order = {.body_name = "",
                                .title = form.row.name,
                                .minutes = 90,
                                .created_ms = rq->now_ms,
                                .key = request_query_int(rq, "key", 0) != 0,
                                .specimen = rq->app->demo};
    if (!paper_print(rq->arena, &form, &order, &pdf, e))
        return false;
    reply_file(rp, "application/pdf", arena_printf(rq->arena, "%s.pdf", form.row.name), pdf);
    return true;
}
