/* sitting/supervise_test.c - acts in a room: time, seal, receipt, late entries, violations, faults
 * (S14, S15, S16, S17). */
#include "sitting/delivery_fixture.h"

#include "base/json.h"
#include "base/signed_json.h"
#include "people/approval.h"
#include "sitting/fold.h"
#include "sitting/receipt.h"
#include "sitting/verify.h"
#include "sitting/violation.h"
#include "store/engine.h"
#include "store/signer.h"
#include "test/whole.h"

enum { MIN = 60000 };

static struct actor now(struct delivery *d)
{
    struct actor who = d->t->actor;
    who.now_ms = fixture_now_ms;
    return who;
}

static bool time_by(struct delivery *d, enum ledger_scope scope, enum ledger_kind kind,
                    int64_t minutes, struct err *e)
{
    struct actor who = now(d);
    struct time_act act = {.session = d->session,
                           .scope = scope,
                           .scope_id = scope == SCOPE_ROOM ? d->room : d->attempts[0],
                           .kind = kind,
                           .minutes = minutes,
                           .reason = "停电"};
    return time_write(d->writer, &who, &act, e);
}

static struct live_attempt *seat(struct delivery *d, size_t n)
{
    return live_find(journal_live(d->writer), d->attempts[n]);
}

static void seal(struct delivery *d, struct play_device *dev, const char *reason)
{
    play_write_signed(dev, d->t->arena, ENTRY_SEAL,
                      arena_printf(d->t->arena,
                                   "{\"answered\":1,\"deadline_ms\":1,\"ledger\":1,"
                                   "\"reason\":\"%s\"}",
                                   reason));
}

static void answers_of(struct delivery *d, size_t n, struct attempt_answers *out)
{
    struct err e = {0};
    CHECK_OK("answers", attempt_answers(d->t->db, d->t->arena, d->attempts[n], out, &e), &e);
}

/* S17: each act reaches the page, with its reason. */
void acts_are_told_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct err e = {0};
    struct actor who = now(d);
    delivery_open(d, 0, &dev);
    int told = delivery_told(d, d->attempts[0], "ledger");
    delivery_start_room(d, fixture_now_ms);
    static const struct {
        const char *what;
        enum ledger_scope scope;
        enum ledger_kind kind;
    } acts[] = {
        {"pause", SCOPE_ROOM, LEDGER_PAUSE},
        {"resume", SCOPE_ROOM, LEDGER_RESUME},
        {"extend", SCOPE_ATTEMPT, LEDGER_EXTEND},
        {"extend the room", SCOPE_ROOM, LEDGER_EXTEND},
    };
    CHECK_INT("start", delivery_told(d, d->attempts[0], "ledger"), ++told);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        CHECK_WHOLE(acts[i].what, d->t, journal_db(d->writer),
                    time_by(d, acts[i].scope, acts[i].kind, 10, &e), &e);
        CHECK_INT(acts[i].what, delivery_told(d, d->attempts[0], "ledger"), ++told);
        CHECK(acts[i].what, strstr(d->told[d->told_count - 1].json, "停电") ||
                                strstr(d->told[d->told_count - 2].json, "停电") ||
                                strstr(d->told[d->told_count - 3].json, "停电"));
    }
    CHECK_WHOLE("notice", d->t, journal_db(d->writer),
                room_notice(d->writer, &who, seat(d, 0)->room, seat(d, 0), "请保持安静", &e),
                &e);
    CHECK_INT("notice", delivery_told(d, d->attempts[0], "notice"), 1);
    struct violation_report in = {
        .code = "subject_void", .trigger = 3, .note = "离座", .told = true};
    CHECK_WHOLE("violation", d->t, journal_db(d->writer),
                violation_report(d->writer, &who, seat(d, 0), &in, &e), &e);
    CHECK_INT("violation", delivery_told(d, d->attempts[0], "notice"), 2);
    in.code = "nothing";
    CHECK_REFUSED("code", violation_report(d->writer, &who, seat(d, 0), &in, &e), &e, INVALID,
                  "/code");
    e = (struct err){0};
    in.code = "subject_void";
    in.trigger = 10;
    CHECK_REFUSED("trigger", violation_report(d->writer, &who, seat(d, 0), &in, &e), &e,
                  INVALID, "/trigger");
    play_end(&dev);
    delivery_destroy(d);
}

/* Extra time before, during and after the automatic hand-in. */
void extra_time_reopens_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct attempt_answers answers;
    struct err e = {0};
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    fixture_now_ms += 90 * MIN;
    dev.mono_ms += 90 * MIN;
    seal(d, &dev, "deadline");
    delivery_save(d, &dev, &answer);
    CHECK_INT("sealed", seat(d, 0)->state, ATTEMPT_SEALED);
    CHECK_OK("extra time", time_by(d, SCOPE_ROOM, LEDGER_EXTEND, 10, &e), &e);
    CHECK_INT("open again", seat(d, 0)->state, ATTEMPT_ADMITTED);
    CHECK_REFUSED("not for marking",
                  attempt_answers(d->t->db, d->t->arena, d->attempts[0], &answers, &e), &e,
                  CONFLICT, "/state");
    e = (struct err){0};
    CHECK_OK("claims", delivery_claim(d, 0, &dev, NULL, &e), &e);
    CHECK_INT("second epoch", dev.epoch, 2);
    play_write(&dev, ENTRY_ANSWER, 2, "[\"B\"]");
    seal(d, &dev, "hand_in");
    delivery_save(d, &dev, &answer);
    CHECK_INT("main", answer.branch, BRANCH_MAIN);
    answers_of(d, 0, &answers);
    CHECK_INT("both count", answers.answered, 2);
    CHECK_OK("more time", time_by(d, SCOPE_ROOM, LEDGER_EXTEND, 10, &e), &e);
    CHECK_INT("who handed in stays so", seat(d, 0)->state, ATTEMPT_SEALED);
    play_end(&dev);
    delivery_destroy(d);
}

/* Who was given time again and did not come back is sealed as before. */
void reopened_and_left_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct attempt_answers answers;
    struct err e = {0};
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    seal(d, &dev, "deadline");
    fixture_now_ms += 90 * MIN;
    delivery_save(d, &dev, &answer);
    CHECK_OK("extra time", time_by(d, SCOPE_ROOM, LEDGER_EXTEND, 10, &e), &e);
    CHECK_OK("round", grace_carry_out(d->writer, fixture_now_ms, &e), &e);
    CHECK_INT("still has time", seat(d, 0)->state, ATTEMPT_ADMITTED);
    fixture_now_ms += 11 * MIN;
    CHECK_OK("round", grace_carry_out(d->writer, fixture_now_ms, &e), &e);
    CHECK_INT("sealed again", seat(d, 0)->state, ATTEMPT_SEALED);
    delivery_restart(d);
    CHECK_INT("on disk too", seat(d, 0)->state, ATTEMPT_SEALED);
    answers_of(d, 0, &answers);
    CHECK_INT("its answer", answers.answered, 1);
    play_end(&dev);
    delivery_destroy(d);
}

/* S14 */
void sealed_in_time_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device in_time, late, changed;
    struct save_answer answer;
    struct attempt_answers answers;
    struct err e = {0};
    struct actor who;
    char code[SEAL_CODE_BYTES];
    bool matches;
    delivery_open(d, 0, &in_time);
    delivery_open(d, 1, &late);
    delivery_open(d, 2, &changed);
    delivery_start_room(d, fixture_now_ms);
    play_write(&in_time, ENTRY_START, 0, "{}");
    play_write(&late, ENTRY_START, 0, "{}");
    play_write(&changed, ENTRY_START, 0, "{}");
    for (uint16_t n = 1; n <= 3; n++) {
        in_time.mono_ms += 10 * MIN;
        late.mono_ms += 40 * MIN; /* the third after the deadline */
        changed.mono_ms += 10 * MIN;
        play_write(&in_time, ENTRY_ANSWER, n, "[\"A\"]");
        play_write(&late, ENTRY_ANSWER, n, "[\"A\"]");
        play_write(&changed, ENTRY_ANSWER, n, "[\"A\"]");
    }
    struct play_device forger = changed;
    seal(d, &in_time, "hand_in");
    seal(d, &late, "deadline");
    seal(d, &changed, "hand_in");
    seal_code_write(code, changed.head); /* noted before the candidate left */
    fixture_now_ms += 4 * 60 * MIN;      /* the network was away */

    delivery_save(d, &in_time, &answer);
    CHECK_INT("main", answer.branch, BRANCH_MAIN);
    answers_of(d, 0, &answers);
    CHECK_INT("all count", answers.answered, 3);
    CHECK_INT("signed by the device: nobody has to look", answers.doubtful, 0);
    CHECK_INT("none late", answers.late, 0);

    delivery_save(d, &late, &answer);
    answers_of(d, 1, &answers);
    CHECK_INT("two count", answers.answered, 2);
    CHECK_INT("answer and seal late, and shown", answers.late, 2);

    who = now(d);
    CHECK_WHOLE("note", d->t, journal_db(d->writer),
                seal_code_note(d->writer, &who, seat(d, 2), code, &matches, &e), &e);
    CHECK("nothing there yet", !matches);
    play_write(&forger, ENTRY_ANSWER, 1, "[\"D\"]"); /* changed after the code was noted */
    seal(d, &forger, "hand_in");
    delivery_save(d, &forger, &answer);
    CHECK_OK("note", seal_code_note(d->writer, &who, seat(d, 2), code, &matches, &e), &e);
    CHECK("does not match", !matches);
    delivery_save(d, &changed, &answer);
    CHECK_INT("the true one is kept beside it", answer.branch, BRANCH_ASIDE);
    play_end(&in_time);
    play_end(&late);
    play_end(&changed);
    delivery_destroy(d);
}

/* Without device signature or seal code, a late arrival counts and is flagged. */
void weak_and_late_is_doubtful_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct attempt_answers answers;
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    dev.mono_ms += 10 * MIN;
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    play_write(&dev, ENTRY_SEAL, 0,
               "{\"answered\":1,\"deadline_ms\":1,\"ledger\":1,\"reason\":\"hand_in\"}");
    fixture_now_ms += 3 * 60 * MIN;
    delivery_save(d, &dev, &answer);
    answers_of(d, 0, &answers);
    CHECK_INT("counts", answers.answered, 1);
    CHECK_INT("and is flagged", answers.doubtful, 2);
    play_end(&dev);
    delivery_destroy(d);
}

struct executing {
    struct delivery *d;
    const char *payload;
    approval_execute_fn *execute;
};

static bool execute_work(struct db *db, void *ctx, struct err *e)
{
    struct executing *x = ctx;
    struct approval p = {.payload = {(const unsigned char *)x->payload, strlen(x->payload)}};
    struct actor who = now(x->d);
    who.second = id_random();
    return x->execute(db, x->d->t->arena, &p, &who, NULL, e);
}

static void approve(struct delivery *d, const char *payload, approval_execute_fn *execute,
                    struct err *e)
{
    struct executing x = {d, payload, execute};
    CHECK_WHOLE("executes", d->t, d->t->db, db_transact(d->t->db, execute_work, &x, e), e);
}

/* A dead device: two people close, what comes later is kept, two people accept it. */
void close_and_accept_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct attempt_answers answers;
    struct err e = {0};
    char id[ID_TEXT_BYTES];
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    dev.mono_ms += MIN;
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    delivery_save(d, &dev, &answer);
    id_write(d->attempts[0], id);
    approve(d, arena_printf(d->t->arena, "{\"attempt\":\"%s\",\"reason\":\"主机损坏\"}", id),
            attempt_close_execute, &e);
    CHECK_INT("not yet", seat(d, 0)->state, ATTEMPT_OPEN);
    CHECK_WHOLE("carried out", d->t, journal_db(d->writer),
                closings_carry_out(d->writer, d->t->db, fixture_now_ms, &e), &e);
    CHECK_INT("closed", seat(d, 0)->state, ATTEMPT_CLOSED);
    CHECK("told", delivery_told(d, d->attempts[0], "ledger") >= 2);
    CHECK_OK("once", closings_carry_out(d->writer, d->t->db, fixture_now_ms, &e), &e);

    dev.mono_ms += MIN;
    play_write(&dev, ENTRY_ANSWER, 2, "[\"B\"]");
    delivery_save(d, &dev, &answer);
    CHECK_INT("aside", answer.branch, BRANCH_ASIDE);
    answers_of(d, 0, &answers);
    CHECK_INT("one counts", answers.answered, 1);
    CHECK_INT("one aside", answers.aside, 1);
    approve(d,
            arena_printf(d->t->arena,
                         "{\"attempt\":\"%s\",\"epoch\":1,\"seq\":2,\"reason\":\"硬盘取回\"}",
                         id),
            aside_accept_execute, &e);
    answers_of(d, 0, &answers);
    CHECK_INT("both count", answers.answered, 2);
    play_end(&dev);
    delivery_destroy(d);
}

void file_import_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct err e = {0};
    struct actor who = now(d);
    delivery_open(d, 0, &dev);
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    struct file_import in = {.room = seat(d, 0)->room, .file = play_file(&dev, d->t->arena)};
    CHECK_OK("imports", file_import(d->writer, d->t->arena, &who, &in, &e), &e);
    CHECK_INT("main", in.main, 1);
    CHECK_INT("stored", delivery_stored(d, 0, BRANCH_MAIN), 1);
    CHECK_OK("twice", file_import(d->writer, d->t->arena, &who, &in, &e), &e);
    CHECK_INT("stored once", delivery_stored(d, 0, BRANCH_MAIN), 1);
    unsigned char *bytes = arena_copy(d->t->arena, in.file.at, in.file.len);
    bytes[in.file.len - 1] ^= 1;
    in.file.at = bytes;
    CHECK_REFUSED("changed", file_import(d->writer, d->t->arena, &who, &in, &e), &e, INVALID,
                  "/body");
    play_end(&dev);
    delivery_destroy(d);
}

static struct signer *signer_of(struct delivery *d)
{
    struct err e = {0};
    struct signer *s = signer_create(d->t->arena, d->t->master);
    CHECK_OK("keys", signer_keys_ensure(s, d->t->db, fixture_now_ms, &e), &e);
    return s;
}

/* S16: a true receipt is accepted, each changed member refused. */
void receipt_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    struct err e = {0};
    struct key_table keys;
    json_t *receipt, *again;
    struct receipt_order order = {signer_of(d), d->attempts[0], fixture_now_ms};
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    play_write(&dev, ENTRY_ANSWER, 1, "[\"A\"]");
    delivery_save(d, &dev, &answer);
    CHECK_REFUSED("not handed in", receipt_get(d->t->db, d->t->arena, &order, &receipt, &e), &e,
                  CONFLICT, "/state");
    seal(d, &dev, "hand_in");
    delivery_save(d, &dev, &answer);
    e = (struct err){0};
    CHECK_OK("receipt", receipt_get(d->t->db, d->t->arena, &order, &receipt, &e), &e);
    order.now_ms += 5000;
    CHECK_OK("again", receipt_get(d->t->db, d->t->arena, &order, &again, &e), &e);
    CHECK("the same", json_equal(receipt, again));
    CHECK_OK("keys", signer_key_table(d->t->db, d->t->arena, &keys, &e), &e);
    CHECK_OK("true", receipt_verify(d->t->arena, &keys, receipt, &e), &e);

    int changed = 0;
    const char *name;
    json_t *value;
    for (int round = 0; round < 12; round++)
        json_object_foreach(receipt, name, value)
        {
            json_t *forged = json_keep(d->t->arena, json_deep_copy(receipt));
            if (json_is_integer(value)) {
                json_object_set_new(forged, name,
                                    json_integer(json_integer_value(value) + round + 1));
            } else {
                char *text = arena_text(d->t->arena, json_string_value(value));
                size_t at = (size_t)round % strlen(text);
                text[at] = text[at] == '0' ? '1' : '0';
                json_object_set_new(forged, name, json_string(text));
            }
            struct err why = {0};
            CHECK(name, !receipt_verify(d->t->arena, &keys, forged, &why));
            changed++;
        }
    CHECK("200 changes", changed >= 200);
    play_end(&dev);
    delivery_destroy(d);
}

/* S15: each damage to the stored journal is named. */
static struct journal_report verified(struct delivery *d)
{
    struct journal_report r;
    struct err e = {0};
    CHECK_OK("verifies", journal_verify(d->t->db, d->t->arena, &r, &e), &e);
    return r;
}

void journal_verify_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    struct save_answer answer;
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    for (uint16_t n = 1; n <= 5; n++) {
        play_write(&dev, ENTRY_ANSWER, n, "[\"A\"]");
        play_write(&dev, ENTRY_VISIT, n, "null");
        delivery_save(d, &dev, &answer);
    }
    struct journal_report r = verified(d);
    CHECK_INT("whole", r.break_count, 0);
    CHECK_INT("rows", r.rows, 10);
    CHECK_INT("ledger", r.ledger_rows, 1);
    CHECK_INT("batches", r.batches, 6);
    play_end(&dev);
    delivery_destroy(d);
}

/* By a hand that can do everything in the database. */
static void damage(struct delivery *d, const char *sql)
{
    struct err e = {0};
    CHECK_OK("triggers go",
             test_store_script(d->t,
                               "-- only sqlite\n"
                               "DROP TRIGGER journal_entry_no_update;"
                               "DROP TRIGGER journal_entry_no_delete;"
                               "DROP TRIGGER journal_batch_no_update;"
                               "DROP TRIGGER journal_batch_no_delete;"
                               "DROP TRIGGER time_ledger_no_update;"
                               "DROP TRIGGER time_ledger_no_delete\n"
                               "-- end\n"
                               "-- only postgres\n"
                               "DROP TRIGGER journal_entry_no_change ON journal_entry;"
                               "DROP TRIGGER journal_batch_no_change ON journal_batch;"
                               "DROP TRIGGER time_ledger_no_change ON time_ledger\n"
                               "-- end\n",
                               &e),
             &e);
    CHECK_OK(sql, test_store_script(d->t, sql, &e), &e);
}

static bool names(const struct journal_report *r, const char *what, int64_t batch)
{
    for (size_t i = 0; i < r->break_count; i++)
        if (strcmp(r->breaks[i].what, what) == 0 && (batch == 0 || r->breaks[i].batch == batch))
            return true;
    return false;
}

void journal_damage_test(void)
{
    static const struct {
        const char *sql, *what;
        int64_t batch; /* 0: any */
    } cases[] = {
        {"DELETE FROM journal_entry WHERE id = 3", "row_missing", 4},
        {"UPDATE journal_entry SET batch = 5 WHERE id = 3", "row_added", 5},
        {"UPDATE journal_entry SET bytes = substr(bytes, 1, 88) || '[\"Z\"]' WHERE id = 3",
         "row_changed", 4},
        {"UPDATE journal_entry SET branch = 1 WHERE id = 3", "row_missing", 4},
        {"INSERT INTO journal_entry SELECT session_id, 99, 0, 0, 1, 1, 1, 4, bytes, hash"
         " FROM journal_entry WHERE id = 3",
         "row_added", 4},
        {"UPDATE journal_entry SET id = 9 WHERE id = 5", "row_moved", 6},
        {"DELETE FROM journal_batch WHERE batch = 4", "batch_missing", 4},
        {"UPDATE journal_batch SET hash = substr(bytes, 1, 32) WHERE batch = 4",
         "batch_changed", 4},
        {"UPDATE journal_batch SET batch = 14 WHERE batch = 4", "batch_changed", 14},
        {"UPDATE time_ledger SET minutes = 60", "row_missing", 1},
        {"DELETE FROM time_ledger", "row_missing", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct delivery *d = delivery_create();
        struct play_device dev;
        struct save_answer answer;
        delivery_open(d, 0, &dev);
        delivery_start_room(d, fixture_now_ms);
        for (uint16_t n = 1; n <= 4; n++) {
            play_write(&dev, ENTRY_ANSWER, n, "[\"A\"]");
            delivery_save(d, &dev, &answer);
        }
        for (uint16_t n = 5; n <= 7; n++) /* of one batch */
            play_write(&dev, ENTRY_ANSWER, n, "[\"B\"]");
        delivery_save(d, &dev, &answer);
        CHECK_INT("whole before", verified(d).break_count, 0);
        damage(d, cases[i].sql);
        struct journal_report r = verified(d);
        CHECK(cases[i].sql, names(&r, cases[i].what, cases[i].batch));
        play_end(&dev);
        delivery_destroy(d);
    }
}

/* Reported, witnessed by another, answered, decided by two. */
void violation_road_test(void)
{
    struct delivery *d = delivery_create();
    struct err e = {0};
    struct actor who = now(d), other = who;
    struct violation v;
    char id[ID_TEXT_BYTES];
    other.account = id_random();
    struct violation_report in = {
        .code = "subject_void", .trigger = 0, .note = "带入手机", .told = true};
    CHECK_WHOLE("reports", d->t, journal_db(d->writer),
                violation_report(d->writer, &who, seat(d, 0), &in, &e), &e);
    CHECK_REFUSED("not by oneself", violation_witness(d->t->db, &who, in.id, &e), &e, CONFLICT,
                  "/witness");
    e = (struct err){0};
    CHECK_WHOLE("witnessed", d->t, d->t->db, violation_witness(d->t->db, &other, in.id, &e),
                &e);
    CHECK_REFUSED("once", violation_witness(d->t->db, &other, in.id, &e), &e, CONFLICT,
                  "/witness");
    e = (struct err){0};
    CHECK_WHOLE("answered", d->t, d->t->db,
                violation_statement(d->t->db, &who, in.id, "已关机", &e), &e);
    id_write(in.id, id);
    approve(d,
            arena_printf(d->t->arena,
                         "{\"violation\":\"%s\",\"code\":\"subject_void\",\"decision\":"
                         "\"属实\"}",
                         id),
            violation_decide_execute, &e);
    CHECK_OK("reads", violation_get(d->t->db, d->t->arena, who.body, in.id, &v, &e), &e);
    CHECK_TEXT("decided", v.state, "decided");
    CHECK_TEXT("by code", v.decided_code, "subject_void");
    CHECK_REFUSED("over", violation_statement(d->t->db, &who, in.id, "不服", &e), &e, CONFLICT,
                  "/state");
    other.body = id_random();
    e = (struct err){0};
    CHECK_REFUSED("another body's", violation_witness(d->t->db, &other, in.id, &e), &e,
                  NOT_FOUND, "violation");
    delivery_destroy(d);
}
