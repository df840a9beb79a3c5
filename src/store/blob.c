/* store/blob.c - encrypted files beside the database. */
#include "store/blob.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/file.h"
#include "store/db.h"

enum {
    BLOB_BYTES_MAX = 64 << 20,
    PAD_BYTES = 256,
    BOX_HEAD_BYTES = KEY_BYTES + BOX_SEAL_EXTRA_BYTES
};

static const char *path_of(const struct blob_place *place, struct arena *a, struct id id)
{
    char name[ID_TEXT_BYTES];
    id_write(id, name);
    return arena_printf(a, "%s/blobs/%.2s/%s", place->folder, name, name);
}

/* box of a random key ‖ the bytes under that key. */
static struct bytes boxed(const struct blob_place *place, struct arena *a, struct blob *b,
                          struct bytes plain)
{
    unsigned char key[KEY_BYTES];
    random_bytes(key, sizeof key);
    struct bytes body = keyed_seal(a, key, b->purpose, b->id, PAD_BYTES, plain);
    unsigned char *out = arena_alloc(a, BOX_HEAD_BYTES + body.len, 1);
    box_seal(out, key, sizeof key, place->box_public);
    secret_wipe(key, sizeof key);
    memcpy(out + BOX_HEAD_BYTES, body.at, body.len);
    b->sealed_size = (int64_t)(BOX_HEAD_BYTES + body.len);
    hash_of(b->sealed_digest, out, BOX_HEAD_BYTES + body.len);
    return (struct bytes){out, BOX_HEAD_BYTES + body.len};
}

static struct bytes sealed_for(const struct blob_place *place, struct arena *a, struct blob *b,
                               struct bytes plain)
{
    if (place->box_public)
        return boxed(place, a, b, plain);
    return place->key ? keyed_seal(a, place->key, b->purpose, b->id, PAD_BYTES, plain)
                      : purpose_seal(a, place->master, KEY_FIELD, "blob", b->purpose, b->id,
                                     PAD_BYTES, plain.at, plain.len);
}

bool blob_write(const struct blob_place *place, struct arena *a, const char *purpose,
                const char *media_type, struct bytes plain, struct blob *out, struct err *e)
{
    *out = (struct blob){.id = id_random(),
                         .purpose = purpose,
                         .media_type = media_type,
                         .size = (int64_t)plain.len};
    hash_of(out->digest, plain.at, plain.len);
    const char *path = path_of(place, a, out->id);
    char *folder = arena_text(a, path);
    *strrchr(folder, '/') = '\0';
    struct bytes sealed = sealed_for(place, a, out, plain);
    return folder_make(folder, 0700, e) && file_write(path, sealed.at, sealed.len, 0600, e);
}

bool blob_put_row(struct db *db, const struct blob *b, int64_t now_ms, struct err *e)
{
    struct query *q = db_query(db, SQL_blob_put);
    query_id(q, b->id);
    query_text(q, b->purpose);
    query_text(q, b->media_type);
    query_int(q, b->size);
    query_bytes(q, (struct bytes){b->digest, sizeof b->digest});
    query_int(q, now_ms);
    return query_run(q, e);
}

bool blob_get(struct db *db, struct arena *a, struct id id, struct blob *out, struct err *e)
{
    struct query *q = db_query(db, SQL_blob_get);
    query_id(q, id);
    if (!query_one(q, "blob", e))
        return false;
    *out = (struct blob){.id = id,
                         .purpose = query_get_text(q, 0, a),
                         .media_type = query_get_text(q, 1, a),
                         .size = query_get_int(q, 2)};
    struct bytes digest = query_get_bytes(q, 3, a);
    if (digest.len == sizeof out->digest)
        memcpy(out->digest, digest.at, sizeof out->digest);
    query_done(q);
    return true;
}

static bool opened(const struct blob_place *place, struct arena *a, const struct blob *b,
                   struct bytes sealed, struct bytes *plain, struct err *e)
{
    return place->key ? keyed_open(a, place->key, b->purpose, b->id, sealed, plain, e)
                      : purpose_open(a, place->master, KEY_FIELD, "blob", b->purpose, b->id,
                                     sealed, plain, e);
}

bool blob_read(const struct blob_place *place, struct arena *a, const struct blob *b,
               struct bytes *plain, struct err *e)
{
    struct bytes sealed;
    unsigned char digest[HASH_BYTES];
    if (!file_read(a, path_of(place, a, b->id), BLOB_BYTES_MAX, &sealed, e) ||
        !opened(place, a, b, sealed, plain, e))
        return false;
    hash_of(digest, plain->at, plain->len);
    return memcmp(digest, b->digest, HASH_BYTES) == 0 ||
           FAIL(e, STORE, "blob", "文件内容与登记的摘要不符。");
}

bool blob_read_sealed(const struct blob_place *place, struct arena *a, struct id id,
                      struct bytes *sealed, struct err *e)
{
    return file_read(a, path_of(place, a, id), BLOB_BYTES_MAX, sealed, e);
}

bool blob_open_sealed(struct arena *a, const struct blob_box *with, const struct blob *b,
                      struct bytes sealed, struct bytes *plain, struct err *e)
{
    unsigned char key[KEY_BYTES], digest[HASH_BYTES];
    struct err why = {0};
    size_t head = sealed.len < BOX_HEAD_BYTES ? sealed.len : (size_t)BOX_HEAD_BYTES;
    struct bytes body = {sealed.at + head, sealed.len - head};
    bool ok = box_open(key, sealed.at, head, with->box_public, with->box_secret) &&
              keyed_open(a, key, b->purpose, b->id, body, plain, &why);
    secret_wipe(key, sizeof key);
    if (ok)
        hash_of(digest, plain->at, plain->len);
    return (ok && (int64_t)plain->len == b->size &&
            memcmp(digest, b->digest, HASH_BYTES) == 0) ||
           FAIL(e, INVALID, "blob", "文件打不开，或者与登记的摘要不符。");
}

bool blob_remove_file(const struct blob_place *place, struct arena *a, struct id id,
                      struct err *e)
{
    const char *path = path_of(place, a, id);
    return unlink(path) == 0 || errno == ENOENT ||
           FAIL(e, STORE, "blob", "文件删除不了：%s", file_why(errno));
}
