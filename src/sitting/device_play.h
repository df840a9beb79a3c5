/* sitting/device_play.h - plays the candidate's device, for tests, the demonstration and the load
 * generator: writes entries, saves, seals and signatures as doc/exam-protocol.md says. */
#ifndef SITTING_DEVICE_PLAY_H
#define SITTING_DEVICE_PLAY_H

#include "base/bytes.h"
#include "base/crypto.h"
#include "sitting/journal_entry.h"

struct arena;

enum { PLAY_BYTES_MAX = 64 << 10 };

struct play_device {
    struct device_key *key;
    unsigned char pub[DEVICE_PUBLIC_BYTES], pub_hash[HASH_BYTES];
    struct id attempt;
    uint32_t epoch, seq, ledger_no;
    unsigned char save_key[KEY_BYTES], file_key[KEY_BYTES];
    unsigned char head[HASH_BYTES]; /* hash of the newest entry, or what the first builds on */
    int64_t client_ms, mono_ms;     /* advance them between entries */
    size_t len;                     /* of what is pending */
    unsigned char
        bytes[PLAY_BYTES_MAX]; /* entries not yet acknowledged; last: beginning touches
                                            none of it, so thousands of devices take little */
};

void play_begin(struct play_device *d, struct id attempt);
void play_end(struct play_device *d);
/* Signature of a claim. */
void play_claim_sign(const struct play_device *d, const unsigned char challenge[32],
                     struct id claim, unsigned char signature[64]);
/* What the claim answered. */
void play_claimed(struct play_device *d, uint32_t epoch,
                  const unsigned char save_key[KEY_BYTES],
                  const unsigned char paper_digest[HASH_BYTES],
                  const unsigned char main_head[HASH_BYTES]);
void play_write(struct play_device *d, enum entry_kind kind, uint16_t item,
                const char *payload);
/* A checkpoint or seal: PLAIN is its payload without "sig", which must sort behind all keys but
 * may be missing others. */
void play_write_signed(struct play_device *d, struct arena *a, enum entry_kind kind,
                       const char *plain);
/* The save body of what is pending; it stays pending until play_acknowledged. */
struct bytes play_body(const struct play_device *d, struct arena *a);
void play_acknowledged(struct play_device *d);
/* The emergency file of what is pending. */
struct bytes play_file(const struct play_device *d, struct arena *a);
/* mac of `Authorization: Heng attempt.epoch.mac`, the whole header value. */
const char *play_authorization(const struct play_device *d, struct arena *a, const char *method,
                               const char *path, struct bytes body);

#endif
