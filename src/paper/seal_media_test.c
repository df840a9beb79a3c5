/* paper/seal_media_test.c - sounds beside the papers. */
#include "paper/seal_media.h"

#include <string.h>

#include "bank/item_fixture.h"
#include "base/arena.h"
#include "base/json.h"
#include "paper/blob.h"
#include "paper/paper_fixture.h"

/* A form that holds the sample with its sound, in place of the first. */
static const json_t *compose_with_sound(struct paper_test *p)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    const json_t *item = sample_item(p->t->arena, "media");
    const char *line = json_compact(p->t->arena, item);
    paper_test_import(p, "media", (struct bytes){(const unsigned char *)line, strlen(line)});
    CHECK_OK("list",
             bank_list(&p->bank, &(struct bank_filter){.state = "review", .limit = 5}, &rows,
                       &count, &total, &e),
             &e);
    CHECK_INT("one waits", count, 1);
    paper_test_approve(p);
    struct form_order order = {.name = "有声",
                               .blueprint = {programme_find(&p->programmes, "national-2023"),
                                             "theory", 4, "A", NULL, 0},
                               .seed = {8},
                               .must = &rows[0].id,
                               .must_count = 1};
    CHECK_OK("composed", form_compose(&p->bank, &order, &p->forms[0], &e), &e);
    return json_array_get(json_object_get(item, "media"), 0);
}

/* What the candidate's client does: the object of the paper, opened with the key in the paper. */
static struct bytes heard(struct paper_test *p, struct id attempt, const char *sha256)
{
    struct err e = {0};
    struct paper_row row;
    struct bytes blob, key, plain;
    struct paper_object *objects;
    struct blob_head head;
    size_t count;
    const json_t *list = json_object_get(paper_test_exam(p, attempt), "media"),
                 *one = json_array_get(list, 0);
    CHECK_INT("one sound", json_array_size(list), 1);
    CHECK_TEXT("of the item", json_member_text(one, "sha256"), sha256);
    CHECK_OK("paper", paper_of_attempt(p->t->db, attempt, &row, &e), &e);
    CHECK_OK("objects", paper_objects_of(p->t->db, p->t->arena, row.id, &objects, &count, &e),
             &e);
    CHECK_INT("one object", count, 1);
    CHECK_OK("blob", paper_object_blob(p->t->db, p->t->arena, objects[0].id, &blob, &e), &e);
    CHECK("its key", base64url_read(p->t->arena, json_member_text(one, "key"),
                                    strlen(json_member_text(one, "key")), &key));
    CHECK_OK("opens", blob_open(p->t->arena, blob, key.at, NULL, &plain, &e), &e);
    CHECK_OK("head", blob_head_read(blob, &head, &e), &e);
    CHECK_INT("an object", head.flags, BLOB_OBJECT);
    CHECK_INT("of the room", head.room, row.room);
    CHECK_INT("counted apart", head.index, OBJECT_FIRST);
    return plain;
}

void paper_media_beside_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct bytes file, manifest;
    struct paper_object *objects;
    json_t *m;
    size_t count;
    char hex[2 * HASH_BYTES + 1];
    const json_t *sound = compose_with_sound(p);
    const char *data = json_member_text(sound, "data"),
               *sha256 = json_member_text(sound, "sha256");
    CHECK("bytes", base64_read(p->t->arena, data, strlen(data), &file));
    CHECK_OK("prepare", paper_test_prepare(p, 3, &e), &e);
    paper_test_release(p);
    CHECK("the sound", bytes_equal(heard(p, p->attempts[0], sha256), file));
    CHECK("in the other room", bytes_equal(heard(p, p->attempts[4], sha256), file));
    CHECK("a form without", !json_object_get(paper_test_exam(p, p->attempts[2]), "media"));
    CHECK_OK("manifest", paper_manifest(p->t->db, p->t->arena, p->session, 1, &manifest, &e),
             &e);
    CHECK_OK("true", paper_manifest_check(p->t->arena, manifest, p->release_public, &m, &e),
             &e);
    CHECK_OK("objects",
             paper_objects_of_room(p->t->db, p->t->arena, p->session, 1, &objects, &count, &e),
             &e);
    CHECK_INT("one for the room", count, 1);
    hex_write(hex, objects[0].sha256, HASH_BYTES);
    CHECK_TEXT("said in the manifest",
               json_member_text(json_array_get(json_object_get(m, "objects"), 0), "sha256"),
               hex);
    CHECK_INT("and how much", json_member_int(m, "media_bytes", 0), objects[0].bytes);
    paper_test_destroy(p);
}
