/* app/rehearse_seb.c - a rehearsal of a session in Safe Exam Browser: the nodes' own settings and keys
 * (doc/decisions/0059). */
#include <string.h>

#include "app/rehearse.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"

bool rehearse_seb_ask(struct rehearse_run *h, struct err *e)
{
    struct road *r = &h->road;
    if (!h->seb)
        return true;
    struct client *c = road_as(r, "registrar", e);
    return c && client_json(c, r->arena, "PUT",
                            road_path(r->arena, "/api/sessions/", r->theory, "/conduct"),
                            json_pack("{s:b, s:b, s:b, s:s}", "online", 0, "recorded", 0, "seb",
                                      1, "quit_password", "演练结束"),
                            NULL, e);
}

static const char *key_of(struct rehearse_run *h, struct rehearse_node *n, struct err *e)
{
    json_t *v;
    struct client *c = road_as(&n->at, "invigilator", e);
    if (!c || !client_json(c, h->road.arena, "GET", "/api/here/rooms", NULL, &v, e))
        return NULL;
    const char *key = json_member_text(json_array_get(json_object_get(v, "rooms"), 0),
                                       "config_key");
    return key ? key : (FAIL(e, INTERNAL, "/config_key", "%s 没有 SEB 设置。", n->name), NULL);
}

bool rehearse_seb_keys(struct rehearse_run *h, struct err *e)
{
    for (size_t i = 0; h->seb && i < REHEARSE_NODES; i++) {
        const char *key = key_of(h, &h->nodes[i], e);
        if (!key)
            return false;
        for (size_t k = 0; k < h->road.count; k++)
            if (strcmp(h->road.candidates[k].url, h->nodes[i].child.url) == 0)
                h->road.candidates[k].seb_key = key;
    }
    return true;
}

/* Refused before anything else of the claim is looked at. */
static bool is_sent_away(struct rehearse_run *h, const struct road_candidate *c, struct err *e)
{
    struct arena *a = h->road.arena;
    struct err why = {0};
    char attempt[ID_TEXT_BYTES], claim[ID_TEXT_BYTES];
    const unsigned char pub[DEVICE_PUBLIC_BYTES] = {4};
    struct client *other = client_create(c->url);
    id_write(c->attempt, attempt);
    id_write(id_random(), claim);
    bool taken = client_json(other, a, "POST", "/api/sit/claim",
                             json_pack("{s:s, s:s, s:s}", "attempt", attempt, "claim_id", claim,
                                       "pub", base64url_write(a, pub, sizeof pub)),
                             NULL, &why);
    client_destroy(other);
    return (!taken && strstr(why.text, "/seb")) ||
           FAIL(e, INTERNAL, "seb", "别的浏览器没有被拒绝：%.200s", why.text);
}

bool rehearse_seb_others(struct rehearse_run *h, struct err *e)
{
    for (size_t i = 0; h->seb && i < REHEARSE_NODES; i++) {
        size_t k = 0;
        while (k < h->road.count &&
               strcmp(h->road.candidates[k].url, h->nodes[i].child.url) != 0)
            k++;
        if (k == h->road.count || !is_sent_away(h, &h->road.candidates[k], e))
            return k == h->road.count ? FAIL(e, INTERNAL, "seb", "节点没有考生。") : false;
    }
    return true;
}
