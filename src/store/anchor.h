/* store/anchor.h - signed statements about the audit chains that leave the database (SECURITY §6).
 *
 * An anchor names the head of every chain that has moved since the one before, and the hash of that one;
 * the first of a day and of a process names all chains. The chain in the database alone cannot tell that
 * its tail was cut; a copy of an anchor elsewhere can. As a line of a file: the signed object in its
 * canonical form and a newline. */
#ifndef STORE_ANCHOR_H
#define STORE_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"
#include "base/signed_json.h"
#include "store/audit.h"

struct arena;
struct db;
struct json_t;
struct signer;

enum { ANCHOR_EVERY_MS = 60000, ANCHOR_SILENCE_MS = 90000, ANCHOR_LINE_BYTES = 16 << 20 };

enum anchor_moment { ANCHOR_START, ANCHOR_RUNNING, ANCHOR_STOP };

struct anchor_order {
    int64_t now_ms;
    enum anchor_moment moment;
    struct id run;     /* of the process: signatures are counted since it began */
    int64_t period_ms; /* a running process makes none while the last is younger */
};

/* *made false: another process of this database has just made one. Not inside a transaction. */
bool anchor_make(const struct signer *s, struct db *db, const struct anchor_order *o,
                 bool *made, struct err *e) MUST_USE;

struct anchor_text {
    int64_t number;
    const char *line; /* without the newline */
};
/* Those behind AFTER, oldest first, at most LIMIT. */
bool anchor_list(struct db *db, struct arena *a, int64_t after, int64_t limit,
                 struct anchor_text **out, size_t *count, struct err *e) MUST_USE;
bool anchor_last(struct db *db, int64_t *number, int64_t *at_ms, struct err *e) MUST_USE;

/* --- reading one, without a database --- */
struct anchor_head {
    int64_t chain, seq;
    unsigned char hash[HASH_BYTES];
};
struct anchor {
    int64_t number, at_ms, rows;
    enum anchor_moment moment;
    unsigned char before[HASH_BYTES]; /* hash of the anchor before; zero for the first */
    unsigned char hash[HASH_BYTES];   /* of this one */
    const struct anchor_head *heads;
    size_t head_count;
    const struct json_t *object;
};
/* Its shape only; INVALID at the member that is wrong. */
bool anchor_read(struct arena *a, struct bytes line, struct anchor *out,
                 struct err *e) MUST_USE;

/* --- what a file of anchors says of this database --- */
struct anchor_break {
    /* Of a chain, with the rows from..until: "cut" (they are gone) and "rewritten" (another row stands
     * at `from`). Of the file, with numbers of anchors from..until: "signature" (not signed by an anchor
     * key that counts), "gap" (anchors are missing), "order" (it does not follow the one before). */
    const char *what;
    int64_t line, chain, from, until;
};

struct anchor_check;
struct anchor_report {
    int64_t files, anchors, heads;
    int64_t unreadable; /* lines: what a power cut leaves of one being written */
    int64_t silences;   /* times of more than 90 s between two of a running process */
    int64_t first_ms, last_ms;
    const struct anchor_break *breaks;
    size_t break_count;
};

struct anchor_check *anchor_check_begin(struct db *db, struct arena *a,
                                        const struct key_table *keys);
void anchor_check_file(struct anchor_check *c); /* another file begins */
bool anchor_check_line(struct anchor_check *c, struct bytes line, struct err *e) MUST_USE;
bool anchor_check_end(struct anchor_check *c, struct anchor_report *out,
                      struct err *e) MUST_USE;

/* "chain.seq.hash" as an answer's Heng-Audit header says it. *holds: that row stands there. INVALID at
 * "witness" where TEXT is nothing of the kind. */
enum { AUDIT_WITNESS_BYTES = 64, WITNESS_HASH_BYTES = 8 };
bool audit_witness(struct db *db, struct id owner, char out[AUDIT_WITNESS_BYTES],
                   struct err *e) MUST_USE;
bool audit_witness_holds(struct db *db, const char *text, bool *holds, struct err *e) MUST_USE;

/* Was ACT on OBJECT recorded under an anchor of before BEFORE_MS, and is that anchor signed by a key that
 * still counts? For what a stolen key may have signed (SECURITY §7). */
bool anchored_before(struct db *db, const struct key_table *keys, enum act act,
                     struct id object, int64_t before_ms, bool *out, struct err *e) MUST_USE;

#endif
