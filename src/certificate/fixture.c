/* certificate/fixture.c - what the tests of this folder begin with. */
#include "certificate/fixture.h"

#include "base/arena.h"
#include "store/signer.h"
#include "test/check.h"

struct certificate_fixture *certificate_fixture_create(void)
{
    struct err e = {0};
    struct test_store *t = test_store_create();
    struct certificate_fixture *f = arena_new(t->arena, struct certificate_fixture);
    f->t = t;
    f->who = t->actor;
    f->who.second = id_random();
    f->signer = signer_create(t->arena, t->master);
    CHECK_OK("keys", signer_keys_ensure(f->signer, t->db, f->who.now_ms, &e), &e);
    CHECK_OK("programmes", programmes_load_embedded(t->arena, &f->programmes, &e), &e);
    f->body = (struct body){.id = f->who.body,
                            .name = "示例市全媒体职业技能评价中心",
                            .is_filed = true,
                            .is_demo = true,
                            .type_letter = "S",
                            .filed_code = "0000",
                            .province = "44",
                            .site_serial = "990001"};
    f->office = (struct certificate_office){.db = t->db,
                                            .arena = t->arena,
                                            .master = t->master,
                                            .signer = f->signer,
                                            .programmes = &f->programmes,
                                            .body = &f->body,
                                            .who = &f->who,
                                            .public_url = "https://exam.example"};
    f->award = (struct award_facts){.award = id_random(),
                                    .entry = id_random(),
                                    .person = id_random(),
                                    .programme = "national-2023",
                                    .level = 3,
                                    .direction = "C",
                                    .decided_ms = f->who.now_ms,
                                    .passed = true,
                                    .published = true,
                                    .published_by = id_random(),
                                    .published_second = id_random()};
    random_bytes(f->award.result_digest, sizeof f->award.result_digest);
    f->holder = (struct certificate_holder){.person = f->award.person,
                                            .name = "顾言溪",
                                            .kind = DOCUMENT_RESIDENT_ID,
                                            .country = "CN",
                                            .document_number = "440106199603120274",
                                            .phone = "13800138000",
                                            .photo = id_random()};
    random_bytes(f->holder.photo_digest, sizeof f->holder.photo_digest);
    return f;
}

void certificate_fixture_destroy(struct certificate_fixture *f)
{
    test_store_destroy(f->t);
}

struct certificate certificate_fixture_issue(struct certificate_fixture *f)
{
    struct err e = {0};
    struct certificate_issued done;
    struct certificate c;
    CHECK_OK("issue", certificate_issue(&f->office, &f->award, &f->holder, &done, &e), &e);
    CHECK_OK("get", certificate_get(f->t->db, f->t->arena, f->body.id, done.id, &c, &e), &e);
    return c;
}

int64_t certificate_fixture_count(struct certificate_fixture *f)
{
    struct err e = {0};
    struct certificate *list;
    size_t n;
    int64_t total;
    const struct certificate_filter filter = {.body = f->body.id, .limit = 1};
    CHECK_OK("list", certificate_list(f->t->db, f->t->arena, &filter, &list, &n, &total, &e),
             &e);
    return total;
}

int64_t certificate_fixture_serials(struct certificate_fixture *f)
{
    struct err e = {0};
    bool found;
    struct query *q = db_query(f->t->db, SQL_certificate_serial_last);
    query_text(q, "number S000044990001263000001");
    CHECK_OK("serial", query_maybe(q, &found, &e), &e);
    if (!found)
        return 0;
    int64_t last = query_get_int(q, 0);
    query_done(q);
    return last;
}
