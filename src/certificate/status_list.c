/* certificate/status_list.c - places in the list, the list itself, and reading one. */
#include "certificate/status_list.h"

#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "base/crypto.h"
#include "base/data_proof.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

enum { FULL_ENTRIES = STATUS_ENTRIES / 2, TRIES = 64, ZIPPED_BYTES_MAX = STATUS_BYTES + 1024 };
enum { HOUR_MS = 3600000, GZIP_WINDOW_BITS = 15 + 16 };

static bool is_taken(struct db *db, int64_t list, int64_t index, bool *taken, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_status_taken);
    query_int(q, list);
    query_int(q, index);
    if (!query_maybe(q, taken, e))
        return false;
    if (*taken)
        query_done(q);
    return true;
}

/* A list is left at half full, so that a free place is found in a few tries. */
bool status_index_take(struct db *db, struct certificate *c, struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_status_count);
    if (!query_one(q, "status", e))
        return false;
    int64_t used = query_get_int(q, 0), list = query_get_int(q, 1);
    query_done(q);
    c->status_list = used >= FULL_ENTRIES ? list + 1 : list;
    for (int i = 0; i < TRIES; i++) {
        bool taken;
        c->status_index = random_below(STATUS_ENTRIES);
        if (!is_taken(db, c->status_list, c->status_index, &taken, e))
            return false;
        if (!taken)
            return true;
    }
    return FAIL(e, CONFLICT, "status", "状态列表中找不到空位。");
}

static bool zip(struct arena *a, const unsigned char *bits, struct bytes *out, struct err *e)
{
    z_stream z = {0};
    unsigned char *to = arena_alloc(a, ZIPPED_BYTES_MAX, 1);
    if (deflateInit2(&z, 9, Z_DEFLATED, GZIP_WINDOW_BITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return FAIL(e, INTERNAL, "status", "状态列表不能压缩。");
    z.next_in = (unsigned char *)(uintptr_t)bits;
    z.avail_in = STATUS_BYTES;
    z.next_out = to;
    z.avail_out = ZIPPED_BYTES_MAX;
    int end = deflate(&z, Z_FINISH);
    *out = (struct bytes){to, z.total_out};
    deflateEnd(&z);
    return end == Z_STREAM_END || FAIL(e, INTERNAL, "status", "状态列表不能压缩。");
}

static bool unzip(struct bytes in, unsigned char bits[STATUS_BYTES])
{
    z_stream z = {0};
    if (inflateInit2(&z, GZIP_WINDOW_BITS) != Z_OK)
        return false;
    z.next_in = (unsigned char *)(uintptr_t)in.at;
    z.avail_in = (unsigned)in.len;
    z.next_out = bits;
    z.avail_out = STATUS_BYTES;
    int end = inflate(&z, Z_FINISH);
    bool whole = end == Z_STREAM_END && z.total_out == STATUS_BYTES;
    inflateEnd(&z);
    return whole;
}

/* Bit 0 is the highest bit of the first byte. */
static bool read_ended(struct db *db, int64_t list, unsigned char *bits, int64_t *last_ms,
                       struct err *e)
{
    struct query *q = db_query(db, SQL_certificate_status_last);
    query_int(q, list);
    if (!query_one(q, "status", e))
        return false;
    *last_ms = query_get_int(q, 0);
    query_done(q);
    q = db_query(db, SQL_certificate_status_ended);
    query_int(q, list);
    while (query_next(q, e)) {
        int64_t i = query_get_int(q, 0);
        if (i >= 0 && i < STATUS_ENTRIES)
            bits[i / 8] |= (unsigned char)(0x80 >> i % 8);
    }
    return e->code == ERR_NONE;
}

bool status_list_make(const struct certificate_office *o, int64_t list, int64_t now_ms,
                      json_t **out, struct err *e)
{
    struct arena *a = o->arena;
    struct bytes zipped = {0};
    int64_t last_ms;
    char from[INSTANT_TEXT_BYTES], until[INSTANT_TEXT_BYTES];
    unsigned char *bits = arena_alloc(a, STATUS_BYTES, 1);
    if (!read_ended(o->db, list, bits, &last_ms, e) || !zip(a, bits, &zipped, e))
        return false;
    int64_t from_ms = now_ms - now_ms % HOUR_MS;
    if (last_ms > from_ms && last_ms <= now_ms)
        from_ms = last_ms;
    instant_write(from_ms, from);
    instant_write(from_ms + DAY_MS, until);
    const char *id = arena_printf(a, "%s/status/%lld", o->public_url, (long long)list);
    *out = json_keep(
        a, json_pack("{s:[s], s:s, s:[s,s], s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "@context",
                     "https://www.w3.org/ns/credentials/v2", "id", id, "type",
                     "VerifiableCredential", "BitstringStatusListCredential", "issuer",
                     o->public_url, "validFrom", from, "validUntil", until, "credentialSubject",
                     "id", arena_printf(a, "%s#list", id), "type", "BitstringStatusList",
                     "statusPurpose", "revocation", "encodedList",
                     arena_printf(a, "u%s", base64url_write(a, zipped.at, zipped.len))));
    const struct sign_order order = {
        .use = KEY_USE_credential, .type = "status-list", .now_ms = from_ms};
    return signer_prove(o->signer, o->db, a, &order,
                        arena_printf(a, "%s/.well-known/heng-keys.json", o->public_url), *out,
                        e);
}

/* 2026-11-21T09:00:00.000Z, as instant_write makes it. */
static bool instant_read(const char *text, int64_t *out)
{
    char again[INSTANT_TEXT_BYTES], date[DATE_TEXT_BYTES];
    date_days day;
    if (!text || strlen(text) != INSTANT_TEXT_BYTES - 1)
        return false;
    memcpy(date, text, DATE_TEXT_BYTES - 1);
    date[DATE_TEXT_BYTES - 1] = '\0';
    if (!date_read(date, &day))
        return false;
    const char *t = text + DATE_TEXT_BYTES;
    int64_t h = (t[0] - '0') * 10 + t[1] - '0', m = (t[3] - '0') * 10 + t[4] - '0';
    int64_t s = (t[6] - '0') * 10 + t[7] - '0';
    int64_t ms = (t[9] - '0') * 100 + (t[10] - '0') * 10 + t[11] - '0';
    *out = (int64_t)day * DAY_MS + ((h * 60 + m) * 60 + s) * 1000 + ms;
    if (*out < 0)
        return false;
    instant_write(*out, again);
    return strcmp(again, text) == 0;
}

bool status_list_read(struct arena *a, const struct key_table *t, const json_t *v,
                      int64_t index, struct status_answer *out, struct err *e)
{
    struct bytes zipped = {0};
    const struct public_key *k = key_table_find(t, data_proof_kid(v));
    const json_t *s = json_object_get(v, "credentialSubject");
    const char *list = json_member_text(s, "encodedList");
    const char *kind = json_string_value(json_array_get(json_object_get(v, "type"), 1));
    unsigned char *bits = arena_alloc(a, STATUS_BYTES, 1);
    if (!kind || strcmp(kind, "BitstringStatusListCredential") != 0 || !list || list[0] != 'u')
        return FAIL(e, INVALID, "/status", "这不是状态列表。");
    if (!k || k->use != KEY_USE_credential || !data_proof_is_true(a, v, k->pub))
        return FAIL(e, INVALID, "/status", "状态列表的签名不成立。");
    if (!instant_read(json_member_text(v, "validFrom"), &out->as_of_ms) ||
        !base64url_read(a, list + 1, strlen(list) - 1, &zipped) || !unzip(zipped, bits) ||
        index < 0 || index >= STATUS_ENTRIES)
        return FAIL(e, INVALID, "/status", "状态列表残缺。");
    out->ended = bits[index / 8] >> (7 - index % 8) & 1;
    return true;
}
