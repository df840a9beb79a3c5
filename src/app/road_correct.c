/* app/road_correct.c - an item turns out bad after publication: two people give everybody its marks,
 * the session is marked again, and the changed results are published as amendments. */
#include <string.h>

#include "app/await_work.h"
#include "app/road.h"
#include "base/arena.h"
#include "base/json.h"

/* The hardest item that the machine marks: most would gain by it. */
static const json_t *hardest(const json_t *items)
{
    const json_t *worst = NULL, *item;
    size_t i;
    json_array_foreach(json_object_get(items, "items"), i, item)
    {
        double p = json_real_value(json_object_get(item, "p"));
        if (json_is_true(json_object_get(item, "by_people")) ||
            !json_is_real(json_object_get(item, "p")))
            continue;
        if (!worst || p < json_real_value(json_object_get(worst, "p")))
            worst = item;
    }
    return worst;
}

static bool read_history(struct road *r, struct client *c, const char *path, struct err *e)
{
    json_t *asked, *row;
    if (!client_json(c, r->arena, "POST", path, NULL, &asked, e) ||
        !await_work(c, r->arena, asked, &row, e))
        return false;
    return strcmp(json_member_text(row, "state"), "done") == 0 ||
           FAIL(e, INTERNAL, "/history", "%s", json_compact(r->arena, row));
}

/* What was read of it after the publication or the last change must be what the sitting's own page says, which
 * reads every journal anew; the second time nothing is read. */
static bool history_follows(struct road *r, const char *code, bool credit, struct err *e)
{
    json_t *items, *found, *history;
    struct client *c = road_as(r, "reviewer", e),
                  *registrar = c ? road_as(r, "registrar", e) : NULL;
    if (!registrar ||
        !client_json(c, r->arena, "GET", arena_printf(r->arena, "/api/items?search=%s", code),
                     NULL, &found, e))
        return false;
    const json_t *fresh, *row = json_array_get(json_object_get(found, "items"), 0);
    struct id item;
    size_t i;
    if (!row || !road_id((json_t *)row, "id", &item, e))
        return FAIL(e, INTERNAL, "/items", "没有找到试题 %s。", code);
    const char *path = road_path(r->arena, "/api/items/", item, "/history");
    for (int look = 0; look < 2; look++) {
        if (!read_history(r, c, path, e) ||
            !client_json(c, r->arena, "GET", path, NULL, &history, e) ||
            !client_json(registrar, r->arena, "GET",
                         road_path(r->arena, "/api/sessions/", r->theory, "/items"), NULL,
                         &items, e))
            return false;
        const json_t *parts = json_object_get(
            json_array_get(json_object_get(history, "sittings"), 0), "parts");
        size_t k = 0;
        json_array_foreach(json_object_get(items, "items"), i, fresh)
        {
            if (strcmp(json_member_text(fresh, "code"), code) != 0)
                continue;
            const json_t *kept = json_array_get(parts, k++);
            if (!json_equal((json_t *)fresh, (json_t *)kept))
                return FAIL(e, INTERNAL, "/parts", "试题 %s 的档案与考试不符：%s", code,
                            json_compact(r->arena, kept));
        }
        if (k == 0 || k != json_array_size(parts) ||
            json_is_true(json_object_get(json_array_get(parts, 0), "credit")) != credit)
            return FAIL(e, INTERNAL, "/parts", "试题 %s 的档案有 %zu 部分。", code, k);
    }
    return true;
}

static bool propose(struct road *r, struct client *c, const char **of, int64_t *changed,
                    json_t **waiting, struct err *e)
{
    json_t *items, *preview;
    if (!client_json(c, r->arena, "GET",
                     road_path(r->arena, "/api/sessions/", r->theory, "/items"), NULL, &items,
                     e))
        return false;
    const json_t *item = hardest(items);
    if (!item)
        return FAIL(e, INTERNAL, "/items", "没有可更正的试题。");
    const char *code = json_member_text(item, "code"), *reason = "演示：题干有歧义，全员给分";
    int part = (int)json_member_int(item, "part", -1);
    *of = code;
    if (!history_follows(r, code, false, e))
        return false;
    if (!client_json(c, r->arena, "POST",
                     road_path(r->arena, "/api/sessions/", r->theory, "/key-changes/preview"),
                     json_pack("{s:s, s:i, s:s, s:s}", "code", code, "part", part, "effect",
                               "credit", "reason", reason),
                     &preview, e))
        return false;
    *changed = json_member_int(preview, "changed", 0);
    return client_json(
        c, r->arena, "POST", road_path(r->arena, "/api/sessions/", r->theory, "/key-changes"),
        json_pack("{s:s, s:i, s:s, s:s, s:s}", "code", code, "part", part, "effect", "credit",
                  "reason", reason, "digest", json_member_text(preview, "digest")),
        waiting, e);
}

bool road_correct(struct road *r, int64_t *count, struct err *e)
{
    json_t *waiting, *report;
    const char *code = "";
    struct client *c = road_as(r, "registrar", e), *head = c ? road_as(r, "head", e) : NULL;
    if (!head || !propose(r, c, &code, count, &waiting, e) ||
        !road_confirm(r, "head", waiting, e) || !history_follows(r, code, true, e))
        return false;
    if (!client_json(c, r->arena, "POST",
                     road_path(r->arena, "/api/batches/", r->batch, "/results/compute"),
                     json_pack("{s:s}", "reason", "更正试题答案后重新阅卷"), &report, e))
        return false;
    /* Every mark of the session has a new key version, so every result of it is amended. */
    int64_t amended = json_member_int(report, "changed", 0);
    if (amended < *count || *count == 0)
        return FAIL(e, INTERNAL, "/changed", "预览有 %lld 份成绩改变，重算后是 %lld 份。",
                    (long long)*count, (long long)amended);
    return client_json(head, r->arena, "POST",
                       road_path(r->arena, "/api/batches/", r->batch, "/results/publish"), NULL,
                       &waiting, e) &&
           road_confirm(r, "registrar", waiting, e) && history_follows(r, code, true, e);
}
