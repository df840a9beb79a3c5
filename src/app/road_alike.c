/* app/road_alike.c - two who sit side by side answer alike, right and wrong, and nobody else does: the
 * comparison names the two, a person decides about them, and their marks stay what they were. */
#include <stdlib.h>
#include <string.h>

#include "app/instance.h"
#include "app/road.h"
#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"

enum { ALIKE_RIGHT_OF_TEN = 5 };

/* --- who ----------------------------------------------------------------------------------------- */
static bool beside(const struct road_candidate *x, const struct road_candidate *y)
{
    return x->room == y->room && llabs(x->row - y->row) <= 1 && llabs(x->col - y->col) <= 1;
}

/* Of one direction, for their papers have the same questions. */
void road_choose_alike(struct road *r)
{
    if (r->theory_only || r->count < ROAD_ALIKE_MIN)
        return;
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = i + 1; k < r->count; k++) {
            struct road_candidate *x = &r->candidates[i], *y = &r->candidates[k];
            if (!beside(x, y) || strcmp(x->direction, y->direction) != 0 ||
                road_writes_on_paper(r, x) || road_writes_on_paper(r, y))
                continue;
            x->alike = y->alike = true;
            return;
        }
}

/* --- what ---------------------------------------------------------------------------------------- */
static uint32_t number_of(const char *text)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 16777619u;
    return h ^ h >> 15;
}

/* A function of the question alone, so it is the same in two papers. */
const char *road_alike_answer(struct arena *a, const json_t *item, const char *right)
{
    const char *kind = json_member_text(item, "kind"), *stem = json_member_text(item, "stem");
    uint32_t n = number_of(stem ? stem : "");
    if (right && n % 10 < ALIKE_RIGHT_OF_TEN)
        return right;
    if (strcmp(kind, "true_false") == 0)
        return n / 10 % 2 ? "true" : "false";
    return strcmp(kind, "single") == 0 ? arena_printf(a, "[\"%c\"]", (int)('A' + n / 10 % 4))
                                       : NULL;
}

/* --- what comes of it ------------------------------------------------------------------------------ */
static const char *similarity_path(struct road *r, const char *query)
{
    return road_path(r->arena, "/api/sessions/", r->theory,
                     arena_printf(r->arena, "/similarity%s", query));
}

static bool is_alike(const struct road *r, const json_t *pair, const char *side)
{
    struct id attempt;
    const char *text = json_member_text(json_object_get(pair, side), "attempt");
    for (size_t i = 0; text && id_read(text, &attempt) && i < r->count; i++)
        if (id_equal(r->candidates[i].attempt, attempt))
            return r->candidates[i].alike;
    return false;
}

/* Both answers stand side by side, and it says how many gave the same. */
static bool shows_why(const json_t *pair)
{
    size_t i, same = 0;
    json_t *w;
    json_array_foreach(json_object_get(pair, "wrong"), i, w)
    {
        if (!json_object_get(w, "first") || !json_object_get(w, "second"))
            return false;
        same += json_is_true(json_object_get(w, "same")) &&
                json_equal(json_object_get(w, "first"), json_object_get(w, "second")) &&
                json_member_int(w, "gave_same", 0) >= 2;
    }
    return same > 0 && (int64_t)same == json_member_int(pair, "same_wrong", -1);
}

static json_t *decision(const json_t *pair, const char *reason)
{
    return json_pack("{s:O, s:O, s:s, s:s}", "first",
                     json_object_get(json_object_get(pair, "first"), "attempt"), "second",
                     json_object_get(json_object_get(pair, "second"), "attempt"), "verdict",
                     "violation", "reason", reason);
}

/* Not without a reason, and once. */
static bool decide(struct road *r, struct client *head, const json_t *pair, struct err *e)
{
    struct err without = {0}, again = {0};
    json_t *v;
    const char *path = similarity_path(r, "");
    if (client_json(head, r->arena, "POST", path, decision(pair, ""), NULL, &without) ||
        !strstr(without.text, "/reason"))
        return FAIL(e, INTERNAL, "/reason", "没有理由也能判断：%.200s", without.text);
    if (!client_json(head, r->arena, "POST", path, decision(pair, "座位相邻，错得一样"), NULL,
                     e))
        return false;
    if (client_json(head, r->arena, "POST", path, decision(pair, "改主意了"), NULL, &again))
        return FAIL(e, INTERNAL, "/first", "判断过的又判断了一次。");
    if (!client_json(head, r->arena, "GET", path, NULL, &v, e))
        return false;
    const json_t *first = json_array_get(json_object_get(v, "list"), 0);
    const char *verdict = json_member_text(first, "verdict");
    return (verdict && strcmp(verdict, "violation") == 0 &&
            json_member_text(first, "reason")) ||
           FAIL(e, INTERNAL, "/verdict", "判断没有留下。");
}

/* Scored once more after the decision. */
static bool no_mark_moves(struct road *r, struct err *e)
{
    struct client *c = road_as(r, "registrar", e);
    return c &&
           client_json(c, r->arena, "POST",
                       road_path(r->arena, "/api/sessions/", r->theory, "/score"), NULL, NULL,
                       e) &&
           road_marks_agree(r, e);
}

bool road_compare_answers(struct road *r, struct err *e)
{
    json_t *v;
    bool any = false;
    struct client *head = road_as(r, "head", e);
    for (size_t i = 0; i < r->count; i++)
        any = any || r->candidates[i].alike;
    if (!head || !client_json(head, r->arena, "GET", similarity_path(r, "?all=1"), NULL, &v, e))
        return false;
    int64_t persons = json_member_int(v, "persons", 0),
            flagged = json_member_int(v, "flagged", -1);
    if (persons != (int64_t)r->count || flagged != any)
        return FAIL(e, INTERNAL, "/flagged", "%lld 份答卷中有 %lld 对被提示雷同，应为 %d 对。",
                    (long long)persons, (long long)flagged, (int)any);
    if (!any)
        return true;
    const json_t *pair = json_array_get(json_object_get(v, "list"), 0);
    if (!is_alike(r, pair, "first") || !is_alike(r, pair, "second") ||
        !json_is_true(json_object_get(pair, "flagged")) ||
        !json_is_true(json_object_get(pair, "neighbours")) || !shows_why(pair))
        return FAIL(e, INTERNAL, "/list/0",
                    "被提示的不是邻座作答雷同的两人，或者没有写明理由。");
    return decide(r, head, pair, e) && no_mark_moves(r, e);
}

/* --- marks ------------------------------------------------------------------------------------------ */
static bool marks_agree(struct road *r, struct db *db, struct err *e)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct road_candidate *c = &r->candidates[i];
        struct query *q = db_query(db, SQL_theory_mark_of_entry);
        query_id(q, r->theory);
        query_id(q, c->entry);
        query_id(q, r->body.id);
        if (!query_one(q, "theory_mark", e))
            return false;
        int64_t marks = query_get_int(q, 3);
        query_done(q);
        if (marks != c->expected && !road_writes_on_paper(r, c))
            return FAIL(e, INTERNAL, "/marks",
                        "第 %zu 位考生应得 %lld，得了 %lld（千分之一分）。", i + 1,
                        (long long)c->expected, (long long)marks);
    }
    return true;
}

bool road_marks_agree(struct road *r, struct err *e)
{
    struct instance i;
    if (!instance_open(r->arena, arena_printf(r->arena, "%s/data", r->folder), &i, e))
        return false;
    struct db *db = db_open(i.store, e);
    bool ok = db && marks_agree(r, db, e);
    db_close(db);
    instance_close(&i);
    return ok;
}
