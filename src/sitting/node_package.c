/* sitting/node_package.c - packages on a node: fetched file by file, checked, put to use. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "paper/paper_store.h"
#include "people/people.h"
#include "sitting/carry.h"
#include "sitting/live.h"
#include "sitting/node_self.h"
#include "sitting/node_store.h"
#include "sitting/roster.h"
#include "sitting/session_store.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/blob.h"
#include "store/db.h"
#include "store/signer.h"

static void package_row(struct query *q, struct arena *a, struct node_package *out)
{
    *out = (struct node_package){.room = query_get_id(q, 0),
                                 .session = query_get_id(q, 1),
                                 .no = (uint32_t)query_get_int(q, 2),
                                 .revision = (uint32_t)query_get_int(q, 3),
                                 .state = query_get_text(q, 4, a),
                                 .manifest = query_get_bytes(q, 5, a),
                                 .open_at_ms = query_get_int(q, 7),
                                 .close_at_ms = query_get_int(q, 8),
                                 .ready_ms = query_get_int(q, 9),
                                 .released_ms = query_get_int(q, 10),
                                 .released_how = query_get_text(q, 11, a),
                                 .tries = query_get_int(q, 12),
                                 .locked_until_ms = query_get_int(q, 13),
                                 .fetched_ms = query_get_int(q, 14),
                                 .handed_up_ms = query_get_int(q, 15),
                                 .cleared_ms = query_get_int(q, 16),
                                 .problem = query_get_text(q, 17, a),
                                 .finished_ms = query_get_int(q, 18)};
    column_copy(q, 6, out->sha256, HASH_BYTES);
}

bool node_packages(struct db *db, struct arena *a, struct node_package **out, size_t *count,
                   struct err *e)
{
    struct query *q = db_query(db, SQL_node_package_list);
    *out = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *out = arena_grow(a, *out, *count, *count + 1, sizeof **out);
        package_row(q, a, &(*out)[(*count)++]);
    }
    return e->code == ERR_NONE;
}

bool node_package_get(struct db *db, struct arena *a, struct id room, struct node_package *out,
                      struct err *e)
{
    struct query *q = db_query(db, SQL_node_package_get);
    query_id(q, room);
    if (!query_one(q, "room", e))
        return false;
    package_row(q, a, out);
    query_done(q);
    return true;
}

bool node_package_read(struct db *db, struct arena *a, struct bytes manifest,
                       struct package *out, struct err *e)
{
    struct key_table keys;
    if (!signer_key_table(db, a, &keys, e))
        return false;
    const struct public_key *k = key_table_find(&keys, package_kid(a, manifest));
    if (!k || k->use != KEY_USE_release || k->state == KEY_COMPROMISED)
        return FAIL(e, INVALID, "/manifest/sig", "试卷清单不是中心的启封钥匙签的。");
    return package_read(a, manifest, k->pub, out, e);
}

/* --- fetching ------------------------------------------------------------------------------------- */
struct beginning {
    struct id room;
    struct bytes manifest;
    const struct package *package;
};

static bool begin(struct db *db, void *ctx, struct err *e)
{
    const struct beginning *b = ctx;
    const struct package *p = b->package;
    struct query *q = db_query(db, SQL_node_file_drop);
    query_id(q, b->room);
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_node_package_begin);
    query_id(q, b->room);
    query_id(q, p->session);
    query_int(q, p->room);
    query_int(q, p->revision);
    query_bytes(q, b->manifest);
    query_bytes(q, (struct bytes){p->sha256, HASH_BYTES});
    query_int(q, p->open_at_ms);
    query_int(q, p->close_at_ms);
    return query_run(q, e);
}

bool node_package_begin(struct db *db, struct id room, struct bytes manifest,
                        const struct package *p, struct err *e)
{
    struct beginning b = {room, manifest, p};
    struct node_package is;
    struct arena *a = arena_create(64 << 20);
    struct err none = {0};
    bool there = node_package_get(db, a, room, &is, &none);
    bool ok = !there || strcmp(is.state, "fetching") == 0 ||
              strcmp(is.state, "complete") == 0 ||
              FAIL(e, CONFLICT, "/state", "这个考场的试卷已经启封，不再换版。");
    arena_destroy(a);
    return ok && db_transact(db, begin, &b, e);
}

bool node_package_has(struct db *db, struct id room, uint32_t index, bool *has, struct err *e)
{
    struct query *q = db_query(db, SQL_node_file_get);
    query_id(q, room);
    query_int(q, index);
    if (!query_maybe(q, has, e))
        return false;
    if (*has)
        query_done(q);
    return true;
}

static bool is_file(struct bytes content, int64_t bytes, const unsigned char sha256[HASH_BYTES])
{
    unsigned char hash[HASH_BYTES];
    hash_of(hash, content.at, content.len);
    return (int64_t)content.len == bytes && memcmp(hash, sha256, HASH_BYTES) == 0;
}

struct putting_file {
    struct id room;
    uint32_t index; /* 0: the roster */
    struct bytes content;
};

static bool put_file(struct db *db, void *ctx, struct err *e)
{
    const struct putting_file *f = ctx;
    struct query *q = db_query(db, f->index ? SQL_node_file_put : SQL_node_package_roster);
    query_id(q, f->room);
    if (f->index)
        query_int(q, f->index);
    query_bytes(q, f->content);
    return query_run(q, e);
}

bool node_package_put(struct db *db, struct id room, const struct package_paper *p,
                      struct bytes blob, struct err *e)
{
    struct putting_file f = {room, p->index, blob};
    if (!is_file(blob, p->bytes, p->sha256))
        return FAIL(e, INVALID, "/blob", "第 %u 份密文与清单不符。", p->index);
    return db_transact(db, put_file, &f, e);
}

bool node_package_roster(struct db *db, struct id room, const struct package *p,
                         struct bytes roster, struct err *e)
{
    struct putting_file f = {room, 0, roster};
    if (!is_file(roster, p->roster_bytes, p->roster_sha256))
        return FAIL(e, INVALID, "/roster", "名册与清单不符。");
    return db_transact(db, put_file, &f, e);
}

/* --- putting it to use ------------------------------------------------------------------------------ */
struct completing {
    const struct node_here *here;
    struct node_package package;
    struct package read;
    struct roster roster;
    struct blob *photos; /* photos[i] of attempts[i]; zero id: none */
};

static bool roster_load(struct completing *c, struct err *e)
{
    const struct node_here *h = c->here;
    struct node_self self;
    unsigned char secret[BOX_SECRET_BYTES];
    bool found;
    struct query *q = db_query(h->db, SQL_node_package_roster_get);
    query_id(q, c->package.room);
    if (!query_one(q, "room", e))
        return false;
    struct bytes file = query_get_bytes(q, 0, h->arena);
    query_done(q);
    if (!is_file(file, c->read.roster_bytes, c->read.roster_sha256))
        return FAIL(e, CONFLICT, "/roster", "名册还没有收全。");
    if (!node_self_find(h->db, h->arena, &self, &found, e) ||
        !node_box_secret(h->db, h->arena, h->master, secret, e))
        return false;
    struct roster_secret with = {self.kid, self.box_public, secret};
    bool ok = roster_open(h->arena, file, &with, &c->roster, e);
    secret_wipe(secret, sizeof secret);
    return ok && ((id_equal(c->roster.plan.id, c->package.session) &&
                   id_equal(c->roster.room.id, c->package.room) &&
                   c->roster.room.no == c->package.no) ||
                  FAIL(e, INVALID, "/roster", "名册是别的考场的。"));
}

static bool write_photos(struct completing *c, struct err *e)
{
    const struct node_here *h = c->here;
    size_t count = c->roster.plan.attempt_count;
    c->photos = arena_array(h->arena, struct blob, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct roster_photo *p = &c->roster.photos[i];
        bool there = h->journal &&
                     live_find(journal_live(h->journal), c->roster.plan.attempts[i].id);
        if (p->image.at && !there &&
            !blob_write(h->blobs, h->arena, "photo", p->media_type, p->image, &c->photos[i], e))
            return false;
        c->roster.plan.attempts[i].photo = c->photos[i].id;
    }
    return true;
}

/* What was fetched for it, and is what the manifest says. */
static bool fetched(struct db *db, struct arena *a, struct id room,
                    const struct package_paper *p, struct bytes *out, struct err *e)
{
    struct query *q = db_query(db, SQL_node_file_get);
    query_id(q, room);
    query_int(q, p->index);
    if (!query_one(q, "/blob", e))
        return false;
    *out = query_get_bytes(q, 0, a);
    query_done(q);
    return is_file(*out, p->bytes, p->sha256) ||
           FAIL(e, INVALID, "/blob", "第 %u 份密文与清单不符。", p->index);
}

static bool put_objects(struct db *db, const struct completing *c, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; i < c->read.object_count && ok; i++) {
        const struct package_paper *x = &c->read.objects[i];
        struct arena *one = arena_create(64 << 20);
        struct paper_object row = {.id = x->id,
                                   .session = c->read.session,
                                   .form = x->form,
                                   .room = c->read.room,
                                   .index = x->index,
                                   .revision = c->read.revision,
                                   .bytes = x->bytes};
        struct bytes blob;
        memcpy(row.sha256, x->sha256, HASH_BYTES);
        ok = fetched(db, one, c->package.room, x, &blob, e) &&
             paper_object_put(db, &row, blob, e);
        arena_destroy(one);
    }
    return ok;
}

static bool put_sealed(struct db *db, const struct completing *c, struct err *e)
{
    const struct package *p = &c->read;
    static const enum sql old[] = {SQL_node_paper_blob_drop, SQL_node_paper_drop,
                                   SQL_node_paper_object_drop, SQL_node_paper_room_drop};
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        struct query *q = db_query(db, old[i]);
        query_id(q, p->session);
        query_int(q, p->room);
        if (!query_run(q, e))
            return false;
    }
    struct query *q = db_query(db, SQL_node_paper_session_put);
    query_id(q, p->session);
    query_id(q, c->roster.plan.body);
    query_int(q, p->revision);
    query_text(q, c->roster.plan.title);
    query_int(q, c->roster.plan.minutes);
    query_int(q, p->open_at_ms);
    query_int(q, p->close_at_ms);
    query_bytes(q,
                (struct bytes){(const unsigned char *)"-", 1}); /* the keys never come here */
    query_bytes(q, (struct bytes){p->answer_key_commit, HASH_BYTES});
    query_int(q, c->here->who->now_ms);
    if (!query_run(q, e))
        return false;
    struct sealed_room room = {p->room, p->revision, {0}};
    memcpy(room.key_commit, p->room_key_commit, HASH_BYTES);
    return sealed_room_put(db, p->session, &room, c->package.manifest, e);
}

static bool put_papers(struct db *db, const struct completing *c, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; i < c->read.paper_count && ok; i++) {
        const struct package_paper *p = &c->read.papers[i];
        struct arena *one = arena_create(64 << 20);
        struct paper_row row = {.id = p->id,
                                .session = c->read.session,
                                .attempt = p->attempt,
                                .form = p->form,
                                .room = c->read.room,
                                .index = p->index,
                                .revision = c->read.revision,
                                .spare = id_is_zero(p->attempt),
                                .bytes = p->bytes,
                                .open_at_ms = c->read.open_at_ms};
        struct bytes blob;
        memcpy(row.sha256, p->sha256, HASH_BYTES);
        ok = fetched(db, one, c->package.room, p, &blob, e) && paper_put(db, &row, blob, e);
        arena_destroy(one);
    }
    return ok;
}

/* Once; signing in needs to know what passwords the body asks for. */
static bool body_ready(const struct completing *c, struct err *e)
{
    const struct node_here *h = c->here;
    struct body there, ours = c->roster.body;
    struct err why = {0};
    if (body_get(h->db, h->arena, ours.id, &there, &why))
        return true;
    if (why.code != ERR_NOT_FOUND) {
        *e = why;
        return false;
    }
    ours.type_letter = ours.filed_code = ours.province = ours.site_serial = "";
    return body_create(h->db, h->who, &ours, e);
}

static bool put_people(struct db *db, const struct completing *c, struct err *e)
{
    const struct node_here *h = c->here;
    struct people people = {db, h->arena, h->master, h->who};
    for (size_t i = 0; i < c->roster.staff_count; i++)
        if (!staff_copy_put(&people, &c->roster.staff[i], e))
            return false;
    struct query *q = db_query(db, SQL_node_staff_drop);
    query_id(q, c->package.session);
    if (!query_run(q, e))
        return false;
    for (size_t i = 0; i < c->roster.duty_count; i++) {
        const struct roster_duty *d = &c->roster.duties[i];
        struct session_staff s = {
            .id = d->id, .session = c->package.session, .room = d->room, .account = d->account};
        if (!duty_find(d->duty, &s.duty) || !staff_put(db, c->roster.plan.body, &s, e))
            return FAIL(e, INVALID, "/roster/duties", "名册中的职责读不出来。");
    }
    return true;
}

/* Also where any browser will do: an earlier revision may have asked for one. */
static bool put_conduct(struct db *db, const struct completing *c, struct err *e)
{
    struct conduct conduct = c->roster.conduct;
    conduct.changed_ms = c->here->who->now_ms;
    return conduct_keep(db, &conduct, e) &&
           (!c->roster.carries ||
            carry_public_keep(db, c->package.session, c->roster.carry, conduct.changed_ms, e));
}

static bool put_photos(struct db *db, void *ctx, struct err *e)
{
    const struct completing *c = ctx;
    for (size_t i = 0; i < c->roster.plan.attempt_count; i++)
        if (!id_is_zero(c->photos[i].id) &&
            !blob_put_row(db, &c->photos[i], c->here->who->now_ms, e))
            return false;
    return true;
}

static bool put_all(struct db *db, void *ctx, struct err *e)
{
    struct completing *c = ctx;
    const struct node_here *h = c->here;
    if (!put_photos(db, c, e) || !put_sealed(db, c, e) || !put_papers(db, c, e) ||
        !put_objects(db, c, e) || !put_people(db, c, e) || !put_conduct(db, c, e))
        return false;
    struct query *q = db_query(db, SQL_node_package_complete);
    query_id(q, c->package.room);
    query_int(q, h->who->now_ms);
    query_bytes(q,
                purpose_seal(h->arena, h->master, KEY_STORE, "node_package", "roster_key",
                             c->package.session, KEY_BYTES, c->roster.roster_key, KEY_BYTES));
    if (!query_change_one(q, "/state", "试卷包刚刚变动过。", e))
        return false;
    q = db_query(db, SQL_node_file_drop);
    query_id(q, c->package.room);
    json_t *change = json_keep(h->arena,
                               json_pack("{s:I, s:I, s:I}", "room", (json_int_t)c->package.no,
                                         "revision", (json_int_t)c->package.revision, "papers",
                                         (json_int_t)c->read.paper_count));
    return query_run(q, e) && audit_write(db, h->who,
                                          &(struct audit_row){.act = ACT_package_receive,
                                                              .object_type = "se",
                                                              .object = c->package.session,
                                                              .change = change},
                                          e);
}

/* The writer reads K_roster when it loads the session, so it must be on disk before: put, prepare,
 * bind. What a crash left between them is done by the next call; then photos are written again,
 * and the old ones go with the rest (node_clear). */
bool node_package_complete(const struct node_here *h, struct id room, struct err *e)
{
    struct completing *c = arena_new(h->arena, struct completing);
    c->here = h;
    if (!node_package_get(h->db, h->arena, room, &c->package, e))
        return false;
    bool again = strcmp(c->package.state, "complete") == 0;
    if (!again && strcmp(c->package.state, "fetching") != 0)
        return true;
    if (!node_package_read(h->db, h->arena, c->package.manifest, &c->read, e) ||
        !roster_load(c, e))
        return false;
    if (!body_ready(c, e) || !write_photos(c, e) ||
        !db_transact(h->db, again ? put_photos : put_all, c, e))
        return false;
    return !h->journal || (session_prepare_plan(h->journal, h->who, &c->roster.plan, e) &&
                           session_bind_papers(h->journal, h->who, c->package.session, e));
}

bool node_package_live(const struct node_here *h, const struct node_package *p)
{
    return live_find_room(journal_live(h->journal), p->room) != NULL;
}

bool node_package_prove(const struct node_here *h, const struct node_package *p,
                        const unsigned char challenge[KEY_BYTES], unsigned char out[HASH_BYTES],
                        struct err *e)
{
    struct package read;
    struct package_proof proof;
    bool ok = true;
    if (!node_package_read(h->db, h->arena, p->manifest, &read, e))
        return false;
    package_proof_begin(&proof, challenge);
    for (size_t i = 0; i < read.paper_count && ok; i++) {
        struct arena *one = arena_create(64 << 20);
        struct bytes blob;
        ok = paper_blob(h->db, one, read.papers[i].id, &blob, e);
        if (ok)
            package_proof_add(&proof, blob);
        arena_destroy(one);
    }
    for (size_t i = 0; i < read.object_count && ok; i++) {
        struct arena *one = arena_create(64 << 20);
        struct bytes blob;
        ok = paper_object_blob(h->db, one, read.objects[i].id, &blob, e);
        if (ok)
            package_proof_add(&proof, blob);
        arena_destroy(one);
    }
    struct query *q = db_query(h->db, SQL_node_package_roster_get);
    query_id(q, p->room);
    if (!query_one(q, "room", e))
        ok = false;
    if (ok) {
        package_proof_add(&proof, query_get_bytes(q, 0, h->arena));
        query_done(q);
    }
    package_proof_end(&proof, out);
    return ok;
}
