/* sitting/enter.h - sign-in at the seat: ticket and document, admission, claim by a device key
 * (SECURITY §4, doc/exam-protocol.md §2-3). No password hashing, no disk before the claim. */
#ifndef SITTING_ENTER_H
#define SITTING_ENTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct actor;
struct arena;
struct journal_writer;
struct live_attempt;

/* Wrong ticket, wrong document, wrong seat, not admitted: one code, one field, one sentence. */
bool enter_refused(struct err *e);

struct enter_input {
    const char *ticket, *document;
    const char *seat; /* number of the exam PC's seat; NULL: it does not know */
    int64_t now_ms;
};
struct entered {
    struct live_attempt *attempt;
    unsigned char challenge[32];
    int64_t until_ms;
    bool admitted;
};
bool attempt_enter(struct journal_writer *w, const struct enter_input *in, struct entered *out,
                   struct err *e) MUST_USE;

/* A new challenge for the device that holds the attempt already, hours after sign-in: no document
 * number is kept on an exam PC, the claim's signature proves the device as before. */
struct again_input {
    struct id attempt;
    struct bytes pub;
    int64_t now_ms;
};
bool attempt_enter_again(struct journal_writer *w, const struct again_input *in,
                         struct entered *out, struct err *e) MUST_USE;

struct wait_input {
    struct id attempt;
    struct bytes challenge;
    int64_t now_ms;
};
bool attempt_wait(struct journal_writer *w, const struct wait_input *in, bool *admitted,
                  struct err *e) MUST_USE;

struct claim_input {
    struct id attempt, claim;
    struct bytes pub, signature; /* signature empty in weak mode */
    const char *takeover;        /* NULL: none */
    bool weak;
    const struct actor *actor; /* account zero: the candidate at the seat */
};
struct claimed {
    struct live_attempt *attempt;
    uint32_t epoch;
    bool weak;
    unsigned char save_key[KEY_BYTES], file_key[KEY_BYTES], main_head[HASH_BYTES];
};
bool attempt_claim(struct journal_writer *w, const struct claim_input *in, struct claimed *out,
                   struct err *e) MUST_USE;
/* The same in two halves, so that no thread waits for the disk: BEGIN checks signature and rate and
 * queues; `answered` is called once, from the writer's thread, when the claim is on disk or
 * refused; then END tells how. False from BEGIN: refused at once, `answered` is not called. ORDER
 * and the arena must live until END. */
struct claim_order {
    struct claim_input in;
    void (*answered)(void *ctx);
    void *ctx;
    struct claiming *claiming; /* theirs */
};
bool attempt_claim_begin(struct journal_writer *w, struct arena *a, struct claim_order *order,
                         struct err *e) MUST_USE;
bool attempt_claim_end(struct claim_order *order, struct claimed *out, struct err *e) MUST_USE;

/* `Authorization: Heng attempt.epoch.mac` of a request on ATTEMPT. UNAUTHENTICATED if it is
 * missing, false, or of an epoch that is not the newest. */
struct proof {
    struct id attempt;
    const char *header; /* NULL: none came */
    const char *method, *path;
    struct bytes body;
};
bool attempt_authorise(struct journal_writer *w, struct arena *a, const struct proof *p,
                       struct live_attempt **out, struct err *e) MUST_USE;

/* Opens an emergency file HNE1: the attempt it belongs to and the save body in it. */
bool attempt_file_open(struct journal_writer *w, struct arena *a, struct bytes file,
                       struct live_attempt **attempt, struct bytes *body,
                       struct err *e) MUST_USE;

/* The six digits an invigilator reads out; what is kept of them. */
void takeover_hash(unsigned char out[16], const struct master *m, struct id attempt,
                   const char *code);

#endif
