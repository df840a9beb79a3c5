/* sitting/apply.c - main, aside, again or gap: the rule every entry goes through. */
#include "sitting/apply.h"

#include <assert.h>
#include <string.h>

const char *attempt_state_name(enum attempt_state s)
{
    static const char *const names[ATTEMPT_STATES] = {"prepared", "admitted", "open", "sealed",
                                                      "closed"};
    assert(s < ATTEMPT_STATES);
    return names[s];
}

static unsigned char *recent_of(struct attempt_head *h, uint32_t seq)
{
    return h->recent[seq % HEAD_RECENT];
}

static void put_main(struct attempt_head *h, const struct journal_entry *entry)
{
    h->seq = entry->seq;
    memcpy(h->hash, entry->hash, HASH_BYTES);
    memcpy(recent_of(h, entry->seq), entry->hash, HASH_BYTES);
    h->main_epoch = entry->epoch;
    h->main_seq = entry->seq;
    memcpy(h->main_hash, entry->hash, HASH_BYTES);
    if (entry->kind == ENTRY_SEAL)
        h->state = ATTEMPT_SEALED;
}

/* A repeat of one of the last entries, by far the most frequent case that is not the next. */
static bool is_recent(struct attempt_head *h, const struct journal_entry *entry)
{
    return entry->epoch == h->epoch && entry->seq <= h->seq &&
           h->seq - entry->seq < HEAD_RECENT &&
           memcmp(recent_of(h, entry->seq), entry->hash, HASH_BYTES) == 0;
}

enum apply_outcome apply_entry(struct attempt_head *h, const struct journal_entry *entry,
                               bool after_aside, apply_stored_fn *stored, void *ctx)
{
    bool current = entry->epoch == h->epoch;
    if (h->state == ATTEMPT_OPEN && current && entry->seq == h->seq + 1 &&
        memcmp(entry->before, h->hash, HASH_BYTES) == 0) {
        put_main(h, entry);
        return APPLY_MAIN;
    }
    if (is_recent(h, entry))
        return APPLY_AGAIN_MAIN;
    switch (stored(ctx, entry)) {
    case STORED_MAIN:
        return APPLY_AGAIN_MAIN;
    case STORED_ASIDE:
        return APPLY_AGAIN_ASIDE;
    case STORED_NOT:
        break;
    }
    /* Only an open line can still get what is missing; later nothing is gained by asking. */
    if (h->state == ATTEMPT_OPEN && current && entry->seq > h->seq + 1 && !after_aside)
        return APPLY_GAP;
    return APPLY_ASIDE;
}

/* A save is linked in itself: if its entry at the head, or its last one, is on the main line, so
 * is all before it. Most repeats are told by this without asking the store. */
static uint32_t vouched_by_links(struct attempt_head *h, const struct journal_save *save)
{
    const struct journal_entry *first = &save->entries[0], *last = first + save->count - 1;
    if (first->epoch != h->epoch || h->seq == 0 || first->seq > h->seq)
        return 0;
    uint32_t seq = last->seq < h->seq ? last->seq : h->seq;
    return is_recent(h, first + (seq - first->seq)) ? seq : 0;
}

size_t apply_save(struct attempt_head *h, const struct journal_save *save,
                  const struct apply_asked *ask, enum apply_outcome *outcomes)
{
    bool after_aside = false;
    uint32_t vouched = vouched_by_links(h, save);
    for (size_t i = 0; i < save->count; i++) {
        const struct journal_entry *entry = &save->entries[i];
        enum apply_outcome outcome = entry->seq <= vouched ? APPLY_AGAIN_MAIN
                                                           : apply_entry(h, entry, after_aside,
                                                                         ask->stored, ask->ctx);
        if (outcome == APPLY_GAP)
            return i;
        after_aside = outcome == APPLY_ASIDE || outcome == APPLY_AGAIN_ASIDE;
        outcomes[i] = outcome;
    }
    return save->count;
}

bool apply_may_claim(const struct attempt_head *h)
{
    return h->state == ATTEMPT_ADMITTED || h->state == ATTEMPT_OPEN;
}

void apply_claim(struct attempt_head *h, const unsigned char first_before[HASH_BYTES])
{
    assert(apply_may_claim(h));
    h->state = ATTEMPT_OPEN;
    h->epoch++;
    h->seq = 0;
    memcpy(h->hash, first_before, HASH_BYTES);
    memset(h->recent, 0, sizeof h->recent);
}

void apply_close(struct attempt_head *h)
{
    if (h->state != ATTEMPT_SEALED)
        h->state = ATTEMPT_CLOSED;
}

bool apply_reopen(struct attempt_head *h)
{
    if (h->state != ATTEMPT_SEALED)
        return false;
    h->state = ATTEMPT_ADMITTED;
    return true;
}
