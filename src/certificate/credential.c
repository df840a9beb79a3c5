/* certificate/credential.c - makes and checks the credential. */
#include "certificate/credential.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/data_proof.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/signed_json.h"

void credential_holder_digest(struct bytes salt, const char *number, char letter,
                              const char *document_number, unsigned char out[HASH_BYTES])
{
    struct hash_state h;
    hash_begin(&h);
    hash_add(&h, "heng/holder/2", sizeof "heng/holder/2");
    hash_add(&h, salt.at, salt.len);
    hash_add(&h, number, strlen(number));
    hash_add(&h, &letter, 1);
    hash_add(&h, document_number, strlen(document_number));
    hash_end(&h, out);
}

static json_t *hex_text(struct arena *a, const unsigned char *bytes, size_t len)
{
    char *text = arena_alloc(a, 2 * len + 1, 1);
    hex_write(text, bytes, len);
    return json_string(text);
}

static void put(json_t *o, const char *key, json_t *value)
{
    json_object_set_new(o, key, value);
}

static void put_text(json_t *o, const char *key, const char *text)
{
    json_object_set_new(o, key, json_string(text));
}

/* urn:uuid of the certificate's own id. */
static json_t *urn(struct arena *a, struct id id)
{
    char t[ID_TEXT_BYTES];
    id_write(id, t);
    return json_string(arena_printf(a, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", t, t + 8, t + 12,
                                    t + 16, t + 20));
}

static json_t *subject(struct arena *a, const struct certificate *c, const struct programme *p,
                       char letter, const unsigned char holder_digest[HASH_BYTES])
{
    json_t *s = json_object();
    put(s, "certificate", json_incref(face_json(a, &c->face)));
    put_text(s, "number", c->number);
    put(s, "holder",
        json_pack("{s:s%, s:o}", "documentType", &letter, (size_t)1, "digest",
                  hex_text(a, holder_digest, HASH_BYTES)));
    put(s, "programme",
        json_pack("{s:s, s:i, s:s}", "id", p->id, "no", (int)p->no, "digest", p->digest));
    put(s, "level", json_integer(c->level));
    if (*c->direction)
        put_text(s, "direction", c->direction);
    if (!id_is_zero(c->photo))
        put(s, "photo", hex_text(a, c->photo_digest, HASH_BYTES));
    put(s, "result", hex_text(a, c->result_digest, HASH_BYTES));
    put_text(s, "printSerial", c->print_serial);
    if (c->specimen)
        put(s, "specimen", json_true());
    return s;
}

json_t *credential_make(struct arena *a, const struct certificate *c, const struct programme *p,
                        char document_letter, const unsigned char holder_digest[HASH_BYTES],
                        const char *public_url)
{
    json_t *v = json_keep(a, json_object());
    char at[INSTANT_TEXT_BYTES];
    const char *list = arena_printf(a, "%s/status/%lld", public_url, (long long)c->status_list);
    instant_write(c->issued_ms, at);
    put(v, "@context",
        json_pack("[s,s]", "https://www.w3.org/ns/credentials/v2",
                  "https://www.w3.org/ns/credentials/undefined-terms/v2"));
    put(v, "id", urn(a, c->id));
    put(v, "type", json_pack("[s,s]", "VerifiableCredential", "HengCertificate"));
    put(v, "issuer",
        json_pack("{s:s, s:s}", "id", public_url, "name", c->face.value[FACE_issuer]));
    put_text(v, "validFrom", at);
    if (c->valid_to != DATE_NONE) {
        instant_write(instant_of(c->valid_to + 1, 0, CHINA_OFFSET_MS), at);
        put_text(v, "validUntil", at);
    }
    put(v, "credentialSubject", subject(a, c, p, document_letter, holder_digest));
    put(v, "credentialStatus",
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "id",
                  arena_printf(a, "%s#%lld", list, (long long)c->status_index), "type",
                  "BitstringStatusListEntry", "statusPurpose", "revocation", "statusListIndex",
                  arena_printf(a, "%lld", (long long)c->status_index), "statusListCredential",
                  list));
    return v;
}

static const char *member(const json_t *o, const char *name)
{
    const char *text = json_member_text(o, name);
    return text ? text : "";
}

static bool has_type(const json_t *v, const char *want)
{
    const json_t *types = json_object_get(v, "type");
    for (size_t i = 0; i < json_array_size(types); i++) {
        const char *one = json_string_value(json_array_get(types, i));
        if (one && strcmp(one, want) == 0)
            return true;
    }
    return false;
}

/* Digits at the end of the list's address, or of an index. */
static int64_t trailing_number(const char *text)
{
    const char *slash = strrchr(text, '/');
    int64_t n = 0;
    int digits = 0;
    for (const char *c = slash ? slash + 1 : text; *c; c++, digits++) {
        if (*c < '0' || *c > '9' || digits == 15)
            return -1;
        n = n * 10 + (*c - '0');
    }
    return digits ? n : -1;
}

bool credential_peek(struct arena *a, const json_t *v, struct credential_read *out,
                     struct err *e)
{
    const json_t *s = json_object_get(v, "credentialSubject");
    const json_t *status = json_object_get(v, "credentialStatus");
    *out = (struct credential_read){
        .kid = data_proof_kid(v),
        .number = member(s, "number"),
        .issuer = member(json_object_get(v, "issuer"), "name"),
        .issued = member(v, "validFrom"),
        .holder_digest = member(json_object_get(s, "holder"), "digest"),
        .document_letter = member(json_object_get(s, "holder"), "documentType"),
        .photo_digest = member(s, "photo"),
        .programme = member(json_object_get(s, "programme"), "id"),
        .programme_digest = member(json_object_get(s, "programme"), "digest"),
        .result_digest = member(s, "result"),
        .status_list = trailing_number(member(status, "statusListCredential")),
        .status_index = trailing_number(member(status, "statusListIndex")),
    };
    return face_read(a, json_object_get(s, "certificate"), &out->face, e);
}

bool credential_verify(struct arena *a, const struct key_table *t, const json_t *v,
                       struct credential_read *out, struct err *e)
{
    if (!has_type(v, "HengCertificate"))
        return FAIL(e, INVALID, "/credential", "这不是本系统的证书签名数据。");
    struct err shape = {0};
    if (!credential_peek(a, v, out, &shape))
        return FAIL(e, INVALID, "/credential", "证书签名数据残缺。");
    const struct public_key *k = key_table_find(t, out->kid);
    if (!k || k->use != KEY_USE_credential)
        return FAIL(e, INVALID, "/credential", "公钥表中没有签这张证书的钥匙。");
    if (!data_proof_is_true(a, v, k->pub))
        return FAIL(e, INVALID, "/credential", "签名不成立：内容被改动，或不是这把钥匙所签。");
    out->compromised_ms = k->state == KEY_COMPROMISED ? k->compromised_ms : 0;
    return true;
}

json_t *credential_bundle(struct arena *a, const json_t *credential,
                          const char *document_number, struct bytes salt)
{
    return json_keep(a, json_pack("{s:O, s:{s:s, s:o}}", "credential", credential, "disclosed",
                                  "document_number", document_number, "salt",
                                  hex_text(a, salt.at, salt.len)));
}
