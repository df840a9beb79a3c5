/* app/cmd_audit.c - `heng audit verify`: does every chain of audit rows hold. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/instance.h"
#include "base/json_out.h"
#include "store/audit.h"
#include "store/db.h"

static void print_json(struct arena *a, const struct audit_report *r)
{
    struct json_out *o = json_out_create(a);
    out_object(o);
    put_int(o, "rows", r->rows);
    put_int(o, "chains", r->chains);
    put_array(o, "broken");
    for (size_t i = 0; i < r->break_count; i++) {
        out_object(o);
        put_int(o, "chain", r->breaks[i].chain);
        put_int(o, "seq", r->breaks[i].seq);
        put_text(o, "what", r->breaks[i].what);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    command_print(o);
}

static void print_text(const struct audit_report *r)
{
    printf("%" PRId64 " 条链，%" PRId64 " 行\n", r->chains, r->rows);
    for (size_t i = 0; i < r->break_count; i++)
        printf("链 %" PRId64 " 第 %" PRId64 " 行：%s\n", r->breaks[i].chain, r->breaks[i].seq,
               strcmp(r->breaks[i].what, "changed") == 0   ? "被改动"
               : strcmp(r->breaks[i].what, "missing") == 0 ? "缺失"
                                                           : "链头不符");
}

static bool verify(struct arena *a, const struct instance_place *place, struct audit_report *r,
                   struct err *e)
{
    struct instance i;
    if (!instance_open_at(a, place, &i, e))
        return false;
    struct db *db = db_open(i.store, e);
    bool ok = db && audit_verify(db, a, r, e);
    db_close(db);
    instance_close(&i);
    return ok;
}

int cmd_audit(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct audit_report r;
    struct instance_place place = {0};
    bool json = false;
    struct arguments rest = {.min = 1, .max = 1};
    const struct option rows[] = {
        INSTANCE_OPTIONS(place, false),
        {"--json", OPTION_FLAG, &json, false},
    };
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    if (strcmp(rest.at[0], "verify") != 0)
        FAIL(&e, INVALID, rest.at[0], "audit 只有 verify。");
    else if (!place.data && !instance_exists(a, "var/data"))
        FAIL(&e, INVALID, "--data", "须给出 --data 数据文件夹。");
    if (!place.data)
        place.data = "var/data";
    if (e.code || !verify(a, &place, &r, &e))
        return command_failed(&e);
    if (json)
        print_json(a, &r);
    else
        print_text(&r);
    return r.break_count == 0 ? EXIT_DONE : EXIT_NO;
}
