/* archive/leftover.c - finds what nothing names, and removes it. */
#include "archive/leftover.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/fold.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"

enum { SWEEP_ARENA_BYTES = 1 << 30, JOURNAL_ARENA_BYTES = 1 << 28 };

static int64_t due_before(const struct actor *who)
{
    return who->now_ms - (int64_t)LEFTOVER_DAYS * 24 * 3600 * 1000;
}

/* --- files ---------------------------------------------------------------------------------------- */
struct unfinished {
    struct id session, attempt;
    struct bytes digest; /* of the whole file that never came */
    int64_t count, bytes, last_row;
    bool named;
};
struct unfinished_list {
    struct unfinished *at;
    size_t count;
};

static bool files_due(struct db *db, struct arena *a, const struct actor *who,
                      struct unfinished_list *out, struct err *e)
{
    size_t room = 0;
    struct query *q = db_query(db, SQL_leftover_file_list);
    query_id(q, who->body);
    query_int(q, due_before(who));
    query_int(q, LEFTOVER_MOST);
    *out = (struct unfinished_list){0};
    while (query_next(q, e)) {
        if (out->count == room) {
            room = room ? room * 2 : 16;
            out->at = arena_grow(a, out->at, out->count, room, sizeof *out->at);
        }
        out->at[out->count++] = (struct unfinished){.session = query_get_id(q, 0),
                                                    .attempt = query_get_id(q, 1),
                                                    .digest = query_get_bytes(q, 2, a),
                                                    .count = query_get_int(q, 3),
                                                    .bytes = query_get_int(q, 4),
                                                    .last_row = query_get_int(q, 5)};
    }
    return e->code == ERR_NONE;
}

static const char *hex_of(struct arena *a, struct bytes digest)
{
    char *hex = arena_alloc(a, 2 * digest.len + 1, 1);
    hex_write(hex, digest.at, digest.len);
    return hex;
}

/* Whatever the entry says of it, on the main line or beside it. */
static bool look_for_name(struct db *db, struct unfinished *f, struct err *e)
{
    struct attempt_record r;
    struct arena *a = arena_create(JOURNAL_ARENA_BYTES);
    bool ok = attempt_record_load(db, a, f->attempt, f->last_row, &r, e);
    const char *hex = hex_of(a, f->digest);
    for (size_t i = 0; ok && !f->named && i < r.row_count; i++) {
        struct bytes said = r.rows[i].entry.payload;
        f->named = memmem(said.at, said.len, hex, strlen(hex)) != NULL;
    }
    arena_destroy(a);
    return ok;
}

static bool look_for_names(struct db *db, const struct unfinished_list *list, struct err *e)
{
    for (size_t i = 0; i < list->count; i++)
        if (!look_for_name(db, &list->at[i], e))
            return false;
    return true;
}

/* --- how much ------------------------------------------------------------------------------------- */
static bool sum_of(const struct leftover_sweep *s, enum sql which, struct leftover_sum *out,
                   struct err *e)
{
    struct query *q = db_query(s->db, which);
    query_id(q, s->who->body);
    query_int(q, due_before(s->who));
    if (!query_one(q, "leftover", e))
        return false;
    *out = (struct leftover_sum){query_get_int(q, 0), query_get_int(q, 1), query_get_int(q, 2),
                                 query_get_int(q, 3)};
    query_done(q);
    return true;
}

bool leftovers_count(const struct leftover_sweep *s, struct leftovers *out, struct err *e)
{
    struct unfinished_list due;
    *out = (struct leftovers){0};
    if (!sum_of(s, SQL_leftover_attachment_sum, &out->attachments, e) ||
        !sum_of(s, SQL_leftover_file_sum, &out->files, e) ||
        !files_due(s->db, s->arena, s->who, &due, e) || !look_for_names(s->db, &due, e))
        return false;
    for (size_t i = 0; i < due.count; i++)
        if (due.at[i].named) {
            out->named++;
            out->named_bytes += due.at[i].bytes;
        }
    out->files.due -= out->named;
    out->files.due_bytes -= out->named_bytes;
    return true;
}

bool leftovers_past(const struct leftover_sweep *s, struct leftover_past **out, size_t *count,
                    struct err *e)
{
    struct query *q = db_query(s->db, SQL_leftover_past);
    query_id(q, s->who->body);
    query_int(q, ACT_leftover_remove);
    query_int(q, LEFTOVER_PAST_SHOWN);
    *out = arena_array(s->arena, struct leftover_past, LEFTOVER_PAST_SHOWN);
    *count = 0;
    while (query_next(q, e)) {
        struct err unreadable = {0};
        const char *text = query_get_text(q, 1, s->arena);
        const json_t *v = json_read(s->arena, text, strlen(text), &unreadable);
        if (v)
            (*out)[(*count)++] = (struct leftover_past){
                query_get_int(q, 0), json_member_int(v, "count", 0),
                json_member_int(v, "bytes", 0), json_member_text(v, "kind")};
    }
    return e->code == ERR_NONE;
}

/* --- their end ------------------------------------------------------------------------------------ */
struct removing {
    const struct leftover_sweep *sweep;
    struct arena *arena;
    const struct unfinished_list *files; /* looked through before */
    int64_t count, bytes;
    struct id *blobs; /* of what went */
    size_t blob_count, blob_room;
    json_t *which;
};

static bool write_down(struct db *db, const struct removing *r, const char *kind, struct err *e)
{
    if (r->count == 0)
        return true;
    json_t *change = json_keep(r->arena,
                               json_pack("{s:s, s:I, s:I}", "kind", kind, "count",
                                         (json_int_t)r->count, "bytes", (json_int_t)r->bytes));
    if (r->which)
        json_object_set(change, "which", r->which);
    return audit_write(db, r->sweep->who,
                       &(struct audit_row){.act = ACT_leftover_remove,
                                           .object_type = "bo",
                                           .object = r->sweep->who->body,
                                           .change = change},
                       e);
}

struct sized {
    struct id id;
    int64_t bytes;
};

/* Asked again with each: an item may have been saved in between. */
static bool remove_attachments(struct db *db, void *ctx, struct err *e)
{
    struct removing *r = ctx;
    struct sized *due = arena_array(r->arena, struct sized, LEFTOVER_MOST);
    size_t count = 0;
    r->count = r->bytes = 0;
    struct query *q = db_query(db, SQL_leftover_attachment_list);
    query_id(q, r->sweep->who->body);
    query_int(q, due_before(r->sweep->who));
    query_int(q, LEFTOVER_MOST);
    while (query_next(q, e))
        due[count++] = (struct sized){query_get_id(q, 0), query_get_int(q, 1)};
    for (size_t i = 0; e->code == ERR_NONE && i < count; i++) {
        int64_t rows;
        q = db_query(db, SQL_attachment_drop_unnamed);
        query_id(q, due[i].id);
        if (!query_change(q, &rows, e))
            return false;
        r->count += rows;
        r->bytes += rows ? due[i].bytes : 0;
    }
    return e->code == ERR_NONE && write_down(db, r, "attachment", e);
}

static struct query *about(struct db *db, enum sql which, const struct unfinished *f)
{
    struct query *q = db_query(db, which);
    query_id(q, f->session);
    query_id(q, f->attempt);
    query_bytes(q, f->digest);
    return q;
}

/* Its pieces' rows, unless the attempt was written to since its journal was read. */
static bool remove_file(struct db *db, struct removing *r, const struct unfinished *f,
                        struct err *e)
{
    char attempt[ID_TEXT_BYTES];
    int64_t rows;
    size_t first = r->blob_count;
    struct query *q = about(db, SQL_handed_piece_list, f);
    while (query_next(q, e)) {
        if (r->blob_count == r->blob_room) {
            r->blob_room = r->blob_room ? r->blob_room * 2 : 32;
            r->blobs = arena_grow(r->arena, r->blobs, r->blob_count, r->blob_room,
                                  sizeof *r->blobs);
        }
        r->blobs[r->blob_count++] = query_get_id(q, 2);
    }
    if (e->code != ERR_NONE)
        return false;
    q = about(db, SQL_leftover_piece_drop, f);
    query_int(q, f->last_row);
    if (!query_change(q, &rows, e))
        return false;
    if (rows == 0) {
        r->blob_count = first;
        return true;
    }
    for (size_t i = first; i < r->blob_count; i++) {
        q = db_query(db, SQL_node_blob_drop);
        query_id(q, r->blobs[i]);
        if (!query_run(q, e))
            return false;
    }
    r->count++;
    r->bytes += f->bytes;
    id_write(f->attempt, attempt);
    json_array_append_new(r->which, json_pack("{s:s, s:s}", "attempt", attempt, "sha256",
                                              hex_of(r->arena, f->digest)));
    return true;
}

static bool remove_files(struct db *db, void *ctx, struct err *e)
{
    struct removing *r = ctx;
    r->count = r->bytes = 0;
    r->blob_count = 0;
    r->which = json_keep(r->arena, json_array());
    for (size_t i = 0; i < r->files->count; i++)
        if (!r->files->at[i].named && !remove_file(db, r, &r->files->at[i], e))
            return false;
    return write_down(db, r, "file", e);
}

bool leftovers_remove(const struct leftover_sweep *s, const struct blob_place *place,
                      struct leftover_removed *out, struct err *e)
{
    struct unfinished_list files;
    struct removing r = {.sweep = s, .arena = s->arena, .files = &files};
    *out = (struct leftover_removed){0};
    if (!db_transact(s->db, remove_attachments, &r, e))
        return false;
    out->attachments = r.count;
    out->attachment_bytes = r.bytes;
    if (!files_due(s->db, s->arena, s->who, &files, e) || !look_for_names(s->db, &files, e) ||
        !db_transact(s->db, remove_files, &r, e))
        return false;
    out->files = r.count;
    out->file_bytes = r.bytes;
    for (size_t i = 0; i < r.blob_count; i++) {
        struct err ignored = {0}; /* a file without a row is found by nobody */
        if (!blob_remove_file(place, s->arena, r.blobs[i], &ignored))
            continue;
    }
    return true;
}

bool leftovers_sweep(struct db *db, const struct blob_place *place, int64_t now_ms,
                     struct leftover_removed *out, struct err *e)
{
    struct arena *a = arena_create(SWEEP_ARENA_BYTES);
    struct id *bodies = NULL;
    size_t count = 0;
    *out = (struct leftover_removed){0};
    struct query *q = db_query(db, SQL_body_ids);
    while (query_next(q, e)) {
        bodies = arena_grow(a, bodies, count, count + 1, sizeof *bodies);
        bodies[count++] = query_get_id(q, 0);
    }
    for (size_t i = 0; e->code == ERR_NONE && i < count; i++) {
        const struct actor system = {.body = bodies[i], .now_ms = now_ms};
        const struct leftover_sweep s = {db, a, &system};
        struct leftover_removed one;
        if (!leftovers_remove(&s, place, &one, e))
            break;
        out->attachments += one.attachments;
        out->attachment_bytes += one.attachment_bytes;
        out->files += one.files;
        out->file_bytes += one.file_bytes;
    }
    arena_destroy(a);
    return e->code == ERR_NONE;
}
