/* web/entry_of.c - what the handlers for batches and applications share. */
#include "web/entry_of.h"

#include <string.h>

#include "base/fields.h"
#include "base/json.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/people_of.h"
#include "web/reply.h"
#include "web/request.h"

static struct entry_desk desk(struct request *rq, struct entry_scope scope)
{
    return (struct entry_desk){.people = people_of(rq),
                               .programmes = rq->app->programmes,
                               .scope = scope,
                               .blobs = &rq->app->blobs,
                               .program = rq->app->program};
}

struct entry_desk entry_desk_of(struct request *rq)
{
    return desk(rq, entry_scope_of(&rq->viewer));
}

struct entry_desk entry_desk_own(struct request *rq)
{
    return desk(rq, entry_scope_own(&rq->viewer));
}

void put_date(struct json_out *o, const char *key, date_days d)
{
    char text[DATE_TEXT_BYTES] = "";
    if (d != DATE_NONE)
        date_write(d, text);
    put_text(o, key, *text ? text : NULL);
}

static void put_levels(struct json_out *o, const struct batch *b, const struct programme *p)
{
    put_array(o, "levels");
    for (size_t i = 0; i < b->level_count; i++) {
        const struct batch_level *l = &b->levels[i];
        const struct level *named = p ? programme_level(p, l->level) : NULL;
        out_object(o);
        put_int(o, "level", l->level);
        put_text(o, "name", named ? named->name : NULL);
        put_int(o, "quota", l->quota);
        put_int(o, "taken", l->taken);
        put_array(o, "directions");
        for (size_t d = 0; p && d < p->direction_count; d++) {
            if (!direction_has_level(&p->directions[d], l->level))
                continue;
            out_object(o);
            put_text(o, "id", p->directions[d].id);
            put_text(o, "name", p->directions[d].name);
            out_object_end(o);
        }
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
}

void put_batch(struct json_out *o, const struct batch *b, const struct programme *p)
{
    put_id(o, "id", b->id);
    put_text(o, "title", b->title);
    put_text(o, "programme", b->programme);
    put_text(o, "programme_title", p ? p->title : NULL);
    put_text(o, "programme_digest", b->programme_digest);
    put_text(o, "state", batch_state_name(b->state));
    put_text(o, "state_label", batch_state_label(b->state));
    put_int(o, "version", b->version);
    put_int(o, "apply_from_ms", b->apply_from_ms);
    put_int(o, "apply_until_ms", b->apply_until_ms);
    put_date(o, "exam_from", b->exam_from);
    put_date(o, "exam_until", b->exam_until);
    put_int(o, "quota", b->quota);
    put_int(o, "taken", b->taken);
    put_levels(o, b, p);
    out_key(o, "policy");
    fields_write(&batch_policy_fields, &b->policy, o);
    put_int(o, "created_ms", b->created_ms);
}

/* What the program itself has written; never bytes from outside. */
static void put_stored_json(struct json_out *o, const char *key, const char *text)
{
    json_t *v = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    put_json(o, key, v);
    json_decref(v);
}

void put_level(struct json_out *o, const struct programme *p, int64_t level,
               const char *direction)
{
    const struct level *l = p ? programme_level(p, level) : NULL;
    const struct direction *d = p && direction && *direction ? programme_direction(p, direction)
                                                             : NULL;
    put_int(o, "level", level);
    put_text(o, "level_name", l ? l->name : NULL);
    put_text(o, "direction", direction);
    put_text(o, "direction_name", d ? d->name : NULL);
}

void put_entry(struct json_out *o, const struct entry *n, const struct programme *p)
{
    put_id(o, "id", n->id);
    put_id(o, "batch", n->batch);
    put_id(o, "person", n->person);
    put_id(o, "partner", n->partner);
    put_level(o, p, n->level, n->direction);
    put_text(o, "state", entry_state_name(n->state));
    put_text(o, "state_label", entry_state_label(n->state));
    put_int(o, "version", n->version);
    put_bool(o, "has_photo", !id_is_zero(n->photo));
    put_stored_json(o, "facts", n->facts);
    put_stored_json(o, "kept", n->kept);
    put_text(o, "reason", n->reason);
    put_int(o, "created_ms", n->created_ms);
    put_int(o, "changed_ms", n->changed_ms);
    put_int(o, "submitted_ms", n->submitted_ms);
    put_int(o, "decided_ms", n->decided_ms);
}
