/* paper/paper_store.h - sealed papers, rooms, shares and officers in and out of the database. */
#ifndef PAPER_PAPER_STORE_H
#define PAPER_PAPER_STORE_H

#include "paper/paper.h"

struct sealed_session {
    struct id session, body;
    int64_t revision, minutes, open_at_ms, close_at_ms, released_ms; /* 0: not released */
    const char *title;
    struct bytes key_set, key_commit;
};
bool sealed_session_find(struct db *db, struct arena *a, struct id session,
                         struct sealed_session *out, bool *found, struct err *e) MUST_USE;
bool sealed_session_put(struct db *db, const struct sealed_session *s, int64_t now_ms,
                        struct err *e) MUST_USE;
/* All of a session's papers, so that the next revision can take their place. */
bool sealed_session_drop(struct db *db, struct id session, struct err *e) MUST_USE;

bool paper_put(struct db *db, const struct paper_row *p, struct bytes blob,
               struct err *e) MUST_USE;

bool paper_object_put(struct db *db, const struct paper_object *o, struct bytes blob,
                      struct err *e) MUST_USE;

struct sealed_room {
    uint32_t room, revision;
    unsigned char key_commit[HASH_BYTES];
};
bool sealed_room_put(struct db *db, struct id session, const struct sealed_room *r,
                     struct bytes manifest, struct err *e) MUST_USE;
bool sealed_room_list(struct db *db, struct arena *a, struct id session,
                      struct sealed_room **out, size_t *count, struct err *e) MUST_USE;

/* K_R as the table paper_room keeps it. */
struct bytes paper_room_key_wrap(struct arena *a, const struct master *m, struct id session,
                                 uint32_t room, const unsigned char key[KEY_BYTES]);
bool roster_put(struct db *db, struct id session, uint32_t room, struct bytes roster,
                struct err *e) MUST_USE;
/* From paper_prepare to the desk, after the commit. */
void envelope_desk_put(struct envelope_desk *d, struct id session, uint32_t room,
                       uint32_t revision, unsigned char bags[2][KEY_BYTES]);

bool share_put(struct db *db, struct id session, int number, struct id account,
               struct bytes box, struct err *e) MUST_USE;
struct share_record {
    int64_t number;
    struct bytes box, public, secret;
};
bool share_find(struct db *db, struct arena *a, struct id session, struct id account,
                struct share_record *out, bool *found, struct err *e) MUST_USE;
bool share_count(struct db *db, struct id session, int64_t *count, struct err *e) MUST_USE;
bool officer_public(struct db *db, struct arena *a, struct id account,
                    unsigned char public[BOX_PUBLIC_BYTES], bool *found,
                    struct err *e) MUST_USE;

#endif
