/* sitting/apply.h - where an entry goes: the rule of SECURITY §5.3, pure.
 *
 * Invariants: J1 acknowledged entries are on disk, in main or aside; J2 main is append-only,
 * aside never shrinks, they are disjoint; J3 within an epoch main is gapless and linked; J4 no
 * entry of epoch e enters main once e+1 is open; J5 nothing enters main after seal or close; J6
 * each entry on a device can be stored; J7 epochs grow by one; J8 the fold is a function of main
 * plus decisions. One entry is never refused for its state (rule 4): it goes aside. */
#ifndef SITTING_APPLY_H
#define SITTING_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "sitting/journal_entry.h"

/* prepared → admitted → open → sealed → (extra time) admitted … ; open → closed by hand. */
enum attempt_state {
    ATTEMPT_PREPARED,
    ATTEMPT_ADMITTED,
    ATTEMPT_OPEN,
    ATTEMPT_SEALED,
    ATTEMPT_CLOSED,
    ATTEMPT_STATES
};
const char *attempt_state_name(enum attempt_state s);

enum { HEAD_RECENT = 16 };

struct attempt_head {
    enum attempt_state state;
    uint32_t epoch;                      /* of the device that holds it; 0 none yet */
    uint32_t seq;                        /* last on the main line in this epoch */
    unsigned char hash[HASH_BYTES];      /* what the next entry must build on */
    uint32_t main_epoch, main_seq;       /* last entry of the whole main line; 0, 0 none */
    unsigned char main_hash[HASH_BYTES]; /* zeros: none */
    /* Hashes of this epoch's last entries, by seq modulo HEAD_RECENT: a repeat is told apart from
     * a fork without asking the store. */
    unsigned char recent[HEAD_RECENT][HASH_BYTES];
};

enum branch { BRANCH_MAIN, BRANCH_ASIDE };

enum apply_outcome {
    APPLY_MAIN,       /* stored on the main line */
    APPLY_ASIDE,      /* stored beside it */
    APPLY_AGAIN_MAIN, /* stored before: answer again */
    APPLY_AGAIN_ASIDE,
    APPLY_GAP /* something before it is missing: 409 */
};

/* What the store has under (epoch, seq, hash) of this attempt. Asked only where the head cannot
 * tell; ctx belongs to the caller. */
enum stored { STORED_NOT, STORED_MAIN, STORED_ASIDE };
typedef enum stored apply_stored_fn(void *ctx, const struct journal_entry *entry);

/* AFTER_ASIDE: the entry before it in the same save went aside, so this one follows it there
 * (it cannot be a gap). Moves the head on APPLY_MAIN; a seal on the main line makes it sealed. */
enum apply_outcome apply_entry(struct attempt_head *h, const struct journal_entry *entry,
                               bool after_aside, apply_stored_fn *stored, void *ctx);

/* A whole save, entry by entry, up to the first gap: how many entries have an outcome. Where the
 * count is smaller than the save's, head->seq + 1 is what must come next. */
struct apply_asked {
    apply_stored_fn *stored;
    void *ctx;
};
size_t apply_save(struct attempt_head *h, const struct journal_save *save,
                  const struct apply_asked *ask, enum apply_outcome *outcomes);

/* A device has claimed: epoch + 1, open. FIRST_BEFORE is journal_first_before of that epoch. */
void apply_claim(struct attempt_head *h, const unsigned char first_before[HASH_BYTES]);
bool apply_may_claim(const struct attempt_head *h); /* admitted or open */
/* Closed by hand; sealed stays sealed. */
void apply_close(struct attempt_head *h);
/* Extra time after the automatic hand-in: admitted again, so that a new epoch can be claimed. */
bool apply_reopen(struct attempt_head *h);

#endif
