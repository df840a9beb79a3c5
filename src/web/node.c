/* web/node.c - room nodes on the centre's desk: invited, assigned, how far their packages and
 * hand-ups are; phone codes and envelopes for release officers. */
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "paper/paper.h"
#include "people/body.h"
#include "sitting/batch.h"
#include "sitting/conduct.h"
#include "sitting/hand_up.h"
#include "sitting/hand_up_blob.h"
#include "sitting/ledger.h"
#include "sitting/live.h"
#include "sitting/session.h"
#include "sitting/writer.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"
#include "web/nodes_of.h"

static void put_node(struct json_out *o, const struct node *n)
{
    put_id(o, "id", n->id);
    put_text(o, "name", n->name);
    put_text(o, "state", n->state);
    put_text(o, "kid", n->kid);
    put_int(o, "created_ms", n->created_ms);
    put_int(o, "code_until_ms", n->code_until_ms);
    put_int(o, "joined_ms", n->joined_ms);
    put_int(o, "seen_ms", n->seen_ms);
    put_int(o, "offset_ms", n->offset_ms);
    put_int(o, "free_bytes", n->free_bytes);
    put_text(o, "version", n->version);
}

/* What of its audit chains does not fit: from the oldest. */
static bool put_findings(struct request *rq, struct json_out *o, struct id node, struct err *e)
{
    struct node_audit_finding *list;
    size_t count;
    if (!node_audit_findings(rq->db, rq->arena, node, &list, &count, e))
        return false;
    put_array(o, "audit_findings");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "chain", list[i].chain);
        put_int(o, "seq", list[i].seq);
        put_text(o, "what", list[i].what);
        put_int(o, "at_ms", list[i].at_ms);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool nodes_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node_desk d = node_desk_of(rq);
    struct node *nodes;
    size_t count;
    if (!node_list(&d, &nodes, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "nodes");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_node(o, &nodes[i]);
        if (!put_findings(rq, o, nodes[i].id, e))
            return false;
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)count);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

struct node_body {
    const char *name, *reason;
};
static const struct field node_new_rows[] = {
    {FIELD(struct node_body, name, TEXT), .required = true, .min = 1, .max = 40},
};
const struct fields node_new_fields = FIELDS("node_new", struct node_body, node_new_rows);

bool nodes_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct node_body *b = rq->input;
    struct node_desk d = node_desk_of(rq);
    struct id id;
    char code[NODE_CODE_TEXT_BYTES];
    if (!node_invite(&d, b->name, &id, code, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_id(o, "id", id);
    put_text(o, "code", code);
    put_int(o, "until_ms", rq->now_ms + NODE_CODE_MS);
    put_text(o, "centre", rq->app->public_url);
    return true;
}

static const struct field node_revoke_rows[] = {
    {FIELD(struct node_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields node_revoke_fields = FIELDS("node_revoke", struct node_body,
                                                node_revoke_rows);

bool node_revoke_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct node_body *b = rq->input;
    struct node_desk d = node_desk_of(rq);
    (void)rp;
    return node_revoke(&d, rq->id[0], b->reason, e);
}

/* --- of a session ---------------------------------------------------------------------------------- */
static const int64_t DAY_BEFORE_MS = INT64_C(24) * 3600000;

struct standing_view {
    const struct session *session;
    const struct node_standing *standings;
    size_t count;
};

/* Missing at T-24 h is red (SECURITY §3.5). */
static void put_standing(struct request *rq, struct json_out *o, const struct standing_view *v,
                         const struct node_standing *s, const struct node_duty *duty)
{
    bool ready = s->is_ready && duty->has_package &&
                 memcmp(s->ready_manifest, duty->manifest, HASH_BYTES) == 0;
    out_object(o);
    put_id(o, "node", s->node);
    put_text(o, "name", s->name);
    put_text(o, "state", s->state);
    put_bool(o, "standby", s->standby);
    put_int(o, "seen_ms", s->seen_ms);
    put_int(o, "offset_ms", s->offset_ms);
    put_bool(o, "sealed", duty->revision > 0);
    put_bool(o, "has_package", duty->has_package);
    put_bool(o, "ready", ready);
    put_int(o, "ready_ms", s->ready_ms);
    put_text(o, "problem", s->problem);
    put_bool(o, "late", !ready && rq->now_ms >= v->session->starts_ms - DAY_BEFORE_MS);
    out_object_end(o);
}

static bool put_room(struct request *rq, struct json_out *o, const struct standing_view *v,
                     const struct room *r, struct err *e)
{
    out_object(o);
    put_id(o, "id", r->id);
    put_int(o, "no", r->no);
    put_text(o, "name", r->name);
    put_int(o, "envelopes",
            envelope_desk_waiting(rq->app->envelopes, v->session->id, (uint32_t)r->no));
    put_array(o, "nodes");
    for (size_t i = 0; i < v->count; i++) {
        const struct node_standing *s = &v->standings[i];
        struct node n = {.id = s->node, .kid = s->kid};
        struct node_duty duty;
        if (!id_equal(s->room, r->id))
            continue;
        if (!node_duty_get(rq->db, rq->arena, &n, r->id, &duty, e))
            return false;
        put_standing(rq, o, v, s, &duty);
    }
    out_array_end(o);
    out_object_end(o);
    return true;
}

/* Whose files and recordings are still on the node, or were found wanting. */
static bool put_blob_people(struct request *rq, struct json_out *o, struct id session,
                            struct id node, struct err *e)
{
    struct node_desk d = node_desk_of(rq);
    struct hand_up_person *list;
    size_t count;
    if (!hand_up_people(&d, session, node, &list, &count, e))
        return false;
    put_array(o, "people");
    for (size_t i = 0; i < count; i++) {
        const struct hand_up_person *p = &list[i];
        out_object(o);
        put_int(o, "room", p->room);
        put_text(o, "room_name", p->room_name);
        put_int(o, "seat", p->seat);
        put_text(o, "name", p->name);
        put_int(o, "files", p->files);
        put_int(o, "pieces", p->pieces);
        put_int(o, "bytes", p->bytes);
        put_int(o, "lost", p->lost);
        put_int(o, "bad", p->bad);
        put_int(o, "refused", p->refused);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

static bool put_blobs(struct request *rq, struct json_out *o, struct id session,
                      const struct hand_up_standing *s, struct err *e)
{
    put_object(o, "blobs");
    put_int(o, "there", s->blobs.announced);
    put_int(o, "here", s->blobs.here);
    put_int(o, "awaited", s->blobs.awaited);
    put_int(o, "awaited_bytes", s->blobs.awaited_bytes);
    put_int(o, "lost", s->blobs.lost);
    put_int(o, "bad", s->blobs.bad);
    put_int(o, "refused", s->blobs.refused);
    if (!put_blob_people(rq, o, session, s->node, e))
        return false;
    out_object_end(o);
    return true;
}

static bool put_hand_ups(struct request *rq, struct json_out *o, struct id session,
                         struct err *e)
{
    struct hand_up_standing *list;
    size_t count;
    if (!hand_up_standings(rq->db, rq->arena, session, &list, &count, e))
        return false;
    put_array(o, "hand_ups");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "node", list[i].node);
        put_text(o, "name", list[i].name);
        put_int(o, "rows_there", list[i].rows_there);
        put_int(o, "rows_here", list[i].rows_here);
        put_int(o, "batches_there", list[i].batches_there);
        put_int(o, "batches_here", list[i].batches_here);
        put_text(o, "missing", list[i].missing);
        put_int(o, "done_ms", list[i].done_ms);
        if (!put_blobs(rq, o, session, &list[i], e))
            return false;
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* The centre's time acts, and how far each has come: per node of a room it concerns. */
static bool put_times(struct request *rq, struct json_out *o, struct id session, struct err *e)
{
    struct ledger_row *rows;
    struct ledger_arrival *arrivals;
    size_t row_count, count;
    if (!ledger_of_session(rq->db, rq->arena, session, &rows, &row_count, e) ||
        !ledger_arrivals(rq->db, rq->arena, session, &arrivals, &count, e))
        return false;
    put_array(o, "times");
    for (size_t i = 0; i < row_count; i++) {
        if (rows[i].no >= ROW_SPACE || rows[i].scope != SCOPE_SESSION)
            continue;
        out_object(o);
        put_int(o, "no", rows[i].no);
        put_text(o, "kind", ledger_kind_name(rows[i].kind));
        put_int(o, "at_ms", rows[i].at_ms);
        put_int(o, "minutes", rows[i].minutes);
        put_text(o, "reason", rows[i].reason);
        put_int(o, "server_ms", rows[i].server_ms);
        put_array(o, "nodes");
        for (size_t k = 0; k < count; k++) {
            if (arrivals[k].no != rows[i].no)
                continue;
            out_object(o);
            put_id(o, "node", arrivals[k].node);
            put_int(o, "reached_ms", arrivals[k].reached_ms);
            put_text(o, "problem", arrivals[k].problem);
            out_object_end(o);
        }
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool session_nodes_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct session session;
    struct room_list rooms;
    struct node_standing *standings;
    struct conduct conduct;
    size_t count;
    struct owned which = {rq->viewer.body, rq->id[0]};
    if (!session_get(rq->db, rq->arena, which, &session, e) ||
        !conduct_get(rq->db, rq->arena, session.id, &conduct, e) ||
        !room_list(rq->db, rq->arena, which, &rooms, e) ||
        !node_standings(rq->db, rq->arena, session.id, &standings, &count, e))
        return false;
    struct standing_view v = {&session, standings, count};
    struct json_out *o = reply_json(rp);
    put_array(o, "rooms");
    for (size_t i = 0; i < rooms.count; i++)
        if (!put_room(rq, o, &v, &rooms.at[i], e))
            return false;
    out_array_end(o);
    put_int(o, "starts_ms", session.starts_ms);
    put_int(o, "server_ms", rq->now_ms);
    put_bool(o, "online", conduct.online);
    put_bool(o, "recorded", conduct.recorded);
    return put_hand_ups(rq, o, session.id, e) && put_times(rq, o, session.id, e);
}

struct session_node_body {
    struct id room, node;
    bool standby;
};
static const struct field session_node_rows[] = {
    {FIELD(struct session_node_body, room, ID), .required = true},
    {FIELD(struct session_node_body, node, ID), .required = true},
    {FIELD(struct session_node_body, standby, BOOL)},
};
const struct fields session_node_fields = FIELDS("session_node", struct session_node_body,
                                                 session_node_rows);

/* Who enters is asked in memory. */
static bool tell_live(struct request *rq, struct id room, struct err *e)
{
    bool away;
    struct live_room *r = live_find_room(journal_live(rq->app->journal), room);
    if (!room_is_away(rq->db, room, &away, e))
        return false;
    if (r)
        atomic_store(&r->away, away);
    return true;
}

bool session_nodes_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct session_node_body *b = rq->input;
    struct node_desk d = node_desk_of(rq);
    struct node_assignment in = {rq->id[0], b->room, b->node, b->standby};
    return node_assign(&d, &in, e) && tell_live(rq, b->room, e) && session_nodes_get(rq, rp, e);
}

bool session_nodes_remove_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct session_node_body *b = rq->input;
    struct node_desk d = node_desk_of(rq);
    struct node_assignment in = {rq->id[0], b->room, b->node, b->standby};
    return node_unassign(&d, &in, e) && tell_live(rq, b->room, e) &&
           session_nodes_get(rq, rp, e);
}

/* --- release officers ------------------------------------------------------------------------------- */
bool release_codes_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct release_code *codes;
    size_t count;
    if (!release_codes(&b, rq->id[0], &codes, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "codes");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_int(o, "room", codes[i].room);
        put_text(o, "half", codes[i].half == 0 ? "A" : "B");
        put_text(o, "text", codes[i].text);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

struct envelope_body {
    int64_t room;
    const char *half, *code, *as;
};
static const char *const shapes[] = {"pdf", "text", NULL};
static const char *const halves[] = {"A", "B", NULL};
static const struct field envelope_rows[] = {
    {FIELD(struct envelope_body, room, INT), .required = true, .min = 1, .max = 65535},
    {FIELD(struct envelope_body, half, TEXT), .required = true, .allowed = halves},
    {FIELD(struct envelope_body, code, TEXT), .required = true, .min = 6, .max = 6},
    {FIELD(struct envelope_body, as, TEXT), .allowed = shapes},
};
const struct fields envelope_fields = FIELDS("envelope", struct envelope_body, envelope_rows);

static const char *name_of_room(struct request *rq, struct id session, int64_t no,
                                struct err *e)
{
    struct room_list rooms;
    if (!room_list(rq->db, rq->arena, (struct owned){rq->viewer.body, session}, &rooms, e))
        return NULL;
    for (size_t i = 0; i < rooms.count; i++)
        if (rooms.at[i].no == no)
            return rooms.at[i].name;
    FAIL(e, NOT_FOUND, "/room", "这个场次没有这个考场。");
    return NULL;
}

/* To be printed, or to be copied by hand where there is no printer. */
struct drawing {
    struct arena *arena;
    struct envelope_sheet sheet;
    bool as_text;
    char *text;
    struct bytes pdf;
};

static bool draw_sheet(const struct envelope_take *t, const unsigned char piece[KEY_BYTES],
                       struct err *e)
{
    struct drawing *d = t->ctx;
    d->sheet.place = (struct envelope_place){t->session, t->room, t->revision, t->half};
    if (!d->as_text)
        return envelope_print(d->arena, &d->sheet, piece, &d->pdf, e);
    d->text = arena_alloc(d->arena, ENVELOPE_TEXT_BYTES, 1);
    envelope_write(d->text, &d->sheet.place, piece);
    return true;
}

static void hand_out(struct reply *rp, const struct drawing *d)
{
    if (!d->as_text) {
        reply_file(rp, "application/pdf",
                   arena_printf(d->arena, "信封-%s-%s.pdf", d->sheet.room,
                                d->sheet.place.half == 0 ? "甲" : "乙"),
                   d->pdf);
        return;
    }
    put_text(reply_json(rp), "text", d->text);
    secret_wipe(d->text, ENVELOPE_TEXT_BYTES);
}

/* Printed once, by one person with a fresh code; the other half by another. */
bool session_envelope_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct envelope_body *b = rq->input;
    struct session session;
    struct body body;
    struct owned which = {rq->viewer.body, rq->id[0]};
    if (!session_get(rq->db, rq->arena, which, &session, e) ||
        !body_get(rq->db, rq->arena, rq->viewer.body, &body, e))
        return false;
    const char *room = name_of_room(rq, session.id, b->room, e);
    struct drawing drawing = {.arena = rq->arena,
                              .as_text = b->as && strcmp(b->as, "text") == 0,
                              .sheet = {.body = body.name,
                                        .title = session.title,
                                        .room = room,
                                        .printed_by = rq->viewer.display_name,
                                        .open_at_ms = session.starts_ms,
                                        .zone_offset_ms = session.zone_offset_ms,
                                        .created_ms = rq->now_ms}};
    struct envelope_take take = {.session = session.id,
                                 .room = (uint32_t)b->room,
                                 .half = b->half[0] == 'B',
                                 .draw = draw_sheet,
                                 .ctx = &drawing};
    if (!room || !fresh_code(rq, b->code, e) ||
        !envelope_take(rq->app->envelopes, rq->db, &rq->actor, &take, e))
        return false;
    hand_out(rp, &drawing);
    return true;
}
