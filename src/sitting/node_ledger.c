/* sitting/node_ledger.c - the centre's time acts on their way into a room: rows of the ledger that a
 * contact carries, taken once by the node, and what the centre knows of their arrival. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/ledger.h"
#include "sitting/live.h"
#include "sitting/node.h"
#include "sitting/node_self.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

/* --- at the centre ------------------------------------------------------------------------------- */
static bool session_rows(struct db *db, struct arena *a, const struct node *n,
                         struct id session, json_t *rows, struct err *e)
{
    struct ledger_row r;
    struct query *q = db_query(db, SQL_node_ledger_list);
    query_id(q, session);
    query_id(q, n->id);
    while (query_next(q, e)) {
        if (!ledger_row_of(q, a, &r, e)) {
            query_done(q);
            return false;
        }
        json_array_append_new(rows, ledger_row_json(&r));
    }
    return e->code == ERR_NONE;
}

bool node_ledger_rows(struct db *db, struct arena *a, const struct node *n,
                      const struct node_duty *duties, size_t count, json_t **out, struct err *e)
{
    *out = json_keep(a, json_array());
    for (size_t i = 0; i < count; i++) {
        bool before = false;
        for (size_t k = 0; k < i && !before; k++)
            before = id_equal(duties[k].session, duties[i].session);
        if (before)
            continue;
        char text[ID_TEXT_BYTES];
        json_t *rows = json_array();
        id_write(duties[i].session, text);
        json_t *one = json_pack("{s:s, s:o}", "session", text, "rows", rows);
        bool ok = session_rows(db, a, n, duties[i].session, rows, e);
        if (ok && json_array_size(rows) > 0)
            json_array_append(*out, one);
        json_decref(one);
        if (!ok)
            return false;
    }
    return true;
}

struct reaching {
    const struct node_desk *desk;
    const struct node *node;
    const json_t *said;
};

/* Only what was sent to this node counts, and once. */
static bool is_awaited(struct db *db, const struct reaching *r, struct id session, int64_t no,
                       bool *awaited, struct err *e)
{
    struct query *q = db_query(db, SQL_node_ledger_list);
    query_id(q, session);
    query_id(q, r->node->id);
    *awaited = false;
    while (query_next(q, e))
        *awaited = *awaited || query_get_int(q, 0) == no;
    return e->code == ERR_NONE;
}

static bool put_reached(struct db *db, const struct reaching *r, const json_t *one,
                        struct err *e)
{
    struct id session;
    bool awaited;
    const char *text = json_member_text(one, "session"),
               *problem = json_member_text(one, "problem");
    int64_t no = json_member_int(one, "no", 0);
    if (!text || !id_read(text, &session) || no < 1 || (problem && strlen(problem) > 600))
        return FAIL(e, INVALID, "/ledger", "这一项读不出来。");
    if (!is_awaited(db, r, session, no, &awaited, e))
        return false;
    if (!awaited)
        return true;
    struct query *q = db_query(db, SQL_room_ledger_reached_put);
    query_id(q, session);
    query_id(q, r->node->id);
    query_int(q, no);
    query_int(q, r->desk->who->now_ms);
    query_text(q, problem);
    json_t *change = json_keep(r->desk->arena,
                               json_pack("{s:s, s:I, s:s*}", "node", r->node->kid, "no",
                                         (json_int_t)no, "problem", problem));
    struct actor who = *r->desk->who;
    who.body = r->node->body;
    return query_run(q, e) && audit_write(db, &who,
                                          &(struct audit_row){.act = ACT_time_reach,
                                                              .object_type = "se",
                                                              .object = session,
                                                              .chain_owner = session,
                                                              .change = change},
                                          e);
}

static bool put_all_reached(struct db *db, void *ctx, struct err *e)
{
    const struct reaching *r = ctx;
    for (size_t i = 0; i < json_array_size(r->said); i++)
        if (!put_reached(db, r, json_array_get(r->said, i), e))
            return false;
    return true;
}

bool node_ledger_reached(const struct node_desk *d, const struct node *n, const json_t *said,
                         struct err *e)
{
    struct reaching r = {d, n, said};
    return json_array_size(said) == 0 || db_transact(d->db, put_all_reached, &r, e);
}

bool ledger_arrivals(struct db *db, struct arena *a, struct id session,
                     struct ledger_arrival **out, size_t *count, struct err *e)
{
    struct query *q = db_query(db, SQL_room_ledger_reached_list);
    query_id(q, session);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct ledger_arrival){.node = query_get_id(q, 0),
                                                     .no = query_get_int(q, 1),
                                                     .reached_ms = query_get_int(q, 2),
                                                     .problem = query_get_text(q, 3, a)};
    }
    return e->code == ERR_NONE;
}

/* --- on a node ------------------------------------------------------------------------------------- */
/* A refusal is an answer too: the desk must read why. What failed here is asked again. */
static bool take_row(const struct node_here *h, struct id session, const json_t *row,
                     json_t *said, struct err *e)
{
    struct ledger_row r;
    struct err why = {0};
    char text[ID_TEXT_BYTES];
    if (!ledger_row_read(row, &r) || r.from_no)
        return FAIL(e, INVALID, "/ledger", "中心的时间台账行读不出来。");
    struct actor who = *h->who;
    who.account = r.actor;
    who.second = r.second;
    struct time_act act = {.session = session,
                           .scope = r.scope,
                           .scope_id = r.scope_id,
                           .kind = r.kind,
                           .at_ms = r.at_ms,
                           .minutes = r.minutes,
                           .reason = r.reason,
                           .from_no = r.no};
    bool ok = time_write(h->journal, &who, &act, &why);
    if (!ok && why.code == ERR_NOT_FOUND)
        return true; /* a room that is not served yet */
    if (!ok && why.code != ERR_CONFLICT && why.code != ERR_INVALID) {
        *e = why;
        return false;
    }
    id_write(session, text);
    json_t *one = json_pack("{s:s, s:I}", "session", text, "no", (json_int_t)r.no);
    if (!ok)
        json_object_set_new(one, "problem", json_string(why.text));
    json_array_append_new(said, one);
    return true;
}

bool node_ledger_take(const struct node_here *h, const json_t *sessions, json_t **said,
                      struct err *e)
{
    *said = json_keep(h->arena, json_array());
    for (size_t i = 0; h->journal && i < json_array_size(sessions); i++) {
        const json_t *one = json_array_get(sessions, i), *rows = json_object_get(one, "rows");
        struct id session;
        const char *text = json_member_text(one, "session");
        if (!text || !id_read(text, &session) || !json_is_array(rows))
            return FAIL(e, INVALID, "/ledger", "中心的答复读不出来。");
        if (!live_find_session(journal_live(h->journal), session))
            continue; /* not served yet: the next contact brings them again */
        for (size_t k = 0; k < json_array_size(rows); k++)
            if (!take_row(h, session, json_array_get(rows, k), *said, e))
                return false;
    }
    return true;
}
