/* archive/leftover_test.c - what nothing names goes when it is old, and nothing else does. */
#include "archive/leftover.h"

#include <jansson.h>
#include <string.h>

#include "bank/attachment.h"
#include "bank/item_fixture.h"
#include "base/arena.h"
#include "base/json.h"
#include "people/body.h"
#include "programme/programme.h"
#include "sitting/delivery_fixture.h"
#include "sitting/handed_in.h"
#include "store/blob.h"
#include "store/db.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

struct yard {
    struct delivery *d;
    struct programme_set programmes;
    struct actor who;
    struct blob_place place; /* of candidates' files */
    unsigned char key[KEY_BYTES];
    struct play_device dev[FIXTURE_SEATS];
    struct leftover_sweep sweep;
};

static void begin(struct yard *y)
{
    struct err e = {0};
    *y = (struct yard){.d = delivery_create()};
    y->who = y->d->t->actor;
    CHECK_OK("programmes", programmes_load_embedded(y->d->t->arena, &y->programmes, &e), &e);
    y->place = y->d->t->blobs;
    handed_in_key(y->d->t->master, y->d->session, y->key);
    y->place.key = y->key;
    y->sweep = (struct leftover_sweep){y->d->t->db, y->d->t->arena, &y->who};
}

static void end(struct yard *y)
{
    delivery_destroy(y->d);
}

static struct bank bank_of(struct yard *y)
{
    return (struct bank){y->d->t->db, y->d->t->arena, y->d->t->master, &y->programmes, &y->who};
}

/* The sound of the sample, the picture of the other one. */
static void bring(struct yard *y, const char *kind, const char *list)
{
    struct err e = {0};
    struct bank b = bank_of(y);
    struct attached a;
    struct bytes file;
    const char *data = json_member_text(
        json_array_get(json_object_get(sample_item(y->d->t->arena, kind), list), 0), "data");
    CHECK("bytes", base64_read(y->d->t->arena, data, strlen(data), &file));
    CHECK_OK(kind,
             strcmp(list, "media") == 0 ? attachment_bring_media(&b, NULL, file, &a, &e)
                                        : attachment_bring(&b, NULL, file, &a, &e),
             &e);
}

static void write_item(struct yard *y)
{
    struct err e = {0};
    struct bank b = bank_of(y);
    struct id id;
    int64_t version;
    json_t *o = sample_item(y->d->t->arena, "media");
    json_object_del(json_array_get(json_object_get(o, "media"), 0), "data");
    struct save_order order = {.programme = "national-2023", .object = o};
    CHECK_OK("an item", bank_save(&b, &order, &id, &version, &e), &e);
}

static int64_t attachments_of(struct yard *y)
{
    struct err e = {0};
    struct query *q = db_query(y->d->t->db, SQL_attachment_count);
    CHECK_OK("attachments", query_one(q, "count", &e), &e);
    int64_t n = query_get_int(q, 0);
    query_done(q);
    return n;
}

static struct leftover_removed sweep_at(struct yard *y, int64_t now_ms)
{
    struct err e = {0};
    struct leftover_removed out;
    y->who.now_ms = now_ms;
    CHECK_OK("sweeps", leftovers_remove(&y->sweep, &y->place, &out, &e), &e);
    return out;
}

static struct leftovers counted(struct yard *y)
{
    struct err e = {0};
    struct leftovers out;
    CHECK_OK("counts", leftovers_count(&y->sweep, &out, &e), &e);
    return out;
}

static size_t past_of(struct yard *y, struct leftover_past **past)
{
    struct err e = {0};
    size_t count;
    CHECK_OK("past", leftovers_past(&y->sweep, past, &count, &e), &e);
    return count;
}

void leftover_attachments_test(void)
{
    struct yard y;
    struct leftover_past *past;
    begin(&y);
    int64_t start_ms = y.who.now_ms;
    bring(&y, "media", "media");
    write_item(&y);
    bring(&y, "hotspot", "pictures");
    CHECK_INT("two are there", attachments_of(&y), 2);
    struct leftovers now = counted(&y);
    CHECK_INT("one that nothing names", now.attachments.count, 1);
    CHECK("its bytes", now.attachments.bytes > 100);
    CHECK_INT("not due", now.attachments.due, 0);
    CHECK_INT("on the last day", sweep_at(&y, start_ms + LEFTOVER_DAYS * DAY_MS).attachments,
              0);
    /* Who brings it again may be about to write an item with it. */
    bring(&y, "hotspot", "pictures");
    CHECK_INT("still one", attachments_of(&y), 2);
    CHECK_INT("it begins anew",
              sweep_at(&y, start_ms + (LEFTOVER_DAYS + 1) * DAY_MS).attachments, 0);
    y.who.now_ms = start_ms + (2 * LEFTOVER_DAYS + 1) * DAY_MS;
    CHECK_INT("due", counted(&y).attachments.due, 1);
    CHECK_INT("nothing is written down so far", past_of(&y, &past), 0);
    CHECK_INT("goes", sweep_at(&y, y.who.now_ms).attachments, 1);
    CHECK_INT("the item's stays", attachments_of(&y), 1);
    CHECK_INT("nothing more", sweep_at(&y, y.who.now_ms + 1000 * DAY_MS).attachments, 0);
    CHECK_INT("written down once", past_of(&y, &past), 1);
    CHECK_TEXT("what", past[0].kind, "attachment");
    CHECK_INT("how many", past[0].count, 1);
    CHECK_INT("how much", past[0].bytes, now.attachments.bytes);
    CHECK_INT("nothing is left", counted(&y).attachments.count, 0);
    end(&y);
}

/* --- files ---------------------------------------------------------------------------------------- */
enum { FILE_BYTES = HANDED_PIECE_BYTES + 5000 };

static struct live_attempt *attempt_of(struct yard *y, size_t seat)
{
    return live_find(journal_live(y->d->writer), y->d->attempts[seat]);
}

static const unsigned char *text_of(struct arena *a, size_t which)
{
    unsigned char *text = arena_alloc(a, FILE_BYTES, 1);
    for (size_t i = 0; i < FILE_BYTES; i++)
        text[i] = (unsigned char)(i % 40 == 39 ? '\n' : 'a' + (i + which) % 23);
    return text;
}

static const char *hex_of_file(struct arena *a, size_t which)
{
    unsigned char digest[HASH_BYTES];
    char *hex = arena_alloc(a, 2 * HASH_BYTES + 1, 1);
    hash_of(digest, text_of(a, which), FILE_BYTES);
    hex_write(hex, digest, HASH_BYTES);
    return hex;
}

/* The first piece of it, or all. */
static const char *hand_in(struct yard *y, size_t seat, size_t which, bool whole)
{
    struct arena *a = y->d->t->arena;
    struct err e = {0};
    struct handed out;
    struct handed_limits limits = {INT64_C(48) << 20, INT64_C(1) << 30, 0};
    const unsigned char *text = text_of(a, which);
    struct handed_piece in = {.attempt = attempt_of(y, seat),
                              .name = {.item = 7, .total = FILE_BYTES},
                              .limits = &limits,
                              .now_ms = fixture_now_ms};
    hash_of(in.name.digest, text, FILE_BYTES);
    for (int64_t at = 0; at < (whole ? FILE_BYTES : 1); at += HANDED_PIECE_BYTES) {
        in.name.place = at;
        size_t rest = (size_t)(FILE_BYTES - at);
        in.content = (struct bytes){text + at,
                                    rest < HANDED_PIECE_BYTES ? rest : HANDED_PIECE_BYTES};
        CHECK_OK("a piece",
                 handed_in_take(y->d->writer, y->d->t->db, &y->place, a, &in, &out, &e), &e);
    }
    CHECK_INT("whole or not", out.type != NULL, whole);
    return hex_of_file(a, which);
}

static void answer_with(struct yard *y, size_t seat, const char *hex)
{
    struct save_answer answer;
    play_write(
        &y->dev[seat], ENTRY_ANSWER, 7,
        arena_printf(y->d->t->arena,
                     "{\"bytes\":%d,\"name\":\"a.csv\",\"sha256\":\"%s\",\"type\":\"csv\"}",
                     FILE_BYTES, hex));
    delivery_save(y->d, &y->dev[seat], &answer);
}

static void seal(struct yard *y, size_t seat)
{
    struct save_answer answer;
    play_write(&y->dev[seat], ENTRY_SEAL, 0, "{\"reason\":\"hand_in\"}");
    delivery_save(y->d, &y->dev[seat], &answer);
    CHECK_INT("sealed", attempt_of(y, seat)->state, ATTEMPT_SEALED);
}

static struct id blob_of_first(struct yard *y)
{
    struct err e = {0};
    struct query *q = db_query(y->d->t->db, SQL_carried_blob_list);
    query_id(q, y->d->session);
    CHECK_OK("a piece", query_one(q, "piece", &e), &e);
    struct id blob = query_get_id(q, 0);
    query_done(q);
    return blob;
}

static bool blob_is_there(struct yard *y, struct id blob)
{
    struct err e = {0};
    struct blob row;
    struct bytes sealed;
    bool has_row = blob_get(y->d->t->db, y->d->t->arena, blob, &row, &e);
    e = (struct err){0};
    bool has_file = blob_read_sealed(&y->place, y->d->t->arena, blob, &sealed, &e);
    CHECK_INT("row and file", has_row, has_file);
    return has_row;
}

static void open_all(struct yard *y)
{
    fixture_now_ms = y->who.now_ms;
    delivery_start_room(y->d, fixture_now_ms);
    for (size_t i = 0; i < FIXTURE_SEATS; i++)
        delivery_open(y->d, i, &y->dev[i]);
}

/* One candidate handed another file in and left this one; one says that it was handed in; one still sits. */
static struct id fill(struct yard *y)
{
    open_all(y);
    hand_in(y, 0, 0, false);
    struct id left = blob_of_first(y);
    answer_with(y, 0, hand_in(y, 0, 1, true));
    answer_with(y, 1, hand_in(y, 1, 2, false));
    hand_in(y, 2, 3, false);
    seal(y, 0);
    seal(y, 1);
    return left;
}

static void leave(struct yard *y)
{
    for (size_t i = 0; i < FIXTURE_SEATS; i++)
        play_end(&y->dev[i]);
    end(y);
}

static bool whole_one_opens(struct yard *y)
{
    struct err e = {0};
    struct handed_file out;
    struct handed_place at = {.session = y->d->session, .entry = y->d->plans[0].entry};
    hash_of(at.digest, text_of(y->d->t->arena, 1), FILE_BYTES);
    return handed_in_open(y->d->t->db, &y->place, y->d->t->arena, &at, &out, &e);
}

void leftover_files_test(void)
{
    struct yard y;
    struct leftover_past *past;
    begin(&y);
    struct id left = fill(&y);
    int64_t start_ms = y.who.now_ms;
    struct leftovers now = counted(&y);
    CHECK_INT("not whole", now.files.count, 3);
    CHECK_INT("bytes", now.files.bytes, 3 * (int64_t)HANDED_PIECE_BYTES);
    CHECK_INT("none is due", now.files.due, 0);
    CHECK_INT("on the last day", sweep_at(&y, start_ms + LEFTOVER_DAYS * DAY_MS).files, 0);
    y.who.now_ms = start_ms + LEFTOVER_DAYS * DAY_MS + 1;
    now = counted(&y);
    CHECK_INT("one is due", now.files.due, 1);
    CHECK_INT("one is named", now.named, 1);
    CHECK("there", blob_is_there(&y, left));
    struct leftover_removed gone = sweep_at(&y, y.who.now_ms);
    CHECK_INT("goes", gone.files, 1);
    CHECK_INT("its bytes", gone.file_bytes, HANDED_PIECE_BYTES);
    CHECK("from the disk", !blob_is_there(&y, left));
    CHECK("the whole one stays", whole_one_opens(&y));
    CHECK_INT("two stay", counted(&y).files.count, 2);
    CHECK_INT("again", sweep_at(&y, y.who.now_ms).files, 0);
    CHECK_INT("written down once", past_of(&y, &past), 1);
    CHECK_TEXT("what", past[0].kind, "file");
    /* The third hands in; what their device still had comes later, beside the main line. */
    seal(&y, 2);
    CHECK_INT("due now", counted(&y).files.due, 1);
    answer_with(&y, 2, hex_of_file(y.d->t->arena, 3));
    CHECK_INT("named after all", counted(&y).named, 2);
    CHECK_INT("stays", sweep_at(&y, y.who.now_ms + 1000 * DAY_MS).files, 0);
    leave(&y);
}

/* Each call that fails leaves all of a kind, or nothing of it. */
void leftover_faults_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct yard y;
        struct err e = {0};
        struct leftover_removed out;
        struct leftover_past *past;
        begin(&y);
        bring(&y, "hotspot", "pictures");
        struct id left = fill(&y);
        y.who.now_ms += (LEFTOVER_DAYS + 1) * DAY_MS;
        db_fail_call(y.d->t->db, nth, nth % 2 == 0);
        bool ok = leftovers_remove(&y.sweep, &y.place, &out, &e);
        db_fail_call(y.d->t->db, 0, false);
        CHECK("nothing left open", db_is_idle(y.d->t->db));
        bool attachment = attachments_of(&y) == 0, file = !blob_is_there(&y, left);
        CHECK_INT("the pieces as their bytes", counted(&y).files.count, file ? 2 : 3);
        CHECK_INT("each is written down", past_of(&y, &past), attachment + file);
        CHECK_INT("and said", out.attachments + out.files, attachment + file);
        CHECK("attachments first", attachment || !file);
        leave(&y);
        if (ok) {
            CHECK("all of it", attachment && file);
            break;
        }
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 200);
    }
}

void leftover_sweep_test(void)
{
    struct yard y;
    struct err e = {0};
    struct leftover_removed out;
    begin(&y);
    struct body body = {.id = y.who.body,
                        .name = "演示评价机构",
                        .type_letter = "",
                        .filed_code = "",
                        .province = "",
                        .site_serial = ""};
    CHECK_OK("a body", body_create(y.d->t->db, &y.who, &body, &e), &e);
    bring(&y, "hotspot", "pictures");
    int64_t now_ms = y.who.now_ms;
    CHECK_OK("too early", leftovers_sweep(y.d->t->db, &y.place, now_ms, &out, &e), &e);
    CHECK_INT("nothing", out.attachments, 0);
    CHECK_OK(
        "later",
        leftovers_sweep(y.d->t->db, &y.place, now_ms + (LEFTOVER_DAYS + 1) * DAY_MS, &out, &e),
        &e);
    CHECK_INT("of every body", out.attachments, 1);
    end(&y);
}
