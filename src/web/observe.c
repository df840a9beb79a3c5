/* web/observe.c - quality supervisors: what they note of a session, and who reads it. */
#include "sitting/observe.h"

#include "base/arena.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/session.h"

struct observation_body {
    struct id room;
    int64_t seat;
    const char *kind, *text;
};
static const struct field observation_rows[] = {
    {FIELD(struct observation_body, room, ID)},
    {FIELD(struct observation_body, seat, INT), .min = 1, .max = OBSERVATION_SEAT_MAX},
    {FIELD(struct observation_body, kind, TEXT), .required = true,
     .allowed = observation_kinds},
    {FIELD(struct observation_body, text, TEXT), .required = true, .min = OBSERVATION_TEXT_MIN,
     .max = OBSERVATION_TEXT_MAX},
};
const struct fields observation_fields = FIELDS("observation", struct observation_body,
                                                observation_rows);

/* A node has the rooms in memory only. */
static bool room_name(struct request *rq, struct id room, const char **out, struct err *e)
{
    struct live_room *live = live_find_room(journal_live(rq->app->journal), room);
    struct room r;
    if (live && id_equal(live->session->id, rq->id[0])) {
        *out = live->name;
        return true;
    }
    if (!room_get(rq->db, rq->arena, (struct owned){rq->actor.body, room}, &r, e))
        return false;
    *out = r.name;
    return id_equal(r.session, rq->id[0]) ||
           FAIL(e, NOT_FOUND, "/room", "本场次没有这个考场。");
}

static bool put_all(struct request *rq, struct reply *rp, struct err *e)
{
    struct observation *list;
    size_t count;
    struct owned which = {rq->actor.body, rq->id[0]};
    if (!observation_list(rq->db, rq->arena, which, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "observations");
    for (size_t i = 0; i < count; i++)
        observation_out(o, &list[i]);
    out_array_end(o);
    return true;
}

bool session_observations_get(struct request *rq, struct reply *rp, struct err *e)
{
    return (viewer_has(&rq->viewer, ROLE_head_examiner) || session_watched(rq, rq->id[0], e)) &&
           put_all(rq, rp, e);
}

/* By who supervises that session; a supervisor of some rooms may note about those. */
bool session_observation_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct observation_body *b = rq->input;
    struct duty_question q = {.body = rq->actor.body,
                              .session = rq->id[0],
                              .room = b->room,
                              .account = rq->actor.account,
                              .duty = DUTY_quality_supervisor};
    struct observation_input in = {.session = rq->id[0],
                                   .room = b->room,
                                   .seat = b->seat,
                                   .kind = b->kind,
                                   .text = b->text};
    return staff_has_duty(rq->db, &q, e) &&
           (id_is_zero(b->room) || room_name(rq, b->room, &in.room_name, e)) &&
           observation_write(rq->db, rq->arena, &rq->actor, &in, e) && put_all(rq, rp, e);
}
