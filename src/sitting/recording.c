/* sitting/recording.c - pieces of recordings: named, checked, kept, listed. */
#include "sitting/recording.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "sitting/carry.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "store/blob.h"
#include "store/db.h"

enum { PIECE_MS_MAX = 60000, AROUND_MS = 12 * 3600000 };

/* --- pieces ------------------------------------------------------------------------------------- */
static bool digits(const char **at, int64_t *out)
{
    size_t n = 0;
    *out = 0;
    for (; **at >= '0' && **at <= '9' && n < 15; n++)
        *out = *out * 10 + (*(*at)++ - '0');
    return n > 0;
}

bool piece_name_read(const char *word, struct piece_name *out, struct err *e)
{
    const char *at = word + strcspn(word, ".");
    size_t n = (size_t)(at - word);
    bool known = (n == 6 && strncmp(word, "camera", n) == 0) ||
                 (n == 6 && strncmp(word, "screen", n) == 0) ||
                 (n == 8 && strncmp(word, "snapshot", n) == 0);
    if (known && *at++ == '.' && digits(&at, &out->started_ms) && *at++ == '.' &&
        digits(&at, &out->length_ms) && *at == '\0' && out->length_ms > 0 &&
        out->length_ms <= PIECE_MS_MAX) {
        memcpy(out->source, word, n);
        out->source[n] = '\0';
        return true;
    }
    return FAIL(e, INVALID, "path", "录像片段的名称应为 camera.开始毫秒.长度毫秒。");
}

const char *piece_media_type(struct bytes content)
{
    static const struct {
        const char *type, *bytes;
        size_t at, len;
    } rows[] = {
        {"video/webm", "\x1A\x45\xDF\xA3", 0, 4},
        {"video/mp4", "ftyp", 4, 4},
        {"image/jpeg", "\xFF\xD8\xFF", 0, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (content.len >= rows[i].at + rows[i].len &&
            memcmp(content.at + rows[i].at, rows[i].bytes, rows[i].len) == 0)
            return rows[i].type;
    return NULL;
}

static bool is_as_said(const struct piece_upload *in, struct err *e)
{
    bool snapshot = strcmp(in->name.source, "snapshot") == 0;
    const char *type = piece_media_type(in->content);
    if (in->content.len == 0 ||
        in->content.len > (size_t)(snapshot ? SNAPSHOT_BYTES_MAX : PIECE_BYTES_MAX))
        return FAIL(e, INVALID, "body", "录像片段应为 1 字节至 4 MiB，快照至 256 KiB。");
    if (!type || strcmp(type, in->media_type) != 0 ||
        snapshot != (strcmp(type, "image/jpeg") == 0))
        return FAIL(e, INVALID, "body",
                    "内容与所说的格式不符：录像应为 WebM 或 MP4，快照为 JPEG。");
    return true;
}

static bool is_same(struct db *db, struct arena *a, const struct piece_handed_up *in,
                    bool *same, struct err *e)
{
    struct query *q = db_query(db, SQL_recording_piece_get);
    query_id(q, in->session);
    query_id(q, in->attempt);
    query_text(q, in->name.source);
    query_int(q, in->name.started_ms);
    if (!query_one(q, "path", e))
        return false;
    struct bytes digest = query_get_bytes(q, 2, a);
    *same = digest.len == sizeof in->blob->digest &&
            memcmp(digest.at, in->blob->digest, digest.len) == 0;
    query_done(q);
    return true;
}

static bool put_row(struct db *db, const struct piece_handed_up *in, bool *is_new,
                    struct err *e)
{
    int64_t rows;
    struct query *q = db_query(db, SQL_recording_piece_put);
    query_id(q, in->session);
    query_id(q, in->attempt);
    query_text(q, in->name.source);
    query_int(q, in->name.started_ms);
    query_int(q, in->name.length_ms);
    query_id(q, in->blob->id);
    query_bytes(q, (struct bytes){in->blob->digest, sizeof in->blob->digest});
    query_int(q, in->blob->size);
    query_int(q, in->received_ms);
    if (!query_change(q, &rows, e))
        return false;
    *is_new = rows == 1;
    return !*is_new || blob_put_row(db, in->blob, in->received_ms, e);
}

bool piece_put(struct db *db, struct arena *a, const struct piece_handed_up *in, bool *same,
               struct err *e)
{
    bool is_new;
    *same = true;
    return put_row(db, in, &is_new, e) && (is_new || is_same(db, a, in, same, e));
}

struct keeping {
    const struct piece_upload *in;
    struct piece_handed_up row;
    struct arena *arena;
};

static bool keep_work(struct db *db, struct sitting_act *act, struct err *e)
{
    const struct keeping *k = act->ctx;
    struct carrying c = {k->row.session, k->row.attempt, CARRY_PIECE, k->row.blob};
    bool is_new, same;
    if (!put_row(db, &k->row, &is_new, e))
        return false;
    if (is_new)
        return !k->in->carry || carry_put(db, &c, e);
    return is_same(db, k->arena, &k->row, &same, e) &&
           (same || FAIL(e, CONFLICT, "path", "这一时刻已经收过另一段录像。"));
}

bool piece_keep(struct journal_writer *w, const struct blob_place *place, struct arena *a,
                const struct piece_upload *in, struct err *e)
{
    struct blob blob;
    struct blob_place where = *place;
    const struct live_session *s = in->attempt->session;
    int64_t from = s->starts_ms - AROUND_MS;
    int64_t to = s->starts_ms + s->minutes * 60000 + AROUND_MS;
    if (in->name.started_ms < from || in->name.started_ms > to)
        return FAIL(e, RULE, "path", "录像的时间不在本场考试前后。");
    where.box_public = in->carry;
    if (!is_as_said(in, e) ||
        !blob_write(&where, a, PIECE_PURPOSE, in->media_type, in->content, &blob, e))
        return false;
    struct keeping k = {
        .in = in, .row = {s->id, in->attempt->id, in->name, &blob, in->now_ms}, .arena = a};
    struct sitting_act act = {.work = keep_work, .ctx = &k};
    return journal_act(w, &act, e);
}

bool piece_list(struct db *db, struct arena *a, const struct live_attempt *attempt,
                struct piece_list *out, struct err *e)
{
    struct query *q = db_query(db, SQL_recording_piece_list);
    *out = (struct piece_list){0};
    query_id(q, attempt->session->id);
    query_id(q, attempt->id);
    while (query_next(q, e)) {
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        struct piece *p = &out->at[out->count++];
        *p = (struct piece){
            .name = {.started_ms = query_get_int(q, 1), .length_ms = query_get_int(q, 2)},
            .blob = query_get_id(q, 3),
            .size = query_get_int(q, 5),
            .received_ms = query_get_int(q, 6)};
        snprintf(p->name.source, sizeof p->name.source, "%s", query_get_text(q, 0, a));
        struct bytes digest = query_get_bytes(q, 4, a);
        if (digest.len == sizeof p->digest)
            memcpy(p->digest, digest.at, digest.len);
    }
    return e->code == ERR_NONE;
}
