/* sitting/room_rehearsal_test.c - a rehearsal on a room's machine: ordered once, taken once, told as often as the
 * line needs, its report kept with the session and judged there. Centre and node share a store here. */
#include "sitting/room_rehearsal.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/json.h"
#include "sitting/arrange_fixture.h"
#include "sitting/node.h"
#include "sitting/node_self.h"
#include "sitting/rehearsal.h"
#include "store/db.h"
#include "test/check.h"
#include "test/whole.h"

static const char measured[] =
    "{\"version\":\"0.1.0\",\"engine\":\"sqlite\",\"began_ms\":1,\"ended_ms\":2,\"candidates\":"
    "30,"
    "\"rooms\":3,\"nodes\":3,\"stages\":[{\"name\":\"sit\",\"count\":30,\"ms\":9,\"cpu_ms\":4}]"
    ","
    "\"figures\":{\"candidates\":30,\"rooms_open\":3,\"enter_p99\":1,\"claim_p99\":1,"
    "\"paper_p99\":1,\"save_p99\":1,\"receipt_p99\":1,\"failed\":0,\"put_off_ms\":1,"
    "\"extend_ms\":1,\"hand_up_ms\":1,\"marks_wrong\":0,\"left_over\":0,\"free_mib\":4096},"
    "\"failed\":null}";

struct play {
    struct hall *h;
    struct node_desk desk;
    struct node_here here;
    struct node node; /* serves the hall's room of 30 seats */
};

static bool serve(struct db *db, void *ctx, struct err *e)
{
    const struct play *p = ctx;
    struct query *q = db_query(db, SQL_room_node_duty_put);
    query_id(q, p->h->room.id);
    query_id(q, p->node.id);
    query_id(q, p->h->session.id);
    query_int(q, 0);
    return query_run(q, e);
}

static struct play *play_create(void)
{
    struct err e = {0};
    struct hall *h = hall_create();
    struct play *p = arena_new(h->by.arena, struct play);
    char code[NODE_CODE_TEXT_BYTES];
    p->h = h;
    p->desk = (struct node_desk){
        .db = h->db, .arena = h->by.arena, .master = h->f->t->master, .who = &h->actor};
    p->here = (struct node_here){.db = h->db, .arena = h->by.arena, .who = &h->actor};
    CHECK_OK("invited", node_invite(&p->desk, "一号机", &p->node.id, code, &e), &e);
    return p;
}

static void join(struct play *p)
{
    struct err e = {0};
    CHECK_OK("serves", db_transact(p->h->db, serve, p, &e), &e);
    CHECK_OK("joined",
             test_store_script(p->h->f->t, "UPDATE room_node SET state = 'joined'", &e), &e);
    CHECK_OK("node", node_get(&p->desk, p->node.id, &p->node, &e), &e);
}

static bool order(struct play *p, struct err *e)
{
    *e = (struct err){0};
    return rehearsal_order(&p->desk, p->h->session.id, p->node.id, e);
}

static struct room_rehearsal newest(struct play *p)
{
    struct err e = {0};
    struct room_rehearsal *list;
    size_t count;
    CHECK_OK("orders",
             rehearsal_orders(p->h->db, p->h->by.arena, p->h->actor.body, p->h->session.id,
                              &list, &count, &e),
             &e);
    CHECK("there is one", count > 0);
    return list[0];
}

static json_t *contact(struct play *p)
{
    struct err e = {0};
    json_t *orders;
    CHECK_OK("contact",
             rehearsal_orders_of_node(p->h->db, p->h->by.arena, p->node.id, p->h->actor.now_ms,
                                      &orders, &e),
             &e);
    return orders;
}

static struct node_rehearsal here_newest(struct play *p)
{
    struct err e = {0};
    struct node_rehearsal *list;
    size_t count;
    CHECK_OK("here", node_rehearsals(p->h->db, p->h->by.arena, &list, &count, &e), &e);
    CHECK("there is one", count > 0);
    return list[0];
}

static struct node_rehearsal taken(struct play *p)
{
    struct err e = {0};
    struct node_rehearsal r;
    bool mine = false;
    CHECK_OK("an order", node_rehearsal_read(json_array_get(contact(p), 0), &r, &e), &e);
    CHECK_WHOLE("begins", p->h->f->t, p->h->db, node_rehearsal_begin(&p->here, &r, &mine, &e),
                &e);
    CHECK("taken", mine);
    CHECK_OK("sent again", node_rehearsal_begin(&p->here, &r, &mine, &e), &e);
    CHECK("not taken twice", !mine);
    return r;
}

static size_t reports(struct play *p, struct rehearsal **out)
{
    struct err e = {0};
    size_t count;
    CHECK_OK("reports",
             rehearsal_list(p->h->db, p->h->by.arena, p->h->actor.body, p->h->session.id, out,
                            &count, &e),
             &e);
    return count;
}

static void tell(struct play *p, const char *state)
{
    struct err e = {0};
    struct node_rehearsal r = here_newest(p);
    json_t *news = node_rehearsal_news(p->h->by.arena, &r);
    CHECK("there is news", news != NULL);
    CHECK_WHOLE("told", p->h->f->t, p->h->db,
                rehearsal_told(&p->desk, &p->node, r.id, news, &e), &e);
    CHECK_TEXT("as told", newest(p).state, state);
    CHECK_OK("known", node_rehearsal_known(&p->here, &r, &e), &e);
    r = here_newest(p);
    CHECK("nothing more to say", !node_rehearsal_news(p->h->by.arena, &r));
}

void room_rehearsal_order_test(void)
{
    struct play *p = play_create();
    struct err e;
    CHECK_REFUSED("serves nothing here", order(p, &e), &e, CONFLICT, "/node");
    e = (struct err){0};
    CHECK_OK("serves", db_transact(p->h->db, serve, p, &e), &e);
    CHECK_REFUSED("has not joined", order(p, &e), &e, CONFLICT, "/node");
    join(p);
    p->desk.who = p->h->stranger.actor;
    CHECK_REFUSED("another body", order(p, &e), &e, NOT_FOUND, "session");
    p->desk.who = &p->h->actor;
    e = (struct err){0};
    CHECK_WHOLE("ordered", p->h->f->t, p->h->db,
                rehearsal_order(&p->desk, p->h->session.id, p->node.id, &e), &e);
    struct room_rehearsal r = newest(p);
    CHECK_TEXT("waits", r.state, "ordered");
    CHECK_INT("for each seat", r.candidates, 30);
    CHECK_INT("in rooms of", r.room_seats, 30);
    CHECK_REFUSED("one at a time", order(p, &e), &e, CONFLICT, "/node");
    CHECK_INT("in its contact", (int)json_array_size(contact(p)), 1);
    p->h->actor.now_ms += REHEARSAL_ORDER_MS + 1;
    CHECK_INT("not for ever", (int)json_array_size(contact(p)), 0);
    CHECK_OK("ordered anew", order(p, &e), &e);
    CHECK_OK("called off", session_cancel(p->h->db, &p->h->by, p->h->session.id, "停电", &e),
             &e);
    CHECK_REFUSED("not any more", order(p, &e), &e, CONFLICT, "/session");
    hall_destroy(p->h);
}

void room_rehearsal_report_test(void)
{
    struct play *p = play_create();
    struct err e;
    struct rehearsal *list;
    join(p);
    CHECK_OK("ordered", order(p, &e), &e);
    struct node_rehearsal r = taken(p);
    tell(p, "running");
    CHECK_OK("a step", node_rehearsal_stage(&p->here, r.id, "sit", &e), &e);
    tell(p, "running");
    CHECK_TEXT("how far it is", newest(p).stage, "sit");
    json_t *report = json_read(p->h->by.arena, measured, sizeof measured - 1, &e);
    CHECK_WHOLE("ends", p->h->f->t, p->h->db,
                node_rehearsal_end(&p->here, &r, report, NULL, &e), &e);
    r = here_newest(p);
    CHECK("judged here", strcmp(r.state, "done") == 0 && r.passed);
    json_t *news = node_rehearsal_news(p->h->by.arena, &r);
    tell(p, "done");
    CHECK_OK("the answer was lost", rehearsal_told(&p->desk, &p->node, r.id, news, &e), &e);
    CHECK_INT("kept once", (int)reports(p, &list), 1);
    CHECK("of this node", id_equal(list[0].node, p->node.id) && list[0].passed);
    CHECK_TEXT("by name", list[0].node_name, "一号机");
    CHECK_INT("it is over", (int)json_array_size(contact(p)), 0);
    CHECK_OK("another may begin", order(p, &e), &e);
    hall_destroy(p->h);
}

/* Fewer candidates than seats: judged by the order, whatever the report says. */
void room_rehearsal_verdict_test(void)
{
    struct play *p = play_create();
    struct err e;
    struct rehearsal *list;
    join(p);
    CHECK_OK("ordered", order(p, &e), &e);
    struct node_rehearsal r = taken(p);
    json_t *report = json_read(p->h->by.arena, measured, sizeof measured - 1, &e);
    json_object_set_new(json_object_get(report, "figures"), "candidates", json_integer(29));
    CHECK_OK("ends", node_rehearsal_end(&p->here, &r, report, NULL, &e), &e);
    CHECK("not passed here", !here_newest(p).passed);
    tell(p, "done");
    CHECK_INT("kept", (int)reports(p, &list), 1);
    CHECK("not passed there", !list[0].passed);
    hall_destroy(p->h);
}

void room_rehearsal_refused_test(void)
{
    static const char *const said[] = {
        "{}",
        "{\"state\":\"ordered\"}",
        "{\"state\":\"done\"}",
        "{\"state\":\"done\",\"report\":{}}",
        "{\"state\":\"running\",\"report\":{}}",
        "{\"state\":\"running\",\"stage\":\"<b>\"}",
        "{\"state\":\"refused\"}",
        "{\"state\":\"running\",\"problem\":\"x\"}",
    };
    struct play *p = play_create();
    struct err e;
    struct rehearsal *list;
    struct node other = {.id = id_random()};
    const char *why;
    join(p);
    CHECK_OK("ordered", order(p, &e), &e);
    struct id id = newest(p).id;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        e = (struct err){0};
        json_t *v = json_read(p->h->by.arena, said[i], strlen(said[i]), &e);
        CHECK(said[i], !rehearsal_told(&p->desk, &p->node, id, v, &e) && e.code == ERR_INVALID);
    }
    json_t *good = json_keep(p->h->by.arena, json_pack("{s:s}", "state", "running"));
    e = (struct err){0};
    CHECK_REFUSED("another node's", rehearsal_told(&p->desk, &other, id, good, &e), &e,
                  NOT_FOUND, "rehearsal");
    e = (struct err){0};
    CHECK_OK("nothing hinders", node_rehearsal_hinders(&p->here, &why, &e), &e);
    CHECK("may", !why);
    struct node_rehearsal r = taken(p);
    CHECK_OK("cut", node_rehearsal_end(&p->here, &r, NULL, "演练中断。", &e), &e);
    tell(p, "refused");
    CHECK_TEXT("why", newest(p).problem, "演练中断。");
    CHECK_INT("no report", (int)reports(p, &list), 0);
    hall_destroy(p->h);
}

/* Nobody's exam is disturbed: not while a room is open, not within the half hour before. */
void room_rehearsal_waits_test(void)
{
    static const struct {
        const char *state;
        int64_t from_now_ms; /* its opening */
        bool hinders;
    } cases[] = {
        {"complete", 31 * 60000, false}, {"complete", 29 * 60000, true},
        {"fetching", 29 * 60000, true},  {"complete", -60000, true},
        {"released", -60000, true},      {"released", -864000000, true},
        {"handed_up", -60000, false},    {"cleared", -60000, false},
        {"complete", -864000000, false},
    };
    struct play *p = play_create();
    struct package of = {.session = p->h->session.id, .room = 1, .revision = 1};
    struct err e = {0};
    CHECK_OK("a package",
             node_package_begin(p->h->db, p->h->room.id,
                                (struct bytes){(const unsigned char *)"{}", 2}, &of, &e),
             &e);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why;
        int64_t opens = p->h->actor.now_ms + cases[i].from_now_ms;
        CHECK_OK("as it stands",
                 test_store_script(p->h->f->t,
                                   arena_printf(p->h->by.arena,
                                                "UPDATE node_package SET state = '%s',"
                                                " open_at_ms = %lld, close_at_ms = %lld",
                                                cases[i].state, (long long)opens,
                                                (long long)opens + 5400000),
                                   &e),
                 &e);
        CHECK_OK("asked", node_rehearsal_hinders(&p->here, &why, &e), &e);
        CHECK_INT(cases[i].state, why != NULL, cases[i].hinders);
    }
    hall_destroy(p->h);
}
