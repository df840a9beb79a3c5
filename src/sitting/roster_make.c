/* sitting/roster_make.c - the roster of a room out of the centre's tables, sealed to its nodes. */
#include <string.h>

#include "base/arena.h"
#include "base/json_out.h"
#include "people/normalise.h"
#include "people/people.h"
#include "people/person.h"
#include "sitting/carry.h"
#include "sitting/node.h"
#include "sitting/roster.h"
#include "store/blob.h"
#include "store/db.h"

enum { NUMBER_BYTES = 64 };

struct making {
    const struct node_desk *desk;
    const struct roster_order *order;
    struct people people;
    struct json_out *o;
};

static void put_bytes(struct making *m, const char *name, const void *bytes, size_t len)
{
    put_text(m->o, name, base64url_write(m->desk->arena, bytes, len));
}

static bool put_session(struct making *m, struct err *e)
{
    struct query *q = db_query(m->desk->db, SQL_delivery_session_get);
    query_id(q, m->order->session);
    if (!query_one(q, "session", e))
        return false;
    put_object(m->o, "session");
    put_id(m->o, "id", query_get_id(q, 0));
    put_id(m->o, "body", query_get_id(q, 1));
    put_text(m->o, "title", query_get_text(q, 2, m->desk->arena));
    put_int(m->o, "starts_ms", query_get_int(q, 3));
    put_int(m->o, "minutes", query_get_int(q, 4));
    put_int(m->o, "zone_offset_ms", query_get_int(q, 5));
    put_int(m->o, "late_limit_ms", query_get_int(q, 6));
    put_int(m->o, "earliest_hand_in_ms", query_get_int(q, 7));
    put_int(m->o, "grace_ms", query_get_int(q, 8));
    put_bool(m->o, "weak_allowed", query_get_int(q, 9) != 0);
    out_object_end(m->o);
    query_done(q);
    return true;
}

static bool put_body(struct making *m, struct err *e)
{
    struct body b;
    if (!body_get(m->desk->db, m->desk->arena, m->desk->who->body, &b, e))
        return false;
    put_object(m->o, "body");
    put_id(m->o, "id", b.id);
    put_text(m->o, "name", b.name);
    put_text(m->o, "profile", password_profile_word(b.profile));
    put_bool(m->o, "demo", b.is_demo);
    out_object_end(m->o);
    return true;
}

static void put_conduct(struct making *m, const struct conduct *c)
{
    put_object(m->o, "conduct");
    put_bool(m->o, "online", c->online);
    put_bool(m->o, "recorded", c->recorded);
    out_object_end(m->o);
    if (!c->seb)
        return;
    put_object(m->o, "seb");
    put_text(m->o, "settings", c->seb_settings);
    put_text(m->o, "browser_keys", c->seb_browser_keys);
    out_object_end(m->o);
}

/* --- candidates ---------------------------------------------------------------------------------- */
struct seated_row {
    struct id id, seat, entry, photo, person;
    int64_t seat_no;
    const char *ticket, *name, *letter, *country;
};

static bool read_rows(struct making *m, struct seated_row **rows, size_t *count, struct err *e)
{
    struct arena *a = m->desk->arena;
    struct query *q = db_query(m->desk->db, SQL_node_roster_attempts);
    query_id(q, m->order->session);
    query_id(q, m->order->room);
    *rows = NULL;
    *count = 0;
    while (query_next(q, e)) {
        *rows = arena_grow(a, *rows, *count, *count + 1, sizeof **rows);
        (*rows)[(*count)++] = (struct seated_row){.id = query_get_id(q, 0),
                                                  .seat = query_get_id(q, 1),
                                                  .seat_no = query_get_int(q, 2),
                                                  .entry = query_get_id(q, 3),
                                                  .ticket = query_get_text(q, 4, a),
                                                  .name = query_get_text(q, 5, a),
                                                  .letter = query_get_text(q, 6, a),
                                                  .country = query_get_text(q, 7, a),
                                                  .photo = query_get_id(q, 8),
                                                  .person = query_get_id(q, 9)};
    }
    return e->code == ERR_NONE;
}

static bool put_index(struct making *m, const struct seated_row *r, struct err *e)
{
    struct person_secrets secrets;
    char number[NUMBER_BYTES];
    unsigned char index[BLIND_INDEX_BYTES];
    if (id_is_zero(r->person) || !person_secrets(&m->people, r->person, &secrets, e))
        return FAIL(e, CONFLICT, "/document", "%lld 号座位的考生没有登记证件，不能制作名册。",
                    (long long)r->seat_no);
    if (!normalise_number(secrets.document_number, number, sizeof number))
        return FAIL(e, CONFLICT, "/document", "%lld 号座位考生的证件号码读不出来。",
                    (long long)r->seat_no);
    roster_index(index, m->order->roster_key, r->country, r->letter[0], number);
    put_bytes(m, "index", index, sizeof index);
    secret_wipe(number, sizeof number);
    return true;
}

static bool put_photo(struct making *m, struct id id, struct err *e)
{
    struct blob blob;
    struct bytes image;
    if (id_is_zero(id))
        return true;
    if (!blob_get(m->desk->db, m->desk->arena, id, &blob, e) ||
        !blob_read(m->order->blobs, m->desk->arena, &blob, &image, e))
        return false;
    put_object(m->o, "photo");
    put_text(m->o, "type", blob.media_type);
    put_bytes(m, "image", image.at, image.len);
    out_object_end(m->o);
    return true;
}

static bool put_attempts(struct making *m, struct err *e)
{
    struct seated_row *rows;
    size_t count;
    if (!read_rows(m, &rows, &count, e))
        return false;
    put_array(m->o, "attempts");
    for (size_t i = 0; i < count; i++) {
        out_object(m->o);
        put_id(m->o, "id", rows[i].id);
        put_id(m->o, "seat", rows[i].seat);
        put_int(m->o, "seat_no", rows[i].seat_no);
        put_id(m->o, "entry", rows[i].entry);
        put_text(m->o, "ticket", rows[i].ticket);
        put_text(m->o, "name", rows[i].name);
        put_text(m->o, "letter", rows[i].letter);
        put_text(m->o, "country", rows[i].country);
        if (!put_index(m, &rows[i], e) || !put_photo(m, rows[i].photo, e))
            return false;
        out_object_end(m->o);
    }
    out_array_end(m->o);
    return count > 0 || FAIL(e, CONFLICT, "/room", "这个考场还没有考生。");
}

/* --- staff ---------------------------------------------------------------------------------------- */
static bool watches(const struct session_staff *s, struct id room)
{
    return (s->duty == DUTY_invigilator || s->duty == DUTY_quality_supervisor) &&
           (id_is_zero(s->room) || id_equal(s->room, room));
}

static bool put_one(struct making *m, struct id account, struct err *e)
{
    struct staff_copy c;
    bool fit;
    if (!staff_copy_read(&m->people, account, &c, &fit, e))
        return false;
    if (!fit)
        return true;
    out_object(m->o);
    put_id(m->o, "id", c.id);
    put_text(m->o, "login", c.login);
    put_text(m->o, "name", c.display_name);
    put_text(m->o, "password", c.password);
    put_int(m->o, "roles", c.roles);
    put_bytes(m, "totp", c.totp_seed.at, c.totp_seed.len);
    out_object_end(m->o);
    secret_wipe((void *)(uintptr_t)c.totp_seed.at, c.totp_seed.len);
    return true;
}

static bool put_staff(struct making *m, struct err *e)
{
    struct staff_list staff;
    struct owned which = {m->desk->who->body, m->order->session};
    if (!staff_list(m->desk->db, m->desk->arena, which, &staff, e))
        return false;
    put_array(m->o, "staff");
    for (size_t i = 0; i < staff.count; i++) {
        bool before = false;
        for (size_t k = 0; k < i; k++)
            before |= watches(&staff.at[k], m->order->room) &&
                      id_equal(staff.at[k].account, staff.at[i].account);
        if (!before && watches(&staff.at[i], m->order->room) &&
            !put_one(m, staff.at[i].account, e))
            return false;
    }
    out_array_end(m->o);
    put_array(m->o, "duties");
    for (size_t i = 0; i < staff.count; i++) {
        if (!watches(&staff.at[i], m->order->room))
            continue;
        out_object(m->o);
        put_id(m->o, "id", staff.at[i].id);
        put_id(m->o, "account", staff.at[i].account);
        put_id(m->o, "room", staff.at[i].room);
        put_text(m->o, "duty", duty_name(staff.at[i].duty));
        out_object_end(m->o);
    }
    out_array_end(m->o);
    return true;
}

struct roster_keying {
    const struct node_desk *desk;
    struct id session;
    unsigned char *key;
};

static bool key_ready(struct db *db, void *ctx, struct err *e)
{
    const struct roster_keying *k = ctx;
    const struct node_desk *d = k->desk;
    struct bytes plain;
    random_bytes(k->key, KEY_BYTES);
    struct query *q = db_query(db, SQL_roster_key_put);
    query_id(q, k->session);
    query_bytes(q, purpose_seal(d->arena, d->master, KEY_STORE, "session_roster_key",
                                "roster_key", k->session, KEY_BYTES, k->key, KEY_BYTES));
    if (!query_run(q, e))
        return false;
    q = db_query(db, SQL_roster_key_get);
    query_id(q, k->session);
    if (!query_one(q, "roster_key", e))
        return false;
    struct bytes wrapped = query_get_bytes(q, 0, d->arena);
    query_done(q);
    if (!purpose_open(d->arena, d->master, KEY_STORE, "session_roster_key", "roster_key",
                      k->session, wrapped, &plain, e))
        return false;
    if (plain.len != KEY_BYTES)
        return FAIL(e, STORE, "roster_key", "名册密钥长度不对。");
    memcpy(k->key, plain.at, KEY_BYTES);
    return true;
}

bool roster_key_of(const struct node_desk *d, struct id session, unsigned char key[KEY_BYTES],
                   struct err *e)
{
    struct roster_keying k = {d, session, key};
    return db_transact(d->db, key_ready, &k, e);
}

bool roster_seal(const struct node_desk *d, const struct roster_order *o, struct bytes *out,
                 struct err *e)
{
    struct making m = {d, o, {d->db, d->arena, d->master, d->who}, json_out_create(d->arena)};
    struct conduct c;
    struct carry_pair carry;
    if (!conduct_get(d->db, d->arena, o->session, &c, e) ||
        !carry_pair_ensure(d, o->session, &carry, e))
        return false;
    secret_wipe(carry.secret, sizeof carry.secret);
    out_object(m.o);
    put_int(m.o, "v", 3);
    if (!put_session(&m, e) || !put_body(&m, e))
        return false;
    put_conduct(&m, &c);
    put_bytes(&m, "carry", carry.public, sizeof carry.public);
    put_object(m.o, "room");
    put_id(m.o, "id", o->room);
    put_int(m.o, "no", o->no);
    put_text(m.o, "name", o->room_name);
    out_object_end(m.o);
    put_bytes(&m, "key", o->roster_key, KEY_BYTES);
    if (!put_attempts(&m, e) || !put_staff(&m, e))
        return false;
    out_object_end(m.o);
    const char *text = json_out_text(m.o);
    *out = roster_wrap(d->arena, (struct bytes){(const unsigned char *)text, json_out_len(m.o)},
                       o->nodes, o->node_count);
    return true;
}
