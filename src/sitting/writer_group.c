/* sitting/writer_group.c - one group commit: saves and shared jobs are applied in memory, stored in one
 * transaction with its batch record, and only then answered. */
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "sitting/live.h"
#include "sitting/writer_in.h"
#include "store/db.h"

enum { GROUP_ENTRIES_MAX = 4096 };
#define GROUP_ARENA_BYTES ((size_t)1 << 30)

struct group {
    struct journal_writer *writer;
    struct arena *arena;
    struct journal_job *first, *end; /* [first, end) */
    struct batch_time at;
    struct batch_head next;
    size_t stored;         /* entries that go to disk */
    struct query *entries; /* takes them, many rows at once */
};

static struct save_job *save_of(struct journal_job *job)
{
    return job->kind == JOB_SAVE ? (struct save_job *)(void *)job : NULL;
}

static struct shared_job *shared_of(struct journal_job *job)
{
    return job->kind == JOB_SHARED ? (struct shared_job *)(void *)job : NULL;
}

/* --- what the store has, where the head cannot tell --------------------------------------------- */
struct known {
    uint32_t epoch, seq;
    enum branch branch;
    unsigned char hash[HASH_BYTES];
};

/* Everything this attempt has on disk, read once for a save, and only if it is asked for. */
struct look {
    struct group *group;
    struct live_attempt *attempt;
    bool read;
    struct known *known;
    size_t count;
};

static void read_back(struct look *look)
{
    struct db *db = look->group->writer->db;
    struct arena *a = look->group->arena;
    size_t room = 0;
    look->read = true;
    for (int64_t row = look->attempt->committed_row; row > 0;) {
        struct err e = {0};
        struct journal_entry entry;
        size_t used;
        struct query *q = db_query(db, SQL_journal_entry_get);
        query_id(q, look->attempt->session->id);
        query_int(q, row);
        if (!query_one(q, "journal_entry", &e))
            journal_fatal(&e); /* deciding without knowing could store an entry twice */
        row = query_get_int(q, 1);
        enum branch branch = query_get_int(q, 2) == 0 ? BRANCH_MAIN : BRANCH_ASIDE;
        struct bytes bytes = query_get_bytes(q, 6, a), hash = query_get_bytes(q, 7, a);
        query_done(q);
        if (!journal_entry_read(bytes, &entry, &used, &e) || hash.len != HASH_BYTES)
            journal_fatal(&e);
        if (look->count == room) {
            room = room ? room * 2 : 256;
            look->known = arena_grow(a, look->known, look->count, room, sizeof *look->known);
        }
        struct known *k = &look->known[look->count++];
        *k = (struct known){.epoch = entry.epoch, .seq = entry.seq, .branch = branch};
        memcpy(k->hash, hash.at, HASH_BYTES);
    }
}

static enum stored is_stored(void *ctx, const struct journal_entry *entry)
{
    struct look *look = ctx;
    if (!look->read)
        read_back(look);
    for (size_t i = 0; i < look->count; i++)
        if (look->known[i].seq == entry->seq && look->known[i].epoch == entry->epoch &&
            memcmp(look->known[i].hash, entry->hash, HASH_BYTES) == 0)
            return look->known[i].branch == BRANCH_MAIN ? STORED_MAIN : STORED_ASIDE;
    return STORED_NOT;
}

/* --- apply in memory ---------------------------------------------------------------------------- */
static bool is_next(const struct attempt_head *h, const struct journal_entry *entry)
{
    return h->state == ATTEMPT_OPEN && entry->epoch == h->epoch && entry->seq == h->seq + 1 &&
           memcmp(entry->before, h->hash, HASH_BYTES) == 0;
}

static void apply_in_memory(struct group *g, struct save_job *job)
{
    struct live_attempt *a = job->attempt;
    struct look look = {.group = g, .attempt = a};
    struct apply_asked ask = {is_stored, &look};
    enum apply_outcome outcomes[SAVE_ENTRIES_MAX];
    job->placed_count = apply_save(&a->head, &job->save, &ask, outcomes);
    job->result = job->placed_count == job->save.count ? SAVE_STORED : SAVE_GAP;
    job->expect = a->head.seq + 1;
    for (size_t i = 0; i < job->placed_count; i++) {
        struct placed *p = &job->placed[i];
        *p = (struct placed){.outcome = outcomes[i]};
        if (outcomes[i] != APPLY_MAIN && outcomes[i] != APPLY_ASIDE)
            continue;
        p->before_row = a->last_row;
        p->row = a->session->next_row++;
        a->last_row = p->row;
        g->stored++;
    }
}

/* An attempt that this group has touched already is on disk only in part: what is not simply the
 * next entry waits for the next group. */
static bool must_wait(const struct group *g, struct save_job *job)
{
    return job->attempt->group_mark == g->writer->group &&
           !is_next(&job->attempt->head, &job->save.entries[0]);
}

static void apply_all(struct group *g)
{
    struct journal_job *job = g->first;
    for (; job && job->kind != JOB_ACT && g->stored < GROUP_ENTRIES_MAX; job = job->next) {
        struct save_job *save = save_of(job);
        struct shared_job *shared = shared_of(job);
        if (save) {
            if (must_wait(g, save))
                break;
            apply_in_memory(g, save);
            save->attempt->group_mark = g->writer->group;
        } else if (shared) {
            shared->err = (struct err){0};
            shared->ok = shared->check(shared, &shared->err);
        }
    }
    g->end = job;
}

/* --- store -------------------------------------------------------------------------------------- */
static bool put_entry(const struct group *g, const struct save_job *job, size_t i,
                      struct err *e)
{
    const struct journal_entry *entry = &job->save.entries[i];
    const struct placed *p = &job->placed[i];
    struct query *q = g->entries;
    query_id(q, job->attempt->session->id);
    query_int(q, p->row);
    query_int(q, p->before_row);
    query_int(q, p->outcome == APPLY_MAIN ? BRANCH_MAIN : BRANCH_ASIDE);
    query_int(q, job->source);
    query_int(q, job->received_ms);
    query_int(q, g->at.boot_ms);
    query_int(q, g->writer->head.batch + 1);
    query_bytes(q, entry->bytes);
    query_bytes(q, (struct bytes){entry->hash, HASH_BYTES});
    return query_row(q, e);
}

static const char *seal_reason(const struct journal_entry *entry)
{
    static const char *const reasons[] = {"deadline", "invigilator", "hand_in"};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        char want[32] = "\"reason\":\"";
        size_t at = strlen(want), len = strlen(reasons[i]);
        memcpy(want + at, reasons[i], len);
        want[at + len] = '"';
        if (memmem(entry->payload.at, entry->payload.len, want, at + len + 1))
            return reasons[i];
    }
    return "hand_in";
}

static bool put_seal(struct db *db, const struct save_job *job, size_t i, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_ended);
    query_id(q, job->attempt->session->id);
    query_id(q, job->attempt->id);
    query_text(q, attempt_state_name(ATTEMPT_SEALED));
    query_int(q, job->received_ms);
    query_text(q, seal_reason(&job->save.entries[i]));
    query_int(q, job->attempt->last_row);
    return query_change_one(q, "/state", "作答的状态被同时改动。", e);
}

static bool put_last_row(struct db *db, const struct live_attempt *a, struct err *e)
{
    struct query *q = db_query(db, SQL_attempt_last_row);
    query_id(q, a->session->id);
    query_id(q, a->id);
    query_int(q, a->last_row);
    return query_run(q, e);
}

static bool put_save(struct db *db, struct group *g, struct save_job *job,
                     struct batch_lines *b, struct err *e)
{
    bool ended = job->attempt->head.state != ATTEMPT_OPEN, sealed_now = false, stored = false;
    for (size_t i = 0; i < job->placed_count; i++) {
        const struct journal_entry *entry = &job->save.entries[i];
        enum apply_outcome outcome = job->placed[i].outcome;
        if (outcome != APPLY_MAIN && outcome != APPLY_ASIDE)
            continue;
        struct batch_line line = {.subject = entry->attempt,
                                  .epoch = entry->epoch,
                                  .seq = entry->seq,
                                  .branch = outcome == APPLY_MAIN ? BRANCH_MAIN : BRANCH_ASIDE,
                                  .source = (uint8_t)job->source};
        memcpy(line.hash, entry->hash, HASH_BYTES);
        batch_lines_add(b, &line);
        stored = true;
        if (!put_entry(g, job, i, e))
            return false;
        if (outcome == APPLY_MAIN && entry->kind == ENTRY_SEAL) {
            sealed_now = true;
            if (!put_seal(db, job, i, e))
                return false;
        }
    }
    return !stored || !ended || sealed_now || put_last_row(db, job->attempt, e);
}

static bool put_group(struct db *db, void *ctx, struct err *e)
{
    struct group *g = ctx;
    struct batch_lines b;
    batch_lines_begin(&b, g->arena);
    g->entries = db_query(db, SQL_journal_entry_put);
    b.chain = g->writer->config.chain;
    for (struct journal_job *job = g->first; job != g->end; job = job->next) {
        struct save_job *save = save_of(job);
        struct shared_job *shared = shared_of(job);
        if (save && !put_save(db, g, save, &b, e))
            return false;
        if (shared && shared->ok && !shared->work(db, shared, e))
            return false;
    }
    return query_rows_run(g->entries, e) &&
           (b.count == 0 || batch_record_put(db, &b, &g->writer->head, g->at, &g->next, e));
}

/* --- show and answer ---------------------------------------------------------------------------- */
static void show_save(struct save_job *job)
{
    struct live_attempt *a = job->attempt;
    live_lock(a);
    bool was_open = a->state == ATTEMPT_OPEN;
    live_publish_head(a);
    a->last_seen_ms = job->received_ms;
    for (size_t i = 0; i < job->placed_count; i++) {
        const struct journal_entry *entry = &job->save.entries[i];
        if (job->placed[i].outcome == APPLY_ASIDE)
            a->aside++;
        if (job->placed[i].outcome != APPLY_MAIN)
            continue;
        live_note_entry(a, entry);
        a->last_saved_ms = job->received_ms;
        if (entry->kind == ENTRY_SEAL && was_open) {
            const char *reason = seal_reason(entry);
            a->ended_ms = job->received_ms;
            memcpy(a->end_reason, reason, strlen(reason) + 1);
        }
    }
    live_unlock(a);
}

static const char *new_ledger_rows(struct group *g, const struct save_job *job)
{
    const struct journal_entry *last = &job->save.entries[job->save.count - 1];
    if (atomic_load(&job->attempt->session->ledger_top) <= (int64_t)last->ledger_no)
        return "[]";
    struct json_out *o = json_out_create(g->arena);
    live_hold(g->writer->live);
    live_ledger_out(o, job->attempt, last->ledger_no);
    live_release(g->writer->live);
    return json_out_text(o);
}

static void answer_save(struct group *g, struct save_job *job)
{
    const struct journal_entry *last = &job->save.entries[job->save.count - 1];
    struct save_answer answer = {.result = job->result,
                                 .epoch = last->epoch,
                                 .seq = last->seq,
                                 .expect = job->expect,
                                 .batch = g->writer->head,
                                 .ledger_json = new_ledger_rows(g, job)};
    if (job->result == SAVE_STORED) {
        enum apply_outcome outcome = job->placed[job->placed_count - 1].outcome;
        bool is_main = outcome == APPLY_MAIN || outcome == APPLY_AGAIN_MAIN;
        answer.branch = is_main ? BRANCH_MAIN : BRANCH_ASIDE;
    }
    memcpy(answer.hash, last->hash, HASH_BYTES);
    answer.batch.server_ms = g->at.utc_ms;
    job->done(job, &answer);
}

static void answer_shared(struct journal_writer *w, struct shared_job *shared)
{
    if (shared->answered) {
        shared->answered(shared);
        return;
    }
    pthread_mutex_lock(&w->lock);
    shared->finished = true;
    pthread_cond_broadcast(&w->finished);
    pthread_mutex_unlock(&w->lock);
}

/* A job's life may end the moment it is answered: its memory belongs to whoever waits. So the group
 * is parted first, and every `next` is read before the answer. */
static void answer_all(struct group *g)
{
    struct journal_writer *w = g->writer;
    struct journal_job *saves = NULL, *shared = NULL, *next;
    struct journal_job **last_save = &saves, **last_shared = &shared;
    for (struct journal_job *job = g->first; job != g->end; job = next) {
        struct journal_job ***last = save_of(job) ? &last_save : &last_shared;
        next = job->next;
        job->next = NULL;
        **last = job;
        *last = &job->next;
    }
    for (struct journal_job *job = saves; job; job = next) {
        next = job->next;
        answer_save(g, save_of(job));
    }
    for (struct journal_job *job = shared; job; job = next) {
        next = job->next;
        answer_shared(w, shared_of(job));
    }
}

struct journal_job *group_commit(struct journal_writer *w, struct journal_job *job)
{
    struct err e = {0};
    struct group g = {.writer = w, .first = job, .arena = arena_create(GROUP_ARENA_BYTES)};
    w->group++;
    g.at = (struct batch_time){writer_time(w), w->config.boot_ms()};
    apply_all(&g);
    g.next = w->head;
    bool anything = g.stored > 0;
    for (struct journal_job *j = g.first; j != g.end; j = j->next)
        anything = anything || (shared_of(j) && shared_of(j)->ok);
    if (anything && !db_transact(w->db, put_group, &g, &e))
        journal_fatal(&e);
    writer_set_head(w, &g.next);
    for (struct journal_job *j = g.first; j != g.end; j = j->next) {
        if (save_of(j))
            show_save(save_of(j));
        if (shared_of(j) && shared_of(j)->ok)
            shared_of(j)->done(shared_of(j));
    }
    answer_all(&g);
    arena_destroy(g.arena);
    return g.end;
}
