/* marking/key_decision.h - a key that turns out wrong: what would change, and the decision of two.
 *
 * A decision re-scores every attempt of the session under the next key version, in the same
 * transaction; earlier marks stay beside the new ones. Results follow when they are computed again,
 * and are published again by two people (award/). */
#ifndef MARKING_KEY_DECISION_H
#define MARKING_KEY_DECISION_H

#include "marking/marking.h"
#include "paper/key_change.h"

struct key_decision {
    struct id session;
    struct key_change change;
    const char *reason; /* 4 to 500 characters */
};

struct mark_change {
    struct id entry;
    int64_t before, after; /* of the whole component, in millimarks */
};
struct key_effect_list {
    struct mark_change *at; /* those whose mark changes, in the order of their attempts */
    size_t count;
    int64_t attempts; /* scored */
    int64_t full_millimarks, pass_millimarks;
    int64_t version;                  /* of the key that the decision would make */
    unsigned char digest[HASH_BYTES]; /* of all that is above: what two people decide on */
};

/* Scores every attempt in memory, stores nothing. CONFLICT at "/state" while an attempt is open or
 * one has not been scored yet; RULE at "/code" where people mark the item; else as
 * key_set_change. */
bool key_decision_preview(const struct marking *m, const struct key_decision *d,
                          struct key_effect_list *out, struct err *e) MUST_USE;

/* The two-person act, inside its transaction (m->actor with its second). CONFLICT at "/digest" where
 * the effects are no longer those that were proposed. */
bool key_decision_apply(const struct marking *m, const struct key_decision *d,
                        const unsigned char digest[HASH_BYTES], struct err *e) MUST_USE;

struct key_decision_row {
    int64_t ordinal, part, attempts, changed, at_ms;
    const char *code, *effect, *reason, *actor, *second; /* names */
    const struct json_t *key;                            /* NULL with "credit" */
};
bool key_decision_list(const struct marking *m, struct id session,
                       struct key_decision_row **out, size_t *count, struct err *e) MUST_USE;

/* The decided changes of a session in their order, with room for MORE behind them. */
bool key_decisions(const struct marking *m, struct id session, size_t more,
                   struct key_change **out, size_t *count, struct err *e) MUST_USE;

#endif
