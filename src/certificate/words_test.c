/* certificate/words_test.c - what is found, what is exempt, and that two people release it. */
#include "certificate/words.h"

#include "base/arena.h"
#include "certificate/fixture.h"
#include "test/check.h"
#include "test/whole.h"

static size_t find(struct certificate_fixture *f, const char *programme,
                   struct word_finding **out)
{
    struct err e = {0};
    size_t n;
    CHECK_OK(programme,
             words_find(f->t->arena, programme_find(&f->programmes, programme), &f->body, out,
                        &n, &e),
             &e);
    return n;
}

static bool has(const struct word_finding *f, size_t n, const char *place, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].place, place) == 0 && strcmp(f[i].word, word) == 0)
            return true;
    return false;
}

void words_find_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct word_finding *w;
    CHECK_INT("level certificates may", find(f, "national-2023", &w), 0);
    size_t n = find(f, "nrta-operator", &w);
    CHECK("title", has(w, n, "/certificate/name", "岗位合格"));
    CHECK("issuer", has(w, n, "/certificate/issuer", "国家"));
    CHECK("not the body's own name",
          has(w, n, "/certificate/issuer", "国家广播电视总局广播影视人才交流中心"));
    n = find(f, "ccia", &w);
    CHECK("issuer", has(w, n, "/certificate/issuer", "中国"));

    f->body.registered_issuer = true;
    CHECK_INT("a registered issuer's name", find(f, "ccia", &w), 0);
    n = find(f, "nrta-operator", &w);
    CHECK("its title is not exempt", has(w, n, "/certificate/name", "岗位合格"));
    CHECK("its name is", !has(w, n, "/certificate/issuer", "国家"));
    certificate_fixture_destroy(f);
}

struct release {
    struct certificate_fixture *f;
    struct bytes payload;
};

static bool release(struct db *db, void *ctx, struct err *e)
{
    struct release *x = ctx;
    return words_release_execute(db, x->f->t->arena, &x->f->programmes, &x->f->body, &x->f->who,
                                 x->payload, e);
}

void words_release_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct certificate_issued done;
    struct release x = {.f = f};
    const char *summary;
    const struct programme *p = programme_find(&f->programmes, "nrta-operator");
    f->award.programme = "nrta-operator";
    f->award.level = 1;
    f->award.direction = "";
    CHECK_REFUSED("not released",
                  certificate_issue(&f->office, &f->award, &f->holder, &done, &e), &e, RULE,
                  "/programme");
    CHECK_INT("nothing", certificate_fixture_count(f), 0);
    e = (struct err){0};
    CHECK_OK("propose",
             words_release_propose(f->t->db, f->t->arena, p, &f->body, "主管部门批准的名称",
                                   &x.payload, &summary, &e),
             &e);
    CHECK_WHOLE("release", f->t, f->t->db, db_transact(f->t->db, release, &x, &e), &e);
    struct certificate c = certificate_fixture_issue(f);
    CHECK_TEXT("number", c.number, "NRTA-QMT-2026-000001");
    CHECK_REFUSED("nothing left",
                  words_release_propose(f->t->db, f->t->arena, p, &f->body, "再来一次",
                                        &x.payload, &summary, &e),
                  &e, CONFLICT, "/programme");
    certificate_fixture_destroy(f);
}

/* A release is for the words that were read: another body name is another finding. */
void words_changed_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct err e = {0};
    struct release x = {.f = f};
    const char *summary;
    const struct programme *p = programme_find(&f->programmes, "nrta-host");
    CHECK_OK("propose",
             words_release_propose(f->t->db, f->t->arena, p, &f->body, "主管部门批准的名称",
                                   &x.payload, &summary, &e),
             &e);
    f->body.registered_issuer = true; /* what is found has changed meanwhile */
    CHECK_REFUSED("changed", db_transact(f->t->db, release, &x, &e), &e, CONFLICT,
                  "/programme");
    certificate_fixture_destroy(f);
}
