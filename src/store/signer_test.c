/* store/signer_test.c - keys are made once, sign only their types, and are published. */
#include "store/signer.h"

#include "base/data_proof.h"
#include "base/json.h"
#include "store/db.h"
#include "test/check.h"
#include "test/store.h"

static struct signer *ready(struct test_store *t)
{
    struct err e = {0};
    struct signer *s = signer_create(t->arena, t->master);
    CHECK_OK("keys", signer_keys_ensure(s, t->db, t->actor.now_ms, &e), &e);
    return s;
}

void signer_keys_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct signer *s = ready(t);
    struct key_table table, again;
    CHECK_OK("table", signer_key_table(t->db, t->arena, &table, &e), &e);
    CHECK_INT("one of each use", table.count, KEY_USES);
    CHECK_OK("again", signer_keys_ensure(s, t->db, t->actor.now_ms + 1, &e), &e);
    CHECK_OK("table", signer_key_table(t->db, t->arena, &again, &e), &e);
    CHECK_INT("no second set", again.count, KEY_USES);
    CHECK_OK("published",
             key_table_read(t->arena, key_table_json(t->arena, &table), NULL, &again, &e), &e);
    test_store_destroy(t);
}

void signer_types_test(void)
{
    const struct id one = {{1}}, two = {{2}}, record = {{3}};
    const struct {
        const char *what;
        struct sign_order o;
        bool good;
    } cases[] = {
        {"whole", {KEY_USE_certificate, "cert-qr", 0, record, one, two}, true},
        {"untyped", {KEY_USE_certificate, NULL, 0, record, one, two}, false},
        {"unknown type", {KEY_USE_certificate, "diploma", 0, record, one, two}, false},
        {"type of another key", {KEY_USE_room, "cert-qr", 0, record, one, two}, false},
        {"another form", {KEY_USE_room, "receipt", 0, record, one, two}, false},
        {"no record", {KEY_USE_certificate, "cert-qr", 0, {{0}}, one, two}, false},
        {"nobody approved", {KEY_USE_certificate, "cert-qr", 0, record, {{0}}, {{0}}}, false},
        {"one approved", {KEY_USE_certificate, "cert-qr", 0, record, one, {{0}}}, false},
        {"the same twice", {KEY_USE_certificate, "cert-qr", 0, record, one, one}, false},
    };
    struct test_store *t = test_store_create();
    struct signer *s = ready(t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct signature sig;
        struct public_key key;
        struct bytes body = {(const unsigned char *)"HNC1", 4};
        bool ok = signer_sign(s, t->db, &cases[i].o, body, &sig, &e);
        CHECK_INT(cases[i].what, ok, cases[i].good);
        if (!ok) {
            CHECK_INT(cases[i].what, e.code, ERR_FORBIDDEN);
            continue;
        }
        struct bytes m = signed_message(t->arena, "cert-qr", body);
        CHECK_OK("key", signer_key(t->db, t->arena, KEY_USE_certificate, 0, &key, &e), &e);
        CHECK("true", signature_is_true(sig.bytes, m.at, m.len, key.pub));
    }
    test_store_destroy(t);
}

void signer_messages_test(void)
{
    static const struct {
        const char *text;
        enum key_use use;
        bool good;
    } cases[] = {
        {"heng/manifest/1\n{}", KEY_USE_release, true},
        {"heng/receipt/1\n{}", KEY_USE_room, true},
        {"heng/receipt/1\n{}", KEY_USE_release, false},
        {"heng/manifest/2\n{}", KEY_USE_release, false},
        {"heng/manifest/1", KEY_USE_release, false},
        {"heng/key/1\n{}", KEY_USE_root, false},
        {"heng/cert-qr/1\nHNC1", KEY_USE_certificate, false},
        {"{}", KEY_USE_release, false},
        {"", KEY_USE_release, false},
    };
    struct test_store *t = test_store_create();
    struct signer *s = ready(t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct signature sig;
        struct bytes m = {(const unsigned char *)cases[i].text, strlen(cases[i].text)};
        bool ok = signer_sign_message(s, t->db, cases[i].use, 0, m, &sig, &e);
        CHECK_INT(cases[i].text, ok, cases[i].good);
    }
    test_store_destroy(t);
}

static bool roll(struct db *db, void *ctx, struct err *e)
{
    return signer_key_roll(ctx, db, KEY_USE_room, 1795222900000, e);
}

struct compromise {
    struct signer *s;
    const char *kid;
    int64_t at_ms;
};

static bool compromise(struct db *db, void *ctx, struct err *e)
{
    struct compromise *c = ctx;
    return signer_key_compromised(c->s, db, c->kid, c->at_ms, e);
}

/* What a retired key signed stays true; what a stolen one signed afterwards does not. */
void signer_roll_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct signer *s = ready(t);
    struct sign_order o = {.use = KEY_USE_room, .type = "receipt", .now_ms = 1795222850000};
    struct key_table table;
    json_t *before = json_keep(t->arena, json_pack("{s:i}", "n", 1));
    json_t *after = json_keep(t->arena, json_pack("{s:i}", "n", 2));
    CHECK_OK("sign", signer_sign_json(s, t->db, t->arena, &o, before, &e), &e);
    CHECK_OK("roll", db_transact(t->db, roll, s, &e), &e);
    CHECK_OK("sign", signer_sign_json(s, t->db, t->arena, &o, after, &e), &e);
    CHECK("another key",
          strcmp(json_member_text(before, "kid"), json_member_text(after, "kid")) != 0);
    CHECK_OK("table", signer_key_table(t->db, t->arena, &table, &e), &e);
    CHECK_INT("rows", table.count, KEY_USES + 1);
    CHECK_OK("retired",
             signed_json_verify(t->arena, &table, KEY_USE_room, "receipt", before, &e), &e);
    struct compromise late = {s, json_member_text(before, "kid"), o.now_ms + 1};
    CHECK_OK("late", db_transact(t->db, compromise, &late, &e), &e);
    CHECK_OK("table", signer_key_table(t->db, t->arena, &table, &e), &e);
    CHECK_OK("signed before",
             signed_json_verify(t->arena, &table, KEY_USE_room, "receipt", before, &e), &e);
    struct compromise early = {s, json_member_text(before, "kid"), o.now_ms};
    CHECK_OK("early", db_transact(t->db, compromise, &early, &e), &e);
    CHECK_OK("table", signer_key_table(t->db, t->arena, &table, &e), &e);
    CHECK_REFUSED("signed after",
                  signed_json_verify(t->arena, &table, KEY_USE_room, "receipt", before, &e), &e,
                  INVALID, "/sig");
    test_store_destroy(t);
}

void signer_fault_test(void)
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct test_store *t = test_store_create();
        struct err e = {0}, none = {0};
        struct key_table table;
        struct signer *s = signer_create(t->arena, t->master);
        db_fail_call(t->db, nth, false);
        bool ok = signer_keys_ensure(s, t->db, t->actor.now_ms, &e);
        bool fired = db_fault_fired(t->db);
        db_fail_call(t->db, 0, false);
        CHECK_OK("table", signer_key_table(t->db, t->arena, &table, &none), &none);
        CHECK_INT("all or none", table.count, ok ? KEY_USES : 0);
        CHECK("nothing left open", db_is_idle(t->db));
        test_store_destroy(t);
        if (!fired)
            break;
    }
}

void signer_prove_test(void)
{
    struct test_store *t = test_store_create();
    struct err e = {0};
    struct signer *s = ready(t);
    struct public_key key;
    struct sign_order o = {.use = KEY_USE_credential, .type = "status-list"};
    o.now_ms = t->actor.now_ms;
    json_t *d = json_keep(t->arena,
                          json_pack("{s:[s], s:s}", "@context", "https://x", "n", "1"));
    CHECK_OK("prove", signer_prove(s, t->db, t->arena, &o, "https://h/keys.json", d, &e), &e);
    CHECK_OK("key", signer_key(t->db, t->arena, KEY_USE_credential, o.now_ms, &key, &e), &e);
    CHECK("true", data_proof_is_true(t->arena, d, key.pub));
    CHECK_TEXT("kid", data_proof_kid(d), key.kid);
    o.type = "credential";
    CHECK_REFUSED("no record", signer_prove(s, t->db, t->arena, &o, "h", d, &e), &e, FORBIDDEN,
                  "record");
    test_store_destroy(t);
}
