/* sitting/hand_up_blob_test.c - files and recordings of a node: sealed there, announced, sent in parts that are cut
 * anywhere, compared, kept at the centre; damaged, lost and foreign ones. */
#include "sitting/hand_up_blob.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/carry.h"
#include "sitting/hand_up_fixture.h"
#include "sitting/handed_in.h"
#include "sitting/recording.h"
#include "sitting/recording_key.h"
#include "store/blob.h"
#include "test/whole.h"

#define WEBM "\x1A\x45\xDF\xA3"
static const char table[] = "镜头,时长\n1,5 秒\n2,25 秒\n";
static const char clip[] = WEBM "ten seconds of picture and sound";
enum { FILE_NO = 1, CLIP_NO = 2 };

/* --- on the node ------------------------------------------------------------------------------------------ */
struct key_of {
    struct id session;
    const unsigned char *public;
};

static bool keep_key(struct db *db, void *ctx, struct err *e)
{
    const struct key_of *k = ctx;
    return carry_public_keep(db, k->session, k->public, 1, e);
}

static bool destroy_key(struct db *db, void *ctx, struct err *e)
{
    const struct key_of *k = ctx;
    return carry_pair_destroy(db, k->session, e);
}

static void key_on_node(struct handing *h, unsigned char public[BOX_PUBLIC_BYTES])
{
    struct node_desk desk = handing_desk(h);
    struct carry_pair pair;
    struct err e = {0};
    CHECK_OK("the pair", carry_pair_ensure(&desk, h->centre->session, &pair, &e), &e);
    struct key_of k = {h->node->session, pair.public};
    CHECK_OK("kept", db_transact(h->node->t->db, keep_key, &k, &e), &e);
    CHECK_OK("the node's half",
             carry_public_get(h->node->t->db, h->node->t->arena, h->node->session, public, &e),
             &e);
    CHECK("is the centre's", memcmp(public, pair.public, BOX_PUBLIC_BYTES) == 0);
}

static struct live_attempt *first(struct delivery *d)
{
    return live_find(journal_live(d->writer), d->attempts[0]);
}

static bool record(struct handing *h, const unsigned char *carry, int64_t second,
                   const char *content, struct err *e)
{
    struct piece_upload in = {.attempt = first(h->node),
                              .media_type = "video/webm",
                              .content = {(const unsigned char *)content, strlen(content)},
                              .carry = carry,
                              .now_ms = fixture_now_ms};
    snprintf(in.name.source, sizeof in.name.source, "camera");
    in.name.started_ms = in.attempt->session->starts_ms + 1000 * second;
    in.name.length_ms = 1000;
    *e = (struct err){0};
    return piece_keep(h->node->writer, &h->node->t->blobs, h->node->t->arena, &in, e);
}

static struct handed_piece table_of(struct handing *h, const unsigned char *carry)
{
    static struct handed_limits limits;
    limits = handed_limits;
    limits.disk_kept_bytes = 0;
    struct handed_piece in = {.attempt = first(h->node),
                              .name = {.item = 7, .total = sizeof table - 1},
                              .content = {(const unsigned char *)table, sizeof table - 1},
                              .limits = &limits,
                              .carry = carry,
                              .now_ms = fixture_now_ms};
    hash_of(in.name.digest, table, sizeof table - 1);
    return in;
}

static struct blob_place own_place(struct delivery *d, unsigned char key[KEY_BYTES])
{
    struct blob_place place = d->t->blobs;
    handed_in_key(d->t->master, d->session, key);
    place.key = key;
    return place;
}

static void a_file_and_a_clip(struct handing *h)
{
    unsigned char carry[BOX_PUBLIC_BYTES], key[KEY_BYTES];
    struct err e = {0};
    struct handed out;
    key_on_node(h, carry);
    struct blob_place place = own_place(h->node, key);
    struct handed_piece in = table_of(h, carry);
    CHECK_OK("a file",
             handed_in_take(h->node->writer, h->node->t->db, &place, h->node->t->arena, &in,
                            &out, &e),
             &e);
    CHECK_TEXT("told", out.type, "csv");
    CHECK_OK("again",
             handed_in_take(h->node->writer, h->node->t->db, &place, h->node->t->arena, &in,
                            &out, &e),
             &e);
    CHECK_OK("a clip", record(h, carry, 0, clip, &e), &e);
    CHECK_OK("again", record(h, carry, 0, clip, &e), &e);
}

/* --- on the way --------------------------------------------------------------------------------------------- */
static struct bytes sealed_of(struct handing *h, int64_t no)
{
    struct carried c;
    struct bytes sealed;
    bool lost;
    struct err e = {0};
    struct arena *a = h->centre->t->arena;
    CHECK_OK("is carried", carried_get(h->node->t->db, a, h->node->session, no, &c, &e), &e);
    CHECK_OK("lies there", carried_read(&h->node->t->blobs, a, &c, &sealed, &lost, &e), &e);
    CHECK("as written", !lost);
    return sealed;
}

static int64_t kept_free; /* of the disk, in the tests below */

static bool send_part(struct handing *h, int64_t no, int64_t place, struct bytes part,
                      struct hand_up_kept *out, struct err *e)
{
    struct node_desk desk = handing_desk(h);
    struct hand_up_keeping k = {.desk = &desk,
                                .node = &h->at_centre,
                                .writer = h->centre->writer,
                                .blobs = &h->centre->t->blobs,
                                .disk_kept_bytes = kept_free};
    struct hand_up_piece in = {h->centre->session, {no, place}, part};
    *e = (struct err){0};
    return hand_up_piece_take(&k, &in, out, e);
}

static struct bytes cut(struct bytes b, size_t from, size_t to)
{
    return (struct bytes){b.at + from, to - from};
}

static size_t wanted(struct handing *h, int64_t *have)
{
    struct node_desk desk = handing_desk(h);
    struct hand_up_wanted list[HAND_UP_WANTED_MAX];
    size_t count;
    struct err e = {0};
    CHECK_OK("wanted",
             hand_up_wanted(&desk, &h->at_centre, h->centre->session, 0, list, &count, &e), &e);
    *have = count ? list[0].have : -1;
    return count;
}

static struct hand_up_blobs sums(struct handing *h)
{
    struct hand_up_blobs b;
    struct err e = {0};
    CHECK_OK("sums",
             hand_up_blobs_of(h->centre->t->db, h->centre->session, h->at_centre.id, &b, &e),
             &e);
    return b;
}

static void rows_but_blobs(struct handing *h)
{
    struct err e = {0};
    CHECK_OK("rows",
             handing_send(h, "journal", h->journal, &e) &&
                 handing_send(h, "batch", h->batch, &e) &&
                 handing_send(h, "ledger", h->ledger, &e),
             &e);
}

static void announce(struct handing *h)
{
    struct err e = {0};
    json_t *rows = handing_rows(h, "blob");
    if (json_array_size(rows) < 10) /* each row is a call, and each call is failed */
        CHECK_WHOLE("announced", h->centre->t, h->centre->t->db,
                    handing_send(h, "blob", rows, &e), &e);
    CHECK_OK("twice, or plainly", handing_send(h, "blob", rows, &e), &e);
}

/* --- at the centre -------------------------------------------------------------------------------------------- */
static bool file_here(struct delivery *d, struct handed_file *out)
{
    unsigned char key[KEY_BYTES];
    struct err e = {0};
    struct blob_place place = own_place(d, key);
    struct handed_place at = {.session = d->session, .entry = d->plans[0].entry};
    hash_of(at.digest, table, sizeof table - 1);
    return handed_in_open(d->t->db, &place, d->t->arena, &at, out, &e);
}

static void clip_is_here(struct delivery *d)
{
    struct piece_list list;
    struct recording_key key;
    struct blob_place place = d->t->blobs;
    struct blob blob;
    struct bytes plain;
    struct err e = {0};
    struct arena *a = d->t->arena;
    CHECK_OK("lists", piece_list(d->t->db, a, first(d), &list, &e), &e);
    CHECK_INT("one", list.count, 1);
    CHECK_TEXT("its source", list.at[0].name.source, "camera");
    CHECK_INT("its length", list.at[0].name.length_ms, 1000);
    CHECK_OK("the session's key",
             recording_key_get(d->t->db, a, d->t->master, d->session, &key, &e), &e);
    place.key = key.key;
    CHECK_OK("reads",
             blob_get(d->t->db, a, list.at[0].blob, &blob, &e) &&
                 blob_read(&place, a, &blob, &plain, &e),
             &e);
    CHECK("as recorded",
          plain.len == sizeof clip - 1 && memcmp(plain.at, clip, plain.len) == 0);
}

void hand_up_blobs_travel_test(void)
{
    struct handing *h = handing_create(a_file_and_a_clip);
    struct err e = {0};
    struct hand_up_kept kept;
    struct handed_file file;
    int64_t have;
    struct bytes sealed = sealed_of(h, FILE_NO), piece = sealed_of(h, CLIP_NO);
    CHECK_INT("two are counted", h->totals.blobs, 2);
    CHECK("the node itself cannot read it", !file_here(h->node, &file));
    CHECK("no word of it", !memmem(sealed.at, sealed.len, "25 ", 3));
    rows_but_blobs(h);
    CHECK_REFUSED("not announced", handing_close(h, &e), &e, CONFLICT, "/missing");
    CHECK(e.text, strstr(e.text, "登记 0 个，应有 2 个"));
    announce(h);
    e = (struct err){0};
    CHECK_REFUSED("not here", handing_close(h, &e), &e, CONFLICT, "/missing");
    CHECK(e.text, strstr(e.text, "还差 2 个"));
    CHECK_TEXT("the desk shows it", handing_missing(h), e.text);
    CHECK_INT("both are wanted", wanted(h, &have), 2);
    CHECK_INT("from the beginning", have, 0);

    struct bytes beginning = cut(sealed, 0, 101), rest = cut(sealed, 101, sealed.len);
    CHECK_WHOLE("a beginning", h->centre->t, journal_db(h->centre->writer),
                send_part(h, FILE_NO, 0, beginning, &kept, &e), &e);
    CHECK_INT("so far", kept.have, 101);
    CHECK_INT("is told to whoever asks", (wanted(h, &have), have), 101);
    CHECK_INT("less is missing", sums(h).awaited_bytes,
              (int64_t)(sealed.len + piece.len) - 101);
    CHECK_OK("again", send_part(h, FILE_NO, 0, beginning, &kept, &e), &e);
    CHECK_INT("changes nothing", kept.have, 101);
    CHECK_OK("the rest", send_part(h, FILE_NO, 101, rest, &kept, &e), &e);
    CHECK_TEXT("is here", kept.state, "here");
    struct recording_key made;
    CHECK_OK("its key, once for all",
             recording_key_ensure(h->centre->t->db, &h->who, h->centre->t->master,
                                  h->centre->session, &made, &e),
             &e);
    CHECK_WHOLE("the clip in one", h->centre->t, journal_db(h->centre->writer),
                send_part(h, CLIP_NO, 0, piece, &kept, &e), &e);
    CHECK_TEXT("here, too", kept.state, "here");
    CHECK_OK("again", send_part(h, CLIP_NO, 0, piece, &kept, &e), &e);
    CHECK_INT("nothing is wanted", wanted(h, &have), 0);
    CHECK("opens for who marks it", file_here(h->centre, &file));
    CHECK_TEXT("its type", file.type, "csv");
    CHECK("its bytes", bytes_equal(file.bytes, (struct bytes){(const unsigned char *)table,
                                                              sizeof table - 1}));
    clip_is_here(h->centre);
    CHECK_OK("closes", handing_close(h, &e), &e);
    handing_destroy(h);
}

/* --- cut anywhere ---------------------------------------------------------------------------------------------- */
static const char tiny[] = WEBM;
enum { CUTS = 420 }; /* more than a tiny piece has bytes once it is sealed */

static void many_clips(struct handing *h)
{
    unsigned char carry[BOX_PUBLIC_BYTES];
    struct err e;
    key_on_node(h, carry);
    for (int64_t i = 0; i < CUTS; i++)
        CHECK_OK("a clip", record(h, carry, i, tiny, &e), &e);
}

void hand_up_blob_cut_test(void)
{
    struct handing *h = handing_create(many_clips);
    struct err e = {0};
    struct hand_up_kept kept;
    struct bytes one = sealed_of(h, 1);
    CHECK("every byte of it", one.len <= CUTS);
    announce(h);
    for (size_t at = 1; at < one.len; at++) {
        int64_t no = (int64_t)at;
        struct bytes sealed = sealed_of(h, no);
        CHECK_OK("before the cut", send_part(h, no, 0, cut(sealed, 0, at), &kept, &e), &e);
        CHECK_OK("after it",
                 send_part(h, no, kept.have, cut(sealed, at, sealed.len), &kept, &e), &e);
        CHECK_TEXT("whole", kept.state, "here");
    }
    CHECK_INT("all of them", sums(h).here, (int64_t)one.len - 1);
    handing_destroy(h);
}

/* A fault between the last part and the whole: what is here stays, an empty part has it looked at again. */
void hand_up_blob_faults_test(void)
{
    struct handing *h = handing_create(a_file_and_a_clip);
    struct err e = {0};
    struct hand_up_kept kept = {0};
    struct handed_file file;
    struct bytes sealed = sealed_of(h, FILE_NO);
    int64_t have = 0;
    announce(h);
    CHECK_OK("a beginning", send_part(h, FILE_NO, 0, cut(sealed, 0, 7), &kept, &e), &e);
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct bytes part;
        wanted(h, &have);
        part = cut(sealed, (size_t)have, sealed.len);
        db_fail_call(journal_db(h->centre->writer), nth, true);
        bool ok = send_part(h, FILE_NO, have, part, &kept, &e);
        db_fail_call(journal_db(h->centre->writer), 0, false);
        CHECK("whole or awaited", file_here(h->centre, &file) == ok);
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 60);
    }
    CHECK_TEXT("here", kept.state, "here");
    CHECK_INT("no part is left", sums(h).awaited, 1);
    handing_destroy(h);
}

/* --- what is wrong ---------------------------------------------------------------------------------------------- */
static struct bytes damaged(struct handing *h, struct bytes b)
{
    unsigned char *copy = arena_copy(h->centre->t->arena, b.at, b.len);
    copy[b.len / 2] ^= 1;
    return (struct bytes){copy, b.len};
}

void hand_up_blob_damage_test(void)
{
    struct handing *h = handing_create(a_file_and_a_clip);
    struct err e = {0};
    struct hand_up_kept kept;
    struct handed_file file;
    struct hand_up_person *people;
    struct node_desk desk = handing_desk(h);
    size_t count;
    struct bytes sealed = sealed_of(h, FILE_NO), wrong = damaged(h, sealed);
    rows_but_blobs(h);
    announce(h);
    CHECK_OK("half of it", send_part(h, FILE_NO, 0, cut(wrong, 0, 200), &kept, &e), &e);
    CHECK_REFUSED("the rest", send_part(h, FILE_NO, 200, cut(wrong, 200, wrong.len), &kept, &e),
                  &e, INVALID, "/digest");
    CHECK_INT("is a finding", sums(h).refused, 1);
    CHECK_INT("nothing of it stays", (wanted(h, &kept.have), kept.have), 0);
    e = (struct err){0};
    CHECK_OK("people",
             hand_up_people(&desk, h->centre->session, h->at_centre.id, &people, &count, &e),
             &e);
    CHECK_INT("one person's", count, 1);
    CHECK("named with the place", people[0].room == 1 && people[0].seat == 1 &&
                                      people[0].files == 1 && people[0].pieces == 1 &&
                                      people[0].refused == 1 && people[0].bytes > 0);
    CHECK_WHOLE("in one", h->centre->t, journal_db(h->centre->writer),
                send_part(h, FILE_NO, 0, wrong, &kept, &e) || e.code == ERR_INVALID, &e);
    CHECK_OK("the true one", send_part(h, FILE_NO, 0, sealed, &kept, &e), &e);
    CHECK("is here", file_here(h->centre, &file));
    CHECK_WHOLE("the node has the clip no more", h->centre->t, h->centre->t->db,
                handing_send(h, "lost",
                             json_keep(h->centre->t->arena, json_pack("[[i]]", CLIP_NO)), &e),
                &e);
    CHECK_INT("a finding, too", sums(h).lost, 1);
    CHECK_OK("holds nobody's answers up", handing_close(h, &e), &e);
    CHECK_INT("and stays", sums(h).lost, 1);
    handing_destroy(h);
}

/* Whole, of its digest, and not what was said of it: another key, other content, another type. */
void hand_up_blob_not_what_it_says_test(void)
{
    struct handing *h = handing_create(a_file_and_a_clip);
    struct err e = {0};
    struct hand_up_kept kept;
    struct arena *a = h->centre->t->arena;
    struct bytes sealed = sealed_of(h, FILE_NO), wrong = damaged(h, sealed);
    unsigned char digest[HASH_BYTES];
    json_t *rows = handing_rows(h, "blob"), *file = json_array_get(rows, 0),
           *piece = json_array_get(rows, 1);
    hash_of(digest, wrong.at, wrong.len);
    json_array_set_new(file, 5, json_string(base64url_write(a, digest, HASH_BYTES)));
    json_array_set_new(piece, 12, json_string("video/mp4"));
    rows_but_blobs(h);
    CHECK_OK("announced", handing_send(h, "blob", rows, &e), &e);
    CHECK_WHOLE("as announced", h->centre->t, journal_db(h->centre->writer),
                send_part(h, FILE_NO, 0, wrong, &kept, &e), &e);
    CHECK_TEXT("does not open", kept.state, "bad");
    CHECK_OK("another type", send_part(h, CLIP_NO, 0, sealed_of(h, CLIP_NO), &kept, &e), &e);
    CHECK_TEXT("neither", kept.state, "bad");
    CHECK_INT("findings", sums(h).bad, 2);
    CHECK_OK("hold nobody's answers up", handing_close(h, &e), &e);
    handing_destroy(h);
}

void hand_up_blob_refused_test(void)
{
    static const char *const names[] = {"", "1", "1.", ".1", "1.2.3", "-1.0", "1.x", "a.1"};
    struct handing *h = handing_create(a_file_and_a_clip);
    struct err e = {0};
    struct hand_up_kept kept;
    struct hand_up_piece_name name;
    struct bytes sealed = sealed_of(h, FILE_NO);
    json_t *rows = handing_rows(h, "blob"), *row = json_array_get(rows, 0);
    char other[ID_TEXT_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        e = (struct err){0};
        CHECK_REFUSED(names[i], hand_up_piece_name_read(names[i], &name, &e), &e, INVALID,
                      "path");
    }
    CHECK_REFUSED("nobody announced it", send_part(h, FILE_NO, 0, sealed, &kept, &e), &e,
                  NOT_FOUND, "path");
    announce(h);
    CHECK_REFUSED("behind a gap",
                  send_part(h, FILE_NO, 5, cut(sealed, 5, sealed.len), &kept, &e), &e, CONFLICT,
                  "/place");
    unsigned char *longer = arena_alloc(h->centre->t->arena, sealed.len + 1, 1);
    memcpy(longer, sealed.at, sealed.len);
    longer[sealed.len] = 0;
    CHECK_REFUSED("too long",
                  send_part(h, FILE_NO, 0, (struct bytes){longer, sealed.len + 1}, &kept, &e),
                  &e, INVALID, "/place");
    kept_free = INT64_MAX;
    CHECK_REFUSED("a full disk", send_part(h, FILE_NO, 0, sealed, &kept, &e), &e, STORE,
                  "/disk");
    kept_free = 0;
    CHECK_OK("room again", send_part(h, FILE_NO, 0, sealed, &kept, &e), &e);

    json_t *changed = json_keep(h->centre->t->arena, json_deep_copy(rows));
    json_array_set(json_array_get(changed, 0), 5, json_array_get(json_array_get(rows, 1), 5));
    e = (struct err){0};
    CHECK_REFUSED("another under its number", handing_send(h, "blob", changed, &e), &e,
                  CONFLICT, "/rows/0");
    id_write(id_random(), other);
    json_array_set_new(row, 2, json_string(other));
    e = (struct err){0};
    CHECK_REFUSED("another node's candidate", handing_send(h, "blob", rows, &e), &e, INVALID,
                  "/rows/0");
    json_array_set_new(json_array_get(changed, 0), 10, json_string("exe"));
    e = (struct err){0};
    CHECK_REFUSED("a type nobody takes", handing_send(h, "blob", changed, &e), &e, INVALID,
                  "/rows/0");
    handing_destroy(h);
}

/* --- on the node: frozen, damaged, without a key ------------------------------------------------------------------ */
void carried_on_a_node_test(void)
{
    struct handing *h = handing_create(a_file_and_a_clip);
    struct err e = {0};
    unsigned char carry[BOX_PUBLIC_BYTES];
    struct carried c;
    struct bytes sealed;
    struct arena *a = h->node->t->arena;
    bool lost;
    key_on_node(h, carry);
    struct piece_list list;
    CHECK_WHOLE("kept and counted, or neither", h->node->t, journal_db(h->node->writer),
                record(h, carry, 1, clip, &e), &e);
    CHECK_OK("is carried", carried_get(h->node->t->db, a, h->node->session, 3, &c, &e), &e);
    char name[ID_TEXT_BYTES];
    id_write(c.blob, name);
    const char *path = arena_printf(a, "%s/blobs/%.2s/%s", h->node->t->blobs.folder, name,
                                    name);
    FILE *f = fopen(path, "r+b");
    CHECK("a bit falls over", f && fseek(f, 90, SEEK_SET) == 0 && fputc(7, f) == 7 &&
                                  fputc(7, f) == 7 && fclose(f) == 0);
    CHECK_OK("is looked at", carried_read(&h->node->t->blobs, a, &c, &sealed, &lost, &e), &e);
    CHECK("and known to be lost", lost);
    CHECK_OK("gone",
             blob_remove_file(&h->node->t->blobs, a, c.blob, &e) &&
                 carried_read(&h->node->t->blobs, a, &c, &sealed, &lost, &e),
             &e);
    CHECK("is lost", lost);
    CHECK_OK("frozen",
             test_store_script(h->node->t, "UPDATE delivery_session SET archived_ms = 1", &e),
             &e);
    CHECK_REFUSED("after the count", record(h, carry, 2, clip, &e), &e, CONFLICT, "/state");
    e = (struct err){0};
    CHECK_OK("lists", piece_list(h->node->t->db, a, first(h->node), &list, &e), &e);
    CHECK_INT("is not kept", list.count, 2);
    e = (struct err){0};
    CHECK_REFUSED("a package of an older program",
                  carry_public_get(h->node->t->db, a, id_random(), carry, &e), &e, CONFLICT,
                  "/node");
    handing_destroy(h);
}

void carry_key_test(void)
{
    struct handing *h = handing_create(NULL);
    struct err e = {0};
    struct node_desk desk = handing_desk(h);
    struct carry_pair one, again;
    struct test_store *t = h->centre->t;
    CHECK_WHOLE("made", t, t->db, carry_pair_ensure(&desk, h->centre->session, &one, &e), &e);
    CHECK_OK("once", carry_pair_ensure(&desk, h->centre->session, &again, &e), &e);
    CHECK("the same", memcmp(&one, &again, sizeof one) == 0);
    struct key_of k = {h->centre->session, NULL};
    CHECK_OK("destroyed", db_transact(t->db, destroy_key, &k, &e), &e);
    CHECK_REFUSED("gone",
                  carry_pair_get(t->db, t->arena, t->master, h->centre->session, &one, &e), &e,
                  NOT_FOUND, "carry");
    e = (struct err){0};
    CHECK_REFUSED("and never made again",
                  carry_pair_ensure(&desk, h->centre->session, &one, &e), &e, CONFLICT,
                  "/carry");
    handing_destroy(h);
}
