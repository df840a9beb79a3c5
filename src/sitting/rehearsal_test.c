/* sitting/rehearsal_test.c - a report of a rehearsal is judged by every threshold, kept once with its audit
 * row, and never begun while somebody sits. */
#include "sitting/rehearsal.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/arrange_fixture.h"
#include "store/audit.h"
#include "test/check.h"
#include "test/store.h"

static const char good[] =
    "{\"version\":\"0.1.0\",\"engine\":\"sqlite\",\"began_ms\":1764300000000,"
    "\"ended_ms\":1764300090000,\"candidates\":30,\"rooms\":3,\"nodes\":3,"
    "\"stages\":[{\"name\":\"sit\",\"count\":30,\"ms\":900,\"cpu_ms\":400}],"
    "\"figures\":{\"candidates\":30,\"rooms_open\":3,\"enter_p99\":1000000,\"claim_p99\":9000,"
    "\"paper_p99\":8000,\"save_p99\":7000,\"receipt_p99\":6000,\"failed\":0,\"put_off_ms\":700,"
    "\"extend_ms\":800,\"hand_up_ms\":1500,\"marks_wrong\":0,\"left_over\":0,\"free_mib\":2048}"
    ","
    "\"failed\":null}";

static json_t *report_of(struct arena *a)
{
    struct err e = {0};
    json_t *r = json_read(a, good, sizeof good - 1, &e);
    CHECK_OK("report", r != NULL, &e);
    return r;
}

static const json_t *line_of(const json_t *report, const char *name)
{
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(report, "limits"), i, line)
    {
        if (strcmp(json_member_text(line, "name"), name) == 0)
            return line;
    }
    CHECK(name, false);
    return NULL;
}

static bool passes(struct arena *a, const json_t *report, const char *limits, const char *name)
{
    struct err e = {0};
    struct rehearsal_limits own;
    json_t *judged;
    CHECK_OK("limits", rehearsal_limits_read(a, limits, "--limits", &own, &e), &e);
    CHECK_OK("judges", rehearsal_judge(a, report, &own, &judged, &e), &e);
    bool ok = json_is_true(json_object_get(judged, "passed"));
    if (name)
        CHECK_INT(name, json_is_true(json_object_get(line_of(judged, name), "ok")), ok);
    return ok;
}

/* At its threshold each figure passes, one beyond it fails all; what is missing fails, too. */
void rehearsal_judged_test(void)
{
    struct arena *a = arena_create(16 << 20);
    json_t *r = report_of(a), *judged, *line;
    struct err e = {0};
    size_t i;
    CHECK("passes", passes(a, r, NULL, NULL));
    CHECK_OK("judges", rehearsal_judge(a, r, NULL, &judged, &e), &e);
    CHECK_INT("every threshold", json_array_size(json_object_get(judged, "limits")),
              json_object_size(json_object_get(r, "figures")));
    json_array_foreach(json_object_get(judged, "limits"), i, line)
    {
        const char *name = json_member_text(line, "name");
        bool most = strcmp(json_member_text(line, "bound"), "at_most") == 0;
        int64_t limit = json_member_int(line, "limit", -1);
        json_t *figures = json_object_get(r, "figures");
        json_t *was = json_incref(json_object_get(figures, name));
        json_object_set_new(figures, name, json_integer(limit));
        CHECK(name, passes(a, r, NULL, name));
        json_object_set_new(figures, name, json_integer(most ? limit + 1 : limit - 1));
        CHECK(name, !passes(a, r, NULL, name));
        json_object_del(figures, name);
        CHECK(name, !passes(a, r, NULL, name));
        json_object_set_new(figures, name, was);
    }
    CHECK("another threshold", !passes(a, r, "save_p99=6999", "save_p99"));
    CHECK("its own", passes(a, r, "save_p99=7000,failed=0", "save_p99"));
    json_object_set_new(r, "failed", json_pack("{s:s, s:s}", "stage", "sit", "text", "断电"));
    CHECK("what did not come through", !passes(a, r, NULL, NULL));
    arena_destroy(a);
}

void rehearsal_refused_test(void)
{
    static const struct {
        const char *member, *value, *field;
    } bad[] = {
        {"version", "\"\"", "/report"},
        {"engine", "7", "/report"},
        {"candidates", "-1", "/report"},
        {"began_ms", "1.5", "/report"},
        {"extra", "1", "/report"},
        {"passed", "true", "/report"}, /* the verdict is ours */
        {"stages", "[{\"name\":\"sit\",\"count\":1,\"ms\":1}]", "/report/stages"},
        {"stages", "{}", "/report/stages"},
        {"figures", "{\"luck\":1}", "/report/figures"},
        {"figures", "{\"save_p99\":\"7\"}", "/report/figures"},
        {"figures", "{\"save_p99\":-7}", "/report/figures"},
        {"failed", "\"sit\"", "/report/failed"},
    };
    static const char *const limits[] = {"save_p99", "save_p99=", "save_p99=x",
                                         "luck=1",   "failed=-1", "failed=1x"};
    struct arena *a = arena_create(16 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        json_t *r = report_of(a), *judged, *value;
        const char *wrapped = arena_printf(a, "[%s]", bad[i].value);
        value = json_read(a, wrapped, strlen(wrapped), &e);
        json_object_set(r, bad[i].member, json_array_get(value, 0));
        CHECK_REFUSED(bad[i].member, rehearsal_judge(a, r, NULL, &judged, &e), &e, INVALID,
                      bad[i].field);
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct err e = {0};
        struct rehearsal_limits own;
        CHECK_REFUSED(limits[i], rehearsal_limits_read(a, limits[i], "--limits", &own, &e), &e,
                      INVALID, "--limits");
    }
    arena_destroy(a);
}

static size_t kept(struct hall *h, struct id body, struct rehearsal **out)
{
    struct err e = {0};
    size_t count;
    CHECK_OK("list", rehearsal_list(h->db, h->by.arena, body, h->session.id, out, &count, &e),
             &e);
    return count;
}

void rehearsal_kept_test(void)
{
    struct hall *h = hall_create();
    struct err e = {0};
    struct rehearsal *list;
    struct rehearsal_input in = {.session = h->session.id, .report = report_of(h->by.arena)};
    bool passed = false;
    CHECK_INT("none yet", kept(h, h->actor.body, &list), 0);
    CHECK_OK("keeps", rehearsal_keep(h->db, h->by.arena, &h->actor, &in, &passed, &e), &e);
    CHECK("passed", passed);
    json_object_set_new(json_object_get(in.report, "figures"), "failed", json_integer(2));
    h->actor.now_ms++;
    CHECK_OK("another", rehearsal_keep(h->db, h->by.arena, &h->actor, &in, &passed, &e), &e);
    CHECK("not passed", !passed);
    CHECK_INT("both", kept(h, h->actor.body, &list), 2);
    CHECK("the newest first", !list[0].passed && list[1].passed);
    CHECK_INT("its reason",
              json_is_false(json_object_get(line_of(list[0].report, "failed"), "ok")), true);
    CHECK_INT("of another body", kept(h, h->stranger.actor->body, &list), 0);
    CHECK_REFUSED("by another body",
                  rehearsal_keep(h->db, h->by.arena, h->stranger.actor, &in, &passed, &e), &e,
                  NOT_FOUND, "session");
    e = (struct err){0};
    CHECK("never changed",
          !test_store_script(h->f->t, "UPDATE session_rehearsal SET passed = 1", &e));
    e = (struct err){0};
    CHECK("never removed", !test_store_script(h->f->t, "DELETE FROM session_rehearsal", &e));
    hall_destroy(h);
}

void rehearsal_faults_test(void)
{
    struct hall *h = hall_create();
    struct rehearsal_input in = {.session = h->session.id, .report = report_of(h->by.arena)};
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0}, none = {0};
        struct rehearsal *list;
        struct audit_report before, after;
        bool passed;
        CHECK_OK("audit", audit_verify(h->db, h->by.arena, &before, &none), &none);
        db_fail_call(h->db, nth, false);
        bool ok = rehearsal_keep(h->db, h->by.arena, &h->actor, &in, &passed, &e);
        db_fail_call(h->db, 0, false);
        CHECK("nothing left open", db_is_idle(h->db));
        CHECK_OK("audit", audit_verify(h->db, h->by.arena, &after, &none), &none);
        CHECK_INT("its row", after.rows - before.rows, ok);
        CHECK_INT("kept or not", kept(h, h->actor.body, &list), ok);
        if (ok)
            break;
        CHECK_INT("a fault", e.code, ERR_STORE);
        CHECK("ends", nth < 60);
    }
    hall_destroy(h);
}

/* Not while anybody of this store sits, and not once the session's papers are out. */
void rehearsal_begins_test(void)
{
    struct hall *h = hall_create();
    struct rehearsal_plan plan = {.session = h->session.id}, none = {.session = {{7}}};
    struct err e = {0};
    CHECK_OK("a draft", rehearsal_may_begin(h->db, h->by.arena, h->actor.now_ms, &plan, &e),
             &e);
    CHECK("its body", id_equal(plan.body, h->actor.body));
    CHECK_INT("its seats", plan.seats, 30);
    CHECK_INT("its largest room", plan.largest, 30);
    CHECK_REFUSED("none such",
                  rehearsal_may_begin(h->db, h->by.arena, h->actor.now_ms, &none, &e), &e,
                  NOT_FOUND, "/session");
    e = (struct err){0};
    CHECK_OK(
        "somebody sits",
        test_store_script(h->f->t,
                          "-- only sqlite\n"
                          "INSERT INTO attempt (id, session_id, room_id, seat_id, seat_no,"
                          " entry_id, ticket, name, document_index, document_letter,"
                          " document_country, state) VALUES (x'01', x'02', x'03', x'04', 1,"
                          " x'05', 'T', 'N', x'06', 'a', 'CN', 'open');\n"
                          "-- end\n"
                          "-- only postgres\n"
                          "INSERT INTO attempt (id, session_id, room_id, seat_id, seat_no,"
                          " entry_id, ticket, name, document_index, document_letter,"
                          " document_country, state) VALUES ('\\x01', '\\x02', '\\x03',"
                          " '\\x04', 1, '\\x05', 'T', 'N', '\\x06', 'a', 'CN', 'open');\n"
                          "-- end\n",
                          &e),
        &e);
    CHECK_REFUSED("beside an exam",
                  rehearsal_may_begin(h->db, h->by.arena, h->actor.now_ms, &plan, &e), &e,
                  CONFLICT, "/session");
    e = (struct err){0};
    CHECK_OK("gone", test_store_script(h->f->t, "DELETE FROM attempt", &e), &e);
    CHECK_OK("cancelled", session_cancel(h->db, &h->by, h->session.id, "停电", &e), &e);
    CHECK_REFUSED("of a cancelled session",
                  rehearsal_may_begin(h->db, h->by.arena, h->actor.now_ms, &plan, &e), &e,
                  CONFLICT, "/session");
    hall_destroy(h);
}
