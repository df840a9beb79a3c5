/* sitting/node.h - room nodes as the centre sees them (SECURITY §2.2, §3; doc/room-node.md).
 *
 * A node is invited (a join code is shown once), joins (its public keys are known and vouched for
 * by the root), serves rooms, proves its packages complete, and hands up. Everything is limited to
 * who->body; what a node itself asks is limited to the node. */
#ifndef SITTING_NODE_H
#define SITTING_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"
#include "paper/package.h"

struct actor;
struct arena;
struct db;
struct json_t;
struct master;
struct signer;

enum { NODE_CODE_CHARACTERS = 20, NODE_CODE_TEXT_BYTES = 25, NODE_CODE_TRIES = 5 };
#define NODE_CODE_MS (INT64_C(24) * 3600000)

struct node {
    struct id id, body;
    const char *name, *state; /* invited, joined, revoked */
    int64_t chain;
    const char *kid; /* NULL before it joined */
    unsigned char sign_public[SIGN_PUBLIC_BYTES], box_public[BOX_PUBLIC_BYTES];
    int64_t code_until_ms, created_ms, joined_ms, seen_ms, offset_ms, free_bytes, ram_bytes;
    const char *version;
};

/* What the use cases of the centre work with. */
struct node_desk {
    struct db *db;
    struct arena *arena;
    const struct master *master;
    const struct signer *signer;
    const struct actor *who;
};

/* "ABCD-EFGH-JKMN-PQRS-TVWX": shown once, good for 24 hours and five tries. */
bool node_invite(const struct node_desk *d, const char *name, struct id *node,
                 char code[NODE_CODE_TEXT_BYTES], struct err *e) MUST_USE;
bool node_list(const struct node_desk *d, struct node **out, size_t *count,
               struct err *e) MUST_USE;
bool node_get(const struct node_desk *d, struct id node, struct node *out,
              struct err *e) MUST_USE;
/* Lost or retired: what it signs from now on counts for nothing. Rooms it serves must be sealed
 * anew for another. */
bool node_revoke(const struct node_desk *d, struct id node, const char *reason,
                 struct err *e) MUST_USE;

/* --- joining ----------------------------------------------------------------------------------- */
/* Both sides prove that they know the code without sending it: key = H("heng/node-code/1\0" code). */
bool node_code_read(const char *typed, char plain[NODE_CODE_CHARACTERS + 1]);
void node_code_key(unsigned char key[KEY_BYTES], const char plain[NODE_CODE_CHARACTERS + 1]);
/* HMAC(key, WORD ‖ bytes). */
void node_code_proof(unsigned char out[TAG_BYTES], const unsigned char key[KEY_BYTES],
                     const char *word, struct bytes bytes);

struct node_joining {
    const char *mark; /* the first group of the code */
    unsigned char sign_public[SIGN_PUBLIC_BYTES], box_public[BOX_PUBLIC_BYTES];
    unsigned char proof[TAG_BYTES]; /* node_code_proof "join" over both */
};
struct node_joined {
    struct node node;
    unsigned char code_key[KEY_BYTES];
};
/* FORBIDDEN at "/code" with one sentence for unknown, over, used up and wrong. */
bool node_join(const struct node_desk *d, const struct node_joining *in,
               struct node_joined *out, struct err *e) MUST_USE;

/* --- requests of nodes (boundary B2) -------------------------------------------------------------- */
enum { NODE_REQUEST_SKEW_MS = 5 * 60 * 1000 };
struct node_request {
    const char *method, *path;
    int64_t at_ms; /* the node's idea of the centre's time */
    struct bytes body;
};
/* "heng/node-request/1\n" method 0 path 0 at 0 hex H(body). */
struct bytes node_request_message(struct arena *a, const struct node_request *r);
/* Header "kid.at.signature". UNAUTHENTICATED at "node" for anything but a joined node's own. */
bool node_of_request(struct db *db, struct arena *a, const char *header,
                     const struct node_request *r, int64_t now_ms, struct node *out,
                     struct err *e) MUST_USE;

struct node_report { /* what it says of itself at each contact */
    int64_t offset_ms, free_bytes, ram_bytes;
    const char *version;
};
bool node_seen(struct db *db, struct id node, const struct node_report *r, int64_t now_ms,
               struct err *e) MUST_USE;

/* --- which rooms it serves --------------------------------------------------------------------------- */
struct node_duty {
    struct id room, session;
    uint32_t no;      /* of the room in its session */
    bool standby;     /* holds the package too, does not serve */
    bool has_package; /* sealed, and for this node */
    unsigned char manifest[HASH_BYTES];
    uint32_t revision;
    int64_t open_at_ms;
    bool released;
    bool proved; /* this very manifest was proved complete */
};
/* One node serves, others stand by. CONFLICT at "/node" if another serves it already. */
struct node_assignment {
    struct id session, room, node;
    bool standby;
};
bool node_assign(const struct node_desk *d, const struct node_assignment *in,
                 struct err *e) MUST_USE;
bool node_unassign(const struct node_desk *d, const struct node_assignment *in,
                   struct err *e) MUST_USE;
/* Of the node itself. */
bool node_duties(struct db *db, struct arena *a, const struct node *n, struct node_duty **out,
                 size_t *count, struct err *e) MUST_USE;
bool node_duty_get(struct db *db, struct arena *a, const struct node *n, struct id room,
                   struct node_duty *out, struct err *e) MUST_USE;
/* Is the room served by a node, and so by nobody here? One that only stands by serves nobody. */
bool room_is_away(struct db *db, struct id room, bool *away, struct err *e) MUST_USE;

/* Has the node that serves it handed everything up? Then it is looked at here as any other. */
bool room_handed_up(struct db *db, struct id room, bool *done, struct err *e) MUST_USE;

/* A line of the desk's page: a room's node, and how far it is. */
struct node_standing {
    struct id room, node;
    bool standby;
    const char *name, *state, *kid, *problem; /* problem: NULL none */
    unsigned char box_public[BOX_PUBLIC_BYTES];
    int64_t seen_ms, ready_ms, offset_ms;
    unsigned char ready_manifest[HASH_BYTES];
    bool is_ready;
};
bool node_standings(struct db *db, struct arena *a, struct id session,
                    struct node_standing **out, size_t *count, struct err *e) MUST_USE;

/* --- time acts of the centre (doc/decisions/0033) --------------------------------------------------------- */
/* What of the sessions' ledgers concerns the node's rooms and has not reached it:
 * [{"session", "rows": [ledger_row_json, …]}, …]. */
bool node_ledger_rows(struct db *db, struct arena *a, const struct node *n,
                      const struct node_duty *duties, size_t count, struct json_t **out,
                      struct err *e) MUST_USE;
/* What the node says of them: [{"session", "no", "problem"?}, …]. What was not sent to it or is known
 * is passed over. */
bool node_ledger_reached(const struct node_desk *d, const struct node *n,
                         const struct json_t *said, struct err *e) MUST_USE;
struct ledger_arrival {
    struct id node;
    int64_t no, reached_ms;
    const char *problem; /* why the node did not take it; NULL: it did */
};
bool ledger_arrivals(struct db *db, struct arena *a, struct id session,
                     struct ledger_arrival **out, size_t *count, struct err *e) MUST_USE;

/* --- its audit chains (doc/decisions/0053) ----------------------------------------------------------------- */
/* The newest row of each chain of the node that is here: [{"chain", "seq", "hash"}, …]. */
bool node_audit_tops(struct db *db, struct arena *a, struct id node, struct json_t **out,
                     struct err *e) MUST_USE;
/* {"rows": [audit_copy, …], "statement": {"heads": [{"chain", "seq", "hash"}, …], "moment", …}}, the statement
 * signed by the node as `node-audit`. Rows are kept as they came, once; what does not follow from the row
 * before, differs from what came earlier, or ends before an earlier statement's head is kept as a finding. INVALID
 * for what cannot be read or is another node's. */
bool node_audit_take(const struct node_desk *d, const struct node *n, const struct json_t *body,
                     struct err *e) MUST_USE;
/* The same for rows alone, inside the caller's transaction: of a hand-up. *bad: the row that cannot be read. */
bool node_audit_take_rows(const struct node_desk *d, struct db *db, const struct node *n,
                          const struct json_t *rows, size_t *bad, struct err *e) MUST_USE;

struct node_audit_finding {
    struct id node;
    int64_t chain, seq, at_ms; /* at_ms 0: found by node_audit_verify only */
    const char *what;          /* changed, missing, rewritten, cut */
};
const char *node_audit_finding_label(const char *what); /* in Chinese */
bool node_audit_findings(struct db *db, struct arena *a, struct id node,
                         struct node_audit_finding **out, size_t *count,
                         struct err *e) MUST_USE;
/* Everything that is here of every node, hashed anew. */
struct node_audit_report {
    int64_t nodes, rows, anchors;
    struct node_audit_finding *breaks;
    size_t break_count;
};
bool node_audit_verify(struct db *db, struct arena *a, struct node_audit_report *out,
                       struct err *e) MUST_USE;

/* --- sealing and proving ------------------------------------------------------------------------------ */
/* K_roster: random, made once for the session. */
bool roster_key_of(const struct node_desk *d, struct id session, unsigned char key[KEY_BYTES],
                   struct err *e) MUST_USE;
/* The roster of a room (HNR1), sealed to its nodes. */
struct roster_order {
    struct id session, room;
    uint32_t no;
    const char *room_name;
    const struct paper_node *nodes;
    size_t node_count;
    const unsigned char *roster_key; /* KEY_BYTES */
    const struct blob_place *blobs;
};
bool roster_seal(const struct node_desk *d, const struct roster_order *o, struct bytes *out,
                 struct err *e) MUST_USE;

bool node_challenge(const struct node_desk *d, const struct node *n, struct id room,
                    unsigned char challenge[KEY_BYTES], struct err *e) MUST_USE;
/* `type: ready`, signed by the node's room key; our copy must give the same proof. INVALID at
 * "/proof" else, and the desk shows why. */
bool node_ready(const struct node_desk *d, const struct node *n, struct id room,
                const struct json_t *statement, struct err *e) MUST_USE;

/* The `release` object for this node (SECURITY §3.4 online); CONFLICT at "/open_at_ms" before. */
bool node_release_object(const struct node_desk *d, const struct node *n,
                         const struct node_duty *duty, struct json_t **out,
                         struct err *e) MUST_USE;
/* `type: room-anchor`, kept as it came; CONFLICT at "/batch" where another hash is known. */
bool node_anchor(const struct node_desk *d, const struct node *n,
                 const struct json_t *statement, struct err *e) MUST_USE;

#endif
