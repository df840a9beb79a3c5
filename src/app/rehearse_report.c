/* app/rehearse_report.c - what a rehearsal measured, as a report that can be kept with a session. */
#include <jansson.h>
#include <string.h>
#include <sys/statvfs.h>

#include "app/rehearse.h"
#include "base/arena.h"
#include "base/clock.h"
#include "store/db.h"

enum { SENTENCE_BYTES = 600 };
static const char VERSION[] = "0.1.0";

static const struct rehearse_stage *stage_of(const struct rehearse_stages *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->at[i].name, name) == 0)
            return s->at[i].done ? &s->at[i] : NULL;
    return NULL;
}

static void put(json_t *figures, const char *name, int64_t value)
{
    json_object_set_new(figures, name, json_integer(value));
}

/* What was not reached is not there, and so never passes. */
static void put_paces(json_t *figures, struct road_pace *pace)
{
    static const char *const names[PACE_KINDS] = {[PACE_ENTER] = "enter_p99",
                                                  [PACE_CLAIM] = "claim_p99",
                                                  [PACE_PAPER] = "paper_p99",
                                                  [PACE_SAVE] = "save_p99",
                                                  [PACE_RECEIPT] = "receipt_p99"};
    for (int kind = 0; kind < PACE_KINDS; kind++) {
        struct pace_figures f = road_pace_of(pace, (enum pace_kind)kind);
        if (f.count > 0)
            put(figures, names[kind], f.p99_us);
    }
    put(figures, "failed", road_pace_failed(pace));
}

static void put_rooms(json_t *figures, const struct rehearse_stages *s)
{
    static const char *const ways[] = {"online", "phone", "envelope"};
    int64_t open = 0;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct rehearse_stage *stage = stage_of(s, ways[i]);
        if (!stage)
            return;
        open += stage->count;
    }
    put(figures, "rooms_open", open);
}

static json_t *figures_of(const struct rehearse_run *h, const struct rehearse_stages *s)
{
    struct statvfs disk;
    json_t *figures = json_object();
    const struct rehearse_stage *sit = stage_of(s, "sit"), *up = stage_of(s, "hand_up");
    if (sit)
        put(figures, "candidates", sit->count);
    put_rooms(figures, s);
    put_paces(figures, h->road.pace);
    if (h->put_off_ms > 0)
        put(figures, "put_off_ms", h->put_off_ms);
    if (h->extend_ms > 0)
        put(figures, "extend_ms", h->extend_ms);
    if (up)
        put(figures, "hand_up_ms", up->ms);
    if (stage_of(s, "mark")) /* it ends at the first mark that differs, and at the first file */
        put(figures, "marks_wrong", 0);
    if (stage_of(s, "clean"))
        put(figures, "left_over", 0);
    if (statvfs(h->road.folder, &disk) == 0)
        put(figures, "free_mib", (int64_t)(disk.f_bavail * disk.f_frsize >> 20));
    return figures;
}

static json_t *stages_of(const struct rehearse_stages *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].done)
            json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:I}", "name", s->at[i].name,
                                                  "count", (json_int_t)s->at[i].count, "ms",
                                                  (json_int_t)s->at[i].ms, "cpu_ms",
                                                  (json_int_t)s->at[i].cpu_ms));
    return list;
}

/* Cut before a character, not in one. */
static json_t *sentence(struct arena *a, const char *text)
{
    size_t len = strlen(text);
    if (len > SENTENCE_BYTES)
        for (len = SENTENCE_BYTES; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
    return json_string(arena_copy(a, text, len));
}

json_t *rehearse_report(struct rehearse_run *h, const struct rehearse_stages *s)
{
    struct arena *a = h->road.arena;
    json_t *failed = s->failed ? json_pack("{s:s, s:o}", "stage", s->failed, "text",
                                           sentence(a, s->why))
                               : json_null();
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:o}", "version", VERSION,
                     "engine", h->engine, "began_ms", (json_int_t)s->began_ms, "ended_ms",
                     (json_int_t)clock_now_ms(), "candidates", (json_int_t)h->road.count,
                     "rooms", (json_int_t)h->road.room_count, "nodes", (int)REHEARSE_NODES,
                     "stages", stages_of(s), "figures", figures_of(h, s), "failed", failed);
}
