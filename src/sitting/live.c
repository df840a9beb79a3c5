/* sitting/live.c - the tables of live sessions, their locks, and the keys of attempts. */
#include "sitting/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "sitting/live_in.h"

/* Objects are never given back before the end, so readers of a chain need no lock. */
static size_t bucket_of_id(struct id id)
{
    return (size_t)(id.bytes[0] << 8 | id.bytes[1]) % LIVE_BUCKETS;
}

static size_t bucket_of_text(const char *text)
{
    uint32_t h = 2166136261u;
    for (const char *c = text; *c; c++)
        h = (h ^ (unsigned char)*c) * 16777619u;
    return h % LIVE_BUCKETS;
}

struct live *live_create(const struct master *m, int64_t chain)
{
    struct arena *a = arena_create(LIVE_ARENA_BYTES);
    struct live *l = arena_new(a, struct live);
    l->arena = a;
    l->master = m;
    l->chain = chain;
    pthread_rwlock_init(&l->held, NULL);
    return l;
}

static void attempts_destroy(struct live *l)
{
    for (size_t i = 0; i < LIVE_BUCKETS; i++)
        for (struct live_attempt *a = atomic_load(&l->by_id[i]); a; a = a->next)
            pthread_mutex_destroy(&a->lock);
}

void live_destroy(struct live *l)
{
    if (!l)
        return;
    attempts_destroy(l);
    pthread_rwlock_destroy(&l->held);
    arena_destroy(l->arena);
}

void live_table_put(struct live *l, struct live_attempt *a)
{
    size_t i = bucket_of_id(a->id), k = bucket_of_text(a->ticket);
    a->next = atomic_load(&l->by_id[i]);
    a->next_ticket = atomic_load(&l->by_ticket[k]);
    atomic_store(&l->by_id[i], a);
    atomic_store(&l->by_ticket[k], a);
}

void live_table_drop(struct live *l, struct live_attempt *a)
{
    _Atomic(struct live_attempt *) *at = &l->by_id[bucket_of_id(a->id)];
    for (; atomic_load(at); at = &atomic_load(at)->next)
        if (atomic_load(at) == a) {
            atomic_store(at, atomic_load(&a->next));
            break;
        }
    at = &l->by_ticket[bucket_of_text(a->ticket)];
    for (; atomic_load(at); at = &atomic_load(at)->next_ticket)
        if (atomic_load(at) == a) {
            atomic_store(at, atomic_load(&a->next_ticket));
            break;
        }
}

struct live_attempt *live_find(struct live *l, struct id attempt)
{
    struct live_attempt *a = atomic_load(&l->by_id[bucket_of_id(attempt)]);
    while (a && !id_equal(a->id, attempt))
        a = a->next;
    return a;
}

struct live_attempt *live_find_ticket(struct live *l, const char *ticket)
{
    struct live_attempt *a = atomic_load(&l->by_ticket[bucket_of_text(ticket)]);
    while (a && strcmp(a->ticket, ticket) != 0)
        a = a->next_ticket;
    return a;
}

struct live_session *live_first_session(struct live *l)
{
    return atomic_load(&l->sessions);
}

struct live_session *live_find_session(struct live *l, struct id session)
{
    struct live_session *s = live_first_session(l);
    while (s && !id_equal(s->id, session))
        s = s->next;
    return s;
}

struct live_room *live_find_room(struct live *l, struct id room)
{
    struct live_room *found = NULL;
    live_hold(l);
    for (struct live_session *s = live_first_session(l); s && !found; s = s->next)
        for (struct live_room *r = s->rooms; r && !found; r = r->next)
            if (id_equal(r->id, room))
                found = r;
    live_release(l);
    return found;
}

void live_lock(struct live_attempt *a)
{
    pthread_mutex_lock(&a->lock);
}

void live_unlock(struct live_attempt *a)
{
    pthread_mutex_unlock(&a->lock);
}

void live_hold(struct live *l)
{
    pthread_rwlock_rdlock(&l->held);
}

void live_hold_to_change(struct live *l)
{
    pthread_rwlock_wrlock(&l->held);
}

void live_release(struct live *l)
{
    pthread_rwlock_unlock(&l->held);
}

static struct ledger_who who_of(const struct live_attempt *a)
{
    return (struct ledger_who){a->session->id, a->room->id, a->id};
}

struct exam_clock live_clock(const struct live_attempt *a, int64_t now_ms)
{
    struct ledger_who who = who_of(a);
    return ledger_clock(a->session->ledger, a->session->ledger_count, &who, a->session->minutes,
                        now_ms);
}

void live_ledger_add(struct live *l, struct live_session *s, const struct ledger_row *row)
{
    if (s->ledger_count == s->ledger_room) {
        s->ledger_room = s->ledger_room ? s->ledger_room * 2 : 16;
        s->ledger = arena_grow(l->arena, s->ledger, s->ledger_count, s->ledger_room,
                               sizeof *s->ledger);
    }
    struct ledger_row *r = &s->ledger[s->ledger_count++];
    *r = *row;
    r->reason = arena_text(l->arena, row->reason);
    atomic_store(&s->ledger_top, r->no);
}

void live_ledger_out(struct json_out *o, const struct live_attempt *a, int64_t after)
{
    struct ledger_who who = who_of(a);
    out_array(o);
    for (size_t i = 0; i < a->session->ledger_count; i++)
        if (a->session->ledger[i].no > after && ledger_concerns(&a->session->ledger[i], &who))
            ledger_row_out(o, &a->session->ledger[i]);
    out_array_end(o);
}

static void attempt_key(unsigned char out[KEY_BYTES], const char *purpose,
                        const struct live_attempt *a, uint32_t epoch,
                        const unsigned char pub_hash[HASH_BYTES])
{
    struct tag_state t;
    unsigned char n[4];
    be32_put(n, epoch);
    tag_begin(&t, a->room->attempt_key);
    tag_add(&t, purpose, strlen(purpose));
    tag_add(&t, a->id.bytes, ID_BYTES);
    tag_add(&t, n, sizeof n);
    tag_add(&t, pub_hash, HASH_BYTES);
    tag_end(&t, out);
}

void attempt_save_key(unsigned char out[KEY_BYTES], const struct live_attempt *a,
                      uint32_t epoch, const unsigned char pub_hash[HASH_BYTES])
{
    attempt_key(out, "heng/attempt-save/1", a, epoch, pub_hash);
}

void attempt_file_key(unsigned char out[KEY_BYTES], const struct live_attempt *a,
                      uint32_t epoch, const unsigned char pub_hash[HASH_BYTES])
{
    attempt_key(out, "heng/attempt-file/1", a, epoch, pub_hash);
}

/* A new array each time there is no room: readers under the lock see the old or the new one. */
void live_epoch_add(struct live *l, struct live_attempt *a, uint32_t epoch,
                    const struct live_epoch *in)
{
    if (epoch > a->epochs_room) {
        uint32_t room = a->epochs_room ? a->epochs_room * 2 : 2;
        while (room < epoch)
            room *= 2;
        a->epochs = arena_grow(l->arena, a->epochs, a->epochs_count, room, sizeof *a->epochs);
        a->epochs_room = room;
    }
    a->epochs[epoch - 1] = *in;
    hash_of(a->epochs[epoch - 1].pub_hash, in->pub, sizeof in->pub);
    attempt_save_key(a->epochs[epoch - 1].save_key, a, epoch, a->epochs[epoch - 1].pub_hash);
    if (epoch > a->epochs_count)
        a->epochs_count = epoch;
}

static bool says(const struct journal_entry *entry, const char *what)
{
    return memmem(entry->payload.at, entry->payload.len, what, strlen(what)) != NULL;
}

static void note_answer(struct live_attempt *a, const struct journal_entry *entry)
{
    if (entry->item == 0 || entry->item > ANSWERED_ITEMS)
        return;
    unsigned char *byte = &a->answered_bits[(entry->item - 1) / 8];
    unsigned char bit = (unsigned char)(1u << (entry->item - 1) % 8);
    bool was = *byte & bit, is = entry->kind == ENTRY_ANSWER;
    if (is && !was)
        a->answered++;
    if (!is && was)
        a->answered--;
    *byte = (unsigned char)(is ? *byte | bit : *byte & ~bit);
}

void live_note_entry(struct live_attempt *a, const struct journal_entry *entry)
{
    if (entry->kind == ENTRY_ANSWER || entry->kind == ENTRY_CLEAR)
        note_answer(a, entry);
    if ((entry->kind == ENTRY_ANSWER || entry->kind == ENTRY_VISIT) && entry->item)
        a->last_item = entry->item;
    if (entry->kind == ENTRY_EVENT) {
        a->away += says(entry, "\"what\":\"hidden\"") || says(entry, "\"what\":\"blur\"") ||
                   says(entry, "\"what\":\"fullscreen_left\"");
        a->clock_jumps += says(entry, "\"what\":\"clock_jump\"");
    }
}

void live_publish_head(struct live_attempt *a)
{
    const struct attempt_head *h = &a->head;
    a->state = h->state;
    a->epoch = h->epoch;
    a->main_epoch = h->main_epoch;
    a->main_seq = h->main_seq;
    memcpy(a->main_hash, h->main_hash, HASH_BYTES);
    a->committed_row = a->last_row;
    a->tile_changed = true;
}

struct bytes room_key_wrap(struct arena *a, const struct master *m, struct id room,
                           const unsigned char key[KEY_BYTES])
{
    return purpose_seal(a, m, KEY_STORE, "delivery_room", "attempt_key", room, 32, key,
                        KEY_BYTES);
}

bool room_key_unwrap(struct arena *a, const struct master *m, struct id room,
                     struct bytes wrapped, unsigned char out[KEY_BYTES], struct err *e)
{
    struct bytes plain;
    if (!purpose_open(a, m, KEY_STORE, "delivery_room", "attempt_key", room, wrapped, &plain,
                      e))
        return false;
    if (plain.len != KEY_BYTES)
        return FAIL(e, STORE, "attempt_key", "考场密钥长度不对。");
    memcpy(out, plain.at, KEY_BYTES);
    secret_wipe((void *)(uintptr_t)plain.at, plain.len);
    return true;
}
