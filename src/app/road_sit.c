/* app/road_sit.c - the candidates sit the theory exam: sign-in at the seat, admission, claim, sealed
 * paper, answers in saves, hand-in, receipt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/road.h"
#include "app/road_keys.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "paper/blob.h"
#include "sitting/device_play.h"
#include "sitting/handed_in.h"
#include "sitting/seb.h"

enum { ITEMS_A_SAVE = 20, MS_AN_ITEM = 30000 };

/* --- at the door -------------------------------------------------------------------------------- */
struct seat_in {
    unsigned char challenge[32];
    bool admitted;
};

static bool enter(const struct road_candidate *c, struct client *client, struct arena *a,
                  struct id *attempt, struct seat_in *in, struct err *e)
{
    json_t *v;
    struct bytes challenge;
    if (!client_json(client, a, "POST", "/api/sit/enter",
                     json_pack("{s:s, s:s}", "ticket", c->ticket, "document", c->document), &v,
                     e) ||
        !road_id(v, "attempt", attempt, e))
        return false;
    const char *text = json_member_text(v, "challenge");
    if (!text || !base64url_read(a, text, strlen(text), &challenge) || challenge.len != 32)
        return FAIL(e, INTERNAL, "/challenge", "回答里没有挑战值。");
    memcpy(in->challenge, challenge.at, 32);
    in->admitted = json_is_true(json_object_get(v, "admitted"));
    return true;
}

static bool enter_one(struct road *r, struct road_candidate *c, struct client *client,
                      struct arena *a, struct err *e)
{
    struct seat_in in;
    (void)r;
    return enter(c, client, a, &c->attempt, &in, e);
}

/* The invigilator compares faces and documents and lets everybody of a room in. */
static bool admit_room(struct road *r, struct client *c, struct id room, struct err *e)
{
    json_t *view, *attempts = json_array();
    size_t i;
    json_t *tile;
    json_keep(r->arena, attempts);
    if (!client_json(c, r->arena, "GET", road_path(r->arena, "/api/rooms/", room, ""), NULL,
                     &view, e))
        return false;
    json_array_foreach(json_object_get(view, "tiles"), i,
                       tile) if (json_member_text(tile, "attempt"))
        json_array_append(attempts, json_object_get(tile, "attempt"));
    return client_json(c, r->arena, "POST", road_path(r->arena, "/api/rooms/", room, "/admit"),
                       json_pack("{s:O}", "attempts", attempts), NULL, e) &&
           client_json(c, r->arena, "POST", road_path(r->arena, "/api/rooms/", room, "/start"),
                       json_object(), NULL, e);
}

bool road_open_rooms(struct road *r, struct err *e)
{
    json_t *rooms;
    size_t i;
    json_t *room;
    struct client *c = road_as(r, "invigilator", e);
    if (!c || !client_json(c, r->arena, "GET", "/api/rooms", NULL, &rooms, e))
        return false;
    json_array_foreach(json_object_get(rooms, "rooms"), i, room)
    {
        struct id id;
        if (!road_id(room, "id", &id, e) || !admit_room(r, c, id, e))
            return false;
    }
    return true;
}

/* --- the attempt ---------------------------------------------------------------------------------- */
static bool read_hash(const json_t *v, const char *member, unsigned char out[HASH_BYTES],
                      struct err *e)
{
    const char *text = json_member_text(v, member);
    return (text && hex_read(out, HASH_BYTES, text)) ||
           FAIL(e, INTERNAL, member, "回答里没有摘要。");
}

/* In Safe Exam Browser: half of the candidates prove it by the page's API, half by the request's header. */
static bool send_claim(const struct road_candidate *c, struct client *client, struct arena *a,
                       json_t *body, json_t **out, struct err *e)
{
    struct call call = {.method = "POST", .path = "/api/sit/claim"};
    char *hash = arena_alloc(a, SEB_KEY_TEXT, 1);
    bool by_page = c->number % 2 == 0;
    if (c->seb_key) {
        const char *url = arena_printf(a, "%s%s", c->url, by_page ? "/sit" : call.path);
        seb_request_hash(url, c->seb_key, hash);
        if (by_page) {
            json_object_set_new(body, "seb_url", json_string(url));
            json_object_set_new(body, "seb_config", json_string(hash));
        } else {
            call.seb = hash;
        }
    }
    return client_json_call(client, a, &call, body, out, e);
}

static bool claim(struct road_candidate *c, struct play_device *d, struct client *client,
                  struct arena *a, struct err *e)
{
    struct seat_in in;
    struct id id = id_random();
    unsigned char signature[64], paper[HASH_BYTES], main_head[HASH_BYTES];
    char claim_id[ID_TEXT_BYTES], attempt[ID_TEXT_BYTES];
    json_t *v;
    struct bytes save;
    if (!enter(c, client, a, &c->attempt, &in, e))
        return false;
    play_begin(d, c->attempt);
    play_claim_sign(d, in.challenge, id, signature);
    id_write(id, claim_id);
    id_write(c->attempt, attempt);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "attempt", attempt, "claim_id", claim_id,
                             "pub", base64url_write(a, d->pub, DEVICE_PUBLIC_BYTES), "sig",
                             base64url_write(a, signature, sizeof signature));
    if (!send_claim(c, client, a, body, &v, e) || !read_hash(v, "main_head", main_head, e) ||
        !read_hash(json_object_get(v, "paper"), "sha256", paper, e))
        return false;
    const char *key = json_member_text(v, "save");
    if (!key || !base64url_read(a, key, strlen(key), &save) || save.len != KEY_BYTES)
        return FAIL(e, INTERNAL, "/save", "回答里没有密钥。");
    play_claimed(d, (uint32_t)json_member_int(v, "epoch", 0), save.at, paper, main_head);
    return true;
}

static bool get_own(struct play_device *d, struct client *client, struct arena *a,
                    const char *what, struct answer *out, struct err *e)
{
    struct call call = {.method = "GET", .path = road_path(a, "/api/sit/", d->attempt, what)};
    call.authorization = play_authorization(d, a, "GET", call.path, (struct bytes){NULL, 0});
    if (!client_call(client, a, &call, out, e))
        return false;
    return out->status == 200 ||
           FAIL(e, INTERNAL, call.path, "%ld %.200s", out->status, (const char *)out->body.at);
}

static bool open_paper(struct play_device *d, struct client *client, struct arena *a,
                       json_t **exam, struct err *e)
{
    struct answer blob, released;
    struct bytes key, plain;
    if (!get_own(d, client, a, "/paper", &blob, e) ||
        !get_own(d, client, a, "/key", &released, e))
        return false;
    json_t *v = json_read(a, released.body.at, released.body.len, e);
    const char *text = v ? json_member_text(v, "key") : NULL;
    if (!text || !base64url_read(a, text, strlen(text), &key) || key.len != KEY_BYTES)
        return FAIL(e, INTERNAL, "/key", "回答里没有试卷密钥。");
    if (!blob_open(a, blob.body, key.at, NULL, &plain, e))
        return false;
    *exam = json_read(a, plain.at, plain.len, e);
    return *exam != NULL;
}

static bool save(struct play_device *d, struct client *client, struct arena *a, struct err *e)
{
    struct answer answer;
    struct call call = {.method = "POST",
                        .path = road_path(a, "/api/sit/", d->attempt, "/journal"),
                        .body = play_body(d, a),
                        .media_type = "application/vnd.heng.journal"};
    for (int tries = 0; tries < 20; tries++) {
        if (!client_call(client, a, &call, &answer, e))
            return false;
        if (answer.status != 429)
            break;
        nanosleep(&(struct timespec){0, 200000000}, NULL);
    }
    json_t *v = json_read(a, answer.body.at, answer.body.len, e);
    const char *branch = v ? json_member_text(v, "branch") : NULL;
    if (answer.status != 200 || !branch || strcmp(branch, "main") != 0)
        return FAIL(e, INTERNAL, call.path, "%ld %.200s", answer.status,
                    (const char *)answer.body.at);
    play_acknowledged(d);
    return true;
}

/* What one answer to the first option is worth is known only where there is one right option. */
static const char *guess_of(const json_t *item)
{
    const char *kind = json_member_text(item, "kind");
    return strcmp(kind, "true_false") == 0 ? "true"
           : strcmp(kind, "single") == 0   ? "[\"A\"]"
                                           : NULL;
}

/* Knows between 78 and 96 of a hundred, some people more than others and some items better; guesses else. */
static bool knows_item(const struct road_candidate *c, const json_t *item)
{
    enum { LEAST = 78, ABILITIES = 19, EASIER = 4, HARDNESSES = 9 };
    uint64_t chance = (c->number + 1) * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hardness = 0;
    for (const char *p = json_member_text(item, "stem"); p && *p; p++)
        hardness = hardness * 31 + (unsigned char)*p;
    uint64_t able = LEAST + (chance >> 40) % ABILITIES + EASIER - hardness % HARDNESSES;
    chance = (chance ^ hardness) * UINT64_C(0xBF58476D1CE4E5B9);
    return (chance >> 33) % 100 < able;
}

static void answer_item(struct road_candidate *c, struct play_device *d, struct arena *a,
                        const json_t *item, int64_t millimarks)
{
    int64_t n = json_member_int(item, "n", 0);
    const char *right = road_key_of(a, item);
    const char *answer = c->alike                       ? road_alike_answer(a, item, right)
                         : right && knows_item(c, item) ? right
                                                        : guess_of(item);
    d->client_ms += MS_AN_ITEM;
    d->mono_ms += MS_AN_ITEM;
    play_write(d, ENTRY_VISIT, (uint16_t)n, "null");
    if (!answer)
        return;
    play_write(d, ENTRY_ANSWER, (uint16_t)n, answer);
    if (right && strcmp(answer, right) == 0)
        c->expected += millimarks;
}

static bool answer_all(struct road_candidate *c, struct play_device *d, struct client *client,
                       struct arena *a, const json_t *exam, struct err *e)
{
    size_t s, i, since = 0;
    json_t *section, *item;
    json_array_foreach(json_object_get(exam, "sections"), s, section)
        json_array_foreach(json_object_get(section, "items"), i, item)
    {
        answer_item(c, d, a, item, json_member_int(section, "millimarks", 0));
        if (++since == ITEMS_A_SAVE) {
            if (!save(d, client, a, e))
                return false;
            since = 0;
        }
    }
    play_write_signed(d, a, ENTRY_SEAL,
                      arena_printf(a, "{\"answered\":100,\"deadline_ms\":0,\"ledger\":0,"
                                      "\"reason\":\"hand_in\"}"));
    return save(d, client, a, e);
}

/* A table that nobody else has; the first candidate's is of several pieces. */
static struct bytes own_table(const struct road_candidate *c, struct arena *a)
{
    enum { ROW = 64, ROWS = 80, MANY_ROWS = 70000 };
    size_t rows = c->number == 0 ? MANY_ROWS : ROWS, len = 0;
    char *text = arena_alloc(a, rows * ROW + 1, 1);
    for (size_t i = 0; i < rows; i++)
        len += (size_t)snprintf(text + len, ROW, "%zu,%zu,a long shot that zooms in\n",
                                c->number, i);
    return (struct bytes){(const unsigned char *)text, len};
}

static bool hand_in_file(struct road *r, const struct road_candidate *c, struct play_device *d,
                         struct client *client, struct arena *a, struct err *e)
{
    enum { QUESTION = 7 };
    unsigned char digest[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    if (!r->hands_in_files)
        return true;
    struct bytes all = own_table(c, a);
    hash_of(digest, all.at, all.len);
    hex_write(hex, digest, sizeof digest);
    for (size_t at = 0; at < all.len; at += HANDED_PIECE_BYTES) {
        size_t rest = all.len - at;
        struct answer answer;
        struct call call = {
            .method = "POST",
            .path = road_path(
                a, "/api/sit/", d->attempt,
                arena_printf(a, "/files/%d.%s.%zu.%zu", QUESTION, hex, all.len, at)),
            .body = {all.at + at, rest < HANDED_PIECE_BYTES ? rest : HANDED_PIECE_BYTES},
            .media_type = "application/octet-stream"};
        call.authorization = play_authorization(d, a, "POST", call.path, call.body);
        if (!client_call(client, a, &call, &answer, e))
            return false;
        if (answer.status != 200)
            return FAIL(e, INTERNAL, call.path, "%ld %.200s", answer.status,
                        (const char *)answer.body.at);
    }
    return true;
}

static bool sit_one(struct road *r, struct road_candidate *c, struct client *client,
                    struct arena *a, struct err *e)
{
    json_t *exam = NULL;
    struct answer receipt;
    struct play_device *d = arena_new(a, struct play_device);
    if (road_writes_on_paper(r, c))
        return true;
    if (!claim(c, d, client, a, e)) {
        play_end(d);
        return false;
    }
    d->client_ms = clock_now_ms();
    play_write(d, ENTRY_START, 0, "{\"client\":\"demo\"}");
    bool ok = open_paper(d, client, a, &exam, e) && hand_in_file(r, c, d, client, a, e) &&
              answer_all(c, d, client, a, exam, e) &&
              get_own(d, client, a, "/receipt", &receipt, e);
    play_end(d);
    return ok;
}

bool road_enter_all(struct road *r, struct err *e)
{
    return road_each(r, enter_one, e);
}

bool road_answer_all(struct road *r, struct err *e)
{
    return road_each(r, sit_one, e);
}

bool road_sit(struct road *r, int64_t *count, struct err *e)
{
    *count = (int64_t)r->count;
    return road_enter_all(r, e) && road_open_rooms(r, e) && road_answer_all(r, e);
}
