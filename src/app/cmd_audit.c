/* app/cmd_audit.c - `heng audit verify`: does every chain of audit rows hold, by itself and against what
 * was said of it outside: anchors in files, and the Heng-Audit header of an answer that somebody kept. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "store/anchor.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

enum { KEYS_BYTES_MAX = 4 << 20 };

struct audit_command {
    struct arena *arena;
    struct instance_place place;
    const char *keys_file, *root, *witness;
    const char **files;
    size_t file_count;
    struct audit_report report;
    struct anchor_report anchors;
    bool witness_holds;
};

static void print_anchors(struct json_out *o, const struct anchor_report *r)
{
    put_object(o, "anchors");
    put_int(o, "files", r->files);
    put_int(o, "anchors", r->anchors);
    put_int(o, "heads", r->heads);
    put_int(o, "unreadable", r->unreadable);
    put_int(o, "silences", r->silences);
    put_int(o, "first_ms", r->first_ms);
    put_int(o, "last_ms", r->last_ms);
    put_array(o, "broken");
    for (size_t i = 0; i < r->break_count; i++) {
        const struct anchor_break *b = &r->breaks[i];
        out_object(o);
        put_text(o, "what", b->what);
        put_int(o, "line", b->line);
        put_int(o, "chain", b->chain);
        put_int(o, "from", b->from);
        put_int(o, "until", b->until);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
}

static void print_json(const struct audit_command *c)
{
    const struct audit_report *r = &c->report;
    struct json_out *o = json_out_create(c->arena);
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
    if (c->file_count > 0)
        print_anchors(o, &c->anchors);
    if (c->witness)
        put_bool(o, "witness_holds", c->witness_holds);
    out_object_end(o);
    command_print(o);
}

static void print_break(const struct anchor_break *b)
{
    if (strcmp(b->what, "cut") == 0)
        printf("链 %" PRId64 " 第 %" PRId64 " 至 %" PRId64 " 行：锚点中有，库中已被截去\n",
               b->chain, b->from, b->until);
    else if (strcmp(b->what, "rewritten") == 0)
        printf("链 %" PRId64 " 第 %" PRId64 " 行起：与锚点不符，已被改写\n", b->chain, b->from);
    else if (strcmp(b->what, "gap") == 0)
        printf("锚点 %" PRId64 " 至 %" PRId64 "：文件中缺失（第 %" PRId64 " 行前）\n", b->from,
               b->until, b->line);
    else
        printf("锚点 %" PRId64 "（第 %" PRId64 " 行）：%s\n", b->from, b->line,
               strcmp(b->what, "signature") == 0 ? "签名不成立" : "与前一锚点不相接");
}

static void print_text(const struct audit_command *c)
{
    const struct audit_report *r = &c->report;
    printf("%" PRId64 " 条链，%" PRId64 " 行\n", r->chains, r->rows);
    for (size_t i = 0; i < r->break_count; i++)
        printf("链 %" PRId64 " 第 %" PRId64 " 行：%s\n", r->breaks[i].chain, r->breaks[i].seq,
               strcmp(r->breaks[i].what, "changed") == 0   ? "被改动"
               : strcmp(r->breaks[i].what, "missing") == 0 ? "缺失"
                                                           : "链头不符");
    if (c->file_count > 0)
        printf("%" PRId64 " 个锚点文件，%" PRId64 " 个锚点；%" PRId64 " 行读不出，间断 %" PRId64
               " 次\n",
               c->anchors.files, c->anchors.anchors, c->anchors.unreadable,
               c->anchors.silences);
    for (size_t i = 0; i < c->anchors.break_count; i++)
        print_break(&c->anchors.breaks[i]);
    if (c->witness)
        printf("%s：%s\n", c->witness, c->witness_holds ? "相符" : "不符，或已被截去");
}

static bool check_file(struct anchor_check *k, const char *path, struct err *e)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    if (!f)
        return FAIL(e, INVALID, "--anchors", "%s：%s", path, file_why(errno));
    anchor_check_file(k);
    bool ok = true;
    while (ok && (len = getline(&line, &room, f)) > 0) {
        if (len > ANCHOR_LINE_BYTES)
            ok = FAIL(e, INVALID, "--anchors", "%s 中有一行超过 %d 字节。", path,
                      ANCHOR_LINE_BYTES);
        else if (len > 1 || *line != '\n')
            ok = anchor_check_line(k, (struct bytes){(unsigned char *)line, (size_t)len}, e);
    }
    if (ok && ferror(f))
        ok = FAIL(e, STORE, "--anchors", "%s 不能读。", path);
    free(line);
    fclose(f);
    return ok;
}

/* Keys that lie in the database may have been changed with the rows: a kept table is better. */
static bool keys_of(struct audit_command *c, struct db *db, struct key_table *out,
                    struct err *e)
{
    struct bytes text;
    if (!c->keys_file)
        return signer_key_table(db, c->arena, out, e);
    if (!file_read(c->arena, c->keys_file, KEYS_BYTES_MAX, &text, e))
        return false;
    json_t *table = json_read(c->arena, text.at, text.len, e);
    return table && key_table_read(c->arena, table, c->root, out, e);
}

static bool check_anchors(struct audit_command *c, struct db *db, struct err *e)
{
    struct key_table keys;
    if (c->file_count == 0)
        return true;
    if (!keys_of(c, db, &keys, e))
        return false;
    struct anchor_check *k = anchor_check_begin(db, c->arena, &keys);
    for (size_t i = 0; i < c->file_count; i++)
        if (!check_file(k, c->files[i], e))
            return false;
    if (!anchor_check_end(k, &c->anchors, e))
        return false;
    return c->anchors.anchors + (int64_t)c->anchors.break_count > 0 ||
           FAIL(e, INVALID, "--anchors", "文件中没有锚点。");
}

static bool verify(struct audit_command *c, struct err *e)
{
    struct instance i;
    if (!instance_open_at(c->arena, &c->place, &i, e))
        return false;
    struct db *db = db_open(i.store, e);
    bool ok = db && audit_verify(db, c->arena, &c->report, e) && check_anchors(c, db, e) &&
              (!c->witness || audit_witness_holds(db, c->witness, &c->witness_holds, e));
    db_close(db);
    instance_close(&i);
    return ok;
}

/* The files: the option's own, and what stands behind "verify". */
static bool files_of(struct audit_command *c, const char *first, const struct arguments *rest,
                     struct err *e)
{
    if (!first)
        return rest->count == 1 || FAIL(e, INVALID, rest->at[1], "多余的参数。");
    c->files = arena_array(c->arena, const char *, rest->count);
    c->files[c->file_count++] = first;
    for (size_t i = 1; i < rest->count; i++)
        c->files[c->file_count++] = rest->at[i];
    return true;
}

int cmd_audit(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct audit_command c = {.arena = a};
    const char *anchors = NULL;
    bool json = false;
    struct arguments rest = {.min = 1, .max = 100};
    const struct option rows[] = {
        INSTANCE_OPTIONS(c.place, false),
        {"--anchors", OPTION_TEXT, &anchors, false},
        {"--keys", OPTION_TEXT, &c.keys_file, false},
        {"--root", OPTION_TEXT, &c.root, false},
        {"--witness", OPTION_TEXT, &c.witness, false},
        {"--json", OPTION_FLAG, &json, false},
    };
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    if (strcmp(rest.at[0], "verify") != 0)
        FAIL(&e, INVALID, rest.at[0], "audit 只有 verify。");
    else if (!c.place.data && !instance_exists(a, "var/data"))
        FAIL(&e, INVALID, "--data", "须给出 --data 数据文件夹。");
    if (!c.place.data)
        c.place.data = "var/data";
    if (e.code || !files_of(&c, anchors, &rest, &e) || !verify(&c, &e))
        return command_failed(&e);
    if (json)
        print_json(&c);
    else
        print_text(&c);
    bool whole = c.report.break_count == 0 && c.anchors.break_count == 0 &&
                 (!c.witness || c.witness_holds);
    return whole ? EXIT_DONE : EXIT_NO;
}
