/* sitting/recording_key.c - made once, read, destroyed. */
#include "sitting/recording_key.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/carry.h"
#include "store/audit.h"
#include "store/db.h"

static bool key_read(struct db *db, struct arena *a, struct id session, bool *made,
                     struct bytes *sealed, struct err *e)
{
    struct query *q = db_query(db, SQL_recording_key_get);
    *sealed = (struct bytes){NULL, 0};
    query_id(q, session);
    if (!query_maybe(q, made, e) || !*made)
        return e->code == ERR_NONE;
    *sealed = query_get_bytes(q, 0, a);
    query_done(q);
    return true;
}

bool recording_key_get(struct db *db, struct arena *a, const struct master *m,
                       struct id session, struct recording_key *out, struct err *e)
{
    struct bytes sealed, plain;
    bool made;
    if (!key_read(db, a, session, &made, &sealed, e))
        return false;
    if (!made || sealed.len == 0)
        return FAIL(e, NOT_FOUND, "recording", "这场考试的录像密钥已经销毁，录像不能再看。");
    if (!field_open(a, m, "recording_key", "sealed", session, sealed, &plain, e))
        return false;
    if (plain.len != KEY_BYTES)
        return FAIL(e, STORE, "recording_key", "录像密钥长度不对。");
    memcpy(out->key, plain.at, KEY_BYTES);
    secret_wipe((unsigned char *)(uintptr_t)plain.at, plain.len);
    return true;
}

struct making {
    const struct actor *who;
    struct id session;
    struct bytes sealed;
};

static bool make(struct db *db, void *ctx, struct err *e)
{
    const struct making *w = ctx;
    int64_t rows;
    struct query *q = db_query(db, SQL_recording_key_put);
    query_id(q, w->session);
    query_bytes(q, w->sealed);
    query_int(q, w->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    return rows == 0 || audit_write(db, w->who,
                                    &(struct audit_row){.act = ACT_recording_key_make,
                                                        .object_type = "se",
                                                        .object = w->session,
                                                        .chain_owner = w->session},
                                    e);
}

bool recording_key_ensure(struct db *db, const struct actor *who, const struct master *m,
                          struct id session, struct recording_key *out, struct err *e)
{
    struct arena *a = arena_create(1 << 20);
    struct bytes sealed;
    bool made, ok = key_read(db, a, session, &made, &sealed, e);
    if (ok && !made) {
        unsigned char key[KEY_BYTES];
        random_bytes(key, sizeof key);
        struct making w = {
            who, session,
            field_seal(a, m, "recording_key", "sealed", session, key, sizeof key)};
        secret_wipe(key, sizeof key);
        ok = db_transact(db, make, &w, e);
    }
    ok = ok && recording_key_get(db, a, m, session, out, e);
    arena_destroy(a);
    return ok;
}

bool recording_key_destroy(struct db *db, const struct actor *who, struct id session,
                           const char *reason, struct err *e)
{
    json_t *change = json_pack("{s:s}", "reason", reason);
    struct query *q = db_query(db, SQL_recording_key_destroy);
    query_id(q, session);
    query_int(q, who->now_ms);
    bool ok = query_change_one(q, "/recording", "这场考试没有录像，或已经销毁。", e) &&
              carry_pair_destroy(db, session, e) &&
              audit_write(db, who,
                          &(struct audit_row){.act = ACT_recording_destroy,
                                              .object_type = "se",
                                              .object = session,
                                              .chain_owner = session,
                                              .change = change},
                          e);
    json_decref(change);
    return ok;
}
