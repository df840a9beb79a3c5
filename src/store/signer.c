/* store/signer.c - signs with wrapped keys, each key only what its use allows. */
#include "store/signer.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/data_proof.h"
#include "base/json.h"
#include "store/db.h"

enum { SIGN_YEARS = 2, ROOT_YEARS = 20, WORK_ARENA_BYTES = 1 << 20, TALLY_ROWS = 64 };

/* How often each key has signed since this process began. Any thread, under its own mutex. */
struct tally {
    pthread_mutex_t mutex;
    struct signature_count rows[TALLY_ROWS];
    size_t count;
};

struct signer {
    const struct master *master;
    struct tally *tally;
};

enum form { FORM_JSON, FORM_BYTES, FORM_PROOF };

static const struct {
    const char *type;
    enum key_use use;
    enum form form;
    bool needs_record;
} types[] = {
#define NOTHING                            false
#define RECORD                             true
#define SIGNED(type_, use_, form_, needs_) {type_, KEY_USE_##use_, FORM_##form_, needs_},
#include "store/signed_types.def"
#undef SIGNED
#undef NOTHING
#undef RECORD
};

struct key_row {
    struct public_key key;
    struct id id;
    struct bytes secret;
};

struct signer *signer_create(struct arena *a, const struct master *master)
{
    struct signer *s = arena_new(a, struct signer);
    s->master = master;
    s->tally = arena_new(a, struct tally);
    pthread_mutex_init(&s->tally->mutex, NULL);
    return s;
}

/* Keys that a process lives to see are few: one of each use and what they were rolled to. Should
 * there be more, the last row counts for all of them. */
static void count_signature(struct tally *t, const char *kid)
{
    size_t i = 0;
    pthread_mutex_lock(&t->mutex);
    while (i < t->count && strcmp(t->rows[i].kid, kid) != 0)
        i++;
    if (i == TALLY_ROWS)
        i--;
    else if (i == t->count)
        snprintf(t->rows[t->count++].kid, KID_TEXT_BYTES, "%s", kid);
    t->rows[i].signatures++;
    pthread_mutex_unlock(&t->mutex);
}

size_t signer_counts(const struct signer *s, struct arena *a, struct signature_count **out)
{
    struct tally *t = s->tally;
    pthread_mutex_lock(&t->mutex);
    size_t n = t->count;
    *out = arena_array(a, struct signature_count, n + 1);
    memcpy(*out, t->rows, n * sizeof **out);
    pthread_mutex_unlock(&t->mutex);
    return n;
}

static bool order_is_allowed(const struct sign_order *o, enum form form, struct err *e)
{
    for (size_t i = 0; o->type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, o->type) != 0 || types[i].use != o->use)
            continue;
        if (types[i].form != form)
            break;
        if (types[i].needs_record &&
            (id_is_zero(o->record) || id_is_zero(o->approved_by) ||
             id_is_zero(o->approved_second) || id_equal(o->approved_by, o->approved_second)))
            return FAIL(e, FORBIDDEN, "record", "没有签发记录或两人批准，不予签名。");
        return true;
    }
    return FAIL(e, FORBIDDEN, "type", "这把钥匙不能签这类内容。");
}

static void read_public(const struct query *q, struct arena *a, struct public_key *k)
{
    *k = (struct public_key){
        .from_ms = query_get_int(q, 3),
        .to_ms = query_get_int(q, 4),
        .state = (enum key_state)query_get_int(q, 5),
        .compromised_ms = query_get_int(q, 6),
        .table_version = query_get_int(q, 7),
    };
    struct bytes pub = query_get_bytes(q, 2, a);
    if (pub.len == SIGN_PUBLIC_BYTES)
        memcpy(k->pub, pub.at, pub.len);
    snprintf(k->kid, sizeof k->kid, "%s", query_get_text(q, 0, a));
    snprintf(k->sig, sizeof k->sig, "%s", query_get_text(q, 8, a));
    key_use_read(query_get_text(q, 1, a), &k->use);
}

static bool read_row(struct query *q, struct arena *a, struct key_row *row, struct err *e)
{
    if (!query_one(q, "key", e))
        return false;
    read_public(q, a, &row->key);
    row->id = query_get_id(q, 9);
    row->secret = query_get_bytes(q, 10, a);
    query_done(q);
    return true;
}

static bool active_row(struct db *db, struct arena *a, enum key_use use, struct key_row *row,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_signing_key_active);
    query_text(q, key_use_word(use));
    return read_row(q, a, row, e);
}

/* The secret is in memory only from here to the wipe below. */
static bool sign_with(const struct signer *s, struct arena *a, const struct key_row *row,
                      struct bytes message, unsigned char signature[SIGNATURE_BYTES],
                      struct err *e)
{
    struct bytes secret;
    if (!purpose_open(a, s->master, KEY_STORE, "signing_key", "secret", row->id, row->secret,
                      &secret, e))
        return false;
    bool whole = secret.len == SIGN_SECRET_BYTES;
    if (whole) {
        sign_bytes(signature, message.at, message.len, secret.at);
        count_signature(s->tally, row->key.kid);
    }
    secret_wipe((void *)(uintptr_t)secret.at, secret.len);
    return whole || FAIL(e, INTERNAL, "key", "签名钥匙损坏。");
}

bool signer_key(struct db *db, struct arena *a, enum key_use use, int64_t now_ms,
                struct public_key *out, struct err *e)
{
    struct key_row row;
    if (!active_row(db, a, use, &row, e))
        return false;
    *out = row.key;
    return now_ms < row.key.to_ms ||
           FAIL(e, CONFLICT, "key", "签名钥匙 %s 已过签名期限，须先更换。", row.key.kid);
}

bool signer_key_table(struct db *db, struct arena *a, struct key_table *out, struct err *e)
{
    struct public_key *rows = NULL;
    size_t n = 0;
    struct query *q = db_query(db, SQL_signing_key_list);
    while (query_next(q, e)) {
        rows = arena_grow(a, rows, n, n + 1, sizeof *rows);
        read_public(q, a, &rows[n++]);
    }
    *out = (struct key_table){rows, n};
    return e->code == ERR_NONE;
}

static bool sign_message(const struct signer *s, struct db *db, const struct sign_order *o,
                         struct bytes message, struct signature *out, struct err *e)
{
    struct key_row row;
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    bool ok = active_row(db, a, o->use, &row, e) &&
              (o->now_ms < row.key.to_ms ||
               FAIL(e, CONFLICT, "key", "签名钥匙 %s 已过签名期限，须先更换。", row.key.kid)) &&
              sign_with(s, a, &row, message, out->bytes, e);
    if (ok)
        memcpy(out->kid, row.key.kid, sizeof out->kid);
    arena_destroy(a);
    return ok;
}

bool signer_sign(const struct signer *s, struct db *db, const struct sign_order *o,
                 struct bytes body, struct signature *out, struct err *e)
{
    if (!order_is_allowed(o, FORM_BYTES, e))
        return false;
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    bool ok = sign_message(s, db, o, signed_message(a, o->type, body), out, e);
    arena_destroy(a);
    return ok;
}

/* The type is what stands between "heng/" and "/1\n": nothing else is signed. */
bool signer_sign_message(const struct signer *s, struct db *db, enum key_use use,
                         int64_t now_ms, struct bytes message, struct signature *out,
                         struct err *e)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char head[48];
        int len = snprintf(head, sizeof head, "heng/%s/1\n", types[i].type);
        if (types[i].use != use || types[i].form != FORM_JSON || types[i].needs_record ||
            use == KEY_USE_root || message.len < (size_t)len ||
            memcmp(message.at, head, (size_t)len) != 0)
            continue;
        const struct sign_order o = {.use = use, .type = types[i].type, .now_ms = now_ms};
        return sign_message(s, db, &o, message, out, e);
    }
    return FAIL(e, FORBIDDEN, "type", "这把钥匙不能签这类内容。");
}

bool signer_sign_json(const struct signer *s, struct db *db, struct arena *a,
                      const struct sign_order *o, json_t *object, struct err *e)
{
    struct public_key key;
    struct bytes message;
    struct signature signature;
    if (!order_is_allowed(o, FORM_JSON, e) || !signer_key(db, a, o->use, o->now_ms, &key, e))
        return false;
    signed_json_prepare(object, o->type, key.kid, o->now_ms);
    if (!signed_json_message(a, o->type, object, &message, e) ||
        !sign_message(s, db, o, message, &signature, e))
        return false;
    signed_json_put_signature(a, object, signature.bytes);
    return true;
}

bool signer_prove(const struct signer *s, struct db *db, struct arena *a,
                  const struct sign_order *o, const char *method, json_t *document,
                  struct err *e)
{
    struct public_key key;
    struct signature signature;
    char created[INSTANT_TEXT_BYTES];
    unsigned char hash[DATA_PROOF_HASH_BYTES];
    if (!order_is_allowed(o, FORM_PROOF, e) || !signer_key(db, a, o->use, o->now_ms, &key, e))
        return false;
    instant_write(o->now_ms, created);
    json_t *options = json_keep(
        a, json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "DataIntegrityProof", "cryptosuite",
                     "eddsa-jcs-2022", "created", created, "verificationMethod",
                     arena_printf(a, "%s#%s", method, key.kid), "proofPurpose",
                     "assertionMethod"));
    if (!data_proof_hash(a, document, options, hash, e) ||
        !sign_message(s, db, o, (struct bytes){hash, sizeof hash}, &signature, e))
        return false;
    data_proof_put(a, document, options, signature.bytes);
    return true;
}

/* --- the life of keys --------------------------------------------------------------------- */
static bool sign_row(const struct signer *s, struct arena *a, const struct key_row *root,
                     struct public_key *k, struct err *e)
{
    struct bytes message;
    unsigned char signature[SIGNATURE_BYTES];
    if (!signed_json_message(a, "key", public_key_json(a, k), &message, e) ||
        !sign_with(s, a, root, message, signature, e))
        return false;
    snprintf(k->sig, sizeof k->sig, "%s", base64url_write(a, signature, sizeof signature));
    return true;
}

static bool put_row(struct db *db, const struct key_row *row, struct err *e)
{
    const struct public_key *k = &row->key;
    struct query *q = db_query(db, SQL_signing_key_put);
    query_text(q, k->kid);
    query_id(q, row->id);
    query_text(q, key_use_word(k->use));
    query_bytes(q, (struct bytes){k->pub, sizeof k->pub});
    query_bytes(q, row->secret);
    query_int(q, k->from_ms);
    query_int(q, k->to_ms);
    query_int(q, k->state);
    query_int(q, k->compromised_ms);
    query_int(q, k->table_version);
    query_text(q, k->sig);
    return query_run(q, e);
}

/* A kid that is taken is refused by the primary key; the caller's next try draws another. */
static bool make_key(const struct signer *s, struct db *db, enum key_use use, int64_t now_ms,
                     struct err *e)
{
    unsigned char secret[SIGN_SECRET_BYTES];
    int years = use == KEY_USE_root ? ROOT_YEARS : SIGN_YEARS;
    date_days end = date_add_years(date_of_instant(now_ms, CHINA_OFFSET_MS), years);
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    struct key_row root, row = {.id = id_random(),
                                .key = {.use = use,
                                        .from_ms = now_ms,
                                        .to_ms = instant_of(end, 0, CHINA_OFFSET_MS),
                                        .state = KEY_ACTIVE,
                                        .table_version = 1}};
    sign_keypair(row.key.pub, secret);
    kid_of(row.key.pub, row.key.kid);
    row.secret = purpose_seal(a, s->master, KEY_STORE, "signing_key", "secret", row.id,
                              SIGN_SECRET_BYTES, secret, sizeof secret);
    secret_wipe(secret, sizeof secret);
    bool ok = use == KEY_USE_root || active_row(db, a, KEY_USE_root, &root, e);
    ok = ok && sign_row(s, a, use == KEY_USE_root ? &row : &root, &row.key, e) &&
         put_row(db, &row, e);
    arena_destroy(a);
    return ok;
}

/* --- guests ------------------------------------------------------------------------------- */
bool signer_guest_keep(struct db *db, const struct public_key *k, struct err *e)
{
    struct query *q = db_query(db, SQL_signing_key_guest_put);
    query_text(q, k->kid);
    query_text(q, key_use_word(k->use));
    query_bytes(q, (struct bytes){k->pub, sizeof k->pub});
    query_int(q, k->from_ms);
    query_int(q, k->to_ms);
    query_int(q, k->state);
    query_int(q, k->compromised_ms);
    query_int(q, k->table_version);
    query_text(q, k->sig);
    return query_run(q, e);
}

static bool kid_is_free(struct db *db, struct arena *a, const char *kid, struct err *e)
{
    struct key_table all;
    return signer_key_table(db, a, &all, e) &&
           (!key_table_find(&all, kid) ||
            FAIL(e, CONFLICT, "/kid", "公钥编号已被占用，请重新生成密钥。"));
}

bool signer_guest_admit(const struct signer *s, struct db *db, enum key_use use,
                        const unsigned char pub[SIGN_PUBLIC_BYTES], int64_t now_ms,
                        struct public_key *out, struct err *e)
{
    date_days end = date_add_years(date_of_instant(now_ms, CHINA_OFFSET_MS), SIGN_YEARS);
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    struct key_row root;
    *out = (struct public_key){.use = use,
                               .from_ms = now_ms,
                               .to_ms = instant_of(end, 0, CHINA_OFFSET_MS),
                               .state = KEY_ACTIVE,
                               .table_version = 1};
    memcpy(out->pub, pub, SIGN_PUBLIC_BYTES);
    kid_of(pub, out->kid);
    bool ok = kid_is_free(db, a, out->kid, e) && active_row(db, a, KEY_USE_root, &root, e) &&
              sign_row(s, a, &root, out, e) && signer_guest_keep(db, out, e);
    arena_destroy(a);
    return ok;
}

bool signer_guest_revoke(const struct signer *s, struct db *db, const char *kid, int64_t now_ms,
                         struct err *e)
{
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    struct key_row root;
    struct public_key k;
    struct query *q = db_query(db, SQL_signing_key_guest_get);
    query_text(q, kid);
    bool ok = query_one(q, "key", e);
    if (ok) {
        read_public(q, a, &k);
        query_done(q);
        k.state = KEY_COMPROMISED;
        k.compromised_ms = now_ms;
        k.table_version++;
        ok = active_row(db, a, KEY_USE_root, &root, e) && sign_row(s, a, &root, &k, e) &&
             signer_guest_keep(db, &k, e);
    }
    arena_destroy(a);
    return ok;
}

bool signer_key_adopt(const struct signer *s, struct db *db, const struct public_key *k,
                      const unsigned char secret[SIGN_SECRET_BYTES], struct err *e)
{
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    struct key_row row = {.id = id_random(), .key = *k};
    row.secret = purpose_seal(a, s->master, KEY_STORE, "signing_key", "secret", row.id,
                              SIGN_SECRET_BYTES, secret, SIGN_SECRET_BYTES);
    bool ok = put_row(db, &row, e);
    arena_destroy(a);
    return ok;
}

static bool change_row(const struct signer *s, struct db *db, struct arena *a,
                       struct public_key k, struct err *e)
{
    struct key_row root;
    int64_t read_version = k.table_version++;
    if (!active_row(db, a, KEY_USE_root, &root, e) || !sign_row(s, a, &root, &k, e))
        return false;
    struct query *q = db_query(db, SQL_signing_key_change);
    query_text(q, k.kid);
    query_int(q, read_version);
    query_int(q, k.state);
    query_int(q, k.compromised_ms);
    query_int(q, k.to_ms);
    query_text(q, k.sig);
    return query_change_one(q, "key", "钥匙表同时被改动，请重试。", e);
}

struct ensure {
    const struct signer *s;
    int64_t now_ms;
};

static bool ensure(struct db *db, void *ctx, struct err *e)
{
    const struct ensure *x = ctx;
    for (int use = 0; use < KEY_USES; use++) {
        bool found;
        struct query *q = db_query(db, SQL_signing_key_active);
        query_text(q, key_use_word((enum key_use)use));
        if (!query_maybe(q, &found, e))
            return false;
        if (found)
            query_done(q);
        else if (!make_key(x->s, db, (enum key_use)use, x->now_ms, e))
            return false;
    }
    return true;
}

bool signer_keys_ensure(const struct signer *s, struct db *db, int64_t now_ms, struct err *e)
{
    struct ensure x = {s, now_ms};
    return db_transact(db, ensure, &x, e);
}

bool signer_key_roll(const struct signer *s, struct db *db, enum key_use use, int64_t now_ms,
                     struct err *e)
{
    struct key_row old;
    if (use == KEY_USE_root)
        return FAIL(e, FORBIDDEN, "use", "根钥匙不能这样更换。");
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    bool ok = active_row(db, a, use, &old, e);
    if (ok) {
        old.key.state = KEY_RETIRED;
        old.key.to_ms = now_ms < old.key.to_ms ? now_ms : old.key.to_ms;
        ok = change_row(s, db, a, old.key, e) && make_key(s, db, use, now_ms, e);
    }
    arena_destroy(a);
    return ok;
}

bool signer_key_compromised(const struct signer *s, struct db *db, const char *kid,
                            int64_t compromised_ms, struct err *e)
{
    struct key_row row;
    struct arena *a = arena_create(WORK_ARENA_BYTES);
    struct query *q = db_query(db, SQL_signing_key_of_kid);
    query_text(q, kid);
    bool ok = read_row(q, a, &row, e) &&
              (row.key.use != KEY_USE_root ||
               FAIL(e, FORBIDDEN, "kid", "根钥匙泄露须重建整张公钥表。"));
    if (ok) {
        row.key.state = KEY_COMPROMISED;
        row.key.compromised_ms = compromised_ms;
        ok = change_row(s, db, a, row.key, e);
    }
    arena_destroy(a);
    return ok;
}
