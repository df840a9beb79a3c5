/* sitting/node_ledger_test.c - the centre's time acts reach a room once, or say why not; what a node
 * hands up of them counts once. */
#include <jansson.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/batch.h"
#include "sitting/delivery_fixture.h"
#include "sitting/hand_up.h"
#include "sitting/node.h"
#include "sitting/node_self.h"
#include "store/audit.h"
#include "store/signer.h"

enum { MIN = 60000, CALLS_MAX = 80, CENTRE_NO = 7, NODE_CHAIN = 2 };

/* --- on a node --------------------------------------------------------------------------------- */
static json_t *sessions_of(struct delivery *d, const struct ledger_row *rows, size_t count)
{
    char text[ID_TEXT_BYTES];
    json_t *list = json_array();
    id_write(d->session, text);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, ledger_row_json(&rows[i]));
    return json_keep(d->t->arena, json_pack("[{s:s, s:o}]", "session", text, "rows", list));
}

static struct ledger_row centre_row(struct delivery *d, enum ledger_kind kind, int64_t minutes)
{
    return (struct ledger_row){.no = CENTRE_NO,
                               .kind = kind,
                               .scope = SCOPE_SESSION,
                               .scope_id = d->session,
                               .at_ms = fixture_now_ms,
                               .minutes = minutes,
                               .reason = "停电",
                               .server_ms = fixture_now_ms,
                               .actor = d->t->actor.account};
}

static json_t *take(struct delivery *d, const struct ledger_row *rows, size_t count)
{
    struct err e = {0};
    struct actor who = {.body = d->t->actor.body, .now_ms = fixture_now_ms};
    struct node_here here = {
        .db = d->t->db, .arena = d->t->arena, .journal = d->writer, .who = &who};
    json_t *said;
    CHECK_OK("takes", node_ledger_take(&here, sessions_of(d, rows, count), &said, &e), &e);
    return said;
}

static struct live_session *session_of(struct delivery *d)
{
    return live_find_session(journal_live(d->writer), d->session);
}

static int64_t allowed_ms(struct delivery *d)
{
    struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[0]);
    return live_clock(a, fixture_now_ms).allowed_ms;
}

void node_ledger_once_test(void)
{
    struct delivery *d = delivery_create();
    struct play_device dev;
    delivery_open(d, 0, &dev);
    delivery_start_room(d, fixture_now_ms);
    int told = delivery_told(d, d->attempts[0], "ledger");
    struct ledger_row row = centre_row(d, LEDGER_EXTEND, 5);
    for (int i = 0; i < 3; i++) {
        json_t *said = take(d, &row, 1);
        CHECK_INT("said each time", json_array_size(said), 1);
        CHECK_INT("of this row", json_member_int(json_array_get(said, 0), "no", 0), CENTRE_NO);
        CHECK("no problem", !json_member_text(json_array_get(said, 0), "problem"));
        CHECK_INT("counted once", allowed_ms(d), 95 * MIN);
        CHECK_INT("shown once", delivery_told(d, d->attempts[0], "ledger"), told + 1);
    }
    delivery_restart(d);
    take(d, &row, 1);
    CHECK_INT("once, also after a restart", session_of(d)->ledger_count, 2);
    CHECK_INT("the centre's number", session_of(d)->ledger[1].from_no, CENTRE_NO);
    CHECK_INT("under its own", session_of(d)->ledger[1].no, 2);
    row.no++;
    take(d, &row, 1);
    CHECK_INT("another row is more time", allowed_ms(d), 100 * MIN);
    play_end(&dev);
    delivery_destroy(d);
}

void node_ledger_pause_test(void)
{
    struct delivery *d = delivery_create();
    struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[0]);
    delivery_start_room(d, fixture_now_ms);
    struct ledger_row rows[2] = {centre_row(d, LEDGER_PAUSE, 0),
                                 centre_row(d, LEDGER_RESUME, 0)};
    rows[0].at_ms += 10 * MIN;
    rows[1].at_ms += 15 * MIN;
    rows[1].no++;
    fixture_now_ms += 12 * MIN;
    take(d, rows, 1);
    CHECK_INT("paused since the centre said so", live_clock(a, fixture_now_ms).remaining_ms,
              80 * MIN);
    fixture_now_ms += 8 * MIN;
    take(d, rows, 2);
    CHECK_INT("runs again", live_clock(a, fixture_now_ms).paused, false);
    CHECK_INT("five minutes later", live_clock(a, fixture_now_ms).remaining_ms, 75 * MIN);
    rows[1].no++;
    json_t *said = take(d, &rows[1], 1);
    CHECK("what cannot be is said",
          json_member_text(json_array_get(said, 0), "problem") != NULL);
    delivery_destroy(d);
}

/* Put off: a room that is set to start waits; once papers are open it is refused with the reason. */
void node_ledger_put_off_test(void)
{
    struct delivery *d = delivery_create();
    struct err e = {0};
    struct live_attempt *a = live_find(journal_live(d->writer), d->attempts[0]);
    struct ledger_row row = centre_row(d, LEDGER_PUT_OFF, 0);
    delivery_start_room(d, fixture_now_ms + 10 * MIN);
    row.at_ms = fixture_now_ms + 25 * MIN;
    json_t *said = take(d, &row, 1);
    CHECK("taken", !json_member_text(json_array_get(said, 0), "problem"));
    CHECK_INT("waits", live_clock(a, fixture_now_ms + 20 * MIN).started, false);
    CHECK_INT("begins", live_clock(a, fixture_now_ms + 26 * MIN).remaining_ms, 89 * MIN);
    delivery_start_room(d, fixture_now_ms + 1);
    CHECK_INT("nobody starts before it", session_of(d)->ledger[2].at_ms, row.at_ms);
    CHECK_OK(
        "the papers are opened",
        test_store_script(d->t,
                          "INSERT INTO paper_session (session, body, revision, title,"
                          " minutes, open_at_ms, close_at_ms, key_set, key_commit,"
                          " prepared_ms, released_ms) SELECT id, body_id, 1, 'x', 90, 1, 2,"
                          " id, id, 1, 1 FROM delivery_session",
                          &e),
        &e);
    row.no++;
    row.at_ms += 10 * MIN;
    said = take(d, &row, 1);
    const char *problem = json_member_text(json_array_get(said, 0), "problem");
    CHECK("refused with the reason", problem && strstr(problem, "已经启封"));
    CHECK_INT("nothing is written", session_of(d)->ledger_count, 3);
    delivery_destroy(d);
}

void node_ledger_bad_test(void)
{
    static const char *const cases[] = {
        "[{\"session\":\"x\",\"rows\":[]}]",
        "[{\"rows\":[]}]",
        "[{\"session\":\"SESSION\"}]",
        "[{\"session\":\"SESSION\",\"rows\":[[1]]}]",
        "[{\"session\":\"SESSION\",\"rows\":[[0,4,1,null,1,5,\"x\",1,null,null,0]]}]",
        "[{\"session\":\"SESSION\",\"rows\":[[1,9,1,null,1,5,\"x\",1,null,null,0]]}]",
        "[{\"session\":\"SESSION\",\"rows\":[[1,4,4,null,1,5,\"x\",1,null,null,0]]}]",
        "[{\"session\":\"SESSION\",\"rows\":[[1,4,1,\"y\",1,5,\"x\",1,null,null,0]]}]",
        "[{\"session\":\"SESSION\",\"rows\":[[1,4,1,null,1,5,\"x\",1,null,null,3]]}]",
    };
    struct delivery *d = delivery_create();
    struct actor who = d->t->actor;
    struct node_here here = {
        .db = d->t->db, .arena = d->t->arena, .journal = d->writer, .who = &who};
    char id[ID_TEXT_BYTES];
    id_write(d->session, id);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        char *text = arena_text(d->t->arena, cases[i]), *at = strstr(text, "SESSION");
        json_t *said;
        if (at)
            text = arena_printf(d->t->arena, "%.*s%s%s", (int)(at - text), text, id, at + 7);
        json_t *v = json_read(d->t->arena, text, strlen(text), &e);
        CHECK_OK(text, v != NULL, &e);
        CHECK_REFUSED(text, node_ledger_take(&here, v, &said, &e), &e, INVALID, "/ledger");
    }
    CHECK_INT("nothing came in", session_of(d)->ledger_count, 0);
    delivery_destroy(d);
}

/* --- at the centre ---------------------------------------------------------------------------------- */
struct centre {
    struct delivery *d;
    struct node node;
    struct node_duty duty;
    struct actor who;
};

static struct node_desk desk_of(struct centre *c)
{
    return (struct node_desk){c->d->t->db, c->d->t->arena, c->d->t->master, NULL, &c->who};
}

static bool put_duty(struct db *db, void *ctx, struct err *e)
{
    struct centre *c = ctx;
    struct query *q = db_query(db, SQL_room_node_duty_put);
    query_id(q, c->d->room);
    query_id(q, c->node.id);
    query_id(q, c->d->session);
    query_int(q, 0);
    return query_run(q, e);
}

static struct centre *centre_create(void)
{
    struct delivery *d = delivery_create();
    struct centre *c = arena_new(d->t->arena, struct centre);
    struct err e = {0};
    char code[NODE_CODE_TEXT_BYTES];
    *c = (struct centre){.d = d, .who = d->t->actor};
    c->who.now_ms = fixture_now_ms;
    c->duty = (struct node_duty){.room = d->room, .session = d->session, .no = 1};
    struct node_desk desk = desk_of(c);
    CHECK_OK("a node", node_invite(&desk, "一号机房", &c->node.id, code, &e), &e);
    CHECK_OK("reads", node_get(&desk, c->node.id, &c->node, &e), &e);
    CHECK_INT("its chain", c->node.chain, NODE_CHAIN);
    c->node.kid = "0011223344556677";
    CHECK_OK("serves the room", db_transact(d->t->db, put_duty, c, &e), &e);
    return c;
}

static bool stand_by(struct db *db, void *ctx, struct err *e)
{
    struct centre *c = ctx;
    struct query *q = db_query(db, SQL_room_node_duty_put);
    query_id(q, c->d->room);
    query_id(q, c->node.id);
    query_id(q, c->d->session);
    query_int(q, 1);
    return query_run(q, e);
}

void node_standby_test(void)
{
    struct centre *c = centre_create();
    struct err e = {0};
    bool away;
    CHECK_OK("asks", room_is_away(c->d->t->db, c->d->room, &away, &e), &e);
    CHECK_INT("served by the node", away, true);
    CHECK_OK("only stands by", db_transact(c->d->t->db, stand_by, c, &e), &e);
    CHECK_OK("asks", room_is_away(c->d->t->db, c->d->room, &away, &e), &e);
    CHECK_INT("served by the centre", away, false);
    delivery_destroy(c->d);
}

static void time_by(struct centre *c, enum ledger_scope scope, struct id id)
{
    struct err e = {0};
    struct time_act act = {.session = c->d->session,
                           .scope = scope,
                           .scope_id = id,
                           .kind = LEDGER_EXTEND,
                           .minutes = 5,
                           .reason = "停电"};
    CHECK_OK("extra time", time_write(c->d->writer, &c->who, &act, &e), &e);
}

static size_t to_come(struct centre *c, json_t **rows)
{
    struct err e = {0};
    struct node_duty duties[2] = {c->duty, c->duty};
    json_t *list;
    CHECK_OK("rows",
             node_ledger_rows(c->d->t->db, c->d->t->arena, &c->node, duties, 2, &list, &e), &e);
    CHECK("a session stands there once", json_array_size(list) < 2);
    *rows = json_object_get(json_array_get(list, 0), "rows");
    return json_array_size(*rows);
}

static json_t *reached(struct centre *c, int64_t no)
{
    char text[ID_TEXT_BYTES];
    id_write(c->d->session, text);
    return json_keep(c->d->t->arena,
                     json_pack("[{s:s, s:I}]", "session", text, "no", (json_int_t)no));
}

static size_t arrived(struct centre *c)
{
    struct err e = {0};
    struct ledger_arrival *list;
    size_t count;
    CHECK_OK("arrivals",
             ledger_arrivals(c->d->t->db, c->d->t->arena, c->d->session, &list, &count, &e),
             &e);
    return count;
}

void node_ledger_sent_test(void)
{
    struct centre *c = centre_create();
    struct node_desk desk = desk_of(c);
    struct err e = {0};
    struct ledger_row first;
    json_t *rows;
    CHECK_INT("nothing yet", to_come(c, &rows), 0);
    time_by(c, SCOPE_SESSION, c->d->session);
    time_by(c, SCOPE_ROOM, c->d->room);
    time_by(c, SCOPE_ATTEMPT, c->d->attempts[0]);
    CHECK_INT("of the session, the room and a seat", to_come(c, &rows), 3);
    CHECK("reads", ledger_row_read(json_array_get(rows, 0), &first));
    CHECK_INT("in order", first.no, 1);
    CHECK_TEXT("with the reason", first.reason, "停电");
    CHECK_OK("reached", node_ledger_reached(&desk, &c->node, reached(c, 1), &e), &e);
    CHECK_OK("twice", node_ledger_reached(&desk, &c->node, reached(c, 1), &e), &e);
    CHECK_OK("what was never sent", node_ledger_reached(&desk, &c->node, reached(c, 99), &e),
             &e);
    CHECK_INT("two to come", to_come(c, &rows), 2);
    CHECK_INT("one arrived", arrived(c), 1);
    struct node other = c->node;
    other.id = id_random();
    CHECK_OK("another node", node_ledger_reached(&desk, &other, reached(c, 2), &e), &e);
    CHECK_INT("says nothing for this one", arrived(c), 1);
    json_t *bad = json_keep(c->d->t->arena, json_pack("[{s:s, s:i}]", "session", "x", "no", 1));
    CHECK_REFUSED("unreadable", node_ledger_reached(&desk, &c->node, bad, &e), &e, INVALID,
                  "/ledger");
    delivery_destroy(c->d);
}

/* --- handed up --------------------------------------------------------------------------------------- */
static bool hand_up(struct centre *c, struct ledger_row row, struct err *e)
{
    struct node_desk desk = desk_of(c);
    json_t *part = json_keep(c->d->t->arena, json_pack("{s:s, s:[o]}", "kind", "ledger", "rows",
                                                       ledger_row_json(&row)));
    return hand_up_take(&desk, &c->node, c->d->session, part, e);
}

void node_ledger_handed_up_test(void)
{
    struct centre *c = centre_create();
    struct err e = {0};
    struct ledger_row *rows;
    size_t count;
    time_by(c, SCOPE_SESSION, c->d->session);
    struct ledger_row copy = session_of(c->d)->ledger[0], bad;
    copy.from_no = copy.no;
    copy.no = 4;
    bad = copy;
    bad.minutes = 240;
    CHECK_REFUSED("more time than we gave", hand_up(c, bad, &e), &e, INVALID, "/rows/0");
    bad = copy;
    bad.from_no = 9;
    e = (struct err){0};
    CHECK_REFUSED("a row we never wrote", hand_up(c, bad, &e), &e, INVALID, "/rows/0");
    bad = copy;
    bad.from_no = 0;
    e = (struct err){0};
    CHECK_REFUSED("its own, for the session", hand_up(c, bad, &e), &e, INVALID, "/rows/0");
    e = (struct err){0};
    CHECK_OK("the copy", hand_up(c, copy, &e), &e);
    CHECK_OK("twice", hand_up(c, copy, &e), &e);
    CHECK_OK("reads",
             ledger_of_session(c->d->t->db, c->d->t->arena, c->d->session, &rows, &count, &e),
             &e);
    CHECK_INT("beside ours", count, 2);
    CHECK_INT("ours", ledger_is_copy(&rows[0]), false);
    CHECK_INT("a copy", ledger_is_copy(&rows[1]), true);
    CHECK_INT("of the chain", rows[1].no, NODE_CHAIN * ROW_SPACE + 4);
    delivery_restart(c->d);
    CHECK_INT("counted once", allowed_ms(c->d), 95 * MIN);
    delivery_destroy(c->d);
}

/* --- with the nth call failing -------------------------------------------------------------------------- */
static int64_t audit_rows(struct delivery *d)
{
    struct err e = {0};
    struct audit_report r;
    CHECK_OK("audit", audit_verify(d->t->db, d->t->arena, &r, &e), &e);
    CHECK_INT("the chain holds", r.break_count, 0);
    return r.rows;
}

static bool take_failing(struct centre *c, struct err *e)
{
    struct ledger_row row = centre_row(c->d, LEDGER_EXTEND, 5);
    struct node_here here = {
        .db = c->d->t->db, .arena = c->d->t->arena, .journal = c->d->writer, .who = &c->who};
    json_t *said;
    bool ok = node_ledger_take(&here, sessions_of(c->d, &row, 1), &said, e);
    CHECK_INT("the row or none", session_of(c->d)->ledger_count, 1 + ok);
    return ok;
}

static bool reach_failing(struct centre *c, struct err *e)
{
    struct node_desk desk = desk_of(c);
    bool ok = node_ledger_reached(&desk, &c->node, reached(c, 1), e);
    db_fail_call(c->d->t->db, 0, false);
    CHECK_INT("known or not", arrived(c), ok);
    return ok;
}

static void whole_or_not_at_all(struct centre *c, struct db *db,
                                bool (*run)(struct centre *c, struct err *e))
{
    for (int nth = 1;; nth = test_next_call(nth)) {
        struct err e = {0};
        int64_t before = audit_rows(c->d);
        db_fail_call(db, nth, nth % 2 == 0);
        bool ok = run(c, &e);
        db_fail_call(db, 0, false);
        CHECK("idle", db_is_idle(db));
        CHECK_INT("with its audit row", audit_rows(c->d) - before, ok);
        if (ok) {
            CHECK("failed before", nth > 4);
            return;
        }
        CHECK_INT("the store's", e.code, ERR_STORE);
        CHECK("ends", nth < CALLS_MAX);
    }
}

void node_ledger_faults_test(void)
{
    struct centre *c = centre_create();
    time_by(c, SCOPE_SESSION, c->d->session);
    whole_or_not_at_all(c, c->d->t->db, reach_failing);
    whole_or_not_at_all(c, journal_db(c->d->writer), take_failing);
    delivery_destroy(c->d);
}
