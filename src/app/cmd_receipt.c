/* app/cmd_receipt.c - `heng receipt verify FILE`: is this hand-in receipt true (SECURITY §5.4).
 *
 * With --keys alone nothing of ours is asked: the key table and the receipt are enough. With --data
 * also whether a later hand-in of the same attempt has a receipt of its own. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/signed_json.h"
#include "sitting/receipt.h"
#include "store/db.h"
#include "store/signer.h"

enum { RECEIPT_BYTES_MAX = 64 << 10, KEYS_BYTES_MAX = 4 << 20 };

struct checking {
    struct arena *arena;
    const char *file, *data, *keys_file, *root;
    bool json;
    struct instance instance;
    struct db *db; /* NULL: offline */
    struct key_table keys;
    json_t *receipt;
    struct err why; /* ERR_NONE: it is true */
    bool followed;
};

static bool read_json(struct arena *a, const char *path, size_t max, json_t **out,
                      struct err *e)
{
    struct bytes text;
    if (!file_read(a, path, max, &text, e))
        return false;
    *out = json_read(a, text.at, text.len, e);
    return *out != NULL;
}

static bool open_keys(struct checking *c, struct err *e)
{
    json_t *table;
    if (!c->data && !c->keys_file && access("var/data/heng.db", R_OK) == 0)
        c->data = "var/data"; /* where ./run keeps its data */
    if (c->data) {
        if (!instance_open(c->arena, c->data, &c->instance, e))
            return false;
        c->db = db_open(c->instance.store, e);
        return c->db && signer_key_table(c->db, c->arena, &c->keys, e);
    }
    if (!c->keys_file)
        return FAIL(e, INVALID, "--keys", "须给出 --data 数据文件夹，或 --keys 公钥表文件。");
    return read_json(c->arena, c->keys_file, KEYS_BYTES_MAX, &table, e) &&
           key_table_read(c->arena, table, c->root, &c->keys, e);
}

static bool check(struct checking *c, struct err *e)
{
    if (!read_json(c->arena, c->file, RECEIPT_BYTES_MAX, &c->receipt, e))
        return false;
    if (!receipt_verify(c->arena, &c->keys, c->receipt, &c->why))
        return true;
    return !c->db || receipt_is_followed(c->db, c->arena, c->receipt, &c->followed, e);
}

static const char *instant(struct checking *c, const char *name)
{
    char *text = arena_alloc(c->arena, INSTANT_TEXT_BYTES, 1);
    instant_write(json_member_int(c->receipt, name, 0), text);
    return text;
}

static void print_json(struct checking *c)
{
    bool valid = c->why.code == ERR_NONE;
    struct json_out *o = json_out_create(c->arena);
    out_object(o);
    put_bool(o, "valid", valid);
    put_text(o, "field", valid ? NULL : c->why.field);
    put_text(o, "why", valid ? NULL : c->why.text);
    put_text(o, "seal_code", valid ? json_member_text(c->receipt, "seal_code") : NULL);
    put_text(o, "sealed_at", valid ? instant(c, "sealed_at") : NULL);
    put_text(o, "kid", valid ? json_member_text(c->receipt, "kid") : NULL);
    if (valid && c->db)
        put_bool(o, "followed", c->followed);
    out_object_end(o);
    command_print(o);
}

static void print_text(struct checking *c)
{
    if (c->why.code != ERR_NONE) {
        printf("回执不成立：%s\n", c->why.text);
        return;
    }
    printf("回执为真：这份作答日志在所写的时间已由系统收存。\n封存码：%s\n封卷时间：%s\n"
           "操作记录：%lld 条，已作答 %lld 题\n",
           json_member_text(c->receipt, "seal_code"), instant(c, "sealed_at"),
           (long long)json_member_int(c->receipt, "entries", 0),
           (long long)json_member_int(c->receipt, "answered", 0));
    if (c->followed)
        printf("这位考生后来又交过一次卷，以后一张回执为准。\n");
}

int cmd_receipt(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct checking c = {.arena = a};
    struct arguments rest = {.min = 2, .max = 2};
    const struct option rows[] = {
        {"--data", OPTION_FOLDER, &c.data, false},
        {"--keys", OPTION_TEXT, &c.keys_file, false},
        {"--root", OPTION_TEXT, &c.root, false},
        {"--json", OPTION_FLAG, &c.json, false},
    };
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    if (strcmp(rest.at[0], "verify") != 0) {
        FAIL(&e, INVALID, rest.at[0], "receipt 只有 verify。");
        return command_failed(&e);
    }
    c.file = rest.at[1];
    bool ok = open_keys(&c, &e) && check(&c, &e);
    if (ok && c.json)
        print_json(&c);
    else if (ok)
        print_text(&c);
    db_close(c.db);
    instance_close(&c.instance);
    return !ok ? command_failed(&e) : c.why.code == ERR_NONE ? EXIT_DONE : EXIT_NO;
}
