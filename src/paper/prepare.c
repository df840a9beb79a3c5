/* paper/prepare.c - all papers of a session: rendered, sealed, read back, committed to. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "paper/blob.h"
#include "paper/form_store.h"
#include "paper/key_set.h"
#include "paper/manifest.h"
#include "paper/paper_store.h"
#include "paper/seal_media.h"
#include "paper/share.h"
#include "programme/programme.h"
#include "store/db.h"

enum { JOB_ARENA_BYTES = 1 << 30, PAPER_ARENA_BYTES = 64 << 20, SPARES_MIN = 2 };

struct made_paper {
    struct paper_row row;
    const struct sealed_media *beside;
    struct bytes blob;
};

struct made_room {
    struct sealed_room record;
    const struct paper_room *order;
    struct room_slots slots;
    unsigned char bags[2][KEY_BYTES];
    struct bytes manifest;
    struct media_room media;
    struct made_paper *papers;
    size_t count;
};

struct preparing {
    const struct bank *bank; /* with an arena of this job */
    const struct prepare_order *order;
    uint32_t revision;
    struct form *forms;
    size_t form_count;
    unsigned char session_key[KEY_BYTES], seed[SEED_BYTES];
    struct key_set_maker *keys;
    struct made_room *rooms;
    struct bytes sealed_keys;
    unsigned char key_commit[HASH_BYTES];
    struct bytes boxes[OFFICERS_MAX];
    int64_t media_bytes;
};

static bool order_is_good(const struct prepare_order *o, struct err *e)
{
    if (o->officer_count < OFFICERS_MIN || o->officer_count > OFFICERS_MAX)
        return FAIL(e, RULE, "/officers", "启封员须为 2 人或 3 人。");
    for (size_t i = 0; i < o->officer_count; i++)
        for (size_t k = 0; k < i; k++)
            if (id_equal(o->officers[i], o->officers[k]))
                return FAIL(e, RULE, "/officers", "启封员须是不同的人。");
    if (o->room_count == 0)
        return FAIL(e, INVALID, "/rooms", "场次还没有考场。");
    if (o->minutes < 1 || o->close_at_ms <= o->open_at_ms)
        return FAIL(e, INVALID, "/minutes", "考试时长或起止时间有误。");
    for (size_t i = 0; i < o->room_count; i++)
        if (o->rooms[i].room < 1 || o->rooms[i].room > 65535)
            return FAIL(e, INVALID, "/rooms", "考场号须为 1 至 65535。");
    return true;
}

static struct form *form_of(struct preparing *p, struct id id, struct err *e)
{
    for (size_t i = 0; i < p->form_count; i++)
        if (id_equal(p->forms[i].row.id, id))
            return &p->forms[i];
    p->forms = arena_grow(p->bank->arena, p->forms, p->form_count, p->form_count + 1,
                          sizeof *p->forms);
    struct form *f = &p->forms[p->form_count];
    if (!form_open(p->bank, id, f, e) || !key_set_add_form(p->keys, f, e))
        return NULL;
    p->form_count++;
    return f;
}

/* Sealed, read back, opened and compared before the plain text is dropped (SECURITY §3.1.2). */
static bool seal_paper(struct preparing *p, const struct form *f, struct made_paper *out,
                       const unsigned char parent[KEY_BYTES], struct err *e)
{
    struct arena *scratch = arena_create(PAPER_ARENA_BYTES);
    struct json_out *o = json_out_create(scratch);
    struct paper_row *row = &out->row;
    unsigned char key[KEY_BYTES], seed[SEED_BYTES];
    struct bytes blob, again;
    shuffle_part(seed, p->seed, "paper", (uint64_t)row->room << 32 | row->index);
    struct paper_head head = {row->id, p->order->title, p->order->minutes, out->beside->media,
                              out->beside->count};
    struct blob_head blob_head = {
        .flags = row->spare ? BLOB_SPARE : 0,
        .session = row->session,
        .paper = row->id,
        .room = row->room,
        .index = row->index,
        .revision = row->revision,
        .open_at_ms = row->open_at_ms,
    };
    exam_write(scratch, f, &head, seed, o);
    struct bytes plain = {(const unsigned char *)json_out_text(o), json_out_len(o)};
    paper_key(key, parent, row->index);
    bool ok = blob_seal(p->bank->arena, blob_head, key, plain, &blob, e) &&
              blob_open(scratch, blob, key, &blob_head, &again, e) &&
              (bytes_equal(plain, again) ||
               FAIL(e, INTERNAL, "/blob", "封存的试卷读回后与原文不符。"));
    if (ok) {
        key_set_add_paper(p->keys, row->id, f, seed);
        hash_of(row->sha256, blob.at, blob.len);
        row->bytes = (int64_t)blob.len;
        out->blob = blob;
    }
    secret_wipe(key, sizeof key);
    arena_destroy(scratch);
    return ok;
}

struct slot { /* who gets which form, a spare or a candidate */
    struct id attempt, form;
};

/* Candidates in their order, then for each form in the room its spares: max(2, 5 %). */
static size_t slots_of(struct arena *a, const struct paper_room *room, struct slot **out)
{
    size_t n = 0, most = room->count * 4 + 8;
    struct slot *slots = arena_array(a, struct slot, most);
    for (size_t i = 0; i < room->count; i++)
        slots[n++] = (struct slot){room->candidates[i].attempt, room->candidates[i].form};
    for (size_t i = 0; i < room->count; i++) {
        size_t same = 0;
        bool first = true;
        for (size_t k = 0; k < room->count; k++)
            if (id_equal(room->candidates[k].form, room->candidates[i].form)) {
                same++;
                first = first && k >= i;
            }
        size_t spares = (same + 19) / 20 > SPARES_MIN ? (same + 19) / 20 : SPARES_MIN;
        for (size_t s = 0; first && s < spares; s++)
            slots[n++] = (struct slot){{{0}}, room->candidates[i].form};
    }
    *out = slots;
    return n;
}

/* Only a room that nodes serve has other ways in than the release at the centre. */
static bool make_slots(struct preparing *p, struct made_room *r,
                       const unsigned char key[KEY_BYTES], struct err *e)
{
    const struct prepare_order *o = p->order;
    struct slots_order slots = {.session = o->session,
                                .room = r->record.room,
                                .revision = p->revision,
                                .session_key = p->session_key,
                                .room_key = key,
                                .nodes = r->order->nodes,
                                .node_count = r->order->node_count,
                                .cost = o->phone_cost};
    return r->order->node_count == 0 ||
           slots_make(p->bank->arena, &slots, &r->slots, r->bags, e);
}

static bool make_room(struct preparing *p, const struct paper_room *room, struct made_room *out,
                      struct err *e)
{
    const struct prepare_order *o = p->order;
    unsigned char key[KEY_BYTES];
    struct slot *slots;
    bool ok = true;
    out->order = room;
    out->count = slots_of(p->bank->arena, room, &slots);
    out->papers = arena_array(p->bank->arena, struct made_paper, out->count + 1);
    out->record = (struct sealed_room){.room = room->room, .revision = p->revision};
    room_key(key, p->session_key, room->room, p->revision);
    room_key_commitment(out->record.key_commit, o->session, room->room, p->revision, key);
    out->media = (struct media_room){.order = o,
                                     .room = room->room,
                                     .revision = p->revision,
                                     .key = key,
                                     .bytes = &p->media_bytes};
    for (size_t i = 0; i < out->count && ok; i++) {
        struct form *f = form_of(p, slots[i].form, e);
        out->papers[i].row = (struct paper_row){
            .id = id_random(),
            .session = o->session,
            .attempt = slots[i].attempt,
            .form = slots[i].form,
            .room = room->room,
            .index = (uint32_t)i + 1,
            .revision = p->revision,
            .spare = id_is_zero(slots[i].attempt),
            .open_at_ms = o->open_at_ms,
        };
        ok = f && media_of_form(p->bank, &out->media, f, &out->papers[i].beside, e) &&
             seal_paper(p, f, &out->papers[i], key, e);
    }
    out->media.key = NULL;
    ok = ok && make_slots(p, out, key, e);
    secret_wipe(key, sizeof key);
    return ok;
}

static bool split_key(struct preparing *p, struct err *e)
{
    struct share shares[OFFICERS_MAX];
    const struct prepare_order *o = p->order;
    bool ok = true;
    share_split(p->session_key, o->session, (int)o->officer_count, shares);
    for (size_t i = 0; i < o->officer_count && ok; i++) {
        unsigned char public[BOX_PUBLIC_BYTES];
        bool found;
        unsigned char *box = arena_array(p->bank->arena, unsigned char,
                                         SHARE_BYTES + BOX_SEAL_EXTRA_BYTES);
        ok = officer_public(p->bank->db, p->bank->arena, o->officers[i], public, &found, e) &&
             (found ||
              FAIL(e, RULE, "/officers", "第 %zu 位启封员还没有登记启封密钥。", i + 1));
        if (ok)
            box_seal(box, shares[i].bytes, SHARE_BYTES, public);
        p->boxes[i] = (struct bytes){box, SHARE_BYTES + BOX_SEAL_EXTRA_BYTES};
    }
    secret_wipe(shares, sizeof shares);
    return ok;
}

/* By index, as they were made. */
static struct paper_object *objects_of(struct arena *a, const struct made_room *r)
{
    struct paper_object *all = arena_array(a, struct paper_object, r->media.objects + 1);
    size_t n = 0;
    for (size_t i = 0; i < r->media.form_count; i++)
        for (size_t k = 0; k < r->media.forms[i].count; k++)
            all[n++] = r->media.forms[i].media[k].object;
    return all;
}

static bool sign_room(struct preparing *p, struct made_room *r, const char *previous,
                      struct err *e)
{
    const struct prepare_order *o = p->order;
    struct arena *a = p->bank->arena;
    struct paper_row *rows = arena_array(a, struct paper_row, r->count + 1);
    for (size_t i = 0; i < r->count; i++)
        rows[i] = r->papers[i].row;
    struct manifest m = {
        .session = o->session,
        .room = r->record.room,
        .revision = p->revision,
        .previous = previous,
        .open_at_ms = o->open_at_ms,
        .close_at_ms = o->close_at_ms,
        .now_ms = p->bank->actor->now_ms,
        .programme = programme_find(p->bank->programmes, p->forms[0].row.programme),
        .room_key_commit = r->record.key_commit,
        .answer_key_commit = p->key_commit,
        .papers = rows,
        .paper_count = r->count,
        .objects = objects_of(a, r),
        .object_count = r->media.objects,
        .nodes = r->order->nodes,
        .node_count = r->order->node_count,
        .roster = r->order->roster,
        .slots = &r->slots,
    };
    return (m.programme || FAIL(e, NOT_FOUND, "programme", "试卷所属的项目已不存在。")) &&
           manifest_sign(a, &m, &o->signer, &r->manifest, e);
}

/* Hex SHA-256 of the manifest that this one takes the place of. */
static bool previous_manifest(struct preparing *p, uint32_t room, const char **out,
                              struct err *e)
{
    struct err why = {0};
    struct bytes before;
    unsigned char hash[HASH_BYTES];
    char *hex = arena_array(p->bank->arena, char, 2 * HASH_BYTES + 1);
    *out = NULL;
    if (p->revision == 1)
        return true;
    if (!paper_manifest(p->bank->db, p->bank->arena, p->order->session, room, &before, &why))
        return why.code == ERR_NOT_FOUND || FAIL(e, STORE, "room", "%s", why.text);
    hash_of(hash, before.at, before.len);
    hex_write(hex, hash, sizeof hash);
    *out = hex;
    return true;
}

static bool make_all(struct preparing *p, struct err *e)
{
    const struct prepare_order *o = p->order;
    struct arena *a = p->bank->arena;
    p->keys = key_set_begin(a, o->session, p->revision);
    p->rooms = arena_array(a, struct made_room, o->room_count);
    random_bytes(p->session_key, KEY_BYTES);
    random_bytes(p->seed, SEED_BYTES);
    for (size_t i = 0; i < o->room_count; i++)
        if (!make_room(p, &o->rooms[i], &p->rooms[i], e))
            return false;
    if (p->form_count == 0)
        return FAIL(e, INVALID, "/rooms", "场次还没有考生。");
    if (!key_set_end(p->keys, p->bank->master, p->key_commit, &p->sealed_keys, e) ||
        !split_key(p, e))
        return false;
    for (size_t i = 0; i < o->room_count; i++) {
        const char *previous;
        if (!previous_manifest(p, o->rooms[i].room, &previous, e) ||
            !sign_room(p, &p->rooms[i], previous, e))
            return false;
    }
    return true;
}

/* --- into the database ------------------------------------------------------------------------- */
static bool freeze_form(struct db *db, struct preparing *p, const struct form *f, struct err *e)
{
    struct id *items = arena_array(p->bank->arena, struct id, f->item_count + 1);
    struct id *versions = arena_array(p->bank->arena, struct id, f->item_count + 1);
    for (size_t i = 0; i < f->item_count; i++) {
        items[i] = f->items[i].item_id;
        versions[i] = f->items[i].version_id;
    }
    return bank_freeze(db, p->bank->actor, items, versions, f->item_count, e) &&
           form_mark_sealed(db, p->bank->actor, f->row.id, e);
}

static bool put_objects(struct db *db, const struct media_room *r, struct err *e)
{
    for (size_t i = 0; i < r->form_count; i++)
        for (size_t k = 0; k < r->forms[i].count; k++)
            if (!paper_object_put(db, &r->forms[i].media[k].object, r->forms[i].blobs[k], e))
                return false;
    return true;
}

static bool put_rooms(struct db *db, struct preparing *p, struct err *e)
{
    for (size_t i = 0; i < p->order->room_count; i++) {
        const struct made_room *r = &p->rooms[i];
        if (!sealed_room_put(db, p->order->session, &r->record, r->manifest, e) ||
            (r->order->node_count > 0 &&
             !roster_put(db, p->order->session, r->record.room, r->order->roster, e)) ||
            !put_objects(db, &r->media, e))
            return false;
        for (size_t k = 0; k < r->count; k++)
            if (!paper_put(db, &r->papers[k].row, r->papers[k].blob, e))
                return false;
    }
    return true;
}

/* The revision may have grown, or the papers been released, since we began. */
static bool still_ours(struct db *db, const struct preparing *p, struct err *e)
{
    struct sealed_session s;
    bool found;
    if (!sealed_session_find(db, p->bank->arena, p->order->session, &s, &found, e))
        return false;
    if (found && s.released_ms != 0)
        return FAIL(e, CONFLICT, "/session", "本场次的试卷已经启封，不能重新制作。");
    return (found ? s.revision + 1 : 1) == p->revision ||
           FAIL(e, CONFLICT, "/session", "本场次的试卷刚刚被重新制作过。");
}

static bool put_all(struct db *db, void *ctx, struct err *e)
{
    struct preparing *p = ctx;
    const struct prepare_order *o = p->order;
    struct sealed_session s = {
        .session = o->session,
        .body = p->bank->actor->body,
        .revision = p->revision,
        .title = o->title,
        .minutes = o->minutes,
        .open_at_ms = o->open_at_ms,
        .close_at_ms = o->close_at_ms,
        .key_set = p->sealed_keys,
        .key_commit = {p->key_commit, HASH_BYTES},
    };
    if (!still_ours(db, p, e) || (o->may && !o->may(db, o->session, e)) ||
        !sealed_session_drop(db, o->session, e) ||
        !sealed_session_put(db, &s, p->bank->actor->now_ms, e))
        return false;
    for (size_t i = 0; i < p->form_count; i++)
        if (!freeze_form(db, p, &p->forms[i], e))
            return false;
    for (size_t i = 0; i < o->officer_count; i++)
        if (!share_put(db, o->session, (int)i + 1, o->officers[i], p->boxes[i], e))
            return false;
    json_t *change = json_keep(p->bank->arena,
                               json_pack("{s:I, s:I, s:I}", "revision", (json_int_t)p->revision,
                                         "rooms", (json_int_t)o->room_count, "officers",
                                         (json_int_t)o->officer_count));
    return put_rooms(db, p, e) && audit_write(db, p->bank->actor,
                                              &(struct audit_row){.act = ACT_paper_prepare,
                                                                  .object_type = "se",
                                                                  .object = o->session,
                                                                  .change = change},
                                              e);
}

static bool begin_revision(struct preparing *p, struct err *e)
{
    struct sealed_session s;
    bool found;
    if (!sealed_session_find(p->bank->db, p->bank->arena, p->order->session, &s, &found, e))
        return false;
    if (found && !id_equal(s.body, p->bank->actor->body))
        return FAIL(e, NOT_FOUND, "session", "没有这个场次。");
    p->revision = found ? (uint32_t)s.revision + 1 : 1;
    return p->revision < 65536 || FAIL(e, CONFLICT, "/session", "重新制作的次数过多。");
}

static void hand_over_bags(struct preparing *p, bool committed)
{
    for (size_t i = 0; p->rooms && i < p->order->room_count; i++) {
        struct made_room *r = &p->rooms[i];
        if (committed && r->order && r->order->node_count > 0 && p->order->envelopes)
            envelope_desk_put(p->order->envelopes, p->order->session, r->record.room,
                              p->revision, r->bags);
        secret_wipe(r->bags, sizeof r->bags);
    }
}

bool paper_prepare(const struct bank *b, const struct prepare_order *order, struct err *e)
{
    if (!order_is_good(order, e))
        return false;
    struct bank job = *b;
    job.arena = arena_create(JOB_ARENA_BYTES);
    struct preparing *p = arena_new(job.arena, struct preparing);
    p->bank = &job;
    p->order = order;
    bool ok = begin_revision(p, e) && make_all(p, e);
    secret_wipe(p->session_key,
                KEY_BYTES); /* from here on only two officers can make it again */
    ok = ok && db_transact(b->db, put_all, p, e);
    hand_over_bags(p, ok);
    secret_wipe(p->seed, SEED_BYTES);
    arena_destroy(job.arena);
    return ok;
}
