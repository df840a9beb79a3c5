/* bank/exchange_test.c - every kind through every format and back, and what other systems write. */
#include "bank/exchange.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>

#include "bank/item.h"
#include "bank/picture.h"
#include "base/arena.h"
#include "base/cage.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "base/zip_out.h"
#include "entry/image.h"
#include "test/check.h"

enum { KINDS_ROOM = 32 };

/* The samples of all kinds, and items that make a format's escapes work. */
static size_t items_of(struct arena *a, const json_t **out)
{
    static const char awkward[] =
        "{'id':'x_1.a-b','kind':'single','levels':[5,4],'points':['B1.1'],'difficulty':1,"
        "'cognitive':'recall','importance':'Z','stem':'= {#3} ~ \\uFFFF 甲：“--” <b>&amp;</b> "
        "[html]\\n"
        "第二行  两个空格\\n\\n-> %50% // ::x:: \\\\n','options':['=1+1','~ %50%x','<p>&','A. "
        "B\\n"
        "C','{}'],'key':'C','explanation':' #### 解析 ]]> --> \\t'}";
    const struct item_kind *k;
    struct err e = {0};
    size_t count = 0;
    for (size_t i = 0; (k = item_kind_at(i)); i++) {
        const struct embedded *f = embedded_find(
            arena_printf(a, "samples/items/%s.json", k->name));
        CHECK(k->name, f);
        out[count++] = json_object_get(json_read(a, f->bytes, f->len, &e), "item");
    }
    char *text = arena_text(a, awkward);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    out[count] = json_read(a, text, strlen(text), &e);
    CHECK_OK("the awkward item", out[count], &e);
    return count + 1;
}

static bool is_lost(const struct exchange *x, const char *id)
{
    for (size_t i = 0; i < x->loss_count; i++)
        if (strcmp(x->losses[i].item, id) == 0 && *x->losses[i].sentence)
            return true;
    return false;
}

/* Exactly the same item comes back; where a format has no place for it, the report says so. */
void exchange_round_trip_test(void)
{
    const struct exchange_format *f;
    struct arena *a = arena_create(512 << 20);
    const json_t *items[KINDS_ROOM];
    size_t count = items_of(a, items);
    for (size_t i = 0; (f = exchange_format_at(i)); i++) {
        struct err e = {0};
        struct bytes file, again;
        struct exchange out, back;
        CHECK_OK(f->name, exchange_write(a, f, items, count, &file, &out, &e), &e);
        CHECK_OK(f->name, exchange_write(a, f, items, count, &again, &out, &e), &e);
        CHECK(f->name, bytes_equal(file, again));
        CHECK_OK(f->name, exchange_read(a, f, NULL, file, &back, &e), &e);
        for (size_t n = 0, at = 0; n < count; n++) {
            const char *id = json_member_text(items[n], "id"),
                       *what = arena_printf(a, "%s: %s", f->name, id);
            if (!f->notes) {
                CHECK(what, is_lost(&out, id));
                continue;
            }
            const json_t *got = json_array_get(back.items, at++);
            CHECK_TEXT(what, got ? json_compact(a, got) : NULL, json_compact(a, items[n]));
        }
        if (f->notes)
            CHECK_INT(f->name, json_array_size(back.items), count);
        for (size_t n = 0; f->notes && n < back.loss_count; n++)
            CHECK_TEXT(f->name, back.losses[n].sentence, "");
    }
    arena_destroy(a);
}

/* Somebody changes the visible question between export and import: the change counts. */
void exchange_edit_counts_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct exchange out, back;
    struct bytes file;
    const char *text = "{\"id\":\"e-1\",\"kind\":\"single\",\"levels\":[4],\"points\":[\"K1\"],"
                       "\"difficulty\":2,\"cognitive\":\"recall\",\"importance\":\"X\","
                       "\"stem\":\"before  twice\",\"options\":[\"a\",\"b\"],\"key\":\"A\","
                       "\"explanation\":\"x\"}";
    const json_t *item = json_read(a, text, strlen(text), &e);
    const struct exchange_format *f = exchange_format_find("gift");
    CHECK_OK("written", exchange_write(a, f, &item, 1, &file, &out, &e), &e);
    char *edited = arena_copy(a, file.at, file.len), *at = strstr(edited, "before");
    CHECK("the stem is there", at);
    memcpy(at, "beyond", 6);
    at = strstr(edited, "\n=a");
    CHECK("the key is there", at);
    memcpy(at, "\n~a\n=b", 6); /* over "\n=a\n~b" */
    CHECK_OK(
        "read",
        exchange_read(a, f, NULL, (struct bytes){(unsigned char *)edited, file.len}, &back, &e),
        &e);
    const json_t *got = json_array_get(back.items, 0);
    CHECK_TEXT("stem as edited", json_member_text(got, "stem"), "beyond  twice");
    CHECK_TEXT("key as edited", json_member_text(got, "key"), "B");
    CHECK_INT("level from the note",
              json_integer_value(json_array_get(json_object_get(got, "levels"), 0)), 4);
    arena_destroy(a);
}

static struct bytes sample_file(struct arena *a, const char *path)
{
    struct err e = {0};
    struct bytes text;
    const char *top = getenv("HENG_SOURCE");
    CHECK_OK(path,
             file_read(a, arena_printf(a, "%s/%s", top ? top : ".", path), 8 << 20, &text, &e),
             &e);
    return text;
}

static void check_sample(struct arena *a, const struct exchange_format *f, const char *name)
{
    struct err e = {0};
    struct exchange x;
    const char *path = arena_printf(a, "tests/samples/exchange/%s/%s", f->name, name);
    const char *dot = strrchr(path, '.');
    struct bytes want_text = sample_file(
        a, arena_printf(a, "%.*s.expected.json", (int)(dot - path), path));
    const json_t *want = json_read(a, want_text.at, want_text.len, &e);
    CHECK_OK(path, want, &e);
    CHECK_OK(path, exchange_read(a, f, NULL, sample_file(a, path), &x, &e), &e);
    const json_t *items = json_object_get(want, "items"),
                 *losses = json_object_get(want, "losses");
    for (size_t i = 0; i < json_array_size(items) && i < json_array_size(x.items); i++)
        CHECK_TEXT(path, json_compact(a, json_array_get(x.items, i)),
                   json_compact(a, json_array_get(items, i)));
    CHECK_INT(path, json_array_size(x.items), json_array_size(items));
    for (size_t i = 0; i < json_array_size(losses) && i < x.loss_count; i++) {
        CHECK_TEXT(path, arena_printf(a, "%s %s", x.losses[i].item, x.losses[i].element),
                   json_string_value(json_array_get(losses, i)));
        CHECK("a sentence", *x.losses[i].sentence);
    }
    CHECK_INT(path, x.loss_count, json_array_size(losses));
}

/* tests/samples/exchange/<format>/<name>: items and losses are those of <name>.expected.json. */
void exchange_samples_test(void)
{
    const struct exchange_format *f;
    for (size_t i = 0; (f = exchange_format_at(i)); i++) {
        struct arena *a = arena_create(512 << 20);
        const char *top = getenv("HENG_SOURCE");
        DIR *folder = opendir(
            arena_printf(a, "%s/tests/samples/exchange/%s", top ? top : ".", f->name));
        const struct dirent *entry;
        size_t seen = 0;
        CHECK(f->name, folder);
        while ((entry = readdir(folder))) {
            if (entry->d_name[0] == '.' || strstr(entry->d_name, ".expected.json"))
                continue;
            check_sample(a, f, entry->d_name);
            seen++;
        }
        closedir(folder);
        CHECK(f->name, seen > 0);
        arena_destroy(a);
    }
}

/* What a question is called here is not always what the file calls it: its losses say both. */
void exchange_losses_name_both_test(void)
{
    static const struct {
        const char *element, *item, *name;
    } want[] = {
        {"#", "gift-0001", "两个 字母"}, {"name", "gift-0001", ""}, {"#", "same", ""},
        {"#", "same-2", "same"},         {"{}", "坏 的", ""},       {"name", "same-2", ""}};
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct exchange x;
    const char *gift = "::两个 字母::题一 {=甲#好 ~乙}\n\n::same::题二 {T#好}\n\n"
                       "::same::题三 {F#好}\n\n::坏 的::题四 {#a..b}\n";
    struct bytes file = {(const unsigned char *)gift, strlen(gift)};
    CHECK_OK("read",
             exchange_read_upload(a, NULL, exchange_format_find("gift"), NULL, file, &x, &e),
             &e);
    CHECK_INT("items", json_array_size(x.items), 3);
    CHECK_INT("refused", x.refused, 1);
    CHECK_INT("losses", x.loss_count, sizeof want / sizeof *want);
    for (size_t i = 0; i < x.loss_count; i++) {
        CHECK_TEXT("element", x.losses[i].element, want[i].element);
        CHECK_TEXT(want[i].element, x.losses[i].item, want[i].item);
        CHECK_TEXT(want[i].element, x.losses[i].name, want[i].name);
    }
    CHECK_OK("of nothing",
             exchange_read(a, exchange_format_find("aiken"), NULL,
                           (struct bytes){(const unsigned char *)"\n", 1}, &x, &e),
             &e);
    CHECK_INT("is said", x.loss_count, 1);
    arena_destroy(a);
}

/* A cell of a table holds neither a picture nor a long note: both stand beside the sheet. */
void exchange_beside_the_sheet_test(void)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct exchange out, back;
    struct bytes file;
    const struct exchange_format *f = exchange_format_find("xlsx");
    const struct embedded *bank = embedded_find("banks/national-2023/hotspot.jsonl");
    const unsigned char *end = memchr(bank->bytes, '\n', bank->len);
    const json_t *item = json_read(a, bank->bytes, (size_t)(end - bank->bytes), &e);
    CHECK_OK("item", item, &e);
    json_t *two[] = {(json_t *)item, json_keep(a, json_deep_copy(item))};
    char *words = arena_alloc(a, 40001, 1);
    memset(words, 'w', 40000);
    json_object_set_new(two[1], "id", json_string("long-note"));
    json_object_set_new(two[1], "sources", json_pack("[s]", words));
    CHECK_OK("written", exchange_write(a, f, (const json_t *const *)two, 2, &file, &out, &e),
             &e);
    CHECK_INT("what other programs do not read", out.loss_count, 2);
    CHECK_OK("read", exchange_read(a, f, NULL, file, &back, &e), &e);
    CHECK_INT("nothing is lost", back.loss_count, 0);
    for (size_t i = 0; i < 2; i++)
        CHECK_TEXT("the same", json_compact(a, json_array_get(back.items, i)),
                   json_compact(a, two[i]));
    arena_destroy(a);
}

/* A picture of a foreign package is taken, cleaned, named where it stood; an area that is none of ours is
 * a loss. */
void exchange_qti_pictures_test(void)
{
    static const char head[] =
        "<?xml version=\"1.0\"?><manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" "
        "identifier=\"m\"><resources><resource identifier=\"q1\" type=\"imsqti_item_xmlv2p1\" "
        "href=\"a/b/q.xml\"/></resources></manifest>";
    static const char question[] =
        "<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"q1\">"
        "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" "
        "baseType=\"identifier\"><correctResponse><value>B</value></correctResponse>"
        "</responseDeclaration><itemBody><p>先看<img src=\"../x.png\" alt=\"甲图\"/>。</p>"
        "<hotspotInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"1\">"
        "<prompt>点出乙</prompt><object type=\"image/png\" data=\"../y.png\" width=\"9\" "
        "height=\"9\">乙图</object>"
        "<hotspotChoice identifier=\"A\" shape=\"circle\" coords=\"8,8,4\"/>"
        "<hotspotChoice identifier=\"B\" shape=\"rect\" coords=\"20,5,40,30\"/>"
        "<hotspotChoice identifier=\"C\" shape=\"ellipse\" coords=\"20,5,40,30\"/>"
        "</hotspotInteraction></itemBody></assessmentItem>";
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct exchange x;
    struct bytes x_png, y_png, file;
    struct image im = {arena_alloc(a, 60 * 40, 3), 60, 40, 60, 40};
    CHECK_OK("x", image_encode_png(a, &im, &x_png, &e), &e);
    im.rgb[7] = 200;
    CHECK_OK("y", image_encode_png(a, &im, &y_png, &e), &e);
    struct zip_out *z = zip_out_begin(a, &e);
    zip_out_add(z, "imsmanifest.xml",
                (struct bytes){(const unsigned char *)head, strlen(head)});
    zip_out_add(z, "a/b/q.xml",
                (struct bytes){(const unsigned char *)question, strlen(question)});
    zip_out_add(z, "a/x.png", x_png);
    zip_out_add(z, "a/y.png", y_png);
    CHECK_OK("zip", zip_out_end(z, &file, &e), &e);
    CHECK_OK("read", exchange_read(a, exchange_format_find("qti21"), NULL, file, &x, &e), &e);
    CHECK_INT("one item", json_array_size(x.items), 1);
    const json_t *item = json_array_get(x.items, 0),
                 *pictures = json_object_get(item, "pictures");
    CHECK_TEXT("kind", json_member_text(item, "kind"), "hotspot");
    CHECK_TEXT("stem", json_member_text(item, "stem"), "先看![p1]。\n点出乙");
    CHECK_TEXT("its picture", json_member_text(item, "picture"), "p2");
    CHECK_TEXT("words", json_member_text(json_array_get(pictures, 1), "alt"), "乙图");
    CHECK_TEXT("areas", json_compact(a, json_object_get(item, "areas")),
               "[{\"coords\":[8,8,4],\"shape\":\"circle\"},"
               "{\"coords\":[20,5,40,30],\"shape\":\"rect\"}]");
    CHECK_TEXT("key", json_compact(a, json_object_get(item, "key")), "[\"B\"]");
    CHECK_INT("losses", x.loss_count, 1);
    CHECK_TEXT("the ellipse", x.losses[0].element, "hotspotChoice");
    arena_destroy(a);
}

/* The sound of a foreign package is taken without its title; what no browser plays is a loss. */
void exchange_qti_media_test(void)
{
    static const char question[] =
        "<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"q1\">"
        "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" "
        "baseType=\"identifier\"><correctResponse><value>B</value></correctResponse>"
        "</responseDeclaration><itemBody><p>听<object type=\"audio/mpeg\" "
        "data=\"tone.mp3\">一声</object>与<audio src=\"x.flac\"/>。</p>"
        "<choiceInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"1\">"
        "<simpleChoice identifier=\"A\">甲</simpleChoice>"
        "<simpleChoice identifier=\"B\">乙</simpleChoice></choiceInteraction>"
        "</itemBody></assessmentItem>";
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct exchange x, back;
    struct bytes file, again, mp3 = sample_file(a, "tests/samples/media/tone.mp3");
    struct zip_out *z = zip_out_begin(a, &e);
    static const char head[] =
        "<?xml version=\"1.0\"?><manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" "
        "identifier=\"m\"><resources><resource identifier=\"q1\" type=\"imsqti_item_xmlv2p1\" "
        "href=\"q.xml\"/></resources></manifest>";
    zip_out_add(z, "imsmanifest.xml",
                (struct bytes){(const unsigned char *)head, strlen(head)});
    zip_out_add(z, "q.xml", (struct bytes){(const unsigned char *)question, strlen(question)});
    zip_out_add(z, "tone.mp3", mp3);
    zip_out_add(z, "x.flac", sample_file(a, "tests/samples/media/refused-flac.ogg"));
    CHECK_OK("zip", zip_out_end(z, &file, &e), &e);
    CHECK_OK("read", exchange_read(a, exchange_format_find("qti21"), NULL, file, &x, &e), &e);
    const json_t *item = json_array_get(x.items, 0), *list = json_object_get(item, "media");
    CHECK_TEXT("stem", json_member_text(item, "stem"), "听![a1]与。");
    CHECK_INT("one sound", json_array_size(list), 1);
    CHECK_TEXT("words", json_member_text(json_array_get(list, 0), "alt"), "一声");
    CHECK_INT("its title, and the other", x.loss_count, 2);
    CHECK_TEXT("the other", x.losses[1].element, "audio");
    static const char *const whole[] = {"qti30", "moodle"};
    for (size_t i = 0; i < 2; i++) {
        const struct exchange_format *f = exchange_format_find(whole[i]);
        CHECK_OK(f->name, exchange_write(a, f, &item, 1, &again, &x, &e), &e);
        CHECK_OK(f->name, exchange_read(a, f, NULL, again, &back, &e), &e);
        CHECK_TEXT(f->name, json_compact(a, json_array_get(back.items, 0)),
                   json_compact(a, item));
    }
    arena_destroy(a);
}

/* A picture that stands where Moodle shows pictures is in the file for everybody, and not a second time in our
 * note; one that is too large is not taken. */
void exchange_moodle_files_test(void)
{
    struct arena *a = arena_create(512 << 20);
    struct err e = {0};
    struct exchange x, back;
    struct bytes file, png;
    const struct exchange_format *f = exchange_format_find("moodle");
    const struct embedded *bank = embedded_find("banks/national-2023/hotspot.jsonl");
    const unsigned char *end = memchr(bank->bytes, '\n', bank->len);
    const json_t *item = json_read(a, bank->bytes, (size_t)(end - bank->bytes), &e);
    const char *data = json_member_text(json_array_get(json_object_get(item, "pictures"), 0),
                                        "data");
    CHECK_OK("written", exchange_write(a, f, &item, 1, &file, &x, &e), &e);
    const char *text = arena_copy(a, file.at, file.len), *at = strstr(text, data);
    CHECK("its bytes", at && !strstr(at + 1, data));
    CHECK("as Moodle names them", strstr(text, "&lt;img src=&quot;@@PLUGINFILE@@/") ||
                                      strstr(text, "&lt;img src=\"@@PLUGINFILE@@/"));
    CHECK_OK("read", exchange_read(a, f, NULL, file, &back, &e), &e);
    CHECK_TEXT("the same", json_compact(a, json_array_get(back.items, 0)),
               json_compact(a, item));
    CHECK_INT("nothing is lost", back.loss_count, 0);

    struct image im = {arena_alloc(a, 400 * 300, 3), 400, 300, 400, 300};
    for (size_t i = 0, r = 1; i < 400 * 300 * 3; i++)
        im.rgb[i] = (unsigned char)((r = r * 6364136223846793005u + 1442695040888963407u) >>
                                    56);
    CHECK_OK("noise", image_encode_png(a, &im, &png, &e), &e);
    text = arena_printf(a,
                        "<quiz><question type=\"truefalse\"><name><text>n</text></name>"
                        "<questiontext format=\"html\"><text>&lt;img "
                        "src=\"@@PLUGINFILE@@/n.png\" alt=\"噪\"&gt;对吗</text><file "
                        "name=\"n.png\" path=\"/\" encoding=\"base64\">%s</file></questiontext>"
                        "<answer fraction=\"100\"><text>true</text></answer></question></quiz>",
                        base64_write(a, png.at, png.len));
    CHECK_OK("read",
             exchange_read(a, f, NULL,
                           (struct bytes){(const unsigned char *)text, strlen(text)}, &x, &e),
             &e);
    CHECK_TEXT("without it", json_member_text(json_array_get(x.items, 0), "stem"),
               "［图：噪］对吗");
    CHECK("says why", x.loss_count == 1 && strstr(x.losses[0].sentence, "KiB"));
    arena_destroy(a);
}

/* Sentences quote what the file says and cut it: within a character too, and the report stays whole. */
void exchange_losses_are_whole_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct exchange x;
    const char *gift =
        "题干的名称很长很长很长很长 {=a =%50%半分答案一二三四五六七八九十一二三四五六七八}\n";
    struct bytes file = {(const unsigned char *)gift, strlen(gift)};
    CHECK_OK("read",
             exchange_read_upload(a, NULL, exchange_format_find("gift"), NULL, file, &x, &e),
             &e);
    CHECK_INT("one item", json_array_size(x.items), 1);
    CHECK("its loss", x.loss_count > 0 && strstr(x.losses[0].sentence, "半分答案"));
    static const char *const texts[] = {"gift", "aiken"};
    for (size_t i = 0; i < 2; i++) {
        struct err other = {0};
        CHECK_REFUSED("GBK",
                      exchange_read(a, exchange_format_find(texts[i]), NULL,
                                    (struct bytes){(const unsigned char *)"\xCC\xE2{T}", 5}, &x,
                                    &other),
                      &other, INVALID, "file");
        CHECK("says so", strstr(other.text, "UTF-8"));
    }
    arena_destroy(a);
}

/* The same through the cage, with what the person fills in. */
void exchange_caged_test(void)
{
    struct arena *a = arena_create(64 << 20);
    struct err e = {0};
    struct exchange x;
    const char *gift = "::q1::两个字母？{=甲 ~乙 ####因为}\n", *fill = "{\"levels\":[4]}";
    struct bytes file = {(const unsigned char *)gift, strlen(gift)};
    CHECK_OK("read",
             exchange_read_upload(a, NULL, exchange_format_find("gift"),
                                  json_read(a, fill, strlen(fill), &e), file, &x, &e),
             &e);
    const json_t *got = json_array_get(x.items, 0);
    CHECK_TEXT("key", json_member_text(got, "key"), "A");
    CHECK_INT("filled in", json_array_size(json_object_get(got, "levels")), 1);
    CHECK_TEXT("still lacks", exchange_lacks(a, got),
               "/points /difficulty /cognitive /importance");
    CHECK_REFUSED(
        "no ZIP",
        exchange_read_upload(a, NULL, exchange_format_find("word"), NULL, file, &x, &e), &e,
        INVALID, "file");
    arena_destroy(a);
}
