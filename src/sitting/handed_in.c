/* sitting/handed_in.c - pieces of a candidate's file in, the whole of it out. */
#include "sitting/handed_in.h"

#include <string.h>
#include <sys/statvfs.h>

#include "bank/upload.h"
#include "base/arena.h"
#include "sitting/carry.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "store/blob.h"
#include "store/db.h"

#define PIECE_PURPOSE "handed_piece"
enum { ITEMS_MAX = 65535, PIECES_MAX = UPLOAD_BYTES_MAX / HANDED_PIECE_BYTES };

const struct handed_limits handed_limits = {INT64_C(48) << 20, INT64_C(8) << 30,
                                            INT64_C(1) << 30};

/* --- names ---------------------------------------------------------------------------------------- */
static bool number(const char **at, char end, int64_t *out)
{
    const char *from = *at;
    *out = 0;
    while (**at >= '0' && **at <= '9' && *at - from < 9)
        *out = *out * 10 + (*(*at)++ - '0');
    if (*at == from || **at != end)
        return false;
    *at += end != '\0';
    return true;
}

bool handed_name_read(const char *word, struct handed_name *out, struct err *e)
{
    enum { HEX = 2 * HASH_BYTES };
    const char *at = word;
    char hex[HEX + 1] = "";
    bool ok = number(&at, '.', &out->item) && strnlen(at, HEX + 1) == HEX + 1 && at[HEX] == '.';
    if (ok) {
        memcpy(hex, at, HEX);
        at += HEX + 1;
        ok = hex_read(out->digest, sizeof out->digest, hex) && number(&at, '.', &out->total) &&
             number(&at, '\0', &out->place);
    }
    if (!ok || out->item < 1 || out->item > ITEMS_MAX)
        return FAIL(e, INVALID, "path", "文件的地址应为 题号.摘要.字节数.起点。");
    if (out->total < 1 || out->total > UPLOAD_BYTES_MAX)
        return FAIL(e, TOO_LARGE, "/file", "文件为 1 字节至 %d MiB。", UPLOAD_BYTES_MAX >> 20);
    return (out->place < out->total && out->place % HANDED_PIECE_BYTES == 0) ||
           FAIL(e, INVALID, "path", "文件的片段从整 MiB 处开始。");
}

void handed_in_key(const struct master *m, struct id session, unsigned char out[KEY_BYTES])
{
    static const char name[] = "heng/handed-in/1";
    unsigned char key[KEY_BYTES], said[sizeof name + ID_BYTES];
    memcpy(said, name, sizeof name);
    memcpy(said + sizeof name, session.bytes, ID_BYTES);
    master_key(m, KEY_FIELD, key);
    keyed_hash(out, KEY_BYTES, key, said, sizeof said);
    secret_wipe(key, sizeof key);
}

/* --- one piece ------------------------------------------------------------------------------------- */
struct taking {
    const struct handed_piece *in;
    const struct blob_place *place;
    struct arena *arena;
    struct blob blob; /* of the piece, then of the file */
    const char *type;
    bool put;
};

static struct query *about(struct db *db, enum sql which, const struct handed_piece *in)
{
    struct query *q = db_query(db, which);
    query_id(q, in->attempt->session->id);
    query_id(q, in->attempt->id);
    query_bytes(q, (struct bytes){in->name.digest, HASH_BYTES});
    return q;
}

static bool is_whole(struct db *db, const struct handed_piece *in, struct arena *a,
                     const char **type, struct err *e)
{
    bool found;
    struct query *q = about(db, SQL_handed_file_get, in);
    *type = NULL;
    if (!query_maybe(q, &found, e))
        return false;
    if (found) {
        *type = query_get_text(q, 0, a);
        query_done(q);
    }
    return true;
}

/* ATTEMPT NULL: of the whole session. */
static bool sum_of(struct db *db, enum sql which, const struct live_session *s,
                   const struct live_attempt *attempt, int64_t *sum, struct err *e)
{
    struct query *q = db_query(db, which);
    query_id(q, s->id);
    if (attempt)
        query_id(q, attempt->id);
    if (!query_one(q, "file", e))
        return false;
    *sum = query_get_int(q, 0);
    query_done(q);
    return true;
}

static bool within_limits(struct db *db, const struct handed_piece *in, struct err *e)
{
    int64_t own, all, more = (int64_t)in->content.len;
    if (!sum_of(db, SQL_handed_bytes_of_attempt, in->attempt->session, in->attempt, &own, e) ||
        !sum_of(db, SQL_handed_bytes_of_session, in->attempt->session, NULL, &all, e))
        return false;
    if (own + more > in->limits->attempt_bytes)
        return FAIL(e, TOO_LARGE, "/file", "您已交的文件合计将超过 %lld MiB，不能再交。",
                    (long long)(in->limits->attempt_bytes >> 20));
    return all + more <= in->limits->session_bytes ||
           FAIL(e, TOO_LARGE, "/file", "本场收到的文件已达上限，请举手报告。作答照常保存。");
}

static bool put_piece(struct db *db, struct sitting_act *act, struct err *e)
{
    struct taking *t = act->ctx;
    const struct handed_piece *in = t->in;
    int64_t rows;
    if (!within_limits(db, in, e))
        return false;
    struct query *q = about(db, SQL_handed_piece_put, in);
    query_int(q, in->name.place);
    query_int(q, (int64_t)in->content.len);
    query_id(q, t->blob.id);
    query_int(q, in->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    t->put = rows == 1;
    return !t->put || blob_put_row(db, &t->blob, in->now_ms, e);
}

bool handed_disk_has_room(const char *folder, int64_t more, int64_t kept)
{
    struct statvfs disk;
    return statvfs(folder, &disk) == 0 &&
           (int64_t)(disk.f_bavail * disk.f_frsize) - more > kept;
}

static bool disk_has_room(const struct blob_place *place, const struct handed_piece *in,
                          struct err *e)
{
    return handed_disk_has_room(place->folder, (int64_t)in->content.len,
                                in->limits->disk_kept_bytes) ||
           FAIL(e, STORE, "/disk",
                "服务器磁盘空间不足，暂不收文件，请举手报告。作答照常保存。");
}

static bool piece_fits(const struct handed_piece *in, struct err *e)
{
    int64_t rest = in->name.total - in->name.place;
    int64_t want = rest < HANDED_PIECE_BYTES ? rest : HANDED_PIECE_BYTES;
    enum attempt_state state;
    live_lock(in->attempt);
    state = in->attempt->state;
    live_unlock(in->attempt);
    if (state != ATTEMPT_OPEN)
        return FAIL(e, CONFLICT, "/state", "答卷没有打开，或者已经交卷，不再收文件。");
    return (int64_t)in->content.len == want ||
           FAIL(e, INVALID, "path", "这一片段应为 %lld 字节。", (long long)want);
}

/* --- the whole ------------------------------------------------------------------------------------- */
struct pieces {
    struct id blobs[PIECES_MAX];
    size_t count;
    int64_t have;
};

static bool pieces_of(struct db *db, const struct handed_piece *in, struct pieces *out,
                      struct err *e)
{
    struct query *q = about(db, SQL_handed_piece_list, in);
    *out = (struct pieces){0};
    while (query_next(q, e)) {
        if (out->count == PIECES_MAX) {
            query_done(q);
            break;
        }
        out->have += query_get_int(q, 1);
        out->blobs[out->count++] = query_get_id(q, 2);
    }
    return e->code == ERR_NONE;
}

static bool put_together(struct db *db, const struct taking *t, const struct pieces *p,
                         struct bytes *out, struct err *e)
{
    unsigned char *all = arena_alloc(t->arena, (size_t)t->in->name.total, 1);
    size_t at = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct blob blob;
        struct bytes piece;
        if (!blob_get(db, t->arena, p->blobs[i], &blob, e) ||
            !blob_read(t->place, t->arena, &blob, &piece, e))
            return false;
        if (piece.len > (size_t)t->in->name.total - at)
            return FAIL(e, STORE, "/file", "文件的片段与登记的不符。");
        memcpy(all + at, piece.at, piece.len);
        at += piece.len;
    }
    *out = (struct bytes){all, at};
    return true;
}

static bool drop_pieces(struct db *db, struct sitting_act *act, struct err *e)
{
    const struct taking *t = act->ctx;
    return query_run(about(db, SQL_handed_piece_blob_drop, t->in), e) &&
           query_run(about(db, SQL_handed_piece_drop, t->in), e);
}

static bool put_row(struct db *db, const struct handed_up_file *f, bool *is_new, struct err *e)
{
    int64_t rows;
    struct query *q = db_query(db, SQL_handed_file_put);
    query_id(q, f->session);
    query_id(q, f->attempt);
    query_bytes(q, (struct bytes){f->blob->digest, HASH_BYTES});
    query_int(q, f->item);
    query_text(q, f->type);
    query_int(q, f->blob->size);
    query_id(q, f->blob->id);
    query_int(q, f->received_ms);
    if (!query_change(q, &rows, e))
        return false;
    *is_new = rows == 1;
    return !*is_new || blob_put_row(db, f->blob, f->received_ms, e);
}

bool handed_in_keep(struct db *db, const struct handed_up_file *in, struct err *e)
{
    bool is_new;
    return put_row(db, in, &is_new, e);
}

static bool put_file(struct db *db, struct sitting_act *act, struct err *e)
{
    struct taking *t = act->ctx;
    const struct handed_piece *in = t->in;
    const struct live_attempt *of = in->attempt;
    struct handed_up_file f = {of->session->id, of->id,  in->name.item,
                               in->now_ms,      t->type, &t->blob};
    struct carrying c = {of->session->id, of->id, CARRY_FILE, &t->blob};
    bool is_new;
    return put_row(db, &f, &is_new, e) && (!is_new || !in->carry || carry_put(db, &c, e)) &&
           drop_pieces(db, act, e);
}

/* What it is, or why nobody takes it. */
static bool look(struct taking *t, struct bytes file, struct err *e)
{
    unsigned char digest[HASH_BYTES];
    hash_of(digest, file.at, file.len);
    if (memcmp(digest, t->in->name.digest, HASH_BYTES) != 0)
        return FAIL(e, INVALID, "/file", "收到的文件与写明的摘要不符，请重新选择文件。");
    return upload_look(t->arena, t->in->program, file, &t->type, e);
}

static bool finish(struct journal_writer *w, struct db *db, struct taking *t,
                   const struct pieces *p, struct err *e)
{
    struct bytes file;
    struct err ignored = {0};
    struct sitting_act act = {.work = put_file, .ctx = t};
    struct blob_place whole = *t->place;
    whole.box_public = t->in->carry;
    if (!put_together(db, t, p, &file, e))
        return false;
    bool taken = look(t, file, e);
    if (!taken && e->code != ERR_INVALID && e->code != ERR_MEDIA)
        return false; /* the cage is busy: the pieces stay, the last one is sent again */
    if (!taken)
        act.work = drop_pieces;
    else if (!blob_write(&whole, t->arena, HANDED_FILE_PURPOSE, upload_media_type(t->type),
                         file, &t->blob, e))
        return false;
    if (!journal_act(w, &act, taken ? e : &ignored))
        return false;
    for (size_t i = 0; i < p->count; i++)
        if (!blob_remove_file(t->place, t->arena, p->blobs[i], &ignored))
            ignored = (struct err){0}; /* a file without a row is found by nobody */
    return taken;
}

bool handed_in_take(struct journal_writer *w, struct db *db, const struct blob_place *place,
                    struct arena *a, const struct handed_piece *in, struct handed *out,
                    struct err *e)
{
    struct taking t = {.in = in, .place = place, .arena = a};
    struct sitting_act act = {.work = put_piece, .ctx = &t};
    struct pieces pieces;
    *out = (struct handed){0};
    if (!is_whole(db, in, a, &t.type, e))
        return false;
    if (!t.type) {
        if (!piece_fits(in, e) || !disk_has_room(place, in, e) ||
            !blob_write(place, a, PIECE_PURPOSE, "application/octet-stream", in->content,
                        &t.blob, e) ||
            !journal_act(w, &act, e))
            return false;
        struct err ignored = {0};
        if (!t.put && !blob_remove_file(place, a, t.blob.id, &ignored))
            ignored = (struct err){0};
        if (!pieces_of(db, in, &pieces, e))
            return false;
        out->have = pieces.have;
        if (pieces.have < in->name.total)
            return true;
        if (!finish(w, db, &t, &pieces, e))
            return false;
    }
    out->have = in->name.total;
    out->type = t.type;
    return true;
}

bool handed_in_open(struct db *db, const struct blob_place *place, struct arena *a,
                    const struct handed_place *at, struct handed_file *out, struct err *e)
{
    struct blob blob;
    struct query *q = db_query(db, SQL_handed_file_of_entry);
    query_id(q, at->session);
    query_id(q, at->entry);
    query_bytes(q, (struct bytes){at->digest, HASH_BYTES});
    if (!query_one(q, "file", e))
        return false;
    out->type = query_get_text(q, 0, a);
    struct id id = query_get_id(q, 2);
    query_done(q);
    return blob_get(db, a, id, &blob, e) && blob_read(place, a, &blob, &out->bytes, e);
}
