/* bank/kind_hotspot.c - 热点题: a point of a picture, right where it lies in an area of the key.
 *
 * Coordinates are whole pixels of the picture, from its upper left corner. Of areas that overlap the first
 * holds the point. All arithmetic is in integers, so every implementation agrees on every pixel. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/choice.h"
#include "bank/hotspot.h"
#include "bank/kind.h"
#include "bank/picture.h"
#include "base/arena.h"
#include "base/fields.h"
#include "base/json_out.h"

struct hotspot_body {
    const char *stem;
    const char *picture; /* id of one of the item's */
    const struct hotspot_area *areas;
    size_t area_count;
    const char **key; /* letters of areas, A the first */
    size_t key_count;
    const char *explanation;
};

static const char *const shapes[] = {"rect", "circle", "poly", NULL};

static const struct field area_rows[] = {
    {FIELD(struct hotspot_area, name, TEXT), .max = 60},
    {FIELD(struct hotspot_area, shape, TEXT), .required = true, .allowed = shapes},
    {FIELD(struct hotspot_area, coords, INTS), FIELD_COUNT(struct hotspot_area, coord_count),
     .required = true, .min = 3, .max = 2 * HOTSPOT_CORNERS_MAX},
};
static const struct fields area_fields = FIELDS("hotspot_area", struct hotspot_area, area_rows);
static const struct field rows[] = {
    {FIELD(struct hotspot_body, stem, TEXT), .required = true, .min = 1, .max = 4000},
    {FIELD(struct hotspot_body, picture, TEXT), .required = true, .min = 1, .max = 20},
    {FIELD(struct hotspot_body, areas, OBJECTS), FIELD_COUNT(struct hotspot_body, area_count),
     .required = true, .min = 1, .max = HOTSPOT_AREAS_MAX, .sub = &area_fields},
    {FIELD(struct hotspot_body, key, TEXTS), FIELD_COUNT(struct hotspot_body, key_count),
     .required = true, .min = 1, .max = HOTSPOT_AREAS_MAX},
    {FIELD(struct hotspot_body, explanation, TEXT), .required = true, .min = 1, .max = 4000},
};
static const struct fields body = FIELDS("item_hotspot", struct hotspot_body, rows);

static bool in_rect(const int64_t *c, int64_t x, int64_t y)
{
    return x >= c[0] && x <= c[2] && y >= c[1] && y <= c[3];
}

static bool in_circle(const int64_t *c, int64_t x, int64_t y)
{
    int64_t dx = x - c[0], dy = y - c[1];
    return dx * dx + dy * dy <= c[2] * c[2];
}

/* Even-odd; the edges themselves belong to it. */
static bool in_polygon(const int64_t *c, size_t corners, int64_t x, int64_t y)
{
    bool inside = false;
    for (size_t i = 0, k = corners - 1; i < corners; k = i++) {
        int64_t ax = c[2 * k], ay = c[2 * k + 1], bx = c[2 * i], by = c[2 * i + 1];
        int64_t side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        if (side == 0 && x >= (ax < bx ? ax : bx) && x <= (ax > bx ? ax : bx) &&
            y >= (ay < by ? ay : by) && y <= (ay > by ? ay : by))
            return true;
        if ((ay > y) != (by > y) && (by > ay ? side < 0 : side > 0))
            inside = !inside;
    }
    return inside;
}

int hotspot_area_at(const struct hotspot_area *areas, size_t count, int64_t x, int64_t y)
{
    for (size_t i = 0; i < count; i++) {
        const int64_t *c = areas[i].coords;
        if (areas[i].shape[0] == 'r'   ? in_rect(c, x, y)
            : areas[i].shape[0] == 'c' ? in_circle(c, x, y)
                                       : in_polygon(c, areas[i].coord_count / 2, x, y))
            return (int)i;
    }
    return -1;
}

static bool shape_is_sound(const struct hotspot_area *area)
{
    const int64_t *c = area->coords;
    for (size_t i = 0; i < area->coord_count; i++)
        if (c[i] < 0 || c[i] > PICTURE_SIDE_MAX)
            return false;
    if (area->shape[0] == 'r')
        return area->coord_count == 4 && c[0] < c[2] && c[1] < c[3];
    if (area->shape[0] == 'c')
        return area->coord_count == 3 && c[2] >= 1;
    return area->coord_count >= 6 && area->coord_count % 2 == 0;
}

static bool check(void *b, struct arena *a, struct err *e)
{
    const struct hotspot_body *h = b;
    char field[40];
    uint32_t seen = 0;
    (void)a;
    for (size_t i = 0; i < h->area_count; i++) {
        snprintf(field, sizeof field, "/areas/%zu/coords", i);
        if (!shape_is_sound(&h->areas[i]))
            return FAIL(e, INVALID, field,
                        "区域的坐标有误：矩形为左、上、右、下，圆为圆心横、纵与半径，多边形"
                        "至少 3 个角，均为图片内的整数像素。");
    }
    for (size_t i = 0; i < h->key_count; i++) {
        int place = option_place(h->key[i], h->area_count);
        snprintf(field, sizeof field, "/key/%zu", i);
        if (place < 0 || seen >> place & 1)
            return FAIL(e, INVALID, field, "答案“%s”不是区域之一，或者列了两次。", h->key[i]);
        seen |= UINT32_C(1) << place;
    }
    return true;
}

/* Every area lies on the picture, corners and the whole circle. */
static bool area_lies_on(const struct hotspot_area *area, const struct item_picture *p)
{
    const int64_t *c = area->coords;
    if (area->shape[0] == 'c')
        return c[0] < p->width && c[1] < p->height;
    for (size_t i = 0; i + 1 < area->coord_count; i += 2)
        if (c[i] >= p->width || c[i + 1] >= p->height)
            return false;
    return true;
}

static bool look(const void *b, const struct item_picture *pictures, size_t count,
                 struct err *e)
{
    const struct hotspot_body *h = b;
    const struct item_picture *p = NULL;
    char field[40];
    for (size_t i = 0; i < count; i++)
        if (strcmp(pictures[i].id, h->picture) == 0)
            p = &pictures[i];
    if (!p)
        return FAIL(e, INVALID, "/picture", "没有编号为 %s 的图片。", h->picture);
    for (size_t i = 0; i < h->area_count; i++) {
        snprintf(field, sizeof field, "/areas/%zu/coords", i);
        if (!area_lies_on(&h->areas[i], p))
            return FAIL(e, INVALID, field, "区域超出了图片：图片为 %lld×%lld 像素。",
                        (long long)p->width, (long long)p->height);
    }
    return true;
}

/* Never the areas: where they are is the question. */
static void present(const void *b, struct shuffle *s, struct json_out *o)
{
    const struct hotspot_body *h = b;
    (void)s;
    put_text(o, "stem", h->stem);
    put_text(o, "picture", h->picture);
}

bool hotspot_point(const struct json_t *response, int64_t *x, int64_t *y, struct err *e)
{
    const json_t *first = json_array_get(response, 0), *second = json_array_get(response, 1);
    if (!json_is_array(response) || json_array_size(response) != 2 || !json_is_integer(first) ||
        !json_is_integer(second))
        return FAIL(e, INVALID, "", "热点题的作答须为 [横坐标, 纵坐标]，整数像素。");
    *x = json_integer_value(first);
    *y = json_integer_value(second);
    if (*x < 0 || *x > PICTURE_SIDE_MAX || *y < 0 || *y > PICTURE_SIDE_MAX)
        return FAIL(e, INVALID, "", "坐标不在图片上。");
    return true;
}

static bool score(const void *b, const struct json_t *response, const struct score_order *order,
                  struct item_score *out, struct err *e)
{
    const struct hotspot_body *h = b;
    int64_t x, y;
    *out = (struct item_score){0};
    if (response_is_blank(response))
        return true;
    if (!hotspot_point(response, &x, &y, e))
        return false;
    int place = hotspot_area_at(h->areas, h->area_count, x, y);
    for (size_t i = 0; i < h->key_count && place >= 0; i++)
        if (option_place(h->key[i], h->area_count) == place)
            out->millimarks = order->max_millimarks;
    return true;
}

const struct item_kind item_kind_hotspot = {
    .name = "hotspot",
    .label = "热点题",
    .body = &body,
    .check = check,
    .present = present,
    .score = score,
    .look = look,
};
