/* paper/manifest.c - writes, signs and checks the manifest of a room. */
#include "paper/manifest.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "programme/programme.h"

static const char TYPE[] = "heng/manifest/1\n";

static json_t *hex(struct arena *a, const unsigned char *bytes, size_t len)
{
    char *text = arena_array(a, char, 2 * len + 1);
    hex_write(text, bytes, len);
    return json_string(text);
}

static json_t *papers(struct arena *a, const struct manifest *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->paper_count; i++) {
        const struct paper_row *p = &m->papers[i];
        json_array_append_new(
            list, json_pack("{s:I, s:o, s:o, s:I, s:o, s:o}", "i", (json_int_t)p->index, "id",
                            hex(a, p->id.bytes, ID_BYTES), "form",
                            hex(a, p->form.bytes, ID_BYTES), "bytes", (json_int_t)p->bytes,
                            "sha256", hex(a, p->sha256, HASH_BYTES), "attempt",
                            id_is_zero(p->attempt) ? json_null()
                                                   : hex(a, p->attempt.bytes, ID_BYTES)));
    }
    return list;
}

static json_t *objects(struct arena *a, const struct manifest *m, int64_t *bytes)
{
    json_t *list = json_array();
    *bytes = 0;
    for (size_t i = 0; i < m->object_count; i++) {
        const struct paper_object *x = &m->objects[i];
        *bytes += x->bytes;
        json_array_append_new(
            list,
            json_pack("{s:I, s:o, s:o, s:I, s:o}", "i", (json_int_t)x->index, "id",
                      hex(a, x->id.bytes, ID_BYTES), "form", hex(a, x->form.bytes, ID_BYTES),
                      "bytes", (json_int_t)x->bytes, "sha256", hex(a, x->sha256, HASH_BYTES)));
    }
    return list;
}

static json_t *text64(struct arena *a, const unsigned char *bytes, size_t len)
{
    return json_string(base64url_write(a, bytes, len));
}

static json_t *node_list(struct arena *a, const struct manifest *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->node_count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:o}", "kid", m->nodes[i].kid, "x25519",
                                        text64(a, m->nodes[i].box_public, BOX_PUBLIC_BYTES)));
    return list;
}

static json_t *slot_object(struct arena *a, const struct room_slots *s)
{
    json_t *shares = json_array();
    for (size_t i = 0; i < s->share_count; i++)
        json_array_append_new(shares,
                              json_pack("{s:s, s:o}", "kid", s->shares[i].kid, "node_share",
                                        text64(a, s->shares[i].box, NODE_BOX_BYTES)));
    return json_pack("{s:{s:o, s:o, s:o, s:I, s:I}, s:{s:o}}", "phone", "salt",
                     text64(a, s->phone.salt, sizeof s->phone.salt), "nonce",
                     text64(a, s->phone.nonce, sizeof s->phone.nonce), "ct",
                     text64(a, s->phone.sealed, sizeof s->phone.sealed), "mem_mib",
                     (json_int_t)s->phone.cost.mem_mib, "passes",
                     (json_int_t)s->phone.cost.passes, "envelope", "shares", shares);
}

static void put_node_parts(struct arena *a, const struct manifest *m, json_t *o)
{
    unsigned char digest[HASH_BYTES];
    json_object_set_new(o, "nodes", node_list(a, m));
    if (m->node_count == 0)
        return;
    hash_of(digest, m->roster.at, m->roster.len);
    json_object_set_new(o, "roster",
                        json_pack("{s:I, s:o}", "bytes", (json_int_t)m->roster.len, "sha256",
                                  hex(a, digest, sizeof digest)));
    json_object_set_new(o, "slots", slot_object(a, m->slots));
}

static json_t *unsigned_object(struct arena *a, const struct manifest *m, const char *kid)
{
    int64_t bytes;
    json_t *o = json_keep(
        a,
        json_pack("{s:s, s:i, s:s, s:s, s:I, s:i, s:o, s:I, s:I, s:I, s:I}", "type", "manifest",
                  "v", 1, "kid", kid, "alg", "Ed25519", "at", (json_int_t)m->now_ms, "suite", 1,
                  "session", hex(a, m->session.bytes, ID_BYTES), "room", (json_int_t)m->room,
                  "revision", (json_int_t)m->revision, "open_at", (json_int_t)m->open_at_ms,
                  "close_at", (json_int_t)m->close_at_ms));
    json_object_set_new(o, "prev_manifest",
                        m->previous ? json_string(m->previous) : json_null());
    json_object_set_new(
        o, "programme",
        json_pack("{s:s, s:s}", "id", m->programme->id, "sha256", m->programme->digest));
    json_object_set_new(o, "room_key_commit", hex(a, m->room_key_commit, HASH_BYTES));
    json_object_set_new(o, "answer_key_commit", hex(a, m->answer_key_commit, HASH_BYTES));
    json_object_set_new(o, "papers", papers(a, m));
    json_object_set_new(o, "objects", objects(a, m, &bytes));
    json_object_set_new(o, "media_bytes", json_integer(bytes));
    put_node_parts(a, m, o);
    return o;
}

static bool signed_bytes(struct arena *a, const json_t *object, struct bytes *out,
                         struct err *e)
{
    struct bytes text;
    size_t type = sizeof TYPE - 1;
    if (!jcs_write(a, object, &text, e))
        return false;
    unsigned char *bytes = arena_array(a, unsigned char, type + text.len);
    memcpy(bytes, TYPE, type);
    memcpy(bytes + type, text.at, text.len);
    *out = (struct bytes){bytes, type + text.len};
    return true;
}

bool manifest_sign(struct arena *a, const struct manifest *m,
                   const struct release_signer *signer, struct bytes *out, struct err *e)
{
    unsigned char signature[SIGNATURE_BYTES];
    struct bytes message;
    json_t *o = unsigned_object(a, m, signer->kid);
    if (!signed_bytes(a, o, &message, e) || !signer->sign(signer->ctx, message, signature, e))
        return false;
    json_object_set_new(o, "sig", json_string(base64url_write(a, signature, sizeof signature)));
    return jcs_write(a, o, out, e);
}

bool paper_manifest_check(struct arena *a, struct bytes manifest,
                          const unsigned char release_public[SIGN_PUBLIC_BYTES],
                          struct json_t **out, struct err *e)
{
    struct err why = {0};
    struct bytes message, signature, again;
    json_t *o = json_read(a, manifest.at, manifest.len, &why);
    const char *sig = json_member_text(o, "sig"), *type = json_member_text(o, "type");
    if (!o || !type || strcmp(type, "manifest") != 0)
        return FAIL(e, INVALID, "/manifest", "不是试卷清单。");
    if (!jcs_write(a, o, &again, &why) || !bytes_equal(again, manifest))
        return FAIL(e, INVALID, "/manifest", "试卷清单不是规范写法。");
    if (!sig || !base64url_read(a, sig, strlen(sig), &signature) ||
        signature.len != SIGNATURE_BYTES)
        return FAIL(e, INVALID, "/manifest/sig", "试卷清单没有签名。");
    json_t *bare = json_keep(a, json_copy(o));
    json_object_del(bare, "sig");
    if (!signed_bytes(a, bare, &message, e))
        return false;
    if (!signature_is_true(signature.at, message.at, message.len, release_public))
        return FAIL(e, INVALID, "/manifest/sig", "试卷清单的签名不对：清单被改动过。");
    *out = o;
    return true;
}
