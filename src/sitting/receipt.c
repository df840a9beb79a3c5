/* sitting/receipt.c - receipts of sealed journals: made, kept, verified. */
#include "sitting/receipt.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/batch.h"
#include "sitting/fold.h"
#include "sitting/seal_code.h"
#include "store/db.h"
#include "store/signer.h"

enum { RECORD_ARENA_BYTES = 256 << 20 }; /* the longest journal, many times over */

static json_t *hex_value(const unsigned char *bytes, size_t len)
{
    char text[2 * HASH_BYTES + 1];
    hex_write(text, bytes, len);
    return json_string(text);
}

static json_t *id_value(struct id id)
{
    return hex_value(id.bytes, ID_BYTES);
}

static bool batch_hash(struct db *db, struct arena *a, const struct journal_row *row,
                       struct bytes *out, struct err *e)
{
    struct query *q = db_query(db, SQL_journal_batch_get);
    query_int(q, chain_of_row(row->id));
    query_int(q, row->batch);
    if (!query_one(q, "journal_batch", e))
        return false;
    *out = query_get_bytes(q, 1, a);
    query_done(q);
    return out->len == HASH_BYTES || FAIL(e, STORE, "journal_batch", "批次记录的摘要不对。");
}

static bool compose(struct db *db, struct arena *a, const struct receipt_order *o,
                    const struct attempt_record *r, json_t **out, struct err *e)
{
    struct attempt_answers answers;
    struct bytes batch;
    char code[SEAL_CODE_BYTES];
    const struct journal_entry *seal = &r->seal->entry;
    if (!batch_hash(db, a, r->seal, &batch, e))
        return false;
    attempt_record_fold(a, r, &answers);
    seal_code_write(code, seal->hash);
    json_t *v = json_keep(a, json_object());
    json_object_set_new(v, "attempt", id_value(r->attempt));
    json_object_set_new(v, "session", id_value(r->session));
    json_object_set_new(v, "paper_sha256", hex_value(r->paper_digest, HASH_BYTES));
    json_object_set_new(v, "epoch", json_integer(seal->epoch));
    json_object_set_new(v, "seq", json_integer(seal->seq));
    json_object_set_new(v, "head", hex_value(seal->hash, HASH_BYTES));
    json_object_set_new(v, "entries", json_integer((json_int_t)answers.entries));
    json_object_set_new(v, "answered", json_integer((json_int_t)answers.answered));
    json_object_set_new(v, "sealed_at", json_integer(r->seal->received_ms));
    json_object_set_new(v, "seal_code", json_string(code));
    json_object_set_new(v, "batch", json_integer(r->seal->batch));
    json_object_set_new(v, "batch_hash", hex_value(batch.at, HASH_BYTES));
    json_object_set_new(v, "server_ms", json_integer(o->now_ms));
    struct sign_order order = {.use = KEY_USE_room, .type = "receipt", .now_ms = o->now_ms};
    *out = v;
    return signer_sign_json(o->signer, db, a, &order, v, e);
}

static bool put(struct db *db, const struct receipt_keep *k, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_receipt_put);
    query_id(q, k->session);
    query_id(q, k->attempt);
    query_bytes(q, k->head);
    query_text(q, (const char *)k->text.at);
    query_int(q, k->now_ms);
    return query_run(q, e);
}

/* FOUND: one that was made for this head; not where the attempt went on after extra time. */
static bool look(struct db *db, struct arena *a, struct receipt_keep *k, bool *found,
                 struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_receipt_get);
    query_id(q, k->session);
    query_id(q, k->attempt);
    if (!query_maybe(q, found, e))
        return false;
    if (!*found)
        return true;
    struct bytes head = query_get_bytes(q, 0, a);
    const char *text = query_get_text(q, 1, a);
    query_done(q);
    *found = bytes_equal(head, k->head);
    if (*found)
        k->text = (struct bytes){(const unsigned char *)text, strlen(text)};
    return true;
}

/* RECORD is a whole journal: it lives in an arena of its own, the receipt in KEEP's. */
static bool make(struct db *db, struct arena *a, struct arena *record,
                 const struct receipt_order *o, struct receipt_keep *keep, struct err *e)
{
    struct attempt_record r;
    bool found;
    json_t *made;
    struct bytes text;
    if (!attempt_record_load(db, record, o->attempt, 0, &r, e))
        return false;
    if (r.state != ATTEMPT_SEALED || !r.seal)
        return FAIL(e, CONFLICT, "/state", "还没有收到交卷，不能出具回执。");
    *keep = (struct receipt_keep){
        .session = r.session,
        .attempt = o->attempt,
        .head = {arena_copy(a, r.seal->entry.hash, HASH_BYTES), HASH_BYTES},
        .now_ms = o->now_ms};
    if (!look(db, a, keep, &found, e))
        return false;
    keep->needed = !found;
    if (found)
        return true;
    if (!compose(db, record, o, &r, &made, e) || !jcs_write(record, made, &text, e))
        return false;
    keep->text = (struct bytes){arena_copy(a, text.at, text.len), text.len};
    return true;
}

/* A thousand of these wait for the disk at the same moment: none holds its journal meanwhile. */
bool receipt_make(struct db *db, struct arena *a, const struct receipt_order *o,
                  struct receipt_keep *keep, struct err *e)
{
    struct arena *record = arena_create(RECORD_ARENA_BYTES);
    bool ok = make(db, a, record, o, keep, e);
    arena_destroy(record);
    return ok;
}

static bool check(struct shared_job *job, struct err *e)
{
    (void)job;
    (void)e;
    return true;
}

static bool work(struct db *db, struct shared_job *job, struct err *e)
{
    return put(db, job->ctx, e);
}

static void done(struct shared_job *job)
{
    (void)job;
}

static void answered(struct shared_job *job)
{
    struct receipt_keep *k = job->ctx;
    k->answered(k->ctx);
}

bool receipt_keep_later(struct journal_writer *w, struct receipt_keep *keep, struct err *e)
{
    keep->job = (struct shared_job){
        .check = check, .work = work, .done = done, .answered = answered, .ctx = keep};
    return journal_share_later(w, &keep->job, e);
}

bool receipt_kept(struct db *db, struct arena *a, struct receipt_keep *keep, struct bytes *text,
                  struct err *e)
{
    bool found;
    if (!keep->job.ok) {
        *e = keep->job.err;
        return false;
    }
    if (!look(db, a, keep, &found, e))
        return false;
    *text = keep->text;
    return found || FAIL(e, CONFLICT, "/state", "作答在此期间又继续了，请重新交卷。");
}

static bool keep_now(struct db *db, void *ctx, struct err *e)
{
    return put(db, ctx, e);
}

bool receipt_get(struct db *db, struct arena *a, const struct receipt_order *o, json_t **out,
                 struct err *e)
{
    struct receipt_keep k;
    bool found;
    if (!receipt_make(db, a, o, &k, e) || (k.needed && !db_transact(db, keep_now, &k, e)) ||
        !look(db, a, &k, &found, e))
        return false;
    *out = json_read(a, k.text.at, k.text.len, e);
    return *out != NULL;
}

bool receipt_by_code(struct db *db, struct arena *a, const char *code, json_t **out,
                     struct err *e)
{
    unsigned char from[HASH_BYTES] = {0}, to[HASH_BYTES];
    bool found;
    *out = NULL;
    if (!seal_code_read(code, from))
        return FAIL(e, INVALID, "/code", "封存码是 16 位字母和数字，四位一组。");
    memset(to, 0xFF, sizeof to);
    memcpy(to, from, SEAL_CODE_HEAD_BYTES);
    struct query *q = db_query(db, SQL_attempt_receipt_by_head);
    query_bytes(q, (struct bytes){from, sizeof from});
    query_bytes(q, (struct bytes){to, sizeof to});
    if (!query_maybe(q, &found, e))
        return false;
    if (!found)
        return true;
    const char *text = query_get_text(q, 0, a);
    query_done(q);
    *out = json_read(a, text, strlen(text), e);
    return *out != NULL;
}

bool receipt_is_followed(struct db *db, struct arena *a, const json_t *receipt, bool *followed,
                         struct err *e)
{
    unsigned char head[HASH_BYTES];
    struct id session, attempt;
    const char *session_text = json_member_text(receipt, "session");
    const char *attempt_text = json_member_text(receipt, "attempt");
    const char *head_text = json_member_text(receipt, "head");
    bool found;
    *followed = false;
    if (!session_text || !id_read(session_text, &session) || !attempt_text ||
        !id_read(attempt_text, &attempt) || !head_text ||
        !hex_read(head, sizeof head, head_text))
        return FAIL(e, INVALID, "", "不是回执。");
    struct query *q = db_query(db, SQL_attempt_receipt_get);
    query_id(q, session);
    query_id(q, attempt);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    struct bytes newest = query_get_bytes(q, 0, a);
    query_done(q);
    *followed = newest.len != HASH_BYTES || memcmp(newest.at, head, HASH_BYTES) != 0;
    return true;
}

static bool is_hex(const json_t *receipt, const char *name, unsigned char *out, size_t len,
                   struct err *e)
{
    char field[32];
    const char *text = json_member_text(receipt, name);
    snprintf(field, sizeof field, "/%s", name);
    return (text && strlen(text) == 2 * len && hex_read(out, len, text)) ||
           FAIL(e, INVALID, field, "回执中的这一项读不出来。");
}

bool receipt_verify(struct arena *a, const struct key_table *keys, const json_t *receipt,
                    struct err *e)
{
    static const char *const numbers[] = {"epoch", "seq",       "entries",   "answered",
                                          "batch", "sealed_at", "server_ms", "at"};
    unsigned char bytes[HASH_BYTES], head[HASH_BYTES];
    char code[SEAL_CODE_BYTES];
    if (!json_is_object(receipt) || !is_hex(receipt, "attempt", bytes, ID_BYTES, e) ||
        !is_hex(receipt, "session", bytes, ID_BYTES, e) ||
        !is_hex(receipt, "paper_sha256", bytes, HASH_BYTES, e) ||
        !is_hex(receipt, "batch_hash", bytes, HASH_BYTES, e) ||
        !is_hex(receipt, "head", head, HASH_BYTES, e))
        return e->code != ERR_NONE ? false : FAIL(e, INVALID, "", "不是回执。");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!json_is_integer(json_object_get(receipt, numbers[i])))
            return FAIL(e, INVALID, "", "回执缺少 %s。", numbers[i]);
    const char *noted = json_member_text(receipt, "seal_code");
    seal_code_write(code, head);
    if (!noted || strcmp(noted, code) != 0)
        return FAIL(e, INVALID, "/seal_code", "封卷码与日志头不符。");
    return signed_json_verify(a, keys, KEY_USE_room, "receipt", receipt, e);
}
