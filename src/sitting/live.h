/* sitting/live.h - what is in memory of sessions that are prepared and not archived.
 *
 * Objects are made once and stay until the process ends. What never changes after making may be
 * read by any thread that holds the object; what is marked (w) belongs to the writer's thread;
 * the rest is guarded by live_lock of the attempt or, for ledgers and lists, by live_hold. */
#ifndef SITTING_LIVE_H
#define SITTING_LIVE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/id.h"
#include "sitting/apply.h"
#include "sitting/ledger.h"

struct arena;
struct db;
struct json_out;
struct master;

enum presence { PRESENCE_UNKNOWN, PRESENCE_PRESENT, PRESENCE_ABSENT };
enum { ANSWERED_ITEMS = 1024, TAKEOVER_TRIES = 5, CLAIM_TRIES_A_MINUTE = 6 };
enum {
    CHALLENGE_MS = 600000,
    TAKEOVER_MS = 120000
}; /* since its page last asked; since given */

/* A device that holds or held the attempt. */
struct live_epoch {
    unsigned char pub[DEVICE_PUBLIC_BYTES];
    unsigned char pub_hash[HASH_BYTES];
    bool weak;
    struct id claim_id;
    unsigned char save_key[KEY_BYTES];
    unsigned char main_head[HASH_BYTES]; /* of the main line at the claim */
    int64_t at_ms;
};

struct live_session;
struct live_room;

struct live_attempt {
    _Atomic(struct live_attempt *) next;        /* in the table, by id */
    _Atomic(struct live_attempt *) next_ticket; /* in the table, by ticket */
    struct live_session *session;
    struct live_room *room;
    struct id id, seat, entry, photo;
    int64_t seat_no;
    const char *ticket, *name;
    unsigned char document_index[BLIND_INDEX_BYTES];
    char document_letter, document_country[3];
    struct id paper; /* zero: none assigned */
    int64_t paper_no, paper_bytes;
    unsigned char paper_digest[HASH_BYTES];

    struct attempt_head head; /* (w) */
    int64_t last_row;         /* (w) newest row in the journal, 0 none */
    uint64_t group_mark;      /* (w) the group commit that last touched it */

    pthread_mutex_t lock;
    enum attempt_state state; /* as committed */
    uint32_t epoch, main_epoch, main_seq;
    unsigned char main_hash[HASH_BYTES];
    int64_t committed_row;
    struct live_epoch *epochs; /* epoch n at [n - 1] */
    uint32_t epochs_count, epochs_room;
    enum presence presence;
    bool entered; /* signed in at the seat and waits */
    int64_t admitted_ms, opened_ms, ended_ms;
    char end_reason[16], seal_code[20];
    unsigned char challenge[32];
    int64_t challenge_until_ms;
    unsigned char takeover[16]; /* keyed hash of the code */
    int64_t takeover_until_ms;
    int takeover_tries; /* left */
    int claims;         /* in this minute */
    int64_t claims_minute;
    double saves_left; /* token bucket */
    int64_t saves_ms;
    int64_t last_seen_ms, last_saved_ms;
    uint32_t aside, violations, away, clock_jumps;
    uint16_t answered, last_item;
    unsigned char answered_bits[ANSWERED_ITEMS / 8];
    bool tile_changed;
};

struct live_room {
    _Atomic(struct live_room *) next;
    struct live_session *session;
    struct id id;
    int64_t no;
    const char *name;
    unsigned char attempt_key[KEY_BYTES];
    _Atomic(struct live_attempt **) attempts; /* only ever grows; read the count first */
    _Atomic size_t count;
    _Atomic bool away;       /* a room node serves it; nobody sits in it here */
    _Atomic bool start_told; /* the clerk has told the room that its time has come */
};

struct live_session {
    struct live_session *next;
    struct id id, body;
    const char *title;
    int64_t starts_ms, minutes, zone_offset_ms, late_limit_ms, earliest_hand_in_ms, grace_ms;
    bool weak_allowed;
    /* sitting/conduct.h. At the centre fixed before a session is prepared; on a room node a newer package
     * may change them while requests read them. */
    _Atomic bool online, recorded, seb;
    bool has_roster_key; /* on a room node: documents are compared with K_roster, not K_blind */
    unsigned char roster_key[KEY_BYTES];
    _Atomic(struct live_room *) rooms;
    struct ledger_row *ledger; /* live_hold */
    size_t ledger_count, ledger_room;
    _Atomic int64_t ledger_top; /* newest no */
    int64_t next_row;           /* (w) id of the next journal row */
};

struct live;
struct live *live_create(const struct master *m, int64_t chain);
void live_destroy(struct live *l);

/* Reads a prepared session with all that belongs to it and puts it into the tables; one that is
 * there already gets what is new of its rooms and attempts. */
bool live_load(struct live *l, struct db *db, struct id session, struct err *e) MUST_USE;
bool live_load_all(struct live *l, struct db *db, struct err *e) MUST_USE;

struct live_attempt *live_find(struct live *l, struct id attempt); /* NULL */
struct live_attempt *live_find_ticket(struct live *l, const char *ticket);
struct live_room *live_find_room(struct live *l, struct id room);
struct live_session *live_find_session(struct live *l, struct id session);
struct live_session *live_first_session(struct live *l); /* then ->next */

void live_lock(struct live_attempt *a);
void live_unlock(struct live_attempt *a);
void live_hold(struct live *l); /* ledgers, lists of rooms and attempts: reading */
void live_hold_to_change(struct live *l);
void live_release(struct live *l);

/* Under live_hold. */
struct exam_clock live_clock(const struct live_attempt *a, int64_t now_ms);
/* Under live_hold_to_change. Copies the reason. */
void live_ledger_add(struct live *l, struct live_session *s, const struct ledger_row *row);
/* Rows that concern the attempt and are newer than AFTER, as a JSON array; under live_hold. */
void live_ledger_out(struct json_out *o, const struct live_attempt *a, int64_t after);

/* The keys of an epoch (SECURITY §4): nothing is stored, they are computed again. */
void attempt_save_key(unsigned char out[KEY_BYTES], const struct live_attempt *a,
                      uint32_t epoch, const unsigned char pub_hash[HASH_BYTES]);
void attempt_file_key(unsigned char out[KEY_BYTES], const struct live_attempt *a,
                      uint32_t epoch, const unsigned char pub_hash[HASH_BYTES]);
/* Under live_hold_to_change and live_lock: the epoch a claim opened; its keys are computed here. */
void live_epoch_add(struct live *l, struct live_attempt *a, uint32_t epoch,
                    const struct live_epoch *in);
/* Under live_lock: what the tile shows of an entry on the main line. */
void live_note_entry(struct live_attempt *a, const struct journal_entry *entry);
/* Under live_lock: state and main line as the writer has committed them. */
void live_publish_head(struct live_attempt *a);

/* Rooms' wrapped keys (KEY_STORE). */
struct bytes room_key_wrap(struct arena *a, const struct master *m, struct id room,
                           const unsigned char key[KEY_BYTES]);
bool room_key_unwrap(struct arena *a, const struct master *m, struct id room,
                     struct bytes wrapped, unsigned char out[KEY_BYTES],
                     struct err *e) MUST_USE;

#endif
