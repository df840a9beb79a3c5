/* app/cmd_key.c - `heng key`: the signing keys of an installation, and what to do when one is stolen.
 *
 * Said at the machine itself, by who runs it: a stolen key cannot wait for two sign-ins. The act is a row of
 * the audit trail. What the key signed counts from then on only where it was anchored before (SECURITY §7);
 * another key takes over at once. */
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/instance.h"
#include "base/arena.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/json.h"
#include "base/json_out.h"
#include "people/body.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

struct key_command {
    struct arena *arena;
    struct instance_place place;
    const char *kid;
    date_days since;
    bool json;
    struct instance instance;
    struct db *db;
    struct body body;
    struct key_table keys;
};

static const char *instant(struct arena *a, int64_t ms)
{
    char *text = arena_alloc(a, INSTANT_TEXT_BYTES, 1);
    instant_write(ms, text);
    return text;
}

static void print_json(const struct key_command *c)
{
    struct json_out *o = json_out_create(c->arena);
    out_object(o);
    put_array(o, "keys");
    for (size_t i = 0; i < c->keys.count; i++) {
        const struct public_key *k = &c->keys.at[i];
        out_object(o);
        put_text(o, "kid", k->kid);
        put_text(o, "use", key_use_word(k->use));
        put_text(o, "state", key_state_word(k->state));
        put_text(o, "from", instant(c->arena, k->from_ms));
        put_text(o, "to", instant(c->arena, k->to_ms));
        put_text(o, "compromised_at",
                 k->compromised_ms ? instant(c->arena, k->compromised_ms) : NULL);
        out_object_end(o);
    }
    out_array_end(o);
    out_object_end(o);
    command_print(o);
}

static void print_text(const struct key_command *c)
{
    for (size_t i = 0; i < c->keys.count; i++) {
        const struct public_key *k = &c->keys.at[i];
        printf("%s  %-12s %-12s %s%s\n", k->kid, key_use_word(k->use), key_state_word(k->state),
               k->compromised_ms ? "自 " : "",
               k->compromised_ms ? instant(c->arena, k->compromised_ms) : "");
    }
}

/* It has signed nothing before it was there. */
static bool since_is_possible(const struct key_command *c, struct err *e)
{
    const struct public_key *k = key_table_find(&c->keys, c->kid);
    int64_t since = instant_of(c->since, 0, CHINA_OFFSET_MS);
    if (!k)
        return FAIL(e, INVALID, c->kid, "公钥表中没有这把钥匙。");
    if (k->state == KEY_COMPROMISED)
        return FAIL(e, INVALID, c->kid, "这把钥匙已经宣布泄露。");
    return since <= clock_now_ms() || FAIL(e, INVALID, "--since", "泄露的日期不能在将来。");
}

static bool give_up(struct db *db, void *ctx, struct err *e)
{
    struct key_command *c = ctx;
    const struct actor who = {.body = c->body.id, .now_ms = clock_now_ms()};
    int64_t since = instant_of(c->since, 0, CHINA_OFFSET_MS);
    const struct audit_row row = {
        .act = ACT_key_compromised,
        .object_type = "ky",
        .change = json_keep(
            c->arena, json_pack("{s:s, s:I}", "kid", c->kid, "since_ms", (json_int_t)since))};
    return signer_key_compromised(c->instance.app.signer, db, c->kid, since, e) &&
           audit_write(db, &who, &row, e);
}

static bool run(struct key_command *c, struct err *e)
{
    if (!instance_open_at(c->arena, &c->place, &c->instance, e))
        return false;
    c->db = db_open(c->instance.store, e);
    if (!c->db || !signer_key_table(c->db, c->arena, &c->keys, e))
        return false;
    if (!c->kid)
        return true;
    return since_is_possible(c, e) && body_first(c->db, c->arena, &c->body, e) &&
           db_transact(c->db, give_up, c, e) &&
           signer_keys_ensure(c->instance.app.signer, c->db, clock_now_ms(), e) &&
           signer_key_table(c->db, c->arena, &c->keys, e);
}

static bool words_read(struct key_command *c, const struct arguments *rest, struct err *e)
{
    bool list = strcmp(rest->at[0], "list") == 0;
    if (!list && strcmp(rest->at[0], "compromised") != 0)
        return FAIL(e, INVALID, rest->at[0], "key 只有 list 和 compromised。");
    if (list)
        return rest->count == 1 || FAIL(e, INVALID, rest->at[1], "多余的参数。");
    if (rest->count != 2)
        return FAIL(e, INVALID, "KID", "须给出公钥编号。");
    c->kid = rest->at[1];
    return c->since != DATE_NONE || FAIL(e, INVALID, "--since", "须给出泄露的日期。");
}

int cmd_key(struct arena *a, int argc, char **argv)
{
    struct err e = {0};
    struct key_command c = {.arena = a, .since = DATE_NONE};
    struct arguments rest = {.min = 1, .max = 2};
    const struct option rows[] = {
        INSTANCE_OPTIONS(c.place, true),
        {"--since", OPTION_DATE, &c.since, false},
        {"--json", OPTION_FLAG, &c.json, false},
    };
    if (!OPTIONS_READ(a, rows, argc, argv, &rest, &e))
        return command_failed(&e);
    bool ok = words_read(&c, &rest, &e) && run(&c, &e);
    if (ok && c.json)
        print_json(&c);
    else if (ok)
        print_text(&c);
    db_close(c.db);
    instance_close(&c.instance);
    return ok ? EXIT_DONE : command_failed(&e);
}
