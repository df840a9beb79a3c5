/* sitting/supervise.c - admission, presence, codes and notices of a room. */
#include "sitting/supervise.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_out.h"
#include "sitting/enter.h"
#include "sitting/live.h"
#include "sitting/seal_code.h"
#include "sitting/session.h"
#include "sitting/sit_view.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

enum { ACT_ARENA_BYTES = 16 << 20, REASON_MAX = 600 };

static bool find_room(struct journal_writer *w, const struct actor *who, struct id room,
                      struct live_room **out, struct err *e)
{
    struct live_room *r = live_find_room(journal_live(w), room);
    if (!r || !id_equal(r->session->body, who->body))
        return FAIL(e, NOT_FOUND, "room", "没有找到这个考场。");
    *out = r;
    return true;
}

static struct duty_question duty_in(const struct live_room *r, const struct actor *who,
                                    enum duty duty)
{
    return (struct duty_question){.body = who->body,
                                  .session = r->session->id,
                                  .room = r->id,
                                  .account = who->account,
                                  .duty = duty};
}

bool room_duty(struct db *db, struct journal_writer *w, const struct actor *who, struct id room,
               struct live_room **out, struct err *e)
{
    if (!find_room(w, who, room, out, e))
        return false;
    struct duty_question q = duty_in(*out, who, DUTY_invigilator);
    return staff_has_duty(db, &q, e);
}

bool room_watch(struct db *db, struct journal_writer *w, const struct actor *who,
                struct id room, struct live_room **out, bool *acts, struct err *e)
{
    static const enum duty duties[] = {DUTY_invigilator, DUTY_quality_supervisor};
    *acts = false;
    if (!find_room(w, who, room, out, e))
        return false;
    struct err no = {0};
    struct duty_question q = duty_in(*out, who, duties[0]);
    if (staff_has_any_duty(db, &q, duties, sizeof duties / sizeof *duties, &no)) {
        *acts = q.duty == DUTY_invigilator;
        return true;
    }
    if (no.code == ERR_FORBIDDEN)
        return FAIL(e, FORBIDDEN, "duty", "您在本考场没有监考或督导的职责。");
    *e = no;
    return false;
}

bool room_attempt(struct journal_writer *w, const struct live_room *r, struct id attempt,
                  struct live_attempt **out, struct err *e)
{
    struct live_attempt *a = live_find(journal_live(w), attempt);
    if (!a || a->room != r)
        return FAIL(e, NOT_FOUND, "/attempt", "本考场没有这位考生。");
    *out = a;
    return true;
}

/* An act's surroundings: filled by each use case, read on the writer's thread. */
struct supervising {
    const struct actor *who;
    struct arena *arena;
    struct live_attempt *attempt;
    struct admission *admission;
    struct live_attempt **admitted;
    const char *text;
    unsigned char hash[16];
    bool present;
};

static bool supervise(struct journal_writer *w, struct supervising *s, struct sitting_act *act,
                      struct err *e)
{
    s->arena = arena_create(ACT_ARENA_BYTES);
    act->ctx = s;
    bool ok = journal_act(w, act, e);
    arena_destroy(s->arena);
    return ok;
}

static bool audit_attempt(struct db *db, const struct supervising *s, enum act act,
                          const struct live_attempt *a, json_t *change, struct err *e)
{
    return audit_write(db, s->who,
                       &(struct audit_row){.act = act,
                                           .object_type = "at",
                                           .object = a->id,
                                           .chain_owner = a->session->id,
                                           .change = json_keep(s->arena, change)},
                       e);
}

static bool reason_given(const char *reason, struct err *e)
{
    if (!reason || strlen(reason) < 2 || strlen(reason) > REASON_MAX)
        return FAIL(e, INVALID, "/reason", "请写明原因（2 至 200 字）。");
    return true;
}

/* --- admission -------------------------------------------------------------------------------- */
static bool in_time(struct journal_writer *w, const struct live_attempt *a, int64_t now_ms,
                    struct err *e)
{
    struct live *l = journal_live(w);
    live_hold(l);
    struct exam_clock c = live_clock(a, now_ms);
    int64_t earliest = ledger_earliest(a->session->ledger, a->session->ledger_count,
                                       a->session->starts_ms);
    live_release(l);
    int64_t start = c.has_start ? c.started_ms : earliest;
    if (now_ms <= start + a->session->late_limit_ms)
        return true;
    return FAIL(e, RULE, "/attempt", "开考已超过 %d 分钟，按本场次的迟到规定不得入场。",
                (int)(a->session->late_limit_ms / 60000));
}

static bool admit_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct supervising *s = act->ctx;
    struct admission *in = s->admission;
    in->admitted = 0;
    for (size_t i = 0; i < in->count; i++) {
        struct live_attempt *a;
        int64_t rows;
        if (!room_attempt(act->writer, in->room, in->attempts[i], &a, e))
            return false;
        if (a->head.state != ATTEMPT_PREPARED)
            continue;
        if (!in_time(act->writer, a, s->who->now_ms, e))
            return false;
        struct query *q = db_query(db, SQL_attempt_admit);
        query_id(q, a->session->id);
        query_id(q, a->id);
        query_int(q, s->who->now_ms);
        if (!query_change(q, &rows, e))
            return false;
        if (rows == 0)
            continue;
        s->admitted[in->admitted++] = a;
        if (!audit_attempt(db, s, ACT_attempt_admit, a,
                           json_pack("{s:I}", "seat", (json_int_t)a->seat_no), e))
            return false;
    }
    return true;
}

static void admit_done(struct sitting_act *act)
{
    struct supervising *s = act->ctx;
    for (size_t i = 0; i < s->admission->admitted; i++) {
        struct live_attempt *a = s->admitted[i];
        live_lock(a);
        a->head.state = ATTEMPT_ADMITTED;
        a->presence = PRESENCE_PRESENT;
        a->admitted_ms = s->who->now_ms;
        live_publish_head(a);
        live_unlock(a);
    }
}

bool room_admit(struct journal_writer *w, const struct actor *who, struct admission *in,
                struct err *e)
{
    struct supervising s = {.who = who, .admission = in};
    struct sitting_act act = {.work = admit_work, .done = admit_done};
    struct arena *a = arena_create(ACT_ARENA_BYTES);
    s.admitted = arena_array(a, struct live_attempt *, in->count + 1);
    bool ok = supervise(w, &s, &act, e);
    arena_destroy(a);
    return ok;
}

/* --- presence --------------------------------------------------------------------------------- */
static bool presence_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct supervising *s = act->ctx;
    struct query *q = db_query(db, SQL_attempt_presence);
    query_id(q, s->attempt->session->id);
    query_id(q, s->attempt->id);
    query_text(q, s->present ? "present" : "absent");
    return query_change_one(q, "/attempt", "考生已经入场，不能再改到场情况。", e) &&
           audit_attempt(db, s, ACT_attempt_presence, s->attempt,
                         json_pack("{s:b}", "present", s->present), e);
}

static void presence_done(struct sitting_act *act)
{
    struct supervising *s = act->ctx;
    live_lock(s->attempt);
    s->attempt->presence = s->present ? PRESENCE_PRESENT : PRESENCE_ABSENT;
    s->attempt->tile_changed = true;
    live_unlock(s->attempt);
}

bool attempt_set_presence(struct journal_writer *w, const struct actor *who,
                          struct live_attempt *a, bool present, struct err *e)
{
    struct supervising s = {.who = who, .attempt = a, .present = present};
    struct sitting_act act = {.work = presence_work, .done = presence_done};
    return supervise(w, &s, &act, e);
}

/* --- takeover --------------------------------------------------------------------------------- */
static bool takeover_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct supervising *s = act->ctx;
    if (!apply_may_claim(&s->attempt->head) || s->attempt->head.epoch == 0)
        return FAIL(e, CONFLICT, "/state", "考生没有在作答，不需要换机码。");
    return audit_attempt(db, s, ACT_attempt_takeover_code, s->attempt,
                         json_pack("{s:s}", "reason", s->text), e);
}

static void takeover_done(struct sitting_act *act)
{
    struct supervising *s = act->ctx;
    live_lock(s->attempt);
    memcpy(s->attempt->takeover, s->hash, sizeof s->hash);
    s->attempt->takeover_until_ms = s->who->now_ms + TAKEOVER_MS;
    s->attempt->takeover_tries = TAKEOVER_TRIES;
    live_unlock(s->attempt);
}

bool takeover_code(struct journal_writer *w, const struct actor *who, struct live_attempt *a,
                   const char *reason, char out[TAKEOVER_CODE_BYTES], struct err *e)
{
    struct supervising s = {.who = who, .attempt = a, .text = reason};
    struct sitting_act act = {.work = takeover_work, .done = takeover_done};
    if (!reason_given(reason, e))
        return false;
    snprintf(out, TAKEOVER_CODE_BYTES, "%06u", (unsigned)random_below(1000000));
    takeover_hash(s.hash, journal_config_of(w)->master, a->id, out);
    return supervise(w, &s, &act, e);
}

/* --- seal code -------------------------------------------------------------------------------- */
static bool code_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct supervising *s = act->ctx;
    struct query *q = db_query(db, SQL_attempt_seal_code);
    query_id(q, s->attempt->session->id);
    query_id(q, s->attempt->id);
    query_text(q, s->text);
    return query_run(q, e) && audit_attempt(db, s, ACT_attempt_seal_code, s->attempt,
                                            json_pack("{s:s}", "code", s->text), e);
}

static void code_done(struct sitting_act *act)
{
    struct supervising *s = act->ctx;
    live_lock(s->attempt);
    memcpy(s->attempt->seal_code, s->text, strlen(s->text) + 1);
    s->attempt->tile_changed = true;
    live_unlock(s->attempt);
}

bool seal_code_note(struct journal_writer *w, const struct actor *who, struct live_attempt *a,
                    const char *code, bool *matches, struct err *e)
{
    char plain[SEAL_CODE_BYTES], want[SEAL_CODE_BYTES];
    if (!seal_code_plain(code, plain))
        return FAIL(e, INVALID, "/code", "封卷码是 16 位字母和数字，四位一组。");
    struct supervising s = {.who = who, .attempt = a, .text = plain};
    struct sitting_act act = {.work = code_work, .done = code_done};
    if (!supervise(w, &s, &act, e))
        return false;
    live_lock(a);
    seal_code_write(want, a->main_hash);
    *matches = a->state == ATTEMPT_SEALED && strcmp(want, plain) == 0;
    live_unlock(a);
    return true;
}

/* --- emergency file --------------------------------------------------------------------------- */
static bool import_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct supervising *s = act->ctx;
    return audit_attempt(db, s, ACT_attempt_file_import, s->attempt, json_object(), e);
}

bool file_import(struct journal_writer *w, struct arena *a, const struct actor *who,
                 struct file_import *in, struct err *e)
{
    struct bytes body;
    struct save_answer answer;
    if (!attempt_file_open(w, a, in->file, &in->attempt, &body, e))
        return false;
    if (in->attempt->room != in->room)
        return FAIL(e, NOT_FOUND, "/attempt", "应急文件不属于本考场的考生。");
    struct supervising s = {.who = who, .attempt = in->attempt};
    struct sitting_act act = {.work = import_work};
    if (!supervise(w, &s, &act, e))
        return false;
    struct save_request rq = {body, SOURCE_FILE, who->now_ms};
    if (!journal_save_wait(w, a, &rq, &answer, e))
        return false;
    if (answer.result == SAVE_GAP)
        return FAIL(e, CONFLICT, "/seq", "文件之前的作答还没有到（缺第 %u 条）。",
                    answer.expect);
    in->main = answer.branch == BRANCH_MAIN;
    in->aside = answer.branch == BRANCH_ASIDE;
    return true;
}

/* --- notice ----------------------------------------------------------------------------------- */
static bool notice_work(struct db *db, struct sitting_act *act, struct err *e)
{
    struct supervising *s = act->ctx;
    const struct live_room *r = s->admission->room;
    return audit_write(
        db, s->who,
        &(struct audit_row){.act = ACT_room_notice,
                            .object_type = s->attempt ? "at" : "ro",
                            .object = s->attempt ? s->attempt->id : r->id,
                            .chain_owner = r->session->id,
                            .change = json_keep(s->arena, json_pack("{s:s}", "text", s->text))},
        e);
}

static void notice_done(struct sitting_act *act)
{
    struct supervising *s = act->ctx;
    struct live_room *r = s->admission->room;
    struct json_out *o = json_out_create(s->arena);
    out_object(o);
    put_text(o, "text", s->text);
    put_int(o, "server_ms", s->who->now_ms);
    out_object_end(o);
    const char *json = json_out_text(o);
    if (s->attempt) {
        journal_publish(act->writer, s->attempt->id, "notice", json);
        return;
    }
    for (size_t i = 0; i < r->count; i++)
        journal_publish(act->writer, r->attempts[i]->id, "notice", json);
}

bool room_notice(struct journal_writer *w, const struct actor *who, struct live_room *r,
                 struct live_attempt *a, const char *text, struct err *e)
{
    struct admission where = {.room = r};
    struct supervising s = {.who = who, .attempt = a, .admission = &where, .text = text};
    struct sitting_act act = {.work = notice_work, .done = notice_done};
    if (!text || !*text || strlen(text) > REASON_MAX)
        return FAIL(e, INVALID, "/text", "请写通知内容（200 字以内）。");
    return supervise(w, &s, &act, e);
}
