/* web/sit_file.c - files that a candidate hands in, piece by piece, with the attempt's proof. */
#include "sitting/handed_in.h"

#include "base/json_out.h"
#include "sitting/carry.h"
#include "sitting/live.h"
#include "store/blob.h"
#include "web/app.h"
#include "web/conduct.h"
#include "web/handlers.h"

bool sit_file_post(struct request *rq, struct reply *rp, struct err *e)
{
    struct live_attempt *a;
    unsigned char key[KEY_BYTES], carry[BOX_PUBLIC_BYTES];
    struct blob_place place = rq->app->blobs;
    struct handed out;
    struct handed_piece in = {.content = rq->body,
                              .program = rq->app->program,
                              .limits = &handed_limits,
                              .now_ms = rq->now_ms};
    if (!sit_authorised(rq, &a, e) || !handed_name_read(rq->word[0], &in.name, e))
        return false;
    if (rq->app->node) {
        if (!carry_public_get(rq->db, rq->arena, a->session->id, carry, e))
            return false;
        in.carry = carry;
    }
    in.attempt = a;
    handed_in_key(rq->app->master, a->session->id, key);
    place.key = key;
    bool ok = handed_in_take(rq->app->journal, rq->db, &place, rq->arena, &in, &out, e);
    secret_wipe(key, sizeof key);
    if (!ok)
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "have", out.have);
    put_text(o, "type", out.type);
    return true;
}
