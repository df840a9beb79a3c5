/* bank/media_test.c - sounds and films taken, cleaned, named by items, stored once. */
#include "bank/media.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bank/attachment.h"
#include "bank/exchange.h"
#include "bank/export.h"
#include "bank/item_fixture.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "programme/programme.h"
#include "store/db.h"

#include "test/check.h"
#include "test/store.h"

static struct bytes sample(struct arena *a, const char *name)
{
    struct err e = {0};
    struct bytes out;
    CHECK_OK(
        name,
        file_read(a, arena_printf(a, "%s/tests/samples/media/%s", getenv("HENG_SOURCE"), name),
                  MEDIA_BYTES_MAX, &out, &e),
        &e);
    return out;
}

/* Each a second long, with a title that nobody is to keep. */
static const struct {
    const char *file, *type;
    int64_t width, height;
} samples[] = {
    {"tone.wav", "audio/wav", 0, 0},     {"tone.mp3", "audio/mpeg", 0, 0},
    {"tone.m4a", "audio/mp4", 0, 0},     {"tone.ogg", "audio/ogg", 0, 0},
    {"tone.weba", "audio/webm", 0, 0},   {"film.mp4", "video/mp4", 96, 64},
    {"film.webm", "video/webm", 96, 64},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

void media_taken_test(void)
{
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct attached once, again;
    for (size_t i = 0; i < SAMPLES; i++) {
        const char *name = samples[i].file;
        struct bytes file = sample(a, name);
        CHECK("a title to lose", memmem(file.at, file.len, "hidden-word", 11));
        CHECK_OK(name, media_take(a, NULL, file, &once, &e), &e);
        CHECK_TEXT(name, once.type, samples[i].type);
        CHECK_INT(name, once.width, samples[i].width);
        CHECK_INT(name, once.height, samples[i].height);
        CHECK(name, once.duration_ms >= 790 && once.duration_ms <= 1200);
        CHECK(name, !memmem(once.bytes.at, once.bytes.len, "hidden-word", 11));
        CHECK_OK(name, media_take(a, NULL, once.bytes, &again, &e), &e);
        CHECK("byte for byte", bytes_equal(once.bytes, again.bytes));
        CHECK_INT("as long", again.duration_ms, once.duration_ms);
        CHECK_TEXT("its ending", strrchr(name, '.') + 1, media_extension(once.type));
    }
    arena_destroy(a);
}

/* What looks like a tag within the last frame's sound is no tag behind it the first time only. */
void media_sound_like_a_tag_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct attached whole, once, again;
    CHECK_OK("whole", media_take(a, NULL, sample(a, "tone.mp3"), &whole, &e), &e);
    unsigned char *spoilt = arena_copy(a, whole.bytes.at, whole.bytes.len);
    memcpy(spoilt + whole.bytes.len - 128, "TAG", 3);
    CHECK_OK("once", media_take(a, NULL, (struct bytes){spoilt, whole.bytes.len}, &once, &e),
             &e);
    CHECK("the last frame goes", once.bytes.len < whole.bytes.len);
    CHECK_OK("again", media_take(a, NULL, once.bytes, &again, &e), &e);
    CHECK("byte for byte", bytes_equal(once.bytes, again.bytes));
    arena_destroy(a);
}

void media_refused_test(void)
{
    static const char *const refused[] = {"refused-mpeg4.mp4", "refused-flac.ogg",
                                          "refused-pieces.mp4", "refused-matroska.mkv"};
    static const unsigned char html[] = "<html><video src=x onerror=alert(1)></html>";
    struct arena *a = arena_create(512 << 20);
    struct err e;
    struct attached m;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        e = (struct err){0};
        CHECK_REFUSED(refused[i], media_take(a, NULL, sample(a, refused[i]), &m, &e), &e, MEDIA,
                      "/media");
    }
    e = (struct err){0};
    CHECK_REFUSED("a page", media_take(a, NULL, (struct bytes){html, sizeof html}, &m, &e), &e,
                  MEDIA, "/media");
    for (size_t i = 0; i < SAMPLES; i++) {
        struct bytes file = sample(a, samples[i].file);
        if (strcmp(samples[i].type, "audio/mpeg") == 0)
            continue; /* has frames up to the cut: a shorter sound */
        e = (struct err){0};
        CHECK_REFUSED(samples[i].file,
                      media_take(a, NULL, (struct bytes){file.at, file.len - 40}, &m, &e), &e,
                      INVALID, "/media");
    }
    /* Bytes behind the end belong to nothing. */
    struct bytes mp4 = sample(a, "film.mp4");
    unsigned char *more = arena_alloc(a, mp4.len + 6, 1);
    memcpy(more, mp4.at, mp4.len);
    memcpy(more + mp4.len, "hidden", 6);
    e = (struct err){0};
    CHECK_REFUSED("with a tail", media_take(a, NULL, (struct bytes){more, mp4.len + 6}, &m, &e),
                  &e, INVALID, "/media");
    unsigned char *large = arena_alloc(a, MEDIA_BYTES_MAX + 1, 1);
    memcpy(large, mp4.at, mp4.len);
    e = (struct err){0};
    CHECK_REFUSED("too large",
                  media_take(a, NULL, (struct bytes){large, MEDIA_BYTES_MAX + 1}, &m, &e), &e,
                  TOO_LARGE, "/media");
    arena_destroy(a);
}

/* --- items ------------------------------------------------------------------------------------- */
static bool reads(struct arena *a, const json_t *object, struct err *e)
{
    struct item item;
    *e = (struct err){0};
    return item_read(a, object, &item, e);
}

void media_item_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    json_t *o = sample_item(a, "media"), *m = json_array_get(json_object_get(o, "media"), 0);
    CHECK_OK("the sample", reads(a, o, &e), &e);
    json_object_set_new(o, "stem", json_string("听一段话。"));
    CHECK_REFUSED("one that nobody hears", reads(a, o, &e), &e, INVALID, "/media/0");
    json_object_set_new(o, "stem", json_string("听 ![a1]，看 ![p1]。"));
    CHECK_REFUSED("a name of nothing", reads(a, o, &e), &e, INVALID, "/pictures");
    json_object_set_new(o, "stem", json_string("听 ![a1]。"));
    json_object_set_new(m, "type", json_string("text/html"));
    CHECK_REFUSED("no type of ours", reads(a, o, &e), &e, INVALID, "/media/0/type");
    json_object_set_new(m, "type", json_string("audio/mpeg"));
    json_object_set_new(m, "plays", json_integer(MEDIA_PLAYS_MAX + 1));
    CHECK_REFUSED("played too often", reads(a, o, &e), &e, INVALID, "/media/0/plays");
    json_object_set_new(m, "plays", json_integer(2));
    json_object_set_new(m, "data", json_string("bm8="));
    CHECK_REFUSED("other bytes", reads(a, o, &e), &e, INVALID, "/media/0/data");
    o = sample_item(a, "media");
    json_array_append(json_object_get(o, "media"),
                      json_array_get(json_object_get(o, "media"), 0));
    CHECK_REFUSED("an id twice", reads(a, o, &e), &e, INVALID, "/media/1/id");
    arena_destroy(a);
}

/* What only the explanation plays is not in what the candidate gets. */
void media_shown_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct item item;
    json_t *o = sample_item(a, "media"),
           *m = json_deep_copy(json_array_get(json_object_get(o, "media"), 0));
    json_object_set_new(m, "id", json_string("answer"));
    json_array_append_new(json_object_get(o, "media"), m);
    json_object_set_new(o, "explanation", json_string("听 ![answer]。"));
    CHECK_OK("read", item_read(a, o, &item, &e), &e);
    CHECK("the question's", media_is_shown(a, &item, &item.meta.media[0]));
    CHECK("the explanation's", !media_is_shown(a, &item, &item.meta.media[1]));
    struct json_out *out = json_out_create(a);
    item_write_presented(a, &item, out);
    CHECK("one of them",
          strstr(json_out_text(out), "\"a1\"") && !strstr(json_out_text(out), "answer"));
    CHECK("not its bytes", !strstr(json_out_text(out), item.meta.media[0].data));
    CHECK_TEXT("in a print", pictures_numbered(a, &item.meta, "a ![answer] ![a1]"),
               "a 〔音频2〕 〔音频1〕");
    CHECK_TEXT("in a list", pictures_worded(a, &item.meta, "![a1]"),
               arena_printf(a, "〔音频：%s〕", item.meta.media[0].alt));
    arena_destroy(a);
}

/* What is exported carries the bytes: another body can take it. */
static void takes_along(const struct bank *b)
{
    struct err e = {0};
    struct exported out;
    struct import_report r;
    struct export_order order = {.programme = "national-2023",
                                 .format = exchange_format_find("jsonl"),
                                 .reason = "换题库"};
    struct actor other = *b->actor;
    struct bank elsewhere = *b;
    CHECK_OK("exported", bank_export(b, &order, &out, &e), &e);
    other.body = id_random();
    elsewhere.actor = &other;
    struct import_order in = {.programme = "national-2023", .file = out.file};
    CHECK_OK("imported", bank_import(&elsewhere, &in, &r, &e), &e);
    CHECK_INT("no problem", r.problem_count, 0);
    CHECK_INT("all of them", r.added, out.items);
}

/* From a file with its bytes into the bank and out again; a second item shares them. */
void media_stored_once_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct programme_set programmes;
    struct import_report r;
    struct attached m;
    struct id id;
    int64_t version;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &programmes, &e), &e);
    struct bank b = {t->db, t->arena, t->master, &programmes, &t->actor};
    json_t *o = sample_item(t->arena, "media"),
           *one = json_array_get(json_object_get(o, "media"), 0);
    const char *line = json_compact(t->arena, o);
    struct import_order order = {.programme = "national-2023",
                                 .file = {(const unsigned char *)line, strlen(line)}};
    CHECK_OK("import", bank_import(&b, &order, &r, &e), &e);
    CHECK_INT("no problem", r.problem_count, 0);
    CHECK_INT("added", r.added, 1);
    CHECK_OK("brought again",
             attachment_bring_media(&b, NULL, sample(t->arena, "tone.mp3"), &m, &e), &e);
    struct query *q = db_query(t->db, SQL_attachment_count);
    CHECK_OK("count", query_one(q, "count", &e), &e);
    CHECK_INT("one row", query_get_int(q, 0), 1);
    query_done(q);
    json_object_set_new(o, "id", json_string("second"));
    json_object_del(one, "data");
    struct save_order save = {.programme = "national-2023", .object = o};
    CHECK_OK("a second", bank_save(&b, &save, &id, &version, &e), &e);
    const char *sha256 = json_member_text(one, "sha256");
    takes_along(&b);
    CHECK_OK("opened", attachment_open(&b, sha256, &m, &e), &e);
    CHECK_TEXT("its type", m.type, "audio/mpeg");
    CHECK("not in the clear", !test_store_holds(t, sha256));
    json_object_set_new(o, "id", json_string("third"));
    json_object_set_new(one, "duration_ms", json_integer(5));
    CHECK_REFUSED("another length", bank_save(&b, &save, &id, &version, &e), &e, INVALID,
                  "/object/media/0/sha256");
    test_store_destroy(t);
}
