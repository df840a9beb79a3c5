/* sitting/sit_view.c - JSON of attempts and rooms for the pages that watch them. */
#include "sitting/sit_view.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "sitting/fold.h"
#include "sitting/live.h"
#include "sitting/writer.h"

/* Online: something came within this time (a beat is answered every 15 s, a clock entry comes
 * every minute). */
enum { SEEN_MS = 75000 };

static void put_hash(struct json_out *o, const char *key, const unsigned char hash[HASH_BYTES])
{
    char text[2 * HASH_BYTES + 1];
    hex_write(text, hash, HASH_BYTES);
    put_text(o, key, text);
}

static void session_put(struct json_out *o, const struct live_session *s)
{
    put_object(o, "session");
    put_id(o, "id", s->id);
    put_text(o, "title", s->title);
    put_int(o, "starts_ms", s->starts_ms);
    put_int(o, "minutes", s->minutes);
    put_int(o, "zone_offset_ms", s->zone_offset_ms);
    put_int(o, "late_limit_ms", s->late_limit_ms);
    put_int(o, "earliest_hand_in_ms", s->earliest_hand_in_ms);
    out_object_end(o);
}

static void answers_put(struct json_out *o, const struct attempt_answers *answers)
{
    struct arena *a = arena_create((size_t)64 << 20);
    put_array(o, "answers");
    for (size_t i = 0; i < answers->count; i++) {
        const struct answer *x = &answers->items[i];
        struct err e = {0};
        out_object(o);
        put_int(o, "item", x->item);
        put_json(o, "response",
                 x->response.at ? json_read(a, x->response.at, x->response.len, &e) : NULL);
        put_bool(o, "flagged", x->flagged);
        put_bool(o, "visited", x->visited);
        out_object_end(o);
    }
    out_array_end(o);
    put_int(o, "last_item", answers->last_item);
    arena_destroy(a);
}

static void plays_put(struct json_out *o, const struct play_list *plays)
{
    put_array(o, "plays");
    for (size_t i = 0; i < plays->count; i++) {
        out_object(o);
        put_int(o, "item", plays->at[i].item);
        put_text(o, "media", plays->at[i].media);
        put_int(o, "begun", plays->at[i].begun);
        out_object_end(o);
    }
    out_array_end(o);
}

static void batch_put_members(struct json_out *o, const struct batch_head *b)
{
    char text[17];
    hex_write(text, b->hash, 8);
    put_int(o, "batch", b->batch);
    put_text(o, "batch_hash", text);
}

void sit_state_put(struct json_out *o, struct journal_writer *w, struct live_attempt *a,
                   const struct attempt_answers *answers, int64_t now_ms)
{
    struct live *l = journal_live(w);
    struct batch_head batch = journal_batch_head(w);
    live_hold(l);
    live_lock(a);
    put_text(o, "state", attempt_state_name(a->state));
    put_int(o, "epoch", a->epoch);
    put_int(o, "server_ms", now_ms);
    session_put(o, a->session);
    put_text(o, "room", a->room->name);
    put_int(o, "seat", a->seat_no);
    put_text(o, "name", a->name);
    put_text(o, "ticket", a->ticket);
    out_key(o, "ledger");
    live_ledger_out(o, a, 0);
    struct exam_clock c = live_clock(a, now_ms);
    exam_clock_out(o, "clock", &c);
    put_object(o, "paper");
    put_id(o, "id", a->paper);
    put_hash(o, "sha256", a->paper_digest);
    put_int(o, "bytes", a->paper_bytes);
    put_int(o, "open_at_ms", a->session->starts_ms);
    out_object_end(o);
    put_object(o, "main");
    put_int(o, "epoch", a->main_epoch);
    put_int(o, "seq", a->main_seq);
    put_hash(o, "hash", a->main_hash);
    out_object_end(o);
    put_int(o, "aside", a->aside);
    live_unlock(a);
    live_release(l);
    if (answers) {
        answers_put(o, answers);
        plays_put(o, &answers->plays);
    }
    batch_put_members(o, &batch);
}

bool sit_answers(struct db *db, struct arena *arena, struct live_attempt *a,
                 struct attempt_answers *out, struct err *e)
{
    struct attempt_record r;
    live_lock(a);
    int64_t last_row = a->committed_row;
    live_unlock(a);
    if (!attempt_record_load(db, arena, a->id, last_row, &r, e))
        return false;
    attempt_record_fold(arena, &r, out);
    return true;
}

void sit_publish_state(struct journal_writer *w, struct arena *arena, struct live_attempt *a,
                       int64_t now_ms)
{
    struct json_out *o = json_out_create(arena);
    out_object(o);
    sit_state_put(o, w, a, NULL, now_ms);
    out_object_end(o);
    journal_publish(w, a->id, "state", json_out_text(o));
}

void sit_publish_ledger(struct journal_writer *w, struct arena *arena, struct live_attempt *a,
                        const struct ledger_row *row, int64_t now_ms)
{
    struct json_out *o = json_out_create(arena);
    out_object(o);
    put_int(o, "server_ms", now_ms);
    put_array(o, "rows");
    ledger_row_out(o, row);
    out_array_end(o);
    live_hold(journal_live(w));
    struct exam_clock c = live_clock(a, now_ms);
    live_release(journal_live(w));
    exam_clock_out(o, "clock", &c);
    out_object_end(o);
    journal_publish(w, a->id, "ledger", json_out_text(o));
    live_lock(a);
    a->tile_changed = true;
    live_unlock(a);
}

static const char *const presences[] = {"unknown", "present", "absent"};

void tile_out(struct json_out *o, struct journal_writer *w, struct live_attempt *a,
              int64_t now_ms)
{
    struct live *l = journal_live(w);
    live_hold(l);
    struct exam_clock c = live_clock(a, now_ms);
    live_release(l);
    live_lock(a);
    char code[SEAL_CODE_BYTES];
    seal_code_write(code, a->main_hash);
    out_object(o);
    put_id(o, "attempt", a->id);
    put_int(o, "seat", a->seat_no);
    put_text(o, "name", a->name);
    put_text(o, "ticket", a->ticket);
    put_id(o, "photo", a->photo);
    put_text(o, "state", attempt_state_name(a->state));
    put_text(o, "presence", presences[a->presence]);
    put_bool(o, "waiting", a->entered && a->state == ATTEMPT_PREPARED);
    put_bool(o, "online", a->last_seen_ms > 0 && now_ms - a->last_seen_ms < SEEN_MS);
    put_int(o, "last_seen_ms", a->last_seen_ms);
    put_int(o, "last_saved_ms", a->last_saved_ms);
    put_int(o, "answered", a->answered);
    put_int(o, "item", a->last_item);
    put_int(o, "epoch", a->epoch);
    put_bool(o, "weak", a->epochs_count > 0 && a->epochs[a->epochs_count - 1].weak);
    put_int(o, "entries", a->main_seq);
    put_int(o, "aside", a->aside);
    put_int(o, "away", a->away);
    put_int(o, "clock_jumps", a->clock_jumps);
    put_int(o, "violations", a->violations);
    put_int(o, "ended_ms", a->ended_ms);
    put_text(o, "end_reason", a->end_reason[0] ? a->end_reason : NULL);
    put_bool(o, "due", a->state == ATTEMPT_OPEN && c.started && c.remaining_ms == 0);
    out_key(o, "seal_code_ok");
    if (a->seal_code[0])
        out_bool(o, a->state == ATTEMPT_SEALED && strcmp(code, a->seal_code) == 0);
    else
        out_null(o);
    exam_clock_out(o, "clock", &c);
    out_object_end(o);
    live_unlock(a);
}

void room_view_put(struct json_out *o, struct journal_writer *w, struct live_room *r,
                   int64_t now_ms)
{
    struct live *l = journal_live(w);
    put_id(o, "id", r->id);
    put_text(o, "room", r->name);
    put_int(o, "no", r->no);
    put_bool(o, "away", atomic_load(&r->away));
    put_int(o, "server_ms", now_ms);
    session_put(o, r->session);
    live_hold(l);
    struct ledger_who who = {.session = r->session->id, .room = r->id};
    struct exam_clock c = ledger_clock(r->session->ledger, r->session->ledger_count, &who,
                                       r->session->minutes, now_ms);
    exam_clock_out(o, "clock", &c);
    put_array(o, "ledger");
    for (size_t i = 0; i < r->session->ledger_count; i++)
        if (ledger_concerns(&r->session->ledger[i], &who))
            ledger_row_out(o, &r->session->ledger[i]);
    out_array_end(o);
    live_release(l);
    put_array(o, "tiles");
    for (size_t i = 0; i < r->count; i++)
        tile_out(o, w, r->attempts[i], now_ms);
    out_array_end(o);
}
