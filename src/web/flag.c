/* web/flag.c - what was noticed in a room: listed, looked at by two, decided by one. */
#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "entry/photo.h"
#include "sitting/live.h"
#include "sitting/node.h"
#include "sitting/recording.h"
#include "sitting/recording_key.h"
#include "sitting/supervise.h"
#include "store/blob.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/session.h"

/* --- who decides, where --------------------------------------------------------------------------- */
/* Flags are looked at and decided at the centre: only there can a recording be opened, and a decision made on a
 * node would not come up with the rest. Of a node's room once everything is here. */
static bool is_decided_here(struct request *rq, const struct live_room *r, bool *here,
                            struct err *e)
{
    *here = !rq->app->node && !atomic_load(&r->away);
    return *here || rq->app->node || room_handed_up(rq->db, r->id, here, e);
}

static bool room_reviewed(struct request *rq, struct live_room **out, struct err *e)
{
    bool here;
    return room_duty(rq->db, rq->app->journal, &rq->actor, rq->id[0], out, e) &&
           is_decided_here(rq, *out, &here, e) &&
           (here ||
            FAIL(e, CONFLICT, "room",
                 "本考场由考场节点提供考试：提示和录像随回传到中心，收齐后在中心查看和处理。"));
}

/* --- flags -------------------------------------------------------------------------------------- */
/* "camera.1764300000000": how a piece is asked for. */
static const char *piece_word(struct arena *a, const struct piece *p)
{
    return arena_printf(a, "%s.%lld", p->name.source, (long long)p->name.started_ms);
}

static struct flag_reader reader_of(struct request *rq)
{
    return (struct flag_reader){rq->db, rq->app->master, &rq->actor, rq->arena};
}

static void put_flag(struct request *rq, struct json_out *o, const struct live_attempt *a,
                     const struct flag *f)
{
    out_object(o);
    put_id(o, "attempt", a->id);
    put_int(o, "seat", a->seat_no);
    put_text(o, "name", a->name);
    put_int(o, "epoch", f->epoch);
    put_int(o, "seq", f->seq);
    put_text(o, "what", f->what);
    put_text(o, "label", flag_label(f->what));
    put_int(o, "at_ms", f->at_ms);
    put_bool(o, "has_clip", f->piece != NULL);
    put_bool(o, "has_snapshot", f->snapshot != NULL);
    put_int(o, "lookers", (int64_t)f->looker_count);
    put_bool(o, "asked", f->mine);
    if (flag_is_shown(f) && f->piece)
        put_text(o, "clip", piece_word(rq->arena, f->piece));
    if (flag_is_shown(f) && f->snapshot)
        put_text(o, "snapshot", piece_word(rq->arena, f->snapshot));
    put_text(o, "verdict", f->verdict);
    put_text(o, "reason", f->reason);
    put_int(o, "decided_ms", f->decided_ms);
    out_object_end(o);
}

bool room_flags_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    bool here;
    if (!room_invigilated(rq, &r, e) || !is_decided_here(rq, r, &here, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_bool(o, "recorded", r->session->recorded);
    put_bool(o, "decides", here);
    put_array(o, "flags");
    struct flag_reader reader = reader_of(rq);
    for (size_t i = 0; i < r->count; i++) {
        struct flag_list flags;
        if (!flag_list(&reader, r->attempts[i], &flags, e))
            return false;
        for (size_t k = 0; k < flags.count; k++)
            put_flag(rq, o, r->attempts[i], &flags.at[k]);
    }
    out_array_end(o);
    return true;
}

struct flag_body {
    struct id attempt;
    int64_t epoch, seq;
    const char *verdict, *reason;
};
static const struct field flag_rows[] = {
    {FIELD(struct flag_body, attempt, ID), .required = true},
    {FIELD(struct flag_body, epoch, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct flag_body, seq, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct flag_body, verdict, TEXT), .required = true, .max = 20},
    {FIELD(struct flag_body, reason, TEXT), .required = true, .min = 2, .max = 200},
};
const struct fields room_flag_fields = FIELDS("room_flag", struct flag_body, flag_rows);

bool room_flag_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct flag_body *b = rq->input;
    struct live_room *r;
    struct flag_decision in = {
        .epoch = b->epoch, .seq = b->seq, .verdict = b->verdict, .reason = b->reason};
    struct flag_reader reader = reader_of(rq);
    (void)rp;
    return room_reviewed(rq, &r, e) &&
           room_attempt(rq->app->journal, r, b->attempt, &in.attempt, e) &&
           flag_decide(&reader, &in, e);
}

struct look_body {
    struct id attempt;
    int64_t epoch, seq;
};
static const struct field look_rows[] = {
    {FIELD(struct look_body, attempt, ID), .required = true},
    {FIELD(struct look_body, epoch, INT), .required = true, .min = 1, .max = UINT32_MAX},
    {FIELD(struct look_body, seq, INT), .required = true, .min = 1, .max = UINT32_MAX},
};
const struct fields room_flag_look_fields = FIELDS("room_flag_look", struct look_body,
                                                   look_rows);

bool room_flag_look_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct look_body *b = rq->input;
    struct live_room *r;
    struct flag_place at = {.epoch = b->epoch, .seq = b->seq};
    struct flag_reader reader = reader_of(rq);
    (void)rp;
    return room_reviewed(rq, &r, e) &&
           room_attempt(rq->app->journal, r, b->attempt, &at.attempt, e) &&
           flag_look(&reader, &at, e);
}

/* --- recordings --------------------------------------------------------------------------------- */
static bool read_piece(struct request *rq, const struct live_attempt *a, const struct piece *p,
                       struct blob *blob, struct bytes *plain, struct err *e)
{
    struct recording_key key = {{0}};
    struct blob_place place = rq->app->blobs;
    if (!blob_get(rq->db, rq->arena, p->blob, blob, e))
        return false;
    if (strcmp(blob->purpose, PIECE_PURPOSE_OLD) != 0) {
        if (!recording_key_get(rq->db, rq->arena, rq->app->master, a->session->id, &key, e))
            return false;
        place.key = key.key;
    }
    bool ok = blob_read(&place, rq->arena, blob, plain, e);
    secret_wipe(&key, sizeof key);
    return ok;
}

static const struct piece *named(struct request *rq, const struct piece *p)
{
    return p && strcmp(piece_word(rq->arena, p), rq->word[0]) == 0 ? p : NULL;
}

/* "camera.1764300000000" of an attempt of this room, where a flag shows it to this person. A still
 * picture is decoded in the cage and made anew: it came from a candidate. */
bool room_recording_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_room *r;
    struct live_attempt *a;
    struct flag_list flags;
    struct blob blob;
    struct bytes plain;
    const struct piece *p = NULL;
    struct flag_reader reader = reader_of(rq);
    if (!room_invigilated(rq, &r, e) || !room_attempt(rq->app->journal, r, rq->id[1], &a, e) ||
        !flag_list(&reader, a, &flags, e))
        return false;
    for (size_t i = 0; i < flags.count && !p; i++) {
        const struct flag *f = &flags.at[i];
        if (flag_is_shown(f))
            p = named(rq, f->piece) ? f->piece : named(rq, f->snapshot);
    }
    if (!p)
        return FAIL(e, NOT_FOUND, "path", "没有这一段录像，或还没有两个人要求查看。");
    if (!read_piece(rq, a, p, &blob, &plain, e) ||
        (strcmp(blob.media_type, "image/jpeg") == 0 &&
         !image_clean(rq->arena, rq->app->program, plain, &plain, e)))
        return false;
    reply_bytes(rp, 200, blob.media_type, plain);
    return true;
}
