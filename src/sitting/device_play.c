/* sitting/device_play.c - the candidate's side of the exam protocol. */
#include "sitting/device_play.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

void play_begin(struct play_device *d, struct id attempt)
{
    memset(d, 0, offsetof(struct play_device, bytes));
    d->attempt = attempt;
    d->key = device_key_create(d->pub);
    hash_of(d->pub_hash, d->pub, sizeof d->pub);
}

void play_end(struct play_device *d)
{
    device_key_destroy(d->key);
    d->key = NULL;
}

void play_claim_sign(const struct play_device *d, const unsigned char challenge[32],
                     struct id claim, unsigned char signature[64])
{
    unsigned char message[4 + ID_BYTES + 32 + ID_BYTES + HASH_BYTES];
    memcpy(message, "HNC0", 4);
    memcpy(message + 4, d->attempt.bytes, ID_BYTES);
    memcpy(message + 20, challenge, 32);
    memcpy(message + 52, claim.bytes, ID_BYTES);
    memcpy(message + 68, d->pub_hash, HASH_BYTES);
    device_sign(d->key, signature, message, sizeof message);
}

void play_claimed(struct play_device *d, uint32_t epoch,
                  const unsigned char save_key[KEY_BYTES],
                  const unsigned char paper_digest[HASH_BYTES],
                  const unsigned char main_head[HASH_BYTES])
{
    d->epoch = epoch;
    d->seq = 0;
    d->len = 0;
    memcpy(d->save_key, save_key, KEY_BYTES);
    journal_first_before(d->head, d->attempt, epoch, paper_digest, d->pub_hash, main_head);
}

static void write_entry(struct play_device *d, enum entry_kind kind, uint16_t item,
                        struct bytes payload)
{
    struct journal_entry entry = {.attempt = d->attempt,
                                  .epoch = d->epoch,
                                  .seq = ++d->seq,
                                  .kind = (uint8_t)kind,
                                  .suite = 1,
                                  .item = item,
                                  .client_ms = d->client_ms,
                                  .mono_ms = d->mono_ms,
                                  .ledger_no = d->ledger_no,
                                  .payload = payload};
    assert(d->len + ENTRY_HEAD_BYTES + payload.len <= PLAY_BYTES_MAX);
    memcpy(entry.before, d->head, HASH_BYTES);
    size_t len = journal_entry_write(&entry, d->bytes + d->len);
    hash_of(d->head, d->bytes + d->len, len);
    d->len += len;
}

void play_write(struct play_device *d, enum entry_kind kind, uint16_t item, const char *payload)
{
    write_entry(d, kind, item, (struct bytes){(const unsigned char *)payload, strlen(payload)});
}

void play_write_signed(struct play_device *d, struct arena *a, enum entry_kind kind,
                       const char *plain)
{
    enum { SIG_TEXT = 86 };
    struct err e = {0};
    struct bytes rest, with;
    unsigned char message[ENTRY_HEAD_BYTES + HASH_BYTES], signature[64];
    unsigned char head[ENTRY_HEAD_BYTES];
    json_t *v = json_read(a, plain, strlen(plain), &e);
    bool ok = v && jcs_write(a, v, &rest, &e);
    json_t *signed_v = json_keep(a, json_copy(v));
    char filler[SIG_TEXT + 1];
    memset(filler, 'A', SIG_TEXT);
    filler[SIG_TEXT] = '\0';
    json_object_set_new(signed_v, "sig", json_string(filler));
    ok = ok && jcs_write(a, signed_v, &with, &e);
    assert(ok);

    struct journal_entry entry = {.attempt = d->attempt,
                                  .epoch = d->epoch,
                                  .seq = d->seq + 1,
                                  .kind = (uint8_t)kind,
                                  .suite = 1,
                                  .client_ms = d->client_ms,
                                  .mono_ms = d->mono_ms,
                                  .ledger_no = d->ledger_no,
                                  .payload = with};
    memcpy(entry.before, d->head, HASH_BYTES);
    unsigned char *whole = arena_alloc(a, ENTRY_HEAD_BYTES + with.len, 1);
    journal_entry_write(&entry, whole);
    memcpy(head, whole, ENTRY_HEAD_BYTES);
    memcpy(message, "HNS1", 4);
    memcpy(message + 4, head + 4, ENTRY_HEAD_BYTES - 4);
    hash_of(message + ENTRY_HEAD_BYTES, rest.at, rest.len);
    device_sign(d->key, signature, message, sizeof message);
    json_object_set_new(signed_v, "sig", json_string(base64url_write(a, signature, 64)));
    ok = jcs_write(a, signed_v, &with, &e);
    assert(ok);
    (void)ok;
    write_entry(d, kind, 0, with);
}

struct bytes play_body(const struct play_device *d, struct arena *a)
{
    struct journal_save save;
    struct err e = {0};
    unsigned char *body = arena_alloc(a, d->len + TAG_BYTES, 1);
    memcpy(body, d->bytes, d->len);
    bool ok = journal_save_read(a, (struct bytes){body, d->len + TAG_BYTES}, &save, &e);
    assert(ok);
    (void)ok;
    journal_save_tag(body + d->len, d->save_key, &save);
    return (struct bytes){body, d->len + TAG_BYTES};
}

void play_acknowledged(struct play_device *d)
{
    d->len = 0;
}

struct bytes play_file(const struct play_device *d, struct arena *a)
{
    struct bytes body = play_body(d, a);
    size_t head = 4 + ID_BYTES + 4 + GCM_NONCE_BYTES;
    unsigned char *file = arena_alloc(a, head + body.len + GCM_TAG_BYTES, 1);
    memcpy(file, "HNE1", 4);
    memcpy(file + 4, d->attempt.bytes, ID_BYTES);
    be32_put(file + 20, d->epoch);
    random_bytes(file + 24, GCM_NONCE_BYTES);
    gcm_seal(file + head, d->file_key, file + 24, file, head, body.at, body.len);
    return (struct bytes){file, head + body.len + GCM_TAG_BYTES};
}

const char *play_authorization(const struct play_device *d, struct arena *a, const char *method,
                               const char *path, struct bytes body)
{
    unsigned char digest[HASH_BYTES], mac[TAG_BYTES];
    char attempt[ID_TEXT_BYTES];
    struct tag_state t;
    hash_of(digest, body.at, body.len);
    tag_begin(&t, d->save_key);
    tag_add(&t, "HNG1", 4);
    tag_add(&t, method, strlen(method) + 1);
    tag_add(&t, path, strlen(path) + 1);
    tag_add(&t, digest, sizeof digest);
    tag_end(&t, mac);
    id_write(d->attempt, attempt);
    return arena_printf(a, "Heng %s.%u.%s", attempt, d->epoch,
                        base64url_write(a, mac, sizeof mac));
}
