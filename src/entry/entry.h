/* entry/entry.h - an application: one person, one batch, one level, one direction.
 *
 * States are a table (entry_may_become); the same table goes to the pages. Every read and write
 * takes a scope: the body always, the person for a candidate, the partner for a partner; what is
 * outside it is NOT_FOUND. Texts live in the arena given. Times are UTC ms. */
#ifndef ENTRY_ENTRY_H
#define ENTRY_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"

struct arena;
struct db;
struct json_out;
struct viewer;

enum entry_state {
#define ENTRY_STATE(number, name, word, label, next) ENTRY_##name = number,
#include "entry/states.def"
#undef ENTRY_STATE
};

const char *entry_state_name(enum entry_state s);  /* "submitted" */
const char *entry_state_label(enum entry_state s); /* 待审核 */
bool entry_state_read(const char *name, enum entry_state *out);
bool entry_may_become(enum entry_state from, enum entry_state to);
/* CONFLICT at "/state" with a sentence if the table says no. */
bool entry_move(enum entry_state from, enum entry_state to, struct err *e) MUST_USE;
/* "entry": [{"name","label","next":[…]}, …], a member of an open object. */
void entry_states_put(struct json_out *o);

enum { ENTRY_DIRECTION_BYTES = 8 };

struct entry {
    struct id id, body, batch, person;
    struct id partner; /* who brought the candidate; zero = nobody */
    struct id photo;   /* blob, image/jpeg 295 x 413; zero = none yet */
    int64_t level;
    const char *direction; /* "A"; "" where the programme has none */
    enum entry_state state;
    int64_t version;     /* grows with every change: optimistic locking */
    bool holds_place;    /* counted in the batch's quotas */
    const char *facts;   /* JSON as programme/facts.h; may be incomplete while a draft */
    const char *verdict; /* JSON as programme/eligibility.h at the last submission; NULL */
    const char *kept;    /* JSON [{"component","millimarks","until"}]: parts passed before */
    const char *reason;  /* of the last return, refusal, withdrawal or override; NULL */
    int64_t created_ms, changed_ms, submitted_ms, decided_ms; /* 0 = not yet */
    struct id decided_by;
};

struct entry_list {
    struct entry *at;
    size_t count;
};

/* Whose entries a statement may touch. Zero person and partner: all of the body. */
struct entry_scope {
    struct id body, person, partner;
};
/* Staff: the body; a partner: its candidates; anybody else: the own person and no other. */
struct entry_scope entry_scope_of(const struct viewer *v);
/* A candidate's own pages, also for one who is staff besides. */
struct entry_scope entry_scope_own(const struct viewer *v);
struct entry_scope entry_scope_body(struct id body);

bool entry_get(struct db *db, struct arena *a, const struct entry_scope *scope, struct id id,
               struct entry *out, struct err *e) MUST_USE;
/* Accepted entries of a batch by level, direction, id: what an arrangement starts from. */
bool entry_list_accepted(struct db *db, struct arena *a, struct id body, struct id batch,
                         struct entry_list *out, struct err *e) MUST_USE;
/* The accepted entry of a person in a batch, if there is one. */
bool entry_find_accepted(struct db *db, struct arena *a, struct id body, struct id batch,
                         struct id person, struct entry *out, bool *found,
                         struct err *e) MUST_USE;
/* Which parts still count in a resit: award/ knows. Inside the transaction that accepts (desk.h). */
bool entry_put_kept(struct db *db, struct id body, struct id entry, const char *kept_json,
                    struct err *e) MUST_USE;

#endif
