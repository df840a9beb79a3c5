/* certificate/qr_test.c - the bytes of HNC1, and that nothing mutated verifies (S24). */
#include "certificate/qr.h"

#include "base/arena.h"
#include "base/fields.h"
#include "test/check.h"

static struct qr_claim sample(const char *number, const char *name)
{
    struct qr_claim c = {.kid = "9c417e08",
                         .programme_no = 1,
                         .level = 3,
                         .direction_no = 3,
                         .issued = 20630,
                         .valid_to = DATE_NONE,
                         .document_letter = 'I'};
    memcpy(c.number, number, strlen(number) + 1);
    qr_holder(number, 'I', "440106199603120274", c.holder);
    memset(c.photo, 0x5A, sizeof c.photo);
    memset(c.credential, 0xA5, sizeof c.credential);
    qr_put_name(&c, name);
    return c;
}

void qr_body_test(void)
{
    static const struct {
        const char *what, *number, *name;
        size_t len; /* of the body */
    } cases[] = {
        {"level", "S000044990001263000217", "顾言溪", 59 + 9},
        {"no name", "S000044990001263000217", "", 59},
        {"training", "CCIA-2026-4-000001", "顾言溪", 59 - 12 + 19 + 9},
        {"name of 60 bytes", "Y000123000001195000001",
         "一二三四五六七八九十一二三四五六七八九十", 59 + 60},
        {"longer name is cut", "Y000123000001195000001",
         "一二三四五六七八九十一二三四五六七八九十一", 59 + 60},
        {"cut within a character", "Y000123000001195000001",
         "a一二三四五六七八九十一二三四五六七八九十", 59 + 58},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct qr_claim c = sample(cases[i].number, cases[i].name), back;
        unsigned char body[QR_BODY_BYTES], again[QR_BODY_BYTES];
        size_t len = qr_body_write(&c, body);
        CHECK_INT(cases[i].what, len, cases[i].len);
        CHECK(cases[i].what, qr_body_read((struct bytes){body, len}, &back));
        CHECK_TEXT(cases[i].what, back.number, cases[i].number);
        CHECK_TEXT(cases[i].what, back.name, c.name);
        CHECK_INT(cases[i].what, back.issued, c.issued);
        CHECK_INT(cases[i].what, back.valid_to, c.valid_to);
        CHECK_INT(cases[i].what, qr_body_write(&back, again), len);
        CHECK(cases[i].what, memcmp(again, body, len) == 0);
        CHECK_INT("shorter", qr_body_read((struct bytes){body, len - 1}, &back), false);
        body[len] = 0;
        CHECK_INT("longer", qr_body_read((struct bytes){body, len + 1}, &back), false);
    }
}

/* SECURITY §7 fixes each byte: a change needs a new version. */
void qr_layout_test(void)
{
    static const char want[] = "11" /* version 1, suite 1 */
                               "9c417e08"
                               "53000044990001263000217f" /* 'S' and 21 digits */
                               "0001"
                               "03"
                               "03"
                               "25c9" /* 2026-06-26 */
                               "0000"
                               "49";
    struct qr_claim c = sample("S000044990001263000217", "顾言溪");
    unsigned char body[QR_BODY_BYTES];
    char hex[2 * QR_BODY_BYTES + 1];
    size_t len = qr_body_write(&c, body);
    hex_write(hex, body, len);
    CHECK_INT("version 1 is 123 and the name with its signature", len + 64, 123 + 9);
    CHECK("head", strncmp(hex, want, strlen(want)) == 0);
}

struct signed_text {
    struct public_key key;
    unsigned char secret[SIGN_SECRET_BYTES];
    const char *text;
};

static struct signed_text signed_text(struct arena *a, const char *number)
{
    struct signed_text s = {.key = {.use = KEY_USE_certificate, .state = KEY_ACTIVE}};
    unsigned char body[QR_BODY_BYTES], signature[SIGNATURE_BYTES];
    struct qr_claim c = sample(number, "顾言溪");
    sign_keypair(s.key.pub, s.secret);
    kid_of(s.key.pub, s.key.kid);
    memcpy(c.kid, s.key.kid, sizeof c.kid);
    struct bytes b = {body, qr_body_write(&c, body)};
    struct bytes m = signed_message(a, "cert-qr", b);
    sign_bytes(signature, m.at, m.len, s.secret);
    s.text = qr_text_write(a, "https://exam.example", b, signature);
    return s;
}

void qr_verify_test(void)
{
    struct arena *a = arena_create(4 << 20);
    struct err e = {0};
    struct qr_claim c;
    struct signed_text s = signed_text(a, "S000044990001263000217");
    struct key_table t = {&s.key, 1}, none = {NULL, 0};
    CHECK("prefix", strncmp(s.text, "HTTPS://EXAM.EXAMPLE/Q/", 23) == 0);
    CHECK_INT("212 digits", strlen(s.text) - 23, 212);
    CHECK("alphanumeric",
          strspn(s.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/.-") == strlen(s.text));
    CHECK_OK("whole", qr_verify(a, &t, s.text, &c, &e), &e);
    CHECK_OK("digits only", qr_verify(a, &t, s.text + 23, &c, &e), &e);
    CHECK_REFUSED("no key", qr_verify(a, &none, s.text, &c, &e), &e, INVALID, "/qr");
    struct public_key other = s.key;
    other.use = KEY_USE_credential;
    struct key_table wrong = {&other, 1};
    e = (struct err){0};
    CHECK_REFUSED("key of another use", qr_verify(a, &wrong, s.text, &c, &e), &e, INVALID,
                  "/qr");
    other = s.key;
    other.state = KEY_COMPROMISED;
    other.compromised_ms = instant_of(20630, 0, CHINA_OFFSET_MS);
    e = (struct err){0};
    CHECK_REFUSED("stolen that day", qr_verify(a, &wrong, s.text, &c, &e), &e, INVALID, "/qr");
    other.compromised_ms = instant_of(20631, 0, CHINA_OFFSET_MS);
    e = (struct err){0};
    CHECK_REFUSED("stolen later: the thief writes the day",
                  qr_verify(a, &wrong, s.text, &c, &e), &e, INVALID, "/qr");
    const struct public_key *key;
    e = (struct err){0};
    CHECK_OK("signed all the same", qr_signed(a, &wrong, s.text, &c, &key, &e), &e);
    CHECK("by this key", key == &wrong.at[0]);
    arena_destroy(a);
}

/* S24: a thousand mutated texts, one change each; none verifies. */
void qr_mutations_test(void)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct arena *a = arena_create(64 << 20);
    struct signed_text s = signed_text(a, "S000044990001263000217");
    struct signed_text training = signed_text(a, "CCIA-2026-4-000001");
    const struct public_key keys[] = {s.key, training.key};
    const struct key_table t = {keys, 2};
    uint64_t seed = 7;
    for (int i = 0; i < 1000; i++) {
        const char *from = (i % 2 ? training : s).text + 23;
        size_t len = strlen(from);
        char *to = arena_alloc(a, len + 2, 1);
        struct qr_claim c;
        struct err e = {0};
        memcpy(to, from, len);
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)(seed >> 33) % len;
        switch (i % 5) {
        case 0:
        case 1:
        case 2: /* another digit */
            to[at] =
                digits[(size_t)(strchr(digits, to[at]) - digits + 1 + (seed >> 20) % 31) % 32];
            break;
        case 3: /* one gone */
            memmove(to + at, to + at + 1, len - at);
            break;
        case 4: /* one more */
            memmove(to + at + 1, to + at, len - at);
            to[at] = digits[(seed >> 25) % 32];
            break;
        }
        if (strcmp(to, from) == 0)
            continue; /* one more of the same at the same place is no change: never so here */
        CHECK_INT(to, qr_verify(a, &t, to, &c, &e), false);
    }
    arena_destroy(a);
}
