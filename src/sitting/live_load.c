/* sitting/live_load.c - a prepared session from the database into memory, at its making and after
 * every start of the process. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sitting/batch.h"
#include "sitting/conduct.h"
#include "sitting/live.h"
#include "sitting/live_in.h"
#include "sitting/node.h"
#include "store/db.h"

enum { SCAN_ROWS = 2000 };
#define SCAN_ARENA_BYTES ((size_t)1 << 30)

static void copy_bytes(void *to, size_t len, struct bytes from)
{
    if (from.len == len)
        memcpy(to, from.at, len);
}

static void copy_text(char *to, size_t room, const char *from)
{
    size_t len = from ? strlen(from) : 0;
    if (len >= room)
        len = room - 1;
    if (len)
        memcpy(to, from, len);
    to[len] = '\0';
}

static bool session_read(struct live *l, struct db *db, struct id id, struct live_session *s,
                         struct err *e)
{
    struct query *q = db_query(db, SQL_delivery_session_get);
    query_id(q, id);
    if (!query_one(q, "session", e))
        return false;
    s->id = query_get_id(q, 0);
    s->body = query_get_id(q, 1);
    s->title = query_get_text(q, 2, l->arena);
    s->starts_ms = query_get_int(q, 3);
    s->minutes = query_get_int(q, 4);
    s->zone_offset_ms = query_get_int(q, 5);
    s->late_limit_ms = query_get_int(q, 6);
    s->earliest_hand_in_ms = query_get_int(q, 7);
    s->grace_ms = query_get_int(q, 8);
    s->weak_allowed = query_get_int(q, 9) != 0;
    query_done(q);
    return true;
}

static bool conduct_load(struct live *l, struct db *db, struct live_session *s, struct err *e)
{
    struct conduct c;
    if (!conduct_get(db, l->arena, s->id, &c, e))
        return false;
    atomic_store(&s->online, c.online);
    atomic_store(&s->recorded, c.recorded);
    atomic_store(&s->seb, c.seb);
    return true;
}

/* Only a room node has one. */
static bool roster_key_read(struct live *l, struct db *db, struct live_session *s,
                            struct err *e)
{
    struct bytes plain;
    bool found;
    struct query *q = db_query(db, SQL_node_package_roster_key);
    query_id(q, s->id);
    if (!query_maybe(q, &found, e) || !found)
        return e->code == ERR_NONE;
    struct bytes wrapped = query_get_bytes(q, 0, l->arena);
    query_done(q);
    if (!purpose_open(l->arena, l->master, KEY_STORE, "node_package", "roster_key", s->id,
                      wrapped, &plain, e))
        return false;
    if (plain.len != KEY_BYTES)
        return FAIL(e, STORE, "roster_key", "名册密钥长度不对。");
    memcpy(s->roster_key, plain.at, KEY_BYTES);
    secret_wipe((void *)(uintptr_t)plain.at, plain.len);
    s->has_roster_key = true;
    return true;
}

static bool ledger_load(struct live *l, struct db *db, struct live_session *s, struct err *e)
{
    struct ledger_row *rows;
    size_t count;
    if (!ledger_of_session(db, l->arena, s->id, &rows, &count, e))
        return false;
    s->ledger_count = 0;
    /* What a room node handed up concerns nobody who is served here. */
    for (size_t i = 0; i < count; i++)
        if (rows[i].no < ROW_SPACE)
            live_ledger_add(l, s, &rows[i]);
    return true;
}

static struct live_room *room_of(struct live_session *s, struct id id)
{
    struct live_room *r = s->rooms;
    while (r && !id_equal(r->id, id))
        r = r->next;
    return r;
}

static bool rooms_load(struct live *l, struct db *db, struct live_session *s, struct err *e)
{
    _Atomic(struct live_room *) *last = &s->rooms;
    struct query *q = db_query(db, SQL_delivery_room_list);
    query_id(q, s->id);
    while (query_next(q, e)) {
        struct id id = query_get_id(q, 0);
        if (room_of(s, id))
            continue;
        struct live_room *r = arena_new(l->arena, struct live_room);
        r->session = s;
        r->id = id;
        r->no = query_get_int(q, 1);
        r->name = query_get_text(q, 2, l->arena);
        if (!room_key_unwrap(l->arena, l->master, id, query_get_bytes(q, 3, l->arena),
                             r->attempt_key, e)) {
            query_done(q);
            return false;
        }
        for (struct live_room *at; (at = *last);)
            last = &at->next;
        *last = r;
    }
    for (struct live_room *r = s->rooms; r && e->code == ERR_NONE; r = r->next) {
        bool away;
        if (room_is_away(db, r->id, &away, e))
            atomic_store(&r->away, away);
    }
    return e->code == ERR_NONE;
}

static enum attempt_state state_of(const char *name)
{
    for (int i = 0; i < ATTEMPT_STATES; i++)
        if (strcmp(name, attempt_state_name((enum attempt_state)i)) == 0)
            return (enum attempt_state)i;
    return ATTEMPT_CLOSED;
}

static enum presence presence_of(const char *name)
{
    return strcmp(name, "present") == 0  ? PRESENCE_PRESENT
           : strcmp(name, "absent") == 0 ? PRESENCE_ABSENT
                                         : PRESENCE_UNKNOWN;
}

static struct live_attempt *attempt_read(struct live *l, struct query *q, struct live_room *r)
{
    struct live_attempt *a = arena_new(l->arena, struct live_attempt);
    a->session = r->session;
    a->room = r;
    a->id = query_get_id(q, 0);
    a->seat = query_get_id(q, 2);
    a->seat_no = query_get_int(q, 3);
    a->entry = query_get_id(q, 4);
    a->ticket = query_get_text(q, 5, l->arena);
    a->name = query_get_text(q, 6, l->arena);
    copy_bytes(a->document_index, sizeof a->document_index, query_get_bytes(q, 7, l->arena));
    a->document_letter = query_get_text(q, 8, l->arena)[0];
    copy_text(a->document_country, sizeof a->document_country, query_get_text(q, 9, l->arena));
    a->photo = query_get_id(q, 10);
    a->paper = query_get_id(q, 11);
    a->paper_no = query_get_int(q, 12);
    copy_bytes(a->paper_digest, HASH_BYTES, query_get_bytes(q, 13, l->arena));
    a->paper_bytes = query_get_int(q, 14);
    a->head.state = state_of(query_get_text(q, 15, l->arena));
    a->head.epoch = (uint32_t)query_get_int(q, 16);
    a->presence = presence_of(query_get_text(q, 17, l->arena));
    a->admitted_ms = query_get_int(q, 18);
    a->opened_ms = query_get_int(q, 19);
    a->ended_ms = query_get_int(q, 20);
    copy_text(a->end_reason, sizeof a->end_reason, query_get_text(q, 21, l->arena));
    copy_text(a->seal_code, sizeof a->seal_code, query_get_text(q, 23, l->arena));
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

static bool epochs_load(struct live *l, struct db *db, struct live_attempt *a, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_epoch_list);
    query_id(q, a->session->id);
    query_id(q, a->id);
    while (query_next(q, e)) {
        struct live_epoch one = {.weak = query_get_int(q, 2) != 0,
                                 .claim_id = query_get_id(q, 3),
                                 .at_ms = query_get_int(q, 5)};
        uint32_t epoch = (uint32_t)query_get_int(q, 0);
        copy_bytes(one.pub, sizeof one.pub, query_get_bytes(q, 1, l->arena));
        copy_bytes(one.main_head, HASH_BYTES, query_get_bytes(q, 4, l->arena));
        if (epoch != a->epochs_count + 1) {
            query_done(q);
            return FAIL(e, STORE, "attempt_epoch", "作答的设备记录有缺。");
        }
        live_epoch_add(l, a, epoch, &one);
    }
    if (e->code != ERR_NONE)
        return false;
    if (a->epochs_count != a->head.epoch)
        return FAIL(e, STORE, "attempt_epoch", "作答的设备记录与状态不符。");
    if (a->head.epoch > 0) {
        const struct live_epoch *now = &a->epochs[a->head.epoch - 1];
        journal_first_before(a->head.hash, a->id, a->head.epoch, a->paper_digest, now->pub_hash,
                             now->main_head);
    }
    return true;
}

static bool attempts_load(struct live *l, struct db *db, struct live_session *s, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_list);
    query_id(q, s->id);
    while (query_next(q, e)) {
        struct live_room *r = room_of(s, query_get_id(q, 1));
        if (!r) {
            query_done(q);
            return FAIL(e, STORE, "attempt", "作答所在的考场不在场次中。");
        }
        if (live_find(l, query_get_id(q, 0)))
            continue;
        struct live_attempt *a = attempt_read(l, q, r);
        if (!epochs_load(l, db, a, e)) {
            query_done(q);
            return false;
        }
        size_t count = r->count;
        struct live_attempt **grown = arena_grow(l->arena, r->attempts, count, count + 1,
                                                 sizeof *grown);
        grown[count] = a;
        r->attempts = grown;
        r->count = count + 1;
        live_publish_head(a);
        live_table_put(l, a);
    }
    return e->code == ERR_NONE;
}

static void replay(struct live_attempt *a, const struct journal_entry *entry, int64_t row,
                   enum branch branch, int64_t received_ms)
{
    a->last_row = row;
    a->last_saved_ms = a->last_seen_ms = received_ms;
    if (branch == BRANCH_ASIDE) {
        a->aside++;
        return;
    }
    struct attempt_head *h = &a->head;
    h->main_epoch = entry->epoch;
    h->main_seq = entry->seq;
    memcpy(h->main_hash, entry->hash, HASH_BYTES);
    if (entry->epoch == h->epoch) {
        h->seq = entry->seq;
        memcpy(h->hash, entry->hash, HASH_BYTES);
        memcpy(h->recent[entry->seq % HEAD_RECENT], entry->hash, HASH_BYTES);
    }
    live_note_entry(a, entry);
}

static bool page_load(struct live *l, struct db *db, struct live_session *s, int64_t *last,
                      struct err *e)
{
    struct arena *page = arena_create(SCAN_ARENA_BYTES);
    struct query *q = db_query(db, SQL_journal_entry_scan);
    query_id(q, s->id);
    query_int(q, *last);
    query_int(q, SCAN_ROWS);
    while (query_next(q, e)) {
        struct journal_entry entry;
        size_t used;
        *last = query_get_int(q, 0);
        struct bytes bytes = query_get_bytes(q, 6, page), hash = query_get_bytes(q, 7, page);
        if (hash.len != HASH_BYTES || !journal_entry_read(bytes, &entry, &used, e)) {
            query_done(q);
            FAIL(e, STORE, "journal_entry", "日志中有读不出的条目。");
            break;
        }
        memcpy(entry.hash, hash.at, HASH_BYTES);
        if (chain_of_row(*last) == l->chain)
            s->next_row = *last + 1;
        struct live_attempt *a = live_find(l, entry.attempt);
        if (!a)
            continue;
        live_lock(a); /* it is in the tables already, so somebody may have found it */
        replay(a, &entry, *last, query_get_int(q, 2) == 0 ? BRANCH_MAIN : BRANCH_ASIDE,
               query_get_int(q, 4));
        live_unlock(a);
    }
    arena_destroy(page);
    return e->code == ERR_NONE;
}

static bool journal_load(struct live *l, struct db *db, struct live_session *s, struct err *e)
{
    int64_t last = 0, at;
    s->next_row = first_row_of_chain(l->chain);
    do {
        at = last;
        if (!page_load(l, db, s, &last, e))
            return false;
    } while (last > at);
    return true;
}

static void heads_publish(struct live_session *s)
{
    for (struct live_room *r = s->rooms; r; r = r->next)
        for (size_t i = 0; i < r->count; i++) {
            live_lock(r->attempts[i]);
            live_publish_head(r->attempts[i]);
            live_unlock(r->attempts[i]);
        }
}

/* Half a session is none: the next load begins afresh. Whoever found an attempt of it meanwhile may still
 * hold it, so locks stay as the objects do. */
static void forget(struct live *l, struct live_session *s)
{
    for (struct live_room *r = s->rooms; r; r = r->next)
        for (size_t i = 0; i < r->count; i++)
            live_table_drop(l, r->attempts[i]);
}

static bool load(struct live *l, struct db *db, struct id id, struct err *e)
{
    struct live_session *s = live_find_session(l, id);
    if (s) /* a node's newer package may ask for another browser */
        return conduct_load(l, db, s, e) && rooms_load(l, db, s, e) &&
               attempts_load(l, db, s, e);
    s = arena_new(l->arena, struct live_session);
    if (!session_read(l, db, id, s, e) || !conduct_load(l, db, s, e) ||
        !roster_key_read(l, db, s, e) || !ledger_load(l, db, s, e) ||
        !rooms_load(l, db, s, e) || !attempts_load(l, db, s, e) || !journal_load(l, db, s, e)) {
        forget(l, s);
        return false;
    }
    heads_publish(s);
    s->next = atomic_load(&l->sessions);
    atomic_store(&l->sessions, s);
    return true;
}

bool live_load(struct live *l, struct db *db, struct id session, struct err *e)
{
    live_hold_to_change(l);
    bool ok = load(l, db, session, e);
    live_release(l);
    return ok;
}

bool live_load_all(struct live *l, struct db *db, struct err *e)
{
    struct arena *a = arena_create(1 << 24);
    struct id *ids = NULL;
    size_t count = 0;
    struct query *q = db_query(db, SQL_delivery_session_live);
    while (query_next(q, e)) {
        ids = arena_grow(a, ids, count, count + 1, sizeof *ids);
        ids[count++] = query_get_id(q, 0);
    }
    bool ok = e->code == ERR_NONE;
    for (size_t i = 0; ok && i < count; i++)
        ok = live_load(l, db, ids[i], e);
    arena_destroy(a);
    return ok;
}
