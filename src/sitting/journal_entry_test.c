/* sitting/journal_entry_test.c - bytes of entries and saves, what is refused, seal codes. */
#include "sitting/journal_entry.h"

#include <stdio.h>

#include "base/arena.h"
#include "sitting/device_play.h"
#include "sitting/seal_code.h"
#include "test/check.h"

void journal_bytes_test(void)
{
    /* One entry written by hand from the table of SECURITY §5.1. */
    static const char hex[] = "484e4a31"
                              "000102030405060708090a0b0c0d0e0f"
                              "00000002"
                              "00000007"
                              "02"
                              "01"
                              "0003"
                              "000001a1fbff3a00"
                              "0000000000012345"
                              "00000004"
                              "00000005"
                              "1111111111111111111111111111111111111111111111111111111111111111"
                              "5b2242225d";
    unsigned char bytes[93], back[93];
    struct journal_entry entry;
    struct err e = {0};
    size_t used;
    CHECK("hex", hex_read(bytes, sizeof bytes, hex));
    CHECK_OK("reads",
             journal_entry_read((struct bytes){bytes, sizeof bytes}, &entry, &used, &e), &e);
    CHECK_INT("length", used, 93);
    CHECK_INT("epoch", entry.epoch, 2);
    CHECK_INT("seq", entry.seq, 7);
    CHECK_INT("kind", entry.kind, ENTRY_ANSWER);
    CHECK_INT("item", entry.item, 3);
    CHECK_INT("client", entry.client_ms, 0x1a1fbff3a00);
    CHECK_INT("mono", entry.mono_ms, 0x12345);
    CHECK_INT("ledger", entry.ledger_no, 4);
    CHECK_INT("payload", entry.payload.len, 5);
    CHECK_INT("writes as many", journal_entry_write(&entry, back), 93);
    CHECK("the same", memcmp(bytes, back, sizeof back) == 0);
}

void journal_save_refused_test(void)
{
    enum { MAGIC, KIND, SUITE, SEQ, LINK, LENGTH, CUT, ATTEMPT, EPOCH, WHOLE };
    static const struct {
        const char *what, *field;
        int change;
    } cases[] = {
        {"magic", "/body/0/magic", MAGIC},
        {"kind", "/body/0/kind", KIND},
        {"suite", "/body/0/suite", SUITE},
        {"seq", "/body/1/seq", SEQ},
        {"link", "/body/1/before", LINK},
        {"length", "/body", LENGTH},
        {"cut", "/body", CUT},
        {"attempt", "/body/1/attempt", ATTEMPT},
        {"epoch", "/body/1/epoch", EPOCH},
    };
    struct arena *a = arena_create(16 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct play_device d;
        struct err e = {0};
        struct journal_save save;
        play_begin(&d, id_random());
        d.epoch = 1;
        play_write(&d, ENTRY_ANSWER, 1, "[\"B\"]");
        size_t second = d.len;
        play_write(&d, ENTRY_ANSWER, 2, "[\"C\"]");
        struct bytes body = play_body(&d, a);
        unsigned char *p = (unsigned char *)(uintptr_t)body.at;
        CHECK_OK("whole", journal_save_read(a, body, &save, &e), &e);
        CHECK_INT("two", save.count, 2);
        switch (cases[i].change) {
        case MAGIC:
            p[0] = 'X';
            break;
        case KIND:
            p[28] = 12;
            break;
        case SUITE:
            p[29] = 2;
            break;
        case SEQ:
            p[second + 27]++;
            break;
        case LINK:
            p[second - 1] ^= 1;
            break;
        case LENGTH:
            p[second + 55]++;
            break;
        case CUT:
            body.len--;
            break;
        case ATTEMPT:
            p[second + 4] ^= 1;
            break;
        default:
            p[second + 23]++;
        }
        CHECK_REFUSED(cases[i].what, journal_save_read(a, body, &save, &e), &e, INVALID,
                      cases[i].field);
        play_end(&d);
    }
    struct err e = {0};
    struct journal_save save;
    struct bytes large = {arena_alloc(a, SAVE_BYTES_MAX + 1, 1), SAVE_BYTES_MAX + 1};
    CHECK_REFUSED("too large", journal_save_read(a, large, &save, &e), &e, TOO_LARGE, "/body");
    arena_destroy(a);
}

/* A save holds 256 entries and no more. */
void journal_save_count_test(void)
{
    struct arena *a = arena_create(16 << 20);
    struct play_device d;
    struct journal_save save;
    struct err e = {0};
    play_begin(&d, id_random());
    d.epoch = 1;
    for (int i = 0; i < SAVE_ENTRIES_MAX; i++)
        play_write(&d, ENTRY_VISIT, 1, "null");
    struct bytes body = play_body(&d, a);
    CHECK_OK("256", journal_save_read(a, body, &save, &e), &e);
    CHECK_INT("256", save.count, SAVE_ENTRIES_MAX);
    play_write(&d, ENTRY_VISIT, 1, "null");
    unsigned char *more = arena_alloc(a, d.len + TAG_BYTES, 1);
    memcpy(more, d.bytes, d.len);
    CHECK_REFUSED("257",
                  journal_save_read(a, (struct bytes){more, d.len + TAG_BYTES}, &save, &e), &e,
                  INVALID, "/body");
    play_end(&d);
    arena_destroy(a);
}

void journal_tag_test(void)
{
    struct arena *a = arena_create(16 << 20);
    struct play_device d;
    struct err e = {0};
    struct journal_save save;
    unsigned char other[KEY_BYTES];
    play_begin(&d, id_random());
    d.epoch = 1;
    random_bytes(d.save_key, sizeof d.save_key);
    random_bytes(other, sizeof other);
    play_write(&d, ENTRY_ANSWER, 1, "[\"B\"]");
    struct bytes body = play_body(&d, a);
    CHECK_OK("reads", journal_save_read(a, body, &save, &e), &e);
    CHECK("true", journal_save_tag_is_true(d.save_key, &save));
    CHECK("another key", !journal_save_tag_is_true(other, &save));
    save.tag[31] ^= 1;
    CHECK("another tag", !journal_save_tag_is_true(d.save_key, &save));
    play_end(&d);
    arena_destroy(a);
}

void seal_code_test(void)
{
    unsigned char head[HASH_BYTES] = {0};
    char code[SEAL_CODE_BYTES];
    seal_code_write(code, head);
    CHECK_TEXT("zeros", code, "0000-0000-0000-0000");
    memset(head, 0xff, sizeof head);
    seal_code_write(code, head);
    CHECK_TEXT("ones", code, "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    struct arena *a = arena_create(1 << 16);
    for (int i = 0; i < 100; i++) {
        random_bytes(head, sizeof head);
        seal_code_write(code, head);
        const char *flat = crockford_write(a, head, 80);
        char want[SEAL_CODE_BYTES];
        snprintf(want, sizeof want, "%.4s-%.4s-%.4s-%.4s", flat, flat + 4, flat + 8, flat + 12);
        CHECK_TEXT("as base/bytes.h writes it", code, want);
        unsigned char again[SEAL_CODE_HEAD_BYTES];
        CHECK("reads", seal_code_read(code, again));
        CHECK("the same bytes", memcmp(again, head, sizeof again) == 0);
    }
    static const char *const none[] = {"", "0000-0000-0000-000", "0000-0000-0000-00000",
                                       "U000-0000-0000-0000", "0000_0000_0000_0000"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(none[i], !seal_code_plain(none[i], code));
    CHECK("as people type", seal_code_plain("abco iLjk mnpq-rstv", code));
    CHECK_TEXT("as it is", code, "ABC0-11JK-MNPQ-RSTV");
    arena_destroy(a);
}
