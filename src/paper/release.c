/* paper/release.c - officers arm, two of them release, and nobody can before the time. */
#include <jansson.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/blob.h"
#include "paper/paper_store.h"
#include "paper/share.h"
#include "store/db.h"

enum { DESK_SESSIONS_MAX = 64, SEAL_ARENA_BYTES = 1 << 20, CODE_PAD_BYTES = 32 };
static const int64_t ARMED_KEEP_MS = 24 * 60 * 60 * 1000;

struct armed_officer {
    struct id account;
    struct share share;
};

struct armed_session {
    struct id session; /* zero: free */
    int64_t at_ms;
    int count;
    struct armed_officer officers[OFFICERS_MAX];
};

/* Lies in locked memory: the shares of two officers are the key. */
struct release_desk {
    pthread_mutex_t lock;
    int64_t wall_ms, boot_ms;
    struct armed_session sessions[DESK_SESSIONS_MAX];
};

struct release_desk *release_desk_create(int64_t now_ms, int64_t boot_ms)
{
    struct release_desk *d = secret_alloc(sizeof *d);
    memset(d, 0, sizeof *d);
    pthread_mutex_init(&d->lock, NULL);
    d->wall_ms = now_ms;
    d->boot_ms = boot_ms;
    return d;
}

void release_desk_destroy(struct release_desk *d)
{
    if (!d)
        return;
    pthread_mutex_destroy(&d->lock);
    secret_free(d); /* wipes */
}

/* --- officers ------------------------------------------------------------------------------------ */
struct enrolling {
    const struct actor *who;
    struct bytes public, secret;
};

static bool put_officer(struct db *db, void *ctx, struct err *e)
{
    const struct enrolling *n = ctx;
    struct query *q = db_query(db, SQL_release_officer_put);
    query_id(q, n->who->account);
    query_bytes(q, n->public);
    query_bytes(q, n->secret);
    query_int(q, n->who->now_ms);
    return query_run(q, e) && audit_write(db, n->who,
                                          &(struct audit_row){.act = ACT_officer_enrol,
                                                              .object_type = "ac",
                                                              .object = n->who->account},
                                          e);
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

bool officer_enrol(struct db *db, struct arena *a, const struct actor *who,
                   const char *passphrase, uint32_t mem_mib, struct err *e)
{
    unsigned char public[BOX_PUBLIC_BYTES], secret[BOX_SECRET_BYTES];
    if (characters(passphrase) < OFFICER_PASSPHRASE_MIN)
        return FAIL(e, INVALID, "/passphrase", "启封口令至少 %d 个字符。",
                    OFFICER_PASSPHRASE_MIN);
    box_keypair(public, secret);
    struct enrolling n = {who,
                          {public, sizeof public},
                          passphrase_seal(a, passphrase, mem_mib ? mem_mib : OFFICER_MEM_MIB,
                                          OFFICER_PASSES, secret, sizeof secret)};
    secret_wipe(secret, sizeof secret);
    return db_transact(db, put_officer, &n, e);
}

bool officer_has_key(struct db *db, struct id account, bool *has, struct err *e)
{
    unsigned char public[BOX_PUBLIC_BYTES];
    struct arena *scratch = arena_create(4096);
    bool ok = officer_public(db, scratch, account, public, has, e);
    arena_destroy(scratch);
    return ok;
}

/* --- arming -------------------------------------------------------------------------------------- */
static struct armed_session *armed_of(struct release_desk *d, struct id session)
{
    for (size_t i = 0; i < DESK_SESSIONS_MAX; i++)
        if (id_equal(d->sessions[i].session, session))
            return &d->sessions[i];
    return NULL;
}

/* The session's place, or a free one; places of sessions long over are wiped first. */
static struct armed_session *place_for(struct release_desk *d, struct id session,
                                       int64_t now_ms)
{
    struct armed_session *s = armed_of(d, session);
    for (size_t i = 0; i < DESK_SESSIONS_MAX; i++)
        if (d->sessions[i].at_ms + ARMED_KEEP_MS < now_ms)
            secret_wipe(&d->sessions[i], sizeof d->sessions[i]);
    if (s && !id_is_zero(s->session))
        return s;
    s = armed_of(d, (struct id){{0}});
    if (s) {
        s->session = session;
        s->at_ms = now_ms;
    }
    return s;
}

static bool keep_share(struct release_desk *d, const struct arm_order *o, struct id account,
                       const struct share *share, int *armed, struct err *e)
{
    bool ok = true;
    pthread_mutex_lock(&d->lock);
    struct armed_session *s = place_for(d, o->session, o->now_ms);
    if (!s) {
        ok = FAIL(e, TOO_MANY, "session", "同时待启封的场次过多。");
    } else {
        int at = 0;
        while (at < s->count && !id_equal(s->officers[at].account, account))
            at++;
        if (at < OFFICERS_MAX) {
            s->officers[at] = (struct armed_officer){account, *share};
            s->count = at == s->count ? s->count + 1 : s->count;
        }
        *armed = s->count;
    }
    pthread_mutex_unlock(&d->lock);
    return ok;
}

static bool open_share(const struct bank *b, const struct arm_order *o, struct share *share,
                       struct err *e)
{
    static const char refused[] = "口令不对，或者您不是本场次的启封员。";
    struct share_record r;
    struct bytes secret;
    bool found;
    if (!share_find(b->db, b->arena, o->session, b->actor->account, &r, &found, e))
        return false;
    if (!found || r.box.len != SHARE_BYTES + BOX_SEAL_EXTRA_BYTES ||
        r.public.len != BOX_PUBLIC_BYTES ||
        !passphrase_open(b->arena, o->passphrase, r.secret, &secret))
        return FAIL(e, FORBIDDEN, "/passphrase", "%s", refused);
    bool ok = secret.len == BOX_SECRET_BYTES &&
              box_open(share->bytes, r.box.at, r.box.len, r.public.at, secret.at) &&
              share_is_of(share, o->session, (int)r.number);
    secret_wipe((void *)(uintptr_t)secret.at, secret.len);
    return ok || FAIL(e, CONFLICT, "/officers",
                      "启封密钥已更换，打不开本场次的分片，请重新制作试卷。");
}

struct arming {
    const struct actor *who;
    struct id session;
};

static bool put_arm_audit(struct db *db, void *ctx, struct err *e)
{
    const struct arming *g = ctx;
    return audit_write(
        db, g->who,
        &(struct audit_row){.act = ACT_officer_arm, .object_type = "se", .object = g->session},
        e);
}

static bool session_of_body(const struct bank *b, struct id session, struct sealed_session *s,
                            struct err *e)
{
    bool found;
    return sealed_session_find(b->db, b->arena, session, s, &found, e) &&
           ((found && id_equal(s->body, b->actor->body)) ||
            FAIL(e, NOT_FOUND, "session", "本场次还没有制作试卷。"));
}

bool officer_arm(struct release_desk *d, const struct bank *b, const struct arm_order *order,
                 int *armed, struct err *e)
{
    struct sealed_session s;
    struct share share;
    struct id session = order->session;
    struct arming g = {b->actor, session};
    if (!session_of_body(b, session, &s, e))
        return false;
    if (s.released_ms != 0)
        return FAIL(e, CONFLICT, "/session", "本场次的试卷已经启封。");
    if (order->now_ms < s.open_at_ms - ARM_BEFORE_MS)
        return FAIL(e, CONFLICT, "/open_at_ms", "开考前 60 分钟起才能就位。");
    bool ok = open_share(b, order, &share, e) && db_transact(b->db, put_arm_audit, &g, e) &&
              keep_share(d, order, b->actor->account, &share, armed, e);
    secret_wipe(&share, sizeof share);
    return ok;
}

/* --- release ------------------------------------------------------------------------------------- */
struct releasing {
    const struct bank *bank;
    struct id session, officers[2];
    const unsigned char *session_key;
};

static bool put_room_key(struct db *db, const struct releasing *r, const struct sealed_room *x,
                         struct err *e)
{
    unsigned char key[KEY_BYTES], commit[HASH_BYTES];
    struct arena *scratch = arena_create(SEAL_ARENA_BYTES);
    room_key(key, r->session_key, x->room, x->revision);
    room_key_commitment(commit, r->session, x->room, x->revision, key);
    bool ok = secret_equal(commit, x->key_commit, HASH_BYTES) ||
              FAIL(e, INVALID, "/room_key_commit", "合成的密钥与清单中的承诺值不符。");
    if (ok) {
        struct query *q = db_query(db, SQL_paper_room_key_set);
        query_id(q, r->session);
        query_int(q, x->room);
        query_bytes(q, paper_room_key_wrap(scratch, r->bank->master, r->session, x->room, key));
        ok = query_change_one(q, "room", "考场刚刚变动过。", e);
    }
    secret_wipe(key, sizeof key);
    arena_destroy(scratch);
    return ok;
}

/* --- the code by phone ---------------------------------------------------------------------------- */
static const char *code_column(struct arena *a, int64_t room, int64_t half)
{
    return arena_printf(a, "code/%lld/%lld", (long long)room, (long long)half);
}

/* Each officer gets one half of each room that a node serves; before K_S was whole nobody could. */
static bool put_codes(struct db *db, const struct releasing *r, const struct sealed_room *x,
                      struct err *e)
{
    bool ok = true, found;
    struct arena *scratch = arena_create(SEAL_ARENA_BYTES);
    struct query *q = db_query(db, SQL_paper_roster_there);
    query_id(q, r->session);
    query_int(q, x->room);
    ok = query_maybe(q, &found, e);
    if (ok && found)
        query_done(q);
    for (int half = 0; ok && found && half < 2; half++) {
        char text[CODE_HALF_TEXT_BYTES];
        phone_code_half(text, r->session_key, x->room, x->revision, half);
        q = db_query(db, SQL_paper_code_put);
        query_id(q, r->session);
        query_int(q, x->room);
        query_int(q, half);
        query_id(q, r->officers[half]);
        query_bytes(q, purpose_seal(scratch, r->bank->master, KEY_STORE, "paper_code",
                                    code_column(scratch, x->room, half), r->session,
                                    CODE_PAD_BYTES, text, strlen(text)));
        secret_wipe(text, sizeof text);
        ok = query_run(q, e);
    }
    arena_destroy(scratch);
    return ok;
}

struct code_reading {
    const struct bank *bank;
    struct id session;
    struct release_code *codes;
    size_t count;
};

static bool read_codes(struct db *db, void *ctx, struct err *e)
{
    struct code_reading *c = ctx;
    struct arena *a = c->bank->arena;
    struct query *q = db_query(db, SQL_paper_code_list);
    c->count = 0;
    query_id(q, c->session);
    query_id(q, c->bank->actor->account);
    while (query_next(q, e)) {
        struct bytes plain, sealed = query_get_bytes(q, 2, a);
        int64_t room = query_get_int(q, 0), half = query_get_int(q, 1);
        c->codes = arena_grow(a, c->codes, c->count, c->count + 1, sizeof *c->codes);
        if (!purpose_open(a, c->bank->master, KEY_STORE, "paper_code",
                          code_column(a, room, half), c->session, sealed, &plain, e)) {
            query_done(q);
            return false;
        }
        c->codes[c->count++] = (struct release_code){(uint32_t)room, (int)half,
                                                     arena_copy(a, plain.at, plain.len)};
    }
    if (e->code != ERR_NONE)
        return false;
    return c->count == 0 || audit_write(db, c->bank->actor,
                                        &(struct audit_row){.act = ACT_release_code_read,
                                                            .object_type = "se",
                                                            .object = c->session},
                                        e);
}

bool release_codes(const struct bank *b, struct id session, struct release_code **out,
                   size_t *count, struct err *e)
{
    struct code_reading c = {.bank = b, .session = session};
    bool ok = db_transact(b->db, read_codes, &c, e);
    *out = c.codes;
    *count = c.count;
    return ok;
}

static bool put_release(struct db *db, void *ctx, struct err *e)
{
    const struct releasing *r = ctx;
    struct sealed_room *rooms;
    size_t count;
    struct actor who = *r->bank->actor;
    struct query *q = db_query(db, SQL_paper_session_release);
    query_id(q, r->session);
    query_int(q, who.now_ms);
    if (!query_change_one(q, "/session", "本场次的试卷已经启封。", e) ||
        !sealed_room_list(db, r->bank->arena, r->session, &rooms, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!put_room_key(db, r, &rooms[i], e) || !put_codes(db, r, &rooms[i], e))
            return false;
    who.account = r->officers[0];
    who.second = r->officers[1];
    return audit_write(db, &who,
                       &(struct audit_row){
                           .act = ACT_paper_release, .object_type = "se", .object = r->session},
                       e);
}

/* Later is possible, earlier never, and not by moving the clock while we run. */
static bool time_has_come(const struct release_desk *d, int64_t open_at_ms, int64_t now_ms,
                          int64_t boot_ms, struct err *e)
{
    int64_t step = (now_ms - d->wall_ms) - (boot_ms - d->boot_ms);
    if (step > CLOCK_STEP_MAX_MS || step < -CLOCK_STEP_MAX_MS)
        return FAIL(e, CONFLICT, "/open_at_ms",
                    "系统时钟被调动过（相差 %lld 秒），请核对时间后重启程序再启封。",
                    (long long)(step / 1000));
    return now_ms >= open_at_ms || FAIL(e, CONFLICT, "/open_at_ms", "未到开考时间，不能启封。");
}

bool paper_release(struct release_desk *d, const struct bank *b, struct id session,
                   int64_t now_ms, int64_t boot_ms, struct err *e)
{
    struct sealed_session s;
    unsigned char key[KEY_BYTES];
    struct releasing r = {.bank = b, .session = session, .session_key = key};
    if (!session_of_body(b, session, &s, e) ||
        !time_has_come(d, s.open_at_ms, now_ms, boot_ms, e))
        return false;
    if (s.released_ms != 0)
        return FAIL(e, CONFLICT, "/session", "本场次的试卷已经启封。");
    pthread_mutex_lock(&d->lock);
    struct armed_session *armed = armed_of(d, session);
    bool ok = (armed && armed->count >= 2) ||
              FAIL(e, CONFLICT, "/officers", "须有两位启封员就位。");
    if (ok) {
        r.officers[0] = armed->officers[0].account;
        r.officers[1] = armed->officers[1].account;
        ok = share_join(&armed->officers[0].share, &armed->officers[1].share, key) ||
             FAIL(e, CONFLICT, "/officers", "两位启封员的分片不能合成密钥。");
    }
    pthread_mutex_unlock(&d->lock);
    ok = ok && db_transact(b->db, put_release, &r, e);
    secret_wipe(key, sizeof key);
    if (ok) {
        pthread_mutex_lock(&d->lock);
        armed = armed_of(d, session);
        if (armed)
            secret_wipe(armed, sizeof *armed);
        pthread_mutex_unlock(&d->lock);
    }
    return ok;
}

bool paper_release_state(struct release_desk *d, struct db *db, struct id session,
                         struct release_state *out, struct err *e)
{
    struct sealed_session s;
    int64_t officers;
    struct arena *scratch = arena_create(4 << 20);
    *out = (struct release_state){0};
    bool ok = sealed_session_find(db, scratch, session, &s, &out->prepared, e) &&
              share_count(db, session, &officers, e);
    if (ok && out->prepared) {
        out->officers = (int)officers;
        out->open_at_ms = s.open_at_ms;
        out->released_ms = s.released_ms;
        out->released = s.released_ms != 0;
        struct query *q = db_query(db, SQL_paper_spare_count);
        query_id(q, session);
        ok = query_one(q, "session", e);
        if (ok) {
            out->papers = query_get_int(q, 0);
            out->spares = query_get_int(q, 1);
            query_done(q);
        }
        pthread_mutex_lock(&d->lock);
        const struct armed_session *armed = armed_of(d, session);
        out->armed = armed ? armed->count : 0;
        pthread_mutex_unlock(&d->lock);
    }
    arena_destroy(scratch);
    return ok;
}
