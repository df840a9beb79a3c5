/* store/audit_row.c - the bytes of an audit row, and rows of other instances. */
#include "store/audit_row.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

static void add_be64(struct hash_state *h, int64_t v)
{
    unsigned char bytes[8];
    be64_put(bytes, (uint64_t)v);
    hash_add(h, bytes, sizeof bytes);
}

static void add_be16(struct hash_state *h, int64_t v)
{
    unsigned char bytes[2];
    be16_put(bytes, (uint16_t)v);
    hash_add(h, bytes, sizeof bytes);
}

void audit_row_hash(const struct stored_row *r, const unsigned char before[HASH_BYTES],
                    unsigned char out[HASH_BYTES])
{
    struct hash_state h;
    unsigned char n[4];
    hash_begin(&h);
    hash_add(&h, "HNA1", 4);
    add_be64(&h, r->chain);
    add_be64(&h, r->seq);
    add_be64(&h, r->at_ms);
    hash_add(&h, r->actor.bytes, ID_BYTES);
    hash_add(&h, r->second.bytes, ID_BYTES);
    add_be16(&h, r->role);
    add_be16(&h, r->act);
    hash_add(&h, r->object_type, 2);
    hash_add(&h, r->object.bytes, ID_BYTES);
    hash_add(&h, r->request.bytes, ID_BYTES);
    hash_add(&h, r->address, ADDRESS_HASH_BYTES);
    be32_put(n, (uint32_t)r->change.len);
    hash_add(&h, n, sizeof n);
    hash_add(&h, r->change.at, r->change.len);
    hash_add(&h, before, HASH_BYTES);
    hash_end(&h, out);
}

void audit_first_head(struct id owner, unsigned char out[HASH_BYTES])
{
    hash_of(out, owner.bytes, ID_BYTES);
}

/* --- rows of other instances ----------------------------------------------------------------------- */
enum { MEMBERS = 14 };

static bool copy_id(const json_t *v, const char *name, struct id *out)
{
    const json_t *m = json_object_get(v, name);
    *out = (struct id){{0}};
    return json_is_null(m) ||
           (json_is_string(m) && id_read(json_string_value(m), out) && !id_is_zero(*out));
}

static bool copy_int(const json_t *v, const char *name, int64_t *out)
{
    const json_t *m = json_object_get(v, name);
    *out = json_integer_value(m);
    return json_is_integer(m);
}

static bool copy_bytes(struct arena *a, const json_t *v, const char *name, unsigned char *out,
                       size_t len)
{
    struct bytes b;
    const char *text = json_member_text(v, name);
    if (!text || !base64url_read(a, text, strlen(text), &b) || b.len != len)
        return false;
    memcpy(out, b.at, len);
    return true;
}

static bool copy_numbers(const json_t *v, struct stored_row *r)
{
    return copy_int(v, "chain", &r->chain) && copy_int(v, "seq", &r->seq) &&
           copy_int(v, "at_ms", &r->at_ms) && copy_int(v, "role", &r->role) &&
           copy_int(v, "act", &r->act) && r->chain >= 1 && r->seq >= 1 &&
           r->role >= INT16_MIN && r->role <= INT16_MAX && r->act >= 0 && r->act <= UINT16_MAX;
}

bool audit_copy_read(struct arena *a, const json_t *v, struct audit_copy *out)
{
    *out = (struct audit_copy){0};
    struct stored_row *r = &out->row;
    const char *change = json_member_text(v, "change");
    r->object_type = json_member_text(v, "object_type");
    if (json_object_size(v) != MEMBERS || !copy_numbers(v, r) || !change || !r->object_type ||
        strlen(r->object_type) != 2)
        return false;
    r->change = (struct bytes){(const unsigned char *)change, strlen(change)};
    return copy_id(v, "owner", &out->owner) && copy_id(v, "actor", &r->actor) &&
           copy_id(v, "second", &r->second) && copy_id(v, "object", &r->object) &&
           copy_id(v, "request", &r->request) &&
           copy_bytes(a, v, "address", r->address, ADDRESS_HASH_BYTES) &&
           copy_bytes(a, v, "hash", r->hash, HASH_BYTES);
}

static json_t *id_json(struct id id)
{
    char text[ID_TEXT_BYTES];
    id_write(id, text);
    return id_is_zero(id) ? json_null() : json_string(text);
}

json_t *audit_copy_json(struct arena *a, const struct audit_copy *c)
{
    const struct stored_row *r = &c->row;
    return json_pack(
        "{s:I, s:I, s:o, s:I, s:o, s:o, s:I, s:I, s:s, s:o, s:o, s:s, s:s, s:s}", "chain",
        (json_int_t)r->chain, "seq", (json_int_t)r->seq, "owner", id_json(c->owner), "at_ms",
        (json_int_t)r->at_ms, "actor", id_json(r->actor), "second", id_json(r->second), "role",
        (json_int_t)r->role, "act", (json_int_t)r->act, "object_type", r->object_type, "object",
        id_json(r->object), "request", id_json(r->request), "address",
        base64url_write(a, r->address, ADDRESS_HASH_BYTES), "change",
        (const char *)r->change.at, "hash", base64url_write(a, r->hash, HASH_BYTES));
}

bool audit_copy_follows(const struct audit_copy *c, const unsigned char before[HASH_BYTES])
{
    unsigned char hash[HASH_BYTES];
    audit_row_hash(&c->row, before, hash);
    return memcmp(hash, c->row.hash, HASH_BYTES) == 0;
}
