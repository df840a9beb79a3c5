/* bank/attachment.c - pictures and media in and out of the database, sealed under K_bank. */
#include "bank/attachment.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "store/db.h"

enum { ATTACHMENT_PAD_BYTES = 4096, SEAL_ARENA_BYTES = 4 * MEDIA_BYTES_MAX };

/* Domain apart from the digests of items, which are under the same key. */
static void mark_of(const struct master *m, const unsigned char digest[HASH_BYTES],
                    unsigned char out[HASH_BYTES])
{
    static const char name[] = "heng/attachment/1";
    unsigned char key[KEY_BYTES], said[sizeof name + HASH_BYTES];
    memcpy(said, name, sizeof name);
    memcpy(said + sizeof name, digest, HASH_BYTES);
    master_key(m, KEY_BANK, key);
    keyed_hash(out, HASH_BYTES, key, said, sizeof said);
    secret_wipe(key, sizeof key);
}

static struct query *find(struct db *db, const struct master *m, struct id body,
                          const unsigned char digest[HASH_BYTES])
{
    unsigned char mark[HASH_BYTES];
    mark_of(m, digest, mark);
    struct query *q = db_query(db, SQL_attachment_find);
    query_id(q, body);
    query_bytes(q, (struct bytes){mark, sizeof mark});
    return q;
}

bool attachment_put(struct db *db, const struct master *m, const struct actor *who,
                    const struct attached *p, struct id *id, struct err *e)
{
    unsigned char mark[HASH_BYTES];
    bool there;
    struct query *q = find(db, m, who->body, p->digest);
    *id = (struct id){{0}};
    if (!query_maybe(q, &there, e))
        return false;
    if (there) {
        struct id old = query_get_id(q, 0);
        int64_t dropped;
        query_done(q);
        /* One that no item names yet is stored anew: it is as old as its last upload (archive/leftover.h). */
        q = db_query(db, SQL_attachment_drop_unnamed);
        query_id(q, old);
        if (!query_change(q, &dropped, e))
            return false;
        if (dropped == 0)
            return true;
    }
    *id = id_random();
    mark_of(m, p->digest, mark);
    struct arena *a = arena_create(SEAL_ARENA_BYTES);
    q = db_query(db, SQL_attachment_put);
    query_id(q, *id);
    query_id(q, who->body);
    query_bytes(q, (struct bytes){mark, sizeof mark});
    query_text(q, p->type);
    query_int(q, p->width);
    query_int(q, p->height);
    query_int(q, p->duration_ms);
    query_int(q, (int64_t)p->bytes.len);
    query_bytes(q, purpose_seal(a, m, KEY_BANK, "attachment", "sealed", *id,
                                ATTACHMENT_PAD_BYTES, p->bytes.at, p->bytes.len));
    query_id(q, who->account);
    query_int(q, who->now_ms);
    bool ok = query_run(q, e);
    arena_destroy(a);
    return ok;
}

static bool refer(struct db *db, const struct master *m, const struct actor *who,
                  struct id version_id, const struct item_attached *one, struct err *e)
{
    char field[40];
    unsigned char digest[HASH_BYTES];
    bool there = false;
    snprintf(field, sizeof field, "/%s/%zu/sha256", one->list, one->at);
    if (!hex_read(digest, sizeof digest, one->sha256))
        return FAIL(e, INVALID, field, "摘要须为 64 位小写十六进制。");
    struct query *q = find(db, m, who->body, digest);
    if (!query_maybe(q, &there, e))
        return false;
    if (!there)
        return FAIL(e, INVALID, field, "题库中没有这个文件，请重新上传。");
    struct id attachment = query_get_id(q, 0);
    bool same = query_get_int(q, 2) == one->width && query_get_int(q, 3) == one->height &&
                query_get_int(q, 5) == one->duration_ms;
    query_done(q);
    if (!same)
        return FAIL(e, INVALID, field, "宽、高或时长与题库中的不符。");
    q = db_query(db, SQL_item_attachment_put);
    query_id(q, version_id);
    query_id(q, attachment);
    return query_run(q, e);
}

bool attachment_is_of(const struct item_meta *meta, const char *sha256)
{
    for (size_t i = 0; i < item_attached_count(meta); i++)
        if (strcmp(item_attached_at(meta, i).sha256, sha256) == 0)
            return true;
    return false;
}

bool attachments_refer(struct db *db, const struct master *m, const struct actor *who,
                       struct id version_id, const struct item_meta *meta, struct err *e)
{
    for (size_t i = 0; i < item_attached_count(meta); i++) {
        struct item_attached one = item_attached_at(meta, i);
        if (!refer(db, m, who, version_id, &one, e))
            return false;
    }
    return true;
}

struct bringing {
    const struct bank *bank;
    const struct attached *file;
    enum act act;
};

static bool bring(struct db *db, void *ctx, struct err *e)
{
    const struct bringing *g = ctx;
    const struct bank *b = g->bank;
    struct id id;
    if (!attachment_put(db, b->master, b->actor, g->file, &id, e))
        return false;
    if (id_is_zero(id))
        return true;
    /* Not its digest: that would tell who has the same picture which one it is. */
    json_t *change = json_keep(b->arena, json_pack("{s:s, s:I}", "type", g->file->type, "bytes",
                                                   (json_int_t)g->file->bytes.len));
    return audit_write(
        db, b->actor,
        &(struct audit_row){.act = g->act, .object_type = "pc", .object = id, .change = change},
        e);
}

bool attachment_bring(const struct bank *b, const char *program, struct bytes file,
                      struct attached *out, struct err *e)
{
    struct bringing g = {b, out, ACT_item_picture};
    return picture_take(b->arena, program, file, out, e) && db_transact(b->db, bring, &g, e);
}

bool attachment_bring_media(const struct bank *b, const char *program, struct bytes file,
                            struct attached *out, struct err *e)
{
    struct bringing g = {b, out, ACT_item_media};
    return media_take(b->arena, program, file, out, e) && db_transact(b->db, bring, &g, e);
}

bool attachment_is_there(const struct bank *b, const char *sha256, bool *there, struct err *e)
{
    unsigned char digest[HASH_BYTES];
    *there = false;
    if (!hex_read(digest, sizeof digest, sha256))
        return true;
    struct query *q = find(b->db, b->master, b->actor->body, digest);
    if (!query_maybe(q, there, e))
        return false;
    if (*there)
        query_done(q);
    return true;
}

bool attachment_open(const struct bank *b, const char *sha256, struct attached *out,
                     struct err *e)
{
    unsigned char digest[HASH_BYTES];
    if (!hex_read(out->digest, sizeof out->digest, sha256))
        return FAIL(e, NOT_FOUND, "picture", "没有这个文件。");
    struct query *q = find(b->db, b->master, b->actor->body, out->digest);
    if (!query_one(q, "picture", e))
        return false;
    struct id id = query_get_id(q, 0);
    out->type = query_get_text(q, 1, b->arena);
    out->width = query_get_int(q, 2);
    out->height = query_get_int(q, 3);
    struct bytes sealed = query_get_bytes(q, 4, b->arena);
    out->duration_ms = query_get_int(q, 5);
    query_done(q);
    if (!purpose_open(b->arena, b->master, KEY_BANK, "attachment", "sealed", id, sealed,
                      &out->bytes, e))
        return false;
    hash_of(digest, out->bytes.at, out->bytes.len);
    return memcmp(digest, out->digest, HASH_BYTES) == 0 ||
           FAIL(e, STORE, "picture", "文件内容与登记的摘要不符。");
}
