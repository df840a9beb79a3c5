/* web/item_attached.c - pictures, sounds and films of items, in and out. */
#include <string.h>

#include "bank/attachment.h"
#include "base/arena.h"
#include "web/app.h"
#include "web/bank_of.h"
#include "web/handlers.h"

bool item_picture_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached picture;
    char hex[2 * HASH_BYTES + 1];
    if (!attachment_bring(&b, rq->app->program, rq->body, &picture, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    hex_write(hex, picture.digest, HASH_BYTES);
    put_object(o, "picture");
    put_text(o, "sha256", hex);
    put_text(o, "type", picture.type);
    put_int(o, "width", picture.width);
    put_int(o, "height", picture.height);
    put_int(o, "bytes", (int64_t)picture.bytes.len);
    out_object_end(o);
    return true;
}

bool item_media_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached media;
    char hex[2 * HASH_BYTES + 1];
    if (!attachment_bring_media(&b, rq->app->program, rq->body, &media, e))
        return false;
    struct json_out *o = reply_json_with(rp, 201);
    hex_write(hex, media.digest, HASH_BYTES);
    put_object(o, "media");
    put_text(o, "sha256", hex);
    put_text(o, "type", media.type);
    put_int(o, "duration_ms", media.duration_ms);
    put_int(o, "width", media.width);
    put_int(o, "height", media.height);
    put_int(o, "bytes", (int64_t)media.bytes.len);
    out_object_end(o);
    return true;
}

void reply_attached(struct request *rq, struct reply *rp, const struct attached *file)
{
    bool picture = strncmp(file->type, "image/", 6) == 0;
    const char *name = strcmp(file->type, "image/png") == 0 ? "picture.png"
                       : picture
                           ? "picture.jpg"
                           : arena_printf(rq->arena, "media.%s", media_extension(file->type));
    reply_file(rp, file->type, name, file->bytes);
}

/* For who reads the bank of the own body; a candidate has what the paper shows inside the paper. A sound
 * or film is fetched whole and played from memory: no range is asked for. */
bool item_attached_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct bank b = bank_of(rq);
    struct attached file;
    if (!attachment_open(&b, rq->word[0], &file, e))
        return false;
    reply_attached(rq, rp, &file);
    return true;
}
