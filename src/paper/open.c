/* paper/open.c - after the release: the key of a paper, and the exam JSON. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/blob.h"
#include "paper/paper_store.h"
#include "store/db.h"

static bool wrapped_room_key(struct db *db, struct arena *a, struct id session, uint32_t room,
                             struct bytes *wrapped, int64_t *open_at_ms, struct err *e)
{
    struct query *q = db_query(db, SQL_paper_room_key_get);
    query_id(q, session);
    query_int(q, room);
    if (!query_one(q, "room", e))
        return false;
    bool released = !query_is_null(q, 0);
    *open_at_ms = query_get_int(q, 1);
    *wrapped = query_get_bytes(q, 0, a);
    query_done(q);
    return released || FAIL(e, CONFLICT, "/open_at_ms", "试卷尚未启封。");
}

static const char *key_column(struct arena *a, uint32_t room)
{
    return arena_printf(a, "room_key/%u", room);
}

static bool unwrap(struct arena *a, const struct master *m, struct id session, uint32_t room,
                   struct bytes wrapped, unsigned char key[KEY_BYTES], struct err *e)
{
    struct bytes plain;
    if (!purpose_open(a, m, KEY_STORE, "paper_room", key_column(a, room), session, wrapped,
                      &plain, e))
        return false;
    if (plain.len != KEY_BYTES)
        return FAIL(e, STORE, "room", "考场密钥的长度不对。");
    memcpy(key, plain.at, KEY_BYTES);
    secret_wipe((void *)(uintptr_t)plain.at, plain.len);
    return true;
}

bool paper_room_key(struct db *db, struct arena *a, const struct master *m, struct id session,
                    uint32_t room, unsigned char key[KEY_BYTES], struct err *e)
{
    struct bytes wrapped;
    int64_t open_at_ms;
    return wrapped_room_key(db, a, session, room, &wrapped, &open_at_ms, e) &&
           unwrap(a, m, session, room, wrapped, key, e);
}

struct bytes paper_room_key_wrap(struct arena *a, const struct master *m, struct id session,
                                 uint32_t room, const unsigned char key[KEY_BYTES])
{
    return purpose_seal(a, m, KEY_STORE, "paper_room", key_column(a, room), session, KEY_BYTES,
                        key, KEY_BYTES);
}

bool paper_key_of(struct db *db, struct arena *a, const struct master *m, struct id paper,
                  int64_t now_ms, unsigned char key[KEY_BYTES], struct err *e)
{
    struct paper_row p;
    struct bytes wrapped;
    unsigned char parent[KEY_BYTES];
    int64_t open_at_ms;
    if (!paper_get(db, paper, &p, e) ||
        !wrapped_room_key(db, a, p.session, p.room, &wrapped, &open_at_ms, e))
        return false;
    if (now_ms < open_at_ms)
        return FAIL(e, CONFLICT, "/open_at_ms", "试卷尚未启封。");
    if (!unwrap(a, m, p.session, p.room, wrapped, parent, e))
        return false;
    paper_key(key, parent, p.index);
    secret_wipe(parent, sizeof parent);
    return true;
}

bool paper_open(struct db *db, struct arena *a, struct id paper,
                const unsigned char key[KEY_BYTES], struct json_t **exam, struct err *e)
{
    struct paper_row p;
    struct bytes blob, plain;
    if (!paper_get(db, paper, &p, e) || !paper_blob(db, a, paper, &blob, e))
        return false;
    struct blob_head expected = {.session = p.session,
                                 .paper = p.id,
                                 .room = p.room,
                                 .index = p.index,
                                 .revision = p.revision};
    if (!blob_open(a, blob, key, &expected, &plain, e))
        return false;
    *exam = json_read(a, plain.at, plain.len, e);
    return *exam;
}
