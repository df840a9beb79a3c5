/* sitting/node_self.h - a room node about itself: who it is, what time it is, which packages it
 * holds, how a room is opened, and what is left when all is handed up (SECURITY §3; DESIGN §1.4-1.5).
 *
 * The node's own database has every table of the program, and rows in those of the delivery. */
#ifndef SITTING_NODE_SELF_H
#define SITTING_NODE_SELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"
#include "paper/package.h"

struct actor;
struct arena;
struct blob_place;
struct db;
struct journal_writer;
struct json_t;
struct master;
struct signer;

struct node_self {
    struct id id, body;
    const char *name, *centre, *root_kid, *kid;
    int64_t chain, joined_ms;
    unsigned char root_public[SIGN_PUBLIC_BYTES], box_public[BOX_PUBLIC_BYTES];
    /* The newest time the centre told, or two people confirmed, and our boot clock then. */
    const char *boot;
    int64_t centre_ms, boot_ms, rtt_ms;
    struct id confirmed_by, confirmed_second; /* two people; zero: the centre told it */
    unsigned char clock_tag[TAG_BYTES];       /* over all of this, with a key of the machine */
    int64_t anchored_batch;
};
/* *found is false in a data folder that is no room node's. */
bool node_self_find(struct db *db, struct arena *a, struct node_self *out, bool *found,
                    struct err *e) MUST_USE;
struct node_identity {
    const struct node_self *self;
    const unsigned char *sign_secret, *box_secret;
    const struct public_key *key; /* the row of our key, signed by the root */
    const struct key_table *keys; /* of the centre */
};
bool node_self_put(struct db *db, struct arena *a, const struct master *m,
                   const struct signer *signer, const struct node_identity *n,
                   struct err *e) MUST_USE;
bool node_box_secret(struct db *db, struct arena *a, const struct master *m,
                     unsigned char out[BOX_SECRET_BYTES], struct err *e) MUST_USE;
/* The centre's key table, fetched again: rows signed by the same root. Inside a transaction. */
bool node_keys_keep(struct db *db, struct arena *a, const struct node_self *s,
                    const struct json_t *file, struct err *e) MUST_USE;

/* --- time ------------------------------------------------------------------------------------------ */
struct node_clocks { /* what the machine says now */
    int64_t wall_ms, boot_ms;
    char boot[BOOT_ID_BYTES];
};
struct node_clocks node_clocks_now(void);
/* From the anchor and the boot clock; the wall clock is only compared. An anchor that this program did not
 * write, or wrote with another master secret, is none (doc/decisions/0065). Pure. */
struct node_time {
    bool known;      /* anchored since this start of the machine */
    int64_t now_ms;  /* where known */
    int64_t step_ms; /* wall clock minus now_ms */
};
struct node_time node_time_of(const struct node_self *s, const struct master *m,
                              const struct node_clocks *c);
/* Tags what S says of the time. */
void node_time_tag(struct node_self *s, const struct master *m);
/* CONFLICT at "/clock" where two people must confirm the time first (unknown since the start of the
 * machine, or the wall clock stands more than 2 s off); at "/open_at_ms" before it. Pure. */
bool node_time_gate(const struct node_time *t, int64_t open_at_ms, struct err *e) MUST_USE;
/* At a contact with the centre. */
struct node_told {
    int64_t centre_ms, rtt_ms;
};
bool node_time_anchor(struct db *db, const struct master *m, const struct node_clocks *c,
                      const struct node_told *told, struct err *e) MUST_USE;
/* WHO and who->second, two accounts, say that the wall clock is right. */
bool node_time_confirm(struct db *db, const struct master *m, const struct actor *who,
                       const struct node_clocks *c, struct err *e) MUST_USE;

/* --- packages ---------------------------------------------------------------------------------------- */
struct node_package {
    struct id room, session;
    uint32_t no, revision;
    const char *state; /* fetching, complete, released, handed_up, cleared */
    struct bytes manifest;
    unsigned char sha256[HASH_BYTES];
    int64_t open_at_ms, close_at_ms, ready_ms, released_ms, fetched_ms, finished_ms;
    int64_t handed_up_ms, cleared_ms;
    const char *released_how, *problem; /* NULL: none */
    int64_t tries, locked_until_ms;
};
bool node_packages(struct db *db, struct arena *a, struct node_package **out, size_t *count,
                   struct err *e) MUST_USE;
bool node_package_get(struct db *db, struct arena *a, struct id room, struct node_package *out,
                      struct err *e) MUST_USE;
/* The manifest, read with the centre's release keys. */
bool node_package_read(struct db *db, struct arena *a, struct bytes manifest,
                       struct package *out, struct err *e) MUST_USE;
/* Begins to fetch, or another revision. CONFLICT at "/state" once it is released. */
bool node_package_begin(struct db *db, struct id room, struct bytes manifest,
                        const struct package *p, struct err *e) MUST_USE;
bool node_package_has(struct db *db, struct id room, uint32_t index, bool *has,
                      struct err *e) MUST_USE;
/* INVALID at "/blob" if it is not what the manifest names. */
bool node_package_put(struct db *db, struct id room, const struct package_paper *p,
                      struct bytes blob, struct err *e) MUST_USE;
bool node_package_roster(struct db *db, struct id room, const struct package *p,
                         struct bytes roster, struct err *e) MUST_USE;
/* What a node works with besides its database. */
struct node_here {
    struct db *db;
    struct arena *arena;
    const struct master *master;
    const struct signer *signer;
    const struct blob_place *blobs;
    struct journal_writer *journal; /* NULL before it serves: then complete waits */
    const struct actor *who;
};
/* All is there: papers, candidates and staff go to their tables, the session is prepared and can be
 * served. Safe to call again. */
bool node_package_complete(const struct node_here *h, struct id room, struct err *e) MUST_USE;
/* Is the package's room in memory and can be served? */
bool node_package_live(const struct node_here *h, const struct node_package *p);
bool node_package_prove(const struct node_here *h, const struct node_package *p,
                        const unsigned char challenge[KEY_BYTES], unsigned char out[HASH_BYTES],
                        struct err *e) MUST_USE;

/* --- opening a room (SECURITY §3.4) --------------------------------------------------------------------- */
enum { RELEASE_TRIES = 10 };
#define RELEASE_LOCK_MS (INT64_C(5) * 60000)
/* The key is checked against its commitment, kept wrapped, and the room may start. Idempotent. HOW:
 * "online", "phone", "envelope". */
bool node_room_open(const struct node_here *h, const struct node_package *p,
                    const unsigned char key[KEY_BYTES], const char *how,
                    struct err *e) MUST_USE;
/* The `release` object of the centre, signed by its release key and boxed for this node. */
bool node_open_online(const struct node_here *h, const struct node_clocks *c,
                      const struct json_t *object, struct err *e) MUST_USE;
/* Two halves typed by two people. FORBIDDEN at "/halves" with what to do when they do not open;
 * TOO_MANY at "/halves" while locked after ten wrong tries. */
struct node_halves {
    struct id room;
    bool envelope; /* else the code by phone */
    const char *a, *b;
};
bool node_open_by_halves(const struct node_here *h, const struct node_clocks *c,
                         const struct node_halves *halves, struct err *e) MUST_USE;
/* Whether a half is well-formed, before it waits for the other: INVALID with the group or "/half". */
bool node_half_check(const struct node_here *h, const struct node_halves *halves, int half,
                     struct err *e) MUST_USE;

/* --- time acts of the centre --------------------------------------------------------------------------------- */
/* SESSIONS as node_ledger_rows makes them, from a signed contact: each row is written once, by the
 * rules of this ledger, and shown to the candidates. *said: what became of each, for the centre.
 * Sessions that are not served yet are passed over. */
bool node_ledger_take(const struct node_here *h, const struct json_t *sessions,
                      struct json_t **said, struct err *e) MUST_USE;

/* --- after the exam ---------------------------------------------------------------------------------------- */
/* An invigilator says that everything is in: what a dead device still holds is not waited for. */
bool node_room_finish(const struct node_here *h, const struct node_package *p,
                      struct err *e) MUST_USE;
/* Before the statement: the session takes no more entries, now and after a restart, so that what
 * is handed up is all that was ever acknowledged. CONFLICT at "/state" while somebody writes. */
bool node_freeze(const struct node_here *h, struct id session, struct err *e) MUST_USE;
/* Marks the session's packages handed up, by the centre's signed receipt. INVALID at "/receipt" if
 * it is not for what was handed up. */
bool node_handed_up(const struct node_here *h, struct id session, const struct json_t *receipt,
                    struct err *e) MUST_USE;
/* K_R, K_att, K_roster, roster, photos, names and accounts go (S5); the journal stays. db_compact
 * afterwards takes them out of the engine's log. */
bool node_clear(const struct node_here *h, struct id session, struct err *e) MUST_USE;

#endif
