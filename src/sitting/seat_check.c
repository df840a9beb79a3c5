/* sitting/seat_check.c - checks of workstations: judged, kept, listed. */
#include "sitting/seat_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "store/audit.h"
#include "store/db.h"

/* What an exam needs with room to spare: 100 items with pictures, a week of journal, a screen on
 * which question and grid stand side by side. */
enum {
    STORAGE_MIN_BYTES = 50 << 20,
    OFFSET_MAX_MS = 5 * 60000,
    RTT_MAX_MS = 500,
    KBIT_MIN = 256,
    KBIT_MIN_RECORDED = 1024,
    WIDTH_MIN = 1024,
    HEIGHT_MIN = 600
};

const char *seat_check_judge(struct arena *a, const struct seat_check *c, bool recorded)
{
    const struct {
        const char *name;
        bool fails;
    } rows[] = {
        {"storage", c->storage_bytes < STORAGE_MIN_BYTES},
        {"strict", !c->strict},
        {"subtle", !c->subtle},
        {"reloads", !c->reloads},
        {"clock", llabs(c->offset_ms) > OFFSET_MAX_MS},
        {"latency", c->rtt_ms > RTT_MAX_MS},
        {"link", c->kbit_s < (recorded ? KBIT_MIN_RECORDED : KBIT_MIN)},
        {"screen", c->width < WIDTH_MIN || c->height < HEIGHT_MIN},
        {"camera", recorded && strcmp(c->camera, "ok") != 0},
        {"microphone", recorded && strcmp(c->microphone, "ok") != 0},
    };
    const char *out = "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].fails)
            out = *out ? arena_printf(a, "%s,%s", out, rows[i].name) : rows[i].name;
    return out;
}

void seat_check_token(const struct master *m, struct id room, char out[SEAT_CHECK_TOKEN_TEXT])
{
    static const char label[] = "heng/seat-check/1";
    unsigned char key[KEY_BYTES], mac[16], bound[sizeof label + ID_BYTES];
    master_key(m, KEY_TOKEN, key);
    memcpy(bound, label, sizeof label);
    memcpy(bound + sizeof label, room.bytes, ID_BYTES);
    keyed_hash(mac, sizeof mac, key, bound, sizeof bound);
    secret_wipe(key, sizeof key);
    hex_write(out, mac, sizeof mac);
}

static json_t *result_json(struct arena *a, const struct seat_check *c)
{
    return json_keep(
        a, json_pack("{s:s, s:I, s:b, s:b, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:b}",
                     "browser", c->browser, "storage_bytes", (json_int_t)c->storage_bytes,
                     "persisted", c->persisted, "strict", c->strict, "subtle", c->subtle,
                     "reloads", c->reloads, "offset_ms", (json_int_t)c->offset_ms, "rtt_ms",
                     (json_int_t)c->rtt_ms, "kbit_s", (json_int_t)c->kbit_s, "width",
                     (json_int_t)c->width, "height", (json_int_t)c->height, "camera", c->camera,
                     "microphone", c->microphone, "seb", c->seb));
}

struct putting {
    const struct actor *who;
    const struct seat_check *check;
    json_t *change; /* seat and outcome, for the audit row */
    const char *text;
};

static bool put_check(struct db *db, void *ctx, struct err *e)
{
    const struct putting *p = ctx;
    const struct seat_check *c = p->check;
    struct query *q = db_query(db, SQL_seat_check_put);
    query_id(q, c->room);
    query_int(q, c->seat_no);
    query_id(q, c->session);
    query_text(q, p->text);
    query_int(q, c->passed);
    query_int(q, c->at_ms);
    return query_change_one(q, "/seat", "本考场没有这个座位。", e) &&
           audit_write(db, p->who,
                       &(struct audit_row){.act = ACT_seat_check,
                                           .object_type = "ro",
                                           .object = c->room,
                                           .chain_owner = c->session,
                                           .change = p->change},
                       e);
}

bool seat_check_put(struct db *db, const struct actor *who, struct arena *a,
                    struct seat_check *c, bool recorded, struct err *e)
{
    struct bytes text;
    struct putting p = {.who = who, .check = c};
    c->passed = *seat_check_judge(a, c, recorded) == '\0';
    c->at_ms = who->now_ms;
    p.change = json_keep(
        a, json_pack("{s:I, s:b}", "seat", (json_int_t)c->seat_no, "passed", c->passed));
    if (!jcs_write(a, result_json(a, c), &text, e))
        return false;
    p.text = (const char *)text.at;
    return db_transact(db, put_check, &p, e);
}

static void read_result(const json_t *v, struct seat_check *c)
{
    c->browser = json_member_text(v, "browser");
    c->storage_bytes = json_member_int(v, "storage_bytes", 0);
    c->persisted = json_is_true(json_object_get(v, "persisted"));
    c->strict = json_is_true(json_object_get(v, "strict"));
    c->subtle = json_is_true(json_object_get(v, "subtle"));
    c->reloads = json_is_true(json_object_get(v, "reloads"));
    c->offset_ms = json_member_int(v, "offset_ms", 0);
    c->rtt_ms = json_member_int(v, "rtt_ms", 0);
    c->kbit_s = json_member_int(v, "kbit_s", 0);
    c->width = json_member_int(v, "width", 0);
    c->height = json_member_int(v, "height", 0);
    c->camera = json_member_text(v, "camera");
    c->microphone = json_member_text(v, "microphone");
    c->seb = json_is_true(json_object_get(v, "seb"));
}

bool seat_check_of_room(struct db *db, struct arena *a, struct id room,
                        struct seat_check_list *out, struct err *e)
{
    struct query *q = db_query(db, SQL_seat_check_of_room);
    *out = (struct seat_check_list){0};
    query_id(q, room);
    while (query_next(q, e)) {
        out->at = arena_grow(a, out->at, out->count, out->count + 1, sizeof *out->at);
        struct seat_check *c = &out->at[out->count++];
        const char *text = query_get_text(q, 1, a);
        *c = (struct seat_check){.room = room, .seat_no = query_get_int(q, 0)};
        c->passed = query_get_int(q, 2) != 0;
        c->at_ms = query_get_int(q, 3);
        json_t *v = json_read(a, text, strlen(text), e);
        if (!v)
            return false;
        read_result(v, c);
    }
    return e->code == ERR_NONE;
}
