/* sitting/fold_store.c - an attempt's journal from the database, and its answers. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/fold.h"
#include "sitting/ledger.h"
#include "sitting/writer.h"
#include "store/db.h"

static const int64_t FAR_FUTURE_MS = 4102444800000; /* 2100: by then every deadline is past */

bool entry_signature_is_true(struct arena *a, const struct journal_entry *entry,
                             const unsigned char pub[DEVICE_PUBLIC_BYTES])
{
    struct err e = {0};
    struct bytes signature, rest;
    json_t *v = json_read(a, entry->payload.at, entry->payload.len, &e);
    const char *text = v ? json_member_text(v, "sig") : NULL;
    if (!text || !base64url_read(a, text, strlen(text), &signature) || signature.len != 64)
        return false;
    json_t *plain = json_keep(a, json_copy(v));
    json_object_del(plain, "sig");
    if (!jcs_write(a, plain, &rest, &e))
        return false;
    unsigned char message[4 + ENTRY_HEAD_BYTES - 4 + HASH_BYTES];
    memcpy(message, "HNS1", 4);
    memcpy(message + 4, entry->bytes.at + 4, ENTRY_HEAD_BYTES - 4);
    hash_of(message + ENTRY_HEAD_BYTES, rest.at, rest.len);
    return device_signature_is_true(pub, signature.at, message, sizeof message);
}

static bool head_load(struct db *db, struct arena *a, struct attempt_record *r,
                      int64_t *minutes, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_get);
    query_id(q, r->attempt);
    if (!query_one(q, "attempt", e))
        return false;
    r->session = query_get_id(q, 0);
    r->room = query_get_id(q, 1);
    r->entry = query_get_id(q, 2);
    const char *state = query_get_text(q, 3, a);
    r->state = ATTEMPT_CLOSED;
    for (int i = 0; i < ATTEMPT_STATES; i++)
        if (strcmp(state, attempt_state_name((enum attempt_state)i)) == 0)
            r->state = (enum attempt_state)i;
    r->epoch = (uint32_t)query_get_int(q, 4);
    r->last_row = query_get_int(q, 5);
    r->ended_ms = query_get_int(q, 6);
    r->end_reason = query_get_text(q, 7, a);
    r->seal_code = query_get_text(q, 8, a);
    r->paper = query_get_id(q, 9);
    struct bytes digest = query_get_bytes(q, 11, a);
    if (digest.len == HASH_BYTES)
        memcpy(r->paper_digest, digest.at, HASH_BYTES);
    r->body = query_get_id(q, 12);
    *minutes = query_get_int(q, 13);
    query_done(q);
    return true;
}

static bool row_read(const struct query *q, struct arena *a, struct journal_row *row,
                     struct err *e)
{
    size_t used;
    row->id = query_get_int(q, 0);
    row->branch = query_get_int(q, 2) == 0 ? BRANCH_MAIN : BRANCH_ASIDE;
    row->source = query_get_int(q, 3);
    row->received_ms = query_get_int(q, 4);
    row->batch = query_get_int(q, 5);
    struct bytes bytes = query_get_bytes(q, 6, a), hash = query_get_bytes(q, 7, a);
    if (!journal_entry_read(bytes, &row->entry, &used, e))
        return false;
    hash_of(row->entry.hash, bytes.at, bytes.len);
    return (hash.len == HASH_BYTES && memcmp(hash.at, row->entry.hash, HASH_BYTES) == 0) ||
           FAIL(e, STORE, "journal_entry", "日志条目与它的摘要不符。");
}

/* The oldest first. Each row names the one before it: that none is missing is looked at here. */
static bool rows_load(struct db *db, struct arena *a, struct attempt_record *r, struct err *e)
{
    size_t room = 0;
    int64_t before = 0, newest = 0;
    struct query *q = db_query(db, SQL_journal_entry_chain);
    query_id(q, r->session);
    query_int(q, r->last_row);
    while (query_next(q, e)) {
        if (r->row_count == room) {
            room = room ? room * 2 : 256;
            r->rows = arena_grow(a, r->rows, r->row_count, room, sizeof *r->rows);
        }
        bool linked = query_get_int(q, 1) == before;
        newest = before = query_get_int(q, 0);
        if (!linked)
            FAIL(e, STORE, "journal_entry", "日志缺了第 %lld 条之前的条目。",
                 (long long)newest);
        if (!linked || !row_read(q, a, &r->rows[r->row_count++], e)) {
            query_done(q);
            return false;
        }
    }
    return e->code == ERR_NONE &&
           (newest == r->last_row || FAIL(e, STORE, "journal_entry", "日志缺了最新的一条。"));
}

static bool epochs_load(struct db *db, struct arena *a, struct attempt_record *r, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_epoch_list);
    query_id(q, r->session);
    query_id(q, r->attempt);
    while (query_next(q, e)) {
        r->epochs = arena_grow(a, r->epochs, r->epoch_count, r->epoch_count + 1,
                               sizeof *r->epochs);
        struct attempt_epoch *one = &r->epochs[r->epoch_count++];
        struct bytes pub = query_get_bytes(q, 1, a);
        if (pub.len == sizeof one->pub)
            memcpy(one->pub, pub.at, pub.len);
        one->weak = query_get_int(q, 2) != 0;
        one->at_ms = query_get_int(q, 5);
    }
    return e->code == ERR_NONE;
}

static bool decisions_load(struct db *db, struct arena *a, struct attempt_record *r,
                           struct err *e)
{
    struct query *q = db_query(db, SQL_aside_decision_list);
    query_id(q, r->session);
    query_id(q, r->attempt);
    while (query_next(q, e)) {
        r->decisions = arena_grow(a, r->decisions, r->decision_count, r->decision_count + 1,
                                  sizeof *r->decisions);
        r->decisions[r->decision_count++] = (struct aside_decision){
            (uint32_t)query_get_int(q, 0), (uint32_t)query_get_int(q, 1)};
    }
    return e->code == ERR_NONE;
}

static bool deadline_load(struct db *db, struct arena *a, struct attempt_record *r,
                          int64_t minutes, struct err *e)
{
    struct ledger_row *rows;
    size_t count;
    struct ledger_who who = {r->session, r->room, r->attempt};
    size_t kept = 0;
    if (!ledger_of_session(db, a, r->session, &rows, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!ledger_is_copy(&rows[i]))
            rows[kept++] = rows[i];
    count = kept;
    r->deadline_ms = ledger_clock(rows, count, &who, minutes, FAR_FUTURE_MS).deadline_ms;
    return true;
}

static void seal_judge(struct arena *a, struct attempt_record *r)
{
    for (size_t i = 0; i < r->row_count; i++)
        if (r->rows[i].branch == BRANCH_MAIN && r->rows[i].entry.kind == ENTRY_SEAL)
            r->seal = &r->rows[i];
    if (!r->seal)
        return;
    const struct journal_entry *entry = &r->seal->entry;
    char code[SEAL_CODE_BYTES];
    seal_code_write(code, entry->hash);
    r->seal_code_matches = r->seal_code && strcmp(code, r->seal_code) == 0;
    r->seal_signed = entry->epoch <= r->epoch_count && !r->epochs[entry->epoch - 1].weak &&
                     entry_signature_is_true(a, entry, r->epochs[entry->epoch - 1].pub);
}

bool attempt_record_load(struct db *db, struct arena *a, struct id attempt, int64_t last_row,
                         struct attempt_record *out, struct err *e)
{
    int64_t minutes;
    *out = (struct attempt_record){.attempt = attempt};
    if (!head_load(db, a, out, &minutes, e))
        return false;
    if (last_row)
        out->last_row = last_row;
    if (!rows_load(db, a, out, e) || !epochs_load(db, a, out, e) ||
        !decisions_load(db, a, out, e) || !deadline_load(db, a, out, minutes, e))
        return false;
    seal_judge(a, out);
    return true;
}

void attempt_record_fold(struct arena *a, const struct attempt_record *r,
                         struct attempt_answers *out)
{
    int64_t *opened = arena_array(a, int64_t, r->epoch_count + 1);
    for (size_t i = 0; i < r->epoch_count; i++)
        opened[i] = r->epochs[i].at_ms;
    struct fold_input in = {.rows = r->rows,
                            .count = r->row_count,
                            .decisions = r->decisions,
                            .decision_count = r->decision_count,
                            .opened_ms = opened,
                            .epoch_count = r->epoch_count,
                            .deadline_ms = r->deadline_ms,
                            .vouched = r->seal_code_matches || r->seal_signed};
    out->state = r->state;
    fold(a, &in, out);
}

bool attempt_answers(struct db *db, struct arena *a, struct id attempt,
                     struct attempt_answers *out, struct err *e)
{
    struct attempt_record r;
    if (!attempt_record_load(db, a, attempt, 0, &r, e))
        return false;
    if (r.state == ATTEMPT_OPEN || (r.state == ATTEMPT_ADMITTED && r.epoch > 0))
        return FAIL(e, CONFLICT, "/state", "考生尚未交卷，不能评分。");
    attempt_record_fold(a, &r, out);
    return true;
}
