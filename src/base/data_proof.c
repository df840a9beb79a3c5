/* base/data_proof.c - eddsa-jcs-2022 and base58. */
#include "base/data_proof.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"

static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
enum { BASE58_BYTES_MAX = 256 };

char *base58_write(struct arena *a, const unsigned char *in, size_t len)
{
    size_t room = len * 138 / 100 + 2, used = 0, zeros = 0;
    unsigned char *number = arena_alloc(a, room, 1); /* base 58, least digit first */
    while (zeros < len && in[zeros] == 0)
        zeros++;
    for (size_t i = zeros; i < len; i++) {
        unsigned carry = in[i];
        for (size_t k = 0; k < used || carry > 0; k++) {
            carry += 256u * number[k];
            number[k] = (unsigned char)(carry % 58);
            carry /= 58;
            if (k >= used)
                used = k + 1;
        }
    }
    char *out = arena_alloc(a, zeros + used + 1, 1);
    memset(out, digits[0], zeros);
    for (size_t k = 0; k < used; k++)
        out[zeros + k] = digits[number[used - 1 - k]];
    return out;
}

bool base58_read(struct arena *a, const char *text, struct bytes *out)
{
    size_t len = strlen(text), used = 0, zeros = 0;
    if (len > BASE58_BYTES_MAX)
        return false;
    unsigned char *number = arena_alloc(a, len + 1, 1); /* base 256, least byte first */
    while (text[zeros] == digits[0])
        zeros++;
    for (const char *c = text + zeros; *c; c++) {
        const char *at = strchr(digits, *c);
        if (!at)
            return false;
        unsigned carry = (unsigned)(at - digits);
        for (size_t k = 0; k < used || carry > 0; k++) {
            carry += 58u * number[k];
            number[k] = (unsigned char)(carry & 255);
            carry >>= 8;
            if (k >= used)
                used = k + 1;
        }
    }
    unsigned char *bytes = arena_alloc(a, zeros + used + 1, 1);
    for (size_t k = 0; k < used; k++)
        bytes[zeros + k] = number[used - 1 - k];
    *out = (struct bytes){bytes, zeros + used};
    return true;
}

bool data_proof_hash(struct arena *a, const json_t *document, const json_t *options,
                     unsigned char hash[DATA_PROOF_HASH_BYTES], struct err *e)
{
    struct bytes text;
    json_t *config = json_keep(a, json_copy((json_t *)(uintptr_t)options));
    json_t *bare = json_keep(a, json_copy((json_t *)(uintptr_t)document));
    json_t *context = json_object_get(document, "@context");
    json_object_del(config, "proofValue");
    json_object_del(bare, "proof");
    if (context)
        json_object_set(config, "@context", context);
    if (!jcs_write(a, config, &text, e))
        return false;
    hash_of(hash, text.at, text.len);
    if (!jcs_write(a, bare, &text, e))
        return false;
    hash_of(hash + HASH_BYTES, text.at, text.len);
    return true;
}

void data_proof_put(struct arena *a, json_t *document, const json_t *options,
                    const unsigned char signature[SIGNATURE_BYTES])
{
    json_t *proof = json_copy((json_t *)(uintptr_t)options);
    json_t *context = json_object_get(document, "@context");
    if (context)
        json_object_set(proof, "@context", context);
    json_object_set_new(
        proof, "proofValue",
        json_string(arena_printf(a, "z%s", base58_write(a, signature, SIGNATURE_BYTES))));
    json_object_set_new(document, "proof", proof);
}

static bool member_is(const json_t *object, const char *name, const char *want)
{
    const char *text = json_member_text(object, name);
    return text && strcmp(text, want) == 0;
}

bool data_proof_is_true(struct arena *a, const json_t *secured,
                        const unsigned char pub[SIGN_PUBLIC_BYTES])
{
    struct err e = {0};
    struct bytes signature;
    unsigned char hash[DATA_PROOF_HASH_BYTES];
    const json_t *proof = json_object_get(secured, "proof");
    const char *value = json_member_text(proof, "proofValue");
    const json_t *context = json_object_get(proof, "@context");
    if (!value || value[0] != 'z' || !member_is(proof, "type", "DataIntegrityProof") ||
        !member_is(proof, "cryptosuite", "eddsa-jcs-2022"))
        return false;
    if (context && !json_equal(context, json_object_get(secured, "@context")))
        return false;
    return base58_read(a, value + 1, &signature) && signature.len == SIGNATURE_BYTES &&
           data_proof_hash(a, secured, proof, hash, &e) &&
           signature_is_true(signature.at, hash, sizeof hash, pub);
}

const char *data_proof_kid(const json_t *secured)
{
    const char *method = json_member_text(json_object_get(secured, "proof"),
                                          "verificationMethod");
    const char *sharp = method ? strrchr(method, '#') : NULL;
    return sharp ? sharp + 1 : NULL;
}
