/* app/room_fetch.c - packages from the centre to the node, file by file; their proof; releases. */
#include <stdio.h>
#include <string.h>

#include "app/instance.h"
#include "app/room_round.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "sitting/writer.h"
#include "store/audit.h"
#include "store/db.h"

enum { ROSTER_PIECE_BYTES = 1 << 20 };
static const struct bytes nothing = {NULL, 0};

static struct actor self_actor(const struct room_link *l)
{
    return (struct actor){
        .body = l->self.body, .request = id_random(), .now_ms = clock_now_ms()};
}

/* WHAT: "/papers/" or "/objects/". */
static bool fetch_files(struct room_link *l, struct id room, const char *what,
                        const struct package_paper *files, size_t count, struct room_counts *n,
                        struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        const struct package_paper *one = &files[i];
        struct bytes blob;
        bool has;
        if (!node_package_has(l->db, room, one->index, &has, e))
            return false;
        if (has)
            continue;
        const char *path = link_path(
            l->arena, link_path(l->arena, "/api/node/rooms/", room, what), one->id, "");
        if (!link_call(l, "GET", path, nothing, &blob, e) ||
            !node_package_put(l->db, room, one, blob, e))
            return false;
        n->files++;
    }
    return true;
}

static bool fetch_roster(struct room_link *l, struct id room, const struct package *p,
                         struct room_counts *n, struct err *e)
{
    unsigned char *all = arena_alloc(l->arena, (size_t)p->roster_bytes + 1, 1);
    int64_t have = 0;
    while (have < p->roster_bytes) {
        struct bytes piece;
        const char *path = arena_printf(
            l->arena, "%s?offset=%lld",
            link_path(l->arena, "/api/node/rooms/", room, "/roster"), (long long)have);
        if (!link_call(l, "GET", path, nothing, &piece, e))
            return false;
        if (piece.len == 0 || piece.len > ROSTER_PIECE_BYTES ||
            (int64_t)piece.len > p->roster_bytes - have)
            return FAIL(e, INVALID, "/roster", "名册与清单不符。");
        memcpy(all + have, piece.at, piece.len);
        have += (int64_t)piece.len;
    }
    n->files++;
    return node_package_roster(l->db, room, p, (struct bytes){all, (size_t)have}, e);
}

static bool fetch_package(struct room_link *l, struct id room, const char *sha256,
                          struct room_counts *n, struct err *e)
{
    struct node_package is = {0};
    struct package p;
    struct bytes manifest;
    struct err none = {0};
    char hex[2 * HASH_BYTES + 1] = "";
    struct actor who = self_actor(l);
    struct node_here here = link_here(l, &who);
    if (node_package_get(l->db, l->arena, room, &is, &none))
        hex_write(hex, is.sha256, HASH_BYTES);
    bool same = is.state && strcmp(hex, sha256) == 0;
    if (same && strcmp(is.state, "fetching") != 0)
        return true;
    if (!same) {
        if (!link_call(l, "GET", link_path(l->arena, "/api/node/rooms/", room, "/manifest"),
                       nothing, &manifest, e) ||
            !node_package_read(l->db, l->arena, manifest, &p, e) ||
            !node_package_begin(l->db, room, manifest, &p, e))
            return false;
    } else if (!node_package_read(l->db, l->arena, is.manifest, &p, e)) {
        return false;
    }
    if (!fetch_files(l, room, "/papers/", p.papers, p.paper_count, n, e) ||
        !fetch_files(l, room, "/objects/", p.objects, p.object_count, n, e) ||
        !fetch_roster(l, room, &p, n, e) || !node_package_complete(&here, room, e))
        return false;
    n->packages++;
    return true;
}

/* --- proof ------------------------------------------------------------------------------------------ */
static json_t *ready_statement(struct room_link *l, const struct node_package *p,
                               const char *challenge, const unsigned char proof[HASH_BYTES])
{
    char session[ID_TEXT_BYTES], sha256[2 * HASH_BYTES + 1], hex[2 * HASH_BYTES + 1];
    struct node_clocks c = node_clocks_now();
    struct node_time t = node_time_of(&l->self, l->instance->master, &c);
    id_write(p->session, session);
    hex_write(sha256, p->sha256, HASH_BYTES);
    hex_write(hex, proof, HASH_BYTES);
    return json_keep(l->arena,
                     json_pack("{s:s, s:I, s:s, s:s, s:s, s:{s:I, s:I}}", "session", session,
                               "room", (json_int_t)p->no, "manifest_sha256", sha256,
                               "challenge", challenge, "proof", hex, "clock", "offset_ms",
                               (json_int_t)t.step_ms, "rtt_ms", (json_int_t)l->self.rtt_ms));
}

struct marking {
    struct id room;
    int64_t now_ms;
};

static bool mark_ready(struct db *db, void *ctx, struct err *e)
{
    const struct marking *m = ctx;
    struct query *q = db_query(db, SQL_node_package_ready);
    query_id(q, m->room);
    query_int(q, m->now_ms);
    return query_run(q, e);
}

static bool prove(struct room_link *l, struct id room, struct room_counts *n, struct err *e)
{
    struct node_package p;
    struct actor who = self_actor(l);
    struct node_here here = link_here(l, &who);
    unsigned char challenge[KEY_BYTES], proof[HASH_BYTES];
    json_t *answer;
    if (!node_package_get(l->db, l->arena, room, &p, e))
        return false;
    if (strcmp(p.state, "complete") != 0)
        return true;
    if (!link_json(l, link_path(l->arena, "/api/node/rooms/", room, "/challenge"),
                   json_object(), &answer, e))
        return false;
    const char *text = json_member_text(answer, "challenge");
    if (!text || !hex_read(challenge, sizeof challenge, text))
        return FAIL(e, INVALID, "/challenge", "挑战值读不出来。");
    if (!node_package_prove(&here, &p, challenge, proof, e))
        return false;
    json_t *statement = ready_statement(l, &p, text, proof);
    struct marking m = {room, clock_now_ms()};
    if (!link_sign(l, "ready", statement, e) ||
        !link_json(l, link_path(l->arena, "/api/node/rooms/", room, "/ready"),
                   json_incref(statement), NULL, e))
        return false;
    n->proofs++;
    return db_transact(l->db, mark_ready, &m, e);
}

struct trouble {
    struct id room;
    const char *text;
};

static bool note_trouble(struct db *db, void *ctx, struct err *e)
{
    const struct trouble *t = ctx;
    struct query *q = db_query(db, SQL_node_package_problem);
    query_id(q, t->room);
    query_text(q, t->text);
    return query_run(q, e);
}

bool room_fetch(struct room_link *l, const json_t *contact, struct room_counts *n,
                struct err *e)
{
    size_t i;
    json_t *one;
    bool ok = true;
    json_array_foreach(json_object_get(contact, "packages"), i, one)
    {
        struct id room;
        struct err why = {0}, ignored = {0};
        const char *text = json_member_text(one, "room"),
                   *sha256 = json_member_text(one, "manifest_sha256");
        if (!text || !sha256 || !id_read(text, &room))
            return FAIL(e, INVALID, "/packages", "中心的答复读不出来。");
        bool done = fetch_package(l, room, sha256, n, &why) &&
                    (json_is_true(json_object_get(one, "proved")) || prove(l, room, n, &why));
        if (done)
            continue;
        struct trouble t = {room, why.text};
        if (!db_transact(l->db, note_trouble, &t, &ignored))
            LOG_LINE(LOG_US, "room_trouble", LOG_ITEM_WORD(error, err_name(ignored.code)));
        if (ok)
            *e = why; /* the others still get their turn */
        ok = false;
    }
    return ok;
}

bool room_open(struct room_link *l, const json_t *contact, struct room_counts *n, struct err *e)
{
    size_t i;
    json_t *one;
    bool ok = true;
    struct actor who = self_actor(l);
    struct node_here here = link_here(l, &who);
    json_array_foreach(json_object_get(contact, "releases"), i, one)
    {
        struct err why = {0};
        struct node_clocks c = node_clocks_now();
        if (node_open_online(&here, &c, one, &why))
            n->releases++;
        else if (ok && why.code != ERR_CONFLICT) {
            *e = why;
            ok = false;
        }
    }
    return ok;
}
