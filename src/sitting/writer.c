/* sitting/writer.c - the writer's queue and thread. What it does with a group of saves is in
 * writer_group.c, with acts of people in writer_act.c. */
#include "sitting/writer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "sitting/batch.h"
#include "sitting/live.h"
#include "sitting/writer_in.h"
#include "store/db.h"

enum { LOCK_PATIENCE_MS = 5000, QUEUE_MAX = 8192, SAVES_A_SECOND = 20, SAVES_BURST = 60 };

_Noreturn void journal_fatal(const struct err *e)
{
    const char *file = e->file ? strstr(e->file, "src/") : NULL;
    LOG_LINE(LOG_US, "journal_commit_failed", LOG_ITEM_WORD(error, err_name(e->code)),
             LOG_ITEM_WORD(at, file ? file : "-"), LOG_ITEM_INT(line, e->line));
    _exit(3);
}

int64_t writer_time(struct journal_writer *w)
{
    int64_t now = w->config.now_ms();
    return now > w->head.server_ms ? now : w->head.server_ms + 1;
}

void writer_set_head(struct journal_writer *w, const struct batch_head *h)
{
    pthread_mutex_lock(&w->lock);
    w->head = *h;
    pthread_mutex_unlock(&w->lock);
}

struct batch_head journal_batch_head(struct journal_writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct batch_head h = w->head;
    pthread_mutex_unlock(&w->lock);
    return h;
}

struct live *journal_live(struct journal_writer *w)
{
    return w->live;
}

const struct journal_config *journal_config_of(const struct journal_writer *w)
{
    return &w->config;
}

struct db *journal_db(struct journal_writer *w)
{
    return w->db;
}

void journal_publish(struct journal_writer *w, struct id topic, const char *name,
                     const char *json)
{
    if (w->config.publish)
        w->config.publish(w->config.publish_ctx, topic, name, json);
}

static struct journal_job *take_all(struct journal_writer *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stopping)
        pthread_cond_wait(&w->work, &w->lock);
    struct journal_job *jobs = w->first;
    w->first = NULL;
    w->last = &w->first;
    w->waiting = 0;
    pthread_mutex_unlock(&w->lock);
    return jobs;
}

static void *run(void *arg)
{
    struct journal_writer *w = arg;
    for (struct journal_job *jobs; (jobs = take_all(w));)
        while (jobs) {
            if (jobs->kind == JOB_ACT) {
                struct sitting_act *act = (struct sitting_act *)(void *)jobs;
                jobs = jobs->next;
                act_commit(w, act);
            } else {
                jobs = group_commit(w, jobs);
            }
        }
    return NULL;
}

/* Acts of people and shared jobs always find room; saves are many and can wait at the client. */
static bool put(struct journal_writer *w, struct journal_job *job, struct err *e)
{
    pthread_mutex_lock(&w->lock);
    size_t most = w->config.queue_max ? w->config.queue_max : QUEUE_MAX;
    bool stopping = w->stopping, full = job->kind == JOB_SAVE && w->waiting >= most;
    if (!stopping && !full) {
        bool idle = !w->first;
        job->next = NULL;
        *w->last = job;
        w->last = &job->next;
        w->waiting++;
        if (idle)
            pthread_cond_signal(&w->work);
    }
    pthread_mutex_unlock(&w->lock);
    if (stopping)
        return FAIL(e, STORE, "journal", "服务正在停止，请稍后再试。");
    return !full || FAIL(e, TOO_MANY, "1", "保存的人太多，请稍等，答案在本机是安全的。");
}

bool journal_check_save(struct journal_writer *w, struct arena *a, struct save_job *job,
                        struct err *e)
{
    const struct journal_entry *first = &job->save.entries[0];
    unsigned char key[KEY_BYTES];
    struct live_attempt *at = live_find(w->live, first->attempt);
    bool known = false;
    if (at) {
        live_lock(at);
        known = first->epoch <= at->epochs_count;
        if (known)
            memcpy(key, at->epochs[first->epoch - 1].save_key, KEY_BYTES);
        live_unlock(at);
    }
    if (!known || !journal_save_tag_is_true(key, &job->save))
        return FAIL(e, UNAUTHENTICATED, "/tag", "保存凭证不对，答案仍在本机。");
    job->attempt = at;
    job->placed = arena_array(a, struct placed, job->save.count);
    return true;
}

static bool within_rate(struct live_attempt *a, int64_t now_ms)
{
    live_lock(a);
    double since = a->saves_ms ? (double)(now_ms - a->saves_ms) : 1e9;
    if (since > 0) {
        a->saves_left += since * SAVES_A_SECOND / 1000;
        a->saves_ms = now_ms;
    }
    if (a->saves_left > SAVES_BURST)
        a->saves_left = SAVES_BURST;
    bool ok = a->saves_left >= 1;
    if (ok)
        a->saves_left -= 1;
    live_unlock(a);
    return ok;
}

bool journal_save(struct journal_writer *w, struct save_job *job, struct err *e)
{
    if (job->source == SOURCE_NET && !within_rate(job->attempt, job->received_ms))
        return FAIL(e, TOO_MANY, "1", "保存过于频繁，请稍等，答案在本机是安全的。");
    job->job.kind = JOB_SAVE;
    return put(w, &job->job, e);
}

struct save_wait {
    struct journal_writer *writer;
    struct save_answer *out;
    bool finished;
};

static void save_waited(struct save_job *job, const struct save_answer *answer)
{
    struct save_wait *wait = job->ctx;
    struct journal_writer *w = wait->writer;
    pthread_mutex_lock(&w->lock);
    *wait->out = *answer;
    wait->out->ledger_json = NULL;
    wait->finished = true;
    pthread_cond_broadcast(&w->finished);
    pthread_mutex_unlock(&w->lock);
}

bool journal_save_wait(struct journal_writer *w, struct arena *a, const struct save_request *rq,
                       struct save_answer *out, struct err *e)
{
    struct save_wait wait = {.writer = w, .out = out};
    struct save_job job = {
        .source = rq->source, .received_ms = rq->now_ms, .done = save_waited, .ctx = &wait};
    if (!journal_save_read(a, rq->body, &job.save, e) || !journal_check_save(w, a, &job, e) ||
        !journal_save(w, &job, e))
        return false;
    pthread_mutex_lock(&w->lock);
    while (!wait.finished)
        pthread_cond_wait(&w->finished, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return true;
}

static bool wait_for(struct journal_writer *w, const bool *finished, const bool *ok,
                     const struct err *err, struct err *e)
{
    pthread_mutex_lock(&w->lock);
    while (!*finished)
        pthread_cond_wait(&w->finished, &w->lock);
    pthread_mutex_unlock(&w->lock);
    if (!*ok && e->code == ERR_NONE)
        *e = *err;
    return *ok;
}

bool journal_share_later(struct journal_writer *w, struct shared_job *job, struct err *e)
{
    job->job.kind = JOB_SHARED;
    job->finished = job->ok = false;
    return put(w, &job->job, e);
}

bool journal_share(struct journal_writer *w, struct shared_job *job, struct err *e)
{
    job->answered = NULL;
    return journal_share_later(w, job, e) &&
           wait_for(w, &job->finished, &job->ok, &job->err, e);
}

bool journal_act(struct journal_writer *w, struct sitting_act *act, struct err *e)
{
    act->job.kind = JOB_ACT;
    act->writer = w;
    act->finished = act->ok = false;
    return put(w, &act->job, e) && wait_for(w, &act->finished, &act->ok, &act->err, e);
}

static bool start(struct journal_writer *w, struct err *e)
{
    w->db = db_open(w->config.store, e);
    w->live = live_create(w->config.master, w->config.chain);
    /* What is in memory is the truth only while nobody else writes it. */
    if (!w->db || !db_hold(w->db, "journal", LOCK_PATIENCE_MS, e) ||
        !batch_head_load(w->db, w->config.chain, &w->head, e) ||
        !live_load_all(w->live, w->db, e))
        return false;
    if (pthread_create(&w->thread, NULL, run, w) != 0)
        return FAIL(e, STORE, "journal", "日志线程不能启动。");
    return true;
}

static void drop(struct journal_writer *w)
{
    live_destroy(w->live);
    db_close(w->db);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->finished);
    arena_destroy(w->arena);
}

struct journal_writer *journal_start(const struct journal_config *c, struct err *e)
{
    struct arena *a = arena_create(1 << 16);
    struct journal_writer *w = arena_new(a, struct journal_writer);
    w->arena = a;
    w->config = *c;
    w->config.chain = c->chain ? c->chain : BATCH_CHAIN;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, NULL);
    pthread_cond_init(&w->finished, NULL);
    if (!start(w, e)) {
        drop(w);
        return NULL;
    }
    return w;
}

void journal_quiet(struct journal_writer *w)
{
    if (!w || w->stopping)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
}

void journal_stop(struct journal_writer *w)
{
    if (!w)
        return;
    journal_quiet(w);
    drop(w);
}
