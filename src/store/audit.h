/* store/audit.h - the chained rows that say who did what (SECURITY §6).
 *
 * Written in the same transaction as the change it records. A chain belongs to a body or to a
 * session. Rows are never changed; each row's hash covers the one before. Personal values enter
 * `change` only masked, with "changed": true. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"

struct arena;
struct db;
struct json_t;

enum act {
#define ACT(number, name, label) ACT_##name = number,
#include "store/acts.def"
#undef ACT
};
const char *act_name(enum act act);  /* "entry_submit" */
const char *act_label(enum act act); /* in Chinese */
/* The acts in the order of the table, from 0; false past the last. */
bool act_at(size_t i, enum act *out);
bool act_find(const char *name, enum act *out);

enum { ADDRESS_HASH_BYTES = 8 };

/* Who acts: filled by web/ from the sign-in, by app/ for jobs, by tests. */
struct actor {
    struct id account; /* zero: the system itself */
    struct id second;  /* the second person of a two-person act */
    struct id body;    /* the assessment body, owner of the default chain */
    struct id request;
    int16_t role; /* the role it was done in, number of people/roles.def */
    unsigned char address[ADDRESS_HASH_BYTES];
    int64_t now_ms;
    struct id *wrote; /* audit_write notes here whose chain it wrote to; NULL: nowhere */
};

struct audit_row {
    enum act act;
    const char *object_type; /* two letters, e.g. "en" entry, "at" attempt */
    struct id object;
    struct id chain_owner; /* zero: the actor's body */
    struct json_t *change; /* {"before":…,"after":…} or any small object; NULL = {} */
};

/* Only inside a transaction. */
bool audit_write(struct db *db, const struct actor *who, const struct audit_row *row,
                 struct err *e) MUST_USE;

/* Where the verifier found something wrong. */
struct audit_break {
    int64_t chain, seq;
    const char *what; /* "changed", "missing", "head" */
};

struct audit_report {
    int64_t chains, rows;
    struct audit_break *breaks;
    size_t break_count;
};

/* Reads every chain and names each changed, missing or inserted row. False: the store failed. */
bool audit_verify(struct db *db, struct arena *a, struct audit_report *out,
                  struct err *e) MUST_USE;

/* Rows FROM..UNTIL of a chain. *out: they are whole, and the last of them has this HASH. */
struct audit_span {
    int64_t chain, from, until;
    const unsigned char *hash;
};
bool audit_links_to(struct db *db, const struct audit_span *s, bool *out,
                    struct err *e) MUST_USE;

#endif
