/* sitting/claim.c - a device takes an attempt: epoch + 1, by compare-and-swap, once. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/enter.h"
#include "sitting/live.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

struct claiming {
    struct shared_job job;
    struct journal_writer *writer;
    struct claim_input in;
    struct claimed out;
    struct live_attempt *attempt;
    void (*answered)(void *ctx);
    void *ctx;
    bool repeated; /* the answer to this claim was lost: the same epoch again */
    bool takeover; /* from another device */
    struct live_epoch epoch;
};

/* --- before it queues: signature and rate, on the caller's thread --------------------------------- */
static bool rate_allows(struct live_attempt *a, int64_t now_ms, struct err *e)
{
    live_lock(a);
    if (now_ms / 60000 != a->claims_minute) {
        a->claims_minute = now_ms / 60000;
        a->claims = 0;
    }
    bool ok = a->claims++ < CLAIM_TRIES_A_MINUTE;
    live_unlock(a);
    return ok || FAIL(e, TOO_MANY, "20", "尝试过于频繁，请一分钟后再试。");
}

static bool claim_is_signed(const struct claim_input *in, const unsigned char challenge[32])
{
    unsigned char message[4 + ID_BYTES + 32 + ID_BYTES + HASH_BYTES];
    if (in->signature.len != 64)
        return false;
    memcpy(message, "HNC0", 4);
    memcpy(message + 4, in->attempt.bytes, ID_BYTES);
    memcpy(message + 20, challenge, 32);
    memcpy(message + 52, in->claim.bytes, ID_BYTES);
    hash_of(message + 68, in->pub.at, in->pub.len);
    return device_signature_is_true(in->pub.at, in->signature.at, message, sizeof message);
}

static bool may_try(struct claiming *c, struct err *e)
{
    const struct claim_input *in = &c->in;
    struct live_attempt *a = c->attempt;
    unsigned char challenge[32];
    if (!a || in->pub.len != DEVICE_PUBLIC_BYTES || id_is_zero(in->claim))
        return enter_refused(e);
    if (!rate_allows(a, in->actor->now_ms, e))
        return false;
    live_lock(a);
    bool fresh = in->actor->now_ms < a->challenge_until_ms;
    bool admitted = a->state != ATTEMPT_PREPARED;
    memcpy(challenge, a->challenge, sizeof challenge);
    live_unlock(a);
    if (in->weak) /* without a device key the wait with its challenge was all the proof */
        return (fresh && admitted && a->session->weak_allowed && in->signature.len == 0) ||
               enter_refused(e);
    bool signed_so = claim_is_signed(in, challenge);
    return (fresh && admitted && signed_so) || enter_refused(e);
}

/* --- on the writer's thread ------------------------------------------------------------------------ */
/* Under the attempt's lock. A code is used once, by one device, within 120 s and five tries. */
static bool takeover_allows(struct claiming *c, struct err *e)
{
    struct live_attempt *a = c->attempt;
    unsigned char hash[16];
    if (c->in.takeover && a->takeover_tries > 0) {
        takeover_hash(hash, journal_config_of(c->writer)->master, a->id, c->in.takeover);
        a->takeover_tries--;
        if (c->in.actor->now_ms < a->takeover_until_ms &&
            secret_equal(hash, a->takeover, sizeof hash)) {
            a->takeover_tries = 0;
            a->takeover_until_ms = 0;
            c->takeover = true;
            return true;
        }
    }
    return FAIL(e, CONFLICT, "/takeover", "另一台机器正在作答，请监考员出具换机码后再试。");
}

static bool decide(struct claiming *c, struct err *e)
{
    struct live_attempt *a = c->attempt;
    const struct live_epoch *now = a->epochs_count ? &a->epochs[a->epochs_count - 1] : NULL;
    bool same_device = now && memcmp(now->pub, c->in.pub.at, DEVICE_PUBLIC_BYTES) == 0;
    if (same_device && id_equal(now->claim_id, c->in.claim)) {
        c->repeated = true;
        return true;
    }
    if (a->head.state == ATTEMPT_PREPARED)
        return enter_refused(e);
    if (!apply_may_claim(&a->head))
        return FAIL(e, CONFLICT, "/state", "已经交卷或收卷，不能继续作答。");
    if (id_is_zero(a->paper))
        return FAIL(e, CONFLICT, "/paper", "试卷还没有分发到本考场，请联系监考员。");
    return !now || same_device || takeover_allows(c, e);
}

static bool check(struct shared_job *job, struct err *e)
{
    struct claiming *c = job->ctx;
    struct live_attempt *a = c->attempt;
    struct live *l = journal_live(c->writer);
    unsigned char first[HASH_BYTES];
    live_hold_to_change(l);
    live_lock(a);
    bool ok = decide(c, e);
    if (ok && !c->repeated) {
        memcpy(c->epoch.pub, c->in.pub.at, DEVICE_PUBLIC_BYTES);
        memcpy(c->epoch.main_head, a->head.main_hash, HASH_BYTES);
        c->epoch.weak = c->in.weak;
        c->epoch.claim_id = c->in.claim;
        c->epoch.at_ms = c->in.actor->now_ms;
        hash_of(c->epoch.pub_hash, c->epoch.pub, sizeof c->epoch.pub);
        journal_first_before(first, a->id, a->head.epoch + 1, a->paper_digest,
                             c->epoch.pub_hash, c->epoch.main_head);
        apply_claim(&a->head, first);
        live_epoch_add(l, a, a->head.epoch, &c->epoch);
    }
    c->out.epoch = a->head.epoch;
    live_unlock(a);
    live_release(l);
    return ok;
}

static bool put_epoch(struct db *db, const struct claiming *c, struct err *e)
{
    const struct live_epoch *one = &c->epoch;
    struct query *q = db_query(db, SQL_attempt_claimed);
    query_id(q, c->attempt->session->id);
    query_id(q, c->attempt->id);
    query_int(q, c->out.epoch);
    query_int(q, one->at_ms);
    if (!query_change_one(q, "/epoch", "作答的批次被同时改动。", e))
        return false;
    q = db_query(db, SQL_attempt_epoch_put);
    query_id(q, c->attempt->session->id);
    query_id(q, c->attempt->id);
    query_int(q, c->out.epoch);
    query_bytes(q, (struct bytes){one->pub, sizeof one->pub});
    query_int(q, one->weak);
    query_id(q, one->claim_id);
    query_bytes(q, (struct bytes){one->main_head, HASH_BYTES});
    query_int(q, c->takeover);
    query_int(q, one->at_ms);
    return query_run(q, e);
}

static bool work(struct db *db, struct shared_job *job, struct err *e)
{
    struct claiming *c = job->ctx;
    if (c->repeated)
        return true;
    struct arena *a = arena_create(1 << 20);
    json_t *change = json_keep(a, json_pack("{s:I,s:b,s:b}", "epoch", (json_int_t)c->out.epoch,
                                            "takeover", c->takeover, "weak", c->in.weak));
    bool ok = put_epoch(db, c, e) &&
              audit_write(db, c->in.actor,
                          &(struct audit_row){.act = ACT_attempt_claim,
                                              .object_type = "at",
                                              .object = c->attempt->id,
                                              .chain_owner = c->attempt->session->id,
                                              .change = change},
                          e);
    arena_destroy(a);
    return ok;
}

static void done(struct shared_job *job)
{
    struct claiming *c = job->ctx;
    struct live_attempt *a = c->attempt;
    char text[48];
    live_lock(a);
    live_publish_head(a);
    a->entered = false;
    a->last_seen_ms = c->in.actor->now_ms;
    if (!a->opened_ms)
        a->opened_ms = c->in.actor->now_ms;
    live_unlock(a);
    if (c->repeated || c->out.epoch == 1)
        return;
    snprintf(text, sizeof text, "{\"epoch\":%u}", c->out.epoch);
    journal_publish(c->writer, a->id, "superseded", text);
}

static void answered(struct shared_job *job)
{
    struct claiming *c = job->ctx;
    c->answered(c->ctx);
}

static void set_up(struct claiming *c, struct journal_writer *w, const struct claim_input *in)
{
    *c = (struct claiming){
        .job = {.check = check, .work = work, .done = done, .answered = answered},
        .writer = w,
        .in = *in,
        .attempt = live_find(journal_live(w), in->attempt)};
    c->job.ctx = c;
}

bool attempt_claim_begin(struct journal_writer *w, struct arena *a, struct claim_order *order,
                         struct err *e)
{
    struct claiming *c = arena_new(a, struct claiming);
    set_up(c, w, &order->in);
    c->answered = order->answered;
    c->ctx = order->ctx;
    order->claiming = c;
    return may_try(c, e) && journal_share_later(w, &c->job, e);
}

bool attempt_claim_end(struct claim_order *order, struct claimed *out, struct err *e)
{
    struct claiming *c = order->claiming;
    if (!c->job.ok) {
        *e = c->job.err;
        return false;
    }
    *out = c->out;
    live_lock(c->attempt);
    const struct live_epoch *one = &c->attempt->epochs[out->epoch - 1];
    memcpy(out->save_key, one->save_key, KEY_BYTES);
    memcpy(out->main_head, one->main_head, HASH_BYTES);
    out->weak = one->weak;
    attempt_file_key(out->file_key, c->attempt, out->epoch, one->pub_hash);
    live_unlock(c->attempt);
    out->attempt = c->attempt;
    return true;
}

bool attempt_claim(struct journal_writer *w, const struct claim_input *in, struct claimed *out,
                   struct err *e)
{
    struct claiming c;
    struct claim_order order = {.claiming = &c};
    set_up(&c, w, in);
    return may_try(&c, e) && journal_share(w, &c.job, e) && attempt_claim_end(&order, out, e);
}
