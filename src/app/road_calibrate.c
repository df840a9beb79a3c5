/* app/road_calibrate.c - what was published measures the items: a reviewer estimates, two adopt, and the next
 * form is composed and drawn by it. With too few people the bank says so and keeps nothing. */
#include <string.h>

#include "app/await_work.h"
#include "app/road.h"
#include "base/arena.h"
#include "base/json.h"

enum { RASCH_PERSONS = 100, TWO_PL_PERSONS = 500, LEAST_MEASURED = 20 };

/* Too few people: it ends with the sentence that says how many, and keeps nothing. */
static bool refused(struct client *c, struct arena *a, struct err *e)
{
    json_t *asked, *row;
    if (!client_json(c, a, "POST", "/api/calibrations",
                     json_pack("{s:s, s:s}", "programme", "national-2023", "model", "rasch"),
                     &asked, e) ||
        !await_work(c, a, asked, &row, e))
        return false;
    return strcmp(json_member_text(row, "state"), "failed") == 0 &&
                   strcmp(json_member_text(row, "field"), "/model") == 0
               ? true
               : FAIL(e, INTERNAL, "/calibrations", "人不够，却没有拒绝：%s",
                      json_compact(a, row));
}

/* Every item has a place and an error on the scale, and none that everybody was given the marks of. */
static bool run_is_sound(struct road *r, const json_t *view, int64_t *fresh, struct err *e)
{
    const json_t *items = json_object_get(view, "items"), *one,
                 *run = json_object_get(view, "run");
    size_t i;
    *fresh = json_member_int(run, "fresh", 0);
    if (json_member_int(run, "persons", 0) != (int64_t)r->count)
        return FAIL(e, INTERNAL, "/run/persons", "只读到 %lld 人的作答。",
                    (long long)json_member_int(run, "persons", 0));
    if (json_array_size(items) < LEAST_MEASURED)
        return FAIL(e, INTERNAL, "/items", "只估计了 %zu 道题。", json_array_size(items));
    json_array_foreach((json_t *)items, i, one)
    {
        bool known = json_is_number(json_object_get(one, "b")) &&
                     json_is_number(json_object_get(one, "se_b")) &&
                     json_number_value(json_object_get(one, "a")) > 0;
        if (!known)
            return FAIL(e, INTERNAL, "/items", "试题没有参数：%s", json_compact(r->arena, one));
    }
    return true;
}

static bool adopt(struct road *r, const char *model, int64_t *fresh, struct err *e)
{
    struct client *c = road_as(r, "reviewer", e);
    json_t *asked, *made, *view, *waiting;
    struct id run;
    if (!client_json(c, r->arena, "POST", "/api/calibrations",
                     json_pack("{s:s, s:s}", "programme", "national-2023", "model", model),
                     &asked, e) ||
        !await_work(c, r->arena, asked, &made, e) || !road_id(made, "result", &run, e) ||
        !client_json(c, r->arena, "GET", road_path(r->arena, "/api/calibrations/", run, ""),
                     NULL, &view, e) ||
        !run_is_sound(r, view, fresh, e) ||
        !client_json(c, r->arena, "POST",
                     road_path(r->arena, "/api/calibrations/", run, "/adopt"),
                     json_pack("{s:s}", "reason", "演示：人数足够，估计收敛"), &waiting, e) ||
        !road_confirm(r, "reviewer2", waiting, e) ||
        !client_json(c, r->arena, "GET", road_path(r->arena, "/api/calibrations/", run, ""),
                     NULL, &view, e))
        return false;
    return json_member_int(json_object_get(view, "run"), "adopted_ms", 0) > 0 ||
           FAIL(e, INTERNAL, "/run/adopted_ms", "两人办理之后没有采用。");
}

/* The next form is weighed by what was measured, and its page draws it so. */
static bool compose_by_it(struct road *r, struct err *e)
{
    struct client *c = road_as(r, "reviewer", e);
    json_t *made, *view;
    struct id form;
    if (!client_json(c, r->arena, "POST", "/api/forms",
                     json_pack("{s:s, s:s, s:s, s:i, s:s}", "component", "theory", "name",
                               "按估计参数组的卷", "programme", "national-2023", "level", 4,
                               "direction", "A"),
                     &made, e) ||
        !road_id(made, "id", &form, e) ||
        !client_json(c, r->arena, "GET", road_path(r->arena, "/api/forms/", form, ""), NULL,
                     &view, e))
        return false;
    const json_t *certificate = json_object_get(view, "certificate");
    int64_t pool = json_member_int(certificate, "pool", 0),
            by_class = json_member_int(certificate, "uncalibrated", pool);
    if (by_class >= pool)
        return FAIL(e, INTERNAL, "/certificate", "组卷没有用上估计的参数。");
    return json_member_int(view, "measured", 0) > 0 ||
           FAIL(e, INTERNAL, "/measured", "试卷页没有按估计的参数画。");
}

bool road_calibrate(struct road *r, int64_t *count, struct err *e)
{
    struct client *c = road_as(r, "reviewer", e);
    int64_t linked;
    *count = 0;
    if (!c)
        return false;
    if (r->count < RASCH_PERSONS)
        return refused(c, r->arena, e);
    return adopt(r, "rasch", count, e) && compose_by_it(r, e) &&
           (r->count < TWO_PL_PERSONS || adopt(r, "2pl", &linked, e));
}
