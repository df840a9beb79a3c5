/* app/road_mark.c - the machine marks, examiners score without seeing each other, two publish. */
#include <string.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/json.h"

bool road_mark(struct road *r, int64_t *count, struct err *e)
{
    json_t *report;
    struct client *c = road_as(r, "registrar", e);
    if (!c || !client_json(c, r->arena, "POST",
                           road_path(r->arena, "/api/sessions/", r->theory, "/score"), NULL,
                           &report, e))
        return false;
    *count = json_member_int(report, "scored", 0);
    if (*count != (int64_t)r->count)
        return FAIL(e, INTERNAL, "/scored", "只评了 %lld 份答卷。", (long long)*count);
    return road_compare_answers(r, e);
}

/* Between 70 and 86 of a hundred, a little different for each examiner. */
static json_t *scores_of(const json_t *sheet, const struct road_scoring *s, size_t number)
{
    int64_t less = number == 0 ? s->less : 0;
    json_t *scores = json_object();
    size_t i;
    json_t *point;
    json_array_foreach(json_object_get(json_object_get(sheet, "rubric"), "points"), i, point)
    {
        int64_t full = json_member_int(point, "full", 0);
        int64_t percent = 70 + (int64_t)((number * 7 + i * 3 + s->own * 2) % 16) - less;
        json_object_set_new(scores, json_member_text(point, "id"),
                            json_integer(full * percent / 100));
    }
    return scores;
}

bool road_score_session(const struct road_scoring *s, int64_t *count, struct err *e)
{
    struct arena *a = arena_create(512 << 20);
    json_t *list, *sheet;
    size_t i;
    bool ok = client_json(s->client, a, "GET",
                          road_path(a, "/api/sessions/", s->session, "/sheets"), NULL, &list,
                          e);
    json_array_foreach(ok ? json_object_get(list, "sheets") : NULL, i, sheet)
    {
        const char *path = arena_printf(a, "%s%s",
                                        road_path(a, "/api/sessions/", s->session, "/sheets/"),
                                        json_member_text(sheet, "entry"));
        ok = client_json(s->client, a, "PUT", path,
                         json_pack("{s:o, s:i, s:b}", "scores", scores_of(sheet, s, i),
                                   "version", 0, "submit", 1),
                         NULL, e);
        if (!ok)
            break;
        ++*count;
    }
    arena_destroy(a);
    return ok;
}

bool road_score_skills(struct road *r, int64_t *count, struct err *e)
{
    static const char *const examiners[] = {"examiner", "examiner2", "examiner3"};
    *count = 0;
    for (size_t k = 0; k < 3; k++) {
        struct client *c = road_as(r, examiners[k], e);
        if (!c)
            return false;
        for (size_t i = 0; i < r->skills_count; i++) {
            struct road_scoring s = {c, r->skills[i], k, 0};
            if (!road_score_session(&s, count, e))
                return false;
        }
    }
    return true;
}

bool road_publish(struct road *r, int64_t *count, struct err *e)
{
    json_t *report, *waiting, *awards;
    struct client *c = road_as(r, "registrar", e);
    if (!c || !client_json(c, r->arena, "POST",
                           road_path(r->arena, "/api/batches/", r->batch, "/results/compute"),
                           json_object(), &report, e))
        return false;
    if (!json_is_true(json_object_get(report, "stored"))) {
        const json_t *missing = json_array_get(json_object_get(report, "missing"), 0);
        return FAIL(e, INTERNAL, "/missing", "成绩不全：%s", json_member_text(missing, "what"));
    }
    if (!client_json(c, r->arena, "POST",
                     road_path(r->arena, "/api/batches/", r->batch, "/results/publish"), NULL,
                     &waiting, e) ||
        !road_confirm(r, "registrar2", waiting, e) || !road_panel_counts(r, c, e) ||
        !client_json(c, r->arena, "GET",
                     road_path(r->arena, "/api/batches/", r->batch, "/awards"), NULL, &awards,
                     e))
        return false;
    *count = json_member_int(awards, "total", 0);
    return *count > 0 || FAIL(e, INTERNAL, "/awards", "没有人合格。");
}
