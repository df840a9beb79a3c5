/* marking/scan_read.c - the parser of scans: pages in, readings and straightened pictures out. */
#include "marking/scan_read.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/cage.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/image.h"

enum {
    PAGE_ARENA_BYTES = 256 << 20,
    PICTURE_QUALITY = 60,
    COARSE = 2,        /* pages without handwriting are kept at half the width */
    PAGES_A_CHILD = 5, /* each may take a second of its ten (600 dpi in colour) */
    HEAD_BYTES = 8
};

/* --- into the cage ------------------------------------------------------------------------------- */
struct bytes scan_pack(struct arena *a, struct bytes file, size_t from,
                       const struct scan_candidate *candidates, size_t count)
{
    size_t len = HEAD_BYTES, at = HEAD_BYTES;
    for (size_t i = 0; i < count; i++)
        len += strlen(candidates[i].ticket) + strlen(candidates[i].code) + 2;
    unsigned char *out = arena_alloc(a, len + file.len, 1);
    be32_put(out, (uint32_t)from);
    be32_put(out + 4, (uint32_t)(len - HEAD_BYTES));
    for (size_t i = 0; i < count; i++) {
        const char *const words[] = {candidates[i].ticket, candidates[i].code};
        for (int k = 0; k < 2; k++) {
            size_t n = strlen(words[k]) + 1;
            memcpy(out + at, words[k], n);
            at += n;
        }
    }
    if (file.len > 0) /* an upload without a body has no bytes to copy from */
        memcpy(out + len, file.at, file.len);
    return (struct bytes){out, len + file.len};
}

struct reading_job {
    struct arena *arena;
    struct bytes candidates; /* "TICKET\0CODE\0" … */
    json_t *pages;
    unsigned char *pictures;
    size_t pictures_len;
};

static const char *code_of(const struct reading_job *j, const char *ticket)
{
    const char *at = (const char *)j->candidates.at, *end = at + j->candidates.len;
    while (at < end) {
        size_t len = strnlen(at, (size_t)(end - at)) + 1;
        const char *code = at + len;
        if (code >= end)
            return NULL;
        if (strcmp(at, ticket) == 0)
            return code;
        code += strnlen(code, (size_t)(end - code)) + 1;
        at = code;
    }
    return NULL;
}

/* --- in the cage --------------------------------------------------------------------------------- */
/* The name stands above the body: nobody who looks at answers is shown it. */
static bool draw_picture(struct arena *a, const struct scan_page *p, int coarse,
                         struct bytes *out, struct err *e)
{
    int64_t w = SCAN_WIDTH / coarse, h = SCAN_HEIGHT / coarse;
    int head = (int)(SCAN_BODY_TOP - 1) * SCAN_PX;
    struct image im = {arena_alloc(a, (size_t)(w * h) * 3, 1), w, h, w, h};
    unsigned char *to = im.rgb;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sum = 0;
            for (int dy = 0; dy < coarse; dy++)
                for (int dx = 0; dx < coarse; dx++)
                    sum += p->grey[(y * coarse + dy) * SCAN_WIDTH + x * coarse + dx];
            sum = y * coarse < head ? 255 : sum / (coarse * coarse) * 255 / 200;
            memset(to, sum > 255 ? 255 : sum, 3);
            to += 3;
        }
    return image_encode_jpeg(a, &im, PICTURE_QUALITY, out, e);
}

static void keep_picture(struct reading_job *j, json_t *page, struct bytes jpeg, int px)
{
    json_object_set_new(page, "at", json_integer((json_int_t)j->pictures_len));
    json_object_set_new(page, "len", json_integer((json_int_t)jpeg.len));
    json_object_set_new(page, "px", json_integer(px));
    j->pictures = arena_grow(j->arena, j->pictures, j->pictures_len, j->pictures_len + jpeg.len,
                             1);
    memcpy(j->pictures + j->pictures_len, jpeg.at, jpeg.len);
    j->pictures_len += jpeg.len;
}

static json_t *places_json(const struct scan_reading *r, size_t count,
                           const struct scan_layout *l, bool *written)
{
    json_t *out = json_array();
    *written = false;
    for (size_t i = 0; i < count; i++) {
        json_t *marks = json_array();
        const struct scan_place *p = &l->places[r[i].place];
        for (int row = 0; p->choices > 0 && row < p->rows; row++)
            json_array_append_new(marks, json_integer(r[i].marks[row]));
        *written |= p->kind == SCAN_written;
        json_array_append_new(out,
                              json_pack("{s:I, s:s, s:o}", "place", (json_int_t)r[i].place,
                                        "doubt", scan_doubt_name(r[i].doubt), "marks", marks));
    }
    return out;
}

/* Fills in PAGE; a sentence where it is refused. */
static const char *read_page(struct reading_job *j, struct arena *a,
                             const struct scan_grey *grey, json_t *page, struct err *e)
{
    struct scan_page p;
    struct scan_label label;
    struct scan_place *places;
    struct scan_layout layout;
    struct scan_reading *readings;
    struct bytes jpeg;
    size_t count;
    bool written;
    scan_page_find(a, grey, &p);
    if (p.label)
        json_object_set_new(page, "label", json_string(p.label));
    if (p.refused)
        return p.refused;
    const char *code = scan_label_read(p.label, &label) ? code_of(j, label.ticket) : NULL;
    if (!code)
        return "这一页不是本场次的答题卡。";
    if (!scan_code_read(a, code, &places, &count) ||
        !scan_lay_out(a, places, count, &layout, e) || label.page > layout.pages)
        return "这一页与本场次的答题卡不符。";
    if (!scan_marks_read(a, &p, &layout, label.page - 1, &readings, &count))
        return p.refused;
    json_object_set_new(page, "places", places_json(readings, count, &layout, &written));
    if (!draw_picture(a, &p, written ? 1 : COARSE, &jpeg, e))
        return "这一页的图片无法保存。";
    keep_picture(j, page, jpeg, written ? SCAN_PX : SCAN_PX / COARSE);
    return NULL;
}

/* One page of the walk. False at the end. */
static bool take_page(struct reading_job *j, struct scan_walk *walk)
{
    struct arena *a = arena_create(PAGE_ARENA_BYTES);
    struct scan_grey grey;
    const char *why;
    struct err unused = {0};
    bool there = scan_walk_next(walk, a, &grey, &why);
    if (there) {
        json_t *page = json_object();
        const char *refused = grey.at ? read_page(j, a, &grey, page, &unused) : why;
        if (refused)
            json_object_set_new(page, "refused", json_string(refused));
        json_array_append_new(j->pages, page);
    }
    arena_destroy(a);
    return there;
}

/* *more: there are further ones. */
static bool read_pages(struct reading_job *j, struct bytes file, size_t from, bool *more,
                       struct err *e)
{
    struct scan_walk walk;
    const char *why;
    if (!scan_walk_begin(file, &walk, e))
        return false;
    *more = true;
    for (size_t i = 0; *more && i < from; i++)
        *more = scan_walk_next(&walk, j->arena, NULL, &why);
    for (size_t i = 0; *more && i < PAGES_A_CHILD; i++)
        *more = take_page(j, &walk);
    *more = *more && scan_walk_next(&walk, j->arena, NULL, &why);
    return true;
}

bool parse_scan(struct arena *a, struct bytes input, struct bytes *out, struct err *e)
{
    size_t listed = input.len >= HEAD_BYTES ? be32_get(input.at + 4) : 0;
    if (input.len < HEAD_BYTES || listed > input.len - HEAD_BYTES ||
        (listed > 0 && input.at[HEAD_BYTES + listed - 1] != 0))
        return FAIL(e, INVALID, "/file", "文件内容异常，无法处理。");
    struct reading_job j = {
        .arena = a, .candidates = {input.at + HEAD_BYTES, listed}, .pages = json_array()};
    json_t *all = json_keep(a, json_pack("{s:o}", "pages", j.pages));
    struct bytes file = {input.at + HEAD_BYTES + listed, input.len - HEAD_BYTES - listed};
    bool more;
    if (!read_pages(&j, file, be32_get(input.at), &more, e))
        return false;
    json_object_set_new(all, "more", json_boolean(more));
    struct json_out *o = json_out_create(a);
    out_json(o, all);
    const char *text = json_out_text(o);
    size_t len = strlen(text);
    unsigned char *at = arena_alloc(a, 4 + len + j.pictures_len, 1);
    be32_put(at, (uint32_t)len);
    memcpy(at + 4, text, len);
    if (j.pictures_len > 0)
        memcpy(at + 4 + len, j.pictures, j.pictures_len);
    *out = (struct bytes){at, 4 + len + j.pictures_len};
    return true;
}

/* --- out of the cage ----------------------------------------------------------------------------- */
static bool unpack_reading(const json_t *from, struct scan_reading *r)
{
    int64_t place = json_member_int(from, "place", -1);
    const json_t *marks = json_object_get(from, "marks");
    const char *doubt = json_member_text(from, "doubt");
    if (place < 0 || place >= SCAN_PLACES_MAX || json_array_size(marks) > SCAN_ROWS_MAX ||
        !doubt || !scan_doubt_find(doubt, &r->doubt))
        return false;
    r->place = (size_t)place;
    for (size_t i = 0; i < json_array_size(marks); i++) {
        int64_t bits = json_integer_value(json_array_get(marks, i));
        if (bits < 0 || bits >= 1 << SCAN_CHOICES_MAX)
            return false;
        r->marks[i] = (unsigned char)bits;
    }
    return true;
}

static bool unpack_page(struct arena *a, const json_t *from, struct bytes pictures,
                        struct scan_read_page *p)
{
    const json_t *places = json_object_get(from, "places");
    int64_t at = json_member_int(from, "at", -1), len = json_member_int(from, "len", -1);
    p->refused = arena_text(a, json_member_text(from, "refused"));
    p->label = arena_text(a, json_member_text(from, "label"));
    bool ours = p->label && scan_label_read(p->label, &p->says);
    if (p->refused)
        return true;
    p->count = json_array_size(places);
    p->jpeg_px = json_member_int(from, "px", 0);
    if (!ours || p->count > SCAN_PLACES_MAX || p->jpeg_px < 1 || p->jpeg_px > SCAN_PX ||
        at < 0 || len < 1 || (size_t)at > pictures.len ||
        (size_t)len > pictures.len - (size_t)at)
        return false;
    p->readings = arena_array(a, struct scan_reading, p->count + 1);
    for (size_t i = 0; i < p->count; i++)
        if (!unpack_reading(json_array_get(places, i), &p->readings[i]))
            return false;
    p->jpeg = (struct bytes){pictures.at + at, (size_t)len};
    return true;
}

bool scan_unpack(struct arena *a, struct bytes packed, struct scan_read_pages *out, bool *more,
                 struct err *e)
{
    size_t len = packed.len >= 4 ? be32_get(packed.at) : 0;
    bool ok = packed.len >= 4 && len <= packed.len - 4;
    struct err unused = {0};
    json_t *all = ok ? json_read(a, (const char *)packed.at + 4, len, &unused) : NULL;
    const json_t *pages = json_object_get(all, "pages");
    *more = json_is_true(json_object_get(all, "more"));
    ok = json_is_array(pages) && json_array_size(pages) <= PAGES_A_CHILD;
    *out = (struct scan_read_pages){NULL, 0};
    if (ok) {
        out->count = json_array_size(pages);
        out->at = arena_array(a, struct scan_read_page, out->count + 1);
    }
    for (size_t i = 0; ok && i < out->count; i++)
        ok = unpack_page(a, json_array_get(pages, i),
                         (struct bytes){packed.at + 4 + len, packed.len - 4 - len},
                         &out->at[i]);
    return ok || FAIL(e, INVALID, "/file", "文件内容异常，无法处理。");
}

bool scan_read(struct arena *a, const char *program, struct bytes file,
               const struct scan_candidate *candidates, size_t count,
               struct scan_read_pages *out, struct err *e)
{
    bool more = true;
    *out = (struct scan_read_pages){
        arena_array(a, struct scan_read_page, SCAN_FILE_PAGES_MAX + PAGES_A_CHILD), 0};
    while (more) {
        struct cage_job job = {program, PARSE_scan, parse_scan,
                               scan_pack(a, file, out->count, candidates, count)};
        struct scan_read_pages some;
        struct bytes packed;
        if (!cage_run(a, &job, &packed, e) || !scan_unpack(a, packed, &some, &more, e))
            return false;
        memcpy(out->at + out->count, some.at, some.count * sizeof *some.at);
        out->count += some.count;
        more = more && some.count > 0;
        if (out->count + more > SCAN_FILE_PAGES_MAX)
            return FAIL(e, TOO_LARGE, "/file", "一个文件最多 %d 页：请分几个文件上传。",
                        SCAN_FILE_PAGES_MAX);
    }
    return true;
}
