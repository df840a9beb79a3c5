/* web/sit_journal.c - POST /api/sit/{id}/journal: read, check, queue on an event thread; answered
 * by the writer's thread once it is on disk. The hot path of the whole system. */
#include "web/sit_journal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "sitting/writer.h"
#include "web/handlers.h"
#include "web/http.h"

static _Atomic(struct journal_writer *) writer; /* set at start, before requests come */

static const char journal_type[] = "application/vnd.heng.journal";

void sit_journal_use(struct journal_writer *w)
{
    atomic_store(&writer, w);
}

static void set_headers(struct exchange *x)
{
    exchange_set_header(x, "Cache-Control", "no-store");
    exchange_set_header(x, "X-Content-Type-Options", "nosniff");
}

static void refuse(struct exchange *x, const struct err *e)
{
    struct json_out *o = json_out_create(exchange_arena(x));
    out_object(o);
    put_object(o, "error");
    put_text(o, "code", err_name(e->code));
    put_text(o, "field", e->field);
    put_text(o, "text", e->text);
    out_object_end(o);
    out_object_end(o);
    set_headers(x);
    if (e->code == ERR_TOO_MANY)
        exchange_set_header(x, "Retry-After", e->field);
    const char *text = json_out_text(o);
    exchange_answer(x, err_http_status(e->code), "application/json",
                    (struct bytes){(const unsigned char *)text, json_out_len(o)});
}

static void finish(struct exchange *x, int status, const char *text, size_t len)
{
    exchange_finish(x, status, "application/json",
                    (struct bytes){(const unsigned char *)text, len});
}

static void answered(struct save_job *job, const struct save_answer *answer)
{
    struct exchange *x = job->ctx;
    char text[640], hash[2 * HASH_BYTES + 1], batch[17];
    int n;
    if (answer->result == SAVE_GAP) {
        n = snprintf(
            text, sizeof text,
            "{\"error\":{\"code\":\"conflict\",\"field\":\"/seq\",\"text\":\"前面还有没有"
            "收到的条目。\"},\"expect\":%u}",
            answer->expect);
        finish(x, 409, text, (size_t)n);
        return;
    }
    hex_write(hash, answer->hash, HASH_BYTES);
    hex_write(batch, answer->batch.hash, 8);
    n = snprintf(
        text, sizeof text,
        "{\"epoch\":%u,\"seq\":%u,\"hash\":\"%s\",\"branch\":\"%s\",\"server_ms\":%lld,"
        "\"batch\":%lld,\"batch_hash\":\"%s\",\"ledger\":",
        answer->epoch, answer->seq, hash, answer->branch == BRANCH_MAIN ? "main" : "aside",
        (long long)answer->batch.server_ms, (long long)answer->batch.batch, batch);
    size_t ledger = strlen(answer->ledger_json);
    struct arena *a = exchange_arena(x);
    char *whole = ledger + (size_t)n + 2 <= sizeof text
                      ? text
                      : arena_alloc(a, ledger + (size_t)n + 2, 1);
    if (whole != text)
        memcpy(whole, text, (size_t)n);
    memcpy(whole + n, answer->ledger_json, ledger);
    whole[(size_t)n + ledger] = '}';
    finish(x, 200, whole, (size_t)n + ledger + 1);
}

static bool take(struct exchange *x, const struct id *id, struct save_job *job, struct err *e)
{
    struct journal_writer *w = atomic_load(&writer);
    struct arena *a = exchange_arena(x);
    const char *type = exchange_header(x, "Content-Type");
    if (!type || strncmp(type, journal_type, sizeof journal_type - 1) != 0)
        return FAIL(e, MEDIA, "content-type", "内容须为 %s。", journal_type);
    if (!w)
        return FAIL(e, STORE, "journal", "服务正在停止，请稍后再试。");
    if (!journal_save_read(a, exchange_body(x), &job->save, e))
        return false;
    if (!id_equal(job->save.entries[0].attempt, *id))
        return FAIL(e, INVALID, "/body/0/attempt", "条目不属于地址所指的作答。");
    if (!journal_check_save(w, a, job, e))
        return false;
    /* From here on the writer may answer at any moment: the connection must sleep before. */
    set_headers(x);
    exchange_defer(x);
    if (journal_save(w, job, e))
        return true;
    char text[512];
    int n = snprintf(text, sizeof text,
                     "{\"error\":{\"code\":\"%s\",\"field\":\"\",\"text\":\"%s\"}}",
                     err_name(e->code), e->text);
    if (e->code == ERR_TOO_MANY)
        exchange_set_header(x, "Retry-After", e->field);
    finish(x, err_http_status(e->code), text, (size_t)n);
    return true;
}

void sit_journal_post(struct exchange *x, const struct id *id)
{
    struct err e = {0};
    struct save_job *job = arena_new(exchange_arena(x), struct save_job);
    job->source = SOURCE_NET;
    job->received_ms = clock_now_ms();
    job->done = answered;
    job->ctx = x;
    if (!take(x, id, job, &e))
        refuse(x, &e);
}
