/* web/item_attached_test.c - pictures of items before those who may not read the bank: members of a panel. */
#include "web/asker.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/embed.h"
#include "base/json.h"
#include "people/account.h"
#include "programme/programme.h"

/* The sample with its picture uploaded; it is live when four people have said so. Returns its id. */
static const char *live_item(struct asker people[4], const json_t *item, struct bytes *picture)
{
    struct arena *a = people[0].site->t->arena;
    json_t *copy = json_keep(a, json_deep_copy(item));
    json_t *one = json_array_get(json_object_get(copy, "pictures"), 0);
    const char *data = json_member_text(one, "data");
    CHECK("base64", base64_read(a, data, strlen(data), picture));
    CHECK_INT("picture", ask_bytes(&people[0], "/api/items/pictures", "image/png", *picture),
              201);
    json_object_del(one, "data");
    CHECK_INT("item",
              ask(&people[0], "POST", "/api/items",
                  arena_printf(a, "{\"programme\":\"national-2023\",\"object\":%s}",
                               json_compact(a, copy))),
              201);
    const char *id = arena_text(a, ask_text(&people[0], "id"));
    CHECK_INT("handed in",
              ask(&people[0], "POST", arena_printf(a, "/api/items/%s/hand-in", id),
                  "{\"version\":1}"),
              204);
    for (int i = 1; i < 4; i++)
        CHECK_INT(
            "approved",
            ask(&people[i], "POST", "/api/items/reviews",
                arena_printf(a, "{\"items\":[\"%s\"],\"versions\":[1],\"verdict\":\"approve\"}",
                             id)),
            204);
    return id;
}

static const char *open_panel(struct asker *chair, struct asker members[3], const char *code)
{
    struct arena *a = chair->site->t->arena;
    const char *ids[3];
    for (int i = 0; i < 3; i++) {
        CHECK_INT("me", ask(&members[i], "GET", "/api/me", NULL), 200);
        ids[i] = arena_text(a, ask_text(&members[i], "account/id"));
    }
    CHECK_INT(
        "panel",
        ask(chair, "POST", "/api/cut-panels",
            arena_printf(
                a,
                "{\"title\":\"合格线\",\"programme\":\"national-2023\",\"codes\":[\"%s\"],"
                "\"members\":[\"%s\",\"%s\",\"%s\"]}",
                code, ids[0], ids[1], ids[2])),
        201);
    return arena_text(a, ask_text(chair, "id"));
}

void item_picture_for_a_panel_test(void)
{
    struct site *s = site_start();
    struct arena *a = s->t->arena;
    struct err e = {0};
    struct programme_set *set = arena_new(a, struct programme_set);
    struct bytes picture;
    CHECK_OK("programmes", programmes_load_embedded(a, set, &e), &e);
    s->app.programmes = set;
    s->app.data_folder = s->t->folder;
    struct asker bank[4], members[4];
    for (int i = 0; i < 4; i++) {
        bank[i] = asker_account(s, s->body.id, arena_printf(a, "bank-%d", i),
                                i ? R(item_reviewer) : R(item_author));
        members[i] = asker_account(s, s->body.id, arena_printf(a, "member-%d", i), R(examiner));
    }
    const struct embedded *f = embedded_find("samples/items/hotspot.json");
    const json_t *item = json_object_get(json_read(a, f->bytes, f->len, &e), "item");
    const char *sha = json_member_text(json_array_get(json_object_get(item, "pictures"), 0),
                                       "sha256");
    const char *id = live_item(bank, item, &picture);
    const char *panel = open_panel(&bank[1], members, json_member_text(item, "id"));
    const char *path = arena_printf(a, "/api/cut-panels/%s/pictures/%s?n=1", panel, sha);

    CHECK_INT("a member sees it", ask(&members[0], "GET", path, NULL), 200);
    CHECK("the bytes", memcmp(members[0].text, picture.at, picture.len) == 0);
    CHECK_INT("but not the bank",
              ask(&members[0], "GET", arena_printf(a, "/api/items/pictures/%s", sha), NULL),
              403);
    CHECK_INT("nobody else", ask(&members[3], "GET", path, NULL), 404);
    static const char *const wrong[] = {"%s?n=2", "%s?n=0", "%s"};
    for (size_t i = 0; i < 3; i++) {
        const char *base = arena_printf(a, "/api/cut-panels/%s/pictures/%s", panel, sha);
        CHECK_INT("another item's",
                  ask(&members[0], "GET", arena_printf(a, wrong[i], base), NULL), 404);
    }
    CHECK_INT("what the item does not show",
              ask(&members[0], "GET",
                  arena_printf(a, "/api/cut-panels/%s/pictures/%064d?n=1", panel, 0), NULL),
              404);
    CHECK_INT("who saw it",
              ask(&bank[1], "GET", arena_printf(a, "/api/items/%s/seen", id), NULL), 200);
    CHECK("is known", strstr(bank[1].text, "\"purpose\":\"panel\""));
    site_stop(s);
}
