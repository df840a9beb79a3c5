/* marking/rubric.c - the skill weight table as points to score. */
#include "marking/rubric.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/programme.h"

static const char *const *skill_texts(struct arena *a, const struct work_content *c)
{
    const char **texts = arena_array(a, const char *, c->skill_count + 1);
    for (size_t i = 0; i < c->skill_count; i++)
        texts[i] = c->skills[i].text;
    return texts;
}

/* Shares FULL over the contents by their number of skills: floors first, then one millimark each to
 * the largest remainders, the earlier first among equals. */
static void share(const struct work_function *f, int64_t full, int64_t *out)
{
    int64_t all = 0, given = 0;
    for (size_t i = 0; i < f->content_count; i++)
        all += (int64_t)f->contents[i].skill_count;
    for (size_t i = 0; i < f->content_count; i++) {
        out[i] = full * (int64_t)f->contents[i].skill_count / all;
        given += out[i];
    }
    for (; given < full; given++) {
        size_t best = 0;
        int64_t largest = -1;
        for (size_t i = 0; i < f->content_count; i++) {
            int64_t wanted = full * (int64_t)f->contents[i].skill_count;
            int64_t remainder = wanted - out[i] * all;
            if (remainder > largest) {
                largest = remainder;
                best = i;
            }
        }
        out[best]++;
    }
}

static size_t add_function(struct arena *a, const struct work_function *f, int64_t full,
                           struct rubric_point *out)
{
    int64_t *shares = arena_array(a, int64_t, f->content_count);
    share(f, full, shares);
    for (size_t i = 0; i < f->content_count; i++)
        out[i] = (struct rubric_point){
            .id = f->contents[i].id,
            .area = f->id,
            .area_name = f->name,
            .name = f->contents[i].name,
            .skills = skill_texts(a, &f->contents[i]),
            .skill_count = f->contents[i].skill_count,
            .full_millimarks = shares[i],
        };
    return f->content_count;
}

static size_t most_points(const struct programme *p)
{
    size_t n = 1;
    for (size_t i = 0; i < p->function_count; i++)
        n += p->functions[i].content_count + 1;
    return n;
}

bool rubric_make(struct arena *a, const struct programme *p, const char *component,
                 int64_t level, const char *direction, struct rubric *out, struct err *e)
{
    const struct component *c = programme_component(p, component);
    if (!c || !component_at_level(c, level))
        return FAIL(e, INVALID, "/component", "这一等级没有“%.40s”。", component);
    const struct weight *weights = NULL;
    size_t n = 0, count = c->weights
                              ? programme_weights(p, a, c->weights, level, direction, &weights)
                              : 0;
    struct rubric_point *points = arena_array(a, struct rubric_point, most_points(p));
    for (size_t i = 0; i < count; i++) {
        const struct work_function *f = programme_function(p, weights[i].area);
        int64_t full = c->full_millimarks * weights[i].percent / 100;
        if (f && f->content_count > 0)
            n += add_function(a, f, full, points + n);
        else
            points[n++] = (struct rubric_point){.id = weights[i].area,
                                                .area = weights[i].area,
                                                .area_name = weights[i].name,
                                                .name = weights[i].name,
                                                .full_millimarks = full};
    }
    if (n == 0)
        points[n++] = (struct rubric_point){.id = c->id,
                                            .area = c->id,
                                            .area_name = c->name,
                                            .name = c->name,
                                            .full_millimarks = c->full_millimarks};
    *out = (struct rubric){c->id, points, n, c->full_millimarks, c->pass_millimarks};
    return true;
}

void rubric_write(const struct rubric *r, struct json_out *o)
{
    out_object(o);
    put_text(o, "component", r->component);
    put_int(o, "full", r->full_millimarks);
    put_int(o, "pass", r->pass_millimarks);
    put_array(o, "points");
    for (size_t i = 0; i < r->count; i++) {
        const struct rubric_point *p = &r->points[i];
        out_object(o);
        put_text(o, "id", p->id);
        put_text(o, "area", p->area);
        put_text(o, "area_name", p->area_name);
        put_text(o, "name", p->name);
        put_int(o, "full", p->full_millimarks);
        put_array(o, "skills");
        for (size_t k = 0; k < p->skill_count; k++)
            out_text(o, p->skills[k]);
        out_array_end(o);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
}

static const struct rubric_point *point_named(const struct rubric *r, const char *id)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->points[i].id, id) == 0)
            return &r->points[i];
    return NULL;
}

bool rubric_sum(const struct rubric *r, const struct json_t *scores, bool complete,
                int64_t *total, struct err *e)
{
    const char *id;
    json_t *value;
    *total = 0;
    if (!json_is_object(scores))
        return FAIL(e, INVALID, "/scores", "须为 JSON 对象。");
    json_object_foreach((json_t *)scores, id, value)
    {
        char field[96];
        snprintf(field, sizeof field, "/scores/%.80s", id);
        const struct rubric_point *p = point_named(r, id);
        if (!p)
            return FAIL(e, INVALID, field, "评分细则里没有这一点。");
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > p->full_millimarks)
            return FAIL(e, INVALID, field, "分数须在 0 与 %lld 毫分之间。",
                        (long long)p->full_millimarks);
        *total += json_integer_value(value);
    }
    for (size_t i = 0; complete && i < r->count; i++)
        if (!json_object_get(scores, r->points[i].id)) {
            char field[96];
            snprintf(field, sizeof field, "/scores/%.80s", r->points[i].id);
            return FAIL(e, INVALID, field, "“%.60s”还没有打分。", r->points[i].name);
        }
    return true;
}
