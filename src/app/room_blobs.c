/* app/room_blobs.c - files and recordings from the node to the centre: what it asks for, from where it has it. */
#include <string.h>

#include "app/instance.h"
#include "app/room_round.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "sitting/carry.h"
#include "sitting/hand_up_blob.h"

/* A round is short: what a room waits for in the next one (extra time, a release) comes before recordings. */
enum { ROUND_MS = 2000, FAILED_MAX = 3 };
#define BLOB_ARENA_BYTES ((size_t)256 << 20)

struct sending {
    struct room_link *link;
    struct id session;
    int64_t until_ms;
    int failed; /* in this round */
};

static bool is_over(const struct sending *s)
{
    return clock_boot_ms() >= s->until_ms;
}

static const char *path_of(const struct sending *s, const char *after)
{
    return link_path(s->link->arena, "/api/node/sessions/", s->session, after);
}

static bool say_lost(struct sending *s, int64_t no, struct err *e)
{
    return link_json(s->link, path_of(s, "/hand-up"),
                     json_pack("{s:s, s:[[I]]}", "kind", "lost", "rows", (json_int_t)no), NULL,
                     e);
}

/* Where all of it is there already, an empty part has it looked at again. */
static bool send_parts(struct sending *s, int64_t no, struct bytes all, int64_t have,
                       struct err *e)
{
    struct room_link *l = s->link;
    for (;;) {
        json_t *answer;
        size_t rest = all.len - (size_t)have;
        struct bytes part = {all.at + have,
                             rest < HAND_UP_PIECE_BYTES ? rest : HAND_UP_PIECE_BYTES};
        const char *path = arena_printf(l->arena, "%s/%lld.%lld", path_of(s, "/hand-up/blobs"),
                                        (long long)no, (long long)have);
        if (!link_bytes(l, path, part, &answer, e))
            return false;
        int64_t now = json_member_int(answer, "have", -1);
        const char *state = json_member_text(answer, "state");
        if (!state || strcmp(state, "awaited") != 0 || is_over(s))
            return true;
        if (now <= have || now > (int64_t)all.len)
            return FAIL(e, STORE, "/have", "中心没有收下第 %lld 个文件或录像。", (long long)no);
        have = now;
    }
}

static bool send_one(struct sending *s, int64_t no, int64_t have, struct err *e)
{
    struct carried c;
    struct bytes sealed;
    bool lost;
    struct room_link *l = s->link;
    if (!carried_get(l->db, l->arena, s->session, no, &c, e) ||
        !carried_read(&l->instance->app.blobs, l->arena, &c, &sealed, &lost, e))
        return false;
    if (lost)
        return say_lost(s, no, e);
    if (have < 0 || have > c.bytes)
        return FAIL(e, INVALID, "/wanted", "中心的答复读不出来。");
    return send_parts(s, no, sealed, have, e);
}

/* With an arena of its own: megabytes each. */
static void send_wanted(struct sending *s, const json_t *one, struct err *e)
{
    struct room_link *l = s->link;
    struct arena *round = l->arena;
    struct err why = {0};
    l->arena = arena_create(BLOB_ARENA_BYTES);
    bool sent = send_one(s, json_member_int(one, "no", 0), json_member_int(one, "have", -1),
                         &why);
    arena_destroy(l->arena);
    l->arena = round;
    if (sent)
        return;
    s->failed++;
    if (e->code == ERR_NONE)
        *e = why;
}

bool room_blobs(struct room_link *l, struct id session, struct room_counts *n, bool *all,
                struct err *e)
{
    struct sending s = {l, session, clock_boot_ms() + ROUND_MS, 0};
    struct err first = {0};
    int64_t after = 0;
    *all = false;
    while (!is_over(&s) && s.failed < FAILED_MAX) {
        json_t *answer;
        if (!link_json(l, path_of(&s, "/hand-up/wanted"),
                       json_pack("{s:I}", "after", (json_int_t)after), &answer, e))
            return false;
        const json_t *wanted = json_object_get(answer, "wanted");
        *all = json_array_size(wanted) == 0 && s.failed == 0;
        if (json_array_size(wanted) == 0)
            break;
        for (size_t i = 0; i < json_array_size(wanted) && !is_over(&s) && s.failed < FAILED_MAX;
             i++) {
            const json_t *one = json_array_get(wanted, i);
            send_wanted(&s, one, &first);
            after = json_member_int(one, "no", after);
            n->blobs++;
        }
    }
    n->more = n->more || (!*all && s.failed == 0);
    if (s.failed > 0)
        *e = first;
    return s.failed == 0;
}
