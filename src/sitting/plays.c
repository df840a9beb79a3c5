/* sitting/plays.c - plays begun, from the events of a journal; how many are allowed, from the keys. */
#include "sitting/plays.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "paper/paper.h"
#include "sitting/fold.h"

enum { MEDIA_ID_MAX = 20 };

/* Most events are something else: told by their bytes, which are canonical JSON. */
static bool says_play(const struct journal_entry *entry)
{
    static const char word[] = "\"what\":\"play\"";
    return entry->kind == ENTRY_EVENT && entry->item > 0 && entry->payload.at &&
           memmem(entry->payload.at, entry->payload.len, word, sizeof word - 1);
}

bool play_read(struct arena *a, const struct journal_entry *entry, struct play *out)
{
    struct err e = {0};
    if (!says_play(entry))
        return false;
    const json_t *v = json_read(a, entry->payload.at, entry->payload.len, &e);
    const char *what = v ? json_member_text(v, "what") : NULL,
               *media = v ? json_member_text(v, "media") : NULL;
    if (!what || strcmp(what, "play") != 0 || !media || !*media || strlen(media) > MEDIA_ID_MAX)
        return false;
    *out = (struct play){entry->item, arena_text(a, media), 1};
    return true;
}

static int by_place(const struct play *x, const struct play *y)
{
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return strcmp(x->media, y->media);
}

/* Where ONE stands, or would. */
static size_t place_of(const struct play_list *list, const struct play *one)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (by_place(&list->at[middle], one) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t play_add(struct arena *a, struct play_list *list, const struct play *one)
{
    size_t i = place_of(list, one);
    if (i < list->count && by_place(&list->at[i], one) == 0)
        return ++list->at[i].begun;
    if (list->count == PLAYS_KINDS_MAX)
        return 0;
    list->at = arena_grow(a, list->at, list->count, list->count + 1, sizeof *list->at);
    memmove(list->at + i + 1, list->at + i, (list->count - i) * sizeof *list->at);
    list->at[i] = *one;
    list->count++;
    return one->begun;
}

void plays_count(struct arena *a, const struct journal_row *rows, size_t count,
                 struct play_list *out)
{
    struct play one;
    *out = (struct play_list){0};
    for (size_t i = 0; i < count; i++)
        if (play_read(a, &rows[i].entry, &one))
            play_add(a, out, &one);
}

int64_t play_limit(const struct play_list *allowed, const struct play *one)
{
    size_t i = place_of(allowed, one);
    return i < allowed->count && by_place(&allowed->at[i], one) == 0 ? allowed->at[i].begun : 0;
}

static void allow(struct arena *a, const struct paper_place *place, struct play_list *out)
{
    const json_t *media = json_object_get(place->item_json, "media"), *one;
    size_t i;
    json_array_foreach((json_t *)media, i, one)
    {
        struct play p = {(uint16_t)place->n, json_member_text(one, "id"),
                         json_member_int(one, "plays", 0)};
        if (p.media && p.begun > 0)
            play_add(a, out, &p);
    }
}

static bool read_allowed(struct db *db, struct arena *a, const struct master *m,
                         struct id session, struct id paper, struct play_list *out,
                         struct err *e)
{
    struct key_set keys;
    struct key_reader *reader = NULL;
    struct paper_place *places;
    size_t count;
    if (!paper_key_set(db, a, m, session, &keys, e) ||
        !(reader = key_reader_create(a, &keys, e)) ||
        !paper_places(reader, a, paper, &places, &count, e))
        return false;
    for (size_t i = 0; i < count; i++)
        allow(a, &places[i], out);
    return true;
}

bool plays_allowed(struct db *db, struct arena *a, const struct master *m, struct id session,
                   struct id paper, struct play_list *out, struct err *e)
{
    *out = (struct play_list){0};
    if (read_allowed(db, a, m, session, paper, out, e))
        return true;
    if (e->code != ERR_NOT_FOUND)
        return false;
    *e = (struct err){0};
    return true;
}
