/* web/resit.c - resits: what an application shows of them, and what an acceptance refuses and notes. */
#include "web/resit.h"

#include <string.h>

#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"
#include "entry/batch.h"
#include "entry/entry.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/entry_of.h"
#include "web/request.h"

bool resits_of(struct request *rq, const struct entry *n, const struct batch *b,
               const struct programme *p, struct resits *out, struct err *e)
{
    out->question = (struct resit_question){
        .person = n->person,
        .entry = n->id,
        .programme = p,
        .level = n->level,
        .direction = n->direction,
        .keep_days = b->policy.part_validity_days,
        .max_resits = b->policy.max_resits,
        .at_ms = instant_of(b->exam_from, 0, CHINA_OFFSET_MS),
    };
    return resit_ask(rq->db, rq->arena, n->body, &out->question, &out->answer, e);
}

static void put_day(struct json_out *o, const char *key, int64_t from_ms)
{
    put_date(o, key,
             from_ms ? date_of_instant(from_ms + DAY_MS - 1, CHINA_OFFSET_MS) : DATE_NONE);
}

static void put_part(struct json_out *o, const struct resit_part *part)
{
    out_object(o);
    put_text(o, "component", part->component->id);
    put_text(o, "name", part->component->name);
    put_int(o, "tries", part->verdict.tries);
    put_bool(o, "refused", part->verdict.refused);
    put_day(o, "again", part->verdict.again_ms);
    put_bool(o, "kept", part->kept != NULL);
    if (part->kept) {
        put_int(o, "millimarks", part->kept->millimarks);
        put_int(o, "until_ms", part->kept->until_ms);
    }
    out_object_end(o);
}

void put_resits(struct json_out *o, const struct resits *r)
{
    const struct resit_answer *a = &r->answer;
    bool before = false;
    for (size_t i = 0; i < a->count; i++)
        before = before || a->parts[i].kept || a->parts[i].verdict.tries > 0;
    if (!before)
        return;
    put_object(o, "resits");
    put_int(o, "max_resits", r->question.max_resits);
    put_int(o, "keep_days", r->question.keep_days);
    put_text(o, "source", a->source);
    put_bool(o, "refused", a->refused != NULL);
    put_day(o, "again", a->refused ? a->refused->verdict.again_ms : 0);
    put_array(o, "parts");
    for (size_t i = 0; i < a->count; i++)
        put_part(o, &a->parts[i]);
    out_array_end(o);
    out_object_end(o);
}

static bool ask(struct request *rq, const struct entry *n, struct resits *out, struct err *e)
{
    struct entry_desk d = entry_desk_of(rq);
    struct batch b;
    const struct programme *p;
    return entry_frame(&d, n, &b, &p, e) && resits_of(rq, n, &b, p, out, e) &&
           resit_allow(&out->question, &out->answer, e);
}

bool resits_check(struct request *rq, struct id entry, struct err *e)
{
    struct entry_scope scope = entry_scope_of(&rq->viewer);
    struct entry n;
    struct resits r;
    return entry_get(rq->db, rq->arena, &scope, entry, &n, e) && ask(rq, &n, &r, e);
}

static const char *kept_text(struct arena *a, const struct resit_answer *answer)
{
    struct json_out *o = json_out_create(a);
    out_array(o);
    for (size_t i = 0; i < answer->count; i++) {
        const struct kept_part *kept = answer->parts[i].kept;
        if (!kept)
            continue;
        out_object(o);
        put_text(o, "component", kept->component);
        put_int(o, "millimarks", kept->millimarks);
        put_int(o, "until", kept->until_ms);
        out_object_end(o);
    }
    out_array_end(o);
    return json_out_text(o);
}

bool resits_note(struct db *db, void *ctx, const struct entry *n, struct err *e)
{
    struct request *rq = ctx;
    struct resits r;
    if (!ask(rq, n, &r, e))
        return false;
    const char *kept = kept_text(rq->arena, &r.answer);
    return (n->kept && strcmp(n->kept, kept) == 0) ||
           entry_put_kept(db, n->body, n->id, kept, e);
}
