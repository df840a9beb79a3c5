/* certificate/credential_test.c - what the credential says, and that no changed one verifies. */
#include "certificate/credential.h"

#include "base/arena.h"
#include "base/json.h"
#include "certificate/fixture.h"
#include "store/signer.h"
#include "test/check.h"

void credential_parts_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct key_table keys;
    struct credential_read r;
    struct certificate_secrets s;
    unsigned char digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    struct certificate c = certificate_fixture_issue(f);
    CHECK_OK("keys", signer_key_table(f->t->db, a, &keys, &e), &e);
    json_t *v = json_read(a, c.credential, strlen(c.credential), &e);
    CHECK_OK("true", credential_verify(a, &keys, v, &r, &e), &e);
    CHECK_TEXT("issuer", r.issuer, f->body.name);
    CHECK_TEXT("issued", r.issued, "2026-11-21T01:00:00.000Z");
    CHECK_INT("list", r.status_list, c.status_list);
    CHECK_INT("index", r.status_index, c.status_index);
    CHECK_TEXT("programme", r.programme, "national-2023");
    CHECK_TEXT("photo", (hex_write(hex, c.photo_digest, HASH_BYTES), hex), r.photo_digest);
    for (int k = 0; k < FACE_KEYS; k++)
        CHECK_TEXT(face_key_word((enum face_key)k), r.face.value[k], c.face.value[k]);

    CHECK_OK("secrets", certificate_secrets(f->t->db, a, f->t->master, &c, &s, &e), &e);
    credential_holder_digest(s.salt, c.number, 'I', "440106199603120274", digest);
    hex_write(hex, digest, HASH_BYTES);
    CHECK_TEXT("the document is confirmed", r.holder_digest, hex);
    credential_holder_digest(s.salt, c.number, 'I', "440106199603120275", digest);
    hex_write(hex, digest, HASH_BYTES);
    CHECK("another is not", strcmp(r.holder_digest, hex) != 0);
    certificate_fixture_destroy(f);
}

/* S24: each of a thousand places gets another character. Not JSON, or not true. */
void credential_mutations_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct key_table keys;
    struct certificate c = certificate_fixture_issue(f);
    size_t len = strlen(c.credential);
    CHECK_OK("keys", signer_key_table(f->t->db, f->t->arena, &keys, &e), &e);
    CHECK("long enough", len > 1000);
    for (size_t i = 0; i < 1000; i++) {
        struct arena *a = arena_create(4 << 20);
        struct err why = {0};
        struct credential_read r;
        char *text = arena_copy(a, c.credential, len);
        size_t at = i * 7919 % len;
        text[at] = (char)(text[at] == 'x' ? 'y' : i % 3 ? 'x' : text[at] ^ 1);
        json_t *v = json_read(a, text, len, &why);
        CHECK_INT(text, v && credential_verify(a, &keys, v, &r, &why), false);
        arena_destroy(a);
    }
    certificate_fixture_destroy(f);
}

void credential_of_another_key_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct certificate_fixture *other = certificate_fixture_create();
    struct err e = {0};
    struct key_table keys;
    struct credential_read r;
    struct certificate c = certificate_fixture_issue(f);
    json_t *v = json_read(f->t->arena, c.credential, strlen(c.credential), &e);
    CHECK_OK("keys", signer_key_table(other->t->db, f->t->arena, &keys, &e), &e);
    CHECK_REFUSED("foreign", credential_verify(f->t->arena, &keys, v, &r, &e), &e, INVALID,
                  "/credential");
    certificate_fixture_destroy(other);
    certificate_fixture_destroy(f);
}
