/* web/evidence.c - photos and proofs, up and down. */
#include "entry/evidence.h"

#include "web/entry_of.h"
#include "web/handlers.h"

/* 200 with the findings either way: a photo that does not do is an answer, not a fault. */
bool entry_photo_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct photo photo;
    struct entry n;
    if (!entry_photo_put(&d, rq->id[0], rq->body, &photo, e) ||
        !entry_get(rq->db, rq->arena, &d.scope, rq->id[0], &n, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_object(o, "photo");
    photo_put(o, &photo);
    out_object_end(o);
    put_int(o, "version", n.version);
    return true;
}

bool entry_photo_file_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct bytes jpeg;
    if (!entry_photo_get(&d, rq->id[0], &jpeg, e))
        return false;
    reply_file(rp, "image/jpeg", "photo.jpg", jpeg);
    return true;
}

bool evidence_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct evidence v;
    struct evidence_upload u = {.entry = rq->id[0],
                                .id = id_random(),
                                .kind = request_query(rq, "kind"),
                                .fact = request_query(rq, "fact"),
                                .name = request_query(rq, "name"),
                                .file = rq->body};
    struct entry n;
    if (!evidence_add(&d, &u, &v, e) ||
        !entry_get(rq->db, rq->arena, &d.scope, rq->id[0], &n, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    put_object(o, "evidence");
    put_id(o, "id", v.id);
    put_text(o, "kind", v.kind);
    put_text(o, "fact", v.fact);
    put_text(o, "name", v.name);
    put_text(o, "media_type", v.media_type);
    put_int(o, "size", v.size);
    out_object_end(o);
    put_int(o, "version", n.version);
    return true;
}

bool evidence_file_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct evidence v;
    struct bytes file;
    if (!evidence_read(&d, rq->id[0], rq->id[1], &v, &file, e))
        return false;
    reply_file(rp, v.media_type, *v.name ? v.name : "evidence", file);
    return true;
}

bool evidence_delete(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct entry n;
    if (!evidence_remove(&d, rq->id[0], rq->id[1], e) ||
        !entry_get(rq->db, rq->arena, &d.scope, rq->id[0], &n, e))
        return false;
    put_int(reply_json(rp), "version", n.version);
    return true;
}
