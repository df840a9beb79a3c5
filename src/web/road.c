/* web/road.c - the candidate's own applications, and what comes next for each. */
#include "base/arena.h"
#include "entry/entry_store.h"
#include "entry/timeline.h"
#include "programme/programme.h"
#include "web/app.h"
#include "web/entry_of.h"
#include "web/handlers.h"

bool my_entries_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_own(rq);
    struct entry_list list;
    if (!entry_list_own(rq->db, rq->arena, &d.scope, &list, e))
        return false;
    struct batch *batches = arena_array(rq->arena, struct batch, list.count + 1);
    const struct programme **programmes = arena_array(rq->arena, const struct programme *,
                                                      list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        if (!entry_frame(&d, &list.at[i], &batches[i], &programmes[i], e))
            return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "entries");
    for (size_t i = 0; i < list.count; i++) {
        out_object(o);
        put_entry(o, &list.at[i], programmes[i]);
        put_text(o, "batch_title", batches[i].title);
        put_text(o, "programme", batches[i].programme);
        put_date(o, "exam_from", batches[i].exam_from);
        put_date(o, "exam_until", batches[i].exam_until);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "total", (int64_t)list.count);
    return true;
}

static const char *title_of(struct arena *a, const struct entry *n, const struct programme *p)
{
    const struct level *level = programme_level(p, n->level);
    const struct direction *direction = *n->direction ? programme_direction(p, n->direction)
                                                      : NULL;
    const char *name = level && !level->not_printed ? level->name : p->name;
    return direction ? arena_printf(a, "%s · %s", name, direction->name) : name;
}

static void put_ms(struct json_out *o, const char *key, int64_t ms)
{
    out_key(o, key);
    if (ms)
        out_int(o, ms);
    else
        out_null(o);
}

static void put_next(struct json_out *o, const struct road *r)
{
    out_key(o, "next");
    if (!r->title) {
        out_null(o);
        return;
    }
    out_object(o);
    put_text(o, "code", r->next ? stage_road(r->next->stage) : "done");
    put_text(o, "title", r->title);
    put_text(o, "text", r->text);
    put_ms(o, "by", r->next ? r->next->by_ms : 0);
    if (r->path) {
        put_text(o, "path", r->path);
        put_text(o, "action", r->action);
    }
    out_object_end(o);
}

static void put_stages(struct json_out *o, const struct road *r)
{
    put_array(o, "stages");
    for (size_t i = 0; i < r->count; i++) {
        const struct road_stage *s = &r->stages[i];
        out_object(o);
        put_text(o, "code", stage_road(s->stage));
        put_text(o, "state", road_state_name(s->state));
        put_ms(o, "at", s->at_ms);
        put_ms(o, "by", s->state == ROAD_DONE ? 0 : s->by_ms);
        if (s->note)
            put_text(o, "note", s->note);
        out_object_end(o);
    }
    out_array_end(o);
}

bool my_road_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct entry_desk d = entry_desk_own(rq);
    struct entry_list list;
    if (!entry_list_own(rq->db, rq->arena, &d.scope, &list, e))
        return false;
    struct road *roads = arena_array(rq->arena, struct road, list.count + 1);
    const char **titles = arena_array(rq->arena, const char *, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        struct batch b;
        const struct programme *p;
        struct entry_progress progress;
        if (!entry_frame(&d, &list.at[i], &b, &p, e) ||
            !entry_progress(rq->db, &list.at[i], &progress, e))
            return false;
        struct road_facts f = {&list.at[i], &b, &progress, rq->app->calendar, rq->now_ms};
        road_of(rq->arena, &f, &roads[i]);
        titles[i] = title_of(rq->arena, &list.at[i], p);
    }
    struct json_out *o = reply_json(rp);
    put_int(o, "now", rq->now_ms);
    put_array(o, "entries");
    for (size_t i = 0; i < list.count; i++) {
        out_object(o);
        put_id(o, "id", list.at[i].id);
        put_text(o, "title", titles[i]);
        put_next(o, &roads[i]);
        put_stages(o, &roads[i]);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
