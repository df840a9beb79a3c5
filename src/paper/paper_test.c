/* paper/paper_test.c - from the bank to a scored place: compose, seal, release, open, score. */
#include "paper/key_change.h"
#include "paper/paper.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/json.h"
#include "paper/blob.h"
#include "paper/share.h"
#include "programme/programme.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

static const int64_t OPEN_AT = 1795222800000 + 3 * 60 * 60 * 1000;
static const char *const PASSPHRASES[] = {"first officer's phrase", "second officer's phrase",
                                          "third officer's phrase"};

struct paper_test {
    struct test_store *t;
    struct bank bank;
    struct actor author, officers[3];
    struct programme_set programmes;
    unsigned char release_public[SIGN_PUBLIC_BYTES], release_secret[SIGN_SECRET_BYTES];
    struct id session, forms[2], attempts[6];
    struct release_desk *desk;
};

static bool sign(void *ctx, struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                 struct err *e)
{
    const struct paper_test *p = ctx;
    (void)e;
    sign_bytes(signature, message.at, message.len, p->release_secret);
    return true;
}

static void import(struct paper_test *p, const char *name, struct bytes file)
{
    struct err e = {0};
    struct import_report r;
    struct import_order order = {.programme = "national-2023", .file = file, .hand_in = true};
    CHECK_OK(name, bank_import(&p->bank, &order, &r, &e), &e);
    CHECK_INT(name, r.problem_count, 0);
}

/* Every item that waits, by two reviewers and the proof-reader. */
static void approve_all(struct paper_test *p)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    CHECK_OK("list",
             bank_list(&p->bank, &(struct bank_filter){.state = "review", .limit = 5000}, &rows,
                       &count, &total, &e),
             &e);
    struct id *ids = arena_array(p->t->arena, struct id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    for (int reader = 0; reader < 3; reader++) {
        struct bank bank = p->bank;
        struct actor who = p->author;
        who.account = id_random();
        bank.actor = &who;
        struct review_order order = {.items = ids, .count = count, .verdict = REVIEW_APPROVE};
        CHECK_OK("approve", bank_review(&bank, &order, &e), &e);
    }
}

/* Every item of the starter bank. */
static void fill_bank(struct paper_test *p)
{
    const struct embedded *f;
    for (size_t i = 0; (f = embedded_under("banks/national-2023/", i)); i++)
        import(p, f->name, (struct bytes){f->bytes, f->len});
    approve_all(p);
}

static struct id compose(struct paper_test *p, const char *direction,
                         const struct layout_part *parts, size_t part_count)
{
    struct err e = {0};
    struct id form;
    struct form_order order = {.name = direction,
                               .blueprint = {programme_find(&p->programmes, "national-2023"),
                                             "theory", 4, direction, parts, part_count},
                               .seed = {9}};
    CHECK_OK(direction, form_compose(&p->bank, &order, &form, &e), &e);
    return form;
}

static struct paper_test *paper_test_create(void)
{
    static const struct layout_part with_case[] = {{"single", 20, 2000, NULL},
                                                   {"true_false", 5, 1000, NULL},
                                                   {"calculation", 3, 1000, NULL},
                                                   {"case", 1, 10000, NULL}};
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct paper_test *p = arena_new(t->arena, struct paper_test);
    p->t = t;
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &p->programmes, &e), &e);
    p->author = t->actor;
    p->bank = (struct bank){t->db, t->arena, t->master, &p->programmes, &p->author};
    sign_keypair(p->release_public, p->release_secret);
    p->session = id_random();
    p->desk = release_desk_create(t->actor.now_ms, 5000);
    fill_bank(p);
    p->forms[0] = compose(p, "A", NULL, 0);
    p->forms[1] = compose(p, "C", with_case, 4);
    for (size_t i = 0; i < 6; i++)
        p->attempts[i] = id_random();
    for (size_t i = 0; i < 3; i++) {
        p->officers[i] = t->actor;
        p->officers[i].account = id_random();
        CHECK_OK("enrol",
                 officer_enrol(t->db, t->arena, &p->officers[i], PASSPHRASES[i], 8, &e), &e);
    }
    return p;
}

static void paper_test_destroy(struct paper_test *p)
{
    release_desk_destroy(p->desk);
    test_store_destroy(p->t);
}

static bool prepare(struct paper_test *p, size_t officers, struct err *e)
{
    const struct paper_candidate one[] = {{p->attempts[0], p->forms[0]},
                                          {p->attempts[1], p->forms[0]},
                                          {p->attempts[2], p->forms[1]}},
                                 two[] = {{p->attempts[3], p->forms[1]},
                                          {p->attempts[4], p->forms[0]}};
    const struct paper_room rooms[] = {{.room = 1, .candidates = one, .count = 3},
                                       {.room = 2, .candidates = two, .count = 2}};
    const struct id accounts[] = {p->officers[0].account, p->officers[1].account,
                                  p->officers[2].account};
    struct prepare_order order = {.session = p->session,
                                  .title = "四级理论知识考试",
                                  .minutes = 90,
                                  .open_at_ms = OPEN_AT,
                                  .close_at_ms = OPEN_AT + 90 * 60000,
                                  .rooms = rooms,
                                  .room_count = 2,
                                  .officers = accounts,
                                  .officer_count = officers,
                                  .signer = {"0badcafe", p, sign}};
    return paper_prepare(&p->bank, &order, e);
}

static bool arm(struct paper_test *p, int officer, const char *passphrase, int64_t now_ms,
                int *armed, struct err *e)
{
    struct bank bank = p->bank;
    bank.actor = &p->officers[officer];
    struct arm_order order = {p->session, passphrase, now_ms,
                              now_ms - p->t->actor.now_ms + 5000};
    return officer_arm(p->desk, &bank, &order, armed, e);
}

static bool release_at(struct paper_test *p, int64_t now_ms, int64_t step_ms, struct err *e)
{
    return paper_release(p->desk, &p->bank, p->session, now_ms,
                         now_ms - p->t->actor.now_ms + 5000 - step_ms, e);
}

static void release(struct paper_test *p)
{
    struct err e = {0};
    int armed;
    CHECK_OK("arm", arm(p, 0, PASSPHRASES[0], OPEN_AT - 1000, &armed, &e), &e);
    CHECK_OK("arm", arm(p, 2, PASSPHRASES[2], OPEN_AT - 500, &armed, &e), &e);
    CHECK_INT("two are there", armed, 2);
    CHECK_OK("release", release_at(p, OPEN_AT, 0, &e), &e);
}

static const json_t *exam_of(struct paper_test *p, struct id attempt)
{
    struct err e = {0};
    struct paper_row row;
    unsigned char key[KEY_BYTES];
    json_t *exam;
    CHECK_OK("paper", paper_of_attempt(p->t->db, attempt, &row, &e), &e);
    CHECK_OK("key", paper_key_of(p->t->db, p->t->arena, p->t->master, row.id, OPEN_AT, key, &e),
             &e);
    CHECK_OK("open", paper_open(p->t->db, p->t->arena, row.id, key, &exam, &e), &e);
    return exam;
}

/* Answers every place of an exam rightly from the key set and expects full marks. */
static void score_all(struct paper_test *p, struct key_reader *keys, struct id attempt,
                      int64_t want_millimarks)
{
    struct err e = {0};
    struct paper_row row;
    struct paper_place *places;
    size_t count, n = 0;
    int64_t got = 0;
    const json_t *exam = exam_of(p, attempt), *sections = json_object_get(exam, "sections");
    CHECK_OK("paper", paper_of_attempt(p->t->db, attempt, &row, &e), &e);
    CHECK_OK("places", paper_places(keys, p->t->arena, row.id, &places, &count, &e), &e);
    for (size_t s = 0; s < json_array_size(sections); s++) {
        const json_t *items = json_object_get(json_array_get(sections, s), "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *item = json_array_get(items, i),
                         *parts = json_object_get(item, "items");
            for (size_t k = 0; k < (parts ? json_array_size(parts) : 1); k++) {
                const json_t *place = parts ? json_array_get(parts, k) : item;
                CHECK_INT("numbered in reading order", json_member_int(place, "n", 0),
                          (int64_t)n + 1);
                CHECK_INT("same number", places[n].n, (int64_t)n + 1);
                CHECK_TEXT("same kind", places[n].kind->name, json_member_text(place, "kind"));
                CHECK_TEXT("same question", places[n].stem, json_member_text(place, "stem"));
                n++;
            }
        }
    }
    CHECK_INT("as many places", count, n);
    for (size_t i = 0; i < count; i++) {
        struct item_score score;
        const json_t *whole = places[i].item_json,
                     *part = places[i].part < 0
                                 ? whole
                                 : json_array_get(json_object_get(whole, "items"),
                                                  (size_t)places[i].part),
                     *key = json_object_get(part, "key");
        const json_t *response = key;
        if (strcmp(places[i].kind->name, "single") == 0)
            response = json_keep(p->t->arena, json_pack("[O]", (json_t *)(uintptr_t)key));
        else if (strcmp(places[i].kind->name, "numeric") == 0)
            response = json_object_get(key, "value");
        CHECK_OK("score",
                 places[i].kind->score(
                     places[i].body, response,
                     &(struct score_order){places[i].millimarks, PARTIAL_none}, &score, &e),
                 &e);
        CHECK_INT(places[i].code, score.millimarks, places[i].millimarks);
        got += score.millimarks;
    }
    CHECK_INT("full marks", got, want_millimarks);
}

/* Two papers of one form: the same templates, each with numbers of its own; no brace is left. */
static void numbers_differ(struct paper_test *p)
{
    const char *stems[2][3];
    int same = 0;
    for (int paper = 0; paper < 2; paper++) {
        const json_t *sections = json_object_get(exam_of(p, p->attempts[2 + paper]),
                                                 "sections"),
                     *items = json_object_get(json_array_get(sections, 2), "items");
        CHECK_INT("three of them", json_array_size(items), 3);
        for (size_t i = 0; i < 3; i++) {
            stems[paper][i] = json_member_text(json_array_get(items, i), "stem");
            CHECK("filled", !strpbrk(stems[paper][i], "{}?"));
        }
    }
    for (int i = 0; i < 9; i++)
        same += strcmp(stems[0][i / 3], stems[1][i % 3]) == 0;
    CHECK("their numbers differ", same < 2);
}

static const struct paper_place *drawn_place(struct paper_test *p, const struct key_set *set)
{
    struct err e = {0};
    struct paper_row row;
    struct paper_place *places;
    size_t count, i = 0;
    struct key_reader *reader = key_reader_create(p->t->arena, set, &e);
    CHECK_OK("reader", reader, &e);
    CHECK_OK("paper", paper_of_attempt(p->t->db, p->attempts[2], &row, &e), &e);
    CHECK_OK("places", paper_places(reader, p->t->arena, row.id, &places, &count, &e), &e);
    while (i < count && strcmp(places[i].kind->name, "numeric") != 0)
        i++;
    CHECK("there is one", i < count);
    return &places[i];
}

/* The template's own key, with one added to what the formula gives. */
static const json_t *one_more(struct paper_test *p, const struct key_set *set, const char *code)
{
    const char *form;
    json_t *items, *record, *key = NULL;
    size_t i;
    json_object_foreach(json_object_get(set->json, "forms"), form, items) json_array_foreach(
        items, i, record) if (strcmp(json_member_text(record, "code"), code) == 0)
        key = json_object_get(json_object_get(record, "item"), "key");
    json_t *more = json_keep(p->t->arena, json_copy(key));
    json_object_set_new(more, "formula",
                        json_sprintf("%s＋1", json_member_text(key, "formula")));
    return more;
}

/* After the sitting another formula is right, or right too: the candidate's numbers stay. */
static void formula_is_changed(struct paper_test *p, const struct key_set *set)
{
    static const enum key_effect effects[] = {KEY_REPLACE, KEY_ACCEPT};
    const struct score_order order = {1000, PARTIAL_none};
    const struct paper_place *before = drawn_place(p, set);
    const json_t *own = json_object_get(json_object_get(before->item_json, "key"), "value");
    for (size_t i = 0; i < 2; i++) {
        struct err e = {0};
        struct item_score score;
        struct key_set changed = *set;
        struct key_change change = {before->code, -1, effects[i],
                                    one_more(p, set, before->code)};
        CHECK_OK("changed", key_set_change(p->t->arena, &changed, &change, 1, &e), &e);
        const struct paper_place *after = drawn_place(p, &changed);
        CHECK_TEXT("the same numbers", after->stem, before->stem);
        CHECK_OK("score", after->kind->score(after->body, own, &order, &score, &e), &e);
        CHECK_INT("the old answer", score.millimarks, effects[i] == KEY_ACCEPT ? 1000 : 0);
        CHECK_INT("beside it", after->also_count, effects[i] == KEY_ACCEPT);
        if (effects[i] == KEY_ACCEPT) {
            CHECK_OK("score", after->kind->score(after->also[0], own, &order, &score, &e), &e);
            CHECK_INT("is not the other's", score.millimarks, 0);
        }
    }
}

void paper_road_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct key_set set;
    CHECK_OK("prepare", prepare(p, 3, &e), &e);
    release(p);
    CHECK_OK("keys", paper_key_set(p->t->db, p->t->arena, p->t->master, p->session, &set, &e),
             &e);
    struct key_reader *keys = key_reader_create(p->t->arena, &set, &e);
    CHECK_OK("reader", keys, &e);
    score_all(p, keys, p->attempts[0], 100000);
    score_all(p, keys, p->attempts[2], 58000);
    score_all(p, keys, p->attempts[3], 58000);
    numbers_differ(p);
    formula_is_changed(p, &set);

    const char *x = json_dumps(exam_of(p, p->attempts[0]), JSON_COMPACT),
               *y = json_dumps(exam_of(p, p->attempts[1]), JSON_COMPACT);
    CHECK("neighbours have another order", strcmp(x, y) != 0);
    CHECK("no explanation", !strstr(x, "explanation") && !strstr(x, "\"key\""));
    free((void *)(uintptr_t)x);
    free((void *)(uintptr_t)y);

    struct paper_row *rows;
    size_t count, spares = 0;
    CHECK_OK("list", paper_list(p->t->db, p->t->arena, p->session, &rows, &count, &e), &e);
    for (size_t i = 0; i < count; i++)
        spares += rows[i].spare;
    CHECK_INT("5 candidates, 2 spares of each form a room", spares, 8);
    CHECK_INT("all", count, 13);
    paper_test_destroy(p);
}

/* --- sounds beside the papers --------------------------------------------------------------------- */
/* A form that holds the sample with its sound, in place of the first. */
static const json_t *compose_with_sound(struct paper_test *p)
{
    struct err e = {0};
    struct item_row *rows;
    size_t count;
    int64_t total;
    const struct embedded *f = embedded_find("samples/items/media.json");
    const json_t *item = json_object_get(json_read(p->t->arena, f->bytes, f->len, &e), "item");
    const char *line = json_compact(p->t->arena, item);
    import(p, "media", (struct bytes){(const unsigned char *)line, strlen(line)});
    CHECK_OK("list",
             bank_list(&p->bank, &(struct bank_filter){.state = "review", .limit = 5}, &rows,
                       &count, &total, &e),
             &e);
    CHECK_INT("one waits", count, 1);
    approve_all(p);
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
    const json_t *list = json_object_get(exam_of(p, attempt), "media"),
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
    CHECK_OK("prepare", prepare(p, 3, &e), &e);
    release(p);
    CHECK("the sound", bytes_equal(heard(p, p->attempts[0], sha256), file));
    CHECK("in the other room", bytes_equal(heard(p, p->attempts[4], sha256), file));
    CHECK("a form without", !json_object_get(exam_of(p, p->attempts[2]), "media"));
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

/* S1, S6: the manifest, the blobs in their places, the key set. */
void paper_manifest_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct bytes manifest;
    json_t *m;
    struct key_set set;
    char hex[2 * HASH_BYTES + 1];
    CHECK_OK("prepare", prepare(p, 3, &e), &e);
    CHECK_OK("manifest", paper_manifest(p->t->db, p->t->arena, p->session, 1, &manifest, &e),
             &e);
    CHECK_OK("true", paper_manifest_check(p->t->arena, manifest, p->release_public, &m, &e),
             &e);
    CHECK_OK("keys", paper_key_set(p->t->db, p->t->arena, p->t->master, p->session, &set, &e),
             &e);
    hex_write(hex, set.commitment, HASH_BYTES);
    CHECK_TEXT("committed to", json_member_text(m, "answer_key_commit"), hex);
    const json_t *papers = json_object_get(m, "papers");
    for (size_t i = 0; i < json_array_size(papers); i++) {
        struct id id;
        struct bytes blob;
        unsigned char hash[HASH_BYTES];
        const json_t *one = json_array_get(papers, i);
        CHECK("id", id_read(json_member_text(one, "id"), &id));
        CHECK_OK("blob", paper_blob(p->t->db, p->t->arena, id, &blob, &e), &e);
        hash_of(hash, blob.at, blob.len);
        hex_write(hex, hash, HASH_BYTES);
        CHECK_TEXT("its hash", json_member_text(one, "sha256"), hex);
    }
    unsigned char *copy = arena_copy(p->t->arena, manifest.at, manifest.len);
    for (size_t i = 0; i < manifest.len; i += 7) {
        struct arena *one = arena_create(4 << 20);
        struct err why = {0};
        copy[i] ^= 1;
        CHECK("any byte", !paper_manifest_check(one, (struct bytes){copy, manifest.len},
                                                p->release_public, &m, &why));
        CHECK("is named", strncmp(why.field, "/manifest", 9) == 0);
        copy[i] ^= 1;
        arena_destroy(one);
    }
    paper_test_destroy(p);
}

/* S3: every lawful pair yields K_S, no single share does, no pair of different sessions. */
void shares_join_in_pairs_test(void)
{
    for (int officers = 2; officers <= 3; officers++) {
        struct share s[OFFICERS_MAX], other[OFFICERS_MAX];
        unsigned char key[KEY_BYTES], got[KEY_BYTES];
        random_bytes(key, sizeof key);
        share_split(key, (struct id){{1}}, officers, s);
        share_split(key, (struct id){{1}}, officers, other);
        for (int i = 0; i < officers; i++) {
            CHECK("well-formed", share_is_of(&s[i], (struct id){{1}}, i + 1));
            CHECK("not another's", !share_is_of(&s[i], (struct id){{2}}, i + 1));
            CHECK("K_S is in no share", !memmem(s[i].bytes, SHARE_BYTES, key, KEY_BYTES));
            for (int k = 0; k < officers; k++) {
                bool pair = share_join(&s[i], &s[k], got);
                CHECK_INT("a pair", pair, i != k);
                CHECK("the key", !pair || memcmp(got, key, KEY_BYTES) == 0);
                if (share_join(&s[i], &other[k], got))
                    CHECK("of two splits: nothing", memcmp(got, key, KEY_BYTES) != 0);
            }
        }
    }
}

/* S3, S4 for the online way. */
void paper_release_rules_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct paper_row row;
    unsigned char key[KEY_BYTES];
    int armed = 0;
    CHECK_OK("prepare", prepare(p, 3, &e), &e);
    CHECK_OK("paper", paper_of_attempt(p->t->db, p->attempts[0], &row, &e), &e);
    CHECK_REFUSED("long before", arm(p, 0, PASSPHRASES[0], OPEN_AT - 3600001, &armed, &e), &e,
                  CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_REFUSED("wrong passphrase", arm(p, 0, PASSPHRASES[1], OPEN_AT - 60000, &armed, &e),
                  &e, FORBIDDEN, "/passphrase");
    e = (struct err){0};
    CHECK_OK("one", arm(p, 0, PASSPHRASES[0], OPEN_AT - 60000, &armed, &e), &e);
    CHECK_OK("the same once more", arm(p, 0, PASSPHRASES[0], OPEN_AT - 50000, &armed, &e), &e);
    CHECK_INT("is still one", armed, 1);
    CHECK_REFUSED("one alone", release_at(p, OPEN_AT, 0, &e), &e, CONFLICT, "/officers");
    e = (struct err){0};
    CHECK_OK("two", arm(p, 1, PASSPHRASES[1], OPEN_AT - 40000, &armed, &e), &e);
    CHECK_REFUSED("too early", release_at(p, OPEN_AT - 1, 0, &e), &e, CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_REFUSED("clock set forward", release_at(p, OPEN_AT, 40000, &e), &e, CONFLICT,
                  "/open_at_ms");
    e = (struct err){0};
    CHECK_REFUSED("no key yet",
                  paper_key_of(p->t->db, p->t->arena, p->t->master, row.id, OPEN_AT, key, &e),
                  &e, CONFLICT, "/open_at_ms");
    e = (struct err){0};
    CHECK_OK("at the time", release_at(p, OPEN_AT, 0, &e), &e);
    CHECK_REFUSED("once", release_at(p, OPEN_AT, 0, &e), &e, CONFLICT, "/session");
    e = (struct err){0};
    CHECK_REFUSED("no new papers after", prepare(p, 3, &e), &e, CONFLICT, "/session");
    e = (struct err){0};
    CHECK_REFUSED(
        "a server whose clock is back",
        paper_key_of(p->t->db, p->t->arena, p->t->master, row.id, OPEN_AT - 1, key, &e), &e,
        CONFLICT, "/open_at_ms");
    paper_test_destroy(p);
}

void paper_prepare_rules_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct release_state state;
    struct bytes manifest;
    json_t *m;
    CHECK_REFUSED("one officer", prepare(p, 1, &e), &e, RULE, "/officers");
    e = (struct err){0};
    CHECK_OK("two officers", prepare(p, 2, &e), &e);
    CHECK_OK("again: the next revision", prepare(p, 3, &e), &e);
    CHECK_OK("state", paper_release_state(p->desk, p->t->db, p->session, &state, &e), &e);
    CHECK_INT("papers", state.papers, 13);
    CHECK_INT("officers", state.officers, 3);
    CHECK_OK("manifest", paper_manifest(p->t->db, p->t->arena, p->session, 2, &manifest, &e),
             &e);
    CHECK_OK("true", paper_manifest_check(p->t->arena, manifest, p->release_public, &m, &e),
             &e);
    CHECK_INT("revision", json_member_int(m, "revision", 0), 2);
    CHECK("linked", json_member_text(m, "prev_manifest"));
    release(p);
    exam_of(p, p->attempts[4]);

    p->author.account = id_random();
    p->officers[0].account = id_random();
    p->session = id_random();
    CHECK_REFUSED("an officer without a key", prepare(p, 2, &e), &e, RULE, "/officers");
    paper_test_destroy(p);
}

struct taking {
    struct id session, form, attempt;
    struct paper_row row;
};

static bool take(struct db *db, void *ctx, struct err *e)
{
    struct taking *t = ctx;
    return paper_take_spare(db, t->session, 1, t->form, t->attempt, &t->row, e);
}

void paper_spare_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct taking t = {.session = p->session, .form = p->forms[0], .attempt = p->attempts[0]};
    struct paper_row before, after;
    CHECK_OK("prepare", prepare(p, 2, &e), &e);
    CHECK_OK("before", paper_of_attempt(p->t->db, p->attempts[0], &before, &e), &e);
    CHECK_OK("take", db_transact(p->t->db, take, &t, &e), &e);
    CHECK_OK("after", paper_of_attempt(p->t->db, p->attempts[0], &after, &e), &e);
    CHECK("another paper", !id_equal(before.id, after.id) && after.spare);
    CHECK_OK("take", db_transact(p->t->db, take, &t, &e), &e);
    CHECK_REFUSED("only two were there", db_transact(p->t->db, take, &t, &e), &e, CONFLICT,
                  "/room");
    paper_test_destroy(p);
}

/* S2 in small: before the release no question can be found in the database's files. */
void paper_is_sealed_on_disk_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    struct form form;
    CHECK_OK("prepare", prepare(p, 2, &e), &e);
    CHECK_OK("form", form_open(&p->bank, p->forms[0], &form, &e), &e);
    CHECK_OK("checkpoint", db_checkpoint(p->t->db, &e), &e);
    for (size_t k = 0; k < form.item_count; k += 9) {
        const char *stem = item_stem(&form.items[k].item);
        CHECK(stem, !test_store_holds(p->t, stem));
    }
    CHECK("the search finds what is there", test_store_holds(p->t, form.items[0].point));
    paper_test_destroy(p);
}

/* A failed call leaves the session as it was: nothing, or the revision before. */
void paper_prepare_faults_test(void)
{
    struct paper_test *p = paper_test_create();
    static const int calls[] = {1, 2, 5, 30, 300, 350, 360, 370, 380, 390, 400};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct err e = {0};
        struct release_state state;
        db_fail_call(p->t->db, calls[i], false);
        bool ok = prepare(p, 2, &e);
        bool fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        e = (struct err){0};
        CHECK_OK("state", paper_release_state(p->desk, p->t->db, p->session, &state, &e), &e);
        CHECK("all or nothing", state.papers == 13 || state.papers == 0);
        CHECK_INT("both or none", state.papers == 13, state.prepared);
        CHECK("a fault is told", ok || fired);
    }
    struct err e = {0};
    CHECK_OK("and it works", prepare(p, 3, &e), &e);
    release(p);
    exam_of(p, p->attempts[1]);
    paper_test_destroy(p);
}

/* Enrolling, arming, composing and releasing with the n-th call failing: told, and done the next
 * time. */
void paper_act_faults_test(void)
{
    struct paper_test *p = paper_test_create();
    struct err e = {0};
    bool fired = true;
    int armed;
    CHECK_OK("prepare", prepare(p, 3, &e), &e);
    for (int nth = 1; fired; nth++) {
        struct id form;
        struct form_row *rows;
        size_t before, after;
        struct form_order order = {
            .name = "又一份",
            .blueprint = {programme_find(&p->programmes, "national-2023"), "theory", 4, "B",
                          NULL, 0}};
        CHECK_OK("list", form_list(&p->bank, NULL, &rows, &before, &e), &e);
        db_fail_call(p->t->db, nth, false);
        bool ok = form_compose(&p->bank, &order, &form, &e);
        fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        e = (struct err){0};
        CHECK_OK("list", form_list(&p->bank, NULL, &rows, &after, &e), &e);
        CHECK_INT("whole or not at all", after - before, ok);
        CHECK("a fault is told", ok || fired);
        nth += nth > 8 ? 13 : 0; /* a hundred items are a hundred like calls */
    }
    CHECK_OK("arm", arm(p, 0, PASSPHRASES[0], OPEN_AT - 1000, &armed, &e), &e);
    fired = true;
    for (int nth = 1; fired; nth++) {
        db_fail_call(p->t->db, nth, false);
        bool ok = arm(p, 1, PASSPHRASES[1], OPEN_AT - 1000, &armed, &e);
        fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        CHECK("a fault is told", ok || fired);
        e = (struct err){0};
    }
    CHECK_INT("both", armed, 2);
    fired = true;
    for (int nth = 1; fired; nth++) {
        struct release_state state;
        db_fail_call(p->t->db, nth, false);
        bool ok = release_at(p, OPEN_AT, 0, &e);
        fired = db_fault_fired(p->t->db);
        db_fail_call(p->t->db, 0, false);
        e = (struct err){0};
        CHECK_OK("state", paper_release_state(p->desk, p->t->db, p->session, &state, &e), &e);
        CHECK_INT("released or not", state.released, ok);
        if (ok)
            break;
        CHECK("a fault is told", fired);
        CHECK_INT("nobody has to come again", state.armed, 2);
    }
    exam_of(p, p->attempts[3]);
    paper_test_destroy(p);
}
