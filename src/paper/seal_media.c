/* paper/seal_media.c - HNP1 objects: read from the bank, sealed, read back, compared (SECURITY §3.2). */
#include "paper/seal_media.h"

#include "bank/attachment.h"
#include "base/arena.h"
#include "paper/blob.h"

enum { SCRATCH_BYTES = 8 * MEDIA_BYTES_MAX };

static bool seal_bytes(const struct bank *b, const struct media_room *r, struct bytes plain,
                       struct arena *scratch, struct paper_media *m, struct bytes *out,
                       struct err *e)
{
    struct bytes blob, again;
    struct blob_head head = {
        .flags = BLOB_OBJECT,
        .session = m->object.session,
        .paper = m->object.id,
        .room = m->object.room,
        .index = m->object.index,
        .revision = m->object.revision,
        .open_at_ms = r->order->open_at_ms,
    };
    if (!blob_seal(scratch, head, m->key, plain, &blob, e) ||
        !blob_open(scratch, blob, m->key, &head, &again, e))
        return false;
    if (!bytes_equal(plain, again))
        return FAIL(e, INTERNAL, "/blob", "封存的音视频读回后与原文不符。");
    hash_of(m->object.sha256, blob.at, blob.len);
    m->object.bytes = (int64_t)blob.len;
    *r->bytes += (int64_t)blob.len;
    if (*r->bytes > SESSION_MEDIA_BYTES_MAX)
        return FAIL(e, RULE, "/rooms",
                    "各考场的音视频合计超过 %d MiB：请减少带音视频的试题，或降低码率。",
                    SESSION_MEDIA_BYTES_MAX >> 20);
    *out = (struct bytes){arena_copy(b->arena, blob.at, blob.len), blob.len};
    return true;
}

static bool seal_one(const struct bank *b, struct media_room *r, const struct form *f,
                     const struct item_media *one, struct paper_media *m, struct bytes *out,
                     struct err *e)
{
    struct attached file;
    struct arena *scratch = arena_create(SCRATCH_BYTES);
    struct bank reading = *b;
    reading.arena = scratch;
    *m = (struct paper_media){
        .sha256 = one->sha256,
        .type = one->type,
        .object = {.id = id_random(),
                   .session = r->order->session,
                   .form = f->row.id,
                   .room = r->room,
                   .index = (uint32_t)(OBJECT_FIRST + r->objects++),
                   .revision = r->revision},
    };
    paper_key(m->key, r->key, m->object.index);
    bool ok = attachment_open(&reading, one->sha256, &file, e) &&
              seal_bytes(b, r, file.bytes, scratch, m, out, e);
    arena_destroy(scratch);
    return ok;
}

bool media_of_form(const struct bank *b, struct media_room *r, const struct form *f,
                   const struct sealed_media **out, struct err *e)
{
    for (size_t i = 0; i < r->form_count; i++)
        if (id_equal(r->forms[i].form, f->row.id)) {
            *out = &r->forms[i];
            return true;
        }
    r->forms = arena_grow(b->arena, r->forms, r->form_count, r->form_count + 1,
                          sizeof *r->forms);
    struct sealed_media *s = &r->forms[r->form_count++];
    *s = (struct sealed_media){
        .form = f->row.id,
        .media = arena_array(b->arena, struct paper_media, f->media_count + 1),
        .blobs = arena_array(b->arena, struct bytes, f->media_count + 1),
        .count = f->media_count,
    };
    for (size_t i = 0; i < s->count; i++)
        if (!seal_one(b, r, f, &f->media[i], &s->media[i], &s->blobs[i], e))
            return false;
    *out = s;
    return true;
}
