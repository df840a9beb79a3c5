/* app/road_certify.c - certificates are issued, strangers verify them, one is revoked. */
#include <stdio.h>
#include <string.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"

enum { CERTIFICATES_A_PAGE = 200, LOOKED_UP = 10 };

static void keep_certificate(struct road *r, const json_t *one)
{
    const char *entry = json_member_text(one, "entry");
    struct id id;
    for (size_t k = 0; entry && id_read(entry, &id) && k < r->count; k++)
        if (id_equal(r->candidates[k].entry, id)) {
            r->candidates[k].certificate = arena_text(r->arena,
                                                      json_member_text(one, "number"));
            r->candidates[k].certificate_id = arena_text(r->arena, json_member_text(one, "id"));
        }
}

/* All pages of the batch's certificates. */
static bool read_issued(struct road *r, struct client *c, int64_t *total, struct err *e)
{
    char batch[ID_TEXT_BYTES];
    id_write(r->batch, batch);
    size_t i;
    json_t *list, *one;
    *total = 1;
    for (int64_t at = 0; at < *total; at += CERTIFICATES_A_PAGE) {
        if (!client_json(c, r->arena, "GET",
                         arena_printf(r->arena,
                                      "/api/certificates?batch=%s&limit=%d&offset=%lld", batch,
                                      CERTIFICATES_A_PAGE, (long long)at),
                         NULL, &list, e))
            return false;
        json_array_foreach(json_object_get(list, "certificates"), i, one)
            keep_certificate(r, one);
        *total = json_member_int(list, "total", 0);
    }
    return true;
}

bool road_issue(struct road *r, int64_t *count, struct err *e)
{
    json_t *report;
    struct client *c = road_as(r, "issuer", e);
    if (!c ||
        !client_json(c, r->arena, "POST",
                     road_path(r->arena, "/api/batches/", r->batch, "/certificates"), NULL,
                     &report, e) ||
        !read_issued(r, c, count, e))
        return false;
    r->issued = *count;
    return *count > 0 || FAIL(e, INTERNAL, "/certificates", "没有签发证书。");
}

static const char *form_encoded(struct arena *a, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(text) * 3 + 1, 1), *to = out;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        *to++ = '%';
        *to++ = hex[*c >> 4];
        *to++ = hex[*c & 15];
    }
    return out;
}

/* As a stranger with the paper in hand: number and name, then one look at the big word. */
static bool look_up(const struct road_candidate *c, const char *word, struct client *stranger,
                    struct arena *a, struct err *e)
{
    struct answer answer = {0};
    const char *form = arena_printf(a, "number=%s&second=%s", form_encoded(a, c->certificate),
                                    form_encoded(a, c->name));
    struct call call = {.method = "POST",
                        .path = "/verify",
                        .media_type = "application/x-www-form-urlencoded",
                        .page = true,
                        .body = {(const unsigned char *)form, strlen(form)}};
    return client_call(stranger, a, &call, &answer, e) &&
           (strstr((const char *)answer.body.at, word) ||
            FAIL(e, INTERNAL, "/verify", "%s：%ld，页面上没有“%s”。", c->certificate,
                 answer.status, word));
}

static const char *level_word(const struct road_candidate *c)
{
    static const char *const words[] = {"一级/高级技师", "二级/技师", "三级/高级工",
                                        "四级/中级工"};
    return words[c->level - 1];
}

static bool is_valid(struct road *r, struct road_candidate *c, struct client *stranger,
                     struct arena *a, struct err *e)
{
    (void)r;
    return !c->certificate ||
           (look_up(c, "有效", stranger, a, e) && look_up(c, level_word(c), stranger, a, e));
}

bool road_verify(struct road *r, int64_t *count, struct err *e)
{
    *count = 0;
    for (size_t i = 0; i < r->count; i++)
        *count += r->candidates[i].certificate != NULL;
    return road_each(r, is_valid, e) &&
           (*count == r->issued || FAIL(e, INTERNAL, "/verify", "有证书没有核验。"));
}

static bool is_revoked(struct road *r, const struct road_candidate *c, struct err *e)
{
    struct client *stranger = client_create(r->server.url);
    bool ok = look_up(c, "已撤销", stranger, r->arena, e);
    client_destroy(stranger);
    return ok;
}

bool road_revoke(struct road *r, int64_t *count, struct err *e)
{
    json_t *waiting;
    struct client *c = road_as(r, "issuer", e);
    *count = 1;
    for (size_t i = 0; c && i < r->count; i++) {
        const struct road_candidate *one = &r->candidates[i];
        if (!one->certificate)
            continue;
        return client_json(
                   c, r->arena, "POST",
                   arena_printf(r->arena, "/api/certificates/%s/revoke", one->certificate_id),
                   json_pack("{s:s}", "reason", "演示：以虚假材料取得"), &waiting, e) &&
               road_confirm(r, "issuer2", waiting, e) && is_revoked(r, one, e);
    }
    return false;
}
