/* paper/blob_test.c - what was sealed opens, and nothing else does (S1). */
#include "paper/blob.h"

#include <string.h>

#include "base/arena.h"
#include "test/check.h"

static struct blob_head head(void)
{
    return (struct blob_head){.session = {{1}},
                              .paper = {{2}},
                              .room = 3,
                              .index = 4,
                              .revision = 5,
                              .open_at_ms = 1795222800000};
}

void blob_opens_test(void)
{
    static const size_t lengths[] = {1, 4095, 4096, 4097, 65536};
    struct arena *a = arena_create(16 << 20);
    unsigned char key[KEY_BYTES] = {7}, text[65536];
    random_bytes(text, sizeof text);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct err e = {0};
        struct bytes blob, plain;
        struct blob_head want = head();
        CHECK_OK("seal", blob_seal(a, head(), key, (struct bytes){text, lengths[i]}, &blob, &e),
                 &e);
        CHECK_INT("padded", (blob.len - BLOB_HEADER_BYTES - GCM_TAG_BYTES) % 4096, 0);
        CHECK_OK("open", blob_open(a, blob, key, &want, &plain, &e), &e);
        CHECK("the same", bytes_equal(plain, (struct bytes){text, lengths[i]}));
    }
    arena_destroy(a);
}

/* Every byte of header, body and tag. */
void blob_refuses_each_flipped_byte_test(void)
{
    struct arena *a = arena_create(256 << 20);
    struct err e = {0};
    struct bytes blob, plain;
    struct blob_head want = head();
    unsigned char key[KEY_BYTES] = {7};
    CHECK_OK(
        "seal",
        blob_seal(a, head(), key, (struct bytes){(const unsigned char *)"paper", 5}, &blob, &e),
        &e);
    for (size_t i = 0; i < blob.len; i++) {
        struct arena *one = arena_create(1 << 20);
        unsigned char *copy = arena_copy(one, blob.at, blob.len);
        struct err why = {0};
        copy[i] ^= 0x40;
        CHECK("refused",
              !blob_open(one, (struct bytes){copy, blob.len}, key, &want, &plain, &why));
        CHECK("the part is named", strncmp(why.field, "/blob/", 6) == 0);
        if (i >= BLOB_HEADER_BYTES)
            CHECK_TEXT("content", why.field, "/blob/tag");
        arena_destroy(one);
    }
    static const struct {
        size_t at;
        const char *field;
    } parts[] = {{0, "/blob/header"},    {4, "/blob/header"}, {8, "/blob/session"},
                 {24, "/blob/paper"},    {43, "/blob/room"},  {47, "/blob/index"},
                 {51, "/blob/revision"}, {52, "/blob/tag"},   {64, "/blob/commitment"},
                 {103, "/blob/tag"},     {110, "/blob/tag"},  {96, "/blob/length"},
                 {127, "/blob/header"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        unsigned char *copy = arena_copy(a, blob.at, blob.len);
        struct err why = {0};
        copy[parts[i].at] ^= 1;
        CHECK_REFUSED(parts[i].field,
                      blob_open(a, (struct bytes){copy, blob.len}, key, &want, &plain, &why),
                      &why, INVALID, parts[i].field);
    }
    for (size_t len = 0; len < blob.len; len += 131) {
        struct err why = {0};
        CHECK("cut off", !blob_open(a, (struct bytes){blob.at, len}, key, NULL, &plain, &why));
    }
    arena_destroy(a);
}

void blob_wrong_key_fails_the_commitment_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct err e = {0};
    struct bytes blob, plain;
    unsigned char key[KEY_BYTES] = {7}, other[KEY_BYTES] = {8};
    CHECK_OK(
        "seal",
        blob_seal(a, head(), key, (struct bytes){(const unsigned char *)"paper", 5}, &blob, &e),
        &e);
    CHECK_REFUSED("other key", blob_open(a, blob, other, NULL, &plain, &e), &e, INVALID,
                  "/blob/commitment");
    arena_destroy(a);
}

/* The tree: another room, revision or number is another key. */
void paper_keys_are_apart_test(void)
{
    unsigned char session[KEY_BYTES] = {1}, keys[5][KEY_BYTES], papers[2][KEY_BYTES];
    room_key(keys[0], session, 1, 1);
    room_key(keys[1], session, 1, 2);
    room_key(keys[2], session, 2, 1);
    paper_key(papers[0], keys[0], 1);
    paper_key(papers[1], keys[0], 2);
    memcpy(keys[3], papers[0], KEY_BYTES);
    memcpy(keys[4], papers[1], KEY_BYTES);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < i; k++)
            CHECK("apart", memcmp(keys[i], keys[k], KEY_BYTES) != 0);
}
