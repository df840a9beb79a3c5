/* sitting/supervise.h - what invigilators do in a room: each act has a reason, a name, an audit
 * row in the session's chain, and reaches the candidate's page at once (S17).
 *
 * The room must belong to the actor's body: else NOT_FOUND. Whether the actor has a duty there is
 * asked by room_duty before. */
#ifndef SITTING_SUPERVISE_H
#define SITTING_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "sitting/ledger.h"

struct actor;
struct approval;
struct arena;
struct db;
struct journal_writer;
struct live_attempt;
struct live_room;

/* The live room, if the actor watches it (invigilator there, or of the whole session). */
bool room_duty(struct db *db, struct journal_writer *w, const struct actor *who, struct id room,
               struct live_room **out, struct err *e) MUST_USE;
/* The same for who only looks, too: the room's quality supervisor. *acts: whether the actor invigilates
 * there. */
bool room_watch(struct db *db, struct journal_writer *w, const struct actor *who,
                struct id room, struct live_room **out, bool *acts, struct err *e) MUST_USE;
/* An attempt of that room; NOT_FOUND at "/attempt". */
bool room_attempt(struct journal_writer *w, const struct live_room *r, struct id attempt,
                  struct live_attempt **out, struct err *e) MUST_USE;

/* Lets them in, by name. RULE after the late limit of the session. *admitted: how many are new. */
struct admission {
    struct live_room *room;
    const struct id *attempts;
    size_t count, admitted;
};
bool room_admit(struct journal_writer *w, const struct actor *who, struct admission *in,
                struct err *e) MUST_USE;
bool attempt_set_presence(struct journal_writer *w, const struct actor *who,
                          struct live_attempt *a, bool present, struct err *e) MUST_USE;

/* Start (at_ms may lie ahead; reason optional), pause, resume, extra time; of a session, a room or
 * one attempt. Extra time reopens what was handed in by the deadline. A session is put off
 * until its papers are open or a room has begun: CONFLICT at "/at_ms" then. */
struct time_act {
    struct id session;
    enum ledger_scope scope;
    struct id scope_id;
    enum ledger_kind kind; /* not LEDGER_CLOSE */
    int64_t at_ms;         /* 0: now */
    int64_t minutes;
    const char *reason;
    int64_t
        from_no; /* on a node, of the centre's row; what is there already is not written again */
};
bool time_write(struct journal_writer *w, const struct actor *who, const struct time_act *act,
                struct err *e) MUST_USE;

/* Six digits for one attempt, good for 120 s and five tries. */
enum { TAKEOVER_CODE_BYTES = 7 };
bool takeover_code(struct journal_writer *w, const struct actor *who, struct live_attempt *a,
                   const char *reason, char out[TAKEOVER_CODE_BYTES], struct err *e) MUST_USE;

/* The seal code as noted before the candidate left; *matches: whether it is this head's. */
bool seal_code_note(struct journal_writer *w, const struct actor *who, struct live_attempt *a,
                    const char *code, bool *matches, struct err *e) MUST_USE;

/* An emergency file of this room, stored by the same rule as a save. */
struct file_import {
    struct live_room *room;
    struct bytes file;
    struct live_attempt *attempt; /* out */
    int64_t main, aside, again;   /* out: entries */
};
bool file_import(struct journal_writer *w, struct arena *a, const struct actor *who,
                 struct file_import *in, struct err *e) MUST_USE;

/* A sentence for the candidates of the room, or for one (attempt may be NULL). */
bool room_notice(struct journal_writer *w, const struct actor *who, struct live_room *r,
                 struct live_attempt *a, const char *text, struct err *e) MUST_USE;

/* --- two people ------------------------------------------------------------------------------- */
/* Executes of approvals (people/approval.h), payload JSON. They run in the confirmation's
 * transaction; the clerk carries a close out on the writer's thread within a second, or at
 * closings_carry_out. */
/* {"attempt","reason"} */
bool attempt_close_execute(struct db *db, struct arena *a, const struct approval *p,
                           const struct actor *who, void *app, struct err *e);
/* {"attempt","epoch","seq","reason"} */
bool aside_accept_execute(struct db *db, struct arena *a, const struct approval *p,
                          const struct actor *who, void *app, struct err *e);
/* Closes whatever is approved and not done. DB is the caller's own connection. */
bool closings_carry_out(struct journal_writer *w, struct db *db, int64_t now_ms,
                        struct err *e) MUST_USE;
/* Ends attempts whose grace is over, and those reopened and never taken up again. */
bool grace_carry_out(struct journal_writer *w, int64_t now_ms, struct err *e) MUST_USE;

#endif
