/* sitting/observe.c - observations of quality supervisors, in and out of the audit chain. */
#include "sitting/observe.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "store/audit.h"
#include "store/db.h"

const char *const observation_kinds[] = {"in_order", "remark", "deviation", NULL};

/* --- writing one ---------------------------------------------------------------------------- */
struct observing {
    const struct actor *who;
    const struct observation_input *in;
    json_t *change;
};

static bool write_row(struct db *db, void *ctx, struct err *e)
{
    const struct observing *o = ctx;
    return audit_write(db, o->who,
                       &(struct audit_row){.act = ACT_supervision_note,
                                           .object_type = "se",
                                           .object = o->in->session,
                                           .chain_owner = o->in->session,
                                           .change = o->change},
                       e);
}

bool observation_write(struct db *db, struct arena *a, const struct actor *who,
                       const struct observation_input *in, struct err *e)
{
    char room[ID_TEXT_BYTES];
    if (in->seat > 0 && id_is_zero(in->room))
        return FAIL(e, INVALID, "/seat", "写明座位时须同时写明考场。");
    json_t *change = json_keep(a, json_pack("{s:s, s:s}", "kind", in->kind, "text", in->text));
    if (!id_is_zero(in->room)) {
        id_write(in->room, room);
        json_object_set_new(change, "room", json_string(room));
        json_object_set_new(change, "room_name", json_string(in->room_name));
    }
    if (in->seat > 0)
        json_object_set_new(change, "seat", json_integer(in->seat));
    struct observing o = {who, in, change};
    return db_transact(db, write_row, &o, e);
}

/* --- reading them --------------------------------------------------------------------------- */
struct observations {
    struct arena *arena;
    struct observation *at;
    size_t count;
};

static bool id_of(const char *text, struct id *out)
{
    return text && id_read(text, out);
}

/* CHANGE: as observation_write made it. A row of another shape is left out: it was written by something
 * that is not this, and the audit page shows it. */
static void take(struct observations *all, const struct observation *base, const char *change)
{
    struct err why = {0};
    const json_t *v = change ? json_read(all->arena, (const unsigned char *)change,
                                         strlen(change), &why)
                             : NULL;
    struct observation x = *base;
    x.kind = v ? json_member_text(v, "kind") : NULL;
    x.text = v ? json_member_text(v, "text") : NULL;
    if (!x.kind || !x.text)
        return;
    if (id_of(json_member_text(v, "room"), &x.room))
        x.room_name = json_member_text(v, "room_name");
    x.seat = json_member_int(v, "seat", 0);
    all->at = arena_grow(all->arena, all->at, all->count, all->count + 1, sizeof *all->at);
    all->at[all->count++] = x;
}

static bool name_of(struct db *db, struct arena *a, struct id account, const char **out,
                    struct err *e)
{
    bool found;
    struct query *q = db_query(db, SQL_observation_by);
    query_id(q, account);
    *out = NULL;
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        *out = query_get_text(q, 0, a);
        query_done(q);
    }
    return true;
}

/* Of a node: the row as it was written there, JSON of all its members. */
static void take_of_node(struct observations *all, const char *text)
{
    struct err why = {0};
    const json_t *row = json_read(all->arena, (const unsigned char *)text, strlen(text), &why);
    if (!row || json_member_int(row, "act", 0) != ACT_supervision_note)
        return;
    struct observation x = {.at_ms = json_member_int(row, "at_ms", 0), .from_node = true};
    if (id_of(json_member_text(row, "actor"), &x.by))
        take(all, &x, json_member_text(row, "change"));
}

/* A node knows of a session only who has a duty in it. */
static bool is_ours(struct db *db, struct owned session, struct err *e)
{
    struct query *q = db_query(db, SQL_observation_session);
    query_id(q, session.id);
    query_id(q, session.body);
    if (!query_one(q, "session", e))
        return false;
    bool ours = query_get_int(q, 0) > 0;
    query_done(q);
    return ours || FAIL(e, NOT_FOUND, "session", "没有找到这个场次。");
}

static int by_time(const void *a, const void *b)
{
    const struct observation *x = a, *y = b;
    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

bool observation_list(struct db *db, struct arena *a, struct owned session,
                      struct observation **out, size_t *count, struct err *e)
{
    struct observations all = {.arena = a};
    if (!is_ours(db, session, e))
        return false;
    struct query *q = db_query(db, SQL_observation_list);
    query_id(q, session.id);
    query_int(q, ACT_supervision_note);
    while (query_next(q, e)) {
        const struct observation x = {.at_ms = query_get_int(q, 0), .by = query_get_id(q, 1)};
        take(&all, &x, query_get_text(q, 2, a));
    }
    if (e->code != ERR_NONE)
        return false;
    q = db_query(db, SQL_observation_of_nodes);
    query_id(q, session.id);
    while (query_next(q, e))
        take_of_node(&all, query_get_text(q, 0, a));
    for (size_t i = 0; e->code == ERR_NONE && i < all.count; i++)
        if (!name_of(db, a, all.at[i].by, &all.at[i].name, e))
            return false;
    if (all.count > 0)
        qsort(all.at, all.count, sizeof *all.at, by_time);
    *out = all.at;
    *count = all.count;
    return e->code == ERR_NONE;
}

void observation_out(struct json_out *o, const struct observation *x)
{
    out_object(o);
    put_int(o, "at_ms", x->at_ms);
    put_id(o, "by", x->by);
    put_text(o, "name", x->name);
    put_id(o, "room", x->room);
    put_text(o, "room_name", x->room_name);
    put_int(o, "seat", x->seat);
    put_text(o, "kind", x->kind);
    put_text(o, "text", x->text);
    put_bool(o, "from_node", x->from_node);
    out_object_end(o);
}
