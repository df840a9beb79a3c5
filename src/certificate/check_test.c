/* certificate/check_test.c - a PDF, a credential, a QR text: true, changed, or something else. */
#include "certificate/check.h"

#include "base/arena.h"
#include "base/json.h"
#include "certificate/fixture.h"
#include "certificate/render.h"
#include "store/signer.h"
#include "test/check.h"

static struct bytes text_bytes(const char *t)
{
    return (struct bytes){(const unsigned char *)t, strlen(t)};
}

/* The first place where FROM stands becomes TO, which is as long. */
static struct bytes with_change(struct arena *a, struct bytes in, const char *from,
                                const char *to)
{
    unsigned char *out = arena_copy(a, in.at, in.len);
    size_t len = strlen(from);
    for (size_t i = in.len - len; i > 0; i--)
        if (memcmp(out + i, from, len) == 0) {
            memcpy(out + i, to, len);
            break;
        }
    return (struct bytes){out, in.len};
}

void certificate_check_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct key_table keys;
    struct certificate_secrets s;
    struct bytes pdf;
    struct check_result r;
    struct certificate c = certificate_fixture_issue(f);
    CHECK_OK("keys", signer_key_table(f->t->db, a, &keys, &e), &e);
    CHECK_OK("secrets", certificate_secrets(f->t->db, a, f->t->master, &c, &s, &e), &e);
    const struct certificate_sheet sheet = {&c, &s, {NULL, 0}, f->office.public_url};
    CHECK_OK("pdf", certificate_render(a, &sheet, &pdf, &e), &e);

    CHECK_OK("pdf", certificate_check(a, &keys, pdf, &r, &e), &e);
    CHECK_TEXT("number", r.number, c.number);
    CHECK_TEXT("document", r.document_number, "440106199603120274");
    CHECK("the row's", memcmp(r.credential_digest, c.credential_digest, HASH_BYTES) == 0);
    CHECK_OK("credential", certificate_check(a, &keys, text_bytes(c.credential), &r, &e), &e);
    CHECK_TEXT("not told", r.document_number, NULL);
    CHECK_OK("qr",
             certificate_check(a, &keys, text_bytes(arena_printf(a, "%s\n", s.qr)), &r, &e),
             &e);
    CHECK_TEXT("qr", r.number, c.number);

    const struct {
        const char *what;
        struct bytes content;
    } bad[] = {
        {"a changed name", with_change(a, pdf, "顾言溪", "顾言汐")},
        {"a changed document", with_change(a, pdf, "440106199603120274", "440106199603120275")},
        {"a PDF of others", text_bytes("%PDF-1.5\nhello")},
        {"other JSON", text_bytes("{}")},
        {"no JSON", text_bytes("{")},
        {"a word", text_bytes("hello")},
        {"nothing", text_bytes("")},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err why = {0};
        CHECK_INT(bad[i].what, certificate_check(a, &keys, bad[i].content, &r, &why), false);
        CHECK_INT(bad[i].what, why.code, ERR_INVALID);
    }
    certificate_fixture_destroy(f);
}
