/* certificate/render_test.c - the sheet: the same bytes each time, and the credential inside. */
#include "certificate/render.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "certificate/attach.h"
#include "certificate/credential.h"
#include "certificate/fixture.h"
#include "store/signer.h"
#include "test/check.h"

static struct bytes render(struct certificate_fixture *f, const struct certificate *c)
{
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct bytes pdf, photo = {0};
    struct certificate_secrets s;
    const char *sample = getenv("HENG_CERTIFICATE_PHOTO"); /* to look at the sheet by hand */
    if (sample)
        CHECK_OK("photo", file_read(a, sample, 5 << 20, &photo, &e), &e);
    CHECK_OK("secrets", certificate_secrets(f->t->db, a, f->t->master, c, &s, &e), &e);
    const struct certificate_sheet sheet = {c, &s, photo, f->office.public_url};
    CHECK_OK("render", certificate_render(a, &sheet, &pdf, &e), &e);
    const char *keep = getenv("HENG_CERTIFICATE_KEEP");
    if (keep)
        CHECK_OK("keep",
                 file_write(arena_printf(a, "%s-%s.pdf", keep, c->programme), pdf.at, pdf.len,
                            0600, &e),
                 &e);
    return pdf;
}

void certificate_render_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct bytes found;
    struct key_table keys;
    struct credential_read r;
    struct certificate c = certificate_fixture_issue(f);
    struct bytes pdf = render(f, &c);
    CHECK("a PDF", pdf.len > 5000 && memcmp(pdf.at, "%PDF-1.5", 8) == 0);
    CHECK("not large", pdf.len < 600 << 10);
    CHECK("the same bytes", bytes_equal(pdf, render(f, &c)));
    CHECK("attached", pdf_attachment(pdf, &found));
    json_t *bundle = json_read(a, found.at, found.len, &e);
    CHECK_OK("bundle", bundle != NULL, &e);
    CHECK_TEXT("number",
               json_member_text(json_object_get(bundle, "disclosed"), "document_number"),
               "440106199603120274");
    CHECK_OK("keys", signer_key_table(f->t->db, a, &keys, &e), &e);
    CHECK_OK("true", credential_verify(a, &keys, json_object_get(bundle, "credential"), &r, &e),
             &e);
    certificate_fixture_destroy(f);
}

void certificate_render_training_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    f->body.name = "北京字节跳动科技有限公司";
    f->body.is_demo = false;
    f->award.programme = "onex-530063";
    f->award.level = 1;
    f->award.direction = "";
    f->holder.name = "古丽米热·阿卜杜热西提·买买提艾力";
    struct certificate c = certificate_fixture_issue(f);
    CHECK("a PDF", render(f, &c).len > 5000);
    certificate_fixture_destroy(f);
}
