/* app/room_hand_up.c - anchors while it runs, the hand-up in parts, the end of it. */
#include <string.h>

#include "app/instance.h"
#include "app/room_round.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "sitting/hand_up.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

struct anchored {
    int64_t batch;
};

static bool mark_anchored(struct db *db, void *ctx, struct err *e)
{
    const struct anchored *m = ctx;
    struct query *q = db_query(db, SQL_node_self_anchored);
    query_int(q, m->batch);
    return query_run(q, e);
}

bool room_anchor(struct room_link *l, struct room_counts *n, struct err *e)
{
    if (!l->instance->app.journal)
        return true;
    struct batch_head head = journal_batch_head(l->instance->app.journal);
    char hash[2 * HASH_BYTES + 1];
    if (head.batch <= l->self.anchored_batch)
        return true;
    hex_write(hash, head.hash, HASH_BYTES);
    json_t *o = json_keep(l->arena,
                          json_pack("{s:I, s:I, s:s, s:I}", "chain", (json_int_t)l->self.chain,
                                    "batch", (json_int_t)head.batch, "hash", hash, "server_ms",
                                    (json_int_t)head.server_ms));
    struct anchored m = {head.batch};
    if (!link_sign(l, "room-anchor", o, e) ||
        !link_json(l, "/api/node/anchor", json_incref(o), NULL, e))
        return false;
    n->anchors++;
    return db_transact(l->db, mark_anchored, &m, e);
}

/* The centre keeps a copy of our audit chains as they grow, and heads that we signed: what somebody changes
 * here afterwards does not fit any more (doc/decisions/0053). */
bool room_audit(struct room_link *l, const json_t *contact, struct err *e)
{
    json_t *rows, *heads;
    if (!hand_up_audit(l->db, l->arena, json_object_get(contact, "audit"), &rows, &heads, e))
        return false;
    if (json_array_size(heads) == 0)
        return true;
    json_t *statement = json_keep(l->arena, json_pack("{s:O, s:I}", "heads", heads, "moment",
                                                      (json_int_t)link_now_ms(l)));
    return link_sign(l, "node-audit", statement, e) &&
           link_json(l, "/api/node/audit",
                     json_pack("{s:O, s:O}", "rows", rows, "statement", statement), NULL, e);
}

/* --- parts ------------------------------------------------------------------------------------------- */
struct handing {
    struct room_link *link;
    struct id session;
    struct room_counts *counts;
};

static bool send_kind(struct handing *h, const char *kind, int64_t after, struct err *e)
{
    struct room_link *l = h->link;
    for (;;) {
        struct hand_up_part p = {kind, h->session, l->self.chain, after};
        json_t *rows;
        int64_t last;
        if (!hand_up_read(l->db, l->arena, &p, &rows, &last, e))
            return false;
        if (last == after)
            return true;
        after = last;
        if (!link_json(l, link_path(l->arena, "/api/node/sessions/", h->session, "/hand-up"),
                       json_pack("{s:s, s:O}", "kind", kind, "rows", rows), NULL, e))
            return false;
        h->counts->parts++;
    }
}

static bool begin(struct handing *h, const struct hand_up_totals *t, json_t **state,
                  struct err *e)
{
    return link_json(
        h->link, link_path(h->link->arena, "/api/node/sessions/", h->session, "/hand-up/state"),
        json_pack("{s:I, s:I}", "rows", (json_int_t)t->rows, "batches", (json_int_t)t->batches),
        state, e);
}

static bool send_parts(struct handing *h, const json_t *state, bool last, struct err *e)
{
    return send_kind(h, "journal", json_member_int(state, "last_row", 0), e) &&
           send_kind(h, "batch", json_member_int(state, "batches", 0), e) &&
           send_kind(h, "blob", json_member_int(state, "blobs", 0), e) &&
           (!last || (send_kind(h, "ledger", 0, e) && send_kind(h, "violation", 0, e) &&
                      send_kind(h, "audit", 0, e)));
}

static bool attempts_of(struct handing *h, json_t **out, struct err *e)
{
    struct room_link *l = h->link;
    struct hand_up_part p = {"attempt", h->session, l->self.chain, 0};
    int64_t last;
    *out = json_keep(l->arena, json_array());
    do {
        json_t *rows;
        if (!hand_up_read(l->db, l->arena, &p, &rows, &last, e))
            return false;
        json_array_extend(*out, rows);
        if (last == p.after)
            return true;
        p.after = last;
    } while (true);
}

/* --- the end ------------------------------------------------------------------------------------------ */
static bool finish(struct handing *h, const struct node_here *here, json_t *receipt,
                   struct err *e)
{
    h->counts->closed++;
    return node_handed_up(here, h->session, receipt, e) && node_clear(here, h->session, e);
}

static bool close_session(struct handing *h, const struct node_here *here, struct err *e)
{
    struct room_link *l = h->link;
    struct hand_up_totals t;
    json_t *state, *attempts, *receipt;
    if (!node_freeze(here, h->session, e) ||
        !hand_up_totals(l->db, l->arena, h->session, &t, e) || !begin(h, &t, &state, e))
        return false;
    if ((receipt = json_object_get(state, "receipt")))
        return finish(h, here, receipt, e);
    json_t *statement = hand_up_statement(l->arena, h->session, &t);
    bool all;
    if (!send_parts(h, state, true, e) || !room_blobs(l, h->session, h->counts, &all, e))
        return false;
    if (!all)
        return true; /* the next round goes on */
    return attempts_of(h, &attempts, e) && link_sign(l, "hand-up", statement, e) &&
           link_json(l,
                     link_path(l->arena, "/api/node/sessions/", h->session, "/hand-up/close"),
                     json_pack("{s:O, s:O}", "statement", statement, "attempts", attempts),
                     &receipt, e) &&
           finish(h, here, receipt, e);
}

/* All sealed or absent, and the last pieces of recordings are in; else when an invigilator says so of every room, or the time is long over. */
static bool may_close(struct room_link *l, const struct node_package *list, size_t count,
                      struct id session, bool *may, struct err *e)
{
    static const int64_t LATEST_MS = INT64_C(7) * 24 * 3600000, QUIET_MS = 60000;
    int64_t writing, outstanding;
    bool finished = true, over = true;
    if (!hand_up_waits_for(l->db, session, &writing, &outstanding, e))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!id_equal(list[i].session, session))
            continue;
        finished = finished && list[i].finished_ms > 0;
        over = over && clock_now_ms() > list[i].close_at_ms + LATEST_MS;
    }
    int64_t quiet_since;
    if (!hand_up_quiet_since(l->db, session, &quiet_since, e))
        return false;
    bool quiet = clock_now_ms() > quiet_since + QUIET_MS;
    *may = writing == 0 && ((outstanding == 0 && quiet) || finished || over);
    return true;
}

static bool hand_up_session(struct room_link *l, const struct node_package *list, size_t count,
                            struct id session, struct room_counts *n, struct err *e)
{
    struct actor who = {.body = l->self.body, .request = id_random(), .now_ms = clock_now_ms()};
    struct node_here here = link_here(l, &who);
    struct handing h = {l, session, n};
    struct hand_up_totals t;
    json_t *state;
    bool may;
    if (!may_close(l, list, count, session, &may, e))
        return false;
    if (may)
        return close_session(&h, &here, e);
    return hand_up_totals(l->db, l->arena, session, &t, e) && begin(&h, &t, &state, e) &&
           send_parts(&h, state, false, e) && room_blobs(l, session, n, &may, e);
}

bool room_hand_up(struct room_link *l, struct room_counts *n, struct err *e)
{
    struct node_package *list;
    size_t count;
    if (!l->instance->app.journal || !node_packages(l->db, l->arena, &list, &count, e))
        return !l->instance->app.journal;
    for (size_t i = 0; i < count; i++) {
        bool before = false, all = true;
        for (size_t k = 0; k < count; k++) {
            bool same = id_equal(list[k].session, list[i].session);
            before |= same && k < i;
            all &= !same || strcmp(list[k].state, "released") == 0 ||
                   strcmp(list[k].state, "handed_up") == 0;
        }
        if (before || !all)
            continue;
        if (!hand_up_session(l, list, count, list[i].session, n, e))
            return false;
    }
    return true;
}
