/* app/road_panel.c - who applies for the two highest levels stands before a panel: three members who score
 * without seeing each other, a head examiner where they are too far apart, and a third mark of the result. */
#include <string.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/json.h"

enum { TOO_SHORT = 19, LONG_ENOUGH = 20, FAR_APART = 30, DECIDED_MILLIMARKS = 72000 };
static const char *const members[] = {"panel", "panel2", "panel3"};

bool road_meets_panel(const struct road_candidate *c)
{
    return c->level <= 2;
}

static const struct road_candidate *first_before_panel(const struct road *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (road_meets_panel(&r->candidates[i]))
            return &r->candidates[i];
    return NULL;
}

/* What must not go through has a sentence that says WHY. */
static bool is_refused(bool done, const char *why, const struct err *said, struct err *e)
{
    return (!done && strstr(said->text, why)) ||
           FAIL(e, INTERNAL, said->field, "应因“%s”被拒绝：%s", why,
                done ? "通过了" : said->text);
}

/* --- arrangement ---------------------------------------------------------------------------------- */
static bool seat_all(struct road *r, struct client *c, struct err *e)
{
    json_t *entries = json_array();
    for (size_t i = 0; i < r->count; i++) {
        char text[ID_TEXT_BYTES];
        id_write(r->candidates[i].entry, text);
        if (road_meets_panel(&r->candidates[i]))
            json_array_append_new(entries, json_string(text));
    }
    return client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/sessions/", r->panel, "/seat"),
                       json_pack("{s:i, s:o}", "seed", 7, "entries", entries), NULL, e);
}

static bool assign(struct road *r, struct client *c, const char *login, const char *duty,
                   struct err *e)
{
    struct road_duty d = {.session = r->panel, .login = login, .duty = duty};
    return road_assign(r, c, &d, e);
}

/* One member has taught a candidate, and so may not sit on the panel; then it was a mistake. */
static bool stand_aside(struct road *r, struct client *c, const char *login, struct err *e)
{
    json_t *seen;
    struct id person;
    struct err said = {0};
    struct id member = demo_account(&r->body, login)->id;
    const char *path = road_path(r->arena, "/api/staff/", member, "/conflicts");
    if (!client_json(c, r->arena, "GET",
                     road_path(r->arena, "/api/entries/", first_before_panel(r)->entry, ""),
                     NULL, &seen, e) ||
        !road_id(json_object_get(seen, "entry"), "person", &person, e))
        return false;
    char text[ID_TEXT_BYTES];
    id_write(person, text);
    return client_json(c, r->arena, "POST", path,
                       json_pack("{s:s, s:s}", "person", text, "kind", "trained"), NULL, e) &&
           is_refused(assign(r, c, login, "panel_member", &said), "回避", &said, e) &&
           client_json(c, r->arena, "DELETE",
                       arena_printf(r->arena, "%s/%s/trained", path, text), NULL, NULL, e);
}

/* Two members are too few, and nineteen minutes too short. */
static bool close_refused(struct road *r, struct client *c, const char *rule, struct err *e)
{
    struct answer answer;
    struct call close = {.method = "POST",
                         .path = road_path(r->arena, "/api/sessions/", r->panel, "/close")};
    if (!client_call(c, r->arena, &close, &answer, e))
        return false;
    const json_t *v = json_read(r->arena, answer.body.at, answer.body.len, e), *one;
    bool found = false;
    size_t i;
    json_array_foreach(json_object_get(v, "findings"), i, one)
    {
        const char *is = json_member_text(one, "rule"),
                   *source = json_member_text(one, "source");
        found |= is && source && *source && strcmp(is, rule) == 0;
    }
    return (answer.status == 422 && found) ||
           FAIL(e, INTERNAL, close.path, "完成编排应因 %s 被拒绝：%ld %.300s", rule,
                answer.status, (const char *)answer.body.at);
}

static bool lengthen(struct road *r, struct client *c, struct err *e)
{
    json_t *seen;
    const char *path = road_path(r->arena, "/api/sessions/", r->panel, "");
    return client_json(c, r->arena, "GET", path, NULL, &seen, e) &&
           client_json(c, r->arena, "PATCH", path,
                       json_pack("{s:O, s:i}", "version", json_object_get(seen, "version"),
                                 "minutes", LONG_ENOUGH),
                       NULL, e);
}

bool road_arrange_panel(struct road *r, struct client *registrar, int64_t starts_ms,
                        struct err *e)
{
    struct client *c = registrar;
    struct id rooms[8];
    size_t count, seats = 0;
    for (size_t i = 0; i < r->count; i++)
        seats += road_meets_panel(&r->candidates[i]);
    return road_make_session(r, c, "review", starts_ms, TOO_SHORT, &r->panel, e) &&
           road_make_rooms(r, c, r->panel, seats, rooms, &count, e) && seat_all(r, c, e) &&
           stand_aside(r, c, members[2], e) && assign(r, c, members[0], "panel_member", e) &&
           assign(r, c, members[1], "panel_member", e) &&
           assign(r, c, "head", "head_examiner", e) &&
           assign(r, c, "supervisor", "quality_supervisor", e) &&
           close_refused(r, c, "staff_minimum", e) &&
           assign(r, c, members[2], "panel_member", e) &&
           close_refused(r, c, "minutes_minimum", e) && lengthen(r, c, e) &&
           road_close_session(r, c, r->panel, e);
}

/* --- marks ------------------------------------------------------------------------------------------ */
/* Marks in STATE; and while somebody still scores, nobody reads what the others gave. */
static bool count_marks(struct road *r, const char *state, int64_t *out, json_t **marks,
                        struct err *e)
{
    size_t i;
    json_t *list, *one;
    struct client *head = road_as(r, "head", e);
    if (!head ||
        !client_json(head, r->arena, "GET",
                     road_path(r->arena, "/api/sessions/", r->panel, "/component-marks"), NULL,
                     &list, e))
        return false;
    *out = 0;
    *marks = json_object_get(list, "marks");
    json_array_foreach(*marks, i, one)
    {
        const char *is = json_member_text(one, "state");
        *out += is && strcmp(is, state) == 0;
        if (is && strcmp(is, "waiting") == 0 && json_array_size(json_object_get(one, "votes")))
            return FAIL(e, INTERNAL, "/votes", "评委还没有全部评完，评分已经可见。");
    }
    return true;
}

static bool expect_marks(struct road *r, const char *state, int64_t wanted, struct err *e)
{
    int64_t count;
    json_t *marks;
    return count_marks(r, state, &count, &marks, e) &&
           (count == wanted || FAIL(e, INTERNAL, "/state", "%s 应有 %lld 人，是 %lld 人。",
                                    state, (long long)wanted, (long long)count));
}

static bool decide(struct road *r, struct err *e)
{
    int64_t count;
    size_t i;
    json_t *marks, *one;
    if (!count_marks(r, "decides", &count, &marks, e))
        return false;
    json_array_foreach(marks, i, one)
    {
        const char *is = json_member_text(one, "state");
        if (is && strcmp(is, "decides") == 0)
            return client_json(road_as(r, "head", e), r->arena, "POST",
                               road_path(r->arena, "/api/sessions/", r->panel, "/decisions"),
                               json_pack("{s:O, s:i, s:s}", "entry",
                                         json_object_get(one, "entry"), "millimarks",
                                         DECIDED_MILLIMARKS, "reason",
                                         "复看答辩记录后，按评审要点裁定"),
                               NULL, e);
    }
    return FAIL(e, INTERNAL, "/state", "没有需要裁定的评审。");
}

/* Who decides gives no marks. */
static bool head_gives_none(struct road *r, struct err *e)
{
    struct err said = {0};
    struct client *head = road_as(r, "head", e);
    return head &&
           is_refused(client_json(head, r->arena, "GET",
                                  road_path(r->arena, "/api/sessions/", r->panel, "/sheets"),
                                  NULL, NULL, &said),
                      "综合评审委员", &said, e);
}

/* Three parts passed, or no award: the panel's is one of them. */
bool road_panel_counts(struct road *r, struct client *registrar, struct err *e)
{
    for (size_t i = 0; i < r->count; i++) {
        json_t *seen, *one;
        size_t k;
        bool reviewed = false;
        const struct road_candidate *c = &r->candidates[i];
        const char *path = road_path(r->arena, "/api/entries/", c->entry, "/results");
        if (!client_json(registrar, r->arena, "GET", path, NULL, &seen, e))
            return false;
        json_array_foreach(json_object_get(seen, "results"), k, one)
            reviewed |= strcmp(json_member_text(one, "component"), "review") == 0 &&
                        json_is_true(json_object_get(one, "passed"));
        if (k != (road_meets_panel(c) ? 3U : 2U) || reviewed != road_meets_panel(c))
            return FAIL(e, INTERNAL, path, "%s 有 %zu 个科目的成绩。", c->name, k);
    }
    return true;
}

bool road_panel(struct road *r, int64_t *count, struct err *e)
{
    int64_t before = 0;
    *count = 0;
    for (size_t i = 0; i < r->count; i++)
        before += road_meets_panel(&r->candidates[i]);
    if (!head_gives_none(r, e))
        return false;
    for (size_t k = 0; k < 3; k++) {
        struct road_scoring s = {road_as(r, members[k], e), r->panel, k,
                                 k == 2 ? FAR_APART : 0};
        if (!s.client || !road_score_session(&s, count, e) ||
            (k < 2 && !expect_marks(r, "waiting", before, e)))
            return false;
    }
    return expect_marks(r, "decides", 1, e) && decide(r, e) &&
           expect_marks(r, "settled", before, e);
}
