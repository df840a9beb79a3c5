/* bank/picture_test.c - pictures taken, stored once, named by items, and seen by nobody else. */
#include "bank/picture.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "bank/attachment.h"
#include "bank/hotspot.h"
#include "bank/item_fixture.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "entry/image.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

/* A picture of that size and shade, as our own encoder writes it. */
static struct bytes drawn(struct arena *a, int64_t width, int64_t height, unsigned char shade,
                          bool jpeg)
{
    struct err e = {0};
    struct bytes out;
    struct image im = {arena_alloc(a, (size_t)(width * height), 3), width, height, width,
                       height};
    for (int64_t i = 0; i < width * height * 3; i++)
        im.rgb[i] = (unsigned char)(shade + i / (width * 3));
    CHECK_OK("drawn",
             jpeg ? image_encode_jpeg(a, &im, 90, &out, &e)
                  : image_encode_png(a, &im, &out, &e),
             &e);
    return out;
}

/* The same file with BYTES put in at AT. */
static struct bytes with(struct arena *a, struct bytes f, size_t at, const char *bytes,
                         size_t n)
{
    unsigned char *out = arena_alloc(a, f.len + n, 1);
    memcpy(out, f.at, at);
    memcpy(out + at, bytes, n);
    memcpy(out + at + n, f.at + at, f.len - at);
    return (struct bytes){out, f.len + n};
}

void picture_taken_test(void)
{
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct attached once, again;
    for (int jpeg = 0; jpeg < 2; jpeg++) {
        struct bytes plain = drawn(a, 120, 80, 30, jpeg);
        CHECK_OK("taken", picture_take(a, NULL, plain, &once, &e), &e);
        CHECK("as it is", bytes_equal(once.bytes, plain));
        CHECK_TEXT("its type", once.type, jpeg ? "image/jpeg" : "image/png");
        CHECK_INT("its width", once.width, 120);
        CHECK_INT("its height", once.height, 80);
        /* A word behind the end, and a note inside: neither is kept. */
        const struct bytes hiding[] = {
            with(a, plain, plain.len, "<script>", 8),
            jpeg ? with(a, plain, 2, "\xFF\xFE\x00\x0Chidden-w", 12)
                 : with(a, plain, 33, "\0\0\0\x04tEXthide\xB8\x3A\x35\x62", 16),
        };
        for (size_t i = 0; i < 2; i++) {
            CHECK_OK("with more", picture_take(a, NULL, hiding[i], &again, &e), &e);
            CHECK("something was dropped", !bytes_equal(again.bytes, hiding[i]));
            CHECK("and is gone", !memmem(again.bytes.at, again.bytes.len, "hid", 3) &&
                                     !memmem(again.bytes.at, again.bytes.len, "script", 6));
            CHECK_OK("again", picture_take(a, NULL, again.bytes, &once, &e), &e);
            CHECK("byte for byte", bytes_equal(once.bytes, again.bytes));
        }
    }
    arena_destroy(a);
}

void picture_refused_test(void)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct attached p;
    static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
    struct bytes png = drawn(a, 40, 40, 9, false);
    CHECK_REFUSED(
        "SVG",
        picture_take(a, NULL, (struct bytes){(const unsigned char *)svg, sizeof svg}, &p, &e),
        &e, MEDIA, "/picture");
    e = (struct err){0};
    CHECK_REFUSED("cut off", picture_take(a, NULL, (struct bytes){png.at, png.len / 2}, &p, &e),
                  &e, INVALID, "/picture");
    e = (struct err){0};
    CHECK_REFUSED("too wide",
                  picture_take(a, NULL, drawn(a, PICTURE_SIDE_MAX + 1, 2, 0, false), &p, &e),
                  &e, TOO_LARGE, "/picture");
    /* Noise does not compress. */
    struct image noise = {arena_alloc(a, 500 * 500, 3), 500, 500, 500, 500};
    uint32_t x = 1;
    for (size_t i = 0; i < 500 * 500 * 3; i++)
        noise.rgb[i] = (unsigned char)((x = x * 1664525 + 1013904223) >> 24);
    struct bytes large;
    e = (struct err){0};
    CHECK_OK("noise", image_encode_png(a, &noise, &large, &e), &e);
    CHECK_REFUSED("too many bytes", picture_take(a, NULL, large, &p, &e), &e, TOO_LARGE,
                  "/picture");
    arena_destroy(a);
}

/* --- items ------------------------------------------------------------------------------------- */
static bool reads(struct arena *a, const json_t *object, struct err *e)
{
    struct item item;
    *e = (struct err){0};
    return item_read(a, object, &item, e);
}

void picture_item_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    json_t *o = sample_item(a, "hotspot"),
           *p = json_array_get(json_object_get(o, "pictures"), 0);
    CHECK_OK("the sample", reads(a, o, &e), &e);
    json_object_set_new(o, "stem", json_string("看 ![p1] 与 ![p2]。"));
    CHECK_REFUSED("a name without a picture", reads(a, o, &e), &e, INVALID, "/pictures");
    json_object_set_new(o, "stem", json_string("看 ![不是编号] 和 ![p1]。"));
    CHECK_OK("a text like a name", reads(a, o, &e), &e);
    json_object_set_new(o, "picture", json_string("p2"));
    CHECK_REFUSED("the kind's picture", reads(a, o, &e), &e, INVALID, "/picture");
    json_object_set_new(o, "picture", json_string("p1"));
    json_object_set_new(p, "width", json_integer(150));
    CHECK_REFUSED("an area beyond it", reads(a, o, &e), &e, INVALID, "/areas/2/coords");
    json_object_set_new(p, "width", json_integer(200));
    json_object_set_new(
        p, "sha256",
        json_string("0000000000000000000000000000000000000000000000000000000000000000"));
    CHECK_REFUSED("other bytes", reads(a, o, &e), &e, INVALID, "/pictures/0/data");
    o = sample_item(a, "hotspot");
    json_array_append(json_object_get(o, "pictures"),
                      json_array_get(json_object_get(o, "pictures"), 0));
    CHECK_REFUSED("an id twice", reads(a, o, &e), &e, INVALID, "/pictures/1/id");
    o = sample_item(a, "hotspot");
    p = json_deep_copy(json_array_get(json_object_get(o, "pictures"), 0));
    json_object_set_new(p, "id", json_string("p2"));
    json_array_append_new(json_object_get(o, "pictures"), p);
    CHECK_REFUSED("one that nothing shows", reads(a, o, &e), &e, INVALID, "/pictures/1");
    arena_destroy(a);
}

/* What only the explanation shows is not in what the candidate gets. */
void picture_shown_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct item item;
    json_t *o = sample_item(a, "hotspot"),
           *p = json_deep_copy(json_array_get(json_object_get(o, "pictures"), 0));
    json_object_set_new(p, "id", json_string("answer"));
    json_array_append_new(json_object_get(o, "pictures"), p);
    json_object_set_new(o, "explanation", json_string("见 ![answer]。"));
    CHECK_OK("read", item_read(a, o, &item, &e), &e);
    CHECK("the question's", picture_is_shown(a, &item, &item.meta.pictures[0]));
    CHECK("the explanation's", !picture_is_shown(a, &item, &item.meta.pictures[1]));
    struct json_out *out = json_out_create(a);
    item_write_presented(a, &item, out);
    CHECK("one of them",
          strstr(json_out_text(out), "\"p1\"") && !strstr(json_out_text(out), "answer"));
    CHECK_TEXT("in a print", pictures_numbered(a, &item.meta, "a ![answer] b ![x] ![p1]"),
               "a 〔图2〕 b ![x] 〔图1〕");
    CHECK_TEXT("in a list", pictures_worded(a, &item.meta, "![answer]"),
               arena_printf(a, "〔图：%s〕", item.meta.pictures[1].alt));
    arena_destroy(a);
}

/* --- the store --------------------------------------------------------------------------------- */
static int64_t rows_of(struct test_store *t, enum sql which)
{
    struct err e = {0};
    struct query *q = db_query(t->db, which);
    CHECK_OK("count", query_one(q, "count", &e), &e);
    int64_t n = query_get_int(q, 0);
    query_done(q);
    return n;
}

void attachment_stored_once_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct programme_set programmes;
    struct attached p, again;
    char hex[2 * HASH_BYTES + 1];
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &programmes, &e), &e);
    struct bank b = {t->db, t->arena, t->master, &programmes, &t->actor};
    struct bytes png = drawn(t->arena, 64, 64, 1, false);
    CHECK_OK("brought", attachment_bring(&b, NULL, png, &p, &e), &e);
    CHECK_OK("again", attachment_bring(&b, NULL, png, &again, &e), &e);
    CHECK_INT("one row", rows_of(t, SQL_attachment_count), 1);
    hex_write(hex, p.digest, HASH_BYTES);
    CHECK_OK("opened", attachment_open(&b, hex, &again, &e), &e);
    CHECK("the bytes", bytes_equal(again.bytes, png));
    CHECK("not in the clear", !test_store_holds(t, "IHDR"));
    CHECK("nor its digest", !test_store_holds(t, hex));
    struct actor other = t->actor;
    other.body = id_random();
    struct bank foreign = b;
    foreign.actor = &other;
    CHECK_REFUSED("another body's", attachment_open(&foreign, hex, &again, &e), &e, NOT_FOUND,
                  "picture");
    e = (struct err){0};
    CHECK_REFUSED("no digest", attachment_open(&b, "../../x", &again, &e), &e, NOT_FOUND,
                  "picture");
    test_store_destroy(t);
}

/* From a file with its bytes into the bank and out again; a second item shares them. */
void attachment_of_items_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct programme_set programmes;
    struct import_report r;
    struct item item;
    struct id id;
    int64_t version;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &programmes, &e), &e);
    struct bank b = {t->db, t->arena, t->master, &programmes, &t->actor};
    json_t *o = sample_item(t->arena, "hotspot"),
           *p = json_array_get(json_object_get(o, "pictures"), 0);
    json_object_set_new(o, "points", json_pack("[s]", "B2.1.1"));
    const char *line = json_compact(t->arena, o);
    struct import_order order = {.programme = "national-2023",
                                 .file = {(const unsigned char *)line, strlen(line)}};
    CHECK_OK("import", bank_import(&b, &order, &r, &e), &e);
    CHECK_INT("no problem", r.problem_count, 0);
    CHECK_INT("added", r.added, 1);
    CHECK_OK("again", bank_import(&b, &order, &r, &e), &e);
    CHECK_INT("unchanged", r.unchanged, 1);
    json_object_set_new(o, "id", json_string("second"));
    json_object_del(p, "data");
    struct save_order save = {.programme = "national-2023", .object = o};
    CHECK_OK("a second", bank_save(&b, &save, &id, &version, &e), &e);
    CHECK_INT("one row", rows_of(t, SQL_attachment_count), 1);
    CHECK_OK("open", bank_open(&b, id, 0, &item, &e), &e);
    CHECK_INT("its picture", item.meta.picture_count, 1);
    CHECK("not its bytes", !item.meta.pictures[0].data);
    json_object_set_new(o, "id", json_string("third"));
    json_object_set_new(
        p, "sha256",
        json_string("0000000000000000000000000000000000000000000000000000000000000000"));
    CHECK_REFUSED("an unknown one", bank_save(&b, &save, &id, &version, &e), &e, INVALID,
                  "/object/pictures/0/sha256");
    line = json_compact(t->arena, o);
    order.file = (struct bytes){(const unsigned char *)line, strlen(line)};
    e = (struct err){0};
    CHECK_OK("import", bank_import(&b, &order, &r, &e), &e);
    CHECK_INT("a problem of the row", r.problem_count, 1);
    test_store_destroy(t);
}

/* --- areas ------------------------------------------------------------------------------------- */
/* Whatever the shape is called, the same pixels are in it. */
void hotspot_shapes_agree_test(void)
{
    static const int64_t rect[] = {10, 20, 40, 50}, square[] = {10, 20, 40, 20, 40, 50, 10, 50},
                         turned[] = {10, 50, 40, 50, 40, 20, 10, 20},
                         bent[] = {0, 0, 60, 0, 60, 60, 30, 10, 0, 60}, circle[] = {30, 30, 5};
    const struct hotspot_area r = {NULL, "rect", rect, 4}, s = {NULL, "poly", square, 8},
                              u = {NULL, "poly", turned, 8}, v = {NULL, "poly", bent, 10},
                              c = {NULL, "circle", circle, 3};
    for (int64_t y = 0; y < 70; y++)
        for (int64_t x = 0; x < 70; x++) {
            bool in = x >= 10 && x <= 40 && y >= 20 && y <= 50;
            CHECK("rect", (hotspot_area_at(&r, 1, x, y) == 0) == in);
            CHECK("poly", (hotspot_area_at(&s, 1, x, y) == 0) == in);
            CHECK("the other way round", (hotspot_area_at(&u, 1, x, y) == 0) == in);
            /* Two triangles hang down from a bar: below the lines from (30,10) it is outside. */
            bool left = x <= 30 && 30 * (60 - y) >= 50 * x,
                 right = x >= 30 && x <= 60 && 30 * (60 - y) >= 50 * (60 - x);
            CHECK("bent", (hotspot_area_at(&v, 1, x, y) == 0) == (y <= 60 && (left || right)));
            CHECK("circle", (hotspot_area_at(&c, 1, x, y) == 0) ==
                                ((x - 30) * (x - 30) + (y - 30) * (y - 30) <= 25));
        }
    const struct hotspot_area both[] = {c, r};
    CHECK_INT("the first of two", hotspot_area_at(both, 2, 30, 30), 0);
    CHECK_INT("the second", hotspot_area_at(both, 2, 12, 21), 1);
    CHECK_INT("neither", hotspot_area_at(both, 2, 60, 60), -1);
}
