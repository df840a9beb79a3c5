/* sitting/ledger.c - what the rows of the time ledger make of an attempt's clock. */
#include "sitting/ledger.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/json_out.h"

enum { MINUTE_MS = 60000, SCOPES = SCOPE_ATTEMPT + 1 };

bool ledger_concerns(const struct ledger_row *r, const struct ledger_who *who)
{
    struct id want = r->scope == SCOPE_SESSION ? who->session
                     : r->scope == SCOPE_ROOM  ? who->room
                                               : who->attempt;
    return id_equal(r->scope_id, want);
}

/* Whether any scope is paused at T: of each the last pause or resume up to then counts. */
static bool paused_at(const struct ledger_row *rows, size_t count, const struct ledger_who *who,
                      int64_t t)
{
    bool paused[SCOPES] = {false};
    for (size_t i = 0; i < count; i++) {
        const struct ledger_row *r = &rows[i];
        if ((r->kind == LEDGER_PAUSE || r->kind == LEDGER_RESUME) && r->at_ms <= t &&
            ledger_concerns(r, who))
            paused[r->scope] = r->kind == LEDGER_PAUSE;
    }
    return paused[SCOPE_SESSION] || paused[SCOPE_ROOM] || paused[SCOPE_ATTEMPT];
}

/* The first pause or resume after T that is not after UNTIL; UNTIL if there is none. */
static int64_t next_turn(const struct ledger_row *rows, size_t count,
                         const struct ledger_who *who, int64_t t, int64_t until)
{
    int64_t next = until;
    for (size_t i = 0; i < count; i++) {
        const struct ledger_row *r = &rows[i];
        if ((r->kind == LEDGER_PAUSE || r->kind == LEDGER_RESUME) && r->at_ms > t &&
            r->at_ms < next && ledger_concerns(r, who))
            next = r->at_ms;
    }
    return next;
}

static int64_t paused_between(const struct ledger_row *rows, size_t count,
                              const struct ledger_who *who, int64_t from, int64_t until)
{
    int64_t sum = 0;
    for (int64_t t = from; t < until;) {
        int64_t next = next_turn(rows, count, who, t, until);
        if (paused_at(rows, count, who, t))
            sum += next - t;
        t = next;
    }
    return sum;
}

struct exam_clock ledger_clock(const struct ledger_row *rows, size_t count,
                               const struct ledger_who *who, int64_t minutes, int64_t now_ms)
{
    struct exam_clock c = {.allowed_ms = minutes * MINUTE_MS};
    enum ledger_scope narrowest = SCOPE_SESSION;
    const struct ledger_row *put_off = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct ledger_row *r = &rows[i];
        if (!ledger_concerns(r, who))
            continue;
        if (r->kind == LEDGER_START && (!c.has_start || r->scope >= narrowest)) {
            c.has_start = true;
            c.started_ms = r->at_ms;
            narrowest = r->scope;
        }
        if (r->kind == LEDGER_PUT_OFF)
            put_off = r;
        if (r->kind == LEDGER_EXTEND)
            c.allowed_ms += r->minutes * MINUTE_MS;
        if (r->kind == LEDGER_CLOSE)
            c.closed = true;
    }
    /* One that came after the room had begun changes nothing there. */
    if (put_off && put_off->at_ms > c.started_ms && put_off->server_ms < c.started_ms)
        c.started_ms = put_off->at_ms;
    c.started = c.has_start && c.started_ms <= now_ms;
    c.remaining_ms = c.allowed_ms;
    if (!c.started)
        return c;

    c.paused = paused_at(rows, count, who, now_ms);
    c.paused_ms = paused_between(rows, count, who, c.started_ms, now_ms);
    int64_t used = now_ms - c.started_ms - c.paused_ms;
    c.remaining_ms = used >= c.allowed_ms ? 0 : c.allowed_ms - used;
    if (c.paused)
        return c;
    /* Once the time is up, a later pause no longer moves the end. */
    c.deadline_ms = now_ms + c.remaining_ms;
    if (c.remaining_ms == 0) {
        int64_t end = c.started_ms + c.allowed_ms;
        for (int64_t paused = 0, before = -1; paused != before;) {
            before = paused;
            paused = paused_between(rows, count, who, c.started_ms,
                                    c.started_ms + c.allowed_ms + before);
            end = c.started_ms + c.allowed_ms + paused;
        }
        c.deadline_ms = end;
    }
    return c;
}

int64_t ledger_earliest(const struct ledger_row *rows, size_t count, int64_t printed_ms)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].kind == LEDGER_PUT_OFF)
            printed_ms = rows[i].at_ms;
    return printed_ms;
}

static bool may_turn(const struct ledger_row *rows, size_t count, const struct ledger_row *row,
                     struct err *e)
{
    bool paused = false;
    for (size_t i = 0; i < count; i++)
        if ((rows[i].kind == LEDGER_PAUSE || rows[i].kind == LEDGER_RESUME) &&
            rows[i].scope == row->scope && id_equal(rows[i].scope_id, row->scope_id))
            paused = rows[i].kind == LEDGER_PAUSE;
    if (row->kind == LEDGER_PAUSE && paused)
        return FAIL(e, CONFLICT, "/kind", "已经暂停，不能再次暂停。");
    if (row->kind == LEDGER_RESUME && !paused)
        return FAIL(e, CONFLICT, "/kind", "没有暂停，无需恢复。");
    return true;
}

static bool may_start(const struct ledger_row *rows, size_t count, const struct ledger_row *row,
                      int64_t now_ms, struct err *e)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].kind == LEDGER_START && rows[i].scope == row->scope &&
            id_equal(rows[i].scope_id, row->scope_id) && rows[i].at_ms <= now_ms)
            return FAIL(e, CONFLICT, "/kind", "考试已经开始，不能再次开始。");
    return true;
}

static bool may_put_off(const struct ledger_row *rows, size_t count,
                        const struct ledger_row *row, int64_t now_ms, struct err *e)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].kind == LEDGER_START && rows[i].at_ms <= now_ms)
            return FAIL(e, CONFLICT, "/at_ms", "已有考场开考，开考时间不能再改。");
    return (row->scope == SCOPE_SESSION && row->at_ms > now_ms) ||
           FAIL(e, INVALID, "/at_ms", "开考时间不能早于现在。");
}

bool ledger_may_add(const struct ledger_row *rows, size_t count, const struct ledger_row *row,
                    int64_t now_ms, struct err *e)
{
    if (row->kind != LEDGER_START && (!row->reason || row->reason[0] == '\0'))
        return FAIL(e, INVALID, "/reason", "请写明原因。");
    if (row->kind == LEDGER_EXTEND && (row->minutes < 1 || row->minutes > EXTEND_MINUTES_MAX))
        return FAIL(e, INVALID, "/minutes", "补时须为 1 至 %d 分钟。", EXTEND_MINUTES_MAX);
    if (row->kind == LEDGER_START)
        return may_start(rows, count, row, now_ms, e);
    if (row->kind == LEDGER_PUT_OFF)
        return may_put_off(rows, count, row, now_ms, e);
    return may_turn(rows, count, row, e);
}

const char *ledger_kind_name(enum ledger_kind k)
{
    static const char *const names[] = {"",       "start", "pause",  "resume",
                                        "extend", "close", "put_off"};
    return names[k];
}

const char *ledger_scope_name(enum ledger_scope s)
{
    static const char *const names[] = {"", "session", "room", "attempt"};
    return names[s];
}

void ledger_row_out(struct json_out *o, const struct ledger_row *r)
{
    out_object(o);
    put_int(o, "no", r->no);
    put_text(o, "kind", ledger_kind_name(r->kind));
    put_text(o, "scope", ledger_scope_name(r->scope));
    put_int(o, "at_ms", r->at_ms);
    if (r->kind == LEDGER_EXTEND)
        put_int(o, "minutes", r->minutes);
    put_text(o, "reason", r->reason);
    put_int(o, "server_ms", r->server_ms);
    out_object_end(o);
}

void exam_clock_out(struct json_out *o, const char *key, const struct exam_clock *c)
{
    put_object(o, key);
    out_key(o, "started_ms");
    if (c->has_start)
        out_int(o, c->started_ms);
    else
        out_null(o);
    put_int(o, "allowed_ms", c->allowed_ms);
    put_bool(o, "paused", c->paused);
    put_bool(o, "closed", c->closed);
    put_int(o, "remaining_ms", c->remaining_ms);
    out_key(o, "deadline_ms");
    if (c->deadline_ms)
        out_int(o, c->deadline_ms);
    else
        out_null(o);
    out_object_end(o);
}

static void add_be64(struct hash_state *h, int64_t v)
{
    unsigned char bytes[8];
    be64_put(bytes, (uint64_t)v);
    hash_add(h, bytes, sizeof bytes);
}

void ledger_row_hash(unsigned char out[32], struct id session, const struct ledger_row *r)
{
    struct hash_state h;
    unsigned char reason[HASH_BYTES];
    hash_of(reason, r->reason ? r->reason : "", r->reason ? strlen(r->reason) : 0);
    hash_begin(&h);
    hash_add(&h, "heng/ledger/1", 14); /* with its zero */
    hash_add(&h, session.bytes, ID_BYTES);
    add_be64(&h, r->no);
    add_be64(&h, (int64_t)r->kind);
    add_be64(&h, (int64_t)r->scope);
    hash_add(&h, r->scope_id.bytes, ID_BYTES);
    add_be64(&h, r->at_ms);
    add_be64(&h, r->minutes);
    add_be64(&h, r->server_ms);
    hash_add(&h, r->actor.bytes, ID_BYTES);
    hash_add(&h, r->second.bytes, ID_BYTES);
    hash_add(&h, reason, HASH_BYTES);
    hash_end(&h, out);
}
