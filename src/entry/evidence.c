/* entry/evidence.c - photos and proofs of an application, in and out. */
#include "entry/evidence.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "entry/draft_facts.h"
#include "entry/entry_store.h"
#include "people/person.h"
#include "store/db.h"

const char *const evidence_kinds[] = {"education", "work",  "certificate", "title",
                                      "document",  "other", NULL};

const char *evidence_media_type(struct bytes file)
{
    if (file.len >= 5 && memcmp(file.at, "%PDF-", 5) == 0)
        return "application/pdf";
    return image_media_type(image_sniff(file));
}

/* The application, while its applicant may still change it. */
static bool fetch_open(struct db *db, const struct entry_desk *d, struct id id,
                       struct entry *out, struct err *e)
{
    if (!entry_get(db, d->people.arena, &d->scope, id, out, e))
        return false;
    return out->state == ENTRY_DRAFT || out->state == ENTRY_RETURNED ||
           FAIL(e, CONFLICT, "/state", "申报现在是“%s”，不能再更换材料。",
                entry_state_label(out->state));
}

/* ------------------------------------------------------------------ the photo */
struct photo_put {
    const struct entry_desk *d;
    struct id entry;
    const struct blob *blob;
};

static bool put_photo(struct db *db, void *ctx, struct err *e)
{
    const struct photo_put *c = ctx;
    const struct people *p = &c->d->people;
    struct entry n;
    if (!fetch_open(db, c->d, c->entry, &n, e))
        return false;
    n.photo = c->blob->id;
    struct person_input person = {.id = n.person, .photo = c->blob->id};
    struct entry_step step = {
        .entry = n.id, .act = ACT_entry_photo, .from = n.state, .to = n.state};
    struct id same;
    return blob_put_row(db, c->blob, p->who->now_ms, e) &&
           entry_save_photo(db, &n, p->who->now_ms, e) && person_put(p, &person, &same, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

/* The file is written before its row commits: at worst a file without a row is left over. */
bool entry_photo_put(const struct entry_desk *d, struct id entry, struct bytes file,
                     struct photo *photo, struct err *e)
{
    struct arena *a = d->people.arena;
    struct entry n;
    struct blob blob;
    if (file.len > PHOTO_BYTES_MAX)
        return FAIL(e, TOO_LARGE, "/photo", "照片不得超过 5 MiB。");
    if (!fetch_open(d->people.db, d, entry, &n, e) ||
        !photo_check(a, d->program, file, photo, e))
        return false;
    if (photo->refused)
        return true;
    struct photo_put c = {d, entry, &blob};
    return blob_write(d->blobs, a, "photo", "image/jpeg", photo->jpeg, &blob, e) &&
           db_transact(d->people.db, put_photo, &c, e);
}

bool entry_photo_get(const struct entry_desk *d, struct id entry, struct bytes *jpeg,
                     struct err *e)
{
    const struct people *p = &d->people;
    struct entry n;
    struct blob blob;
    if (!entry_get(p->db, p->arena, &d->scope, entry, &n, e))
        return false;
    if (id_is_zero(n.photo))
        return FAIL(e, NOT_FOUND, "photo", "还没有上传证件照。");
    return blob_get(p->db, p->arena, n.photo, &blob, e) &&
           blob_read(d->blobs, p->arena, &blob, jpeg, e);
}

/* ------------------------------------------------------------------ proofs */
static bool check_quota(struct db *db, const struct entry *n, size_t more, struct err *e)
{
    struct query *q = db_query(db, SQL_evidence_use);
    query_id(q, n->body);
    query_id(q, n->person);
    if (!query_one(q, "evidence", e))
        return false;
    int64_t files = query_get_int(q, 0), bytes = query_get_int(q, 1);
    query_done(q);
    if (files >= EVIDENCE_FILES_MAX)
        return FAIL(e, RULE, "/file", "每人最多上传 %d 个文件。", EVIDENCE_FILES_MAX);
    return bytes + (int64_t)more <= EVIDENCE_PERSON_BYTES_MAX ||
           FAIL(e, RULE, "/file", "每人的证明材料合计不超过 200 MiB。");
}

struct adding {
    const struct entry_desk *d;
    const struct evidence_upload *u;
    const struct blob *blob;
    const char *fact; /* out: the id of the fact */
};

static bool put_evidence_row(struct db *db, const struct adding *c, struct err *e)
{
    const struct evidence_upload *u = c->u;
    const struct blob *blob = c->blob;
    struct query *q = db_query(db, SQL_evidence_put);
    query_id(q, u->id);
    query_id(q, u->entry);
    query_text(q, u->kind);
    query_text(q, c->fact);
    query_text(q, u->name ? u->name : "");
    query_text(q, blob->media_type);
    query_int(q, blob->size);
    query_id(q, blob->id);
    query_int(q, c->d->people.who->now_ms);
    return query_run(q, e);
}

/* A place in a list is looked up here: it may change later, the id does not. */
static bool which_fact(struct arena *a, const struct entry *n, const struct evidence_upload *u,
                       const char **fact, struct err *e)
{
    *fact = "";
    return !u->fact || !*u->fact || draft_facts_find(a, n->facts, u->fact, fact, e);
}

static bool add(struct db *db, void *ctx, struct err *e)
{
    struct adding *c = ctx;
    const struct people *p = &c->d->people;
    struct entry n;
    if (!fetch_open(db, c->d, c->u->entry, &n, e) ||
        !check_quota(db, &n, (size_t)c->blob->size, e) ||
        !which_fact(p->arena, &n, c->u, &c->fact, e))
        return false;
    struct entry_step step = {
        .entry = n.id,
        .act = ACT_evidence_add,
        .from = n.state,
        .to = n.state,
        .detail = json_keep(p->arena, json_pack("{s:s}", "kind", c->u->kind))};
    return blob_put_row(db, c->blob, p->who->now_ms, e) && put_evidence_row(db, c, e) &&
           entry_touch(db, &n, p->who->now_ms, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

static bool check_upload(const struct evidence_upload *u, const char *media_type, struct err *e)
{
    bool known = false;
    for (size_t i = 0; evidence_kinds[i]; i++)
        known |= strcmp(evidence_kinds[i], u->kind ? u->kind : "") == 0;
    if (!known)
        return FAIL(e, INVALID, "/kind", "没有这种材料。");
    if ((u->fact && strlen(u->fact) > 40) || (u->name && strlen(u->name) > 400))
        return FAIL(e, INVALID, "/name", "文件名过长。");
    if (u->file.len > EVIDENCE_BYTES_MAX)
        return FAIL(e, TOO_LARGE, "/file", "单个文件不得超过 20 MiB。");
    return media_type || FAIL(e, MEDIA, "/file", "只接受 JPEG、PNG 图片或 PDF 文件。");
}

bool evidence_add(const struct entry_desk *d, const struct evidence_upload *u,
                  struct evidence *out, struct err *e)
{
    struct arena *a = d->people.arena;
    const char *media_type = evidence_media_type(u->file);
    struct entry n;
    struct blob blob;
    struct bytes file = u->file;
    const char *fact;
    if (!check_upload(u, media_type, e) || !fetch_open(d->people.db, d, u->entry, &n, e) ||
        !check_quota(d->people.db, &n, file.len, e) || !which_fact(a, &n, u, &fact, e))
        return false;
    if (image_sniff(file) != IMAGE_NONE && !image_clean(a, d->program, file, &file, e))
        return false;
    struct adding c = {d, u, &blob, ""};
    if (!blob_write(d->blobs, a, "evidence", media_type, file, &blob, e) ||
        !db_transact(d->people.db, add, &c, e))
        return false;
    *out = (struct evidence){.id = u->id,
                             .blob = blob.id,
                             .kind = u->kind,
                             .fact = c.fact,
                             .name = u->name ? u->name : "",
                             .media_type = media_type,
                             .size = blob.size,
                             .at_ms = d->people.who->now_ms};
    return true;
}

struct removing {
    const struct entry_desk *d;
    struct id entry, evidence;
};

static bool remove_one(struct db *db, void *ctx, struct err *e)
{
    const struct removing *c = ctx;
    const struct people *p = &c->d->people;
    struct entry n;
    if (!fetch_open(db, c->d, c->entry, &n, e))
        return false;
    struct query *q = db_query(db, SQL_evidence_remove);
    int64_t rows;
    query_id(q, n.id);
    query_id(q, c->evidence);
    query_int(q, p->who->now_ms);
    if (!query_change(q, &rows, e))
        return false;
    if (rows != 1)
        return FAIL(e, NOT_FOUND, "evidence", "没有这份材料。");
    struct entry_step step = {
        .entry = n.id, .act = ACT_evidence_remove, .from = n.state, .to = n.state};
    return entry_touch(db, &n, p->who->now_ms, e) &&
           entry_step_write(db, p->arena, p->who, &step, e);
}

bool evidence_remove(const struct entry_desk *d, struct id entry, struct id evidence,
                     struct err *e)
{
    struct removing c = {d, entry, evidence};
    return db_transact(d->people.db, remove_one, &c, e);
}

static struct evidence read_row(const struct query *q, struct arena *a)
{
    return (struct evidence){.id = query_get_id(q, 0),
                             .kind = query_get_text(q, 1, a),
                             .fact = query_get_text(q, 2, a),
                             .name = query_get_text(q, 3, a),
                             .media_type = query_get_text(q, 4, a),
                             .size = query_get_int(q, 5),
                             .blob = query_get_id(q, 6),
                             .at_ms = query_get_int(q, 7)};
}

bool evidence_list(const struct entry_desk *d, struct id entry, struct evidence **out,
                   size_t *count, struct err *e)
{
    const struct people *p = &d->people;
    struct entry n;
    if (!entry_get(p->db, p->arena, &d->scope, entry, &n, e))
        return false;
    *out = arena_array(p->arena, struct evidence, EVIDENCE_FILES_MAX);
    *count = 0;
    struct query *q = db_query(p->db, SQL_evidence_list);
    query_id(q, n.id);
    while (query_next(q, e))
        if (*count < EVIDENCE_FILES_MAX)
            (*out)[(*count)++] = read_row(q, p->arena);
    return e->code == ERR_NONE;
}

bool evidence_read(const struct entry_desk *d, struct id entry, struct id evidence,
                   struct evidence *out, struct bytes *file, struct err *e)
{
    const struct people *p = &d->people;
    struct entry n;
    struct blob blob;
    if (!entry_get(p->db, p->arena, &d->scope, entry, &n, e))
        return false;
    struct query *q = db_query(p->db, SQL_evidence_get);
    query_id(q, n.id);
    query_id(q, evidence);
    if (!query_one(q, "evidence", e))
        return false;
    *out = read_row(q, p->arena);
    query_done(q);
    return blob_get(p->db, p->arena, out->blob, &blob, e) &&
           blob_read(d->blobs, p->arena, &blob, file, e);
}
