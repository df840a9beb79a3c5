/* certificate/issue_test.c - what is issued, what is refused, and that nothing is half done. */
#include "certificate/issue.h"

#include "base/arena.h"
#include "base/json.h"
#include "certificate/credential.h"
#include "certificate/fixture.h"
#include "certificate/number.h"
#include "certificate/qr.h"
#include "certificate/template.h"
#include "store/signer.h"
#include "test/check.h"

void certificate_issue_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct certificate c = certificate_fixture_issue(f);
    CHECK_TEXT("number", c.number, "S000044990001263000001");
    CHECK_TEXT("title", c.face.title, "职业技能等级证书");
    CHECK_TEXT("print serial", c.print_serial, "26110001");
    CHECK_TEXT("name", c.face.value[FACE_name], "顾言溪");
    CHECK_TEXT("document", c.face.value[FACE_document], "440106********0274");
    CHECK_TEXT("direction", c.face.value[FACE_direction], "直播运营");
    CHECK_TEXT("level", c.face.value[FACE_level], "三级/高级工");
    CHECK_TEXT("issued", c.face.value[FACE_issued], "2026年11月21日");
    CHECK_TEXT("issuer", c.face.value[FACE_issuer], f->body.name);
    CHECK("specimen", c.specimen);

    struct certificate_secrets s;
    struct key_table keys;
    struct qr_claim claim;
    struct credential_read read;
    CHECK_OK("secrets", certificate_secrets(f->t->db, a, f->t->master, &c, &s, &e), &e);
    CHECK_TEXT("document", s.document_number, "440106199603120274");
    CHECK_OK("keys", signer_key_table(f->t->db, a, &keys, &e), &e);
    CHECK_OK("qr", qr_verify(a, &keys, s.qr, &claim, &e), &e);
    CHECK_TEXT("qr number", claim.number, c.number);
    CHECK_TEXT("qr name", claim.name, "顾言溪");
    CHECK_INT("qr direction", claim.direction_no, 3);
    CHECK("qr credential",
          memcmp(claim.credential, c.credential_digest, sizeof claim.credential) == 0);
    json_t *v = json_read(a, c.credential, strlen(c.credential), &e);
    CHECK_OK("credential", credential_verify(a, &keys, v, &read, &e), &e);
    CHECK_TEXT("credential number", read.number, c.number);
    CHECK("no number in clear", !strstr(c.credential, "440106199603120274"));

    struct certificate_event *events;
    size_t n;
    CHECK_OK("history", certificate_history(f->t->db, a, c.id, &events, &n, &e), &e);
    CHECK_INT("one event", n, 1);
    CHECK_INT("issued", events[0].kind, CERTIFICATE_EVENT_issued);
    certificate_fixture_destroy(f);
}

void certificate_issue_refused_test(void)
{
    enum what {
        DECIDED,
        PUBLISHED,
        PHOTO,
        NAME,
        LEVEL,
        DIRECTION,
        FILED,
        PROGRAMME,
        GLYPH,
        APPROVAL,
        CASES
    };
    static const struct {
        const char *what, *field;
        enum err_code code;
    } cases[CASES] = {
        [DECIDED] = {"not decided", "/award", ERR_CONFLICT},
        [PUBLISHED] = {"not published", "/award", ERR_CONFLICT},
        [PHOTO] = {"no photo", "/photo", ERR_RULE},
        [NAME] = {"no name", "/name", ERR_RULE},
        [LEVEL] = {"no such level", "/level", ERR_INVALID},
        [DIRECTION] = {"no direction", "/direction", ERR_INVALID},
        [FILED] = {"body not filed", "/class", ERR_RULE},
        [PROGRAMME] = {"no programme", "/programme", ERR_RULE},
        [GLYPH] = {"no glyph", "text", ERR_INVALID},
        [APPROVAL] = {"published by one", "record", ERR_FORBIDDEN},
    };
    for (int i = 0; i < CASES; i++) {
        struct certificate_fixture *f = certificate_fixture_create();
        struct certificate_issued done;
        struct err e = {0};
        switch ((enum what)i) {
        case DECIDED:
            f->award.passed = false;
            break;
        case PUBLISHED:
            f->award.published = false;
            break;
        case PHOTO:
            f->holder.photo = (struct id){{0}};
            break;
        case NAME:
            f->holder.name = "";
            break;
        case LEVEL:
            f->award.level = 5;
            break;
        case DIRECTION:
            f->award.direction = "";
            break;
        case FILED:
            f->body.is_filed = false;
            break;
        case PROGRAMME:
            f->award.programme = "nothing";
            break;
        case GLYPH:
            f->holder.name = "\xF4\x8F\xBF\xBD";
            break;
        case APPROVAL:
            f->award.published_second = f->award.published_by;
            break;
        case CASES:
            break;
        }
        bool ok = certificate_issue(&f->office, &f->award, &f->holder, &done, &e);
        CHECK_INT(cases[i].what, ok, false);
        CHECK_TEXT(cases[i].what, err_name(e.code), err_name(cases[i].code));
        CHECK_TEXT(cases[i].what, e.field, cases[i].field);
        CHECK_INT("nothing issued", certificate_fixture_count(f), 0);
        CHECK_INT("no number used", certificate_fixture_serials(f), 0);
        certificate_fixture_destroy(f);
    }
}

void certificate_issue_twice_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct certificate_issued done;
    struct err e = {0};
    certificate_fixture_issue(f);
    CHECK_REFUSED("the same award",
                  certificate_issue(&f->office, &f->award, &f->holder, &done, &e), &e, CONFLICT,
                  "/award");
    CHECK_INT("one", certificate_fixture_count(f), 1);
    CHECK_INT("one number", certificate_fixture_serials(f), 1);
    f->award.award = id_random();
    struct certificate next = certificate_fixture_issue(f);
    CHECK_TEXT("no hole", next.number, "S000044990001263000002");
    CHECK_TEXT("next print", next.print_serial, "26110002");
    certificate_fixture_destroy(f);
}

/* Training certificates by the pattern of their programme; unfiled bodies issue only these. */
void certificate_issue_training_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct certificate_number none;
    f->body.is_filed = false;
    f->award.programme = "onex-530063";
    f->award.level = 1;
    f->award.direction = "";
    f->holder.photo = (struct id){{0}};
    struct certificate c = certificate_fixture_issue(f);
    CHECK_TEXT("number", c.number, "530063-2026-1-000001");
    CHECK_INT("class", c.class, CERTIFICATE_TRAINING);
    CHECK("not a level certificate's",
          !certificate_number_parse(c.number, strlen(c.number), &none));
    CHECK("no direction", c.face.value[FACE_direction] == NULL);
    CHECK_TEXT("label", face_label(&c.face, FACE_occupation), "培训项目");
    certificate_fixture_destroy(f);
}

void certificate_issue_fault_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct certificate_fixture *f = certificate_fixture_create();
        struct certificate_issued done;
        struct err e = {0};
        db_fail_call(f->t->db, nth, false);
        bool ok = certificate_issue(&f->office, &f->award, &f->holder, &done, &e);
        bool fired = db_fault_fired(f->t->db);
        db_fail_call(f->t->db, 0, false);
        CHECK_INT("certificates", certificate_fixture_count(f), ok);
        CHECK_INT("numbers used", certificate_fixture_serials(f), ok);
        CHECK("nothing left open", db_is_idle(f->t->db));
        certificate_fixture_destroy(f);
        if (!fired) {
            CHECK("got through", ok);
            break;
        }
    }
}

/* Name and issuer are what the programme's own document prints. */
void programmes_name_their_certificates_test(void)
{
    static const struct {
        const char *programme, *title, *issuer;
    } printed[] = {
        {"ccia", "全媒体运营师职业技能证书", "中国通信工业协会互联网产业专业委员会"},
        {"nrta-operator", "全媒体运营师岗位合格证书", "国家广播电视总局广播影视人才交流中心"},
        {"nrta-host", "网络视听主播岗位合格证书", "国家广播电视总局广播影视人才交流中心"},
    };
    struct certificate_fixture *f = certificate_fixture_create();
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
        const struct programme *p = programme_find(&f->programmes, printed[i].programme);
        struct certificate_template t;
        struct err e = {0};
        CHECK_INT(p->id, certificate_class_of(p, &f->body), CERTIFICATE_TRAINING);
        CHECK_OK(p->id, certificate_template_load(f->t->arena, p, &f->body, &t, &e), &e);
        CHECK_TEXT(p->id, t.title, printed[i].title);
        CHECK_TEXT(p->id, t.issuer, printed[i].issuer);
    }
    certificate_fixture_destroy(f);
}
