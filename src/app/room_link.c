/* app/room_link.c - signed requests of a room node to its centre. */
#include "app/room_link.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/instance.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/signed_json.h"
#include "sitting/node.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/signer.h"

static const char VERSION[] = "0.1.0";

bool centre_address_check(const char *url, const char *field, struct err *e)
{
    if (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://127.0.0.1:", 17) == 0)
        return true;
    return FAIL(e, INVALID, field,
                "中心的地址须以 https:// 开头（本机可用 http://127.0.0.1）。");
}

struct node_here link_here(struct room_link *l, const struct actor *who)
{
    const struct app *app = &l->instance->app;
    return (struct node_here){l->db,       l->arena,     app->master, app->signer,
                              &app->blobs, app->journal, who};
}

const char *link_path(struct arena *a, const char *before, struct id id, const char *after)
{
    char text[ID_TEXT_BYTES];
    id_write(id, text);
    return arena_printf(a, "%s%s%s", before, text, after);
}

/* --- calls ----------------------------------------------------------------------------------------- */
int64_t link_now_ms(const struct room_link *l)
{
    struct node_clocks c = node_clocks_now();
    struct node_time t = node_time_of(&l->self, l->instance->master, &c);
    return t.known ? t.now_ms : c.wall_ms;
}

static const char *proof_of(struct room_link *l, const struct node_request *r, struct err *e)
{
    struct signature s;
    struct bytes message = node_request_message(l->arena, r);
    if (!signer_sign_message(l->instance->app.signer, l->db, KEY_USE_room, clock_now_ms(),
                             message, &s, e))
        return NULL;
    return arena_printf(l->arena, "%s.%lld.%s", s.kid, (long long)r->at_ms,
                        base64url_write(l->arena, s.bytes, sizeof s.bytes));
}

static bool fail_as_said(const char *path, const struct answer *answer, struct arena *a,
                         struct err *e)
{
    struct err none = {0};
    json_t *v = json_read(a, answer->body.at, answer->body.len, &none);
    const json_t *why = json_object_get(v, "error");
    const char *text = json_member_text(why, "text"), *field = json_member_text(why, "field");
    if (answer->status == 409)
        return FAIL(e, CONFLICT, field ? field : path, "%s", text ? text : "中心说不行。");
    return FAIL(e, STORE, field ? field : path, "中心答复 %ld：%s", answer->status,
                text ? text : "");
}

static bool call_with(struct room_link *l, struct call *call, struct bytes *out, struct err *e)
{
    struct answer answer;
    size_t bare = strcspn(call->path, "?");
    struct node_request r = {call->method, arena_copy(l->arena, call->path, bare),
                             link_now_ms(l), call->body};
    call->node = proof_of(l, &r, e);
    if (!call->node || !client_call(l->client, l->arena, call, &answer, e))
        return false;
    if (answer.status >= 400)
        return fail_as_said(call->path, &answer, l->arena, e);
    *out = answer.body;
    return true;
}

bool link_call(struct room_link *l, const char *method, const char *path, struct bytes body,
               struct bytes *out, struct err *e)
{
    struct call call = {.method = method, .path = path, .body = body};
    return call_with(l, &call, out, e);
}

static bool read_answer(struct room_link *l, const char *path, struct bytes answer,
                        json_t **out, struct err *e)
{
    json_t *value = NULL;
    if (answer.len > 0 && !(value = json_read(l->arena, answer.at, answer.len, e)))
        return false;
    if (out)
        *out = value;
    return !out || value || FAIL(e, STORE, path, "中心的答复是空的。");
}

bool link_bytes(struct room_link *l, const char *path, struct bytes body, json_t **out,
                struct err *e)
{
    struct bytes answer;
    struct call call = {
        .method = "POST", .path = path, .body = body, .media_type = "application/octet-stream"};
    return call_with(l, &call, &answer, e) && read_answer(l, path, answer, out, e);
}

bool link_json(struct room_link *l, const char *path, json_t *body, json_t **out, struct err *e)
{
    struct bytes text, answer;
    return jcs_write(l->arena, json_keep(l->arena, body), &text, e) &&
           link_call(l, "POST", path, text, &answer, e) && read_answer(l, path, answer, out, e);
}

bool link_sign(struct room_link *l, const char *type, json_t *object, struct err *e)
{
    struct sign_order order = {.use = KEY_USE_room, .type = type, .now_ms = clock_now_ms()};
    return signer_sign_json(l->instance->app.signer, l->db, l->arena, &order, object, e);
}

/* --- contact ---------------------------------------------------------------------------------------- */
struct keeping {
    struct room_link *link;
    const json_t *file;
};

static bool keep_keys(struct db *db, void *ctx, struct err *e)
{
    struct keeping *k = ctx;
    return node_keys_keep(db, k->link->arena, &k->link->self, k->file, e);
}

static bool refresh_keys(struct room_link *l, struct err *e)
{
    struct keeping k = {l, NULL};
    struct bytes text;
    if (!link_call(l, "GET", "/.well-known/heng-keys.json", (struct bytes){NULL, 0}, &text, e))
        return false;
    k.file = json_read(l->arena, text.at, text.len, e);
    return k.file && db_transact(l->db, keep_keys, &k, e);
}

static bool is_signed(struct room_link *l, const json_t *answer, struct err *e)
{
    struct key_table keys;
    return signer_key_table(l->db, l->arena, &keys, e) &&
           signed_json_verify(l->arena, &keys, KEY_USE_anchor, "contact", answer, e);
}

/* A key we do not know yet may have followed one that ended. */
static bool answer_is_true(struct room_link *l, const json_t *answer, const char *nonce,
                           struct err *e)
{
    struct err first = {0};
    const char *said = json_member_text(answer, "nonce"),
               *node = json_member_text(answer, "node");
    if (!said || strcmp(said, nonce) != 0 || !node || strcmp(node, l->self.kid) != 0)
        return FAIL(e, INVALID, "/nonce", "中心的答复不是对这次请求的。");
    return is_signed(l, answer, &first) || (refresh_keys(l, e) && is_signed(l, answer, e));
}

static json_t *report(struct room_link *l, const char *nonce, json_t *ledger)
{
    struct statvfs disk = {0};
    struct node_clocks c = node_clocks_now();
    struct node_time t = node_time_of(&l->self, l->instance->master, &c);
    int64_t ram = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    if (statvfs(l->instance->app.data_folder, &disk) != 0)
        disk.f_bavail = 0;
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:O*}", "nonce", nonce, "version", VERSION,
                     "offset_ms", (json_int_t)(t.known ? t.step_ms : 0), "free_bytes",
                     (json_int_t)((int64_t)disk.f_bavail * (int64_t)disk.f_frsize), "ram_bytes",
                     (json_int_t)ram, "ledger", ledger);
}

bool link_contact(struct room_link *l, json_t *ledger, json_t **answer, struct err *e)
{
    unsigned char random[16];
    random_bytes(random, sizeof random);
    const char *nonce = base64url_write(l->arena, random, sizeof random);
    int64_t began = clock_boot_ms();
    if (!link_json(l, "/api/node/contact", report(l, nonce, ledger), answer, e) ||
        !answer_is_true(l, *answer, nonce, e))
        return false;
    struct node_clocks c = node_clocks_now();
    int64_t rtt = c.boot_ms - began, said = json_member_int(*answer, "server_ms", 0);
    bool found;
    const struct node_told told = {said + rtt / 2, rtt};
    return node_time_anchor(l->db, l->instance->master, &c, &told, e) &&
           node_self_find(l->db, l->arena, &l->self, &found, e);
}
