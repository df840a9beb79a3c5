/* certificate/status_list_test.c - revoked shows, others do not, and lists cannot be made up. */
#include "certificate/status_list.h"

#include "base/arena.h"
#include "base/calendar.h"
#include "base/json.h"
#include "certificate/fixture.h"
#include "store/signer.h"
#include "test/check.h"

static bool revoke(struct db *db, void *ctx, struct err *e)
{
    struct certificate_fixture *f = ctx;
    struct certificate c;
    struct certificate_issued out;
    bool found;
    if (!certificate_by_number(db, f->t->arena, "S000044990001263000001", &c, &found, e))
        return false;
    const struct certificate_change_order o = {c.id, CERTIFICATE_CHANGE_revoke, "材料不真实"};
    return certificate_change_execute(&f->office, &o, NULL, &out, e);
}

static json_t *list_at(struct certificate_fixture *f, int64_t now_ms)
{
    struct err e = {0};
    json_t *v;
    CHECK_OK("make", status_list_make(&f->office, 1, now_ms, &v, &e), &e);
    return v;
}

void status_list_test(void)
{
    struct certificate_fixture *f = certificate_fixture_create();
    struct arena *a = f->t->arena;
    struct err e = {0};
    struct key_table keys;
    struct status_answer answer;
    struct certificate first = certificate_fixture_issue(f);
    f->award.award = id_random();
    struct certificate second = certificate_fixture_issue(f);
    int64_t now = f->who.now_ms + 60000;
    CHECK("not the same place", first.status_index != second.status_index);
    CHECK_OK("keys", signer_key_table(f->t->db, a, &keys, &e), &e);

    json_t *before = list_at(f, now);
    CHECK("the same within the hour", json_equal(before, list_at(f, now + 1000)));
    CHECK_OK("read", status_list_read(a, &keys, before, first.status_index, &answer, &e), &e);
    CHECK_INT("valid", answer.ended, false);

    f->who.now_ms = now + 2000;
    CHECK_OK("revoke", db_transact(f->t->db, revoke, f, &e), &e);
    json_t *after = list_at(f, now + 3000);
    CHECK_OK("read", status_list_read(a, &keys, after, first.status_index, &answer, &e), &e);
    CHECK_INT("revoked at once", answer.ended, true);
    CHECK_INT("as of", answer.as_of_ms, now + 2000);
    CHECK_OK("read", status_list_read(a, &keys, after, second.status_index, &answer, &e), &e);
    CHECK_INT("the other is not", answer.ended, false);
    CHECK_TEXT("until", json_member_text(after, "validUntil"), "2026-11-22T01:01:02.000Z");

    json_object_set_new(
        json_object_get(after, "credentialSubject"), "encodedList",
        json_object_get(json_object_get(before, "credentialSubject"), "encodedList"));
    json_incref(json_object_get(json_object_get(before, "credentialSubject"), "encodedList"));
    CHECK_REFUSED("another list's bits",
                  status_list_read(a, &keys, after, first.status_index, &answer, &e), &e,
                  INVALID, "/status");
    e = (struct err){0};
    CHECK_REFUSED("beyond it", status_list_read(a, &keys, before, STATUS_ENTRIES, &answer, &e),
                  &e, INVALID, "/status");
    certificate_fixture_destroy(f);
}
