/* sitting/hand_up_blob.c - files and recordings that room nodes hand up: announced, taken, compared, kept. */
#include "sitting/hand_up_blob.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/upload.h"
#include "base/arena.h"
#include "base/json.h"
#include "sitting/carry.h"
#include "sitting/hand_up_in.h"
#include "sitting/handed_in.h"
#include "sitting/recording.h"
#include "sitting/recording_key.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

#define PART_PURPOSE "hand_up_part"
enum { PEOPLE_MAX = 500, SEALED_EXTRA_MAX = 1024 };

struct announced {
    int64_t no, bytes, received_ms, place, length_ms;
    struct id attempt;
    unsigned char sealed_digest[HASH_BYTES];
    struct blob
        blob; /* as on the node: id, purpose, media type, size and digest of the content */
    const char *kind, *word, *state;
};

static struct query *of_node(struct db *db, enum sql which, struct id session,
                             const struct node *n)
{
    struct query *q = db_query(db, which);
    query_id(q, session);
    query_id(q, n->id);
    return q;
}

static void get_digest(struct query *q, int column, struct arena *a,
                       unsigned char out[HASH_BYTES])
{
    struct bytes b = query_get_bytes(q, column, a);
    if (b.len == HASH_BYTES)
        memcpy(out, b.at, HASH_BYTES);
}

static const char *purpose_of(const char *kind)
{
    return strcmp(kind, CARRY_FILE) == 0 ? HANDED_FILE_PURPOSE : PIECE_PURPOSE;
}

static bool announced_get(struct db *db, struct arena *a, struct id session,
                          const struct node *n, int64_t no, struct announced *out,
                          struct err *e)
{
    struct query *q = of_node(db, SQL_room_blob_get, session, n);
    query_int(q, no);
    if (!query_one(q, "path", e))
        return false;
    *out = (struct announced){.no = no,
                              .attempt = query_get_id(q, 1),
                              .kind = query_get_text(q, 2, a),
                              .bytes = query_get_int(q, 3),
                              .received_ms = query_get_int(q, 7),
                              .place = query_get_int(q, 8),
                              .word = query_get_text(q, 9, a),
                              .length_ms = query_get_int(q, 10),
                              .state = query_get_text(q, 12, a)};
    out->blob = (struct blob){.id = query_get_id(q, 0),
                              .purpose = purpose_of(out->kind),
                              .media_type = query_get_text(q, 11, a),
                              .size = query_get_int(q, 6)};
    get_digest(q, 4, a, out->sealed_digest);
    get_digest(q, 5, a, out->blob.digest);
    query_done(q);
    return true;
}

/* --- announced --------------------------------------------------------------------------------------------- */
static bool read_announced(const struct taking *t, const json_t *row, struct announced *out)
{
    struct arena *a = t->desk->arena;
    struct bytes sealed, plain;
    const char *kind = json_string_value(json_array_get(row, 3)),
               *word = json_string_value(json_array_get(row, 10)),
               *media = json_string_value(json_array_get(row, 12));
    int64_t size;
    *out = (struct announced){.kind = kind, .word = word};
    if (!kind || !word || !media ||
        (strcmp(kind, CARRY_FILE) != 0 && strcmp(kind, CARRY_PIECE) != 0) ||
        !value_int(json_array_get(row, 0), &out->no) ||
        !value_id(json_array_get(row, 1), &out->blob.id) ||
        !value_id(json_array_get(row, 2), &out->attempt) ||
        !value_int(json_array_get(row, 4), &out->bytes) ||
        !value_bytes(a, json_array_get(row, 5), &sealed) ||
        !value_bytes(a, json_array_get(row, 6), &plain) ||
        !value_int(json_array_get(row, 7), &size) ||
        !value_int(json_array_get(row, 8), &out->received_ms) ||
        !value_int(json_array_get(row, 9), &out->place) ||
        !value_int(json_array_get(row, 11), &out->length_ms))
        return false;
    if (sealed.len != HASH_BYTES || plain.len != HASH_BYTES)
        return false;
    out->blob.media_type = media;
    out->blob.size = size;
    memcpy(out->sealed_digest, sealed.at, HASH_BYTES);
    memcpy(out->blob.digest, plain.at, HASH_BYTES);
    return out->no > 0 && !id_is_zero(out->blob.id) && size > 0 && size <= UPLOAD_BYTES_MAX &&
           out->bytes > size && out->bytes <= size + SEALED_EXTRA_MAX && out->place >= 0 &&
           out->length_ms >= 0;
}

/* A name that no page here would have taken is refused where it is said, not when it is looked at. */
static bool is_named_right(const struct announced *x)
{
    struct piece_name name;
    struct err why = {0};
    char text[64];
    if (strcmp(x->kind, CARRY_FILE) == 0)
        return upload_media_type(x->word) && x->place >= 1;
    snprintf(text, sizeof text, "%.11s.%lld.%lld", x->word, (long long)x->place,
             (long long)x->length_ms);
    return piece_name_read(text, &name, &why) && strcmp(name.source, x->word) == 0;
}

static bool same_announced(struct db *db, const struct taking *t, const struct announced *x,
                           struct err *e)
{
    struct announced is;
    char field[32];
    if (!announced_get(db, t->desk->arena, t->session, t->node, x->no, &is, e))
        return false;
    snprintf(field, sizeof field, "/rows/%zu", t->at);
    return (id_equal(is.blob.id, x->blob.id) && id_equal(is.attempt, x->attempt) &&
            memcmp(is.sealed_digest, x->sealed_digest, HASH_BYTES) == 0 &&
            memcmp(is.blob.digest, x->blob.digest, HASH_BYTES) == 0) ||
           FAIL(e, CONFLICT, field, "第 %lld 个文件或录像已登记为别的内容。", (long long)x->no);
}

bool take_blob(struct db *db, const struct taking *t, const json_t *row, struct err *e)
{
    struct announced x;
    int64_t rows;
    if (!read_announced(t, row, &x) || !is_named_right(&x))
        return taking_refuse(t, "文件或录像的登记读不出来。", e);
    if (!own_attempt_find(&t->own, x.attempt))
        return taking_refuse(t, "文件或录像不是本节点考生的。", e);
    struct query *q = of_node(db, SQL_room_blob_put, t->session, t->node);
    query_int(q, x.no);
    query_id(q, x.blob.id);
    query_id(q, x.attempt);
    query_text(q, x.kind);
    query_int(q, x.bytes);
    query_bytes(q, (struct bytes){x.sealed_digest, HASH_BYTES});
    query_bytes(q, (struct bytes){x.blob.digest, HASH_BYTES});
    query_int(q, x.blob.size);
    query_int(q, x.received_ms);
    query_int(q, x.place);
    query_text(q, x.word);
    query_int(q, x.length_ms);
    query_text(q, x.blob.media_type);
    return query_change(q, &rows, e) && (rows == 1 || same_announced(db, t, &x, e));
}

/* --- findings ------------------------------------------------------------------------------------------------ */
static bool note(struct db *db, const struct node_desk *d, const struct node *n,
                 struct id session, const struct announced *x, enum act act, struct err *e)
{
    struct actor who = *d->who;
    char attempt[ID_TEXT_BYTES];
    id_write(x->attempt, attempt);
    who.body = n->body;
    json_t *change = json_keep(d->arena, json_pack("{s:s, s:I, s:s, s:s}", "node", n->kid, "no",
                                                   (json_int_t)x->no, "attempt", attempt,
                                                   "kind", x->kind));
    return audit_write(
        db, &who,
        &(struct audit_row){
            .act = act, .object_type = "se", .object = session, .change = change},
        e);
}

static bool settle(struct db *db, const struct node_desk *d, const struct node *n,
                   struct id session, int64_t no, const char *state, bool *is_first,
                   struct err *e)
{
    int64_t rows;
    struct query *q = of_node(db, SQL_room_blob_settle, session, n);
    query_int(q, no);
    query_text(q, state);
    query_int(q, d->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    *is_first = rows == 1;
    return true;
}

bool take_lost(struct db *db, const struct taking *t, const json_t *row, struct err *e)
{
    struct announced x;
    int64_t no;
    bool is_first;
    if (!value_int(json_array_get(row, 0), &no))
        return taking_refuse(t, "文件或录像的登记读不出来。", e);
    return announced_get(db, t->desk->arena, t->session, t->node, no, &x, e) &&
           settle(db, t->desk, t->node, t->session, no, "lost", &is_first, e) &&
           (!is_first || note(db, t->desk, t->node, t->session, &x, ACT_blob_lost, e));
}

/* --- how far --------------------------------------------------------------------------------------------------- */
bool hand_up_blobs_of(struct db *db, struct id session, struct id node,
                      struct hand_up_blobs *out, struct err *e)
{
    struct node n = {.id = node};
    struct query *q = of_node(db, SQL_room_blob_sums, session, &n);
    if (!query_one(q, "room_blob", e))
        return false;
    *out = (struct hand_up_blobs){.announced = query_get_int(q, 0),
                                  .here = query_get_int(q, 1),
                                  .awaited = query_get_int(q, 2),
                                  .awaited_bytes = query_get_int(q, 3),
                                  .lost = query_get_int(q, 4),
                                  .bad = query_get_int(q, 5),
                                  .refused = query_get_int(q, 6),
                                  .last = query_get_int(q, 7)};
    query_done(q);
    q = of_node(db, SQL_room_blob_part_bytes, session, &n);
    if (!query_one(q, "room_blob_part", e))
        return false;
    out->awaited_bytes -= query_get_int(q, 0);
    query_done(q);
    return true;
}

bool hand_up_people(const struct node_desk *d, struct id session, struct id node,
                    struct hand_up_person **out, size_t *count, struct err *e)
{
    struct node n = {.id = node};
    struct query *q = of_node(d->db, SQL_room_blob_people, session, &n);
    query_int(q, PEOPLE_MAX);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(d->arena, *out, *count, *count + 1, sizeof **out);
        (*out)[(*count)++] = (struct hand_up_person){
            .room = query_get_int(q, 0),
            .room_name = query_get_text(q, 1, d->arena),
            .seat = query_get_int(q, 2),
            .name = query_get_text(q, 3, d->arena),
            .files = query_get_int(q, 4),
            .pieces = query_get_int(q, 5),
            .bytes = query_get_int(q, 6),
            .lost = query_get_int(q, 7),
            .bad = query_get_int(q, 8),
            .refused = query_get_int(q, 9)};
    }
    return e->code == ERR_NONE;
}

bool hand_up_wanted(const struct node_desk *d, const struct node *n, struct id session,
                    int64_t after, struct hand_up_wanted out[HAND_UP_WANTED_MAX], size_t *count,
                    struct err *e)
{
    struct query *q = of_node(d->db, SQL_room_blob_awaited, session, n);
    query_int(q, after);
    query_int(q, HAND_UP_WANTED_MAX);
    *count = 0;
    while (query_next(q, e))
        if (*count < HAND_UP_WANTED_MAX)
            out[(*count)++] = (struct hand_up_wanted){query_get_int(q, 0), query_get_int(q, 1)};
    return e->code == ERR_NONE;
}

static bool number(const char **at, char end, int64_t *out)
{
    const char *from = *at;
    *out = 0;
    while (**at >= '0' && **at <= '9' && *at - from < 12)
        *out = *out * 10 + (*(*at)++ - '0');
    if (*at == from || **at != end)
        return false;
    *at += end != '\0';
    return true;
}

bool hand_up_piece_name_read(const char *word, struct hand_up_piece_name *out, struct err *e)
{
    const char *at = word;
    return (number(&at, '.', &out->no) && number(&at, '\0', &out->place)) ||
           FAIL(e, INVALID, "path", "片段的地址应为 序号.起点。");
}

/* --- a part ------------------------------------------------------------------------------------------------------ */
struct part_list {
    struct id *blobs;
    size_t count;
    int64_t have;
};

struct piecing {
    const struct hand_up_keeping *k;
    const struct hand_up_piece *in;
    struct announced x;
    struct part_list parts;
    struct blob blob; /* of the part, then of the whole */
    const char *state;
    bool put;
};

static struct arena *arena_of(const struct piecing *p)
{
    return p->k->desk->arena;
}

static struct query *about(struct db *db, enum sql which, const struct piecing *p)
{
    struct query *q = of_node(db, which, p->in->session, p->k->node);
    query_int(q, p->x.no);
    return q;
}

static bool parts_of(struct db *db, const struct piecing *p, struct part_list *out,
                     struct err *e)
{
    struct query *q = about(db, SQL_room_blob_part_list, p);
    *out = (struct part_list){0};
    while (query_next(q, e)) {
        out->blobs = arena_grow(arena_of(p), out->blobs, out->count, out->count + 1,
                                sizeof *out->blobs);
        out->have += query_get_int(q, 1);
        out->blobs[out->count++] = query_get_id(q, 2);
    }
    return e->code == ERR_NONE;
}

/* What is here is looked at again: the same part may have come twice at once. */
static bool put_part(struct db *db, struct sitting_act *act, struct err *e)
{
    struct piecing *p = act->ctx;
    struct part_list now;
    if (!parts_of(db, p, &now, e))
        return false;
    p->put = now.have == p->in->name.place;
    if (!p->put)
        return true;
    struct query *q = about(db, SQL_room_blob_part_put, p);
    query_int(q, p->in->name.place);
    query_int(q, (int64_t)p->in->content.len);
    query_id(q, p->blob.id);
    return query_run(q, e) && blob_put_row(db, &p->blob, p->k->desk->who->now_ms, e);
}

static bool drop_parts(struct db *db, const struct piecing *p, struct err *e)
{
    return query_run(about(db, SQL_room_blob_part_blob_drop, p), e) &&
           query_run(about(db, SQL_room_blob_part_drop, p), e);
}

static bool part_fits(const struct piecing *p, struct err *e)
{
    int64_t len = (int64_t)p->in->content.len;
    if (p->in->name.place > p->parts.have)
        return FAIL(e, CONFLICT, "/place", "这里有 %lld 字节，请从那里接着传。",
                    (long long)p->parts.have);
    return len <= p->x.bytes - p->in->name.place ||
           FAIL(e, INVALID, "/place", "片段超出登记的 %lld 字节。", (long long)p->x.bytes);
}

static bool keep_part(struct piecing *p, struct err *e)
{
    struct sitting_act act = {.work = put_part, .ctx = p};
    struct err ignored = {0};
    if (!blob_write(p->k->blobs, arena_of(p), PART_PURPOSE, "application/octet-stream",
                    p->in->content, &p->blob, e) ||
        !journal_act(p->k->writer, &act, e))
        return false;
    if (!p->put && !blob_remove_file(p->k->blobs, arena_of(p), p->blob.id, &ignored))
        ignored = (struct err){0}; /* a file without a row is found by nobody */
    return parts_of(p->k->desk->db, p, &p->parts, e);
}

static bool put_together(const struct piecing *p, struct bytes *out, struct err *e)
{
    unsigned char *all = arena_alloc(arena_of(p), (size_t)p->x.bytes + 1, 1);
    size_t at = 0;
    for (size_t i = 0; i < p->parts.count; i++) {
        struct blob blob;
        struct bytes part;
        if (!blob_get(p->k->desk->db, arena_of(p), p->parts.blobs[i], &blob, e) ||
            !blob_read(p->k->blobs, arena_of(p), &blob, &part, e))
            return false;
        if (part.len > (size_t)p->x.bytes - at)
            return FAIL(e, STORE, "/place", "片段与登记的不符。");
        memcpy(all + at, part.at, part.len);
        at += part.len;
    }
    *out = (struct bytes){all, at};
    return true;
}

/* --- the whole ----------------------------------------------------------------------------------------------------- */
static bool refuse_work(struct db *db, struct sitting_act *act, struct err *e)
{
    const struct piecing *p = act->ctx;
    return drop_parts(db, p, e) && query_run(about(db, SQL_room_blob_refuse, p), e) &&
           note(db, p->k->desk, p->k->node, p->in->session, &p->x, ACT_blob_refuse, e);
}

static bool bad_work(struct db *db, struct sitting_act *act, struct err *e)
{
    const struct piecing *p = act->ctx;
    bool is_first;
    return settle(db, p->k->desk, p->k->node, p->in->session, p->x.no, "bad", &is_first, e) &&
           drop_parts(db, p, e) &&
           (!is_first ||
            note(db, p->k->desk, p->k->node, p->in->session, &p->x, ACT_blob_refuse, e));
}

static bool put_kept(struct db *db, const struct piecing *p, bool *same, struct err *e)
{
    const struct announced *x = &p->x;
    if (strcmp(x->kind, CARRY_FILE) == 0) {
        struct handed_up_file f = {p->in->session, x->attempt, x->place,
                                   x->received_ms, x->word,    &p->blob};
        *same = true;
        return handed_in_keep(db, &f, e);
    }
    struct piece_handed_up piece = {.session = p->in->session,
                                    .attempt = x->attempt,
                                    .name = {.started_ms = x->place, .length_ms = x->length_ms},
                                    .blob = &p->blob,
                                    .received_ms = x->received_ms};
    snprintf(piece.name.source, sizeof piece.name.source, "%s", x->word);
    return piece_put(db, arena_of(p), &piece, same, e);
}

/* Where another recording of that moment is kept already, this one is not what was said of it. */
static bool keep_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct piecing *p = act->ctx;
    bool is_first, same;
    if (!put_kept(db, p, &same, e))
        return false;
    p->state = same ? "here" : "bad";
    return settle(db, p->k->desk, p->k->node, p->in->session, p->x.no, p->state, &is_first,
                  e) &&
           drop_parts(db, p, e) &&
           (same || !is_first ||
            note(db, p->k->desk, p->k->node, p->in->session, &p->x, ACT_blob_refuse, e));
}

/* A node is no more believed than a page: the content says itself what it is. */
static bool is_what_it_says(const struct piecing *p, struct bytes plain, bool *is,
                            struct err *e)
{
    const char *type = NULL;
    struct err why = {0};
    *is = false;
    if (strcmp(p->x.kind, CARRY_PIECE) == 0) {
        type = piece_media_type(plain);
        *is = type && strcmp(type, p->x.blob.media_type) == 0 &&
              (strcmp(p->x.word, "snapshot") == 0) == (strcmp(type, "image/jpeg") == 0);
        return true;
    }
    if (!upload_look(arena_of(p), p->k->program, plain, &type, &why)) {
        if (why.code == ERR_INVALID || why.code == ERR_MEDIA || why.code == ERR_TOO_LARGE)
            return true;
        *e = why; /* the cage is busy: what is here stays, it is asked for again */
        return false;
    }
    *is = strcmp(type, p->x.word) == 0;
    return true;
}

static bool open_it(const struct piecing *p, struct bytes sealed, struct bytes *plain, bool *is,
                    struct err *e)
{
    struct carry_pair pair;
    struct err why = {0};
    const struct node_desk *d = p->k->desk;
    *is = false;
    if (!carry_pair_get(d->db, d->arena, d->master, p->in->session, &pair, e))
        return false;
    struct blob_box box = {pair.public, pair.secret};
    bool opens = blob_open_sealed(d->arena, &box, &p->x.blob, sealed, plain, &why);
    secret_wipe(&pair, sizeof pair);
    return !opens || is_what_it_says(p, *plain, is, e);
}

static bool write_kept(struct piecing *p, struct bytes plain, struct err *e)
{
    struct recording_key key;
    const struct node_desk *d = p->k->desk;
    struct blob_place place = *p->k->blobs;
    struct actor who = *d->who;
    who.body = p->k->node->body;
    if (strcmp(p->x.kind, CARRY_FILE) == 0)
        handed_in_key(d->master, p->in->session, key.key);
    else if (!recording_key_ensure(d->db, &who, d->master, p->in->session, &key, e))
        return false;
    place.key = key.key;
    bool ok = blob_write(&place, d->arena, p->x.blob.purpose, p->x.blob.media_type, plain,
                         &p->blob, e);
    secret_wipe(&key, sizeof key);
    return ok;
}

static void remove_part_files(const struct piecing *p)
{
    struct err ignored = {0};
    for (size_t i = 0; i < p->parts.count; i++)
        if (!blob_remove_file(p->k->blobs, arena_of(p), p->parts.blobs[i], &ignored))
            ignored = (struct err){0};
}

static bool finish(struct piecing *p, struct bytes sealed, struct err *e)
{
    unsigned char digest[HASH_BYTES];
    struct sitting_act act = {.work = keep_work, .ctx = p};
    struct bytes plain;
    bool is = false;
    hash_of(digest, sealed.at, sealed.len);
    bool came = memcmp(digest, p->x.sealed_digest, HASH_BYTES) == 0;
    if (came && !open_it(p, sealed, &plain, &is, e))
        return false;
    act.work = !came ? refuse_work : is ? keep_work : bad_work;
    p->state = "bad";
    if ((is && !write_kept(p, plain, e)) || !journal_act(p->k->writer, &act, e))
        return false;
    remove_part_files(p);
    return came || FAIL(e, INVALID, "/digest", "收到的内容与登记的摘要不符，请重新传送。");
}

static bool disk_has_room(const struct piecing *p, struct err *e)
{
    return handed_disk_has_room(p->k->blobs->folder, (int64_t)p->in->content.len,
                                p->k->disk_kept_bytes) ||
           FAIL(e, STORE, "/disk", "中心磁盘空间不足，暂不收文件和录像。");
}

bool hand_up_piece_take(const struct hand_up_keeping *k, const struct hand_up_piece *in,
                        struct hand_up_kept *out, struct err *e)
{
    struct piecing p = {.k = k, .in = in};
    struct bytes sealed = in->content;
    if (!announced_get(k->desk->db, k->desk->arena, in->session, k->node, in->name.no, &p.x, e))
        return false;
    *out = (struct hand_up_kept){p.x.bytes, p.x.state};
    if (strcmp(p.x.state, "awaited") != 0)
        return true;
    if (!parts_of(k->desk->db, &p, &p.parts, e) || !part_fits(&p, e))
        return false;
    bool one = p.parts.have == 0 && (int64_t)in->content.len == p.x.bytes,
         more = in->name.place == p.parts.have && in->content.len > 0;
    if (more && !disk_has_room(&p, e))
        return false;
    if (more && !one && !keep_part(&p, e))
        return false;
    *out = (struct hand_up_kept){p.parts.have, "awaited"};
    if (!one && p.parts.have < p.x.bytes)
        return true;
    if ((!one && !put_together(&p, &sealed, e)) || !finish(&p, sealed, e))
        return false;
    *out = (struct hand_up_kept){p.x.bytes, p.state};
    return true;
}
