/* base/crypto_field_test.c - S23: a value moved to another row or column does not open. */
#include "base/crypto.h"

#include "base/arena.h"
#include "test/check.h"

static const unsigned char secret[KEY_BYTES] = {1, 2, 3};
static const char number[] = "11010519491231002X";

void field_round_trip_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct master *m = master_create(secret, 1);
    struct id row = id_random();
    for (size_t len = 0; len <= 100; len++) {
        unsigned char plain[100];
        struct bytes back;
        struct err e = {0};
        memset(plain, 0x80, sizeof plain); /* the byte that padding uses */
        struct bytes sealed = field_seal(a, m, "person", "number", row, plain, len);
        CHECK_INT("length says only blocks of 32", sealed.len, 42 + (len / 32 + 1) * 32);
        CHECK_OK("open", field_open(a, m, "person", "number", row, sealed, &back, &e), &e);
        CHECK("the same", bytes_equal(back, (struct bytes){plain, len}));
    }
    struct bytes x = field_seal(a, m, "person", "number", row, number, strlen(number));
    struct bytes y = field_seal(a, m, "person", "number", row, number, strlen(number));
    CHECK_INT("74 bytes for a number", x.len, 74);
    CHECK("equal values do not look equal", !bytes_equal(x, y));
    master_destroy(m);
    arena_destroy(a);
}

void field_is_bound_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct master *m = master_create(secret, 1), *later = master_create(secret, 2);
    unsigned char other_secret[KEY_BYTES] = {9};
    struct master *other = master_create(other_secret, 1);
    struct id row = id_random(), next = id_random();
    struct bytes sealed = field_seal(a, m, "person", "number", row, number, strlen(number));
    const struct {
        const char *what;
        const struct master *master;
        const char *table, *column;
        struct id row;
    } cases[] = {
        {"another row", m, "person", "number", next},
        {"another column", m, "person", "phone", row},
        {"another table", m, "examiner", "number", row},
        {"the border of the names counts", m, "personnumber", "", row},
        {"another secret", other, "person", "number", row},
        {"another version", later, "person", "number", row},
    };
    struct bytes back;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        CHECK_REFUSED(cases[i].what,
                      field_open(a, cases[i].master, cases[i].table, cases[i].column,
                                 cases[i].row, sealed, &back, &e),
                      &e, STORE, cases[i].column);
    }
    struct err e = {0};
    CHECK_OK("its own", field_open(a, m, "person", "number", row, sealed, &back, &e), &e);
    CHECK_REFUSED("another purpose",
                  purpose_open(a, m, KEY_BANK, "person", "number", row, sealed, &back, &e), &e,
                  STORE, "number");
    master_destroy(m);
    master_destroy(later);
    master_destroy(other);
    arena_destroy(a);
}

void field_tampered_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct master *m = master_create(secret, 1);
    struct id row = id_random();
    struct bytes sealed = field_seal(a, m, "person", "number", row, number, strlen(number));
    struct bytes back;
    for (size_t i = 0; i < sealed.len; i++) {
        struct err e = {0};
        unsigned char *bad = arena_copy(a, sealed.at, sealed.len);
        bad[i] ^= 1;
        CHECK_REFUSED("one bit",
                      field_open(a, m, "person", "number", row, (struct bytes){bad, sealed.len},
                                 &back, &e),
                      &e, STORE, "number");
        e = (struct err){0};
        CHECK_REFUSED(
            "cut short",
            field_open(a, m, "person", "number", row, (struct bytes){sealed.at, i}, &back, &e),
            &e, STORE, "number");
    }
    master_destroy(m);
    arena_destroy(a);
}

void purpose_padding_test(void)
{
    struct arena *a = arena_create(1 << 20);
    struct master *m = master_create(secret, 1);
    struct id row = id_random();
    struct err e = {0};
    struct bytes back;
    struct bytes sealed = purpose_seal(a, m, KEY_BANK, "item", "body", row, 16384, number,
                                       strlen(number));
    CHECK_INT("16 KiB", sealed.len, 42 + 16384);
    CHECK_OK("open", purpose_open(a, m, KEY_BANK, "item", "body", row, sealed, &back, &e), &e);
    CHECK_TEXT("the same, and a text", (const char *)back.at, number);
    master_destroy(m);
    arena_destroy(a);
}

void blind_index_test(void)
{
    struct master *m = master_create(secret, 1), *later = master_create(secret, 2);
    unsigned char x[BLIND_INDEX_BYTES], y[BLIND_INDEX_BYTES];
    blind_index(x, m, "CN", 'R', number);
    blind_index(y, m, "CN", 'R', number);
    CHECK("found again", memcmp(x, y, sizeof x) == 0);
    blind_index(y, m, "CN", 'P', number);
    CHECK("the type counts", memcmp(x, y, sizeof x) != 0);
    blind_index(y, m, "HK", 'R', number);
    CHECK("the country counts", memcmp(x, y, sizeof x) != 0);
    blind_index(y, m, "CN", 'R', "110105194912310020");
    CHECK("the number counts", memcmp(x, y, sizeof x) != 0);
    blind_index(y, later, "CN", 'R', number);
    CHECK("the version counts", memcmp(x, y, sizeof x) != 0);

    unsigned char key[KEY_BYTES];
    const char joined[] = "CNR11010519491231002X";
    master_key(m, KEY_BLIND, key);
    keyed_hash(y, sizeof y, key, joined, strlen(joined));
    CHECK("as SECURITY 2.3 writes it", memcmp(x, y, sizeof x) == 0);
    master_destroy(m);
    master_destroy(later);
}
