/* paper/package.c - reads a manifest member by member; what is wrong is named. */
#include "paper/package.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

enum { PAPERS_MAX = 5000, NODES_MAX = 8, OBJECTS_MAX = 1000 };

static bool member_hex(const json_t *v, const char *name, unsigned char *out, size_t len,
                       struct err *e)
{
    char field[64];
    const char *text = json_member_text(v, name);
    snprintf(field, sizeof field, "/%s", name);
    return (text && hex_read(out, len, text)) ||
           FAIL(e, INVALID, field, "清单中的这一项读不出来。");
}

static bool member_id(const json_t *v, const char *name, struct id *out, struct err *e)
{
    return member_hex(v, name, out->bytes, ID_BYTES, e);
}

static bool member_bytes(struct arena *a, const json_t *v, const char *name, unsigned char *out,
                         size_t len, struct err *e)
{
    char field[64];
    struct bytes b;
    const char *text = json_member_text(v, name);
    snprintf(field, sizeof field, "/%s", name);
    if (!text || !base64url_read(a, text, strlen(text), &b) || b.len != len)
        return FAIL(e, INVALID, field, "清单中的这一项读不出来。");
    memcpy(out, b.at, len);
    return true;
}

static bool member_number(const json_t *v, const char *name, int64_t min, int64_t max,
                          int64_t *out, struct err *e)
{
    char field[64];
    *out = json_member_int(v, name, min - 1);
    snprintf(field, sizeof field, "/%s", name);
    return (*out >= min && *out <= max) || FAIL(e, INVALID, field, "清单中的这一项读不出来。");
}

static bool read_papers(struct arena *a, const json_t *list, struct package *out, struct err *e)
{
    size_t count = json_array_size(list);
    if (count == 0 || count > PAPERS_MAX)
        return FAIL(e, INVALID, "/papers", "清单中没有试卷，或者太多。");
    out->papers = arena_array(a, struct package_paper, count);
    out->paper_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(list, i);
        struct package_paper *p = &out->papers[i];
        int64_t index;
        bool spare = json_is_null(json_object_get(v, "attempt"));
        if (!member_number(v, "i", 1, (1 << 24) - 1, &index, e) ||
            !member_id(v, "id", &p->id, e) || !member_id(v, "form", &p->form, e) ||
            !member_number(v, "bytes", 1, 64 << 20, &p->bytes, e) ||
            !member_hex(v, "sha256", p->sha256, HASH_BYTES, e) ||
            (!spare && !member_id(v, "attempt", &p->attempt, e)))
            return false;
        p->index = (uint32_t)index;
    }
    return true;
}

static bool read_objects(struct arena *a, const json_t *list, struct package *out,
                         struct err *e)
{
    size_t count = json_array_size(list);
    int64_t index;
    if (count > OBJECTS_MAX)
        return FAIL(e, INVALID, "/objects", "清单中的音视频太多。");
    out->objects = arena_array(a, struct package_paper, count + 1);
    out->object_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(list, i);
        struct package_paper *x = &out->objects[i];
        if (!member_number(v, "i", OBJECT_FIRST, OBJECT_FIRST + OBJECTS_MAX, &index, e) ||
            !member_id(v, "id", &x->id, e) || !member_id(v, "form", &x->form, e) ||
            !member_number(v, "bytes", 1, 16 << 20, &x->bytes, e) ||
            !member_hex(v, "sha256", x->sha256, HASH_BYTES, e))
            return false;
        x->index = (uint32_t)index;
    }
    return true;
}

static bool kid_read(const json_t *v, char kid[9], struct err *e)
{
    unsigned char unused[4];
    const char *text = json_member_text(v, "kid");
    if (!text || !hex_read(unused, sizeof unused, text))
        return FAIL(e, INVALID, "/kid", "清单中的节点编号读不出来。");
    memcpy(kid, text, 9);
    return true;
}

static bool read_nodes(struct arena *a, const json_t *list, struct package *out, struct err *e)
{
    size_t count = json_array_size(list);
    if (count > NODES_MAX)
        return FAIL(e, INVALID, "/nodes", "清单中的节点太多。");
    out->nodes = arena_array(a, struct paper_node, count + 1);
    out->node_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(list, i);
        if (!kid_read(v, out->nodes[i].kid, e) ||
            !member_bytes(a, v, "x25519", out->nodes[i].box_public, BOX_PUBLIC_BYTES, e))
            return false;
    }
    return true;
}

static bool read_phone(struct arena *a, const json_t *v, struct phone_slot *s, struct err *e)
{
    int64_t mem, passes;
    if (!member_bytes(a, v, "salt", s->salt, sizeof s->salt, e) ||
        !member_bytes(a, v, "nonce", s->nonce, sizeof s->nonce, e) ||
        !member_bytes(a, v, "ct", s->sealed, sizeof s->sealed, e) ||
        !member_number(v, "mem_mib", 1, SLOT_MEM_MIB, &mem, e) ||
        !member_number(v, "passes", 1, 16, &passes, e))
        return false;
    s->cost = (struct slow_cost){(uint32_t)mem, (uint32_t)passes};
    return true;
}

static bool read_shares(struct arena *a, const json_t *list, struct room_slots *s,
                        struct err *e)
{
    size_t count = json_array_size(list);
    if (count > NODES_MAX)
        return FAIL(e, INVALID, "/slots/envelope", "清单中的节点太多。");
    struct node_share *shares = arena_array(a, struct node_share, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_array_get(list, i);
        if (!kid_read(v, shares[i].kid, e) ||
            !member_bytes(a, v, "node_share", shares[i].box, NODE_BOX_BYTES, e))
            return false;
    }
    s->shares = shares;
    s->share_count = count;
    return true;
}

static bool read_rest(struct arena *a, const json_t *o, struct package *out, struct err *e)
{
    const json_t *slots = json_object_get(o, "slots"), *roster = json_object_get(o, "roster");
    if (!read_nodes(a, json_object_get(o, "nodes"), out, e))
        return false;
    if (out->node_count == 0)
        return true;
    return member_number(roster, "bytes", 1, INT64_C(1) << 30, &out->roster_bytes, e) &&
           member_hex(roster, "sha256", out->roster_sha256, HASH_BYTES, e) &&
           read_phone(a, json_object_get(slots, "phone"), &out->slots.phone, e) &&
           read_shares(a, json_object_get(json_object_get(slots, "envelope"), "shares"),
                       &out->slots, e);
}

const char *package_kid(struct arena *a, struct bytes manifest)
{
    struct err ignored = {0};
    json_t *o = json_read(a, manifest.at, manifest.len, &ignored);
    return o ? json_member_text(o, "kid") : NULL;
}

bool package_read(struct arena *a, struct bytes manifest,
                  const unsigned char release_public[SIGN_PUBLIC_BYTES], struct package *out,
                  struct err *e)
{
    json_t *o;
    int64_t room, revision, suite;
    *out = (struct package){0};
    if (!paper_manifest_check(a, manifest, release_public, &o, e))
        return false;
    hash_of(out->sha256, manifest.at, manifest.len);
    bool ok = member_number(o, "suite", 1, 1, &suite, e) &&
              member_id(o, "session", &out->session, e) &&
              member_number(o, "room", 1, 65535, &room, e) &&
              member_number(o, "revision", 1, 65535, &revision, e) &&
              member_number(o, "open_at", 1, INT64_MAX, &out->open_at_ms, e) &&
              member_number(o, "close_at", 1, INT64_MAX, &out->close_at_ms, e) &&
              member_hex(o, "room_key_commit", out->room_key_commit, HASH_BYTES, e) &&
              member_hex(o, "answer_key_commit", out->answer_key_commit, HASH_BYTES, e) &&
              read_papers(a, json_object_get(o, "papers"), out, e) &&
              read_objects(a, json_object_get(o, "objects"), out, e) && read_rest(a, o, out, e);
    if (!ok) {
        err_under(e, "/manifest");
        return false;
    }
    out->room = (uint32_t)room;
    out->revision = (uint32_t)revision;
    return true;
}

const struct node_share *package_share(const struct package *p, const char *kid)
{
    for (size_t i = 0; i < p->slots.share_count; i++)
        if (strcmp(p->slots.shares[i].kid, kid) == 0)
            return &p->slots.shares[i];
    return NULL;
}

void package_proof_begin(struct package_proof *p, const unsigned char challenge[KEY_BYTES])
{
    hash_begin(&p->state);
    hash_add(&p->state, challenge, KEY_BYTES);
}

void package_proof_add(struct package_proof *p, struct bytes file)
{
    hash_add(&p->state, file.at, file.len);
}

void package_proof_end(struct package_proof *p, unsigned char out[HASH_BYTES])
{
    hash_end(&p->state, out);
}
