/* sitting/handed_in_test.c - a candidate's file: in pieces, in any order, again; whole or not at all. */
#include "sitting/handed_in.h"

#include "base/arena.h"
#include "sitting/delivery_fixture.h"
#include "sitting/live.h"
#include "store/blob.h"
#include "store/db.h"

enum { BYTES = 2 * HANDED_PIECE_BYTES + 70000 };

struct hands {
    struct delivery *d;
    struct play_device dev;
    struct blob_place place;
    unsigned char key[KEY_BYTES];
    struct bytes file; /* a table of its own */
    struct handed_limits limits;
};

static void begin(struct hands *h)
{
    h->d = delivery_create();
    h->limits = handed_limits;
    h->limits.disk_kept_bytes = 0;
    delivery_open(h->d, 0, &h->dev);
    h->place = h->d->t->blobs;
    handed_in_key(h->d->t->master, h->d->session, h->key);
    h->place.key = h->key;
    unsigned char *text = arena_alloc(h->d->t->arena, BYTES, 1);
    for (size_t i = 0; i < BYTES; i++)
        text[i] = (unsigned char)(i % 40 == 39 ? '\n' : 'a' + i % 23);
    h->file = (struct bytes){text, BYTES};
}

static bool send(struct hands *h, struct bytes file, int64_t place, struct handed *out,
                 struct err *e)
{
    struct handed_piece in = {
        .attempt = live_find(journal_live(h->d->writer), h->d->attempts[0]),
        .name = {.item = 7, .total = (int64_t)file.len, .place = place},
        .limits = &h->limits,
        .now_ms = fixture_now_ms};
    size_t rest = file.len - (size_t)place;
    hash_of(in.name.digest, file.at, file.len);
    in.content = (struct bytes){file.at + place,
                                rest < HANDED_PIECE_BYTES ? rest : HANDED_PIECE_BYTES};
    *e = (struct err){0};
    return handed_in_take(h->d->writer, h->d->t->db, &h->place, h->d->t->arena, &in, out, e);
}

static struct bytes opened(struct hands *h, struct bytes file, const char *type)
{
    struct err e = {0};
    struct handed_file out;
    struct handed_place at = {.session = h->d->session, .entry = h->d->plans[0].entry};
    hash_of(at.digest, file.at, file.len);
    CHECK_OK("opened", handed_in_open(h->d->t->db, &h->place, h->d->t->arena, &at, &out, &e),
             &e);
    CHECK_TEXT("its type", out.type, type);
    return out.bytes;
}

void handed_in_whole_test(void)
{
    struct hands h;
    struct err e;
    struct handed out;
    begin(&h);
    CHECK_OK("the last first", send(&h, h.file, 2 * HANDED_PIECE_BYTES, &out, &e), &e);
    CHECK("not whole", !out.type);
    CHECK_INT("what is here", out.have, 70000);
    CHECK_OK("again", send(&h, h.file, 2 * HANDED_PIECE_BYTES, &out, &e), &e);
    CHECK_INT("changes nothing", out.have, 70000);
    CHECK_OK("the first", send(&h, h.file, 0, &out, &e), &e);
    CHECK("still not", !out.type);
    CHECK_OK("the middle", send(&h, h.file, HANDED_PIECE_BYTES, &out, &e), &e);
    CHECK_TEXT("whole", out.type, "csv");
    CHECK_INT("all of it", out.have, BYTES);
    CHECK("the bytes", bytes_equal(opened(&h, h.file, "csv"), h.file));
    CHECK_OK("once more", send(&h, h.file, 0, &out, &e), &e);
    CHECK_TEXT("is known", out.type, "csv");
    /* A second version lies beside the first. */
    struct bytes newer = {h.file.at + 40, 5000};
    CHECK_OK("another", send(&h, newer, 0, &out, &e), &e);
    CHECK("the newer", bytes_equal(opened(&h, newer, "csv"), newer));
    CHECK("the older", bytes_equal(opened(&h, h.file, "csv"), h.file));
    play_end(&h.dev);
    delivery_destroy(h.d);
}

void handed_in_refused_test(void)
{
    static const unsigned char page[] = "<html><script>alert(1)</script></html>";
    static const char *const bad[] = {"7",        "0.%s.5.0",       "7.%s.5",    "7.zz.5.0",
                                      "7.%s.5.9", "7.%s.9000000.5", "7.%s.5.0.0"};
    struct hands h;
    struct err e;
    struct handed out;
    struct handed_name name;
    char hex[2 * HASH_BYTES + 1];
    begin(&h);
    struct arena *a = h.d->t->arena;
    struct bytes markup = {page, sizeof page - 1}, small = {h.file.at, 5000};
    hex_write(hex, h.key, HASH_BYTES);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        e = (struct err){0};
        CHECK(bad[i], !handed_name_read(arena_printf(a, bad[i], hex), &name, &e));
    }
    CHECK_REFUSED("a page", send(&h, markup, 0, &out, &e), &e, MEDIA, "/file");
    CHECK_REFUSED("a page again: nothing of it was kept", send(&h, markup, 0, &out, &e), &e,
                  MEDIA, "/file");
    h.limits.attempt_bytes = 4000;
    CHECK_REFUSED("too much of one", send(&h, small, 0, &out, &e), &e, TOO_LARGE, "/file");
    h.limits = (struct handed_limits){1 << 20, 4000, 0};
    CHECK_REFUSED("too much of all", send(&h, small, 0, &out, &e), &e, TOO_LARGE, "/file");
    h.limits = (struct handed_limits){1 << 20, 1 << 20, INT64_MAX};
    CHECK_REFUSED("a full disk", send(&h, small, 0, &out, &e), &e, STORE, "/disk");
    h.limits.disk_kept_bytes = 0;
    CHECK_OK("room again", send(&h, small, 0, &out, &e), &e);
    CHECK_TEXT("taken", out.type, "csv");
    /* Under another session's key nothing opens. */
    unsigned char other[KEY_BYTES];
    struct handed_file file;
    struct handed_place at = {.session = h.d->session, .entry = h.d->plans[0].entry};
    struct blob_place foreign = h.place;
    handed_in_key(h.d->t->master, id_random(), other);
    foreign.key = other;
    hash_of(at.digest, small.at, small.len);
    e = (struct err){0};
    CHECK("another key", !handed_in_open(h.d->t->db, &foreign, a, &at, &file, &e));
    at.entry = id_random();
    e = (struct err){0};
    CHECK_REFUSED("another entry", handed_in_open(h.d->t->db, &h.place, a, &at, &file, &e), &e,
                  NOT_FOUND, "file");
    play_end(&h.dev);
    delivery_destroy(h.d);
}
