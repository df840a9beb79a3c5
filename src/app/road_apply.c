/* app/road_apply.c - the candidates apply, a registrar reviews. */
#include <math.h>
#include <stdlib.h>

#include "app/road.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/json.h"
#include "entry/image.h"

enum { PHOTO_WIDTH = 413, PHOTO_HEIGHT = 579, PHOTO_QUALITY = 88 };

static bool open_batch(struct road *r, struct err *e)
{
    char from[DATE_TEXT_BYTES], until[DATE_TEXT_BYTES];
    int64_t now = clock_now_ms();
    date_days today = date_of_instant(now, CHINA_OFFSET_MS);
    json_t *made;
    struct client *c = road_as(r, "registrar", e);
    date_write(today + 2, from);
    date_write(today + 3, until);
    json_t *body = json_pack(
        "{s:s, s:s, s:I, s:I, s:s, s:s, s:I, s:[{s:i}, {s:i}, {s:i}]}", "title", "演示批次",
        "programme", "national-2023", "apply_from_ms", (json_int_t)(now - DAY_MS),
        "apply_until_ms", (json_int_t)(now + DAY_MS / 24), "exam_from", from, "exam_until",
        until, "quota", (json_int_t)0, "levels", "level", 4, "level", 2, "level", 1);
    return c && client_json(c, r->arena, "POST", "/api/batches", body, &made, e) &&
           road_id(json_object_get(made, "batch"), "id", &r->batch, e);
}

/* A head and shoulders before a white wall, with detail as fine as a camera's. */
static bool draw_photo(struct arena *a, size_t number, struct bytes *out, struct err *e)
{
    struct image im = {arena_alloc(a, PHOTO_WIDTH * PHOTO_HEIGHT, 3), PHOTO_WIDTH, PHOTO_HEIGHT,
                       PHOTO_WIDTH, PHOTO_HEIGHT};
    uint32_t seed = 12345 + (uint32_t)number;
    double across[PHOTO_WIDTH], down[PHOTO_HEIGHT]; /* the waves of the hair */
    for (int x = 0; x < PHOTO_WIDTH; x++)
        across[x] = sin(((double)x / PHOTO_WIDTH - 0.5) * 190);
    for (int y = 0; y < PHOTO_HEIGHT; y++)
        down[y] = sin((double)y / PHOTO_HEIGHT * 230);
    for (int y = 0; y < PHOTO_HEIGHT; y++)
        for (int x = 0; x < PHOTO_WIDTH; x++) {
            double u = (double)x / PHOTO_WIDTH - 0.5, v = (double)y / PHOTO_HEIGHT;
            bool face = u * u / 0.06 + (v - 0.42) * (v - 0.42) / 0.06 < 1;
            bool body = v > 0.75 && fabs(u) < 0.42;
            seed = seed * 1664525u + 1013904223u;
            int grain = face || body ? (int)(seed >> 28) - 8 : 0;
            int hair = (int)(40 * across[x] * down[y]);
            int base = face ? 150 + hair : body ? 60 + hair / 2 + (int)(number % 60) : 255;
            unsigned char *p = im.rgb + (y * PHOTO_WIDTH + x) * 3;
            for (int c = 0; c < 3; c++) {
                int value = base + grain - (face ? c * 20 : 0);
                p[c] = (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
            }
        }
    return image_encode_jpeg(a, &im, PHOTO_QUALITY, out, e);
}

static bool sign_up(const struct road_candidate *c, struct client *client, struct arena *a,
                    struct err *e)
{
    return client_json(client, a, "POST", "/api/register",
                       json_pack("{s:s, s:s, s:s}", "login", c->phone, "password", c->password,
                                 "display_name", c->name),
                       NULL, e);
}

static bool consent(struct client *client, struct arena *a, struct err *e)
{
    json_t *all;
    size_t i;
    json_t *one;
    if (!client_json(client, a, "GET", "/api/consent-texts", NULL, &all, e))
        return false;
    json_array_foreach(json_object_get(all, "texts"), i, one)
    {
        if (!json_is_true(json_object_get(one, "needed")))
            continue;
        if (!client_json(client, a, "POST", "/api/my/consents",
                         json_pack("{s:O, s:O}", "kind", json_object_get(one, "kind"),
                                   "version", json_object_get(one, "version")),
                         NULL, e))
            return false;
    }
    return true;
}

static bool upload_photo(const struct road_candidate *c, struct client *client, struct arena *a,
                         int64_t *version, struct err *e)
{
    struct answer answer;
    struct call call = {.method = "POST",
                        .path = road_path(a, "/api/entries/", c->entry, "/photo"),
                        .media_type = "image/jpeg"};
    if (!draw_photo(a, c->number, &call.body, e) || !client_call(client, a, &call, &answer, e))
        return false;
    json_t *v = json_read(a, answer.body.at, answer.body.len, e);
    if (!v)
        return false;
    if (answer.status >= 300)
        return FAIL(e, INTERNAL, call.path, "照片未被接受：%.200s",
                    (const char *)answer.body.at);
    *version = json_member_int(v, "version", 0);
    return true;
}

/* What lets somebody apply: work alone, or work since the certificate one level below. */
static json_t *facts_of(const struct road_candidate *c)
{
    const char *since = c->level == 4 ? "2019-03-01" : "2015-03-01";
    json_t *facts = json_pack("{s:[{s:s, s:s}]}", "work", "occupation", "全媒体运营师", "from",
                              since);
    if (c->level != 4)
        json_object_set_new(facts, "certificates",
                            json_pack("[{s:s, s:I, s:s}]", "occupation", "全媒体运营师",
                                      "level", (json_int_t)c->level + 1, "issued", since));
    return facts;
}

static bool fill_in(struct road *r, struct road_candidate *c, struct client *client,
                    struct arena *a, int64_t *version, struct err *e)
{
    json_t *made, *saved;
    char batch[ID_TEXT_BYTES];
    id_write(r->batch, batch);
    if (!client_json(client, a, "PUT", "/api/my/person",
                     json_pack("{s:s, s:s, s:s, s:s}", "name", c->name, "document_kind",
                               "resident_id", "document_number", c->document, "phone",
                               c->phone),
                     NULL, e) ||
        !client_json(client, a, "POST", "/api/entries",
                     json_pack("{s:s, s:I, s:s}", "batch", batch, "level", (json_int_t)c->level,
                               "direction", c->direction),
                     &made, e) ||
        !road_id(json_object_get(made, "entry"), "id", &c->entry, e))
        return false;
    *version = json_member_int(json_object_get(made, "entry"), "version", 0);
    if (!client_json(
            client, a, "PATCH", road_path(a, "/api/entries/", c->entry, ""),
            json_pack("{s:I, s:o}", "version", (json_int_t)*version, "facts", facts_of(c)),
            &saved, e))
        return false;
    *version = json_member_int(json_object_get(saved, "entry"), "version", 0);
    return upload_photo(c, client, a, version, e);
}

static bool apply_one(struct road *r, struct road_candidate *c, struct client *client,
                      struct arena *a, struct err *e)
{
    int64_t version;
    return sign_up(c, client, a, e) && consent(client, a, e) &&
           fill_in(r, c, client, a, &version, e) &&
           client_json(client, a, "POST", road_path(a, "/api/entries/", c->entry, "/submit"),
                       json_pack("{s:I}", "version", (json_int_t)version), NULL, e);
}

bool road_apply(struct road *r, int64_t *count, struct err *e)
{
    *count = (int64_t)r->count;
    return open_batch(r, e) && road_each(r, apply_one, e);
}

/* A certificate counts as the work does: once the registrar has seen it. */
static void rule_certificate(const struct road_candidate *c, json_t *rulings)
{
    if (c->level != 4)
        json_array_append_new(
            rulings, json_pack("{s:s, s:s}", "fact", "/certificates/0", "evidence", "proved"));
}

/* The registrar compares the evidence, rules the facts proved, and accepts. */
static bool review_one(struct road *r, struct road_candidate *c, struct err *e)
{
    struct client *registrar = road_as(r, "registrar", e);
    struct arena *a = arena_create(64 << 20);
    json_t *seen, *ruled;
    const char *path = road_path(a, "/api/entries/", c->entry, "");
    bool ok = registrar && client_json(registrar, a, "GET", path, NULL, &seen, e);
    if (ok) {
        int64_t version = json_member_int(json_object_get(seen, "entry"), "version", 0);
        json_t *rulings = json_pack("[{s:s, s:s}]", "fact", "/work/0", "evidence", "proved");
        rule_certificate(c, rulings);
        ok = client_json(registrar, a, "PATCH",
                         road_path(a, "/api/entries/", c->entry, "/facts"),
                         json_pack("{s:I, s:s, s:o}", "version", (json_int_t)version, "reason",
                                   "已核对劳动合同原件", "rulings", rulings),
                         &ruled, e);
    }
    if (ok) {
        int64_t version = json_member_int(json_object_get(ruled, "entry"), "version", 0);
        ok = client_json(registrar, a, "POST",
                         road_path(a, "/api/entries/", c->entry, "/accept"),
                         json_pack("{s:I}", "version", (json_int_t)version), NULL, e);
    }
    arena_destroy(a);
    return ok;
}

bool road_review(struct road *r, int64_t *count, struct err *e)
{
    json_t *batch;
    struct client *c = road_as(r, "registrar", e);
    for (size_t i = 0; i < r->count; i++)
        if (!review_one(r, &r->candidates[i], e))
            return false;
    *count = (int64_t)r->count;
    const char *path = road_path(r->arena, "/api/batches/", r->batch, "");
    return c && client_json(c, r->arena, "GET", path, NULL, &batch, e) &&
           client_json(c, r->arena, "PATCH", path,
                       json_pack("{s:O, s:s}", "version",
                                 json_object_get(json_object_get(batch, "batch"), "version"),
                                 "state", "closed"),
                       NULL, e);
}
