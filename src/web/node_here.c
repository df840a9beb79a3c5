/* web/node_here.c - on a room node: what it is, how its rooms stand, opening them by two people. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/conduct.h"
#include "sitting/hand_up.h"
#include "sitting/live.h"
#include "sitting/node_self.h"
#include "sitting/room_rehearsal.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"
#include "web/app.h"
#include "web/conduct.h"
#include "web/halves.h"
#include "web/handlers.h"
#include "web/nodes_of.h"

/* Also at a centre, where the answer is that it is none: pages ask it before anybody signs in. */
bool here_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node_self self;
    bool found;
    if (!rq->app->node)
        return put_bool(reply_json(rp), "is_node", false), true;
    if (!node_self_find(rq->db, rq->arena, &self, &found, e))
        return false;
    struct node_clocks clocks = node_clocks_now();
    struct node_time t = node_time_of(&self, rq->app->master, &clocks);
    struct json_out *o = reply_json(rp);
    put_bool(o, "is_node", true);
    put_text(o, "name", self.name);
    put_text(o, "kid", self.kid);
    put_bool(o, "clock_known", t.known);
    put_int(o, "clock_step_ms", t.known ? t.step_ms : 0);
    put_int(o, "contact_ms", !id_is_zero(self.confirmed_by) || !t.known ? 0 : self.centre_ms);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

static struct node_here here_of(struct request *rq)
{
    return (struct node_here){.db = rq->db,
                              .arena = rq->arena,
                              .master = rq->app->master,
                              .signer = rq->app->signer,
                              .blobs = &rq->app->blobs,
                              .journal = rq->app->journal,
                              .who = &rq->actor};
}

static bool put_seb(struct request *rq, struct json_out *o, struct id session, struct err *e)
{
    struct conduct c;
    if (!conduct_get(rq->db, rq->arena, session, &c, e))
        return false;
    put_bool(o, "seb", c.seb);
    return !c.seb || seb_put(rq, o, &c, e);
}

static bool put_package(struct request *rq, struct json_out *o, const struct node_package *p,
                        struct err *e)
{
    bool envelope;
    int waiting = half_waiting(rq->app->halves, p->room, rq->now_ms, &envelope);
    struct live_room *r = live_find_room(journal_live(rq->app->journal), p->room);
    bool acts = viewer_has(&rq->viewer, ROLE_invigilator); /* a supervisor only looks */
    out_object(o);
    put_id(o, "room", p->room);
    put_id(o, "session", p->session);
    put_int(o, "no", p->no);
    put_text(o, "name", r ? r->name : NULL);
    put_text(o, "title", r ? r->session->title : NULL);
    put_int(o, "revision", p->revision);
    put_text(o, "state", p->state);
    put_int(o, "open_at_ms", p->open_at_ms);
    put_int(o, "fetched_ms", p->fetched_ms);
    put_int(o, "ready_ms", p->ready_ms);
    put_int(o, "released_ms", p->released_ms);
    put_text(o, "released_how", p->released_how);
    put_int(o, "finished_ms", p->finished_ms);
    put_int(o, "handed_up_ms", p->handed_up_ms);
    put_int(o, "cleared_ms", p->cleared_ms);
    put_int(o, "tries", p->tries);
    put_int(o, "locked_until_ms", p->locked_until_ms);
    put_text(o, "problem", p->problem);
    put_text(o, "half_waiting", waiting == 1 ? "A" : waiting == 2 ? "B" : NULL);
    put_text(o, "half_way", waiting == 0 ? NULL : envelope ? "envelope" : "phone");
    put_bool(o, "acts", acts);
    if (!put_seb(rq, o, p->session, e))
        return false;
    out_object_end(o);
    return true;
}

/* What the centre ordered this machine to rehearse. */
static bool put_rehearsals(struct request *rq, struct json_out *o, struct err *e)
{
    struct node_rehearsal *list;
    size_t count;
    if (!node_rehearsals(rq->db, rq->arena, &list, &count, e))
        return false;
    put_array(o, "rehearsals");
    for (size_t i = 0; i < count; i++) {
        out_object(o);
        put_id(o, "id", list[i].id);
        put_int(o, "candidates", list[i].candidates);
        put_int(o, "taken_ms", list[i].taken_ms);
        put_text(o, "state", list[i].state);
        put_text(o, "stage", list[i].stage);
        put_text(o, "problem", list[i].problem);
        put_int(o, "ended_ms", list[i].ended_ms);
        put_bool(o, "passed", list[i].passed);
        put_bool(o, "told", !node_rehearsal_news(rq->arena, &list[i]));
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

bool here_rooms_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct node_package *list;
    size_t count;
    bool clock_envelope;
    struct id clock = {{0}};
    if (!node_packages(rq->db, rq->arena, &list, &count, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "rooms");
    for (size_t i = 0; i < count; i++)
        if (!put_package(rq, o, &list[i], e))
            return false;
    out_array_end(o);
    if (!put_rehearsals(rq, o, e))
        return false;
    put_bool(o, "clock_waiting",
             half_waiting(rq->app->halves, clock, rq->now_ms, &clock_envelope) != 0);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

/* --- two halves -------------------------------------------------------------------------------------- */
struct half_body {
    const char *way, *half, *text, *code;
};
static const char *const ways[] = {"phone", "envelope", NULL};
static const char *const halves[] = {"A", "B", NULL};
static const struct field half_rows[] = {
    {FIELD(struct half_body, way, TEXT), .required = true, .allowed = ways},
    {FIELD(struct half_body, half, TEXT), .required = true, .allowed = halves},
    {FIELD(struct half_body, text, TEXT), .required = true, .min = 1, .max = 90},
    {FIELD(struct half_body, code, TEXT), .required = true, .min = 6, .max = 6},
};
const struct fields half_fields = FIELDS("half", struct half_body, half_rows);

struct half_audit {
    struct request *rq;
    const char *way, *half;
};

static bool put_half_audit(struct db *db, void *ctx, struct err *e)
{
    const struct half_audit *h = ctx;
    json_t *change = json_keep(h->rq->arena,
                               json_pack("{s:s, s:s}", "way", h->way, "half", h->half));
    return audit_write(db, &h->rq->actor,
                       &(struct audit_row){.act = ACT_room_half_enter,
                                           .object_type = "ro",
                                           .object = h->rq->id[0],
                                           .change = change},
                       e);
}

static bool open_with(struct request *rq, struct node_here *here, const struct half_pair *pair,
                      bool envelope, struct err *e)
{
    struct node_clocks clocks = node_clocks_now();
    struct actor who = rq->actor;
    struct node_halves both = {rq->id[0], envelope, pair->a, pair->b};
    who.second = pair->first;
    here->who = &who;
    bool ok = node_open_by_halves(here, &clocks, &both, e);
    here->who = &rq->actor;
    return ok;
}

bool here_half_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct half_body *b = rq->input;
    struct live_room *mine;
    struct node_here here = here_of(rq);
    bool envelope = strcmp(b->way, "envelope") == 0;
    int half = b->half[0] == 'B';
    struct node_halves one = {rq->id[0], envelope, half ? NULL : b->text,
                              half ? b->text : NULL};
    struct half_pair pair;
    struct half_audit audit = {rq, b->way, b->half};
    if (!room_duty(rq->db, rq->app->journal, &rq->actor, rq->id[0], &mine, e) ||
        !node_half_check(&here, &one, half, e) ||
        !fresh_code_then(rq, b->code, put_half_audit, &audit, e))
        return false;
    struct half_in in = {rq->id[0], rq->viewer.account, envelope, half, b->text, rq->now_ms};
    if (!half_put(rq->app->halves, &in, &pair, e))
        return false;
    bool ok = !pair.both || open_with(rq, &here, &pair, envelope, e);
    if (ok)
        put_bool(reply_json(rp), "released", pair.both);
    else if (e->code == ERR_STORE) /* the halves are not to blame */
        half_put_back(rq->app->halves, &in, &pair);
    secret_wipe(&pair, sizeof pair);
    return ok;
}

/* --- the clock ---------------------------------------------------------------------------------------- */
struct here_code_body {
    const char *code;
};
static const struct field here_code_rows[] = {
    {FIELD(struct here_code_body, code, TEXT), .required = true, .min = 6, .max = 6},
};
const struct fields here_code_fields = FIELDS("here_code", struct here_code_body,
                                              here_code_rows);

static bool confirm_with(struct request *rq, const struct half_pair *pair, struct err *e)
{
    struct node_clocks clocks = node_clocks_now();
    struct actor who = rq->actor;
    who.second = pair->first;
    return node_time_confirm(rq->db, rq->app->master, &who, &clocks, e);
}

/* The first person's word waits as the first half of a key would, also when the second's came to nothing. */
bool here_clock_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct here_code_body *b = rq->input;
    struct half_pair pair;
    struct half_in in = {.account = rq->viewer.account,
                         .half = HALF_NEXT,
                         .text = "clock",
                         .now_ms = rq->now_ms};
    if (!fresh_code(rq, b->code, e) || !half_put(rq->app->halves, &in, &pair, e))
        return false;
    if (pair.both && !confirm_with(rq, &pair, e)) {
        half_put_back(rq->app->halves, &in, &pair);
        return false;
    }
    put_bool(reply_json(rp), "confirmed", pair.both);
    return true;
}

/* Everything is in: from here on the room is handed up and takes no more. */
bool here_finish_post(struct request *rq, struct reply *rp, struct err *e)
{
    const struct here_code_body *b = rq->input;
    struct live_room *mine;
    struct node_here here = here_of(rq);
    struct node_package p;
    (void)rp;
    return room_duty(rq->db, rq->app->journal, &rq->actor, rq->id[0], &mine, e) &&
           node_package_get(rq->db, rq->arena, rq->id[0], &p, e) &&
           fresh_code(rq, b->code, e) && node_room_finish(&here, &p, e);
}
