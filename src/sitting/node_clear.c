/* sitting/node_clear.c - after the centre has acknowledged: what a node must not keep goes (S5). */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "people/people.h"
#include "people/staff_copy.h"
#include "sitting/hand_up.h"
#include "sitting/live.h"
#include "sitting/node_self.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/signer.h"

/* --- no more entries ------------------------------------------------------------------------------- */
struct freezing {
    const struct node_here *here;
    struct id session;
};

static bool freeze_work(struct db *db, struct sitting_act *act, struct err *e)
{
    const struct freezing *f = act->ctx;
    int64_t writing, outstanding;
    if (!hand_up_waits_for(db, f->session, &writing, &outstanding, e))
        return false;
    if (writing > 0)
        return FAIL(e, CONFLICT, "/state", "还有 %lld 位考生没有交卷。", (long long)writing);
    struct query *q = db_query(db, SQL_delivery_session_archive);
    query_id(q, f->session);
    query_int(q, f->here->who->now_ms);
    return query_run(q, e);
}

/* Without its key no tag is true: the device keeps what it has instead of being told it is safe. */
static void freeze_done(struct sitting_act *act)
{
    const struct freezing *f = act->ctx;
    struct live *l = journal_live(act->writer);
    struct live_session *s = live_find_session(l, f->session);
    live_hold_to_change(l);
    for (struct live_room *r = s ? s->rooms : NULL; r; r = r->next) {
        secret_wipe(r->attempt_key, sizeof r->attempt_key);
        random_bytes(r->attempt_key, sizeof r->attempt_key);
        for (size_t i = 0; i < r->count; i++) {
            struct live_attempt *a = r->attempts[i];
            live_lock(a);
            for (uint32_t n = 0; n < a->epochs_count; n++)
                random_bytes(a->epochs[n].save_key, sizeof a->epochs[n].save_key);
            live_unlock(a);
        }
    }
    live_release(l);
}

bool node_freeze(const struct node_here *h, struct id session, struct err *e)
{
    struct freezing f = {h, session};
    struct sitting_act act = {.work = freeze_work, .done = freeze_done, .ctx = &f};
    return journal_act(h->journal, &act, e);
}

struct finishing {
    const struct node_here *here;
    const struct node_package *package;
};

static bool put_finished(struct db *db, void *ctx, struct err *e)
{
    const struct finishing *f = ctx;
    struct query *q = db_query(db, SQL_node_package_finish);
    query_id(q, f->package->room);
    query_int(q, f->here->who->now_ms);
    return query_change_one(q, "/state", "这个考场还没有启封，或者已经结束。", e) &&
           audit_write(db, f->here->who,
                       &(struct audit_row){.act = ACT_room_finish,
                                           .object_type = "ro",
                                           .object = f->package->room,
                                           .chain_owner = f->package->session},
                       e);
}

bool node_room_finish(const struct node_here *h, const struct node_package *p, struct err *e)
{
    struct finishing f = {h, p};
    int64_t writing, outstanding;
    if (!hand_up_waits_for(h->db, p->session, &writing, &outstanding, e))
        return false;
    if (writing > 0)
        return FAIL(e, CONFLICT, "/state", "还有 %lld 位考生没有交卷。", (long long)writing);
    return db_transact(h->db, put_finished, &f, e);
}

/* --- acknowledged ---------------------------------------------------------------------------------- */
struct handing {
    const struct node_here *here;
    struct id session;
    struct bytes text;
};

static bool put_handed(struct db *db, void *ctx, struct err *e)
{
    const struct handing *g = ctx;
    struct query *q = db_query(db, SQL_node_package_handed_up);
    query_id(q, g->session);
    query_int(q, g->here->who->now_ms);
    query_text(q, (const char *)g->text.at);
    return query_run(q, e);
}

bool node_handed_up(const struct node_here *h, struct id session, const json_t *receipt,
                    struct err *e)
{
    struct handing g = {.here = h, .session = session};
    struct key_table keys;
    struct hand_up_totals mine;
    struct bytes text;
    if (!signer_key_table(h->db, h->arena, &keys, e) ||
        !signed_json_verify(h->arena, &keys, KEY_USE_anchor, "hand-up-receipt", receipt, e) ||
        !hand_up_totals(h->db, h->arena, session, &mine, e))
        return false;
    if (!hand_up_receipt_fits(receipt, session, &mine))
        return FAIL(e, INVALID, "/receipt", "中心的回执与本机的记录不符。");
    if (!jcs_write(h->arena, receipt, &text, e))
        return false;
    g.text = (struct bytes){arena_copy(h->arena, text.at, text.len), text.len};
    return db_transact(h->db, put_handed, &g, e);
}

/* --- clearing --------------------------------------------------------------------------------------- */
struct clearing {
    const struct node_here *here;
    struct id session;
    struct id *rooms, *accounts, *blobs; /* photos, what was carried, what never became whole */
    size_t room_count, account_count, blob_count;
};

static bool ids_of(struct clearing *c, enum sql which, struct id **out, size_t *count,
                   struct err *e)
{
    struct query *q = db_query(c->here->db, which);
    query_id(q, c->session);
    while (query_next(q, e)) {
        *out = arena_grow(c->here->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = query_get_id(q, 0);
    }
    return e->code == ERR_NONE;
}

static bool clear_room(struct db *db, const struct clearing *c, struct id room, struct err *e)
{
    unsigned char nothing[BLIND_INDEX_BYTES] = {0};
    char hex[ID_TEXT_BYTES];
    id_write(room, hex);
    struct query *q = db_query(db, SQL_node_room_key_clear);
    query_id(q, room);
    query_bytes(q, (struct bytes){(const unsigned char *)"-", 1});
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_node_attempt_clear);
    query_id(q, room);
    query_text(q, arena_printf(c->here->arena, "-%s-", hex));
    query_bytes(q, (struct bytes){nothing, sizeof nothing});
    return query_run(q, e);
}

static bool clear_session(struct db *db, const struct clearing *c, struct err *e)
{
    static const enum sql all[] = {SQL_paper_blob_drop,
                                   SQL_paper_drop,
                                   SQL_paper_object_drop,
                                   SQL_paper_room_drop,
                                   SQL_node_paper_session_clear,
                                   SQL_node_staff_drop,
                                   SQL_carried_drop,
                                   SQL_carried_piece_drop};
    struct query *q;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        q = db_query(db, all[i]);
        query_id(q, c->session);
        if (!query_run(q, e))
            return false;
    }
    q = db_query(db, SQL_delivery_session_archive);
    query_id(q, c->session);
    query_int(q, c->here->who->now_ms);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_node_package_cleared);
    query_id(q, c->session);
    query_int(q, c->here->who->now_ms);
    return query_run(q, e);
}

static bool clear(struct db *db, void *ctx, struct err *e)
{
    const struct clearing *c = ctx;
    const struct node_here *h = c->here;
    struct people people = {db, h->arena, h->master, h->who};
    for (size_t i = 0; i < c->room_count; i++)
        if (!clear_room(db, c, c->rooms[i], e))
            return false;
    for (size_t i = 0; i < c->account_count; i++)
        if (!staff_copy_clear(&people, c->accounts[i], e))
            return false;
    for (size_t i = 0; i < c->blob_count; i++) {
        struct query *q = db_query(db, SQL_node_blob_drop);
        query_id(q, c->blobs[i]);
        if (!query_run(q, e))
            return false;
    }
    json_t *change = json_keep(
        h->arena, json_pack("{s:I, s:I, s:I}", "rooms", (json_int_t)c->room_count, "accounts",
                            (json_int_t)c->account_count, "files", (json_int_t)c->blob_count));
    return clear_session(db, c, e) && audit_write(db, h->who,
                                                  &(struct audit_row){.act = ACT_room_clear,
                                                                      .object_type = "se",
                                                                      .object = c->session,
                                                                      .change = change},
                                                  e);
}

/* Files first: a row without its file is found by nobody, a file without its row would be. */
bool node_clear(const struct node_here *h, struct id session, struct err *e)
{
    struct clearing c = {.here = h, .session = session};
    if (!ids_of(&c, SQL_node_room_list, &c.rooms, &c.room_count, e) ||
        !ids_of(&c, SQL_node_account_list, &c.accounts, &c.account_count, e) ||
        !ids_of(&c, SQL_node_photo_list, &c.blobs, &c.blob_count, e) ||
        !ids_of(&c, SQL_carried_blob_list, &c.blobs, &c.blob_count, e))
        return false;
    for (size_t i = 0; i < c.blob_count; i++)
        if (!blob_remove_file(h->blobs, h->arena, c.blobs[i], e))
            return false;
    return db_transact(h->db, clear, &c, e);
}
