/* sitting/carry.c - the key of a session's blobs on its nodes; blobs that wait on a node. */
#include "sitting/carry.h"

#include <string.h>

#include "base/arena.h"
#include "sitting/node.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

/* --- the key -------------------------------------------------------------------------------------------- */
struct pair_row {
    bool found;
    struct bytes public, secret; /* secret.len 0: none here */
};

static bool read_row(struct db *db, struct arena *a, struct id session, struct pair_row *out,
                     struct err *e)
{
    struct query *q = db_query(db, SQL_carry_key_get);
    *out = (struct pair_row){.found = false};
    query_id(q, session);
    if (!query_maybe(q, &out->found, e) || !out->found)
        return e->code == ERR_NONE;
    out->public = query_get_bytes(q, 0, a);
    out->secret = query_get_bytes(q, 1, a);
    query_done(q);
    return out->public.len == BOX_PUBLIC_BYTES || FAIL(e, STORE, "carry", "回传密钥长度不对。");
}

static bool open_row(struct arena *a, const struct master *m, struct id session,
                     const struct pair_row *row, struct carry_pair *out, struct err *e)
{
    struct bytes plain;
    if (!row->found || row->secret.len == 0)
        return FAIL(e, NOT_FOUND, "carry", "这场考试的回传密钥没有，或已经销毁。");
    if (!field_open(a, m, "carry_key", "secret", session, row->secret, &plain, e))
        return false;
    if (plain.len != BOX_SECRET_BYTES)
        return FAIL(e, STORE, "carry", "回传密钥长度不对。");
    memcpy(out->public, row->public.at, BOX_PUBLIC_BYTES);
    memcpy(out->secret, plain.at, BOX_SECRET_BYTES);
    secret_wipe((unsigned char *)(uintptr_t)plain.at, plain.len);
    return true;
}

bool carry_pair_get(struct db *db, struct arena *a, const struct master *m, struct id session,
                    struct carry_pair *out, struct err *e)
{
    struct pair_row row;
    return read_row(db, a, session, &row, e) && open_row(a, m, session, &row, out, e);
}

struct making {
    const struct node_desk *desk;
    struct id session;
    unsigned char public[BOX_PUBLIC_BYTES];
    struct bytes secret;
    struct pair_row *row; /* as it is then: another may have been first */
};

static bool make(struct db *db, void *ctx, struct err *e)
{
    const struct making *m = ctx;
    int64_t rows;
    struct query *q = db_query(db, SQL_carry_key_put);
    query_id(q, m->session);
    query_bytes(q, (struct bytes){m->public, sizeof m->public});
    query_bytes(q, m->secret);
    query_int(q, m->desk->who->now_ms);
    if (!query_change(q, &rows, e) || !read_row(db, m->desk->arena, m->session, m->row, e))
        return false;
    return rows == 0 || audit_write(db, m->desk->who,
                                    &(struct audit_row){.act = ACT_carry_key_make,
                                                        .object_type = "se",
                                                        .object = m->session,
                                                        .chain_owner = m->session},
                                    e);
}

bool carry_pair_ensure(const struct node_desk *d, struct id session, struct carry_pair *out,
                       struct err *e)
{
    struct pair_row row;
    if (!read_row(d->db, d->arena, session, &row, e))
        return false;
    if (row.found && row.secret.len == 0)
        return FAIL(e, CONFLICT, "/carry", "这场考试的录像已经销毁，不能再制作试卷包。");
    if (!row.found) {
        struct making m = {.desk = d, .session = session, .row = &row};
        unsigned char secret[BOX_SECRET_BYTES];
        box_keypair(m.public, secret);
        m.secret = field_seal(d->arena, d->master, "carry_key", "secret", session, secret,
                              sizeof secret);
        secret_wipe(secret, sizeof secret);
        if (!db_transact(d->db, make, &m, e))
            return false;
    }
    return open_row(d->arena, d->master, session, &row, out, e);
}

static bool run_with(struct db *db, enum sql which, struct id session, struct err *e)
{
    struct query *q = db_query(db, which);
    query_id(q, session);
    return query_run(q, e);
}

bool carry_pair_destroy(struct db *db, struct id session, struct err *e)
{
    return run_with(db, SQL_carry_key_destroy, session, e);
}

bool carry_public_keep(struct db *db, struct id session,
                       const unsigned char public[BOX_PUBLIC_BYTES], int64_t now_ms,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_carry_public_put);
    query_id(q, session);
    query_bytes(q, (struct bytes){public, BOX_PUBLIC_BYTES});
    query_int(q, now_ms);
    return query_run(q, e);
}

bool carry_public_get(struct db *db, struct arena *a, struct id session,
                      unsigned char public[BOX_PUBLIC_BYTES], struct err *e)
{
    struct pair_row row;
    if (!read_row(db, a, session, &row, e))
        return false;
    if (!row.found)
        return FAIL(e, CONFLICT, "/node",
                    "本节点的试卷包由旧版本制作，不能收文件和录像，请举手报告。");
    memcpy(public, row.public.at, BOX_PUBLIC_BYTES);
    return true;
}

/* --- on a node ------------------------------------------------------------------------------------------ */
static bool is_frozen(struct db *db, struct id session, struct err *e)
{
    struct query *q = db_query(db, SQL_carry_frozen);
    query_id(q, session);
    if (!query_one(q, "session", e))
        return true;
    bool frozen = query_get_int(q, 0) != 0;
    query_done(q);
    return frozen && !FAIL(e, CONFLICT, "/state", "本场已经收齐并回传，不再收文件和录像。");
}

bool carried_count(struct db *db, struct id session, int64_t *out, struct err *e)
{
    struct query *q = db_query(db, SQL_carried_count);
    query_id(q, session);
    if (!query_one(q, "carried", e))
        return false;
    *out = query_get_int(q, 0);
    query_done(q);
    return true;
}

bool carry_put(struct db *db, const struct carrying *c, struct err *e)
{
    int64_t last;
    if (is_frozen(db, c->session, e) || !carried_count(db, c->session, &last, e))
        return false;
    struct query *q = db_query(db, SQL_carried_put);
    query_id(q, c->session);
    query_int(q, last + 1);
    query_id(q, c->blob->id);
    query_id(q, c->attempt);
    query_text(q, c->kind);
    query_int(q, c->blob->sealed_size);
    query_bytes(q, (struct bytes){c->blob->sealed_digest, sizeof c->blob->sealed_digest});
    return query_run(q, e);
}

bool carried_get(struct db *db, struct arena *a, struct id session, int64_t no,
                 struct carried *out, struct err *e)
{
    struct query *q = db_query(db, SQL_carried_get);
    query_id(q, session);
    query_int(q, no);
    if (!query_one(q, "no", e))
        return false;
    *out = (struct carried){.no = no, .blob = query_get_id(q, 0), .bytes = query_get_int(q, 1)};
    struct bytes digest = query_get_bytes(q, 2, a);
    if (digest.len == sizeof out->digest)
        memcpy(out->digest, digest.at, sizeof out->digest);
    query_done(q);
    return true;
}

bool carried_read(const struct blob_place *place, struct arena *a, const struct carried *c,
                  struct bytes *sealed, bool *lost, struct err *e)
{
    struct err why = {0};
    unsigned char digest[HASH_BYTES];
    *lost = false;
    *sealed = (struct bytes){NULL, 0};
    if (!blob_read_sealed(place, a, c->blob, sealed, &why)) {
        *lost = why.code == ERR_NOT_FOUND || why.code == ERR_TOO_LARGE;
        if (!*lost)
            *e = why; /* the disk does not answer now: perhaps later */
        return *lost;
    }
    hash_of(digest, sealed->at, sealed->len);
    *lost = (int64_t)sealed->len != c->bytes || memcmp(digest, c->digest, HASH_BYTES) != 0;
    return true;
}
