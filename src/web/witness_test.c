/* web/witness_test.c - S28 over HTTP: what answers tell of the audit chain to those who keep them. */
#include <stdio.h>
#include <string.h>

#include "people/viewer.h"
#include "store/anchor.h"
#include "store/db.h"
#include "store/signer.h"
#include "web/asker.h"

static bool witness_of(const struct asker *a, char out[AUDIT_WITNESS_BYTES])
{
    const char *at = strstr(a->headers, "Heng-Audit: ");
    *out = '\0';
    if (at)
        snprintf(out, AUDIT_WITNESS_BYTES, "%.*s", (int)strcspn(at + 12, "\r\n"), at + 12);
    return at != NULL;
}

void staff_answers_are_witnesses_test(void)
{
    struct site *s = site_start();
    struct err e = {0};
    struct asker desk = asker_account(s, s->body.id, "desk", R(registrar));
    struct asker candidate = asker_account(s, s->body.id, "13800138000", R(candidate));
    char before[AUDIT_WITNESS_BYTES], after[AUDIT_WITNESS_BYTES];
    bool holds;
    CHECK_INT("read", ask(&desk, "GET", "/api/me", NULL), 200);
    CHECK("told", witness_of(&desk, before));
    CHECK_OK("true", audit_witness_holds(s->t->db, before, &holds, &e), &e);
    CHECK("true", holds);
    CHECK_INT(
        "act",
        ask(&desk, "POST", "/api/sites", "{\"name\":\"朝阳考点\",\"address\":\"建国路\"}"),
        201);
    CHECK("told", witness_of(&desk, after));
    CHECK("another head", strcmp(before, after) != 0);
    CHECK_OK("true", audit_witness_holds(s->t->db, after, &holds, &e), &e);
    CHECK("true", holds);
    CHECK_INT("a refusal, too", ask(&desk, "GET", "/api/accounts", NULL), 403);
    CHECK("told", witness_of(&desk, after));
    CHECK_INT("candidate", ask(&candidate, "GET", "/api/me", NULL), 200);
    CHECK("not told", !witness_of(&candidate, after));
    site_stop(s);
}

void anchors_are_public_test(void)
{
    struct site *s = site_start();
    struct err e = {0};
    bool made;
    struct signer *signer = signer_create(s->t->arena, s->t->master);
    CHECK_OK("keys", signer_keys_ensure(signer, s->t->db, s->t->actor.now_ms, &e), &e);
    asker_account(s, s->body.id, "desk", R(registrar));
    struct asker stranger = {.site = s};
    CHECK_INT("none yet", ask(&stranger, "GET", "/.well-known/heng-anchors.jsonl", NULL), 200);
    for (int i = 0; i < 3; i++) {
        const struct anchor_order o = {s->t->actor.now_ms + i * ANCHOR_EVERY_MS, ANCHOR_START,
                                       id_random(), ANCHOR_EVERY_MS};
        CHECK_OK("anchor", anchor_make(signer, s->t->db, &o, &made, &e), &e);
    }
    CHECK_INT("newest", ask(&stranger, "GET", "/.well-known/heng-anchors.jsonl", NULL), 200);
    CHECK("the third", strstr(stranger.text, "\"number\":3"));
    CHECK("alone", !strstr(stranger.text, "\"number\":2"));
    CHECK_INT("all", ask(&stranger, "GET", "/.well-known/heng-anchors.jsonl?from=0", NULL),
              200);
    CHECK("the first", strstr(stranger.text, "\"number\":1"));

    /* What a stranger kept is enough to check the database with. */
    struct key_table keys;
    struct anchor_report r;
    CHECK_OK("keys", signer_key_table(s->t->db, s->t->arena, &keys, &e), &e);
    struct anchor_check *c = anchor_check_begin(s->t->db, s->t->arena, &keys);
    anchor_check_file(c);
    for (const char *line = stranger.text; *line;) {
        size_t len = strcspn(line, "\n");
        CHECK_OK("line",
                 anchor_check_line(c, (struct bytes){(const unsigned char *)line, len}, &e),
                 &e);
        line += len + (line[len] == '\n');
    }
    CHECK_OK("end", anchor_check_end(c, &r, &e), &e);
    CHECK_INT("anchors", r.anchors, 3);
    CHECK_INT("whole", r.break_count, 0);
    site_stop(s);
}

/* As somebody would who holds the database and does not want a row to be seen. */
static void cut_last_row(struct site *s)
{
    struct err e = {0};
    CHECK_OK("cut",
             test_store_script(s->t,
                               "-- only sqlite\n"
                               "DROP TRIGGER audit_row_no_delete;\n"
                               "-- end\n"
                               "-- only postgres\n"
                               "DROP TRIGGER audit_row_no_change ON audit_row;\n"
                               "-- end\n"
                               "DELETE FROM audit_row WHERE seq = (SELECT seq FROM audit_chain"
                               " WHERE audit_chain.chain = audit_row.chain);",
                               &e),
             &e);
}

void anchors_are_read_and_verified_test(void)
{
    struct site *s = site_start();
    struct err e = {0};
    bool made;
    struct signer *signer = signer_create(s->t->arena, s->t->master);
    CHECK_OK("keys", signer_keys_ensure(signer, s->t->db, s->t->actor.now_ms, &e), &e);
    struct asker audit = asker_account(s, s->body.id, "auditor", R(audit_admin));
    CHECK_INT("none yet", ask(&audit, "GET", "/api/audit/anchors", NULL), 200);
    CHECK("none", strstr(audit.text, "\"total\":0"));
    for (int i = 0; i < 5; i++) {
        const struct anchor_order o = {s->t->actor.now_ms + i * ANCHOR_EVERY_MS, ANCHOR_START,
                                       id_random(), ANCHOR_EVERY_MS};
        CHECK_OK("anchor", anchor_make(signer, s->t->db, &o, &made, &e), &e);
    }
    CHECK_INT("newest", ask(&audit, "GET", "/api/audit/anchors?limit=2", NULL), 200);
    CHECK("total", strstr(audit.text, "\"total\":5"));
    CHECK("newest first", strstr(audit.text, "[{\"number\":5"));
    CHECK("no more", !ask_text(&audit, "anchors/2/hash"));
    CHECK_TEXT("each names the one before", ask_text(&audit, "anchors/0/before"),
               ask_text(&audit, "anchors/1/hash"));
    CHECK_INT("the oldest page",
              ask(&audit, "GET", "/api/audit/anchors?limit=2&offset=4", NULL), 200);
    CHECK("first", strstr(audit.text, "[{\"number\":1"));
    CHECK("alone", !ask_text(&audit, "anchors/1/hash"));
    CHECK_INT("behind the end", ask(&audit, "GET", "/api/audit/anchors?offset=9", NULL), 200);
    CHECK("nothing", !ask_text(&audit, "anchors/0/hash"));

    CHECK_INT("verify", ask(&audit, "GET", "/api/audit/anchors/verify", NULL), 200);
    CHECK("all", strstr(audit.text, "\"anchors\":5"));
    CHECK("whole", !ask_text(&audit, "broken/0/what"));
    cut_last_row(s);
    CHECK_INT("verify", ask(&audit, "GET", "/api/audit/anchors/verify", NULL), 200);
    CHECK_TEXT("a cut tail is found", ask_text(&audit, "broken/0/what"), "cut");
    site_stop(s);
}
