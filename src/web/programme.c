/* web/programme.c - the programmes as data, for every page that shows a rule. */
#include "programme/programme.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "web/app.h"
#include "web/handlers.h"

static void write_level(struct json_out *o, const struct programme *p, const struct level *l)
{
    out_object(o);
    put_int(o, "level", l->level);
    put_text(o, "name", l->name);
    put_array(o, "directions");
    for (size_t i = 0; i < p->direction_count; i++)
        if (direction_has_level(&p->directions[i], l->level)) {
            out_object(o);
            put_text(o, "id", p->directions[i].id);
            put_text(o, "name", p->directions[i].name);
            out_object_end(o);
        }
    out_array_end(o);
    put_array(o, "components");
    for (size_t i = 0; i < p->component_count; i++)
        if (component_at_level(&p->components[i], l->level)) {
            out_object(o);
            put_text(o, "id", p->components[i].id);
            put_text(o, "name", p->components[i].name);
            put_int(o, "min_minutes", p->components[i].min_minutes);
            put_int(o, "full", p->components[i].full_millimarks);
            put_int(o, "pass", p->components[i].pass_millimarks);
            out_object_end(o);
        }
    out_array_end(o);
    out_object_end(o);
}

bool programmes_get(struct request *rq, struct reply *rp, struct err *e)
{
    (void)e;
    const struct programme_set *set = rq->app->programmes;
    struct json_out *o = reply_json(rp);
    put_int(o, "total", (int64_t)set->count);
    put_array(o, "programmes");
    for (size_t i = 0; i < set->count; i++) {
        const struct programme *p = set->at[i];
        out_object(o);
        put_text(o, "id", p->id);
        put_text(o, "name", p->name);
        put_text(o, "title", p->title);
        put_text(o, "edition", p->edition);
        put_text(o, "issuer", p->issuer);
        put_text(o, "occupation", p->occupation ? p->occupation->name : NULL);
        put_text(o, "code", p->occupation ? p->occupation->code : NULL);
        put_array(o, "levels");
        for (size_t k = 0; k < p->level_count; k++)
            write_level(o, p, &p->levels[k]);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}

/* Only the members NAMES ("eligibility,majors"): a phone needs the lists, not the whole file. */
static void put_members(struct request *rq, struct json_out *o, const struct programme *p,
                        const char *names)
{
    put_object(o, "programme");
    while (*names) {
        size_t len = strcspn(names, ",");
        const char *name = arena_copy(rq->arena, names, len);
        const json_t *value = json_object_get(p->file, name);
        if (value)
            put_json(o, name, value);
        names += len + (names[len] == ',');
    }
    out_object_end(o);
}

/* The data file as it is: pages show clauses and tables from it word for word. */
bool programme_get(struct request *rq, struct reply *rp, struct err *e)
{
    const char *only = request_query(rq, "only");
    const struct programme *p = programme_find(rq->app->programmes, rq->word[0]);
    if (!p)
        return FAIL(e, NOT_FOUND, "/programme", "没有这个方案。");
    struct json_out *o = reply_json(rp);
    put_text(o, "id", p->id);
    put_text(o, "digest", p->digest);
    if (only && *only)
        put_members(rq, o, p, only);
    else
        put_json(o, "programme", p->file);
    return true;
}
