/* fault/player.c - a candidate's device that goes on: writes, sends, keeps what is not acknowledged
 * and sends it again, as doc/exam-protocol.md asks of a client. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/client.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "fault.h"

enum { CALL_ARENA_BYTES = 4 << 20, WAIT_MS = 20, PENDING_ENTRIES_MAX = 200 };

static void wrong(struct player *p, const char *what, const struct answer *answer)
{
    p->wrong++;
    snprintf(p->why, sizeof p->why, "%s: %ld %.100s", what, answer ? answer->status : 0,
             answer ? (const char *)answer->body.at : "");
}

static const char *sit_path(const struct player *p, struct arena *a, const char *rest)
{
    char id[ID_TEXT_BYTES];
    id_write(p->seat->attempt, id);
    return arena_printf(a, "/api/sit/%s%s", id, rest);
}

/* --- claim ---------------------------------------------------------------------------------------- */
static bool bytes_member(struct arena *a, const json_t *v, const char *name, size_t len,
                         unsigned char *out)
{
    struct bytes b;
    const char *text = json_member_text(v, name);
    if (!text || !base64url_read(a, text, strlen(text), &b) || b.len != len)
        return false;
    memcpy(out, b.at, len);
    return true;
}

static bool hash_member(const json_t *v, const char *name, unsigned char out[HASH_BYTES])
{
    const char *text = json_member_text(v, name);
    return text && hex_read(out, HASH_BYTES, text);
}

static bool claim(struct player *p, struct arena *a, struct err *e)
{
    json_t *entered, *v;
    unsigned char challenge[32], signature[64], save[KEY_BYTES], paper[HASH_BYTES],
        head[HASH_BYTES];
    char claim_id[ID_TEXT_BYTES], attempt[ID_TEXT_BYTES];
    if (!p->claiming) {
        p->claiming = true;
        p->claim = id_random();
    }
    if (!client_json(
            p->client, a, "POST", "/api/sit/enter",
            json_pack("{s:s, s:s}", "ticket", p->seat->ticket, "document", p->seat->document),
            &entered, e) ||
        !bytes_member(a, entered, "challenge", sizeof challenge, challenge))
        return false;
    play_claim_sign(&p->dev, challenge, p->claim, signature);
    id_write(p->claim, claim_id);
    id_write(p->seat->attempt, attempt);
    if (!client_json(p->client, a, "POST", "/api/sit/claim",
                     json_pack("{s:s, s:s, s:s, s:s}", "attempt", attempt, "claim_id", claim_id,
                               "pub", base64url_write(a, p->dev.pub, sizeof p->dev.pub), "sig",
                               base64url_write(a, signature, sizeof signature)),
                     &v, e))
        return false;
    if (!bytes_member(a, v, "save", KEY_BYTES, save) || !hash_member(v, "main_head", head) ||
        !hash_member(json_object_get(v, "paper"), "sha256", paper))
        return FAIL(e, INTERNAL, "claim", "the answer lacks a key or a hash");
    play_claimed(&p->dev, (uint32_t)json_member_int(v, "epoch", 0), save, paper, head);
    p->first_seq = 1;
    p->claiming = false;
    return true;
}

bool player_claim(struct player *p)
{
    struct arena *a = arena_create(CALL_ARENA_BYTES);
    struct err e = {0};
    pthread_mutex_lock(&p->lock);
    bool ok = p->dev.len == 0 && claim(p, a, &e);
    pthread_mutex_unlock(&p->lock);
    arena_destroy(a);
    return ok;
}

void player_sit(struct player *p)
{
    struct err e = {0};
    struct arena *a = arena_create(CALL_ARENA_BYTES);
    p->client = client_create(p->world->via ? p->world->via : p->world->stage.server.url);
    play_begin(&p->dev, p->seat->attempt);
    NEED(claim(p, a, &e), "the claim", &e);
    p->dev.client_ms = clock_now_ms();
    play_write(&p->dev, ENTRY_START, 0, "{\"client\":\"fault\"}");
    p->written++;
    arena_destroy(a);
}

void player_timeout(struct player *p, int64_t ms)
{
    client_timeout(p->client, ms);
}

/* --- write ---------------------------------------------------------------------------------------- */
static void put(struct player *p, enum entry_kind kind, uint16_t item, const char *payload)
{
    p->dev.client_ms = clock_now_ms();
    p->dev.mono_ms += 7;
    play_write(&p->dev, kind, item, payload);
    p->written++;
}

void player_write(struct player *p, int count)
{
    static const char *const answers[] = {"[\"A\"]",       "[\"B\"]", "[\"C\",\"D\"]",
                                          "[\"B\",\"C\"]", "true",    "\"12.5\""};
    pthread_mutex_lock(&p->lock);
    for (int i = 0; i < count && !p->claiming; i++) {
        uint16_t item = (uint16_t)(1 + draw_below(&p->seed, ITEMS));
        int64_t what = draw_below(&p->seed, 10);
        if (what < 7) {
            const char *text = answers[draw_below(&p->seed, 6)];
            put(p, ENTRY_ANSWER, item, text);
            snprintf(p->screen[item], SCREEN_BYTES, "%s", text);
        } else if (what == 7) {
            put(p, ENTRY_CLEAR, item, "null");
            p->screen[item][0] = '\0';
        } else if (what == 8) {
            p->flagged[item] = !p->flagged[item];
            put(p, ENTRY_FLAG, item, p->flagged[item] ? "true" : "false");
        } else {
            put(p, ENTRY_VISIT, item, "null");
        }
    }
    pthread_mutex_unlock(&p->lock);
}

/* --- send ----------------------------------------------------------------------------------------- */
static void acknowledge(struct player *p, const struct journal_save *save)
{
    if (p->ack_count + save->count > p->ack_room) {
        p->ack_room = (p->ack_count + save->count) * 2;
        p->acks = realloc(p->acks, p->ack_room * sizeof *p->acks);
        NEED(p->acks, "memory", NULL);
    }
    for (size_t i = 0; i < save->count; i++) {
        struct acknowledged *one = &p->acks[p->ack_count++];
        one->epoch = save->entries[i].epoch;
        one->seq = save->entries[i].seq;
        memcpy(one->hash, save->entries[i].hash, HASH_BYTES);
    }
    p->first_seq = save->entries[save->count - 1].seq + 1;
    play_acknowledged(&p->dev);
    memcpy(p->delivered, p->screen, sizeof p->screen);
}

static bool take_answer(struct player *p, struct arena *a, const struct journal_save *save,
                        const struct answer *answer)
{
    struct err e = {0};
    unsigned char hash[HASH_BYTES];
    const struct journal_entry *last = &save->entries[save->count - 1];
    json_t *v = json_read(a, answer->body.at, answer->body.len, &e);
    if (answer->status == 409) {
        /* Asked for what was acknowledged long ago: the server has lost it. */
        if (json_member_int(v, "expect", 0) < (int64_t)p->first_seq)
            wrong(p, "the server asks for what it had", answer);
        return false;
    }
    if (answer->status == 429 || answer->status >= 500)
        return false;
    const char *branch = v ? json_member_text(v, "branch") : NULL;
    if (answer->status != 200 || !branch || strcmp(branch, "main") != 0 ||
        json_member_int(v, "seq", 0) != (int64_t)last->seq || !hash_member(v, "hash", hash) ||
        memcmp(hash, last->hash, HASH_BYTES) != 0) {
        wrong(p, "a save of the owner's own device", answer);
        return false;
    }
    acknowledge(p, save);
    return true;
}

static bool send_pending(struct player *p)
{
    struct arena *a = arena_create(CALL_ARENA_BYTES);
    struct err e = {0};
    struct answer answer;
    struct journal_save save;
    struct call call = {.method = "POST",
                        .path = sit_path(p, a, "/journal"),
                        .body = play_body(&p->dev, a),
                        .media_type = "application/vnd.heng.journal"};
    NEED(journal_save_read(a, call.body, &save, &e), "our own save", &e);
    p->tries++;
    bool ok = client_call(p->client, a, &call, &answer, &e) &&
              take_answer(p, a, &save, &answer);
    p->resent += !ok;
    arena_destroy(a);
    return ok;
}

bool player_send(struct player *p)
{
    bool ok = !p->claiming || player_claim(p);
    pthread_mutex_lock(&p->lock);
    ok = ok && (p->dev.len == 0 || send_pending(p));
    pthread_mutex_unlock(&p->lock);
    return ok;
}

/* --- threads --------------------------------------------------------------------------------------- */
static bool has_room(struct player *p)
{
    pthread_mutex_lock(&p->lock);
    bool ok = p->dev.seq + 4 < p->first_seq + PENDING_ENTRIES_MAX;
    pthread_mutex_unlock(&p->lock);
    return ok;
}

static void *sit(void *arg)
{
    struct player *p = arg;
    uint64_t pace = p->seed ^ 0x5eed;
    while (!atomic_load(&p->world->over)) {
        if (!atomic_load(&p->world->quiet) && has_room(p))
            player_write(p, 1 + (int)draw_below(&pace, 4));
        sleep_ms(player_send(p) ? draw_below(&pace, p->think_ms) : WAIT_MS);
    }
    return NULL;
}

void players_start(struct world *w)
{
    atomic_store(&w->over, false);
    atomic_store(&w->quiet, false);
    w->with_threads = true;
    for (size_t i = 0; i < w->player_count; i++)
        NEED(pthread_create(&w->players[i].thread, NULL, sit, &w->players[i]) == 0, "a thread",
             NULL);
}

bool players_drain(struct world *w, int64_t limit_ms)
{
    int64_t end = clock_boot_ms() + limit_ms;
    atomic_store(&w->quiet, true);
    for (;;) {
        size_t waiting = 0;
        for (size_t i = 0; i < w->player_count; i++) {
            pthread_mutex_lock(&w->players[i].lock);
            waiting += w->players[i].dev.len > 0;
            pthread_mutex_unlock(&w->players[i].lock);
        }
        if (waiting == 0 || clock_boot_ms() > end)
            return waiting == 0;
        sleep_ms(WAIT_MS);
    }
}

void players_stop(struct world *w)
{
    atomic_store(&w->over, true);
    for (size_t i = 0; i < w->player_count && w->with_threads; i++)
        pthread_join(w->players[i].thread, NULL);
    w->with_threads = false;
}
