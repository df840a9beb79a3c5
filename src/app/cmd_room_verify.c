/* app/cmd_room_verify.c - `heng room verify`: does the stored journal say what its own hashes say
 * (S15)? Names every row and batch that was removed, added, moved or changed; at the centre also every audit row
 * of a room node that does not fit its chain or what the node had signed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cmd_room.h"
#include "app/command.h"
#include "app/instance.h"
#include "base/json_out.h"
#include "sitting/node.h"
#include "sitting/verify.h"
#include "store/db.h"

struct verified {
    struct journal_report journal;
    struct node_audit_report nodes; /* all zero where one session was asked for */
};

static void put_nodes(struct json_out *o, const struct node_audit_report *r)
{
    put_object(o, "node_audit");
    put_int(o, "nodes", r->nodes);
    put_int(o, "rows", r->rows);
    put_int(o, "anchors", r->anchors);
    put_array(o, "broken");
    for (size_t i = 0; i < r->break_count; i++) {
        out_object(o);
        put_id(o, "node", r->breaks[i].node);
        put_int(o, "chain", r->breaks[i].chain);
        put_int(o, "seq", r->breaks[i].seq);
        put_text(o, "what", r->breaks[i].what);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
}

static void print_nodes(const struct node_audit_report *r)
{
    if (r->nodes == 0)
        return;
    printf("%" PRId64 " 个考场节点，%" PRId64 " 行审计，%" PRId64 " 个已签名的链头\n", r->nodes,
           r->rows, r->anchors);
    for (size_t i = 0; i < r->break_count; i++) {
        char node[ID_TEXT_BYTES];
        id_write(r->breaks[i].node, node);
        printf("节点 %s 链 %" PRId64 " 第 %" PRId64 " 行：%s\n", node, r->breaks[i].chain,
               r->breaks[i].seq, node_audit_finding_label(r->breaks[i].what));
    }
}

static void print_json(struct arena *a, const struct verified *v)
{
    const struct journal_report *r = &v->journal;
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_int(o, "batches", r->batches);
    put_int(o, "rows", r->rows);
    put_int(o, "ledger_rows", r->ledger_rows);
    put_array(o, "broken");
    for (size_t i = 0; i < r->break_count; i++) {
        const struct journal_break *b = &r->breaks[i];
        out_object(o);
        put_text(o, "what", b->what);
        put_int(o, "batch", b->batch);
        put_id(o, "subject", b->subject);
        put_int(o, "epoch", b->epoch);
        put_int(o, "seq", b->seq);
        out_object_end(o);
    }
    out_array_end(o);
    put_nodes(o, &v->nodes);
    out_object_end(o);
    command_print(o);
}

static void print_text(const struct verified *v)
{
    const struct journal_report *r = &v->journal;
    printf("%" PRId64 " 个批次，%" PRId64 " 条日志，%" PRId64 " 行时间账\n", r->batches,
           r->rows, r->ledger_rows);
    for (size_t i = 0; i < r->break_count; i++) {
        const struct journal_break *b = &r->breaks[i];
        char subject[ID_TEXT_BYTES];
        id_write(b->subject, subject);
        printf("%s：批次 %" PRId64, journal_break_label(b->what), b->batch);
        if (!id_is_zero(b->subject))
            printf("，%s 第 %u 次设备第 %u 条", subject, b->epoch, b->seq);
        putchar('\n');
    }
    print_nodes(&v->nodes);
}

/* Whose rows these are: the session itself, its rooms and attempts. */
static bool belongs(struct db *db, struct id session, struct id subject, bool *yes,
                    struct err *e)
{
    static const enum sql lists[] = {SQL_attempt_list, SQL_delivery_room_list};
    *yes = id_is_zero(subject) || id_equal(subject, session);
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !*yes; i++) {
        struct query *q = db_query(db, lists[i]);
        query_id(q, session);
        while (query_next(q, e))
            *yes = *yes || id_equal(query_get_id(q, 0), subject);
        if (e->code != ERR_NONE)
            return false;
    }
    return true;
}

static bool keep_session(struct db *db, const char *text, struct journal_report *r,
                         struct err *e)
{
    struct id session;
    size_t kept = 0;
    if (!text)
        return true;
    if (!id_read(text, &session))
        return FAIL(e, INVALID, "SESSION", "场次编号须为 32 位十六进制数。");
    struct query *q = db_query(db, SQL_delivery_session_get);
    query_id(q, session);
    if (!query_one(q, "SESSION", e))
        return false;
    query_done(q);
    for (size_t i = 0; i < r->break_count; i++) {
        bool yes;
        if (!belongs(db, session, r->breaks[i].subject, &yes, e))
            return false;
        if (yes)
            r->breaks[kept++] = r->breaks[i];
    }
    r->break_count = kept;
    return true;
}

static bool verify(struct arena *a, const char *folder, const char *session, struct verified *v,
                   struct err *e)
{
    struct instance i;
    if (!instance_open(a, folder, &i, e))
        return false;
    struct db *db = db_open(i.store, e);
    bool ok = db && journal_verify(db, a, &v->journal, e) &&
              keep_session(db, session, &v->journal, e) &&
              (session || node_audit_verify(db, a, &v->nodes, e));
    db_close(db);
    instance_close(&i);
    return ok;
}

int cmd_room_verify(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct verified v = {0};
    const char *data = NULL;
    bool json = false;
    struct arguments rest = {.max = 1};
    const struct option rows[] = {
        {"--data", OPTION_FOLDER, &data, false},
        {"--json", OPTION_FLAG, &json, false},
    };
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    if (!data && access("var/data/heng.db", R_OK) != 0)
        FAIL(&e, INVALID, "--data", "须给出 --data 数据文件夹。");
    if (e.code != ERR_NONE ||
        !verify(a, data ? data : "var/data", rest.count ? rest.at[0] : NULL, &v, &e))
        return command_failed(&e);
    if (json)
        print_json(a, &v);
    else
        print_text(&v);
    return v.journal.break_count + v.nodes.break_count == 0 ? EXIT_DONE : EXIT_NO;
}
