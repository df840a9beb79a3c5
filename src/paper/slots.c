/* paper/slots.c - phone slot and envelope pieces: made with the papers, and tried at once. */
#include "paper/slots.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

enum { BOUND_BYTES = ID_BYTES + 4 + SLOW_SALT_BYTES };

static void bound_of(unsigned char out[BOUND_BYTES], struct id session, uint32_t room,
                     const unsigned char salt[SLOW_SALT_BYTES])
{
    memcpy(out, session.bytes, ID_BYTES);
    be32_put(out + ID_BYTES, room);
    memcpy(out + ID_BYTES + 4, salt, SLOW_SALT_BYTES);
}

static bool slot_key(unsigned char wrapping[KEY_BYTES], const struct phone_slot *s,
                     const char *half_a, const char *half_b)
{
    char secret[CODE_SECRET_BYTES];
    snprintf(secret, sizeof secret, "%.15s%.15s", half_a, half_b);
    bool ok = slow_key(wrapping, secret, s->salt, s->cost);
    secret_wipe(secret, sizeof secret);
    return ok;
}

static bool open_with(const struct phone_slot *s, struct id session, uint32_t room,
                      const unsigned char wrapping[KEY_BYTES], unsigned char key[KEY_BYTES])
{
    unsigned char bound[BOUND_BYTES];
    bound_of(bound, session, room, s->salt);
    return wrap_open(key, wrapping, s->nonce, (struct bytes){bound, sizeof bound},
                     (struct bytes){s->sealed, sizeof s->sealed});
}

bool phone_slot_open(const struct phone_slot *s, struct id session, uint32_t room,
                     const char *half_a, const char *half_b, unsigned char key[KEY_BYTES])
{
    unsigned char wrapping[KEY_BYTES];
    bool ok = slot_key(wrapping, s, half_a, half_b) &&
              open_with(s, session, room, wrapping, key);
    secret_wipe(wrapping, sizeof wrapping);
    return ok;
}

/* The digits as the officers will read them, through the reader that the room uses. */
static bool half_digits(const struct slots_order *o, int half,
                        char digits[CODE_HALF_DIGITS + 1], struct err *e)
{
    char text[CODE_HALF_TEXT_BYTES];
    phone_code_half(text, o->session_key, o->room, o->revision, half);
    bool ok = phone_code_read(text, digits, e);
    secret_wipe(text, sizeof text);
    return ok;
}

static bool make_phone(const struct slots_order *o, struct phone_slot *s, struct err *e)
{
    char a[CODE_HALF_DIGITS + 1], b[CODE_HALF_DIGITS + 1];
    unsigned char wrapping[KEY_BYTES], bound[BOUND_BYTES], again[KEY_BYTES];
    s->cost = o->cost.mem_mib ? o->cost : (struct slow_cost){SLOT_MEM_MIB, SLOT_PASSES};
    random_bytes(s->salt, sizeof s->salt);
    random_bytes(s->nonce, sizeof s->nonce);
    if (!half_digits(o, 0, a, e) || !half_digits(o, 1, b, e))
        return false;
    bool ok = slot_key(wrapping, s, a, b) ||
              FAIL(e, STORE, "memory", "制作启封码需要 %u MiB 内存，本机不够。",
                   s->cost.mem_mib);
    if (ok) {
        bound_of(bound, o->session, o->room, s->salt);
        wrap_seal(s->sealed, wrapping, s->nonce, (struct bytes){bound, sizeof bound},
                  (struct bytes){o->room_key, KEY_BYTES});
        ok = (open_with(s, o->session, o->room, wrapping, again) &&
              secret_equal(again, o->room_key, KEY_BYTES)) ||
             FAIL(e, INTERNAL, "/slots/phone", "启封码试开不成。");
    }
    secret_wipe(a, sizeof a);
    secret_wipe(b, sizeof b);
    secret_wipe(wrapping, sizeof wrapping);
    secret_wipe(again, sizeof again);
    return ok;
}

bool slots_make(struct arena *a, const struct slots_order *o, struct room_slots *out,
                unsigned char bags[2][KEY_BYTES], struct err *e)
{
    struct envelope_pieces pieces;
    unsigned char again[KEY_BYTES];
    struct node_share *shares = arena_array(a, struct node_share, o->node_count + 1);
    if (!make_phone(o, &out->phone, e))
        return false;
    envelope_split(o->room_key, &pieces);
    envelope_join(&pieces, again);
    bool ok = secret_equal(again, o->room_key, KEY_BYTES) ||
              FAIL(e, INTERNAL, "/slots/envelope", "信封密钥试合不成。");
    for (size_t i = 0; i < o->node_count; i++) {
        memcpy(shares[i].kid, o->nodes[i].kid, sizeof shares[i].kid);
        box_seal(shares[i].box, pieces.node, KEY_BYTES, o->nodes[i].box_public);
    }
    memcpy(bags, pieces.bag, sizeof pieces.bag);
    secret_wipe(&pieces, sizeof pieces);
    secret_wipe(again, sizeof again);
    out->shares = shares;
    out->share_count = o->node_count;
    return ok;
}
