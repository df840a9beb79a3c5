/* sitting/roster.c - a roster wrapped for its nodes, opened and read on one of them. */
#include "sitting/roster.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/slots.h"

enum { KID = 4, BOX = KEY_BYTES + BOX_SEAL_EXTRA_BYTES, ROW = KID + BOX, HEAD = 5 };
enum { ATTEMPTS_MAX = 2000, STAFF_MAX = 200, NODES_MAX = 8 };

struct bytes roster_wrap(struct arena *a, struct bytes plain, const struct paper_node *nodes,
                         size_t count)
{
    unsigned char key[KEY_BYTES];
    random_bytes(key, sizeof key);
    struct bytes body = stream_wrap(a, key, plain);
    size_t head = HEAD + count * ROW;
    unsigned char *out = arena_alloc(a, head + body.len, 1);
    memcpy(out, "HNR1", 4);
    out[4] = (unsigned char)count;
    for (size_t i = 0; i < count; i++) {
        unsigned char *row = out + HEAD + i * ROW;
        hex_read(row, KID, nodes[i].kid);
        box_seal(row + KID, key, sizeof key, nodes[i].box_public);
    }
    memcpy(out + head, body.at, body.len);
    secret_wipe(key, sizeof key);
    return (struct bytes){out, head + body.len};
}

/* --- reading ------------------------------------------------------------------------------------- */
static bool bad(struct err *e, const char *what)
{
    return FAIL(e, INVALID, what, "名册中的这一项读不出来。");
}

static bool get_id(const json_t *v, const char *name, struct id *out, struct err *e)
{
    const char *text = json_member_text(v, name);
    *out = (struct id){{0}};
    if (!text)
        return json_is_null(json_object_get(v, name)) || bad(e, name);
    return id_read(text, out) || bad(e, name);
}

static bool get_bytes(struct arena *a, const json_t *v, const char *name, struct bytes *out,
                      struct err *e)
{
    const char *text = json_member_text(v, name);
    return (text && base64url_read(a, text, strlen(text), out)) || bad(e, name);
}

static bool get_text(const json_t *v, const char *name, const char **out, struct err *e)
{
    *out = json_member_text(v, name);
    return *out || bad(e, name);
}

static bool read_plan(const json_t *v, struct session_plan *p, struct err *e)
{
    p->starts_ms = json_member_int(v, "starts_ms", -1);
    p->minutes = json_member_int(v, "minutes", -1);
    p->zone_offset_ms = json_member_int(v, "zone_offset_ms", 0);
    p->late_limit_ms = json_member_int(v, "late_limit_ms", -1);
    p->earliest_hand_in_ms = json_member_int(v, "earliest_hand_in_ms", -1);
    p->grace_ms = json_member_int(v, "grace_ms", -1);
    p->weak_allowed = json_is_true(json_object_get(v, "weak_allowed"));
    if (p->starts_ms < 0 || p->minutes < 1 || p->minutes > 100000 || p->late_limit_ms < 0 ||
        p->earliest_hand_in_ms < 0 || p->grace_ms < 0)
        return bad(e, "session");
    return get_id(v, "id", &p->id, e) && get_id(v, "body", &p->body, e) &&
           get_text(v, "title", &p->title, e);
}

static bool read_room(const json_t *v, struct room_plan *r, struct err *e)
{
    r->no = json_member_int(v, "no", 0);
    if (r->no < 1 || r->no > 65535)
        return bad(e, "no");
    return get_id(v, "id", &r->id, e) && get_text(v, "name", &r->name, e);
}

static bool read_attempt(struct arena *a, const json_t *v, struct attempt_plan *p,
                         struct roster_photo *photo, struct err *e)
{
    struct bytes index;
    const char *letter, *country;
    const json_t *image = json_object_get(v, "photo");
    p->seat_no = json_member_int(v, "seat_no", 0);
    if (!get_id(v, "id", &p->id, e) || !get_id(v, "seat", &p->seat, e) ||
        !get_id(v, "entry", &p->entry, e) || !get_text(v, "ticket", &p->ticket, e) ||
        !get_text(v, "name", &p->name, e) || !get_text(v, "letter", &letter, e) ||
        !get_text(v, "country", &country, e) || !get_bytes(a, v, "index", &index, e))
        return false;
    if (id_is_zero(p->id) || p->seat_no < 1 || strlen(letter) != 1 || strlen(country) != 2 ||
        index.len != BLIND_INDEX_BYTES)
        return bad(e, "attempts");
    p->document_letter = letter[0];
    memcpy(p->document_country, country, 2);
    memcpy(p->document_index, index.at, BLIND_INDEX_BYTES);
    return !json_is_object(image) || (get_text(image, "type", &photo->media_type, e) &&
                                      get_bytes(a, image, "image", &photo->image, e));
}

static bool read_attempts(struct arena *a, const json_t *list, struct roster *out,
                          struct err *e)
{
    size_t count = json_array_size(list);
    if (count == 0 || count > ATTEMPTS_MAX)
        return bad(e, "attempts");
    out->plan.attempts = arena_array(a, struct attempt_plan, count);
    out->plan.attempt_count = count;
    out->photos = arena_array(a, struct roster_photo, count);
    for (size_t i = 0; i < count; i++) {
        out->plan.attempts[i].room = out->room.id;
        if (!read_attempt(a, json_array_get(list, i), &out->plan.attempts[i], &out->photos[i],
                          e))
            return false;
    }
    return true;
}

static bool read_staff(struct arena *a, const json_t *list, struct roster *out, struct err *e)
{
    size_t count = json_array_size(list);
    if (count > STAFF_MAX)
        return bad(e, "staff");
    out->staff = arena_array(a, struct staff_copy, count + 1);
    out->staff_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(list, i);
        struct staff_copy *c = &out->staff[i];
        c->roles = (uint32_t)json_member_int(v, "roles", 0);
        if (!get_id(v, "id", &c->id, e) || !get_text(v, "login", &c->login, e) ||
            !get_text(v, "name", &c->display_name, e) ||
            !get_text(v, "password", &c->password, e) ||
            !get_bytes(a, v, "totp", &c->totp_seed, e))
            return false;
    }
    return true;
}

static bool read_duties(struct arena *a, const json_t *list, struct roster *out, struct err *e)
{
    size_t count = json_array_size(list);
    if (count > STAFF_MAX)
        return bad(e, "duties");
    out->duties = arena_array(a, struct roster_duty, count + 1);
    out->duty_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(list, i);
        struct roster_duty *d = &out->duties[i];
        if (!get_id(v, "id", &d->id, e) || !get_id(v, "account", &d->account, e) ||
            !get_id(v, "room", &d->room, e) || !get_text(v, "duty", &d->duty, e))
            return false;
    }
    return true;
}

static bool read_body(const json_t *v, struct body *b, struct err *e)
{
    const char *profile;
    b->is_demo = json_is_true(json_object_get(v, "demo"));
    return get_id(v, "id", &b->id, e) && get_text(v, "name", &b->name, e) &&
           get_text(v, "profile", &profile, e) &&
           (password_profile_read(profile, &b->profile) || bad(e, "profile"));
}

/* Settings that cannot be read would stop every claim at nine o'clock: they stop the package. */
static bool read_seb(struct arena *a, const json_t *v, struct conduct *c, struct err *e)
{
    char key[SEB_KEY_TEXT];
    struct err why = {0};
    c->seb = true;
    if (!get_text(v, "settings", &c->seb_settings, e) ||
        !get_text(v, "browser_keys", &c->seb_browser_keys, e))
        return false;
    const json_t *settings = conduct_settings(a, c, "", &why);
    return (settings && seb_config_key(a, settings, key, &why)) || bad(e, "seb");
}

/* What a recorded sitting was told must hold: "recorded" without "online" is nothing a session can be. */
static bool read_held(const json_t *v, struct conduct *c, struct err *e)
{
    const json_t *online = json_object_get(v, "online"),
                 *recorded = json_object_get(v, "recorded");
    c->online = json_is_true(online);
    c->recorded = json_is_true(recorded);
    return (json_is_boolean(online) && json_is_boolean(recorded) &&
            (c->online || !c->recorded)) ||
           bad(e, "conduct");
}

static bool read_conduct(struct arena *a, const json_t *o, struct roster *out, struct err *e)
{
    struct conduct *c = &out->conduct;
    const json_t *seb = json_object_get(o, "seb");
    int64_t version = json_member_int(o, "v", 0);
    struct bytes carry;
    *c = (struct conduct){
        .session = out->plan.id, .body = out->plan.body, .seb_browser_keys = ""};
    if (version >= 3) {
        if (!read_held(json_object_get(o, "conduct"), c, e) ||
            !get_bytes(a, o, "carry", &carry, e))
            return false;
        if (carry.len != BOX_PUBLIC_BYTES)
            return bad(e, "carry");
        memcpy(out->carry, carry.at, BOX_PUBLIC_BYTES);
        out->carries = true;
    }
    return version == 1 || (version == 3 && !seb) || read_seb(a, seb, c, e);
}

bool roster_read(struct arena *a, struct bytes plain, struct roster *out, struct err *e)
{
    struct bytes key;
    *out = (struct roster){.room = {.no = 0}};
    json_t *o = json_read(a, plain.at, plain.len, e);
    if (!o)
        return false;
    int64_t version = json_member_int(o, "v", 0);
    if (version < 1 || version > 3)
        return bad(e, "v");
    bool ok = read_plan(json_object_get(o, "session"), &out->plan, e) &&
              read_conduct(a, o, out, e) &&
              read_room(json_object_get(o, "room"), &out->room, e) &&
              read_body(json_object_get(o, "body"), &out->body, e) &&
              get_bytes(a, o, "key", &key, e) && (key.len == KEY_BYTES || bad(e, "key")) &&
              read_attempts(a, json_object_get(o, "attempts"), out, e) &&
              read_staff(a, json_object_get(o, "staff"), out, e) &&
              read_duties(a, json_object_get(o, "duties"), out, e);
    if (!ok) {
        err_under(e, "/roster/");
        return false;
    }
    memcpy(out->roster_key, key.at, KEY_BYTES);
    out->plan.rooms = &out->room;
    out->plan.room_count = 1;
    return true;
}

/* --- opening ------------------------------------------------------------------------------------- */
static bool find_key(struct bytes file, const struct roster_secret *with,
                     unsigned char key[KEY_BYTES], size_t *body)
{
    unsigned char kid[KID];
    if (file.len < HEAD || memcmp(file.at, "HNR1", 4) != 0 || file.at[4] > NODES_MAX ||
        !hex_read(kid, sizeof kid, with->kid))
        return false;
    *body = HEAD + (size_t)file.at[4] * ROW;
    if (file.len < *body)
        return false;
    for (size_t i = 0; i < file.at[4]; i++) {
        const unsigned char *row = file.at + HEAD + i * ROW;
        if (memcmp(row, kid, KID) == 0)
            return box_open(key, row + KID, BOX, with->box_public, with->box_secret);
    }
    return false;
}

bool roster_open(struct arena *a, struct bytes file, const struct roster_secret *with,
                 struct roster *out, struct err *e)
{
    unsigned char key[KEY_BYTES];
    struct bytes plain;
    size_t body;
    bool ok = find_key(file, with, key, &body) &&
              stream_unwrap(a, key, (struct bytes){file.at + body, file.len - body}, &plain);
    secret_wipe(key, sizeof key);
    if (!ok)
        return FAIL(e, INVALID, "/roster", "名册不是给本节点的，或者被改动过。");
    return roster_read(a, plain, out, e);
}
