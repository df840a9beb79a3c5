/* sitting/arrange_close.c - candidates are seated, the arrangement is closed and opened again. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/session_store.h"
#include "store/db.h"

/* ------------------------------------------------------------------ seats by the plan */
struct seating_case {
    const struct arranger *by;
    struct seat_auto *in;
};

static bool is_asked(const struct seat_auto *s, struct id entry)
{
    for (size_t i = 0; i < s->entry_count; i++)
        if (id_equal(s->entries[i], entry))
            return true;
    return s->entry_count == 0;
}

/* The seated stay as neighbours; of the others, whoever is asked for. */
static struct arranged_candidate *choose(const struct seating_case *x,
                                         const struct arrangement *w, size_t *count)
{
    struct arranged_candidate *out = arena_array(x->by->arena, struct arranged_candidate,
                                                 w->candidate_count + 1);
    *count = 0;
    for (size_t i = 0; i < w->candidate_count; i++)
        if (!id_is_zero(w->candidates[i].seat) || is_asked(x->in, w->candidates[i].entry))
            out[(*count)++] = w->candidates[i];
    return out;
}

static bool put_new(struct db *db, const struct seating_case *x, const struct seating *s,
                    struct err *e)
{
    size_t *seat_of = arena_array(x->by->arena, size_t, s->candidate_count + 1);
    size_t places = 0, asked = 0;
    for (size_t i = 0; i < s->seat_count; i++)
        places += id_is_zero(s->seats[i].entry);
    for (size_t i = 0; i < s->candidate_count; i++)
        asked += id_is_zero(s->candidates[i].seat);
    if (!seating_plan(x->by->arena, s, seat_of))
        return FAIL(
            e, RULE, "/capacity",
            "要安排 %zu 名考生，只有 %zu 个空座位；请增加考场（考场规则：单人、单桌）。", asked,
            places);
    for (size_t i = 0; i < s->candidate_count; i++) {
        if (!id_is_zero(s->candidates[i].seat))
            continue;
        struct seat seat = s->seats[seat_of[i]];
        seat.entry = s->candidates[i].entry;
        seat.person = s->candidates[i].person;
        if (!seat_set(db, x->by->actor->body, &seat, e))
            return false;
        x->in->seated++;
    }
    return true;
}

static bool seat_all(struct db *db, void *ctx, struct err *e)
{
    struct seating_case *x = ctx;
    struct owned which = owned_by(x->by, x->in->session);
    struct arrangement w;
    struct seat_list seats;
    struct session s;
    x->in->seated = 0;
    if (!session_get(db, x->by->arena, which, &s, e) || !session_touch_draft(db, which, e) ||
        (x->in->again && !seat_clear_session(db, which, e)) ||
        !session_set_seed(db, which, (int64_t)x->in->seed, e) ||
        !arrangement_load(db, x->by, x->in->session, &w, e) ||
        !seat_list(db, x->by->arena, which, &seats, e))
        return false;
    struct seating plan = {.seats = seats.at, .seat_count = seats.count, .seed = x->in->seed};
    plan.candidates = choose(x, &w, &plan.candidate_count);
    return put_new(db, x, &plan, e) &&
           session_audit(db, x->by, ACT_seat_assign, x->in->session,
                         json_pack("{s:I, s:b, s:I}", "seated", (json_int_t)x->in->seated,
                                   "again", x->in->again, "seed", (json_int_t)x->in->seed),
                         e);
}

bool arrange_seat(struct db *db, const struct arranger *by, struct seat_auto *s, struct err *e)
{
    struct seating_case x = {by, s};
    return db_transact(db, seat_all, &x, e);
}

/* ------------------------------------------------------------------ a seat by hand */
struct moving {
    const struct arranger *by;
    const struct seat_move *in;
};

static const struct arranged_candidate *find_candidate(const struct arrangement *w,
                                                       struct id id)
{
    for (size_t i = 0; i < w->candidate_count; i++)
        if (id_equal(w->candidates[i].entry, id))
            return &w->candidates[i];
    return NULL;
}

static const struct seat *find_seat(const struct seat_list *seats, struct id id)
{
    for (size_t i = 0; i < seats->count; i++)
        if (id_equal(seats->at[i].id, id))
            return &seats->at[i];
    return NULL;
}

/* An entry may sit once in a session, so both seats are emptied before they are filled. */
static bool exchange(struct db *db, struct id body, const struct seat *to,
                     const struct seat *from, const struct arranged_candidate *who,
                     struct err *e)
{
    struct seat new_to = *to;
    new_to.entry = who ? who->entry : (struct id){{0}};
    new_to.person = who ? who->person : (struct id){{0}};
    if (from) {
        struct seat empty = *from;
        empty.entry = empty.person = (struct id){{0}};
        if (!seat_set(db, body, &empty, e))
            return false;
    }
    if (!seat_set(db, body, &new_to, e))
        return false;
    if (!from)
        return true;
    struct seat new_from = *from;
    new_from.entry = to->entry;
    new_from.person = to->person;
    return seat_set(db, body, &new_from, e);
}

static bool move_one(struct db *db, void *ctx, struct err *e)
{
    struct moving *x = ctx;
    struct owned which = owned_by(x->by, x->in->session);
    struct arrangement w;
    struct seat_list seats;
    const struct arranged_candidate *who = NULL;
    const struct seat *from = NULL;
    if (!arrangement_load(db, x->by, x->in->session, &w, e) ||
        !session_touch_draft(db, which, e) || !seat_list(db, x->by->arena, which, &seats, e))
        return false;
    const struct seat *to = find_seat(&seats, x->in->seat);
    if (!to)
        return FAIL(e, NOT_FOUND, "/seat", "本场次没有这个座位。");
    if (!id_is_zero(x->in->entry)) {
        who = find_candidate(&w, x->in->entry);
        if (!who || !who->accepted)
            return FAIL(
                e, RULE, "/entry",
                "这名考生不能在本场次入座：申报未通过审核、不考这一项，或已在其他场次。");
        from = id_is_zero(who->seat) ? NULL : find_seat(&seats, who->seat);
    }
    char entry[ID_TEXT_BYTES], seat[ID_TEXT_BYTES];
    id_write(x->in->entry, entry);
    id_write(x->in->seat, seat);
    return (from == to && from) ||
           (exchange(db, x->by->actor->body, to, from, who, e) &&
            session_audit(db, x->by, ACT_seat_move, x->in->session,
                          json_pack("{s:s, s:s}", "entry", entry, "seat", seat), e));
}

bool arrange_move(struct db *db, const struct arranger *by, const struct seat_move *m,
                  struct err *e)
{
    struct moving x = {by, m};
    return db_transact(db, move_one, &x, e);
}

/* ------------------------------------------------------------------ close and open again */
struct closing {
    const struct arranger *by;
    struct id session;
    struct findings *findings;
    const char *reason;
};

static bool close_it(struct db *db, void *ctx, struct err *e)
{
    struct closing *x = ctx;
    struct owned which = owned_by(x->by, x->session);
    *x->findings = (struct findings){0};
    if (!arrange_findings(db, x->by, x->session, x->findings, e))
        return false;
    for (size_t i = 0; x->findings->blocking && i < x->findings->count; i++) {
        const struct arrange_finding *f = &x->findings->at[i];
        if (f->blocks)
            return FAIL(e, RULE, "/findings", "编排有 %zu 处不合规则，不能完成。%s（依据：%s）",
                        x->findings->blocking, f->sentence, f->source);
    }
    struct session s;
    return session_get(db, x->by->arena, which, &s, e) &&
           session_move(db, which, SESSION_draft, SESSION_arranged, e) &&
           ticket_withdraw_stale(db, &s, x->by->actor->now_ms, e) &&
           session_audit(db, x->by, ACT_arrange_close, x->session,
                         json_pack("{s:I}", "shown", (json_int_t)x->findings->count), e);
}

bool arrange_close(struct db *db, const struct arranger *by, struct id session,
                   struct findings *findings, struct err *e)
{
    struct closing x = {.by = by, .session = session, .findings = findings};
    return db_transact(db, close_it, &x, e);
}

static bool reopen_it(struct db *db, void *ctx, struct err *e)
{
    struct closing *x = ctx;
    struct owned which = owned_by(x->by, x->session);
    struct session s;
    return session_get(db, x->by->arena, which, &s, e) &&
           session_move(db, which, SESSION_arranged, SESSION_draft, e) &&
           session_audit(db, x->by, ACT_arrange_reopen, x->session,
                         json_pack("{s:s}", "reason", x->reason), e);
}

bool arrange_reopen(struct db *db, const struct arranger *by, struct id session,
                    const char *reason, struct err *e)
{
    struct closing x = {.by = by, .session = session, .reason = reason};
    if (!reason || !*reason)
        return FAIL(e, INVALID, "/reason", "请写明重新打开的原因。");
    return db_transact(db, reopen_it, &x, e);
}
