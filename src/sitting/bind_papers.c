/* sitting/bind_papers.c - after sealing: each attempt gets its paper. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/paper.h"
#include "sitting/live.h"
#include "sitting/prepare.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

enum { BIND_ARENA_BYTES = 256 << 20 };

struct binding {
    const struct actor *who;
    struct id session;
    struct arena *arena;
    struct paper_row *papers;
    size_t count;
};

static bool bind_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct binding *b = act->ctx;
    struct arena *a = b->arena;
    if (!paper_list(db, a, b->session, &b->papers, &b->count, e))
        return false;
    for (size_t i = 0; i < b->count; i++) {
        const struct paper_row *p = &b->papers[i];
        if (id_is_zero(p->attempt))
            continue;
        struct query *q = db_query(db, SQL_attempt_bind_paper);
        query_id(q, b->session);
        query_id(q, p->attempt);
        query_id(q, p->id);
        query_int(q, p->index);
        query_bytes(q, (struct bytes){p->sha256, HASH_BYTES});
        query_int(q, p->bytes);
        if (!query_run(q, e))
            return false;
    }
    json_t *change = json_keep(a, json_pack("{s:I}", "papers", (json_int_t)b->count));
    return audit_write(db, b->who,
                       &(struct audit_row){.act = ACT_session_bind_papers,
                                           .object_type = "se",
                                           .object = b->session,
                                           .change = change},
                       e);
}

static void bind_done(struct sitting_act *act)
{
    struct binding *b = act->ctx;
    for (size_t i = 0; i < b->count; i++) {
        const struct paper_row *p = &b->papers[i];
        struct live_attempt *a = live_find(journal_live(act->writer), p->attempt);
        if (!a || a->head.epoch > 0)
            continue;
        live_lock(a);
        a->paper = p->id;
        a->paper_no = p->index;
        a->paper_bytes = p->bytes;
        memcpy(a->paper_digest, p->sha256, HASH_BYTES);
        live_unlock(a);
    }
}

bool session_bind_papers(struct journal_writer *w, const struct actor *who, struct id session,
                         struct err *e)
{
    struct binding b = {who, session, arena_create(BIND_ARENA_BYTES), NULL, 0};
    struct sitting_act act = {.work = bind_work, .done = bind_done, .ctx = &b};
    bool ok = journal_act(w, &act, e);
    arena_destroy(b.arena);
    return ok;
}

bool session_not_begun(struct db *db, struct id session, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_begun);
    query_id(q, session);
    if (!query_one(q, "attempt", e))
        return false;
    int64_t begun = query_get_int(q, 0);
    query_done(q);
    return begun == 0 || FAIL(e, CONFLICT, "/state", "已有 %lld 名考生入场，试卷不能重新制作。",
                              (long long)begun);
}
