/* web/anchor.c - anchors of the audit chains: for anybody to keep, and for the audit administrator to read. */
#include "store/anchor.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "store/db.h"
#include "store/signer.h"
#include "web/app.h"
#include "web/handlers.h"
#include "web/people_of.h"

enum { ANCHORS_PER_PAGE = 100 };

/* Today's heads, for anybody to keep a copy of: the newest anchor, or with ?from=N those behind number N,
 * oldest first. No names, no acts: numbers of rows and hashes. */
bool anchors_get(struct request *rq, struct reply *rp, struct err *e)
{
    int64_t number, at_ms;
    struct anchor_text *lines;
    size_t n;
    if (!address_allowed(rq, RATE_anchors, e) || !anchor_last(rq->db, &number, &at_ms, e) ||
        !anchor_list(rq->db, rq->arena, request_query_int(rq, "from", number - 1),
                     ANCHORS_PER_PAGE, &lines, &n, e))
        return false;
    char *text = arena_text(rq->arena, "");
    size_t used = 0, room = 1;
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(lines[i].line);
        text = arena_grow(rq->arena, text, room, room + len + 1, 1);
        memcpy(text + used, lines[i].line, len);
        text[used + len] = '\n';
        used += len + 1;
        room += len + 1;
    }
    reply_bytes(rp, 200, "application/x-ndjson", (struct bytes){(unsigned char *)text, used});
    return true;
}

static const char *moment_name(enum anchor_moment m)
{
    return m == ANCHOR_START ? "start" : m == ANCHOR_STOP ? "stop" : "running";
}

static void put_hash(struct request *rq, struct json_out *o, const char *name,
                     const unsigned char hash[HASH_BYTES])
{
    char *hex = arena_array(rq->arena, char, 2 * HASH_BYTES + 1);
    hex_write(hex, hash, HASH_BYTES);
    put_text(o, name, hex);
}

static bool put_anchor(struct request *rq, struct json_out *o, const char *line, struct err *e)
{
    struct anchor x;
    if (!anchor_read(rq->arena, (struct bytes){(const unsigned char *)line, strlen(line)}, &x,
                     e))
        return false;
    out_object(o);
    put_int(o, "number", x.number);
    put_int(o, "at_ms", x.at_ms);
    put_text(o, "moment", moment_name(x.moment));
    put_int(o, "rows", x.rows);
    put_int(o, "chains", (int64_t)x.head_count);
    put_hash(rq, o, "hash", x.hash);
    put_hash(rq, o, "before", x.before);
    put_text(o, "kid", json_member_text(x.object, "kid"));
    out_object_end(o);
    return true;
}

/* Newest first, with where copies go. Numbers have no gaps, so that a page is found by number. */
bool audit_anchors_get(struct request *rq, struct reply *rp, struct err *e)
{
    int64_t number, at_ms;
    struct anchor_text *lines = NULL;
    size_t n = 0;
    struct page page = request_page(rq);
    if (!anchor_last(rq->db, &number, &at_ms, e))
        return false;
    int64_t until = number - page.offset, first = until - page.limit;
    if (until > 0 && !anchor_list(rq->db, rq->arena, first > 0 ? first : 0,
                                  first > 0 ? page.limit : until, &lines, &n, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_array(o, "anchors");
    while (n > 0)
        if (!put_anchor(rq, o, lines[--n].line, e))
            return false;
    out_array_end(o);
    put_int(o, "total", number);
    put_text(o, "address", "/.well-known/heng-anchors.jsonl");
    put_text(o, "file", rq->app->anchor_file);
    put_text(o, "copy", rq->app->anchor_copy);
    put_int(o, "server_ms", rq->now_ms);
    return true;
}

enum { ANCHORS_AT_ONCE = 200, ANCHORS_CHECKED = 7 * 24 * 60 }; /* a week of them */

static bool check_from(struct request *rq, struct anchor_check *c, int64_t after, struct err *e)
{
    size_t n;
    do {
        struct arena *a = arena_create(ANCHOR_LINE_BYTES * 4);
        struct anchor_text *lines;
        bool ok = anchor_list(rq->db, a, after, ANCHORS_AT_ONCE, &lines, &n, e);
        for (size_t i = 0; ok && i < n; i++) {
            struct bytes line = {(const unsigned char *)lines[i].line, strlen(lines[i].line)};
            ok = anchor_check_line(c, line, e);
            after = lines[i].number;
        }
        arena_destroy(a);
        if (!ok)
            return false;
    } while (n == ANCHORS_AT_ONCE);
    return true;
}

/* The anchors of the last week that stand here, held against the rows: their signatures, that each follows
 * the one before, and that the rows they name are there. Copies elsewhere are held against the rows by
 * `heng audit verify --anchors`: who can change all of a database can change these, too. */
bool audit_anchors_verify_get(struct request *rq, struct reply *rp, struct err *e)
{
    struct key_table keys;
    struct anchor_report r;
    int64_t number, at_ms;
    if (!anchor_last(rq->db, &number, &at_ms, e) ||
        !signer_key_table(rq->db, rq->arena, &keys, e))
        return false;
    struct anchor_check *c = anchor_check_begin(rq->db, rq->arena, &keys);
    int64_t after = number > ANCHORS_CHECKED ? number - ANCHORS_CHECKED : 0;
    anchor_check_file(c);
    if (!check_from(rq, c, after, e) || !anchor_check_end(c, &r, e))
        return false;
    struct json_out *o = reply_json(rp);
    put_int(o, "anchors", r.anchors);
    put_int(o, "from", after + 1);
    put_int(o, "until", number);
    put_int(o, "heads", r.heads);
    put_int(o, "silences", r.silences);
    put_int(o, "first_ms", r.first_ms);
    put_int(o, "last_ms", r.last_ms);
    put_int(o, "unreadable", r.unreadable);
    put_array(o, "broken");
    for (size_t i = 0; i < r.break_count; i++) {
        const struct anchor_break *b = &r.breaks[i];
        out_object(o);
        put_text(o, "what", b->what);
        put_int(o, "chain", b->chain);
        put_int(o, "from", b->from);
        put_int(o, "until", b->until);
        out_object_end(o);
    }
    out_array_end(o);
    return true;
}
