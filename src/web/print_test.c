/* web/print_test.c - what leaves the program on paper is noted first: a certificate, a form, its key. */
#include "store/audit.h"
#include "web/ground.h"

static const char *audited(struct asker *a, const char *act)
{
    CHECK_INT(act,
              ask(a, "GET", arena_printf(a->site->t->arena, "/api/audit?act=%s", act), NULL),
              200);
    return a->text;
}

void prints_are_noted_test(void)
{
    struct ground *g = ground_open();
    struct arena *a = g->site->t->arena;
    struct side *s = &g->ours;
    struct asker auditor = asker_account(g->site, s->body.id, "auditor-a", R(audit_admin));
    const char *certificate = ground_text(s, "certificates"), *form = ground_text(s, "forms");
    const char *const sheets[] = {arena_printf(a, "/api/certificates/%s/pdf", certificate),
                                  arena_printf(a, "/api/forms/%s/paper.pdf", form),
                                  arena_printf(a, "/api/forms/%s/key.pdf", form)};
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        CHECK_INT(sheets[i], ask(&s->desk, "GET", sheets[i], NULL), 200);
        CHECK(sheets[i], strncmp(s->desk.text, "%PDF", 4) == 0);
    }
    CHECK("the certificate", strstr(audited(&auditor, "certificate_print"), certificate));
    const char *forms = audited(&auditor, "form_print");
    const char *first = strstr(forms, form);
    CHECK("paper and key", first && strstr(first + 1, form));
    ground_close(g);
}
