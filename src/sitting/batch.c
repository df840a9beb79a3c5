/* sitting/batch.c - batch records: made, chained, stored, read back. */
#include "sitting/batch.h"

#include <string.h>

#include "base/arena.h"
#include "store/db.h"

int64_t chain_of_row(int64_t row)
{
    return row < ROW_SPACE ? BATCH_CHAIN : row / ROW_SPACE;
}

int64_t first_row_of_chain(int64_t chain)
{
    return chain <= BATCH_CHAIN ? 1 : chain * ROW_SPACE + 1;
}

void batch_lines_begin(struct batch_lines *b, struct arena *a)
{
    *b = (struct batch_lines){.arena = a, .room = 64};
    b->bytes = arena_alloc(a, BATCH_HEAD_BYTES + b->room * BATCH_LINE_BYTES, 1);
}

void batch_lines_add(struct batch_lines *b, const struct batch_line *line)
{
    if (b->count == b->room) {
        size_t used = BATCH_HEAD_BYTES + b->count * BATCH_LINE_BYTES;
        b->room *= 4;
        b->bytes = arena_grow(b->arena, b->bytes, used,
                              BATCH_HEAD_BYTES + b->room * BATCH_LINE_BYTES, 1);
    }
    unsigned char *p = b->bytes + BATCH_HEAD_BYTES + b->count++ * BATCH_LINE_BYTES;
    memcpy(p, line->subject.bytes, ID_BYTES);
    be32_put(p + 16, line->epoch);
    be32_put(p + 20, line->seq);
    p[24] = line->branch;
    p[25] = line->source;
    p[26] = p[27] = 0;
    memcpy(p + 28, line->hash, HASH_BYTES);
}

bool batch_record_put(struct db *db, struct batch_lines *b, const struct batch_head *before,
                      struct batch_time at, struct batch_head *next, struct err *e)
{
    size_t len = BATCH_HEAD_BYTES + b->count * BATCH_LINE_BYTES;
    next->batch = before->batch + 1;
    next->server_ms = at.utc_ms;
    memcpy(b->bytes, "HNB1", 4);
    int64_t chain = b->chain ? b->chain : BATCH_CHAIN;
    be32_put(b->bytes + 4, (uint32_t)chain);
    be64_put(b->bytes + 8, (uint64_t)next->batch);
    be64_put(b->bytes + 16, (uint64_t)at.utc_ms);
    be64_put(b->bytes + 24, (uint64_t)at.boot_ms);
    memcpy(b->bytes + 32, before->hash, HASH_BYTES);
    be32_put(b->bytes + 64, (uint32_t)b->count);
    hash_of(next->hash, b->bytes, len);

    struct query *q = db_query(db, SQL_journal_batch_put);
    query_int(q, chain);
    query_int(q, next->batch);
    query_bytes(q, (struct bytes){b->bytes, len});
    query_bytes(q, (struct bytes){next->hash, HASH_BYTES});
    return query_run(q, e);
}

bool batch_record_read(struct bytes in, struct batch_record *out)
{
    if (in.len < BATCH_HEAD_BYTES || memcmp(in.at, "HNB1", 4) != 0)
        return false;
    out->chain = be32_get(in.at + 4);
    out->batch = (int64_t)be64_get(in.at + 8);
    out->utc_ms = (int64_t)be64_get(in.at + 16);
    out->boot_ms = (int64_t)be64_get(in.at + 24);
    memcpy(out->before, in.at + 32, HASH_BYTES);
    out->count = be32_get(in.at + 64);
    out->lines = in.at + BATCH_HEAD_BYTES;
    return in.len - BATCH_HEAD_BYTES == out->count * BATCH_LINE_BYTES;
}

struct batch_line batch_line_at(const struct batch_record *r, size_t i)
{
    const unsigned char *p = r->lines + i * BATCH_LINE_BYTES;
    struct batch_line line = {
        .epoch = be32_get(p + 16), .seq = be32_get(p + 20), .branch = p[24], .source = p[25]};
    memcpy(line.subject.bytes, p, ID_BYTES);
    memcpy(line.hash, p + 28, HASH_BYTES);
    return line;
}

bool batch_head_load(struct db *db, int64_t chain, struct batch_head *out, struct err *e)
{
    struct arena *a = arena_create((size_t)256 << 20);
    struct batch_record r;
    bool found, ok;
    struct query *q = db_query(db, SQL_journal_batch_last);
    *out = (struct batch_head){0};
    query_int(q, chain);
    ok = query_maybe(q, &found, e);
    if (ok && found) {
        struct bytes bytes = query_get_bytes(q, 1, a), hash = query_get_bytes(q, 2, a);
        ok = (batch_record_read(bytes, &r) && hash.len == HASH_BYTES) ||
             FAIL(e, STORE, "journal_batch", "最后一个批次记录读不出来。");
        if (ok) {
            out->batch = r.batch;
            out->server_ms = r.utc_ms;
            memcpy(out->hash, hash.at, HASH_BYTES);
        }
        query_done(q);
    }
    arena_destroy(a);
    return ok;
}
