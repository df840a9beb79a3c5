/* sitting/clerk.c - one round of looking at the clock. */
#include "sitting/clerk.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "sitting/live.h"
#include "sitting/sit_view.h"
#include "sitting/steady.h"
#include "sitting/supervise.h"
#include "sitting/writer.h"
#include "store/db.h"

enum { BEAT_MS = 15000, GRACE_ROUND_MS = 10000 };
#define ROUND_ARENA_BYTES ((size_t)1 << 30)

struct clerk {
    struct arena *arena; /* holds this struct alone */
    struct journal_writer *writer;
    struct db *db;
    int64_t beat_ms, grace_ms;
    struct steady steady;
};

/* K_P to those who wait for it, the moment their room's time has come. False: not released. */
static bool tell_key(struct clerk *c, struct arena *a, struct live_attempt *at, int64_t now_ms)
{
    unsigned char key[KEY_BYTES];
    struct err e = {0};
    const struct journal_config *config = journal_config_of(c->writer);
    if (id_is_zero(at->paper) || !config->paper_key)
        return true;
    if (!config->paper_key(c->db, a, config->master, at->paper, now_ms, key, &e))
        return false;
    journal_publish(c->writer, at->id, "key",
                    arena_printf(a, "{\"key\":\"%s\"}", base64url_write(a, key, sizeof key)));
    secret_wipe(key, sizeof key);
    return true;
}

static bool room_has_begun(struct clerk *c, struct live_room *r, int64_t now_ms)
{
    struct live *l = journal_live(c->writer);
    struct ledger_who who = {.session = r->session->id, .room = r->id};
    live_hold(l);
    struct exam_clock clock = ledger_clock(r->session->ledger, r->session->ledger_count, &who,
                                           r->session->minutes, now_ms);
    live_release(l);
    return clock.started && clock.remaining_ms > 0;
}

static void look_at_starts(struct clerk *c, struct arena *a, struct live_room *r,
                           int64_t now_ms)
{
    if (r->start_told || !room_has_begun(c, r, now_ms))
        return;
    for (size_t i = 0; i < r->count; i++)
        if (!tell_key(c, a, r->attempts[i], now_ms))
            return; /* the next round asks again */
    r->start_told = true;
}

static void tell_tiles(struct clerk *c, struct arena *a, struct live_room *r, int64_t now_ms)
{
    for (size_t i = 0; i < r->count; i++) {
        struct live_attempt *at = r->attempts[i];
        live_lock(at);
        bool changed = at->tile_changed;
        at->tile_changed = false;
        live_unlock(at);
        if (!changed)
            continue;
        struct json_out *o = json_out_create(a);
        tile_out(o, c->writer, at, now_ms);
        journal_publish(c->writer, r->id, "tile", json_out_text(o));
    }
}

static void beat_all(struct clerk *c, struct live_room *r, int64_t now_ms)
{
    struct batch_head head = journal_batch_head(c->writer);
    char hash[17], text[128];
    hex_write(hash, head.hash, 8);
    snprintf(text, sizeof text, "{\"server_ms\":%lld,\"batch\":%lld,\"batch_hash\":\"%s\"}",
             (long long)now_ms, (long long)head.batch, hash);
    for (size_t i = 0; i < r->count; i++)
        journal_publish(c->writer, r->attempts[i]->id, "beat", text);
    snprintf(text, sizeof text, "{\"server_ms\":%lld,\"clock_step_ms\":%lld}",
             (long long)now_ms, (long long)c->steady.told_ms);
    journal_publish(c->writer, r->id, "beat", text);
}

static void look_at_rooms(struct clerk *c, int64_t now_ms)
{
    struct arena *a = arena_create(ROUND_ARENA_BYTES);
    bool beat = now_ms - c->beat_ms >= BEAT_MS;
    for (struct live_session *s = live_first_session(journal_live(c->writer)); s; s = s->next)
        for (struct live_room *r = s->rooms; r; r = r->next) {
            look_at_starts(c, a, r, now_ms);
            tell_tiles(c, a, r, now_ms);
            if (beat)
                beat_all(c, r, now_ms);
        }
    if (beat)
        c->beat_ms = now_ms;
    arena_destroy(a);
}

bool clerk_round(struct clerk *c, int64_t now_ms, struct err *e)
{
    look_at_rooms(c, now_ms);
    if (!steady_round(&c->steady, c->db, journal_live(c->writer), e) ||
        !closings_carry_out(c->writer, c->db, now_ms, e))
        return false;
    if (now_ms - c->grace_ms < GRACE_ROUND_MS)
        return true;
    c->grace_ms = now_ms;
    return grace_carry_out(c->writer, now_ms, e);
}

struct clerk *clerk_create(struct journal_writer *w, struct db *db, struct err *e)
{
    struct arena *a = arena_create(1 << 16);
    struct clerk *c = arena_new(a, struct clerk);
    *c = (struct clerk){.arena = a, .writer = w, .db = db};
    if (steady_start(&c->steady, db, journal_live(w), e))
        return c;
    arena_destroy(a);
    return NULL;
}

void clerk_destroy(struct clerk *c)
{
    if (c)
        arena_destroy(c->arena);
}
