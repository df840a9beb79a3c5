/* base/xml_test.c - the tree of a document, and documents that must be refused. */
#include "base/xml.h"

#include "base/arena.h"
#include "base/zip_out.h"
#include "base/zipped.h"
#include "test/check.h"

static struct xml_node *read(struct arena *a, const char *text, struct err *e)
{
    return xml_read(a, (struct bytes){(const unsigned char *)text, strlen(text)}, e);
}

void xml_tree_test(void)
{
    struct arena *a = arena_create(8 << 20);
    struct err e = {0};
    const struct xml_node *root = read(
        a,
        "<q:quiz xmlns:q='urn:x'><!-- one --><q:item q:id=\"7\">a<b>b&amp;</b>"
        "<![CDATA[<c>]]></q:item><item/></q:quiz>",
        &e);
    CHECK_OK("reads", root, &e);
    CHECK_TEXT("name without prefix", root->name, "quiz");
    const struct xml_node *item = xml_child(root, "item");
    CHECK_TEXT("attribute without prefix", xml_attribute(item, "id"), "7");
    CHECK("no such attribute", !xml_attribute(item, "no"));
    CHECK_TEXT("comment before it", item->previous->text, " one ");
    CHECK_TEXT("all text", xml_text(a, item), "ab&<c>");
    CHECK("the next one", xml_next(item, "item") && !xml_next(xml_next(item, "item"), "item"));
    CHECK_TEXT("found below", xml_text(a, xml_find(root, "b")), "b&");
    CHECK("search ends with the subtree", !xml_find(xml_find(root, "b"), "item"));
    CHECK_TEXT("nothing", xml_text(a, NULL), "");
    arena_destroy(a);
}

void xml_refuses_test(void)
{
    static const char *const cases[] = {
        "",
        "<a>",
        "<a></b>",
        "<a>&b;</a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<a/><a/>",
    };
    struct arena *a = arena_create(64 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        CHECK_REFUSED(cases[i], read(a, cases[i], &e) != NULL, &e, INVALID, "file");
    }
    char *deep = arena_array(a, char, 4096);
    for (int i = 0; i < 70; i++)
        memcpy(deep + 3 * i, "<a>", 3);
    struct err e = {0};
    CHECK_REFUSED("too deep", read(a, deep, &e) != NULL, &e, INVALID, "file");
    CHECK("says so", strstr(e.text, "过深"));
    arena_destroy(a);
}

void zip_round_trip_test(void)
{
    struct arena *a = arena_create(8 << 20);
    struct err e = {0};
    struct bytes file, again, got;
    bool found;
    const struct bytes part = {(const unsigned char *)"<a>b</a>", 8};
    for (int i = 0; i < 2; i++) {
        struct zip_out *z = zip_out_begin(a, &e);
        CHECK_OK("begun", z, &e);
        zip_out_add(z, "a/b.xml", part);
        zip_out_add(z, "题.txt", (struct bytes){NULL, 0});
        CHECK_OK("ended", zip_out_end(z, i ? &again : &file, &e), &e);
    }
    CHECK("the same bytes", bytes_equal(file, again));
    struct zipped *z = zipped_open(a, file, &e);
    CHECK_OK("opens", z, &e);
    CHECK_TEXT("first", zipped_name(z, 0), "a/b.xml");
    CHECK_TEXT("second", zipped_name(z, 1), "题.txt");
    CHECK("no third", !zipped_name(z, 2));
    CHECK_OK("read", zipped_bytes(z, "a/b.xml", &got, &found, &e), &e);
    CHECK("there", found && bytes_equal(got, part));
    CHECK_OK("not there", zipped_bytes(z, "b.xml", &got, &found, &e), &e);
    CHECK("said so", !found);
    CHECK("no archive", !zipped_open(a, part, &e));
    arena_destroy(a);
}
